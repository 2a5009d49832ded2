#include "tests/unit/case_world.h"

#include "regional/case/contact.h"
#include "regional/case/directory.h"

/* A node's database of the version before: its steps, and where ours is. */
struct fix {
	char *dir;
	struct db *db;
	int before;
};

/* A child, a case, a need and a service, as that version wrote them. */
static const char old[] = "INSERT INTO child (id, given, birth, sex)"
			  " VALUES (1, 'Pebble', '2020-01-01', 'unknown');"
			  "INSERT INTO care_case (id, child, opened)"
			  " VALUES (1, 1, '2026-01-01');"
			  "INSERT INTO need (id, kase, domain, found, state)"
			  " VALUES (1, 1, 'food', '2026-01-01', 'open');"
			  "INSERT INTO organization (id, name, active)"
			  " VALUES (7, 'Town Helpers', 1);"
			  "INSERT INTO service (id, organization, name, active)"
			  " VALUES (9, 7, 'Pantry', 0);";

static int setup(void **state)
{
	static struct fix f;

	f.dir = scratch_new();
	f.before = -1;
	for (int i = 0; i < node_schema_count; i++)
		if (strstr(node_schema[i], "CREATE TABLE care_plan ("))
			f.before = i;
	assert_true(f.before >= 3);
	check_ok(db_open(&f.db, disk_system(), scratch_path(f.dir, "node.db"),
			 DB_CREATE));
	check_ok(db_migrate(f.db, NODE_APP_ID, node_schema, f.before));
	check_ok(db_script(f.db, old));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	db_close(f->db);
	scratch_free(f->dir);
	return 0;
}

static int64_t one(struct fix *f, const char *sql)
{
	int64_t v = -1;

	check_ok(db_int(f->db, &v, sql, ""));
	return v;
}

static void nothing_is_lost(struct fix *f)
{
	struct organization o;
	struct service s;

	assert_int_equal(one(f, "SELECT count(*) FROM child"
				" WHERE given = 'Pebble'"),
			 1);
	assert_int_equal(one(f, "SELECT count(*) FROM need"
				" WHERE domain = 'food' AND state = 'open'"),
			 1);
	check_ok(organization_get(f->db, 7, &o));
	assert_string_equal(o.name, "Town Helpers");
	assert_true(o.active);
	check_ok(service_get(f->db, 9, &s));
	assert_string_equal(s.name, "Pantry");
	assert_int_equal(s.organization, 7);
	assert_false(s.active);
}

static void an_older_database_is_widened(void **state)
{
	struct fix *f = *state;
	struct directory_service s;
	struct directory_org o;

	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	nothing_is_lost(f);
	/* What nobody knows yet is not known. */
	check_ok(directory_org_get(f->db, 7, &o));
	assert_string_equal(o.sector, "");
	check_ok(directory_get(f->db, 9, &s));
	assert_int_equal(s.verified, NO_DATE);
	assert_int_equal(s.age_from, SHEET_UNKNOWN);
	assert_int_equal(
		one(f, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/* A step that stops on its way leaves the database as it was, and is done
 * again whole. */
static void a_stopped_migration_is_done_again(void **state)
{
	struct fix *f = *state;
	const char *step[32];
	char *text;
	size_t len = strlen(node_schema[f->before]);

	assert_true(f->before < 32);
	text = mem_calloc(1, len + 40);
	assert_non_null(text);
	snprintf(text, len + 40, "%s\nINSERT INTO nowhere VALUES (1);",
		 node_schema[f->before]);
	for (int i = 0; i < f->before; i++)
		step[i] = node_schema[i];
	step[f->before] = text;
	assert_true(db_migrate(f->db, NODE_APP_ID, step, f->before + 1) < 0);
	mem_free(text);
	assert_int_equal(one(f, "PRAGMA user_version"), f->before);
	assert_int_equal(one(f, "SELECT count(*) FROM sqlite_schema"
				" WHERE name = 'care_plan'"),
			 0);
	assert_int_equal(one(f, "SELECT count(*) FROM"
				" pragma_table_info('service')"
				" WHERE name = 'verified'"),
			 0);
	nothing_is_lost(f);
	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	nothing_is_lost(f);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_older_database_is_widened),
		T(a_stopped_migration_is_done_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
