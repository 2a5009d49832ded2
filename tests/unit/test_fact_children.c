#include "tests/unit/fact_world.h"

/* The shipped fact tables that count children, not what was done for them. */

static void ages_are_the_programs(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN
	    "INSERT INTO contact (id, happened, mode, party, reached, made_by)"
	    " VALUES (1, '2026-01-01', 'phone', 'family', 1, 'x');"
	    "INSERT INTO contact_case VALUES (1, 1);");
	for (int age = -1; age <= 25; age++)
		for (int before = 0; before < 2; before++) {
			int32_t on = date_from_ymd(2026, 2, 28);
			int32_t birth =
				date_from_ymd(2026 - age, 2, before ? 29 : 28);
			char text[DATE_TEXT], sql[120], want[80];

			/* Where there is no such day, it is 1 March. */
			check_ok(db_run(f->w.db,
					"UPDATE child SET birth = ?"
					" WHERE id = 1",
					"s", date_format(birth, text)));
			snprintf(sql, sizeof sql,
				 "UPDATE contact SET happened = '%s'",
				 date_format(on, text));
			run(f, sql);
			snprintf(want, sizeof want, "2026-06-30 %s served",
				 field_age_band(f->w.words, birth, on));
			facts_are(f, "children_state", want);
		}
}

static void screen(struct fix *f, const char *done)
{
	char sql[300];

	snprintf(sql, sizeof sql,
		 "INSERT INTO screening (child, kase, instrument, version,"
		 " done, age_months, respondent, complete, scorable) VALUES"
		 " (1, 1, 'HVS', 1, '%s', 70, 'parent', 1, 1)",
		 done);
	run(f, sql);
}

static void new_children_are_looked_at_on_day_90(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN "DELETE FROM care_case WHERE id = 2");
	facts_are(f, "children_new", "2026-01-01 3-5 n_unreferred");
	screen(f, "2025-12-31");
	facts_are(f, "children_new", "2026-01-01 3-5 n_unreferred");
	screen(f, "2026-02-01");
	facts_are(f, "children_new", "2026-01-01 3-5 n_unreferred");
	screen(f, "2026-01-31");
	facts_are(f, "children_new", "2026-01-01 3-5 s_unreferred");
	run(f, "INSERT INTO need (id, kase, domain, found, state) VALUES"
	       " (1, 1, 'food', '2026-01-01', 'open');"
	       "INSERT INTO referral (id, need, state, moved, drafted, sent,"
	       " age_band) VALUES (1, 1, 'requested', '2026-01-01',"
	       " '2026-01-01', '2026-04-02', '3-5')");
	facts_are(f, "children_new", "2026-01-01 3-5 s_unreferred");
	run(f, "UPDATE referral SET sent = '2026-04-01'");
	facts_are(f, "children_new", "2026-01-01 3-5 s_pending");
	run(f, "UPDATE referral SET sent = '2026-01-02', reason = 'DECLINED',"
	       " reason_on = '2026-04-02'");
	facts_are(f, "children_new", "2026-01-01 3-5 s_pending");
	run(f, "UPDATE referral SET reason_on = '2026-04-01'");
	facts_are(f, "children_new", "2026-01-01 3-5 s_ended");
	run(f, "UPDATE referral SET sent = '2026-04-01'");
	facts_are(f, "children_new", "2026-01-01 3-5 s_ended");
	run(f, "UPDATE referral SET received = '2026-04-02'");
	facts_are(f, "children_new", "2026-01-01 3-5 s_ended");
	run(f, "UPDATE referral SET received = '2026-04-01'");
	facts_are(f, "children_new", "2026-01-01 3-5 s_connected");
	run(f, "UPDATE screening SET errored = '2026-04-01'");
	facts_are(f, "children_new", "2026-01-01 3-5 n_connected");
}

static void new_children_are_counted_once_a_year(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN
	    "UPDATE care_case SET closed = '2026-02-01' WHERE id = 1;"
	    "INSERT INTO care_case (id, child, opened, closed) VALUES"
	    " (3, 1, '2026-12-31', '2026-12-31'), (4, 1, '2027-01-01', NULL);");
	facts_are(f, "children_new",
		  "2026-01-01 3-5 n_unreferred; "
		  "2026-02-01 14-17 n_unreferred; "
		  "2027-01-01 6-11 n_unreferred");
	facts_are(f, "first_needs",
		  "2026-01-01 3-5 unknown; 2026-02-01 14-17 unknown; "
		  "2027-01-01 6-11 unknown");
	run(f, "UPDATE care_case SET errored = '2026-03-01' WHERE id = 1");
	facts_are(f, "children_new",
		  "2026-02-01 14-17 n_unreferred; "
		  "2026-12-31 6-11 n_unreferred; "
		  "2027-01-01 6-11 n_unreferred");
}

static void first_needs_are_compared(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN "DELETE FROM care_case WHERE id = 2");
	facts_are(f, "first_needs", "2026-01-01 3-5 unknown");
	run(f, "INSERT INTO case_focus (kase, side, domain, rank) VALUES"
	       " (1, 'provider', 'dental', 2), (1, 'provider', 'food', 1);");
	facts_are(f, "first_needs", "2026-01-01 3-5 unknown");
	run(f, "INSERT INTO case_focus (kase, side, domain, rank) VALUES"
	       " (1, 'family', 'food', 1);");
	facts_are(f, "first_needs", "2026-01-01 3-5 same");
	run(f, "UPDATE case_focus SET domain = 'housing'"
	       " WHERE side = 'family'");
	facts_are(f, "first_needs", "2026-01-01 3-5 differ");
}

/* Children seen in every month of eight years, some or none: each picture of a
 * year has each child that was seen in it, once. */
struct years {
	int64_t seen[16]; /* by the year that it ends in, from 2020 */
};

static int add_years(void *arg, const struct fact *fact)
{
	struct years *y = arg;
	int32_t month = period_month_of_day(fact->day);

	assert_int_equal(picture_thing(fact->occurrence), fact->child);
	y->seen[month / 12 - 2020]++;
	return 0;
}

static void check_years(struct fix *f, const char *id, const char *shift)
{
	struct years y = {{0}};

	check_ok(facts_each(f->ro, table(f, id), f->w.words, day("2030-12-31"),
			    60000, add_years, &y));
	for (int year = 2020; year < 2029; year++) {
		int64_t want;

		check_ok(db_int(f->w.db, &want,
				"SELECT count(DISTINCT child) FROM"
				" fact_activity WHERE strftime('%Y',"
				" substr(day, 1, 8) || '01', ?1) ="
				" cast(?2 AS TEXT)",
				"si", shift, (int64_t)year));
		assert_int_equal(y.seen[year - 2020], want);
	}
}

static void children_are_counted_once_in_each_year(void **state)
{
	struct fix *f = *state;
	uint64_t draw = 88172645463325252u;
	int64_t n = 0;

	run(f, CHILDREN);
	for (int c = 3; c <= 40; c++) {
		char sql[400];

		snprintf(sql, sizeof sql,
			 "INSERT INTO child (id, given, birth, sex) VALUES"
			 " (%d, 'x', '2015-01-01', 'unknown');"
			 "INSERT INTO care_case (id, child, opened) VALUES"
			 " (%d, %d, '2020-01-01')",
			 c, c, c);
		run(f, sql);
	}
	for (int month = 0; month < 96; month++)
		for (int c = 1; c <= 40; c++) {
			char sql[300];

			draw ^= draw << 13;
			draw ^= draw >> 7;
			draw ^= draw << 17;
			if (draw % 40 >= (unsigned)c / 4)
				continue;
			n++;
			snprintf(sql, sizeof sql,
				 "INSERT INTO contact (id, happened, mode,"
				 " party, reached, made_by) VALUES (%lld,"
				 " '%d-%02d-%02d', 'phone', 'family', 1, 'x');"
				 "INSERT INTO contact_case VALUES (%lld, %d)",
				 (long long)n, 2020 + month / 12,
				 month % 12 + 1, (int)(draw % 28) + 1,
				 (long long)n, c);
			run(f, sql);
		}
	check_years(f, "children_calendar", "+0 months");
	check_years(f, "children_state", "+6 months");
	check_years(f, "children_federal", "+3 months");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(ages_are_the_programs),
		T(new_children_are_looked_at_on_day_90),
		T(new_children_are_counted_once_a_year),
		T(first_needs_are_compared),
		T(children_are_counted_once_in_each_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
