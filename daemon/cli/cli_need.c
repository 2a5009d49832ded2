#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "proto/vocabulary.h"
#include "regional/case/need.h"
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
	return cli_said(c, id, "Need %lld added to case %lld", (long long)id,
			(long long)kase);
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
	return cli_said(c, id, "Need %lld closed as %s", (long long)id,
			met ? "met" : "unmet");
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
	return cli_table_end(t, NULL);
}

static int run_list(struct cli *c)
{
	int64_t kase, offset, limit;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
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
	{"need", "show", "NEED", "Show one need.", NULL, 1, 1, run_show},
	{"need", "list", "CASE", "List the needs of a case.", page_opts, 1, 1,
	 run_list},
	{"need", "close", "NEED --met | --unmet REASON [--on DATE]",
	 "Close a need as met or unmet.", close_opts, 1, 1, run_close},
	{"need", "reopen", "NEED", "Open a closed need again.", NULL, 1, 1,
	 run_reopen},
	{NULL},
};
