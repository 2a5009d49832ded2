#include "regional/case/family.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS "id, name, language, interpreter, address, zip"

enum { FIELDS = 5 };

static void family_row(struct rows *rows, struct family *f)
{
	memset(f, 0, sizeof *f);
	f->id = rows_int(rows, 0);
	field_copy(f->name, sizeof f->name, rows_text(rows, 1));
	field_copy(f->language, sizeof f->language, rows_text(rows, 2));
	f->interpreter = rows_int(rows, 3) != 0;
	field_copy(f->address, sizeof f->address, rows_text(rows, 4));
	field_copy(f->zip, sizeof f->zip, rows_text(rows, 5));
}

static int family_check(const struct records *r, const struct family *f)
{
	int x;

	if ((x = field_text("family's name", f->name, sizeof f->name)) < 0 ||
	    (x = field_text("address", f->address, sizeof f->address)) < 0 ||
	    (x = field_text("ZIP code", f->zip, sizeof f->zip)) < 0 ||
	    (x = field_zip(f->zip)) < 0)
		return x;
	if (!*f->name)
		return err_set(E_INVALID, "A family needs a name, like that of "
					  "who opens the door");
	if (!*f->language)
		return 0;
	return field_word(r->words, WORDS_LANGUAGE, "language", f->language);
}

/* @was NULL: a new one. */
static void family_fields(struct audit_field out[FIELDS],
			  const struct family *was, const struct family *now)
{
	const struct family none = {0};
	const struct family *w = was ? was : &none;
	const struct audit_field f[FIELDS] = {
		{"name", field_sql_text(w->name), now->name},
		{"language", field_sql_text(w->language),
		 field_sql_text(now->language)},
		{"interpreter", was ? row_flag(w->interpreter) : NULL,
		 row_flag(now->interpreter)},
		{"address", field_sql_text(w->address),
		 field_sql_text(now->address)},
		{"zip", field_sql_text(w->zip), field_sql_text(now->zip)},
	};

	memcpy(out, f, sizeof f);
	for (int i = 0; !was && i < FIELDS; i++)
		out[i].was = NULL;
}

int family_add(struct records *r, const struct family *f, int64_t *id)
{
	struct audit_field fields[FIELDS];
	int x;

	x = family_check(r, f);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	family_fields(fields, NULL, f);
	return records_end(r, row_insert(r, "family", fields, FIELDS, id));
}

int family_update(struct records *r, const struct family *f)
{
	struct audit_field fields[FIELDS];
	struct family was;
	int x;

	x = family_check(r, f);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = family_get(r->db, f->id, &was);
	if (x == 0) {
		family_fields(fields, &was, f);
		x = row_update(r, "family", f->id, fields, FIELDS);
	}
	return records_end(r, x);
}

int family_get(struct db *db, int64_t id, struct family *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM family WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		family_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no family %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int family_list(struct db *db, const char *text, int64_t offset, int64_t limit,
		int (*fn)(void *arg, const struct family *f), void *arg)
{
	static const char sql[] =
		"SELECT " COLUMNS " FROM family"
		" WHERE name LIKE ?1 ESCAPE '\\' AND name LIKE ?2 ESCAPE '\\'"
		" AND name LIKE ?3 ESCAPE '\\' AND name LIKE ?4 ESCAPE '\\'"
		" AND name LIKE ?5 ESCAPE '\\' AND name LIKE ?6 ESCAPE '\\'"
		" AND name LIKE ?7 ESCAPE '\\' AND name LIKE ?8 ESCAPE '\\'"
		" ORDER BY name COLLATE NOCASE, id LIMIT ?9 OFFSET ?10";
	struct field_search s;
	struct family f;
	struct rows rows;
	int x;

	x = field_search(text, &s);
	if (x < 0)
		return x;
	x = db_rows(db, &rows, sql, "ssssssssii", s.like[0], s.like[1],
		    s.like[2], s.like[3], s.like[4], s.like[5], s.like[6],
		    s.like[7], limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		family_row(&rows, &f);
		x = fn(arg, &f);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* --- who lives there --- */

#define HOME "id, family, child, main, since, until"

static void home_row(struct rows *rows, struct home *h)
{
	h->id = rows_int(rows, 0);
	h->family = rows_int(rows, 1);
	h->child = rows_int(rows, 2);
	h->main = rows_int(rows, 3) != 0;
	h->since = field_day_of_sql(rows_text(rows, 4));
	h->until = field_day_of_sql(rows_text(rows, 5));
}

/* 0, or E_NOTFOUND without a sentence. */
static int open_home(struct db *db, int64_t family, int64_t child,
		     struct home *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " HOME " FROM family_child WHERE child = ?1"
		    " AND (?2 = 0 OR family = ?2) AND until IS NULL"
		    " ORDER BY main DESC, id LIMIT 1",
		    "ii", child, family);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		home_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = E_NOTFOUND;
	}
	rows_end(&rows);
	return x;
}

static int set_main(struct records *r, int64_t home, bool main)
{
	const struct audit_field f = {"main", row_flag(!main), row_flag(main)};

	return row_update(r, "family_child", home, &f, 1);
}

static int home_insert(struct records *r, const struct home *h, int64_t *id)
{
	char family[24], child[24], day[DATE_TEXT];
	const struct audit_field f[] = {
		{"family", NULL, field_id_text(h->family, family)},
		{"child", NULL, field_id_text(h->child, child)},
		{"main", NULL, row_flag(h->main)},
		{"since", NULL, field_sql_day(h->since, day)},
	};

	return row_insert(r, "family_child", f, 4, id);
}

static int join_checks(struct records *r, const struct home *h)
{
	struct family f;
	struct child c;
	struct home old;
	int x;

	if ((x = family_get(r->db, h->family, &f)) < 0 ||
	    (x = child_here(r->db, h->child, &c)) < 0 ||
	    (x = field_span(r, "stay with the family", h->since, NO_DATE)) < 0)
		return x;
	if (h->since != NO_DATE &&
	    (x = field_order("first day of the stay with the family", h->since,
			     c.birth, "the child's birth date")) < 0)
		return x;
	x = open_home(r->db, h->family, h->child, &old);
	if (x == 0)
		return err_set(E_EXISTS,
			       "Child %lld lives with family %lld already",
			       (long long)h->child, (long long)h->family);
	return x == E_NOTFOUND ? 0 : x;
}

int family_join(struct records *r, int64_t family, int64_t child, bool main,
		int32_t since, int64_t *id)
{
	struct home h = {0, family, child, main, since, NO_DATE}, old;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = join_checks(r, &h);
	if (x == 0) {
		x = open_home(r->db, 0, child, &old);
		if (x == E_NOTFOUND) {
			h.main = true;
			x = 0;
		} else if (x == 0 && main && old.main) {
			x = set_main(r, old.id, false);
		}
	}
	if (x == 0)
		x = home_insert(r, &h, id);
	return records_end(r, x);
}

static int leave_checks(struct records *r, const struct home *h, int32_t on)
{
	int x = field_day(r, "last day with the family", on);

	if (x == 0 && h->since != NO_DATE)
		x = field_order("last day with the family", on, h->since,
				"the first");
	return x;
}

int family_leave(struct records *r, int64_t family, int64_t child, int32_t on)
{
	struct home h, rest;
	char day[DATE_TEXT];
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = open_home(r->db, family, child, &h);
	if (x == E_NOTFOUND)
		x = err_set(E_NOTFOUND,
			    "Child %lld does not live with family %lld",
			    (long long)child, (long long)family);
	if (x == 0)
		x = leave_checks(r, &h, on);
	if (x == 0) {
		const struct audit_field f = {"until", NULL,
					      date_format(on, day)};

		x = row_update(r, "family_child", h.id, &f, 1);
	}
	if (x == 0 && h.main) {
		x = open_home(r->db, 0, child, &rest);
		x = x == 0 ? set_main(r, rest.id, true)
			   : (x == E_NOTFOUND ? 0 : x);
	}
	return records_end(r, x);
}

int family_homes(struct db *db, int64_t child, int64_t family, int32_t day,
		 int (*fn)(void *arg, const struct home *h), void *arg)
{
	static const char sql[] =
		"SELECT " HOME " FROM family_child"
		" WHERE (?1 = 0 OR child = ?1) AND (?2 = 0 OR family = ?2)"
		" AND (?3 IS NULL OR (ifnull(since, ?3) <= ?3"
		" AND ifnull(until, ?3) >= ?3))"
		" ORDER BY until IS NOT NULL, main DESC, since, id";
	char on[DATE_TEXT];
	struct rows rows;
	struct home h;
	int x;

	x = db_rows(db, &rows, sql, "iis", child, family,
		    field_sql_day(day, on));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		home_row(&rows, &h);
		x = fn(arg, &h);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int family_siblings(struct db *db, int64_t child, int32_t day,
		    int (*fn)(void *arg, int64_t sibling), void *arg)
{
	static const char sql[] =
		"SELECT DISTINCT b.child FROM family_child a"
		" JOIN family_child b ON b.family = a.family"
		" AND b.child <> a.child WHERE a.child = ?1"
		" AND ifnull(a.since, ?2) <= ?2 AND ifnull(a.until, ?2) >= ?2"
		" AND ifnull(b.since, ?2) <= ?2 AND ifnull(b.until, ?2) >= ?2"
		" ORDER BY b.child";
	char on[DATE_TEXT];
	struct rows rows;
	int x;

	x = db_rows(db, &rows, sql, "is", child, date_format(day, on));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = fn(arg, rows_int(&rows, 0));
	rows_end(&rows);
	return x < 0 ? x : 0;
}
