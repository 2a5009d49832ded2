#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/attachment.h"
#include "regional/case/audit.h"
#include "regional/case/consent.h"
#include "regional/case/coordinator.h"
#include "regional/case/coverage.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/merge.h"
#include "regional/case/origin.h"
#include "regional/case/practice.h"
#include "regional/case/reach.h"
#include "regional/case/screening.h"
#include "regional/case/staff.h"

/* Two records of one child, each with all that a child can have. */
struct fix {
	struct case_world w;
	int64_t kept, gone, other_home, practice, scan;
};

static void furnish(struct fix *f, int64_t child, const char *opened)
{
	struct origin o = {
		.races = 2, .race = {"white", "asian"}, .heard = "friend"};
	struct coverage c = {.child = child,
			     .kind = "medicaid",
			     .since = NO_DATE,
			     .until = NO_DATE};
	struct reach p = {.child = child,
			  .way = "text",
			  .value = "860 555 0100",
			  .safe = true,
			  .preferred = true,
			  .active = true};
	struct custody q = {.child = child,
			    .relation = "self",
			    .custody = "none",
			    .authority = "youth",
			    .since = NO_DATE,
			    .until = NO_DATE};
	struct consent s = {.child = child,
			    .scopes = 1,
			    .scope = {"refer"},
			    .since = day("2026-01-01"),
			    .until = NO_DATE,
			    .signed_on = day("2026-01-01"),
			    .authority = "youth"};
	struct child_practice d = {.child = child,
				   .practice = f->practice,
				   .since = day("2025-01-01")};
	struct coordinator l = {.name = "Cy",
				.program = "Other",
				.leads = true,
				.since = NO_DATE,
				.until = NO_DATE};
	struct kase_intake i = {
		.intake = day("2026-01-01"), .first = 1, .family = {"food"}};
	struct family home = {.name = "Its own"};
	int64_t id, own, kase;

	check_ok(origin_set(&f->w.rec, child, &o));
	check_ok(coverage_add(&f->w.rec, &c, &id));
	check_ok(reach_add(&f->w.rec, &p, &id));
	check_ok(custody_add(&f->w.rec, &q, &id));
	check_ok(consent_add(&f->w.rec, &s, &id));
	check_ok(practice_assign(&f->w.rec, &d, &id));
	check_ok(family_add(&f->w.rec, &home, &own));
	check_ok(family_join(&f->w.rec, own, child, true, NO_DATE, &id));
	check_ok(family_join(&f->w.rec, f->other_home, child, false, NO_DATE,
			     &id));
	check_ok(attachment_add(&f->w.rec, child, "report", "", "a", 1,
				&f->scan));
	check_ok(kase_open(&f->w.rec, child, day(opened), &kase));
	check_ok(kase_set_intake(&f->w.rec, kase, &i));
	l.kase = kase;
	check_ok(coordinator_add(&f->w.rec, &l, &id));
	check_ok(need_add(&f->w.rec, kase, "food", day("2026-02-01"), &id));
	check_ok(referral_add(&f->w.rec, id, 0, 0, day("2026-02-02"), &id));
	check_ok(db_run(f->w.db,
			"INSERT INTO imported VALUES ('x', 'Patient', ?, x'00',"
			" 'child', ?)",
			"si", opened, child));
}

static int setup(void **state)
{
	static struct fix f;
	struct family shared = {.name = "Shared"};
	struct practice p = {.name = "Elm", .active = true};

	case_world_init(&f.w);
	check_ok(family_add(&f.w.rec, &shared, &f.other_home));
	check_ok(practice_add(&f.w.rec, &p, &f.practice));
	f.kept = case_world_child(&f.w, "2012-01-01");
	f.gone = case_world_child(&f.w, "2012-01-01");
	furnish(&f, f.kept, "2026-01-10");
	furnish(&f, f.gone, "2026-01-05");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

/* Every value of every table but those that only grow. The caller frees it. */
static char *dump(struct fix *f)
{
	char sql[200], table[80], *out = mem_strdup("");
	struct rows t, r;
	int x;

	check_ok(db_rows(f->w.db, &t,
			 "SELECT name FROM sqlite_schema WHERE type = 'table'"
			 " AND name NOT IN ('audit', 'history')"
			 " AND name NOT LIKE 'child_merge%' ORDER BY 1",
			 ""));
	while (rows_next(&t) == ROWS_ROW) {
		snprintf(table, sizeof table, "%s", rows_text(&t, 0));
		snprintf(sql, sizeof sql, "SELECT * FROM \"%s\" ORDER BY 1, 2",
			 table);
		x = db_rows(f->w.db, &r, sql, "");
		assert_int_equal(x, 0);
		while (rows_next(&r) == ROWS_ROW) {
			for (int i = 0; i < rows_columns(&r); i++) {
				const char *v = rows_text(&r, i);
				char *more = mem_printf("%s%s.%s=%s\n", out,
							table, rows_name(&r, i),
							v ? v : "NULL");

				assert_non_null(more);
				mem_free(out);
				out = more;
			}
		}
		rows_end(&r);
	}
	rows_end(&t);
	return out;
}

static int64_t refers(struct fix *f, const char *table, int64_t child)
{
	char sql[120];
	int64_t n = -1;

	snprintf(sql, sizeof sql, "SELECT count(*) FROM %s WHERE child = ?",
		 table);
	check_ok(db_int(f->w.db, &n, sql, "i", child));
	return n;
}

static void all_that_refers_to_it_moves(void **state)
{
	static const char *const table[] = {
		"care_case",	  "coverage",	  "reach",
		"custody",	  "consent",	  "child_key",
		"child_practice", "family_child", "attachment",
	};
	struct fix *f = *state;
	unsigned char *data;
	struct child c;
	size_t len;
	int64_t id;

	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		if (refers(f, table[i], f->gone) != 0)
			fail_msg("%s still refers to it", table[i]);
		assert_true(refers(f, table[i], f->kept) >= 2);
	}
	/* The same race twice is one. */
	assert_int_equal(refers(f, "child_race", f->kept), 2);
	check_ok(attachment_read(&f->w.rec, f->scan, &data, &len));
	mem_free(data);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM imported"
					       " WHERE local_id = 1"),
			 2);
	check_ok(child_get(f->w.db, f->gone, &c));
	assert_int_equal(c.merged_into, f->kept);
	assert_int_equal(child_here(f->w.db, f->gone, &c), E_STATE);
	check_says("is now child 1");
	assert_int_equal(kase_open(&f->w.rec, f->gone, day("2026-06-01"), &id),
			 E_STATE);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM"
					       " pragma_foreign_key_check"),
			 0);
}

static void one_case_stays_open_with_the_needs_of_both(void **state)
{
	struct fix *f = *state;
	struct kase k;
	int64_t id, n;

	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	check_ok(kase_of_child(f->w.db, f->kept, &k));
	assert_int_equal(k.opened, day("2026-01-05"));
	check_ok(db_int(f->w.db, &n, "SELECT count(*) FROM need WHERE kase = ?",
			"i", k.id));
	assert_int_equal(n, 2);
	check_ok(db_int(f->w.db, &n,
			"SELECT count(*) FROM care_case WHERE close_reason"
			" = 'merged'",
			""));
	assert_int_equal(n, 1);
	check_ok(db_int(f->w.db, &n,
			"SELECT count(*) FROM case_coordinator WHERE leads = 1",
			""));
	assert_int_equal(n, 1);
	assert_int_equal(kase_reopen(&f->w.rec, 2, day("2026-06-30"), NULL),
			 E_STATE);
	check_says("merged");
}

static void undone_everything_is_as_it_was(void **state)
{
	struct fix *f = *state;
	char *before = dump(f), *between, *after;
	int64_t id, rows;

	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	between = dump(f);
	assert_string_not_equal(before, between);
	check_ok(merge_undo(&f->w.rec, id));
	after = dump(f);
	assert_string_equal(before, after);
	assert_int_equal(merge_undo(&f->w.rec, id), E_STATE);
	check_says("undone already");
	/* And once more, the same way. */
	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	mem_free(after);
	after = dump(f);
	assert_string_equal(between, after);
	mem_free(before);
	mem_free(between);
	mem_free(after);
	check_ok(audit_verify(f->w.db, &rows));
}

static void what_came_since_stays_with_the_kept_one(void **state)
{
	struct fix *f = *state;
	struct coverage c = {
		.kind = "employer", .since = NO_DATE, .until = NO_DATE};
	int64_t id, added;

	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	c.child = f->kept;
	check_ok(coverage_add(&f->w.rec, &c, &added));
	check_ok(merge_undo(&f->w.rec, id));
	assert_int_equal(refers(f, "coverage", f->kept), 2);
	assert_int_equal(refers(f, "coverage", f->gone), 1);
}

static void what_changed_since_stops_the_undoing(void **state)
{
	struct fix *f = *state;
	int64_t third = case_world_child(&f->w, "2012-01-01"), id, later;
	char *before, *after;

	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	check_ok(merge_children(&f->w.rec, third, f->kept, &later));
	before = dump(f);
	assert_int_equal(merge_undo(&f->w.rec, id), E_STATE);
	check_says("has changed since");
	after = dump(f);
	assert_string_equal(before, after);
	mem_free(before);
	mem_free(after);
	/* The later one first. */
	check_ok(merge_undo(&f->w.rec, later));
	check_ok(merge_undo(&f->w.rec, id));
}

static void wrong_merges_are_refused(void **state)
{
	struct fix *f = *state;
	int64_t other = case_world_child(&f->w, "2013-01-01"), id;

	assert_int_equal(merge_children(&f->w.rec, f->kept, f->kept, &id),
			 E_INVALID);
	assert_int_equal(merge_children(&f->w.rec, f->kept, other, &id),
			 E_STATE);
	check_says("correct the wrong date first");
	assert_int_equal(merge_children(&f->w.rec, f->kept, 99, &id),
			 E_NOTFOUND);
	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	assert_int_equal(merge_children(&f->w.rec, f->gone, f->kept, &id),
			 E_STATE);
	assert_int_equal(merge_undo(&f->w.rec, 99), E_NOTFOUND);
}

static int count_pair(void *arg, int64_t one, int64_t other)
{
	(void)one;
	(void)other;
	++*(int *)arg;
	return 0;
}

static void suspects_are_pairs_alike(void **state)
{
	struct fix *f = *state;
	int64_t id;
	int n = 0;

	case_world_child(&f->w, "2013-01-01");
	check_ok(merge_suspects(f->w.db, count_pair, &n));
	assert_int_equal(n, 1);
	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	n = 0;
	check_ok(merge_suspects(f->w.db, count_pair, &n));
	assert_int_equal(n, 0);
}

/* A table that refers to a child or a case must be found by merging: it has an
 * id, or is a pair of which the other half is a number. */
static void every_table_that_refers_has_a_key(void **state)
{
	struct fix *f = *state;

	assert_int_equal(
		case_world_int(
			&f->w,
			"SELECT count(*) FROM sqlite_schema t"
			" JOIN pragma_foreign_key_list(t.name) f"
			" WHERE t.type = 'table' AND f.\"table\" IN"
			" ('child', 'care_case') AND (SELECT count(*) FROM"
			" pragma_table_info(t.name) c WHERE c.type = 'INTEGER'"
			" AND c.pk > 0 AND c.name <> f.\"from\") <> 1"),
		0);
}

static void a_pair_moves_and_comes_back(void **state)
{
	struct fix *f = *state;
	char *before, *after;
	int64_t id;

	check_ok(db_script(f->w.db,
			   "CREATE TABLE pair (a INTEGER, kase INTEGER"
			   " REFERENCES care_case (id), PRIMARY KEY (a, kase))"
			   " STRICT, WITHOUT ROWID;"
			   "INSERT INTO pair VALUES (5, 1), (5, 2), (6, 2)"));
	before = dump(f);
	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM pair"
					       " WHERE kase = 1"),
			 2);
	check_ok(merge_undo(&f->w.rec, id));
	after = dump(f);
	assert_string_equal(before, after);
	mem_free(before);
	mem_free(after);
}

static int64_t assigned(struct fix *f, int64_t child, const char *name)
{
	const struct screening_entry e = {SCREENING_ANSWER, "1", "often"};
	struct staff s = {.role = "coordinator", .started = day("2025-01-01")};
	struct screening q = {.child = child,
			      .instrument = "HVS",
			      .respondent = "parent",
			      .done = day("2026-03-01")};
	int64_t staff, id;
	struct kase k;

	put(s.name, name);
	check_ok(staff_add(&f->w.rec, &s, FTE_ONE, &staff));
	check_ok(kase_of_child(f->w.db, child, &k));
	check_ok(assignment_set(&f->w.rec, k.id, staff, day("2026-03-01"), "",
				&id));
	check_ok(screening_add(&f->w.rec, &q, &e, 1, NULL, &id));
	return staff;
}

/* One person has the case; the screenings of both are the child's. */
static void assignments_and_screenings_move(void **state)
{
	struct fix *f = *state;
	int64_t a = assigned(f, f->kept, "Ann"), id, who;
	struct kase k;

	assigned(f, f->gone, "Ben");
	check_ok(merge_children(&f->w.rec, f->kept, f->gone, &id));
	check_ok(kase_of_child(f->w.db, f->kept, &k));
	check_ok(assignment_acting(f->w.db, k.id, day("2026-06-30"), &who));
	assert_int_equal(who, a);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM assignment"
					       " WHERE until IS NULL"),
			 1);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT child)"
					       " FROM screening"),
			 1);
	check_ok(merge_undo(&f->w.rec, id));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM assignment"
					       " WHERE until IS NULL"),
			 2);
	assert_int_equal(case_world_int(&f->w, "SELECT count(DISTINCT child)"
					       " FROM screening"),
			 2);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(all_that_refers_to_it_moves),
		T(one_case_stays_open_with_the_needs_of_both),
		T(undone_everything_is_as_it_was),
		T(what_came_since_stays_with_the_kept_one),
		T(what_changed_since_stops_the_undoing),
		T(wrong_merges_are_refused),
		T(suspects_are_pairs_alike),
		T(every_table_that_refers_has_a_key),
		T(a_pair_moves_and_comes_back),
		T(assignments_and_screenings_move),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
