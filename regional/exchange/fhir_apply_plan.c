#include "regional/exchange/fhir_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/care_plan.h"
#include "regional/case/coordinator.h"
#include "regional/case/kase.h"

/* --- the draft --- */

/* The draft of @kase, begun on @on if there is none. */
int fhir_apply_plan_draft(struct fhir_run *u, int64_t kase, int32_t on,
			  int64_t *plan)
{
	int64_t final = 0;
	struct kase k;
	int x;

	x = kase_get(u->r->db, kase, &k);
	if (x == 0)
		x = db_int(u->r->db, plan,
			   "SELECT id FROM care_plan WHERE kase = ?"
			   " ORDER BY version DESC LIMIT 1",
			   "i", kase);
	if (x == E_NOTFOUND)
		return care_plan_start(u->r, kase,
				       on < k.opened ? k.opened : on, plan);
	if (x == 0)
		x = db_int(u->r->db, &final,
			   "SELECT finalized IS NOT NULL FROM care_plan"
			   " WHERE id = ?",
			   "i", *plan);
	return x < 0 || !final ? x
			       : care_plan_start(u->r, kase, u->as_of, plan);
}

/* The newest copy of a goal that was taken once, in a draft. */
int fhir_apply_goal_copy(struct fhir_run *u, int64_t first, struct care_goal *g)
{
	struct care_plan p;
	int64_t id, draft;
	int x = 0;

	for (int i = 0; x == 0 && i < 2; i++) {
		x = db_int(u->r->db, &id,
			   "SELECT id FROM care_goal WHERE id = ?1"
			   " OR origin = ?1 ORDER BY id DESC LIMIT 1",
			   "i", first);
		if (x == 0)
			x = care_plan_goal_get(u->r->db, id, g);
		if (x == 0)
			x = care_plan_get(u->r->db, g->plan, &p);
		if (x == 0 && p.finalized == NO_DATE)
			break;
		if (x == 0) /* copies all goals */
			x = fhir_apply_plan_draft(u, p.kase, u->as_of, &draft);
	}
	return x == E_NOTFOUND ? FHIR_GONE : x;
}

/* --- Goal --- */

static int need_of(struct fhir_run *u, const struct fhir_staged *it,
		   const struct fhir_goal *f, int64_t kase, int64_t *need)
{
	int64_t of = 0;
	int x = 0;

	*need = 0;
	for (int i = 0; x == 0 && i < FHIR_REFS; i++) {
		x = fhir_apply_follow(u, &f->need[i], it->file, "Condition",
				      need);
		if (x == 0 && *need)
			x = db_int(u->r->db, &of,
				   "SELECT kase FROM need WHERE id = ?", "i",
				   *need);
		if (x == E_NOTFOUND)
			x = 0;
		if (x == 0 && *need && of == kase)
			return 0;
		*need = 0;
	}
	if (x < 0 || !*f->domain)
		return x;
	x = db_int(u->r->db, need,
		   "SELECT id FROM need WHERE kase = ? AND domain = ?"
		   " AND state = 'open' ORDER BY id LIMIT 1",
		   "is", kase, f->domain);
	if (x == E_NOTFOUND)
		*need = 0;
	return x == E_NOTFOUND ? 0 : x;
}

static void say_goal(struct fhir_run *u, const struct fhir_goal *f,
		     struct care_goal *g)
{
	memcpy(g->state, f->state, sizeof g->state);
	snprintf(g->goal, sizeof g->goal, "%s", f->text);
	g->ended = NO_DATE;
	if (f->state[0] != 'o')
		g->ended = f->ended != NO_DATE ? f->ended : u->as_of;
}

static int add_goal(struct fhir_run *u, const struct fhir_staged *it,
		    const struct fhir_goal *f, int64_t *id)
{
	int32_t on = f->begun != NO_DATE ? f->begun : u->as_of;
	struct care_goal g;
	int64_t child, kase;
	int x;

	sheet_blank(&care_goal_sheet, &g);
	say_goal(u, f, &g);
	x = fhir_apply_child(u, it, &child);
	if (x == 0)
		x = fhir_apply_case(u, it, child, on, &kase);
	if (x == 0)
		x = fhir_apply_plan_draft(u, kase, on, &g.plan);
	if (x == 0)
		x = need_of(u, it, f, kase, &g.need);
	if (x != 0)
		return x;
	/* One that a person wrote in the same words is the same. */
	x = db_int(u->r->db, id,
		   "SELECT id FROM care_goal g WHERE plan = ? AND goal = ?"
		   " AND NOT EXISTS (SELECT 1 FROM imported WHERE"
		   " local_table = 'care_goal' AND local_id IN (g.id,"
		   " g.origin)) ORDER BY id LIMIT 1",
		   "is", g.plan, g.goal);
	return x == E_NOTFOUND ? care_plan_goal_add(u->r, &g, id) : x;
}

static int whose_goal(struct fhir_run *u, int64_t goal, int64_t *child)
{
	return db_int(u->r->db, child,
		      "SELECT k.child FROM care_goal g JOIN care_plan p"
		      " ON p.id = g.plan JOIN care_case k ON k.id = p.kase"
		      " WHERE g.id = ?",
		      "i", goal);
}

static int update_goal(struct fhir_run *u, const struct fhir_staged *it,
		       const struct fhir_goal *f, int64_t id)
{
	int64_t child, of = 0;
	struct care_goal g;
	int x;

	x = fhir_apply_child(u, it, &child);
	if (x == 0)
		x = whose_goal(u, id, &of);
	if (x == E_NOTFOUND)
		return FHIR_GONE;
	if (x == 0 && of != child)
		return FHIR_CHANGED;
	if (x == 0)
		x = fhir_apply_goal_copy(u, id, &g);
	if (x != 0)
		return x;
	say_goal(u, f, &g);
	return care_plan_goal_update(u->r, &g);
}

int fhir_apply_goal(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_goal *f = &it->item.u.goal;
	int64_t id;
	int x;

	x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	x = id ? update_goal(u, it, f, id) : add_goal(u, it, f, &id);
	return x != 0 ? x : fhir_apply_remember(u, it, "care_goal", id);
}

/* --- CarePlan --- */

static int say_action(struct fhir_run *u, const struct fhir_activity *f,
		      int64_t goal)
{
	struct care_action a;
	int64_t id = 0;
	int x;

	sheet_blank(&care_action_sheet, &a);
	x = db_int(u->r->db, &id,
		   "SELECT id FROM care_action WHERE goal = ? AND action = ?"
		   " ORDER BY id LIMIT 1",
		   "is", goal, f->action);
	if (x == 0)
		x = care_plan_action_get(u->r->db, id, &a);
	else if (x == E_NOTFOUND)
		x = 0;
	if (x < 0)
		return x;
	a.goal = goal;
	snprintf(a.action, sizeof a.action, "%s", f->action);
	memcpy(a.owner, f->owner, sizeof a.owner);
	memcpy(a.state, f->state, sizeof a.state);
	a.due = f->due;
	a.ended = NO_DATE;
	if (f->state[0] != 'o')
		a.ended = f->ended != NO_DATE ? f->ended : u->as_of;
	return id ? care_plan_action_update(u->r, &a)
		  : care_plan_action_add(u->r, &a, &id);
}

/* The first goal it names that is here and the child's; 0: none. */
static int named_goal(struct fhir_run *u, const struct fhir_staged *it,
		      int64_t child, int64_t *goal)
{
	const struct fhir_plan *p = &it->item.u.plan;
	int64_t of = 0;
	int x = 0;

	*goal = 0;
	for (int i = 0; x == 0 && i < FHIR_GOALS; i++) {
		x = fhir_apply_follow(u, &p->goal[i], it->file, "Goal", goal);
		if (x == 0 && *goal)
			x = whose_goal(u, *goal, &of);
		if (x == E_NOTFOUND)
			x = 0;
		if (x == 0 && *goal && of == child)
			return 0;
		*goal = 0;
	}
	return x;
}

static int goal_of_plan(struct fhir_run *u, const struct fhir_staged *it,
			int64_t *id)
{
	const struct fhir_plan *p = &it->item.u.plan;
	int64_t child, named;
	int x;

	x = fhir_apply_child(u, it, &child);
	if (x == 0)
		x = named_goal(u, it, child, &named);
	if (x != 0)
		return x;
	if (named)
		*id = named;
	else if (!*p->self.text)
		return FHIR_NO_NAME;
	else
		x = *id ? update_goal(u, it, &p->self, *id)
			: add_goal(u, it, &p->self, id);
	return x;
}

int fhir_apply_plan(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_plan *p = &it->item.u.plan;
	struct care_goal g;
	int64_t id;
	int x;

	x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	x = goal_of_plan(u, it, &id);
	if (x == 0 && *p->activity[0].action)
		x = fhir_apply_goal_copy(u, id, &g);
	for (int i = 0; x == 0 && i < FHIR_ACTIVITIES && *p->activity[i].action;
	     i++)
		x = say_action(u, &p->activity[i], g.id);
	return x != 0 ? x : fhir_apply_remember(u, it, "care_goal", id);
}

/* --- CareTeam --- */

/* Before the hash is taken: another name is a change. */
static int read_names(struct fhir_run *u, struct fhir_staged *it)
{
	struct fhir_team *t = &it->item.u.team;
	struct fhir_item found;
	char id[FHIR_ID];
	int x = 0;

	for (int i = 0; x >= 0 && i < FHIR_REFS; i++) {
		struct fhir_member *m = &t->member[i];

		if (*m->name || !*m->who.id)
			continue;
		x = fhir_stage_name(&u->stage, &m->who, it->file,
				    "Practitioner", id);
		if (x == 0)
			x = fhir_stage_get(&u->stage, FHIR_KIND_PRACTITIONER,
					   id, &found);
		if (x == 0 && found.problem == FHIR_OK)
			memcpy(m->name, found.u.practitioner.name, NAME_TEXT);
	}
	return x < 0 ? x : 0;
}

static int say_member(struct fhir_run *u, const struct fhir_member *m,
		      int64_t kase, int64_t *id)
{
	struct coordinator c;
	int32_t until = m->over ? u->as_of : m->until;
	int x;

	x = db_int(u->r->db, id,
		   "SELECT id FROM case_coordinator WHERE kase = ? AND name = ?"
		   " AND program = ? ORDER BY until IS NOT NULL, id LIMIT 1",
		   "iss", kase, m->name, m->program);
	if (x == 0)
		x = coordinator_get(u->r->db, *id, &c);
	if (x == 0 && until != NO_DATE && c.until == NO_DATE)
		return coordinator_end(u->r, *id, until);
	if (x != E_NOTFOUND)
		return x;
	memset(&c, 0, sizeof c);
	c.kase = kase;
	memcpy(c.name, m->name, sizeof c.name);
	memcpy(c.program, m->program, sizeof c.program);
	c.since = m->since;
	c.until = until;
	return coordinator_add(u->r, &c, id);
}

int fhir_apply_team(struct fhir_run *u, struct fhir_staged *it)
{
	const struct fhir_team *t = &it->item.u.team;
	int64_t first = 0, id, child;
	struct kase k;
	int x = read_names(u, it);

	if (x == 0)
		x = fhir_apply_compare(u, it, &id);
	if (x < 0 || u->outcome == FHIR_UNCHANGED)
		return x;
	x = fhir_apply_child(u, it, &child);
	if (x == 0)
		x = kase_of_child(u->r->db, child, &k);
	if (x == E_NOTFOUND)
		return FHIR_NO_CASE;
	for (int i = 0; x == 0 && i < FHIR_REFS; i++) {
		if (!*t->member[i].name)
			continue;
		x = say_member(u, &t->member[i], k.id, &id);
		if (!first)
			first = id;
	}
	if (x != 0)
		return x;
	if (!first)
		return FHIR_NO_NAME;
	return fhir_apply_remember(u, it, "case_coordinator", first);
}
