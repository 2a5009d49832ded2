#include "tests/unit/today_fix.h"

#include "regional/case/survey.h"
#include "regional/desk/families_view.h"

static struct find_viewer as(int64_t staff, const char *on)
{
	return (struct find_viewer){.staff = staff, .today = day(on)};
}

static void a_family_is_asked_every_half_year(void **state)
{
	struct fix *f = *state;
	struct find_viewer ann = as(f->ann, "2026-12-01");
	struct find_viewer ben = as(f->ben, "2026-12-01");
	struct families_due *d;
	struct survey s;
	int64_t id;
	size_t n;

	check_ok(families_view_due(f->w.db, &f->a, &ann, 10, &d, &n));
	assert_int_equal(n, 1);
	assert_int_equal(d[0].asked, NO_DATE);
	check_ok(families_view_due(f->w.db, &f->a, &ben, 10, &d, &n));
	assert_int_equal(n, 0);
	sheet_blank(&survey_sheet, &s);
	s.kase = f->kase;
	put(s.occasion, "periodic");
	s.asked = day("2026-04-01");
	check_ok(survey_add(&f->w.rec, &s, &id));
	ann.today = s.asked + FAMILIES_ASK_DAYS - 1;
	check_ok(families_view_due(f->w.db, &f->a, &ann, 10, &d, &n));
	assert_int_equal(n, 0);
	ann.today++;
	check_ok(families_view_due(f->w.db, &f->a, &ann, 10, &d, &n));
	assert_int_equal(n, 1);
	assert_int_equal(d[0].asked, s.asked);
}

static size_t surveys(struct fix *f, int64_t staff, bool returned)
{
	struct find_viewer who = as(staff, "2026-05-01");
	struct families_survey *s;
	size_t n;

	check_ok(families_view_surveys(f->w.db, &f->a, &who, returned, 10, &s,
				       &n));
	return n;
}

static void answers_are_of_whom_one_may_see(void **state)
{
	struct fix *f = *state;
	struct survey s;

	sheet_blank(&survey_sheet, &s);
	s.kase = f->kase;
	put(s.occasion, "periodic");
	s.asked = day("2026-04-01");
	check_ok(survey_add(&f->w.rec, &s, &s.id));
	assert_int_equal(surveys(f, f->ann, false), 1);
	assert_int_equal(surveys(f, f->ann, true), 0);
	assert_int_equal(surveys(f, f->ben, false), 0);
	s.returned = day("2026-04-20");
	check_ok(survey_update(&f->w.rec, &s));
	assert_int_equal(surveys(f, f->ann, false), 0);
	assert_int_equal(surveys(f, f->ann, true), 1);
}

static void who_agreed_is_known_without_the_name(void **state)
{
	struct fix *f = *state;
	struct find_viewer ann = as(f->ann, "2026-05-01");
	struct find_viewer ben = as(f->ben, "2026-05-01");
	struct survey_engagement e;
	struct families_peer *l;
	struct families_part *part;
	int64_t id;
	size_t n;

	sheet_blank(&survey_engagement_sheet, &e);
	e.kase = f->kase;
	put(e.engagement, "peer");
	put(e.note, "Diabetes, of the Testpersons");
	e.happened = day("2026-04-01");
	check_ok(survey_engagement_add(&f->w.rec, &e, &id));
	check_ok(families_view_peers(f->w.db, &f->a, &ann, 10, &l, &n));
	assert_int_equal(n, 1);
	assert_int_equal(l[0].child, f->child);
	assert_string_equal(l[0].note, e.note);
	check_ok(families_view_peers(f->w.db, &f->a, &ben, 10, &l, &n));
	assert_int_equal(n, 1);
	assert_int_equal(l[0].child, 0);
	assert_string_equal(l[0].name, "");
	assert_string_equal(l[0].note, "");
	assert_int_equal(l[0].birth, NO_DATE);
	assert_string_equal(l[0].staff, "Ann Tester");
	assert_string_equal(l[0].language, "arabic");
	/* In the log it is not at all. */
	check_ok(families_view_parts(f->w.db, &f->a, &ann, 10, &part, &n));
	assert_int_equal(n, 1);
	check_ok(families_view_parts(f->w.db, &f->a, &ben, 10, &part, &n));
	assert_int_equal(n, 0);
	e.kase = 0;
	e.families = 4;
	check_ok(survey_engagement_add(&f->w.rec, &e, &id));
	check_ok(families_view_parts(f->w.db, &f->a, &ben, 10, &part, &n));
	assert_int_equal(n, 1);
	assert_int_equal(part[0].families, 4);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_family_is_asked_every_half_year),
		T(answers_are_of_whom_one_may_see),
		T(who_agreed_is_known_without_the_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
