#include "regional/case/staff.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS "id, name, role, started, ended"

enum { FTE_MAX = 2 * FTE_ONE };

static void staff_row(struct rows *rows, struct staff *s)
{
	memset(s, 0, sizeof *s);
	s->id = rows_int(rows, 0);
	field_copy(s->name, sizeof s->name, rows_text(rows, 1));
	field_copy(s->role, sizeof s->role, rows_text(rows, 2));
	s->started = field_day_of_sql(rows_text(rows, 3));
	s->ended = field_day_of_sql(rows_text(rows, 4));
}

static int check_staff(struct records *r, const struct staff *s)
{
	int x = field_text("name", s->name, sizeof s->name);

	if (x < 0)
		return x;
	if (!*s->name)
		return err_set(E_INVALID, "A member of the staff has a name");
	return field_word(r->words, WORDS_STAFF_ROLE, "role", s->role);
}

static int check_fte(int fte)
{
	if (fte >= 0 && fte <= FTE_MAX)
		return 0;
	return err_set(E_INVALID, "The full-time equivalent is from 0 to %d",
		       FTE_MAX / FTE_ONE);
}

/* The day of the change is in the key, so it is in the field's name too. */
static int write_fte(struct records *r, int64_t staff, int32_t since, int fte)
{
	char was[24] = "", now[24], field[24], day[DATE_TEXT];
	int x;

	date_format(since, day);
	snprintf(field, sizeof field, "fte %s", day);
	x = db_text(r->db, was, sizeof was,
		    "SELECT fte FROM staff_fte WHERE staff = ? AND since = ?",
		    "is", staff, day);
	if (x < 0 && x != E_NOTFOUND)
		return x;
	snprintf(now, sizeof now, "%d", fte);
	if (strcmp(was, now) == 0)
		return 0;
	x = db_run(r->db,
		   "INSERT INTO staff_fte (staff, since, fte) VALUES (?, ?, ?)"
		   " ON CONFLICT (staff, since) DO UPDATE"
		   " SET fte = excluded.fte",
		   "isi", staff, day, (int64_t)fte);
	if (x < 0)
		return x;
	return audit_change(r, "staff", staff, field, field_sql_text(was), now);
}

int staff_add(struct records *r, const struct staff *s, int fte, int64_t *id)
{
	char day[DATE_TEXT];
	const struct audit_field f[] = {
		{"name", NULL, s->name},
		{"role", NULL, s->role},
		{"started", NULL, day},
	};
	int64_t new_id = 0;
	int x;

	if ((x = check_staff(r, s)) < 0 || (x = check_fte(fte)) < 0 ||
	    (x = field_day(r, "first day of work", s->started)) < 0)
		return x;
	date_format(s->started, day);
	x = records_begin(r);
	if (x < 0)
		return x;
	x = row_insert(r, "staff", f, 3, &new_id);
	if (x == 0)
		x = write_fte(r, new_id, s->started, fte);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int staff_update(struct records *r, const struct staff *s)
{
	struct staff was;
	int x;

	x = check_staff(r, s);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = staff_get(r->db, s->id, &was);
	if (x == 0) {
		const struct audit_field f[] = {
			{"name", was.name, s->name},
			{"role", was.role, s->role},
		};

		x = row_update(r, "staff", s->id, f, 2);
	}
	return records_end(r, x);
}

static int end_checks(struct records *r, const struct staff *s, int32_t on)
{
	int64_t n;
	int x;

	if (s->ended != NO_DATE)
		return err_set(E_STATE, "%s has left already", s->name);
	if ((x = field_day(r, "last day of work", on)) < 0 ||
	    (x = field_order("last day of work", on, s->started, "the first")) <
		    0)
		return x;
	x = db_int(r->db, &n,
		   "SELECT count(*) FROM assignment a"
		   " JOIN care_case k ON k.id = a.kase"
		   " WHERE a.staff = ? AND a.until IS NULL"
		   " AND k.closed IS NULL",
		   "i", s->id);
	if (x < 0 || n == 0)
		return x;
	return err_set(E_STATE,
		       "%lld open case%s assigned to %s; assign %s to "
		       "somebody else first",
		       (long long)n, n == 1 ? " is" : "s are", s->name,
		       n == 1 ? "it" : "them");
}

int staff_end(struct records *r, int64_t id, int32_t on)
{
	char day[DATE_TEXT];
	struct staff s;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = staff_get(r->db, id, &s);
	if (x == 0)
		x = end_checks(r, &s, on);
	if (x == 0) {
		struct audit_field f = {"ended", NULL, date_format(on, day)};

		x = row_update(r, "staff", id, &f, 1);
	}
	return records_end(r, x);
}

int staff_get(struct db *db, int64_t id, struct staff *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM staff WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		staff_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no member of the staff %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int staff_working(struct db *db, int64_t id, int32_t on, struct staff *out)
{
	char day[DATE_TEXT];
	struct staff s;
	int x = staff_get(db, id, &s);

	if (x < 0)
		return x;
	if (on < s.started || (s.ended != NO_DATE && on > s.ended))
		return err_set(E_STATE, "%s does not work here on %s", s.name,
			       date_format(on, day));
	if (out)
		*out = s;
	return 0;
}

int staff_list(struct db *db, const char *role, int32_t on, int64_t offset,
	       int64_t limit, int (*fn)(void *arg, const struct staff *s),
	       void *arg)
{
	char day[DATE_TEXT];
	struct rows rows;
	struct staff s;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM staff WHERE (?1 = '' OR role = ?1)"
		    " AND (?2 IS NULL OR (started <= ?2"
		    " AND (ended IS NULL OR ended >= ?2)))"
		    " ORDER BY name COLLATE NOCASE, id LIMIT ?3 OFFSET ?4",
		    "ssii", role, field_sql_day(on, day), limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		staff_row(&rows, &s);
		x = fn(arg, &s);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* --- how much they work --- */

int staff_fte_set(struct records *r, int64_t staff, int32_t since, int fte)
{
	int x;

	x = check_fte(fte);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	if (since == NO_DATE)
		x = err_set(E_INVALID, "Say from which day on");
	else
		x = staff_working(r->db, staff, since, NULL);
	if (x == 0)
		x = write_fte(r, staff, since, fte);
	return records_end(r, x);
}

int staff_fte_on(struct db *db, int64_t staff, int32_t on, int *fte)
{
	char day[DATE_TEXT];
	int64_t v = 0;
	int x;

	x = db_int(db, &v,
		   "SELECT f.fte FROM staff_fte f JOIN staff s"
		   " ON s.id = f.staff WHERE f.staff = ?1 AND f.since <= ?2"
		   " AND s.started <= ?2"
		   " AND (s.ended IS NULL OR s.ended >= ?2)"
		   " ORDER BY f.since DESC LIMIT 1",
		   "is", staff, date_format(on, day));
	*fte = (int)v;
	return x == E_NOTFOUND ? 0 : x;
}

int staff_fte_list(struct db *db, int64_t staff,
		   int (*fn)(void *arg, const struct staff_fte *f), void *arg)
{
	struct staff_fte f = {.staff = staff};
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT since, fte FROM staff_fte WHERE staff = ?"
		    " ORDER BY since",
		    "i", staff);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		f.since = field_day_of_sql(rows_text(&rows, 0));
		f.fte = (int)rows_int(&rows, 1);
		x = fn(arg, &f);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* --- training and credentials --- */

static int check_training(struct records *r, const struct staff_training *t)
{
	int x;

	if (strcmp(t->kind, "training") != 0 &&
	    strcmp(t->kind, "credential") != 0)
		return err_set(E_INVALID,
			       "\"%.15s\" is neither training nor credential",
			       t->kind);
	if ((x = field_text("title", t->title, sizeof t->title)) < 0)
		return x;
	if (!*t->title)
		return err_set(E_INVALID, "Say which %s it is", t->kind);
	if ((x = field_day(r, "day of it", t->since)) < 0 ||
	    t->expires == NO_DATE)
		return x;
	return field_order("day on which it expires", t->expires, t->since,
			   "the day of it");
}

int staff_train(struct records *r, const struct staff_training *t, int64_t *id)
{
	char staff[24], since[DATE_TEXT], expires[DATE_TEXT];
	const struct audit_field f[] = {
		{"staff", NULL, field_id_text(t->staff, staff)},
		{"kind", NULL, t->kind},
		{"title", NULL, t->title},
		{"since", NULL, since},
		{"expires", NULL, field_sql_day(t->expires, expires)},
	};
	int64_t new_id = 0;
	struct staff s;
	int x;

	x = check_training(r, t);
	if (x < 0)
		return x;
	date_format(t->since, since);
	x = records_begin(r);
	if (x < 0)
		return x;
	x = staff_get(r->db, t->staff, &s);
	if (x == 0)
		x = row_insert(r, "staff_training", f, 5, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int staff_training_list(struct db *db, int64_t staff, int32_t expired_by,
			int (*fn)(void *arg, const struct staff_training *t),
			void *arg)
{
	struct staff_training t;
	char day[DATE_TEXT];
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, staff, kind, title, since, expires"
		    " FROM staff_training WHERE (?1 = 0 OR staff = ?1)"
		    " AND (?2 IS NULL OR expires <= ?2)"
		    " ORDER BY expires IS NULL, expires, since, id",
		    "is", staff, field_sql_day(expired_by, day));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		memset(&t, 0, sizeof t);
		t.id = rows_int(&rows, 0);
		t.staff = rows_int(&rows, 1);
		field_copy(t.kind, sizeof t.kind, rows_text(&rows, 2));
		field_copy(t.title, sizeof t.title, rows_text(&rows, 3));
		t.since = field_day_of_sql(rows_text(&rows, 4));
		t.expires = field_day_of_sql(rows_text(&rows, 5));
		x = fn(arg, &t);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
