#include "regional/case/simulate_story.h"

#include "regional/case/simulate.h"
#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
	struct simulate_story story;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	simulate_story_init(&f.story);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static void run(struct fix *f, const char *story, int children, bool whole)
{
	struct simulate_opts o = {.kind = NETWORK_SYNTHETIC,
				  .children = children,
				  .years = 2,
				  .until = day("2026-05-31"),
				  .seed = 7,
				  .whole = whole,
				  .story = &f->story};

	check_ok(simulate_story_parse(&f->story, f->w.words, story));
	check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
}

/* Permille of those sent in the half-year that were linked in 90 days. */
static int64_t linked(struct fix *f, const char *from, const char *to)
{
	int64_t v = -1;

	check_ok(db_int(f->w.db, &v,
			"SELECT 1000 * sum(ifnull(received <= date(sent,"
			" '+90 days'), 0)) / count(*) FROM fact_referral"
			" WHERE sent BETWEEN ? AND ?",
			"ss", from, to));
	return v;
}

static void linkage_falls(void **state)
{
	struct fix *f = *state;
	int64_t before, after;

	run(f, "falling-linkage", 800, false);
	before = linked(f, "2024-06-01", "2024-11-30");
	after = linked(f, "2025-09-01", "2026-02-28");
	/* 60 % times 7/8 and times about 9/16, within three deviations. */
	assert_in_range(before, 450, 600);
	assert_in_range(after, 260, 430);
}

static void linkage_stays_without_the_story(void **state)
{
	struct fix *f = *state;

	run(f, "", 800, false);
	assert_in_range(linked(f, "2024-06-01", "2024-11-30"), 530, 670);
	assert_in_range(linked(f, "2025-09-01", "2026-02-28"), 530, 670);
}

static void need_without_a_service_is_never_linked(void **state)
{
	struct fix *f = *state;

	run(f, "no-service=food", 150, true);
	assert_true(case_world_int(&f->w, "SELECT count(*) FROM fact_referral"
					  " WHERE need = 'food'") > 20);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM fact_referral"
					" WHERE need = 'food'"
					" AND received IS NOT NULL"),
			 0);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM fact_referral"
					" WHERE need = 'food'"
					" AND reason <> 'NO_SERVICE'"),
			 0);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*)"
					       " FROM service_need"
					       " WHERE need = 'food'"),
			 0);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*)"
					       " FROM service_need"),
			 11);
	assert_true(case_world_int(&f->w, "SELECT count(*)"
					  " FROM collaborative_gap"
					  " WHERE need = 'food'") > 3);
	assert_true(case_world_int(&f->w, "SELECT count(*) FROM fact_referral"
					  " WHERE need = 'medical'"
					  " AND received IS NOT NULL") > 5);
}

/* Days of what is done, each with its table. */
static const char *const days[][2] = {
	{"care_case", "opened"},
	{"care_case", "closed"},
	{"need", "found"},
	{"need", "closed"},
	{"referral", "sent"},
	{"referral_status", "since"},
	{"referral_linkage", "reached"},
	{"referral_answer", "answered"},
	{"contact", "happened"},
	{"screening", "done"},
	{"consent", "signed"},
	{"need_level", "since"},
	{"assignment", "since"},
	{"care_plan", "finalized"},
	{"care_share", "shared"},
	{"ed_episode", "visited"},
	{"survey", "asked"},
	{"survey", "returned"},
	{"transition_visit", "visited"},
	{"collaborative_meeting", "met"},
};

static int64_t in_month(struct fix *f, int i, const char *month)
{
	char sql[200];

	snprintf(sql, sizeof sql,
		 "SELECT count(*) FROM %s WHERE %s LIKE '%s-%%'", days[i][0],
		 days[i][1], month);
	return case_world_int(&f->w, sql);
}

static void silent_month_is_silent(void **state)
{
	struct fix *f = *state;
	int64_t before = 0, after = 0;

	run(f, "silent-month=2025-07", 200, true);
	for (int i = 0; i < (int)(sizeof days / sizeof *days); i++) {
		if (in_month(f, i, "2025-07") != 0)
			fail_msg("%s.%s", days[i][0], days[i][1]);
		before += in_month(f, i, "2025-06");
		after += in_month(f, i, "2025-08");
	}
	assert_true(before > 100);
	assert_true(after > before);
}

static void stories_join(void **state)
{
	struct fix *f = *state;

	check_ok(simulate_story_parse(
		&f->story, f->w.words,
		"no-service=dental,silent-month=2024-12,falling-linkage"));
	assert_true(f->story.falling);
	assert_string_equal(f->story.no_service, "dental");
	assert_int_equal(f->story.silent_from, day("2024-12-01"));
	assert_int_equal(f->story.silent_to, day("2024-12-31"));
	assert_int_equal(simulate_story_day(&f->story, day("2024-12-01")),
			 day("2025-01-01"));
	assert_int_equal(simulate_story_day(&f->story, day("2025-01-01")),
			 day("2025-01-01"));
	assert_int_equal(simulate_story_day(&f->story, day("2024-11-30")),
			 day("2024-11-30"));
}

static void wrong_story_says_what_is_right(void **state)
{
	struct fix *f = *state;
	struct simulate_opts o = {.kind = NETWORK_SYNTHETIC,
				  .children = 2,
				  .years = 1,
				  .until = day("2026-05-31"),
				  .outcomes = SIMULATE_PUBLISHED,
				  .story = &f->story};

	assert_int_equal(
		simulate_story_parse(&f->story, f->w.words, "rising-linkage"),
		E_INVALID);
	check_says("silent-month=YYYY-MM");
	assert_int_equal(
		simulate_story_parse(&f->story, f->w.words, "no-service=gold"),
		E_INVALID);
	check_says("dental");
	assert_int_equal(simulate_story_parse(&f->story, f->w.words,
					      "silent-month=2025-13"),
			 E_INVALID);
	check_says("2025-07");
	simulate_story_init(&f->story);
	f->story.falling = true;
	assert_int_equal(simulate_run(&f->w.rec, &o, NULL, NULL), E_INVALID);
	check_says("falling-linkage");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(linkage_falls),
		T(linkage_stays_without_the_story),
		T(need_without_a_service_is_never_linked),
		T(silent_month_is_silent),
		T(stories_join),
		T(wrong_story_says_what_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
