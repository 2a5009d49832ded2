#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/simulate.h"
#include "regional/case/simulate_story.h"
#include "regional/node.h"

static const struct cli_opt opts[] = {
	{"children", "N", "how many children over all the years together"},
	{"years", "Y", "how many years; default: 3"},
	{"until", "DATE", "the last day; default: today"},
	{"seed", "S", "the same number gives the same data; default: 1"},
	{"outcomes", "WHICH",
	 "typical, or published (8,029 of 12,500 children connected)"},
	{"referrals-only", NULL,
	 "needs and referrals, and nothing else of the record; faster"},
	{"story", "WHAT",
	 "plant falling-linkage, no-service=NEED or silent-month=YYYY-MM; "
	 "several are joined by ','"},
	{"rates", NULL, "print the rates and where each is from, no more"},
	{NULL},
};

static int print_rates(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"rate", "Rate", CLI_TEXT},
		{"percent", "Percent", CLI_NUMBER},
		{"source", "Source", CLI_TEXT},
	};
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, columns, 3, NULL);
	if (x < 0)
		return x;
	for (int i = 0; i < simulate_rates_count; i++) {
		cli_cell(t, simulate_rates[i].what);
		cli_cell_fmt(t, "%g", simulate_rates[i].percent);
		cli_cell(t, simulate_rates[i].source);
	}
	return cli_table_end(t, NULL);
}

static int take_outcomes(struct cli *c, enum simulate_outcomes *out)
{
	const char *text = cli_get(c, "outcomes");

	*out = SIMULATE_TYPICAL;
	if (!text || strcmp(text, "typical") == 0)
		return 0;
	if (strcmp(text, "published") != 0)
		return err_set(E_USAGE,
			       "--outcomes is typical or published, "
			       "not \"%s\"",
			       text);
	*out = SIMULATE_PUBLISHED;
	return 0;
}

static int take_opts(struct cli *c, struct simulate_opts *o)
{
	int64_t years = 3, seed = 1;
	int x;

	if (!cli_get(c, "children"))
		return err_set(E_USAGE, "Say how many: --children N");
	if ((x = cli_get_int(c, "children", 1, 1000000, &o->children)) < 0 ||
	    (x = cli_get_int(c, "years", 1, 20, &years)) < 0 ||
	    (x = cli_get_int(c, "seed", 0, INT64_MAX, &seed)) < 0 ||
	    (x = cli_get_date(c, "until", &o->until)) < 0)
		return x;
	o->years = (int)years;
	o->seed = (uint64_t)seed;
	o->whole = !cli_get(c, "referrals-only");
	return take_outcomes(c, &o->outcomes);
}

static void show_progress(void *arg, int64_t done, int64_t of)
{
	cli_progress(arg, "Children", done, of);
}

static int run_simulate(struct cli *c)
{
	struct simulate_opts o = {.until = NO_DATE};
	struct simulate_story story;
	struct node *n;
	int x;

	if (cli_get(c, "rates"))
		return print_rates(c);
	if ((x = take_opts(c, &o)) < 0 || (x = cli_node(c, &n)) < 0)
		return x;
	simulate_story_init(&story);
	if (cli_get(c, "story") &&
	    (x = simulate_story_parse(&story, n->rec.words,
				      cli_get(c, "story"))) < 0)
		return x;
	o.story = &story;
	o.kind = n->kind;
	if (o.until == NO_DATE)
		o.until = records_today(&n->rec);
	x = simulate_run(&n->rec, &o, show_progress, c);
	if (x < 0)
		return x;
	return cli_said(c, 0, "%lld made-up children added",
			(long long)o.children);
}

const struct command cli_simulate_commands[] = {
	{"simulate", "",
	 "--children N [--years Y] [--until DATE] [--seed S] [--story WHAT]",
	 "Fill the node of a synthetic network with made-up children.\n"
	 "Their cases, and all that coordinating care for them writes down, "
	 "are spread over\nthe years before the last day; what would come "
	 "after it has not happened yet.\n\n"
	 "Stories, for seeing whether figures show them:\n"
	 "  falling-linkage       the share of referrals linked falls evenly, "
	 "to half\n"
	 "  no-service=NEED       nobody offers what this need asks for, like "
	 "dental\n"
	 "  silent-month=YYYY-MM  nothing happens in this month; it follows on "
	 "the day after",
	 opts, 0, 0, run_simulate},
	{NULL},
};
