#include "tests/unit/node_world.h"

#include "regional/release/our_numbers.h"

/* A center's own figures: exact, whatever the floor, and with who is behind
 * them. It is 2026-11-24. */
static int setup(void **state)
{
	static struct node_world w;

	node_world_init(&w, NETWORK_SYNTHETIC, 2026 * 12);
	node_world_refer(&w, 3, "food", "2026-01-10", "2026-01-20");
	node_world_refer(&w, 2, "food", "2026-02-10", "2026-04-11");
	node_world_refer(&w, 4, "dental", "2026-02-10", NULL);
	node_world_refer(&w, 1, "dental", "2026-11-01", NULL);
	*state = &w;
	return 0;
}

static int teardown(void **state)
{
	node_world_fini(*state);
	return 0;
}

static const struct measure *measure(struct node_world *w, const char *id)
{
	int i = catalogue_find_measure(w->cat, id);

	assert_true(i >= 0);
	return catalogue_measure(w->cat, i);
}

struct heard {
	char text[600];
};

static int hear(void *arg, const struct our_row *r)
{
	struct heard *h = arg;
	size_t n = strlen(h->text);
	char period[PERIOD_TEXT];

	snprintf(h->text + n, sizeof h->text - n,
		 "%s%s %d.%d part %d p%d %d-%d: %lld of %lld%s", n ? "; " : "",
		 period_format(r->period, period), (int)r->stratum.level,
		 r->stratum.no, r->part, r->percentile, r->days_low,
		 r->days_high, (long long)r->numerator,
		 (long long)r->denominator, r->settled ? "" : " not yet");
	return 0;
}

static void shows(struct node_world *w, const char *id, const char *period,
		  int by, const char *want)
{
	struct heard h = {""};
	struct period p;

	check_ok(period_parse(period, &p));
	check_ok(our_numbers_show(w->n, measure(w, id), &p, 1, by, hear, &h));
	assert_string_equal(h.text, want);
}

static void figures_are_exact_below_the_floor(void **state)
{
	shows(*state, "M10", "2026Q1", 0, "2026Q1 2.0 part -1 p0 0-0: 5 of 9");
	shows(*state, "M10", "2026-01", 0,
	      "2026-01 2.0 part -1 p0 0-0: 3 of 3");
	shows(*state, "M10", "2026-11", 0,
	      "2026-11 2.0 part -1 p0 0-0: 0 of 1 not yet");
	shows(*state, "M10", "2025", 0, "2025 2.0 part -1 p0 0-0: 0 of 0");
}

static void strata_add_up(void **state)
{
	struct node_world *w = *state;
	struct heard h = {""};
	struct period p;

	shows(w, "M10", "2026Q1", OUR_BY_GROUP,
	      "2026Q1 2.0 part -1 p0 0-0: 5 of 9; "
	      "2026Q1 1.0 part -1 p0 0-0: 5 of 5; "
	      "2026Q1 1.1 part -1 p0 0-0: 0 of 0; "
	      "2026Q1 1.2 part -1 p0 0-0: 0 of 4; "
	      "2026Q1 1.3 part -1 p0 0-0: 0 of 0");
	check_ok(period_parse("2026Q1", &p));
	check_ok(our_numbers_show(w->n, measure(w, "M10"), &p, 1,
				  OUR_BY_STRATUM, hear, &h));
	assert_non_null(strstr(h.text, "2026Q1 0.0 part -1 p0 0-0: 5 of 5"));
	assert_non_null(strstr(h.text, "2026Q1 0.7 part -1 p0 0-0: 0 of 4"));
}

/* Nearest rank: of 3 within 15 days and 2 within 60, the third is the median
 * and the fifth the 90th percentile. */
static void days_are_by_nearest_rank(void **state)
{
	shows(*state, "M13", "2026Q1", 0,
	      "2026Q1 2.0 part -1 p50 0-15: 5 of 5; "
	      "2026Q1 2.0 part -1 p90 31-60: 5 of 5; "
	      "2026Q1 2.0 part 0 p0 0-0: 3 of 5; "
	      "2026Q1 2.0 part 1 p0 0-0: 0 of 5; "
	      "2026Q1 2.0 part 2 p0 0-0: 2 of 5; "
	      "2026Q1 2.0 part 3 p0 0-0: 0 of 5");
	shows(*state, "M13", "2025", 0,
	      "2025 2.0 part -1 p50 -1--1: 0 of 0; "
	      "2025 2.0 part -1 p90 -1--1: 0 of 0; "
	      "2025 2.0 part 0 p0 0-0: 0 of 0; "
	      "2025 2.0 part 1 p0 0-0: 0 of 0; "
	      "2025 2.0 part 2 p0 0-0: 0 of 0; "
	      "2025 2.0 part 3 p0 0-0: 0 of 0");
}

struct children {
	int in, out;
	int64_t last;
};

static int on_child(void *arg, const struct our_child *c)
{
	struct children *k = arg;

	assert_true(c->child > k->last);
	assert_int_equal(c->child, c->occurrence);
	k->last = c->child;
	k->in += c->counts;
	k->out += !c->counts;
	return 0;
}

static void a_cell_opens_to_its_children(void **state)
{
	struct node_world *w = *state;
	struct stratum any = {LEVEL_ANY, 0}, dental = {LEVEL_LEAF, 7};
	struct children k = {0}, d = {0};
	struct period p;

	check_ok(period_parse("2026Q1", &p));
	check_ok(our_numbers_children(w->n, measure(w, "M10"), p, any, on_child,
				      &k));
	assert_int_equal(k.in, 5);
	assert_int_equal(k.out, 4);
	check_ok(our_numbers_children(w->n, measure(w, "M10"), p, dental,
				      on_child, &d));
	assert_int_equal(d.in, 0);
	assert_int_equal(d.out, 4);
}

static void what_is_not_served_says_why(void **state)
{
	struct node_world *w = *state;
	struct measure m = *measure(w, "M10");
	struct period p;

	m.served = false;
	snprintf(m.because, sizeof m.because, "nobody counts it");
	check_ok(period_parse("2026Q1", &p));
	assert_int_equal(our_numbers_show(w->n, &m, &p, 1, 0, NULL, NULL),
			 E_STATE);
	check_says("nobody counts it");
}

static void newest_year_has_matured(void **state)
{
	struct node_world *w = *state;

	assert_int_equal(our_numbers_newest(w->n, measure(w, "M10")).month,
			 2025 * 12);
	clock_set_advance(&w->clock, (int64_t)127 * 86400000);
	assert_int_equal(our_numbers_newest(w->n, measure(w, "M10")).month,
			 2025 * 12);
	clock_set_advance(&w->clock, (int64_t)86400000);
	assert_int_equal(our_numbers_newest(w->n, measure(w, "M10")).month,
			 2026 * 12);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(figures_are_exact_below_the_floor),
		T(strata_add_up),
		T(days_are_by_nearest_rank),
		T(a_cell_opens_to_its_children),
		T(what_is_not_served_says_why),
		T(newest_year_has_matured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
