#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/audit.h"
#include "regional/case/cover.h"
#include "regional/case/family.h"
#include "regional/case/staff.h"
#include "regional/desk/cases_list.h"
#include "regional/desk/find_list.h"
#include "regional/desk/saved_view.h"

enum { CHILDREN = 7 };

struct fix {
	struct case_world w;
	struct arena a;
	int64_t ann, ben, kase[CHILDREN];
	struct cases_query q;
	struct cases_line *line;
	size_t n;
	bool more;
};

static int64_t hire(struct fix *f, const char *name)
{
	struct staff s = {.role = "coordinator", .started = day("2025-01-01")};
	int64_t id = 0;

	put(s.name, name);
	check_ok(staff_add(&f->w.rec, &s, 100, &id));
	return id;
}

/* A to G, opened on days that go back; A and B are Ann's, C Ben's. */
static int setup(void **state)
{
	static struct fix f;
	int64_t id;

	case_world_init(&f.w);
	arena_init(&f.a);
	f.ann = hire(&f, "Ann Tester");
	f.ben = hire(&f, "Ben Tester");
	for (int i = 0; i < CHILDREN; i++) {
		struct child c = {.birth = day("2020-02-03"), .sex = "unknown"};

		snprintf(c.given, sizeof c.given, "Pebble");
		snprintf(c.family, sizeof c.family, "%cxample", 'A' + i);
		check_ok(child_add(&f.w.rec, &c, &id));
		check_ok(kase_open(&f.w.rec, id, day("2026-01-10") - i,
				   &f.kase[i]));
		if (i < 3)
			check_ok(assignment_set(&f.w.rec, f.kase[i],
						i < 2 ? f.ann : f.ben,
						day("2026-01-11"), "", &id));
	}
	f.q = (struct cases_query){.whose = CASES_ALL,
				   .me = f.ann,
				   .today = day("2026-06-30"),
				   .limit = 50};
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(audit_verify(f->w.db, &rows));
	arena_fini(&f->a);
	case_world_fini(&f->w);
	return 0;
}

/* The first letters of the page. */
static const char *letters(struct fix *f)
{
	static char out[CHILDREN + 1];
	size_t i;

	check_ok(cases_list(f->w.db, &f->q, &f->a, &f->line, &f->n, &f->more));
	for (i = 0; i < f->n; i++)
		out[i] = f->line[i].family[0];
	out[i] = '\0';
	return out;
}

static int64_t count(struct fix *f, int64_t *overdue)
{
	int64_t all = -1, late = -1;

	check_ok(cases_count(f->w.db, &f->q, &all, &late));
	if (overdue)
		*overdue = late;
	return all;
}

static void whose_cases_and_sorted_how(void **state)
{
	struct fix *f = *state;

	assert_string_equal(letters(f), "ABCDEFG");
	assert_string_equal(f->line[2].staff_name, "Ben Tester");
	f->q.sort = CASES_BY_OPENED;
	assert_string_equal(letters(f), "ABCDEFG");
	f->q.whose = CASES_MINE;
	assert_string_equal(letters(f), "AB");
	f->q.whose = CASES_UNASSIGNED;
	f->q.sort = CASES_BY_NAME;
	assert_string_equal(letters(f), "DEFG");
	f->q.whose = CASES_STAFF;
	f->q.staff = f->ben;
	assert_string_equal(letters(f), "C");
	assert_int_equal(count(f, NULL), 1);
	/* Whoever is no staff has no cases, not everybody's. */
	f->q.whose = CASES_MINE;
	f->q.me = 0;
	assert_string_equal(letters(f), "");
	assert_int_equal(count(f, NULL), 0);
}

static void covered_cases_are_mine(void **state)
{
	struct fix *f = *state;
	struct cover c = {.staff = f->ben,
			  .cover = f->ann,
			  .since = day("2026-06-30"),
			  .until = day("2026-06-30"),
			  .leave = "illness"};
	int64_t id;

	check_ok(cover_add(&f->w.rec, &c, &id));
	f->q.whose = CASES_MINE;
	assert_string_equal(letters(f), "ABC");
	f->q.today++;
	assert_string_equal(letters(f), "AB");
}

static void filters_narrow(void **state)
{
	struct fix *f = *state;
	struct family home = {
		.name = "Bxample", .language = "arabic", .zip = "06106"};
	int64_t id, ref, late;

	check_ok(need_add(&f->w.rec, f->kase[1], "food", day("2026-02-01"),
			  &id));
	case_world_consent(&f->w, 2);
	check_ok(referral_add(&f->w.rec, id, 0, 0, day("2026-05-30"), &ref));
	check_ok(referral_move(&f->w.rec, ref, REFERRAL_REQUESTED,
			       day("2026-05-30"), NULL));
	check_ok(family_add(&f->w.rec, &home, &id));
	check_ok(family_join(&f->w.rec, id, 2, true, NO_DATE, &id));
	put(f->q.need, "food");
	assert_string_equal(letters(f), "B");
	/* Of "food", not of what begins so. */
	put(f->q.need, "foo");
	assert_string_equal(letters(f), "");
	put(f->q.need, "");
	put(f->q.language, "arabic");
	assert_string_equal(letters(f), "B");
	put(f->q.language, "");
	put(f->q.zip, "061");
	assert_string_equal(letters(f), "B");
	put(f->q.zip, "");
	put(f->q.stage, "intake");
	assert_int_equal(count(f, &late), 7);
	/* Sent 31 days ago: stale since yesterday. */
	assert_int_equal(late, 1);
	put(f->q.stage, "");
	f->q.overdue = true;
	assert_string_equal(letters(f), "B");
	f->q.overdue = false;
	f->q.sort = CASES_BY_DUE;
	assert_int_equal(letters(f)[0], 'B');
}

static void pages_follow_each_other(void **state)
{
	struct fix *f = *state;
	static const struct {
		enum cases_sort sort;
		const char *pages[3];
	} walks[] = {
		{CASES_BY_NAME, {"ABC", "DEF", "G"}},
		{CASES_BY_DUE, {"ABC", "DEF", "G"}},
		{CASES_BY_OPENED, {"ABC", "DEF", "G"}},
		{CASES_BY_LAST, {"ABC", "DEF", "G"}},
		{CASES_BY_LEVEL, {"GFE", "DCB", "A"}},
	};

	f->q.limit = 3;
	for (size_t w = 0; w < sizeof walks / sizeof *walks; w++) {
		f->q.sort = walks[w].sort;
		f->q.after = 0;
		for (int p = 0; p < 3; p++) {
			assert_string_equal(letters(f), walks[w].pages[p]);
			assert_int_equal(f->more, p < 2);
			f->q.after = f->line[f->n - 1].kase;
		}
	}
	/* Closed meanwhile: from the beginning. */
	f->q.sort = CASES_BY_NAME;
	f->q.after = f->kase[2];
	check_ok(kase_close(&f->w.rec, f->kase[2], day("2026-06-30")));
	assert_string_equal(letters(f), "ABD");
}

static void many_go_to_another_and_come_back(void **state)
{
	struct fix *f = *state;
	const int64_t some[] = {f->kase[0], f->kase[1], f->kase[3]};
	char token[CASES_TOKEN], other[CASES_TOKEN];
	int64_t id;

	check_ok(cases_assign(&f->w.rec, some, 3, f->ben, "", token));
	f->q.whose = CASES_STAFF;
	f->q.staff = f->ben;
	assert_string_equal(letters(f), "ABCD");
	check_ok(cases_assign_undo(&f->w.rec, token));
	assert_string_equal(letters(f), "C");
	f->q.whose = CASES_UNASSIGNED;
	assert_string_equal(letters(f), "DEFG");
	f->q.whose = CASES_MINE;
	assert_string_equal(letters(f), "AB");
	/* All or none: one is Ann's already. */
	assert_int_equal(cases_assign(&f->w.rec, some, 3, f->ann, "", other),
			 E_STATE);
	check_says("Case 1: ");
	f->q.whose = CASES_UNASSIGNED;
	assert_string_equal(letters(f), "DEFG");
	/* Who goes on to a third is not called back. */
	check_ok(cases_assign(&f->w.rec, &some[2], 1, f->ben, "", token));
	check_ok(assignment_set(&f->w.rec, some[2], f->ann, day("2026-06-30"),
				"", &id));
	assert_int_equal(cases_assign_undo(&f->w.rec, token), E_STATE);
	/* Made up, or another's. */
	assert_int_equal(cases_assign_undo(&f->w.rec, "1,2"), E_INVALID);
	token[0]++;
	assert_int_equal(cases_assign_undo(&f->w.rec, token), E_INVALID);
	token[0]--;
	put(f->w.rec.who, "other");
	assert_int_equal(cases_assign_undo(&f->w.rec, token), E_INVALID);
	put(f->w.rec.who, "test");
	assert_int_equal(cases_assign(&f->w.rec, some, 0, f->ben, "", token),
			 E_INVALID);
}

static void views_are_kept_by_name(void **state)
{
	struct fix *f = *state;
	struct saved_view *v;
	int64_t a, b;
	size_t n;

	check_ok(saved_view_put(&f->w.rec, "Late", "overdue=1", &a));
	check_ok(saved_view_put(&f->w.rec, "late", "overdue=1&sort=due", &b));
	assert_int_equal(a, b);
	check_ok(saved_view_list(f->w.db, "test", &f->a, &v, &n));
	assert_int_equal(n, 1);
	assert_string_equal(v[0].query, "overdue=1&sort=due");
	put(f->w.rec.who, "other");
	assert_int_equal(saved_view_drop(&f->w.rec, a), E_NOTFOUND);
	put(f->w.rec.who, "test");
	check_ok(saved_view_drop(&f->w.rec, a));
	check_ok(saved_view_list(f->w.db, "test", &f->a, &v, &n));
	assert_int_equal(n, 0);
	assert_int_equal(saved_view_put(&f->w.rec, "", "x", &a), E_INVALID);
}

/* Of others' children only what tells that they are known. */
static void search_hides_what_is_anothers(void **state)
{
	struct fix *f = *state;
	struct find_viewer ann = {.staff = f->ann, .today = day("2026-06-30")};
	struct find_line *l;
	bool more;
	size_t n;

	check_ok(find_list(f->w.db, "cxample", &ann, 10, &f->a, &l, &n, &more));
	/* And those that are a letter apart. */
	assert_int_equal(n, CHILDREN);
	assert_false(l[0].whole);
	assert_string_equal(l[0].given, "");
	assert_string_equal(l[0].family, "");
	assert_int_equal(l[0].birth, NO_DATE);
	assert_string_equal(l[0].initials, "P. C.");
	assert_int_equal(l[0].year, 2020);
	assert_string_equal(l[0].staff, "Ben Tester");
	check_ok(find_list(f->w.db, "axample", &ann, 1, &f->a, &l, &n, &more));
	assert_true(l[0].whole);
	assert_string_equal(l[0].family, "Axample");
	check_ok(find_list(f->w.db, "dxample", &ann, 1, &f->a, &l, &n, &more));
	assert_true(l[0].whole);
	ann.all = true;
	check_ok(find_list(f->w.db, "cxample", &ann, 1, &f->a, &l, &n, &more));
	assert_true(l[0].whole);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(whose_cases_and_sorted_how),
		T(covered_cases_are_mine),
		T(filters_narrow),
		T(pages_follow_each_other),
		T(many_go_to_another_and_come_back),
		T(views_are_kept_by_name),
		T(search_hides_what_is_anothers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
