#include "daemon/hub/ta_watch.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/store.h"
#include "daemon/hub/ta.h"
#include "daemon/hub/ta_report.h"

enum { THRESHOLDS_MAX = 40, REGIONS_MAX = 64 };

static const int64_t day_ms = 24LL * 3600 * 1000;

struct watching {
	struct hub *h;
	struct ta_hand by;
	struct arena a;
	int opened;
	int32_t newest; /* month that any region closed */
	/* of thresholds */
	int n;
	struct ta_threshold t[THRESHOLDS_MAX];
	const struct measure *m;
	const struct ta_threshold *now;
	struct period quarter;
	bool whole; /* some region closed all of it */
	/* of charts */
	/* what is to be opened, for nothing is written while rows are read */
	int n_new;
	struct ta_item *fresh;
};

static struct ta_item *add(struct watching *w, const char *region,
			   enum ta_cause cause, int64_t evidence)
{
	struct ta_item *i;

	if (w->n_new == REGIONS_MAX)
		return NULL;
	i = &w->fresh[w->n_new++];
	memset(i, 0, sizeof *i);
	snprintf(i->region, sizeof i->region, "%s", region);
	i->cause = cause;
	i->evidence = evidence;
	return i;
}

static int open_all(struct watching *w)
{
	int r = arena_check(&w->a); /* else a text is not whole */

	for (int k = 0; k < w->n_new && r == 0; k++) {
		int64_t id;

		r = ta_open(&w->by, &w->fresh[k], &id);
		if (r == 0) {
			w->opened++;
			log_info("assistance_opened", "item=%lld region=%s",
				 (long long)id, w->fresh[k].region);
		}
		r = r == E_EXISTS ? 0 : r;
	}
	w->n_new = 0;
	return r;
}

static int find_newest(void *arg, const struct region_row *r)
{
	struct watching *w = arg;

	w->newest = r->closed > w->newest ? r->closed : w->newest;
	return 0;
}

static void silent(struct watching *w, const struct region_row *r)
{
	int32_t heard = date_of_utc(w->by.now_utc_ms - r->silent_ms);
	struct ta_item *i = add(w, r->id, TA_SILENCE, heard);

	if (!i)
		return;
	snprintf(i->topic, sizeof i->topic, "%s is not heard", r->title);
	snprintf(i->why, sizeof i->why,
		 "Its node was heard last on %s. Until it is heard again the "
		 "state's figures go on without it.",
		 hub_day(&w->a, heard));
}

static void late(struct watching *w, const struct region_row *r)
{
	struct ta_item *i = add(w, r->id, TA_DATA_QUALITY, r->closed);

	if (!i)
		return;
	snprintf(i->topic, sizeof i->topic, "%s's numbers are late", r->title);
	snprintf(i->why, sizeof i->why,
		 "Its numbers are complete through %s, while other regions' "
		 "are through %s.",
		 hub_months(&w->a, r->closed, 1),
		 hub_months(&w->a, w->newest, 1));
}

static int on_region(void *arg, const struct region_row *r)
{
	struct watching *w = arg;

	if (r->joined && r->silent_ms >= TA_SILENT_DAYS * day_ms)
		silent(w, r);
	if (r->joined && r->closed >= 0 &&
	    r->closed + TA_LATE_MONTHS <= w->newest)
		late(w, r);
	return 0;
}

static int on_threshold(void *arg, const struct ta_threshold *t)
{
	struct watching *w = arg;

	if (w->n < THRESHOLDS_MAX)
		w->t[w->n++] = *t;
	return 0;
}

static bool beyond(const struct ta_threshold *t, const struct measure_row *r)
{
	double at = t->tenths / 1000.0;

	return t->below ? r->rate_high < at : r->rate_low > at;
}

static int on_rate(void *arg, const struct measure_row *r)
{
	struct watching *w = arg;
	const struct ta_threshold *t = w->now;
	char rate[FIGURE_TEXT];
	struct ta_item *i;

	if (!*r->region || measure_row_partial(r) || r->through < 0)
		return 0;
	w->whole = true;
	if (r->said != SAID_FIGURE || !r->has_rate || !beyond(t, r))
		return 0;
	i = add(w, r->region, TA_THRESHOLD, w->quarter.month);
	if (!i)
		return 0;
	snprintf(i->measure, sizeof i->measure, "%s", w->m->id);
	snprintf(i->topic, sizeof i->topic, "%s: %s", r->region_title,
		 w->m->title);
	snprintf(i->why, sizeof i->why,
		 "%s in %s, which is %s the threshold of %d.%d %%.",
		 figure_rate(r, rate),
		 hub_months(&w->a, w->quarter.month, w->quarter.months),
		 t->below ? "below" : "above", t->tenths / 10, t->tenths % 10);
	return 0;
}

/* The newest whole quarter that most regions closed. */
static int watch_threshold(struct watching *w, const struct ta_threshold *t)
{
	int k = catalogue_find_measure(w->h->cat, t->measure), r;
	struct period p;

	if (k < 0)
		return 0;
	w->m = catalogue_measure(w->h->cat, k);
	w->now = t;
	if (!w->m->served || w->m->unit != MEASURE_PROPORTION)
		return 0;
	r = measures_newest(w->h, w->h->db, w->m, &p);
	if (r == E_NOTFOUND)
		return 0;
	if (r < 0 || p.months < 3)
		return r;
	/* Closed since the newest year, or else its last quarter. */
	w->whole = false;
	for (int q = 3; q >= 0 && r == 0 && !w->whole; q--) {
		w->quarter =
			(struct period){p.month + p.months + 3 * (q - 1), 3};
		r = measures_show(w->h, w->h->db, w->m, &w->quarter, 1,
				  BY_REGION, NULL, on_rate, w);
	}
	return r < 0 ? r : open_all(w);
}

static int begin(struct watching *w, struct hub *h)
{
	*w = (struct watching){.h = h,
			       .newest = -1,
			       .by = {.db = h->db,
				      .now_utc_ms = clock_utc_ms(h->clock),
				      .who = "hub"}};
	w->by.today = date_of_utc(w->by.now_utc_ms);
	arena_init(&w->a);
	w->fresh = arena_alloc(&w->a, REGIONS_MAX * sizeof *w->fresh);
	return arena_check(&w->a);
}

int ta_watch(struct hub *h, int *opened)
{
	struct watching w;
	int r = begin(&w, h);

	*opened = 0;
	if (r == 0)
		r = hub_regions(h, find_newest, &w);
	if (r == 0)
		r = hub_regions(h, on_region, &w);
	if (r == 0)
		r = open_all(&w);
	if (r == 0)
		r = ta_thresholds(h->db, on_threshold, &w);
	for (int i = 0; i < w.n && r == 0; i++)
		r = watch_threshold(&w, &w.t[i]);
	*opened = w.opened;
	arena_fini(&w.a);
	return r;
}

/* A region's newest point, if that is a signal for the worse. */
static void watch_series(struct watching *w, const struct series *s)
{
	const struct series_point *last = &s->point[s->n - 1];
	struct ta_item *i;

	if (s->says != SERIES_CONCERN || !last->stat.signal)
		return;
	i = add(w, s->region, TA_SIGNAL, last->row.period.month);
	if (!i)
		return;
	snprintf(i->measure, sizeof i->measure, "%s", s->m->id);
	snprintf(i->topic, sizeof i->topic, "%s: %s", s->title, s->m->title);
	snprintf(i->why, sizeof i->why, "%s in %s. %s",
		 ta_report_figure(&w->a, &last->row),
		 hub_months(&w->a, last->row.period.month,
			    last->row.period.months),
		 s->words);
}

static int watch_measure(struct watching *w)
{
	struct series_set set;
	int r = series_read(&w->a, w->h, w->h->db, w->m, 0, SERIES_NEWEST,
			    &set);

	for (int i = 0; r == 0 && i < set.n; i++)
		if (*set.of[i].region && set.of[i].n > 0)
			watch_series(w, &set.of[i]);
	return r == E_NOTFOUND ? 0 : r;
}

int ta_watch_signals(struct hub *h, int measure, int *opened)
{
	const struct measure *m = catalogue_measure(h->cat, measure);
	struct watching *w;
	int r;

	*opened = 0;
	if (!m->served || m->unit != MEASURE_PROPORTION ||
	    m->better == BETTER_NEITHER)
		return 0;
	w = mem_calloc(1, sizeof *w);
	if (!w)
		return err_set(E_NOMEM, "out of memory for signals");
	r = begin(w, h);
	w->m = m;
	if (r == 0)
		r = watch_measure(w);
	if (r == 0)
		r = open_all(w);
	*opened = w->opened;
	arena_fini(&w->a);
	mem_free(w);
	return r;
}
