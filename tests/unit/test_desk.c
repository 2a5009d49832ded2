/* Tests of regional/desk/desk: who may see which child. */
#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/cover.h"
#include "regional/case/staff.h"
#include "regional/desk/desk.h"
#include "regional/desk/emergency.h"

struct fix {
	struct case_world w;
	int64_t ann, ben, child, kase;
};

static int64_t hire(struct fix *f, const char *name)
{
	struct staff s = {.role = "coordinator", .started = day("2025-01-01")};
	int64_t id = 0;

	put(s.name, name);
	check_ok(staff_add(&f->w.rec, &s, 100, &id));
	return id;
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	case_world_init(&f->w);
	f->ann = hire(f, "Ann Tester");
	f->ben = hire(f, "Ben Tester");
	case_world_need(&f->w);
	f->child = f->kase = 1;
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

static bool may(struct fix *f, unsigned roles, int64_t staff)
{
	struct person who = {.name = "pat", .roles = roles, .staff = staff};
	bool out = true;

	check_ok(desk_may_see(f->w.db, &who, f->child,
			      clock_utc_ms(&f->w.clock.base), &out));
	return out;
}

static void what_is_nobodys_is_open_to_coordinators(void **state)
{
	struct fix *f = *state;

	assert_true(may(f, ROLE_COORDINATOR, f->ann));
	assert_true(may(f, ROLE_COORDINATOR, 0));
	assert_true(may(f, ROLE_SUPERVISOR, 0));
	assert_false(may(f, ROLE_VIEWER, 0));
}

static void a_caseload_is_its_owners(void **state)
{
	struct fix *f = *state;
	int64_t id;

	check_ok(assignment_set(&f->w.rec, f->kase, f->ann, day("2026-02-01"),
				"", &id));
	assert_true(may(f, ROLE_COORDINATOR, f->ann));
	assert_false(may(f, ROLE_COORDINATOR, f->ben));
	assert_false(may(f, ROLE_COORDINATOR, 0));
	assert_true(may(f, ROLE_SUPERVISOR, f->ben));
	assert_false(may(f, ROLE_VIEWER, f->ann));
}

static void who_covers_sees_it_meanwhile(void **state)
{
	struct fix *f = *state;
	struct cover c = {.since = day("2026-06-29"),
			  .until = day("2026-07-01"),
			  .leave = "vacation"};
	int64_t id;

	c.staff = f->ann;
	c.cover = f->ben;
	check_ok(assignment_set(&f->w.rec, f->kase, f->ann, day("2026-02-01"),
				"", &id));
	check_ok(cover_add(&f->w.rec, &c, &id));
	assert_true(may(f, ROLE_COORDINATOR, f->ben));
	clock_set_advance(&f->w.clock, INT64_C(3) * 24 * 3600 * 1000);
	assert_false(may(f, ROLE_COORDINATOR, f->ben));
}

static void emergency_access_opens_it(void **state)
{
	struct fix *f = *state;
	int64_t id;

	check_ok(assignment_set(&f->w.rec, f->kase, f->ann, day("2026-02-01"),
				"", &id));
	check_ok(emergency_begin(&f->w.rec, "pat", f->child,
				 "the mother called me", &id));
	assert_true(may(f, ROLE_COORDINATOR, f->ben));
	assert_false(may(f, ROLE_VIEWER, 0));
	clock_set_advance(&f->w.clock, EMERGENCY_MS);
	assert_false(may(f, ROLE_COORDINATOR, f->ben));
}

static void there_is_no_such_child(void **state)
{
	struct fix *f = *state;
	struct person who = {.roles = ROLE_SUPERVISOR};
	bool out;

	assert_int_equal(desk_may_see(f->w.db, &who, 99, 0, &out), E_NOTFOUND);
	assert_false(out);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(what_is_nobodys_is_open_to_coordinators),
		T(a_caseload_is_its_owners),
		T(who_covers_sees_it_meanwhile),
		T(emergency_access_opens_it),
		T(there_is_no_such_child),
	};

	return cmocka_run_group_tests_name("desk", tests, NULL, NULL);
}
