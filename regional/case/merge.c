#include "regional/case/merge.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/row.h"

enum { NAME = 64, SQL = 400 };

struct merging {
	struct records *r;
	struct merge m;
	char today[DATE_TEXT];
};

/* Which column, beside @column, tells the rows of @table apart: its id, or, in
 * a table that only joins two others, the other half of the key. */
static int key_of(struct merging *g, const char *table, const char *column,
		  char key[NAME])
{
	return db_text(g->r->db, key, NAME,
		       "SELECT name FROM pragma_table_info(?1) WHERE pk > 0"
		       " AND name <> ?2",
		       "ss", table, column);
}

/* @field of one row from @was to @now, if it is @was: else E_STATE without a
 * sentence. */
static int change(struct merging *g, const char *table, int64_t row,
		  const char *field, const char *was, const char *now)
{
	const struct audit_field f = {field, was, now};
	char sql[SQL], key[NAME];
	int x;

	x = key_of(g, table, field, key);
	if (x < 0)
		return x;
	snprintf(sql, sizeof sql,
		 "UPDATE \"%s\" SET \"%s\" = ?1 WHERE \"%s\" = ?2"
		 " AND \"%s\" IS ?3",
		 table, field, key, field);
	x = db_run(g->r->db, sql, "sis", now, row, was);
	if (x == 0 && db_changes(g->r->db) != 1)
		return E_STATE;
	return x < 0 ? x : audit_changes(g->r, table, row, &f, 1);
}

/* The same, and the step is written down. */
static int step(struct merging *g, const char *table, int64_t row,
		const char *field, const char *was, const char *now)
{
	int x = change(g, table, row, field, was, now);

	if (x < 0)
		return x;
	return db_run(g->r->db,
		      "INSERT INTO child_merge_step (child_merge, record, row,"
		      " field, was, now) VALUES (?, ?, ?, ?, ?, ?)",
		      "isisss", g->m.id, table, row, field, was, now);
}

/* --- references --- */

/* Every row whose @column is @from; one that would then stand twice stays. */
static int move_column(struct merging *g, const char *table, const char *column,
		       int64_t from, int64_t to)
{
	char sql[SQL], key[NAME], was[24], now[24];
	int64_t row = 0;
	int x;

	x = key_of(g, table, column, key);
	if (x < 0)
		return x;
	snprintf(sql, sizeof sql,
		 "SELECT \"%s\" FROM \"%s\" WHERE \"%s\" = ? AND \"%s\" > ?"
		 " ORDER BY 1 LIMIT 1",
		 key, table, column, key);
	field_id_text(from, was);
	field_id_text(to, now);
	while ((x = db_int(g->r->db, &row, sql, "ii", from, row)) == 0) {
		x = records_begin(g->r);
		if (x == 0)
			x = records_end(g->r,
					step(g, table, row, column, was, now));
		if (x < 0 && x != E_EXISTS)
			return x;
	}
	err_clear();
	return x == E_NOTFOUND ? 0 : x;
}

/* Wherever a foreign key leads to @parent. */
static int move_references(struct merging *g, const char *parent, int64_t from,
			   int64_t to)
{
	char table[NAME], column[NAME];
	struct rows rows;
	int x;

	x = db_rows(g->r->db, &rows,
		    "SELECT t.name, f.\"from\" FROM sqlite_schema t"
		    " JOIN pragma_foreign_key_list(t.name) f"
		    " WHERE t.type = 'table' AND f.\"table\" = ?"
		    " AND t.name <> 'child_merge' ORDER BY 1, 2",
		    "s", parent);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		field_copy(table, sizeof table, rows_text(&rows, 0));
		field_copy(column, sizeof column, rows_text(&rows, 1));
		x = move_column(g, table, column, from, to);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* --- what only one of them can have --- */

/* @child's row of @table that @where names; 0: none. */
static int its_row(struct merging *g, const char *table, const char *where,
		   int64_t child, int64_t *row)
{
	char sql[SQL];
	int x;

	*row = 0;
	snprintf(sql, sizeof sql, "SELECT id FROM %s WHERE child = ? AND %s",
		 table, where);
	x = db_int(g->r->db, row, sql, "i", child);
	return x == E_NOTFOUND ? 0 : x;
}

/* If both have one, that of the child that goes gives way. */
static int give_way(struct merging *g, const char *table, const char *where,
		    const char *field, const char *was, const char *now)
{
	int64_t kept, gone;
	int x;

	x = its_row(g, table, where, g->m.kept, &kept);
	if (x == 0)
		x = its_row(g, table, where, g->m.gone, &gone);
	if (x < 0 || !kept || !gone)
		return x;
	return step(g, table, gone, field, was, now);
}

/* Both live there: the stay of the one that goes ends. */
static int one_home(struct merging *g)
{
	int64_t row;
	int x;

	while ((x = db_int(g->r->db, &row,
			   "SELECT a.id FROM family_child a"
			   " JOIN family_child b ON b.family = a.family"
			   " WHERE a.child = ? AND b.child = ?"
			   " AND a.until IS NULL AND b.until IS NULL LIMIT 1",
			   "ii", g->m.gone, g->m.kept)) == 0) {
		x = step(g, "family_child", row, "until", NULL, g->today);
		if (x < 0)
			return x;
	}
	return x == E_NOTFOUND ? 0 : x;
}

/* One coordinator of another program leads a case. */
static int one_lead(struct merging *g, int64_t kept, int64_t gone)
{
	static const char sql[] =
		"SELECT id FROM case_coordinator WHERE kase = ? AND leads = 1"
		" AND until IS NULL";
	int64_t a, b;
	int x;

	x = db_int(g->r->db, &a, sql, "i", kept);
	if (x == 0)
		x = db_int(g->r->db, &b, sql, "i", gone);
	if (x == 0)
		x = step(g, "case_coordinator", b, "leads", "1", "0");
	return x == E_NOTFOUND ? 0 : x;
}

/* It is one person's case; the other one's assignment ends. */
static int one_assignment(struct merging *g, int64_t kept, int64_t gone)
{
	static const char sql[] =
		"SELECT id FROM assignment WHERE kase = ? AND until IS NULL";
	int64_t a, b;
	int x;

	x = db_int(g->r->db, &a, sql, "i", kept);
	if (x == 0)
		x = db_int(g->r->db, &b, sql, "i", gone);
	if (x == 0)
		x = step(g, "assignment", b, "until", NULL, g->today);
	return x == E_NOTFOUND ? 0 : x;
}

static int close_other(struct merging *g, const struct kase *kept,
		       const struct kase *gone)
{
	char a[DATE_TEXT], b[DATE_TEXT];
	int x = 0;

	date_format(kept->opened, a);
	date_format(gone->opened, b);
	if (gone->opened < kept->opened)
		x = step(g, "care_case", kept->id, "opened", a, b);
	if (x == 0)
		x = step(g, "care_case", gone->id, "closed", NULL, g->today);
	if (x == 0)
		x = step(g, "care_case", gone->id, "close_reason", NULL,
			 "merged");
	return x;
}

static int one_open_case(struct merging *g)
{
	struct kase kept, gone;
	int x;

	x = kase_of_child(g->r->db, g->m.kept, &kept);
	if (x == 0)
		x = kase_of_child(g->r->db, g->m.gone, &gone);
	if (x == E_NOTFOUND) {
		err_clear();
		return 0;
	}
	if (x == 0)
		x = one_lead(g, kept.id, gone.id);
	if (x == 0)
		x = one_assignment(g, kept.id, gone.id);
	if (x == 0)
		x = move_references(g, "care_case", gone.id, kept.id);
	return x < 0 ? x : close_other(g, &kept, &gone);
}

static int make_way(struct merging *g)
{
	int x;

	if ((x = one_open_case(g)) < 0 || (x = one_home(g)) < 0 ||
	    (x = give_way(g, "family_child", "main = 1 AND until IS NULL",
			  "main", "1", "0")) < 0 ||
	    (x = give_way(g, "reach", "preferred = 1", "preferred", "1", "0")) <
		    0)
		return x;
	return give_way(g, "child_practice", "until IS NULL", "until", NULL,
			g->today);
}

/* --- imports: they refer by table and number, in a table without rowids --- */

static int move_imports(struct merging *g)
{
	int x;

	x = db_run(g->r->db,
		   "INSERT INTO child_merge_import (child_merge, source, type,"
		   " source_id) SELECT ?1, source, type, source_id FROM"
		   " imported WHERE local_table = 'child' AND local_id = ?2",
		   "ii", g->m.id, g->m.gone);
	if (x == 0)
		x = db_run(g->r->db,
			   "UPDATE imported SET local_id = ?1"
			   " WHERE local_table = 'child' AND local_id = ?2",
			   "ii", g->m.kept, g->m.gone);
	return x;
}

static int return_imports(struct merging *g)
{
	return db_run(g->r->db,
		      "UPDATE imported SET local_id = ?1"
		      " WHERE local_table = 'child' AND local_id = ?2"
		      " AND (source, type, source_id) IN (SELECT source, type,"
		      " source_id FROM child_merge_import"
		      " WHERE child_merge = ?3)",
		      "iii", g->m.gone, g->m.kept, g->m.id);
}

/* --- merging --- */

static int merge_checks(struct records *r, int64_t kept, int64_t gone)
{
	char a[DATE_TEXT], b[DATE_TEXT];
	struct child k, g;
	int x;

	if (kept == gone)
		return err_set(E_INVALID,
			       "Child %lld can't be merged into "
			       "itself",
			       (long long)kept);
	if ((x = child_here(r->db, kept, &k)) < 0 ||
	    (x = child_here(r->db, gone, &g)) < 0)
		return x;
	if (k.birth == g.birth)
		return 0;
	return err_set(E_STATE,
		       "Child %lld was born on %s and child %lld on %s; if "
		       "they are one, correct the wrong date first",
		       (long long)kept, date_format(k.birth, a),
		       (long long)gone, date_format(g.birth, b));
}

static int merge_insert(struct merging *g)
{
	char kept[24], gone[24];
	const struct audit_field f[] = {
		{"kept", NULL, field_id_text(g->m.kept, kept)},
		{"gone", NULL, field_id_text(g->m.gone, gone)},
		{"merged", NULL, g->today},
	};

	return row_insert(g->r, "child_merge", f, 3, &g->m.id);
}

static int point_to(struct merging *g)
{
	char kept[24];

	return step(g, "child", g->m.gone, "merged_into", NULL,
		    field_id_text(g->m.kept, kept));
}

int merge_children(struct records *r, int64_t kept, int64_t gone, int64_t *id)
{
	struct merging g = {.r = r, .m = {.kept = kept, .gone = gone}};
	int x;

	date_format(records_today(r), g.today);
	x = records_begin(r);
	if (x < 0)
		return x;
	if ((x = merge_checks(r, kept, gone)) == 0 &&
	    (x = merge_insert(&g)) == 0 && (x = make_way(&g)) == 0 &&
	    (x = move_references(&g, "child", gone, kept)) == 0 &&
	    (x = move_imports(&g)) == 0)
		x = point_to(&g);
	x = records_end(r, x);
	if (x == 0)
		*id = g.m.id;
	return x;
}

/* --- undoing --- */

struct taken {
	int64_t id, row;
	char record[NAME], field[NAME], was[NAME], now[NAME];
	bool no_was, no_now;
};

static int newest_step(struct merging *g, int64_t before, struct taken *t)
{
	struct rows rows;
	int x;

	x = db_rows(g->r->db, &rows,
		    "SELECT id, record, row, field, was, now"
		    " FROM child_merge_step WHERE child_merge = ? AND id < ?"
		    " ORDER BY id DESC LIMIT 1",
		    "ii", g->m.id, before);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		t->id = rows_int(&rows, 0);
		field_copy(t->record, NAME, rows_text(&rows, 1));
		t->row = rows_int(&rows, 2);
		field_copy(t->field, NAME, rows_text(&rows, 3));
		field_copy(t->was, NAME, rows_text(&rows, 4));
		field_copy(t->now, NAME, rows_text(&rows, 5));
		t->no_was = rows_null(&rows, 4);
		t->no_now = rows_null(&rows, 5);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = E_NOTFOUND;
	}
	rows_end(&rows);
	return x;
}

static int take_back(struct merging *g, const struct taken *t)
{
	const char *was = t->no_was ? NULL : t->was;
	const char *now = t->no_now ? NULL : t->now;
	int x = change(g, t->record, t->row, t->field, now, was);

	if (x != E_STATE)
		return x;
	return err_set(E_STATE,
		       "The merge can't be undone: %s of %s %lld has changed "
		       "since",
		       t->field, t->record, (long long)t->row);
}

static int take_all_back(struct merging *g)
{
	struct taken t = {.id = INT64_MAX};
	int x;

	while ((x = newest_step(g, t.id, &t)) == 0) {
		x = take_back(g, &t);
		if (x < 0)
			return x;
	}
	return x == E_NOTFOUND ? return_imports(g) : x;
}

int merge_undo(struct records *r, int64_t id)
{
	struct merging g = {.r = r};
	char day[DATE_TEXT];
	int x;

	date_format(records_today(r), g.today);
	x = records_begin(r);
	if (x < 0)
		return x;
	x = merge_get(r->db, id, &g.m);
	if (x == 0 && g.m.undone != NO_DATE)
		x = err_set(E_STATE, "Merge %lld was undone already, on %s",
			    (long long)id, date_format(g.m.undone, day));
	if (x == 0)
		x = take_all_back(&g);
	if (x == 0) {
		const struct audit_field f = {"undone", NULL, g.today};

		x = row_update(r, "child_merge", id, &f, 1);
	}
	return records_end(r, x);
}

/* --- reading --- */

static void merge_row(struct rows *rows, struct merge *m)
{
	m->id = rows_int(rows, 0);
	m->kept = rows_int(rows, 1);
	m->gone = rows_int(rows, 2);
	m->merged = field_day_of_sql(rows_text(rows, 3));
	m->undone = field_day_of_sql(rows_text(rows, 4));
}

int merge_get(struct db *db, int64_t id, struct merge *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, kept, gone, merged, undone FROM child_merge"
		    " WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		merge_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no merge %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int merge_list(struct db *db, int64_t child,
	       int (*fn)(void *arg, const struct merge *m), void *arg)
{
	struct merge m;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, kept, gone, merged, undone FROM child_merge"
		    " WHERE ?1 = 0 OR kept = ?1 OR gone = ?1 ORDER BY id DESC",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		merge_row(&rows, &m);
		x = fn(arg, &m);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int merge_suspects(struct db *db,
		   int (*fn)(void *arg, int64_t one, int64_t other), void *arg)
{
	static const char sql[] =
		"SELECT a.id, b.id FROM child a JOIN child b"
		" ON b.birth = a.birth AND b.id > a.id"
		" WHERE a.merged_into IS NULL AND b.merged_into IS NULL"
		" AND (a.given = b.given COLLATE NOCASE"
		" OR a.family = b.family COLLATE NOCASE) ORDER BY 1, 2";
	struct rows rows;
	int x;

	x = db_rows(db, &rows, sql, "");
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = fn(arg, rows_int(&rows, 0), rows_int(&rows, 1));
	rows_end(&rows);
	return x < 0 ? x : 0;
}
