#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/care_plan.h"
#include "regional/case/merge.h"

struct fix {
	struct case_world w;
	int64_t need, kase; /* of a child with a need found 2026-01-01 */
	int64_t plan;	    /* a draft of 2026-02-01 */
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.need = case_world_need(&f.w);
	f.kase = 1;
	check_ok(care_plan_start(&f.w.rec, f.kase, day("2026-02-01"), &f.plan));
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

static struct care_goal goal_of(int64_t plan, int64_t need)
{
	struct care_goal g;

	sheet_blank(&care_goal_sheet, &g);
	g.plan = plan;
	g.need = need;
	put(g.goal, "Enough to eat each week");
	put(g.state, "open");
	return g;
}

static struct care_action action_of(int64_t goal)
{
	struct care_action a;

	sheet_blank(&care_action_sheet, &a);
	a.goal = goal;
	put(a.action, "Apply for the food program");
	put(a.owner, "Mother");
	a.due = day("2026-08-01");
	put(a.state, "open");
	return a;
}

/* A goal with an action; the plan agreed 2026-02-10, finalized 2026-02-11. */
static void finalized(struct fix *f)
{
	struct care_goal g = goal_of(f->plan, f->need);
	struct care_action a;
	int64_t id = 0;

	check_ok(care_plan_goal_add(&f->w.rec, &g, &id));
	a = action_of(id);
	check_ok(care_plan_action_add(&f->w.rec, &a, &id));
	check_ok(care_plan_finalize(&f->w.rec, f->plan, day("2026-02-11"),
				    day("2026-02-10"), "Mother"));
}

static int note(void *arg, const void *row)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + *(const int64_t *)row;
	return 0;
}

static void a_plan_is_agreed_by_somebody(void **state)
{
	struct fix *f = *state;
	int32_t on = day("2026-02-11");
	struct care_plan p;

	assert_int_equal(
		care_plan_finalize(&f->w.rec, f->plan, on, on, "Mother"),
		E_STATE);
	check_says("no goal yet");
	assert_int_equal(care_plan_current(f->w.db, f->kase, &p), E_NOTFOUND);
	assert_int_equal(care_plan_finalize(&f->w.rec, f->plan, on, on, ""),
			 E_INVALID);
	check_says("who of the family agreed");
	assert_int_equal(care_plan_finalize(&f->w.rec, f->plan, on,
					    day("2026-01-31"), "Mother"),
			 E_INVALID);
	check_says("before the day the plan was started");
	assert_int_equal(
		care_plan_finalize(&f->w.rec, f->plan, on, on + 1, "Mother"),
		E_INVALID);
	check_says("before the day the family agreed");
	finalized(f);
	check_ok(care_plan_current(f->w.db, f->kase, &p));
	assert_int_equal(p.version, 1);
	assert_int_equal(p.agreed, day("2026-02-10"));
	assert_string_equal(p.agreed_by, "Mother");
}

static void a_finalized_version_does_not_change(void **state)
{
	static const char *const sql[] = {
		"UPDATE care_plan SET wishes = 'x'",
		"UPDATE care_goal SET goal = 'x'",
		"UPDATE care_action SET owner = 'x'",
		"INSERT INTO care_goal (plan, goal, state)"
		" VALUES (1, 'x', 'open')",
		"INSERT INTO care_action (goal, action, owner, state)"
		" VALUES (1, 'x', 'x', 'open')",
	};
	struct fix *f = *state;
	struct care_goal g = goal_of(f->plan, 0);
	struct care_action a = action_of(1);
	int64_t id;

	finalized(f);
	assert_int_equal(care_plan_wishes(&f->w.rec, f->plan, "more"), E_STATE);
	check_says("start the next version");
	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_STATE);
	assert_int_equal(care_plan_action_add(&f->w.rec, &a, &id), E_STATE);
	g.id = 1;
	assert_int_equal(care_plan_goal_update(&f->w.rec, &g), E_STATE);
	a.id = 1;
	assert_int_equal(care_plan_action_update(&f->w.rec, &a), E_STATE);
	assert_int_equal(care_plan_finalize(&f->w.rec, f->plan,
					    day("2026-03-01"),
					    day("2026-03-01"), "Mother"),
			 E_STATE);
	/* Nor may a wrong program. */
	for (size_t i = 0; i < sizeof sql / sizeof *sql; i++)
		assert_true(db_run(f->w.db, sql[i], "") < 0);
}

static void the_next_version_starts_as_a_copy(void **state)
{
	struct fix *f = *state;
	struct care_action a;
	struct care_goal g;
	struct care_plan p;
	int64_t next = 0, seen = 0;

	assert_int_equal(
		care_plan_start(&f->w.rec, f->kase, day("2026-03-01"), &next),
		E_STATE);
	check_says("plan 1, is still a draft");
	check_ok(care_plan_wishes(&f->w.rec, f->plan, "Food first"));
	finalized(f);
	assert_int_equal(
		care_plan_start(&f->w.rec, f->kase, day("2026-02-10"), &next),
		E_INVALID);
	check_ok(care_plan_start(&f->w.rec, f->kase, day("2026-03-01"), &next));
	check_ok(care_plan_get(f->w.db, next, &p));
	assert_int_equal(p.version, 2);
	assert_string_equal(p.wishes, "Food first");
	assert_int_equal(p.agreed, NO_DATE);
	assert_string_equal(p.agreed_by, "");
	check_ok(care_plan_goal_get(f->w.db, 2, &g));
	assert_int_equal(g.plan, next);
	assert_int_equal(g.origin, 1);
	assert_int_equal(g.need, f->need);
	check_ok(care_plan_action_get(f->w.db, 2, &a));
	assert_int_equal(a.goal, 2);
	assert_int_equal(a.origin, 1);
	assert_string_equal(a.owner, "Mother");
	/* Work goes on in the new one; the old one stays as it was. */
	put(a.state, "done");
	a.ended = day("2026-03-02");
	check_ok(care_plan_action_update(&f->w.rec, &a));
	check_ok(care_plan_action_get(f->w.db, 1, &a));
	assert_string_equal(a.state, "open");
	check_ok(care_plan_list(f->w.db, f->kase, 0, 10, note, &seen));
	assert_int_equal(seen, 21);
	check_ok(care_plan_current(f->w.db, f->kase, &p));
	assert_int_equal(p.version, 1);
}

static void goals_and_actions_end_on_a_day(void **state)
{
	struct fix *f = *state;
	struct care_goal g = goal_of(f->plan, f->need);
	struct care_action a;
	int64_t id = 0, action = 0;

	put(g.state, "reached");
	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_INVALID);
	check_says("A goal that is reached ended on a day");
	put(g.state, "open");
	g.ended = day("2026-03-01");
	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_INVALID);
	check_says("open has not ended");
	g.ended = NO_DATE;
	put(g.state, "perhaps");
	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_INVALID);
	check_says("it is one of: open, reached, partly, dropped");
	put(g.state, "reach");
	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_INVALID);
	check_says("\"reach\" is not a state of a goal");
	put(g.state, "open");
	check_ok(care_plan_goal_add(&f->w.rec, &g, &id));
	a = action_of(id);
	a.owner[0] = '\0';
	assert_int_equal(care_plan_action_add(&f->w.rec, &a, &action),
			 E_INVALID);
	check_says("The owner is missing");
	a = action_of(99);
	assert_int_equal(care_plan_action_add(&f->w.rec, &a, &action),
			 E_NOTFOUND);
	check_says("There is no goal 99");
}

static void a_goal_is_for_a_need_of_its_case(void **state)
{
	struct fix *f = *state;
	struct care_goal g = goal_of(f->plan, case_world_need(&f->w));
	int64_t id;

	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_INVALID);
	check_says("Need 2 is one of case 2, the plan is for case 1");
	g.need = 99;
	assert_int_equal(care_plan_goal_add(&f->w.rec, &g, &id), E_NOTFOUND);
}

static void what_is_due_is_of_the_newest_version(void **state)
{
	struct fix *f = *state;
	int64_t next, seen = 0;

	finalized(f);
	check_ok(care_plan_due(f->w.db, day("2026-07-31"), 0, 10, note, &seen));
	assert_int_equal(seen, 0);
	check_ok(care_plan_due(f->w.db, day("2026-08-01"), 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	check_ok(care_plan_start(&f->w.rec, f->kase, day("2026-03-01"), &next));
	check_ok(care_plan_due(f->w.db, day("2026-08-01"), 0, 10, note, &seen));
	assert_int_equal(seen, 2);
}

/* The case of a child that was recorded twice ends; its plan goes on. */
static void a_merge_moves_what_was_agreed(void **state)
{
	struct fix *f = *state;
	struct care_plan p;
	int64_t id = 0;

	finalized(f);
	case_world_need(&f->w); /* child 2, case 2 */
	check_ok(merge_children(&f->w.rec, 2, 1, &id));
	check_ok(care_plan_current(f->w.db, 2, &p));
	assert_int_equal(p.id, f->plan);
	assert_string_equal(p.agreed_by, "Mother");
	check_ok(merge_undo(&f->w.rec, id));
	check_ok(care_plan_current(f->w.db, 1, &p));
	assert_int_equal(p.id, f->plan);
}

static void a_draft_is_not_shared(void **state)
{
	struct fix *f = *state;
	struct care_share s, is;
	int64_t id = 0;

	sheet_blank(&care_share_sheet, &s);
	s.plan = f->plan;
	put(s.party, "primary-care");
	put(s.what, "plan");
	put(s.way, "fax");
	s.shared = day("2026-02-20");
	assert_int_equal(care_plan_share(&f->w.rec, &s, &id), E_STATE);
	check_says("is a draft");
	finalized(f);
	put(s.way, "pigeon");
	assert_int_equal(care_plan_share(&f->w.rec, &s, &id), E_INVALID);
	check_says("it is one of: in-person");
	put(s.way, "fax");
	s.shared = day("2026-02-10");
	assert_int_equal(care_plan_share(&f->w.rec, &s, &id), E_INVALID);
	check_says("before the day the plan was finalized");
	s.shared = day("2026-02-20");
	case_world_consent(&f->w, 1);
	check_ok(care_plan_share(&f->w.rec, &s, &id));
	assert_int_equal(
		care_plan_confirm(&f->w.rec, id, day("2026-02-19"), "Desk"),
		E_INVALID);
	check_ok(care_plan_confirm(&f->w.rec, id, day("2026-02-21"), "Desk"));
	assert_int_equal(
		care_plan_confirm(&f->w.rec, id, day("2026-02-21"), "Desk"),
		E_STATE);
	check_ok(care_plan_share_get(f->w.db, id, &is));
	assert_int_equal(is.confirmed, day("2026-02-21"));
	assert_string_equal(is.confirmed_by, "Desk");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_plan_is_agreed_by_somebody),
		T(a_finalized_version_does_not_change),
		T(the_next_version_starts_as_a_copy),
		T(goals_and_actions_end_on_a_day),
		T(a_goal_is_for_a_need_of_its_case),
		T(what_is_due_is_of_the_newest_version),
		T(a_merge_moves_what_was_agreed),
		T(a_draft_is_not_shared),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
