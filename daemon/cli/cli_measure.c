#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/cli/cli_our_numbers.h"
#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/store.h"

enum { PERIODS_MAX = 240 };

static const struct cli_opt show_opts[] = {
	{"by", "LIST",
	 "region, need (or age, mode, screener: what the measure has), group"},
	{"period", "PERIOD",
	 "2026-07, 2026Q3, 2026H2, 2026, or a range 2024-01..2026-12"},
	{"total", NULL, "one figure for the whole range"},
	{"region", "REGION", "only this region, by its id or title"},
	{"as-of", "DATE", "as the hub knew it at the end of that day"},
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
	{"figure", "Figure", CLI_NUMBER},
	{"numerator", "Count", CLI_NUMBER},
	{"denominator", "Of", CLI_NUMBER},
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
	{"part_title", "", CLI_TEXT},
	{"percentile", "", CLI_NUMBER},
	{"low", "", CLI_NUMBER},
	{"high", "", CLI_NUMBER},
	{"numerator", "", CLI_NUMBER},
	{"denominator", "", CLI_NUMBER},
	{"denominator_low", "", CLI_NUMBER},
	{"denominator_high", "", CLI_NUMBER},
	{"rate", "", CLI_NUMBER},
	{"rate_low", "", CLI_NUMBER},
	{"rate_high", "", CLI_NUMBER},
	{"days_low", "", CLI_NUMBER},
	{"days_high", "", CLI_NUMBER},
	{"view", "", CLI_TEXT},
	{"step", "", CLI_TEXT},
	{"regions_heard", "", CLI_NUMBER},
	{"regions", "", CLI_NUMBER},
	{"closed_from", "", CLI_TEXT},
	{"closed_through", "", CLI_TEXT},
};

static void put_month(struct cli_table *t, int32_t month)
{
	char text[PERIOD_TEXT];

	cli_cell(t, month < 0 ? NULL
			      : period_format((struct period){month, 1}, text));
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

/* "2026, through 2026-07" */
static void put_covered(struct cli_table *t, const struct measure_row *r)
{
	struct period first = {r->from, 1}, last = {r->through, 1};
	int32_t end = r->period.month + r->period.months - 1;
	char period[60], from[PERIOD_TEXT], through[PERIOD_TEXT];

	figure_period(r->period, period);
	if (!measure_row_partial(r))
		cli_cell(t, period);
	else if (r->from == r->period.month)
		cli_cell_fmt(t, "%s, through %s", period,
			     period_format(last, through));
	else if (r->through == end)
		cli_cell_fmt(t, "%s, from %s", period,
			     period_format(first, from));
	else
		cli_cell_fmt(t, "%s, %s through %s", period,
			     period_format(first, from),
			     period_format(last, through));
}

static void put_people(struct printing *p, const struct measure_row *r)
{
	char text[FIGURE_TEXT], part[100];

	cli_cell(p->t, r->region_title);
	put_covered(p->t, r);
	cli_cell(p->t, *r->stratum_title ? r->stratum_title : "all");
	cli_cell(p->t, part_name(r, part));
	cli_cell(p->t, figure_of(p->m, r, text));
	cli_cell(p->t, figure_count(r, text));
	cli_cell(p->t, figure_whole(p->m, r, text));
	if (*r->region)
		cli_cell(p->t, NULL);
	else
		cli_cell_fmt(p->t, "%d of %d", r->regions_heard,
			     r->regions_all);
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

static void put_exact(struct cli_table *t, struct range r, bool given)
{
	if (given && r.low == r.high)
		cli_cell_int(t, r.low);
	else
		cli_cell(t, NULL);
}

static void put_rate(struct cli_table *t, const struct measure_row *r)
{
	if (!r->has_rate || r->through < 0) {
		cli_cell(t, NULL);
		cli_cell(t, NULL);
		cli_cell(t, NULL);
		return;
	}
	if (r->rate_low >= r->rate_high)
		cli_cell_fmt(t, "%.6f", r->rate_low);
	else
		cli_cell(t, NULL);
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
	bool closed = r->through >= 0;
	bool whole = closed && p->m->unit != MEASURE_COUNT && !r->percentile;
	struct cli_table *t = p->t;

	cli_cell(t, p->m->id);
	cli_cell(t, *r->region ? r->region : NULL);
	cli_cell(t, r->region_title);
	put_period(t, r->period);
	cli_cell(t, *r->stratum_id ? r->stratum_id : NULL);
	cli_cell(t, *r->stratum_title ? r->stratum_title : NULL);
	cli_cell(t, *r->part_id ? r->part_id : NULL);
	cli_cell(t, *r->part_title ? r->part_title : NULL);
	put_days(t, r->percentile ? r->percentile : -1);
	put_range(t, r->numerator, closed);
	put_exact(t, r->numerator, closed);
	put_exact(t, r->denominator, whole);
	put_range(t, r->denominator, whole);
	put_rate(t, r);
	put_days(t, r->percentile && closed ? r->days_low : -1);
	put_days(t, r->percentile && closed ? r->days_high : -1);
	cli_cell(t, *r->view ? r->view : NULL);
	cli_cell(t, *r->step ? r->step : NULL);
	cli_cell_int(t, r->regions_heard);
	cli_cell_int(t, r->regions_all);
	put_month(t, r->from);
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

static const struct measure *find_measure(const struct catalogue *cat,
					  const char *word)
{
	for (int i = 0; i < catalogue_measures(cat); i++)
		if (strcasecmp(catalogue_measure(cat, i)->id, word) == 0)
			return catalogue_measure(cat, i);
	err_set(E_NOTFOUND, "There is no measure %s; see ccfed measure list",
		word);
	return NULL;
}

struct wanted {
	const struct measure *m;
	struct period p[PERIODS_MAX];
	int n, by;
	int never; /* asked for, and not published so */
	char region[REGION_ID];
};

/* One sentence instead of a row of nothing for each need. */
static void say_never(const struct hub *h, const struct wanted *w, char *out,
		      size_t size)
{
	const struct fact_table *t =
		catalogue_table(h->cat, w->m->numerator.table);

	out[0] = '\0';
	if (w->never)
		snprintf(out, size,
			 "%s is never published by %s%s, only for all "
			 "together. ",
			 w->m->id, w->never & BY_STRATUM ? "" : "group of ",
			 t->dim_id);
}

static int print_measure(struct cli *c, struct hub *h, const struct wanted *w)
{
	const struct measure *m = w->m;
	struct printing out = {.m = m, .people = c->format == FORMAT_TABLE};
	char banner[200], never[120], notice[1100];
	int x;

	policy_banner(&h->policy, banner, sizeof banner);
	say_never(h, w, never, sizeof never);
	if (out.people)
		snprintf(notice, sizeof notice, "%s: %s. %s %s%s", m->id,
			 m->title, m->is_not, never, banner);
	else
		snprintf(notice, sizeof notice, "%s%s", never, banner);
	x = cli_table_new(
		c, &out.t, out.people ? people_columns : data_columns,
		out.people
			? (int)(sizeof people_columns / sizeof *people_columns)
			: (int)(sizeof data_columns / sizeof *data_columns),
		notice);
	if (x < 0)
		return x;
	cli_table_fail(out.t, measures_show(h, h->db, m, w->p, w->n, w->by,
					    *w->region ? w->region : NULL,
					    put_row, &out));
	return cli_table_end(out.t, "There are no regions.");
}

/* What came later is not looked at by this command. */
static int take_as_of(struct cli *c, struct hub *h)
{
	int32_t day = INT32_MIN;
	int x = cli_get_date(c, "as-of", &day);

	return x < 0 || day == INT32_MIN ? x : store_as_of(h->db, day);
}

static int run_show(struct cli *c)
{
	const struct catalogue *cat;
	struct wanted w = {0};
	struct hub *h;
	int x;

	if ((x = cli_catalogue(c, &cat)) < 0)
		return x;
	w.m = find_measure(cat, cli_arg(c, 0));
	if (!w.m)
		return E_NOTFOUND;
	if (!w.m->served)
		return err_set(E_NOTFOUND, "%s, %s, is not served: %s", w.m->id,
			       w.m->title, w.m->because);
	if (strcmp(cli_dir_sort(c), "node") == 0)
		return cli_our_numbers(c, w.m);
	if ((x = cli_hub(c, &h)) < 0)
		return x;
	if (cli_get(c, "children") || cli_get(c, "only"))
		return err_set(E_USAGE, "The state's numbers have no children "
					"behind them; ask in a center");
	if ((x = take_as_of(c, h)) < 0)
		return x;
	if ((x = take_by(c, catalogue_table(h->cat, w.m->numerator.table),
			 cli_get(c, "by"), &w.by)) < 0 ||
	    (cli_get(c, "region") &&
	     (x = roster_find(h->db, cli_get(c, "region"), w.region)) < 0) ||
	    (w.n = take_periods(c, h, w.m, w.p)) < 0)
		return x < 0 ? x : w.n;
	w.never = measures_never(h->cat, w.m, w.by);
	w.by &= ~w.never;
	return print_measure(c, h, &w);
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
	 "limits what is held back; \"not published\", that it may be none or\n"
	 "all.\n"
	 "\n"
	 "Without --period: the newest year, else quarter, else month, that\n"
	 "more than half of the joined regions closed. The state's row adds\n"
	 "up the regions that closed the whole period, and says how many. Of\n"
	 "a period that nobody closed whole it shows the closed months, like\n"
	 "\"2026, through 2026-07\".\n"
	 "\n"
	 "What is counted on a day, each quarter's end or that of a year, is\n"
	 "shown as it was on the last such day of the period.\n"
	 "\n"
	 "CSV and JSON hold numbers: low and high are ends of the count;\n"
	 "numerator, denominator and rate are empty unless exact.",
	 show_opts, 1, 1, run_show},
	{NULL},
};
