#include "tests/unit/fact_world.h"

/* Snapshots and years: what is so on a day. */

/* The facts of the picture of one day. */
struct on_day {
	const struct fact_table *t;
	int32_t day;
	int n;
	char outcome[CATALOGUE_ID];
};

static int keep(void *arg, const struct fact *fact)
{
	struct on_day *x = arg;

	if (fact->day != x->day)
		return 0;
	x->n++;
	snprintf(x->outcome, sizeof x->outcome, "%s",
		 x->t->outcome[fact->outcome].id);
	return 0;
}

/* What the one that can be in it is on @on, or "" if nobody is. */
static void check_on(struct fix *f, const char *id, const char *on,
		     const char *want)
{
	struct on_day x = {.t = table(f, id), .day = day(on)};

	check_ok(facts_each(f->ro, x.t, f->w.words, x.day, 60000, keep, &x));
	assert_int_equal(x.n, *want != '\0');
	assert_string_equal(x.outcome, want);
}

/* Child 1 alone, born 2011-07-01, with a case from 2026-01-01. */
static void one_case(struct fix *f)
{
	run(f, CHILDREN "DELETE FROM care_case WHERE id = 2;"
			"UPDATE child SET birth = '2011-07-01' WHERE id = 1;");
}

static void a_stock_is_of_cases_open_that_day(void **state)
{
	struct fix *f = *state;

	one_case(f);
	check_on(f, "stock_home", "2025-12-31", "");
	check_on(f, "stock_home", "2026-03-31", "unnamed");
	run(f, "UPDATE care_case SET closed = '2026-06-30'");
	check_on(f, "stock_home", "2026-03-31", "unnamed");
	check_on(f, "stock_home", "2026-06-30", "");
	run(f, "UPDATE care_case SET errored = '2026-07-01'");
	check_on(f, "stock_home", "2026-03-31", "");
}

static void a_practice_is_that_of_the_day(void **state)
{
	struct fix *f = *state;

	one_case(f);
	run(f, "INSERT INTO practice (id, name, medical_home, active) VALUES"
	       " (1, 'P', 0, 1);"
	       "INSERT INTO child_practice (child, practice, since, until)"
	       " VALUES (1, 1, '2026-03-31', '2026-06-30');");
	check_on(f, "stock_home", "2026-03-31", "named");
	check_on(f, "stock_home", "2026-06-30", "unnamed");
	check_on(f, "practices", "2026-03-31", "practice");
	check_on(f, "practices", "2026-06-30", "practice");
	check_on(f, "practices", "2026-09-30", "");
}

static void care_looks_back_from_the_day(void **state)
{
	struct fix *f = *state;

	one_case(f);
	run(f, "UPDATE care_case SET opened = '2026-01-31'");
	check_on(f, "stock_care", "2026-03-31", "under_60");
	run(f, "UPDATE care_case SET opened = '2026-01-30'");
	check_on(f, "stock_care", "2026-03-31", "mid_none");
	run(f, "UPDATE care_case SET opened = '2026-01-01'");
	check_on(f, "stock_care", "2026-03-31", "mid_none");
	run(f, "UPDATE care_case SET opened = '2025-12-31'");
	check_on(f, "stock_care", "2026-03-31", "silent_none");
	run(f, "INSERT INTO contact (id, happened, mode, party, reached,"
	       " made_by) VALUES (1, '2025-12-31', 'phone', 'family', 0, 'x');"
	       "INSERT INTO contact_case VALUES (1, 1);");
	check_on(f, "stock_care", "2026-03-31", "silent_none");
	run(f, "UPDATE contact SET happened = '2026-01-01'");
	check_on(f, "stock_care", "2026-03-31", "heard_none");
	run(f, "INSERT INTO care_plan (id, kase, version, started, agreed,"
	       " agreed_by, finalized) VALUES (1, 1, 1, '2025-12-31',"
	       " '2025-12-31', 'x', '2025-12-31');");
	check_on(f, "stock_care", "2026-03-31", "heard_plan");
	check_on(f, "stock_care", "2026-09-30", "silent_plan");
	check_on(f, "stock_care", "2026-12-31", "silent_none");
}

static void a_lead_is_of_the_suggested_role_or_not(void **state)
{
	struct fix *f = *state;

	one_case(f);
	check_on(f, "stock_lead", "2026-03-31", "rest");
	run(f, "INSERT INTO staff (id, name, role, started) VALUES"
	       " (1, 'N', 'nurse', '2020-01-01');"
	       "INSERT INTO assignment (kase, staff, since, suggested) VALUES"
	       " (1, 1, '2026-03-31', 'nurse');");
	check_on(f, "stock_lead", "2026-03-31", "nurse_fit");
	run(f, "UPDATE assignment SET suggested = 'coordinator'");
	check_on(f, "stock_lead", "2026-03-31", "nurse_other");
	run(f, "UPDATE staff SET role = 'coordinator'");
	check_on(f, "stock_lead", "2026-03-31", "coordinator_fit");
	run(f, "UPDATE staff SET role = 'clerk'");
	check_on(f, "stock_lead", "2026-03-31", "rest");
	run(f, "UPDATE staff SET role = 'social-worker';"
	       "UPDATE assignment SET suggested = NULL");
	check_on(f, "stock_lead", "2026-03-31", "social_other");
	run(f, "UPDATE assignment SET until = '2026-06-30'");
	check_on(f, "stock_lead", "2026-06-30", "rest");
}

static void a_referral_is_stale_after_thirty_days(void **state)
{
	struct fix *f = *state;

	one_case(f);
	run(f, "INSERT INTO need (id, kase, domain, found, state) VALUES"
	       " (1, 1, 'food', '2026-01-01', 'open');"
	       "INSERT INTO referral (id, need, state, moved, drafted, sent,"
	       " age_band) VALUES (1, 1, 'requested', '2026-03-01',"
	       " '2026-02-01', '2026-03-01', '3-5');");
	check_on(f, "stock_referrals", "2026-03-31", "moving");
	run(f, "UPDATE referral SET sent = '2026-02-28'");
	check_on(f, "stock_referrals", "2026-03-31", "stale");
	run(f, "INSERT INTO referral_status (referral, state, since) VALUES"
	       " (1, 'accepted', '2026-03-01')");
	check_on(f, "stock_referrals", "2026-03-31", "moving");
	check_on(f, "stock_referrals", "2026-06-30", "stale");
	run(f, "UPDATE referral SET received = '2026-06-30'");
	check_on(f, "stock_referrals", "2026-06-30", "");
	run(f, "UPDATE referral SET received = NULL;"
	       "UPDATE care_case SET closed = '2026-06-30'");
	check_on(f, "stock_referrals", "2026-06-30", "");
}

/* 14 on 1 July 2025; before that 13. */
static void youth_are_by_their_age_that_day(void **state)
{
	struct fix *f = *state;

	one_case(f);
	run(f, "UPDATE care_case SET opened = '2023-01-01';"
	       "INSERT INTO transition (id, child, begun, planned) VALUES"
	       " (1, 1, '2025-01-01', '2025-06-01');"
	       "INSERT INTO transition_readiness (transition, assessed, tool)"
	       " VALUES (1, '2025-06-30', 'T')");
	check_on(f, "stock_ready", "2023-06-30", "others");
	check_on(f, "stock_ready", "2025-06-30", "young");
	check_on(f, "stock_ready", "2025-09-30", "ready");
	check_on(f, "stock_ready", "2026-06-30", "not_ready");
	check_on(f, "stock_visit", "2023-06-30", "others");
	check_on(f, "stock_visit", "2025-06-30", "unanswered");
	run(f, "INSERT INTO transition_visit (transition, visited, alone,"
	       " skills) VALUES (1, '2025-06-30', 1, 1)");
	check_on(f, "stock_visit", "2025-06-30", "unanswered");
	run(f, "UPDATE transition_visit SET discussed = 0");
	check_on(f, "stock_visit", "2025-06-30", "not_all");
	run(f, "UPDATE transition_visit SET discussed = 1");
	check_on(f, "stock_visit", "2025-06-30", "all_three");
	check_on(f, "stock_visit", "2026-03-31", "all_three");
	check_on(f, "stock_visit", "2026-06-30", "unanswered");
}

static void screening_in_the_year_counts(void **state)
{
	struct fix *f = *state;

	one_case(f);
	run(f, "INSERT INTO screening (id, child, kase, instrument, version,"
	       " done, age_months, respondent, complete, scorable) VALUES"
	       " (1, 1, 1, 'HVS', 1, '2026-12-31', 70, 'parent', 1, 1);");
	check_on(f, "children_calendar", "2026-12-31", "not_food");
	run(f, "INSERT INTO screening_result (screening, domain, result, class,"
	       " by_rule, need) VALUES (1, 'food', 'not-at-risk', 'clear', 1,"
	       " 'food')");
	check_on(f, "children_calendar", "2026-12-31", "food");
	run(f, "INSERT INTO screening_result (screening, domain, result, class,"
	       " by_rule, need) VALUES"
	       " (1, 'living', 'at-risk', 'positive', 1, 'housing'),"
	       " (1, 'way', 'negative', 'clear', 1, 'transportation')");
	check_on(f, "children_calendar", "2026-12-31", "all_three");
	run(f, "UPDATE screening SET done = '2027-01-01'");
	check_on(f, "children_calendar", "2026-12-31", "");
	check_on(f, "children_state", "2027-06-30", "served");
}

static void agencies_count_by_the_quarter(void **state)
{
	struct fix *f = *state;

	run(f, "INSERT INTO organization (id, name, active) VALUES"
	       " (1, 'O', 1);"
	       "INSERT INTO collaborative (id, name, begun) VALUES"
	       " (1, 'C', '2020-01-01');"
	       "INSERT INTO collaborative_member (id, collaborative,"
	       " organization, sector, joined) VALUES"
	       " (1, 1, 1, 'food', '2026-03-31');"
	       "INSERT INTO collaborative_meeting (id, collaborative, met)"
	       " VALUES (1, 1, '2026-04-01')");
	check_on(f, "members", "2025-12-31", "");
	check_on(f, "members", "2026-03-31", "absent");
	run(f, "INSERT INTO collaborative_attendance VALUES (1, 1)");
	check_on(f, "members", "2026-03-31", "absent");
	check_on(f, "members", "2026-06-30", "came");
	check_on(f, "members", "2026-09-30", "absent");
	facts_are(f, "meetings", "2026-04-01 other meeting");
	run(f, "UPDATE collaborative_member SET departed = '2026-06-30'");
	check_on(f, "members", "2026-06-30", "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_stock_is_of_cases_open_that_day),
		T(a_practice_is_that_of_the_day),
		T(care_looks_back_from_the_day),
		T(a_lead_is_of_the_suggested_role_or_not),
		T(a_referral_is_stale_after_thirty_days),
		T(youth_are_by_their_age_that_day),
		T(screening_in_the_year_counts),
		T(agencies_count_by_the_quarter),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
