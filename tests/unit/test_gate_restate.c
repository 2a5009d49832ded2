/* Rule V: which half-years may be said again. */
#include "tests/unit/gate_fix.h"

static int restate(struct fix *f, const struct gate_version *was, int n)
{
	struct gate_in in = in_of(f, 0);

	return gate_may_restate(&in, was, n);
}

static void gross_error_is_restated(void **state)
{
	struct fix *f = *state;
	struct gate_fact old[200];
	struct gate_version was = {old, 0};
	struct gate_in in;
	struct release again;

	add(f, 0, 0, EARLY, 60);
	add(f, 0, 0, NOT_LINKED, 40);
	close_month(f, 0);
	memcpy(old, f->fact, f->n * sizeof old[0]);
	was.n_facts = f->n;
	assert_int_equal(restate(f, &was, 1), GATE_KEEP); /* nothing moved */
	for (int i = 0; i < 10; i++)
		f->fact[i].outcome = NOT_LINKED;
	assert_int_equal(restate(f, &was, 1), GATE_KEEP); /* ten did */
	for (int i = 10; i < 15; i++)
		f->fact[i].outcome = NOT_LINKED;
	assert_int_equal(restate(f, &was, 1), GATE_RESTATE);
	in = in_of(f, 0);
	assert_int_equal(gate_recount(&in, f->earlier[0], &again), 0);
	assert_int_equal(again.group[0].count[0], 45);
	release_fini(&again);
}

/* Either outcome moves enough, but their sum by one: 12 turned out not to be
 * connected, and one more came to light. */
static void sum_of_outcomes_moves_enough_too(void **state)
{
	struct fix *f = *state;
	struct gate_fact old[200];
	struct gate_version was = {old, 0};

	add(f, 0, 0, EARLY, 60);
	add(f, 0, 0, NOT_LINKED, 40);
	close_month(f, 0);
	memcpy(old, f->fact, f->n * sizeof old[0]);
	was.n_facts = f->n;
	for (int i = 0; i < 12; i++)
		f->fact[i].outcome = NOT_LINKED;
	assert_int_equal(restate(f, &was, 1), GATE_RESTATE);
	add(f, 0, 0, NOT_LINKED, 1);
	assert_int_equal(restate(f, &was, 1), GATE_KEEP);
	add(f, 0, 0, NOT_LINKED, 10);
	assert_int_equal(restate(f, &was, 1), GATE_RESTATE);
}

/* Versions 1 > 2 > 3 move by 15 each, but 1 and 3 differ by less. */
static void version_is_judged_against_every_earlier_one(void **state)
{
	struct fix *f = *state;
	struct gate_fact one[200], two[200];
	struct gate_version was[2] = {{one, 0}, {two, 0}};

	add(f, 0, 0, EARLY, 60);
	add(f, 0, 0, NOT_LINKED, 40);
	close_month(f, 0);
	memcpy(one, f->fact, f->n * sizeof one[0]);
	for (int i = 0; i < 15; i++)
		f->fact[i].outcome = NOT_LINKED;
	memcpy(two, f->fact, f->n * sizeof two[0]);
	for (int i = 0; i < 12; i++)
		f->fact[i].outcome = EARLY;
	was[0].n_facts = was[1].n_facts = f->n;
	assert_int_equal(restate(f, was + 1, 1), GATE_RESTATE);
	assert_int_equal(restate(f, was, 2), GATE_KEEP);
}

/* What came back from the hub need not be what a gate would make. */
static void foreign_release_is_kept_as_it_is(void **state)
{
	struct fix *f = *state;
	struct gate_fact old[200];
	struct gate_version was = {old, 0};
	struct group *g;

	add(f, 0, 0, EARLY, 60);
	add(f, 0, 0, NOT_LINKED, 40);
	close_month(f, 0);
	memcpy(old, f->fact, f->n * sizeof old[0]);
	was.n_facts = f->n;
	for (int i = 0; i < 15; i++)
		f->fact[i].outcome = NOT_LINKED;
	assert_int_equal(restate(f, &was, 1), GATE_RESTATE);
	g = f->made[0].group;
	g->view = VIEWS_MAX - 1;
	assert_int_equal(restate(f, &was, 1), GATE_KEEP);
	g->view = 0;
	f->made[0].n_bounds = RELEASE_BOUNDS_MAX;
	for (int i = 0; i < RELEASE_BOUNDS_MAX; i++)
		f->made[0].bound[i] =
			(struct bound){{JAN + 1, 1}, 1 << 1, FLOOR};
	assert_int_equal(restate(f, &was, 1), GATE_KEEP);
	f->made[0].n_bounds = 0;
	for (int i = 1; i < 6; i++)
		f->earlier[i] = f->earlier[0];
	f->n_made = 6;
	f->made[0].group = mem_calloc(200, sizeof *g);
	assert_non_null(f->made[0].group);
	for (int i = 0; i < 200; i++)
		f->made[0].group[i] = *g;
	mem_free(g);
	f->made[0].n_groups = 200;
	assert_int_equal(restate(f, &was, 1), GATE_KEEP);
}

static void facts_out_of_the_lattice_are_refused(void **state)
{
	struct fix *f = *state;
	struct gate_fact old[] = {{1, 9999, LINKED}, {2, 0, 77}};

	add(f, 0, 0, EARLY, 60);
	close_month(f, 0);
	assert_int_equal(restate(f, &(struct gate_version){old, 1}, 1),
			 E_INVALID);
	assert_int_equal(restate(f, &(struct gate_version){old + 1, 1}, 1),
			 E_INVALID);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(gross_error_is_restated),
		T(sum_of_outcomes_moves_enough_too),
		T(foreign_release_is_kept_as_it_is),
		T(facts_out_of_the_lattice_are_refused),
		T(version_is_judged_against_every_earlier_one),
	};
#undef T
	return cmocka_run_group_tests_name("gate_restate", tests, NULL, NULL);
}
