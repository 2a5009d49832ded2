/* The family around a made-up child, and its intake. */
#include <stdio.h>
#include <string.h>

#include "regional/case/caregiver.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/kase.h"
#include "regional/case/origin.h"
#include "regional/case/reach.h"
#include "regional/case/simulate_life.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

enum relation { MOTHER, FATHER, GRANDPARENT, FOSTER_PARENT, RELATIONS };

void simulate_family_draw(struct life *l)
{
	simulate_life_push(l, l->p->opened, LIFE_FAMILY, 0);
	simulate_life_push(l, l->p->opened, LIFE_INTAKE, 0);
}

/* A family that is known, whose surname the child has. */
static bool find_family(struct life *l)
{
	struct simulate_region *g = l->region;
	bool sibling = simulate_rates_happen(&l->rng.base, SIBLING);

	for (int i = 0; i < g->homes && sibling; i++) {
		if (strcmp(g->home[i].surname, l->p->child.family) != 0)
			continue;
		l->home = g->home[i];
		return true;
	}
	return false;
}

static void keep_family(struct life *l)
{
	struct simulate_region *g = l->region;
	int i = 0;

	while (i < g->homes && strcmp(g->home[i].surname, l->home.surname) != 0)
		i++;
	if (i == REGION_FAMILIES)
		return;
	g->home[i] = l->home;
	if (i == g->homes)
		g->homes++;
}

static int add_reach(struct life *l, int64_t caregiver)
{
	struct rng *rng = &l->rng.base;
	struct reach p = {.caregiver = caregiver,
			  .way = "phone",
			  .safe = rand_below(rng, 20) > 0,
			  .message = rand_below(rng, 4) > 0,
			  .active = true};
	bool email = simulate_rates_happen(rng, EMAIL);
	int64_t id;
	int x;

	/* Numbers 555-0100 to 555-0199 are never given out. */
	snprintf(p.value, sizeof p.value, "860-555-01%02d",
		 (int)rand_below(rng, 100));
	p.preferred = p.safe;
	if (rand_below(rng, 3) == 0)
		put(p.hours, "weekdays after 5 pm");
	x = reach_add(l->r, &p, &id);
	if (x < 0 || !email)
		return x;
	/* Nor is example.org anybody's. */
	p = (struct reach){.caregiver = caregiver,
			   .way = "email",
			   .safe = true,
			   .message = true,
			   .active = true};
	snprintf(p.value, sizeof p.value, "family%lld@example.org",
		 (long long)caregiver);
	return reach_add(l->r, &p, &id);
}

static int add_caregiver(struct life *l, int64_t family, bool woman,
			 int64_t *id)
{
	struct caregiver c = {.family = family, .active = true};

	put(c.given, simulate_names_adult(l->p->tongue, woman, &l->rng.base));
	put(c.surname, l->p->child.family);
	return caregiver_add(l->r, &c, id);
}

/* The father at home, or in a home of his own, where the children are too. */
static int add_second(struct life *l)
{
	struct rng *rng = &l->rng.base;
	bool apart = simulate_rates_happen(rng, TWO_HOMES);
	struct family f = {.interpreter = false};
	int x = 0;

	if (apart) {
		snprintf(f.name, sizeof f.name, "%.80s, the father's home",
			 l->p->child.family);
		put(f.language, simulate_names_language(l->p->tongue));
		put(f.zip, l->p->child.zip);
		x = family_add(l->r, &f, &l->home.other);
	}
	if (x == 0)
		x = add_caregiver(l, apart ? l->home.other : l->home.family,
				  false, &l->home.second);
	return x < 0 || !apart ? x : add_reach(l, l->home.second);
}

/* Of a child in foster care the agency has custody, and signs. */
static int add_worker(struct life *l)
{
	struct caregiver c = {.family = l->home.family,
			      .given = "Case worker",
			      .surname = "of the child welfare agency",
			      .active = true};

	return caregiver_add(l->r, &c, &l->home.worker);
}

static int add_family(struct life *l)
{
	static const double weight[RELATIONS] = {76, 13, 7, 4};
	struct rng *rng = &l->rng.base;
	struct family f = {.interpreter = false};
	bool interpreter = simulate_rates_happen(rng, INTERPRETER);
	bool second = simulate_rates_happen(rng, SECOND_CAREGIVER);
	int x;

	l->home.relation = rand_pick(rng, weight, RELATIONS);
	put(l->home.surname, l->p->child.family);
	snprintf(f.name, sizeof f.name, "%.80s household", l->p->child.family);
	put(f.language, simulate_names_language(l->p->tongue));
	f.interpreter = interpreter && strcmp(f.language, "english") != 0;
	put(f.zip, l->p->child.zip);
	x = family_add(l->r, &f, &l->home.family);
	if (x == 0)
		x = add_caregiver(l, l->home.family, l->home.relation != FATHER,
				  &l->home.caregiver);
	if (x == 0)
		x = add_reach(l, l->home.caregiver);
	if (x == 0 && second && l->home.relation == MOTHER)
		x = add_second(l);
	if (x == 0 && l->home.relation == FOSTER_PARENT)
		x = add_worker(l);
	keep_family(l);
	return x;
}

static int add_one(struct life *l, int64_t caregiver, const char *relation,
		   const char *custody, const char *authority)
{
	struct custody u = {.child = l->child,
			    .caregiver = caregiver,
			    .since = NO_DATE,
			    .until = NO_DATE};
	int64_t id;

	put(u.relation, relation);
	put(u.custody, custody);
	put(u.authority, authority);
	return custody_add(l->r, &u, &id);
}

static int add_custody(struct life *l)
{
	const struct simulate_home *h = &l->home;
	int x;

	if (h->relation == FOSTER_PARENT) {
		x = add_one(l, h->caregiver, "foster-parent", "placed", "");
		return x < 0 ? x
			     : add_one(l, h->worker, "case-worker", "committed",
				       "child-welfare");
	}
	if (h->relation == GRANDPARENT)
		return add_one(l, h->caregiver, "grandparent", "sole",
			       "guardian");
	x = add_one(l, h->caregiver,
		    h->relation == MOTHER ? "mother" : "father",
		    h->second ? "joint" : "sole", "parent");
	if (x < 0 || !h->second)
		return x;
	return add_one(l, h->second, "father", "joint", "parent");
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
	put(o.ethnicity, ethnicities[l->p->ethnicity]);
	put(o.heard, heard[rand_below(rng, 6)]);
	return origin_set(l->r, l->child, &o);
}

static int write_family(struct life *l)
{
	bool known = find_family(l);
	struct caregiver c;
	int64_t home;
	int x;

	if (!known && (x = add_family(l)) < 0)
		return x;
	if ((x = caregiver_get(l->r->db, l->home.caregiver, &c)) < 0)
		return x;
	snprintf(l->caregiver_name, sizeof l->caregiver_name, "%.50s %.50s",
		 c.given, c.surname);
	x = family_join(l->r, l->home.family, l->child, true, NO_DATE, &home);
	if (x == 0 && l->home.other)
		x = family_join(l->r, l->home.other, l->child, false, NO_DATE,
				&home);
	if (x < 0 || (x = add_custody(l)) < 0 || (x = add_origin(l)) < 0)
		return x;
	return simulate_circle_add(l, known);
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

int simulate_family_write(struct life *l, const struct life_event *e)
{
	if (e->kind == LIFE_FAMILY)
		return write_family(l);
	return write_intake(l, e->day);
}
