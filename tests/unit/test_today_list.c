#include "tests/unit/today_fix.h"

#include "regional/desk/today_sql.h"

static void contacts_and_visits_are_due(void **state)
{
	struct fix *f = *state;
	const struct today_item *i;

	plan_contact(f, "2026-06-26", "phone");
	plan_contact(f, "2026-07-02", "home-visit");
	assert_int_equal(list(f, f->ann, "2026-06-30", 0), 1);
	i = only(f, TODAY_CONTACT);
	assert_int_equal(i->late, 4);
	assert_string_equal(i->what, "Has the program called?");
	assert_string_equal(i->given, "Pebble");
	assert_string_equal(i->language, "arabic");
	assert_true(i->interpreter);
	assert_string_equal(i->way, "");
	assert_int_equal(list(f, f->ann, "2026-06-30", 2), 2);
	i = only(f, TODAY_VISIT);
	assert_int_equal(i->late, -2);
	/* Nobody else's. */
	assert_int_equal(list(f, f->ben, "2026-06-30", 7), 0);
}

static void the_safe_way_is_said(void **state)
{
	struct fix *f = *state;
	struct reach r = {.caregiver = f->mother,
			  .way = "phone",
			  .value = "203-555-0199",
			  .active = true};
	struct custody c = {.child = f->child,
			    .caregiver = f->mother,
			    .relation = "mother",
			    .custody = "sole",
			    .authority = "parent",
			    .since = NO_DATE,
			    .until = NO_DATE};
	const struct today_item *i;
	int64_t id;

	plan_contact(f, "2026-06-30", "phone");
	check_ok(custody_add(&f->w.rec, &c, &id));
	check_ok(reach_add(&f->w.rec, &r, &id));
	list(f, f->ann, "2026-06-30", 0);
	i = only(f, TODAY_CONTACT);
	assert_string_equal(i->way, "");
	assert_true(i->unsafe);
	put(r.way, "text");
	put(r.hours, "after 5 pm");
	r.safe = r.preferred = true;
	check_ok(reach_add(&f->w.rec, &r, &id));
	list(f, f->ann, "2026-06-30", 0);
	i = only(f, TODAY_CONTACT);
	assert_string_equal(i->way, "text");
	assert_string_equal(i->hours, "after 5 pm");
	assert_string_equal(i->relation, "mother");
}

static void covered_work_is_mine_for_these_days(void **state)
{
	struct fix *f = *state;
	struct cover c = {.staff = f->ann,
			  .cover = f->ben,
			  .since = day("2026-06-29"),
			  .until = day("2026-07-01"),
			  .leave = "vacation"};
	struct today_cover *who;
	size_t n;
	int64_t id;

	plan_contact(f, "2026-06-26", "phone");
	check_ok(cover_add(&f->w.rec, &c, &id));
	assert_int_equal(list(f, f->ben, "2026-07-01", 0), 1);
	assert_int_equal(f->item[0].staff, f->ann);
	assert_int_equal(list(f, f->ben, "2026-07-02", 0), 0);
	check_ok(today_covers(f->w.db, f->ben, day("2026-06-30"), &f->a, &who,
			      &n));
	assert_int_equal(n, 1);
	assert_string_equal(who[0].name, "Ann Tester");
	check_ok(today_covers(f->w.db, f->ann, day("2026-06-30"), &f->a, &who,
			      &n));
	assert_int_equal(n, 0);
}

static int64_t send(struct fix *f, const char *on, int64_t service)
{
	int64_t id = 0;

	check_ok(referral_add(&f->w.rec, f->need, 0, service, day(on), &id));
	check_ok(referral_move(&f->w.rec, id, REFERRAL_REQUESTED, day(on),
			       NULL));
	return id;
}

static void referral_is_stale_at_thirty_days(void **state)
{
	struct fix *f = *state;
	int64_t id;

	case_world_consent(&f->w, f->child);
	id = send(f, "2026-05-01", 0);
	assert_int_equal(list(f, f->ann, "2026-05-14", 0), 0);
	assert_int_equal(list(f, f->ann, "2026-05-15", 0), 1);
	assert_int_equal(only(f, TODAY_REFERRAL)->late, -16);
	list(f, f->ann, "2026-05-31", 0);
	assert_int_equal(only(f, TODAY_REFERRAL)->late, 0);
	list(f, f->ann, "2026-06-01", 0);
	assert_int_equal(only(f, TODAY_REFERRAL)->late, 1);
	check_ok(referral_move(&f->w.rec, id, REFERRAL_ACCEPTED,
			       day("2026-06-02"), NULL));
	assert_int_equal(list(f, f->ann, "2026-06-30", 0), 0);
}

/* The family waits; who asks gets a month of rest. */
static void openings_are_asked_for_again(void **state)
{
	struct fix *f = *state;
	const struct service dental = {.name = "Willow Dental", .active = true};
	struct service_opening o;
	int64_t service, id;

	case_world_consent(&f->w, f->child);
	check_ok(service_add(&f->w.rec, &dental, &service));
	id = send(f, "2026-03-01", service);
	check_ok(referral_answer(&f->w.rec, id, day("2026-03-10"), "waitlist",
				 NULL));
	list(f, f->ann, "2026-04-08", 0);
	assert_null(only(f, TODAY_OPENING));
	list(f, f->ann, "2026-04-09", 0);
	assert_string_equal(only(f, TODAY_OPENING)->what, "Willow Dental");
	sheet_blank(&service_opening_sheet, &o);
	o.service = service;
	o.seen = day("2026-04-09");
	o.openings = 0;
	check_ok(directory_opening(&f->w.rec, &o, &id));
	list(f, f->ann, "2026-05-08", 0);
	assert_null(only(f, TODAY_OPENING));
	list(f, f->ann, "2026-05-09", 0);
	assert_non_null(only(f, TODAY_OPENING));
}

static void clocks_run_after_the_emergency_department(void **state)
{
	struct fix *f = *state;
	struct ed_episode e;
	struct contact c;
	int64_t ed = visit_ed(f, f->child), id;

	list(f, f->ann, "2026-06-14", 0);
	assert_int_equal(only(f, TODAY_ED)->due, day("2026-06-13"));
	assert_int_equal(only(f, TODAY_ED)->late, 1);
	sheet_blank(&contact_sheet, &c);
	c.happened = day("2026-06-14");
	put(c.mode, "phone");
	put(c.party, "family");
	put(c.made_by, "Ann Tester");
	c.reached = 0;
	check_ok(contact_add(&f->w.rec, &c, &f->kase, 1, &id));
	list(f, f->ann, "2026-06-14", 0);
	/* An attempt stops no clock. */
	assert_int_equal(only(f, TODAY_ED)->contacted, NO_DATE);
	c.reached = 1;
	check_ok(contact_add(&f->w.rec, &c, &f->kase, 1, &id));
	list(f, f->ann, "2026-06-18", 0);
	assert_int_equal(only(f, TODAY_ED)->due, day("2026-06-18"));
	list(f, f->ann, "2026-06-19", 0);
	assert_int_equal(only(f, TODAY_ED)->due, day("2026-07-11"));
	check_ok(ed_get(f->w.db, ed, &e));
	e.followed_up = day("2026-06-20");
	check_ok(ed_update(&f->w.rec, &e));
	assert_int_equal(list(f, f->ann, "2026-06-21", 0), 0);
}

static void inbox_holds_what_is_nobodys(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2012-02-29"), kase, id;

	visit_ed(f, child);
	assert_int_equal(list(f, f->ben, "2026-06-12", 0), 1);
	assert_non_null(only(f, TODAY_INBOX));
	assert_int_equal(only(f, TODAY_INBOX)->kase, 0);
	check_ok(kase_open(&f->w.rec, child, day("2026-06-12"), &kase));
	assert_int_equal(list(f, f->ben, "2026-06-12", 0), 1);
	check_ok(assignment_set(&f->w.rec, kase, f->ann, day("2026-06-12"), "",
				&id));
	assert_int_equal(list(f, f->ben, "2026-06-12", 0), 0);
	list(f, f->ann, "2026-06-12", 0);
	assert_non_null(only(f, TODAY_ED));
	/* After 30 days the clocks have run out. */
	list(f, f->ann, "2026-07-11", 0);
	assert_non_null(only(f, TODAY_ED));
	list(f, f->ann, "2026-07-12", 0);
	assert_null(only(f, TODAY_ED));
}

static void plans_are_done_shared_and_reviewed(void **state)
{
	struct fix *f = *state;
	struct care_goal g;
	struct care_action a;
	struct care_share s;
	int64_t plan, id;

	case_world_consent(&f->w, f->child);
	check_ok(care_plan_start(&f->w.rec, f->kase, day("2026-02-01"), &plan));
	sheet_blank(&care_goal_sheet, &g);
	g.plan = plan;
	put(g.goal, "Enough to eat");
	put(g.state, "open");
	check_ok(care_plan_goal_add(&f->w.rec, &g, &id));
	sheet_blank(&care_action_sheet, &a);
	a.goal = id;
	put(a.action, "Apply for the food program");
	put(a.owner, "Mother");
	a.due = day("2026-05-01");
	put(a.state, "open");
	check_ok(care_plan_action_add(&f->w.rec, &a, &id));
	check_ok(care_plan_finalize(&f->w.rec, plan, day("2026-02-11"),
				    day("2026-02-10"), "Mother"));
	assert_int_equal(list(f, f->ann, "2026-05-02", 0), 2);
	assert_string_equal(only(f, TODAY_ACTION)->with, "Mother");
	assert_int_equal(only(f, TODAY_ACTION)->late, 1);
	assert_int_equal(only(f, TODAY_SHARE_PLAN)->due, day("2026-03-13"));
	sheet_blank(&care_share_sheet, &s);
	s.plan = plan;
	put(s.party, "primary-care");
	put(s.what, "plan");
	put(s.way, "fax");
	s.shared = day("2026-02-12");
	check_ok(care_plan_share(&f->w.rec, &s, &id));
	list(f, f->ann, "2027-01-11", 0);
	assert_null(only(f, TODAY_SHARE_PLAN));
	assert_null(only(f, TODAY_REVIEW_PLAN));
	list(f, f->ann, "2027-01-12", 0);
	assert_int_equal(only(f, TODAY_REVIEW_PLAN)->due, day("2027-02-11"));
}

static void screens_wait_to_be_completed(void **state)
{
	const struct screening_entry half = {SCREENING_ANSWER, "1", "often"};
	const struct screening_entry both[] = {
		half, {SCREENING_ANSWER, "2", "never"}};
	struct fix *f = *state;
	struct screening s = {.child = f->child,
			      .done = day("2026-06-01"),
			      .instrument = "HVS",
			      .respondent = "parent"};
	int64_t id;

	check_ok(screening_add(&f->w.rec, &s, &half, 1, NULL, &id));
	list(f, f->ann, "2026-06-02", 0);
	assert_string_equal(only(f, TODAY_SCREEN)->word, "HVS");
	s.done = day("2026-06-02");
	check_ok(screening_add(&f->w.rec, &s, both, 2, NULL, &id));
	list(f, f->ann, "2026-06-03", 0);
	assert_null(only(f, TODAY_SCREEN));
}

static void consent_ends_by_its_day_or_of_age(void **state)
{
	struct fix *f = *state;
	struct custody c = {.child = f->child,
			    .caregiver = f->mother,
			    .relation = "mother",
			    .custody = "sole",
			    .authority = "parent",
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct consent k = {.child = f->child,
			    .scopes = 1,
			    .scope = {"refer"},
			    .since = day("2026-01-05"),
			    .until = day("2026-07-30"),
			    .signed_on = day("2026-01-05"),
			    .signer = f->mother,
			    .authority = "parent",
			    .withdrawn = NO_DATE};
	int64_t id;

	check_ok(custody_add(&f->w.rec, &c, &id));
	check_ok(consent_add(&f->w.rec, &k, &id));
	list(f, f->ann, "2026-06-29", 0);
	assert_null(only(f, TODAY_CONSENT));
	list(f, f->ann, "2026-06-30", 0);
	assert_int_equal(only(f, TODAY_CONSENT)->late, -30);
	assert_string_equal(only(f, TODAY_CONSENT)->word, "refer");
	list(f, f->ann, "2026-08-29", 0);
	assert_int_equal(only(f, TODAY_CONSENT)->late, 30);
	list(f, f->ann, "2026-08-30", 0);
	assert_null(only(f, TODAY_CONSENT));
	/* Born 2020-01-01. */
	k.until = NO_DATE;
	check_ok(consent_renew(&f->w.rec, id, &k, &id));
	list(f, f->ann, "2037-12-15", 0);
	assert_int_equal(only(f, TODAY_CONSENT)->due, day("2037-12-31"));
}

static void transition_comes_by_age(void **state)
{
	struct fix *f = *state;
	const struct today_item *i;

	list(f, f->ann, "2031-11-01", 0);
	assert_null(only(f, TODAY_TRANSITION));
	list(f, f->ann, "2031-11-02", 0);
	i = only(f, TODAY_TRANSITION);
	assert_string_equal(i->word, "policy");
	assert_int_equal(i->due, day("2032-01-01"));
	list(f, f->ann, "2035-01-01", 0);
	i = only(f, TODAY_TRANSITION);
	assert_string_equal(i->word, "policy");
	assert_int_equal(i->late, 1);
}

static void put_off_work_rests_until_its_day(void **state)
{
	struct fix *f = *state;
	int64_t p = plan_contact(f, "2026-06-26", "phone"), first, second;

	check_ok(later_set(&f->w.rec, "contact", p, f->kase, day("2026-07-02"),
			   &first));
	assert_int_equal(list(f, f->ann, "2026-07-01", 0), 0);
	assert_int_equal(list(f, f->ann, "2026-07-02", 0), 1);
	check_ok(later_set(&f->w.rec, "contact", p, f->kase, day("2026-07-05"),
			   &second));
	assert_int_equal(list(f, f->ann, "2026-07-04", 0), 0);
	assert_int_equal(later_undo(&f->w.rec, first), E_STATE);
	check_ok(later_undo(&f->w.rec, second));
	assert_int_equal(list(f, f->ann, "2026-07-02", 0), 1);
	check_ok(later_undo(&f->w.rec, first));
	assert_int_equal(list(f, f->ann, "2026-07-01", 0), 1);
	assert_int_equal(later_undo(&f->w.rec, first), E_NOTFOUND);
	assert_int_equal(later_set(&f->w.rec, "contact", p, f->kase,
				   day("2026-06-30"), &first),
			 E_INVALID);
	assert_int_equal(later_set(&f->w.rec, "ed", 1, f->kase,
				   day("2026-07-02"), &first),
			 E_INVALID);
	check_says("can't wait");
	assert_int_equal(later_set(&f->w.rec, "nonsense", 1, f->kase,
				   day("2026-07-02"), &first),
			 E_INVALID);
}

static void families_are_connected_in_a_week(void **state)
{
	struct fix *f = *state;
	struct today_connected *c;
	int64_t id;
	size_t n;

	case_world_consent(&f->w, f->child);
	id = send(f, "2026-06-01", 0);
	/* 2026-06-22 was a Monday. */
	check_ok(referral_link(&f->w.rec, id, "received", day("2026-06-22")));
	check_ok(today_connected(f->w.db, f->ann, day("2026-06-28"), &f->a, &c,
				 &n));
	assert_int_equal(n, 1);
	assert_string_equal(c[0].family, "Testperson");
	assert_string_equal(c[0].need, "food");
	check_ok(today_connected(f->w.db, f->ann, day("2026-06-29"), &f->a, &c,
				 &n));
	assert_int_equal(n, 0);
	check_ok(today_connected(f->w.db, f->ben, day("2026-06-28"), &f->a, &c,
				 &n));
	assert_int_equal(n, 0);
}

/* The cost is the caseload's: no table of the record is read from its first row
 * to its last, but for the list of who covers for whom. */
static void plans_scan_no_table(void **state)
{
	struct fix *f = *state;
	char sql[4000];
	struct rows rows;
	int x;

	for (int i = 0; i < today_sql_count + 2; i++) {
		const char *text = i < today_sql_count	  ? today_sql[i].sql
				   : i == today_sql_count ? TODAY_FAMILY_SQL
							  : TODAY_CONNECTED_SQL;

		snprintf(sql, sizeof sql, "EXPLAIN QUERY PLAN %s", text);
		x = db_rows(f->w.db, &rows, sql,
			    i == today_sql_count ? "i" : "iss", f->ann,
			    "2026-06-30", "2026-07-07");
		while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
			const char *step = rows_text(&rows, 3);

			x = 0;
			if (strncmp(step, "SCAN ", 5) == 0 &&
			    strcmp(step, "SCAN m") != 0 &&
			    strcmp(step, "SCAN CONSTANT ROW") != 0 &&
			    !strstr(step, "(subquery-") &&
			    !strstr(step, "SCAN (subquery"))
				fail_msg("question %d: %s", i, step);
			assert_null(strstr(step, "AUTOMATIC"));
			/* All referrals of a state, all visits of a day. */
			if (strstr(step, "referral_by_state") ||
			    strstr(step, "referral_by_sent") ||
			    strstr(step, "contact_by_day"))
				fail_msg("question %d: %s", i, step);
		}
		rows_end(&rows);
		assert_int_equal(x, ROWS_DONE);
	}
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(contacts_and_visits_are_due),
		T(the_safe_way_is_said),
		T(covered_work_is_mine_for_these_days),
		T(referral_is_stale_at_thirty_days),
		T(openings_are_asked_for_again),
		T(clocks_run_after_the_emergency_department),
		T(inbox_holds_what_is_nobodys),
		T(plans_are_done_shared_and_reviewed),
		T(screens_wait_to_be_completed),
		T(consent_ends_by_its_day_or_of_age),
		T(transition_comes_by_age),
		T(put_off_work_rests_until_its_day),
		T(families_are_connected_in_a_week),
		T(plans_scan_no_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
