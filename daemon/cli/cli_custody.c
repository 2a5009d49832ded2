#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/custody.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt add_opts[] = {
	{"caregiver", "N", "who; without: the youth itself"},
	{"relation", "WORD", "to the child, like mother"},
	{"custody", "WORD", "like sole, joint or none"},
	{"authority", "WORD",
	 "may sign as this, like parent; without: may not"},
	{"since", "DATE", "first day; default: always"},
	{"until", "DATE", "last day; default: still"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"on", "DATE", "only what holds that day; default: all"},
	{NULL},
};

static int run_add(struct cli *c)
{
	struct custody q = {.relation = "self",
			    .custody = "unknown",
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &q.child)) < 0 ||
	    (x = cli_get_int(c, "caregiver", 1, INT64_MAX, &q.caregiver)) < 0 ||
	    (x = cli_get_text(c, "relation", q.relation, sizeof q.relation)) <
		    0 ||
	    (x = cli_get_text(c, "custody", q.custody, sizeof q.custody)) < 0 ||
	    (x = cli_get_text(c, "authority", q.authority,
			      sizeof q.authority)) < 0 ||
	    (x = cli_get_date(c, "since", &q.since)) < 0 ||
	    (x = cli_get_date(c, "until", &q.until)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = custody_add(&n->rec, &q, &id)) < 0)
		return x;
	return cli_said(c, id, "Custody %lld added", (long long)id);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "custody", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = custody_end(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Custody %lld has an end", (long long)id);
}

static const struct cli_col columns[] = {
	{"custody_no", "No.", CLI_NUMBER},
	{"child", "Child", CLI_NUMBER},
	{"caregiver", "Caregiver", CLI_NUMBER},
	{"relation", "Relation", CLI_TEXT},
	{"custody", "Custody", CLI_TEXT},
	{"authority", "May sign as", CLI_TEXT},
	{"since", "Since", CLI_TEXT},
	{"until", "Until", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_custody(void *arg, const struct custody *q)
{
	struct cli_table *t = arg;

	cli_cell_int(t, q->id);
	cli_cell_int(t, q->child);
	if (q->caregiver)
		cli_cell_int(t, q->caregiver);
	else
		cli_cell(t, NULL);
	cli_cell(t, q->relation);
	cli_cell(t, q->custody);
	cli_cell(t, q->authority);
	cli_cell_date(t, q->since);
	cli_cell_date(t, q->until);
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
	cli_table_fail(t, custody_list(n->db, id, on, put_custody, t));
	return cli_table_end(t, "No custody is recorded.");
}

const struct command cli_custody_commands[] = {
	{"custody", "add",
	 "CHILD --caregiver N --relation WORD [--authority WORD] ...",
	 "Say what a caregiver is to a child and whether they may sign.",
	 add_opts, 1, 1, run_add},
	{"custody", "end", "CUSTODY [--on DATE]",
	 "Say that it ended.\nThe day is the last one.", on_opts, 1, 1,
	 run_end},
	{"custody", "list", "CHILD [--on DATE]",
	 "List who has custody of a child and who may sign.", list_opts, 1, 1,
	 run_list},
	{NULL},
};
