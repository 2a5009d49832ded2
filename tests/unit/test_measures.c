/* Tests of daemon/hub/measures and figure: what the state reads, over releases
 * that came in through the bus. */
#include "tests/unit/hub_world.h"

#include "daemon/hub/figure.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/percentile.h"

enum { ROWS = 64 };

struct fix {
	struct world w;
	struct hand north, south;
	int n;
	struct measure_row row[ROWS];
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	hand_fini(&f->south);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static int32_t jan(void)
{
	return month_no(2026, 1);
}

/* One closed month: @linked and @not of all needs. */
static void month(struct hand *n, int32_t month, uint32_t linked, uint32_t not )
{
	struct release r;

	hand_release(n, &r, month, 1);
	if (linked + not > 0)
		add_block(n->w->table, &r, 0, 0, month, 0, linked, not );
	assert_int_equal(hand_deliver(n, &r, (uint64_t)month), KIND_RECEIPT);
	release_fini(&r);
}

/* The first quarter at once, with days and one need. */
static void quarter(struct hand *n, const uint32_t days[4], uint32_t not )
{
	const struct fact_table *t = n->w->table;
	struct release r;
	struct group *g;
	uint32_t linked = days[0] + days[1] + days[2] + days[3];

	month(n, jan(), 0, 0);
	month(n, jan() + 1, 0, 0);
	hand_release(n, &r, jan() + 2, 1);
	add_block(t, &r, 0, 1, jan(), 0, linked, not );
	add_block(t, &r, 1, 1, jan(), 2, 20, 12);
	g = add_block(t, &r, 2, 0, jan(), 0, days[0], days[1]);
	g->count[2] = days[2];
	g->count[3] = days[3];
	assert_int_equal(hand_deliver(n, &r, 99), KIND_RECEIPT);
	release_fini(&r);
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct fix *f = arg;

	assert_true(f->n < ROWS);
	f->row[f->n++] = *r;
	return 0;
}

static const struct measure *find(struct fix *f, const char *id)
{
	int i = catalogue_find_measure(f->w.cat, id);

	assert_true(i >= 0);
	return catalogue_measure(f->w.cat, i);
}

static void show(struct fix *f, const char *id, struct period p, int by)
{
	f->n = 0;
	check_ok(measures_show(f->w.hub, f->w.hub->db, find(f, id), &p, 1, by,
			       NULL, on_row, f));
}

static void proportion_adds_regions_before_it_divides(void **state)
{
	struct fix *f = *state;
	char text[FIGURE_TEXT];

	month(&f->north, jan(), 60, 40);
	month(&f->south, jan(), 11, 22);
	show(f, "M10", (struct period){jan(), 1}, BY_REGION);
	assert_int_equal(f->n, 3);
	assert_string_equal(f->row[0].region, "");
	assert_int_equal(f->row[0].numerator.low, 71);
	assert_int_equal(f->row[0].denominator.high, 133);
	assert_int_equal(f->row[0].regions_heard, 2);
	assert_string_equal(f->row[0].view, "trend");
	assert_string_equal(f->row[0].step, "month");
	assert_string_equal(figure_rate(&f->row[0], text), "53.4 %");
	assert_string_equal(f->row[1].region, "north");
	assert_string_equal(figure_rate(&f->row[1], text), "60.0 %");
	assert_string_equal(figure_rate(&f->row[2], text), "33.3 %");
}

static void need_is_a_range_where_it_waits(void **state)
{
	static const uint32_t days[] = {20, 30, 11, 0};
	struct fix *f = *state;
	char text[FIGURE_TEXT];
	const struct measure_row *r;

	quarter(&f->north, days, 39);
	month(&f->south, jan(), 0, 0);
	show(f, "M10", (struct period){jan(), 3}, BY_REGION | BY_STRATUM);
	/* The state's row: only north has closed the quarter. */
	assert_int_equal(f->row[0].regions_heard, 1);
	assert_int_equal(f->row[0].regions_all, 2);
	assert_int_equal(f->row[0].numerator.low, 61);
	r = &f->row[1 + 2]; /* need 2, published */
	assert_int_equal(r->stratum.no, 2);
	assert_true(r->stratum_id[0] != '\0');
	assert_string_equal(figure_rate(r, text), "62.5 %");
	assert_string_equal(r->step, "quarter by need");
	r = &f->row[1 + 3]; /* need 3, waits: 41 and 27 are left */
	assert_string_equal(figure_range(r->numerator, text), "0 to 41");
	assert_string_equal(figure_range(r->denominator, text), "0 to 68");
	assert_string_equal(figure_rate(r, text), "0.0 to 100.0 %");
}

static void days_give_the_band_of_a_percentile(void **state)
{
	static const uint32_t days[] = {20, 30, 11, 15};
	struct fix *f = *state;
	char text[FIGURE_TEXT];

	quarter(&f->north, days, 39);
	show(f, "M13", (struct period){jan(), 3}, 0);
	assert_int_equal(f->n, 6);
	assert_int_equal(f->row[0].percentile, 50);
	assert_int_equal(f->row[0].numerator.low, 76);
	assert_string_equal(figure_days(&f->row[0], text), "16 to 30 days");
	assert_int_equal(f->row[1].percentile, 90);
	assert_string_equal(figure_days(&f->row[1], text), "61 to 90 days");
	assert_int_equal(f->row[2].part, 0);
	assert_string_equal(f->row[2].part_id, "linked_0_15");
	assert_string_equal(figure_rate(&f->row[2], text), "26.3 %");
	/* A month of it: any band, as far as is known. */
	show(f, "M13", (struct period){jan(), 1}, 0);
	assert_int_equal(f->row[0].days_low, 0);
	assert_int_equal(f->row[0].days_high, 90);
}

static void ranking_puts_the_largest_first(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = f->w.table;
	static const uint32_t barrier[] = {15, 11, 30};
	struct release r;
	struct group *g;
	int v = 0;

	while (strcmp(t->view[v].id, "barriers") != 0)
		v++;
	month(&f->north, jan(), 0, 0);
	month(&f->north, jan() + 1, 0, 0);
	hand_release(&f->north, &r, jan() + 2, 1);
	add_block(t, &r, 0, 1, jan(), 0, 40, 80);
	/* Barriers, and the rest in whichever reason is not that. */
	g = add_block(t, &r, 3, 0, jan(), 0, 0, 0);
	for (int k = 0; k < g->n; k++)
		if (t->view[3].outcome[k] == t->view[v].splits)
			g->count[k] = 56;
	g->count[g->count[0] == 56] = 24;
	g = add_block(t, &r, v, 0, jan(), 0, 0, 0);
	memcpy(g->count, barrier, sizeof barrier);
	assert_int_equal(hand_deliver(&f->north, &r, 9), KIND_RECEIPT);
	release_fini(&r);
	show(f, "M18R", (struct period){jan(), 3}, 0);
	assert_int_equal(f->n, 3);
	assert_int_equal(f->row[0].numerator.low, 30);
	assert_int_equal(f->row[0].denominator.low, 56);
	assert_int_equal(f->row[1].numerator.low, 15);
	assert_int_equal(f->row[2].numerator.low, 11);
}

static void longer_periods_add_half_years(void **state)
{
	struct fix *f = *state;

	for (int m = 0; m < 12; m++)
		month(&f->north, jan() + m, 20, 11);
	show(f, "M10", (struct period){jan(), 12}, 0);
	assert_int_equal(f->row[0].numerator.low, 240);
	assert_int_equal(f->row[0].numerator.high, 240);
	show(f, "M10", (struct period){jan() + 4, 5}, 0);
	assert_int_equal(f->row[0].denominator.high, 155);
	assert_int_equal(f->row[0].regions_heard, 1);
}

static void nothing_to_divide_by_is_said(void **state)
{
	struct fix *f = *state;
	char text[FIGURE_TEXT];

	show(f, "M10", (struct period){jan(), 1}, BY_REGION);
	assert_int_equal(f->n, 3);
	assert_false(f->row[0].has_rate);
	assert_string_equal(figure_rate(&f->row[0], text), "n/a");
	assert_int_equal(f->row[0].through, -1);
	assert_int_equal(f->row[0].regions_heard, 0);
}

static void newest_is_a_year_if_there_is_one(void **state)
{
	struct fix *f = *state;
	struct period p;

	assert_int_equal(
		measures_newest(f->w.hub, f->w.hub->db, find(f, "M10"), &p),
		E_NOTFOUND);
	for (int m = 0; m < 12; m++) {
		month(&f->north, jan() + m, 20, 11);
		check_ok(measures_newest(f->w.hub, f->w.hub->db, find(f, "M10"),
					 &p));
		assert_int_equal(p.months, m < 2 ? 1 : m < 11 ? 3 : 12);
		assert_true(p.month + p.months - 1 <= jan() + m);
	}
	assert_int_equal(p.month, jan());
	/* What an older table told is none of it, and that is said. */
	check_ok(db_script(f->w.hub->db, "UPDATE current SET fact_table = "
					 "'children_served'"));
	assert_int_equal(
		measures_newest(f->w.hub, f->w.hub->db, find(f, "M01"), &p),
		E_NOTFOUND);
	assert_non_null(strstr(err_text(E_NOTFOUND), "children_served"));
}

static void other_region_is_left_out(void **state)
{
	struct fix *f = *state;
	struct period p = {jan(), 1};

	month(&f->north, jan(), 20, 11);
	f->n = 0;
	check_ok(measures_show(f->w.hub, f->w.hub->db, find(f, "M10"), &p, 1, 0,
			       "south", on_row, f));
	assert_int_equal(f->n, 1);
	assert_string_equal(f->row[0].region, "south");
	assert_int_equal(f->row[0].through, -1);
}

static void months_before_a_region_began_are_not_heard(void **state)
{
	struct fix *f = *state;

	for (int m = 0; m < 3; m++) {
		month(&f->north, jan() + m, 20, 11);
		if (m > 0)
			month(&f->south, jan() + m, 30, 30);
	}
	show(f, "M10", (struct period){jan(), 3}, BY_REGION);
	assert_int_equal(f->row[0].regions_heard, 1);
	assert_int_equal(f->row[0].regions_all, 2);
	assert_int_equal(f->row[0].numerator.low, 60);
	assert_false(measure_row_partial(&f->row[0]));
	assert_int_equal(f->row[1].regions_heard, 1);
	assert_int_equal(f->row[2].regions_heard, 0);
	assert_int_equal(f->row[2].from, jan() + 1);
	assert_true(measure_row_partial(&f->row[2]));
	/* Before anybody began, and after today. */
	show(f, "M10", (struct period){jan() - 12, 12}, BY_REGION);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(f->row[i].said, SAID_NOT_CLOSED);
		assert_int_equal(f->row[i].through, -1);
		assert_int_equal(f->row[i].regions_heard, 0);
	}
	show(f, "M10", (struct period){jan() + 12, 12}, BY_REGION);
	for (int i = 0; i < 3; i++)
		assert_int_equal(f->row[i].said, SAID_NOT_CLOSED_YET);
}

static void a_month_that_is_missing_is_not_heard(void **state)
{
	struct fix *f = *state;

	month(&f->north, jan(), 20, 11);
	month(&f->north, jan() + 2, 20, 11);
	month(&f->south, jan(), 30, 30);
	month(&f->south, jan() + 1, 30, 30);
	month(&f->south, jan() + 2, 30, 30);
	show(f, "M10", (struct period){jan(), 3}, BY_REGION);
	assert_int_equal(f->row[0].regions_heard, 1);
	assert_int_equal(f->row[0].numerator.low, 90);
	assert_int_equal(f->row[1].regions_heard, 0);
}

static void an_unfinished_year_says_through_when(void **state)
{
	struct fix *f = *state;
	char text[FIGURE_TEXT];

	for (int m = 0; m < 4; m++)
		month(&f->north, jan() + m, 20, 11);
	for (int m = 0; m < 2; m++)
		month(&f->south, jan() + m, 30, 30);
	show(f, "M10", (struct period){jan(), 12}, BY_REGION);
	/* The state: what both closed, like for like. */
	assert_int_equal(f->row[0].said, SAID_FIGURE);
	assert_int_equal(f->row[0].regions_heard, 2);
	assert_int_equal(f->row[0].from, jan());
	assert_int_equal(f->row[0].through, jan() + 1);
	assert_int_equal(f->row[0].numerator.low, 100);
	assert_int_equal(f->row[0].numerator.high, 100);
	assert_string_equal(figure_covered(&f->row[0], text),
			    "through February");
	assert_string_equal(figure_covered(&f->row[1], text), "through April");
	assert_int_equal(f->row[1].numerator.low, 80);
	assert_int_equal(f->row[1].regions_heard, 0);
}

static void a_slow_region_does_not_drag_back(void **state)
{
	struct fix *f = *state;
	struct hand west;
	struct period p;

	check_ok(hub_region_add(f->w.hub, "west", "West Region"));
	check_ok(hub_region_add(f->w.hub, "east", "East Region"));
	hand_joined(&west, &f->w, "west");
	for (int m = 0; m < 12; m++) {
		month(&f->north, jan() + m, 20, 11);
		month(&f->south, jan() + m, 20, 11);
	}
	month(&west, jan() + 11, 20, 11);
	check_ok(measures_newest(f->w.hub, f->w.hub->db, find(f, "M10"), &p));
	assert_int_equal(p.month, jan());
	assert_int_equal(p.months, 12);
	show(f, "M10", p, 0);
	assert_int_equal(f->row[0].regions_heard, 2);
	assert_int_equal(f->row[0].regions_all, 4);
	hand_fini(&west);
}

static void what_nothing_limits_is_not_published(void **state)
{
	static const uint32_t days[] = {20, 30, 11, 0};
	struct fix *f = *state;
	char text[FIGURE_TEXT];
	const struct measure_row *r;

	quarter(&f->north, days, 39);
	show(f, "M10", (struct period){jan(), 3}, BY_REGION | BY_STRATUM);
	r = &f->row[1 + 3]; /* need 3 waits */
	assert_int_equal(r->said, SAID_NOT_PUBLISHED);
	assert_string_equal(figure_of(find(f, "M10"), r, text),
			    "not published");
	assert_string_equal(figure_count(r, text), "");
	/* A month of days: any band. */
	show(f, "M13", (struct period){jan(), 1}, 0);
	assert_int_equal(f->row[0].said, SAID_NOTHING);
	assert_string_equal(figure_of(find(f, "M13"), &f->row[0], text),
			    "nothing published yet");
	show(f, "M13", (struct period){jan(), 3}, 0);
	assert_string_equal(f->row[0].view, "days");
	assert_string_equal(f->row[0].step, "quarter");
	/* 39 are known, and none of their reasons. */
	show(f, "M17R", (struct period){jan(), 3}, 0);
	assert_int_equal(f->row[0].said, SAID_NOT_PUBLISHED);
	assert_string_equal(figure_count(&f->row[0], text), "");
	assert_string_equal(figure_whole(find(f, "M17R"), &f->row[0], text),
			    "39");
	/* 60 are known, and none of their days. */
	month(&f->south, jan(), 60, 40);
	show(f, "M13", (struct period){jan(), 1}, BY_REGION);
	assert_string_equal(f->row[12].region, "south");
	assert_int_equal(f->row[12].numerator.low, 60);
	assert_int_equal(f->row[12].said, SAID_NOT_PUBLISHED);
}

static void side_views_are_never_by_need(void **state)
{
	struct fix *f = *state;
	int by = BY_REGION | BY_STRATUM | BY_GROUP;

	assert_int_equal(measures_never(f->w.cat, find(f, "M10"), by), 0);
	assert_int_equal(measures_never(f->w.cat, find(f, "M17R"), by),
			 BY_STRATUM | BY_GROUP);
	assert_int_equal(measures_never(f->w.cat, find(f, "M18R"), BY_GROUP),
			 BY_GROUP);
	assert_int_equal(measures_never(f->w.cat, find(f, "M13"), BY_REGION),
			 0);
}

/* Every possible count of four bands against the range of bands. */
static void percentile_bounds_are_those_of_all_worlds(void **state)
{
	struct fix *f = *state;
	struct rng *g = &f->w.rng.base;

	for (int trial = 0; trial < 300; trial++) {
		struct range b[4];
		int least = -1, most = -1, first, last;
		int percent = trial % 2 ? 50 : 90;
		int c[4];

		for (int i = 0; i < 4; i++) {
			b[i].low = rand_below(g, 2) ? rand_below(g, 8) : 0;
			b[i].high = b[i].low + rand_below(g, 4);
		}
#define EACH(i) for (c[i] = (int)b[i].low; c[i] <= b[i].high; c[i]++)
		EACH(0) EACH(1) EACH(2) EACH(3)
		{
			int n = c[0] + c[1] + c[2] + c[3], at = 0;
			int rank = (n * percent + 99) / 100;

			if (n == 0)
				continue;
			for (int sum = c[0]; sum < rank; sum += c[++at])
				;
			least = least < 0 || at < least ? at : least;
			most = at > most ? at : most;
		}
#undef EACH
		percentile_bands(b, 4, percent, &first, &last);
		assert_int_equal(first, least);
		assert_int_equal(last, most);
	}
}

static void figures_read_well(void **state)
{
	struct measure_row r = {.denominator = {50, 60}, .has_rate = true};
	struct range open = {5, UNBOUNDED};
	char text[FIGURE_TEXT], period[60];

	assert_string_equal(figure_range((struct range){34, 34}, text), "34");
	assert_string_equal(figure_range((struct range){34, 41}, text),
			    "34 to 41");
	assert_string_equal(figure_range(open, text), "5 or more");
	/* Half away from zero: 1 of 16 is 6.25, 3 of 80 is 3.75. */
	assert_int_equal(figure_tenths(1 / 16.0), 63);
	assert_int_equal(figure_tenths(3 / 80.0), 38);
	assert_int_equal(figure_tenths(1 / 3.0), 333);
	assert_int_equal(figure_tenths(1), 1000);
	assert_string_equal(figure_grouped((struct range){999, 1000}, text),
			    "999 to 1,000");
	assert_string_equal(
		figure_grouped((struct range){1234567, 1234567}, text),
		"1,234,567");
	r.numerator = (struct range){30, 35};
	r.rest = (struct range){20, 25};
	r.rate_low = .5;
	r.rate_high = .7;
	assert_string_equal(figure_rate(&r, text), "50.0 to 70.0 %");
	assert_string_equal(figure_period((struct period){jan(), 12}, period),
			    "2026");
	assert_string_equal(
		figure_period((struct period){jan() + 1, 5}, period),
		"February 2026 to June 2026");
}

static void show_survives_lack_of_memory(void **state)
{
	struct fix *f = *state;
	struct period p = {jan(), 1};
	bool fired = true;

	month(&f->north, jan(), 60, 40);
	for (int n = 0; fired; n++) {
		int r;

		f->n = 0;
		mem_fault(n);
		r = measures_show(f->w.hub, f->w.hub->db, find(f, "M10"), &p, 1,
				  BY_REGION, NULL, on_row, f);
		fired = mem_fault_off();
		assert_true(r == 0 || (fired && r == E_NOMEM));
	}
	assert_int_equal(f->n, 3);
}

/* One closed month of @table: 40 and 20 of all ages, or nothing. */
static void close_picture(struct hand *n, const struct fact_table *t,
			  int32_t month, bool filled)
{
	const struct fact_table *was = n->w->table;
	struct release r;

	n->w->table = t;
	hand_release(n, &r, month, 1);
	n->w->table = was;
	if (filled)
		add_block(t, &r, 0, 0, month, 0, 40,
			  t->view[0].n_outcomes > 1 ? 20 : 0);
	assert_int_equal(hand_deliver(n, &r, (uint64_t)month), KIND_RECEIPT);
	release_fini(&r);
}

static void the_last_picture_answers(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = catalogue_table(
		f->w.cat, catalogue_find_table(f->w.cat, "stock_referrals"));
	char text[FIGURE_TEXT];

	for (int m = 0; m < 7; m++)
		close_picture(&f->north, t, jan() + m, m == 2 || m == 5);
	show(f, "M15", (struct period){jan(), 12}, BY_REGION);
	assert_int_equal(f->n, 3);
	assert_int_equal(f->row[0].period.month, jan() + 5);
	assert_int_equal(f->row[0].period.months, 1);
	assert_int_equal(f->row[0].regions_heard, 1);
	assert_int_equal(f->row[0].denominator.low, 60);
	assert_false(measure_row_partial(&f->row[0]));
	assert_string_equal(figure_rate(&f->row[0], text), "66.7 %");
	assert_int_equal(f->row[2].said, SAID_NOT_CLOSED_YET);
	/* Of the first quarter, its own. */
	show(f, "M15", (struct period){jan(), 3}, 0);
	assert_int_equal(f->row[0].period.month, jan() + 2);
	/* None is taken in January. */
	show(f, "M15", (struct period){jan(), 1}, 0);
	assert_int_equal(f->n, 0);
	/* One to come is not "none". */
	show(f, "M15", (struct period){jan() + 8, 1}, 0);
	assert_int_equal(f->row[0].said, SAID_NOT_CLOSED_YET);
}

static void a_year_is_of_twelve_months(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = catalogue_table(
		f->w.cat, catalogue_find_table(f->w.cat, "children_state"));

	for (int m = -6; m < 6; m++)
		close_picture(&f->north, t, jan() + m, m == 5);
	for (int m = 3; m < 6; m++)
		close_picture(&f->south, t, jan() + m, m == 5);
	show(f, "M01", (struct period){jan(), 12}, BY_REGION);
	assert_int_equal(f->row[0].period.month, jan() - 6);
	assert_int_equal(f->row[0].period.months, 12);
	/* South began in April: its year is not whole. */
	assert_int_equal(f->row[0].regions_heard, 1);
	assert_int_equal(f->row[0].numerator.low, 40);
	assert_int_equal(f->row[0].numerator.high, 40);
	assert_false(measure_row_partial(&f->row[0]));
	assert_true(measure_row_partial(&f->row[2]));
	assert_int_equal(f->row[2].from, jan() + 3);
	/* The year that has begun: not closed. */
	show(f, "M01", (struct period){jan() + 6, 12}, 0);
	assert_int_equal(f->row[0].said, SAID_NOT_CLOSED_YET);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(proportion_adds_regions_before_it_divides),
		T(the_last_picture_answers),
		T(a_year_is_of_twelve_months),
		T(need_is_a_range_where_it_waits),
		T(days_give_the_band_of_a_percentile),
		T(ranking_puts_the_largest_first),
		T(longer_periods_add_half_years),
		T(nothing_to_divide_by_is_said),
		T(newest_is_a_year_if_there_is_one),
		T(other_region_is_left_out),
		T(months_before_a_region_began_are_not_heard),
		T(a_month_that_is_missing_is_not_heard),
		T(an_unfinished_year_says_through_when),
		T(a_slow_region_does_not_drag_back),
		T(what_nothing_limits_is_not_published),
		T(side_views_are_never_by_need),
		T(percentile_bounds_are_those_of_all_worlds),
		T(figures_read_well),
		T(show_survives_lack_of_memory),
	};

	return cmocka_run_group_tests_name("measures", tests, NULL, NULL);
}
