#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"org", "ORG", "to this organization"},
	{"service", "SERVICE", "to this service"},
	{"send", NULL, "send it, too"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt move_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{"why", "TEXT", "in a few words; never leaves the region"},
	{NULL},
};
static const struct cli_opt answer_opts[] = {
	{"capacity", "ANSWER",
	 "capacity, no-capacity, waitlist or additional-assessment-required"},
	{"enrollment", "ANSWER",
	 "enrolled, not-enrolled or not-enrolled-on-waitlist"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"need", "NEED", "only those for this need"},
	{"state", "STATE", "only those in this state, like requested"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

/* What every change of a referral begins with. */
static int begin(struct cli *c, struct node **n, int64_t *id, int32_t *on)
{
	int x;

	if ((x = cli_arg_int(c, 0, "referral", id)) < 0 ||
	    (x = cli_node(c, n)) < 0)
		return x;
	return cli_day(c, *n, on);
}

static int add_and_send(struct cli *c, struct records *r, int64_t need,
			int64_t *id)
{
	int64_t org = 0, service = 0;
	int32_t on = records_today(r);
	int x;

	if ((x = cli_get_int(c, "org", 1, INT64_MAX, &org)) < 0 ||
	    (x = cli_get_int(c, "service", 1, INT64_MAX, &service)) < 0 ||
	    (x = cli_get_date(c, "on", &on)) < 0 || (x = records_begin(r)) < 0)
		return x;
	x = referral_add(r, need, org, service, on, id);
	if (x == 0 && cli_get(c, "send"))
		x = referral_move(r, *id, REFERRAL_REQUESTED, on, NULL);
	return records_end(r, x);
}

static int run_add(struct cli *c)
{
	int64_t need, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "need", &need)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = add_and_send(c, &n->rec, need, &id)) < 0)
		return x;
	return cli_said(c, id, "Referral %lld %s", (long long)id,
			cli_get(c, "send") ? "sent" : "drafted");
}

static int move(struct cli *c, enum referral_state to)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_move(&n->rec, id, to, on, cli_get(c, "why"))) < 0)
		return x;
	return cli_said(c, id, "Referral %lld is %s", (long long)id,
			referral_state_text(to));
}

static int run_send(struct cli *c)
{
	return move(c, REFERRAL_REQUESTED);
}

static int run_accept(struct cli *c)
{
	return move(c, REFERRAL_ACCEPTED);
}

static int run_reject(struct cli *c)
{
	return move(c, REFERRAL_REJECTED);
}

static int run_cancel(struct cli *c)
{
	return move(c, REFERRAL_CANCELLED);
}

static int run_start(struct cli *c)
{
	return move(c, REFERRAL_IN_PROGRESS);
}

static int run_hold(struct cli *c)
{
	return move(c, REFERRAL_ON_HOLD);
}

static int run_complete(struct cli *c)
{
	return move(c, REFERRAL_COMPLETED);
}

static int run_fail(struct cli *c)
{
	return move(c, REFERRAL_FAILED);
}

static int run_error(struct cli *c)
{
	return move(c, REFERRAL_ENTERED_IN_ERROR);
}

static int run_answer(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if (!cli_get(c, "capacity") && !cli_get(c, "enrollment"))
		return err_set(E_USAGE, "Give --capacity, --enrollment or "
					"both");
	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_answer(&n->rec, id, on, cli_get(c, "capacity"),
				 cli_get(c, "enrollment"))) < 0)
		return x;
	return cli_said(c, id, "The answer to referral %lld is recorded",
			(long long)id);
}

static int run_link(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_link(&n->rec, id, cli_arg(c, 1), on)) < 0)
		return x;
	return cli_said(c, id, "Referral %lld: %s", (long long)id,
			cli_arg(c, 1));
}

static int run_reason(struct cli *c)
{
	const char *code = cli_arg(c, 1);
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if (strcmp(code, "none") == 0)
		code = "";
	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_reason(&n->rec, id, code, on)) < 0)
		return x;
	return cli_said(c, id,
			*code ? "The reason of referral %lld is %s"
			      : "Referral %lld has no reason any more%s",
			(long long)id, code);
}

static const struct cli_col columns[] = {
	{"referral", "Referral", CLI_NUMBER},
	{"need", "Need", CLI_NUMBER},
	{"organization", "Organization", CLI_NUMBER},
	{"state", "State", CLI_TEXT},
	{"drafted", "Drafted", CLI_TEXT},
	{"sent", "Sent", CLI_TEXT},
	{"accepted", "Accepted", CLI_TEXT},
	{"received", "Received", CLI_TEXT},
	{"reason", "Reason", CLI_TEXT},
	{"ended", "Ended", CLI_TEXT},
	/* for `show` only */
	{"service", "Service", CLI_NUMBER},
	{"capacity", "Capacity", CLI_TEXT},
	{"enrollment", "Enrollment", CLI_TEXT},
	{"answered", "First answer", CLI_TEXT},
	{"contacted", "Contacted", CLI_TEXT},
	{"addressed", "Need addressed", CLI_TEXT},
	{"satisfied", "Family satisfied", CLI_TEXT},
	{"reason_on", "Reason since", CLI_TEXT},
};
enum { LISTED = 10, COLUMNS = sizeof columns / sizeof *columns };

static void put_id(struct cli_table *t, int64_t id)
{
	if (id)
		cli_cell_int(t, id);
	else
		cli_cell(t, NULL);
}

static void put_text(struct cli_table *t, const char *text)
{
	cli_cell(t, *text ? text : NULL);
}

static int put_listed(void *arg, const struct referral *f)
{
	struct cli_table *t = arg;

	cli_cell_int(t, f->id);
	cli_cell_int(t, f->need);
	put_id(t, f->organization);
	cli_cell(t, referral_state_text(f->state));
	cli_cell_date(t, f->drafted);
	cli_cell_date(t, f->sent);
	cli_cell_date(t, f->accepted);
	cli_cell_date(t, f->received);
	put_text(t, f->reason);
	cli_cell_date(t, f->ended);
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct referral f;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "referral", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = referral_get(n->db, id, &f)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_listed(t, &f);
	put_id(t, f.service);
	put_text(t, f.capacity);
	put_text(t, f.enrollment);
	cli_cell_date(t, f.answered);
	cli_cell_date(t, f.contacted);
	cli_cell_date(t, f.addressed);
	cli_cell_date(t, f.satisfied);
	cli_cell_date(t, f.reason_on);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int take_state(struct cli *c, int *out)
{
	const char *text = cli_get(c, "state");
	enum referral_state s;
	int x;

	*out = -1;
	if (!text)
		return 0;
	x = referral_state_parse(text, &s);
	if (x < 0)
		return err_prefix(E_USAGE, "--state");
	*out = (int)s;
	return 0;
}

static int run_list(struct cli *c)
{
	int64_t offset, limit, need = 0;
	struct cli_table *t;
	struct node *n;
	int x, state;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_get_int(c, "need", 1, INT64_MAX, &need)) < 0 ||
	    (x = take_state(c, &state)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, LISTED, cli_records_notice(n))) <
		    0)
		return x;
	cli_table_fail(t, referral_list(n->db, need, state, offset, limit,
					put_listed, t));
	return cli_table_end(t, "No such referral.");
}

#define MOVE(verb, help, fn)                                              \
	{                                                                 \
		"refer", verb, "REFERRAL [--on DATE] [--why TEXT]", help, \
			move_opts, 1, 1, fn                               \
	}

const struct command cli_refer_commands[] = {
	{"refer", "add", "NEED [--org ORG] [--service SERVICE] [--send]",
	 "Refer a family for a need.\nIt is a draft until it is sent.",
	 add_opts, 1, 1, run_add},
	{"refer", "show", "REFERRAL", "Show one referral.", NULL, 1, 1,
	 run_show},
	{"refer", "list", "[--need NEED] [--state STATE]",
	 "List referrals, newest first.", list_opts, 0, 0, run_list},
	MOVE("send", "Send a draft to its organization.", run_send),
	MOVE("accept", "The organization took it.", run_accept),
	MOVE("reject", "The organization did not take it; say why.",
	     run_reject),
	MOVE("cancel", "Nobody waits for it any more; say why.", run_cancel),
	MOVE("start", "Work began.", run_start),
	MOVE("hold", "Work paused; say why.", run_hold),
	MOVE("resume", "Work goes on after a pause.", run_start),
	MOVE("complete",
	     "The organization finished.\n"
	     "Whether the family got the service is said with refer link.",
	     run_complete),
	MOVE("fail", "It came to nothing; say why.", run_fail),
	MOVE("error",
	     "It should never have been recorded; it counts nowhere.\n"
	     "This can't be taken back.",
	     run_error),
	{"refer", "answer",
	 "REFERRAL [--capacity ANSWER] [--enrollment ANSWER] [--on DATE]",
	 "Record what the organization answered.", answer_opts, 1, 1,
	 run_answer},
	{"refer", "link", "REFERRAL OUTCOME [--on DATE]",
	 "Record what the family got.\n"
	 "OUTCOME is contacted, received, addressed or satisfied; received "
	 "is what\ncounts as connected.",
	 on_opts, 2, 2, run_link},
	{"refer", "reason", "REFERRAL CODE [--on DATE]",
	 "Record why the family was not connected.\n"
	 "CODE is one like NO_CAPACITY; a wrong one lists them all; none "
	 "takes it back.",
	 on_opts, 2, 2, run_reason},
	{NULL},
};
