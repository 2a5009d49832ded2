#include "tests/unit/today_fix.h"

#include "regional/desk/child_head.h"

static void head(struct fix *f, const char *today, struct child_head *c)
{
	check_ok(child_head_read(f->w.db, &f->a, f->child, day(today), c));
}

static void it_says_who_it_is(void **state)
{
	struct fix *f = *state;
	struct child_head c;

	head(f, "2026-06-30", &c);
	assert_string_equal(c.given, "Pebble");
	assert_true(c.kase > 0);
	assert_int_equal(c.closed, NO_DATE);
	assert_string_equal(c.lead, "Ann Tester");
	assert_string_equal(c.language, "arabic");
	assert_true(c.interpreter);
	assert_int_equal(c.last, NO_DATE);
	assert_int_equal(c.open_needs, 1);
	assert_int_equal(c.stuck, 0);
	assert_int_equal(
		child_head_read(f->w.db, &f->a, 999, day("2026-06-30"), &c),
		E_NOTFOUND);
	err_clear();
}

static void the_safe_way_comes_first(void **state)
{
	struct fix *f = *state;
	struct reach r = {.caregiver = f->mother,
			  .way = "phone",
			  .value = "203-555-0199",
			  .active = true};
	struct child_head c;
	int64_t id;

	check_ok(reach_add(&f->w.rec, &r, &id));
	head(f, "2026-06-30", &c);
	assert_string_equal(c.way, "");
	assert_true(c.unsafe);
	put(r.value, "203-555-0142");
	r.safe = r.preferred = true;
	check_ok(reach_add(&f->w.rec, &r, &id));
	head(f, "2026-06-30", &c);
	assert_string_equal(c.value, "203-555-0142");
	assert_false(c.message);
	assert_true(c.unsafe);
}

static void a_need_is_stuck_without_an_answer(void **state)
{
	struct fix *f = *state;
	struct child_head c;
	int64_t id;

	case_world_consent(&f->w, f->child);
	check_ok(
		referral_add(&f->w.rec, f->need, 0, 0, day("2026-05-01"), &id));
	check_ok(referral_move(&f->w.rec, id, REFERRAL_REQUESTED,
			       day("2026-05-01"), NULL));
	head(f, "2026-05-30", &c);
	assert_int_equal(c.stuck, 0);
	head(f, "2026-05-31", &c);
	assert_int_equal(c.stuck, 1);
}

static void the_clock_runs_until_the_family_is_reached(void **state)
{
	struct fix *f = *state;
	struct contact t = {.happened = day("2026-06-12"),
			    .mode = "phone",
			    .party = "family",
			    .minutes = SHEET_UNKNOWN,
			    .made_by = "Ann Tester",
			    .errored = NO_DATE};
	struct child_head c;
	int64_t id;

	visit_ed(f, f->child);
	head(f, "2026-06-13", &c);
	assert_int_equal(c.ed_day, day("2026-06-11"));
	check_ok(contact_add(&f->w.rec, &t, &c.kase, 1, &id));
	head(f, "2026-06-13", &c);
	assert_int_equal(c.ed_day, day("2026-06-11"));
	assert_false(c.last_reached);
	t.reached = 1;
	check_ok(contact_add(&f->w.rec, &t, &c.kase, 1, &id));
	head(f, "2026-06-13", &c);
	assert_int_equal(c.ed_day, NO_DATE);
	assert_true(c.last_reached);
	assert_string_equal(c.last_by, "Ann Tester");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(it_says_who_it_is),
		T(the_safe_way_comes_first),
		T(a_need_is_stuck_without_an_answer),
		T(the_clock_runs_until_the_family_is_reached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
