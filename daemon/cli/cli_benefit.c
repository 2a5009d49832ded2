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
	{"child", "N", "one child's"},
	{"family", "N", "or the whole family's"},
	{"since", "DATE", "first day; default: not known"},
	{"until", "DATE", "last day; default: still"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"child", "N", "of a child and its families"},
	{"family", "N", "of a family alone"},
	{"on", "DATE", "only what holds that day; default: all"},
	{NULL},
};

static int take_owner(struct cli *c, int64_t *child, int64_t *family)
{
	int x;

	*child = *family = 0;
	if ((x = cli_get_int(c, "child", 1, INT64_MAX, child)) < 0 ||
	    (x = cli_get_int(c, "family", 1, INT64_MAX, family)) < 0)
		return x;
	if ((*child == 0) == (*family == 0))
		return err_set(E_USAGE, "Say either --child N or --family N");
	return 0;
}

static int run_add(struct cli *c)
{
	struct benefit b = {.since = NO_DATE, .until = NO_DATE};
	struct node *n;
	int64_t id;
	int x;

	snprintf(b.kind, sizeof b.kind, "%s", cli_arg(c, 0));
	if ((x = take_owner(c, &b.child, &b.family)) < 0 ||
	    (x = cli_get_date(c, "since", &b.since)) < 0 ||
	    (x = cli_get_date(c, "until", &b.until)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = benefit_add(&n->rec, &b, &id)) < 0)
		return x;
	return cli_said(c, id, "Benefit %lld added", (long long)id);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "benefit", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = benefit_end(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Benefit %lld has an end", (long long)id);
}

static const struct cli_col columns[] = {
	{"benefit", "Benefit", CLI_NUMBER}, {"child", "Child", CLI_NUMBER},
	{"family", "Family", CLI_NUMBER},   {"kind", "Kind", CLI_TEXT},
	{"since", "Since", CLI_TEXT},	    {"until", "Until", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void put_id(struct cli_table *t, int64_t id)
{
	if (id)
		cli_cell_int(t, id);
	else
		cli_cell(t, NULL);
}

static int put_benefit(void *arg, const struct benefit *b)
{
	struct cli_table *t = arg;

	cli_cell_int(t, b->id);
	put_id(t, b->child);
	put_id(t, b->family);
	cli_cell(t, b->kind);
	cli_cell_date(t, b->since);
	cli_cell_date(t, b->until);
	return 0;
}

static int run_list(struct cli *c)
{
	int64_t child, family;
	int32_t on = NO_DATE;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = take_owner(c, &child, &family)) < 0 ||
	    (x = cli_get_date(c, "on", &on)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t,
		       benefit_list(n->db, child, family, on, put_benefit, t));
	return cli_table_end(t, "No benefit is recorded.");
}

const struct command cli_benefit_commands[] = {
	{"benefit", "add", "KIND --child N | --family N [--since DATE] ...",
	 "Add a benefit that a child or a family receives.\n"
	 "KIND is one like snap or wic; a wrong one lists them all.",
	 add_opts, 1, 1, run_add},
	{"benefit", "end", "BENEFIT [--on DATE]",
	 "Say that it ended.\nThe day is the last one.", on_opts, 1, 1,
	 run_end},
	{"benefit", "list", "--child N | --family N [--on DATE]",
	 "List benefits, newest first.", list_opts, 0, 0, run_list},
	{NULL},
};
