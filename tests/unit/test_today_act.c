#include "tests/unit/today_fix.h"

#include "regional/desk/today_act.h"

/* One step, and back. */
static void the_usual_thing_is_done_and_undone(void **state)
{
	struct fix *f = *state;
	char undo[TODAY_UNDO], text[TODAY_WORK];
	struct today_work w;
	int64_t child;

	plan_contact(f, "2026-06-26", "home-visit");
	list(f, f->ann, "2026-06-30", 0);
	assert_true(today_can(&f->item[0]));
	check_ok(today_work_parse(today_work_text(&f->item[0], text), &w));
	check_ok(today_do(&f->w.rec, &w, f->ann, "Ann Tester", undo));
	assert_int_equal(list(f, f->ann, "2026-06-30", 0), 0);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM contact WHERE"
					" reached = 1 AND mode = 'home-visit'"),
			 1);
	check_ok(today_undo_child(f->w.db, undo, &child));
	assert_int_equal(child, f->child);
	/* Twice is no second contact. */
	assert_int_equal(today_do(&f->w.rec, &w, f->ann, "Ann Tester", text),
			 E_STATE);
	check_ok(today_undo(&f->w.rec, undo));
	assert_int_equal(list(f, f->ann, "2026-06-30", 0), 1);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM contact WHERE"
					" errored IS NULL"),
			 0);
	assert_int_equal(today_undo(&f->w.rec, undo), E_STATE);
	/* Of another child: nothing. */
	w.child++;
	assert_int_equal(today_do(&f->w.rec, &w, f->ann, "Ann Tester", undo),
			 E_INVALID);
	assert_int_equal(today_work_parse("contact:1", &w), E_INVALID);
	assert_int_equal(today_work_parse("magic:1:1", &w), E_INVALID);
	assert_int_equal(today_undo(&f->w.rec, "magic:1:1"), E_INVALID);
}

static void clocks_are_stopped_step_by_step(void **state)
{
	struct fix *f = *state;
	char undo[TODAY_UNDO];
	struct today_work w = {.kind = TODAY_ED, .child = f->child};

	w.record = visit_ed(f, f->child);
	check_ok(today_do(&f->w.rec, &w, f->ann, "Ann Tester", undo));
	list(f, f->ann, "2026-06-30", 0);
	assert_int_equal(only(f, TODAY_ED)->contacted, day("2026-06-30"));
	check_ok(today_do(&f->w.rec, &w, f->ann, "Ann Tester", undo));
	assert_int_equal(list(f, f->ann, "2026-06-30", 0), 0);
	assert_int_equal(today_do(&f->w.rec, &w, f->ann, "Ann Tester", undo),
			 E_STATE);
	snprintf(undo, sizeof undo, "follow:%lld:0", (long long)w.record);
	check_ok(today_undo(&f->w.rec, undo));
	list(f, f->ann, "2026-06-30", 0);
	assert_int_equal(only(f, TODAY_ED)->followed, NO_DATE);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_usual_thing_is_done_and_undone),
		T(clocks_are_stopped_step_by_step),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
