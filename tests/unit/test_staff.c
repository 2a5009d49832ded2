#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/cover.h"
#include "regional/case/staff.h"

struct fix {
	struct case_world w;
	int64_t ann, ben, cat;
};

static int64_t hire(struct fix *f, const char *name, const char *role, int fte)
{
	struct staff s = {.started = day("2025-01-01")};
	int64_t id = 0;

	put(s.name, name);
	put(s.role, role);
	check_ok(staff_add(&f->w.rec, &s, fte, &id));
	return id;
}

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.ann = hire(&f, "Ann Tester", "nurse", 100);
	f.ben = hire(&f, "Ben Tester", "social-worker", 50);
	f.cat = hire(&f, "Cat Tester", "coordinator", 80);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static void add_refuses_what_is_wrong(void **state)
{
	struct fix *f = *state;
	struct staff s = {.started = day("2026-01-01"), .role = "pilot"};
	int64_t id;

	assert_int_equal(staff_add(&f->w.rec, &s, 100, &id), E_INVALID);
	check_says("has a name");
	put(s.name, "Dee Tester");
	assert_int_equal(staff_add(&f->w.rec, &s, 100, &id), E_INVALID);
	check_says("role; it is one of: nurse, social-worker, coordinator");
	put(s.role, "nurse");
	assert_int_equal(staff_add(&f->w.rec, &s, 201, &id), E_INVALID);
	check_says("from 0 to 2");
	s.started = day("2026-07-01");
	assert_int_equal(staff_add(&f->w.rec, &s, 100, &id), E_INVALID);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM staff"),
			 3);
}

static void fte_is_dated(void **state)
{
	struct fix *f = *state;
	int fte;

	check_ok(staff_fte_set(&f->w.rec, f->ann, day("2026-03-01"), 60));
	check_ok(staff_fte_on(f->w.db, f->ann, day("2026-02-28"), &fte));
	assert_int_equal(fte, 100);
	check_ok(staff_fte_on(f->w.db, f->ann, day("2026-03-01"), &fte));
	assert_int_equal(fte, 60);
	check_ok(staff_fte_on(f->w.db, f->ann, day("2024-12-31"), &fte));
	assert_int_equal(fte, 0);
	/* Corrected; what it was is kept. */
	check_ok(staff_fte_set(&f->w.rec, f->ann, day("2026-03-01"), 50));
	check_ok(staff_fte_set(&f->w.rec, f->ann, day("2026-03-01"), 50));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM history"
					       " WHERE was = '60'"),
			 1);
	assert_int_equal(
		staff_fte_set(&f->w.rec, f->ann, day("2024-12-31"), 50),
		E_STATE);
	check_says("does not work here on 2024-12-31");
	assert_int_equal(
		staff_fte_set(&f->w.rec, f->ann, day("2026-03-01"), -1),
		E_INVALID);
}

static int note_training(void *arg, const struct staff_training *t)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + t->id;
	return 0;
}

static void training_may_expire(void **state)
{
	struct fix *f = *state;
	struct staff_training t = {.staff = f->ann,
				   .kind = "credential",
				   .title = "Registered nurse",
				   .since = day("2024-10-01"),
				   .expires = day("2026-09-30")};
	int64_t id, seen = 0;

	check_ok(staff_train(&f->w.rec, &t, &id));
	put(t.kind, "training");
	put(t.title, "Trauma-informed care");
	t.expires = NO_DATE;
	check_ok(staff_train(&f->w.rec, &t, &id));
	check_ok(staff_training_list(f->w.db, 0, day("2026-09-29"),
				     note_training, &seen));
	assert_int_equal(seen, 0);
	check_ok(staff_training_list(f->w.db, 0, day("2026-09-30"),
				     note_training, &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	check_ok(staff_training_list(f->w.db, f->ann, NO_DATE, note_training,
				     &seen));
	assert_int_equal(seen, 12);
	t.expires = day("2024-09-30");
	assert_int_equal(staff_train(&f->w.rec, &t, &id), E_INVALID);
	check_says("day on which it expires");
	put(t.kind, "hobby");
	assert_int_equal(staff_train(&f->w.rec, &t, &id), E_INVALID);
	check_says("neither training nor credential");
	put(t.kind, "training");
	t.expires = NO_DATE;
	t.staff = 99;
	assert_int_equal(staff_train(&f->w.rec, &t, &id), E_NOTFOUND);
}

static int cover(struct fix *f, int64_t staff, int64_t by, const char *since,
		 const char *until)
{
	struct cover c = {.staff = staff,
			  .cover = by,
			  .since = day(since),
			  .until = *until ? day(until) : NO_DATE,
			  .leave = "vacation"};
	int64_t id;

	return cover_add(&f->w.rec, &c, &id);
}

static void cover_holds_on_its_days(void **state)
{
	struct fix *f = *state;
	int64_t by;

	check_ok(cover(f, f->ann, f->ben, "2026-07-10", "2026-07-20"));
	check_ok(cover_of(f->w.db, f->ann, day("2026-07-09"), &by));
	assert_int_equal(by, 0);
	check_ok(cover_of(f->w.db, f->ann, day("2026-07-10"), &by));
	assert_int_equal(by, f->ben);
	check_ok(cover_of(f->w.db, f->ann, day("2026-07-20"), &by));
	assert_int_equal(by, f->ben);
	check_ok(cover_of(f->w.db, f->ann, day("2026-07-21"), &by));
	assert_int_equal(by, 0);
	check_ok(cover_end(&f->w.rec, 1, day("2026-07-15")));
	check_ok(cover_of(f->w.db, f->ann, day("2026-07-16"), &by));
	assert_int_equal(by, 0);
}

static void cover_has_no_chains(void **state)
{
	struct fix *f = *state;

	assert_int_equal(cover(f, f->ann, f->ann, "2026-07-10", ""), E_INVALID);
	check_says("Nobody covers for themselves");
	check_ok(cover(f, f->ann, f->ben, "2026-07-10", "2026-07-20"));
	assert_int_equal(cover(f, f->ann, f->cat, "2026-07-20", ""), E_STATE);
	check_says("covered from 2026-07-10 on already");
	assert_int_equal(cover(f, f->ben, f->cat, "2026-07-01", "2026-07-10"),
			 E_STATE);
	check_says("end that first");
	assert_int_equal(cover(f, f->cat, f->ann, "2026-07-15", ""), E_STATE);
	check_says("is away from 2026-07-10");
	check_ok(cover(f, f->ben, f->cat, "2026-07-21", ""));
	assert_int_equal(cover_end(&f->w.rec, 1, day("2026-07-21")), E_STATE);
	assert_int_equal(cover_end(&f->w.rec, 1, day("2026-07-09")), E_INVALID);
	assert_int_equal(cover(f, f->ann, f->cat, "2026-06-20", "2026-06-10"),
			 E_INVALID);
	assert_int_equal(cover(f, f->ann, f->cat, "2024-06-20", ""), E_STATE);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM cover"),
			 2);
}

static void end_wants_cases_handed_over(void **state)
{
	struct fix *f = *state;
	int64_t kase, id;

	check_ok(kase_open(&f->w.rec, case_world_child(&f->w, "2020-01-01"),
			   day("2026-01-01"), &kase));
	check_ok(assignment_set(&f->w.rec, kase, f->cat, day("2026-01-02"), "",
				&id));
	assert_int_equal(staff_end(&f->w.rec, f->cat, day("2026-02-01")),
			 E_STATE);
	check_says("1 open case is assigned to Cat Tester");
	check_ok(assignment_set(&f->w.rec, kase, f->ben, day("2026-01-31"),
				"Cat leaves", &id));
	check_ok(staff_end(&f->w.rec, f->cat, day("2026-02-01")));
	assert_int_equal(staff_end(&f->w.rec, f->cat, day("2026-02-02")),
			 E_STATE);
	check_says("has left already");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(add_refuses_what_is_wrong), T(fte_is_dated),
		T(training_may_expire),	      T(cover_holds_on_its_days),
		T(cover_has_no_chains),	      T(end_wants_cases_handed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
