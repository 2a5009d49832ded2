/* Tests of regional/desk/emergency: three hours, a reason, and a review by
 * somebody else. */
#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/desk/emergency.h"

struct fix {
	struct case_world w;
	int64_t child, id;
	int listed;
	char who[64], finding[32];
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	case_world_init(&f->w);
	f->child = case_world_child(&f->w, "2020-01-01");
	check_ok(emergency_begin(&f->w.rec, "cora", f->child,
				 "the mother called from the hospital",
				 &f->id));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	mem_free(f);
	return 0;
}

static bool holds(struct fix *f, const char *who)
{
	int64_t until;

	check_ok(emergency_until(f->w.db, who, f->child,
				 clock_utc_ms(&f->w.clock.base), &until));
	return until > 0;
}

static int count(void *arg, const struct emergency *e)
{
	struct fix *f = arg;

	f->listed++;
	put(f->who, e->who);
	put(f->finding, e->finding ? e->finding : "");
	return 0;
}

static void it_holds_three_hours_for_whom_it_is(void **state)
{
	struct fix *f = *state;

	assert_true(holds(f, "cora"));
	assert_false(holds(f, "ben"));
	clock_set_advance(&f->w.clock, EMERGENCY_MS - 1);
	assert_true(holds(f, "cora"));
	clock_set_advance(&f->w.clock, 1);
	assert_false(holds(f, "cora"));
}

static void it_can_be_ended_by_whose_it_is(void **state)
{
	struct fix *f = *state;

	assert_int_equal(emergency_end(&f->w.rec, "ben", f->id), E_STATE);
	assert_true(holds(f, "cora"));
	check_ok(emergency_end(&f->w.rec, "cora", f->id));
	assert_false(holds(f, "cora"));
	assert_int_equal(emergency_end(&f->w.rec, "cora", f->id), E_STATE);
}

static void a_reason_is_wanted(void **state)
{
	struct fix *f = *state;
	int64_t id;

	assert_int_equal(
		emergency_begin(&f->w.rec, "ben", f->child, "because", &id),
		E_INVALID);
	check_says("why you have to see");
	assert_int_equal(emergency_begin(&f->w.rec, "ben", 99,
					 "the mother called me", &id),
			 E_NOTFOUND);
	assert_false(holds(f, "ben"));
}

static void somebody_else_reviews_it(void **state)
{
	struct fix *f = *state;

	check_ok(emergency_list(f->w.db, NULL, 0, count, f));
	assert_int_equal(f->listed, 1);
	assert_int_equal(emergency_review(&f->w.rec, "cora", f->id, true, ""),
			 E_STATE);
	check_says("Somebody else");
	assert_int_equal(emergency_review(&f->w.rec, "sue", f->id, false, ""),
			 E_INVALID);
	check_ok(emergency_review(&f->w.rec, "sue", f->id, true, ""));
	assert_int_equal(emergency_review(&f->w.rec, "sam", f->id, true, ""),
			 E_STATE);
	check_says("sue has reviewed");
	f->listed = 0;
	check_ok(emergency_list(f->w.db, NULL, 0, count, f));
	assert_int_equal(f->listed, 0);
	check_ok(emergency_of_child(f->w.db, f->child, count, f));
	assert_string_equal(f->finding, "needed");
	/* A review ends nothing. */
	assert_true(holds(f, "cora"));
}

static void it_is_in_the_audit(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM audit WHERE "
					"record = 'child' AND id = 1 AND "
					"field = 'emergency-access'"),
			 1);
	check_ok(audit_verify(f->w.db, &rows));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(it_holds_three_hours_for_whom_it_is),
		T(it_can_be_ended_by_whose_it_is),
		T(a_reason_is_wanted),
		T(somebody_else_reviews_it),
		T(it_is_in_the_audit),
	};

	return cmocka_run_group_tests_name("emergency", tests, NULL, NULL);
}
