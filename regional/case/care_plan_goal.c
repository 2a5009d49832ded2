#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/care_plan.h"
#include "regional/case/field.h"
#include "regional/case/need.h"

static const struct sheet_column goal_columns[] = {
	SHEET_OF(care_goal, plan, "care plan", ID, true, .of = "care_plan"),
	SHEET_OF(care_goal, need, "need", ID, false, .of = "need"),
	SHEET_COL(care_goal, goal, "goal", TEXT, true),
	SHEET_OF(care_goal, state, "state of a goal", ONE, true,
		 .of = "open, reached, partly, dropped"),
	SHEET_COL(care_goal, ended, "day the goal ended", DAY, false),
	SHEET_OF(care_goal, origin, "goal", ID, false, .of = "care_goal"),
};
const struct sheet care_goal_sheet = SHEET(care_goal, "goal", goal_columns);

static const struct sheet_column action_columns[] = {
	SHEET_OF(care_action, goal, "goal", ID, true, .of = "care_goal"),
	SHEET_COL(care_action, action, "action", TEXT, true),
	SHEET_COL(care_action, owner, "owner", TEXT, true),
	SHEET_COL(care_action, due, "day the action is due", AHEAD, false),
	SHEET_OF(care_action, state, "state of an action", ONE, true,
		 .of = "open, done, dropped"),
	SHEET_COL(care_action, ended, "day the action ended", DAY, false),
	SHEET_OF(care_action, origin, "action", ID, false, .of = "care_action"),
};
const struct sheet care_action_sheet =
	SHEET(care_action, "action", action_columns);

static int check_draft(struct records *r, int64_t id, struct care_plan *p)
{
	int x = care_plan_get(r->db, id, p);

	if (x < 0 || p->finalized == NO_DATE)
		return x;
	return err_set(E_STATE,
		       "Version %lld of the care plan is finalized and does "
		       "not change; start the next version",
		       (long long)p->version);
}

/* Open and without a day, or ended with one. */
static int check_end(const char *what, const char *state, int32_t ended)
{
	bool open = state[0] == 'o';

	if (open && ended != NO_DATE)
		return err_set(E_INVALID, "%s that is open has not ended",
			       what);
	if (!open && ended == NO_DATE)
		return err_set(E_INVALID,
			       "%s that is %s ended on a day: give "
			       "it",
			       what, state);
	return 0;
}

static int check_need(struct records *r, int64_t need, int64_t kase)
{
	struct need n;
	int x;

	if (!need)
		return 0;
	x = need_get(r->db, need, &n);
	if (x < 0 || n.kase == kase)
		return x;
	return err_set(E_INVALID,
		       "Need %lld is one of case %lld, the plan is "
		       "for case %lld",
		       (long long)need, (long long)n.kase, (long long)kase);
}

static int goal_checks(struct records *r, const struct care_goal *g)
{
	struct care_plan p;
	int x;

	if ((x = check_draft(r, g->plan, &p)) < 0 ||
	    (x = sheet_check(r, &care_goal_sheet, g)) < 0 ||
	    (x = check_need(r, g->need, p.kase)) < 0)
		return x;
	return check_end("A goal", g->state, g->ended);
}

int care_plan_goal_add(struct records *r, const struct care_goal *g,
		       int64_t *id)
{
	struct care_goal now = *g;
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	now.origin = 0;
	x = goal_checks(r, &now);
	if (x == 0)
		x = sheet_add(r, &care_goal_sheet, &now, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int care_plan_goal_update(struct records *r, const struct care_goal *g)
{
	struct care_goal was, now = *g;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = care_plan_goal_get(r->db, g->id, &was);
	if (x == 0 && g->plan != was.plan)
		x = err_set(E_INVALID, "A goal stays in its plan");
	now.origin = x == 0 ? was.origin : 0;
	if (x == 0 && (x = goal_checks(r, &now)) == 0)
		x = sheet_update(r, &care_goal_sheet, &now);
	return records_end(r, x);
}

int care_plan_goal_get(struct db *db, int64_t id, struct care_goal *out)
{
	return sheet_get(db, &care_goal_sheet, id, out);
}

int care_plan_goals(struct db *db, int64_t plan, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg)
{
	return sheet_list(db, &care_goal_sheet, "WHERE plan = ?1 ORDER BY id",
			  plan, 0, offset, limit, fn, arg);
}

static int action_checks(struct records *r, const struct care_action *a)
{
	struct care_plan p;
	struct care_goal g;
	int x;

	if ((x = care_plan_goal_get(r->db, a->goal, &g)) < 0 ||
	    (x = check_draft(r, g.plan, &p)) < 0 ||
	    (x = sheet_check(r, &care_action_sheet, a)) < 0)
		return x;
	return check_end("An action", a->state, a->ended);
}

int care_plan_action_add(struct records *r, const struct care_action *a,
			 int64_t *id)
{
	struct care_action now = *a;
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	now.origin = 0;
	x = action_checks(r, &now);
	if (x == 0)
		x = sheet_add(r, &care_action_sheet, &now, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int care_plan_action_update(struct records *r, const struct care_action *a)
{
	struct care_action was, now = *a;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = care_plan_action_get(r->db, a->id, &was);
	if (x == 0 && a->goal != was.goal)
		x = err_set(E_INVALID, "An action stays with its goal");
	now.origin = x == 0 ? was.origin : 0;
	if (x == 0 && (x = action_checks(r, &now)) == 0)
		x = sheet_update(r, &care_action_sheet, &now);
	return records_end(r, x);
}

int care_plan_action_get(struct db *db, int64_t id, struct care_action *out)
{
	return sheet_get(db, &care_action_sheet, id, out);
}

int care_plan_actions(struct db *db, int64_t plan, int64_t offset,
		      int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &care_action_sheet,
			  "WHERE goal IN (SELECT id FROM care_goal"
			  " WHERE plan = ?1) ORDER BY goal, id",
			  plan, 0, offset, limit, fn, arg);
}

int care_plan_due(struct db *db, int32_t until, int64_t offset, int64_t limit,
		  sheet_fn *fn, void *arg)
{
	static const char tail[] =
		"WHERE state = 'open' AND due <= date(?1 * 86400, 'unixepoch')"
		" AND goal IN (SELECT g.id FROM care_goal g"
		" JOIN care_plan p ON p.id = g.plan"
		" JOIN care_case k ON k.id = p.kase AND k.closed IS NULL"
		" WHERE p.version = (SELECT max(version) FROM care_plan n"
		" WHERE n.kase = p.kase)) ORDER BY due, id";

	return sheet_list(db, &care_action_sheet, tail, until, 0, offset, limit,
			  fn, arg);
}
