#include "regional/case/audit.h"
#include "regional/case/simulate.h"

#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	case_world_need(&f.w);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static void whole_chain_is_counted(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(audit_verify(f->w.db, &rows));
	/* child: given, family, birth, sex; case: child, opened; need: case,
	 * domain, found, source. */
	assert_int_equal(rows, 10);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 10);
}

/* Each of these is one hand in the table; none may pass. */
static void tampering_is_found(void **state)
{
	static const char *const hands[] = {
		"UPDATE audit SET at_utc_ms = at_utc_ms + 1 WHERE seq = 4",
		"UPDATE audit SET who = 'cli:other' WHERE seq = 4",
		"UPDATE audit SET record = 'need' WHERE seq = 4",
		"UPDATE audit SET id = 2 WHERE seq = 4",
		"UPDATE audit SET field = 'zip' WHERE seq = 4",
		"UPDATE audit SET value_hash = zeroblob(32) WHERE seq = 4",
		"UPDATE audit SET hash = zeroblob(32) WHERE seq = 4",
		"DELETE FROM audit WHERE seq = 4",
		"UPDATE audit SET seq = 99 WHERE seq = 4",
	};
	struct fix *f = *state;
	int64_t rows;

	for (size_t i = 0; i < sizeof hands / sizeof *hands; i++) {
		check_ok(db_begin(f->w.db));
		check_ok(db_run(f->w.db, hands[i], ""));
		assert_int_equal(db_changes(f->w.db), 1);
		assert_int_equal(audit_verify(f->w.db, &rows), E_AUTH);
		check_says("entry 4");
		assert_int_equal(rows, 3);
		db_rollback(f->w.db);
	}
	check_ok(audit_verify(f->w.db, &rows));
	assert_int_equal(rows, 10);
}

/* Moving the border between two neighbors changes neither's bytes alone. */
static void neighbors_do_not_run_together(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(db_run(f->w.db,
			"UPDATE audit SET who = who || substr(record, 1, 1),"
			" record = substr(record, 2) WHERE seq = 9",
			""));
	assert_int_equal(audit_verify(f->w.db, &rows), E_AUTH);
}

static void values_are_not_in_the_audit(void **state)
{
	struct fix *f = *state;

	/* Two children of the same name: nothing in the audit is equal. */
	case_world_child(&f->w, "2020-01-01");
	assert_int_equal(
		case_world_int(&f->w,
			       "SELECT count(*) - count(DISTINCT value_hash)"
			       " FROM audit"),
		0);
	assert_int_equal(
		case_world_int(&f->w,
			       "SELECT count(*) FROM audit WHERE"
			       " instr(value_hash, CAST('Testperson' AS BLOB))"
			       " OR field LIKE '%Testperson%'"),
		0);
}

/* The keyed hash that entry 11 would have. */
static void hash_of(struct fix *f, const char *value, unsigned char out[32])
{
	struct rows r;
	size_t len;

	check_ok(db_begin(f->w.db));
	check_ok(audit_change(&f->w.rec, "child", 1, "zip", NULL, value));
	check_ok(db_rows(f->w.db, &r,
			 "SELECT value_hash FROM audit WHERE seq = 11", ""));
	assert_int_equal(rows_next(&r), ROWS_ROW);
	memcpy(out, rows_blob(&r, 0, &len), 32);
	rows_end(&r);
	db_rollback(f->w.db);
}

static void value_hash_proves_a_value_to_who_has_the_key(void **state)
{
	struct fix *f = *state;
	unsigned char a[32], b[32];

	hash_of(f, "06106", a);
	hash_of(f, "06106", b);
	assert_memory_equal(a, b, 32);
	hash_of(f, "06107", b);
	assert_memory_not_equal(a, b, 32);
	f->w.rec.audit_key[0] ^= 1;
	hash_of(f, "06106", b);
	assert_memory_not_equal(a, b, 32);
}

static void none_and_empty_differ(void **state)
{
	struct fix *f = *state;
	unsigned char a[32], b[32];

	hash_of(f, NULL, a);
	hash_of(f, "", b);
	assert_memory_not_equal(a, b, 32);
}

/* If the audit can't be written, the change did not happen. */
static void no_change_without_its_audit(void **state)
{
	struct fix *f = *state;
	struct child c;

	check_ok(db_script(f->w.db, "CREATE TRIGGER stop BEFORE INSERT ON audit"
				    " WHEN new.field = 'zip' BEGIN"
				    " SELECT raise(ABORT, 'no'); END"));
	check_ok(child_get(f->w.db, 1, &c));
	put(c.family, "Changed");
	put(c.zip, "06106");
	assert_true(child_update(&f->w.rec, &c) < 0);
	check_ok(child_get(f->w.db, 1, &c));
	assert_string_equal(c.family, "Testperson");
	assert_string_equal(c.zip, "");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 10);
}

static int note(void *arg, const struct audit_entry *e)
{
	int64_t *seen = arg;

	assert_string_equal(e->who, "test");
	assert_true(e->at_utc_ms > 0 && *e->record && *e->field);
	*seen = *seen * 10 + e->seq;
	return 0;
}

/* The children of the second family are none of the first's. */
static void list_is_of_a_record_or_a_child(void **state)
{
	struct fix *f = *state;
	struct db *db = f->w.db;
	int64_t seen = 0;

	check_ok(referral_add(&f->w.rec, 1, 0, 0, day("2026-01-02"), &seen));
	case_world_child(&f->w, "2019-01-01");
	seen = 0;
	check_ok(audit_list(db, "need", 1, 0, 10, note, &seen));
	assert_int_equal(seen, 10987);
	seen = 0;
	check_ok(audit_list(db, "need", 1, 1, 1, note, &seen));
	assert_int_equal(seen, 9);
	seen = 0;
	check_ok(audit_list(db, "child", 9, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
	check_ok(audit_list_child(db, 1, 4, 9, note, &seen));
	assert_int_equal(seen, 987654321);
	seen = 0;
	check_ok(audit_list(db, NULL, 0, 8, 10, note, &seen));
	assert_int_equal(seen, 987654321);
}

/* A list is audited by its owner's number, other records by their own. */
struct life {
	struct db *db;
	int64_t child, n;
};

static int add_one(void *arg, const struct audit_entry *e)
{
	struct life *l = arg;
	int64_t owner = l->child;

	if (strcmp(e->record, "case_focus") == 0)
		check_ok(db_int(l->db, &owner,
				"SELECT child FROM care_case WHERE id = ?", "i",
				e->id));
	assert_int_equal(owner, l->child);
	l->n++;
	return 0;
}

/* A whole life, and nobody else's: every entry is the child's, but for those of
 * records that are shared by all. */
static void all_of_a_life_is_the_childs(void **state)
{
	static const char others[] =
		"SELECT count(*) FROM audit WHERE record GLOB 'organization*'"
		" OR record GLOB 'service*' OR record GLOB 'staff*'"
		" OR record GLOB 'practice*' OR record = 'cover'"
		" OR record GLOB 'collaborative*'"
		" OR (record = 'survey_engagement' AND id IN (SELECT id"
		" FROM survey_engagement WHERE kase IS NULL))";
	struct simulate_opts o = {.kind = NETWORK_SYNTHETIC,
				  .children = 1,
				  .years = 3,
				  .until = day("2026-06-30"),
				  .whole = true};
	struct fix *f = *state;

	/* Child 1 is there already. */
	for (o.seed = 1; o.seed <= 8; o.seed++) {
		struct life l = {.db = f->w.db};
		int64_t all;

		check_ok(simulate_run(&f->w.rec, &o, NULL, NULL));
		for (l.child = 1; l.child <= (int64_t)o.seed + 1; l.child++) {
			int64_t before = l.n;

			check_ok(audit_list_child(f->w.db, l.child, 0,
						  INT64_MAX, add_one, &l));
			assert_true(l.child == 1 || l.n > before + 30);
		}
		all = case_world_int(&f->w, "SELECT count(*) FROM audit") -
		      case_world_int(&f->w, others);
		assert_int_equal(l.n, all);
	}
}

static bool is_childs(const char *table)
{
	for (int i = 0; audit_child_record(i); i++)
		if (strcmp(table, audit_child_record(i)) == 0)
			return true;
	return false;
}

/* Written with a record of the list and audited as that, or never audited. */
static bool is_part(const char *table)
{
	static const char *const parts[] = {
		"referral_status", "referral_answer", "referral_linkage",
		"consent_scope", "attachment_content", "screening_answer",
		"screening_result", "screening_need", "child_merge_step",
		"child_merge_import",
		/* What follows from the record, and what was counted of it. */
		"case_now", "derive_queue", "find_posting", "counted"};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(table, parts[i]) == 0)
			return true;
	return false;
}

/* The schema says whose a table is: by a column of that name, or by referring
 * to what is a child's, at however many removes. */
static void no_table_of_a_child_is_forgotten(void **state)
{
	static const char sql[] =
		"WITH RECURSIVE t AS (SELECT name FROM sqlite_schema"
		" WHERE type = 'table' AND name NOT GLOB 'sqlite_*'),"
		" its(name) AS (SELECT t.name FROM t"
		" JOIN pragma_table_info(t.name) c"
		" WHERE c.name IN ('child', 'kase')"
		" UNION SELECT t.name FROM t"
		" JOIN pragma_foreign_key_list(t.name) k"
		" JOIN its ON its.name = k.\"table\" OR k.\"table\" = 'child')"
		" SELECT name FROM its ORDER BY name";
	struct fix *f = *state;
	struct rows rows;
	int n = 0, x;

	check_ok(db_rows(f->w.db, &rows, sql, ""));
	while ((x = rows_next(&rows)) == ROWS_ROW) {
		const char *name = rows_text(&rows, 0);

		if (!is_childs(name) && !is_part(name))
			fail_msg("%s is a child's, and audit_list_child does "
				 "not know it",
				 name);
		n++;
	}
	rows_end(&rows);
	assert_int_equal(x, ROWS_DONE);
	assert_true(n > 45);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(whole_chain_is_counted),
		T(tampering_is_found),
		T(neighbors_do_not_run_together),
		T(values_are_not_in_the_audit),
		T(value_hash_proves_a_value_to_who_has_the_key),
		T(none_and_empty_differ),
		T(no_change_without_its_audit),
		T(list_is_of_a_record_or_a_child),
		T(all_of_a_life_is_the_childs),
		T(no_table_of_a_child_is_forgotten),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
