/* The rules of stat.h by examples that can be followed by hand, and how often
 * they call where nothing moved. */
#include "tests/lib/check.h"

#include <math.h>
#include <string.h>

#include "daemon/hub/stat.h"

static void near_to(double a, double b, double by)
{
	if (fabs(a - b) > by)
		fail_msg("%g is not %g", a, b);
}

static int exact(struct stat_point *x, const double *v, int n)
{
	memset(x, 0, (size_t)n * sizeof *x);
	for (int i = 0; i < n; i++)
		x[i] = (struct stat_point){.low = v[i],
					   .high = v[i],
					   .known = true,
					   .judged = true};
	return n;
}

/* Moving ranges 2, 3, 2, 2, 1, 2, 2 have the mean 2; 6.125 +- 2.66 * 2. */
static void limits_of_counts(void **state)
{
	const double v[] = {5, 7, 4, 6, 8, 7, 5, 7};
	struct stat_point x[8];
	struct stat_line line;

	stat_xmr(x, exact(x, v, 8), &line);
	assert_true(line.known);
	near_to(line.mean, 6.125, 1e-9);
	near_to(x[3].lower, 6.125 - 5.32, 1e-9);
	near_to(x[3].upper, 6.125 + 5.32, 1e-9);
	for (int i = 0; i < 8; i++)
		assert_int_equal(x[i].signal, 0);
}

/* 50 of 100 each time: 0.5 +- 3 * sqrt(0.25 / 100). */
static void limits_of_proportions(void **state)
{
	struct stat_point x[9];
	struct stat_line line;
	double v[9];

	for (int i = 0; i < 9; i++)
		v[i] = 0.5;
	v[8] = 0.66;
	exact(x, v, 9);
	for (int i = 0; i < 9; i++)
		x[i].of_low = x[i].of_high = i == 8 ? 400 : 100;
	/* The ninth is in the baseline, too: it has its own weight. */
	stat_p(x, 9, &line);
	near_to(line.mean, (8 * 50 + 264) / 1200.0, 1e-9);
	near_to(x[0].upper - line.mean,
		3 * sqrt(line.mean * (1 - line.mean) / 100), 1e-9);
	near_to(line.mean - x[8].lower,
		3 * sqrt(line.mean * (1 - line.mean) / 400), 1e-9);
	assert_int_equal(x[8].signal & STAT_OUTSIDE, STAT_OUTSIDE);
	assert_int_equal(x[8].side, 1);
}

/* A baseline of twelve that goes 10, 12, 10, 12 ...: mean 11, limits 11 +-
 * 5.32. @tail follows it. */
static void run(struct stat_point *x, const double *tail, int n)
{
	double v[40];
	struct stat_line line;

	for (int i = 0; i < STAT_BASELINE; i++)
		v[i] = i % 2 ? 12 : 10;
	for (int i = 0; i < n; i++)
		v[STAT_BASELINE + i] = tail[i];
	stat_xmr(x, exact(x, v, STAT_BASELINE + n), &line);
	near_to(line.mean, 11, 1e-9);
}

static void a_point_outside(void **state)
{
	const double tail[] = {16.3, 16.4, 5.7, 5.6};
	struct stat_point x[40];

	run(x, tail, 4);
	assert_false(x[12].signal & STAT_OUTSIDE);
	assert_true(x[13].signal & STAT_OUTSIDE);
	assert_int_equal(x[13].side, 1);
	assert_false(x[14].signal & STAT_OUTSIDE);
	assert_true(x[15].signal & STAT_OUTSIDE);
	assert_int_equal(x[15].side, -1);
}

/* The twelfth is above the mean: six more are seven. */
static void seven_on_one_side(void **state)
{
	const double five[] = {11.5, 12, 11.5, 12, 11.5, 10, 12};
	const double six[] = {11.5, 12, 11.5, 12, 11.5, 12, 10};
	struct stat_point x[40];

	run(x, five, 7);
	for (int i = 0; i < 19; i++)
		assert_int_equal(x[i].signal, 0);
	run(x, six, 7);
	for (int i = 11; i < 18; i++)
		assert_int_equal(x[i].signal, STAT_SHIFT);
	assert_int_equal(x[10].signal, 0);
	assert_int_equal(x[18].signal, 0);
}

static void seven_that_rise(void **state)
{
	/* from 12 down to 8, then seven that rise */
	const double tail[] = {8, 9, 10, 10.5, 11.5, 12, 13, 9};
	const double equal[] = {8, 9, 10, 10, 11.5, 12, 13, 9};
	struct stat_point x[40];

	run(x, tail, 8);
	for (int i = 12; i < 19; i++)
		assert_true(x[i].signal & STAT_TREND);
	assert_int_equal(x[15].side, 1);
	assert_int_equal(x[19].signal, 0);
	run(x, equal, 8);
	for (int i = 12; i < 20; i++)
		assert_false(x[i].signal & STAT_TREND);
}

/* The outer third begins at 11 + 2/3 of 5.32 = 14.55. */
static void two_of_three_near_a_limit(void **state)
{
	const double two[] = {14.6, 10, 14.6, 10};
	const double sides[] = {14.6, 10, 7.4, 10};
	const double one[] = {14.6, 10, 14.5, 10};
	struct stat_point x[40];

	run(x, two, 4);
	assert_int_equal(x[12].signal, STAT_NEAR);
	assert_int_equal(x[13].signal, 0);
	assert_int_equal(x[14].signal, STAT_NEAR);
	run(x, sides, 4);
	for (int i = 12; i < 16; i++)
		assert_int_equal(x[i].signal, 0);
	run(x, one, 4);
	for (int i = 12; i < 16; i++)
		assert_int_equal(x[i].signal, 0);
}

/* Mean 2, half 2.66 * 3: the lower limit is cut at 0, but two thirds of the way
 * there is no place at all, so that low points are near nothing. */
static void a_limit_that_is_cut_is_no_nearer(void **state)
{
	const double v[] = {0.5, 3.5, 0.5, 3.5, 0.5, 3.5,
			    0.5, 3.5, 0.5, 3.5, 0.5, 3.5};
	struct stat_point x[15];
	struct stat_line line;
	double all[15];

	memcpy(all, v, sizeof v);
	all[12] = all[14] = 0.2;
	all[13] = 3.5;
	stat_xmr(x, exact(x, all, 15), &line);
	near_to(line.mean, 2, 1e-9);
	near_to(x[12].lower, 0, 0);
	for (int i = 0; i < 15; i++)
		assert_int_equal(x[i].signal, 0);
}

/* Seven points that are all the same share lie on their mean, and are no run
 * beside it, whatever the rounding of a division. */
static void equal_rates_are_no_run(void **state)
{
	for (int of = 20; of < 400; of++) {
		struct stat_point x[12];
		struct stat_line line;
		double v[12];

		for (int i = 0; i < 12; i++)
			v[i] = 7 / (double)of;
		exact(x, v, 12);
		for (int i = 0; i < 12; i++)
			x[i].of_low = x[i].of_high = of;
		stat_p(x, 12, &line);
		for (int i = 0; i < 12; i++)
			assert_int_equal(x[i].signal, 0);
	}
}

/* A range is beyond only as a whole, and one that is not judged ends a run. */
static void ranges_and_gaps_are_no_signal(void **state)
{
	const double tail[] = {20, 11.5, 12, 11.5, 12, 11.5, 12, 11.5};
	struct stat_point x[40];
	struct stat_line line;

	run(x, tail, 8);
	assert_true(x[12].signal & STAT_OUTSIDE);
	assert_true(x[15].signal & STAT_SHIFT);
	x[12].low = 16;
	x[15].judged = false;
	stat_xmr(x, 20, &line);
	assert_false(x[12].signal & STAT_OUTSIDE);
	for (int i = 12; i < 20; i++)
		assert_false(x[i].signal & STAT_SHIFT);
}

static void few_points_have_no_mean(void **state)
{
	const double v[] = {5, 7, 4, 6, 8, 7, 500};
	struct stat_point x[7];
	struct stat_line line;

	stat_xmr(x, exact(x, v, 7), &line);
	assert_false(line.known);
	assert_int_equal(x[6].signal, 0);
}

/* Of ten draws with chance one half: P(X <= 1) = 11/1024, P(X <= 2) = 56/1024,
 * P(X <= 7) = 968/1024, P(X <= 8) = 1013/1024. */
static void binomial_limits(void **state)
{
	near_to(stat_binomial(0.025, 10, 0.5),
		(2 - (56 / 1024.0 - 0.025) / (45 / 1024.0)) / 10, 1e-9);
	near_to(stat_binomial(0.975, 10, 0.5),
		(8 - (1013 / 1024.0 - 0.975) / (45 / 1024.0)) / 10, 1e-9);
	/* With many draws it is the normal one: 0.5 +- 3.09 * 0.005. */
	near_to(stat_binomial(0.999, 10000, 0.5), 0.5 + 3.0902 * 0.005, 1e-4);
	near_to(stat_binomial(0.001, 10000, 0.5), 0.5 - 3.0902 * 0.005, 1e-4);
	near_to(stat_binomial(0.5, 0, 0.5), 0, 0);
	near_to(stat_binomial(0.5, 10, 1), 1, 0);
}

/* How many of a hundred draws with chance @rate; splitmix64. */
static int draw(uint64_t *s, int n, double rate)
{
	int k = 0;

	for (int i = 0; i < n; i++) {
		uint64_t z = *s += 0x9e3779b97f4a7c15u;

		z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
		z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
		z ^= z >> 31;
		k += (double)(z >> 11) * 0x1p-53 < rate;
	}
	return k;
}

/* 2,000 series of 24 months in which nothing moves. Beyond three standard
 * deviations 0.27 % of points lie by theory; the baseline's own chance adds
 * some. Seven in a row on a side: 24 tosses have one in about 13 %, and the
 * mean is not quite the true one. Counted: printed, and held to twice. */
static void where_nothing_moves_few_signals(void **state)
{
	enum { SERIES = 2000, POINTS = 24, OF = 100 };
	uint64_t s = 7;
	int outside = 0, shift = 0, any = 0;

	for (int k = 0; k < SERIES; k++) {
		struct stat_point x[POINTS];
		struct stat_line line;
		unsigned all = 0;

		memset(x, 0, sizeof x);
		for (int i = 0; i < POINTS; i++) {
			double v = draw(&s, OF, 0.6) / (double)OF;

			x[i] = (struct stat_point){.low = v,
						   .high = v,
						   .of_low = OF,
						   .of_high = OF,
						   .known = true,
						   .judged = true};
		}
		stat_p(x, POINTS, &line);
		for (int i = 0; i < POINTS; i++) {
			outside += (x[i].signal & STAT_OUTSIDE) != 0;
			all |= x[i].signal;
		}
		shift += (all & STAT_SHIFT) != 0;
		any += all != 0;
	}
	print_message("# nothing moved: %.2f %% of points outside (theory "
		      "0.27), %.1f %% of series with a shift (theory 13), "
		      "%.1f %% with any signal\n",
		      100.0 * outside / (SERIES * POINTS),
		      100.0 * shift / SERIES, 100.0 * any / SERIES);
	assert_true(outside > 0 && outside < SERIES * POINTS * 2 * 0.0027);
	assert_true(shift > 0 && shift < SERIES * 2 * 0.13);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(limits_of_counts),
		cmocka_unit_test(limits_of_proportions),
		cmocka_unit_test(a_point_outside),
		cmocka_unit_test(seven_on_one_side),
		cmocka_unit_test(seven_that_rise),
		cmocka_unit_test(two_of_three_near_a_limit),
		cmocka_unit_test(a_limit_that_is_cut_is_no_nearer),
		cmocka_unit_test(equal_rates_are_no_run),
		cmocka_unit_test(ranges_and_gaps_are_no_signal),
		cmocka_unit_test(few_points_have_no_mean),
		cmocka_unit_test(binomial_limits),
		cmocka_unit_test(where_nothing_moves_few_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
