#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "proto/vocabulary.h"
#include "regional/case/kase.h"
#include "regional/case/need.h"
#include "regional/case/organization.h"
#include "regional/case/referral.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"source", "SOURCE",
	 "screening, family, provider or coordinator (default)"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt close_opts[] = {
	{"met", NULL, "the need was met"},
	{"unmet", "REASON", "it was not, and why, like NO_CAPACITY"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

/* Another open need of the same domain: twice entered, or a second one? */
struct twin {
	int64_t id, other;
	const char *domain;
};

static int note_twin(void *arg, const struct need *d)
{
	struct twin *t = arg;

	if (d->id != t->id && d->closed == NO_DATE &&
	    strcmp(d->domain, t->domain) == 0)
		t->other = d->id;
	return 0;
}

static int warn_twin(const struct node *n, int64_t kase, int64_t id,
		     const char *domain)
{
	struct twin t = {id, 0, domain};
	int x = need_list(n->db, kase, 0, INT64_MAX, note_twin, &t);

	if (x == 0 && t.other)
		cli_hint("Look again: case %lld has another open need for %s, "
			 "number %lld.",
			 (long long)kase, domain, (long long)t.other);
	return x;
}

static int run_add(struct cli *c)
{
	int64_t kase, id;
	const char *source = cli_get(c, "source");
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = need_add_from(&n->rec, kase, cli_arg(c, 1),
			       source ? source : "coordinator", on, &id)) < 0)
		return x;
	cli_said(c, id, "Need %lld added to case %lld", (long long)id,
		 (long long)kase);
	return warn_twin(n, kase, id, cli_arg(c, 1));
}

/* Of a need's referrals, the newest that was sent, and whether any was
 * received. */
struct connection {
	int64_t sent;
	bool received;
};

static int note_connection(void *arg, const struct referral *f)
{
	struct connection *k = arg;

	if (f->state == REFERRAL_ENTERED_IN_ERROR || f->sent == NO_DATE)
		return 0;
	if (!k->sent)
		k->sent = f->id;
	k->received |= f->received != NO_DATE;
	return 0;
}

static int hint_received(const struct node *n, int64_t id)
{
	const struct referral_query q = {
		.need = id, .state = -1, .limit = INT64_MAX};
	struct connection k = {0, false};
	int x = referral_list(n->db, &q, note_connection, &k);

	if (x == 0 && k.sent && !k.received)
		cli_hint("It counts as connected once the family received the "
			 "service: ccfed refer link %lld received",
			 (long long)k.sent);
	return x;
}

static int run_close(struct cli *c)
{
	const char *unmet = cli_get(c, "unmet");
	bool met = cli_get(c, "met") != NULL;
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if (met == (unmet != NULL))
		return err_set(E_USAGE, "Say either --met or --unmet REASON");
	if ((x = cli_arg_int(c, 0, "need", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = need_close(&n->rec, id, on, met, unmet)) < 0)
		return x;
	cli_said(c, id, "Need %lld closed as %s", (long long)id,
		 met ? "met" : "unmet");
	return met ? hint_received(n, id) : 0;
}

static int run_reopen(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "need", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = need_reopen(&n->rec, id)) < 0)
		return x;
	return cli_said(c, id, "Need %lld is open again", (long long)id);
}

static const struct cli_col columns[] = {
	{"need", "Need", CLI_NUMBER},	{"case", "Case", CLI_NUMBER},
	{"domain", "Domain", CLI_TEXT}, {"found", "Found", CLI_TEXT},
	{"state", "State", CLI_TEXT},	{"closed", "Closed", CLI_TEXT},
	{"reason", "Reason", CLI_TEXT}, {"source", "Found by", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_need(void *arg, const struct need *d)
{
	struct cli_table *t = arg;

	cli_cell_int(t, d->id);
	cli_cell_int(t, d->kase);
	cli_cell(t, d->domain);
	cli_cell_date(t, d->found);
	cli_cell(t, d->state);
	cli_cell_date(t, d->closed);
	cli_cell(t, d->reason);
	cli_cell(t, d->source);
	return 0;
}

struct list {
	struct db *db;
	struct cli_table *t;
};

static int put_referral(void *arg, const struct referral *f)
{
	struct organization o = {.name = ""};
	struct list *l = arg;
	int x = 0;

	if (f->organization)
		x = organization_get(l->db, f->organization, &o);
	cli_cell_int(l->t, f->id);
	cli_cell(l->t, o.name);
	cli_cell(l->t, referral_state_text(f->state));
	cli_cell_date(l->t, f->sent);
	cli_cell_date(l->t, f->received);
	cli_cell_date(l->t, f->ended);
	return x;
}

static int put_referrals(struct cli *c, struct node *n, int64_t id,
			 struct cli_table *record)
{
	static const struct cli_col referrals[] = {
		{"referral", "Referral", CLI_NUMBER},
		{"organization_name", "Organization", CLI_TEXT},
		{"state", "State", CLI_TEXT},
		{"sent", "Sent", CLI_TEXT},
		{"received", "Received", CLI_TEXT},
		{"ended", "Ended", CLI_TEXT},
	};
	const struct referral_query q = {
		.need = id, .state = -1, .limit = INT64_MAX};
	struct list l = {.db = n->db};
	int x = cli_table_new(c, &l.t, referrals, 6, NULL);

	if (x < 0)
		return x;
	cli_table_fail(l.t, referral_list(n->db, &q, put_referral, &l));
	cli_table_below(record, l.t, "No referral is recorded.");
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	struct need d;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "need", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = need_get(n->db, id, &d)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_need(t, &d);
	cli_table_record(t);
	cli_table_fail(t, put_referrals(c, n, id, t));
	return cli_table_end(t, NULL);
}

static int run_list(struct cli *c)
{
	int64_t kase, offset, limit;
	struct cli_table *t;
	struct node *n;
	struct kase k;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = kase_get(n->db, kase, &k)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, need_list(n->db, kase, offset, limit, put_need, t));
	return cli_table_end(t, "No need is recorded.");
}

const struct command cli_need_commands[] = {
	{"need", "add", "CASE DOMAIN [--source SOURCE] [--on DATE]",
	 "Add a need that was found.\n"
	 "DOMAIN is one like food, housing or developmental; a wrong one "
	 "lists them all.",
	 add_opts, 2, 2, run_add},
	{"need", "show", "NEED", "Show one need and its referrals.", NULL, 1, 1,
	 run_show},
	{"need", "list", "CASE", "List the needs of a case.", page_opts, 1, 1,
	 run_list},
	{"need", "close", "NEED --met | --unmet REASON [--on DATE]",
	 "Close a need as met or unmet.", close_opts, 1, 1, run_close},
	{"need", "reopen", "NEED", "Open a closed need again.", NULL, 1, 1,
	 run_reopen},
	{NULL},
};
