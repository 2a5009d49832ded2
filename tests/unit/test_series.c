/* A measure over time, over releases that came in through the bus. */
#include "tests/unit/hub_world.h"

#include <math.h>

#include "daemon/hub/hub_chart.h"
#include "daemon/hub/series.h"
#include "daemon/web/tpl_table.h"

struct fix {
	struct world w;
	struct hand north, south;
	struct arena a;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	arena_init(&f->a);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	arena_fini(&f->a);
	hand_fini(&f->north);
	hand_fini(&f->south);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

/* Month @i of 24 from January 2025, of @linked and @not. */
static void month(struct hand *n, int i, uint32_t linked, uint32_t not )
{
	int32_t month = month_no(2025, 1) + i;
	struct release r;

	hand_release(n, &r, month, 1);
	if (linked + not > 0)
		add_block(n->w->table, &r, 0, 0, month, 0, linked, not );
	assert_int_equal(hand_deliver(n, &r, (uint64_t)month), KIND_RECEIPT);
	release_fini(&r);
}

static void read_all(struct fix *f, const char *id, int32_t months,
		     struct series_set *out)
{
	int i = catalogue_find_measure(f->w.cat, id);

	assert_true(i >= 0);
	check_ok(series_read(&f->a, f->w.hub, f->w.hub->db,
			     catalogue_measure(f->w.cat, i), months,
			     SERIES_NEWEST, out));
}

/* North stays at 60 of 100; south falls from 60 to 50 in month 16 of 24. */
static void fill(struct fix *f, int south_months)
{
	for (int i = 0; i < 24; i++)
		month(&f->north, i, 60 + (uint32_t)(i % 2), 40);
	for (int i = 0; i < south_months; i++)
		month(&f->south, i, i < 16 ? 60 + (uint32_t)(i % 2) : 50,
		      i < 16 ? 40 : 50);
}

static void a_fall_is_told_of_who_fell(void **state)
{
	struct fix *f = *state;
	const struct series *north, *south;
	struct series_set set;

	fill(f, 24);
	read_all(f, "M10", 0, &set);
	assert_int_equal(set.n, 3);
	assert_string_equal(set.of[0].region, "");
	assert_int_equal(set.of[0].months, 1);
	north = series_find(&set, "north");
	south = series_find(&set, "south");
	assert_int_equal(south->n, 24);
	assert_int_equal(north->says, SERIES_QUIET);
	assert_int_equal(south->says, SERIES_CONCERN);
	assert_string_equal(south->words,
			    "For 8 months in a row, May 2026 to December 2026, "
			    "South Region was below its mean of 60.2 %.");
	assert_string_equal(series_point_words(&f->a, south, 15), "");
	assert_string_equal(series_point_words(&f->a, south, 16),
			    "▼ in a row below the mean");
	assert_string_equal(hub_says_of(south->says).sign, "▼");
	/* The same numbers stand in the chart's table. */
	assert_string_equal(hub_chart_run(&f->a, south, false, NULL, NULL)
				    ->table->rows[16]
				    .cells[6]
				    .text,
			    "▼ in a row below the mean");
}

/* A count falls because a region is silent: that is no signal. */
static void a_month_that_a_region_lacks_is_not_judged(void **state)
{
	struct fix *f = *state;
	struct series_set set;
	const struct series_point *last;

	fill(f, 20);
	read_all(f, "M10", 0, &set);
	assert_int_equal(set.of[0].n, 24);
	last = &set.of[0].point[23];
	assert_true(last->stat.known);
	assert_false(last->stat.judged);
	assert_int_equal(last->stat.signal, 0);
	assert_string_equal(series_point_words(&f->a, &set.of[0], 23),
			    "○ 1 of 2 regions");
	assert_int_equal(series_find(&set, "south")->point[23].row.said,
			 SAID_NOT_CLOSED_YET);
}

/* Of one region there are no other regions to count: it is the months. */
static void a_quarter_that_has_begun_says_how_far_it_is_in(void **state)
{
	struct fix *f = *state;
	const struct series *south;
	struct series_set set;

	fill(f, 20); /* July and August of the third quarter */
	read_all(f, "M10", 3, &set);
	south = series_find(&set, "south");
	assert_int_equal(south->n, 8);
	assert_true(south->point[6].stat.known);
	assert_false(south->point[6].stat.judged);
	assert_string_equal(series_point_words(&f->a, south, 6),
			    "○ through August");
	assert_string_equal(series_point_words(&f->a, &set.of[0], 6),
			    "○ 1 of 2 regions");
}

/* Each side has its own limit. */
static void points_beyond_both_limits_are_told_apart(void **state)
{
	struct fix *f = *state;
	const struct series *north;
	struct series_set set;

	for (int i = 0; i < 24; i++) {
		uint32_t linked = 60 + (uint32_t)(i % 2);

		linked = i == 20 ? 88 : i == 22 ? 20 : linked;
		month(&f->north, i, linked, 100 - linked);
	}
	read_all(f, "M10", 0, &set);
	north = series_find(&set, "north");
	assert_string_equal(north->words,
			    "September 2026 was above the upper limit. "
			    "November 2026 was below the lower limit.");
}

/* Without a figure there is no size, and so no limit. */
static void an_unknown_point_has_no_limits(void **state)
{
	struct fix *f = *state;
	const struct tpl_table *t;
	struct series_set set;

	fill(f, 20);
	read_all(f, "M10", 0, &set);
	t = hub_chart_run(&f->a, series_find(&set, "south"), false, NULL, NULL)
		    ->table;
	assert_string_equal(t->rows[19].cells[3].text, "60.2 %");
	for (int k = 3; k < 6; k++)
		assert_string_equal(t->rows[23].cells[k].text, "");
}

static void quarters_where_months_are_few(void **state)
{
	struct fix *f = *state;
	struct series_set set;

	for (int i = 0; i < 9; i++)
		month(&f->north, i, 60, 40);
	for (int i = 0; i < 9; i++)
		month(&f->south, i, 60, 40);
	read_all(f, "M10", 1, &set);
	assert_int_equal(set.of[0].months, 1);
	assert_int_equal(set.of[0].n, 9);
	read_all(f, "M10", 3, &set);
	assert_int_equal(set.of[0].n, 3);
	assert_int_equal(set.of[0].says, SERIES_FEW);
	assert_int_equal(set.of[0].point[2].row.denominator.low, 600);
}

static void nothing_closed_is_said(void **state)
{
	struct fix *f = *state;
	struct series_set set;
	int i = catalogue_find_measure(f->w.cat, "M10");

	assert_int_equal(series_read(&f->a, f->w.hub, f->w.hub->db,
				     catalogue_measure(f->w.cat, i), 0,
				     SERIES_NEWEST, &set),
			 E_NOTFOUND);
}

static int keep(void *arg, const struct measure_row *r)
{
	struct measure_row **row = arg;

	*(*row)++ = *r;
	return 0;
}

/* 50 of 100 and 61 of 100 around 111 of 200; then with a thousandfold. */
static void a_funnel_places_regions(void **state)
{
	struct fix *f = *state;
	const struct measure *m = catalogue_measure(
		f->w.cat, catalogue_find_measure(f->w.cat, "M10"));
	struct measure_row row[3], *next = row;
	struct period p = {month_no(2025, 1), 1};
	struct hub_funnel funnel;

	month(&f->north, 0, 61, 39);
	month(&f->south, 0, 50, 50);
	check_ok(measures_show(f->w.hub, f->w.hub->db, m, &p, 1, BY_REGION,
			       NULL, keep, &next));
	assert_int_equal(next - row, 3);
	hub_chart_funnel(&f->a, m, row, 3, "north", &funnel);
	assert_non_null(funnel.chart);
	assert_string_equal(funnel.chart->center, "55.5");
	assert_int_equal(funnel.inside, 2);
	assert_true(funnel.table->rows[0].on);
	for (int i = 0; i < 3; i++) {
		row[i].numerator.low = row[i].numerator.high *= 1000;
		row[i].rest.low = row[i].rest.high *= 1000;
		row[i].denominator.low = row[i].denominator.high *= 1000;
	}
	hub_chart_funnel(&f->a, m, row, 3, NULL, &funnel);
	assert_int_equal(funnel.above, 1);
	assert_int_equal(funnel.below, 1);
	assert_string_equal(funnel.table->rows[0].cells[4].text,
			    "▲ above 99.8 %");
	/* A range is not placed, and around one no limits are drawn. */
	row[0].numerator.high++;
	hub_chart_funnel(&f->a, m, row, 3, NULL, &funnel);
	assert_null(funnel.chart);
	assert_non_null(strstr(funnel.words, "is a range"));
	/* The state's is one number, and no region's. */
	row[0].numerator.high--;
	row[1].numerator.high++;
	row[2].numerator.high++;
	hub_chart_funnel(&f->a, m, row, 3, NULL, &funnel);
	assert_null(funnel.chart);
	assert_null(strstr(funnel.words, "is a range"));
	assert_int_equal(funnel.open, 2);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(a_fall_is_told_of_who_fell),
		T(a_month_that_a_region_lacks_is_not_judged),
		T(a_quarter_that_has_begun_says_how_far_it_is_in),
		T(points_beyond_both_limits_are_told_apart),
		T(an_unknown_point_has_no_limits),
		T(quarters_where_months_are_few),
		T(nothing_closed_is_said),
		T(a_funnel_places_regions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
