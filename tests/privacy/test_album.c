/* The gate over whole invented regions, picture by picture: every snapshot and
 * year of the catalogue, alone and beside the picture before it. */
#include "tests/lib/check.h"

#include <stdlib.h>

#include "proto/catalogue.h"
#include "proto/picture.h"
#include "tests/lib/scratch.h"
#include "tests/privacy/album.h"

enum { FLOOR = 11, SEEDS = 4 };
static const int sizes[] = {300, 600, 1800, 5000};

/* Occurrences that each view could show, and that leave. */
struct tally {
	double of[VIEWS_MAX], left[VIEWS_MAX];
	double by_stratum;
	int pictures, leaks;
};

static int setup(void **state)
{
	struct catalogue *c = NULL;

	check_ok(catalogue_load(&c, source_path("proto")));
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	catalogue_free(*state);
	audit_end();
	return 0;
}

static void print_leak(void *arg, const struct audit_leak *leak)
{
	print_message("# %s: %s\n", (const char *)arg, leak->text);
}

static void count(struct tally *y, const struct fact_table *t,
		  const struct album_picture *x)
{
	for (int v = 0; v < t->n_views; v++)
		for (size_t i = 0; i < x->n; i++)
			y->of[v] += t->view[v].splits < 0 ||
				    fact_table_under(t, x->fact[i].outcome,
						     t->view[v].splits);
	for (int k = 0; k < x->left.n_groups; k++) {
		const struct group *g = &x->left.group[k];

		for (int o = 0; o < g->n; o++) {
			y->left[g->view] += g->count[o];
			if (g->view == 1 && g->stratum.level == LEVEL_LEAF)
				y->by_stratum += g->count[o];
		}
	}
	y->pictures++;
}

/* One region; leaks are printed. */
static void run(const struct fact_table *t, int children, int seed,
		struct tally *y)
{
	struct album a;
	char where[80];

	check_ok(album_init(&a, t, children,
			    (uint64_t)(children * 1000 + seed)));
	for (int i = 0; i < a.n; i++) {
		int n;

		snprintf(where, sizeof where, "%s, %d children, seed %d", t->id,
			 children, seed);
		check_ok(album_close(&a, i, FLOOR));
		n = album_audit(&a, i, FLOOR, print_leak, where);
		assert_true(n >= 0);
		y->leaks += n;
		count(y, t, &a.picture[i]);
	}
	album_fini(&a);
}

/* CCFED_SEEDS: how many regions of each size, for a longer search. */
static int seeds(void)
{
	const char *text = getenv("CCFED_SEEDS");
	long n = text ? strtol(text, NULL, 10) : 0;

	return n > 0 && n < 10000 ? (int)n : SEEDS;
}

static double percent(double part, double of)
{
	return of > 0 ? 100 * part / of : 0;
}

static void print_shares(const struct fact_table *t, const struct tally *y,
			 int children)
{
	char line[300];
	size_t n = 0;

	for (int v = 0; v < t->n_views; v++)
		n += (size_t)snprintf(line + n, sizeof line - n, " %s %.0f",
				      t->view[v].id,
				      percent(y->left[v], y->of[v]));
	if (t->view[1].step[0].level == LEVEL_LEAF)
		snprintf(line + n, sizeof line - n, "; by %s %.0f", t->dim_id,
			 percent(y->by_stratum, y->of[1]));
	print_message("# %-17s %4d children a year, %% that leave:%s\n", t->id,
		      children, line);
}

/* All of one size; what a small region needs is that totals leave. */
static void regions(const struct catalogue *c, int children)
{
	int leaks = 0, pictures = 0;

	for (int i = 0; i < catalogue_tables(c); i++) {
		const struct fact_table *t = catalogue_table(c, i);
		struct tally y = {.pictures = 0};

		/* What restates is compared with its months: test_restated. */
		if (t->plain || !picture_is(t) || t->restates)
			continue;
		for (int seed = 0; seed < seeds(); seed++)
			run(t, children, seed, &y);
		print_shares(t, &y, children);
		assert_true(percent(y.left[0], y.of[0]) > 90);
		leaks += y.leaks;
		pictures += y.pictures;
	}
	print_message("# %d children: %d pictures audited, leaks found: %d\n",
		      children, pictures, leaks);
	assert_int_equal(leaks, 0);
}

static void no_picture_leaks_at_300(void **state)
{
	regions(*state, sizes[0]);
}

static void no_picture_leaks_at_600(void **state)
{
	regions(*state, sizes[1]);
}

static void no_picture_leaks_at_1800(void **state)
{
	regions(*state, sizes[2]);
}

static void no_picture_leaks_at_5000(void **state)
{
	regions(*state, sizes[3]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_picture_leaks_at_300),
		cmocka_unit_test(no_picture_leaks_at_600),
		cmocka_unit_test(no_picture_leaks_at_1800),
		cmocka_unit_test(no_picture_leaks_at_5000),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
