#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/node.h"

static const struct cli_opt fields[] = {
	{"given", "NAME", "given name"},
	{"family-name", "NAME", "family name"},
	{"language", "WORD", "if not the family's"},
	{"interpreter", "YES|NO",
	 "is one needed: yes or no, if not as the family"},
	{"active", "YES|NO", "no: not with the family any more"},
	{NULL},
};

static int take_fields(struct cli *c, struct caregiver *g)
{
	bool help = false;
	int x;

	if ((x = cli_get_text(c, "given", g->given, sizeof g->given)) < 0 ||
	    (x = cli_get_text(c, "family-name", g->surname,
			      sizeof g->surname)) < 0 ||
	    (x = cli_get_text(c, "language", g->language, sizeof g->language)) <
		    0 ||
	    (x = cli_get_yes(c, "interpreter", &help)) < 0)
		return x;
	if (cli_get(c, "interpreter"))
		g->interpreter = help ? CAREGIVER_NEEDS_ONE
				      : CAREGIVER_NEEDS_NONE;
	return cli_get_yes(c, "active", &g->active);
}

static int run_add(struct cli *c)
{
	struct caregiver g = {.active = true};
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "family", &g.family)) < 0 ||
	    (x = take_fields(c, &g)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = caregiver_add(&n->rec, &g, &id)) < 0)
		return x;
	return cli_said(c, id, "Caregiver %lld added", (long long)id);
}

static int run_update(struct cli *c)
{
	struct caregiver g;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "caregiver", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = caregiver_get(n->db, id, &g)) < 0 ||
	    (x = take_fields(c, &g)) < 0 ||
	    (x = caregiver_update(&n->rec, &g)) < 0)
		return x;
	return cli_said(c, id, "Caregiver %lld changed", (long long)id);
}

static const struct cli_col columns[] = {
	{"caregiver", "Caregiver", CLI_NUMBER},
	{"family", "Family", CLI_NUMBER},
	{"family_name", "Family name", CLI_TEXT},
	{"given", "Given name", CLI_TEXT},
	{"language", "Language", CLI_TEXT},
	{"interpreter", "Interpreter", CLI_TEXT},
	{"active", "Active", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_caregiver(void *arg, const struct caregiver *g)
{
	static const char *const help[] = {"as family", "no", "yes"};
	struct cli_table *t = arg;

	cli_cell_int(t, g->id);
	cli_cell_int(t, g->family);
	cli_cell(t, g->surname);
	cli_cell(t, g->given);
	cli_cell(t, *g->language ? g->language : "as family");
	cli_cell(t, help[g->interpreter]);
	cli_cell(t, g->active ? "yes" : "no");
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct caregiver v;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "caregiver", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = caregiver_get(n->db, id, &v)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_caregiver(t, &v);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int run_list(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "family", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, caregiver_list(n->db, id, put_caregiver, t));
	return cli_table_end(t, "No caregiver is recorded.");
}

const struct command cli_caregiver_commands[] = {
	{"caregiver", "add", "FAMILY [--given NAME] [--family-name NAME] ...",
	 "Add a caregiver of a family.\nGive at least one of the names.",
	 fields, 1, 1, run_add},
	{"caregiver", "show", "CAREGIVER", "Show one caregiver.", NULL, 1, 1,
	 run_show},
	{"caregiver", "list", "FAMILY", "List the caregivers of a family.",
	 NULL, 1, 1, run_list},
	{"caregiver", "update", "CAREGIVER [--language WORD] ...",
	 "Correct what is recorded of a caregiver.\nOnly what is given "
	 "changes.",
	 fields, 1, 1, run_update},
	{NULL},
};
