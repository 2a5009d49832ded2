#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/survey.h"

struct fix {
	struct case_world w;
	int64_t kase; /* open since 2026-01-01 */
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	check_ok(kase_open(&f.w.rec, case_world_child(&f.w, "2020-01-01"),
			   day("2026-01-01"), &f.kase));
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

static struct survey asked(struct fix *f)
{
	struct survey s;

	sheet_blank(&survey_sheet, &s);
	s.kase = f->kase;
	put(s.occasion, "close");
	s.asked = day("2026-03-01");
	return s;
}

static void refused(struct fix *f, const struct survey *s, const char *says)
{
	int64_t id;

	assert_int_equal(survey_add(&f->w.rec, s, &id), E_INVALID);
	check_says(says);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM survey"),
			 0);
}

static void answers_come_with_their_return(void **state)
{
	struct fix *f = *state;
	struct survey s = asked(f), is;

	s.satisfaction = 5;
	refused(f, &s, "the survey was returned: give the day");
	s.returned = day("2026-02-28");
	refused(f, &s, "before the day it was asked");
	s.returned = day("2026-03-09");
	s.satisfaction = 6;
	refused(f, &s, "overall satisfaction is 1 to 5, not 6");
	s.satisfaction = 0;
	refused(f, &s, "1 to 5");
	s.satisfaction = 4;
	put(s.needs_met, "mostly");
	refused(f, &s, "it is one of: yes, partly, no");
	put(s.needs_met, "partly");
	check_ok(survey_add(&f->w.rec, &s, &s.id));
	check_ok(survey_get(f->w.db, s.id, &is));
	assert_memory_equal(&is, &s, sizeof s);
}

static void an_unreturned_one_stands(void **state)
{
	struct fix *f = *state;
	struct survey s = asked(f);

	s.asked = day("2025-12-31");
	refused(f, &s, "before the day the case was opened");
	s = asked(f);
	check_ok(survey_add(&f->w.rec, &s, &s.id));
	/* It may come back after the case is closed. */
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-03-01")));
	s.returned = day("2026-04-01");
	put(s.needs_met, "yes");
	check_ok(survey_update(&f->w.rec, &s));
	s.kase = 99;
	assert_int_equal(survey_update(&f->w.rec, &s), E_INVALID);
	check_says("stays with its case");
}

static void a_factor_is_one_of_five(void **state)
{
	struct fix *f = *state;
	struct survey_factor p;
	int64_t id = 0;

	assert_int_equal(vocabulary_count(f->w.words, WORDS_FACTOR), 5);
	sheet_blank(&survey_factor_sheet, &p);
	p.kase = f->kase;
	p.seen = day("2026-03-01");
	put(p.standing, "strength");
	put(p.factor, "wealth");
	assert_int_equal(survey_factor_add(&f->w.rec, &p, &id), E_INVALID);
	check_says("it is one of: resilience, connections");
	put(p.factor, "support");
	put(p.standing, "fine");
	assert_int_equal(survey_factor_add(&f->w.rec, &p, &id), E_INVALID);
	check_says("strength, growing, concern");
	put(p.standing, "concern");
	p.seen = day("2025-03-01");
	assert_int_equal(survey_factor_add(&f->w.rec, &p, &id), E_INVALID);
	p.seen = day("2026-03-01");
	check_ok(survey_factor_add(&f->w.rec, &p, &id));
	p.id = id;
	put(p.standing, "growing");
	check_ok(survey_factor_update(&f->w.rec, &p));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM history"
					       " WHERE was = 'concern'"),
			 1);
}

static int note(void *arg, const void *row)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + *(const int64_t *)row;
	return 0;
}

static void families_take_part(void **state)
{
	struct fix *f = *state;
	struct survey_engagement e;
	int64_t id = 0, seen = 0;

	sheet_blank(&survey_engagement_sheet, &e);
	e.happened = day("2026-03-01");
	put(e.engagement, "advisory");
	e.families = 4;
	check_ok(survey_engagement_add(&f->w.rec, &e, &id));
	e.kase = f->kase;
	assert_int_equal(survey_engagement_add(&f->w.rec, &e, &id), E_INVALID);
	check_says("one family's");
	e.families = SHEET_UNKNOWN;
	e.happened = day("2025-03-01");
	assert_int_equal(survey_engagement_add(&f->w.rec, &e, &id), E_INVALID);
	e.happened = day("2026-04-01");
	check_ok(survey_engagement_add(&f->w.rec, &e, &id));
	check_ok(survey_engagements(f->w.db, 0, 0, 10, note, &seen));
	assert_int_equal(seen, 21);
	seen = 0;
	check_ok(survey_engagements(f->w.db, f->kase, 0, 10, note, &seen));
	assert_int_equal(seen, 2);
	put(e.engagement, "tea");
	assert_int_equal(survey_engagement_add(&f->w.rec, &e, &id), E_INVALID);
	e.kase = 99;
	assert_int_equal(survey_engagement_add(&f->w.rec, &e, &id), E_NOTFOUND);
	check_says("There is no case 99");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(answers_come_with_their_return),
		T(an_unreturned_one_stands),
		T(a_factor_is_one_of_five),
		T(families_take_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
