/* Contacts of a made-up case, those that are planned, and what its family
 * says: protective factors, goals, the survey at the close. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/contact.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"
#include "regional/case/survey.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

/* After the first months a family is called less often. */
enum { OFTEN = 8, OFTEN_DAYS = 30, SELDOM_DAYS = 75, FACTORS_NOTED = 2 };

static void draw_contacts(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t day = l->p->opened + simulate_rates_between(rng, 0, 4);

	while (l->contacts < LIFE_CONTACTS) {
		if (l->story)
			day = simulate_story_day(l->story, day);
		l->contact[l->contacts] = day;
		simulate_life_during(l, day, LIFE_CONTACT, l->contacts++);
		if (day > l->end)
			break;
		day += 1 + simulate_rates_wait(rng, l->contacts < OFTEN
							    ? OFTEN_DAYS
							    : SELDOM_DAYS);
	}
}

void simulate_contact_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t opened = l->p->opened;
	bool factors = simulate_rates_happen(rng, FACTORS);
	bool goals = simulate_rates_happen(rng, GOAL_SETTING);

	draw_contacts(l);
	if (factors)
		simulate_life_during(
			l, opened + simulate_rates_between(rng, 10, 45),
			LIFE_FACTORS, 0);
	if (goals)
		simulate_life_during(
			l, opened + simulate_rates_between(rng, 12, 60),
			LIFE_GOALS, 0);
	if (!l->closes)
		return;
	simulate_life_push(l, l->end, LIFE_SURVEY, 0);
	if (simulate_rates_happen(rng, SURVEY_BACK))
		simulate_life_push(l,
				   l->end + simulate_rates_between(rng, 2, 30),
				   LIFE_SURVEY_BACK, 0);
}

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
	if (k == 0)
		put(c->person, l->caregiver_name);
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

/* What a day is set for: some of what comes next, and all that is still to
 * come when the time that is simulated ends, on its day or overdue. */
static int plan_next(struct life *l, int no, int32_t day)
{
	static const char *const purposes[] = {
		"ask whether the first appointment took place",
		"go through the care plan with the family",
		"check the place on the waitlist", "return the family's call",
		"prepare the meeting at the school"};
	struct rng *rng = &l->rng.base;
	bool planned = simulate_rates_happen(rng, PLANNED);
	bool late = simulate_rates_happen(rng, PLANNED_LATE);
	int days = simulate_rates_between(rng, 1, 20);
	const char *purpose = purposes[rand_below(rng, 5)];
	struct contact_planned p;

	l->planned = 0;
	if (no + 1 >= l->contacts)
		return 0;
	if (l->closes ? !planned || l->contact[no + 1] > l->end
		      : !planned && l->contact[no + 1] <= l->until)
		return 0;
	sheet_blank(&contact_planned_sheet, &p);
	p.kase = l->kase;
	p.due = l->contact[no + 1] - (late ? days : 0);
	if (p.due <= day)
		p.due = day + 1;
	put(p.purpose, purpose);
	put(p.mode, "phone");
	put(p.party, "family");
	put(p.owner, simulate_life_who(l));
	return contact_plan(l->r, &p, &l->planned);
}

static int write_contact(struct life *l, int no, int32_t day)
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
	put(c.made_by, simulate_life_who(l));
	draw_party(l, &c);
	draw_result(l, &c, &achieved);
	x = contact_add(l->r, &c, &l->kase, 1, &id);
	if (x == 0 && achieved)
		x = contact_achieve(l->r, id, achieved, true);
	if (x == 0 && l->planned)
		x = contact_done(l->r, l->planned, id);
	return x < 0 ? x : plan_next(l, no, day);
}

/* --- what the family says --- */

static int write_factors(struct life *l, int32_t day)
{
	static const char *const factors[] = {"resilience", "connections",
					      "knowledge", "support",
					      "competence"};
	static const char *const standings[] = {"strength", "growing",
						"concern"};
	struct rng *rng = &l->rng.base;
	int first = (int)rand_below(rng, 5), x = 0;

	for (int i = 0; i < FACTORS_NOTED && x == 0; i++) {
		struct survey_factor f;
		int64_t id;

		sheet_blank(&survey_factor_sheet, &f);
		f.kase = l->kase;
		f.seen = day;
		put(f.factor, factors[(first + 2 * i) % 5]);
		put(f.standing, standings[rand_below(rng, 3)]);
		put(f.noted_by, simulate_life_who(l));
		x = survey_factor_add(l->r, &f, &id);
	}
	return x;
}

static int write_goals(struct life *l, int32_t day)
{
	struct survey_engagement g;
	int64_t id;

	sheet_blank(&survey_engagement_sheet, &g);
	g.kase = l->kase;
	g.happened = day;
	put(g.engagement, "goal-setting");
	put(g.noted_by, simulate_life_who(l));
	return survey_engagement_add(l->r, &g, &id);
}

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

int simulate_contact_write(struct life *l, const struct life_event *e)
{
	switch (e->kind) {
	case LIFE_CONTACT:
		return write_contact(l, e->no, e->day);
	case LIFE_FACTORS:
		return write_factors(l, e->day);
	case LIFE_GOALS:
		return write_goals(l, e->day);
	case LIFE_SURVEY:
		return write_survey(l, e->day);
	default:
		return write_answer(l, e->day);
	}
}
