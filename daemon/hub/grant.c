#include "daemon/hub/grant.h"

#include <string.h>

#include "daemon/hub/hub.h"

/* What a form asks, and how it is answered. */
struct ask {
	const char *item;
	const char *measure; /* NULL: it can't be */
	int by;		     /* BY_STRATUM: one cell for each */
	const char *because;
};

static const struct ask HELP_ME_GROW[] = {
	{"1. Children entered, unduplicated", "M01C", BY_STRATUM,
	 "Each region's children once; one who moved between regions is in "
	 "both."},
	{"1. Families who agreed to care coordination", NULL, 0,
	 "Consent stays in the centers and is not counted for the state."},
	{"1. Who made the first contact", NULL, 0,
	 "The record does not count it for the state."},
	{"1. Race and ethnicity", NULL, 0,
	 "Groups of a region would mostly be too small to publish."},
	{"1. How the family heard", NULL, 0,
	 "The record does not count it for the state."},
	{"2. Issues", NULL, 0,
	 "Needs are counted as referrals and closed needs, not as issues of "
	 "each child."},
	{"3. Children screened, unduplicated", NULL, 0,
	 "Screenings are counted, and new children screened (M03), not every "
	 "child once."},
	{"4. Top five referrals", NULL, 0,
	 "Referrals are published by need, not by service."},
	{"4. Gaps", "M17", 0, "Needs closed because no service existed."},
	{"4. Barriers", "M18R", 0,
	 "Three kinds instead of the top five, so that none is too rare."},
	{"5. Children successfully connected", "M09", 0,
	 "Of children screened, those who were connected."},
};
static const struct ask TITLE_V_5A[] = {
	{"1. Pregnant women", NULL, 0, "Centers serve children."},
	{"2. Infants under one year", NULL, 0,
	 "The youngest age that is counted is birth to two years."},
	{"3. Children one through 21 years", NULL, 0,
	 "Infants can't be told from children of one and two; see 3a by age."},
	{"3a. Children with special health care needs", "M01F", BY_STRATUM,
	 "Every child whose care was coordinated; whether it meets the "
	 "definition is not in the count."},
	{"4. Others", NULL, 0, "Centers serve children."},
	{"Primary source of coverage: Title XIX, Title XXI, private, none, "
	 "unknown",
	 NULL, 0, "Coverage stays in the centers."},
};
static const struct ask TITLE_V_5B[] = {
	{"3a. Children with special health care needs, numerator", "M01F", 0,
	 "Every child whose care was coordinated."},
	{"3a. Children with special health care needs, population", NULL, 0,
	 "The number who live in the state is the Census's and the National "
	 "Survey of Children's Health's, not the record's."},
	{"1 to 4. Other populations", NULL, 0,
	 "Reached by other programs of the state."},
};
static const struct {
	const char *id, *title;
	const struct ask *ask;
	int n;
} FORM[GRANTS] = {
	[GRANT_HELP_ME_GROW] = {"help-me-grow",
				"Help Me Grow: common indicators", HELP_ME_GROW,
				sizeof HELP_ME_GROW / sizeof *HELP_ME_GROW},
	[GRANT_TITLE_V_5A] = {"title-v-5a",
			      "Title V, Form 5a: individuals served",
			      TITLE_V_5A,
			      sizeof TITLE_V_5A / sizeof *TITLE_V_5A},
	[GRANT_TITLE_V_5B] = {"title-v-5b",
			      "Title V, Form 5b: share of the population",
			      TITLE_V_5B,
			      sizeof TITLE_V_5B / sizeof *TITLE_V_5B},
};

const char *grant_id(enum grant g)
{
	return FORM[g].id;
}

const char *grant_title(enum grant g)
{
	return FORM[g].title;
}

struct giving {
	const struct ask *ask;
	const struct measure *m;
	int (*fn)(void *arg, const struct grant_cell *c);
	void *arg;
	int n;
};

static int on_row(void *arg, const struct measure_row *r)
{
	struct giving *g = arg;
	struct grant_cell c = {.item = g->ask->item,
			       .part = *r->part_title ? r->part_title
						      : r->stratum_title,
			       .m = g->m,
			       .row = r,
			       .because = g->n++ ? "" : g->ask->because};

	return g->fn(g->arg, &c);
}

static int give(struct hub *h, struct db *db, struct period year,
		struct giving *g)
{
	const char *because = g->ask->because;
	int k = g->ask->measure
			? catalogue_find_measure(h->cat, g->ask->measure)
			: -1;
	int r = 0;

	g->n = 0;
	if (k >= 0) {
		g->m = catalogue_measure(h->cat, k);
		r = measures_show(h, db, g->m, &year, 1, g->ask->by, NULL,
				  on_row, g);
		because = "No such year is closed yet.";
	}
	if (r == 0 && g->n == 0)
		r = g->fn(g->arg, &(struct grant_cell){.item = g->ask->item,
						       .part = "",
						       .because = because});
	return r;
}

int grant_cells(struct hub *h, struct db *db, enum grant g, int year,
		int (*fn)(void *arg, const struct grant_cell *c), void *arg)
{
	struct period p = {year * 12, 12};
	int r = 0;

	for (int i = 0; i < FORM[g].n && r == 0; i++) {
		struct giving one = {
			.ask = &FORM[g].ask[i], .fn = fn, .arg = arg};

		r = give(h, db, p, &one);
	}
	return r;
}
