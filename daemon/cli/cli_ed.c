#include "daemon/cli/cli_sheet.h"
#include "regional/case/ed.h"
#include "regional/node.h"

static const struct cli_opt opts[] = {
	{"visited", "DATE", "the day of the visit; default: today"},
	{"facility", "NAME", "where"},
	{"behavioral", "YES-NO", "a behavioral crisis?"},
	{"admitted", "YES-NO", "was the child admitted?"},
	{"discharged", "DATE", "the day of the discharge"},
	{"criteria", "YES-NO", "for enhanced care coordination: met?"},
	{"enrolled", "ANSWER", "accepted or declined"},
	{"enrolled-on", "DATE", "the day of that answer"},
	{"crisis-plan", "DATE", "the day of the crisis plan"},
	{"followed-up", "DATE", "the day of the first follow-up"},
	{"source-id", "NUMBER", "the visit's number elsewhere"},
	{"note", "TEXT", "a note"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_add(struct cli *c)
{
	int64_t child, id;
	struct ed_episode e;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&ed_episode_sheet, &e);
	e.visited = records_today(&n->rec);
	e.child = child;
	if ((x = cli_sheet_take(c, &ed_episode_sheet, &e)) < 0 ||
	    (x = ed_add(&n->rec, &e, &id)) < 0)
		return x;
	return cli_said(c, id, "Visit %lld added for child %lld", (long long)id,
			(long long)child);
}

static int run_update(struct cli *c)
{
	struct ed_episode e;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &ed_episode_sheet, "visit", &n, &e)) < 0 ||
	    (x = ed_update(&n->rec, &e)) < 0)
		return x;
	return cli_said(c, e.id, "Visit %lld changed", (long long)e.id);
}

static int run_error(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "visit", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = ed_error(&n->rec, id)) < 0)
		return x;
	return cli_said(c, id, "Visit %lld was entered in error",
			(long long)id);
}

static int run_show(struct cli *c)
{
	return cli_sheet_show(c, &ed_episode_sheet, "visit");
}

static int run_list(struct cli *c)
{
	return cli_sheet_list(c, &ed_episode_sheet, "visit", "child", ed_list,
			      "No visit is recorded.");
}

static int run_outcomes(struct cli *c)
{
	return cli_sheet_list(c, &ed_outcome_sheet, "visit", "child",
			      ed_outcomes, "No visit is recorded.");
}

const struct command cli_ed_commands[] = {
	{"ed", "add", "CHILD --behavioral yes|no [--visited DATE] ...",
	 "Add a visit to an emergency department.", opts, 1, 1, run_add},
	{"ed", "update", "VISIT [--crisis-plan DATE] ...",
	 "Change what is said of a visit; \"\" makes it unknown.", opts, 1, 1,
	 run_update},
	{"ed", "show", "VISIT", "Show one visit.", NULL, 1, 1, run_show},
	{"ed", "list", "[CHILD]", "List visits, newest first.", page_opts, 0, 1,
	 run_list},
	{"ed", "outcomes", "[CHILD]",
	 "Days from the discharge to follow-up and revisit.\n"
	 "Day 0 is the visit where no discharge is known. A revisit is the "
	 "next behavioral visit after day 0.",
	 page_opts, 0, 1, run_outcomes},
	{"ed", "error", "VISIT", "Say that a visit was entered in error.", NULL,
	 1, 1, run_error},
	{NULL},
};
