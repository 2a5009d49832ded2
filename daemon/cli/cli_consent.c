#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/consent.h"
#include "regional/node.h"

#define SIGNED                                                            \
	{"signer", "N", "the caregiver who signed; without: the youth"},  \
		{"authority", "WORD", "in which right, like parent"},     \
		{"signed", "DATE", "the day of signing; default: today"}, \
		{"since", "DATE",                                         \
		 "first day; default: the day of "                        \
		 "signing"},                                              \
		{"until", "DATE", "last day; default: none named"},       \
	{                                                                 \
		"scan", "N", "the document with the signature"            \
	}

static const struct cli_opt add_opts[] = {
	{"org", "N", "for this organization"},
	{"practice", "N", "for this practice"},
	SIGNED,
	{NULL},
};
static const struct cli_opt renew_opts[] = {SIGNED, {NULL}};
static const struct cli_opt withdraw_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{"why", "TEXT", "in a few words"},
	{NULL},
};
static const struct cli_opt check_opts[] = {
	{"org", "N", "towards this organization"},
	{"practice", "N", "towards this practice"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};

static int take_receiver(struct cli *c, struct consent_receiver *to)
{
	int x = cli_get_int(c, "org", 1, INT64_MAX, &to->organization);

	return x < 0 ? x
		     : cli_get_int(c, "practice", 1, INT64_MAX, &to->practice);
}

static int take_signed(struct cli *c, const struct node *n, struct consent *k)
{
	int x;

	k->signed_on = records_today(&n->rec);
	k->until = k->withdrawn = NO_DATE;
	if ((x = cli_get_date(c, "signed", &k->signed_on)) < 0)
		return x;
	k->since = k->signed_on;
	if ((x = cli_get_date(c, "since", &k->since)) < 0 ||
	    (x = cli_get_date(c, "until", &k->until)) < 0 ||
	    (x = cli_get_int(c, "signer", 1, INT64_MAX, &k->signer)) < 0 ||
	    (x = cli_get_int(c, "scan", 1, INT64_MAX, &k->attachment)) < 0)
		return x;
	snprintf(k->authority, sizeof k->authority, "%s",
		 k->signer ? "parent" : "youth");
	return cli_get_text(c, "authority", k->authority, sizeof k->authority);
}

static int take_scopes(struct cli *c, struct consent *k)
{
	for (int i = 1; i < cli_args(c); i++) {
		if (k->scopes == CONSENT_SCOPES)
			return err_set(E_USAGE,
				       "At most %d scopes can be "
				       "named",
				       CONSENT_SCOPES);
		snprintf(k->scope[k->scopes++], VOCABULARY_ID, "%s",
			 cli_arg(c, i));
	}
	return 0;
}

static int run_add(struct cli *c)
{
	struct consent k = {0};
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &k.child)) < 0 ||
	    (x = take_scopes(c, &k)) < 0 || (x = take_receiver(c, &k.to)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = take_signed(c, n, &k)) < 0 ||
	    (x = consent_add(&n->rec, &k, &id)) < 0)
		return x;
	return cli_said(c, id, "Consent %lld added", (long long)id);
}

static int run_renew(struct cli *c)
{
	struct consent k = {0};
	int64_t id, new_id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "consent", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = take_signed(c, n, &k)) < 0 ||
	    (x = consent_renew(&n->rec, id, &k, &new_id)) < 0)
		return x;
	return cli_said(c, new_id, "Consent %lld renewed as %lld",
			(long long)id, (long long)new_id);
}

static int run_attach(struct cli *c)
{
	int64_t id, scan;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "consent", &id)) < 0 ||
	    (x = cli_arg_int(c, 1, "document", &scan)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = consent_attach(&n->rec, id, scan)) < 0)
		return x;
	return cli_said(c, id, "Document %lld is the scan of consent %lld",
			(long long)scan, (long long)id);
}

static int run_withdraw(struct cli *c)
{
	int64_t id, open = 0;
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "consent", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = consent_withdraw(&n->rec, id, on, cli_get(c, "why"))) < 0 ||
	    (x = consent_open_referrals(n->db, id, &open)) < 0)
		return x;
	x = cli_said(c, id,
		     "Consent %lld is withdrawn; sharing under it has stopped",
		     (long long)id);
	if (open > 0)
		cli_hint("%lld referral%s sent under it %s not ended: tell the "
			 "receiver, or cancel it (ccfed refer list --open)",
			 (long long)open, open == 1 ? "" : "s",
			 open == 1 ? "has" : "have");
	return x;
}

static const struct cli_col columns[] = {
	{"consent", "Consent", CLI_NUMBER},
	{"scopes", "To", CLI_TEXT},
	{"organization", "Organization", CLI_NUMBER},
	{"practice", "Practice", CLI_NUMBER},
	{"since", "Since", CLI_TEXT},
	{"until", "Until", CLI_TEXT},
	{"last", "Last day", CLI_TEXT},
	{"signed", "Signed", CLI_TEXT},
	{"signer", "Signer", CLI_NUMBER},
	{"authority", "As", CLI_TEXT},
	{"scan", "Scan", CLI_NUMBER},
	{"renews", "Renews", CLI_NUMBER},
	{"withdrawn", "Withdrawn", CLI_TEXT},
	{"counted", "Counted", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

struct list {
	struct cli_table *t;
	int32_t birth;
};

static void put_id(struct cli_table *t, int64_t id)
{
	if (id)
		cli_cell_int(t, id);
	else
		cli_cell(t, NULL);
}

static int put_consent(void *arg, const struct consent *k)
{
	char scopes[CONSENT_SCOPES * VOCABULARY_ID];
	struct list *l = arg;
	size_t used = 0;

	scopes[0] = '\0';
	for (int i = 0; i < k->scopes; i++)
		used += (size_t)snprintf(scopes + used, sizeof scopes - used,
					 "%s%s", i ? " " : "", k->scope[i]);
	cli_cell_int(l->t, k->id);
	cli_cell(l->t, scopes);
	put_id(l->t, k->to.organization);
	put_id(l->t, k->to.practice);
	cli_cell_date(l->t, k->since);
	cli_cell_date(l->t, k->until);
	cli_cell_date(l->t, consent_last_day(k, l->birth));
	cli_cell_date(l->t, k->signed_on);
	put_id(l->t, k->signer);
	cli_cell(l->t, k->authority);
	put_id(l->t, k->attachment);
	put_id(l->t, k->renews);
	cli_cell_date(l->t, k->withdrawn);
	cli_cell(l->t, k->counted ? "yes" : "no");
	return 0;
}

static int run_show(struct cli *c)
{
	struct consent k;
	struct child who;
	struct node *n;
	struct list l;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "consent", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = consent_get(n->db, id, &k)) < 0 ||
	    (x = child_get(n->db, k.child, &who)) < 0 ||
	    (x = cli_table_new(c, &l.t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	l.birth = who.birth;
	put_consent(&l, &k);
	cli_table_record(l.t);
	return cli_table_end(l.t, NULL);
}

static int run_list(struct cli *c)
{
	struct child who;
	struct node *n;
	struct list l;
	int64_t child;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = child_get(n->db, child, &who)) < 0 ||
	    (x = cli_table_new(c, &l.t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	l.birth = who.birth;
	cli_table_fail(l.t, consent_list(n->db, child, put_consent, &l));
	return cli_table_end(l.t, "No consent is recorded.");
}

static int run_check(struct cli *c)
{
	struct consent_receiver to = {0};
	int64_t child, id = 0;
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = take_receiver(c, &to)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = cli_day(c, n, &on)) < 0 ||
	    (x = consent_allows(&n->rec, child, cli_arg(c, 1), &to, on, &id)) <
		    0)
		return x;
	return cli_said(c, id, "Child %lld: consent %lld allows to %s",
			(long long)child, (long long)id, cli_arg(c, 1));
}

const struct command cli_consent_commands[] = {
	{"consent", "add",
	 "CHILD SCOPE... [--org N | --practice N] [--signer N] ...",
	 "Add what a family consents to.\n"
	 "SCOPE is one like refer or share-plan; a wrong one lists them all. "
	 "Without --org\nor --practice it is for whoever is needed.",
	 add_opts, 2, -1, run_add},
	{"consent", "renew", "CONSENT [--signer N] [--until DATE] ...",
	 "Renew a consent: the same again, signed anew.", renew_opts, 1, 1,
	 run_renew},
	{"consent", "attach", "CONSENT DOCUMENT",
	 "Say which document is the scan of a consent.", NULL, 2, 2,
	 run_attach},
	{"consent", "withdraw", "CONSENT [--on DATE] [--why TEXT]",
	 "Withdraw a consent.\nSharing under it stops at once. Whether the "
	 "child is still counted once care\ncoordination itself is withdrawn "
	 "is the word of the network's policy.",
	 withdraw_opts, 1, 1, run_withdraw},
	{"consent", "show", "CONSENT", "Show one consent.", NULL, 1, 1,
	 run_show},
	{"consent", "list", "CHILD", "List the consents of a child.", NULL, 1,
	 1, run_list},
	{"consent", "check", "CHILD SCOPE [--org N | --practice N] [--on DATE]",
	 "Ask whether a consent allows something.\n"
	 "Exit status 1 and the reason if it does not.",
	 check_opts, 2, 2, run_check},
	{NULL},
};
