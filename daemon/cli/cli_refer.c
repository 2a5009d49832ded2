#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"org", "ORG", "to this organization"},
	{"service", "SERVICE", "to this service"},
	{"send", NULL, "send it, too"},
	{"on", "DATE", "the day; default: today"},
	{"without-consent", "TEXT",
	 "why it does not wait for a consent; shown and audited"},
	{NULL},
};
static const struct cli_opt send_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{"without-consent", "TEXT",
	 "why it does not wait for a consent; shown and audited"},
	{NULL},
};
static const struct cli_opt move_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{"why", "TEXT", "in a few words; never leaves the region"},
	{NULL},
};
static const struct cli_opt back_opts[] = {
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
static const struct cli_opt link_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{"undo", NULL, "take the outcome back: it was recorded by mistake"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"child", "N", "only those of this child"},
	{"case", "N", "only those of this case"},
	{"need", "NEED", "only those for this need"},
	{"org", "ORG", "only those to this organization"},
	{"state", "STATE", "only those in this state, like requested"},
	{"open", NULL, "only those that have not ended"},
	{"limit", "N", "at most so many; a table has the newest 50"},
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
		x = referral_send(r, *id, on, cli_get(c, "without-consent"));
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
		return cli_no_consent(x);
	return cli_said(c, id, "Referral %lld %s", (long long)id,
			cli_get(c, "send") ? "sent" : "drafted");
}

/* Finished, addressed and satisfied all sound like it and are not. */
static int hint_received(int64_t id, const struct referral *f)
{
	if (f->received == NO_DATE)
		cli_hint("It counts as connected once the family received the "
			 "service: ccfed refer link %lld received",
			 (long long)id);
	return 0;
}

static int say_already(struct cli *c, const struct referral *f)
{
	bool sent = f->state == REFERRAL_REQUESTED;
	char day[DATE_TEXT];

	return cli_said(c, f->id,
			"Referral %lld is %s already%s%s; nothing "
			"changed",
			(long long)f->id, referral_state_text(f->state),
			sent ? ", since " : "",
			sent ? date_format(f->sent, day) : "");
}

static int move(struct cli *c, enum referral_state to)
{
	struct referral f;
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_get(n->db, id, &f)) < 0 ||
	    (x = referral_move(&n->rec, id, to, on, cli_get(c, "why"))) < 0)
		return x;
	if (f.state == to)
		say_already(c, &f);
	else
		cli_said(c, id, "Referral %lld is %s", (long long)id,
			 referral_state_text(to));
	return to == REFERRAL_COMPLETED ? hint_received(id, &f) : 0;
}

static int run_back(struct cli *c)
{
	const char *why = cli_get(c, "why");
	struct referral f;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "referral", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = referral_back(&n->rec, id, why ? why : "")) < 0 ||
	    (x = referral_get(n->db, id, &f)) < 0)
		return x;
	return cli_said(c, id, "Referral %lld is %s again", (long long)id,
			referral_state_text(f.state));
}

static int run_send(struct cli *c)
{
	struct referral f;
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_get(n->db, id, &f)) < 0 ||
	    (x = referral_send(&n->rec, id, on,
			       cli_get(c, "without-consent"))) < 0)
		return cli_no_consent(x);
	if (f.state == REFERRAL_REQUESTED)
		return say_already(c, &f);
	return cli_said(c, id, "Referral %lld is requested", (long long)id);
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

static int undo_link(struct cli *c, const char *outcome)
{
	struct node *n;
	int64_t id;
	int x;

	if (cli_get(c, "on"))
		return err_set(E_USAGE, "--undo takes no --on");
	if ((x = cli_arg_int(c, 0, "referral", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = referral_unlink(&n->rec, id, outcome)) < 0)
		return x;
	return cli_said(c, id, "Referral %lld: no longer %s", (long long)id,
			outcome);
}

static int run_link(struct cli *c)
{
	const char *outcome = cli_arg(c, 1);
	char day[DATE_TEXT];
	struct referral f;
	int32_t on, was;
	struct node *n;
	int64_t id;
	int x;

	if (cli_get(c, "undo"))
		return undo_link(c, outcome);
	if ((x = begin(c, &n, &id, &on)) < 0 ||
	    (x = referral_get(n->db, id, &f)) < 0 ||
	    (x = referral_link(&n->rec, id, outcome, on)) < 0)
		return x;
	was = referral_linked(&f, outcome);
	if (was != NO_DATE && was <= on)
		cli_said(c, id,
			 "Referral %lld: %s on %s already; the earlier day "
			 "stays. If it is wrong: ccfed refer link %lld %s "
			 "--undo",
			 (long long)id, outcome, date_format(was, day),
			 (long long)id, outcome);
	else
		cli_said(c, id, "Referral %lld: %s on %s", (long long)id,
			 outcome, date_format(on, day));
	if (strcmp(outcome, "satisfied") == 0 ||
	    strcmp(outcome, "addressed") == 0)
		return hint_received(id, &f);
	return 0;
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
	{"child", "Child", CLI_NUMBER},
	{"child_name", "Name", CLI_TEXT},
	{"need", "Need", CLI_NUMBER},
	{"domain", "Domain", CLI_TEXT},
	{"organization", "Org", CLI_NUMBER},
	{"organization_name", "Organization", CLI_TEXT},
	{"state", "State", CLI_TEXT},
	{"sent", "Sent", CLI_TEXT},
	{"received", "Received", CLI_TEXT},
	{"reason", "Reason", CLI_TEXT},
	{"ended", "Ended", CLI_TEXT},
	/* for `show` only */
	{"case", "Case", CLI_NUMBER},
	{"drafted", "Drafted", CLI_TEXT},
	{"accepted", "Accepted", CLI_TEXT},
	{"service", "Service", CLI_NUMBER},
	{"capacity", "Capacity", CLI_TEXT},
	{"enrollment", "Enrollment", CLI_TEXT},
	{"answered", "First answer", CLI_TEXT},
	{"contacted", "Contacted", CLI_TEXT},
	{"addressed", "Need addressed", CLI_TEXT},
	{"satisfied", "Family satisfied", CLI_TEXT},
	{"reason_on", "Reason since", CLI_TEXT},
	{"consent", "By consent", CLI_NUMBER},
	{"without_consent", "Without consent", CLI_TEXT},
};
enum { LISTED = 12, COLUMNS = sizeof columns / sizeof *columns };

/* What the numbers of a referral stand for. */
struct about {
	struct need need;
	struct kase kase;
	struct child child;
	struct organization org; /* id 0: not known */
};

static int look_up(struct db *db, const struct referral *f, struct about *a)
{
	int x;

	memset(&a->org, 0, sizeof a->org);
	if ((x = need_get(db, f->need, &a->need)) < 0 ||
	    (x = kase_get(db, a->need.kase, &a->kase)) < 0 ||
	    (x = child_get(db, a->kase.child, &a->child)) < 0)
		return x;
	return f->organization ? organization_get(db, f->organization, &a->org)
			       : 0;
}

static void put_id(struct cli_table *t, int64_t id)
{
	if (id)
		cli_cell_int(t, id);
	else
		cli_cell(t, NULL);
}

static void put_listed(struct cli_table *t, const struct referral *f,
		       const struct about *a)
{
	const struct child *k = &a->child;

	cli_cell_int(t, f->id);
	cli_cell_int(t, k->id);
	cli_cell_fmt(t, "%s%s%s", k->given, *k->given && *k->family ? " " : "",
		     k->family);
	cli_cell_int(t, f->need);
	cli_cell(t, a->need.domain);
	put_id(t, f->organization);
	cli_cell(t, a->org.name);
	cli_cell(t, referral_state_text(f->state));
	cli_cell_date(t, f->sent);
	cli_cell_date(t, f->received);
	cli_cell(t, f->reason);
	cli_cell_date(t, f->ended);
}

static void put_rest(struct cli_table *t, const struct referral *f,
		     const struct about *a)
{
	cli_cell_int(t, a->kase.id);
	cli_cell_date(t, f->drafted);
	cli_cell_date(t, f->accepted);
	put_id(t, f->service);
	cli_cell(t, f->capacity);
	cli_cell(t, f->enrollment);
	cli_cell_date(t, f->answered);
	cli_cell_date(t, f->contacted);
	cli_cell_date(t, f->addressed);
	cli_cell_date(t, f->satisfied);
	cli_cell_date(t, f->reason_on);
	put_id(t, f->consent);
	cli_cell(t, f->without_consent);
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct referral f;
	struct about a;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "referral", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = referral_get(n->db, id, &f)) < 0 ||
	    (x = look_up(n->db, &f, &a)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_listed(t, &f, &a);
	put_rest(t, &f, &a);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

struct list {
	struct db *db;
	struct cli_table *t;
	int64_t left, more;
};

static int put_one(void *arg, const struct referral *f)
{
	struct list *l = arg;
	struct about a;
	int x;

	if (l->left == 0) {
		l->more++;
		return 0;
	}
	l->left--;
	x = look_up(l->db, f, &a);
	if (x == 0)
		put_listed(l->t, f, &a);
	return x;
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

static int take_query(struct cli *c, struct referral_query *q)
{
	int x;

	if ((x = cli_get_int(c, "child", 1, INT64_MAX, &q->child)) < 0 ||
	    (x = cli_get_int(c, "case", 1, INT64_MAX, &q->kase)) < 0 ||
	    (x = cli_get_int(c, "need", 1, INT64_MAX, &q->need)) < 0 ||
	    (x = cli_get_int(c, "org", 1, INT64_MAX, &q->organization)) < 0)
		return x;
	q->open_only = cli_get(c, "open") != NULL;
	return take_state(c, &q->state);
}

/* An empty list would hide that the number is a wrong one. */
static int check_query(struct db *db, const struct referral_query *q)
{
	struct about a;
	int x = 0;

	if (q->child)
		x = child_get(db, q->child, &a.child);
	if (x == 0 && q->kase)
		x = kase_get(db, q->kase, &a.kase);
	if (x == 0 && q->need)
		x = need_get(db, q->need, &a.need);
	if (x == 0 && q->organization)
		x = organization_get(db, q->organization, &a.org);
	return x;
}

static int run_list(struct cli *c)
{
	struct referral_query q = {.limit = INT64_MAX};
	struct list l = {0};
	struct node *n;
	int x;

	if ((x = cli_page_newest(c, &q.offset, &l.left)) < 0 ||
	    (x = take_query(c, &q)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = check_query(n->db, &q)) < 0 ||
	    (x = cli_table_new(c, &l.t, columns, LISTED,
			       cli_records_notice(n))) < 0)
		return x;
	l.db = n->db;
	cli_table_fail(l.t, referral_list(n->db, &q, put_one, &l));
	cli_table_more(l.t, l.more);
	return cli_table_end(l.t, "No such referral.");
}

#define MOVE(verb, help, fn)                                              \
	{                                                                 \
		"refer", verb, "REFERRAL [--on DATE] [--why TEXT]", help, \
			move_opts, 1, 1, fn                               \
	}

const struct command cli_refer_commands[] = {
	{"refer", "add", "NEED [--org ORG] [--service SERVICE] [--send]",
	 "Refer a family for a need.\n"
	 "It is a draft until it is sent, for which there must be a consent.",
	 add_opts, 1, 1, run_add},
	{"refer", "show", "REFERRAL", "Show one referral.", NULL, 1, 1,
	 run_show},
	{"refer", "list",
	 "[--child N] [--case N] [--need N] [--org N] [--open]",
	 "List referrals, newest first.\n"
	 "A table has the newest 50 unless --limit says otherwise; csv and "
	 "json have all.",
	 list_opts, 0, 0, run_list},
	{"refer", "send", "REFERRAL [--on DATE] [--without-consent TEXT]",
	 "Send a draft to its organization.\n"
	 "The family must have consented to it. What can't wait for that, an\n"
	 "emergency or a mandate of the law, is sent with "
	 "--without-consent.",
	 send_opts, 1, 1, run_send},
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
	MOVE("error", "It should never have been recorded; it counts nowhere.",
	     run_error),
	{"refer", "back", "REFERRAL --why TEXT",
	 "Take back its newest step, which was recorded by mistake.\n"
	 "What was said before stays in the history. A referral that was sent "
	 "can't be made\nunsent: cancel it.",
	 back_opts, 1, 1, run_back},
	{"refer", "answer",
	 "REFERRAL [--capacity ANSWER] [--enrollment ANSWER] [--on DATE]",
	 "Record what the organization answered.", answer_opts, 1, 1,
	 run_answer},
	{"refer", "link", "REFERRAL OUTCOME [--on DATE | --undo]",
	 "Record what the family got.\n"
	 "OUTCOME is contacted, received, addressed or satisfied; received "
	 "is what\ncounts as connected. Of two days the earlier counts; "
	 "--undo takes a wrong\nentry back.",
	 link_opts, 2, 2, run_link},
	{"refer", "reason", "REFERRAL CODE [--on DATE]",
	 "Record why the family was not connected.\n"
	 "CODE is one like NO_CAPACITY; a wrong one lists them all; none "
	 "takes it back.",
	 on_opts, 2, 2, run_reason},
	{NULL},
};
