#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/page.h"
#include "proto/catalogue.h"
#include "proto/vocabulary.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/tpl_numbers.h"
#include "regional/node.h"
#include "regional/release/our_numbers.h"

enum { QUARTERS = 8, CELLS = 4 };

/* A table that is being filled, of one measure at a time. */
struct filling {
	struct page *p;
	const struct measure *m;
	struct desk_table table;
	bool by_period;	 /* the row's name is its period, else its stratum */
	bool only_first; /* one row a measure: its title */
	bool hide; /* the rest of the measure's rows: parts of a ranking */
};

static struct node *node_of(struct page *p)
{
	return ((struct desk *)p->site)->n;
}

static struct filling filling_of(struct page *p)
{
	struct filling f = {.p = p};

	desk_table_begin(&f.table, p);
	return f;
}

static const char *figure(struct page *p, const struct measure *m,
			  const struct our_row *r)
{
	if (r->percentile)
		return r->days_low < 0 ? "none"
				       : arena_str(&p->a, "%d to %d days",
						   r->days_low, r->days_high);
	if (m->unit == MEASURE_COUNT)
		return arena_str(&p->a, "%lld", (long long)r->numerator);
	if (r->denominator == 0)
		return "none to count";
	return arena_str(&p->a, "%.1f %%",
			 100.0 * (double)r->numerator / (double)r->denominator);
}

static const char *part_title(const struct filling *f, const struct our_row *r)
{
	const struct node *n = node_of(f->p);
	const struct fact_table *t =
		catalogue_table(n->cat, f->m->numerator.table);
	const struct word *w =
		vocabulary_stratum(n->rec.words, t->dim_id, r->stratum);

	if (r->percentile)
		return r->percentile == 50 ? "Median" : "90th percentile";
	if (r->part >= 0)
		return t->outcome[f->m->part[r->part]].title;
	return w ? w->title : "All";
}

static const char *name_of(struct filling *f, const struct our_row *r)
{
	char period[40];

	if (f->only_first)
		return f->m->title;
	if (!f->by_period)
		return part_title(f, r);
	period_title(r->period, period);
	if (r->part < 0 && !r->percentile)
		return arena_dup(&f->p->a, period);
	return arena_str(&f->p->a, "%s, %s", period, part_title(f, r));
}

static int on_figure(void *arg, const struct our_row *r)
{
	struct filling *f = arg;
	struct arena *a = &f->p->a;
	struct tpl_table_rows_cells *cell;

	if (f->hide)
		return 0;
	f->hide = f->only_first;
	cell = desk_table_row(
		&f->table, name_of(f, r),
		f->only_first ? arena_str(a, "numbers/%s", f->m->id) : NULL,
		CELLS);
	if (!cell)
		return E_NOMEM;
	cell[0].text = figure(f->p, f->m, r);
	cell[1].text = arena_str(a, "%lld", (long long)r->numerator);
	cell[1].number = true;
	if (f->m->unit != MEASURE_COUNT && !r->percentile)
		cell[2].text = arena_str(a, "%lld", (long long)r->denominator);
	cell[2].number = true;
	cell[3].text = r->settled ? "Yes" : "Not yet";
	return 0;
}

static const struct tpl_table *table_of(struct filling *f, const char *caption,
					const char *first)
{
	const char *const TITLE[] = {first, "Figure", "Count", "Of", "Settled"};

	return desk_table_end(&f->table, caption, TITLE, CELLS + 1, true);
}

static void begin(struct page *p, const char *title)
{
	page_title(p, "%s", title);
	page_nav(p, "numbers");
	page_head(p)->meta = "Exact figures of this center, from its own "
			     "record: for its staff, not for others.";
}

static int get_numbers(struct page *p)
{
	struct node *n = node_of(p);
	struct filling f = filling_of(p);
	struct tpl_numbers_lists list[1] = {0};
	int r = 0;

	f.only_first = true;
	for (int i = 0; r == 0 && i < catalogue_measures(n->cat); i++) {
		struct period year;

		f.m = catalogue_measure(n->cat, i);
		if (!f.m->served)
			continue;
		f.hide = false;
		year = our_numbers_newest(n, f.m);
		r = our_numbers_show(n, f.m, &year, 1, 0, on_figure, &f);
	}
	if (r != 0)
		return r;
	begin(p, "Our numbers");
	list[0] = (struct tpl_numbers_lists){
		.id = "year",
		.title = "The newest full year of each measure",
		.meta = arena_str(&p->a, "%zu measures", f.table.rows.n),
		.table = table_of(&f, "Measures", "Measure"),
	};
	tpl_numbers(page_body(p),
		    &(struct tpl_numbers){.lists = list, .lists_n = 1});
	return 0;
}

/* The quarters before the end of the newest full year, the newest first. */
static int show_quarters(struct filling *f, struct period year)
{
	struct period quarter[QUARTERS];
	int32_t end = year.month + year.months;

	for (int i = 0; i < QUARTERS; i++)
		quarter[i] = (struct period){end - 3 * (i + 1), 3};
	f->by_period = true;
	return our_numbers_show(node_of(f->p), f->m, quarter, QUARTERS, 0,
				on_figure, f);
}

static int measure_of(struct page *p, const struct measure **out)
{
	const struct catalogue *cat = node_of(p)->cat;
	const char *id = page_param(p, "measure");
	int i = id ? catalogue_find_measure(cat, id) : -1;

	if (i < 0 || !catalogue_measure(cat, i)->served)
		return err_set(E_NOTFOUND, "there is no such measure");
	*out = catalogue_measure(cat, i);
	return 0;
}

static int get_measure(struct page *p)
{
	struct filling q = filling_of(p), s = filling_of(p);
	struct tpl_numbers_lists list[2] = {0};
	struct period year;
	char title[40];
	int r = measure_of(p, &q.m);

	if (r < 0)
		return r;
	s.m = q.m;
	year = our_numbers_newest(node_of(p), q.m);
	period_title(year, title);
	r = show_quarters(&q, year);
	if (r == 0)
		r = our_numbers_show(node_of(p), s.m, &year, 1, OUR_BY_STRATUM,
				     on_figure, &s);
	if (r != 0)
		return r;
	begin(p, q.m->title);
	page_crumb(p, "numbers", "Our numbers");
	list[0] = (struct tpl_numbers_lists){
		.id = "parts",
		.title = arena_str(&p->a, "%s, in parts", title),
		.table = table_of(&s, "In parts", "For"),
	};
	list[1] = (struct tpl_numbers_lists){
		.id = "quarters",
		.title = "Quarter by quarter",
		.table = table_of(&q, "Quarters", "Quarter"),
	};
	tpl_numbers(page_body(p), &(struct tpl_numbers){.measure = q.m->id,
							.formula = q.m->formula,
							.is_not = q.m->is_not,
							.source = q.m->source,
							.lists = list,
							.lists_n = 2});
	return 0;
}

const struct page_route desk_numbers_routes[] = {
	{PAGE_GET, "/numbers", ROLES_OF_NODE, get_numbers, 0},
	{PAGE_GET, "/numbers/{measure}", ROLES_OF_NODE, get_measure, 0},
	{0},
};
