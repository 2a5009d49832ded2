#include "daemon/cli/cli.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"child", "N", "only those of this child"},
	{"open", NULL, "only open ones"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_open(struct cli *c)
{
	int64_t child, id;
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = kase_open(&n->rec, child, on, &id)) < 0)
		return x;
	return cli_said(c, id, "Case %lld opened for child %lld", (long long)id,
			(long long)child);
}

static int run_close(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = kase_close(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Case %lld closed", (long long)id);
}

static int run_error(struct cli *c)
{
	char day[DATE_TEXT];
	struct node *n;
	struct kase k;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = kase_get(n->db, id, &k)) < 0 ||
	    (x = kase_error(&n->rec, id)) < 0)
		return x;
	if (k.errored != NO_DATE)
		return cli_said(c, id,
				"Case %lld is marked as opened in error "
				"already, since %s",
				(long long)id, date_format(k.errored, day));
	return cli_said(c, id,
			"Case %lld is marked as opened in error; its referrals "
			"count nowhere",
			(long long)id);
}

static const struct cli_col columns[] = {
	{"case", "Case", CLI_NUMBER},
	{"child", "Child", CLI_NUMBER},
	{"family", "Family name", CLI_TEXT},
	{"given", "Given name", CLI_TEXT},
	{"opened", "Opened", CLI_TEXT},
	{"closed", "Closed", CLI_TEXT},
	{"errored", "In error since", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

struct list {
	struct db *db;
	struct cli_table *t;
};

static int put_case(void *arg, const struct kase *k)
{
	struct list *l = arg;
	struct child who;
	int x;

	x = child_get(l->db, k->child, &who);
	if (x < 0)
		return x;
	cli_cell_int(l->t, k->id);
	cli_cell_int(l->t, k->child);
	cli_cell(l->t, who.family);
	cli_cell(l->t, who.given);
	cli_cell_date(l->t, k->opened);
	cli_cell_date(l->t, k->closed);
	cli_cell_date(l->t, k->errored);
	return 0;
}

static int put_need(void *arg, const struct need *d)
{
	struct cli_table *t = arg;

	cli_cell_int(t, d->id);
	cli_cell(t, d->domain);
	cli_cell_date(t, d->found);
	cli_cell(t, d->state);
	cli_cell_date(t, d->closed);
	cli_cell(t, d->reason);
	return 0;
}

static int put_needs(struct cli *c, struct node *n, int64_t id,
		     struct cli_table *record)
{
	static const struct cli_col needs[] = {
		{"need", "Need", CLI_NUMBER},	{"domain", "Domain", CLI_TEXT},
		{"found", "Found", CLI_TEXT},	{"state", "State", CLI_TEXT},
		{"closed", "Closed", CLI_TEXT}, {"reason", "Reason", CLI_TEXT},
	};
	struct cli_table *t;
	int x = cli_table_new(c, &t, needs, 6, NULL);

	if (x < 0)
		return x;
	cli_table_fail(t, need_list(n->db, id, 0, INT64_MAX, put_need, t));
	cli_table_below(record, t, "No need is recorded.");
	return 0;
}

static int run_show(struct cli *c)
{
	struct node *n;
	struct list l;
	struct kase k;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = kase_get(n->db, id, &k)) < 0 ||
	    (x = cli_table_new(c, &l.t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	l.db = n->db;
	cli_table_fail(l.t, put_case(&l, &k));
	cli_table_record(l.t);
	cli_table_fail(l.t, put_needs(c, n, id, l.t));
	return cli_table_end(l.t, NULL);
}

static int run_list(struct cli *c)
{
	int64_t offset, limit, child = 0;
	struct child who;
	struct node *n;
	struct list l;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_get_int(c, "child", 1, INT64_MAX, &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (child && (x = child_get(n->db, child, &who)) < 0) ||
	    (x = cli_table_new(c, &l.t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	l.db = n->db;
	cli_table_fail(l.t, kase_list(n->db, child, cli_get(c, "open") != NULL,
				      offset, limit, put_case, &l));
	return cli_table_end(l.t, "No such case.");
}

const struct command cli_case_commands[] = {
	{"case", "open", "CHILD [--on DATE]",
	 "Open a case for a child.\nA child has at most one open case.",
	 on_opts, 1, 1, run_open},
	{"case", "show", "CASE", "Show one case and its needs.", NULL, 1, 1,
	 run_show},
	{"case", "list", "[--child N] [--open]",
	 "List cases, newest first.\n"
	 "One opened in error is listed with --child only.",
	 list_opts, 0, 0, run_list},
	{"case", "close", "CASE [--on DATE]",
	 "Close a case.\nIts needs must be closed before.", on_opts, 1, 1,
	 run_close},
	{"case", "error", "CASE",
	 "Say that a case was opened in error.\n"
	 "It is closed, leaves the lists, takes no more referrals, and those "
	 "it has count\nnowhere. This can't be taken back.",
	 NULL, 1, 1, run_error},
	{NULL},
};
