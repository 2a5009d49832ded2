/* Releases that leak, put together by hand: the auditor has to catch each, and
 * the gate, given the same facts and what left before, has to do otherwise. */
#include "tests/lib/check.h"

#include "tests/privacy/audit.h"
#include "tests/privacy/plant.h"

enum { FULL = 20 }; /* enough to leave by itself */

static int setup(void **state)
{
	struct plant *p = mem_calloc(1, sizeof *p);

	assert_non_null(p);
	plant_init(p);
	*state = p;
	return 0;
}

static int teardown(void **state)
{
	plant_fini(*state);
	mem_free(*state);
	return 0;
}

static int teardown_group(void **state)
{
	audit_end();
	return 0;
}

/* The auditor finds a leak of this kind and size in what was planted. */
static struct audit_leak caught(struct plant *p, int month,
				enum audit_kind kind)
{
	struct audit_leak leak = {.kind = AUDIT_KINDS};

	assert_true(plant_audit(p, p->n_made, month, true, kind, &leak) > 0);
	if (leak.kind != kind)
		fail_msg("no leak of kind %d", (int)kind);
	return leak;
}

/* Without the last release there was nothing to find, and the gate would not
 * have made that one. */
static void gate_does_not(struct plant *p, int month, int trend_first)
{
	assert_int_equal(plant_audit(p, p->n_made - 1, month - 1, true,
				     AUDIT_COUNT, NULL),
			 0);
	assert_int_equal(plant_gate(p, p->n_made - 1, month, trend_first), 0);
}

static void trend_minus_details_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	plant_cell(p, JAN, 0, FULL, FULL);
	plant_cell(p, JAN, 1, FULL, FULL);
	plant_cell(p, JAN, 2, 3, 0);
	plant_release(p, JAN);
	plant_trend(p, JAN, 1);
	plant_detail(p, JAN, 1, 0, 1);
	plant_detail(p, JAN, 1, 1, 1);

	leak = caught(p, JAN, AUDIT_COUNT);
	assert_int_equal(leak.outcome, LINKED);
	assert_int_equal((int)leak.high, 3);
	gate_does_not(p, JAN, 0);
}

/* In January 17 and 3 waited together; in February and March every need left
 * by month, so the quarter's block of the 17 stands for January alone. */
static void late_cover_taken_away_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	plant_cell(p, JAN, 0, FULL, FULL);
	plant_cell(p, JAN, 1, 17, 17);
	plant_cell(p, JAN, 2, 3, 12);
	for (int m = FEB; m <= MAR; m++)
		for (int need = 0; need < 3; need++)
			plant_cell(p, m, need, FULL, FULL);
	plant_release(p, JAN);
	plant_trend(p, JAN, 1);
	plant_detail(p, JAN, 1, 0, 1u << JAN);
	for (int m = FEB; m <= MAR; m++) {
		plant_release(p, m);
		plant_trend(p, m, 1);
		for (int need = 0; need < 3; need++)
			plant_detail(p, m, 1, need, 1u << m);
	}
	plant_detail(p, JAN, 3, 1, 1u << JAN);

	leak = caught(p, MAR, AUDIT_COUNT);
	assert_int_equal(leak.outcome, LINKED);
	assert_int_equal((int)leak.low, 3);
	assert_int_equal((int)leak.high, 3);
	gate_does_not(p, MAR, 0);
}

/* January and March together give 3 away; January, February, March, the
 * quarter and each need of them do not. */
static void chain_of_two_months_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	for (int m = JAN; m <= MAR; m++)
		plant_cell(p, m, 0, FULL, FULL);
	plant_cell(p, JAN, 1, 12, 4);
	plant_cell(p, FEB, 1, FULL, FULL);
	plant_cell(p, MAR, 1, 13, 9);
	plant_cell(p, JAN, 2, 2, 12);
	plant_cell(p, FEB, 2, FULL, FULL);
	plant_cell(p, MAR, 2, 1, 12);
	for (int m = JAN; m <= MAR; m++) {
		plant_release(p, m);
		plant_trend(p, m, 1);
		plant_detail(p, m, 1, 0, 1u << m);
		if (m == FEB)
			plant_detail(p, m, 1, 1, 1u << m);
	}
	plant_detail(p, JAN, 3, 1, 1u << JAN | 1u << MAR);

	leak = caught(p, MAR, AUDIT_COUNT);
	assert_int_equal(leak.outcome, LINKED);
	assert_true(leak.high < PLANT_FLOOR);
	gate_does_not(p, MAR, 0);
}

/* Of at most 22 in January, 17 are published with the quarter. */
static void pinned_by_a_bound_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	for (int m = JAN; m <= MAR; m++)
		plant_cell(p, m, 0, FULL, FULL);
	plant_cell(p, JAN, 1, 17, 0);
	plant_cell(p, JAN, 2, 3, 0);
	plant_cell(p, FEB, 1, FULL, FULL);
	plant_cell(p, MAR, 1, FULL, FULL);
	for (int m = JAN; m <= MAR; m++) {
		plant_release(p, m);
		plant_detail(p, m, 1, 0, 1u << m);
		if (m != JAN)
			plant_detail(p, m, 1, 1, 1u << m);
		if (m == MAR)
			plant_detail(p, JAN, 3, 1, 1u << JAN);
		plant_bound(p, m);
	}

	leak = caught(p, MAR, AUDIT_COUNT);
	assert_int_equal(leak.outcome, LINKED);
	assert_int_equal((int)leak.high, 22 - 17);
	gate_does_not(p, MAR, 2);
}

/* A bound says no less than its own floor minus one below it. */
static void pinned_beside_a_bound_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	/* 34 to 44 of January are in no detail block; a quarter's trend that
	 * counts 40 leaves at most 6 for February and March. */
	plant_cell(p, JAN, 1, 18, 17);
	plant_cell(p, FEB, 1, 5, 0);
	plant_release(p, JAN);
	plant_bound(p, JAN);
	plant_release(p, FEB);
	plant_release(p, MAR);
	plant_trend(p, JAN, 3);

	leak = caught(p, MAR, AUDIT_COUNT);
	assert_int_equal(leak.outcome, LINKED);
	assert_int_equal((int)leak.high, 6);
	gate_does_not(p, MAR, 1);
}

static void few_children_often_are_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	plant_cell(p, JAN, 0, FULL, FULL);
	plant_cell(p, JAN, 1, FULL, FULL);
	plant_facts(p, JAN, 2, EARLY, 11, 3);
	plant_cell(p, JAN, 2, 0, 12);
	plant_release(p, JAN);
	plant_trend(p, JAN, 1);
	plant_detail(p, JAN, 1, 0, 1);
	plant_detail(p, JAN, 1, 1, 1);

	leak = caught(p, JAN, AUDIT_CHILDREN);
	assert_int_equal(leak.outcome, LINKED);
	assert_int_equal(leak.occurrences, 11);
	assert_int_equal(leak.children, 3);
	gate_does_not(p, JAN, 0);

	plant_detail(p, JAN, 1, 2, 1);
	leak = caught(p, JAN, AUDIT_EVENT);
	assert_int_equal(leak.children, 3);
}

/* --- versions --- */

struct versions {
	struct gate_fact was[3][PLANT_FACTS];
	struct audit_fact fact[3][PLANT_FACTS];
	struct gate_version version[3];
	struct audit_facts facts[3];
	int n;
};

/* One more version of January's release, by the facts there are now. */
static void add_version(struct plant *p, struct versions *v)
{
	struct release *r = plant_release(p, JAN);
	int i = v->n++;

	r->key.version = (uint32_t)v->n;
	plant_detail(p, JAN, 1, 0, 1);
	memcpy(v->was[i], p->fact, p->n * sizeof p->fact[0]);
	for (size_t k = 0; k < p->n; k++)
		v->fact[i][k] = (struct audit_fact){
			p->fact[k].child, p->fact[k].cell, p->fact[k].outcome};
	v->version[i] = (struct gate_version){v->was[i], p->n};
	v->facts[i] = (struct audit_facts){v->fact[i], p->n};
}

static void keep(void *arg, const struct audit_leak *leak)
{
	struct audit_leak *out = arg;

	print_message("# caught: %s\n", leak->text);
	*out = *leak;
}

static int audit_versions(struct plant *p, struct versions *v,
			  struct audit_leak *last)
{
	const struct release *list[3] = {&p->made[0], &p->made[1], &p->made[2]};
	struct audit_in in = {&p->t, PLANT_FLOOR, PLANT_HALF, list,
			      v->n,  v->facts,	  v->n};

	return audit_half(&in, keep, last);
}

/* May the newest version be said after those before it? */
static int may_restate(struct plant *p, struct versions *v)
{
	const struct release *first = &p->made[0];
	struct gate_in now = {.table = &p->t,
			      .closing = PLANT_FIRST + JAN,
			      .floor = PLANT_FLOOR,
			      .fact = v->was[v->n - 1],
			      .n_facts = v->version[v->n - 1].n_facts,
			      .earlier = &first,
			      .n_earlier = 1};

	return gate_may_restate(&now, v->version, v->n - 1);
}

/* Each differs from the one before by 11 or more; the first and the third
 * differ by 3. */
static void third_version_near_the_first_is_caught(void **state)
{
	struct plant *p = *state;
	struct versions *v = mem_calloc(1, sizeof *v);
	struct audit_leak leak = {.kind = AUDIT_KINDS};

	assert_non_null(v);
	plant_cell(p, JAN, 0, 40, FULL);
	add_version(p, v);
	plant_cell(p, JAN, 0, 14, 0);
	add_version(p, v);
	assert_int_equal(audit_versions(p, v, &leak), 0);
	assert_int_equal(may_restate(p, v), GATE_RESTATE);

	p->n -= 11;
	add_version(p, v);
	assert_int_equal(audit_versions(p, v, &leak), 1);
	assert_int_equal(leak.kind, AUDIT_VERSION);
	assert_int_equal(leak.outcome, LINKED);
	assert_int_equal((int)leak.high, 3);
	assert_int_equal(may_restate(p, v), GATE_KEEP);
	mem_free(v);
}

static void few_changed_children_are_caught(void **state)
{
	struct plant *p = *state;
	struct versions *v = mem_calloc(1, sizeof *v);
	struct audit_leak leak = {.kind = AUDIT_KINDS};

	assert_non_null(v);
	plant_cell(p, JAN, 0, 40, FULL);
	add_version(p, v);
	plant_facts(p, JAN, 0, LATE, 12, 2);
	add_version(p, v);
	assert_int_equal(audit_versions(p, v, &leak), 1);
	assert_int_equal(leak.kind, AUDIT_VERSION);
	assert_int_equal(leak.children, 2);
	assert_int_equal(may_restate(p, v), GATE_KEEP);
	mem_free(v);
}

/* --- side views --- */

static void small_leaf_of_a_side_view_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	for (int m = JAN; m <= MAR; m++) {
		plant_cell(p, m, 0, FULL, FULL);
		plant_release(p, m);
		plant_trend(p, m, 1);
		plant_detail(p, m, 1, 0, 1u << m);
	}
	plant_facts(p, MAR, 0, LATE, 3, 3);
	/* Again, with the 3 in it. */
	p->made[MAR].n_groups = 0;
	p->made[MAR].group = p->group[MAR];
	memset(p->group[MAR], 0, sizeof p->group[MAR]);
	plant_trend(p, MAR, 1);
	plant_detail(p, MAR, 1, 0, 1u << MAR);
	plant_side(p, DAYS, JAN, -1);

	leak = caught(p, MAR, AUDIT_EVENT);
	assert_int_equal(leak.outcome, LATE);
	assert_int_equal(leak.occurrences, 3);
	gate_does_not(p, MAR, 0);
}

/* The same outcome split along two views: what one of them keeps back is the
 * difference. That no table does so is the catalogue's to see to. */
static void leaf_between_two_side_views_is_caught(void **state)
{
	struct plant *p = *state;
	struct audit_leak leak;

	p->t.n_views = 4;
	for (int need = 0; need < 2; need++)
		plant_cell(p, JAN, need, FULL, FULL);
	plant_facts(p, JAN, 0, LATE, 27, 27);
	plant_facts(p, JAN, 1, LATE, 3, 3);
	plant_release(p, JAN);
	plant_release(p, FEB);
	plant_release(p, MAR);
	plant_trend(p, JAN, 3);
	for (int need = 0; need < 2; need++)
		plant_detail(p, JAN, 3, need, 7);
	plant_side(p, DAYS, JAN, -1);
	plant_side(p, DAYS_BY_NEED, JAN, 0);

	leak = caught(p, MAR, AUDIT_COUNT);
	assert_int_equal(leak.outcome, LATE);
	assert_int_equal((int)leak.low, 3);
	assert_int_equal((int)leak.high, 3);
}

int main(void)
{
#define ATTACK(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		ATTACK(trend_minus_details_is_caught),
		ATTACK(late_cover_taken_away_is_caught),
		ATTACK(chain_of_two_months_is_caught),
		ATTACK(pinned_by_a_bound_is_caught),
		ATTACK(pinned_beside_a_bound_is_caught),
		ATTACK(few_children_often_are_caught),
		ATTACK(third_version_near_the_first_is_caught),
		ATTACK(few_changed_children_are_caught),
		ATTACK(small_leaf_of_a_side_view_is_caught),
		ATTACK(leaf_between_two_side_views_is_caught),
	};

	return cmocka_run_group_tests(tests, NULL, teardown_group);
}
