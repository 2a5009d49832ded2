#include "tests/unit/today_fix.h"

#include "regional/case/practice.h"
#include "regional/desk/practice_view.h"

static int64_t practice_of(struct fix *f)
{
	struct practice p = {.active = true};
	struct child_practice c = {.child = f->child,
				   .since = day("2026-01-05"),
				   .until = NO_DATE};
	int64_t id = 0, link;

	put(p.name, "Maple Pediatrics");
	put(c.clinician, "P. Fir");
	check_ok(practice_add(&f->w.rec, &p, &id));
	c.practice = id;
	check_ok(practice_assign(&f->w.rec, &c, &link));
	return id;
}

static size_t seen_by(struct fix *f, int64_t practice, int64_t staff, bool all)
{
	const struct find_viewer who = {
		.staff = staff, .all = all, .today = day("2026-05-01")};
	struct practice_child *c;
	size_t n = 99;

	check_ok(practice_view_children(f->w.db, &f->a, practice, &who, 10, &c,
					&n));
	return n;
}

static void its_children_are_those_one_may_see(void **state)
{
	struct fix *f = *state;
	int64_t id = practice_of(f);

	assert_int_equal(seen_by(f, id, f->ann, false), 1);
	assert_int_equal(seen_by(f, id, f->ben, false), 0);
	assert_int_equal(seen_by(f, id, f->ben, true), 1);
	assert_int_equal(seen_by(f, id + 1, f->ann, true), 0);
}

static void its_last_outreach_is_known(void **state)
{
	struct fix *f = *state;
	struct practice_outreach o = {.practice = practice_of(f),
				      .minutes = -1};
	int32_t last;
	int64_t id;

	check_ok(practice_view_last(f->w.db, o.practice, &last));
	assert_int_equal(last, NO_DATE);
	put(o.how, "visit");
	o.day = day("2026-03-04");
	check_ok(practice_outreach_add(&f->w.rec, &o, &id));
	o.day = day("2026-02-04");
	check_ok(practice_outreach_add(&f->w.rec, &o, &id));
	check_ok(practice_view_last(f->w.db, o.practice, &last));
	assert_int_equal(last, day("2026-03-04"));
}

static void a_plan_without_an_answer_stands_first(void **state)
{
	struct fix *f = *state;
	int64_t practice = practice_of(f);
	const struct find_viewer ann = {.staff = f->ann,
					.today = day("2026-05-01")};
	const struct find_viewer ben = {.staff = f->ben,
					.today = day("2026-05-01")};
	struct practice_share *s;
	size_t n;

	check_ok(db_script(
		f->w.db,
		"INSERT INTO care_plan (id, kase, version, started, agreed,"
		" agreed_by, finalized) VALUES (7, 1, 1, '2026-02-01',"
		" '2026-02-02', 'Muna', '2026-02-02');"
		"INSERT INTO care_share (plan, party, what, way, shared,"
		" confirmed) VALUES (7, 'primary-care', 'plan', 'fax',"
		" '2026-02-03', NULL), (7, 'primary-care', 'goals', 'fax',"
		" '2026-02-05', '2026-02-06'), (7, 'school', 'goals', 'fax',"
		" '2026-02-05', NULL)"));
	check_ok(practice_view_shares(f->w.db, &f->a, practice, &ann, 10, &s,
				      &n));
	assert_int_equal(n, 2);
	assert_int_equal(s[0].confirmed, NO_DATE);
	assert_string_equal(s[0].what, "plan");
	assert_int_equal(s[1].confirmed, day("2026-02-06"));
	check_ok(practice_view_shares(f->w.db, &f->a, practice, &ben, 10, &s,
				      &n));
	assert_int_equal(n, 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(its_children_are_those_one_may_see),
		T(its_last_outreach_is_known),
		T(a_plan_without_an_answer_stands_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
