#include "daemon/hub/hub_then.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/store.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_date_field.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_select.h"

enum { ROWS_MOST = 2000, CHANGES_MOST = 200 };

/* One row then and now. */
struct pair {
	struct measure_row row;
	const char *then, *now;
};
struct looking {
	struct page *p;
	const struct measure *m;
	struct period period;
	int32_t day;
	bool past;
	struct arena_list pairs;
	struct hub_table t;
	int changes;
};

static bool same_place(const struct measure_row *a, const struct measure_row *b)
{
	return strcmp(a->region, b->region) == 0 && a->part == b->part &&
	       a->percentile == b->percentile;
}

static struct pair *pair_of(struct looking *l, const struct measure_row *r)
{
	struct pair *p = l->pairs.items;

	for (size_t i = 0; i < l->pairs.n; i++)
		if (same_place(&p[i].row, r))
			return &p[i];
	p = l->pairs.n < ROWS_MOST ? arena_add(&l->pairs) : NULL;
	if (p)
		p->row = *r;
	return p;
}

static const char *said(struct looking *l, const struct measure_row *r)
{
	char text[FIGURE_TEXT], num[FIGURE_TEXT], den[FIGURE_TEXT];
	const char *of = figure_whole(l->m, r, den);

	figure_of(l->m, r, text);
	if (r->percentile || l->m->unit == MEASURE_COUNT || !*of)
		return arena_dup(&l->p->a, text);
	return arena_str(&l->p->a, "%s (%s of %s)", text, figure_count(r, num),
			 of);
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct looking *l = arg;
	struct pair *p = pair_of(l, r);

	if (!p)
		return E_NOMEM;
	if (l->past)
		p->then = said(l, r);
	else
		p->now = said(l, r);
	return 0;
}

static int show(struct looking *l, bool past)
{
	struct page *p = l->p;

	l->past = past;
	return measures_show(p->site, p->db, l->m, &l->period, 1, BY_REGION,
			     NULL, on_row, l);
}

/* Then first, so that the rows of now which were not there come last. */
static int both(struct looking *l)
{
	int r = store_as_of(l->p->db, l->day), now;

	if (r == 0)
		r = show(l, true);
	now = store_as_now(l->p->db);
	if (r < 0 || now < 0)
		return r < 0 ? r : now;
	return show(l, false);
}

static const char *place(struct looking *l, const struct measure_row *r)
{
	if (r->percentile)
		return arena_str(&l->p->a, "%s, %s", r->region_title,
				 r->percentile == 50 ? "half within"
						     : "9 in 10 within");
	if (r->part >= 0)
		return arena_str(&l->p->a, "%s, %s", r->region_title,
				 r->part_title);
	return arena_dup(&l->p->a, r->region_title);
}

static const struct tpl_table *figures(struct looking *l)
{
	const char *const TITLE[] = {
		"Region",
		arena_str(&l->p->a, "As of %s", hub_day(&l->p->a, l->day)),
		"As known now", "Difference"};
	const struct pair *p = l->pairs.items;

	hub_table_begin(&l->t, &l->p->a, 3);
	for (size_t i = 0; i < l->pairs.n; i++) {
		const char *then = p[i].then ? p[i].then : "not there",
			   *now = p[i].now ? p[i].now : "not there";
		struct tpl_table_rows *row =
			hub_table_row(&l->t, place(l, &p[i].row), NULL);

		if (!row)
			return NULL;
		row->on = !*p[i].row.region;
		hub_table_number(&l->t, then);
		hub_table_number(&l->t, now);
		hub_table_text(&l->t,
			       strcmp(then, now) == 0 ? "same" : "changed");
	}
	return hub_table_end(&l->t,
			     arena_str(&l->p->a, "%s: %s, %s", l->m->id,
				       l->m->title,
				       hub_months(&l->p->a, l->period.month,
						  l->period.months)),
			     TITLE);
}

static int on_change(void *arg, const struct store_change *c)
{
	struct looking *l = arg;
	struct arena *a = &l->p->a;

	if (l->changes++ >= CHANGES_MOST)
		return 0;
	if (!hub_table_row(&l->t, hub_instant(a, c->received_utc_ms), NULL))
		return E_NOMEM;
	hub_table_text(&l->t, arena_dup(a, c->region_title));
	hub_table_text(&l->t, hub_months(a, c->closing, 1));
	hub_table_text(&l->t, c->first ? "came for the first time"
				       : arena_str(a, "restated: version %lld",
						   (long long)c->version));
	hub_table_text(&l->t, arena_str(a, "No. %lld", (long long)c->number));
	return 0;
}

static int changes(struct looking *l, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Received", "Region", "Month",
					    "What", "Number"};
	const struct hub *h = l->p->site;
	const struct fact_table *t =
		catalogue_table(h->cat, l->m->numerator.table);
	int r;

	hub_table_begin(&l->t, &l->p->a, 4);
	r = store_changes(l->p->db, NULL, t->id, l->period, l->day, on_change,
			  l);
	*out = hub_table_end(&l->t, "Numbers that came since", TITLE);
	return r;
}

/* 1 if everything was given; 0 if not all; negative with a sentence. */
static int take(struct looking *l)
{
	const struct hub *h = l->p->site;
	const char *id = page_query(l->p, "measure"),
		   *period = page_query(l->p, "period"),
		   *day = page_query(l->p, "as_of");
	int k = id ? catalogue_find_measure(h->cat, id) : -1, n;

	if (!id || !period || !day)
		return 0;
	if (k < 0 || !catalogue_measure(h->cat, k)->served)
		return err_set(E_INVALID, "There is no such measure");
	l->m = catalogue_measure(h->cat, k);
	n = period_parse(period, &l->period);
	if (n < 0 || date_parse(day, &l->day) < 0)
		return E_INVALID;
	return 1;
}

static int sections(struct looking *l, struct tpl_hub_lists *v,
		    struct tpl_hub_lists_sections s[2])
{
	static const struct tpl_empty
		SAME = {.text = "Nothing came since: the figures are those of "
				"then."},
		NONE = {.text = "No region has closed "
				"anything of it."};
	int r = both(l);

	s[0] = (struct tpl_hub_lists_sections){
		.id = "figures", .title = "Then and now", .empty = &NONE};
	s[1] = (struct tpl_hub_lists_sections){
		.id = "changes", .title = "What made it so", .empty = &SAME};
	if (r == 0) {
		s[0].table = figures(l);
		r = changes(l, &s[1].table);
	}
	v->sections = s;
	v->sections_n = 2;
	return r;
}

static int get_then(struct page *p)
{
	struct looking l = {
		.p = p, .pairs = {.arena = &p->a, .size = sizeof(struct pair)}};
	struct tpl_hub_lists_filters filter[1];
	struct tpl_field period = {.name = "period",
				   .label = "Period, like 2026Q2",
				   .value = page_query(p, "period")};
	struct tpl_date_field day = {.name = "as_of",
				     .label = "As of the end of",
				     .value = page_query(p, "as_of")};
	struct tpl_hub_lists_texts texts[] = {{&period}};
	struct tpl_hub_lists_days days[] = {{&day}};
	struct tpl_hub_lists_intro intro = {
		.text = "Every number that a region sent is kept, with the day "
			"on which it came. So a figure can be shown as it was "
			"reported on any past day, beside what is known now."};
	struct tpl_hub_lists_sections s[2];
	struct tpl_hub_lists v = {.self = "then",
				  .filter = true,
				  .intro = &intro,
				  .intro_n = 1,
				  .filters = filter,
				  .filters_n = 1,
				  .texts = texts,
				  .texts_n = 1,
				  .days = days,
				  .days_n = 1};
	int r = hub_pick_measure(p, "Choose a measure",
				 page_query(p, "measure"), 0,
				 &filter[0].select);
	int given = r < 0 ? r : take(&l);

	if (r < 0)
		return r;
	if (given > 0)
		r = sections(&l, &v, s);
	else if (given == E_INVALID)
		intro.text = arena_str(&p->a, "%s.", err_text(given));
	if (r < 0)
		return r;
	page_title(p, "As reported then, as known now");
	page_nav(p, "then");
	page_head(p)->kind = "figures";
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

const struct page_route hub_then_routes[] = {
	{PAGE_GET, "/then", ROLES_OF_HUB, get_then, 0},
	{0},
};
