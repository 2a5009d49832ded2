#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/ed.h"
#include "regional/case/merge.h"

struct fix {
	struct case_world w;
	int64_t child; /* born 2012-05-01 */
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2012-05-01");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(audit_verify(f->w.db, &rows));
	case_world_fini(&f->w);
	return 0;
}

static struct ed_episode visit(struct fix *f, const char *visited)
{
	struct ed_episode e;

	sheet_blank(&ed_episode_sheet, &e);
	e.child = f->child;
	e.visited = day(visited);
	e.behavioral = 1;
	return e;
}

static int64_t add(struct fix *f, const struct ed_episode *e)
{
	int64_t id = 0;

	check_ok(ed_add(&f->w.rec, e, &id));
	return id;
}

static void refused(struct fix *f, const struct ed_episode *e, const char *says)
{
	int64_t id;

	assert_int_equal(ed_add(&f->w.rec, e, &id), E_INVALID);
	check_says(says);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM ed_episode"), 0);
}

static void add_keeps_every_field(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2026-03-01"), is;

	put(e.facility, "Children's Hospital");
	e.admitted = 0;
	e.discharged = day("2026-03-02");
	e.criteria = 1;
	put(e.enrolled, "accepted");
	e.enrolled_on = day("2026-03-02");
	e.crisis_plan = day("2026-03-03");
	e.followed_up = day("2026-03-08");
	put(e.source_id, "V-1");
	put(e.note, "School told");
	e.id = add(f, &e);
	check_ok(ed_get(f->w.db, e.id, &is));
	assert_memory_equal(&is, &e, sizeof e);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"
					       " WHERE record = 'ed_episode'"),
			 13);
}

static void add_refuses_what_no_visit_is(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2012-04-30");

	refused(f, &e, "before the child's birth date");
	e = visit(f, "2026-07-01");
	refused(f, &e, "is in the future");
	e = visit(f, "2026-03-01");
	e.discharged = day("2026-02-28");
	refused(f, &e, "day of the discharge, 2026-02-28, is before the day");
	e.discharged = day("2026-03-03");
	e.followed_up = day("2026-03-02");
	refused(f, &e, "before the day of the discharge");
	e = visit(f, "2026-03-01");
	e.behavioral = SHEET_UNKNOWN;
	refused(f, &e, "whether it was behavioral is missing");
	e.behavioral = 0;
	e.criteria = 1;
	refused(f, &e, "for behavioral visits only");
	e = visit(f, "2026-03-01");
	e.admitted = 2;
	refused(f, &e, "is 0 to 1, not 2");
}

static void enrollment_follows_the_criteria(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2026-03-01");

	put(e.enrolled, "accepted");
	refused(f, &e, "Give the day on which enrollment was accepted");
	e.enrolled_on = day("2026-03-02");
	refused(f, &e, "for visits that meet the criteria");
	e.criteria = 0;
	refused(f, &e, "for visits that meet the criteria");
	e.criteria = 1;
	put(e.enrolled, "maybe");
	refused(f, &e, "it is one of: accepted, declined");
	e.enrolled[0] = '\0';
	refused(f, &e, "accepted or declined on that day");
	put(e.enrolled, "declined");
	add(f, &e);
}

static void a_source_id_is_there_once(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2026-03-01");
	int64_t id;

	put(e.source_id, "V-1");
	e.id = add(f, &e);
	assert_int_equal(ed_add(&f->w.rec, &e, &id), E_EXISTS);
	check_says("a visit with the number \"V-1\" already");
	/* One in error does not stand in its way. */
	check_ok(ed_error(&f->w.rec, e.id));
	check_ok(ed_error(&f->w.rec, e.id));
	assert_int_equal(ed_update(&f->w.rec, &e), E_STATE);
	add(f, &e);
}

static void days_are_counted_from_the_discharge(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2026-01-01");
	struct ed_outcome o;
	int64_t first, third;

	e.discharged = day("2026-01-03");
	e.followed_up = day("2026-01-10");
	first = add(f, &e);
	/* On day 0, not behavioral, another child's: no revisits. */
	e = visit(f, "2026-01-03");
	add(f, &e);
	e = visit(f, "2026-01-10");
	e.behavioral = 0;
	add(f, &e);
	e = visit(f, "2026-01-11");
	e.child = case_world_child(&f->w, "2012-05-01");
	add(f, &e);
	check_ok(ed_outcome_get(f->w.db, first, &o));
	assert_int_equal(o.day0, day("2026-01-03"));
	assert_int_equal(o.follow_up_days, 7);
	assert_true(ed_within(o.follow_up_days, 7));
	assert_int_equal(o.revisit_days, SHEET_UNKNOWN);
	assert_false(ed_within(o.revisit_days, 90));
	e = visit(f, "2026-02-03");
	third = add(f, &e);
	check_ok(ed_outcome_get(f->w.db, first, &o));
	assert_int_equal(o.revisit_days, 31);
	assert_false(ed_within(o.revisit_days, 30));
	assert_true(ed_within(o.revisit_days, 90));
	check_ok(ed_error(&f->w.rec, third));
	check_ok(ed_outcome_get(f->w.db, first, &o));
	assert_int_equal(o.revisit_days, SHEET_UNKNOWN);
	assert_int_equal(ed_outcome_get(f->w.db, third, &o), E_NOTFOUND);
}

static void a_visit_stays_with_its_child(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2026-03-01");

	e.id = add(f, &e);
	e.child = case_world_child(&f->w, "2012-05-01");
	assert_int_equal(ed_update(&f->w.rec, &e), E_INVALID);
	check_says("stays with its child");
	e.child = f->child;
	e.crisis_plan = day("2026-03-05");
	check_ok(ed_update(&f->w.rec, &e));
}

/* Visits of a child that was recorded twice are those of one. */
static void a_merge_makes_a_revisit(void **state)
{
	struct fix *f = *state;
	struct ed_episode e = visit(f, "2026-03-01");
	struct ed_outcome o;
	int64_t twin = case_world_child(&f->w, "2012-05-01"), id, first;

	first = add(f, &e);
	e = visit(f, "2026-03-11");
	e.child = twin;
	add(f, &e);
	check_ok(merge_children(&f->w.rec, f->child, twin, &id));
	check_ok(ed_outcome_get(f->w.db, first, &o));
	assert_int_equal(o.revisit_days, 10);
	assert_int_equal(ed_add(&f->w.rec, &e, &id), E_STATE);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(add_keeps_every_field),
		T(add_refuses_what_no_visit_is),
		T(enrollment_follows_the_criteria),
		T(a_source_id_is_there_once),
		T(days_are_counted_from_the_discharge),
		T(a_visit_stays_with_its_child),
		T(a_merge_makes_a_revisit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
