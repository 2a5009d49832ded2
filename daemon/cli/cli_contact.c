#include <string.h>

#include "daemon/cli/cli_sheet.h"
#include "daemon/core/err.h"
#include "regional/case/contact.h"
#include "regional/node.h"

enum { CASES_MAX = 16 };

#define FIELDS                                                                \
	{"happened", "DATE", "the day; default: today"},                      \
		{"mode", "MODE", "phone, e-mail, home-visit, ..."},           \
		{"party", "PARTY", "with whom: family, school, agency, ..."}, \
		{"person", "NAME", "with whom, by name"},                     \
		{"reached", "YES-NO", "no: an attempt"},                      \
		{"minutes", "N", "how long it took"},                         \
		{"focus", "FOCUS", "what it was about: education, ..."},      \
		{"activity", "ACTIVITY", "what was done: iep, form, ..."},    \
		{"prevented", "USE", "what it made unnecessary: ed, ..."},    \
		{"made-by", "NAME", "who made it"},                           \
	{                                                                     \
		"note", "TEXT", "a note"                                      \
	}

static const struct cli_opt add_opts[] = {FIELDS, {NULL}};
static const struct cli_opt serve_opts[] = {
	{"not", NULL, "it does not, after all"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt plan_opts[] = {
	{"due", "DATE", "the day it is planned for"},
	{"purpose", "TEXT", "what for"},
	{"mode", "MODE", "phone, e-mail, home-visit, ..."},
	{"party", "PARTY", "with whom: family, school, agency, ..."},
	{"owner", "NAME", "who will"},
	{NULL},
};
static const struct cli_opt drop_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt planned_opts[] = {
	{"until", "DATE", "only those due until then"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

/* It has happened and is noted; but somebody should know. */
static int warn_of_consent(struct node *n, const struct contact *rec,
			   const int64_t *kase, int cases)
{
	int x = 0;

	for (int i = 0; i < cases && x == 0; i++) {
		x = contact_consent(&n->rec, rec, kase[i]);
		if (x == E_DENIED) {
			cli_hint("Noted all the same: %s.", err_text(x));
			err_clear();
			x = 0;
		}
	}
	return x;
}

static int run_add(struct cli *c)
{
	int64_t kase[CASES_MAX], id;
	struct contact rec;
	struct node *n;
	int x, cases = cli_args(c);

	if (cases > CASES_MAX)
		return err_set(E_USAGE, "A contact serves at most %d cases",
			       CASES_MAX);
	for (int i = 0; i < cases; i++)
		if ((x = cli_arg_int(c, i, "case", &kase[i])) < 0)
			return x;
	if ((x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&contact_sheet, &rec);
	rec.happened = records_today(&n->rec);
	rec.reached = 1;
	if ((x = cli_sheet_take(c, &contact_sheet, &rec)) < 0 ||
	    (x = contact_add(&n->rec, &rec, kase, cases, &id)) < 0)
		return x;
	cli_said(c, id, "Contact %lld added", (long long)id);
	return warn_of_consent(n, &rec, kase, cases);
}

static int run_update(struct cli *c)
{
	struct contact rec;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &contact_sheet, "contact", &n, &rec)) < 0 ||
	    (x = contact_update(&n->rec, &rec)) < 0)
		return x;
	return cli_said(c, rec.id, "Contact %lld changed", (long long)rec.id);
}

static int run_serve(struct cli *c)
{
	bool on = !cli_get(c, "not");
	int64_t id, kase;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "contact", &id)) < 0 ||
	    (x = cli_arg_int(c, 1, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = contact_serve(&n->rec, id, kase, on)) < 0)
		return x;
	return cli_said(c, id, "Contact %lld %s case %lld", (long long)id,
			on ? "serves" : "does not serve", (long long)kase);
}

static int run_result(struct cli *c)
{
	bool on = !cli_get(c, "not");
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "contact", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = contact_achieve(&n->rec, id, cli_arg(c, 1), on)) < 0)
		return x;
	return cli_said(c, id, "Noted of contact %lld: %s%s", (long long)id,
			on ? "" : "not ", cli_arg(c, 1));
}

static int run_error(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "contact", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = contact_error(&n->rec, id)) < 0)
		return x;
	return cli_said(c, id, "Contact %lld was entered in error",
			(long long)id);
}

/* Whose it is and what came of it stand in tables of their own. */
static int run_show(struct cli *c)
{
	static const struct cli_col col[] = {
		{"contact", "Contact", CLI_NUMBER},
		{"happened", "Day", CLI_TEXT},
		{"mode", "Mode", CLI_TEXT},
		{"party", "With", CLI_TEXT},
		{"person", "Name", CLI_TEXT},
		{"reached", "Reached", CLI_TEXT},
		{"minutes", "Minutes", CLI_NUMBER},
		{"band", "Band", CLI_TEXT},
		{"focus", "Focus", CLI_TEXT},
		{"activity", "Activity", CLI_TEXT},
		{"achieved", "Achieved", CLI_TEXT},
		{"prevented", "Prevented", CLI_TEXT},
		{"made_by", "Made by", CLI_TEXT},
		{"cases", "Cases", CLI_TEXT},
		{"note", "Note", CLI_TEXT},
		{"errored", "In error", CLI_TEXT},
	};
	char cases[200], achieved[600];
	struct cli_table *t;
	struct contact k;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "contact", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = contact_get(n->db, id, &k)) < 0 ||
	    (x = sheet_marks(n->db, &contact_cases, id, cases, sizeof cases)) <
		    0 ||
	    (x = sheet_marks(n->db, &contact_achieved, id, achieved,
			     sizeof achieved)) < 0 ||
	    (x = cli_table_new(c, &t, col, sizeof col / sizeof *col,
			       cli_records_notice(n))) < 0)
		return x;
	cli_cell_int(t, k.id);
	cli_cell_date(t, k.happened);
	cli_cell(t, k.mode);
	cli_cell(t, k.party);
	cli_cell(t, k.person);
	cli_cell(t, k.reached == 1 ? "yes" : "no");
	if (k.minutes == SHEET_UNKNOWN)
		cli_cell(t, NULL);
	else
		cli_cell_int(t, k.minutes);
	cli_cell(t, k.minutes == SHEET_UNKNOWN
			    ? NULL
			    : contact_band(n->rec.words, k.minutes)->id);
	cli_cell(t, k.focus);
	cli_cell(t, k.activity);
	cli_cell(t, achieved);
	cli_cell(t, k.prevented);
	cli_cell(t, k.made_by);
	cli_cell(t, cases);
	cli_cell(t, k.note);
	cli_cell_date(t, k.errored);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int run_list(struct cli *c)
{
	return cli_sheet_list(c, &contact_sheet, "contact", "case",
			      contact_list, "No contact is recorded.");
}

static int run_plan(struct cli *c)
{
	struct contact_planned p;
	struct node *n;
	int64_t id, kase;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_sheet_fill(c, &contact_planned_sheet, &n, &p)) < 0)
		return x;
	p.kase = kase;
	if ((x = contact_plan(&n->rec, &p, &id)) < 0)
		return x;
	return cli_said(c, id, "Planned contact %lld added", (long long)id);
}

static int run_replan(struct cli *c)
{
	struct contact_planned p;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &contact_planned_sheet, "planned contact",
				&n, &p)) < 0 ||
	    (x = contact_replan(&n->rec, &p)) < 0)
		return x;
	return cli_said(c, p.id, "Planned contact %lld changed",
			(long long)p.id);
}

static int run_done(struct cli *c)
{
	int64_t id, contact;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "planned contact", &id)) < 0 ||
	    (x = cli_arg_int(c, 1, "contact", &contact)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = contact_done(&n->rec, id, contact)) < 0)
		return x;
	return cli_said(c, id, "Planned contact %lld was contact %lld",
			(long long)id, (long long)contact);
}

static int run_drop(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "planned contact", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = contact_drop(&n->rec, id, on, cli_arg(c, 1))) < 0)
		return x;
	return cli_said(c, id, "Planned contact %lld dropped", (long long)id);
}

static int run_planned(struct cli *c)
{
	int64_t kase = 0, offset, limit;
	int32_t until = NO_DATE;
	struct cli_sheet h;
	struct node *n;
	int x = 0;

	if (cli_arg(c, 0))
		x = cli_arg_int(c, 0, "case", &kase);
	if (x < 0 || (x = cli_get_date(c, "until", &until)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, &contact_planned_sheet, "planned", false,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(h.t, contact_planned_list(n->db, kase, until, offset,
						 limit, cli_sheet_put, &h));
	return cli_table_end(h.t, "No contact is planned.");
}

const struct command cli_contact_commands[] = {
	{"contact", "add", "CASE... --mode MODE --party PARTY --made-by NAME",
	 "Add a contact, or an attempt, for one case or several.\n"
	 "A wrong MODE, PARTY and so on lists them all.",
	 add_opts, 1, CASES_MAX, run_add},
	{"contact", "update", "CONTACT [--minutes N] ...",
	 "Change what is said of a contact; \"\" makes it unknown.", add_opts,
	 1, 1, run_update},
	{"contact", "show", "CONTACT", "Show one contact.", NULL, 1, 1,
	 run_show},
	{"contact", "list", "[CASE]", "List contacts, newest first.", page_opts,
	 0, 1, run_list},
	{"contact", "serve", "CONTACT CASE [--not]",
	 "Say that a contact serves another case also, or does not.",
	 serve_opts, 2, 2, run_serve},
	{"contact", "result", "CONTACT RESULT [--not]",
	 "Say what came of a contact, like need-met or advised.", serve_opts, 2,
	 2, run_result},
	{"contact", "error", "CONTACT",
	 "Say that a contact was entered in error.", NULL, 1, 1, run_error},
	{"contact", "plan", "CASE --due DATE --purpose TEXT",
	 "Plan a contact for a case.", plan_opts, 1, 1, run_plan},
	{"contact", "replan", "PLANNED [--due DATE] ...",
	 "Change a contact that is planned.", plan_opts, 1, 1, run_replan},
	{"contact", "done", "PLANNED CONTACT",
	 "Say which contact a planned one became.", NULL, 2, 2, run_done},
	{"contact", "drop", "PLANNED WHY [--on DATE]",
	 "Give a planned contact up.", drop_opts, 2, 2, run_drop},
	{"contact", "planned", "[CASE] [--until DATE]",
	 "List contacts that are planned, by day.", planned_opts, 0, 1,
	 run_planned},
	{NULL},
};
