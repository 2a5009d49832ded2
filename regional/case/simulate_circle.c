/* Who and what else is around a made-up child: insurance, benefits, the
 * practice, coordinators of other programs, documents. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "regional/case/attachment.h"
#include "regional/case/coordinator.h"
#include "regional/case/coverage.h"
#include "regional/case/practice.h"
#include "regional/case/simulate_life.h"

#define put(field, text) snprintf(field, sizeof(field), "%s", text)

enum { MEDICAID_KIND = 0, ANY_AGE = 99, PROGRAMS = 6 };

static const struct {
	const char *kind;
	enum simulate_rate_id rate;
	int to; /* years, from @from on */
	int from;
	enum { OF_ALL, OF_MEDICAID, OF_OTHERS } who;
	bool family; /* it is the whole family's */
} benefits[] = {
	{"snap", SNAP, ANY_AGE, 0, OF_MEDICAID, true},
	{"wic", WIC, 4, 0, OF_MEDICAID, false},
	{"school-meals", SCHOOL_MEALS, 17, 5, OF_MEDICAID, false},
	{"child-care", CHILD_CARE, 12, 0, OF_MEDICAID, false},
	{"tanf", TANF, ANY_AGE, 0, OF_MEDICAID, true},
	{"energy", ENERGY, ANY_AGE, 0, OF_ALL, true},
	{"housing", VOUCHER, ANY_AGE, 0, OF_ALL, true},
	{"ssi", SSI, ANY_AGE, 0, OF_ALL, false},
	{"waiver", WAIVER, ANY_AGE, 0, OF_MEDICAID, false},
	{"katie-beckett", KATIE_BECKETT, 17, 0, OF_OTHERS, false},
	{"respite", RESPITE, ANY_AGE, 0, OF_ALL, true},
};
enum { BENEFITS = sizeof benefits / sizeof *benefits };

/* By age: no program of toddlers coordinates a youth. */
static const struct {
	const char *program, *name;
	int from, to;
} programs[PROGRAMS] = {
	{"Birth to Three", "T. Alder", 0, 2},
	{"Preschool special education", "J. Birch", 3, 5},
	{"School district, special education", "R. Cedar", 6, 21},
	{"Health plan's care management", "L. Dogwood", 0, 21},
	{"Hospital's complex care clinic", "M. Elm", 0, 21},
	{"Behavioral health, in-home services", "P. Fir", 6, 17},
};

static int age_on(const struct life *l, int32_t day)
{
	return date_age_years(l->p->child.birth, day);
}

static int add_benefits(struct life *l, int coverage, bool known)
{
	struct rng *rng = &l->rng.base;
	bool medicaid = coverage == MEDICAID_KIND;
	int age = age_on(l, l->p->opened), x = 0;

	for (int i = 0; i < BENEFITS && x == 0; i++) {
		struct benefit b = {
			.child = l->child, .since = NO_DATE, .until = NO_DATE};
		bool has = simulate_rates_happen(rng, benefits[i].rate);
		int64_t id;

		if (!has || age < benefits[i].from || age > benefits[i].to ||
		    (benefits[i].who == OF_MEDICAID && !medicaid) ||
		    (benefits[i].who == OF_OTHERS && medicaid) ||
		    (benefits[i].family && known))
			continue;
		if (benefits[i].family) {
			b.child = 0;
			b.family = l->home.family;
		}
		put(b.kind, benefits[i].kind);
		x = benefit_add(l->r, &b, &id);
	}
	return x;
}

static int add_coverage(struct life *l, bool known)
{
	static const char *const kinds[] = {"medicaid", "chip", "employer",
					    "marketplace", "none"};
	static const char *const payers[] = {"HUSKY A", "HUSKY B", "", "", ""};
	struct rng *rng = &l->rng.base;
	int k = simulate_rates_pick(rng, MEDICAID, 5);
	struct coverage c = {
		.child = l->child, .since = NO_DATE, .until = NO_DATE};
	int64_t id;
	int x;

	put(c.kind, kinds[k]);
	put(c.payer, payers[k]);
	x = coverage_add(l->r, &c, &id);
	return x < 0 ? x : add_benefits(l, k, known);
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

int simulate_circle_add(struct life *l, bool known)
{
	int x = add_coverage(l, known);

	return x < 0 ? x : add_practice(l);
}

void simulate_circle_draw(struct life *l)
{
	struct rng *rng = &l->rng.base;
	bool other = simulate_rates_happen(rng, OTHER_PROGRAM);
	bool two = simulate_rates_happen(rng, TWO_PROGRAMS);
	int32_t day = l->p->opened + simulate_rates_between(rng, 0, 20);

	if (other)
		simulate_life_during(l, day, LIFE_COORDINATOR, 0);
	if (other && two)
		simulate_life_during(l,
				     day + simulate_rates_between(rng, 0, 60),
				     LIFE_COORDINATOR, 1);
	if (simulate_rates_happen(rng, HAS_SCAN))
		simulate_life_during(l,
				     day + simulate_rates_between(rng, 0, 40),
				     LIFE_SCAN, 0);
}

static int write_coordinator(struct life *l, int no, int32_t day)
{
	struct rng *rng = &l->rng.base;
	int k = (int)(l->child % PROGRAMS), age = age_on(l, day);
	struct coordinator c = {
		.kase = l->kase,
		.leads = simulate_rates_happen(rng, OTHER_LEADS) && no == 0,
		.since = day,
		.until = NO_DATE};
	int64_t id;

	/* A second one is the next that fits. */
	while (age < programs[k].from || age > programs[k].to || no-- > 0)
		k = (k + 1) % PROGRAMS;
	put(c.name, programs[k].name);
	put(c.program, programs[k].program);
	snprintf(c.reach, sizeof c.reach, "203-555-01%02d", k);
	return coordinator_add(l->r, &c, &id);
}

/* A line of text stands for the scan. */
static int write_scan(struct life *l)
{
	static const struct {
		const char *document, *title, *text;
	} scans[] = {
		{"report", "Evaluation", "Synthetic: a report of evaluation."},
		{"school", "Education plan", "Synthetic: an education plan."},
		{"letter", "Letter of the practice", "Synthetic: a letter."},
	};
	int k = (int)rand_below(&l->rng.base, 3);
	int64_t id;

	if (!l->r->sealing)
		return 0;
	return attachment_add(l->r, l->child, scans[k].document, scans[k].title,
			      scans[k].text, strlen(scans[k].text), &id);
}

int simulate_circle_write(struct life *l, const struct life_event *e)
{
	if (e->kind == LIFE_SCAN)
		return write_scan(l);
	return write_coordinator(l, e->no, e->day);
}
