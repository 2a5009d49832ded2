#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/cover.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"from", "DATE", "first day; default: today"},
	{"until", "DATE", "last day; default: not known yet"},
	{"leave", "KIND", "vacation (default), illness, family, training, ..."},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"on", "DATE", "only what holds on this day"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt end_opts[] = {
	{"on", "DATE", "last day; default: today"},
	{NULL},
};

static int run_add(struct cli *c)
{
	struct cover v = {.until = NO_DATE, .leave = "vacation"};
	const char *leave = cli_get(c, "leave");
	struct node *n;
	int64_t id;
	int x;

	if (leave && strlen(leave) >= sizeof v.leave)
		return err_set(E_USAGE, "\"%.40s\" is too long", leave);
	if (leave)
		snprintf(v.leave, sizeof v.leave, "%s", leave);
	if ((x = cli_arg_int(c, 0, "staff", &v.staff)) < 0 ||
	    (x = cli_arg_int(c, 1, "staff", &v.cover)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	v.since = records_today(&n->rec);
	if ((x = cli_get_date(c, "from", &v.since)) < 0 ||
	    (x = cli_get_date(c, "until", &v.until)) < 0 ||
	    (x = cover_add(&n->rec, &v, &id)) < 0)
		return x;
	return cli_said(c, id, "Cover %lld added", (long long)id);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "cover", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = cover_end(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Cover %lld ends", (long long)id);
}

static const struct cli_col columns[] = {
	{"cover", "Cover", CLI_NUMBER},	  {"away", "Away", CLI_NUMBER},
	{"by", "Covered by", CLI_NUMBER}, {"since", "From", CLI_TEXT},
	{"until", "Until", CLI_TEXT},	  {"leave", "Leave", CLI_TEXT},
};

static int put_cover(void *arg, const struct cover *v)
{
	struct cli_table *t = arg;

	cli_cell_int(t, v->id);
	cli_cell_int(t, v->staff);
	cli_cell_int(t, v->cover);
	cli_cell_date(t, v->since);
	cli_cell_date(t, v->until);
	cli_cell(t, v->leave);
	return 0;
}

static int run_list(struct cli *c)
{
	int64_t staff = 0, offset, limit;
	struct cli_table *t;
	int32_t on = NO_DATE;
	struct node *n;
	int x;

	if ((cli_arg(c, 0) && (x = cli_arg_int(c, 0, "staff", &staff)) < 0) ||
	    (x = cli_get_date(c, "on", &on)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, 6, NULL)) < 0)
		return x;
	cli_table_fail(
		t, cover_list(n->db, staff, on, offset, limit, put_cover, t));
	return cli_table_end(t, "No such cover.");
}

const struct command cli_cover_commands[] = {
	{"cover", "add", "AWAY COVER [--from DATE] [--until DATE]",
	 "Say who works for whom while they are away.\n"
	 "AWAY and COVER are numbers of staff.",
	 add_opts, 2, 2, run_add},
	{"cover", "list", "[STAFF] [--on DATE]",
	 "List who covers for whom, newest first.", list_opts, 0, 1, run_list},
	{"cover", "end", "COVER [--on DATE]",
	 "Say which day of a cover is the last.", end_opts, 1, 1, run_end},
	{NULL},
};
