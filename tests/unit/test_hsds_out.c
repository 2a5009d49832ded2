#include "tests/unit/hsds_fix.h"

#include <dirent.h>

#include "regional/case/directory.h"
#include "regional/case/organization.h"

/* The rules of needs, what is written, and real directories. */

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
	put(f, "d3", "x.json",
	    "{\"organizations\":[{\"id\":\"o9\",\"name\":\"N\",\"services\":"
	    "[{\"id\":\"s9\",\"name\":\"S\",\"phones\":[{\"number\":\"1\"}]}]}]"
	    "}");
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(rules_find_what_a_term_means),
		T(terms_are_listed_with_their_needs),
		T(what_is_written_comes_back_the_same),
		T(inactive_organizations_stay_at_home),
		T(real_directories_go_in_and_again),
		T(bad_files_are_survived),
		T(import_survives_oom),
	};

	return cmocka_run_group_tests_name("hsds_out", tests, NULL, NULL);
}
