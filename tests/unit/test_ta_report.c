/* Tests of daemon/hub/ta_report and its store: what is said is what the numbers
 * say, signals come where they should, a published report stays. */
#include "tests/unit/hub_world.h"

#include <stdlib.h>

#include "daemon/hub/hub_audit.h"
#include "daemon/hub/ta_report_page.h"
#include "daemon/hub/ta_report_store.h"

struct fix {
	struct world w;
	struct hand north, south;
	struct ta_hand by;
	struct arena a;
	uint64_t seq;
};

static const struct period QUARTER = {2026 * 12 + 9, 3}; /* 2026Q4 */

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	arena_init(&f->a);
	f->by = (struct ta_hand){.db = f->w.hub->db,
				 .now_utc_ms = world_now(),
				 .today = date_of_utc(world_now()),
				 .who = "user:ann"};
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

static void month(struct fix *f, struct hand *n, int32_t at, uint32_t version,
		  uint32_t linked, uint32_t not )
{
	struct release r;

	hand_release(n, &r, at, version);
	add_block(f->w.table, &r, 0, 0, at, 0, linked, not );
	assert_int_equal(hand_deliver(n, &r, ++f->seq), KIND_RECEIPT);
	release_fini(&r);
}

/* Two years; north's last @low months are worse. */
static void years(struct fix *f, int low)
{
	for (int m = 0; m < 24; m++) {
		bool worse = m >= 24 - low;

		month(f, &f->north, month_no(2025, 1) + m, 1, worse ? 60 : 80,
		      worse ? 60 : 40);
		month(f, &f->south, month_no(2025, 1) + m, 1, 80, 40);
	}
}

static struct report *gather(struct fix *f)
{
	struct report *r = NULL;

	check_ok(ta_report_gather(f->w.hub, f->w.hub->db, &f->a, "north",
				  QUARTER, f->by.today, &r));
	return r;
}

static struct measure_row rate(int64_t num, int64_t of)
{
	struct measure_row r = {.said = SAID_FIGURE};
	int64_t rest = of - num;

	measure_row_rate(&r, (struct range){num, num},
			 (struct range){rest, rest}, (struct range){of, of});
	return r;
}

/* Two proportions, pooled: z of 60 and 80 of 100 is 3.09, of 60 and 79 of 100
 * it is 2.92. */
static void three_standard_errors(void **state)
{
	struct measure up = {.better = BETTER_HIGHER},
		       down = {.better = BETTER_LOWER};
	struct measure_row a = rate(60, 100), b = rate(80, 100),
			   c = rate(79, 100), wide = b;

	assert_int_equal(ta_report_apart(&up, &b, &a), 1);
	assert_int_equal(ta_report_apart(&up, &a, &b), -1);
	assert_int_equal(ta_report_apart(&down, &a, &b), 1);
	assert_int_equal(ta_report_apart(&up, &c, &a), 0);
	/* A range counts by the end that lies nearer. */
	wide.rate_low = 0.7;
	assert_int_equal(ta_report_apart(&up, &wide, &a), 0);
	b.said = SAID_NOT_PUBLISHED;
	assert_int_equal(ta_report_apart(&up, &b, &a), 0);
}

static const struct report_line *line_of(const struct report *r, const char *id)
{
	for (int i = 0; i < r->n; i++)
		if (strcmp(r->line[i].m->id, id) == 0)
			return &r->line[i];
	fail_msg("no %s", id);
	return NULL;
}

static void a_fall_is_the_concern(void **state)
{
	struct fix *f = *state;
	const struct report_line *l;
	const char *said;
	struct report *r;

	years(f, 9);
	r = gather(f);
	l = line_of(r, "M10");
	assert_int_equal(l->mine.numerator.low, 180);
	assert_int_equal(l->mine.denominator.low, 360);
	assert_int_equal(l->rest.numerator.low, 240);
	assert_int_equal(l->n_rest, 1);
	assert_int_equal(l->vs_rest, -1);
	assert_int_equal(l->vs_before, -1);
	assert_true(r->concern >= 0);
	assert_string_equal(r->line[r->concern].m->id, "M10");
	said = ta_report_said(&f->a, r, l);
	assert_non_null(strstr(said, "50.0 % (180 of 360)"));
	assert_non_null(strstr(said, "Worse than the other regions: "
				     "66.7 % (240 of 360)"));
	assert_non_null(
		strstr(ta_report_lede(&f->a, r), "50.0 % (180 of 360)"));
}

static void seven_in_a_row_are_a_signal(void **state)
{
	struct fix *f = *state;
	struct report *r;
	int worse = 0;

	years(f, 9);
	r = gather(f);
	assert_int_equal(r->trend->months, 1);
	assert_int_equal(r->trend->n, 24);
	for (int i = 0; i < r->trend->n; i++)
		worse += r->trend->point[i].stat.side < 0;
	assert_int_equal(worse, 9);
	assert_int_equal(r->trend->says, SERIES_CONCERN);
	assert_non_null(strstr(r->trend->words,
			       "For 9 months in a row, April 2026 to December "
			       "2026, North Region was below its mean of 66.7 "
			       "%"));
}

static void nothing_is_said_where_nothing_is(void **state)
{
	struct fix *f = *state;
	struct report *r;

	years(f, 0);
	r = gather(f);
	assert_int_equal(r->concern, -1);
	for (int i = 0; i < r->trend->n; i++)
		assert_int_equal(r->trend->point[i].stat.signal, 0);
	assert_int_equal(r->trend->says, SERIES_QUIET);
	assert_non_null(strstr(r->trend->words, "No signal"));
	assert_non_null(strstr(ta_report_lede(&f->a, r), "nothing is worse"));
}

static void a_published_report_stays(void **state)
{
	struct fix *f = *state;
	struct report_text t = {.notes = "Ask weekly."};
	struct report_row one, two, got;
	char *before, *after;
	size_t len, len2;

	years(f, 9);
	check_ok(report_text_set(&f->by, "north", QUARTER, &t));
	/* Somebody else began from nothing, too. */
	assert_int_equal(report_text_set(&f->by, "north", QUARTER, &t),
			 E_STATE);
	check_ok(report_publish(f->w.hub, &f->by, "north", QUARTER, &one));
	check_ok(report_get(f->w.hub->db, one.number, false, &got, &before,
			    &len));
	assert_non_null(strstr(before, "Ask weekly."));
	assert_non_null(strstr(before, "50.0 % (180 of 360)"));
	/* A month is restated: the document stays, the next has it. */
	month(f, &f->north, month_no(2026, 12), 2, 50, 60);
	check_ok(report_publish(f->w.hub, &f->by, "north", QUARTER, &two));
	assert_int_equal(two.version, 2);
	assert_int_equal(two.number, one.number + 1);
	check_ok(report_get(f->w.hub->db, one.number, false, &got, &after,
			    &len2));
	assert_int_equal(len, len2);
	assert_memory_equal(before, after, len);
	assert_string_equal(got.hash, one.hash);
	mem_free(before);
	mem_free(after);
	assert_true(db_run(f->w.hub->db, "UPDATE report SET html = x'00'", "") <
		    0);
	assert_true(db_run(f->w.hub->db, "DELETE FROM report", "") < 0);
}

/* The document, the JSON and the page are of the same numbers. */
static void json_has_the_same_numbers(void **state)
{
	struct fix *f = *state;
	struct report_mark mark = {.floor = 11};
	struct report *r;
	char *html, *json;
	size_t len;

	years(f, 9);
	r = gather(f);
	check_ok(ta_report_html(f->w.hub, f->w.hub->db, &f->a, r, &mark, &html,
				&len));
	check_ok(ta_report_json(&f->a, r, &mark, &json));
	for (int i = 0; i < r->n; i++) {
		const char *said = ta_report_figure(&f->a, &r->line[i].mine);

		assert_non_null(strstr(html, said));
		assert_non_null(strstr(json, said));
	}
	free(json);
	mem_free(html);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(three_standard_errors),
		T(a_fall_is_the_concern),
		T(seven_in_a_row_are_a_signal),
		T(nothing_is_said_where_nothing_is),
		T(a_published_report_stays),
		T(json_has_the_same_numbers),
	};

	return cmocka_run_group_tests_name("ta_report", tests, NULL, NULL);
}
