#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "proto/instrument.h"
#include "regional/case/assignment.h"
#include "regional/case/staff.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"fte", "FTE", "full-time equivalent, like 0.8; default: 1"},
	{"on", "DATE", "first day of work; default: today"},
	{NULL},
};
static const struct cli_opt update_opts[] = {
	{"name", "NAME", "the new name"},
	{"role", "ROLE", "the new role"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"role", "ROLE", "only those with this role"},
	{"all", NULL, "those who have left, too"},
	{"on", "DATE", "the day; default: today"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt train_opts[] = {
	{"credential", NULL, "a license or certificate, not a training"},
	{"expires", "DATE", "last day on which it is good"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt training_opts[] = {
	{"expires-by", "DATE", "only what expires until this day"},
	{NULL},
};

static int take_fte(const char *text, int *out)
{
	int32_t v;

	if (score_parse(text, &v) < 0)
		return err_set(E_USAGE,
			       "A full-time equivalent is like 0.8 or 1, not "
			       "\"%.20s\"",
			       text);
	*out = v;
	return 0;
}

static int run_add(struct cli *c)
{
	const char *text = cli_get(c, "fte");
	struct staff s = {0};
	int fte = FTE_ONE, x;
	struct node *n;
	int64_t id;

	if ((x = cli_copy("name", cli_arg(c, 0), s.name, sizeof s.name)) < 0 ||
	    (x = cli_copy("role", cli_arg(c, 1), s.role, sizeof s.role)) < 0 ||
	    (text && (x = take_fte(text, &fte)) < 0) ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &s.started)) < 0 ||
	    (x = staff_add(&n->rec, &s, fte, &id)) < 0)
		return x;
	return cli_said(c, id, "Staff %lld added", (long long)id);
}

static int run_update(struct cli *c)
{
	struct staff s;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "staff", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = staff_get(n->db, id, &s)) < 0 ||
	    (x = cli_copy("name", cli_get(c, "name"), s.name, sizeof s.name)) <
		    0 ||
	    (x = cli_copy("role", cli_get(c, "role"), s.role, sizeof s.role)) <
		    0 ||
	    (x = staff_update(&n->rec, &s)) < 0)
		return x;
	return cli_said(c, id, "Staff %lld changed", (long long)id);
}

static int run_end(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "staff", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = staff_end(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Staff %lld has left", (long long)id);
}

static int run_fte(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int fte = 0, x;

	if ((x = cli_arg_int(c, 0, "staff", &id)) < 0 ||
	    (x = take_fte(cli_arg(c, 1), &fte)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = staff_fte_set(&n->rec, id, on, fte)) < 0)
		return x;
	return cli_said(c, id, "Staff %lld works %s of full time",
			(long long)id, cli_arg(c, 1));
}

static int run_train(struct cli *c)
{
	struct staff_training t = {.expires = NO_DATE, .kind = "training"};
	struct node *n;
	int64_t id;
	int x;

	if (cli_get(c, "credential"))
		snprintf(t.kind, sizeof t.kind, "credential");
	if ((x = cli_arg_int(c, 0, "staff", &t.staff)) < 0 ||
	    (x = cli_copy("title", cli_arg(c, 1), t.title, sizeof t.title)) <
		    0 ||
	    (x = cli_get_date(c, "expires", &t.expires)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &t.since)) < 0 ||
	    (x = staff_train(&n->rec, &t, &id)) < 0)
		return x;
	return cli_said(c, id, "Added to staff %lld", (long long)t.staff);
}

static const struct cli_col columns[] = {
	{"staff", "Staff", CLI_NUMBER}, {"name", "Name", CLI_TEXT},
	{"role", "Role", CLI_TEXT},	{"started", "Started", CLI_TEXT},
	{"ended", "Left", CLI_TEXT},	{"fte", "FTE", CLI_NUMBER},
	{"cases", "Cases", CLI_NUMBER}, {"covered", "Covered", CLI_NUMBER},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

struct listing {
	struct cli_table *t;
	struct db *db;
	int32_t on;
};

static int put_staff(void *arg, const struct staff *s)
{
	struct listing *l = arg;
	struct caseload load;
	char text[SCORE_TEXT];
	int fte, x;

	if ((x = staff_fte_on(l->db, s->id, l->on, &fte)) < 0 ||
	    (x = assignment_caseload(l->db, s->id, l->on, &load)) < 0)
		return x;
	cli_cell_int(l->t, s->id);
	cli_cell(l->t, s->name);
	cli_cell(l->t, s->role);
	cli_cell_date(l->t, s->started);
	cli_cell_date(l->t, s->ended);
	cli_cell(l->t, score_format(fte, text));
	cli_cell_int(l->t, load.own);
	cli_cell_int(l->t, load.covered);
	return 0;
}

static int run_list(struct cli *c)
{
	const char *role = cli_get(c, "role");
	int64_t offset, limit;
	struct listing l;
	struct node *n;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &l.on)) < 0 ||
	    (x = cli_table_new(c, &l.t, columns, COLUMNS, NULL)) < 0)
		return x;
	l.db = n->db;
	cli_table_fail(l.t, staff_list(n->db, role ? role : "",
				       cli_get(c, "all") ? NO_DATE : l.on,
				       offset, limit, put_staff, &l));
	return cli_table_end(l.t, "No such staff.");
}

static int run_show(struct cli *c)
{
	struct listing l;
	struct staff s;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "staff", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &l.on)) < 0 ||
	    (x = staff_get(n->db, id, &s)) < 0 ||
	    (x = cli_table_new(c, &l.t, columns, COLUMNS, NULL)) < 0)
		return x;
	l.db = n->db;
	cli_table_fail(l.t, put_staff(&l, &s));
	cli_table_record(l.t);
	return cli_table_end(l.t, NULL);
}

static const struct cli_col training_columns[] = {
	{"staff", "Staff", CLI_NUMBER},	  {"kind", "Kind", CLI_TEXT},
	{"title", "Title", CLI_TEXT},	  {"since", "Since", CLI_TEXT},
	{"expires", "Expires", CLI_TEXT},
};

static int put_training(void *arg, const struct staff_training *r)
{
	struct cli_table *t = arg;

	cli_cell_int(t, r->staff);
	cli_cell(t, r->kind);
	cli_cell(t, r->title);
	cli_cell_date(t, r->since);
	cli_cell_date(t, r->expires);
	return 0;
}

static int run_training(struct cli *c)
{
	int32_t by = NO_DATE;
	struct cli_table *t;
	int64_t staff = 0;
	struct node *n;
	int x;

	if ((cli_arg(c, 0) && (x = cli_arg_int(c, 0, "staff", &staff)) < 0) ||
	    (x = cli_get_date(c, "expires-by", &by)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, training_columns, 5, NULL)) < 0)
		return x;
	cli_table_fail(t,
		       staff_training_list(n->db, staff, by, put_training, t));
	return cli_table_end(t, "No such training or credential.");
}

const struct command cli_staff_commands[] = {
	{"staff", "add", "NAME ROLE [--fte FTE] [--on DATE]",
	 "Add a member of the staff.\n"
	 "ROLE is one like nurse, social-worker or coordinator; a wrong one "
	 "lists them all.",
	 add_opts, 2, 2, run_add},
	{"staff", "list", "", "List the staff with their caseload.", list_opts,
	 0, 0, run_list},
	{"staff", "show", "STAFF", "Show one member of the staff.", on_opts, 1,
	 1, run_show},
	{"staff", "update", "STAFF [--name NAME] [--role ROLE]",
	 "Change name or role.", update_opts, 1, 1, run_update},
	{"staff", "fte", "STAFF FTE [--on DATE]",
	 "Say how much somebody works from a day on.", on_opts, 2, 2, run_fte},
	{"staff", "train", "STAFF TITLE [--credential] [--expires DATE]",
	 "Add a training or a credential.", train_opts, 2, 2, run_train},
	{"staff", "training", "[STAFF] [--expires-by DATE]",
	 "List trainings and credentials.", training_opts, 0, 1, run_training},
	{"staff", "end", "STAFF [--on DATE]", "Say that somebody has left.",
	 on_opts, 1, 1, run_end},
	{NULL},
};
