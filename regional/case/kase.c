#include "regional/case/kase.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/case/child.h"

#define COLUMNS "id, child, opened, closed, errored, close_reason, moved_region"

static void kase_row(struct rows *rows, struct kase *k)
{
	k->id = rows_int(rows, 0);
	k->child = rows_int(rows, 1);
	k->opened = field_day_of_sql(rows_text(rows, 2));
	k->closed = field_day_of_sql(rows_text(rows, 3));
	k->errored = field_day_of_sql(rows_text(rows, 4));
	field_copy(k->close_reason, sizeof k->close_reason, rows_text(rows, 5));
	field_copy(k->moved_region, sizeof k->moved_region, rows_text(rows, 6));
}

static int kase_open_checks(struct records *r, int64_t child, int32_t opened)
{
	struct child c;
	int64_t other;
	int x;

	if ((x = field_day(r, "opening date", opened)) < 0 ||
	    (x = child_here(r->db, child, &c)) < 0 ||
	    (x = field_order("opening date", opened, c.birth,
			     "the child's birth date")) < 0)
		return x;
	x = db_int(
		r->db, &other,
		"SELECT id FROM care_case WHERE child = ? AND closed IS NULL",
		"i", child);
	if (x == 0)
		return err_set(E_EXISTS,
			       "Child %lld has an open case already, number "
			       "%lld; close it before opening another",
			       (long long)child, (long long)other);
	return x == E_NOTFOUND ? 0 : x;
}

static int kase_insert(struct records *r, int64_t child, int32_t opened,
		       int64_t *id)
{
	char child_text[24], day[DATE_TEXT];
	int x;

	x = db_run(r->db, "INSERT INTO care_case (child, opened) VALUES (?, ?)",
		   "is", child, date_format(opened, day));
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	x = audit_change(r, "care_case", *id, "child", NULL,
			 field_id_text(child, child_text));
	if (x < 0)
		return x;
	return audit_change(r, "care_case", *id, "opened", NULL, day);
}

int kase_open(struct records *r, int64_t child, int32_t opened, int64_t *id)
{
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = kase_open_checks(r, child, opened);
	if (x == 0)
		x = kase_insert(r, child, opened, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int kase_close_checks(struct records *r, const struct kase *k,
			     int32_t closed)
{
	char last[DATE_TEXT];
	int64_t open;
	int x;

	if (k->closed != NO_DATE)
		return err_set(E_STATE, "Case %lld is closed already, on %s",
			       (long long)k->id, date_format(k->closed, last));
	if ((x = field_day(r, "closing date", closed)) < 0 ||
	    (x = field_order("closing date", closed, k->opened,
			     "the day the case was opened")) < 0)
		return x;
	x = db_int(
		r->db, &open,
		"SELECT count(*) FROM need WHERE kase = ? AND closed IS NULL",
		"i", k->id);
	if (x < 0)
		return x;
	if (open > 0)
		return err_set(
			E_STATE,
			"Case %lld has %lld open need%s; close %s as met "
			"or unmet first",
			(long long)k->id, (long long)open, open == 1 ? "" : "s",
			open == 1 ? "it" : "them");
	x = db_text(r->db, last, sizeof last,
		    "SELECT max(closed) FROM need WHERE kase = ?", "i", k->id);
	if (x < 0 || !*last)
		return x;
	return field_order("closing date", closed, field_day_of_sql(last),
			   "the day its last need was closed");
}

int kase_close(struct records *r, int64_t id, int32_t closed)
{
	char day[DATE_TEXT];
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = kase_get(r->db, id, &k);
	if (x == 0)
		x = kase_close_checks(r, &k, closed);
	if (x == 0)
		x = db_run(r->db,
			   "UPDATE care_case SET closed = ? WHERE id = ?", "si",
			   date_format(closed, day), id);
	if (x == 0)
		x = audit_change(r, "care_case", id, "closed", NULL, day);
	return records_end(r, x);
}

static int kase_mark(struct records *r, const struct kase *k)
{
	char today[DATE_TEXT];
	int x;

	if (k->errored != NO_DATE)
		return 0;
	date_format(records_today(r), today);
	x = db_run(r->db,
		   "UPDATE care_case SET errored = ?1,"
		   " closed = coalesce(closed, max(opened, ?1)) WHERE id = ?2",
		   "si", today, k->id);
	if (x == 0 && k->closed == NO_DATE)
		x = audit_change(r, "care_case", k->id, "closed", NULL, today);
	if (x == 0)
		x = audit_change(r, "care_case", k->id, "errored", NULL, today);
	return x;
}

int kase_error(struct records *r, int64_t id)
{
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = kase_get(r->db, id, &k);
	if (x == 0)
		x = kase_mark(r, &k);
	return records_end(r, x);
}

int kase_get(struct db *db, int64_t id, struct kase *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM care_case WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		kase_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no case %lld", (long long)id);
	}
	rows_end(&rows);
	return x;
}

int kase_of_child(struct db *db, int64_t child, struct kase *out)
{
	int64_t id;
	int x;

	x = db_int(
		db, &id,
		"SELECT id FROM care_case WHERE child = ? AND closed IS NULL",
		"i", child);
	if (x == E_NOTFOUND)
		return err_set(E_NOTFOUND, "Child %lld has no open case",
			       (long long)child);
	if (x < 0)
		return x;
	return kase_get(db, id, out);
}

int kase_list(struct db *db, int64_t child, bool open_only, int64_t offset,
	      int64_t limit, int (*fn)(void *arg, const struct kase *k),
	      void *arg)
{
	static const char of_child[] =
		"SELECT " COLUMNS " FROM care_case WHERE child = ?1"
		" AND (?2 = 0 OR closed IS NULL)"
		" ORDER BY opened DESC, id DESC LIMIT ?3 OFFSET ?4";
	static const char all[] =
		"SELECT " COLUMNS " FROM care_case WHERE ?1 = 0"
		" AND errored IS NULL AND (?2 = 0 OR closed IS NULL)"
		" ORDER BY opened DESC, id DESC LIMIT ?3 OFFSET ?4";
	struct rows rows;
	struct kase k;
	int x;

	x = db_rows(db, &rows, child ? of_child : all, "iiii", child,
		    (int64_t)open_only, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		kase_row(&rows, &k);
		x = fn(arg, &k);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
