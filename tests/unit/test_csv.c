#include "tests/unit/csv_fix.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- the sheet of a center --- */

static void sheet_comes_in_with_its_history(void **state)
{
	struct fix *f = *state;

	use_center(f);
	check_ok(run(f));
	counts(f, CSV_ROW, 21, 0, 0, 7);
	counts(f, CSV_CHILD, 20, 0, 1, 7);
	assert_int_equal(f->res.why[CSV_ADULT], 1);
	assert_int_equal(f->res.why[CSV_STATE], 1);
	assert_string_equal(
		text(f, "SELECT c.given || c.family || c.birth || c.zip ||"
			" c.sex FROM child c WHERE source_id = 'C-002'"),
		"José"
		"O'Neil2019-07-0406106male");
	assert_string_equal(
		text(f, "SELECT group_concat(s.state || ' ' || s.since)"
			" FROM (SELECT s.* FROM referral_status s"
			" JOIN referral r ON r.id = s.referral"
			" JOIN organization o ON o.id = r.organization"
			" WHERE o.name = 'Town Pantry' ORDER BY s.rowid) s"),
		"draft 2026-01-07,requested 2026-01-07,accepted 2026-01-09,"
		"in-progress 2026-01-12,completed 2026-02-01");
	assert_string_equal(
		text(f, "SELECT group_concat(n.domain || n.found || n.state ||"
			" n.closed) FROM need n JOIN care_case k"
			" ON k.id = n.kase WHERE k.closed IS NOT NULL"),
		"food2026-01-05met2026-02-02,"
		"transportation2026-01-15unmet2026-02-20");
	assert_string_equal(text(f, "SELECT opened || closed || close_reason"
				    " FROM care_case WHERE closed IS NOT NULL"),
			    "2026-01-052026-03-01goals-met");
	assert_int_equal(number(f, "SELECT count(*) FROM referral WHERE reason"
				   " = 'WAITLIST' AND state = 'rejected'"),
			 2);
	assert_int_equal(number(f, "SELECT count(*) FROM referral_linkage"), 6);
}

static void wrong_values_are_told_but_no_name(void **state)
{
	struct fix *f = *state;

	use_center(f);
	check_ok(run(f));
	assert_int_equal(f->reports, 6);
	said(f, "DOB: a day that exists is wanted, as MM/DD/YYYY");
	said(f, "Need: \"Food hlep\" is not one of: food, housing, utilities");
	said(f, "Accepted: it is before the day the referral was sent");
	said(f, "DOB: it is in the future; today is 2026-11-24");
	said(f, "Last: a child needs a given name");
	said(f, "can't follow one another");
	assert_null(strstr(f->said, "Bad"));
	assert_null(strstr(f->said, "Later"));
	assert_null(strstr(f->said, "13/45"));
	assert_null(strstr(f->said, "2027"));
}

static void same_again_changes_nothing(void **state)
{
	struct fix *f = *state;
	char before[65], after[65];
	int64_t audit;

	use_center(f);
	check_ok(run(f));
	audit = number(f, "SELECT count(*) FROM audit");
	digest_of(f->db, before);
	check_ok(run(f));
	counts(f, CSV_ROW, 0, 0, 21, 7);
	counts(f, CSV_NEED, 0, 0, 18, 3);
	digest_of(f->db, after);
	assert_string_equal(before, after);
	assert_int_equal(number(f, "SELECT count(*) FROM audit"), audit);
}

static void dry_run_counts_the_same_and_writes_nothing(void **state)
{
	struct fix *f = *state;
	struct csv_result dry;

	use_center(f);
	f->o.dry_run = true;
	check_ok(run(f));
	dry = f->res;
	assert_int_equal(number(f, "SELECT count(*) FROM child"), 0);
	assert_int_equal(number(f, "SELECT count(*) FROM audit"), 0);
	assert_int_equal(number(f, "SELECT count(*) FROM imported"), 0);
	f->o.dry_run = false;
	check_ok(run(f));
	assert_memory_equal(&dry, &f->res, sizeof dry);
}

static int die(void *arg, int64_t done, int64_t of)
{
	if (of > 0 && done >= *(int *)arg)
		raise(SIGKILL);
	return 0;
}

static void be_killed(struct fix *f, int at)
{
	int status;
	pid_t pid;

	db_close(f->db);
	f->db = NULL;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		open_db(f, "killed.db");
		f->o.batch = 3;
		f->o.progress = die;
		f->o.arg = &at;
		f->o.report = NULL;
		csv_import(&f->rec, &f->o, &f->res);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));
}

static void killed_and_run_again_is_as_never_killed(void **state)
{
	struct fix *f = *state;
	char whole[65], again[65];

	use_center(f);
	check_ok(run(f));
	digest_of(f->db, whole);
	for (int at = 1; at < 22; at += 4)
		be_killed(f, at);
	open_db(f, "killed.db");
	assert_true(number(f, "SELECT count(*) FROM child") > 5);
	check_ok(run(f));
	digest_of(f->db, again);
	assert_string_equal(whole, again);
}

/* --- rows --- */

static void changed_row_updates(void **state)
{
	struct fix *f = *state;
	static const char map[] = CHILD NEED
		"closed = End\noutcome = How\n[referral]\n"
		"organization = To\nsource_id = Ref\n"
		"sent = Sent\naccepted = Acc\nreceived = Got\n";

	check_ok(take(f, map,
		      "No,Last,DOB,Need,Found,End,How,Ref,To,Sent,Acc,Got\n"
		      "1,Reed,2018-03-02,food,2026-01-01,,,r1,Pantry,"
		      "2026-01-02,,\n"));
	counts(f, CSV_REFERRAL, 1, 0, 0, 0);
	check_ok(take(f, map,
		      "No,Last,DOB,Need,Found,End,How,Ref,To,Sent,Acc,Got\n"
		      "1,Stone,2018-03-02,food,2026-01-01,2026-02-01,met,r1,"
		      "Pantry,2026-01-02,2026-01-05,2026-01-09\n"));
	counts(f, CSV_ROW, 0, 1, 0, 0);
	counts(f, CSV_CHILD, 0, 1, 0, 0);
	counts(f, CSV_NEED, 0, 1, 0, 0);
	counts(f, CSV_REFERRAL, 0, 1, 0, 0);
	assert_string_equal(text(f, "SELECT c.family || r.state || r.accepted"
				    " || r.received || n.state FROM child c,"
				    " referral r, need n"),
			    "Stoneaccepted2026-01-052026-01-09met");
	/* What was is not taken back, and another receiver is not the same. */
	check_ok(take(f, map,
		      "No,Last,DOB,Need,Found,End,How,Ref,To,Sent,Acc,Got\n"
		      "1,Stone,2018-03-02,food,2026-01-01,,,r1,Kitchen,"
		      "2026-01-02,,\n"));
	assert_int_equal(f->res.why[CSV_CHANGED], 1);
	assert_string_equal(text(f, "SELECT state FROM need"), "met");
	/* Another sheet's number 1. */
	check_ok(take(f, map,
		      "No,Last,DOB,Need,Found,End,How,Ref,To,Sent,Acc,Got\n"
		      "1,Other,2012-03-02,,,,,,,,,\n"));
	counts(f, CSV_ROW, 0, 1, 0, 0);
}

static void number_of_another_child_is_left_out(void **state)
{
	struct fix *f = *state;
	static const char map[] = CHILD "given = First\n";

	check_ok(take(f, map, "No,First,Last,DOB\n1,Ana,Reed,2018-03-02\n"));
	check_ok(take(f, map, "No,First,Last,DOB\n1,Bo,Lake,2012-01-01\n"));
	assert_int_equal(f->res.why[CSV_OTHER_CHILD], 1);
	f->o.source = "other";
	check_ok(take(f, map, "No,First,Last,DOB\n1,Bo,Lake,2012-01-01\n"));
	counts(f, CSV_CHILD, 1, 0, 0, 0);
	assert_int_equal(number(f, "SELECT count(*) FROM child"), 2);
}

static void person_keeps_a_change_until_the_sheet_changes(void **state)
{
	struct fix *f = *state;
	static const char map[] = CHILD NEED;
	static const char rows[] = "No,Last,DOB,Need,Found\n"
				   "1,Reed,2018-03-02,food,2026-01-01\n";

	check_ok(take(f, map, rows));
	check_ok(db_run(f->db, "UPDATE child SET family = 'Own'", NULL));
	check_ok(take(f, map, rows));
	assert_string_equal(text(f, "SELECT family FROM child"), "Own");
	check_ok(take(f, map,
		      "No,Last,DOB,Need,Found\n"
		      "1,Reeds,2018-03-02,food,2026-01-01\n"));
	assert_string_equal(text(f, "SELECT family FROM child"), "Reeds");
}

static void row_for_each_state_is_a_history(void **state)
{
	struct fix *f = *state;
	static const char map[] = CHILD NEED
		"[referral]\nsource_id = Ref\norganization = To\n"
		"state = Status\nstate_on = Since\n"
		"why = Note\n";
	static const char rows[] =
		"No,Last,DOB,Need,Found,Ref,To,Status,Since,Note\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,requested,2026-01-02,\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,accepted,2026-01-04,\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,on-hold,2026-01-06,"
		"\"they\nmoved\"\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,In-Progress,"
		"2026-01-09,\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,completed,2026-02-01,\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,accepted,2026-02-02,\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,asleep,2026-02-02,\n"
		"1,Reed,2018-03-02,food,2026-01-01,r,P,completed,,\n";
	char before[65], after[65];

	check_ok(take(f, map, rows));
	assert_int_equal(f->res.why[CSV_VALUE], 1);
	assert_int_equal(f->res.why[CSV_MISSING], 1);
	assert_string_equal(
		text(f, "SELECT group_concat(state || since || ifnull(why, ''))"
			" FROM (SELECT * FROM referral_status ORDER BY rowid)"),
		"draft2026-01-02,requested2026-01-02,accepted2026-01-04,"
		"on-hold2026-01-06they moved,in-progress2026-01-09,"
		"completed2026-02-01");
	digest_of(f->db, before);
	check_ok(run(f));
	counts(f, CSV_ROW, 0, 0, 6, 2);
	digest_of(f->db, after);
	assert_string_equal(before, after);
}

static void several_needs_stand_in_one_row(void **state)
{
	struct fix *f = *state;

	check_ok(take(f,
		      CHILD NEED "[referral]\nsent = Sent\n[need 2]\n"
				 "domain = Need 2\nfound = Found 2\n"
				 "[referral 2]\norganization = To 2\n"
				 "sent = Sent 2\n",
		      "No;Last;DOB;Need;Found;Sent;Need 2;Found 2;To 2;Sent 2\n"
		      "1;Reed;2018-03-02;Food;2026-01-01;2026-01-03;dental;"
		      "2026-02-01;Teeth, Inc.;2026-02-02\n"
		      "2;Lake;2018-03-02;;;;dental;2026-02-01;;\n"));
	counts(f, CSV_ROW, 2, 0, 0, 0);
	counts(f, CSV_NEED, 3, 0, 0, 0);
	counts(f, CSV_REFERRAL, 2, 0, 0, 0);
	assert_string_equal(text(f, "SELECT name FROM organization"),
			    "Teeth, Inc.");
	assert_string_equal(text(f, "SELECT group_concat(opened) FROM"
				    " care_case"),
			    "2026-01-01,2026-02-01");
}

static void need_ends_with_its_last_row(void **state)
{
	struct fix *f = *state;

	check_ok(take(f,
		      CHILD NEED "closed = End\noutcome = How\n[case]\n"
				 "closed = Case end\n[referral]\n"
				 "organization = To\nsent = Sent\n",
		      "No,Last,DOB,Need,Found,End,How,Case end,To,Sent\n"
		      "1,Reed,2018-03-02,food,2026-01-01,2026-05-01,met,"
		      "2026-06-01,A,2026-01-02\n"
		      "1,Reed,2018-03-02,food,2026-01-01,,,,B,2026-01-03\n"));
	counts(f, CSV_ROW, 2, 0, 0, 0);
	assert_string_equal(text(f, "SELECT n.state || n.closed || k.closed ||"
				    " (SELECT count(*) FROM referral)"
				    " FROM need n, care_case k"),
			    "met2026-05-012026-06-012");
}

static void episodes_follow_one_another(void **state)
{
	struct fix *f = *state;

	check_ok(take(f,
		      CHILD NEED "closed = End\noutcome = How\n[case]\n"
				 "opened = Open\nclosed = Shut\n",
		      "No,Last,DOB,Open,Shut,Need,Found,End,How\n"
		      "1,Reed,2018-03-02,2026-01-01,,food,2026-01-01,,\n"
		      "1,Reed,2018-03-02,2025-01-01,2025-06-01,food,2025-01-01,"
		      "2025-05-01,met\n"));
	counts(f, CSV_CASE, 2, 0, 0, 0);
	assert_string_equal(text(f, "SELECT group_concat(k.opened || n.found)"
				    " FROM care_case k JOIN need n"
				    " ON n.kase = k.id"),
			    "2025-01-012025-01-01,2026-01-012026-01-01");
}

static void left_row_leaves_nothing(void **state)
{
	struct fix *f = *state;

	/* The case would close with a need that is open. */
	check_ok(take(f,
		      CHILD NEED "[case]\nclosed = End\n[referral]\n"
				 "organization = To\nsent = Sent\n",
		      "No,Last,DOB,Need,Found,End,To,Sent\n"
		      "1,Reed,2018-03-02,food,2026-01-01,2026-02-01,X,"
		      "2026-01-02\n"
		      "2,Lake,2018-03-02,food,2026-01-01,,X,2026-01-02\n"));
	counts(f, CSV_ROW, 1, 0, 0, 1);
	counts(f, CSV_CHILD, 1, 0, 0, 1);
	assert_int_equal(f->res.why[CSV_REFUSED], 1);
	said(f, "2 : ");
	said(f, "open need");
	assert_string_equal(text(f, "SELECT group_concat(family) FROM child"),
			    "Lake");
	assert_int_equal(number(f, "SELECT count(*) FROM imported"), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(sheet_comes_in_with_its_history),
		T(wrong_values_are_told_but_no_name),
		T(same_again_changes_nothing),
		T(dry_run_counts_the_same_and_writes_nothing),
		T(killed_and_run_again_is_as_never_killed),
		T(changed_row_updates),
		T(number_of_another_child_is_left_out),
		T(person_keeps_a_change_until_the_sheet_changes),
		T(row_for_each_state_is_a_history),
		T(several_needs_stand_in_one_row),
		T(need_ends_with_its_last_row),
		T(episodes_follow_one_another),
		T(left_row_leaves_nothing),
	};

	return cmocka_run_group_tests_name("csv", tests, NULL, NULL);
}
