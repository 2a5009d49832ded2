#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_region.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_pager.h"
#include "daemon/web/tpl_tabs.h"
#include "proto/catalogue.h"

enum { COLUMNS_MAX = 1 + 64 }; /* the state, and regions as in measures.c */

/* Rows by need, or by reason; columns the state and each region. */
struct matrix {
	struct page *p;
	struct hub *h;
	const struct measure *m;
	struct arena_list rows; /* struct measure_row, of one measure */
	const char *column[COLUMNS_MAX];
	char id[COLUMNS_MAX][REGION_ID];
	int n;
	struct hub_table t;
};

static int keep(void *arg, const struct measure_row *r)
{
	struct matrix *x = arg;
	struct measure_row *row = arena_add(&x->rows);
	int i = 0;

	if (!row)
		return E_NOMEM;
	*row = *r;
	while (i < x->n && strcmp(x->id[i], r->region) != 0)
		i++;
	if (i == x->n && x->n < COLUMNS_MAX) {
		memcpy(x->id[x->n], r->region, REGION_ID);
		x->column[x->n++] = arena_dup(&x->p->a, r->region_title);
	}
	return 0;
}

/* What stands in one row of the matrix: the same stratum, or the same part. */
static bool alike(const struct measure_row *a, const struct measure_row *b)
{
	return a->part == b->part && a->stratum.level == b->stratum.level &&
	       a->stratum.no == b->stratum.no;
}

static void add_row(struct matrix *x, const struct measure_row *of,
		    const char *name)
{
	const struct measure_row *row = x->rows.items;
	struct arena *a = &x->p->a;
	char text[FIGURE_TEXT];

	hub_table_row(&x->t, name, arena_str(a, "measure/%s", x->m->id));
	for (int i = 0; i < x->n; i++) {
		const char *said = "";

		for (size_t k = 0; k < x->rows.n; k++)
			if (alike(&row[k], of) &&
			    strcmp(row[k].region, x->id[i]) == 0)
				said = arena_dup(
					a, figure_of(x->m, &row[k], text));
		hub_table_number(&x->t, said);
	}
}

static int read(struct matrix *x, const char *id, int by)
{
	int k = catalogue_find_measure(x->h->cat, id);
	struct period newest;
	int r;

	x->rows = (struct arena_list){.arena = &x->p->a,
				      .size = sizeof(struct measure_row)};
	if (k < 0)
		return E_NOTFOUND;
	x->m = catalogue_measure(x->h->cat, k);
	r = measures_newest(x->h, x->p->db, x->m, &newest);
	if (r == 0)
		r = measures_show(x->h, x->p->db, x->m, &newest, 1,
				  BY_REGION | by, NULL, keep, x);
	return r;
}

static struct tpl_table *end(struct matrix *x, const char *caption,
			     const char *first)
{
	const char *title[COLUMNS_MAX + 1];

	title[0] = first;
	for (int i = 0; i < x->n; i++)
		title[i + 1] = x->column[i];
	return hub_table_end(&x->t, caption, title);
}

static int by_need(struct matrix *x, const struct tpl_table **out)
{
	const struct measure_row *row;
	int r = read(x, "M16R", BY_STRATUM);

	if (r < 0)
		return r == E_NOTFOUND ? 0 : r;
	row = x->rows.items;
	hub_table_begin(&x->t, &x->p->a, x->n);
	for (size_t i = 0; i < x->rows.n; i++)
		if (!*row[i].region)
			add_row(x, &row[i],
				row[i].stratum.level == LEVEL_ANY
					? "All needs"
					: arena_dup(&x->p->a,
						    row[i].stratum_title));
	*out = end(x, "Referrals that led to no service, by need", "Need");
	return 0;
}

static int by_reason(struct matrix *x, const struct tpl_table **out)
{
	static const char *const REASON[] = {"M17R", "M19", "M18R"};
	bool begun = false;
	int r = 0;

	for (size_t i = 0; i < 3 && r == 0; i++) {
		const struct measure_row *row;

		r = read(x, REASON[i], 0);
		if (r == E_NOTFOUND) {
			r = 0;
			continue;
		}
		row = x->rows.items;
		if (!begun)
			hub_table_begin(&x->t, &x->p->a, x->n);
		begun = true;
		for (size_t k = 0; k < x->rows.n && r == 0; k++)
			if (!*row[k].region)
				add_row(x, &row[k],
					row[k].part < 0
						? x->m->title
						: arena_str(
							  &x->p->a,
							  "Of the barriers: %s",
							  row[k].part_title));
	}
	if (begun)
		*out = end(x, "Why not, by region", "Reason");
	return r;
}

static int get_gaps(struct page *p)
{
	struct matrix x = {.p = p, .h = p->site};
	struct tpl_empty none = {.text = "No region has reported yet."};
	struct tpl_hub_lists_sections_lines
		need = {"The newest year that most regions closed; if there is "
			"none, the newest quarter or month. A range is what is "
			"known: some numbers are held "
			"back, because too few children stand behind them."},
		why = {"By need and reason together too little would leave a "
		       "region to say anything, so reasons stand for all "
		       "needs. "
		       "Which service is missing for whom, the regions' "
		       "collaboratives know."};
	struct tpl_hub_lists_sections s[2] = {
		{.id = "needs",
		 .title = "Where referrals lead nowhere",
		 .lines = &need,
		 .lines_n = 1,
		 .empty = &none},
		{.id = "reasons",
		 .title = "Why",
		 .lines = &why,
		 .lines_n = 1,
		 .empty = &none},
	};
	struct tpl_hub_lists v = {.sections = s, .sections_n = 2};
	int r = by_need(&x, &s[0].table);

	if (r == 0)
		r = by_reason(&x, &s[1].table);
	if (r < 0)
		return r;
	page_title(p, "Gaps");
	page_nav(p, "gaps");
	page_head(p)->kind = "figures";
	tpl_hub_lists(page_body(p), &v);
	return arena_check(&p->a);
}

const struct page_route hub_gaps_routes[] = {
	{PAGE_GET, "/gaps", ROLES_OF_HUB, get_gaps, 0},
	{0},
};
