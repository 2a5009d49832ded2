/* The work on a made-up child's case: level of need, whose it is, care plan,
 * contacts, the survey at its close. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/case/care_plan.h"
#include "regional/case/consent.h"
#include "regional/case/contact.h"
#include "regional/case/need_level.h"
#include "regional/case/simulate_life.h"
#include "regional/case/survey.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

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
}

static void draw_contacts(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t day = l->p->opened + simulate_rates_between(rng, 0, 4);

	for (int i = 0; i < LIFE_CONTACTS; i++) {
		simulate_life_during(l, day, LIFE_CONTACT, i);
		day += 1 + simulate_rates_wait(rng, 30);
	}
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
	draw_contacts(l);
	draw_plan(l);
	if (!l->closes)
		return;
	simulate_life_push(l, l->end, LIFE_SURVEY, 0);
	if (simulate_rates_happen(rng, SURVEY_BACK))
		simulate_life_push(l,
				   l->end + simulate_rates_between(rng, 2, 30),
				   LIFE_SURVEY_BACK, 0);
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
	x = consent_allows(l->r, l->child, "share-plan", &to, day);
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

/* --- contacts --- */

static void draw_party(struct life *l, struct contact *c)
{
	static const char *const others[] = {"primary-care", "school",
					     "specialist", "early-intervention",
					     "payer"};
	struct rng *rng = &l->rng.base;
	int k = simulate_rates_pick(rng, WITH_FAMILY, 3);

	put(c->party, k == 0   ? "family"
		      : k == 1 ? "agency"
			       : others[rand_below(rng, 5)]);
}

static void draw_result(struct life *l, struct contact *c,
			const char **achieved)
{
	static const char *const results[] = {"advised",    "referred-agency",
					      "reconciled", "advocacy",
					      "need-met",   "pending"};
	static const char *const prevented[] = {"ed", "specialist", "hospital",
						"office"};
	static const double weight[] = {25, 10, 5, 60};
	struct rng *rng = &l->rng.base;
	bool prevents = simulate_rates_happen(rng, PREVENTED);

	c->reached = simulate_rates_happen(rng, REACHED);
	c->minutes = c->reached ? 4 + simulate_rates_wait(rng, 16)
				: 1 + (int)rand_below(rng, 5);
	*achieved = c->reached ? results[rand_below(rng, 6)] : NULL;
	if (c->reached && prevents)
		put(c->prevented, prevented[rand_pick(rng, weight, 4)]);
}

static int write_contact(struct life *l, int32_t day)
{
	static const char *const modes[] = {"phone",
					    "e-mail",
					    "text",
					    "video",
					    "home-visit",
					    "school-meeting",
					    "provider-appointment"};
	static const char *const foci[] = {"mental-health", "development",
					   "education",	    "referral",
					   "clinical",	    "social"};
	struct rng *rng = &l->rng.base;
	const char *achieved = NULL;
	struct contact c;
	int64_t id;
	int x;

	sheet_blank(&contact_sheet, &c);
	c.happened = day;
	put(c.mode, modes[simulate_rates_pick(rng, BY_PHONE, 7)]);
	put(c.focus, foci[rand_below(rng, 6)]);
	put(c.activity, rand_below(rng, 3) ? "talk" : "consult");
	put(c.made_by, l->staff_name ? l->staff_name : "Intake desk");
	draw_party(l, &c);
	draw_result(l, &c, &achieved);
	x = contact_add(l->r, &c, &l->kase, 1, &id);
	return x < 0 || !achieved ? x
				  : contact_achieve(l->r, id, achieved, true);
}

/* --- survey --- */

static int write_survey(struct life *l, int32_t day)
{
	struct survey s;

	sheet_blank(&survey_sheet, &s);
	s.kase = l->kase;
	s.asked = day;
	put(s.occasion, "close");
	put(s.way, "text");
	return survey_add(l->r, &s, &l->survey);
}

static int write_answer(struct life *l, int32_t day)
{
	struct rng *rng = &l->rng.base;
	bool content = simulate_rates_happen(rng, SURVEY_CONTENT);
	struct survey s;
	int met = 0, x;

	x = survey_get(l->r->db, l->survey, &s);
	if (x < 0)
		return x;
	for (int i = 0; i < l->p->n_needs; i++)
		met += l->p->need[i].met;
	s.returned = day;
	s.satisfaction = content ? 4 + (int)rand_below(rng, 2)
				 : 1 + (int)rand_below(rng, 3);
	put(s.needs_met, met == 0	       ? "no"
			 : met < l->p->n_needs ? "partly"
					       : "yes");
	return survey_update(l->r, &s);
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
	case LIFE_CONTACT:
		return write_contact(l, e->day);
	case LIFE_SURVEY:
		return write_survey(l, e->day);
	default:
		return write_answer(l, e->day);
	}
}
