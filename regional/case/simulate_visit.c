/* Behavioral ED episodes of a made-up child and what followed them; and the
 * way of a youth into adult care. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/custody.h"
#include "regional/case/ed.h"
#include "regional/case/simulate_life.h"
#include "regional/case/transition.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

enum { ED_AGE = 5 };

static void draw_follow(struct life *l, int no, int32_t day)
{
	struct rng *rng = &l->rng.base;
	int band = simulate_rates_pick(rng, ED_FOLLOW_7, 3);
	int days = band == 0   ? simulate_rates_between(rng, 0, 7)
		   : band == 1 ? simulate_rates_between(rng, 8, 30)
			       : simulate_rates_between(rng, 31, 90);

	if (band < 2 || rand_below(rng, 2))
		simulate_life_push(l, day + days, LIFE_ED_FOLLOW, no);
}

static void draw_ed(struct life *l)
{
	struct rng *rng = &l->rng.base;
	bool behavioral = simulate_life_has(l, "behavioral");
	int32_t day = l->p->opened + simulate_rates_between(rng, 0, 120);

	if (!simulate_rates_happen(rng,
				   behavioral ? ED_BEHAVIORAL : ED_OTHERS) ||
	    date_age_years(l->p->child.birth, day) < ED_AGE)
		return;
	simulate_life_push(l, day, LIFE_ED, 0);
	draw_follow(l, 0, day);
	if (!simulate_rates_happen(rng, ED_REVISIT))
		return;
	day += simulate_rates_between(rng, 1, 180);
	simulate_life_push(l, day, LIFE_ED, 1);
	draw_follow(l, 1, day);
}

static int age_on(const struct life *l, int32_t day)
{
	return date_age_years(l->p->child.birth, day);
}

/* Of 14 and older; and who is of age is on the way out of pediatric care. */
static void draw_transition(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t begun = l->p->opened + simulate_rates_between(rng, 10, 40);
	int32_t visit = begun + simulate_rates_between(rng, 10, 200);
	int32_t sent = begun + simulate_rates_between(rng, 30, 150);
	int32_t adult = sent + simulate_rates_between(rng, 20, 120);
	bool begins = simulate_rates_happen(rng, TRANSITION_BEGUN);
	bool told = simulate_rates_happen(rng, TRANSITION_TOLD);
	bool transfers = simulate_rates_happen(rng, TRANSFERRED);
	bool arrives = simulate_rates_happen(rng, ADULT_VISIT);
	int age = age_on(l, begun);

	if (age >= TRANSITION_TELL_AGE && age < TRANSITION_PLAN_AGE && told)
		simulate_life_push(l, begun, LIFE_TRANSITION, 0);
	if (age < TRANSITION_PLAN_AGE || !begins)
		return;
	simulate_life_push(l, begun, LIFE_TRANSITION, 0);
	simulate_life_push(l, visit, LIFE_TRANSITION_VISIT, 0);
	if (age < CUSTODY_OF_AGE || !transfers)
		return;
	simulate_life_push(l, sent, LIFE_TRANSFER, 0);
	if (arrives)
		simulate_life_push(l, adult, LIFE_ADULT_VISIT, 0);
}

void simulate_visit_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t day = l->p->opened + simulate_rates_between(rng, 0, 364);

	draw_ed(l);
	if (simulate_rates_happen(rng, ED_ANY))
		simulate_life_push(l, day, LIFE_ED_ANY, 0);
	draw_transition(l);
}

static int write_ed(struct life *l, int no, int32_t day)
{
	struct rng *rng = &l->rng.base;
	bool criteria = simulate_rates_happen(rng, ED_CRITERIA);
	bool enrolled = simulate_rates_happen(rng, ED_ENROLLED);
	struct ed_episode e;

	sheet_blank(&ed_episode_sheet, &e);
	e.child = l->child;
	e.visited = e.discharged = day;
	put(e.facility, "Harborlight Children's ED (fictional)");
	e.behavioral = 1;
	e.admitted = 0;
	e.criteria = criteria;
	if (criteria) {
		put(e.enrolled, enrolled ? "accepted" : "declined");
		e.enrolled_on = day;
	}
	return ed_add(l->r, &e, &l->ed[no]);
}

static int write_follow(struct life *l, int no, int32_t day)
{
	struct ed_episode e;
	int x;

	x = ed_get(l->r->db, l->ed[no], &e);
	if (x < 0)
		return x;
	e.followed_up = day;
	if (strcmp(e.enrolled, "accepted") == 0)
		e.crisis_plan = day;
	return ed_update(l->r, &e);
}

/* An injury, a fever: nothing to follow here. */
static int write_any(struct life *l, int32_t day)
{
	struct ed_episode e;
	int64_t id;

	sheet_blank(&ed_episode_sheet, &e);
	e.child = l->child;
	e.visited = e.discharged = day;
	put(e.facility, "Harborlight Children's ED (fictional)");
	e.behavioral = e.admitted = e.criteria = 0;
	return ed_add(l->r, &e, &id);
}

static int write_readiness(struct life *l, int64_t id, int32_t day)
{
	struct rng *rng = &l->rng.base;
	struct transition_readiness a;
	int64_t new_id;

	sheet_blank(&transition_readiness_sheet, &a);
	a.transition = id;
	a.assessed = day;
	put(a.tool, "Readiness checklist of the center (fictional)");
	put(a.answered_by, "youth");
	a.most = 20;
	a.score = 4 + simulate_rates_between(rng, 0, 14);
	put(a.next_step, "make the next appointment oneself");
	return transition_assess(l->r, &a, &new_id);
}

static int write_transition(struct life *l, int32_t day)
{
	struct rng *rng = &l->rng.base;
	bool ready = simulate_rates_happen(rng, TRANSITION_READY);
	bool plans = simulate_rates_happen(rng, TRANSITION_PLAN);
	struct transition t;
	int64_t id;
	int x;

	x = transition_start(l->r, l->child, day, &id);
	if (x == 0)
		x = transition_reach(l->r, id, "policy", day, "");
	if (x < 0 || age_on(l, day) < TRANSITION_PLAN_AGE)
		return x;
	x = transition_reach(l->r, id, "tracking", day, "");
	if (x == 0 && (ready || plans))
		x = transition_reach(l->r, id, "readiness", day, "");
	if (x == 0 && ready)
		x = write_readiness(l, id, day);
	if (x < 0 || !plans)
		return x;
	if ((x = transition_reach(l->r, id, "planning", day, "")) < 0 ||
	    (x = transition_get(l->r->db, id, &t)) < 0)
		return x;
	t.planned = t.summary = day;
	return transition_update(l->r, &t);
}

/* Only with a consent, as it stands on the day. */
static int write_transfer(struct life *l, int32_t day)
{
	struct transition t;
	int x;

	x = transition_of_child(l->r->db, l->child, &t);
	if (x < 0)
		return x;
	put(t.adult_provider, "Millbrook Adult Medicine (fictional)");
	t.package = day;
	t.first_visit = day + simulate_rates_between(&l->rng.base, 20, 120);
	x = transition_update(l->r, &t);
	if (x == E_DENIED) {
		err_clear();
		return 0;
	}
	return x < 0 ? x : transition_reach(l->r, t.id, "transfer", day, "");
}

static int write_adult_visit(struct life *l, int32_t day)
{
	struct transition t;
	int x;

	x = transition_of_child(l->r->db, l->child, &t);
	if (x < 0 || t.package == NO_DATE)
		return x;
	t.first_visit = t.confirmed = day;
	put(t.confirmed_by, "Front desk");
	x = transition_update(l->r, &t);
	return x < 0 ? x : transition_reach(l->r, t.id, "completion", day, "");
}

/* All three items, or at most two of them. */
static int write_visit(struct life *l, int32_t day)
{
	struct rng *rng = &l->rng.base;
	bool three = simulate_rates_happen(rng, TRANSITION_THREE);
	int missing = (int)rand_below(rng, 3);
	struct transition_visit v;
	struct transition t;
	int64_t id;
	int x;

	x = transition_of_child(l->r->db, l->child, &t);
	if (x < 0)
		return x;
	sheet_blank(&transition_visit_sheet, &v);
	v.transition = t.id;
	v.visited = day;
	v.alone = three || (missing != 0 && rand_below(rng, 2));
	v.skills = three || (missing != 1 && rand_below(rng, 2));
	v.discussed = three || (missing != 2 && rand_below(rng, 3) == 0);
	return transition_answer(l->r, &v, &id);
}

int simulate_visit_write(struct life *l, const struct life_event *e)
{
	switch (e->kind) {
	case LIFE_ED:
		return write_ed(l, e->no, e->day);
	case LIFE_ED_FOLLOW:
		return write_follow(l, e->no, e->day);
	case LIFE_ED_ANY:
		return write_any(l, e->day);
	case LIFE_TRANSITION:
		return write_transition(l, e->day);
	case LIFE_TRANSFER:
		return write_transfer(l, e->day);
	case LIFE_ADULT_VISIT:
		return write_adult_visit(l, e->day);
	default:
		return write_visit(l, e->day);
	}
}
