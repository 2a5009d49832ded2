#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli_our_numbers.h"
#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/measures.h"

enum { PERIODS_MAX = 240 };

static const struct cli_opt show_opts[] = {
	{"by", "LIST",
	 "region, need (or age, mode, screener: what the measure has), group"},
	{"period", "PERIOD",
	 "2026-07, 2026Q3, 2026H2, 2026, or a range 2024-01..2026-12"},
	{"total", NULL, "one figure for the whole range"},
	{"region", "REGION", "only this region"},
	{"children", NULL, "in a center: the children behind the figure"},
	{"only", "STRATUM", "with --children: only of this need, age ..."},
	{NULL},
};

static const char *unit_name(enum measure_unit u)
{
	static const char *const name[] = {[MEASURE_COUNT] = "count",
					   [MEASURE_PROPORTION] = "proportion",
					   [MEASURE_DAYS] = "days",
					   [MEASURE_RANK] = "ranking"};

	return name[u];
}

static const char *better_name(enum measure_better b)
{
	static const char *const name[] = {[BETTER_NEITHER] = "neither",
					   [BETTER_HIGHER] = "higher",
					   [BETTER_LOWER] = "lower"};

	return name[b];
}

static int run_list(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"measure", "Measure", CLI_TEXT},
		{"title", "Title", CLI_TEXT},
		{"unit", "Unit", CLI_TEXT},
		{"better", "Better", CLI_TEXT},
		{"source", "Source", CLI_TEXT},
	};
	const struct catalogue *cat;
	struct cli_table *t;
	int x;

	if ((x = cli_catalogue(c, &cat)) < 0 ||
	    (x = cli_table_new(c, &t, columns, 5, NULL)) < 0)
		return x;
	for (int i = 0; i < catalogue_measures(cat); i++) {
		const struct measure *m = catalogue_measure(cat, i);

		cli_cell(t, m->id);
		cli_cell(t, m->title);
		cli_cell(t, m->served ? unit_name(m->unit) : "not served");
		cli_cell(t, m->served ? better_name(m->better) : NULL);
		cli_cell(t, m->source);
	}
	return cli_table_end(t, "There are no measures.");
}

static int take_by(const struct cli *c, const struct fact_table *t,
		   const char *list, int *by)
{
	char word[32];
	size_t len;

	for (; list && *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		snprintf(word, sizeof word, "%.*s", (int)len, list);
		if (strcmp(word, "region") == 0)
			*by |= BY_REGION;
		else if (strcmp(word, t->dim_id) == 0)
			*by |= BY_STRATUM;
		else if (strcmp(word, "group") == 0 && t->dim.groups > 0)
			*by |= BY_GROUP;
		else
			return err_set(E_USAGE,
				       "--by takes region, %s%s, joined by "
				       "commas, not \"%s\"",
				       t->dim_id,
				       t->dim.groups ? " or group" : "", word);
	}
	return 0;
}

static int take_periods(struct cli *c, struct hub *h, const struct measure *m,
			struct period *p)
{
	const char *text = cli_get(c, "period");
	int n = 1, x;

	if (!text) {
		x = measures_newest(h, h->db, m, p);
		return x < 0 ? x : 1;
	}
	n = period_range_parse(text, p, PERIODS_MAX);
	if (n < 0)
		return err_prefix(E_USAGE, "--period");
	if (cli_get(c, "total")) {
		p[0].months = p[n - 1].month + p[n - 1].months - p[0].month;
		n = 1;
	}
	return n;
}

static int check_region(struct hub *h, const char *id);

struct printing {
	struct cli_table *t;
	const struct measure *m;
	bool people; /* a table for people, not data */
};

/* For people: few columns, in words. */
static const struct cli_col people_columns[] = {
	{"region", "Region", CLI_TEXT},
	{"period", "Period", CLI_TEXT},
	{"stratum", "For", CLI_TEXT},
	{"part", "Part", CLI_TEXT},
	{"figure", "Figure", CLI_TEXT},
	{"numerator", "Count", CLI_TEXT},
	{"denominator", "Of", CLI_TEXT},
	{"heard", "Regions heard", CLI_TEXT},
	{"through", "Closed through", CLI_TEXT},
};
static const struct cli_col data_columns[] = {
	{"measure", "", CLI_TEXT},
	{"region", "", CLI_TEXT},
	{"region_title", "", CLI_TEXT},
	{"period", "", CLI_TEXT},
	{"stratum", "", CLI_TEXT},
	{"stratum_title", "", CLI_TEXT},
	{"part", "", CLI_TEXT},
	{"percentile", "", CLI_NUMBER},
	{"low", "", CLI_NUMBER},
	{"high", "", CLI_NUMBER},
	{"numerator", "", CLI_TEXT},
	{"denominator", "", CLI_TEXT},
	{"denominator_low", "", CLI_NUMBER},
	{"denominator_high", "", CLI_NUMBER},
	{"rate", "", CLI_TEXT},
	{"rate_low", "", CLI_NUMBER},
	{"rate_high", "", CLI_NUMBER},
	{"days_low", "", CLI_NUMBER},
	{"days_high", "", CLI_NUMBER},
	{"view", "", CLI_TEXT},
	{"step", "", CLI_TEXT},
	{"regions_heard", "", CLI_NUMBER},
	{"regions", "", CLI_NUMBER},
	{"closed_through", "", CLI_TEXT},
};

static void put_month(struct cli_table *t, int32_t month)
{
	char text[PERIOD_TEXT];

	cli_cell(t, month < 0 ? NULL
			      : period_format((struct period){month, 1}, text));
}

static void put_range_text(struct cli_table *t, struct range r, bool given)
{
	char text[FIGURE_TEXT];

	cli_cell(t, given ? figure_range(r, text) : NULL);
}

static const char *part_name(const struct measure_row *r, char out[100])
{
	if (r->percentile == 50)
		return "median";
	if (r->percentile)
		snprintf(out, 100, "%dth percentile", r->percentile);
	else
		snprintf(out, 100, "%s", r->part_title);
	return out;
}

static void put_people(struct printing *p, const struct measure_row *r)
{
	char text[FIGURE_TEXT], part[100], period[60];
	bool has_denominator = p->m->unit != MEASURE_COUNT && !r->percentile;

	cli_cell(p->t, r->region_title);
	cli_cell(p->t, figure_period(r->period, period));
	cli_cell(p->t, *r->stratum_title ? r->stratum_title : "all");
	cli_cell(p->t, part_name(r, part));
	cli_cell(p->t, figure_of(p->m, r, text));
	put_range_text(p->t, r->numerator, true);
	put_range_text(p->t, r->denominator, has_denominator);
	cli_cell_fmt(p->t, "%d of %d", r->regions_heard, r->regions_all);
	put_month(p->t, r->through);
}

static void put_range(struct cli_table *t, struct range r, bool given)
{
	if (given)
		cli_cell_int(t, r.low);
	else
		cli_cell(t, NULL);
	if (given && r.high != UNBOUNDED)
		cli_cell_int(t, r.high);
	else
		cli_cell(t, NULL);
}

static void put_rate(struct cli_table *t, const struct measure_row *r)
{
	char text[FIGURE_TEXT];

	if (!r->has_rate) {
		cli_cell(t, NULL);
		cli_cell(t, NULL);
		cli_cell(t, NULL);
		return;
	}
	cli_cell(t, figure_rate(r, text));
	cli_cell_fmt(t, "%.6f", r->rate_low);
	cli_cell_fmt(t, "%.6f", r->rate_high);
}

static void put_days(struct cli_table *t, int day)
{
	if (day < 0)
		cli_cell(t, NULL);
	else
		cli_cell_int(t, day);
}

static void put_period(struct cli_table *t, struct period p)
{
	char first[PERIOD_TEXT], last[PERIOD_TEXT];
	struct period end = {p.month + p.months - 1, 1};
	bool named = (p.months == 1 || p.months == 3 || p.months == 6 ||
		      p.months == 12) &&
		     p.month % p.months == 0;

	if (named)
		cli_cell(t, period_format(p, first));
	else
		cli_cell_fmt(t, "%s..%s",
			     period_format((struct period){p.month, 1}, first),
			     period_format(end, last));
}

static void put_data(struct printing *p, const struct measure_row *r)
{
	bool has_denominator = p->m->unit != MEASURE_COUNT && !r->percentile;
	struct cli_table *t = p->t;

	cli_cell(t, p->m->id);
	cli_cell(t, *r->region ? r->region : NULL);
	cli_cell(t, r->region_title);
	put_period(t, r->period);
	cli_cell(t, *r->stratum_id ? r->stratum_id : NULL);
	cli_cell(t, *r->stratum_title ? r->stratum_title : NULL);
	cli_cell(t, *r->part_id ? r->part_id : NULL);
	put_days(t, r->percentile ? r->percentile : -1);
	put_range(t, r->numerator, true);
	put_range_text(t, r->numerator, true);
	put_range_text(t, r->denominator, has_denominator);
	put_range(t, r->denominator, has_denominator);
	put_rate(t, r);
	put_days(t, r->percentile ? r->days_low : -1);
	put_days(t, r->percentile ? r->days_high : -1);
	cli_cell(t, *r->view ? r->view : NULL);
	cli_cell(t, *r->step ? r->step : NULL);
	cli_cell_int(t, r->regions_heard);
	cli_cell_int(t, r->regions_all);
	put_month(t, r->through);
}

static int put_row(void *arg, const struct measure_row *r)
{
	struct printing *p = arg;

	if (p->people)
		put_people(p, r);
	else
		put_data(p, r);
	return 0;
}

struct finding {
	const char *id;
	bool found;
};

static int on_region(void *arg, const struct region_row *r)
{
	struct finding *f = arg;

	f->found |= strcmp(f->id, r->id) == 0;
	return 0;
}

static int check_region(struct hub *h, const char *id)
{
	struct finding f = {id, false};
	int x;

	if (!id)
		return 0;
	x = hub_regions(h, on_region, &f);
	if (x < 0 || f.found)
		return x;
	return err_set(E_NOTFOUND,
		       "There is no region %s; see ccfed hub region list", id);
}

static int print_measure(struct cli *c, struct hub *h, const struct measure *m,
			 const struct period *p, int n, int by)
{
	struct printing out = {.m = m, .people = c->format == FORMAT_TABLE};
	char banner[200], notice[900];
	int x;

	policy_banner(&h->policy, banner, sizeof banner);
	if (out.people)
		snprintf(notice, sizeof notice, "%s: %s. %s %s", m->id,
			 m->title, m->is_not, banner);
	else
		snprintf(notice, sizeof notice, "%s", banner);
	x = cli_table_new(
		c, &out.t, out.people ? people_columns : data_columns,
		out.people
			? (int)(sizeof people_columns / sizeof *people_columns)
			: (int)(sizeof data_columns / sizeof *data_columns),
		notice);
	if (x < 0)
		return x;
	cli_table_fail(out.t,
		       measures_show(h, h->db, m, p, n, by,
				     cli_get(c, "region"), put_row, &out));
	return cli_table_end(out.t, "There are no regions.");
}

static int run_show(struct cli *c)
{
	struct period p[PERIODS_MAX];
	const struct catalogue *cat;
	const struct measure *m;
	struct hub *h;
	int x, i, by = 0;

	if ((x = cli_catalogue(c, &cat)) < 0)
		return x;
	i = catalogue_find_measure(cat, cli_arg(c, 0));
	if (i < 0)
		return err_set(E_NOTFOUND,
			       "There is no measure %s; see ccfed measure list",
			       cli_arg(c, 0));
	m = catalogue_measure(cat, i);
	if (!m->served)
		return err_set(E_NOTFOUND, "%s, %s, is not served: %s", m->id,
			       m->title, m->because);
	if (strcmp(cli_dir_sort(c), "node") == 0)
		return cli_our_numbers(c, m);
	if ((x = cli_hub(c, &h)) < 0)
		return x;
	if (cli_get(c, "children") || cli_get(c, "only"))
		return err_set(E_USAGE, "The state's numbers have no children "
					"behind them; ask in a center");
	if ((x = take_by(c, catalogue_table(h->cat, m->numerator.table),
			 cli_get(c, "by"), &by)) < 0 ||
	    (x = check_region(h, cli_get(c, "region"))) < 0)
		return x;
	x = take_periods(c, h, m, p);
	return x < 0 ? x : print_measure(c, h, m, p, x, by);
}

const struct command cli_measure_commands[] = {
	{"measure", "list", "",
	 "The measures: what each one counts and where it is from.", NULL, 0, 0,
	 run_list},
	{"measure", "show", "MEASURE [--by LIST] [--period PERIOD]",
	 "One measure, for the state and by region or need.\n"
	 "In a center's directory: its own numbers, exact, as the record is\n"
	 "now; \"settled\" when nothing of a period is still to come.\n"
	 "\n"
	 "A figure is exact (\"34\") when it was published at this place. If\n"
	 "not, it is a range (\"34 to 41\"): low is what is known to be in "
	 "it,\n"
	 "high adds what may be: numbers published for a larger place that\n"
	 "overlaps this one, and numbers held back because they are small.\n"
	 "The truth lies in the range. \"34 or more\" means that nothing\n"
	 "limits what is held back. The first share is of what is published.\n"
	 "Without --period: the newest year that all regions have closed.\n"
	 "The state's row adds up the regions that closed the whole period.",
	 show_opts, 1, 1, run_show},
	{NULL},
};
