/* The gate on half-years small enough to reckon by hand. */
#include "regional/release/gate.h"

#include "tests/unit/gate_fix.h"

/* The same, where the trend begins at @first. */
static struct release *close_from(struct fix *f, int month, int first)
{
	struct gate_in in = in_of(f, month);

	in.trend_first = first;
	return close_in(f, in);
}

static const struct group *find(const struct release *r, int view, int step,
				int stratum)
{
	for (int i = 0; i < r->n_groups; i++)
		if (r->group[i].view == view && r->group[i].step == step &&
		    r->group[i].stratum.no == stratum)
			return &r->group[i];
	return NULL;
}

static void group_of_floor_leaves(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 11);
	add(f, 0, 0, NOT_LINKED, 12);
	r = close_month(f, 0);
	assert_non_null(find(r, 0, 0, 0));
	assert_non_null(find(r, 1, 0, 0));
	assert_int_equal(find(r, 1, 0, 0)->count[0], 11);
	assert_int_equal(find(r, 1, 0, 0)->count[1], 12);
	assert_int_equal(r->n_bounds, 0);
}

static void one_outcome_under_floor_holds_the_group(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 0, NOT_LINKED, 10);
	r = close_month(f, 0);
	assert_int_equal(r->n_groups, 0);
}

static void occurrences_of_few_children_wait(void **state)
{
	struct fix *f = *state;

	add(f, 0, 0, EARLY, 40);
	for (int i = 0; i < 40; i++)
		f->fact[i].child = (uint32_t)(i % 10);
	assert_int_equal(close_month(f, 0)->n_groups, 0);
}

static void empty_groups_are_not_shown(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 20);
	r = close_month(f, 0);
	assert_int_equal(r->n_groups, 2); /* trend, and need 0 */
}

static void sole_sensitive_outcome_waits(void **state)
{
	struct fix *f = *state;

	add(f, 0, 0, NOT_LINKED, 40);
	assert_int_equal(close_month(f, 0)->n_groups, 0);
}

/* The month leaves with 53; needs 0 and 1 could, but would leave 3. */
static void trend_minus_detail_stays_hidden(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, EARLY, 20);
	add(f, 0, 2, EARLY, 3);
	r = close_month(f, 0);
	assert_non_null(find(r, 0, 0, 0));
	assert_non_null(find(r, 1, 0, 0));
	/* the smaller of the two covers it */
	assert_null(find(r, 1, 0, 1));
}

/* A remainder of 3 is covered by 17 that waited; the quarter must not then
 * publish the 17 alone. */
static void quarter_keeps_what_covered_a_month(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, EARLY, 17);
	add(f, 0, 2, EARLY, 3);
	r = close_month(f, 0);
	assert_non_null(find(r, 0, 0, 0));
	assert_non_null(find(r, 1, 0, 0));
	assert_null(find(r, 1, 0, 1));
	add(f, 1, 0, EARLY, 30);
	close_month(f, 1);
	add(f, 2, 0, EARLY, 30);
	r = close_month(f, 2);
	assert_null(find(r, 1, 1, 1));
}

/* Published months of one need, and a quarter block whose rest is one month of
 * it, give away a subset of months that no lattice point names. */
static void chain_over_a_subset_of_months_is_held(void **state)
{
	struct fix *f = *state;
	struct release *r;

	for (int m = 0; m < 3; m++) {
		add(f, m, 0, EARLY, 30);
		add(f, m, 1, EARLY, m == 2 ? 20 : 6);
		add(f, m, 2, EARLY, m == 2 ? 0 : 5);
		r = close_month(f, m);
		assert_non_null(find(r, 0, 0, 0));
	}
	/* January + February minus their need 0 is 22 = 12 + 10. */
	assert_null(find(r, 1, 1, 1));
}

static void full_groups_are_held(void **state)
{
	struct fix *f = *state;
	struct release *r;

	/* One outcome; two groups wait with 10 each: 20 would say so. */
	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, EARLY, 10);
	add(f, 0, 2, EARLY, 10);
	f->t.dim.leaves = 3;
	f->t.dim.groups = 1;
	for (size_t i = 0; i < f->n; i++)
		f->fact[i].cell = f->fact[i].cell % 4;
	r = close_month(f, 0);
	assert_null(find(r, 1, 0, 0));
}

static void later_steps_take_what_waited(void **state)
{
	struct fix *f = *state;
	struct release *r = NULL;

	for (int m = 0; m < 6; m++) {
		add(f, m, 0, EARLY, 30);
		add(f, m, 1, EARLY, 5);
		add(f, m, 0, NOT_LINKED, 20);
		add(f, m, 1, NOT_LINKED, 4);
		r = close_month(f, m);
		if (m == 2) {
			assert_non_null(find(r, 1, 1, 1));
			assert_int_equal(find(r, 1, 1, 1)->count[0], 15);
		}
	}
}

static void side_view_splits_whole_quarters(void **state)
{
	struct fix *f = *state;
	struct release *r = NULL;

	for (int m = 0; m < 3; m++) {
		add(f, m, 0, EARLY, 20);
		add(f, m, 0, LATE, 5);
		r = close_month(f, m);
		if (m < 2)
			assert_null(find(r, VIEW_DAYS, 0, 0));
	}
	assert_non_null(find(r, VIEW_DAYS, 0, 0));
	assert_int_equal(find(r, VIEW_DAYS, 0, 0)->count[0], 60);
	assert_int_equal(find(r, VIEW_DAYS, 0, 0)->count[1], 15);
}

static void side_view_with_a_small_part_waits_for_the_half_year(void **state)
{
	struct fix *f = *state;
	struct release *r = NULL;

	for (int m = 0; m < 6; m++) {
		add(f, m, 0, EARLY, 20);
		add(f, m, 0, LATE, 3);
		r = close_month(f, m);
		assert_null(find(r, VIEW_DAYS, 0, 0));
	}
	assert_non_null(find(r, VIEW_DAYS, 1, 0));
	assert_int_equal(find(r, VIEW_DAYS, 1, 0)->count[1], 18);
}

static void month_without_trend_states_a_bound(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, EARLY, 7);
	add(f, 0, 1, NOT_LINKED, 7);
	r = close_from(f, 0, 1);
	assert_null(find(r, 0, 0, 0));
	assert_non_null(find(r, 1, 0, 0));
	assert_int_equal(r->n_bounds, 1);
	assert_int_equal(r->bound[0].at_most, 22);
}

static void empty_month_states_a_bound_of_one_floor(void **state)
{
	struct fix *f = *state;
	struct release *r = close_month(f, 0);

	assert_int_equal(r->n_groups, 0);
	assert_int_equal(r->n_bounds, 1);
	assert_int_equal(r->bound[0].at_most, FLOOR);
}

/* January says "12 to 22 wait"; a quarter's total of 25 would then put the
 * other months at 13 or fewer, 23 at 11 or fewer, 22 at 10 or fewer. */
static void total_that_pins_what_is_beside_a_bound_waits(void **state)
{
	for (int other = 9; other <= 12; other++) {
		struct fix *f = *state;
		struct release *r;

		add(f, 0, 0, EARLY, 13);
		for (size_t i = 0; i < f->n; i++)
			f->fact[i].cell = (uint16_t)(i % 4);
		r = close_from(f, 0, 1);
		assert_int_equal(r->bound[0].at_most, 22);
		close_from(f, 1, 1);
		add(f, 2, 3, EARLY, other);
		r = close_from(f, 2, 1);
		if (12 + FLOOR > 13 + other)
			assert_null(find(r, 0, 1, 0));
		else
			assert_non_null(find(r, 0, 1, 0));
		for (int i = 0; i < f->n_made; i++)
			release_fini(&f->made[i]);
		f->n_made = 0;
		f->n = 0;
	}
}

/* The two needs of the quarter cover January's trend and leave February's 10,
 * which no trend shows. */
static void detail_minus_trend_stays_hidden(void **state)
{
	struct fix *f = *state;
	struct release *r;

	f->t.dim = (struct dim){2, 1, {0, 0}};
	for (int need = 0; need < 2; need++) {
		add(f, 0, need, EARLY, 20);
		add(f, 0, need, NOT_LINKED, 6);
	}
	r = close_month(f, 0);
	assert_int_equal(r->n_groups, 1); /* the trend */
	for (int need = 0; need < 2; need++)
		add(f, 1, need, NOT_LINKED, 5);
	close_month(f, 1);
	r = close_month(f, 2);
	assert_true(!find(r, 1, 1, 0) || !find(r, 1, 1, 1));
}

/* January and February say "at most 11" each; 16 of them published together
 * would leave at most 6. */
static void block_inside_bounds_must_not_empty_them(void **state)
{
	struct fix *f = *state;
	struct release *r;

	for (int m = 0; m < 2; m++) {
		add(f, m, 0, EARLY, 8);
		add(f, m, 1, EARLY, 3);
		r = close_from(f, m, 2);
		assert_int_equal(r->bound[0].at_most, 11);
	}
	add(f, 2, 0, EARLY, 30);
	r = close_from(f, 2, 2);
	assert_non_null(find(r, 1, 0, 0));
	assert_null(find(r, 1, 1, 0));
}

static void side_view_waits_for_what_its_parent_lacks(void **state)
{
	struct fix *f = *state;
	struct release *r;

	add(f, 0, 0, EARLY, 5);
	close_month(f, 0);
	add(f, 1, 0, EARLY, 30);
	add(f, 1, 0, LATE, 20);
	close_month(f, 1);
	r = close_month(f, 2);
	assert_null(find(r, VIEW_DAYS, 0, 0));
}

static void floor_of_one_hides_nothing(void **state)
{
	struct fix *f = *state;
	struct gate_in in;
	struct release *r;

	add(f, 0, 0, EARLY, 1);
	add(f, 0, 1, NOT_LINKED, 2);
	in = in_of(f, 0);
	in.floor = 1;
	r = close_in(f, in);
	assert_int_equal(r->n_groups, 3);
}

static void same_facts_give_the_same_release(void **state)
{
	struct fix *f = *state;
	struct release a, b;
	struct gate_in in;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, NOT_LINKED, 25);
	add(f, 0, 1, LATE, 14);
	in = in_of(f, 0);
	assert_int_equal(gate_close(&in, &a), 0);
	for (size_t i = 0; i < f->n / 2; i++) {
		struct gate_fact x = f->fact[i];

		f->fact[i] = f->fact[f->n - 1 - i];
		f->fact[f->n - 1 - i] = x;
	}
	assert_int_equal(gate_close(&in, &b), 0);
	assert_int_equal(a.n_groups, b.n_groups);
	for (int i = 0; i < a.n_groups; i++)
		assert_memory_equal(&a.group[i], &b.group[i],
				    sizeof a.group[i]);
	release_fini(&a);
	release_fini(&b);
}

static void accounts_add_up(void **state)
{
	struct fix *f = *state;
	struct gate_state s;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, EARLY, 4);
	close_month(f, 0);
	gate_account(&f->t, f->fact, f->n, f->earlier, 1, 1, JAN, &s);
	assert_int_equal(s.published + s.waiting + s.withheld, 34);
	assert_int_equal(s.withheld, 0);
	gate_account(&f->t, f->fact, f->n, f->earlier, 1, 1, JAN + 5, &s);
	assert_int_equal(s.waiting, 0);
	assert_int_equal(s.published + s.withheld, 34);
}

static void trend_begins_where_it_expects_twenty(void **state)
{
	struct fix *f = *state;

	assert_int_equal(gate_trend_first(&f->t, (uint32_t[]){900, 240}, 2), 0);
	assert_int_equal(gate_trend_first(&f->t, (uint32_t[]){900, 239}, 2), 1);
	assert_int_equal(gate_trend_first(&f->t, (uint32_t[]){900, 79}, 2), 2);
	assert_int_equal(gate_trend_first(&f->t, NULL, 0), 2);
}

static void close_survives_oom(void **state)
{
	struct fix *f = *state;
	bool fired = true;

	add(f, 0, 0, EARLY, 30);
	add(f, 0, 1, EARLY, 30);
	for (int n = 0; fired; n++) {
		struct gate_in in = in_of(f, 0);
		struct release out = {0};
		int r;

		mem_fault(n);
		r = gate_close(&in, &out);
		fired = mem_fault_off();
		assert_int_equal(r, fired ? E_NOMEM : 0);
		release_fini(&out);
	}
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(group_of_floor_leaves),
		T(one_outcome_under_floor_holds_the_group),
		T(occurrences_of_few_children_wait),
		T(empty_groups_are_not_shown),
		T(sole_sensitive_outcome_waits),
		T(trend_minus_detail_stays_hidden),
		T(quarter_keeps_what_covered_a_month),
		T(chain_over_a_subset_of_months_is_held),
		T(full_groups_are_held),
		T(later_steps_take_what_waited),
		T(side_view_splits_whole_quarters),
		T(side_view_with_a_small_part_waits_for_the_half_year),
		T(month_without_trend_states_a_bound),
		T(empty_month_states_a_bound_of_one_floor),
		T(total_that_pins_what_is_beside_a_bound_waits),
		T(detail_minus_trend_stays_hidden),
		T(block_inside_bounds_must_not_empty_them),
		T(side_view_waits_for_what_its_parent_lacks),
		T(floor_of_one_hides_nothing),
		T(same_facts_give_the_same_release),
		T(accounts_add_up),
		T(trend_begins_where_it_expects_twenty),
		T(close_survives_oom),
	};
#undef T
	return cmocka_run_group_tests_name("gate", tests, NULL, NULL);
}
