#include "tests/unit/fhir_fix.h"

#define CHILD                                                              \
	"{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{"          \
	"\"family\":\"Reed\",\"given\":[\"Ana\"]}],\"gender\":\"female\"," \
	"\"birthDate\":\"2018-03-02\"}"
#define REQUEST                                                          \
	"{\"resourceType\":\"ServiceRequest\",\"id\":\"s1\",\"status\":" \
	"\"active\",\"intent\":\"order\",\"category\":[" FOOD "],"       \
	"\"subject\":{\"reference\":\"Patient/p1\"},"                    \
	"\"authoredOn\":\"2026-02-03\"}"
#define ENTRY(r) "{\"resource\":" r "}"
#define BUNDLE(entries)                                                   \
	"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":" \
	"[" entries "]}"

/* A child, its referral, and one task of it with @rest. */
static void take_task(struct fix *f, const char *status, const char *rest)
{
	char *text = mem_printf(
		BUNDLE(ENTRY(CHILD) "," ENTRY(
			REQUEST) ",{\"resource\":{\"resourceType\":\"Task\","
				 "\"id\":\"t1\",\"status\":\"%s\",\"intent\":"
				 "\"order\",\"focus\":{\"reference\":"
				 "\"ServiceRequest/s1\"},\"for\":{"
				 "\"reference\":\"Patient/p1\"}%s}}"),
		status, rest);

	assert_non_null(text);
	fix_take(f, text);
	mem_free(text);
}

static const char *const referral_sql =
	"SELECT state || ' ' || drafted || ' ' || ifnull(sent, '-') || ' ' ||"
	" ifnull(accepted, '-') || ' ' || ifnull(ended, '-') || ' ' ||"
	" ifnull(received, '-') || ' ' || ifnull(reason, '-') FROM referral";

static void gravity_loop_closes(void **state)
{
	struct fix *f = *state;
	const char *path = data_path("fhir/gravity-sdoh-2.3.0-examples");

	if (!path)
		skip();
	f->o.as_of = date_from_ymd(2007, 1, 1); /* the patient is of 1987 */
	fix_import(f, path);
	assert_int_equal(f->res.read, 58);
	/* Nobody who may sign is named. */
	assert_int_equal(f->reports, 1);
	assert_int_equal(f->why[0], FHIR_NO_SIGNER);
	assert_int_equal(fix_row(f, "Patient")->taken, 1);
	assert_int_equal(fix_row(f, "Condition")->taken, 4);
	assert_int_equal(fix_row(f, "ServiceRequest")->taken, 3);
	assert_int_equal(fix_row(f, "Task")->taken, 4);
	assert_int_equal(fix_row(f, "Task")->why[FHIR_NOT_NEEDED], 4);
	assert_int_equal(fix_row(f, "Organization")->taken, 3);
	assert_int_equal(fix_row(f, "HealthcareService")->taken, 1);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM referral WHERE state"
				    " = 'completed' AND accepted IS NOT NULL"
				    " AND received IS NOT NULL"),
			 2);
	assert_string_equal(fix_text(f, "SELECT group_concat(received) FROM"
					" (SELECT received FROM referral"
					" ORDER BY received)"),
			    "2020-09-16,2020-09-22");
	assert_string_equal(fix_text(f, "SELECT opened FROM care_case"),
			    "2019-08-18");
}

/* Named by uuids only, as a transaction is before a server took it. */
static void transaction_without_ids_is_taken(void **state)
{
	struct fix *f = *state;
	const char *path = source_path("tests/data/fhir/closed_loop.json");

	fix_import(f, path);
	assert_int_equal(f->res.read, 6);
	assert_int_equal(f->reports, 0);
	assert_string_equal(fix_text(f, referral_sql),
			    "completed 2026-01-06 2026-01-07 2026-01-09 "
			    "2026-02-01 2026-01-20 -");
	assert_string_equal(fix_text(f, "SELECT given || family || zip"
					" FROM child"),
			    "Ana LuReed06106");
	assert_string_equal(fix_text(f, "SELECT name FROM organization o JOIN"
					" referral r ON r.organization = o.id"),
			    "Town Pantry");
	fix_import(f, source_path("tests/data/fhir/closed_loop.json"));
	assert_int_equal(fix_row(f, "Task")->unchanged, 1);
}

static void all_data_add_up_and_stay(void **state)
{
	struct fix *f = *state;
	const char *path = data_path("fhir");
	char before[65], after[65];
	int64_t audit, read;

	if (!path)
		skip();
	fix_import(f, path);
	read = f->res.read;
	assert_true(read > 5000);
	assert_int_equal(fix_row(f, "Patient")->taken, 55);
	audit = fix_int(f, "SELECT count(*) FROM audit");
	digest_of(f->db, before);
	fix_import(f, path);
	digest_of(f->db, after);
	assert_string_equal(before, after);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM audit"), audit);
	assert_int_equal(f->res.read, read);
	for (int i = 0; i < f->res.n; i++) {
		assert_int_equal(f->res.row[i].taken, 0);
		assert_int_equal(f->res.row[i].updated, 0);
	}
}

static void dry_run_counts_the_same_and_writes_nothing(void **state)
{
	struct fix *f = *state;
	const char *path = data_path("fhir");
	struct fhir_result *dry;

	if (!path)
		skip();
	f->o.dry_run = true;
	fix_import(f, path);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM child"), 0);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM imported"), 0);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM audit"), 0);
	dry = mem_alloc(sizeof *dry);
	assert_non_null(dry);
	*dry = f->res;
	f->o.dry_run = false;
	fix_import(f, path);
	assert_memory_equal(dry, &f->res, sizeof *dry);
	mem_free(dry);
}

static void task_dates_rule_the_referral(void **state)
{
	struct fix *f = *state;

	take_task(f, "completed",
		  ",\"authoredOn\":\"2026-02-05\",\"executionPeriod\":{"
		  "\"start\":\"2026-02-09\",\"end\":\"2026-03-01\"},"
		  "\"output\":[{\"type\":{\"coding\":[{\"system\":"
		  "\"urn:ccfed:linkage\",\"code\":\"received\"}]},"
		  "\"valueDateTime\":\"2026-02-20\"}]");
	assert_int_equal(fix_row(f, "Task")->taken, 1);
	assert_string_equal(fix_text(f, referral_sql),
			    "completed 2026-02-03 2026-02-05 2026-02-09 "
			    "2026-03-01 2026-02-20 -");
}

static void instant_is_the_civil_day_of_the_zone(void **state)
{
	struct fix *f = *state;

	/* 02:30 UTC is the evening before in New York. */
	take_task(f, "requested", ",\"authoredOn\":\"2026-02-06T02:30:00Z\"");
	assert_string_equal(fix_text(f, "SELECT sent FROM referral"),
			    "2026-02-05");
}

static void barrier_of_a_running_referral_is_taken(void **state)
{
	struct fix *f = *state;

	take_task(f, "accepted",
		  ",\"authoredOn\":\"2026-02-05\",\"executionPeriod\":{"
		  "\"start\":\"2026-02-06\"},\"lastModified\":\"2026-04-01\","
		  "\"statusReason\":{\"coding\":[{\"system\":"
		  "\"urn:ccfed:barrier\",\"code\":\"UNREACHABLE\"}]}");
	assert_string_equal(fix_text(f, referral_sql),
			    "accepted 2026-02-03 2026-02-05 2026-02-06 - - "
			    "UNREACHABLE");
	assert_string_equal(fix_text(f, "SELECT reason_on FROM referral"),
			    "2026-04-01");
}

static void failed_with_text_is_taken_with_it(void **state)
{
	struct fix *f = *state;

	take_task(f, "failed",
		  ",\"authoredOn\":\"2026-02-05\",\"lastModified\":"
		  "\"2026-02-08\",\"statusReason\":{\"text\":\"No\\nanswer\"},"
		  "\"businessStatus\":{\"coding\":[{\"system\":"
		  "\"urn:ccfed:capacity\",\"code\":\"waitlist\"}]}");
	assert_string_equal(fix_text(f, referral_sql),
			    "failed 2026-02-03 2026-02-05 2026-02-08 "
			    "2026-02-08 - -");
	assert_string_equal(fix_text(f, "SELECT why FROM referral_status"
					" WHERE state = 'failed'"),
			    "No answer");
	assert_string_equal(fix_text(f, "SELECT capacity FROM referral"),
			    "waitlist");
}

static void completed_alone_is_no_linkage(void **state)
{
	struct fix *f = *state;

	take_task(f, "completed",
		  ",\"authoredOn\":\"2026-02-05\",\"lastModified\":"
		  "\"2026-03-05\"");
	assert_int_equal(fix_int(f, "SELECT count(*) FROM referral_linkage"),
			 0);
	assert_string_equal(fix_text(f, "SELECT state FROM referral"),
			    "completed");
}

static void linkage_before_sending_is_left_out_whole(void **state)
{
	struct fix *f = *state;

	take_task(f, "completed",
		  ",\"authoredOn\":\"2026-02-05\",\"output\":[{\"type\":{"
		  "\"coding\":[{\"system\":\"urn:ccfed:linkage\",\"code\":"
		  "\"received\"}]},\"valueDate\":\"2026-01-01\"}]");
	fix_left(f, "Task", FHIR_BEFORE_SENT);
	/* Nothing of it stays: the request stands where it was. */
	assert_string_equal(fix_text(f, "SELECT state FROM referral"),
			    "requested");
}

static void unknown_codes_of_ours_are_reported(void **state)
{
	struct fix *f = *state;

	take_task(f, "accepted",
		  ",\"statusReason\":{\"coding\":[{\"system\":"
		  "\"urn:ccfed:barrier\",\"code\":\"SHRUG\"}]}");
	fix_left(f, "Task", FHIR_BAD_CODE);
	take_task(f, "asleep", "");
	fix_left(f, "Task", FHIR_BAD_CODE);
	take_task(f, "completed",
		  ",\"output\":[{\"type\":{\"coding\":[{\"system\":"
		  "\"urn:ccfed:linkage\",\"code\":\"glimpsed\"}]}}]");
	fix_left(f, "Task", FHIR_BAD_CODE);
	take_task(f, "accepted", ",\"authoredOn\":\"2026-12-24\"");
	fix_left(f, "Task", FHIR_FUTURE);
}

static void later_task_moves_it_on_and_none_moves_it_back(void **state)
{
	struct fix *f = *state;

	take_task(f, "requested", ",\"authoredOn\":\"2026-02-05\"");
	take_task(f, "in-progress",
		  ",\"authoredOn\":\"2026-02-05\",\"executionPeriod\":{"
		  "\"start\":\"2026-02-10\"}");
	assert_int_equal(fix_row(f, "Task")->updated, 1);
	assert_string_equal(fix_text(f, referral_sql),
			    "in-progress 2026-02-03 2026-02-05 2026-02-10 - - "
			    "-");
	take_task(f, "accepted", ",\"authoredOn\":\"2026-02-05\"");
	assert_string_equal(fix_text(f, "SELECT state FROM referral"),
			    "in-progress");
	take_task(f, "rejected", ",\"authoredOn\":\"2026-02-05\"");
	fix_left(f, "Task", FHIR_STATE);
}

static void task_alone_is_a_referral_when_it_names_a_need(void **state)
{
	struct fix *f = *state;

	fix_take(f,
		 BUNDLE(ENTRY(CHILD) "," ENTRY(
			 "{\"resourceType\":\"Task\",\"id\":\"t9\",\"status\":"
			 "\"accepted\",\"for\":{\"reference\":\"Patient/p1\"},"
			 "\"authoredOn\":\"2026-05-05\",\"reasonCode\":{"
			 "\"coding\":[{\"system\":"
			 "\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":"
			 "\"Z59.82\"}]}}")));
	assert_string_equal(fix_text(f, "SELECT domain FROM need"),
			    "transportation");
	assert_string_equal(fix_text(f, "SELECT state FROM referral"),
			    "accepted");
}

static void references_are_followed_in_every_form(void **state)
{
	struct fix *f = *state;

	fix_import(f, fix_put(f, "a.json",
			      "{\"resourceType\":\"Organization\",\"id\":"
			      "\"o1\",\"name\":\"Pantry\",\"identifier\":[{"
			      "\"system\":\"http://x\",\"value\":\"7\"}]}"));
	fix_take(f,
		 BUNDLE("{\"fullUrl\":\"urn:uuid:"
			"4B2B0C0A-0000-4000-8000-000000000001\",\"resource\":"
			"{\"resourceType\":\"Patient\",\"id\":\"here-only\","
			"\"name\":[{\"family\":\"Reed\"}],\"birthDate\":"
			"\"2018-03-02\"}},"
			"{\"resource\":{\"resourceType\":\"ServiceRequest\","
			"\"id\":\"u\",\"status\":\"active\",\"intent\":"
			"\"order\",\"category\":[" FOOD "],\"authoredOn\":"
			"\"2026-01-01\",\"subject\":{\"reference\":\"urn:uuid:"
			"4b2b0c0a-0000-4000-8000-000000000001\"},"
			"\"performer\":[{\"reference\":"
			"\"Organization?identifier=http://x%7C7\"}]}},"
			"{\"resource\":{\"resourceType\":\"ServiceRequest\","
			"\"id\":\"v\",\"status\":\"active\",\"intent\":"
			"\"order\",\"category\":[" FOOD "],\"authoredOn\":"
			"\"2026-01-02\",\"subject\":{\"reference\":"
			"\"https://ehr.test/fhir/Patient/here-only/_history/3\""
			"},\"contained\":[{\"resourceType\":\"Organization\","
			"\"id\":\"c\",\"name\":\"Kitchen\"}],\"performer\":[{"
			"\"reference\":\"#c\"}]}}"));
	assert_int_equal(fix_row(f, "ServiceRequest")->taken, 2);
	assert_int_equal(fix_row(f, "Organization")->taken, 1);
	assert_string_equal(
		fix_text(f, "SELECT group_concat(o.name) FROM referral r JOIN"
			    " organization o ON o.id = r.organization"),
		"Pantry,Kitchen");
	assert_int_equal(fix_int(f, "SELECT count(*) FROM child"), 1);
}

static void changed_resource_updates_and_unmapped_change_does_not(void **state)
{
	struct fix *f = *state;

	fix_take(f, CHILD);
	fix_take(f, "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"meta\":{"
		    "\"lastUpdated\":\"2026-01-01T00:00:00Z\"},\"name\":[{"
		    "\"family\":\"Reed\",\"given\":[\"Ana\"]}],\"gender\":"
		    "\"female\",\"birthDate\":\"2018-03-02\"}");
	assert_int_equal(fix_row(f, "Patient")->unchanged, 1);
	fix_take(f, "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{"
		    "\"family\":\"Stone\",\"given\":[\"Ana\"]}],\"gender\":"
		    "\"female\",\"birthDate\":\"2018-03-02\"}");
	assert_int_equal(fix_row(f, "Patient")->updated, 1);
	assert_string_equal(fix_text(f, "SELECT family FROM child"), "Stone");
	/* Another server's p1. */
	fix_take(f, "{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{"
		    "\"family\":\"Lake\",\"given\":[\"Bo\"]}],"
		    "\"birthDate\":\"2011-03-02\"}");
	fix_left(f, "Patient", FHIR_OTHER_CHILD);
	f->o.source = "other";
	fix_import(f, scratch_path(f->dir, "in.json"));
	assert_int_equal(fix_row(f, "Patient")->taken, 1);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM child"), 2);
}

static void same_id_twice_the_last_counts(void **state)
{
	struct fix *f = *state;

	fix_take(f, BUNDLE(ENTRY(CHILD) "," ENTRY(CHILD) "," ENTRY(
			    "{\"resourceType\":\"Patient\",\"id\":\"p1\","
			    "\"name\":[{\"family\":\"Last\"}],\"birthDate\":"
			    "\"2018-03-02\"}")));
	assert_int_equal(fix_row(f, "Patient")->taken, 1);
	assert_int_equal(fix_row(f, "Patient")->why[FHIR_REPEATED], 2);
	assert_string_equal(fix_text(f, "SELECT family FROM child"), "Last");
	assert_int_equal(f->entry[0], 0);
	assert_int_equal(f->entry[1], 1);
	fix_take(f, BUNDLE(ENTRY(CHILD) "," ENTRY(CHILD)));
	assert_int_equal(fix_row(f, "Patient")->updated, 1);
	assert_int_equal(fix_row(f, "Patient")->why[FHIR_SAME], 1);
}

static void resolved_condition_closes_after_its_referral(void **state)
{
	struct fix *f = *state;

	fix_take(f,
		 BUNDLE(ENTRY(CHILD) "," ENTRY(
			 "{\"resourceType\":\"Condition\",\"id\":\"c1\","
			 "\"category\":[" FOOD "],\"subject\":{\"reference\":"
			 "\"Patient/p1\"},\"recordedDate\":\"2026-03-01\","
			 "\"abatementDateTime\":\"2026-06-01\","
			 "\"clinicalStatus\":{\"coding\":[{\"code\":"
			 "\"resolved\"}]}}") "," ENTRY("{\"resourceType\":"
						       "\"ServiceRequest\","
						       "\"id\":\"s1\","
						       "\"status\":\"active\","
						       "\"intent\":\"order\","
						       "\"subject\":{"
						       "\"reference\":"
						       "\"Patient/p1\"},"
						       "\"reasonReference\":[{"
						       "\"reference\":"
						       "\"Condition/"
						       "c1\"}],\"authoredOn\":"
						       "\"2026-02-03\"}")));
	assert_int_equal(fix_row(f, "ServiceRequest")->taken, 1);
	/* Found no later than the referral that names it. */
	assert_string_equal(fix_text(f, "SELECT state || found || closed"
					" FROM need"),
			    "met2026-02-032026-06-01");
	/* A referral of that time comes late: the need is as it was. */
	fix_take(f, "{\"resourceType\":\"ServiceRequest\",\"id\":\"s2\","
		    "\"status\":\"active\",\"intent\":\"order\",\"subject\":{"
		    "\"reference\":\"Patient/p1\"},\"reasonReference\":[{"
		    "\"reference\":\"Condition/c1\"}],\"authoredOn\":"
		    "\"2026-03-03\"}");
	assert_int_equal(fix_row(f, "ServiceRequest")->taken, 1);
	assert_string_equal(fix_text(f, "SELECT state || closed FROM need"),
			    "met2026-06-01");
}

static void needs_want_a_category_and_a_known_one(void **state)
{
	struct fix *f = *state;

	fix_take(f,
		 BUNDLE(ENTRY(CHILD) "," ENTRY(
			 "{\"resourceType\":\"Condition\",\"id\":\"m\","
			 "\"code\":{\"coding\":[{\"system\":"
			 "\"http://snomed.info/sct\",\"code\":\"195967001\"}]},"
			 "\"subject\":{\"reference\":\"Patient/p1\"}}")));
	fix_left(f, "Condition", FHIR_NOT_SOCIAL);
	fix_take(f, "{\"resourceType\":\"Condition\",\"id\":\"n\","
		    "\"category\":[{\"coding\":[{" GRAVITY
		    ",\"code\":\"sdoh-category-unspecified\"}]}],"
		    "\"subject\":{\"reference\":\"Patient/p1\"}}");
	fix_left(f, "Condition", FHIR_NO_CATEGORY);
	fix_take(f, "{\"resourceType\":\"Condition\",\"id\":\"o\","
		    "\"category\":[{\"coding\":[{\"system\":\"http://hl7.org/"
		    "fhir/us/core/CodeSystem/us-core-category\",\"code\":"
		    "\"sdoh\"}]}],\"code\":{\"coding\":[{\"system\":"
		    "\"http://hl7.org/fhir/sid/icd-10-cm\",\"code\":"
		    "\"Z59.4199\"}]},\"subject\":{\"reference\":"
		    "\"Patient/p1\"}}");
	assert_int_equal(fix_row(f, "Condition")->taken, 1);
	assert_string_equal(fix_text(f, "SELECT domain || found FROM need"),
			    "food2026-11-24");
	fix_take(f, "{\"resourceType\":\"Condition\",\"id\":\"q\","
		    "\"category\":[" FOOD "],\"subject\":{\"reference\":"
		    "\"Patient/p1\"},\"recordedDate\":\"2017-01-01\"}");
	fix_left(f, "Condition", FHIR_BEFORE_BIRTH);
	fix_take(f, "{\"resourceType\":\"Condition\",\"id\":\"q\","
		    "\"category\":[" FOOD "],\"subject\":{\"reference\":"
		    "\"Patient/nobody\"}}");
	fix_left(f, "Condition", FHIR_PATIENT_AWAY);
}

/* Of one request, the last state first in the file. */
static void tasks_are_taken_in_the_order_of_their_states(void **state)
{
	struct fix *f = *state;

	fix_take(
		f,
		BUNDLE(ENTRY(
			"{\"resourceType\":\"Task\",\"id\":\"z\","
			"\"status\":\"completed\",\"focus\":{"
			"\"reference\":\"ServiceRequest/s1\"},"
			"\"authoredOn\":\"2026-02-05\","
			"\"lastModified\":\"2026-04-01\"}") "," ENTRY("{\"re"
								      "sourc"
								      "eType"
								      "\":"
								      "\"Tas"
								      "k\","
								      "\"id"
								      "\":"
								      "\"a\""
								      ","
								      "\"sta"
								      "tus\""
								      ":\"ac"
								      "cepte"
								      "d\","
								      "\"foc"
								      "us\":"
								      "{\"re"
								      "feren"
								      "ce\":"
								      "\"Ser"
								      "viceR"
								      "eques"
								      "t/"
								      "s1\"}"
								      ",\"au"
								      "thore"
								      "dOn\""
								      ":"
								      "\"202"
								      "6-02-"
								      "05\","
								      "\"las"
								      "tModi"
								      "fied"
								      "\":"
								      "\"202"
								      "6-02-"
								      "07\""
								      "}") "," ENTRY(REQUEST) "," ENTRY(CHILD)));
	assert_int_equal(fix_row(f, "Task")->taken, 2);
	assert_string_equal(fix_text(f, referral_sql),
			    "completed 2026-02-03 2026-02-05 2026-02-07 "
			    "2026-04-01 - -");
}

static void case_opens_on_the_first_day_of_all(void **state)
{
	struct fix *f = *state;

	fix_take(f,
		 BUNDLE(ENTRY(CHILD) "," ENTRY(
			 "{\"resourceType\":\"Condition\","
			 "\"id\":\"a\","
			 "\"category\":[" FOOD "],\"subject\":{\"reference\":"
			 "\"Patient/"
			 "p1\"},\"recordedDate\":\"2026-"
			 "05\"}") "," ENTRY("{\"resourceType"
					    "\":"
					    "\"Condition\","
					    "\"id\":"
					    "\"b\","
					    "\"category\":"
					    "[" FOOD "],\"subject\":{"
					    "\"reference\":"
					    "\"Patient/"
					    "p1\"},"
					    "\"recordedDate"
					    "\":"
					    "\"2025\"}")));
	assert_string_equal(fix_text(f, "SELECT opened FROM care_case"),
			    "2025-01-01");
	assert_int_equal(fix_int(f, "SELECT count(*) FROM need"), 2);
}

static void barrier_may_stand_in_the_text(void **state)
{
	struct fix *f = *state;

	take_task(f, "rejected",
		  ",\"authoredOn\":\"2026-02-05\",\"statusReason\":{"
		  "\"text\":\"DECLINED\"}");
	assert_string_equal(fix_text(f, "SELECT state || reason FROM referral"),
			    "rejectedDECLINED");
}

#define T(name) cmocka_unit_test_setup_teardown(name, fix_set_up, fix_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(gravity_loop_closes),
		T(transaction_without_ids_is_taken),
		T(all_data_add_up_and_stay),
		T(dry_run_counts_the_same_and_writes_nothing),
		T(task_dates_rule_the_referral),
		T(instant_is_the_civil_day_of_the_zone),
		T(barrier_of_a_running_referral_is_taken),
		T(failed_with_text_is_taken_with_it),
		T(completed_alone_is_no_linkage),
		T(linkage_before_sending_is_left_out_whole),
		T(unknown_codes_of_ours_are_reported),
		T(later_task_moves_it_on_and_none_moves_it_back),
		T(task_alone_is_a_referral_when_it_names_a_need),
		T(references_are_followed_in_every_form),
		T(changed_resource_updates_and_unmapped_change_does_not),
		T(same_id_twice_the_last_counts),
		T(resolved_condition_closes_after_its_referral),
		T(needs_want_a_category_and_a_known_one),
		T(tasks_are_taken_in_the_order_of_their_states),
		T(case_opens_on_the_first_day_of_all),
		T(barrier_may_stand_in_the_text),
	};

	return cmocka_run_group_tests_name("fhir", tests, NULL, NULL);
}
