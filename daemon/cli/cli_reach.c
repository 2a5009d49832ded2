#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/reach.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"caregiver", "N", "whose it is"},
	{"child", "N", "or the youth's own"},
	{"way", "WORD", "phone, text, email, mail, portal or visit"},
	{"value", "TEXT", "the number or address"},
	{"safe", "YES|NO", "nobody else learns of it; default: no"},
	{"message", "YES|NO", "a message may be left; default: no"},
	{"preferred", "YES|NO", "the one to use; only if it is safe"},
	{"hours", "TEXT", "good times, like \"weekdays after 5 pm\""},
	{NULL},
};
static const struct cli_opt update_opts[] = {
	{"way", "WORD", "phone, text, email, mail, portal or visit"},
	{"value", "TEXT", "the number or address"},
	{"safe", "YES|NO", "nobody else learns of it"},
	{"message", "YES|NO", "a message may be left"},
	{"preferred", "YES|NO", "the one to use; only if it is safe"},
	{"hours", "TEXT", "good times, like \"weekdays after 5 pm\""},
	{"active", "YES|NO", "no: does not work any more"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"caregiver", "N", "of a caregiver"},
	{"child", "N", "of a youth"},
	{NULL},
};

static int take_fields(struct cli *c, struct reach *p)
{
	int x;

	if ((x = cli_get_text(c, "way", p->way, sizeof p->way)) < 0 ||
	    (x = cli_get_text(c, "value", p->value, sizeof p->value)) < 0 ||
	    (x = cli_get_yes(c, "safe", &p->safe)) < 0 ||
	    (x = cli_get_yes(c, "message", &p->message)) < 0 ||
	    (x = cli_get_yes(c, "preferred", &p->preferred)) < 0)
		return x;
	return cli_get_text(c, "hours", p->hours, sizeof p->hours);
}

static int take_owner(struct cli *c, int64_t *caregiver, int64_t *child)
{
	int x;

	*caregiver = *child = 0;
	if ((x = cli_get_int(c, "caregiver", 1, INT64_MAX, caregiver)) < 0 ||
	    (x = cli_get_int(c, "child", 1, INT64_MAX, child)) < 0)
		return x;
	if ((*caregiver == 0) == (*child == 0))
		return err_set(E_USAGE,
			       "Say either --caregiver N or --child N");
	return 0;
}

static int run_add(struct cli *c)
{
	struct reach p = {.active = true};
	struct node *n;
	int64_t id;
	int x;

	if ((x = take_owner(c, &p.caregiver, &p.child)) < 0 ||
	    (x = take_fields(c, &p)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = reach_add(&n->rec, &p, &id)) < 0)
		return x;
	return cli_said(c, id, "Way %lld added", (long long)id);
}

static int run_update(struct cli *c)
{
	struct reach p;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "way", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = reach_get(n->db, id, &p)) < 0 ||
	    (x = take_fields(c, &p)) < 0 ||
	    (x = cli_get_yes(c, "active", &p.active)) < 0 ||
	    (x = reach_update(&n->rec, &p)) < 0)
		return x;
	return cli_said(c, id, "Way %lld changed", (long long)id);
}

static int run_unsafe(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "way", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = reach_unsafe(&n->rec, id)) < 0)
		return x;
	return cli_said(c, id, "Way %lld is marked as not safe", (long long)id);
}

static const struct cli_col columns[] = {
	{"reach", "No.", CLI_NUMBER},
	{"way", "Way", CLI_TEXT},
	{"value", "Number or address", CLI_TEXT},
	{"safe", "Safe", CLI_TEXT},
	{"message", "Message", CLI_TEXT},
	{"preferred", "Preferred", CLI_TEXT},
	{"hours", "Good times", CLI_TEXT},
	{"active", "Active", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_reach(void *arg, const struct reach *p)
{
	struct cli_table *t = arg;

	cli_cell_int(t, p->id);
	cli_cell(t, p->way);
	cli_cell(t, p->value);
	cli_cell(t, p->safe ? "yes" : "no");
	cli_cell(t, p->message ? "yes" : "no");
	cli_cell(t, p->preferred ? "yes" : "no");
	cli_cell(t, p->hours);
	cli_cell(t, p->active ? "yes" : "no");
	return 0;
}

static int run_list(struct cli *c)
{
	int64_t caregiver, child;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = take_owner(c, &caregiver, &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, reach_list(n->db, caregiver, child, put_reach, t));
	return cli_table_end(t, "No way to reach them is recorded.");
}

const struct command cli_reach_commands[] = {
	{"reach", "add",
	 "--caregiver N | --child N --way WORD --value TEXT [--safe YES|NO] "
	 "...",
	 "Add a way to reach a caregiver or a youth.\n"
	 "Only a safe one can be the preferred one.",
	 add_opts, 0, 0, run_add},
	{"reach", "update", "WAY [--safe YES|NO] ...",
	 "Correct a way to reach somebody.\nOnly what is given changes.",
	 update_opts, 1, 1, run_update},
	{"reach", "unsafe", "WAY",
	 "Say that a way is not safe.\n"
	 "It is not used for messages any more, and not preferred.",
	 NULL, 1, 1, run_unsafe},
	{"reach", "list", "--caregiver N | --child N",
	 "List the ways to reach somebody, the preferred one first.", list_opts,
	 0, 0, run_list},
	{NULL},
};
