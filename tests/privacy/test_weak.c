/* Gates that lack a rule: were the auditor blind, it would pass them too. */
#include "tests/lib/check.h"

#include "proto/catalogue.h"
#include "tests/lib/scratch.h"
#include "tests/privacy/audit.h"
#include "tests/privacy/weak.h"
#include "tests/privacy/world.h"

enum { FLOOR = 11, SEEDS = 4, N_SIZES = 4 };
static const int children[N_SIZES] = {300, 600, 1800, 5000};

struct fix {
	struct catalogue *cat;
	const struct fact_table *t; /* the package's */
	struct fact_table quarters; /* with a ladder that leaks more */
};

/* The older ladder: all of what waits leaves with the quarter, so that blocks
 * of quarters run across months. */
static const struct step ladder[] = {{1, LEVEL_LEAF},
				     {3, LEVEL_LEAF},
				     {3, LEVEL_GROUP},
				     {3, LEVEL_ANY},
				     {6, LEVEL_ANY}};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	int i;

	assert_non_null(f);
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	i = catalogue_find_table(f->cat, "referrals_90d");
	assert_true(i >= 0);
	f->t = catalogue_table(f->cat, i);
	f->quarters = *f->t;
	f->quarters.view[1].n_steps = sizeof ladder / sizeof ladder[0];
	memcpy(f->quarters.view[1].step, ladder, sizeof ladder);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->cat);
	mem_free(f);
	audit_end();
	return 0;
}

/* Leaks that lie between blocks: not the small events of a low floor. */
static void count_hidden(void *arg, const struct audit_leak *leak)
{
	int *n = arg;

	*n += leak->kind == AUDIT_COUNT || leak->kind == AUDIT_CHILDREN;
}

/* Half-years of one size in which something can be computed, in percent. */
static int leaking(struct fix *f, int size, enum weak how)
{
	int halves = 0, bad = 0;

	for (int seed = 0; seed < SEEDS; seed++) {
		struct world w;

		check_ok(world_init(&w, &f->quarters, children[size],
				    (uint64_t)(size * 1000 + seed)));
		for (int no = 2; no < WORLD_HALVES; no++) {
			struct release out[LATTICE_MONTHS];
			int hidden = 0;

			check_ok(weak_close(&w, no, FLOOR, how, out));
			assert_true(world_audit(&w, no, FLOOR, out,
						count_hidden, &hidden) >= 0);
			halves++;
			bad += hidden > 0;
			for (int m = 0; m < LATTICE_MONTHS; m++)
				release_fini(&out[m]);
		}
		world_fini(&w);
	}
	return 100 * bad / halves;
}

static void all_sizes(struct fix *f, enum weak how, const char *title,
		      int percent[N_SIZES])
{
	for (int i = 0; i < N_SIZES; i++) {
		percent[i] = leaking(f, i, how);
		print_message("# %-12s %5d children: %3d %% of half-years "
			      "leak\n",
			      title, children[i], percent[i]);
	}
}

static void views_alone_leak(void **state)
{
	int p[N_SIZES];

	all_sizes(*state, WEAK_ALONE, "views alone", p);
	for (int i = 0; i < N_SIZES; i++)
		assert_true(p[i] > 0);
	assert_true(p[0] + p[1] + p[2] + p[3] > 100);
}

static void single_periods_leak(void **state)
{
	int p[N_SIZES];

	all_sizes(*state, WEAK_POINTS, "points only", p);
	assert_true(p[0] + p[1] + p[2] + p[3] > 0);
}

static void counting_occurrences_leaks(void **state)
{
	int p[N_SIZES];

	all_sizes(*state, WEAK_OCCURRENCES, "occurrences", p);
	assert_true(p[0] + p[1] + p[2] + p[3] > 0);
}

/* The joint check alone is enough for what can be computed. */
static void joint_check_does_not(void **state)
{
	int p[N_SIZES];

	all_sizes(*state, WEAK_NOT, "joint", p);
	for (int i = 0; i < N_SIZES; i++)
		assert_int_equal(p[i], 0);
}

/* The gate itself, told a lower floor than it is judged by. */
static void lower_floor_leaks(void **state)
{
	struct fix *f = *state;
	struct world w;
	int hidden = 0, all = 0;

	check_ok(world_init(&w, f->t, 600, 1));
	for (int no = 2; no < WORLD_HALVES; no++) {
		struct release out[LATTICE_MONTHS];
		int n;

		check_ok(world_close(&w, no, FLOOR - 3, -1, out));
		n = world_audit(&w, no, FLOOR, out, count_hidden, &hidden);
		assert_true(n >= 0);
		all += n;
		for (int m = 0; m < LATTICE_MONTHS; m++)
			release_fini(&out[m]);
	}
	print_message("# floor %d judged by %d: %d leaks, %d of them hidden\n",
		      FLOOR - 3, FLOOR, all, hidden);
	assert_true(all > hidden && hidden > 0);
	world_fini(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(views_alone_leak),
		cmocka_unit_test(single_periods_leak),
		cmocka_unit_test(counting_occurrences_leaks),
		cmocka_unit_test(joint_check_does_not),
		cmocka_unit_test(lower_floor_leaks),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
