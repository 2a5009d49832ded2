/* The work on a made-up child's case: level of need, whose it is, care plan. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/case/care_plan.h"
#include "regional/case/consent.h"
#include "regional/case/need_level.h"
#include "regional/case/simulate_life.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

enum { REVIEW_DAYS = 180 };

static void draw_plan(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t day = l->p->opened + simulate_rates_between(rng, 12, 40);
	int32_t shared = day + simulate_rates_between(rng, 1, 14);
	int32_t back = shared + simulate_rates_between(rng, 1, 21);
	bool shares = simulate_rates_happen(rng, PLAN_SHARED);
	bool confirms = simulate_rates_happen(rng, SHARE_CONFIRMED);

	if (!simulate_rates_happen(rng, HAS_PLAN))
		return;
	simulate_life_during(l, day, LIFE_PLAN, 0);
	if (shares)
		simulate_life_during(l, shared, LIFE_SHARE, 0);
	if (shares && confirms)
		simulate_life_during(l, back, LIFE_CONFIRM, 0);
	for (day += REVIEW_DAYS;
	     day <= l->end && simulate_rates_happen(rng, REVIEWED);
	     day += REVIEW_DAYS)
		simulate_life_during(l,
				     day + simulate_rates_between(rng, 0, 20),
				     LIFE_REVIEW, 0);
}

void simulate_work_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t level = l->p->opened + simulate_rates_between(rng, 3, 14);
	static const char *const tiers[] = {"complex", "non-complex", "none"};

	put(l->medical, tiers[simulate_rates_pick(rng, COMPLEX, 3)]);
	/* One who has the case must be there while it is open. */
	if (level < l->end) {
		simulate_life_during(l, level, LIFE_LEVEL, 0);
		simulate_life_during(l, level, LIFE_ASSIGN, 0);
	}
	draw_plan(l);
}

static int write_level(struct life *l, int32_t day)
{
	struct need_level v = {.kase = l->kase,
			       .since = day,
			       .method = "PMCA",
			       .method_version = "3.0",
			       .social = SOCIAL_BY_RULE};
	int64_t id;

	put(v.medical, l->medical);
	return need_level_set(l->r, &v, &id);
}

/* Somebody of the suggested role, by the time they have. */
static int write_assignment(struct life *l, int32_t day)
{
	double weight[REGION_STAFF];
	struct suggestion s;
	int64_t id;
	int k, x;

	x = assignment_suggest_role(l->r, l->kase, day, &s);
	if (x < 0)
		return x;
	for (int i = 0; i < REGION_STAFF; i++)
		weight[i] = strcmp(l->region->staff[i].role, s.role) == 0
				    ? l->region->staff[i].fte
				    : 0;
	k = rand_pick(&l->rng.base, weight, REGION_STAFF);
	l->staff_name = l->region->staff[k].name;
	return assignment_set(l->r, l->kase, l->region->staff[k].id, day, "",
			      &id);
}

/* --- care plan --- */

static int add_goal(struct life *l, int no, int32_t day)
{
	struct care_goal g;
	struct care_action a;
	int64_t id;
	int x;

	sheet_blank(&care_goal_sheet, &g);
	g.plan = l->care_plan;
	g.need = l->need[no];
	put(g.state, "open");
	snprintf(g.goal, sizeof g.goal, "Help with %s is in place",
		 vocabulary_word(l->r->words, WORDS_NEED, l->p->need[no].domain)
			 ->id);
	x = care_plan_goal_add(l->r, &g, &id);
	if (x < 0)
		return x;
	sheet_blank(&care_action_sheet, &a);
	a.goal = id;
	put(a.action, "Call the agency together with the family");
	put(a.owner, l->staff_name ? l->staff_name : "family");
	put(a.state, "open");
	a.due = day + simulate_rates_between(&l->rng.base, 7, 45);
	return care_plan_action_add(l->r, &a, &id);
}

static int write_plan(struct life *l, int32_t day)
{
	int goals = 0, x;

	for (int i = 0; i < l->p->n_needs; i++)
		goals += l->need[i] != 0;
	if (goals == 0)
		return 0;
	x = care_plan_start(l->r, l->kase, day, &l->care_plan);
	if (x == 0)
		x = care_plan_wishes(l->r, l->care_plan,
				     "One person to call for everything");
	for (int i = 0; i < l->p->n_needs && x == 0; i++)
		if (l->need[i])
			x = add_goal(l, i, day);
	if (x == 0)
		x = care_plan_finalize(l->r, l->care_plan, day, day,
				       l->caregiver_name);
	return x;
}

/* Only with a consent, as it stands on the day. */
static int write_share(struct life *l, int32_t day)
{
	struct consent_receiver to = {.practice = l->practice};
	struct care_share s;
	int x;

	if (!l->care_plan || !l->practice)
		return 0;
	x = consent_allows(l->r, l->child, "share-plan", &to, day, NULL);
	if (x == E_DENIED) {
		err_clear();
		return 0;
	}
	if (x < 0)
		return x;
	sheet_blank(&care_share_sheet, &s);
	s.plan = l->care_plan;
	s.shared = day;
	put(s.party, "primary-care");
	put(s.recipient, l->practice_name);
	put(s.what, "plan");
	put(s.way, rand_below(&l->rng.base, 2) ? "fax" : "secure-e-mail");
	return care_plan_share(l->r, &s, &l->share);
}

/* --- the next version --- */

struct goals {
	struct care_goal goal[PLAN_REFERRALS];
	int n;
};

static int on_goal(void *arg, const void *row)
{
	struct goals *g = arg;

	if (g->n < PLAN_REFERRALS)
		g->goal[g->n++] = *(const struct care_goal *)row;
	return 0;
}

/* After half a year: what was reached is noted, and the family agrees again. */
static int write_review(struct life *l, int32_t day)
{
	struct goals g = {.n = 0};
	int64_t id;
	int x;

	if (!l->care_plan)
		return 0;
	x = care_plan_start(l->r, l->kase, day, &id);
	if (x == 0)
		x = care_plan_goals(l->r->db, id, 0, PLAN_REFERRALS, on_goal,
				    &g);
	for (int i = 0; i < g.n && x == 0; i++) {
		if (rand_below(&l->rng.base, 2))
			continue;
		put(g.goal[i].state, "reached");
		g.goal[i].ended = day;
		x = care_plan_goal_update(l->r, &g.goal[i]);
	}
	return x < 0 ? x
		     : care_plan_finalize(l->r, id, day, day,
					  l->caregiver_name);
}

int simulate_work_write(struct life *l, const struct life_event *e)
{
	switch (e->kind) {
	case LIFE_LEVEL:
		return write_level(l, e->day);
	case LIFE_ASSIGN:
		return write_assignment(l, e->day);
	case LIFE_PLAN:
		return write_plan(l, e->day);
	case LIFE_SHARE:
		return write_share(l, e->day);
	case LIFE_CONFIRM:
		return l->share ? care_plan_confirm(l->r, l->share, e->day,
						    "Front desk")
				: 0;
	default:
		return write_review(l, e->day);
	}
}
