#include <stdio.h>
#include <string.h>

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
static const struct cli_opt close_opts[] = {
	{"reason", "WORD", "why, like goals-met; a wrong one lists them all"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt reopen_opts[] = {
	{"why", "TEXT", "in a few words"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt intake_opts[] = {
	{"on", "DATE", "day of the intake"},
	{"source", "WORD", "who referred, like practice"},
	{"source-name", "TEXT", "its name"},
	{"expected", "NEEDS", "what the provider expected, like medical,food"},
	{"first", "NEEDS", "what the family puts first, in its order"},
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
	const char *reason = cli_get(c, "reason");
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = reason ? kase_close_because(&n->rec, id, on, reason)
			: kase_close(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Case %lld closed", (long long)id);
}

static int run_move(struct cli *c)
{
	const char *region = cli_arg(c, 1);
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0)
		return x;
	if (strcmp(region, n->region) == 0)
		return err_set(E_USAGE, "%s is this region", region);
	x = kase_move_region(&n->rec, id, region, on);
	if (x < 0)
		return x;
	return cli_said(c, id, "Case %lld closed: moved to %s", (long long)id,
			region);
}

static int run_reopen(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = kase_reopen(&n->rec, id, on, cli_get(c, "why"))) < 0)
		return x;
	return cli_said(c, id, "Case %lld is open again", (long long)id);
}

/* "medical,food" into a list; absent leaves it alone. */
static int take_foci(struct cli *c, const char *name, int *n,
		     char list[KASE_FOCI][VOCABULARY_ID])
{
	const char *text = cli_get(c, name);

	if (!text)
		return 0;
	*n = 0;
	while (*text) {
		size_t len = strcspn(text, ",");

		if (*n == KASE_FOCI)
			return err_set(E_USAGE, "--%s takes at most %d needs",
				       name, KASE_FOCI);
		snprintf(list[(*n)++], VOCABULARY_ID, "%.*s", (int)len, text);
		text += len;
		text += *text == ',';
	}
	return 0;
}

static const struct cli_col intake_columns[] = {
	{"intake", "Intake", CLI_TEXT},
	{"source", "Referred by", CLI_TEXT},
	{"source_name", "Name", CLI_TEXT},
	{"expected", "Provider expected", CLI_TEXT},
	{"first", "Family put first", CLI_TEXT},
};

static void put_foci(struct cli_table *t, int n,
		     const char list[KASE_FOCI][VOCABULARY_ID])
{
	char text[KASE_FOCI * VOCABULARY_ID] = "";
	size_t used = 0;

	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "%s%s", i ? "," : "", list[i]);
	cli_cell(t, text);
}

static int show_intake(struct cli *c, const struct node *n,
		       const struct kase_intake *i)
{
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, intake_columns, 5, cli_records_notice(n));
	if (x < 0)
		return x;
	cli_cell_date(t, i->intake);
	cli_cell(t, i->source);
	cli_cell(t, i->source_name);
	put_foci(t, i->expected, i->provider);
	put_foci(t, i->first, i->family);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static bool any_of_intake(struct cli *c)
{
	for (const struct cli_opt *o = intake_opts; o->name; o++)
		if (cli_get(c, o->name))
			return true;
	return false;
}

static int run_intake(struct cli *c)
{
	struct kase_intake i;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = kase_get_intake(n->db, id, &i)) < 0)
		return x;
	if (!any_of_intake(c))
		return show_intake(c, n, &i);
	if ((x = cli_get_date(c, "on", &i.intake)) < 0 ||
	    (x = cli_get_text(c, "source", i.source, sizeof i.source)) < 0 ||
	    (x = cli_get_text(c, "source-name", i.source_name,
			      sizeof i.source_name)) < 0 ||
	    (x = take_foci(c, "expected", &i.expected, i.provider)) < 0 ||
	    (x = take_foci(c, "first", &i.first, i.family)) < 0 ||
	    (x = kase_set_intake(&n->rec, id, &i)) < 0)
		return x;
	return cli_said(c, id, "Intake of case %lld recorded", (long long)id);
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
	{"reason", "Reason", CLI_TEXT},
	{"moved_to", "Moved to", CLI_TEXT},
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
	cli_cell(l->t, k->close_reason);
	cli_cell(l->t, k->moved_region);
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
	{"case", "intake", "CASE [--on DATE] [--source WORD] ...",
	 "Show or set how a case began.\nOnly what is given changes.",
	 intake_opts, 1, 1, run_intake},
	{"case", "close", "CASE [--reason WORD] [--on DATE]",
	 "Close a case.\nIts needs must be closed before.", close_opts, 1, 1,
	 run_close},
	{"case", "move", "CASE REGION [--on DATE]",
	 "Close a case because the family moved to another region.\n"
	 "Its open needs are closed as unmet because of it.",
	 on_opts, 2, 2, run_move},
	{"case", "reopen", "CASE [--why TEXT] [--on DATE]",
	 "Open a closed case again.", reopen_opts, 1, 1, run_reopen},
	{"case", "error", "CASE",
	 "Say that a case was opened in error.\n"
	 "It is closed, leaves the lists, takes no more referrals, and those "
	 "it has count\nnowhere. This can't be taken back.",
	 NULL, 1, 1, run_error},
	{NULL},
};
