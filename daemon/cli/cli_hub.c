#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cli/cli_policy.h"
#include "daemon/cli/cli_token.h"
#include "daemon/cli/invocation.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/serve.h"
#include "proto/lattice.h"
#include "regional/node.h"

static const struct cli_opt init_opts[] = {
	{"name", "TEXT", "the network's name, for pages"},
	{"synthetic", NULL, "for made-up data only"},
	{"floor", "N", "fewest children behind a number: 11 or more"},
	{"agreement", "TEXT", "the data use agreement that allows fewer"},
	{"settle-days", "N", "days after its end until a month closes; 10"},
	{"review", NULL, "a supervisor of the region releases each closing"},
	{"withdrawal", "WORD",
	 "children whose consent was withdrawn: counted, or uncounted"},
	{"zone", "ZONE", "time zone; America/New_York"},
	{"bus", "ADDR", "where regions report; tcp://127.0.0.1:7400"},
	{"http", "ADDR", "the pages; 127.0.0.1:8400, or none"},
	{NULL},
};
static const struct cli_opt run_opts[] = {
	{"allow-remote-http", NULL,
	 "let other machines reach the pages; wants tls_cert and tls_key"},
	{NULL},
};
static const struct cli_opt invite_opts[] = {
	{"hours", "N", "how long the code is valid; 24"},
	{NULL},
};

static int take_policy(struct cli *c, struct policy *p)
{
	int64_t floor, settle;
	int x;

	if (!cli_get(c, "name"))
		return err_set(E_USAGE, "Say the network's name: --name TEXT");
	policy_defaults(
		p, cli_get(c, "synthetic") ? NETWORK_SYNTHETIC : NETWORK_REAL,
		"");
	floor = p->floor;
	settle = p->settle_days;
	if ((x = cli_get_text(c, "name", p->network, sizeof p->network)) < 0 ||
	    (x = cli_get_text(c, "agreement", p->agreement,
			      sizeof p->agreement)) < 0 ||
	    (x = cli_get_text(c, "zone", p->zone, sizeof p->zone)) < 0 ||
	    (x = cli_get_int(c, "floor", 1, 1000, &floor)) < 0 ||
	    (x = cli_get_int(c, "settle-days", 0, 366, &settle)) < 0 ||
	    (x = cli_policy_withdrawal(c, &p->withdrawal)) < 0)
		return x;
	p->floor = (uint32_t)floor;
	p->settle_days = (uint32_t)settle;
	p->review = cli_get(c, "review") != NULL;
	return 0;
}

/* Is @text HOST:PORT? A host has letters, digits, dots, hyphens; or it is in
 * brackets, for IPv6. */
static bool is_host_port(const char *text)
{
	const char *colon = strrchr(text, ':');
	size_t host = colon ? (size_t)(colon - text) : 0, inner;
	size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;
	long port = digits > 0 && digits < 6 ? strtol(colon + 1, NULL, 10) : 0;

	if (host == 0 || colon[1 + digits] || port < 1 || port > 65535)
		return false;
	if (text[0] == '[') {
		inner = strspn(text + 1, "0123456789abcdefABCDEF:.");
		return inner > 1 && inner + 2 == host && text[host - 1] == ']';
	}
	return strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ.-") == host;
}

static int check_addresses(const struct hub_new *how)
{
	static const char tcp[] = "tcp://";
	size_t n = sizeof tcp - 1;

	if (strncmp(how->bus, tcp, n) != 0 || !is_host_port(how->bus + n))
		return err_set(E_USAGE,
			       "--bus takes tcp://HOST:PORT, like "
			       "tcp://127.0.0.1:7400, not \"%s\"",
			       how->bus);
	if (how->http[0] && !is_host_port(how->http))
		return err_set(E_USAGE,
			       "--http takes HOST:PORT, like 127.0.0.1:8400, "
			       "or none, not \"%s\"",
			       how->http);
	return 0;
}

static int run_init(struct cli *c)
{
	struct hub_new how = {.bus = "tcp://127.0.0.1:7400",
			      .http = "127.0.0.1:8400"};
	const struct seams *s = cli_seams(c);
	const struct catalogue *cat;
	const char *dir;
	int x;

	if ((x = take_policy(c, &how.policy)) < 0 ||
	    (x = cli_get_text(c, "bus", how.bus, sizeof how.bus)) < 0 ||
	    (x = cli_get_text(c, "http", how.http, sizeof how.http)) < 0)
		return x;
	if (strcmp(how.http, "none") == 0)
		how.http[0] = '\0';
	if ((x = check_addresses(&how)) < 0 || (x = cli_dir(c, &dir)) < 0 ||
	    (x = cli_catalogue(c, &cat)) < 0)
		return x;
	x = hub_init(s->clock, s->rng, s->disk, cat, dir, &how);
	if (x < 0)
		return x;
	return cli_said(c, 0,
			"The hub of %s is in %s; add a region with `ccfed hub "
			"region add -d %s ID TITLE`",
			how.policy.network, dir, dir);
}

static int run_run(struct cli *c)
{
	struct hub *h;
	int x;

	if ((x = cli_hub(c, &h)) < 0)
		return x;
	return serve_run(h, cli_get(c, "allow-remote-http") != NULL);
}

static int add_region(struct cli *c, struct hub *h)
{
	int x;

	if (cli_args(c) != 3)
		return err_set(E_USAGE, "Say ID and TITLE, like: hub region "
					"add north \"North Region\"");
	x = hub_region_add(h, cli_arg(c, 1), cli_arg(c, 2));
	if (x < 0)
		return x;
	return cli_said(c, 0, "Region %s added", cli_arg(c, 1));
}

static int title_region(struct cli *c, struct hub *h)
{
	char id[REGION_ID];
	int x;

	if (cli_args(c) != 3)
		return err_set(E_USAGE, "Say ID and TITLE, like: hub region "
					"title north \"North Region\"");
	if ((x = roster_find(h->db, cli_arg(c, 1), id)) < 0 ||
	    (x = hub_region_title(h, id, cli_arg(c, 2))) < 0)
		return x;
	return cli_said(c, 0, "Region %s is called %s", id, cli_arg(c, 2));
}

static void put_time(struct cli_table *t, int64_t utc_ms)
{
	char text[21];

	cli_cell(t, utc_ms ? date_format_utc(utc_ms, text) : NULL);
}

static int put_region(void *arg, const struct region_row *r)
{
	struct cli_table *t = arg;
	char month[PERIOD_TEXT];

	cli_cell(t, r->id);
	cli_cell(t, r->title);
	put_time(t, r->joined_utc_ms);
	put_time(t, r->heard_utc_ms);
	cli_cell(t, r->closed < 0 ? NULL
				  : period_format((struct period){r->closed, 1},
						  month));
	cli_cell_int(t, r->releases);
	cli_cell_int(t, r->events);
	cli_cell_int(t, r->occurrences);
	cli_cell_int(t, r->epoch);
	cli_cell(t, *r->fingerprint ? r->fingerprint : NULL);
	cli_cell(t, *r->trouble ? r->trouble : NULL);
	return 0;
}

static int list_regions(struct cli *c, struct hub *h)
{
	static const struct cli_col columns[] = {
		{"region", "Region", CLI_TEXT},
		{"title", "Title", CLI_TEXT},
		{"joined", "Joined", CLI_TEXT},
		{"heard", "Last heard", CLI_TEXT},
		{"closed", "Closed through", CLI_TEXT},
		{"releases", "Releases", CLI_NUMBER},
		{"events", "Events", CLI_NUMBER},
		{"occurrences", "Occurrences", CLI_NUMBER},
		{"epoch", "Epoch", CLI_NUMBER},
		{"fingerprint", "Fingerprint", CLI_TEXT},
		{"trouble", "Trouble", CLI_TEXT},
	};
	struct cli_table *t;
	char banner[200];
	int x;

	if (cli_args(c) != 1)
		return err_set(E_USAGE, "hub region list takes nothing more");
	x = cli_table_new(c, &t, columns, 11,
			  policy_banner(&h->policy, banner, sizeof banner));
	if (x < 0)
		return x;
	cli_table_fail(t, hub_regions(h, put_region, t));
	return cli_table_end(t, "There are no regions yet.");
}

static int run_region(struct cli *c)
{
	const char *what = cli_arg(c, 0);
	struct hub *h;
	int x;

	if (strcmp(what, "add") != 0 && strcmp(what, "title") != 0 &&
	    strcmp(what, "list") != 0)
		return err_set(E_USAGE,
			       "hub region takes add, title or list, not "
			       "\"%s\"",
			       what);
	if ((x = cli_hub(c, &h)) < 0)
		return x;
	if (strcmp(what, "title") == 0)
		return title_region(c, h);
	return strcmp(what, "add") == 0 ? add_region(c, h) : list_regions(c, h);
}

struct replacing {
	const char *region;
	struct region_row row;
};

static int on_replaced(void *arg, const struct region_row *r)
{
	struct replacing *p = arg;

	if (strcmp(p->region, r->id) == 0)
		p->row = *r;
	return 0;
}

/* Two nodes of one region can't be: who invites a working one should know. */
static int warn_of_replacing(struct hub *h, const char *region)
{
	struct replacing p = {.region = region};
	char at[21] = "never";
	int x;

	x = hub_regions(h, on_replaced, &p);
	if (x < 0 || !p.row.joined)
		return x;
	if (p.row.heard_utc_ms)
		date_format_utc(p.row.heard_utc_ms, at);
	fprintf(stderr,
		"Warning: %s has a node, last heard %s. The node that joins "
		"with this\ncode replaces it, and the old one can report no "
		"more.\n",
		p.row.title, at);
	return 0;
}

/* The code stands alone on stdout, to be copied or piped. */
static int run_invite(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"region", "Region", CLI_TEXT},
		{"hours", "Valid for hours", CLI_NUMBER},
		{"code", "Code", CLI_TEXT},
	};
	char code[JOIN_CODE_TEXT], id[REGION_ID];
	struct cli_table *t;
	int64_t hours = 24;
	struct hub *h;
	int x;

	if ((x = cli_get_int(c, "hours", 1, 720, &hours)) < 0 ||
	    (x = cli_hub(c, &h)) < 0 ||
	    (x = roster_find(h->db, cli_arg(c, 0), id)) < 0 ||
	    (x = hub_invite(h, id, (int)hours, code)) < 0 ||
	    (x = warn_of_replacing(h, id)) < 0)
		return x;
	if (c->format == FORMAT_TABLE) {
		fprintf(stderr,
			"One use, within %lld hours; give it to the region "
			"only:\n",
			(long long)hours);
		printf("%s\n", code);
		return 0;
	}
	if ((x = cli_table_new(c, &t, columns, 3, NULL)) < 0)
		return x;
	cli_cell(t, id);
	cli_cell_int(t, hours);
	cli_cell(t, code);
	return cli_table_end(t, NULL);
}

const struct command cli_hub_commands[] = {
	{"hub", "init", "--name TEXT [--synthetic]",
	 "Make a hub in DIR: its keys, its database and the network's rules.\n"
	 "\n"
	 "A floor under 11 is possible only in a synthetic network, or under "
	 "a\n"
	 "data use agreement that is named here and that the supervisor of\n"
	 "each region confirms.",
	 init_opts, 0, 0, run_init},
	{"hub", "run", "", "Take what regions report, and serve the page.",
	 run_opts, 0, 0, run_run},
	{"hub", "region", "add ID TITLE | title ID TITLE | list",
	 "Add a region, correct its title, or list all.\n"
	 "\n"
	 "A region's node learns a new title when it joins again.\n"
	 "\n"
	 "The list says how fresh each region is. Closed through is the month\n"
	 "that all its tables have closed; some have closed later ones, too.\n"
	 "A region not heard for five minutes is in trouble. Other troubles\n"
	 "carry their date, and go away after seven days.",
	 NULL, 1, 3, run_region},
	{"hub", "policy",
	 "show [NUMBER] | set [--floor N] [--review yes|no] ...",
	 "Show the network's rules, or put others in force.\n"
	 "\n"
	 "Policies are numbered and signed by the hub; releases name the one\n"
	 "they follow. A region's node may be stricter, never laxer. With\n"
	 "--withdrawal uncounted no child counts whose family has withdrawn "
	 "its\n"
	 "consent to care coordination; what was released already moves as "
	 "far as\n"
	 "corrections may.",
	 cli_policy_opts, 1, 2, cli_policy_run},
	{"hub", "token", "add TITLE | list | revoke NUMBER",
	 "Keys with which programs read the state's figures.\n"
	 "\n"
	 "A program sends its key to /api/v1 as \"Authorization: Bearer "
	 "KEY\";\n"
	 "/api/v1/openapi.json describes what it gets. A key is shown once.",
	 NULL, 1, 2, cli_token_run},
	{"hub", "invite", "REGION [--hours N]",
	 "A code with which a region's node joins, once.\n"
	 "\n"
	 "If the region has a node, the one that joins replaces it. A new "
	 "code\n"
	 "makes an unused one of the same region worthless.",
	 invite_opts, 1, 1, run_invite},
	{NULL},
};
