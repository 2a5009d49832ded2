#include "regional/case/care_plan.h"

#include <stdio.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/during.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_OF(care_plan, kase, "case", ID, true, .of = "care_case"),
	SHEET_OF(care_plan, version, "version", INT, true, .min = 1,
		 .max = 10000),
	SHEET_COL(care_plan, started, "day the plan was started", DAY, true),
	SHEET_COL(care_plan, wishes, "wishes of the family", TEXT, false),
	SHEET_COL(care_plan, agreed, "day the family agreed", DAY, false),
	SHEET_COL(care_plan, agreed_by, "name of who agreed", TEXT, false),
	SHEET_COL(care_plan, finalized, "day the plan was finalized", DAY,
		  false),
};
const struct sheet care_plan_sheet = SHEET(care_plan, "care plan", columns);

int care_plan_get(struct db *db, int64_t id, struct care_plan *out)
{
	return sheet_get(db, &care_plan_sheet, id, out);
}

/* The newest version; 1 if there is none. */
static int newest(struct db *db, int64_t kase, struct care_plan *out)
{
	int64_t id = 0;
	int x;

	x = db_int(db, &id,
		   "SELECT id FROM care_plan WHERE kase = ?"
		   " ORDER BY version DESC LIMIT 1",
		   "i", kase);
	if (x == E_NOTFOUND)
		return 1;
	return x < 0 ? x : care_plan_get(db, id, out);
}

int care_plan_current(struct db *db, int64_t kase, struct care_plan *out)
{
	int64_t id = 0;
	int x;

	x = db_int(db, &id,
		   "SELECT id FROM care_plan WHERE kase = ?"
		   " AND finalized IS NOT NULL ORDER BY version DESC LIMIT 1",
		   "i", kase);
	if (x == E_NOTFOUND)
		return err_set(E_NOTFOUND,
			       "Case %lld has no care plan that is finalized",
			       (long long)kase);
	return x < 0 ? x : care_plan_get(db, id, out);
}

struct copying {
	struct records *r;
	int64_t into;
};

static int copy_action(void *arg, const void *row)
{
	struct copying *to = arg;
	struct care_action a = *(const struct care_action *)row;
	int64_t id;

	if (!a.origin)
		a.origin = a.id;
	a.goal = to->into;
	return sheet_add(to->r, &care_action_sheet, &a, &id);
}

static int copy_goal(void *arg, const void *row)
{
	struct copying *to = arg, below = {.r = to->r};
	struct care_goal g = *(const struct care_goal *)row;
	int64_t was = g.id;
	int x;

	if (!g.origin)
		g.origin = g.id;
	g.plan = to->into;
	x = sheet_add(to->r, &care_goal_sheet, &g, &below.into);
	if (x < 0)
		return x;
	return sheet_list(to->r->db, &care_action_sheet,
			  "WHERE goal = ?1 ORDER BY id", was, 0, 0, INT64_MAX,
			  copy_action, &below);
}

static int start_next(struct records *r, const struct care_plan *was,
		      int32_t on, int64_t *id)
{
	struct copying to = {.r = r};
	struct care_plan p = *was;
	int x;

	if (was->finalized == NO_DATE)
		return err_set(E_STATE,
			       "Version %lld of the care plan, plan %lld, is "
			       "still a draft; finalize it first",
			       (long long)was->version, (long long)was->id);
	x = field_order("day the plan was started", on, was->finalized,
			"the day the version before was finalized");
	if (x < 0)
		return x;
	p.version++;
	p.started = on;
	p.agreed = p.finalized = NO_DATE;
	p.agreed_by[0] = '\0';
	x = sheet_add(r, &care_plan_sheet, &p, id);
	if (x < 0)
		return x;
	to.into = *id;
	return care_plan_goals(r->db, was->id, 0, INT64_MAX, copy_goal, &to);
}

static int start_first(struct records *r, int64_t kase, int32_t on, int64_t *id)
{
	struct care_plan p;

	sheet_blank(&care_plan_sheet, &p);
	p.kase = kase;
	p.version = 1;
	p.started = on;
	return sheet_add(r, &care_plan_sheet, &p, id);
}

int care_plan_start(struct records *r, int64_t kase, int32_t on, int64_t *id)
{
	struct care_plan was;
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = during_open(r, kase)) == 0 &&
	    (x = during_case(r, kase, "day the plan was started", on)) == 0)
		x = newest(r->db, kase, &was);
	if (x == 0)
		x = start_next(r, &was, on, &new_id);
	else if (x > 0)
		x = start_first(r, kase, on, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int get_draft(struct records *r, int64_t id, struct care_plan *p)
{
	int x = care_plan_get(r->db, id, p);

	if (x < 0 || p->finalized == NO_DATE)
		return x;
	return err_set(E_STATE,
		       "Version %lld of the care plan is finalized and does "
		       "not change; start the next version",
		       (long long)p->version);
}

int care_plan_wishes(struct records *r, int64_t id, const char *text)
{
	struct care_plan p;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = get_draft(r, id, &p)) == 0 &&
	    (x = field_text("wishes of the family", text, sizeof p.wishes)) ==
		    0) {
		field_copy(p.wishes, sizeof p.wishes, text);
		x = sheet_update(r, &care_plan_sheet, &p);
	}
	return records_end(r, x);
}

static int finalize_checks(struct records *r, const struct care_plan *p,
			   int32_t on, int32_t agreed, const char *by)
{
	int64_t goals = 0;
	int x;

	if (!*by)
		return err_set(E_INVALID, "Say who of the family agreed");
	if ((x = field_text("name of who agreed", by, NAME_TEXT)) < 0 ||
	    (x = field_day(r, "day the plan was finalized", on)) < 0 ||
	    (x = field_day(r, "day the family agreed", agreed)) < 0 ||
	    (x = field_order("day the family agreed", agreed, p->started,
			     "the day the plan was started")) < 0 ||
	    (x = field_order("day the plan was finalized", on, agreed,
			     "the day the family agreed")) < 0 ||
	    (x = db_int(r->db, &goals,
			"SELECT count(*) FROM care_goal WHERE plan = ?", "i",
			p->id)) < 0)
		return x;
	if (goals == 0)
		return err_set(E_STATE, "The care plan has no goal yet");
	return 0;
}

int care_plan_finalize(struct records *r, int64_t id, int32_t on,
		       int32_t agreed, const char *by)
{
	struct care_plan p;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = get_draft(r, id, &p)) == 0 &&
	    (x = finalize_checks(r, &p, on, agreed, by)) == 0) {
		p.finalized = on;
		p.agreed = agreed;
		field_copy(p.agreed_by, sizeof p.agreed_by, by);
		x = sheet_update(r, &care_plan_sheet, &p);
	}
	return records_end(r, x);
}

int care_plan_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		   sheet_fn *fn, void *arg)
{
	return sheet_list(db, &care_plan_sheet,
			  "WHERE kase = ?1 ORDER BY version DESC", kase, 0,
			  offset, limit, fn, arg);
}
