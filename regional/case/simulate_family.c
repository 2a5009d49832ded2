/* The family around a made-up child, its intake and its consent. */
#include <stdio.h>
#include <string.h>

#include "regional/case/caregiver.h"
#include "regional/case/consent.h"
#include "regional/case/coverage.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/kase.h"
#include "regional/case/origin.h"
#include "regional/case/practice.h"
#include "regional/case/reach.h"
#include "regional/case/simulate_life.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

void simulate_family_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int32_t opened = l->p->opened;

	simulate_life_push(l, opened, LIFE_FAMILY, 0);
	simulate_life_push(l, opened, LIFE_INTAKE, 0);
	if (!simulate_rates_happen(rng, CONSENTED))
		return;
	simulate_life_push(l, opened, LIFE_CONSENT, 0);
	if (simulate_rates_happen(rng, WITHDRAWN))
		simulate_life_push(
			l, opened + simulate_rates_between(rng, 20, 200),
			LIFE_WITHDRAW, 0);
}

/* A family that is known, whose surname the child has. */
static bool find_family(struct life *l)
{
	struct simulate_region *g = l->region;
	bool sibling = simulate_rates_happen(&l->rng.base, SIBLING);

	for (int i = 0; i < g->families && sibling; i++) {
		if (strcmp(g->family[i].surname, l->p->child.family) != 0)
			continue;
		l->family = g->family[i].family;
		l->caregiver = g->family[i].caregiver;
		return true;
	}
	return false;
}

static void keep_family(struct life *l)
{
	struct simulate_region *g = l->region;
	int i = 0;

	while (i < g->families &&
	       strcmp(g->family[i].surname, l->p->child.family) != 0)
		i++;
	if (i == REGION_FAMILIES)
		return;
	put(g->family[i].surname, l->p->child.family);
	g->family[i].family = l->family;
	g->family[i].caregiver = l->caregiver;
	if (i == g->families)
		g->families++;
}

static int add_reach(struct life *l)
{
	struct rng *rng = &l->rng.base;
	struct reach p = {.caregiver = l->caregiver,
			  .way = "phone",
			  .safe = rand_below(rng, 20) > 0,
			  .message = rand_below(rng, 4) > 0,
			  .active = true};
	int64_t id;

	/* Numbers 555-0100 to 555-0199 are never given out. */
	snprintf(p.value, sizeof p.value, "860-555-01%02d",
		 (int)rand_below(rng, 100));
	p.preferred = p.safe;
	if (rand_below(rng, 3) == 0)
		put(p.hours, "weekdays after 5 pm");
	return reach_add(l->r, &p, &id);
}

static int add_family(struct life *l)
{
	static const char *const languages[] = {"english",	  "spanish",
						"portuguese",	  "polish",
						"haitian-creole", "arabic"};
	static const char *const names[] = {"Willowby", "Sorrelle", "Bramwick",
					    "Larkina",	"Tamarisk", "Orchidea"};
	struct rng *rng = &l->rng.base;
	int language = simulate_rates_pick(rng, ENGLISH, 6);
	struct family f = {.interpreter =
				   simulate_rates_happen(rng, INTERPRETER) &&
				   language > 0};
	struct caregiver c = {.active = true};
	int x;

	snprintf(f.name, sizeof f.name, "%.80s household", l->p->child.family);
	put(f.language, languages[language]);
	put(f.zip, l->p->child.zip);
	put(c.given, names[rand_below(rng, 6)]);
	put(c.surname, l->p->child.family);
	x = family_add(l->r, &f, &l->family);
	c.family = l->family;
	if (x == 0)
		x = caregiver_add(l->r, &c, &l->caregiver);
	if (x == 0)
		x = add_reach(l);
	keep_family(l);
	return x;
}

/* The mother, or whoever cares for the child; and perhaps another one. */
static int add_custody(struct life *l)
{
	static const char *const relations[] = {"mother", "father",
						"grandparent", "foster-parent"};
	static const double weight[] = {76, 13, 7, 4};
	struct rng *rng = &l->rng.base;
	int k = rand_pick(rng, weight, 4);
	bool second = simulate_rates_happen(rng, SECOND_CAREGIVER) && k == 0;
	struct custody u = {.child = l->child,
			    .caregiver = l->caregiver,
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct caregiver c = {
		.family = l->family, .given = "Rowandell", .active = true};
	int64_t id;
	int x;

	put(u.relation, relations[k]);
	put(u.custody, k == 3 ? "placed" : second ? "joint" : "sole");
	put(u.authority, k < 2 ? "parent" : "guardian");
	x = custody_add(l->r, &u, &id);
	if (x < 0 || !second)
		return x;
	put(c.surname, l->p->child.family);
	x = caregiver_add(l->r, &c, &u.caregiver);
	put(u.relation, "father");
	return x < 0 ? x : custody_add(l->r, &u, &id);
}

static int add_origin(struct life *l)
{
	static const char *const ethnicities[] = {"hispanic", "not-hispanic",
						  "declined"};
	static const char *const races[] = {"white", "black",
					    "asian", "american-indian",
					    "other", "declined"};
	static const char *const heard[] = {"practice", "school",   "infoline",
					    "friend",	"hospital", "unknown"};
	struct rng *rng = &l->rng.base;
	int race = simulate_rates_pick(rng, WHITE, 6);
	struct origin o = {.races = 1};

	put(o.race[0], races[race]);
	if (simulate_rates_happen(rng, TWO_RACES) && race < 4) {
		put(o.race[1], "other");
		o.races = 2;
	}
	put(o.ethnicity, ethnicities[simulate_rates_pick(rng, HISPANIC, 3)]);
	put(o.heard, heard[rand_below(rng, 6)]);
	return origin_set(l->r, l->child, &o);
}

static int add_coverage(struct life *l)
{
	static const char *const kinds[] = {"medicaid", "chip", "employer",
					    "marketplace", "none"};
	struct rng *rng = &l->rng.base;
	int k = simulate_rates_pick(rng, MEDICAID, 5);
	bool snap = simulate_rates_happen(rng, SNAP) && k == 0;
	struct coverage c = {
		.child = l->child, .since = NO_DATE, .until = NO_DATE};
	struct benefit b = {.child = l->child,
			    .kind = "snap",
			    .since = NO_DATE,
			    .until = NO_DATE};
	int64_t id;
	int x;

	put(c.kind, kinds[k]);
	x = coverage_add(l->r, &c, &id);
	return x < 0 || !snap ? x : benefit_add(l->r, &b, &id);
}

static int add_practice(struct life *l)
{
	struct rng *rng = &l->rng.base;
	int k = (int)rand_below(rng, REGION_PRACTICES);
	struct child_practice c = {.child = l->child,
				   .practice = l->region->practice[k].id,
				   .since = l->p->opened,
				   .until = NO_DATE};
	int64_t id;

	if (!simulate_rates_happen(rng, HAS_PRACTICE))
		return 0;
	l->practice = c.practice;
	l->practice_name = l->region->practice[k].name;
	return practice_assign(l->r, &c, &id);
}

static int write_family(struct life *l)
{
	struct caregiver c;
	int64_t home;
	int x;

	if (!find_family(l) && (x = add_family(l)) < 0)
		return x;
	if ((x = caregiver_get(l->r->db, l->caregiver, &c)) < 0)
		return x;
	snprintf(l->caregiver_name, sizeof l->caregiver_name, "%.50s %.50s",
		 c.given, c.surname);
	if ((x = family_join(l->r, l->family, l->child, true, NO_DATE, &home)) <
		    0 ||
	    (x = add_custody(l)) < 0 || (x = add_origin(l)) < 0 ||
	    (x = add_coverage(l)) < 0)
		return x;
	return add_practice(l);
}

/* The provider expected help in what the plan has, in its order; the family
 * puts the same first, or the other way round, or something else. */
static int write_intake(struct life *l, int32_t day)
{
	static const char *const sources[] = {
		"practice", "infoline",	  "family",	  "school",
		"hospital", "specialist", "child-welfare"};
	const struct plan *p = l->p;
	struct kase_intake i = {.intake = day};

	put(i.source,
	    sources[simulate_rates_pick(&l->rng.base, BY_PRACTICE, 7)]);
	for (int k = 0; k < p->n_needs; k++) {
		put(i.provider[k],
		    vocabulary_word(l->r->words, WORDS_NEED, p->need[k].domain)
			    ->id);
		put(i.family[p->n_needs - 1 - k], i.provider[k]);
	}
	i.expected = i.first = p->n_needs;
	if (simulate_rates_happen(&l->rng.base, SAME_FOCUS))
		memcpy(i.family, i.provider, sizeof i.family);
	else if (p->n_needs == 1)
		put(i.family[0],
		    simulate_life_has(l, "family") ? "food" : "family");
	return kase_set_intake(l->r, l->kase, &i);
}

/* Of age: the youth signs. */
static int write_consent(struct life *l, int32_t day)
{
	static const char *const scopes[] = {"coordinate", "share-plan",
					     "refer", "contact-health"};
	bool youth = custody_of_age(l->p->child.birth, day);
	struct consent c = {.child = l->child,
			    .scopes = 4,
			    .since = day,
			    .until = day + 730,
			    .signed_on = day,
			    .signer = youth ? 0 : l->caregiver,
			    .withdrawn = NO_DATE,
			    .counted = true};
	int x;

	for (int k = 0; k < 4; k++)
		put(c.scope[k], scopes[k]);
	put(c.authority, "youth");
	if (!youth) {
		/* Mother and father sign as parents, others as guardians. */
		x = custody_may_sign(l->r, l->child, l->caregiver, "parent",
				     day);
		put(c.authority, x < 0 ? "guardian" : "parent");
	}
	return consent_add(l->r, &c, &l->consent);
}

int simulate_family_write(struct life *l, const struct life_event *e)
{
	switch (e->kind) {
	case LIFE_FAMILY:
		return write_family(l);
	case LIFE_INTAKE:
		return write_intake(l, e->day);
	case LIFE_CONSENT:
		return write_consent(l, e->day);
	default:
		return consent_withdraw(l->r, l->consent, e->day,
					"family asked for it");
	}
}
