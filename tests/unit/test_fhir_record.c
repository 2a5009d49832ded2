#include "tests/unit/fhir_fix.h"

#define CHILD(id, born)                                                   \
	"{\"resourceType\":\"Patient\",\"id\":\"" id "\",\"name\":[{"     \
	"\"family\":\"Reed\",\"given\":[\"Ana\"]}],\"birthDate\":\"" born \
	"\"}"
#define ENTRY(r) "{\"resource\":" r "}"
#define BUNDLE(entries)                                                   \
	"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":" \
	"[" entries "]}"
#define OF "\"subject\":{\"reference\":\"Patient/p1\"},"
#define LOINC "\"system\":\"http://loinc.org\","
#define ICD "\"system\":\"http://hl7.org/fhir/sid/icd-10-cm\","
#define ACT "\"system\":\"http://terminology.hl7.org/CodeSystem/v3-ActCode\","
#define MASSACHUSETTS "fhir/synthea-massachusetts-children"
#define GRAVITY_FOLDER "fhir/gravity-sdoh-2.3.0-examples/"

/* A child of 2018 and @rest of resources. */
static void take_beside(struct fix *f, const char *rest)
{
	char *text = mem_printf(BUNDLE(ENTRY(CHILD("p1", "2018-03-02")) "%s%s"),
				*rest ? "," : "", rest);

	assert_non_null(text);
	fix_take(f, text);
	mem_free(text);
}

static void take_one(struct fix *f, const char *resource)
{
	char *text = mem_printf("{\"resource\":%s}", resource);

	assert_non_null(text);
	take_beside(f, text);
	mem_free(text);
}

static void unchanged(struct fix *f, const char *type, int64_t n)
{
	assert_int_equal(fix_row(f, type)->unchanged, n);
	assert_int_equal(fix_row(f, type)->taken, 0);
	assert_int_equal(fix_row(f, type)->updated, 0);
}

/* --- the shared data --- */

static void massachusetts_comes_out(void **state)
{
	struct fix *f = *state;
	const char *path = data_path(MASSACHUSETTS);

	if (!path)
		skip();
	f->o.as_of = date_from_ymd(2021, 3, 31);
	fix_import(f, path);
	assert_int_equal(fix_row(f, "Patient")->taken, 27);
	assert_int_equal(fix_row(f, "Encounter")->taken, 16);
	assert_int_equal(fix_row(f, "Encounter")->why[FHIR_NOT_EMERGENCY], 483);
	assert_int_equal(fix_row(f, "CarePlan")->taken, 40);
	assert_int_equal(fix_row(f, "Immunization")->why[FHIR_NOT_NEEDED], 616);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM ed_episode WHERE"
				    " facility IS NOT NULL AND source_id IS"
				    " NULL AND discharged IS NOT NULL AND"
				    " behavioral = 0"),
			 16);
	assert_int_equal(fix_int(f, "SELECT count(DISTINCT child)"
				    " FROM ed_episode"),
			 12);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM care_goal"), 40);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM care_goal"
				    " WHERE state = 'open'"),
			 19);
	/* One draft a child: nobody has agreed to it here. */
	assert_int_equal(fix_int(f, "SELECT count(*) = count(DISTINCT kase)"
				    " AND count(finalized) = 0"
				    " FROM care_plan"),
			 1);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM need"), 0);
	fix_import(f, path);
	unchanged(f, "Encounter", 16);
	unchanged(f, "CarePlan", 40);
}

/* The example's patient is of 1987: as a child of 2010. */
static void gravity_child(struct fix *f)
{
	fix_take(f, CHILD("pat-53234", "2010-02-20"));
	assert_int_equal(fix_row(f, "Patient")->taken, 1);
}

static void gravity_answers_are_scored(void **state)
{
	struct fix *f = *state;
	const char *path = data_path(
		GRAVITY_FOLDER "QuestionnaireResponse-SDOHCC-"
			       "QuestionnaireResponseHungerVitalSignExample."
			       "json");

	if (!path)
		skip();
	gravity_child(f);
	fix_import(f, path);
	assert_int_equal(f->reports, 0); /* "at risk" they say too */
	assert_string_equal(
		fix_text(f, "SELECT s.instrument || s.done || s.respondent ||"
			    " s.complete || r.score || r.result || r.need"
			    " FROM screening s JOIN screening_result r"
			    " ON r.screening = s.id"),
		"HVS2020-09-10youth1200at-riskfood");
	path = data_path(GRAVITY_FOLDER
			 "QuestionnaireResponse-SDOHCC-"
			 "QuestionnaireResponsePRAPAREExample.json");
	fix_import(f, path);
	assert_string_equal(
		fix_text(f, "SELECT group_concat(domain || '=' || result)"
			    " FROM (SELECT domain, result FROM screening_result"
			    " r JOIN screening s ON s.id = r.screening WHERE"
			    " s.instrument = 'PRAPARE' AND result <>"
			    " 'not-at-risk' ORDER BY domain)"),
		"childcare=at-risk,contact=at-risk,goods=at-risk,"
		"housing=at-risk,safety=at-risk,transportation=at-risk");
	assert_string_equal(
		fix_text(f, "SELECT group_concat(item || '=' || value)"
			    " FROM (SELECT item, value FROM screening_answer"
			    " WHERE item IN ('unable', 'losing', 'housing',"
			    " 'transport') ORDER BY item)"),
		"housing=none,losing=refuse,transport=medical+other,"
		"unable=clothing+childcare");
	fix_import(f, path);
	unchanged(f, "QuestionnaireResponse", 1);
}

static void health_needs_panel_is_one_screening(void **state)
{
	struct fix *f = *state;
	const char *path = data_path("fhir/us-core-examples");

	if (!path)
		skip();
	f->o.as_of = date_from_ymd(2000, 1, 1); /* the patient is of 1987 */
	fix_import(f, path);
	/* An adult's by then. */
	assert_int_equal(
		fix_row(f, "QuestionnaireResponse")->why[FHIR_OUT_OF_AGE], 1);
	assert_int_equal(
		fix_row(f, "QuestionnaireResponse")->why[FHIR_NOT_SCREENING],
		2);
	assert_int_equal(fix_row(f, "Observation")->taken, 0);
	fix_again(f, "as_child.db");
	f->o.as_of = NO_DATE;
	fix_take(f, CHILD("example", "2010-02-20"));
	fix_import(f, data_path("fhir/us-core-examples/us-core-5.0.1-"
				"QuestionnaireResponse-AHC-HRSN-screening-"
				"example.json"));
	assert_string_equal(
		fix_text(f, "SELECT instrument || (SELECT group_concat(domain)"
			    " FROM (SELECT domain FROM screening_result WHERE"
			    " result = 'not-at-risk' ORDER BY domain))"
			    " FROM screening"),
		"AHC-HRSNdisabilities,education,mental,strain");
}

/* --- visits --- */

#define VISIT(id, class, day, rest)                                        \
	"{\"resourceType\":\"Encounter\",\"id\":\"" id "\",\"status\":"    \
	"\"finished\",\"class\":" class "," OF "\"period\":{\"start\":"    \
					"\"" day                           \
					"T22:00:00-05:00\",\"end\":\"" day \
					"T23:30:00-05:00\"}" rest "}"
#define EMER "{" ACT "\"code\":\"EMER\"}"
#define EMER_CONCEPT "[{\"coding\":[" EMER "]}]"
#define REASON(code) \
	",\"reasonCode\":[{\"coding\":[{" ICD "\"code\":\"" code "\"}]}]"

static void behavioral_is_by_the_list(void **state)
{
	static const struct {
		const char *code;
		int behavioral;
	} codes[] = {{"F01", 1},      {"F99", 1},    {"F900", 1},
		     {"R45.851", 1},  {"R45.85", 0}, {"R45.8", 0},
		     {"T14.91XA", 1}, {"T14.90", 0}, {"X71", 1},
		     {"X83.8XXA", 1}, {"X70.0", 0},  {"X84", 0},
		     {"E99", 0},      {"G00", 0},    {"F", 0}};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		char *text = mem_printf(
			VISIT("e%d", EMER, "2026-01-05", REASON("%s")), (int)i,
			codes[i].code);

		take_one(f, text);
		assert_int_equal(fix_row(f, "Encounter")->taken, 1);
		if (fix_int(f,
			    "SELECT behavioral FROM ed_episode"
			    " ORDER BY id DESC LIMIT 1") != codes[i].behavioral)
			fail_msg("%s", codes[i].code);
		mem_free(text);
	}
}

static void a_class_may_be_a_concept(void **state)
{
	struct fix *f = *state;

	take_one(f, VISIT("e1", EMER_CONCEPT, "2026-01-05", ""));
	assert_int_equal(fix_row(f, "Encounter")->taken, 1);
	take_one(f, VISIT("e2", "{" ACT "\"code\":\"AMB\"}", "2026-01-05", ""));
	fix_left(f, "Encounter", FHIR_NOT_EMERGENCY);
	take_one(f, VISIT("e3", "{\"system\":\"urn:x\",\"code\":\"EMER\"}",
			  "2026-01-05", ""));
	fix_left(f, "Encounter", FHIR_NOT_EMERGENCY);
	take_one(f, VISIT("e4", "\"EMER\"", "2026-01-05", ""));
	fix_left(f, "Encounter", FHIR_NOT_EMERGENCY);
}

#define CRISIS(rest)                                                     \
	ENTRY("{\"resourceType\":\"Condition\",\"id\":\"c1\",\"code\":{" \
	      "\"coding\":[{\"system\":\"http://snomed.info/sct\","      \
	      "\"code\":\"6471006\"}]}," OF "\"x\":0" rest "}")

static void a_condition_makes_a_visit_behavioral(void **state)
{
	static const char *const sql = "SELECT behavioral FROM ed_episode";
	struct fix *f = *state;

	take_beside(f,
		    CRISIS("") "," ENTRY(VISIT("e1", EMER, "2026-01-05", "")));
	assert_int_equal(fix_int(f, sql), 0);
	take_beside(f, CRISIS("") "," ENTRY(
			       VISIT("e1", EMER, "2026-01-05",
				     ",\"diagnosis\":[{\"condition\":{"
				     "\"reference\":\"Condition/c1\"}}]")));
	assert_int_equal(fix_row(f, "Encounter")->updated, 1);
	assert_int_equal(fix_int(f, sql), 1);
	assert_int_equal(fix_row(f, "Condition")->why[FHIR_NOT_SOCIAL], 1);
	fix_again(f, "by_condition.db");
	take_beside(f, CRISIS(",\"encounter\":{\"reference\":\"Encounter/"
			      "e1\"}") "," ENTRY(VISIT("e1", EMER, "2026-01-05",
						       "")));
	assert_int_equal(fix_int(f, sql), 1);
	fix_again(f, "refuted.db");
	take_beside(
		f, CRISIS(",\"encounter\":{\"reference\":\"Encounter/e1\"},"
			  "\"verificationStatus\":{\"coding\":[{\"code\":"
			  "\"refuted\"}]}") "," ENTRY(VISIT("e1", EMER,
							    "2026-01-05", "")));
	assert_int_equal(fix_int(f, sql), 0);
}

static void a_person_s_words_on_a_visit_stay(void **state)
{
	struct fix *f = *state;

	take_one(f, VISIT("e1", EMER, "2026-01-05", REASON("F32.9")));
	check_ok(db_script(f->db, "UPDATE ed_episode SET criteria = 1,"
				  " enrolled = 'accepted', enrolled_on ="
				  " '2026-01-06', facility = 'By hand'"));
	take_one(f, VISIT("e1", EMER, "2026-01-05", REASON("F32.9")));
	unchanged(f, "Encounter", 1);
	take_one(f, VISIT("e1", EMER, "2026-01-04", REASON("F32.9")));
	assert_string_equal(fix_text(f, "SELECT visited || enrolled || facility"
					" FROM ed_episode"),
			    "2026-01-04acceptedBy hand");
	/* The criteria are for behavioral visits. */
	take_one(f, VISIT("e1", EMER, "2026-01-04", ""));
	fix_left(f, "Encounter", FHIR_REFUSED);
}

static void visits_left_out_say_why(void **state)
{
	struct fix *f = *state;

	take_one(f, VISIT("e1", EMER, "2017-01-05", ""));
	fix_left(f, "Encounter", FHIR_BEFORE_BIRTH);
	take_one(f, VISIT("e1", EMER, "2027-01-05", ""));
	fix_left(f, "Encounter", FHIR_FUTURE);
	take_one(f, "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":"
		    "\"finished\",\"class\":" EMER "," OF "\"x\":0}");
	fix_left(f, "Encounter", FHIR_UNDATED);
	take_one(f, "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":"
		    "\"cancelled\",\"class\":" EMER "," OF "\"x\":0}");
	fix_left(f, "Encounter", FHIR_NOT_HAPPENED);
	take_one(f, "{\"resourceType\":\"Encounter\",\"id\":\"e1\",\"status\":"
		    "\"entered-in-error\",\"class\":" EMER "," OF "\"x\":0}");
	fix_left(f, "Encounter", FHIR_IN_ERROR);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM ed_episode"), 0);
}

/* --- screenings --- */

#define ANSWER(link, code)                                               \
	"{\"linkId\":\"/" link "\",\"answer\":[{\"valueCoding\":{" LOINC \
	"\"code\":\"" code "\"}}]}"
#define ANSWERED(canonical, items)                                         \
	"{\"resourceType\":\"QuestionnaireResponse\",\"id\":\"q1\","       \
	"\"status\":\"completed\",\"questionnaire\":\"" canonical "\"," OF \
	"\"authored\":\"2026-02-03\",\"item\":[" items "]}"
#define OFTEN "LA28397-0"
#define NEVER "LA28398-8"

static void an_instrument_is_found(void **state)
{
	static const char *const sql =
		"SELECT instrument FROM screening WHERE errored IS NULL";
	struct fix *f = *state;

	take_one(f, ANSWERED("http://loinc.org/q/88121-9|1",
			     ANSWER("88122-7", OFTEN)));
	assert_string_equal(fix_text(f, sql), "HVS");
	take_one(f, ANSWERED("urn:x", ANSWER("88122-7", OFTEN) "," ANSWER(
					      "88123-5", NEVER)));
	assert_int_equal(fix_row(f, "QuestionnaireResponse")->updated, 1);
	assert_string_equal(fix_text(f, sql), "HVS");
	/* With its panel the same items are another instrument's. */
	take_one(f, ANSWERED("http://loinc.org/q/96777-8",
			     ANSWER("88122-7", OFTEN)));
	assert_string_equal(fix_text(f, sql), "AHC-HRSN");
	assert_int_equal(fix_int(f, "SELECT count(*) FROM screening"), 3);
	take_one(f, ANSWERED("urn:x", ANSWER("71802-3", "LA30189-7")));
	fix_left(f, "QuestionnaireResponse", FHIR_NOT_SCREENING);
}

static void a_shared_item_is_read_with_its_instrument(void **state)
{
	struct fix *f = *state;

	/* "I do not have housing" is PRAPARE's answer, not AHC-HRSN's. */
	take_one(f, ANSWERED("http://loinc.org/q/96777-8",
			     ANSWER("71802-3", "LA30190-5")));
	fix_left(f, "QuestionnaireResponse", FHIR_BAD_CODE);
	take_one(f, ANSWERED("http://loinc.org/q/93025-5",
			     ANSWER("71802-3", "LA30190-5")));
	assert_string_equal(fix_text(f, "SELECT result FROM screening_result"
					" WHERE domain = 'housing'"),
			    "at-risk");
}

static void a_result_that_differs_is_reported(void **state)
{
	struct fix *f = *state;

	take_one(f,
		 ANSWERED("http://loinc.org/q/88121-9",
			  ANSWER("88122-7", NEVER) "," ANSWER(
				  "88123-5", NEVER) "," ANSWER("88124-3",
							       "LA19952-3")));
	assert_int_equal(fix_row(f, "QuestionnaireResponse")->taken, 1);
	assert_int_equal(f->reports, 1);
	assert_int_equal(f->why[0], FHIR_DIFFERS);
	assert_int_equal(f->res.noted, 1);
	assert_string_equal(fix_text(f, "SELECT result FROM screening_result"),
			    "not-at-risk");
}

static void blanks_are_blank_and_none_is_no_screening(void **state)
{
	struct fix *f = *state;

	take_one(f, ANSWERED("http://loinc.org/q/88121-9",
			     ANSWER("88122-7", "LA15775-2")));
	fix_left(f, "QuestionnaireResponse", FHIR_NO_ANSWER);
	take_one(f, ANSWERED("http://loinc.org/q/88121-9",
			     ANSWER("88122-7",
				    "LA15775-2") "," ANSWER("88123-5", OFTEN)));
	assert_string_equal(fix_text(f, "SELECT complete || result"
					" FROM screening s JOIN"
					" screening_result r ON r.screening ="
					" s.id"),
			    "0at-risk");
	take_one(f, ANSWERED("http://loinc.org/q/88121-9",
			     ANSWER("88122-7", "LA9-3")));
	fix_left(f, "QuestionnaireResponse", FHIR_BAD_CODE);
}

#define OBSERVATION(id, code, rest)                                  \
	ENTRY("{\"resourceType\":\"Observation\",\"id\":\"" id "\"," \
	      "\"status\":\"final\",\"code\":{\"coding\":[{" LOINC   \
	      "\"code\":\"" code "\"}]}," OF                         \
	      "\"effectiveDateTime\":\"2026-02-03\"" rest "}")
#define VALUE(code)                                                  \
	",\"valueCodeableConcept\":{\"coding\":[{" LOINC "\"code\":" \
	"\"" code "\"}]}"
#define HAS(a, b)                                                 \
	",\"hasMember\":[{\"reference\":\"Observation/" a "\"},{" \
	"\"reference\":\"Observation/" b "\"}]"

static void a_panel_has_its_answers(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < 2; i++)
		take_beside(
			f,
			OBSERVATION("o1", "88122-7", VALUE(OFTEN)) "," OBSERVATION("o2", "88123-5", VALUE(NEVER)) "," OBSERVATION(
				"o3", "88121-9",
				HAS("o1",
				    "o2")) "," OBSERVATION("o4", "88122-7",
							   VALUE(OFTEN)) "," OBSERVATION("o5",
											 "8302-2",
											 ""));
	unchanged(f, "Observation", 1);
	assert_int_equal(fix_row(f, "Observation")->why[FHIR_ANSWER], 2);
	assert_int_equal(fix_row(f, "Observation")->why[FHIR_LOOSE], 1);
	assert_int_equal(fix_row(f, "Observation")->why[FHIR_NOT_SCREENING], 1);
	assert_string_equal(fix_text(f, "SELECT group_concat(value) FROM"
					" (SELECT value FROM screening_answer"
					" ORDER BY item)"),
			    "often,never");
	/* Another answer of a member is a change of the panel. */
	take_beside(f,
		    OBSERVATION("o1", "88122-7", VALUE(NEVER)) "," OBSERVATION(
			    "o2", "88123-5",
			    VALUE(NEVER)) "," OBSERVATION("o3", "88121-9",
							  HAS("o1", "o2")));
	assert_int_equal(fix_row(f, "Observation")->updated, 1);
	assert_string_equal(fix_text(f, "SELECT result FROM screening_result r"
					" JOIN screening s ON s.id ="
					" r.screening WHERE errored IS NULL"),
			    "not-at-risk");
}

#define T(name) cmocka_unit_test_setup_teardown(name, fix_set_up, fix_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(massachusetts_comes_out),
		T(gravity_answers_are_scored),
		T(health_needs_panel_is_one_screening),
		T(behavioral_is_by_the_list),
		T(a_class_may_be_a_concept),
		T(a_condition_makes_a_visit_behavioral),
		T(a_person_s_words_on_a_visit_stay),
		T(visits_left_out_say_why),
		T(an_instrument_is_found),
		T(a_shared_item_is_read_with_its_instrument),
		T(a_result_that_differs_is_reported),
		T(blanks_are_blank_and_none_is_no_screening),
		T(a_panel_has_its_answers),
	};

	return cmocka_run_group_tests_name("fhir_record", tests, NULL, NULL);
}
