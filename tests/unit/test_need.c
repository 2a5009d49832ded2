#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
	int64_t kase;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	check_ok(kase_open(&f.w.rec, case_world_child(&f.w, "2020-01-01"),
			   day("2026-01-01"), &f.kase));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static int64_t found(struct fix *f)
{
	int64_t id = 0;

	check_ok(need_add(&f->w.rec, f->kase, "housing", day("2026-02-01"),
			  &id));
	return id;
}

static void add_knows_the_vocabulary(void **state)
{
	struct fix *f = *state;
	struct need n;
	int64_t id;

	for (int i = 0; i < vocabulary_count(f->w.words, WORDS_NEED); i++)
		check_ok(
			need_add(&f->w.rec, f->kase,
				 vocabulary_word(f->w.words, WORDS_NEED, i)->id,
				 day("2026-02-01"), &id));
	check_ok(need_get(f->w.db, 1, &n));
	assert_string_equal(n.domain, "food");
	assert_string_equal(n.state, "open");
	assert_int_equal(n.found, day("2026-02-01"));
	assert_int_equal(n.closed, NO_DATE);
	assert_int_equal(
		need_add(&f->w.rec, f->kase, "basic", day("2026-02-01"), &id),
		E_INVALID);
	check_says("food, housing, utilities");
}

static void add_refuses_wrong_days_and_closed_cases(void **state)
{
	struct fix *f = *state;
	int64_t id;

	assert_int_equal(
		need_add(&f->w.rec, f->kase, "food", day("2019-12-31"), &id),
		E_INVALID);
	assert_int_equal(
		need_add(&f->w.rec, f->kase, "food", day("2026-07-01"), &id),
		E_INVALID);
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-02-02")));
	assert_int_equal(
		need_add(&f->w.rec, f->kase, "food", day("2026-02-01"), &id),
		E_STATE);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM need"), 0);
}

static void close_wants_a_reason_for_unmet_only(void **state)
{
	struct fix *f = *state;
	int64_t id = found(f);
	int32_t on = day("2026-03-01");
	struct need n;

	assert_int_equal(need_close(&f->w.rec, id, on, true, "OTHER"),
			 E_INVALID);
	check_says("no reason for being unmet");
	assert_int_equal(need_close(&f->w.rec, id, on, false, ""), E_INVALID);
	check_says("Say why");
	assert_int_equal(need_close(&f->w.rec, id, on, false, "BECAUSE"),
			 E_INVALID);
	check_says("NO_SERVICE");
	assert_int_equal(need_close(&f->w.rec, id, day("2026-01-31"), true, ""),
			 E_INVALID);
	check_ok(need_close(&f->w.rec, id, on, false, "WAITLIST"));
	check_ok(need_get(f->w.db, id, &n));
	assert_string_equal(n.state, "unmet");
	assert_string_equal(n.reason, "WAITLIST");
	assert_int_equal(n.closed, on);
	assert_int_equal(need_close(&f->w.rec, id, on, true, ""), E_STATE);
	check_says("closed already, as unmet");
}

static void reopen_takes_the_end_back(void **state)
{
	struct fix *f = *state;
	int64_t id = found(f);
	struct need n;

	assert_int_equal(need_reopen(&f->w.rec, id), E_STATE);
	check_ok(need_close(&f->w.rec, id, day("2026-03-01"), false, "OTHER"));
	check_ok(need_reopen(&f->w.rec, id));
	check_ok(need_get(f->w.db, id, &n));
	assert_string_equal(n.state, "open");
	assert_string_equal(n.reason, "");
	assert_int_equal(n.closed, NO_DATE);
	/* What was is kept. */
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM history"
					" WHERE was IN ('unmet', '2026-03-01',"
					" 'OTHER')"),
			 3);
	check_ok(need_close(&f->w.rec, id, day("2026-03-01"), true, ""));
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-03-02")));
	assert_int_equal(need_reopen(&f->w.rec, id), E_STATE);
	check_says("Case 1 is closed");
}

static int note(void *arg, const struct need *n)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + n->id;
	return 0;
}

static void list_is_by_day(void **state)
{
	struct fix *f = *state;
	int64_t seen = 0, id;

	found(f);
	check_ok(need_add(&f->w.rec, f->kase, "food", day("2026-01-05"), &id));
	check_ok(need_list(f->w.db, f->kase, 0, 10, note, &seen));
	assert_int_equal(seen, 21);
	seen = 0;
	check_ok(need_list(f->w.db, f->kase + 1, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(add_knows_the_vocabulary),
		T(add_refuses_wrong_days_and_closed_cases),
		T(close_wants_a_reason_for_unmet_only),
		T(reopen_takes_the_end_back),
		T(list_is_by_day),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
