#include "daemon/hub/hub_measure.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_asked.h"
#include "daemon/hub/hub_chart.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/series.h"
#include "daemon/hub/ta.h"
#include "daemon/hub/tpl_hub_measure.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_chips.h"
#include "proto/catalogue.h"

/* --- what stands beside --- */

static const char *here(struct asked *q, const char *region, const char *step)
{
	return arena_str(&q->p->a, "measure/%s%s%s%s%s", q->m->id,
			 *region || *step ? "?" : "",
			 *region ? arena_str(&q->p->a, "region=%s", region)
				 : "",
			 *region && *step ? "&" : "",
			 *step ? arena_str(&q->p->a, "step=%s", step) : "");
}

static const char *step_of(const struct asked *q)
{
	return q->months == 3 ? "quarter" : q->months == 1 ? "month" : "";
}

static void chips(struct asked *q, struct tpl_hub_measure *v)
{
	struct arena_list l = {.arena = &q->p->a,
			       .size = sizeof(struct tpl_chips_filters)};
	struct tpl_chips *c = arena_alloc(&q->p->a, sizeof *c);
	struct tpl_chips_filters *f = arena_add(&l);
	int32_t length = q->series ? q->series->months : 0;
	bool months = length == 1;

	if (!f || !c)
		return;
	*f = (struct tpl_chips_filters){.name = "Region",
					.value = *q->region ? q->title : "all"};
	f->href = *q->region ? here(q, "", step_of(q)) : NULL;
	f->act = *q->region ? "all" : NULL;
	for (int i = 1; i < q->set.n && !*q->region; i++) {
		f = arena_add(&l);
		if (f)
			*f = (struct tpl_chips_filters){
				.name = "Only",
				.value = q->set.of[i].title,
				.href = here(q, q->set.of[i].region,
					     step_of(q)),
				.act = "show"};
	}
	f = arena_add(&l);
	if (f && q->series && q->t->kind == FACTS_FLOW)
		*f = (struct tpl_chips_filters){
			.name = "Points",
			.value = months	       ? "months"
				 : length == 3 ? "quarters"
					       : "years",
			.href = here(q, q->region,
				     months ? "quarter" : "month"),
			.act = months ? "quarters" : "months"};
	else
		l.n--;
	c->filters = l.items;
	c->filters_n = l.n;
	v->chips = c;
}

struct marking {
	struct arena *a;
	const char *mark;
};

static int on_mark(void *arg, int32_t day, int64_t item)
{
	struct marking *k = arg;
	int y, m, d;

	(void)item;
	date_to_ymd(day, &y, &m, &d);
	k->mark = arena_str(k->a, "%04d-%02d|assistance began %s", y, m,
			    hub_day(k->a, day));
	return 0;
}

static int trend(struct asked *q, struct tpl_hub_measure *v)
{
	struct marking k = {.a = &q->p->a};
	struct hub_says says;
	int r = 0;

	v->words = "No region has reported yet.";
	if (q->period.months &&
	    (q->m->unit == MEASURE_DAYS || q->m->unit == MEASURE_RANK)) {
		v->words = "Days and rankings have no line over time: their "
			   "newest figures are below.";
		return 0;
	}
	if (!q->series)
		return 0;
	if (*q->region)
		r = ta_marks(q->p->db, q->m->id, q->region, on_mark, &k);
	if (r < 0)
		return r;
	says = hub_says_of(q->series->says);
	v->sign = says.sign;
	v->word = says.word;
	v->tone = says.tone;
	v->words = q->series->words;
	v->run = hub_chart_run(&q->p->a, q->series, false, NULL, k.mark);
	if (q->series->line.known)
		v->limits = arena_str(
			&q->p->a,
			"Mean of the first %d exact points. %s A point is a "
			"signal outside the limits, in a run of seven on one "
			"side of the mean, in a run of seven that rises or "
			"falls, or as one of two of three near a limit.",
			q->series->line.baseline,
			q->m->unit == MEASURE_PROPORTION
				? "Limits: three standard deviations of a "
				  "proportion (p chart)."
				: "Limits: 2.66 mean moving ranges (XmR "
				  "chart).");
	return 0;
}

/* --- regions --- */

static const struct tpl_table *plain_table(struct asked *q,
					   const struct measure_row *row, int n)
{
	static const char *const TITLE[] = {"Region", "Figure", "Count", "Of"};
	struct arena *a = &q->p->a;
	char text[FIGURE_TEXT], period[60];
	struct hub_table t;

	hub_table_begin(&t, a, 3);
	for (int i = 0; i < n; i++) {
		struct tpl_table_rows *r = hub_table_row(
			&t, arena_dup(a, row[i].region_title),
			*row[i].region
				? arena_str(a, "region/%s", row[i].region)
				: NULL);

		if (!r)
			return NULL;
		r->on = strcmp(row[i].region, q->region) == 0;
		hub_table_number(&t,
				 arena_dup(a, figure_of(q->m, &row[i], text)));
		hub_table_number(&t, arena_dup(a, figure_count(&row[i], text)));
		hub_table_number(
			&t, arena_dup(a, figure_whole(q->m, &row[i], text)));
	}
	figure_period(q->period, period);
	return hub_table_end(
		&t, arena_str(a, "%s by region, %s", q->m->title, period),
		TITLE);
}

static void compare(struct asked *q, struct tpl_hub_measure *v)
{
	const struct measure_row *row = q->regions.items;
	int n = (int)q->regions.n;
	struct hub_funnel f;

	v->compare = "No region has reported yet.";
	if (q->m->unit == MEASURE_RANK && q->period.months)
		v->compare = "Of each region what is most common stands on "
			     "its own page.";
	if (n == 0)
		return;
	if (q->m->unit != MEASURE_PROPORTION) {
		char period[60];

		figure_period(q->period, period);
		v->compare = arena_str(&q->p->a,
				       "Regions differ in size: counts and "
				       "days of %s stand side by side, and "
				       "are not ranked.",
				       period);
		v->regions = plain_table(q, row, n);
		return;
	}
	hub_chart_funnel(&q->p->a, q->m, row, n, q->region, &f);
	v->compare = f.words;
	v->mix = "A region with other needs, ages or levels of need may "
		 "differ for that alone; see below, and its own page.";
	v->funnel = f.chart;
	v->regions = f.chart ? NULL : f.table;
	v->limit_table = f.limits;
}

/* --- strata --- */

static void stratum_row(struct asked *q, struct hub_table *t,
			const struct measure_row *r)
{
	struct arena *a = &q->p->a;
	bool rank = r->part >= 0;
	struct tpl_table_rows *row = hub_table_row(
		t, arena_dup(a, rank ? r->part_title : r->stratum_title), NULL);
	char text[FIGURE_TEXT];

	if (!row)
		return;
	row->level = !rank && r->stratum.level == LEVEL_GROUP ? "group"
							      : "need";
	hub_table_number(t, arena_dup(a, figure_whole(q->m, r, text)));
	hub_table_number(t, arena_dup(a, figure_count(r, text)));
	hub_table_number(t, arena_dup(a, figure_of(q->m, r, text)));
}

/* Group @g's own row, or (@inside) a row in it; -1: what is in no group. */
static bool stands_in(const struct dim *d, const struct measure_row *r, int g,
		      bool inside)
{
	if (r->part >= 0)
		return g < 0 && inside;
	if (r->stratum.level == LEVEL_GROUP)
		return r->stratum.no == g && !inside;
	return r->stratum.level == LEVEL_LEAF && inside &&
	       d->group_of[r->stratum.no] == g;
}

/* Each group before what is in it, as it is in the vocabulary. */
static void in_order(struct asked *q, struct hub_table *t)
{
	const struct measure_row *row = q->strata.items;

	for (int g = -1; g < q->t->dim.groups; g++)
		for (int inside = 0; inside < 2; inside++)
			for (size_t i = 0; i < q->strata.n; i++)
				if (strcmp(row[i].region, q->region) == 0 &&
				    stands_in(&q->t->dim, &row[i], g, inside))
					stratum_row(q, t, &row[i]);
}

static void strata(struct asked *q, struct tpl_hub_measure *v)
{
	static const char *const TITLE[] = {"", "Of", "Count", "Figure"};
	static const char *const KEY[] = {"name", NULL, NULL, "value"};
	struct tpl_chart *chart = arena_alloc(&q->p->a, sizeof *chart);
	struct tpl_table_columns *c;
	struct tpl_table *table;
	struct hub_table t;
	char period[60];

	if (q->strata.n == 0 || !chart)
		return;
	v->strata_title = arena_str(&q->p->a,
				    q->m->unit == MEASURE_RANK ? "Which, in %s"
							       : "Where, in %s",
				    q->title);
	figure_period(q->period, period);
	hub_table_begin(&t, &q->p->a, 3);
	in_order(q, &t);
	table = hub_table_end(&t,
			      arena_str(&q->p->a, "%s, %s: %s", q->title,
					period, q->m->title),
			      TITLE);
	v->strata_none = "Of each part too little left the regions to say "
			 "anything.";
	c = arena_alloc(&q->p->a, 4 * sizeof *c);
	if (!table || !c)
		return;
	memcpy(c, table->columns, 4 * sizeof *c);
	c[0].title = q->m->unit == MEASURE_RANK ? "Kind" : "Part";
	for (int i = 0; i < 4; i++)
		c[i].key = KEY[i];
	table->columns = c;
	*chart = (struct tpl_chart){
		.kind = q->m->unit == MEASURE_COUNT ? "bars" : "interval",
		.open = true,
		.table = table,
	};
	v->strata = chart;
}

/* --- words to take along --- */

const char *hub_measure_sentence(struct arena *a, const struct measure *m,
				 const struct measure_row *r)
{
	char figure[FIGURE_TEXT], count[FIGURE_TEXT], whole[FIGURE_TEXT];
	char period[60], covered[60];
	const char *of = "";

	figure_of(m, r, figure);
	figure_count(r, count);
	figure_whole(m, r, whole);
	figure_period(r->period, period);
	figure_covered(r, covered);
	if (m->unit == MEASURE_PROPORTION && *count && *whole)
		of = arena_str(a, " (%s of %s)", count, whole);
	return arena_str(a, "%s: %s%s, %s, %s%s%s%s.", m->title, figure, of,
			 *r->region ? r->region_title : "the state", period,
			 *covered ? ", " : "", covered,
			 !*r->region && r->regions_heard < r->regions_all
				 ? arena_str(a, ", %d of %d regions",
					     r->regions_heard, r->regions_all)
				 : "");
}

const char *hub_measure_cited(struct page *p, const struct measure *m)
{
	const struct hub *h = p->site;

	return arena_str(
		&p->a, "%s, measure %s version %d, as known %s.%s",
		h->policy.network, m->id, m->version, hub_day(&p->a, p->today),
		h->policy.kind == NETWORK_SYNTHETIC ? " Synthetic data." : "");
}

static void memo(struct asked *q, struct tpl_hub_measure *v)
{
	const struct measure_row *row = q->regions.items;
	struct tpl_actions *acts = arena_alloc(&q->p->a, sizeof *acts);
	struct tpl_actions_actions *a = arena_alloc(&q->p->a, 2 * sizeof *a);
	const char *query =
		*q->region ? arena_str(&q->p->a, "?region=%s", q->region) : "";

	v->sentence = "No region has reported yet.";
	for (size_t i = 0; i < q->regions.n; i++)
		if (strcmp(row[i].region, q->region) == 0)
			v->sentence =
				hub_measure_sentence(&q->p->a, q->m, &row[i]);
	v->cited = hub_measure_cited(q->p, q->m);
	if (!acts || !a)
		return;
	a[0] = (struct tpl_actions_actions){
		.href = arena_str(&q->p->a, "measure/%s/csv%s", q->m->id,
				  query),
		.title = "All of this as CSV",
		.download = true};
	a[1] = (struct tpl_actions_actions){
		.href = arena_str(&q->p->a, "measure/%s/json%s", q->m->id,
				  query),
		.title = "as JSON",
		.download = true};
	*acts = (struct tpl_actions){
		.actions = a, .actions_n = 2, .print = true};
	v->acts = acts;
}

static int get_measure(struct page *p)
{
	static const char *const BETTER[] = {"neither", "higher", "lower"};
	struct tpl_hub_measure v = {0};
	struct policy policy;
	struct asked q;
	int r = hub_asked_read(p, &q);

	if (r == 0)
		r = hub_policy(q.h, p->db, 0, &policy);
	if (r == 0)
		r = hub_asked_find(&q);
	if (r < 0)
		return r;
	v.id = q.m->id;
	v.version = q.m->version;
	v.formula = q.m->formula;
	v.window = q.m->window;
	v.is_not = q.m->is_not;
	v.source = q.m->source;
	v.from = q.t->title;
	v.better = BETTER[q.m->better];
	v.floor = policy.floor;
	chips(&q, &v);
	r = trend(&q, &v);
	if (r < 0)
		return r;
	compare(&q, &v);
	strata(&q, &v);
	memo(&q, &v);
	page_title(p, "%s", q.m->title);
	page_nav(p, "measures");
	page_crumb(p, "measures", "Measures");
	page_head(p)->kind = "figures";
	page_head(p)->charts = "";
	page_head(p)->meta = *q.region ? q.title : NULL;
	page_foot(p, "%s", v.cited);
	tpl_hub_measure(page_body(p), &v);
	return arena_check(&p->a);
}

const struct page_route hub_measure_routes[] = {
	{PAGE_GET, "/measure/{id}", ROLES_OF_HUB, get_measure, 0},
	{PAGE_GET, "/measure/{id}/csv", ROLES_OF_HUB, hub_measure_csv, 0},
	{PAGE_GET, "/measure/{id}/json", ROLES_OF_HUB, hub_measure_json, 0},
	{0},
};
