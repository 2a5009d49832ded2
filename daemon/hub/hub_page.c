#include "daemon/hub/hub_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/arena.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_schema.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/tpl_hub_index.h"

/* One page being gathered; everything is in @a. */
struct gathering {
	struct arena *a;
	struct hub *h;
	struct db *db;
	const struct measure *m; /* whose rows come */
	const char *group;	 /* whose kinds came last; NULL: none yet */
	struct hub_table t;
	int64_t now_utc_ms;
};

static const char *const *titles_of(enum measure_unit unit)
{
	static const char *const title[][3] = {
		[MEASURE_COUNT] = {"Region", "Count"},
		[MEASURE_PROPORTION] = {"Region", "Share", "Count"},
		[MEASURE_DAYS] = {"Region", "Half within (median)",
				  "9 in 10 within"},
		[MEASURE_RANK] = {"Region and kind", "Share", "Count"},
	};

	return title[unit];
}

/* How much of it is in, if not all; NULL. */
static const char *missing(struct gathering *g, const struct measure_row *r)
{
	char covered[60];

	figure_covered(r, covered);
	if (r->part > 0)
		return NULL;
	if (!*r->region && r->regions_heard < r->regions_all)
		return arena_str(g->a, "%d of %d regions%s%s", r->regions_heard,
				 r->regions_all, *covered ? ", " : "", covered);
	return arena_dup(g->a, covered);
}

/* A range does not break: "58.4 to 62.6 %" stands on one line. */
static const char *unbroken(struct gathering *g, const char *text)
{
	char out[2 * FIGURE_TEXT], *o = out;

	for (; *text && o < out + sizeof out - 2; text++) {
		if (*text == ' ')
			*o++ = '\xc2';
		*o++ = *text == ' ' ? '\xa0' : *text;
	}
	*o = '\0';
	return arena_dup(g->a, out);
}

static void add_figure(struct gathering *g, const struct measure_row *r)
{
	char text[FIGURE_TEXT];

	figure_of(g->m, r, text);
	hub_table_number(&g->t, r->said == SAID_FIGURE ? unbroken(g, text)
						       : arena_dup(g->a, text));
}

static void add_count(struct gathering *g, const struct measure_row *r)
{
	char text[FIGURE_TEXT], of[FIGURE_TEXT];
	const char *whole = unbroken(g, figure_whole(g->m, r, of));
	const char *count = unbroken(g, figure_count(r, text));

	if (count && whole && *count && *whole)
		count = arena_str(g->a, "%s of\xc2\xa0%s", count, whole);
	hub_table_number(&g->t, count);
}

static void add_who(struct gathering *g, const struct measure_row *r,
		    const char *name)
{
	struct tpl_table_rows *row =
		hub_table_row(&g->t, arena_dup(g->a, name), NULL);

	if (!row)
		return;
	row->meta = missing(g, r);
	row->on = !*r->region && r->part < 0;
	row->level = r->part >= 0 ? "need" : NULL;
}

static int on_days(struct gathering *g, const struct measure_row *r)
{
	if (r->percentile == 50)
		add_who(g, r, r->region_title);
	if (r->percentile)
		add_figure(g, r);
	return 0;
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct gathering *g = arg;

	if (g->m->unit == MEASURE_DAYS)
		return on_days(g, r);
	/* Each region's kinds stand together, the most common first. */
	if (g->m->unit == MEASURE_RANK &&
	    (!g->group || strcmp(g->group, r->region_title) != 0)) {
		struct tpl_table_rows *row = hub_table_row(
			&g->t, arena_dup(g->a, r->region_title), NULL);

		if (row) {
			row->level = "group";
			g->group = row->name;
			hub_table_number(&g->t, "");
			hub_table_number(&g->t, "");
		}
	}
	add_who(g, r, r->part >= 0 ? r->part_title : r->region_title);
	add_figure(g, r);
	if (g->m->unit != MEASURE_COUNT)
		add_count(g, r);
	return 0;
}

/* The measure's newest figures into @out, NULL if there are none. */
static int gather_table(struct gathering *g, const struct tpl_table **out)
{
	struct period newest;
	char caption[60];
	int r = measures_newest(g->h, g->db, g->m, &newest);

	if (r == E_NOTFOUND)
		return 0;
	if (r < 0)
		return r;
	g->group = NULL;
	hub_table_begin(&g->t, g->a, g->m->unit == MEASURE_COUNT ? 1 : 2);
	r = measures_show(g->h, g->db, g->m, &newest, 1, BY_REGION, NULL,
			  on_row, g);
	*out = hub_table_end(&g->t,
			     arena_dup(g->a, figure_period(newest, caption)),
			     titles_of(g->m->unit));
	return r;
}

static int on_region(void *arg, const struct region_row *r)
{
	struct gathering *g = arg;
	char text[60] = "none yet", age[HUB_AGE_TEXT];
	int64_t ms = g->now_utc_ms - r->heard_utc_ms;

	hub_table_row(&g->t, arena_dup(g->a, r->title), NULL);
	if (r->closed >= 0)
		period_title((struct period){r->closed, 1}, text);
	hub_table_text(&g->t, arena_dup(g->a, text));
	if (!r->heard_utc_ms)
		hub_table_text(&g->t, r->joined ? "never" : "has not joined");
	else
		hub_table_text(&g->t, ms < 2 * 60000
					      ? "now"
					      : arena_str(g->a, "%s ago",
							  hub_age(ms, age)));
	hub_table_int(&g->t, r->releases);
	/* What else it is, in the words of the trade, is for `status`. */
	if (r->silent_ms)
		hub_table_text(&g->t, arena_str(g->a, "not heard for %s",
						hub_age(r->silent_ms, age)));
	else
		hub_table_text(&g->t, *r->trouble ? "needs attention" : "fine");
	return 0;
}

static int gather_regions(struct gathering *g, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Region", "Numbers through",
					    "Last heard", "Reports", "State"};
	int r;

	hub_table_begin(&g->t, g->a, 4);
	r = roster_regions(g->db, g->h->cat, g->now_utc_ms, on_region, g);
	*out = hub_table_end(&g->t, "Regions", TITLE);
	return r;
}

static int gather(struct gathering *g, struct tpl_hub_index *v)
{
	struct arena_list list = {
		.arena = g->a, .size = sizeof(struct tpl_hub_index_measures)};
	int r = 0;

	for (int i = 0; i < catalogue_measures(g->h->cat) && r == 0; i++) {
		struct tpl_hub_index_measures *m;

		g->m = catalogue_measure(g->h->cat, i);
		if (!g->m->served)
			continue;
		m = arena_add(&list);
		if (!m)
			return arena_check(g->a);
		*m = (struct tpl_hub_index_measures){
			.id = g->m->id,
			.title = g->m->title,
			.formula = g->m->formula,
			.is_not = g->m->is_not,
		};
		r = gather_table(g, &m->table);
	}
	v->measures = list.items;
	v->measures_n = list.n;
	return r < 0 ? r : gather_regions(g, &v->regions);
}

int hub_page_draw(struct hub *h, struct db *db, struct html *d)
{
	struct arena a;
	struct gathering g = {.a = &a,
			      .h = h,
			      .db = db,
			      .now_utc_ms = clock_utc_ms(h->clock)};
	struct tpl_hub_index v = {0};
	struct policy policy; /* in force when the page is drawn */
	char today[DATE_TEXT];
	int r = db_script(db, "BEGIN");

	if (r < 0)
		return r;
	arena_init(&a);
	v.today = date_format(date_of_utc(g.now_utc_ms), today);
	r = hub_policy(h, db, 0, &policy);
	if (r == 0) {
		v.floor = policy.floor;
		r = gather(&g, &v);
	}
	/* One snapshot for the whole page; read only, nothing to lose. */
	db_script(db, "COMMIT");
	if (r == 0)
		r = arena_check(&a);
	if (r == 0)
		tpl_hub_index(d, &v);
	arena_fini(&a);
	return r;
}

static int get_index(struct page *p)
{
	struct hub *h = p->site;
	struct policy policy;
	int r = hub_policy(h, p->db, 0, &policy);

	if (r < 0)
		return r;
	page_title(p, "All measures");
	page_nav(p, "measures");
	page_head(p)->kind = "figures";
	page_foot(p,
		  "Numbers are published for a month or longer, never for "
		  "fewer than %u children. A region may send revised numbers; "
		  "the newest ones stand here.",
		  (unsigned)policy.floor);
	return hub_page_draw(h, p->db, page_body(p));
}

static int get_live(struct page *p)
{
	page_download(p, "text/plain; charset=utf-8", NULL);
	page_put(p, "ok\n", 3);
	return 0;
}

struct listing {
	FILE *f;
	int64_t now_utc_ms;
};

static void list_counter(void *arg, const char *name, const char *help,
			 int64_t value)
{
	struct listing *l = arg;

	fprintf(l->f,
		"# HELP ccfed_%s_total %s\n# TYPE ccfed_%s_total counter\n"
		"ccfed_%s_total %lld\n",
		name, help, name, name, (long long)value);
}

/* A region's id needs no quoting: letters, digits and hyphens. */
static int list_region(void *arg, const struct region_row *r)
{
	struct listing *l = arg;

	if (r->heard_utc_ms)
		fprintf(l->f,
			"ccfed_region_silent_seconds{region=\"%s\"} %lld\n",
			r->id,
			(long long)((l->now_utc_ms - r->heard_utc_ms) / 1000));
	return 0;
}

int hub_page_counters(struct hub *h, char **out)
{
	struct listing l = {.now_utc_ms = clock_utc_ms(h->clock)};
	char *text = NULL;
	size_t len = 0;
	int r;

	l.f = open_memstream(&text, &len);
	if (!l.f)
		return err_set(E_NOMEM, "out of memory for metrics");
	r = hub_watch(h);
	metrics_each(&h->metrics, list_counter, &l);
	fprintf(l.f, "# HELP ccfed_region_silent_seconds since a region was "
		     "heard\n# TYPE ccfed_region_silent_seconds gauge\n");
	if (r == 0)
		r = hub_regions(h, list_region, &l);
	if (fclose(l.f) != 0 && r == 0)
		r = err_set(E_NOMEM, "out of memory for metrics");
	if (r == 0) {
		*out = mem_strdup(text);
		r = *out ? 0 : err_set(E_NOMEM, "out of memory for metrics");
	}
	free(text);
	return r;
}

static int get_metrics(struct page *p)
{
	char *text = NULL;
	int r = hub_page_counters(p->site, &text);

	if (r < 0)
		return r;
	page_download(p, "text/plain; version=0.0.4", NULL);
	page_put(p, text, strlen(text));
	mem_free(text);
	return 0;
}

/* A monitoring program has no account; it asks from this machine. */
const struct page_route hub_page_routes[] = {
	{PAGE_GET, "/measures", ROLES_OF_HUB, get_index, 0},
	{PAGE_GET, "/livez", 0, get_live,
	 PAGE_OPEN | PAGE_LOOP | PAGE_QUIET | PAGE_LOCAL},
	{PAGE_GET, "/metrics", 0, get_metrics,
	 PAGE_OPEN | PAGE_LOOP | PAGE_QUIET | PAGE_LOCAL},
	{0},
};
