#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
	int64_t child;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2020-01-01");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static int64_t opened(struct fix *f, const char *on)
{
	int64_t id = 0;

	check_ok(kase_open(&f->w.rec, f->child, day(on), &id));
	return id;
}

static void child_has_one_open_case(void **state)
{
	struct fix *f = *state;
	int64_t first = opened(f, "2026-01-01"), second;
	struct kase k;

	assert_int_equal(
		kase_open(&f->w.rec, f->child, day("2026-02-01"), &second),
		E_EXISTS);
	check_says("has an open case already, number 1");
	check_ok(kase_of_child(f->w.db, f->child, &k));
	assert_int_equal(k.id, first);
	check_ok(kase_close(&f->w.rec, first, day("2026-01-31")));
	assert_int_equal(kase_of_child(f->w.db, f->child, &k), E_NOTFOUND);
	second = opened(f, "2026-02-01");
	check_ok(kase_get(f->w.db, first, &k));
	assert_int_equal(k.closed, day("2026-01-31"));
}

static void open_refuses_wrong_days(void **state)
{
	struct fix *f = *state;
	int64_t id;

	assert_int_equal(kase_open(&f->w.rec, f->child, day("2019-12-31"), &id),
			 E_INVALID);
	check_says("birth date, 2020-01-01");
	assert_int_equal(kase_open(&f->w.rec, f->child, day("2026-07-01"), &id),
			 E_INVALID);
	check_says("in the future");
	assert_int_equal(kase_open(&f->w.rec, 99, day("2026-01-01"), &id),
			 E_NOTFOUND);
}

static void today_may_be_set(void **state)
{
	struct fix *f = *state;
	int64_t id;

	f->w.rec.today = day("2025-03-01");
	assert_int_equal(kase_open(&f->w.rec, f->child, day("2025-03-02"), &id),
			 E_INVALID);
	check_ok(kase_open(&f->w.rec, f->child, day("2025-03-01"), &id));
}

static void close_counts_open_needs(void **state)
{
	struct fix *f = *state;
	int64_t id = opened(f, "2026-01-01"), a, b;

	check_ok(need_add(&f->w.rec, id, "food", day("2026-01-02"), &a));
	check_ok(need_add(&f->w.rec, id, "dental", day("2026-01-02"), &b));
	assert_int_equal(kase_close(&f->w.rec, id, day("2026-03-01")), E_STATE);
	check_says("2 open needs");
	check_ok(need_close(&f->w.rec, a, day("2026-02-01"), true, ""));
	assert_int_equal(kase_close(&f->w.rec, id, day("2026-03-01")), E_STATE);
	check_says("1 open need;");
	check_ok(need_close(&f->w.rec, b, day("2026-02-10"), true, ""));
	assert_int_equal(kase_close(&f->w.rec, id, day("2026-02-09")),
			 E_INVALID);
	check_says("last need was closed");
	check_ok(kase_close(&f->w.rec, id, day("2026-02-10")));
	assert_int_equal(kase_close(&f->w.rec, id, day("2026-02-11")), E_STATE);
}

static int count(void *arg, const struct kase *k)
{
	int64_t *n = arg;

	*n = *n * 10 + k->id;
	return 0;
}

static int64_t listed(struct fix *f, int64_t child, bool open_only)
{
	int64_t n = 0;

	check_ok(kase_list(f->w.db, child, open_only, 0, 100, count, &n));
	return n;
}

static void list_is_newest_first(void **state)
{
	struct fix *f = *state;
	int64_t other;

	check_ok(kase_close(&f->w.rec, opened(f, "2026-01-01"),
			    day("2026-01-02")));
	opened(f, "2026-03-01");
	f->child = other = case_world_child(&f->w, "2019-01-01");
	opened(f, "2026-02-01");
	assert_int_equal(listed(f, 0, false), 231);
	assert_int_equal(listed(f, 0, true), 23);
	assert_int_equal(listed(f, 1, false), 21);
	assert_int_equal(listed(f, other, true), 3);
}

static void error_takes_a_case_out_of_the_lists(void **state)
{
	struct fix *f = *state;
	int64_t id = opened(f, "2026-01-01"), rows;
	struct kase k;

	check_ok(kase_error(&f->w.rec, id));
	check_ok(kase_get(f->w.db, id, &k));
	assert_int_equal(k.closed, day("2026-06-30"));
	assert_int_equal(listed(f, 0, false), 0);
	assert_int_equal(listed(f, f->child, false), id);
	assert_int_equal(listed(f, f->child, true), 0);
	assert_int_equal(k.errored, day("2026-06-30"));
	rows = case_world_int(&f->w, "SELECT count(*) FROM audit");
	check_ok(kase_error(&f->w.rec, id));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 rows);
	opened(f, "2026-01-01");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(child_has_one_open_case),
		T(open_refuses_wrong_days),
		T(today_may_be_set),
		T(close_counts_open_needs),
		T(list_is_newest_first),
		T(error_takes_a_case_out_of_the_lists),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
