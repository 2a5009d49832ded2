#include <string.h>

#include "daemon/cli/cli_sheet.h"
#include "regional/case/child.h"
#include "regional/case/transition.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt reach_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{"note", "TEXT", "a note"},
	{NULL},
};
static const struct cli_opt update_opts[] = {
	{"adult-provider", "NAME", "who cares for the adult"},
	{"expected", "DATE", "when the transfer is expected"},
	{"planned", "DATE", "the day of the plan"},
	{"summary", "DATE", "the day of the medical summary"},
	{"package", "DATE", "the day the transfer package was sent"},
	{"first-visit", "DATE", "the day of the first adult visit"},
	{"confirmed", "DATE", "the day that visit was confirmed"},
	{"confirmed-by", "NAME", "who confirmed it"},
	{"note", "TEXT", "a note"},
	{"without-consent", "TEXT",
	 "why the package does not wait for a consent"},
	{NULL},
};
static const struct cli_opt assess_opts[] = {
	{"assessed", "DATE", "the day; default: today"},
	{"tool", "NAME", "the tool"},
	{"answered-by", "WHO", "youth, caregiver or both"},
	{"score", "N", "the score"},
	{"most", "N", "the highest possible score"},
	{"next-step", "TEXT", "what follows from it"},
	{NULL},
};
static const struct cli_opt answer_opts[] = {
	{"visited", "DATE", "the day of the last preventive visit"},
	{"alone", "YES-NO", "time alone with the clinician?"},
	{"skills", "YES-NO", "worked on self-care, or what changes at 18?"},
	{"discussed", "YES-NO", "talked about the shift to adult care?"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"all", NULL, "also those whose first adult visit is confirmed"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_start(struct cli *c)
{
	int64_t child, id;
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = transition_start(&n->rec, child, on, &id)) < 0)
		return x;
	return cli_said(c, id, "Transition %lld of child %lld begun",
			(long long)id, (long long)child);
}

static int run_update(struct cli *c)
{
	struct transition t;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &transition_sheet, "transition", &n, &t)) <
		    0 ||
	    (x = transition_update(&n->rec, &t)) < 0)
		return cli_no_consent(x);
	return cli_said(c, t.id, "Transition %lld changed", (long long)t.id);
}

static int run_reach(struct cli *c)
{
	const char *note = cli_get(c, "note");
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "transition", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = transition_reach(&n->rec, id, cli_arg(c, 1), on,
				  note ? note : "")) < 0)
		return x;
	return cli_said(c, id, "Noted of transition %lld: %s", (long long)id,
			cli_arg(c, 1));
}

static int run_assess(struct cli *c)
{
	struct transition_readiness a;
	int64_t of, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "transition", &of)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&transition_readiness_sheet, &a);
	a.transition = of;
	a.assessed = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &transition_readiness_sheet, &a)) < 0 ||
	    (x = transition_assess(&n->rec, &a, &id)) < 0)
		return x;
	return cli_said(c, id, "Readiness assessment %lld added",
			(long long)id);
}

static int run_answer(struct cli *c)
{
	struct transition_visit v;
	int64_t of, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "transition", &of)) < 0 ||
	    (x = cli_sheet_fill(c, &transition_visit_sheet, &n, &v)) < 0)
		return x;
	v.transition = of;
	if ((x = transition_answer(&n->rec, &v, &id)) < 0)
		return x;
	return cli_said(c, id, "Answers noted as %lld", (long long)id);
}

static int run_show(struct cli *c)
{
	return cli_sheet_show(c, &transition_sheet, "transition");
}

static int run_list(struct cli *c)
{
	int64_t offset, limit;
	struct cli_sheet h;
	struct node *n;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, &transition_sheet, "transition", false,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(h.t, transition_list(n->db, cli_get(c, "all") != NULL,
					    offset, limit, cli_sheet_put, &h));
	return cli_table_end(h.t, "Nobody is in transition.");
}

/* The day of each element that was reached, by its place in the list. */
struct reached {
	const struct vocabulary *words;
	int32_t day[16];
};

static int note_reached(void *arg, const void *row)
{
	const struct transition_element *e = row;
	struct reached *r = arg;
	int i = vocabulary_find(r->words, WORDS_ELEMENT, e->element);

	if (i >= 0 && i < 16)
		r->day[i] = e->reached;
	return 0;
}

static int put_elements(struct node *n, const struct transition *t,
			struct cli_table *out)
{
	struct reached r = {.words = n->rec.words};
	int32_t today = records_today(&n->rec);
	struct child child;
	int x;

	for (int i = 0; i < 16; i++)
		r.day[i] = NO_DATE;
	if ((x = child_get(n->db, t->child, &child)) < 0 ||
	    (x = transition_elements(n->db, t->id, 0, INT64_MAX, note_reached,
				     &r)) < 0)
		return x;
	for (int i = 0; i < vocabulary_count(r.words, WORDS_ELEMENT); i++) {
		const struct word *w =
			vocabulary_word(r.words, WORDS_ELEMENT, i);

		cli_cell(out, w->id);
		cli_cell(out, w->title);
		cli_cell_fmt(out, "%d-%d", w->age_from, w->age_to);
		cli_cell_date(out, r.day[i]);
		cli_cell(out,
			 transition_standing(w, child.birth, r.day[i], today));
	}
	return 0;
}

static int run_elements(struct cli *c)
{
	static const struct cli_col col[] = {
		{"element", "Element", CLI_TEXT},
		{"title", "What", CLI_TEXT},
		{"ages", "Usual ages", CLI_TEXT},
		{"reached", "Reached", CLI_TEXT},
		{"standing", "Standing", CLI_TEXT},
	};
	struct cli_table *out;
	struct transition t;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "transition", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = transition_get(n->db, id, &t)) < 0 ||
	    (x = cli_table_new(c, &out, col, sizeof col / sizeof *col,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(out, put_elements(n, &t, out));
	return cli_table_end(out, NULL);
}

static int run_assessments(struct cli *c)
{
	return cli_sheet_list(c, &transition_readiness_sheet, "assessment",
			      "transition", transition_assessments,
			      "Readiness was not assessed.");
}

static int run_answers(struct cli *c)
{
	return cli_sheet_list(c, &transition_visit_sheet, "answer",
			      "transition", transition_visits,
			      "Nobody was asked.");
}

const struct command cli_transition_commands[] = {
	{"transition", "start", "CHILD [--on DATE]",
	 "Begin the transition of a youth to adult care, from 12 on.", on_opts,
	 1, 1, run_start},
	{"transition", "update", "TRANSITION [--planned DATE] ...",
	 "Note plan, transfer package, first adult visit; \"\" makes it "
	 "unknown.",
	 update_opts, 1, 1, run_update},
	{"transition", "show", "TRANSITION", "Show one transition.", NULL, 1, 1,
	 run_show},
	{"transition", "list", "[--all]", "List who is in transition.",
	 list_opts, 0, 0, run_list},
	{"transition", "reach", "TRANSITION ELEMENT [--on DATE]",
	 "Note that one of the Six Core Elements was reached.\n"
	 "ELEMENT is policy, tracking, readiness, planning, transfer or "
	 "completion.",
	 reach_opts, 2, 2, run_reach},
	{"transition", "elements", "TRANSITION",
	 "Show how the Six Core Elements stand, by age.", NULL, 1, 1,
	 run_elements},
	{"transition", "assess", "TRANSITION --tool NAME [--score N --most N]",
	 "Add a readiness assessment.", assess_opts, 1, 1, run_assess},
	{"transition", "assessments", "TRANSITION",
	 "List readiness assessments, newest first.", page_opts, 1, 1,
	 run_assessments},
	{"transition", "answer", "TRANSITION --visited DATE [--alone yes|no]",
	 "Note the three answers on the last preventive visit.", answer_opts, 1,
	 1, run_answer},
	{"transition", "answers", "TRANSITION",
	 "List those answers, newest visit first.", page_opts, 1, 1,
	 run_answers},
	{NULL},
};
