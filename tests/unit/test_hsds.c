#include "tests/unit/hsds_fix.h"

#include "regional/case/directory.h"
#include "regional/case/field.h"

static void tables_become_a_directory(void **state)
{
	struct fix *f = *state;

	put_3_0(f);
	check_ok(run(f));
	counts(f, HSDS_OF_ORGANIZATION, 2, 0, 0, 0);
	counts(f, HSDS_OF_SERVICE, 2, 0, 0, 0);
	assert_int_equal(f->res.wrong, 1);
	said(f, "services.csv:3 language: a language that no rule knows");
	assert_string_equal(text(f, "SELECT name || web || phone || note"
				    " FROM organization WHERE id = 1"),
			    "Town Pantrypantry.example860-555-0103Food for "
			    "all");
	assert_int_equal(number(f, "SELECT note IS NULL FROM organization"
				   " WHERE id = 2"),
			 1);
	assert_string_equal(
		text(f, "SELECT organization || active || phone || eligibility"
			" || age_from || age_to || verified || verified_by"
			" FROM service WHERE name = 'Box'"),
		"11860-555-0104 x12Families in town0182026-10-01directory");
	assert_string_equal(text(f, "SELECT note FROM service WHERE id = 1"),
			    "A weekly box | Hours: Mon-Wed 09:00-17:00; Sat "
			    "10:00-12:30 | How to apply: Call first | Fees: "
			    "Free");
	assert_string_equal(text(f, "SELECT active || phone || age_from ||"
				    " ifnull(age_to, '-') || note FROM service"
				    " WHERE id = 2"),
			    "0860-555-01062-Hours: By appointment");
	assert_string_equal(text(f, "SELECT group_concat(service || need)"
				    " FROM service_need"),
			    "2developmental,1food");
	assert_string_equal(text(f, "SELECT group_concat(language)"
				    " FROM service_language"),
			    "portuguese,spanish");
	assert_string_equal(text(f, "SELECT group_concat(service || place)"
				    " FROM service_place"),
			    "1Hartford,1New Britain,2New Britain");
}

static void same_again_changes_nothing(void **state)
{
	char before[DIGEST_TEXT], after[DIGEST_TEXT];
	struct fix *f = *state;
	int64_t audit;

	put_3_0(f);
	check_ok(run(f));
	check_ok(directory_need(&f->rec, 1, "medical", true));
	audit = number(f, "SELECT count(*) FROM audit");
	digest_of(f->db, before);
	check_ok(run(f));
	counts(f, HSDS_OF_ORGANIZATION, 0, 0, 2, 0);
	counts(f, HSDS_OF_SERVICE, 0, 0, 2, 0);
	digest_of(f->db, after);
	assert_string_equal(before, after);
	assert_int_equal(number(f, "SELECT count(*) FROM audit"), audit);
	/* What is gone there stays, and what a person said. */
	put(f, "d3", "services.csv",
	    "id,organization_id,name\ns1,o1,Big box\n");
	check_ok(run(f));
	counts(f, HSDS_OF_SERVICE, 0, 1, 0, 0);
	assert_string_equal(text(f, "SELECT name || eligibility FROM service"
				    " WHERE id = 1"),
			    "Big boxFamilies in town");
	assert_int_equal(number(f, "SELECT count(*) FROM service_need"
				   " WHERE service = 1"),
			 2);
	assert_int_equal(f->res.gone, 0); /* the other one is inactive */
}

static void dry_run_and_stop_leave_what_they_should(void **state)
{
	struct hsds_result dry;
	struct fix *f = *state;

	put_3_0(f);
	f->o.dry_run = true;
	check_ok(run(f));
	dry = f->res;
	said(f, "a language that no rule knows");
	assert_int_equal(number(f, "SELECT count(*) FROM organization"), 0);
	f->o.dry_run = false;
	f->o.batch = 1;
	f->stop_after = 2;
	assert_int_equal(run(f), HSDS_STOPPED);
	assert_int_equal(number(f, "SELECT count(*) FROM organization"), 2);
	assert_int_equal(number(f, "SELECT count(*) FROM service"), 0);
	check_ok(run(f));
	counts(f, HSDS_OF_ORGANIZATION, 0, 0, 2, 0);
	assert_int_equal(f->res.kind[HSDS_OF_SERVICE].taken,
			 dry.kind[HSDS_OF_SERVICE].taken);
}

/* HSDS 1.1: other names of tables and columns, a row for each weekday. */
static void older_version_is_read_too(void **state)
{
	struct fix *f = *state;

	put(f, "d1", "organizations.csv",
	    "id,name,description,url\no1,Town Pantry,x,pantry.example\n");
	put(f, "d1", "services.csv",
	    "id,organization_id,name,fees,taxonomy_ids\n"
	    "s1,o1,Box,Free,\"t1, t2\"\n");
	put(f, "d1", "services_at_location.csv",
	    "id,service_id,location_id\nx,s1,l1\n");
	put(f, "d1", "locations.csv", "id,organization_id,name\nl1,o1,Main\n");
	put(f, "d1", "physical_addresses.csv",
	    "id,location_id,city\na,l1,Hartford\n");
	put(f, "d1", "regular_schedules.csv",
	    "id,service_id,location_id,weekday,opens_at,closes_at\n"
	    ",,l1,Monday,9:00 AM,5:00 PM\n,,l1,Tuesday,9:00,17:00\n"
	    ",,l1,Sunday,,\n,,l1,7,13:00,14:00\n");
	put(f, "d1", "taxonomy.csv",
	    "id,name,parent_id\nt1,Food Pantry,\nt2,Bus Passes,\n");
	put(f, "d1", "eligibility.csv",
	    "id,service_id,eligibility\ne,s1,adults\ne2,s1,residents\n");
	put(f, "d1", "languages.csv",
	    "id,service_id,location_id,language\ng,,l1,\"Spanish, Polish\"\n");
	check_ok(run(f));
	assert_string_equal(f->said, "");
	assert_string_equal(
		text(f, "SELECT o.web || s.note || s.eligibility FROM service s"
			" JOIN organization o ON o.id = s.organization"),
		"pantry.exampleHours: Mon-Tue 09:00-17:00; Sun 13:00-14:00 | "
		"Fees: Freeadults; residents");
	assert_string_equal(text(f, "SELECT (SELECT group_concat(need) FROM"
				    " service_need) || (SELECT"
				    " group_concat(language) FROM"
				    " service_language) || (SELECT place FROM"
				    " service_place)"),
			    "food,transportationpolish,spanishHartford");
}

static const char full[] =
	"{\"id\":\"o1\",\"name\":\"Town Pantry\",\"website\":\"p.example\","
	"\"services\":[{\"id\":\"s1\",\"name\":\"Box\",\"status\":\"active\","
	"\"minimum_age\":0,\"maximum_age\":18.0,"
	"\"attributes\":[{\"id\":\"b\",\"taxonomy_term\":{\"id\":\"t\","
	"\"name\":\"Soup Kitchens\"}}],"
	"\"phones\":[{\"id\":\"p\",\"number\":\"860-555-0107\","
	"\"languages\":[{\"id\":\"g\",\"name\":\"Polish\"}]}],"
	"\"languages\":[{\"id\":\"g2\",\"code\":\"es\"}],"
	"\"service_at_locations\":[{\"location\":{\"id\":\"l\","
	"\"addresses\":[{\"id\":\"a\",\"city\":\"Hartford\"}]},"
	"\"schedules\":[{\"id\":\"c\",\"byday\":\"TH,FR\","
	"\"opens_at\":\"08:00\",\"closes_at\":\"09:30\"}]}]}]}";

static void json_is_read_with_what_is_inside(void **state)
{
	struct fix *f = *state;
	char page[2000];

	put(f, "j", "x.json", full);
	check_ok(run(f));
	assert_string_equal(f->said, "");
	counts(f, HSDS_OF_ORGANIZATION, 1, 0, 0, 0);
	counts(f, HSDS_OF_SERVICE, 1, 0, 0, 0);
	assert_string_equal(
		text(f, "SELECT o.web || s.name || s.phone || s.note ||"
			" s.age_from || s.age_to || n.need || l.language ||"
			" p.place FROM organization o, service s,"
			" service_need n, service_language l, service_place p"),
		"p.exampleBox860-555-0107Hours: Thu-Fri "
		"08:00-09:30018foodspanishHartford");
	/* The same, as a page of services that have their organization. */
	snprintf(page, sizeof page,
		 "{\"contents\":[{\"id\":\"s1\",\"name\":\"Box\","
		 "\"organization\":{\"id\":\"o1\",\"name\":\"Town Pantry\","
		 "\"website\":\"p.example\"},\"application_process\":"
		 "\"Call\"}]}");
	put(f, "j2", "x.json", page);
	check_ok(run(f));
	counts(f, HSDS_OF_ORGANIZATION, 0, 0, 1, 0);
	counts(f, HSDS_OF_SERVICE, 0, 1, 0, 0);
	put(f, "j3", "x.json",
	    "{\"organizations\":[{\"id\":\"o2\",\"name\":\"Elm\"}],"
	    "\"services\":[{\"id\":\"s2\",\"organization_id\":\"o2\","
	    "\"name\":\"Line\"},3]}");
	check_ok(run(f));
	said(f, "x.json:2 : an object is wanted");
	assert_int_equal(number(f, "SELECT organization FROM service"
				   " WHERE name = 'Line'"),
			 2);
	/* A file for each table. */
	put(f, "j4", "services.json", "[{\"id\":\"s3\",\"name\":\"Chat\"}]");
	put(f, "j4", "phones.json",
	    "[{\"service_id\":\"s3\",\"number\":\"860-555-0108\"}]");
	put(f, "j4", "contacts.json", "[{\"id\":\"c\"}]");
	check_ok(run(f));
	assert_string_equal(text(f, "SELECT phone FROM service"
				    " WHERE name = 'Chat'"),
			    "860-555-0108");
}

static void faults_are_told_once_with_their_line(void **state)
{
	struct fix *f = *state;

	put(f, "w", "organizations.csv",
	    "id,name,description\no1,Town Pantry,x\n,No id,x\no1,Twice,x\n"
	    "o3,,x\no4,a\xff,x\no5,short\n");
	put(f, "w", "services.csv",
	    "id,organization_id,name,minimum_age,maximum_age,assured_date\n"
	    "s1,o9,Lost,,,\ns2,o9,Lost too,,,\ns3,,Nobody's,,,\n"
	    "s4,o1,Old age,65,,\ns5,o1,Turned,9,4,\ns6,o1,Odd,x,,2031-01-01\n"
	    "s7,o1,TURNED,,,\ns8,o1,\x1b[31m,,,\n");
	put(f, "w", "phones.csv",
	    "id,service_id,number\np,s9,1\np2,,2\np3,s1,\n");
	put(f, "w", "contacts.csv", "id,name\nc,Ann Person\n");
	put(f, "w", "notes.csv", "id\n1\n");
	put(f, "w", "broken.json", "{\"a\":");
	put(f, "w", "locations.csv", "id,name\nl,\"a\"b\n");
	check_ok(run(f));
	said(f,
	     "organizations.csv:3 id: the id is missing; it was left out (1");
	said(f, "organizations.csv:4 id: the id was there before");
	said(f, "organizations.csv:5 name: the organization has no name");
	said(f, "organizations.csv:6 : a text is not UTF-8");
	said(f, "organizations.csv:7 : the row has more or fewer fields");
	said(f, "services.csv:2 organization_id: names an organization that is "
		"not in it; the service was taken without one (2)");
	said(f, "services.csv:4 : no organization is named");
	said(f, "services.csv:5 minimum_age: the service is for people over");
	said(f, "services.csv:6 maximum_age: the oldest age is under");
	said(f, "services.csv:7 minimum_age: it is no age in years");
	said(f, "services.csv:7 assured_date: it is no day until today");
	said(f, "services:0 name: an organization has a service of that name");
	said(f, "phones.csv:2 service_id: names a service that is not in it");
	said(f, "phones.csv:3 : it is of no service, location or org");
	said(f, "phones.csv:4 : there is no number");
	said(f, "notes.csv:0 : no table of HSDS is called so");
	said(f, "broken.json:0 : it is not JSON, at line 1");
	said(f, "locations.csv:0 : line 2: quotes stand where none may be");
	assert_null(strstr(f->said, "contacts"));
	assert_null(strchr(f->said, '\x1b'));
	counts(f, HSDS_OF_ORGANIZATION, 1, 0, 0, 4);
	counts(f, HSDS_OF_SERVICE, 5, 1, 0, 2);
	assert_int_equal(number(f, "SELECT count(*) FROM service"
				   " WHERE organization IS NULL"),
			 3);
}

/* However little is left of the note for what comes after the description. */
static void long_texts_are_cut_between_characters(void **state)
{
	struct fix *f = *state;
	char rows[1400], long_text[1100];
	const char *note;

	for (int len = HSDS_TEXT - 12; len < HSDS_TEXT + 4; len++) {
		for (int i = 0; i + 1 < len; i += 2)
			memcpy(long_text + i, "\xc3\xa9", 2);
		long_text[len - len % 2] = '\0';
		snprintf(rows, sizeof rows,
			 "id,name,description,url,status\n"
			 "s,Box,%s%s,pantry.example,active\n",
			 len % 2 ? "x" : "", long_text);
		put(f, "long", "services.csv", rows);
		check_ok(run(f));
		said(f, "description: it is too long; its end was cut");
		note = text(f, "SELECT note FROM service");
		assert_true(strlen(note) < HSDS_TEXT);
		assert_true(
			field_utf8((const unsigned char *)note, strlen(note)));
	}
	put(f, "long", "services.csv", "id,name\ns2,Line\n");
	snprintf(rows, sizeof rows,
		 "id,service_id,description,byday,opens_at,closes_at\n"
		 "c,s2,%s,,,\nc2,s2,,MO,\xc3\xa0 midi,noon\n"
		 "c3,s2,,TU,-5:30,-5:70\n",
		 long_text);
	put(f, "long", "schedules.csv", rows);
	check_ok(run(f));
	said(f, "schedules.csv:2 description: the hours are too long");
	assert_string_equal(text(f, "SELECT note FROM service"
				    " WHERE name = 'Line'"),
			    "Hours: Mon -noon; Tue -5:30--5:70");
}

static void nothing_of_hsds_is_an_error(void **state)
{
	struct fix *f = *state;

	put(f, "n", "organizations.csv", "");
	assert_int_equal(run(f), E_FORMAT);
	check_says("has no organizations and services of HSDS");
	snprintf(f->path, sizeof f->path, "/none");
	assert_int_equal(run(f), E_NOTFOUND);
	put(f, "n", "rules.conf", "[need foood]\nwords = x\n");
	snprintf(f->rules, sizeof f->rules, "%s",
		 scratch_path(f->path, "rules.conf"));
	assert_int_equal(run(f), E_INVALID);
	check_says("rules.conf:2: [need foood] is none of");
	f->o.source = "a b";
	assert_int_equal(run(f), E_INVALID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(tables_become_a_directory),
		T(same_again_changes_nothing),
		T(dry_run_and_stop_leave_what_they_should),
		T(older_version_is_read_too),
		T(json_is_read_with_what_is_inside),
		T(faults_are_told_once_with_their_line),
		T(long_texts_are_cut_between_characters),
		T(nothing_of_hsds_is_an_error),
	};

	return cmocka_run_group_tests_name("hsds", tests, NULL, NULL);
}
