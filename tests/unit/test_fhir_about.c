#include "tests/unit/fhir_fix.h"

#include "daemon/core/rand.h"
#include "regional/case/attachment.h"
#include "regional/case/seal.h"

/* What comes with a Patient and a Consent beside the plain facts. */

#define CORE "\"url\":\"http://hl7.org/fhir/us/core/StructureDefinition/"
#define OMB(code)                                               \
	"{\"url\":\"ombCategory\",\"valueCoding\":{\"system\":" \
	"\"urn:oid:2.16.840.1.113883.6.238\",\"code\":\"" code "\"}}"
#define RACE(codes) "{" CORE "us-core-race\",\"extension\":[" codes "]}"
#define ETHNICITY(codes) \
	"{" CORE "us-core-ethnicity\",\"extension\":[" codes "]}"

static void take_patient(struct fix *f, const char *rest)
{
	char *text = mem_printf(
		"{\"resourceType\":\"Patient\",\"id\":\"p1\",\"name\":[{"
		"\"family\":\"Reed\",\"given\":[\"Ana\"]}],\"birthDate\":"
		"\"2018-03-02\"%s}",
		rest);

	assert_non_null(text);
	fix_take(f, text);
	mem_free(text);
}

static void origin_is_by_the_omb_categories(void **state)
{
	struct fix *f = *state;

	take_patient(
		f,
		",\"extension\":[" RACE(OMB("2054-5") "," OMB("1002-5") "," OMB(
			"2054-5") ","
				  "{\"url\":\"detailed\",\"valueCoding\":{"
				  "\"code\":"
				  "\"1586-7\"}},{\"url\":\"text\","
				  "\"valueString\":\"x\"}") "," ETHNICITY(OMB("2135-2")) "]");
	assert_int_equal(fix_row(f, "Patient")->taken, 1);
	assert_string_equal(fix_text(f, "SELECT ethnicity || (SELECT"
					" group_concat(race) FROM (SELECT race"
					" FROM child_race ORDER BY race))"
					" FROM child"),
			    "hispanicamerican-indian,black");
	take_patient(f,
		     ",\"extension\":[" RACE(OMB("UNK") "," OMB("2106-3")) "]");
	assert_int_equal(fix_row(f, "Patient")->updated, 1);
	assert_string_equal(fix_text(f, "SELECT ethnicity || (SELECT"
					" group_concat(race) FROM child_race)"
					" FROM child"),
			    "hispanicwhite");
	/* Without it, what is here stays. */
	take_patient(f, ",\"extension\":[{\"url\":7}," RACE("7") "]");
	assert_string_equal(fix_text(f, "SELECT race FROM child_race"),
			    "white");
}

#define SPEAKS(code, rest)                                            \
	"{\"language\":{\"coding\":[{\"system\":\"urn:ietf:bcp:47\"," \
	"\"code\":\"" code "\"}]}" rest "}"

static void language_is_the_preferred_one(void **state)
{
	struct fix *f = *state;

	take_patient(
		f,
		",\"communication\":[" SPEAKS("en", "") "," SPEAKS(
			"es-MX",
			",\"preferred\":true") "],"
					       "\"extension\":[{\"url\":\"http:"
					       "//hl7.org/fhir/"
					       "StructureDefinition/"
					       "patient-interpreterRequired\","
					       "\"valueBoolean\":true}]");
	assert_string_equal(fix_text(f, "SELECT language || interpreter"
					" FROM family"),
			    "spanish1");
	/* What stands there is not changed. */
	take_patient(f, ",\"communication\":[" SPEAKS("pl", "") "]");
	assert_string_equal(fix_text(f, "SELECT language FROM family"),
			    "spanish");
	fix_again(f, "other.db");
	take_patient(
		f,
		",\"communication\":[" SPEAKS(
			"tlh",
			"") "],"
			    "\"extension\":[{" CORE
			    "us-core-interpreter-needed\",\"valueCoding\":"
			    "{\"system\":\"http://snomed.info/sct\",\"code\":"
			    "\"373066001\"}}]");
	assert_string_equal(fix_text(f, "SELECT language || interpreter"
					" FROM family"),
			    "other1");
}

#define CONTACTS                                                           \
	",\"telecom\":[{\"system\":\"phone\",\"value\":\"860-555-0110\"}]" \
	",\"contact\":[{\"relationship\":[{\"coding\":[{\"system\":"       \
	"\"http://terminology.hl7.org/CodeSystem/v2-0131\",\"code\":"      \
	"\"N\"}]},{\"coding\":[{\"system\":\"http://terminology.hl7.org/"  \
	"CodeSystem/v3-RoleCode\",\"code\":\"GRMTH\"}]}],\"name\":{"       \
	"\"family\":\"Lake\",\"given\":[\"Ida\"]},\"telecom\":[{"          \
	"\"system\":\"email\",\"value\":\"ida@example.org\"}]},{"          \
	"\"relationship\":[{\"coding\":[{\"system\":\"http://"             \
	"terminology.hl7.org/CodeSystem/v2-0131\",\"code\":\"E\"}]}],"     \
	"\"name\":{\"family\":\"Boss\"}},{\"telecom\":[]},{\"name\":7}]"

static void contacts_are_caregivers_nobody_signs_by(void **state)
{
	struct fix *f = *state;
	char before[DIGEST_TEXT], after[DIGEST_TEXT];

	take_patient(f, CONTACTS);
	assert_string_equal(fix_text(f, "SELECT given || surname || relation ||"
					" ifnull(authority, '-') FROM caregiver"
					" g JOIN custody c"
					" ON c.caregiver = g.id"),
			    "IdaLakegrandparent-");
	assert_string_equal(fix_text(f, "SELECT group_concat(way || value ||"
					" safe || message || preferred ||"
					" ifnull(child, '')) FROM (SELECT *"
					" FROM reach ORDER BY way)"),
			    "emailida@example.org000,phone860-555-01100001");
	digest_of(f->db, before);
	take_patient(f, CONTACTS);
	assert_int_equal(fix_row(f, "Patient")->unchanged, 1);
	/* Somebody with the same contact, and one more number. */
	take_patient(f, CONTACTS ",\"active\":true");
	digest_of(f->db, after);
	assert_string_equal(before, after);
}

/* --- scans --- */

static void can_sign(struct fix *f)
{
	fix_take(f, "{\"resourceType\":\"Bundle\",\"type\":\"collection\","
		    "\"entry\":[{\"resource\":{\"resourceType\":\"Patient\","
		    "\"id\":\"p1\",\"name\":[{\"family\":\"Reed\"}],"
		    "\"birthDate\":\"2018-03-02\"}},{\"resource\":{"
		    "\"resourceType\":\"RelatedPerson\",\"id\":\"r1\","
		    "\"patient\":{\"reference\":\"Patient/p1\"},\"name\":[{"
		    "\"family\":\"Reed\",\"given\":[\"Eve\"]}]}}]}");
	check_ok(db_script(f->db, "UPDATE custody SET authority = 'parent'"));
}

static void can_seal(struct fix *f)
{
	f->rec.rng = rand_system();
	check_ok(seal_load(&f->rec, disk_system(),
			   scratch_path(f->dir, "record.key")));
}

/* A consent with @id and the members @source. */
static void take_consent(struct fix *f, const char *id, const char *source)
{
	char *text = mem_printf(
		"{\"resourceType\":\"Consent\",\"id\":\"%s\",\"status\":"
		"\"active\",\"patient\":{\"reference\":\"Patient/p1\"},"
		"\"category\":[{\"coding\":[{\"system\":\"urn:ccfed:scope\","
		"\"code\":\"refer\"}]}],\"dateTime\":\"2026-03-01\","
		"\"performer\":[{\"reference\":\"RelatedPerson/r1\"}],%s}",
		id, source);

	assert_non_null(text);
	fix_take(f, text);
	mem_free(text);
}

#define DATA(base64)                                                 \
	"\"sourceAttachment\":{\"contentType\":\"application/pdf\"," \
	"\"data\":\"" base64 "\"}"
#define PDF "JVBERi0xLjUKdGVz\\nCg==" /* "%PDF-1.5\ntes\n" */

static void scan_is_kept_sealed(void **state)
{
	struct fix *f = *state;
	unsigned char *data = NULL;
	size_t len;

	can_sign(f);
	can_seal(f);
	take_consent(f, "k1", DATA(PDF));
	assert_int_equal(fix_row(f, "Consent")->taken, 1);
	assert_int_equal(f->res.noted, 0);
	assert_string_equal(fix_text(f, "SELECT a.document || a.type || a.size"
					" FROM consent c JOIN attachment a"
					" ON a.id = c.attachment"),
			    "consentpdf13");
	check_ok(attachment_read(&f->rec, 1, &data, &len));
	assert_int_equal(len, 13);
	assert_memory_equal(data, "%PDF-1.5\ntes\n", 13);
	mem_free(data);
	take_consent(f, "k1", DATA(PDF));
	assert_int_equal(fix_row(f, "Consent")->unchanged, 1);
	/* Another scan of the same paper: the first one stays. */
	take_consent(f, "k1", DATA("JVBERi0x"));
	assert_int_equal(fix_row(f, "Consent")->updated, 1);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM attachment"), 1);
}

static void what_is_no_scan_is_told_and_the_consent_taken(void **state)
{
	static const struct {
		const char *source;
		enum fhir_reason why;
	} list[] = {
		{DATA("R0lGODlhAQABAAA="), FHIR_SCAN_TYPE},
		{DATA("JVBERi0x==="), FHIR_SCAN_BAD},
		{DATA(""), FHIR_SCAN_TYPE},
		{"\"sourceAttachment\":{\"url\":\"http://x/y.pdf\"}",
		 FHIR_SCAN_AWAY},
		{"\"sourceReference\":{\"reference\":\"DocumentReference/1\"}",
		 FHIR_SCAN_AWAY},
		{"\"sourceAttachment\":7", FHIR_OK},
	};
	struct fix *f = *state;
	char id[8];

	can_sign(f);
	can_seal(f);
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		snprintf(id, sizeof id, "k%d", (int)i);
		take_consent(f, id, list[i].source);
		assert_int_equal(fix_row(f, "Consent")->taken, 1);
		assert_int_equal(f->res.noted, list[i].why != FHIR_OK);
		assert_int_equal(f->reports, list[i].why != FHIR_OK);
		if (f->reports > 0)
			assert_int_equal(f->why[0], list[i].why);
	}
	assert_int_equal(fix_int(f, "SELECT count(*) FROM attachment"), 0);
}

static void scan_over_the_limit_is_told(void **state)
{
	size_t over = ATTACHMENT_MAX / 3 * 4 + 400;
	struct fix *f = *state;
	char *source = mem_alloc(over + 100);
	size_t used;

	can_sign(f);
	can_seal(f);
	assert_non_null(source);
	used = (size_t)snprintf(source, 100,
				"\"sourceAttachment\":{\"data\":\"");
	memset(source + used, 'A', over);
	memcpy(source + used + over, "\"}", 3);
	take_consent(f, "k1", source);
	assert_int_equal(f->why[0], FHIR_SCAN_BIG);
	mem_free(source);
}

static void without_the_record_key_no_scan_is_kept(void **state)
{
	struct fix *f = *state;

	can_sign(f);
	take_consent(f, "k1", DATA(PDF));
	assert_int_equal(fix_row(f, "Consent")->taken, 1);
	assert_int_equal(f->why[0], FHIR_SCAN_UNSEALED);
}

/* The consent of the Gravity project, with its PDF of 98 KB. */
static void gravity_scan_comes_in(void **state)
{
	const char *folder = data_path("fhir/gravity-sdoh-2.3.0-examples");
	struct fix *f = *state;

	if (!folder)
		skip();
	can_seal(f);
	f->o.as_of = date_from_ymd(2005, 1, 1);
	fix_import(f, folder);
	assert_int_equal(fix_int(f, "SELECT count(*) FROM child"), 1);
	assert_string_equal(fix_text(f, "SELECT ethnicity FROM child"),
			    "hispanic");
	assert_int_equal(fix_int(f, "SELECT count(*) FROM child_race"), 3);
}

#define T(name) cmocka_unit_test_setup_teardown(name, fix_set_up, fix_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(origin_is_by_the_omb_categories),
		T(language_is_the_preferred_one),
		T(contacts_are_caregivers_nobody_signs_by),
		T(scan_is_kept_sealed),
		T(what_is_no_scan_is_told_and_the_consent_taken),
		T(scan_over_the_limit_is_told),
		T(without_the_record_key_no_scan_is_kept),
		T(gravity_scan_comes_in),
	};

	return cmocka_run_group_tests_name("fhir_about", tests, NULL, NULL);
}
