#include <string.h>

#include "daemon/cli/cli_sheet.h"
#include "daemon/core/err.h"
#include "regional/case/care_plan.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt goal_opts[] = {
	{"need", "NEED", "the need it is for"},
	{"goal", "TEXT", "in other words"},
	{"state", "STATE", "open, reached, partly or dropped"},
	{"ended", "DATE", "the day it ended"},
	{NULL},
};
static const struct cli_opt action_opts[] = {
	{"owner", "NAME", "who does it"},
	{"due", "DATE", "until when"},
	{"action", "TEXT", "in other words"},
	{"state", "STATE", "open, done or dropped"},
	{"ended", "DATE", "the day it ended"},
	{NULL},
};
static const struct cli_opt finalize_opts[] = {
	{"agreed", "DATE", "the day the family agreed; default: as --on"},
	{"by", "NAME", "who of the family agreed"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt share_opts[] = {
	{"party", "PARTY", "to whom: primary-care, school, family, ..."},
	{"recipient", "NAME", "to whom, by name"},
	{"what", "PART", "plan, summary or goals; default: plan"},
	{"way", "WAY", "fax, mail, portal, secure-e-mail, ..."},
	{"organization", "N", "to this organization"},
	{"practice", "N", "to this practice; primary-care: the child's own"},
	{"shared", "DATE", "the day; default: today"},
	{"without-consent", "TEXT",
	 "why it does not wait for a consent; shown and audited"},
	{NULL},
};
static const struct cli_opt confirm_opts[] = {
	{"by", "NAME", "who confirmed"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt due_opts[] = {
	{"until", "DATE", "due until then; default: today"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_start(struct cli *c)
{
	int64_t kase, id;
	struct node *n;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = care_plan_start(&n->rec, kase, on, &id)) < 0)
		return x;
	return cli_said(c, id, "Care plan %lld started", (long long)id);
}

static int run_wishes(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "care plan", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = care_plan_wishes(&n->rec, id, cli_arg(c, 1))) < 0)
		return x;
	return cli_said(c, id, "Care plan %lld changed", (long long)id);
}

static int run_finalize(struct cli *c)
{
	const char *by = cli_get(c, "by");
	int32_t on, agreed;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "care plan", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0)
		return x;
	agreed = on;
	if ((x = cli_get_date(c, "agreed", &agreed)) < 0 ||
	    (x = care_plan_finalize(&n->rec, id, on, agreed, by ? by : "")) < 0)
		return x;
	return cli_said(c, id, "Care plan %lld is finalized", (long long)id);
}

static int run_goal(struct cli *c)
{
	struct care_goal g;
	int64_t plan, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "care plan", &plan)) < 0 ||
	    (x = cli_sheet_fill(c, &care_goal_sheet, &n, &g)) < 0 ||
	    (x = cli_copy("text", cli_arg(c, 1), g.goal, sizeof g.goal)) < 0)
		return x;
	g.plan = plan;
	if (!*g.state)
		snprintf(g.state, sizeof g.state, "open");
	if ((x = care_plan_goal_add(&n->rec, &g, &id)) < 0)
		return x;
	return cli_said(c, id, "Goal %lld added to care plan %lld",
			(long long)id, (long long)plan);
}

static int run_set_goal(struct cli *c)
{
	struct care_goal g;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &care_goal_sheet, "goal", &n, &g)) < 0 ||
	    (x = care_plan_goal_update(&n->rec, &g)) < 0)
		return x;
	return cli_said(c, g.id, "Goal %lld changed", (long long)g.id);
}

static int run_action(struct cli *c)
{
	struct care_action a;
	int64_t goal, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "goal", &goal)) < 0 ||
	    (x = cli_sheet_fill(c, &care_action_sheet, &n, &a)) < 0 ||
	    (x = cli_copy("text", cli_arg(c, 1), a.action, sizeof a.action)) <
		    0)
		return x;
	a.goal = goal;
	if (!*a.state)
		snprintf(a.state, sizeof a.state, "open");
	if ((x = care_plan_action_add(&n->rec, &a, &id)) < 0)
		return x;
	return cli_said(c, id, "Action %lld added to goal %lld", (long long)id,
			(long long)goal);
}

static int run_set_action(struct cli *c)
{
	struct care_action a;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &care_action_sheet, "action", &n, &a)) < 0 ||
	    (x = care_plan_action_update(&n->rec, &a)) < 0)
		return x;
	return cli_said(c, a.id, "Action %lld changed", (long long)a.id);
}

static int run_share(struct cli *c)
{
	struct care_share s;
	int64_t plan, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "care plan", &plan)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&care_share_sheet, &s);
	s.plan = plan;
	s.shared = records_today(&n->rec);
	snprintf(s.what, sizeof s.what, "plan");
	if ((x = cli_sheet_take(c, &care_share_sheet, &s)) < 0 ||
	    (x = care_plan_share(&n->rec, &s, &id)) < 0)
		return cli_no_consent(x);
	return cli_said(c, id, "Noted as share %lld of care plan %lld",
			(long long)id, (long long)plan);
}

static int run_confirm(struct cli *c)
{
	const char *by = cli_get(c, "by");
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "share", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = care_plan_confirm(&n->rec, id, on, by ? by : "")) < 0)
		return x;
	return cli_said(c, id, "Share %lld is confirmed", (long long)id);
}

static int run_show(struct cli *c)
{
	return cli_sheet_show(c, &care_plan_sheet, "plan");
}

static int run_list(struct cli *c)
{
	return cli_sheet_list(c, &care_plan_sheet, "plan", "case",
			      care_plan_list, "No care plan is recorded.");
}

static int run_goals(struct cli *c)
{
	return cli_sheet_list(c, &care_goal_sheet, "goal_number", "care plan",
			      care_plan_goals, "The care plan has no goal.");
}

static int run_actions(struct cli *c)
{
	return cli_sheet_list(c, &care_action_sheet, "action_number",
			      "care plan", care_plan_actions,
			      "The care plan has no action.");
}

static int run_shares(struct cli *c)
{
	return cli_sheet_list(c, &care_share_sheet, "share", "care plan",
			      care_plan_shares,
			      "The care plan was not shared.");
}

static int run_due(struct cli *c)
{
	int64_t offset, limit;
	struct cli_sheet h;
	struct node *n;
	int32_t until;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 || (x = cli_node(c, &n)) < 0)
		return x;
	until = records_today(&n->rec);
	if ((x = cli_get_date(c, "until", &until)) < 0 ||
	    (x = cli_sheet_new(c, &h, &care_action_sheet, "action_number",
			       false, cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(h.t, care_plan_due(n->db, until, offset, limit,
					  cli_sheet_put, &h));
	return cli_table_end(h.t, "Nothing is due.");
}

const struct command cli_plan_commands[] = {
	{"plan", "start", "CASE [--on DATE]",
	 "Start a care plan, or its next version as a copy of the last.",
	 on_opts, 1, 1, run_start},
	{"plan", "wishes", "PLAN TEXT", "Say what the family put first.", NULL,
	 2, 2, run_wishes},
	{"plan", "goal", "PLAN TEXT [--need NEED]",
	 "Add a goal to a plan that is a draft.", goal_opts, 2, 2, run_goal},
	{"plan", "set-goal", "GOAL [--state STATE --ended DATE] ...",
	 "Change a goal of a draft.", goal_opts, 1, 1, run_set_goal},
	{"plan", "action", "GOAL TEXT --owner NAME [--due DATE]",
	 "Add an action to a goal.", action_opts, 2, 2, run_action},
	{"plan", "set-action", "ACTION [--state STATE --ended DATE] ...",
	 "Change an action of a draft.", action_opts, 1, 1, run_set_action},
	{"plan", "finalize", "PLAN --by NAME [--agreed DATE] [--on DATE]",
	 "Finalize a plan that the family agreed to; it does not change any "
	 "more.",
	 finalize_opts, 1, 1, run_finalize},
	{"plan", "share", "PLAN --party PARTY --way WAY [--shared DATE] ...",
	 "Note to whom a finalized plan was given, and how.\n"
	 "There must be a consent to share it, but not with the youth, and "
	 "not with\nthe family until the child comes of age.",
	 share_opts, 1, 1, run_share},
	{"plan", "confirm", "SHARE [--by NAME] [--on DATE]",
	 "Note that it was received.", confirm_opts, 1, 1, run_confirm},
	{"plan", "show", "PLAN", "Show one version of a plan.", NULL, 1, 1,
	 run_show},
	{"plan", "list", "CASE", "List the versions, newest first.", page_opts,
	 1, 1, run_list},
	{"plan", "goals", "PLAN", "List the goals of a plan.", page_opts, 1, 1,
	 run_goals},
	{"plan", "actions", "PLAN", "List the actions of a plan.", page_opts, 1,
	 1, run_actions},
	{"plan", "shares", "PLAN", "List to whom a plan was given.", page_opts,
	 1, 1, run_shares},
	{"plan", "due", "[--until DATE]",
	 "List open actions that are due, in all open cases.", due_opts, 0, 0,
	 run_due},
	{NULL},
};
