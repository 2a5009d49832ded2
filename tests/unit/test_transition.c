#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/transition.h"

struct fix {
	struct case_world w;
	int64_t child, id; /* born 2010-06-15: 15 on 2026-02-01 */
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2010-06-15");
	check_ok(transition_start(&f.w.rec, f.child, day("2026-02-01"), &f.id));
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

static void it_begins_at_twelve_and_once(void **state)
{
	struct fix *f = *state;
	int64_t young = case_world_child(&f->w, "2014-03-02"), id;
	struct transition t;

	assert_int_equal(
		transition_start(&f->w.rec, young, day("2026-03-01"), &id),
		E_INVALID);
	check_says("11 years old on that day");
	check_ok(transition_start(&f->w.rec, young, day("2026-03-02"), &id));
	assert_int_equal(
		transition_start(&f->w.rec, young, day("2026-03-02"), &id),
		E_EXISTS);
	check_says("has a transition already");
	check_ok(transition_of_child(f->w.db, young, &t));
	assert_int_equal(t.begun, day("2026-03-02"));
	assert_int_equal(transition_of_child(f->w.db, 99, &t), E_NOTFOUND);
	assert_int_equal(
		transition_start(&f->w.rec, 99, day("2026-03-02"), &id),
		E_NOTFOUND);
}

static void refused(struct fix *f, const struct transition *t, const char *says)
{
	assert_int_equal(transition_update(&f->w.rec, t), E_INVALID);
	check_says(says);
}

static void the_transfer_goes_to_somebody(void **state)
{
	struct fix *f = *state;
	struct transition t;

	check_ok(transition_get(f->w.db, f->id, &t));
	t.package = day("2026-03-01");
	refused(f, &t, "goes to an adult provider");
	put(t.adult_provider, "Adult Medicine");
	assert_int_equal(transition_update(&f->w.rec, &t), E_DENIED);
	check_says("no consent to share the care plan");
	case_world_consent(&f->w, f->child);
	check_ok(transition_update(&f->w.rec, &t));
	t.planned = day("2026-01-31");
	refused(f, &t, "before the day the transition was begun");
	t.planned = day("2026-02-02");
	t.confirmed = day("2026-05-01");
	refused(f, &t, "Give the day of the first adult visit");
	t.first_visit = day("2026-05-02");
	refused(f, &t, "before the day of the first adult visit");
	t.confirmed = NO_DATE;
	put(t.confirmed_by, "Desk");
	refused(f, &t, "was confirmed");
	t.confirmed = day("2026-05-03");
	check_ok(transition_update(&f->w.rec, &t));
	t.child = case_world_child(&f->w, "2010-06-15");
	refused(f, &t, "stays with its child");
}

static void elements_stand_by_age(void **state)
{
	static const struct {
		const char *element, *birth, *standing;
	} is[] = {
		{"policy", "2015-01-01", "not yet"}, /* 11 */
		{"policy", "2014-01-01", "due"},     /* 12 */
		{"policy", "2011-07-01", "due"},     /* 14 */
		{"policy", "2011-06-30", "late"},    /* 15 today */
		{"readiness", "2012-01-01", "due"},  /* 14 */
		{"planning", "2012-07-01", "not yet"},
		{"transfer", "2008-06-30", "due"}, /* 18 today */
		{"transfer", "2008-07-01", "not yet"},
		{"completion", "2002-07-01", "due"}, /* 23 */
		{"completion", "2002-06-30", "late"},
	};
	struct fix *f = *state;
	int32_t today = day("2026-06-30");

	for (size_t i = 0; i < sizeof is / sizeof *is; i++) {
		int no = vocabulary_find(f->w.words, WORDS_ELEMENT,
					 is[i].element);
		const struct word *w =
			vocabulary_word(f->w.words, WORDS_ELEMENT, no);

		assert_string_equal(transition_standing(w, day(is[i].birth),
							NO_DATE, today),
				    is[i].standing);
		assert_string_equal(
			transition_standing(w, day(is[i].birth), today, today),
			"done");
	}
}

static int note(void *arg, const void *row)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + *(const int64_t *)row;
	return 0;
}

static void an_element_is_reached_once(void **state)
{
	struct fix *f = *state;
	int64_t seen = 0;

	check_ok(transition_reach(&f->w.rec, f->id, "policy", day("2026-03-01"),
				  ""));
	check_ok(transition_reach(&f->w.rec, f->id, "policy", day("2026-02-01"),
				  "by mail"));
	check_ok(transition_elements(f->w.db, f->id, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM history"
					       " WHERE was = '2026-03-01'"),
			 1);
	assert_int_equal(transition_reach(&f->w.rec, f->id, "party",
					  day("2026-03-01"), ""),
			 E_INVALID);
	check_says("it is one of: policy, tracking, readiness");
	assert_int_equal(transition_reach(&f->w.rec, f->id, "policy",
					  day("2010-06-14"), ""),
			 E_INVALID);
	assert_int_equal(transition_reach(&f->w.rec, 99, "policy",
					  day("2026-03-01"), ""),
			 E_NOTFOUND);
}

static void a_score_has_its_highest(void **state)
{
	struct fix *f = *state;
	struct transition_readiness a;
	int64_t id = 0;

	sheet_blank(&transition_readiness_sheet, &a);
	a.transition = f->id;
	a.assessed = day("2026-03-01");
	assert_int_equal(transition_assess(&f->w.rec, &a, &id), E_INVALID);
	check_says("name of the tool is missing");
	put(a.tool, "Readiness checklist");
	a.score = 12;
	assert_int_equal(transition_assess(&f->w.rec, &a, &id), E_INVALID);
	check_says("highest possible one beside it");
	a.most = 10;
	assert_int_equal(transition_assess(&f->w.rec, &a, &id), E_INVALID);
	check_says("The score, 12, is over");
	a.most = 20;
	put(a.answered_by, "friend");
	assert_int_equal(transition_assess(&f->w.rec, &a, &id), E_INVALID);
	check_says("youth, caregiver, both");
	put(a.answered_by, "youth");
	check_ok(transition_assess(&f->w.rec, &a, &id));
}

static void three_items_make_the_measure(void **state)
{
	struct fix *f = *state;
	struct transition_visit v;
	int64_t id = 0, again = 0;

	sheet_blank(&transition_visit_sheet, &v);
	v.transition = f->id;
	v.visited = day("2026-03-01");
	assert_int_equal(transition_answer(&f->w.rec, &v, &id), E_INVALID);
	check_says("at least one of the three");
	v.alone = 1;
	v.skills = 1;
	assert_int_equal(transition_all_three(&v), SHEET_UNKNOWN);
	check_ok(transition_answer(&f->w.rec, &v, &id));
	v.discussed = 0;
	assert_int_equal(transition_all_three(&v), 0);
	v.discussed = 1;
	assert_int_equal(transition_all_three(&v), 1);
	check_ok(transition_answer(&f->w.rec, &v, &again));
	assert_int_equal(again, id);
	v.visited = NO_DATE;
	assert_int_equal(transition_answer(&f->w.rec, &v, &id), E_INVALID);
	check_says("day of the visit is missing");
}

static void list_leaves_out_who_has_arrived(void **state)
{
	struct fix *f = *state;
	struct transition t;
	int64_t seen = 0;

	check_ok(transition_list(f->w.db, false, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	check_ok(transition_get(f->w.db, f->id, &t));
	t.first_visit = t.confirmed = day("2026-06-01");
	check_ok(transition_update(&f->w.rec, &t));
	seen = 0;
	check_ok(transition_list(f->w.db, false, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
	check_ok(transition_list(f->w.db, true, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(it_begins_at_twelve_and_once),
		T(the_transfer_goes_to_somebody),
		T(elements_stand_by_age),
		T(an_element_is_reached_once),
		T(a_score_has_its_highest),
		T(three_items_make_the_measure),
		T(list_leaves_out_who_has_arrived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
