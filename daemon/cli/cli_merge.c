#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/merge.h"
#include "regional/node.h"

static const struct cli_opt list_opts[] = {
	{"child", "N", "only those of this child"},
	{NULL},
};

static int run_children(struct cli *c)
{
	int64_t kept, gone, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &kept)) < 0 ||
	    (x = cli_arg_int(c, 1, "child", &gone)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = merge_children(&n->rec, kept, gone, &id)) < 0)
		return x;
	return cli_said(c, id,
			"Child %lld is now child %lld (merge %lld, which can "
			"be undone)",
			(long long)gone, (long long)kept, (long long)id);
}

static int run_undo(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "merge", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = merge_undo(&n->rec, id)) < 0)
		return x;
	return cli_said(c, id, "Merge %lld is undone", (long long)id);
}

static const struct cli_col columns[] = {
	{"merge", "Merge", CLI_NUMBER}, {"kept", "Kept", CLI_NUMBER},
	{"gone", "Gone", CLI_NUMBER},	{"merged", "Merged", CLI_TEXT},
	{"undone", "Undone", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_merge(void *arg, const struct merge *m)
{
	struct cli_table *t = arg;

	cli_cell_int(t, m->id);
	cli_cell_int(t, m->kept);
	cli_cell_int(t, m->gone);
	cli_cell_date(t, m->merged);
	cli_cell_date(t, m->undone);
	return 0;
}

static int run_list(struct cli *c)
{
	struct cli_table *t;
	int64_t child = 0;
	struct node *n;
	int x;

	if ((x = cli_get_int(c, "child", 1, INT64_MAX, &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, merge_list(n->db, child, put_merge, t));
	return cli_table_end(t, "No children were merged.");
}

static const struct cli_col pair_columns[] = {
	{"child", "Child", CLI_NUMBER},
	{"other", "Other", CLI_NUMBER},
};

static int put_pair(void *arg, int64_t one, int64_t other)
{
	cli_cell_int(arg, one);
	cli_cell_int(arg, other);
	return 0;
}

static int run_suspects(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, pair_columns, 2, cli_records_notice(n))) <
		    0)
		return x;
	cli_table_fail(t, merge_suspects(n->db, put_pair, t));
	return cli_table_end(t, "No two children look alike.");
}

const struct command cli_merge_commands[] = {
	{"merge", "children", "KEPT GONE",
	 "Make one of two records of the same child.\n"
	 "All that was recorded moves to KEPT; GONE leaves the lists.",
	 NULL, 2, 2, run_children},
	{"merge", "undo", "MERGE",
	 "Make two children of one again.\n"
	 "Everything goes back to where it was; what came since stays.",
	 NULL, 1, 1, run_undo},
	{"merge", "list", "[--child N]", "List what was merged.", list_opts, 0,
	 0, run_list},
	{"merge", "suspects", "",
	 "List pairs of children who may be one.\n"
	 "Those born on one day who have a name alike.",
	 NULL, 0, 0, run_suspects},
	{NULL},
};
