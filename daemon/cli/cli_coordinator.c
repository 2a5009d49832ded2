#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/coordinator.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt add_opts[] = {
	{"name", "NAME", "who it is"},
	{"program", "TEXT", "of which program, like \"Birth to Three\""},
	{"reach", "TEXT", "number or address"},
	{"leads", NULL, "leads the coordination of this child"},
	{"since", "DATE", "first day; default: not known"},
	{NULL},
};

static int run_add(struct cli *c)
{
	struct coordinator k = {.since = NO_DATE, .until = NO_DATE};
	struct node *n;
	int64_t id;
	int x;

	k.leads = cli_get(c, "leads") != NULL;
	if ((x = cli_arg_int(c, 0, "case", &k.kase)) < 0 ||
	    (x = cli_get_text(c, "name", k.name, sizeof k.name)) < 0 ||
	    (x = cli_get_text(c, "program", k.program, sizeof k.program)) < 0 ||
	    (x = cli_get_text(c, "reach", k.reach, sizeof k.reach)) < 0 ||
	    (x = cli_get_date(c, "since", &k.since)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = coordinator_add(&n->rec, &k, &id)) < 0)
		return x;
	return cli_said(c, id, "Coordinator %lld added", (long long)id);
}

/* Without a coordinator: this center. */
static int run_lead(struct cli *c)
{
	int64_t kase, id = 0;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (cli_arg(c, 1) &&
	     (x = cli_arg_int(c, 1, "coordinator", &id)) < 0) ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = coordinator_lead(&n->rec, kase, id)) < 0)
		return x;
	if (!id)
		return cli_said(c, kase, "This center leads in case %lld",
				(long long)kase);
	return cli_said(c, id, "Coordinator %lld leads in case %lld",
			(long long)id, (long long)kase);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "coordinator", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = coordinator_end(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Coordinator %lld has left", (long long)id);
}

static const struct cli_col columns[] = {
	{"coordinator", "No.", CLI_NUMBER}, {"case", "Case", CLI_NUMBER},
	{"name", "Name", CLI_TEXT},	    {"program", "Program", CLI_TEXT},
	{"reach", "Reach", CLI_TEXT},	    {"leads", "Leads", CLI_TEXT},
	{"since", "Since", CLI_TEXT},	    {"until", "Until", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_coordinator(void *arg, const struct coordinator *k)
{
	struct cli_table *t = arg;

	cli_cell_int(t, k->id);
	cli_cell_int(t, k->kase);
	cli_cell(t, k->name);
	cli_cell(t, k->program);
	cli_cell(t, k->reach);
	cli_cell(t, k->leads ? "yes" : "no");
	cli_cell_date(t, k->since);
	cli_cell_date(t, k->until);
	return 0;
}

static int run_list(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, coordinator_list(n->db, id, put_coordinator, t));
	return cli_table_end(t, "No other coordinator is recorded.");
}

const struct command cli_coordinator_commands[] = {
	{"coordinator", "add", "CASE --name NAME --program TEXT [--leads] ...",
	 "Add a coordinator of another program.", add_opts, 1, 1, run_add},
	{"coordinator", "lead", "CASE [COORDINATOR]",
	 "Say who leads.\nWithout COORDINATOR it is this center.", NULL, 1, 2,
	 run_lead},
	{"coordinator", "end", "COORDINATOR [--on DATE]",
	 "Say that a coordinator has left.\nThe day is the last one.", on_opts,
	 1, 1, run_end},
	{"coordinator", "list", "CASE",
	 "List other programs' coordinators, who leads first.", NULL, 1, 1,
	 run_list},
	{NULL},
};
