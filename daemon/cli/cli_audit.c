#include "daemon/cli/cli.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/child.h"
#include "regional/node.h"

static const struct cli_opt list_opts[] = {
	{"child", "N", "only those of this child and what hangs on it"},
	{"record", "TABLE", "only those of one record, like referral 5"},
	{"limit", "N", "at most so many; a table has the newest 50"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_verify(struct cli *c)
{
	struct node *n;
	int64_t rows;
	int x;

	if ((x = cli_node(c, &n)) < 0 || (x = audit_verify(n->db, &rows)) < 0)
		return x;
	return cli_said(c, rows, "The audit is whole: %lld entries",
			(long long)rows);
}

struct list {
	struct cli_table *t;
	int64_t left, more;
};

static int put_entry(void *arg, const struct audit_entry *e)
{
	struct list *l = arg;
	char at[21];

	if (l->left == 0) {
		l->more++;
		return 0;
	}
	l->left--;
	cli_cell_int(l->t, e->seq);
	cli_cell(l->t, date_format_utc(e->at_utc_ms, at));
	cli_cell(l->t, e->who);
	cli_cell(l->t, e->record);
	cli_cell_int(l->t, e->id);
	cli_cell(l->t, e->field);
	return 0;
}

/* --child N, --record TABLE N, or neither. */
static int take_which(struct cli *c, int64_t *child, int64_t *id)
{
	const char *record = cli_get(c, "record");
	int x = cli_get_int(c, "child", 1, INT64_MAX, child);

	if (x < 0)
		return x;
	if (record && *child)
		return err_set(E_USAGE, "Give --child or --record, not both");
	if (record)
		return cli_arg_int(c, 0, "record", id);
	if (cli_args(c) > 0)
		return err_set(E_USAGE, "\"%s\" is one argument too many",
			       cli_arg(c, 0));
	return 0;
}

static int run_list(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"entry", "Entry", CLI_NUMBER},
		{"at", "When", CLI_TEXT},
		{"who", "Who", CLI_TEXT},
		{"record", "Record", CLI_TEXT},
		{"number", "Number", CLI_NUMBER},
		{"field", "Field", CLI_TEXT},
	};
	int64_t offset, limit, child = 0, id = 0;
	struct child who;
	struct node *n;
	struct list l = {0};
	int x;

	if ((x = take_which(c, &child, &id)) < 0 ||
	    (x = cli_page_newest(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (child && (x = child_get(n->db, child, &who)) < 0) ||
	    (x = cli_table_new(c, &l.t, columns, 6, cli_records_notice(n))) < 0)
		return x;
	l.left = limit;
	if (child)
		x = audit_list_child(n->db, child, offset, INT64_MAX, put_entry,
				     &l);
	else
		x = audit_list(n->db, cli_get(c, "record"), id, offset,
			       INT64_MAX, put_entry, &l);
	cli_table_fail(l.t, x);
	cli_table_more(l.t, l.more);
	return cli_table_end(l.t, "No such entry.");
}

const struct command cli_audit_commands[] = {
	{"audit", "list", "[--child N | --record TABLE N]",
	 "List who changed what and when, newest first; no values.\n"
	 "TABLE is child, care_case, need, referral, organization or "
	 "service. Times are\nUTC.",
	 list_opts, 0, 1, run_list},
	{"audit", "verify", "",
	 "Check that nobody altered the list of changes.\n"
	 "Entries cut off at its end show only against a backup.",
	 NULL, 0, 0, run_verify},
	{NULL},
};
