#include "daemon/cli/cli_our_numbers.h"

#include <stdio.h>
#include <string.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "proto/vocabulary.h"
#include "regional/node.h"
#include "regional/release/our_numbers.h"

struct printing {
	struct cli_table *t;
	const struct node *n;
	const struct measure *m;
	const struct fact_table *facts;
};

static const struct cli_col figure_columns[] = {
	{"measure", "Measure", CLI_TEXT},  {"period", "Period", CLI_TEXT},
	{"stratum", "For", CLI_TEXT},	   {"part", "Part", CLI_TEXT},
	{"figure", "Figure", CLI_TEXT},	   {"numerator", "Count", CLI_NUMBER},
	{"denominator", "Of", CLI_NUMBER}, {"settled", "Settled", CLI_TEXT},
};
static const struct cli_col child_columns[] = {
	{"occurrence", "Occurrence", CLI_NUMBER},
	{"child", "Child", CLI_NUMBER},
	{"date", "Date", CLI_TEXT},
	{"stratum", "For", CLI_TEXT},
	{"outcome", "Outcome", CLI_TEXT},
	{"counts", "In the count", CLI_TEXT},
};

static const char *stratum_title(const struct printing *p, struct stratum s)
{
	const struct word *w =
		vocabulary_stratum(p->n->rec.words, p->facts->dim_id, s);

	return w ? w->title : "all";
}

/* As the hub's figures are written, and so that they compare. */
static const char *figure(const struct printing *p, const struct our_row *r,
			  char out[FIGURE_TEXT])
{
	struct measure_row row = {
		.part = r->part,
		.percentile = r->percentile,
		.numerator = {r->numerator, r->numerator},
		.denominator = {r->denominator, r->denominator},
		.rest = {r->denominator - r->numerator,
			 r->denominator - r->numerator},
		.days_low = r->days_low,
		.days_high = r->days_high,
		.has_rate = r->denominator > 0};

	if (row.has_rate)
		row.rate_low = row.rate_high =
			(double)r->numerator / (double)r->denominator;
	return figure_of(p->m, &row, out);
}

static int put_row(void *arg, const struct our_row *r)
{
	struct printing *p = arg;
	char text[FIGURE_TEXT], period[60];

	cli_cell(p->t, p->m->id);
	cli_cell(p->t, figure_period(r->period, period));
	cli_cell(p->t, stratum_title(p, r->stratum));
	if (r->percentile == 50)
		cli_cell(p->t, "median");
	else if (r->percentile)
		cli_cell_fmt(p->t, "%dth percentile", r->percentile);
	else
		cli_cell(
			p->t,
			r->part < 0
				? NULL
				: p->facts->outcome[p->m->part[r->part]].title);
	cli_cell(p->t, figure(p, r, text));
	cli_cell_int(p->t, r->numerator);
	if (p->m->unit == MEASURE_COUNT)
		cli_cell(p->t, NULL);
	else
		cli_cell_int(p->t, r->denominator);
	cli_cell(p->t, r->settled ? "yes" : "not yet");
	return 0;
}

static int put_child(void *arg, const struct our_child *c)
{
	struct printing *p = arg;

	cli_cell_int(p->t, c->occurrence);
	cli_cell_int(p->t, c->child);
	cli_cell_date(p->t, c->day);
	cli_cell(p->t, stratum_title(p, c->stratum));
	cli_cell(p->t, p->facts->outcome[c->outcome].title);
	cli_cell(p->t, c->counts ? "yes" : "no");
	return 0;
}

static int take_by(const struct printing *p, const char *list, int *by)
{
	char word[32];
	size_t len;

	for (; list && *list; list += len + (list[len] == ',')) {
		len = strcspn(list, ",");
		snprintf(word, sizeof word, "%.*s", (int)len, list);
		if (strcmp(word, p->facts->dim_id) == 0)
			*by |= OUR_BY_STRATUM;
		else if (strcmp(word, "group") == 0 && p->facts->dim.groups)
			*by |= OUR_BY_GROUP;
		else
			return err_set(E_USAGE,
				       "A center's own numbers are by %s%s, "
				       "not \"%s\"",
				       p->facts->dim_id,
				       p->facts->dim.groups ? " or group" : "",
				       word);
	}
	return 0;
}

static int take_stratum(const struct printing *p, const char *id,
			struct stratum *s)
{
	*s = (struct stratum){LEVEL_ANY, 0};
	if (!id)
		return 0;
	s->level = LEVEL_LEAF;
	s->no = vocabulary_leaf(p->n->rec.words, p->facts->dim_id, id);
	if (s->no < 0)
		return err_set(E_USAGE, "There is no %s \"%.40s\"",
			       p->facts->dim_id, id);
	return 0;
}

static int show_children(struct cli *c, struct node *n, struct printing *p,
			 struct period period)
{
	struct stratum s;
	int x;

	if ((x = take_stratum(p, cli_get(c, "only"), &s)) < 0 ||
	    (x = cli_table_new(c, &p->t, child_columns,
			       sizeof child_columns / sizeof *child_columns,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(p->t,
		       our_numbers_children(n, p->m, period, s, put_child, p));
	return cli_table_end(p->t, "There is none.");
}

static int show_figures(struct cli *c, struct node *n, struct printing *p,
			const struct period *period, int periods)
{
	char notice[900];
	int by = 0, x;

	snprintf(notice, sizeof notice,
		 "%s: %s. %s Exact and of this center alone: not for others.",
		 p->m->id, p->m->title, p->m->is_not);
	if ((x = take_by(p, cli_get(c, "by"), &by)) < 0 ||
	    (x = cli_table_new(c, &p->t, figure_columns,
			       sizeof figure_columns / sizeof *figure_columns,
			       notice)) < 0)
		return x;
	cli_table_fail(p->t, our_numbers_show(n, p->m, period, periods, by,
					      put_row, p));
	return cli_table_end(p->t, "There is none.");
}

int cli_our_numbers(struct cli *c, const struct measure *m)
{
	struct period period[OUR_PERIODS_MAX];
	struct printing p = {.m = m};
	int periods = 1, x;
	struct node *n;

	if ((x = cli_node(c, &n)) < 0)
		return x;
	if (cli_get(c, "region"))
		return err_set(E_USAGE, "This is one center's own directory: "
					"there is no --region");
	p.n = n;
	p.facts = catalogue_table(n->cat, m->numerator.table);
	period[0] = our_numbers_newest(n, m);
	if (cli_get(c, "period"))
		periods = period_range_parse(cli_get(c, "period"), period,
					     OUR_PERIODS_MAX);
	if (periods < 0)
		return err_prefix(E_USAGE, "--period");
	if (cli_get(c, "total") || cli_get(c, "children")) {
		period[0].months = period[periods - 1].month +
				   period[periods - 1].months - period[0].month;
		periods = 1;
	}
	if (cli_get(c, "children"))
		return show_children(c, n, &p, period[0]);
	return show_figures(c, n, &p, period, periods);
}
