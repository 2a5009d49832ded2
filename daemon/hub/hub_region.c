#include "daemon/hub/hub_region.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_chart.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/series.h"
#include "daemon/hub/store.h"
#include "daemon/hub/ta.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_pager.h"
#include "daemon/web/tpl_tabs.h"
#include "proto/catalogue.h"

/* Those whose line over time is read for signals; every other is shown. */
static const char *const WATCHED[] = {"M03", "M07", "M08", "M10", "M12", "M14",
				      "M16", "M22", "M27", "M34", "M35", "M36"};

struct drawing {
	struct page *p;
	struct hub *h;
	const char *id;
	char title[80];
	struct hub_table t, signals;
	struct measure_row mine, state; /* of the measure at hand */
	int better, concern;
	int64_t late; /* fact tables that are behind the others */
};

/* --- signals --- */

static int add_signal(struct drawing *d, const struct measure *m)
{
	const struct series *s;
	struct series_set set;
	struct hub_says says;
	int r = series_read(&d->p->a, d->h, d->p->db, m, 0, SERIES_NEWEST,
			    &set);

	if (r == E_NOTFOUND)
		return 0;
	if (r < 0)
		return r;
	s = series_find(&set, d->id);
	if (!s)
		return 0;
	says = hub_says_of(s->says);
	if (!says.word)
		return 0;
	d->better += s->says == SERIES_BETTER;
	d->concern += s->says == SERIES_CONCERN;
	hub_table_row(
		&d->signals, m->title,
		arena_str(&d->p->a, "measure/%s?region=%s", m->id, d->id));
	hub_table_text(&d->signals,
		       arena_str(&d->p->a, "%s %s", says.sign, says.word));
	hub_table_text(&d->signals, s->words);
	return 0;
}

/* What is better first, so that a call begins with it. */
static int read_signals(struct drawing *d, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Measure", "Signal", "What"};
	int r = 0;

	hub_table_begin(&d->signals, &d->p->a, 2);
	for (size_t i = 0; i < sizeof WATCHED / sizeof *WATCHED && r == 0;
	     i++) {
		int k = catalogue_find_measure(d->h->cat, WATCHED[i]);

		if (k >= 0)
			r = add_signal(d, catalogue_measure(d->h->cat, k));
	}
	*out = hub_table_end(&d->signals, "Signals of this region", TITLE);
	return r;
}

/* --- profile --- */

static int on_profile(void *arg, const struct measure_row *r)
{
	struct drawing *d = arg;

	if (r->part >= 0 || (r->percentile && r->percentile != 50))
		return 0;
	if (!*r->region)
		d->state = *r;
	else if (strcmp(r->region, d->id) == 0)
		d->mine = *r;
	return 0;
}

static int add_profile(struct drawing *d, const struct measure *m)
{
	struct arena *a = &d->p->a;
	struct period newest;
	char text[FIGURE_TEXT], period[60], covered[60];
	int r = measures_newest(d->h, d->p->db, m, &newest);

	if (r == E_NOTFOUND)
		return 0;
	memset(&d->mine, 0, sizeof d->mine);
	memset(&d->state, 0, sizeof d->state);
	if (r == 0)
		r = measures_show(d->h, d->p->db, m, &newest, 1, BY_REGION,
				  NULL, on_profile, d);
	if (r < 0 || !*d->mine.region || d->mine.said == SAID_NOT_CLOSED ||
	    d->mine.said == SAID_NOT_CLOSED_YET)
		return r;
	if (!hub_table_row(&d->t, m->title,
			   arena_str(a, "measure/%s?region=%s", m->id, d->id)))
		return E_NOMEM;
	hub_table_number(&d->t, arena_dup(a, figure_of(m, &d->mine, text)));
	hub_table_number(&d->t, arena_dup(a, figure_whole(m, &d->mine, text)));
	hub_table_number(&d->t, arena_dup(a, figure_of(m, &d->state, text)));
	figure_covered(&d->mine, covered);
	hub_table_text(&d->t, arena_str(a, "%s%s%s",
					figure_period(d->mine.period, period),
					*covered ? ", " : "", covered));
	return 0;
}

static int read_profile(struct drawing *d, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Measure", "This region", "Of",
					    "The state", "Period"};
	int r = 0;

	hub_table_begin(&d->t, &d->p->a, 4);
	for (int i = 0; i < catalogue_measures(d->h->cat) && r == 0; i++) {
		const struct measure *m = catalogue_measure(d->h->cat, i);

		if (m->served && m->unit != MEASURE_RANK)
			r = add_profile(d, m);
	}
	*out = hub_table_end(&d->t, "All measures, beside the state", TITLE);
	return r;
}

/* --- data quality --- */

struct newest {
	struct drawing *d;
	const char *table;
	int32_t of_all;
	int r;
};

static int on_region(void *arg, const struct region_row *r)
{
	struct newest *n = arg;
	int32_t closed;
	int x = store_closed(n->d->p->db, r->id, n->table, &closed);

	if (closed > n->of_all)
		n->of_all = closed;
	return x;
}

/* Fact tables of which another region has closed a later month. */
static int read_quality(struct drawing *d, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"What is counted", "In through",
					    "Elsewhere", "Months behind"};
	int r = 0;

	hub_table_begin(&d->t, &d->p->a, 3);
	for (int i = 0; i < catalogue_tables(d->h->cat) && r == 0; i++) {
		const struct fact_table *t = catalogue_table(d->h->cat, i);
		struct newest n = {d, t->id, -1, 0};
		int32_t closed;

		r = roster_regions(d->p->db, d->h->cat, d->p->now_utc_ms,
				   on_region, &n);
		if (r == 0)
			r = store_closed(d->p->db, d->id, t->id, &closed);
		if (r < 0 || closed >= n.of_all)
			continue;
		d->late++;
		hub_table_row(&d->t, t->title, NULL);
		hub_table_text(&d->t,
			       closed < 0 ? "nothing yet"
					  : hub_months(&d->p->a, closed, 1));
		hub_table_text(&d->t, hub_months(&d->p->a, n.of_all, 1));
		if (closed < 0)
			hub_table_number(&d->t, "all");
		else
			hub_table_int(&d->t, n.of_all - closed);
	}
	*out = hub_table_end(&d->t, "What is late", TITLE);
	return r;
}

/* --- help --- */

static int on_item(void *arg, const struct ta_item *i)
{
	struct drawing *d = arg;

	hub_table_row(&d->t, arena_dup(&d->p->a, i->topic),
		      arena_str(&d->p->a, "ta/%lld", (long long)i->id));
	hub_table_text(&d->t, hub_day(&d->p->a, i->opened_on));
	hub_table_text(&d->t, i->closed_on == TA_NO_DAY
				      ? "open"
				      : ta_helped_title(i->helped));
	return 0;
}

static int read_help(struct drawing *d, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"About", "Since", "How it stands"};
	int r;

	hub_table_begin(&d->t, &d->p->a, 2);
	r = ta_list(d->p->db, d->id, TA_ALL, d->p->today, on_item, d);
	*out = hub_table_end(&d->t, "Technical assistance", TITLE);
	return r;
}

static struct tpl_empty *empty(struct arena *a, const char *text)
{
	struct tpl_empty *e = arena_alloc(a, sizeof *e);

	if (e)
		e->text = text;
	return e;
}

static int get_region(struct page *p)
{
	struct drawing d = {.p = p, .h = p->site, .id = page_param(p, "id")};
	struct tpl_hub_lists_sections s[4] = {
		{.id = "signals",
		 .title = "What moved",
		 .empty = empty(&p->a, "No signal in the measures that are "
				       "watched.")},
		{.id = "profile",
		 .title = "Beside the state",
		 .empty = empty(&p->a, "Nothing of it is closed yet.")},
		{.id = "quality",
		 .title = "What is late",
		 .empty = empty(&p->a, "Nothing: every month that another "
				       "region has closed is in.")},
		{.id = "help",
		 .title = "Technical assistance",
		 .empty = empty(&p->a, "None so far.")},
	};
	struct tpl_hub_lists v = {.sections = s, .sections_n = 4};
	int r = hub_pick_title(p->db, d.id, d.title);

	if (r < 0 || (r = read_signals(&d, &s[0].table)) < 0 ||
	    (r = read_profile(&d, &s[1].table)) < 0 ||
	    (r = read_quality(&d, &s[2].table)) < 0 ||
	    (r = read_help(&d, &s[3].table)) < 0)
		return r;
	page_title(p, "%s", d.title);
	page_nav(p, "regions");
	page_crumb(p, "regions", "Regions");
	page_head(p)->kind = "figures";
	page_foot(p, "A figure of a region is compared with the region itself "
		     "over time, and not ranked.");
	tpl_hub_lists(page_body(p), &v);
	return arena_check(&p->a);
}

/* --- all regions --- */

static int on_listed(void *arg, const struct region_row *r)
{
	struct drawing *d = arg;
	char age[HUB_AGE_TEXT];

	hub_table_row(&d->t, arena_dup(&d->p->a, r->title),
		      arena_str(&d->p->a, "region/%s", r->id));
	hub_table_text(&d->t, r->closed >= 0
				      ? hub_months(&d->p->a, r->closed, 1)
				      : "nothing yet");
	hub_table_text(&d->t, !r->joined ? "has not joined"
			      : !r->heard_utc_ms
				      ? "never"
				      : hub_instant(&d->p->a, r->heard_utc_ms));
	hub_table_text(&d->t, r->silent_ms
				      ? arena_str(&d->p->a, "silent for %s",
						  hub_age(r->silent_ms, age))
			      : *r->trouble ? "needs attention"
					    : "fine");
	return 0;
}

static int get_regions(struct page *p)
{
	static const char *const TITLE[] = {"Region", "Numbers through",
					    "Last heard", "State"};
	struct drawing d = {.p = p, .h = p->site};
	struct tpl_hub_lists_sections s = {
		.id = "regions",
		.title = "Regions",
		.empty = empty(&p->a, "No region has been added yet.")};
	struct tpl_hub_lists v = {.sections = &s, .sections_n = 1};
	int r;

	hub_table_begin(&d.t, &p->a, 3);
	r = roster_regions(p->db, d.h->cat, p->now_utc_ms, on_listed, &d);
	if (r < 0)
		return r;
	s.table = hub_table_end(&d.t, "Regions of this network", TITLE);
	page_title(p, "Regions");
	page_nav(p, "regions");
	page_head(p)->kind = "figures";
	tpl_hub_lists(page_body(p), &v);
	return arena_check(&p->a);
}

const struct page_route hub_region_routes[] = {
	{PAGE_GET, "/regions", ROLES_OF_HUB, get_regions, 0},
	{PAGE_GET, "/region/{id}", ROLES_OF_HUB, get_region, 0},
	{0},
};
