#include "tests/lib/check.h"

#include <dirent.h>
#include <sodium.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/exchange/hsds_item.h"
#include "regional/schema/schema.h"
#include "tests/lib/digest.h"
#include "tests/lib/scratch.h"

enum { SAID = 8000 };

struct fix {
	char *dir;
	struct db *db;
	struct catalogue *cat;
	struct clock_set clock;
	struct records rec;
	struct hsds_opts o;
	struct hsds_result res;
	char said[SAID]; /* "FILE:LINE COLUMN: MESSAGE (TIMES)\n" */
	char terms[SAID];
	char path[600], rules[600];
	int stop_after; /* so many steps; 0 never */
};

static void on_report(void *arg, const struct hsds_report *rep)
{
	struct fix *f = arg;
	size_t used = strlen(f->said);

	snprintf(f->said + used, SAID - used, "%s:%lld %s: %s (%lld)\n",
		 rep->file, (long long)rep->line, rep->column, rep->message,
		 (long long)rep->times);
}

static int on_progress(void *arg, int64_t done, int64_t of)
{
	struct fix *f = arg;

	return f->stop_after > 0 && --f->stop_after == 0;
}

static void open_db(struct fix *f, const char *name)
{
	static const unsigned char key[32] = {7};

	db_close(f->db);
	f->db = NULL;
	check_ok(db_open(&f->db, disk_system(), scratch_path(f->dir, name),
			 DB_CREATE));
	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	f->rec.db = f->db;
	f->rec.clock = &f->clock.base;
	f->rec.cat = f->cat;
	f->rec.words = catalogue_vocabulary(f->cat);
	snprintf(f->rec.who, sizeof f->rec.who, "cli:test");
	memcpy(f->rec.audit_key, key, sizeof key);
	f->rec.today = NO_DATE;
	f->o = (struct hsds_opts){.path = f->path,
				  .rules = f->rules,
				  .report = on_report,
				  .progress = on_progress,
				  .arg = f};
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	assert_true(sodium_init() >= 0);
	check_ok(date_zone("America/New_York"));
	f->dir = scratch_new();
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	clock_set_init(&f->clock,
		       date_noon_utc_ms(date_from_ymd(2026, 11, 24)));
	snprintf(f->rules, sizeof f->rules, "%s",
		 source_path("proto/hsds.conf"));
	open_db(f, "node.db");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	db_close(f->db);
	catalogue_free(f->cat);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

/* A file of the folder that is imported next. */
static void put(struct fix *f, const char *folder, const char *name,
		const char *text)
{
	snprintf(f->path, sizeof f->path, "%s", scratch_path(f->dir, folder));
	check_ok(disk_make_dir(disk_system(), f->path));
	check_ok(disk_write(disk_system(), scratch_path(f->path, name), text,
			    strlen(text), 0600));
}

static int run(struct fix *f)
{
	int x;

	f->said[0] = f->terms[0] = '\0';
	x = hsds_import(&f->rec, &f->o, &f->res);
	assert_string_equal(f->rec.who, "cli:test");
	return x;
}

static void said(struct fix *f, const char *part)
{
	if (!strstr(f->said, part))
		fail_msg("\"%s\" does not say \"%s\"", f->said, part);
}

static void counts(struct fix *f, enum hsds_kind kind, int taken, int updated,
		   int unchanged, int left)
{
	const struct hsds_count *is = &f->res.kind[kind];

	if (is->taken != taken || is->updated != updated ||
	    is->unchanged != unchanged || is->left != left)
		fail_msg("kind %d: %d taken, %d updated, %d unchanged, %d "
			 "left\n%s",
			 kind, (int)is->taken, (int)is->updated,
			 (int)is->unchanged, (int)is->left, f->said);
}

static int64_t number(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->db, &n, sql, NULL));
	return n;
}

static const char *text(struct fix *f, const char *sql)
{
	static char out[2000];

	check_ok(db_text(f->db, out, sizeof out, sql, NULL));
	return out;
}

static void put_3_0(struct fix *f)
{
	put(f, "d3", "organizations.csv",
	    "id,name,description,website\n"
	    "o1,Town Pantry,Food for all,pantry.example\n"
	    "o2,Elm Clinic,Elm Clinic,\n");
	put(f, "d3", "services.csv",
	    "id,organization_id,name,description,status,fees_description,fees,"
	    "application_process,eligibility_description,minimum_age,"
	    "maximum_age,assured_date\n"
	    "s1,o1,Box,A weekly box,active,Free,old,Call first,"
	    "Families in town,0,18,2026-10-01\n"
	    "s2,o2,Speech,Speech,inactive,,,,,2,120,\n");
	put(f, "d3", "phones.csv",
	    "id,location_id,service_id,organization_id,number,extension,type\n"
	    "p1,,,o1,860-555-0103,,voice\n"
	    "p2,,s1,,860-555-0104,12,\n"
	    "p3,,s2,,860-555-0105,,fax\n"
	    "p4,l1,,,860-555-0106,,voice\n");
	put(f, "d3", "locations.csv", "id,name\nl1,Main\n");
	put(f, "d3", "service_at_location.csv",
	    "id,service_id,location_id\nx1,s2,l1\n");
	put(f, "d3", "addresses.csv",
	    "id,location_id,city\na1,l1,New Britain\n");
	put(f, "d3", "service_areas.csv",
	    "id,service_id,name\nr1,s1,Hartford\nr2,s1,New Britain\n");
	put(f, "d3", "languages.csv",
	    "id,service_id,location_id,name,code\n"
	    "g1,s1,,Spanish,\ng2,s1,,,pt\ng3,s2,,Klingon,\n");
	put(f, "d3", "schedules.csv",
	    "id,service_id,location_id,freq,byday,opens_at,closes_at,"
	    "description\n"
	    "c1,s1,,WEEKLY,\"MO,TU,WE\",9:00,17:00:00,\n"
	    "c2,s1,,WEEKLY,SA,10:00,12:30,\n"
	    "c3,,l1,WEEKLY,FR,,,By appointment\n");
	put(f, "d3", "taxonomy_terms.csv",
	    "id,code,name,taxonomy,taxonomy_id\n"
	    "t1,,Food Pantries,211,v1\nt2,,Speech Impairments,211,v1\n"
	    "t3,,Food Donation Programs,211,v1\n");
	put(f, "d3", "attributes.csv",
	    "id,link_id,taxonomy_term_id,link_entity\n"
	    "b1,s1,t1,service\nb2,s2,t2,service\nb3,s2,t3,service\n");
}

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

/* --- the rules --- */

static const char *means(struct fix *f, struct hsds_rules *k, enum words list,
			 const char *term)
{
	static char out[HSDS_LIST];

	out[0] = '\0';
	hsds_rules_find(k, list, term, out);
	for (char *p = out; *p; p++)
		*p = *p == '\n' ? ' ' : *p;
	return out;
}

static void rules_find_what_a_term_means(void **state)
{
	static const struct {
		const char *term, *needs;
	} list[] = {
		{"Food Pantries", "food "},
		{"FOOD", "food "},
		{"Seafood", ""},
		{"Mental Health Issues", "behavioral "},
		{"Health Issues", "medical "},
		{"Food Donation Programs", ""},
		{"Tenant Rights Information/Counseling", "housing "},
		{"Help Pay for Childcare", "education "},
		{"Veterans", ""},
		{"", ""},
	};
	struct hsds_rules *k = NULL;
	struct fix *f = *state;

	check_ok(hsds_rules_load(&k, f->rec.words, f->rules));
	for (size_t i = 0; i < sizeof list / sizeof *list; i++)
		assert_string_equal(means(f, k, WORDS_NEED, list[i].term),
				    list[i].needs);
	assert_string_equal(means(f, k, WORDS_LANGUAGE, "Espa\xc3\xb1ol"),
			    "spanish ");
	assert_string_equal(means(f, k, WORDS_LANGUAGE, "Food"), "");
	hsds_rules_free(k);
}

static void on_term(void *arg, const char *name, const char *needs,
		    int64_t services)
{
	struct fix *f = arg;
	size_t used = strlen(f->terms);

	snprintf(f->terms + used, SAID - used, "%s=%s%lld;", name, needs,
		 (long long)services);
}

static void terms_are_listed_with_their_needs(void **state)
{
	struct fix *f = *state;

	put_3_0(f);
	f->o.term = on_term;
	check_ok(run(f));
	assert_string_equal(f->terms,
			    "Food Donation Programs=1;Food Pantries=food1;"
			    "Speech Impairments=developmental1;");
}

/* --- there and back --- */

static void read_whole(const char *dir, const char *name, char out[SAID])
{
	char *bytes = NULL;
	size_t len;

	check_ok(disk_read(disk_system(), scratch_path(dir, name), SAID - 1,
			   &bytes, &len));
	memcpy(out, bytes, len + 1);
	mem_free(bytes);
}

static void what_is_written_comes_back_the_same(void **state)
{
	static const char *const names[] = {
		"organizations.csv", "services.csv",	   "phones.csv",
		"languages.csv",     "service_areas.csv",  "metadata.csv",
		"taxonomies.csv",    "taxonomy_terms.csv", "attributes.csv",
	};
	static const char all[] =
		"SELECT group_concat(x, ';') FROM (SELECT s.name || ifnull("
		"o.name, '') || ifnull(o.sector, '') || ifnull(o.note, '') ||"
		" ifnull(s.note, '') || ifnull(s.eligibility, '') ||"
		" ifnull(s.age_from, '') || ifnull(s.age_to, '') ||"
		" ifnull(s.verified, '') || ifnull(s.verified_by, '') ||"
		" s.active || ifnull(s.phone, '') || ifnull((SELECT"
		" group_concat(need) FROM service_need WHERE service = s.id),"
		" '') || ifnull((SELECT group_concat(place) FROM service_place"
		" WHERE service = s.id), '') AS x FROM service s LEFT JOIN"
		" organization o ON o.id = s.organization ORDER BY s.name)";
	struct organization by_hand = {.name = "By, \"hand\"", .active = true};
	struct directory_org more;
	struct hsds_written w;
	char there[2000], a[SAID], b[SAID], one[600], two[600];
	struct fix *f = *state;
	int64_t id;

	put_3_0(f);
	check_ok(run(f));
	check_ok(organization_add(&f->rec, &by_hand, &id));
	check_ok(directory_org_get(f->db, id, &more));
	snprintf(more.sector, sizeof more.sector, "faith");
	check_ok(directory_org_update(&f->rec, &more));
	check_ok(service_add(&f->rec,
			     &(struct service){.organization = id,
					       .name = "=1+1",
					       .active = true},
			     &id));
	check_ok(directory_verify(&f->rec, id, date_from_ymd(2026, 1, 2),
				  "Kim, Doe"));
	snprintf(there, sizeof there, "%s", text(f, all));
	snprintf(one, sizeof one, "%s", scratch_path(f->dir, "one"));
	snprintf(two, sizeof two, "%s", scratch_path(f->dir, "two"));
	check_ok(hsds_export(&f->rec, disk_system(), one, &w));
	assert_int_equal(w.organizations, 3);
	assert_int_equal(w.services, 3);
	/* Here it changes nothing. */
	snprintf(f->path, sizeof f->path, "%s", one);
	check_ok(run(f));
	assert_int_equal(f->res.kind[HSDS_OF_SERVICE].taken, 0);
	assert_string_equal(text(f, all), there);
	/* At another node it is the same, and written from there as well. */
	open_db(f, "other.db");
	f->rec.audit_key[0] ^= 1;
	check_ok(run(f));
	assert_string_equal(f->said, "");
	assert_string_equal(text(f, all), there);
	check_ok(hsds_export(&f->rec, disk_system(), two, &w));
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		read_whole(one, names[i], a);
		read_whole(two, names[i], b);
		assert_string_equal(a, b);
	}
	assert_non_null(strstr(a, ",service,"));
}

static void inactive_organizations_stay_at_home(void **state)
{
	struct organization o;
	struct hsds_written w;
	struct fix *f = *state;

	put_3_0(f);
	check_ok(run(f));
	check_ok(organization_get(f->db, 1, &o));
	o.active = false;
	check_ok(organization_update(&f->rec, &o));
	check_ok(hsds_export(&f->rec, disk_system(),
			     scratch_path(f->dir, "out"), &w));
	assert_int_equal(w.organizations, 1);
	assert_int_equal(w.services, 1);
	assert_int_equal(w.inactive, 1);
}

/* --- real ones --- */

static void real_directories_go_in_and_again(void **state)
{
	static const struct {
		const char *folder;
		int organizations, services;
	} list[] = {
		{"hsds/san-francisco-211-hsds-3.0", 804, 824},
		{"hsds/illinois-legal-aid-hsds-1.1", 33, 429},
		{"hsds/illinois-legal-aid-hsds-2.0", 33, 429},
		{"hsds/sample-1.1-datapackage", 10, 13},
		{"hsds/ohana-sample-csv", 8, 23},
		{"hsds/spec-3.0/examples/csv", 1, 1},
	};
	struct fix *f = *state;
	char name[20];

	if (!data_path("hsds"))
		skip();
	for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
		const struct hsds_count *o = &f->res.kind[HSDS_OF_ORGANIZATION];
		const struct hsds_count *s = &f->res.kind[HSDS_OF_SERVICE];

		snprintf(name, sizeof name, "real%d.db", (int)i);
		open_db(f, name);
		snprintf(f->path, sizeof f->path, "%s",
			 data_path(list[i].folder));
		check_ok(run(f));
		assert_int_equal(o->taken, list[i].organizations);
		assert_int_equal(s->taken + s->updated, list[i].services);
		/* A last row of nothing but commas. */
		assert_int_equal(o->left + s->left, i == 1);
		check_ok(run(f));
		assert_int_equal(o->unchanged, list[i].organizations);
		assert_int_equal(s->unchanged, list[i].services);
	}
}

/* Whatever the file or folder: it comes in or is told. */
static int survive(struct fix *f, const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	char below[1000];
	int n = 1, x;

	snprintf(f->path, sizeof f->path, "%s", path);
	x = run(f);
	if (x != 0 && x != E_FORMAT)
		fail_msg("%s: %s", path, err_text(x));
	while (dir && (e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(below, sizeof below, "%s/%s", path, e->d_name);
		n += survive(f, below);
	}
	if (dir)
		closedir(dir);
	return n;
}

static void bad_files_are_survived(void **state)
{
	struct fix *f = *state;

	if (!data_path("bad-input"))
		skip();
	assert_true(survive(f, data_path("bad-input")) > 400);
}

static void import_survives_oom(void **state)
{
	struct fix *f = *state;

	put_3_0(f);
	put(f, "d3", "x.json", full);
	f->o.dry_run = true;
	SWEEP
	{
		int x = run(f);

		/* Keeping a statement is no more than an aid to speed. */
		if (x == 0 && mem_fault_off())
			continue;
		SWEEP_END(x);
	}
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(tables_become_a_directory),
		T(same_again_changes_nothing),
		T(dry_run_and_stop_leave_what_they_should),
		T(older_version_is_read_too),
		T(json_is_read_with_what_is_inside),
		T(faults_are_told_once_with_their_line),
		T(nothing_of_hsds_is_an_error),
		T(rules_find_what_a_term_means),
		T(terms_are_listed_with_their_needs),
		T(what_is_written_comes_back_the_same),
		T(inactive_organizations_stay_at_home),
		T(real_directories_go_in_and_again),
		T(bad_files_are_survived),
		T(import_survives_oom),
	};

	return cmocka_run_group_tests_name("hsds", tests, NULL, NULL);
}
