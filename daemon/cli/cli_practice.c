#include <stdio.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/practice.h"
#include "regional/node.h"

static const struct cli_opt fields[] = {
	{"name", "NAME", "name of the practice"},
	{"phone", "TEXT", "telephone number"},
	{"fax", "TEXT", "fax number"},
	{"address", "TEXT", "address"},
	{"zip", "ZIP", "ZIP code, like 06106"},
	{"medical-home", "YES|NO", "works as a medical home: yes or no"},
	{"active", "YES|NO", "no: closed, or not a partner any more"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt outreach_opts[] = {
	{"with", "TEXT", "with whom"},
	{"minutes", "N", "how long it took"},
	{"what", "TEXT", "what it was about"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt assign_opts[] = {
	{"clinician", "NAME", "the child's doctor or nurse there"},
	{"none", NULL, "the child has none any more"},
	{"on", "DATE", "first day; default: today"},
	{NULL},
};

static int take_fields(struct cli *c, struct practice *p)
{
	int x;

	if ((x = cli_get_text(c, "name", p->name, sizeof p->name)) < 0 ||
	    (x = cli_get_text(c, "phone", p->phone, sizeof p->phone)) < 0 ||
	    (x = cli_get_text(c, "fax", p->fax, sizeof p->fax)) < 0 ||
	    (x = cli_get_text(c, "address", p->address, sizeof p->address)) <
		    0 ||
	    (x = cli_get_text(c, "zip", p->zip, sizeof p->zip)) < 0 ||
	    (x = cli_get_yes(c, "medical-home", &p->medical_home)) < 0)
		return x;
	return cli_get_yes(c, "active", &p->active);
}

static int run_add(struct cli *c)
{
	struct practice p = {.active = true};
	struct node *n;
	int64_t id;
	int x;

	if ((x = take_fields(c, &p)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = practice_add(&n->rec, &p, &id)) < 0)
		return x;
	return cli_said(c, id, "Practice %lld added", (long long)id);
}

static int run_update(struct cli *c)
{
	struct practice p;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "practice", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = practice_get(n->db, id, &p)) < 0 ||
	    (x = take_fields(c, &p)) < 0 ||
	    (x = practice_update(&n->rec, &p)) < 0)
		return x;
	return cli_said(c, id, "Practice %lld changed", (long long)id);
}

static const struct cli_col columns[] = {
	{"practice", "Practice", CLI_NUMBER},
	{"name", "Name", CLI_TEXT},
	{"phone", "Telephone", CLI_TEXT},
	{"fax", "Fax", CLI_TEXT},
	{"address", "Address", CLI_TEXT},
	{"zip", "ZIP", CLI_TEXT},
	{"medical_home", "Medical home", CLI_TEXT},
	{"active", "Active", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_practice(void *arg, const struct practice *p)
{
	struct cli_table *t = arg;

	cli_cell_int(t, p->id);
	cli_cell(t, p->name);
	cli_cell(t, p->phone);
	cli_cell(t, p->fax);
	cli_cell(t, p->address);
	cli_cell(t, p->zip);
	cli_cell(t, p->medical_home ? "yes" : "no");
	cli_cell(t, p->active ? "yes" : "no");
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct practice p;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "practice", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = practice_get(n->db, id, &p)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_practice(t, &p);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int run_list(struct cli *c)
{
	const char *text = cli_arg(c, 0);
	int64_t offset, limit;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, practice_list(n->db, text ? text : "", offset, limit,
					put_practice, t));
	return cli_table_end(t, "No such practice.");
}

static int run_outreach(struct cli *c)
{
	struct practice_outreach o = {.minutes = -1};
	int64_t minutes = -1, id;
	struct node *n;
	int x;

	snprintf(o.how, sizeof o.how, "%s", cli_arg(c, 1));
	if ((x = cli_arg_int(c, 0, "practice", &o.practice)) < 0 ||
	    (x = cli_get_text(c, "with", o.with_whom, sizeof o.with_whom)) <
		    0 ||
	    (x = cli_get_text(c, "what", o.what, sizeof o.what)) < 0 ||
	    (x = cli_get_int(c, "minutes", 0, 1440, &minutes)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &o.day)) < 0)
		return x;
	o.minutes = (int)minutes;
	x = practice_outreach_add(&n->rec, &o, &id);
	if (x < 0)
		return x;
	return cli_said(c, id, "Outreach %lld noted", (long long)id);
}

static const struct cli_col log_columns[] = {
	{"outreach", "No.", CLI_NUMBER},    {"day", "Day", CLI_TEXT},
	{"how", "How", CLI_TEXT},	    {"with", "With", CLI_TEXT},
	{"minutes", "Minutes", CLI_NUMBER}, {"what", "What", CLI_TEXT},
};
enum { LOG_COLUMNS = sizeof log_columns / sizeof *log_columns };

static int put_outreach(void *arg, const struct practice_outreach *o)
{
	struct cli_table *t = arg;

	cli_cell_int(t, o->id);
	cli_cell_date(t, o->day);
	cli_cell(t, o->how);
	cli_cell(t, o->with_whom);
	if (o->minutes < 0)
		cli_cell(t, NULL);
	else
		cli_cell_int(t, o->minutes);
	cli_cell(t, o->what);
	return 0;
}

static int run_log(struct cli *c)
{
	int64_t offset, limit, id;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "practice", &id)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, log_columns, LOG_COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, practice_outreach_list(n->db, id, offset, limit,
						 put_outreach, t));
	return cli_table_end(t, "No outreach is noted.");
}

static int run_assign(struct cli *c)
{
	bool none = cli_get(c, "none") != NULL;
	struct child_practice a = {0};
	struct node *n;
	int64_t id = 0;
	int x;

	if (none == (cli_arg(c, 1) != NULL))
		return err_set(E_USAGE, "Say either PRACTICE or --none");
	if ((x = cli_arg_int(c, 0, "child", &a.child)) < 0 ||
	    (!none && (x = cli_arg_int(c, 1, "practice", &a.practice)) < 0) ||
	    (x = cli_get_text(c, "clinician", a.clinician,
			      sizeof a.clinician)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &a.since)) < 0 ||
	    (x = practice_assign(&n->rec, &a, &id)) < 0)
		return x;
	if (none)
		return cli_said(c, a.child, "Child %lld has no practice",
				(long long)a.child);
	return cli_said(c, id, "Practice %lld is that of child %lld",
			(long long)a.practice, (long long)a.child);
}

static const struct cli_col of_columns[] = {
	{"practice", "Practice", CLI_NUMBER},
	{"clinician", "Clinician", CLI_TEXT},
	{"since", "Since", CLI_TEXT},
	{"until", "Until", CLI_TEXT},
};
enum { OF_COLUMNS = sizeof of_columns / sizeof *of_columns };

static int put_of(void *arg, const struct child_practice *a)
{
	struct cli_table *t = arg;

	cli_cell_int(t, a->practice);
	cli_cell(t, a->clinician);
	cli_cell_date(t, a->since);
	cli_cell_date(t, a->until);
	return 0;
}

static int run_of(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int64_t child;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, of_columns, OF_COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, practice_of_child(n->db, child, put_of, t));
	return cli_table_end(t, "No practice is recorded.");
}

const struct command cli_practice_commands[] = {
	{"practice", "add", "--name NAME [--phone TEXT] ...",
	 "Add a primary care practice.", fields, 0, 0, run_add},
	{"practice", "show", "PRACTICE", "Show one practice.", NULL, 1, 1,
	 run_show},
	{"practice", "list", "[WORD]", "List practices by name.", page_opts, 0,
	 1, run_list},
	{"practice", "update", "PRACTICE [--medical-home YES|NO] ...",
	 "Correct what is recorded of a practice.\nOnly what is given changes.",
	 fields, 1, 1, run_update},
	{"practice", "outreach", "PRACTICE HOW [--with TEXT] [--on DATE] ...",
	 "Note what was done with a practice.\n"
	 "HOW is one like call, visit or training; a wrong one lists them all.",
	 outreach_opts, 2, 2, run_outreach},
	{"practice", "log", "PRACTICE",
	 "List the outreach to a practice, newest first.", page_opts, 1, 1,
	 run_log},
	{"practice", "assign", "CHILD PRACTICE | CHILD --none [--on DATE]",
	 "Say which practice is a child's.\n"
	 "The one before ends the day before.",
	 assign_opts, 1, 2, run_assign},
	{"practice", "of", "CHILD", "List the practices that a child had.",
	 NULL, 1, 1, run_of},
	{NULL},
};
