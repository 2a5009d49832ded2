#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli_ask.h"
#include "daemon/cli/cli_node_run.h"
#include "daemon/cli/invocation.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/web/http.h"
#include "proto/catalogue.h"
#include "proto/lattice.h"
#include "regional/node.h"
#include "regional/node_practice.h"
#include "regional/release/release.h"

enum { JOIN_DEADLINE_MS = 15000 };

static const struct cli_opt init_opts[] = {
	{"synthetic", NULL, "for a network of made-up data only"},
	{"first-period", "MONTH",
	 "history is brought from this month on, like 2023-07"},
	{"http", "ADDR", "the pages; 127.0.0.1:8420, or none"},
	{NULL},
};
static const struct cli_opt history_opts[] = {
	{"done", NULL, "the history is in: from now on months may close"},
	{"yes", NULL, "also if some of it lies before the first month"},
	{"first-period", "MONTH", "let an earlier month be the first"},
	{NULL},
};

static const struct cli_opt practice_opts[] = {
	{"children", "N", "made-up children; 150"},
	{"years", "Y", "over so many years; 2"},
	{"http", "ADDR", "its pages; 127.0.0.1:8421"},
	{NULL},
};

/* A month that has begun. */
static int take_month(struct cli *c, const char *name, int32_t *out)
{
	int64_t now = clock_utc_ms(cli_seams(c)->clock);
	const char *text = cli_get(c, name);
	struct period p;

	if (!text)
		return 0;
	if (period_parse(text, &p) < 0 || p.months != 1)
		return err_set(E_USAGE,
			       "--%s takes a month like 2023-07, not \"%s\"",
			       name, text);
	if (p.month > period_month_of_day(date_of_utc(now)))
		return err_set(E_USAGE,
			       "--%s takes this month or an earlier one; %s is "
			       "in the future",
			       name, text);
	*out = p.month;
	return 0;
}

static int run_init(struct cli *c)
{
	struct node_new how = {NETWORK_REAL, -1, "127.0.0.1:8420"};
	const struct catalogue *cat;
	const char *dir;
	int x;

	if (cli_get(c, "synthetic"))
		how.kind = NETWORK_SYNTHETIC;
	if (cli_get(c, "http"))
		how.http = cli_get(c, "http");
	if (strcmp(how.http, "none") == 0)
		how.http = NULL;
	if (how.http && (x = http_address_check(how.http)) < 0)
		return x;
	if ((x = take_month(c, "first-period", &how.first_period)) < 0 ||
	    (x = cli_dir(c, &dir)) < 0 || (x = cli_catalogue(c, &cat)) < 0 ||
	    (x = node_init(cli_seams(c), cat, dir, &how)) < 0)
		return x;
	return cli_said(c, 0,
			"The node for %s is in %s; join a network with "
			"`ccfed node join -d %s CODE`",
			how.kind == NETWORK_REAL ? "real data" : "made-up data",
			dir, dir);
}

/* One line of standard input, which keeps the code out of the shell's
 * history. */
static int read_code(const char *arg, char *out, size_t size)
{
	if (strcmp(arg, "-") != 0) {
		if (strlen(arg) >= size)
			return err_set(E_USAGE, "This is not a join code: it "
						"is too long");
		memcpy(out, arg, strlen(arg) + 1);
		return 0;
	}
	if (!fgets(out, (int)size, stdin))
		return err_set(E_USAGE, "No join code came on standard input");
	return 0;
}

struct joining {
	struct node *n;
	struct join_code code;
};

static int on_answer(void *arg, const void *data, size_t len)
{
	struct joining *j = arg;

	return node_join_answer(j->n, &j->code, data, len);
}

static int print_joined(struct cli *c, const struct node *n)
{
	static const struct cli_col columns[] = {
		{"region", "Region", CLI_TEXT},
		{"network", "Network", CLI_TEXT},
		{"fingerprint", "Read this to the hub's operator", CLI_TEXT},
		{"floor", "A number to the state stands for", CLI_TEXT},
		{"settle", "A month closes", CLI_TEXT},
		{"review", "Numbers leave", CLI_TEXT},
		{"withdrawal", "Withdrawn children", CLI_TEXT},
		{"zone", "Dates are those of", CLI_TEXT},
	};
	char banner[200], fingerprint[48];
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, columns, 8,
			  policy_banner(&n->policy, banner, sizeof banner));
	if (x < 0)
		return x;
	cli_table_record(t);
	cli_cell(t, n->region_title);
	cli_cell(t, n->policy.network);
	cli_cell(t, keys_fingerprint(n->keys.sign_pk, n->keys.box_pk,
				     fingerprint));
	cli_cell_fmt(t, "at least %u children", node_floor(n));
	cli_cell_fmt(t, "%u days after it has matured", n->policy.settle_days);
	cli_cell(t, node_review(n) ? "when a supervisor has approved them"
				   : "by themselves when a month has closed");
	cli_cell(t, n->policy.withdrawal == POLICY_UNCOUNTED
			    ? "are not counted any more"
			    : "are counted as before");
	cli_cell(t, n->policy.zone);
	return cli_table_end(t, NULL);
}

static int join(struct cli *c, struct joining *j)
{
	unsigned char *envelope;
	int x;

	if ((x = cli_node(c, &j->n)) < 0)
		return x;
	envelope = mem_alloc(ENVELOPE_SIZE);
	if (!envelope)
		return err_set(E_NOMEM, "out of memory for an envelope");
	log_level(LOG_LEVEL_WARN);
	x = node_join_request(j->n, &j->code, envelope);
	if (x == 0)
		x = cli_ask(j->code.addr, envelope, ENVELOPE_SIZE,
			    JOIN_DEADLINE_MS, on_answer, j);
	mem_free(envelope);
	return x;
}

static int run_join(struct cli *c)
{
	char text[JOIN_CODE_TEXT * 2] = "";
	struct joining j = {NULL};
	int x;

	x = read_code(cli_arg(c, 0), text, sizeof text);
	if (x == 0)
		x = join_code_parse(text, &j.code);
	if (x == 0)
		x = join(c, &j);
	/* Whoever has an unused code is the region. */
	sodium_memzero(text, sizeof text);
	sodium_memzero(&j.code, sizeof j.code);
	return x < 0 ? x : print_joined(c, j.n);
}

static int run_run(struct cli *c)
{
	struct node *n;
	int x;

	if ((x = cli_node(c, &n)) < 0)
		return x;
	return cli_node_run(n);
}

static void show_practice(void *arg, int64_t done, int64_t of)
{
	cli_progress(arg, "Children", done, of);
}

static int run_practice(struct cli *c)
{
	struct node_practice_new how = {"127.0.0.1:8421", 150, 2};
	int64_t years = how.years;
	struct node *n;
	int x;

	if (cli_get(c, "http"))
		how.http = cli_get(c, "http");
	if ((x = http_address_check(how.http)) < 0 ||
	    (x = cli_get_int(c, "children", 1, 10000, &how.children)) < 0 ||
	    (x = cli_get_int(c, "years", 1, 20, &years)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	how.years = (int)years;
	x = node_practice_make(n, &how, show_practice, c);
	if (x < 0)
		return x;
	return cli_said(c, 0,
			"A center for practicing is in %s/practice; `ccfed "
			"node run` serves it at http://%s/",
			n->dir, how.http);
}

static int print_outlook(struct cli *c, struct node *n, int64_t *before)
{
	static const struct cli_col columns[] = {
		{"table", "Fact table", CLI_TEXT},
		{"facts", "Facts", CLI_NUMBER},
		{"before", "Before the first month, count nowhere", CLI_NUMBER},
		{"months", "Months that will close", CLI_NUMBER},
	};
	int32_t today = records_today(&n->rec);
	struct cli_table *t;
	int x;

	*before = 0;
	x = cli_table_new(c, &t, columns, 4, cli_records_notice(n));
	if (x < 0)
		return x;
	for (int i = 0; i < catalogue_tables(n->cat) && x == 0; i++) {
		const struct fact_table *f = catalogue_table(n->cat, i);
		struct outlook look;

		x = release_outlook(n, f, today, &look);
		if (x < 0)
			break;
		cli_cell(t, f->id);
		cli_cell_int(t, look.facts);
		cli_cell_int(t, look.before);
		cli_cell_int(t, look.months);
		*before += look.before;
	}
	cli_table_fail(t, x);
	return cli_table_end(t, NULL);
}

static int history_done(struct cli *c, struct node *n)
{
	char month[PERIOD_TEXT];
	int64_t before = 0;
	int x;

	if (n->history_in)
		return node_history_in(n); /* which says so */
	x = print_outlook(c, n, &before);
	if (x < 0)
		return x;
	if (before > 0 && !cli_get(c, "yes"))
		return err_set(
			E_STATE,
			"%lld facts lie before %s and would count "
			"nowhere, for good. To count them say ccfed node "
			"history --first-period with an earlier month, "
			"before anything closes; to leave them out say "
			"--done --yes",
			(long long)before,
			period_format((struct period){n->first_month, 1},
				      month));
	x = node_history_in(n);
	if (x < 0 || c->format != FORMAT_TABLE)
		return x;
	return cli_said(c, 0, "\nThe history is in; months may close now");
}

static int run_history(struct cli *c)
{
	int32_t first = -1;
	struct node *n;
	int x;

	if (!cli_get(c, "done") == !cli_get(c, "first-period"))
		return err_set(
			E_USAGE,
			"Say --done when the history is in: from then "
			"on months close. Or move the first of them with "
			"--first-period MONTH");
	if ((x = take_month(c, "first-period", &first)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	if (first < 0)
		return history_done(c, n);
	x = node_first_period(n, first);
	if (x < 0)
		return x;
	return cli_said(c, 0, "The first month that closes is now %s",
			cli_get(c, "first-period"));
}

const struct command cli_node_commands[] = {
	{"node", "init", "[--synthetic] [--first-period MONTH]",
	 "Make a node's directory: options, keys, an empty database.\n"
	 "Whether it is for real or for made-up data can't be changed later. "
	 "With\n--first-period nothing leaves until `ccfed node history "
	 "--done`.",
	 init_opts, 0, 0, run_init},
	{"node", "join", "CODE",
	 "Join a network with a code from the hub's operator.\n"
	 "CODE \"-\" reads it from standard input. Afterwards both sides read "
	 "the\nfingerprint to each other by telephone.",
	 NULL, 1, 1, run_join},
	{"node", "run", "",
	 "Close months when they are due and send their numbers to the hub.",
	 NULL, 0, 0, run_run},
	{"node", "practice", "[--children N] [--years Y] [--http ADDR]",
	 "Make a center with made-up children for learning, beside this one.\n"
	 "It is in DIR/practice, with accounts of its own; `ccfed node run` "
	 "serves its pages\ntoo. Nothing of it is counted or sent. Stop the "
	 "node and remove DIR/practice to\nbegin anew.",
	 practice_opts, 0, 0, run_practice},
	{"node", "history", "--done [--yes] | --first-period MONTH",
	 "Say that the history announced at init is in the node.\n"
	 "First it is told what will come of it. Facts before the first month\n"
	 "count nowhere: with such, --done is refused without --yes. While\n"
	 "nothing has closed an earlier month may be the first.",
	 history_opts, 0, 0, run_history},
	{NULL},
};
