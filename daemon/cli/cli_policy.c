#include "daemon/cli/cli_policy.h"

#include <string.h>

#include "daemon/core/daemon.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "proto/catalogue.h"
#include "proto/vocabulary.h"

const struct cli_opt cli_policy_opts[] = {
	{"name", "TEXT", "set: the network's name, for pages"},
	{"floor", "N", "set: fewest children behind a number: 11 or more"},
	{"agreement", "TEXT", "set: the data use agreement that allows fewer"},
	{"settle-days", "N", "set: days after its end until a month closes"},
	{"review", "YES-NO",
	 "set: a supervisor releases each closing: yes, no"},
	{"keep-years", "N", "set: how long closed cases are kept"},
	{"withdrawal", "WORD", "set: withdrawn children: counted, uncounted"},
	{NULL},
};

int cli_policy_withdrawal(struct cli *c, enum policy_withdrawal *out)
{
	const char *text = cli_get(c, "withdrawal");
	const struct catalogue *cat;
	const struct vocabulary *v;
	int i, x;

	if (!text)
		return 0;
	x = cli_catalogue(c, &cat);
	if (x < 0)
		return x;
	v = catalogue_vocabulary(cat);
	i = vocabulary_find(v, WORDS_WITHDRAWAL, text);
	if (i < 0)
		return err_set(E_USAGE,
			       "--withdrawal is counted or uncounted, not "
			       "\"%s\"",
			       text);
	*out = (enum policy_withdrawal)vocabulary_word(v, WORDS_WITHDRAWAL, i)
		       ->code;
	return 0;
}

static int take_changes(struct cli *c, struct policy *p)
{
	int64_t floor = p->floor, settle = p->settle_days, keep = p->keep_years;
	bool any = false;
	int x;

	for (int i = 0; cli_policy_opts[i].name; i++)
		any = any || cli_get(c, cli_policy_opts[i].name);
	if (!any)
		return err_set(E_USAGE, "Say what changes, like: hub policy "
					"set --floor 15");
	if ((x = cli_get_text(c, "name", p->network, sizeof p->network)) < 0 ||
	    (x = cli_get_text(c, "agreement", p->agreement,
			      sizeof p->agreement)) < 0 ||
	    (x = cli_get_int(c, "floor", 1, 1000, &floor)) < 0 ||
	    (x = cli_get_int(c, "settle-days", 0, 366, &settle)) < 0 ||
	    (x = cli_get_int(c, "keep-years", 0, 100, &keep)) < 0 ||
	    (x = cli_get_yes(c, "review", &p->review)) < 0 ||
	    (x = cli_policy_withdrawal(c, &p->withdrawal)) < 0)
		return x;
	p->floor = (uint32_t)floor;
	p->settle_days = (uint32_t)settle;
	p->keep_years = (uint32_t)keep;
	return 0;
}

/* What stands above every page is read when the hub starts. */
static int check_pages(const struct hub *h, const struct policy *p)
{
	const struct policy *was = &h->policy;
	bool same = strcmp(p->network, was->network) == 0 &&
		    strcmp(p->agreement, was->agreement) == 0 &&
		    (p->floor < POLICY_FLOOR) == (was->floor < POLICY_FLOOR);

	if (same || !daemon_runs(h->dir))
		return 0;
	return err_set(E_STATE,
		       "the network's name, the agreement and whether the "
		       "floor is under %d stand on every page: stop ccfed hub "
		       "run, set the policy, and start it again",
		       POLICY_FLOOR);
}

static int set(struct cli *c, struct hub *h)
{
	struct policy p = h->policy;
	int x;

	if (cli_args(c) != 1)
		return err_set(E_USAGE, "hub policy set takes options only, "
					"like --floor 15");
	if ((x = take_changes(c, &p)) < 0 || (x = check_pages(h, &p)) < 0 ||
	    (x = hub_policy_set(h, &p)) < 0)
		return x;
	return cli_said(c, p.number,
			"Policy %u is in force; each region's node takes it "
			"over with its next heartbeat",
			(unsigned)p.number);
}

static void put_policy(struct cli_table *t, const struct vocabulary *v,
		       const struct policy *p)
{
	const struct word *w = NULL;

	for (int i = 0; i < vocabulary_count(v, WORDS_WITHDRAWAL); i++)
		if (vocabulary_word(v, WORDS_WITHDRAWAL, i)->code ==
		    (int)p->withdrawal)
			w = vocabulary_word(v, WORDS_WITHDRAWAL, i);
	cli_cell_int(t, p->number);
	cli_cell(t, p->network);
	cli_cell(t, p->kind == NETWORK_SYNTHETIC ? "synthetic" : "real");
	cli_cell_int(t, p->floor);
	cli_cell(t, p->agreement);
	cli_cell_int(t, p->settle_days);
	cli_cell(t, p->review ? "yes" : "no");
	cli_cell_int(t, p->keep_years);
	cli_cell(t, w ? w->id : NULL);
	cli_cell(t, p->zone);
	cli_cell_int(t, p->state_fiscal_month);
}

static int show(struct cli *c, struct hub *h)
{
	static const struct cli_col columns[] = {
		{"policy", "Policy", CLI_NUMBER},
		{"network", "Network", CLI_TEXT},
		{"kind", "Kind of network", CLI_TEXT},
		{"floor", "Fewest children behind a number", CLI_NUMBER},
		{"agreement", "Data use agreement", CLI_TEXT},
		{"settle_days", "Days until a month closes", CLI_NUMBER},
		{"review", "A supervisor releases", CLI_TEXT},
		{"keep_years", "Years closed cases are kept", CLI_NUMBER},
		{"withdrawal", "Withdrawn children", CLI_TEXT},
		{"zone", "Time zone", CLI_TEXT},
		{"fiscal_month", "Fiscal year begins in month", CLI_NUMBER},
	};
	const struct catalogue *cat;
	struct cli_table *t;
	int64_t number = 0;
	struct policy p;
	char banner[200];
	int x;

	for (int i = 0; cli_policy_opts[i].name; i++)
		if (cli_get(c, cli_policy_opts[i].name))
			return err_set(E_USAGE, "--%s goes with hub policy set",
				       cli_policy_opts[i].name);
	if ((cli_arg(c, 1) && (x = cli_arg_int(c, 1, "policy", &number)) < 0) ||
	    (x = cli_catalogue(c, &cat)) < 0)
		return x;
	if (number > UINT32_MAX)
		return err_set(E_NOTFOUND, "there is no policy %lld",
			       (long long)number);
	if ((x = hub_policy(h, h->db, (uint32_t)number, &p)) < 0 ||
	    (x = cli_table_new(c, &t, columns, 11,
			       policy_banner(&p, banner, sizeof banner))) < 0)
		return x;
	put_policy(t, catalogue_vocabulary(cat), &p);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

int cli_policy_run(struct cli *c)
{
	const char *what = cli_arg(c, 0);
	struct hub *h;
	int x;

	if (strcmp(what, "show") != 0 && strcmp(what, "set") != 0)
		return err_set(E_USAGE,
			       "hub policy takes show or set, not \"%s\"",
			       what);
	if ((x = cli_hub(c, &h)) < 0)
		return x;
	return strcmp(what, "show") == 0 ? show(c, h) : set(c, h);
}
