#include "tests/unit/case_world.h"

/* A node's database as it was before there were families: schema 3, with a
 * record of every kind. */
enum { BEFORE = 3 };

static const char record[] =
	"INSERT INTO child VALUES (1, 'Ana', 'Notreal', '2021-05-30', 'female',"
	" '06106', 'A-1'), (2, NULL, 'Notreal', '2019-01-01', 'unknown', NULL,"
	" NULL);"
	"INSERT INTO care_case VALUES (1, 1, '2026-01-01', '2026-02-01', NULL),"
	" (2, 2, '2026-01-05', NULL, NULL),"
	" (3, 1, '2026-03-01', '2026-03-01', '2026-03-01');"
	"INSERT INTO need VALUES (1, 1, 'food', '2026-01-02', '2026-01-30',"
	" 'unmet', 'NO_CAPACITY'), (2, 2, 'housing', '2026-01-06', NULL, "
	"'open',"
	" NULL);"
	"INSERT INTO organization VALUES (1, 'Pantry', 1);"
	"INSERT INTO service VALUES (1, 1, 'Boxes', 1);"
	"INSERT INTO referral (id, need, organization, service, state, moved,"
	" drafted, sent, accepted, received, age_band) VALUES (1, 1, 1, 1,"
	" 'accepted', '2026-01-04', '2026-01-02', '2026-01-03', '2026-01-04',"
	" '2026-01-20', '3-5');"
	"INSERT INTO referral_status VALUES (1, 1, 'accepted', '2026-01-04',"
	" NULL);"
	"INSERT INTO referral_linkage VALUES (1, 'received', '2026-01-20');"
	"INSERT INTO audit VALUES (1, 5, 'test', 'child', 1, 'given',"
	" zeroblob(32), zeroblob(32));"
	"INSERT INTO history VALUES (1, 'child', 1, 'given', 'Anna');"
	"INSERT INTO imported VALUES ('', 'Patient', 'p1', x'00', 'child', 1);";

struct fix {
	struct case_world w; /* its database is the old one */
};

static int setup(void **state)
{
	static struct fix f;
	const char *path;

	case_world_init(&f.w);
	path = scratch_path(f.w.dir, "old.db");
	db_close(f.w.db);
	check_ok(db_open(&f.w.db, disk_system(), path, DB_CREATE));
	check_ok(db_migrate(f.w.db, NODE_APP_ID, node_schema, BEFORE));
	check_ok(db_script(f.w.db, record));
	f.w.rec.db = f.w.db;
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

/* Every value under its table and column, of the tables that there were. The
 * caller frees it. */
static char *dump(struct fix *f, const char *tables)
{
	char sql[2000], *out = mem_strdup("");
	struct rows t, r;

	check_ok(db_rows(f->w.db, &t, tables, ""));
	while (rows_next(&t) == ROWS_ROW) {
		snprintf(sql, sizeof sql, "SELECT %s FROM \"%s\" ORDER BY 1, 2",
			 rows_text(&t, 1), rows_text(&t, 0));
		check_ok(db_rows(f->w.db, &r, sql, ""));
		while (rows_next(&r) == ROWS_ROW) {
			for (int i = 0; i < rows_columns(&r); i++) {
				const char *v = rows_text(&r, i);
				char *more = mem_printf(
					"%s%s.%s=%s\n", out, rows_text(&t, 0),
					rows_name(&r, i), v ? v : "NULL");

				mem_free(out);
				out = more;
			}
		}
		rows_end(&r);
	}
	rows_end(&t);
	return out;
}

static void nothing_is_lost(void **state)
{
	struct fix *f = *state;
	char *before, *after;
	struct kase k;

	/* The columns of today are noted, so that those of tomorrow do not
	 * make a difference. */
	check_ok(db_script(f->w.db,
			   "CREATE TEMP TABLE there AS SELECT t.name AS tab,"
			   " group_concat('\"' || c.name || '\"') AS cols"
			   " FROM sqlite_schema t JOIN"
			   " pragma_table_info(t.name) c"
			   " WHERE t.type = 'table' GROUP BY t.name"));
	before = dump(f, "SELECT tab, cols FROM there ORDER BY 1");
	assert_non_null(strstr(before, "care_case.closed=2026-02-01\n"));
	check_ok(db_migrate(f->w.db, NODE_APP_ID, node_schema,
			    node_schema_count));
	after = dump(f, "SELECT tab, cols FROM there ORDER BY 1");
	assert_string_equal(before, after);
	mem_free(before);
	mem_free(after);
	check_ok(kase_get(f->w.db, 2, &k));
	assert_string_equal(k.close_reason, "");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM"
					       " pragma_foreign_key_check"),
			 0);
}

static void the_old_record_takes_the_new_words(void **state)
{
	struct fix *f = *state;
	struct kase_intake i = {.intake = day("2026-01-01"),
				.source = "family"};
	struct child c;

	check_ok(db_migrate(f->w.db, NODE_APP_ID, node_schema,
			    node_schema_count));
	check_ok(child_get(f->w.db, 1, &c));
	assert_int_equal(c.merged_into, 0);
	check_ok(kase_set_intake(&f->w.rec, 2, &i));
	check_ok(kase_move_region(&f->w.rec, 2, "eastern", day("2026-02-01")));
	check_ok(kase_reopen(&f->w.rec, 1, day("2026-03-02"), NULL));
}

/* Stopped in the middle of the step, it is the old version, and goes on. */
static void a_migration_that_failed_is_done_again(void **state)
{
	struct fix *f = *state;
	const char *step[BEFORE + 1];
	char *half;

	memcpy(step, node_schema, sizeof step);
	half = mem_printf("%s; SELECT no_such_thing;", node_schema[BEFORE]);
	step[BEFORE] = half;
	assert_true(db_migrate(f->w.db, NODE_APP_ID, step, BEFORE + 1) < 0);
	mem_free(half);
	check_ok(db_check_version(f->w.db, NODE_APP_ID, BEFORE));
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM sqlite_schema"
					" WHERE name = 'consent'"),
			 0);
	check_ok(db_migrate(f->w.db, NODE_APP_ID, node_schema,
			    node_schema_count));
	check_ok(db_check_version(f->w.db, NODE_APP_ID, node_schema_count));
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(nothing_is_lost),
		T(the_old_record_takes_the_new_words),
		T(a_migration_that_failed_is_done_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
