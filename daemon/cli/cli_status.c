#include "daemon/cli/cli_status.h"

#include <string.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "proto/lattice.h"

static int put_region(void *arg, const struct region_row *r)
{
	struct cli_table *t = arg;
	char heard[21], month[PERIOD_TEXT];

	cli_cell(t, r->title);
	cli_cell(t, r->joined ? "yes" : "no");
	cli_cell(t, r->heard_utc_ms ? date_format_utc(r->heard_utc_ms, heard)
				    : "never");
	cli_cell_int(t, r->clock_off_ms / 1000);
	cli_cell(t, r->closed < 0 ? "none"
				  : period_format((struct period){r->closed, 1},
						  month));
	cli_cell_int(t, r->releases);
	cli_cell_int(t, r->events);
	cli_cell_int(t, r->occurrences);
	cli_cell(t, *r->trouble ? r->trouble : "none");
	return 0;
}

static int put_sum(void *arg, const struct hub_sum *s)
{
	struct cli_table *t = arg;

	cli_cell(t, s->region);
	cli_cell(t, s->table);
	cli_cell(t, s->view);
	cli_cell_int(t, s->releases);
	cli_cell_int(t, s->events);
	cli_cell_int(t, s->occurrences);
	return 0;
}

static int print_regions(struct cli *c, struct hub *h)
{
	static const struct cli_col columns[] = {
		{"region", "Region", CLI_TEXT},
		{"joined", "Joined", CLI_TEXT},
		{"heard", "Last heard", CLI_TEXT},
		{"clock_off_s", "Clock off, s", CLI_NUMBER},
		{"closed", "Closed through", CLI_TEXT},
		{"releases", "Releases", CLI_NUMBER},
		{"events", "Events", CLI_NUMBER},
		{"occurrences", "Occurrences", CLI_NUMBER},
		{"trouble", "Trouble", CLI_TEXT},
	};
	char banner[200], notice[400];
	struct cli_table *t;
	int x;

	policy_banner(&h->policy, banner, sizeof banner);
	snprintf(notice, sizeof notice, "%s. %s", h->policy.network, banner);
	x = cli_table_new(c, &t, columns, 9, notice);
	if (x < 0)
		return x;
	cli_table_fail(t, hub_regions(h, put_region, t));
	return cli_table_end(t, "There are no regions yet.");
}

static int print_sums(struct cli *c, struct hub *h)
{
	static const struct cli_col columns[] = {
		{"region", "Region", CLI_TEXT},
		{"table", "Fact table", CLI_TEXT},
		{"view", "View", CLI_TEXT},
		{"releases", "Releases", CLI_NUMBER},
		{"events", "Events", CLI_NUMBER},
		{"occurrences", "Occurrences", CLI_NUMBER},
	};
	char banner[200];
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, columns, 6,
			  policy_banner(&h->policy, banner, sizeof banner));
	if (x < 0)
		return x;
	cli_table_fail(t, hub_sums(h, put_sum, t));
	return cli_table_end(t, "No region has reported yet.");
}

int cli_status_hub(struct cli *c)
{
	struct hub *h;
	int x;

	if ((x = cli_hub(c, &h)) < 0)
		return x;
	if (cli_get(c, "sums"))
		return print_sums(c, h);
	return print_regions(c, h);
}

static int run_status(struct cli *c)
{
	const char *dir;
	int x;

	if ((x = cli_dir(c, &dir)) < 0)
		return x;
	if (strcmp(cli_dir_sort(c), "hub") == 0)
		return cli_status_hub(c);
	if (strcmp(cli_dir_sort(c), "node") != 0)
		return err_set(E_NOTFOUND,
			       "There is no node or hub in %s; make one with "
			       "ccfed node init or ccfed hub init, or say "
			       "-d DIR",
			       dir);
	if (cli_get(c, "sums"))
		return err_set(E_USAGE, "--sums is for a hub");
	return cli_status_node(c);
}

static const struct cli_opt status_opts[] = {
	{"sums", NULL, "of a hub: what is held, by region, table and view"},
	{NULL},
};

const struct command cli_status_commands[] = {
	{"status", "", "[--sums]",
	 "How the node or the hub in DIR is.\n"
	 "\n"
	 "Of a node: Facts recorded after their month closed count in the "
	 "next\n"
	 "closing. Half-years frozen are months that came back from the hub\n"
	 "and whose record here gives other numbers; nothing more of them\n"
	 "leaves from here.\n"
	 "\n"
	 "Of a hub: Closed through is the month that all tables of a region\n"
	 "have closed; some have closed later ones, too. A region not heard\n"
	 "for five minutes is in trouble. Other troubles carry their date, "
	 "and\n"
	 "go away after seven days.",
	 status_opts, 0, 0, run_status},
	{NULL},
};
