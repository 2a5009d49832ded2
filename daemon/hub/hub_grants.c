#include "daemon/hub/hub_grants.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/grant.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_select.h"

enum { YEARS = 5, YEAR_MIN = 2000, YEAR_MAX = 2200 };

struct listing {
	struct page *p;
	struct hub_table t;
};

static const char *figure(struct arena *a, const struct grant_cell *c)
{
	char text[FIGURE_TEXT], num[FIGURE_TEXT], den[FIGURE_TEXT];
	const char *of;

	if (!c->m)
		return "not served";
	of = figure_whole(c->m, c->row, den);
	figure_of(c->m, c->row, text);
	if (!*of)
		return arena_dup(a, text);
	return arena_str(a, "%s (%s of %s)", text, figure_count(c->row, num),
			 of);
}

static int on_cell(void *arg, const struct grant_cell *c)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;
	struct tpl_table_rows *row = hub_table_row(&l->t, c->item, NULL);

	if (!row)
		return E_NOMEM;
	hub_table_text(&l->t, *c->part ? arena_dup(a, c->part) : "all");
	hub_table_number(&l->t, figure(a, c));
	hub_table_text(&l->t, c->m ? c->m->id : "");
	hub_table_text(&l->t, c->because);
	return 0;
}

static int this_year(struct page *p)
{
	int year, month, day;

	date_to_ymd(p->today, &year, &month, &day);
	return year;
}

static int year_of(struct page *p)
{
	return (int)page_query_int(p, "year", YEAR_MIN, YEAR_MAX,
				   this_year(p) - 1);
}

static const struct tpl_select *years(struct page *p, int chosen)
{
	struct tpl_select_options *o = arena_alloc(&p->a, YEARS * sizeof *o);
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);
	int newest = this_year(p);

	if (!o || !s)
		return NULL;
	for (int i = 0; i < YEARS; i++) {
		o[i].value = o[i].title = arena_str(&p->a, "%d", newest - i);
		o[i].chosen = newest - i == chosen;
	}
	*s = (struct tpl_select){.name = "year",
				 .label = "Year",
				 .options = o,
				 .options_n = YEARS};
	return s;
}

static int section(struct page *p, enum grant g, int year,
		   struct tpl_hub_lists_sections *s)
{
	static const char *const TITLE[] = {"Cell", "Of", "Figure", "Measure",
					    "What to know"};
	struct tpl_actions *acts = arena_alloc(&p->a, sizeof *acts);
	struct tpl_actions_actions *csv = arena_alloc(&p->a, sizeof *csv);
	struct listing l = {.p = p};
	struct tpl_table *t;
	int r;

	if (!acts || !csv)
		return E_NOMEM;
	hub_table_begin(&l.t, &p->a, 4);
	r = grant_cells(p->site, p->db, g, year, on_cell, &l);
	*csv = (struct tpl_actions_actions){
		.href = arena_str(&p->a, "grants/%s?year=%d", grant_id(g),
				  year),
		.download = true,
		.title = "CSV"};
	*acts = (struct tpl_actions){.actions = csv, .actions_n = 1};
	t = hub_table_end(&l.t, grant_title(g), TITLE);
	if (t)
		t->quiet = true; /* the heading says it */
	*s = (struct tpl_hub_lists_sections){.id = grant_id(g),
					     .title = grant_title(g),
					     .table = t,
					     .actions = acts};
	return r;
}

static int get_grants(struct page *p)
{
	struct tpl_hub_lists_sections s[GRANTS];
	struct tpl_hub_lists_filters filter[1];
	struct tpl_hub_lists_intro intro = {
		.text = "The state's figures in the order in which grants ask "
			"for them. Help Me Grow's are of the calendar year, "
			"Title V's of the federal fiscal year that ends in "
			"it. What the record can't tell says so."};
	struct tpl_hub_lists v = {.self = "grants",
				  .filter = true,
				  .filters = filter,
				  .filters_n = 1,
				  .intro = &intro,
				  .intro_n = 1,
				  .sections = s,
				  .sections_n = GRANTS};
	int year = year_of(p), r = 0;

	for (int g = 0; g < GRANTS && r == 0; g++)
		r = section(p, (enum grant)g, year, &s[g]);
	if (r < 0)
		return r;
	filter[0].select = years(p, year);
	page_title(p, "Figures for grants, %d", year);
	page_nav(p, "reports");
	page_crumb(p, "reports", "Reports to regions");
	page_head(p)->kind = "figures";
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

static int put_cell(void *arg, const struct grant_cell *c)
{
	struct page *p = arg;
	bool closed = c->m && c->row->through >= 0 &&
		      c->row->said == SAID_FIGURE;

	page_cell(p, c->item);
	page_cell(p, c->part);
	page_cell(p, c->m ? c->m->id : NULL);
	page_cell(p, figure(&p->a, c));
	if (closed)
		page_cell_int(p, c->row->numerator.low);
	else
		page_cell(p, NULL);
	if (closed && c->row->numerator.high != UNBOUNDED)
		page_cell_int(p, c->row->numerator.high);
	else
		page_cell(p, NULL);
	page_cell(p, c->because);
	page_row_end(p);
	return 0;
}

static int get_file(struct page *p)
{
	static const char *const TITLE[] = {"cell",	   "of",  "measure",
					    "figure",	   "low", "high",
					    "what_to_know"};
	const char *form = page_param(p, "form");
	int g = 0;

	while (g < GRANTS && (!form || strcmp(form, grant_id(g)) != 0))
		g++;
	if (g == GRANTS)
		return err_set(E_NOTFOUND, "there is no such form");
	page_download(p, "text/csv; charset=utf-8",
		      arena_str(&p->a, "%s-%d.csv", form, year_of(p)));
	for (size_t i = 0; i < sizeof TITLE / sizeof *TITLE; i++)
		page_cell(p, TITLE[i]);
	page_row_end(p);
	page_exported(p, "grant", year_of(p));
	return grant_cells(p->site, p->db, (enum grant)g, year_of(p), put_cell,
			   p);
}

const struct page_route hub_grants_routes[] = {
	{PAGE_GET, "/grants", ROLES_OF_HUB, get_grants, 0},
	{PAGE_GET, "/grants/{form}", ROLES_OF_HUB, get_file, 0},
	{0},
};
