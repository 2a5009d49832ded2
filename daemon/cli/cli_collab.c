#include <string.h>

#include "daemon/cli/cli_sheet.h"
#include "daemon/core/err.h"
#include "regional/case/collaborative.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"begun", "DATE", "the day it was begun; default: today"},
	{NULL},
};
static const struct cli_opt update_opts[] = {
	{"name", "NAME", "its new name"},
	{"begun", "DATE", "the day it was begun"},
	{"ended", "DATE", "the day it was ended"},
	{NULL},
};
static const struct cli_opt join_opts[] = {
	{"sector", "SECTOR", "food, education, behavioral, ..."},
	{"joined", "DATE", "the day; default: today"},
	{"person", "NAME", "who comes"},
	{NULL},
};
static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt members_opts[] = {
	{"on", "DATE", "members on that day; default: all that ever were"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt meet_opts[] = {
	{"met", "DATE", "the day; default: today"},
	{"place", "PLACE", "where"},
	{"topic", "TEXT", "about what, without names"},
	{NULL},
};
static const struct cli_opt attend_opts[] = {
	{"not", NULL, "it did not come, after all"},
	{NULL},
};
static const struct cli_opt discuss_opts[] = {
	{"need", "NEED", "the need it is about"},
	{"age-band", "BAND", "the child's, like 6-11"},
	{"advice", "TEXT", "what was advised, without names"},
	{NULL},
};
static const struct cli_opt gap_opts[] = {
	{"meeting", "MEETING", "where it was raised"},
	{"raised", "DATE", "the day; default: today"},
	{"need", "NEED", "the need it is about"},
	{"gap", "TEXT", "in other words"},
	{"status", "STATUS", "open, working, closed or set-aside"},
	{"owner", "NAME", "who took it up"},
	{"started", "TEXT", "what was started"},
	{"started-on", "DATE", "and when"},
	{"followed", "TEXT", "what followed"},
	{"followed-on", "DATE", "and when"},
	{NULL},
};
static const struct cli_opt gaps_opts[] = {
	{"open", NULL, "only those that are open or worked on"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_add(struct cli *c)
{
	struct collaborative k;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&collaborative_sheet, &k);
	k.begun = records_today(&n->rec);
	if ((x = cli_copy("text", cli_arg(c, 0), k.name, sizeof k.name)) < 0 ||
	    (x = cli_sheet_take(c, &collaborative_sheet, &k)) < 0 ||
	    (x = collaborative_add(&n->rec, &k, &id)) < 0)
		return x;
	return cli_said(c, id, "Collaborative %lld added", (long long)id);
}

static int run_update(struct cli *c)
{
	struct collaborative k;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &collaborative_sheet, "collaborative", &n,
				&k)) < 0 ||
	    (x = collaborative_update(&n->rec, &k)) < 0)
		return x;
	return cli_said(c, k.id, "Collaborative %lld changed", (long long)k.id);
}

static int run_show(struct cli *c)
{
	return cli_sheet_show(c, &collaborative_sheet, "collaborative");
}

static int list_all(struct db *db, int64_t of, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg)
{
	(void)of;
	return collaborative_list(db, offset, limit, fn, arg);
}

static int run_list(struct cli *c)
{
	return cli_sheet_list(c, &collaborative_sheet, "collaborative", "",
			      list_all, "There is no collaborative.");
}

static int run_join(struct cli *c)
{
	struct collaborative_member m;
	int64_t of, org, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "collaborative", &of)) < 0 ||
	    (x = cli_arg_int(c, 1, "organization", &org)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&collaborative_member_sheet, &m);
	m.collaborative = of;
	m.organization = org;
	m.joined = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &collaborative_member_sheet, &m)) < 0 ||
	    (x = collaborative_join(&n->rec, &m, &id)) < 0)
		return x;
	return cli_said(c, id, "Member %lld joined", (long long)id);
}

static int run_leave(struct cli *c)
{
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "member", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = collaborative_leave(&n->rec, id, on)) < 0)
		return x;
	return cli_said(c, id, "Member %lld left", (long long)id);
}

static int run_members(struct cli *c)
{
	int64_t of, offset, limit;
	int32_t on = NO_DATE;
	struct cli_sheet h;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "collaborative", &of)) < 0 ||
	    (x = cli_get_date(c, "on", &on)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, &collaborative_member_sheet, "member",
			       false, NULL)) < 0)
		return x;
	cli_table_fail(h.t, collaborative_members(n->db, of, on, offset, limit,
						  cli_sheet_put, &h));
	return cli_table_end(h.t, "Nobody is a member.");
}

static int run_meet(struct cli *c)
{
	struct collaborative_meeting m;
	int64_t of, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "collaborative", &of)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&collaborative_meeting_sheet, &m);
	m.collaborative = of;
	m.met = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &collaborative_meeting_sheet, &m)) < 0 ||
	    (x = collaborative_meet(&n->rec, &m, &id)) < 0)
		return x;
	return cli_said(c, id, "Meeting %lld added", (long long)id);
}

static int run_meetings(struct cli *c)
{
	return cli_sheet_list(c, &collaborative_meeting_sheet, "meeting",
			      "collaborative", collaborative_meetings,
			      "No meeting is recorded.");
}

static int run_attend(struct cli *c)
{
	bool on = !cli_get(c, "not");
	int64_t meeting, member;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "meeting", &meeting)) < 0 ||
	    (x = cli_arg_int(c, 1, "member", &member)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = collaborative_attend(&n->rec, meeting, member, on)) < 0)
		return x;
	return cli_said(c, meeting, "Member %lld %s to meeting %lld",
			(long long)member, on ? "came" : "did not come",
			(long long)meeting);
}

static int run_discuss(struct cli *c)
{
	struct collaborative_discussion d;
	int64_t meeting, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "meeting", &meeting)) < 0 ||
	    (x = cli_sheet_fill(c, &collaborative_discussion_sheet, &n, &d)) <
		    0 ||
	    (x = cli_copy("text", cli_arg(c, 1), d.question,
			  sizeof d.question)) < 0)
		return x;
	d.meeting = meeting;
	if ((x = collaborative_discuss(&n->rec, &d, &id)) < 0)
		return x;
	return cli_said(c, id, "Discussion %lld added", (long long)id);
}

static int run_discussions(struct cli *c)
{
	return cli_sheet_list(c, &collaborative_discussion_sheet, "discussion",
			      "meeting", collaborative_discussions,
			      "No case was discussed.");
}

static int run_gap(struct cli *c)
{
	struct collaborative_gap g;
	int64_t of, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "collaborative", &of)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&collaborative_gap_sheet, &g);
	g.collaborative = of;
	g.raised = records_today(&n->rec);
	snprintf(g.status, sizeof g.status, "open");
	if ((x = cli_sheet_take(c, &collaborative_gap_sheet, &g)) < 0 ||
	    (x = cli_copy("text", cli_arg(c, 1), g.gap, sizeof g.gap)) < 0 ||
	    (x = collaborative_gap_add(&n->rec, &g, &id)) < 0)
		return x;
	return cli_said(c, id, "Gap %lld added", (long long)id);
}

static int run_set_gap(struct cli *c)
{
	struct collaborative_gap g;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &collaborative_gap_sheet, "gap", &n, &g)) <
		    0 ||
	    (x = collaborative_gap_update(&n->rec, &g)) < 0)
		return x;
	return cli_said(c, g.id, "Gap %lld changed", (long long)g.id);
}

static int run_show_gap(struct cli *c)
{
	return cli_sheet_show(c, &collaborative_gap_sheet, "gap_number");
}

static int run_gaps(struct cli *c)
{
	int64_t of, offset, limit;
	struct cli_sheet h;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "collaborative", &of)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, &collaborative_gap_sheet, "gap_number",
			       false, NULL)) < 0)
		return x;
	cli_table_fail(h.t,
		       collaborative_gaps(n->db, of, cli_get(c, "open") != NULL,
					  offset, limit, cli_sheet_put, &h));
	return cli_table_end(h.t, "No gap is recorded.");
}

const struct command cli_collab_commands[] = {
	{"collab", "add", "NAME [--begun DATE]", "Add a collaborative.",
	 add_opts, 1, 1, run_add},
	{"collab", "update", "COLLAB [--ended DATE] ...",
	 "Rename a collaborative, or end it.", update_opts, 1, 1, run_update},
	{"collab", "show", "COLLAB", "Show one collaborative.", NULL, 1, 1,
	 run_show},
	{"collab", "list", "", "List collaboratives.", page_opts, 0, 0,
	 run_list},
	{"collab", "join", "COLLAB ORG --sector SECTOR [--joined DATE]",
	 "Make an organization a member.", join_opts, 2, 2, run_join},
	{"collab", "leave", "MEMBER [--on DATE]", "Note that a member left.",
	 on_opts, 1, 1, run_leave},
	{"collab", "members", "COLLAB [--on DATE]", "List members by sector.",
	 members_opts, 1, 1, run_members},
	{"collab", "meet", "COLLAB [--met DATE] ...", "Add a meeting.",
	 meet_opts, 1, 1, run_meet},
	{"collab", "meetings", "COLLAB", "List meetings, newest first.",
	 page_opts, 1, 1, run_meetings},
	{"collab", "attend", "MEETING MEMBER [--not]",
	 "Note that a member came to a meeting.", attend_opts, 2, 2,
	 run_attend},
	{"collab", "discuss", "MEETING QUESTION [--need NEED] ...",
	 "Note a case that was discussed, without names.\n"
	 "A text that holds the name of a known child is refused.",
	 discuss_opts, 2, 2, run_discuss},
	{"collab", "discussions", "MEETING", "List what was discussed.",
	 page_opts, 1, 1, run_discussions},
	{"collab", "gap", "COLLAB TEXT --need NEED [--meeting MEETING]",
	 "Add a gap in services.", gap_opts, 2, 2, run_gap},
	{"collab", "set-gap", "GAP [--status STATUS] [--owner NAME] ...",
	 "Say what became of a gap.", gap_opts, 1, 1, run_set_gap},
	{"collab", "show-gap", "GAP", "Show one gap.", NULL, 1, 1,
	 run_show_gap},
	{"collab", "gaps", "COLLAB [--open]", "List gaps, newest first.",
	 gaps_opts, 1, 1, run_gaps},
	{NULL},
};
