#include "tests/unit/case_world.h"

/* The version before this one, by the steps that lead to it. */
enum { BEFORE = 4 };

struct fix {
	char *dir;
	struct db *db;
};

static int setup(void **state)
{
	static struct fix f;

	f.dir = scratch_new();
	check_ok(db_open(&f.db, disk_system(), scratch_path(f.dir, "node.db"),
			 DB_CREATE));
	check_ok(db_migrate(f.db, NODE_APP_ID, node_schema, BEFORE));
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

static int64_t count(struct fix *f, const char *sql)
{
	int64_t v = -1;

	check_ok(db_int(f->db, &v, sql, ""));
	return v;
}

static const char old_rows[] =
	"INSERT INTO child (id, given, birth, sex)"
	" VALUES (1, 'Pebble', '2020-01-01', 'unknown');"
	"INSERT INTO care_case (id, child, opened) VALUES (1, 1, '2026-01-01');"
	"INSERT INTO need (id, kase, domain, found, closed, state, reason)"
	" VALUES (1, 1, 'food', '2026-01-02', NULL, 'open', NULL),"
	" (2, 1, 'housing', '2026-01-03', '2026-01-04', 'unmet', 'OTHER');"
	"INSERT INTO imported (source, type, source_id, hash, local_table,"
	" local_id) VALUES ('', 'Condition', 'c1', x'00', 'need', 2);";

static void old_needs_keep_all_and_gain_a_source(void **state)
{
	struct fix *f = *state;

	check_ok(db_script(f->db, old_rows));
	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	assert_int_equal(count(f, "SELECT count(*) FROM need WHERE id = 1"
				  " AND domain = 'food' AND state = 'open'"
				  " AND source = 'coordinator'"),
			 1);
	assert_int_equal(count(f, "SELECT count(*) FROM need WHERE id = 2"
				  " AND closed = '2026-01-04'"
				  " AND reason = 'OTHER'"
				  " AND source = 'import'"),
			 1);
	assert_int_equal(count(f, "SELECT count(*) FROM screening"), 0);
	assert_int_equal(count(f, "PRAGMA foreign_keys"), 1);
}

/* A step that fails leaves the version before it, whole. */
static void a_broken_step_is_done_again_whole(void **state)
{
	const char *step[8];
	struct fix *f = *state;
	char *broken;

	check_ok(db_script(f->db, old_rows));
	memcpy(step, node_schema, BEFORE * sizeof *step);
	broken = mem_printf("%s\nCREATE TABLE child (x);", node_schema[BEFORE]);
	step[BEFORE] = broken;
	assert_true(db_migrate(f->db, NODE_APP_ID, step, BEFORE + 1) < 0);
	assert_int_equal(count(f, "PRAGMA user_version"), BEFORE);
	assert_int_equal(count(f, "SELECT count(*) FROM sqlite_schema"
				  " WHERE name IN ('staff', 'screening')"),
			 0);
	mem_free(broken);
	check_ok(
		db_migrate(f->db, NODE_APP_ID, node_schema, node_schema_count));
	assert_int_equal(count(f, "SELECT count(*) FROM need"), 2);
	assert_int_equal(count(f, "SELECT count(*) FROM staff"), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(old_needs_keep_all_and_gain_a_source),
		T(a_broken_step_is_done_again_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
