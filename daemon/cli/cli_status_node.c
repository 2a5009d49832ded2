#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/cli/cli_status.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/daemon.h"
#include "proto/catalogue.h"
#include "regional/node.h"
#include "regional/release/release.h"

struct counts {
	int64_t held, waiting, refused, taken, frozen;
	int64_t late; /* facts that came after their month had closed */
};

static int count_release(void *arg, const struct release_row *r)
{
	struct counts *k = arg;

	k->held += r->state == RELEASE_HELD;
	k->taken += r->state == RELEASE_TAKEN;
	if (r->state == RELEASE_READY || r->state == RELEASE_SENT) {
		k->waiting++;
		k->refused += r->refused != 0;
	}
	return 0;
}

/* "referrals_90d 2026-07, referrals_sent 2026-09" */
static int say_closed(struct node *n, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < catalogue_tables(n->cat); i++) {
		const char *id = catalogue_table(n->cat, i)->id;
		char month[PERIOD_TEXT] = "none";
		int32_t last;
		int x = release_last(n, id, &last);

		if (x < 0)
			return x;
		if (last >= 0)
			period_format((struct period){last, 1}, month);
		if (used < size)
			used += (size_t)snprintf(out + used, size - used,
						 "%s%s %s", i ? ", " : "", id,
						 month);
	}
	return 0;
}

/* A silence counts only while somebody listens. */
static void print_trouble(struct cli_table *t, const struct node *n, bool runs)
{
	int64_t now = clock_utc_ms(n->s.clock);
	char at[21];

	if (n->trouble[0] || !n->silent || !runs) {
		cli_cell(t, n->trouble[0] ? n->trouble : "none");
		return;
	}
	date_format_utc(n->heard_utc_ms, at);
	cli_cell_fmt(t,
		     "the hub has not answered since %.10s %.5s UTC "
		     "(%lld minutes)",
		     at, at + 11, (long long)(now - n->heard_utc_ms) / 60000);
}

static void print_hub(struct cli_table *t, const struct node *n)
{
	bool runs = daemon_runs(n->dir);
	char at[21];

	if (runs)
		cli_cell(t, "running");
	else
		cli_cell_fmt(t,
			     "not running: start it with ccfed node run "
			     "-d %s",
			     n->dir);
	cli_cell(t, n->joined ? n->hub_addr : "has not joined a network yet");
	cli_cell(t, n->heard_utc_ms ? date_format_utc(n->heard_utc_ms, at)
				    : "never");
	if (n->heard_utc_ms)
		cli_cell_fmt(t, "%lld s",
			     (long long)(llabs(n->hub_off_ms) / 1000));
	else
		cli_cell(t, NULL);
	cli_cell_int(t, n->epoch);
	cli_cell_int(t, n->joined ? n->policy.number : 0);
	print_trouble(t, n, runs);
}

static void print_releases(struct cli_table *t, const struct node *n,
			   const struct counts *k, const char *closed)
{
	cli_cell(t,
		 n->history_in ? "in" : "awaited: ccfed node history --done");
	cli_cell(t, closed);
	cli_cell_int(t, k->taken);
	cli_cell_int(t, k->waiting);
	cli_cell_int(t, k->refused);
	cli_cell_int(t, k->held);
	cli_cell_int(t, k->frozen);
	cli_cell_int(t, k->late);
}

static int print_node(struct cli *c, const struct node *n,
		      const struct counts *k, const char *closed)
{
	static const struct cli_col columns[] = {
		{"region", "Region", CLI_TEXT},
		{"network", "Network", CLI_TEXT},
		{"daemon", "Daemon", CLI_TEXT},
		{"hub", "Hub", CLI_TEXT},
		{"heard", "Hub last heard", CLI_TEXT},
		{"clock_off", "Clock off the hub's", CLI_TEXT},
		{"epoch", "Epoch", CLI_NUMBER},
		{"policy", "Policy", CLI_NUMBER},
		{"trouble", "Trouble with the hub", CLI_TEXT},
		{"history", "History", CLI_TEXT},
		{"closed", "Closed through", CLI_TEXT},
		{"taken", "Releases the hub took", CLI_NUMBER},
		{"waiting", "Releases on their way", CLI_NUMBER},
		{"refused", "of which it refused", CLI_NUMBER},
		{"held", "Releases to approve", CLI_NUMBER},
		{"frozen", "Half-years frozen", CLI_NUMBER},
		{"late", "Facts recorded after their month closed", CLI_NUMBER},
	};
	char banner[200];
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, columns, 17,
			  policy_banner(&n->policy, banner, sizeof banner));
	if (x < 0)
		return x;
	cli_table_record(t);
	cli_cell(t, n->joined ? n->region_title : NULL);
	cli_cell(t, n->joined ? n->policy.network : NULL);
	print_hub(t, n);
	print_releases(t, n, k, closed);
	return cli_table_end(t, NULL);
}

/* The next closing of each table counts them. */
static int count_late(struct node *n, int64_t *out)
{
	int x = 0;

	for (int i = 0; i < catalogue_tables(n->cat) && x == 0; i++)
		x = release_late(n, catalogue_table(n->cat, i), out);
	return x;
}

int cli_status_node(struct cli *c)
{
	struct counts k = {0};
	char closed[512];
	struct node *n;
	int x;

	if ((x = cli_node(c, &n)) < 0 ||
	    (x = release_list(n, count_release, &k)) < 0 ||
	    (x = release_frozen(n, &k.frozen)) < 0 ||
	    (x = count_late(n, &k.late)) < 0 ||
	    (x = say_closed(n, closed, sizeof closed)) < 0)
		return x;
	return print_node(c, n, &k, closed);
}
