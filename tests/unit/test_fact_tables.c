#include "tests/unit/fact_world.h"

/* The shipped fact tables over a node's own views: that each can be read at
 * all, and on which side of every limit a record falls. The two of referrals
 * are test_fact_file's, those of children test_fact_children's. */

static void every_table_can_be_read(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < catalogue_tables(f->cat); i++) {
		const struct fact_table *t = catalogue_table(f->cat, i);
		struct telling x = {.f = f, .t = t};

		check_ok(facts_each(f->ro, t, f->w.words, day("2030-12-31"),
				    60000, tell, &x));
		assert_string_equal(x.text, "");
	}
}

/* No view gives away a name, a text or an identifier from elsewhere. */
static void views_hold_no_names(void **state)
{
	static const char *const never[] = {
		"given",     "family", "name",	    "zip",
		"source_id", "note",   "comment",   "wishes",
		"facility",  "why",    "made_by",   "person",
		"address",   "birth",  "agreed_by", "adult_provider"};
	struct fix *f = *state;
	struct rows views;
	int n = 0;

	check_ok(db_rows(f->w.db, &views,
			 "SELECT name FROM sqlite_schema WHERE type = 'view'"
			 " AND name GLOB 'fact_*'",
			 ""));
	for (; rows_next(&views) == ROWS_ROW; n++) {
		char sql[120];
		struct rows r;

		snprintf(sql, sizeof sql, "SELECT * FROM %s",
			 rows_text(&views, 0));
		check_ok(db_rows(f->w.db, &r, sql, ""));
		for (int c = 0; c < rows_columns(&r); c++)
			for (size_t k = 0; k < sizeof never / sizeof *never;
			     k++)
				assert_string_not_equal(rows_name(&r, c),
							never[k]);
		rows_end(&r);
	}
	rows_end(&views);
	assert_int_equal(n, 26);
}

static void needs_are_told_apart_when_closed(void **state)
{
	static const char *const by_class[] = {
		"no_service", NULL, "not_reached", "choice", "other"};
	struct fix *f = *state;

	run(f, CHILDREN
	    "INSERT INTO need (id, kase, domain, found, state, closed, reason)"
	    " VALUES (1, 1, 'food', '2026-01-01', 'open', NULL, NULL),"
	    " (2, 1, 'dental', '2026-01-01', 'met', '2026-02-03', NULL),"
	    " (3, 2, 'food', '2026-01-01', 'unmet', '2026-02-04', "
	    "'WAITLIST');");
	facts_are(f, "needs_closed",
		  "2026-02-03 dental met; 2026-02-04 food no_opening");
	run(f, "DELETE FROM need WHERE id = 2");
	for (int i = 0; i < vocabulary_count(f->w.words, WORDS_BARRIER); i++) {
		const struct word *w =
			vocabulary_word(f->w.words, WORDS_BARRIER, i);
		const char *want = by_class[w->group];
		char text[80];

		if (!want) /* the three barriers, as of referrals */
			continue;
		check_ok(db_run(f->w.db,
				"UPDATE need SET reason = ?"
				" WHERE id = 3",
				"s", w->id));
		snprintf(text, sizeof text, "2026-02-04 food %s", want);
		facts_are(f, "needs_closed", text);
	}
	run(f, "UPDATE care_case SET closed = '2026-03-01',"
	       " errored = '2026-03-01' WHERE id = 2");
	facts_are(f, "needs_closed", "");
}

static void found_needs_have_30_and_60_days(void **state)
{
	struct fix *f = *state;
	const char *sent = "UPDATE referral SET moved = ?1, sent = ?1";
	const char *met = "UPDATE referral SET contacted = ?";

	run(f, CHILDREN
	    "INSERT INTO need (id, kase, domain, found, state, source) VALUES"
	    " (1, 1, 'food', '2026-01-01', 'open', 'screening'),"
	    " (2, 1, 'dental', '2026-01-01', 'open', 'family');");
	facts_are(f, "needs_found", "2026-01-01 food not_acted");
	facts_are(f, "needs_contact", "2026-01-01 food not_contacted");
	run(f, "INSERT INTO referral (id, need, state, moved, drafted, sent,"
	       " age_band) VALUES (1, 1, 'requested', '2026-01-01',"
	       " '2026-01-01', '2026-01-01', '3-5')");
	check_limit(f, "needs_found", sent, "2026-01-31",
		    "2026-01-01 food acted");
	check_limit(f, "needs_found", sent, "2026-02-01",
		    "2026-01-01 food not_acted");
	check_limit(f, "needs_contact", met, "2026-03-02",
		    "2026-01-01 food contacted");
	check_limit(f, "needs_contact", met, "2026-03-03",
		    "2026-01-01 food not_contacted");
	run(f, "UPDATE referral SET received = '2026-03-02'");
	facts_are(f, "needs_contact", "2026-01-01 food contacted");
	run(f, "UPDATE referral SET state = 'entered-in-error'");
	facts_are(f, "needs_contact", "2026-01-01 food not_contacted");
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

/* The second case of a year is not counted, the first of the next one is. */
#define RESULT(domain, result, class)                                     \
	"INSERT INTO screening_result (screening, domain, result, class," \
	" by_rule) VALUES (1, '" domain "', '" result "', '" class "', 1);"

static void the_worst_domain_is_what_was_found(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN);
	screen(f, "2026-01-05");
	facts_are(f, "screens", "");
	run(f, RESULT("a", "scored", "none"));
	facts_are(f, "screens", "");
	run(f, RESULT("b", "not-at-risk", "clear"));
	facts_are(f, "screens", "2026-01-05 HVS clear");
	run(f, RESULT("c", "monitor", "watch"));
	facts_are(f, "screens", "2026-01-05 HVS watch");
	run(f, RESULT("d", "at-risk", "positive"));
	facts_are(f, "screens", "2026-01-05 HVS positive");
	run(f, "UPDATE screening SET instrument = 'NEW-ONE'");
	facts_are(f, "screens", "2026-01-05 other positive");
	run(f, "UPDATE screening SET complete = 0");
	facts_are(f, "screens", "");
}

/* An instrument of the package is a stratum, by the same id. */
static void every_screener_has_its_stratum(void **state)
{
	struct fix *f = *state;
	int n = catalogue_instruments(f->cat);

	run(f, CHILDREN);
	screen(f, "2026-01-05");
	run(f, RESULT("initial", "low", "clear"));
	for (int i = 0; i < n; i++) {
		const struct instrument *s = catalogue_instrument(f->cat, i);
		char want[80];

		check_ok(db_run(f->w.db, "UPDATE screening SET instrument = ?",
				"s", s->id));
		snprintf(want, sizeof want, "2026-01-05 %s clear", s->id);
		if (strcmp(s->id, "M-CHAT-RF") == 0)
			want[0] = '\0';
		facts_are(f, "screens", want);
	}
	assert_int_equal(vocabulary_count(f->w.words, WORDS_SCREENER), n + 1);
}

static void autism_screenings_have_two_stages(void **state)
{
	static const struct {
		const char *initial, *interview, *want;
	} row[] = {
		{"low", NULL, "low"},
		{"refer", NULL, "high"},
		{"follow-up", NULL, "not_interviewed"},
		{"follow-up", "positive", "remained"},
		{"follow-up", "negative", "resolved"},
	};
	struct fix *f = *state;

	run(f, CHILDREN);
	screen(f, "2026-01-05");
	run(f, "UPDATE screening SET instrument = 'M-CHAT-RF',"
	       " age_months = 20");
	facts_are(f, "screens_autism", "");
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		char want[80];

		run(f, "DELETE FROM screening_result");
		check_ok(db_run(f->w.db,
				"INSERT INTO screening_result (screening,"
				" domain, result, class, by_rule)"
				" VALUES (1, 'initial', ?, 'x', 1)",
				"s", row[i].initial));
		if (row[i].interview)
			check_ok(db_run(f->w.db,
					"INSERT INTO screening_result"
					" (screening, domain, result, class,"
					" by_rule) VALUES"
					" (1, 'interview', ?, 'x', 1)",
					"s", row[i].interview));
		snprintf(want, sizeof want, "2026-01-05 0-2 %s", row[i].want);
		facts_are(f, "screens_autism", want);
		facts_are(f, "screens", "");
	}
}

static void contacts_are_told_apart(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN
	    "INSERT INTO contact (id, happened, mode, party, reached,"
	    " prevented, made_by) VALUES"
	    " (1, '2026-01-01', 'phone', 'family', 1, NULL, 'x'),"
	    " (2, '2026-01-02', 'text', 'youth', 1, 'ed', 'x'),"
	    " (3, '2026-01-03', 'phone', 'school', 1, NULL, 'x'),"
	    " (4, '2026-01-04', 'video', 'payer', 1, 'lab', 'x'),"
	    " (5, '2026-01-05', 'phone', 'family', 0, NULL, 'x'),"
	    " (6, '2026-01-06', 'phone', 'family', 1, NULL, 'x');"
	    "INSERT INTO contact_case VALUES (1, 1), (1, 2), (2, 1), (3, 1),"
	    " (4, 1), (5, 1);");
	facts_are(f, "contacts",
		  "2026-01-01 phone family_plain; "
		  "2026-01-02 text family_prevented; "
		  "2026-01-03 phone other_plain; "
		  "2026-01-04 video other_prevented; "
		  "2026-01-05 phone attempt");
}

static void plans_have_30_days_to_arrive(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN
	    "INSERT INTO care_plan (id, kase, version, started, agreed,"
	    " agreed_by, finalized) VALUES (1, 1, 1, '2026-01-01',"
	    " '2026-01-01', 'x', '2026-01-01'), (2, 1, 2, '2026-01-01',"
	    " NULL, NULL, NULL);");
	facts_are(f, "plans", "2026-01-01 3-5 not_sent");
	run(f, "INSERT INTO care_share (id, plan, party, what, way, shared,"
	       " confirmed) VALUES (1, 1, 'school', 'plan', 'fax',"
	       " '2026-01-02', '2026-01-02')");
	facts_are(f, "plans", "2026-01-01 3-5 not_sent");
	run(f, "UPDATE care_share SET party = 'primary-care',"
	       " confirmed = NULL, shared = '2026-02-01'");
	facts_are(f, "plans", "2026-01-01 3-5 not_sent");
	run(f, "UPDATE care_share SET shared = '2026-01-31'");
	facts_are(f, "plans", "2026-01-01 3-5 sent");
	run(f, "UPDATE care_share SET confirmed = '2026-02-01'");
	facts_are(f, "plans", "2026-01-01 3-5 sent");
	run(f, "UPDATE care_share SET confirmed = '2026-01-31'");
	facts_are(f, "plans", "2026-01-01 3-5 shared");
}

#define VISIT "INSERT INTO ed_episode (child, behavioral, visited) VALUES"

static void visits_are_told_apart(void **state)
{
	struct fix *f = *state;

	run(f, CHILDREN VISIT " (2, 0, '2025-12-30'), (2, 1, '2026-01-01');");
	facts_are(f, "ed_visits", "2026-01-01 14-17 not_away");
	/* What is within 30 days is a return, and no visit of its own. */
	run(f, VISIT " (2, 1, '2026-01-31')");
	facts_are(f, "ed_visits", "2026-01-01 14-17 not_back_30");
	run(f, "UPDATE ed_episode SET visited = '2026-02-01' WHERE id = 3");
	facts_are(f, "ed_visits",
		  "2026-01-01 14-17 not_back_90; 2026-02-01 14-17 not_away");
	facts_are(f, "ed_follow_up",
		  "2026-01-01 14-17 none; 2026-02-01 14-17 none");
	run(f, "UPDATE ed_episode SET visited = '2026-04-01' WHERE id = 3");
	facts_are(f, "ed_visits",
		  "2026-01-01 14-17 not_back_90; 2026-04-01 14-17 not_away");
	run(f, "UPDATE ed_episode SET visited = '2026-04-02' WHERE id = 3");
	facts_are(f, "ed_visits",
		  "2026-01-01 14-17 not_away; 2026-04-02 14-17 not_away");
	run(f, "UPDATE ed_episode SET errored = '2026-05-01' WHERE id = 3;"
	       "UPDATE ed_episode SET criteria = 1 WHERE id = 2");
	facts_are(f, "ed_visits", "2026-01-01 14-17 met_away");
	run(f, "UPDATE ed_episode SET enrolled = 'declined',"
	       " enrolled_on = '2026-01-05' WHERE id = 2");
	facts_are(f, "ed_visits", "2026-01-01 14-17 met_away");
	run(f, "UPDATE ed_episode SET enrolled = 'accepted',"
	       " enrolled_on = '2026-01-31' WHERE id = 2");
	facts_are(f, "ed_visits", "2026-01-01 14-17 enr_away");
	run(f, "UPDATE ed_episode SET enrolled_on = '2026-02-01'"
	       " WHERE id = 2");
	facts_are(f, "ed_visits", "2026-01-01 14-17 met_away");
	run(f, "UPDATE ed_episode SET discharged = '2026-01-03',"
	       " admitted = 0 WHERE id = 2");
	facts_are(f, "ed_visits", "2026-01-03 14-17 enr_away");
	run(f, "UPDATE ed_episode SET admitted = 1 WHERE id = 2");
	facts_are(f, "ed_visits", "");
	facts_are(f, "ed_follow_up", "");
}

static void follow_up_has_7_and_30_days(void **state)
{
	const char *set = "UPDATE ed_episode SET followed_up = ?";
	struct fix *f = *state;

	run(f, CHILDREN VISIT " (2, 1, '2026-01-01');");
	facts_are(f, "ed_follow_up", "2026-01-01 14-17 none");
	check_limit(f, "ed_follow_up", set, "2026-01-08",
		    "2026-01-01 14-17 day_0_7");
	check_limit(f, "ed_follow_up", set, "2026-01-09",
		    "2026-01-01 14-17 day_8_30");
	check_limit(f, "ed_follow_up", set, "2026-01-31",
		    "2026-01-01 14-17 day_8_30");
	check_limit(f, "ed_follow_up", set, "2026-02-01",
		    "2026-01-01 14-17 none");
}

static void surveys_are_told_apart(void **state)
{
	const char *set = "UPDATE survey SET returned = ?";
	struct fix *f = *state;

	run(f, CHILDREN "INSERT INTO survey (id, kase, occasion, asked) VALUES"
			" (1, 1, 'close', '2026-01-01');");
	facts_are(f, "surveys", "2026-01-01 3-5 no_answer");
	facts_are(f, "surveys_needs", "2026-01-01 3-5 no_answer");
	run(f, "UPDATE survey SET returned = '2026-01-02', satisfaction = 3,"
	       " needs_met = 'partly'");
	facts_are(f, "surveys", "2026-01-01 3-5 less");
	facts_are(f, "surveys_needs", "2026-01-01 3-5 not_met");
	run(f, "UPDATE survey SET satisfaction = 4, needs_met = 'yes'");
	check_limit(f, "surveys", set, "2026-03-02",
		    "2026-01-01 3-5 satisfied");
	facts_are(f, "surveys_needs", "2026-01-01 3-5 met");
	check_limit(f, "surveys", set, "2026-03-03",
		    "2026-01-01 3-5 no_answer");
	facts_are(f, "surveys_needs", "2026-01-01 3-5 no_answer");
	run(f, "UPDATE survey SET occasion = 'periodic'");
	facts_are(f, "surveys_needs", "2026-01-01 3-5 earlier");
}

static void transfers_have_180_days(void **state)
{
	const char *set = "UPDATE transition SET confirmed = '2027-01-01',"
			  " first_visit = ?";
	struct fix *f = *state;

	run(f, CHILDREN
	    "INSERT INTO transition (id, child, begun, adult_provider) VALUES"
	    " (1, 2, '2026-01-01', 'x');");
	facts_are(f, "transfers", "");
	run(f, "UPDATE transition SET package = '2026-01-01'");
	facts_are(f, "transfers", "2026-01-01 14-17 not_arrived");
	check_limit(f, "transfers", set, "2026-06-30",
		    "2026-01-01 14-17 arrived");
	check_limit(f, "transfers", set, "2026-07-01",
		    "2026-01-01 14-17 not_arrived");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_table_can_be_read),
		T(views_hold_no_names),
		T(needs_are_told_apart_when_closed),
		T(found_needs_have_30_and_60_days),
		T(the_worst_domain_is_what_was_found),
		T(every_screener_has_its_stratum),
		T(autism_screenings_have_two_stages),
		T(contacts_are_told_apart),
		T(plans_have_30_days_to_arrive),
		T(visits_are_told_apart),
		T(follow_up_has_7_and_30_days),
		T(surveys_are_told_apart),
		T(transfers_have_180_days),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
