#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/node.h"

static const struct cli_opt set_opts[] = {
	{"why", "TEXT", "why another role than the suggested one"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"staff", "STAFF", "only theirs"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_set(struct cli *c)
{
	int64_t kase, staff, id;
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_arg_int(c, 1, "staff", &staff)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = assignment_set(&n->rec, kase, staff, on, cli_get(c, "why"),
				&id)) < 0)
		return x;
	return cli_said(c, id, "Case %lld assigned to staff %lld",
			(long long)kase, (long long)staff);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t kase;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = assignment_end(&n->rec, kase, on)) < 0)
		return x;
	return cli_said(c, kase, "Case %lld is assigned to nobody",
			(long long)kase);
}

static const struct cli_col suggest_columns[] = {
	{"case", "Case", CLI_NUMBER},
	{"role", "Suggested role", CLI_TEXT},
	{"reasons", "Because of", CLI_TEXT},
	{"staff", "Staff with most room", CLI_NUMBER},
};

static int run_suggest(struct cli *c)
{
	struct suggestion s;
	struct cli_table *t;
	struct node *n;
	int64_t kase;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = assignment_suggest(&n->rec, kase, on, &s)) < 0 ||
	    (x = cli_table_new(c, &t, suggest_columns, 4,
			       cli_records_notice(n))) < 0)
		return x;
	cli_cell_int(t, kase);
	cli_cell(t, s.role);
	cli_cell(t, s.reasons);
	if (s.staff)
		cli_cell_int(t, s.staff);
	else
		cli_cell(t, NULL);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static const struct cli_col columns[] = {
	{"case", "Case", CLI_NUMBER},
	{"staff", "Staff", CLI_NUMBER},
	{"since", "Since", CLI_TEXT},
	{"until", "Until", CLI_TEXT},
	{"suggested", "Suggested", CLI_TEXT},
	{"reasons", "Because of", CLI_TEXT},
	{"why", "Why another", CLI_TEXT},
};

static int put_assignment(void *arg, const struct assignment *a)
{
	struct cli_table *t = arg;

	cli_cell_int(t, a->kase);
	cli_cell_int(t, a->staff);
	cli_cell_date(t, a->since);
	cli_cell_date(t, a->until);
	cli_cell(t, a->suggested);
	cli_cell(t, a->reasons);
	cli_cell(t, a->why);
	return 0;
}

static int run_list(struct cli *c)
{
	int64_t kase = 0, staff = 0, offset, limit;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((cli_arg(c, 0) && (x = cli_arg_int(c, 0, "case", &kase)) < 0) ||
	    (x = cli_get_int(c, "staff", 1, INT64_MAX, &staff)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, 7, cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, assignment_list(n->db, kase, staff, offset, limit,
					  put_assignment, t));
	return cli_table_end(t, "No such assignment.");
}

const struct command cli_assign_commands[] = {
	{"assign", "set", "CASE STAFF [--why TEXT] [--on DATE]",
	 "Assign a case to a member of the staff.", set_opts, 2, 2, run_set},
	{"assign", "suggest", "CASE [--on DATE]",
	 "Say which role suits a case, why, and who has room.", on_opts, 1, 1,
	 run_suggest},
	{"assign", "list", "[CASE] [--staff STAFF]",
	 "List assignments, newest first.", list_opts, 0, 1, run_list},
	{"assign", "end", "CASE [--on DATE]", "Assign a case to nobody.",
	 on_opts, 1, 1, run_end},
	{NULL},
};
