#include "tests/unit/fhir_fix.h"

#define BUNDLE(entries)                                                   \
	"{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":" \
	"[" entries "]}"
#define ENTRY(r) "{\"resource\":{" r "}}"
#define KIND(type, id) "\"resourceType\":\"" type "\",\"id\":\"" id "\""
#define CHILD(rest)                                                        \
	ENTRY(KIND("Patient", "p1") ",\"name\":[{\"family\":\"Reed\","     \
				    "\"given\":[\"Ana\"]}],\"birthDate\":" \
				    "\"2018-03-02\"" rest)
#define OF(what) ",\"" what "\":{\"reference\":\"Patient/p1\"}"
#define MOTHER                                                                 \
	ENTRY(KIND("RelatedPerson", "r1")                                      \
		      OF("patient") ",\"relationship\":"                       \
				    "[{\"coding\":[{\"system\":\"http://"      \
				    "terminology.hl7.org/CodeSystem/"          \
				    "v3-RoleCode\",\"code\":\"MTH\"}]}],"      \
				    "\"name\":[{\"family\":\"Reed\","          \
				    "\"given\":[\"Eve\"]}],\"telecom\":[{"     \
				    "\"system\":\"phone\","                    \
				    "\"value\":\"860-555-0100\"},{\"system\":" \
				    "\"fax\",\"value\":\"1\"}]")
#define CONSENT(status)                                                    \
	ENTRY(KIND("Consent", "k1")                                        \
		      OF("patient") ",\"status\":\"" status                \
				    "\",\"category\":[{\"coding\":[{"      \
				    "\"system\":\"http://terminology."     \
				    "hl7.org/CodeSystem/"                  \
				    "v3-ActCode\",\"code\":\"IDSCL\"}]}]," \
				    "\"dateTime\":\"2026-03-01\","         \
				    "\"performer\":[{\"reference\":"       \
				    "\"RelatedPerson/r1\"}]")

static void a_caregiver_comes_without_a_right_to_sign(void **state)
{
	struct fix *f = *state;

	fix_take(f, BUNDLE(CHILD("") "," MOTHER));
	assert_int_equal(fix_row(f, "RelatedPerson")->taken, 1);
	assert_string_equal(fix_text(f,
				     "SELECT given || relation || custody ||"
				     " ifnull(authority, '-') FROM caregiver g"
				     " JOIN custody c ON c.caregiver = g.id"),
			    "Evemotherunknown-");
	assert_string_equal(fix_text(f, "SELECT value || safe || message ||"
					" preferred FROM reach"),
			    "860-555-0100000");
	fix_take(f, BUNDLE(CHILD("") "," MOTHER));
	assert_int_equal(fix_row(f, "RelatedPerson")->unchanged, 1);
}

static void a_consent_waits_for_who_may_sign(void **state)
{
	struct fix *f = *state;

	fix_take(f, BUNDLE(CHILD("") "," MOTHER "," CONSENT("active")));
	fix_left(f, "Consent", FHIR_NO_SIGNER);
	check_ok(db_script(f->db, "UPDATE custody SET authority = 'parent'"));
	fix_take(f, BUNDLE(CHILD("") "," MOTHER "," CONSENT("active")));
	assert_int_equal(fix_row(f, "Consent")->taken, 1);
	assert_string_equal(fix_text(f, "SELECT scope || since || authority"
					" FROM consent c JOIN consent_scope s"
					" ON s.consent = c.id"),
			    "refer2026-03-01parent");
	fix_take(f, BUNDLE(CONSENT("inactive")));
	assert_int_equal(fix_row(f, "Consent")->updated, 1);
	assert_string_equal(fix_text(f, "SELECT withdrawn FROM consent"),
			    "2026-11-24");
	fix_take(f, BUNDLE(CONSENT("inactive")));
	assert_int_equal(fix_row(f, "Consent")->unchanged, 1);
}

#define COVER(code, rest)                                                    \
	ENTRY(KIND("Coverage", "v1")                                         \
		      OF("beneficiary") ",\"type\":{"                        \
					"\"coding\":[{\"system\":\"https://" \
					"nahdo.org/sopt\",\"code\":\"" code  \
					"\"}]},\"payor\":[{\"display\":"     \
					"\"HUSKY\"}]," rest)
#define ACTIVE "\"status\":\"active\",\"period\":{\"start\":\"2025-01-01\"}"

static void coverage_is_by_its_typology(void **state)
{
	struct fix *f = *state;

	fix_take(f, BUNDLE(CHILD("") "," COVER("211", ACTIVE)));
	assert_string_equal(fix_text(f, "SELECT kind || payer || since"
					" FROM coverage"),
			    "medicaidHUSKY2025-01-01");
	fix_take(f, BUNDLE(COVER("23", ACTIVE)));
	assert_int_equal(fix_row(f, "Coverage")->updated, 1);
	assert_string_equal(fix_text(f, "SELECT group_concat(kind ||"
					" ifnull(until, '-')) FROM coverage"),
			    "medicaid2026-11-23,chip-");
	fix_take(f, BUNDLE(COVER("23", "\"status\":\"entered-in-error\"")));
	fix_left(f, "Coverage", FHIR_IN_ERROR);
}

static void nobody_becomes_staff(void **state)
{
	struct fix *f = *state;

	fix_take(
		f,
		BUNDLE(CHILD(
			",\"generalPractitioner\":[{\"reference\":"
			"\"PractitionerRole/x1\"}]") "," ENTRY(KIND("Practition"
								    "er",
								    "d1") ",\"n"
									  "ame"
									  "\":["
									  "{"
									  "\"fa"
									  "mily"
									  "\":"
									  "\"W"
									  "\"}"
									  "]") "," ENTRY(KIND("Organization",
											      "o1") ",\"name\":"
												    "\"Elm Clinic\"") "," ENTRY(KIND("PractitionerRole",
																     "x1") ",\"practitioner\":{"
																	   "\"display\":\"Dr W\"},"
																	   "\"organization\":{"
																	   "\"reference\":"
																	   "\"Organization/o1\"}")));
	assert_int_equal(fix_row(f, "Practitioner")->why[FHIR_NAME_ONLY], 1);
	assert_int_equal(fix_row(f, "PractitionerRole")->why[FHIR_NAME_ONLY],
			 1);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM staff"), 0);
	assert_string_equal(fix_text(f, "SELECT p.name || clinician || since"
					" FROM child_practice c JOIN practice"
					" p ON p.id = c.practice"),
			    "Elm ClinicDr W2026-11-24");
}

#define GOAL(status)                                                          \
	ENTRY(KIND("Goal", "g1") OF(                                          \
		"subject") ",\"lifecycleStatus\":\"" status                   \
			   "\",\"description\":{\"text\":\"Enough\\nfood\"}," \
			   "\"startDate\":\"2026-02-01\",\"statusDate\":"     \
			   "\"2026-03-01\","                                  \
			   "\"category\":[" FOOD "]")
#define PLAN                                                                   \
	ENTRY(KIND("CarePlan", "n1")                                           \
		      OF("subject") ",\"status\":\"active\""                   \
				    ",\"intent\":\"plan\",\"title\":\"Food\"," \
				    "\"goal\":[{\"reference\":"                \
				    "\"Goal/"                                  \
				    "g1\"}],\"activity\":[{\"detail\":{"       \
				    "\"description\":"                         \
				    "\"Call the "                              \
				    "pantry\",\"status\":\"completed\"}},{"    \
				    "\"reference\":{"                          \
				    "\"reference\":\"ServiceRequest/s1\"}}]")

static void a_plan_s_actions_stand_under_its_goal(void **state)
{
	static const char *const sql =
		"SELECT g.goal || g.state || ifnull(g.ended, '-') || action ||"
		" a.state || owner || begun.started FROM care_goal g"
		" JOIN care_action a ON a.goal = g.id JOIN care_plan begun"
		" ON begun.id = g.plan ORDER BY g.id DESC LIMIT 1";
	struct fix *f = *state;

	fix_take(f, BUNDLE(CHILD("") "," GOAL("active") "," PLAN));
	assert_int_equal(fix_row(f, "Goal")->taken, 1);
	assert_int_equal(fix_row(f, "CarePlan")->taken, 1);
	assert_string_equal(fix_text(f, sql), "Enough foodopen-Call the pantry"
					      "donenot said2026-02-01");
	fix_take(f, BUNDLE(CHILD("") "," GOAL("completed") "," PLAN));
	assert_int_equal(fix_row(f, "Goal")->updated, 1);
	assert_int_equal(fix_row(f, "CarePlan")->unchanged, 1);
	assert_string_equal(fix_text(f, sql),
			    "Enough foodreached2026-03-01Call the pantry"
			    "donenot said2026-02-01");
	/* What the family agreed to does not change: the next version does. */
	check_ok(db_script(f->db, "UPDATE care_plan SET agreed ="
				  " '2026-04-01', agreed_by = 'Eve',"
				  " finalized = '2026-04-01'"));
	fix_take(f, BUNDLE(GOAL("active")));
	assert_int_equal(fix_row(f, "Goal")->updated, 1);
	assert_string_equal(fix_text(f, "SELECT group_concat(state || version)"
					" FROM (SELECT state, version FROM"
					" care_goal g JOIN care_plan p ON p.id"
					" = g.plan ORDER BY version)"),
			    "reached1,open2");
}

#define TEAM(role)                                                          \
	ENTRY(KIND("CareTeam", "m1")                                        \
		      OF("subject") ",\"status\":\"active\""                \
				    ",\"name\":\"Birth to "                 \
				    "Three\",\"participant\":[{\"role\":[{" \
				    "\"text\":\"" role                      \
				    "\"}],\"member\":{\"display\":\"Lee\"}}]")

static void only_coordinators_of_a_team_are_kept(void **state)
{
	struct fix *f = *state;

	fix_take(f, BUNDLE(CHILD("") "," TEAM("Care Coordinator")));
	fix_left(f, "CareTeam", FHIR_NO_CASE);
	fix_take(f, BUNDLE(GOAL("active") "," TEAM("Care Coordinator")));
	assert_int_equal(fix_row(f, "CareTeam")->taken, 1);
	assert_string_equal(fix_text(f, "SELECT name || program || leads"
					" FROM case_coordinator"),
			    "LeeBirth to Three0");
	fix_take(f, BUNDLE(TEAM("Cardiologist")));
	fix_left(f, "CareTeam", FHIR_NO_COORDINATOR);
}

static void a_procedure_of_a_request_is_its_service(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < 2; i++)
		fix_take(
			f,
			BUNDLE(CHILD("") "," ENTRY(KIND("ServiceRequest", "s1") OF(
				"subject") ",\"status\":\"active\","
					   "\"intent\":\"order\","
					   "\"category\":[" FOOD
					   "],\"authoredOn\":\"2026-02-"
					   "03\"") "," ENTRY(KIND("Procedur"
								  "e",
								  "u1")
								     OF("su"
									"bj"
									"ec"
									"t") ","
									     "\"status\":\"completed\",\"basedOn\":[{"
									     "\"reference\":\"ServiceRequest/s1\"}],"
									     "\"performedDateTime\":\"2026-02-10\"")));
	assert_int_equal(fix_row(f, "Procedure")->unchanged, 1);
	assert_string_equal(fix_text(f, "SELECT received FROM referral"),
			    "2026-02-10");
}

/* Every kind with values of the wrong type, or none: left out or taken, never
 * a crash; and somebody else's patient is away. */
static void wrong_types_are_survived(void **state)
{
	static const char *const types[] = {"RelatedPerson",
					    "Coverage",
					    "Consent",
					    "Encounter",
					    "QuestionnaireResponse",
					    "Observation",
					    "Goal",
					    "CarePlan",
					    "CareTeam",
					    "Procedure",
					    "Practitioner",
					    "PractitionerRole"};
	static const char *const bodies[] = {
		"", ",\"status\":7,\"class\":[],\"code\":[[]],\"item\":{}",
		",\"status\":\"active\",\"name\":7,\"period\":[],\"goal\":"
		"[7],\"activity\":[7],\"participant\":[7],\"telecom\":[7]",
		",\"status\":\"active\",\"performer\":{},\"provision\":[],"
		"\"category\":7,\"relationship\":{\"coding\":7}"};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		for (size_t k = 0; k < sizeof bodies / sizeof *bodies; k++) {
			char *text = mem_printf(
				"{\"resourceType\":\"%s\",\"id\":\"z1\"%s}",
				types[i], bodies[k]);

			assert_non_null(text);
			fix_take(f, text);
			assert_int_equal(fix_row(f, types[i])->left, 1);
			mem_free(text);
		}
	}
	fix_take(f, BUNDLE(GOAL("active")));
	fix_left(f, "Goal", FHIR_PATIENT_AWAY);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fix_set_up, fix_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_caregiver_comes_without_a_right_to_sign),
		T(a_consent_waits_for_who_may_sign),
		T(coverage_is_by_its_typology),
		T(nobody_becomes_staff),
		T(a_plan_s_actions_stand_under_its_goal),
		T(only_coordinators_of_a_team_are_kept),
		T(a_procedure_of_a_request_is_its_service),
		T(wrong_types_are_survived),
	};

	return cmocka_run_group_tests_name("fhir_people", tests, NULL, NULL);
}
