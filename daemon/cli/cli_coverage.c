#include <stdio.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/coverage.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt add_opts[] = {
	{"payer", "TEXT", "who pays, like \"HUSKY A\""},
	{"member", "TEXT", "number on the card"},
	{"since", "DATE", "first day; default: not known"},
	{"until", "DATE", "last day; default: still"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"on", "DATE", "only what holds that day; default: all"},
	{NULL},
};

static int run_add(struct cli *c)
{
	struct coverage v = {.since = NO_DATE, .until = NO_DATE};
	struct node *n;
	int64_t id;
	int x;

	snprintf(v.kind, sizeof v.kind, "%s", cli_arg(c, 1));
	if ((x = cli_arg_int(c, 0, "child", &v.child)) < 0 ||
	    (x = cli_get_text(c, "payer", v.payer, sizeof v.payer)) < 0 ||
	    (x = cli_get_text(c, "member", v.member, sizeof v.member)) < 0 ||
	    (x = cli_get_date(c, "since", &v.since)) < 0 ||
	    (x = cli_get_date(c, "until", &v.until)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = coverage_add(&n->rec, &v, &id)) < 0)
		return x;
	return cli_said(c, id, "Coverage %lld added", (long long)id);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "coverage", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = coverage_end(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Coverage %lld has an end", (long long)id);
}

static const struct cli_col columns[] = {
	{"coverage", "Coverage", CLI_NUMBER}, {"child", "Child", CLI_NUMBER},
	{"kind", "Kind", CLI_TEXT},	      {"payer", "Payer", CLI_TEXT},
	{"member", "Member", CLI_TEXT},	      {"since", "Since", CLI_TEXT},
	{"until", "Until", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_coverage(void *arg, const struct coverage *v)
{
	struct cli_table *t = arg;

	cli_cell_int(t, v->id);
	cli_cell_int(t, v->child);
	cli_cell(t, v->kind);
	cli_cell(t, v->payer);
	cli_cell(t, v->member);
	cli_cell_date(t, v->since);
	cli_cell_date(t, v->until);
	return 0;
}

static int run_list(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int64_t id;
	int32_t on = NO_DATE;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &id)) < 0 ||
	    (x = cli_get_date(c, "on", &on)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, coverage_list(n->db, id, on, put_coverage, t));
	return cli_table_end(t, "No coverage is recorded.");
}

const struct command cli_coverage_commands[] = {
	{"coverage", "add", "CHILD KIND [--payer TEXT] ...",
	 "Add a health insurance of a child.\n"
	 "KIND is one like medicaid or employer, or none; a wrong one lists "
	 "them all.",
	 add_opts, 2, 2, run_add},
	{"coverage", "end", "COVERAGE [--on DATE]",
	 "Say that it ended.\nThe day is the last one.", on_opts, 1, 1,
	 run_end},
	{"coverage", "list", "CHILD [--on DATE]",
	 "List the health insurance of a child.", list_opts, 1, 1, run_list},
	{NULL},
};
