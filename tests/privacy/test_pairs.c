/* Do two tables that count the very same occurrences give away together what
 * each holds back? From nothing but what left: a block of the one less the
 * blocks of the other that lie inside it must not be one to ten. */
#include "tests/lib/check.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/core/mem.h"
#include "tests/lib/scratch.h"
#include "tests/privacy/world.h"

enum { FLOOR = 11, SEEDS = 3, SIZES = 4, DETAIL_VIEW = 1 };

static const int SIZE[SIZES] = {300, 600, 1800, 5000};

static int64_t total(const struct group *g)
{
	int64_t n = 0;

	for (int o = 0; o < g->n; o++)
		n += g->count[o];
	return n;
}

/* How often blocks of @a less those of @b inside them are few, in one view. */
static int differences(const struct release *a, const struct release *b,
		       int view)
{
	int few = 0;

	for (int m = 0; m < LATTICE_MONTHS; m++)
		for (int i = 0; i < a[m].n_groups; i++) {
			const struct group *g = &a[m].group[i];
			struct cells rest = g->cells;
			int64_t n = total(g);

			if (g->view != view)
				continue;
			for (int k = 0; k < LATTICE_MONTHS; k++)
				for (int j = 0; j < b[k].n_groups; j++) {
					const struct group *x = &b[k].group[j];

					if (x->view != view ||
					    !cells_inside(x->cells, g->cells))
						continue;
					rest = cells_minus(rest, x->cells);
					n -= total(x);
				}
			few += !cells_empty(rest) && n > 0 && n < FLOOR;
			/* The same cells hold the same occurrences. */
			assert_true(!cells_empty(rest) || n == 0);
		}
	return few;
}

static int few(const struct release *a, const struct release *b)
{
	int n = 0;

	for (int v = 0; v <= DETAIL_VIEW; v++)
		n += differences(a, b, v) + differences(b, a, v);
	return n;
}

/* Occurrences that left, in detail: in all, and with their stratum. */
struct left {
	double all, leaf;
};
struct shares {
	double of;
	struct left alone, alike;
};

static void add_left(struct left *s, const struct release *r)
{
	for (int m = 0; m < LATTICE_MONTHS; m++)
		for (int i = 0; i < r[m].n_groups; i++)
			if (r[m].group[i].view == DETAIL_VIEW) {
				double n = (double)total(&r[m].group[i]);

				s->all += n;
				if (r[m].group[i].stratum.level == LEVEL_LEAF)
					s->leaf += n;
			}
}

static void fini(struct release *r)
{
	for (int m = 0; m < LATTICE_MONTHS; m++)
		release_fini(&r[m]);
}

/* The occurrences of @as, by the question of @t. */
static void ask_again(struct world *w, const struct fact_table *t,
		      uint64_t seed)
{
	struct rng_seeded rng;

	rand_seed(&rng, seed + 1);
	w->table = t;
	for (int no = 0; no < WORLD_HALVES; no++)
		for (size_t i = 0; i < w->half[no].n; i++)
			w->half[no].fact[i].outcome = world_draw(t, &rng.base);
}

/* One region: leaks of the two when each goes its own way; none together. */
static int region(const struct fact_table *as, const struct fact_table *t,
		  int children, uint64_t seed, struct shares *s)
{
	struct fact_table by_itself = *t;
	struct world first, second;
	int leaks = 0;

	by_itself.alike = false;
	check_ok(world_init(&first, as, children, seed));
	check_ok(world_init(&second, as, children, seed));
	ask_again(&second, t, seed);
	for (int no = 2; no < WORLD_HALVES; no++) {
		struct release lead[LATTICE_MONTHS], alone[LATTICE_MONTHS],
			alike[LATTICE_MONTHS];

		check_ok(world_close(&first, no, FLOOR, -1, lead));
		second.table = &by_itself;
		check_ok(world_close(&second, no, FLOOR, -1, alone));
		second.table = t;
		check_ok(world_close_like(&second, no, FLOOR, lead, alike));
		leaks += few(lead, alone);
		assert_int_equal(few(lead, alike), 0);
		assert_int_equal(
			world_audit(&second, no, FLOOR, alike, NULL, NULL), 0);
		s->of += (double)second.half[no].n;
		add_left(&s->alone, alone);
		add_left(&s->alike, alike);
		fini(lead);
		fini(alone);
		fini(alike);
	}
	world_fini(&first);
	world_fini(&second);
	return leaks;
}

static void no_pair_gives_away_what_one_holds_back(void **state)
{
	const struct catalogue *c = *state;
	int pairs = 0, leaks = 0;

	for (int i = 0; i < catalogue_tables(c); i++) {
		const struct fact_table *t = catalogue_table(c, i);

		if (!t->alike)
			continue;
		pairs++;
		for (int k = 0; k < SIZES; k++) {
			const struct fact_table *as = catalogue_table(c, t->as);
			struct shares s = {0};
			int n = 0;

			for (int seed = 0; seed < SEEDS; seed++)
				n += region(as, t, SIZE[k],
					    (uint64_t)(SIZE[k] * 100 + seed),
					    &s);
			print_message("# %-14s %4d children: %.1f %% leave, "
				      "%.1f by %s; alone %.1f, %.1f, with %d "
				      "leaks beside %s\n",
				      t->id, SIZE[k], 100 * s.alike.all / s.of,
				      100 * s.alike.leaf / s.of, t->dim_id,
				      100 * s.alone.all / s.of,
				      100 * s.alone.leaf / s.of, n, as->id);
			leaks += n;
		}
	}
	/* The five pairs of the package; and the check can see a leak. */
	assert_int_equal(pairs, 5);
	assert_true(leaks > 0);
}

static int setup(void **state)
{
	struct catalogue *c;

	check_ok(catalogue_load(&c, source_path("proto")));
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	audit_end();
	catalogue_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_pair_gives_away_what_one_holds_back),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
