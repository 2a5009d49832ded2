#include "tests/lib/check.h"

#include <sys/stat.h>

#include <sqlite3.h>

#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "tests/lib/faultfs.h"
#include "tests/lib/scratch.h"

enum { APP = 0x63636664 };

static const char *const schema[] = {
	"CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT UNIQUE,"
	"  c REAL CHECK (c >= 0), d BLOB) STRICT;"
	"CREATE TABLE child (a INTEGER NOT NULL REFERENCES t) STRICT;",
	"ALTER TABLE t ADD COLUMN e TEXT;",
};

struct fix {
	char *dir;
	const char *path;
	struct disk disk; /* with faultfs below */
	struct db *db;
};

static int setup(void **state)
{
	static struct fix f;

	f.dir = scratch_new();
	f.path = scratch_path(f.dir, "x.db");
	f.disk = *disk_system();
	f.disk.vfs = faultfs_register();
	f.db = NULL;
	check_ok(db_open(&f.db, &f.disk, f.path, DB_CREATE));
	check_ok(db_migrate(f.db, APP, schema, 1));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	faultfs_off();
	db_close(f->db);
	scratch_free(f->dir);
	return 0;
}

static int64_t count(struct db *db)
{
	int64_t n = -1;

	check_ok(db_int(db, &n, "SELECT count(*) FROM t", NULL));
	return n;
}

static int add(struct db *db, int64_t a)
{
	return db_run(db, "INSERT INTO t (a) VALUES (?)", "i", a);
}

static void open_sets_up_the_connection(void **state)
{
	struct fix *f = *state;
	char mode[16];
	int64_t v;

	check_ok(
		db_text(f->db, mode, sizeof mode, "PRAGMA journal_mode", NULL));
	assert_string_equal(mode, "wal");
	check_ok(db_int(f->db, &v, "PRAGMA synchronous", NULL));
	assert_int_equal(v, 2);
	check_ok(db_int(f->db, &v, "PRAGMA foreign_keys", NULL));
	assert_int_equal(v, 1);
	check_ok(db_int(f->db, &v, "PRAGMA secure_delete", NULL));
	assert_int_equal(v, 1);
	check_ok(db_int(f->db, &v, "PRAGMA trusted_schema", NULL));
	assert_int_equal(v, 0);
	/* A misspelled column is an error, not a string. */
	assert_int_equal(db_int(f->db, &v, "SELECT \"nocolumn\" FROM t", NULL),
			 E_DB);
}

static void create_makes_private_files(void **state)
{
	struct fix *f = *state;
	const char *path = scratch_path(f->dir, "y.db");
	struct db *db;
	struct stat st;

	check_ok(db_open(&db, disk_system(), path, DB_CREATE));
	check_ok(db_migrate(db, APP, schema, 2));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(stat(scratch_path(f->dir, "y.db-wal"), &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	db_close(db);
}

static void open_missing_file_is_not_found(void **state)
{
	struct fix *f = *state;
	const char *path = scratch_path(f->dir, "none.db");
	struct db *db = NULL;
	struct stat st;

	assert_int_equal(db_open(&db, disk_system(), path, DB_READ),
			 E_NOTFOUND);
	assert_int_equal(db_open(&db, disk_system(), path, DB_WRITE),
			 E_NOTFOUND);
	assert_null(db);
	assert_int_equal(stat(path, &st), -1);
}

static void open_other_file_is_not_a_database(void **state)
{
	struct fix *f = *state;
	const char *path = scratch_path(f->dir, "text");
	char text[2048] = "not a database";
	struct db *db = NULL;

	check_ok(disk_write(disk_system(), path, text, sizeof text, 0600));
	assert_int_equal(db_open(&db, disk_system(), path, DB_WRITE), E_FORMAT);
	assert_null(db);
}

static void open_survives_oom(void **state)
{
	struct fix *f = *state;

	SWEEP
	{
		struct db *db = NULL;
		int r = db_open(&db, &f->disk, f->path, DB_WRITE);

		SWEEP_END(r);
		db_close(db);
	}
}

static void reader_cannot_write(void **state)
{
	struct fix *f = *state;
	struct db *db;

	check_ok(db_open(&db, &f->disk, f->path, DB_READ));
	assert_true(add(db, 1) < 0);
	assert_int_equal(count(db), 0);
	db_close(db);
}

static void values_survive_binding_and_reading(void **state)
{
	struct fix *f = *state;
	struct rows r;
	size_t len;
	int64_t n;

	check_ok(db_run(f->db, "INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?)",
			"isdb", INT64_MAX, "O'Neil; DROP", 0.5, "\0\1", 2));
	assert_int_equal(db_changes(f->db), 1);
	assert_true(db_last_id(f->db) == INT64_MAX);
	check_ok(db_run(f->db, "INSERT INTO t (a, b, c, d) VALUES (?, ?, ?, ?)",
			"isnb", (int64_t)1, NULL, NULL, (size_t)0));
	check_ok(db_rows(f->db, &r, "SELECT a, b, c, d FROM t ORDER BY a DESC",
			 NULL));
	assert_int_equal(rows_columns(&r), 4);
	assert_string_equal(rows_name(&r, 1), "b");
	assert_int_equal(rows_next(&r), ROWS_ROW);
	assert_true(rows_int(&r, 0) == INT64_MAX);
	assert_string_equal(rows_text(&r, 1), "O'Neil; DROP");
	assert_memory_equal(rows_blob(&r, 3, &len), "\0\1", 2);
	assert_int_equal(len, 2);
	assert_int_equal(rows_next(&r), ROWS_ROW);
	assert_true(rows_null(&r, 1) && rows_null(&r, 2) && rows_null(&r, 3));
	assert_null(rows_text(&r, 1));
	assert_int_equal(rows_next(&r), ROWS_DONE);
	/* And stays there, instead of beginning anew. */
	assert_int_equal(rows_next(&r), ROWS_DONE);
	rows_end(&r);
	check_ok(db_int(f->db, &n, "SELECT count(*) FROM t WHERE c = 0.5",
			NULL));
	assert_int_equal(n, 1);
	rows_end(&r);
}

static void one_value_reads_null_as_0(void **state)
{
	struct fix *f = *state;
	int64_t n = 7;
	char text[4] = "old";

	assert_int_equal(db_int(f->db, &n, "SELECT a FROM t", NULL),
			 E_NOTFOUND);
	assert_int_equal(n, 7);
	assert_string_equal(err_text(E_NOTFOUND), "not found");
	check_ok(db_int(f->db, &n, "SELECT NULL", NULL));
	assert_int_equal(n, 0);
	check_ok(db_text(f->db, text, sizeof text, "SELECT NULL", NULL));
	assert_string_equal(text, "");
	check_ok(db_text(f->db, text, sizeof text, "SELECT 'abcdef'", NULL));
	assert_string_equal(text, "abc");
}

static void constraints_map_to_codes(void **state)
{
	struct fix *f = *state;
	const char *by_b = "INSERT INTO t (a, b) VALUES (?, ?)";

	check_ok(db_run(f->db, by_b, "is", (int64_t)1, "planted"));
	assert_int_equal(add(f->db, 1), E_EXISTS);
	assert_int_equal(db_run(f->db, by_b, "is", (int64_t)2, "planted"),
			 E_EXISTS);
	/* A sentence may reach a log: no values. */
	assert_null(strstr(err_text(E_EXISTS), "planted"));
	assert_int_equal(db_run(f->db, "UPDATE t SET c = ?", "d", -1.0),
			 E_INVALID);
	assert_int_equal(db_run(f->db, "INSERT INTO child VALUES (?)", "n"),
			 E_INVALID);
	assert_int_equal(
		db_run(f->db, "INSERT INTO child VALUES (?)", "i", (int64_t)99),
		E_INVALID);
}

static void wrong_sql_is_refused(void **state)
{
	struct fix *f = *state;
	int64_t n;

	assert_int_equal(db_run(f->db, "SELEC 1", NULL), E_DB);
	assert_int_equal(db_run(f->db, "DELETE FROM t; DELETE FROM t", NULL),
			 E_INVALID);
	assert_int_equal(db_run(f->db, "  ", NULL), E_INVALID);
	assert_int_equal(db_int(f->db, &n, "SELECT ?", NULL), E_USAGE);
	assert_int_equal(db_int(f->db, &n, "SELECT 1", "i", (int64_t)1),
			 E_USAGE);
	/* None of them is left behind as open. */
	check_ok(db_int(f->db, &n, "SELECT 1;", NULL));
}

static void same_sql_may_be_open_twice(void **state)
{
	struct fix *f = *state;
	const char *sql = "SELECT a FROM t WHERE a > ? ORDER BY a";
	struct rows x, y;

	for (int64_t i = 1; i <= 3; i++)
		check_ok(add(f->db, i));
	check_ok(db_rows(f->db, &x, sql, "i", (int64_t)0));
	assert_int_equal(rows_next(&x), ROWS_ROW);
	check_ok(db_rows(f->db, &y, sql, "i", (int64_t)2));
	assert_int_equal(rows_next(&y), ROWS_ROW);
	assert_int_equal(rows_int(&y, 0), 3);
	assert_int_equal(rows_next(&x), ROWS_ROW);
	assert_int_equal(rows_int(&x, 0), 2);
	rows_end(&x);
	rows_end(&y);
}

static void more_statements_than_are_kept_work(void **state)
{
	struct fix *f = *state;
	char sql[64];
	int64_t n;

	for (int64_t i = 0; i < 1500; i++) {
		snprintf(sql, sizeof sql, "SELECT %d + ?", (int)i);
		check_ok(db_int(f->db, &n, sql, "i", i));
		assert_int_equal(n, 2 * i);
	}
	mem_fault(0);
	check_ok(db_int(f->db, &n, "SELECT 'no memory to keep it'", NULL));
	mem_fault_off();
}

static void transactions_nest(void **state)
{
	struct fix *f = *state;

	check_ok(db_begin(f->db));
	check_ok(add(f->db, 1));
	check_ok(db_begin(f->db));
	check_ok(add(f->db, 2));
	db_rollback(f->db);
	assert_true(db_in_transaction(f->db));
	check_ok(db_begin(f->db));
	check_ok(add(f->db, 3));
	check_ok(db_commit(f->db));
	check_ok(db_commit(f->db));
	assert_false(db_in_transaction(f->db));
	assert_int_equal(count(f->db), 2);
}

static void end_commits_or_rolls_back(void **state)
{
	struct fix *f = *state;

	check_ok(db_begin(f->db));
	check_ok(add(f->db, 1));
	assert_int_equal(db_end(f->db, 5), 5);
	check_ok(db_begin(f->db));
	check_ok(add(f->db, 2));
	err_set(E_DENIED, "the reason");
	assert_int_equal(db_end(f->db, E_DENIED), E_DENIED);
	assert_string_equal(err_text(E_DENIED), "the reason");
	assert_int_equal(count(f->db), 1);
}

static void failed_commit_is_rolled_back(void **state)
{
	struct fix *f = *state;

	check_ok(db_script(f->db, "CREATE TABLE late (a REFERENCES t "
				  "DEFERRABLE INITIALLY DEFERRED)"));
	check_ok(db_begin(f->db));
	check_ok(db_run(f->db, "INSERT INTO late VALUES (?)", "i", (int64_t)9));
	assert_int_equal(db_commit(f->db), E_INVALID);
	assert_false(db_in_transaction(f->db));
	check_ok(db_begin(f->db));
	check_ok(db_commit(f->db));
}

static void failed_sync_leaves_commit_unknown(void **state)
{
	struct fix *f = *state;

	check_ok(db_begin(f->db));
	check_ok(add(f->db, 1));
	faultfs_fail(FAULTFS_SYNC, 0, SQLITE_IOERR_FSYNC);
	assert_int_equal(db_commit(f->db), E_UNKNOWN);
	assert_true(faultfs_off());
	assert_false(db_in_transaction(f->db));
	/* Read again: that is how it is settled. */
	assert_in_range(count(f->db), 0, 1);
}

static void full_disk_undoes_everything(void **state)
{
	struct fix *f = *state;
	struct db *db = f->db;
	int r = 0;

	/* A tiny cache spills to the disk inside the transaction. */
	check_ok(db_script(db, "PRAGMA cache_size = 5"));
	check_ok(add(db, 1));
	check_ok(db_begin(db));
	faultfs_fail(FAULTFS_WRITE, 0, SQLITE_FULL);
	faultfs_stick(true);
	for (int64_t i = 2; i < 5000 && r == 0; i++)
		r = db_run(db, "INSERT INTO t (a, d) VALUES (?, zeroblob(500))",
			   "i", i);
	assert_int_equal(r, E_IO);
	assert_true(faultfs_off());
	/* SQLite has left the transaction; nothing may slip out behind it. */
	assert_int_equal(add(db, 7777), E_STATE);
	assert_int_equal(db_begin(db), E_STATE);
	assert_int_equal(db_commit(db), E_STATE);
	assert_false(db_in_transaction(db));
	assert_int_equal(count(db), 1);
	check_ok(add(db, 2));
}

static void busy_writer_is_reported(void **state)
{
	struct fix *f = *state;
	struct db *other;

	check_ok(db_open(&other, &f->disk, f->path, DB_WRITE));
	sqlite3_busy_timeout(db_handle(other), 50);
	check_ok(db_begin(f->db));
	assert_int_equal(db_begin(other), E_BUSY);
	assert_false(db_in_transaction(other));
	assert_int_equal(add(other, 1), E_BUSY);
	check_ok(db_commit(f->db));
	check_ok(add(other, 1));
	db_close(other);
}

static void data_version_tells_of_other_commits(void **state)
{
	struct fix *f = *state;
	int64_t before = db_data_version(f->db);
	struct db *other;

	check_ok(add(f->db, 1));
	assert_int_equal(db_data_version(f->db), before);
	check_ok(db_open(&other, &f->disk, f->path, DB_WRITE));
	check_ok(add(other, 2));
	db_close(other);
	assert_int_not_equal(db_data_version(f->db), before);
}

static void migrate_runs_what_is_missing(void **state)
{
	struct fix *f = *state;

	check_ok(db_check_version(f->db, APP, 1));
	assert_int_equal(db_check_version(f->db, APP, 2), E_FORMAT);
	check_ok(db_migrate(f->db, APP, schema, 2));
	check_ok(db_migrate(f->db, APP, schema, 2));
	check_ok(db_check_version(f->db, APP, 2));
	check_ok(db_run(f->db, "UPDATE t SET e = 'x'", NULL));
}

static void migrate_refuses_other_and_newer_files(void **state)
{
	struct fix *f = *state;

	assert_int_equal(db_migrate(f->db, APP + 1, schema, 2), E_FORMAT);
	assert_int_equal(db_migrate(f->db, APP, schema, 0), E_FORMAT);
	check_says("newer");
	check_ok(db_script(f->db, "PRAGMA user_version = -1"));
	assert_int_equal(db_migrate(f->db, APP, schema, 2), E_FORMAT);
	check_says("version -1");
	assert_int_equal(db_check_version(f->db, APP + 1, 1), E_FORMAT);
	/* A file with tables of its own, but no number, is not ours. */
	check_ok(db_script(f->db, "PRAGMA application_id = 0;"
				  "PRAGMA user_version = 0"));
	assert_int_equal(db_migrate(f->db, APP, schema, 2), E_FORMAT);
}

static void failed_migration_changes_nothing(void **state)
{
	static const char *const bad[] = {
		"",
		"CREATE TABLE half (a); INSERT INTO nowhere VALUES (1);",
	};
	struct fix *f = *state;
	int64_t n;

	assert_true(db_migrate(f->db, APP, bad, 2) < 0);
	check_says("schema version 2");
	check_ok(db_check_version(f->db, APP, 1));
	assert_int_equal(db_int(f->db, &n, "SELECT count(*) FROM half", NULL),
			 E_DB);
}

/* Follows every commit of the outermost, and can stop it. */
static int follow(struct db *db)
{
	return db_run(db,
		      "INSERT INTO child (a) SELECT max(a) FROM t"
		      " WHERE b <> 'none'",
		      NULL);
}

static int refuse(struct db *db)
{
	return E_INVALID;
}

static void before_commit_is_part_of_it(void **state)
{
	struct fix *f = *state;
	int64_t n = -1;

	db_before_commit(f->db, follow);
	check_ok(db_begin(f->db));
	check_ok(db_begin(f->db));
	check_ok(db_run(f->db, "INSERT INTO t (a, b) VALUES (7, 'x')", NULL));
	check_ok(db_commit(f->db));
	check_ok(db_int(f->db, &n, "SELECT count(*) FROM child", NULL));
	assert_int_equal(n, 0);
	check_ok(db_commit(f->db));
	check_ok(db_int(f->db, &n, "SELECT a FROM child", NULL));
	assert_int_equal(n, 7);
	db_before_commit(f->db, refuse);
	check_ok(db_begin(f->db));
	check_ok(db_run(f->db, "INSERT INTO t (a) VALUES (8)", NULL));
	assert_int_equal(db_commit(f->db), E_INVALID);
	assert_false(db_in_transaction(f->db));
	assert_int_equal(count(f->db), 1);
	db_before_commit(f->db, NULL);
}

#define WITH_FIX(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_FIX(before_commit_is_part_of_it),
		WITH_FIX(open_sets_up_the_connection),
		WITH_FIX(create_makes_private_files),
		WITH_FIX(open_missing_file_is_not_found),
		WITH_FIX(open_other_file_is_not_a_database),
		WITH_FIX(open_survives_oom),
		WITH_FIX(reader_cannot_write),
		WITH_FIX(values_survive_binding_and_reading),
		WITH_FIX(one_value_reads_null_as_0),
		WITH_FIX(constraints_map_to_codes),
		WITH_FIX(wrong_sql_is_refused),
		WITH_FIX(same_sql_may_be_open_twice),
		WITH_FIX(more_statements_than_are_kept_work),
		WITH_FIX(transactions_nest),
		WITH_FIX(end_commits_or_rolls_back),
		WITH_FIX(failed_commit_is_rolled_back),
		WITH_FIX(failed_sync_leaves_commit_unknown),
		WITH_FIX(full_disk_undoes_everything),
		WITH_FIX(busy_writer_is_reported),
		WITH_FIX(data_version_tells_of_other_commits),
		WITH_FIX(migrate_runs_what_is_missing),
		WITH_FIX(migrate_refuses_other_and_newer_files),
		WITH_FIX(failed_migration_changes_nothing),
	};

	return cmocka_run_group_tests_name("db", tests, NULL, NULL);
}
