#include "tests/lib/check.h"

#include "daemon/core/date.h"
#include "proto/lattice.h"

/* Three leaves: two in group 0, one in no group. */
static const struct dim dim = {
	.leaves = 3, .groups = 1, .group_of = {0, 0, -1}};

static struct period parse(const char *text)
{
	struct period p = {0, 0};

	check_ok(period_parse(text, &p));
	return p;
}

static void parse_and_format_agree(void **state)
{
	static const char *const text[] = {"2026-01", "2026-12", "2026Q1",
					   "2026Q4",  "2026H1",	 "2026H2",
					   "2026",    "1900",	 "2200-12"};
	char out[PERIOD_TEXT];

	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
		assert_string_equal(period_format(parse(text[i]), out),
				    text[i]);
	assert_int_equal(parse("2026-07").month, 2026 * 12 + 6);
	assert_int_equal(parse("2026Q3").month, 2026 * 12 + 6);
	assert_int_equal(parse("2026H2").months, 6);
}

static void what_is_no_period_is_refused(void **state)
{
	static const char *const text[] = {
		"",	   "2",		 "226",
		"2026-",   "2026-0",	 "2026-00",
		"2026-13", "2026-1",	 "2026Q0",
		"2026Q5",  "2026H0",	 "2026H3",
		"2026h1",  "2026-07 ",	 " 2026-07",
		"+026-07", "1899-12",	 "2201-01",
		"2026-+7", "2026-07-01", "\xff\xff\xff\xff"};
	struct period p;

	for (size_t i = 0; i < sizeof text / sizeof text[0]; i++) {
		assert_int_equal(period_parse(text[i], &p), E_INVALID);
		check_says("is not a period");
	}
}

static void titles_are_for_people(void **state)
{
	char out[40];

	assert_string_equal(period_title(parse("2026-07"), out), "July 2026");
	assert_string_equal(period_title(parse("2026Q3"), out),
			    "July-September 2026");
	assert_string_equal(period_title(parse("2026H2"), out),
			    "July-December 2026");
	assert_string_equal(period_title(parse("2026"), out), "2026");
}

static void ranges_split_into_the_largest_periods(void **state)
{
	struct period p[16];

	assert_int_equal(period_range_parse("2026-07..2026-09", p, 16), 1);
	assert_int_equal(p[0].months, 3);
	assert_int_equal(period_range_parse("2025-12..2027-02", p, 16), 4);
	assert_int_equal(p[0].months, 1);
	assert_int_equal(p[1].months, 12);
	assert_int_equal(p[1].month, 2026 * 12);
	assert_int_equal(p[2].months, 1);
	assert_int_equal(p[3].months, 1);
	assert_int_equal(period_range_parse("2026Q2..2026H2", p, 16), 2);
	assert_int_equal(p[0].months, 3);
	assert_int_equal(p[1].months, 6);
	assert_int_equal(period_range_parse("2026", p, 16), 1);
}

static void wrong_ranges_are_refused(void **state)
{
	struct period p[2];

	assert_int_equal(period_range_parse("2026-08..2026-07", p, 2),
			 E_INVALID);
	check_says("ends before it begins");
	assert_int_equal(period_range_parse("2025-12..2027-02", p, 2),
			 E_INVALID);
	check_says("too long");
	assert_int_equal(period_range_parse("..2026", p, 2), E_INVALID);
	assert_int_equal(period_range_parse("2026..", p, 2), E_INVALID);
	assert_int_equal(period_range_parse("2026-07 and on..2026", p, 2),
			 E_INVALID);
}

static void periods_lie_in_others(void **state)
{
	struct period q3 = parse("2026Q3"), aug = parse("2026-08");
	struct period oct = parse("2026-10"), h2 = parse("2026H2");

	assert_true(period_contains(h2, q3));
	assert_true(period_contains(q3, q3));
	assert_false(period_contains(q3, h2));
	assert_false(period_contains(q3, oct));
	assert_int_equal(period_of(oct.month, 3).month, oct.month);
	assert_int_equal(period_of(aug.month, 6).month, q3.month);
	assert_int_equal(period_of(aug.month, 12).months, 12);
}

static void days_and_months_agree(void **state)
{
	struct period feb = parse("2028-02");
	char text[DATE_TEXT];

	assert_string_equal(date_format(period_first_day(feb), text),
			    "2028-02-01");
	assert_string_equal(date_format(period_last_day(feb), text),
			    "2028-02-29");
	assert_string_equal(date_format(period_last_day(parse("2026")), text),
			    "2026-12-31");
	for (int32_t m = 1999 * 12; m < 2001 * 12; m++) {
		struct period p = {m, 1};

		assert_int_equal(period_month_of_day(period_first_day(p)), m);
		assert_int_equal(period_month_of_day(period_last_day(p)), m);
	}
}

static void cells_follow_period_and_stratum(void **state)
{
	struct period h2 = parse("2026H2"), aug = parse("2026-08");
	int32_t half = lattice_half(h2.month);
	struct stratum any = {LEVEL_ANY, 0}, group = {LEVEL_GROUP, 0};
	struct stratum leaf = {LEVEL_LEAF, 2};
	struct cells c;

	assert_int_equal(cells_count(lattice_cells(&dim, half, h2, any)), 18);
	assert_int_equal(cells_count(lattice_cells(&dim, half, aug, group)), 2);
	c = lattice_cells(&dim, half, aug, leaf);
	assert_int_equal(cells_count(c), 1);
	assert_true(cells_has(c, lattice_cell(&dim, aug.month, 2)));
	c = lattice_cells(&dim, half, parse("2026"), leaf);
	assert_int_equal(cells_count(c), 6);
	assert_true(cells_empty(lattice_cells(&dim, half + 1, aug, any)));
}

/* The largest dimension fills both words. */
static void cells_are_walked_over_both_words(void **state)
{
	struct dim wide = {.leaves = LATTICE_LEAVES_MAX};
	struct cells c = lattice_cells(&wide, 4053, (struct period){24318, 6},
				       (struct stratum){LEVEL_ANY, 0});
	int n = 0, at = -1;

	assert_int_equal(cells_count(c), 126);
	while ((at = cells_next(c, at + 1)) >= 0) {
		assert_int_equal(at, n);
		n++;
	}
	assert_int_equal(n, 126);
	c = cells_with(cells_none(), 63);
	c = cells_with(c, 125);
	assert_int_equal(cells_next(c, 0), 63);
	assert_int_equal(cells_next(c, 64), 125);
	assert_int_equal(cells_next(c, 126), -1);
	assert_int_equal(cells_next(c, 500), -1);
	assert_int_equal(cells_next(c, -5), 63);
}

static void sets_obey_their_algebra(void **state)
{
	struct cells a = cells_with(cells_with(cells_none(), 1), 100);
	struct cells b = cells_with(cells_with(cells_none(), 100), 7);

	assert_true(cells_touch(a, b));
	assert_int_equal(cells_count(cells_or(a, b)), 3);
	assert_int_equal(cells_next(cells_and(a, b), 0), 100);
	assert_int_equal(cells_next(cells_minus(a, b), 0), 1);
	assert_true(cells_inside(cells_and(a, b), a));
	assert_false(cells_inside(a, b));
	assert_true(cells_equal(cells_minus(a, a), cells_none()));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse_and_format_agree),
		cmocka_unit_test(what_is_no_period_is_refused),
		cmocka_unit_test(titles_are_for_people),
		cmocka_unit_test(ranges_split_into_the_largest_periods),
		cmocka_unit_test(wrong_ranges_are_refused),
		cmocka_unit_test(periods_lie_in_others),
		cmocka_unit_test(days_and_months_agree),
		cmocka_unit_test(cells_follow_period_and_stratum),
		cmocka_unit_test(cells_are_walked_over_both_words),
		cmocka_unit_test(sets_obey_their_algebra),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
