#include "regional/case/practice.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS "id, name, phone, fax, address, zip, medical_home, active"

enum { FIELDS = 7 };

static void practice_row(struct rows *rows, struct practice *p)
{
	memset(p, 0, sizeof *p);
	p->id = rows_int(rows, 0);
	field_copy(p->name, sizeof p->name, rows_text(rows, 1));
	field_copy(p->phone, sizeof p->phone, rows_text(rows, 2));
	field_copy(p->fax, sizeof p->fax, rows_text(rows, 3));
	field_copy(p->address, sizeof p->address, rows_text(rows, 4));
	field_copy(p->zip, sizeof p->zip, rows_text(rows, 5));
	p->medical_home = rows_int(rows, 6) != 0;
	p->active = rows_int(rows, 7) != 0;
}

static int practice_check(const struct practice *p)
{
	int x;

	if ((x = field_text("practice's name", p->name, sizeof p->name)) < 0 ||
	    (x = field_text("telephone number", p->phone, sizeof p->phone)) <
		    0 ||
	    (x = field_text("fax number", p->fax, sizeof p->fax)) < 0 ||
	    (x = field_text("address", p->address, sizeof p->address)) < 0 ||
	    (x = field_text("ZIP code", p->zip, sizeof p->zip)) < 0 ||
	    (x = field_zip(p->zip)) < 0)
		return x;
	return *p->name ? 0 : err_set(E_INVALID, "A practice needs a name");
}

static void practice_fields(struct audit_field out[FIELDS],
			    const struct practice *was,
			    const struct practice *now)
{
	const struct practice none = {0};
	const struct practice *w = was ? was : &none;
	const struct audit_field f[FIELDS] = {
		{"name", field_sql_text(w->name), now->name},
		{"phone", field_sql_text(w->phone), field_sql_text(now->phone)},
		{"fax", field_sql_text(w->fax), field_sql_text(now->fax)},
		{"address", field_sql_text(w->address),
		 field_sql_text(now->address)},
		{"zip", field_sql_text(w->zip), field_sql_text(now->zip)},
		{"medical_home", was ? row_flag(w->medical_home) : NULL,
		 row_flag(now->medical_home)},
		{"active", was ? row_flag(w->active) : NULL,
		 row_flag(now->active)},
	};

	memcpy(out, f, sizeof f);
	for (int i = 0; !was && i < FIELDS; i++)
		out[i].was = NULL;
}

static int name_taken(int x, const struct practice *p)
{
	if (x != E_EXISTS)
		return x;
	return err_set(E_EXISTS, "There is a practice \"%s\" already", p->name);
}

int practice_add(struct records *r, const struct practice *p, int64_t *id)
{
	struct audit_field f[FIELDS];
	int x;

	x = practice_check(p);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	practice_fields(f, NULL, p);
	x = name_taken(row_insert(r, "practice", f, FIELDS, id), p);
	return records_end(r, x);
}

int practice_update(struct records *r, const struct practice *p)
{
	struct audit_field f[FIELDS];
	struct practice was;
	int x;

	x = practice_check(p);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = practice_get(r->db, p->id, &was);
	if (x == 0) {
		practice_fields(f, &was, p);
		x = name_taken(row_update(r, "practice", p->id, f, FIELDS), p);
	}
	return records_end(r, x);
}

int practice_get(struct db *db, int64_t id, struct practice *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM practice WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		practice_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no practice %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int practice_list(struct db *db, const char *text, int64_t offset,
		  int64_t limit, int (*fn)(void *arg, const struct practice *p),
		  void *arg)
{
	static const char sql[] =
		"SELECT " COLUMNS " FROM practice"
		" WHERE name LIKE ?1 ESCAPE '\\' AND name LIKE ?2 ESCAPE '\\'"
		" AND name LIKE ?3 ESCAPE '\\' AND name LIKE ?4 ESCAPE '\\'"
		" AND name LIKE ?5 ESCAPE '\\' AND name LIKE ?6 ESCAPE '\\'"
		" AND name LIKE ?7 ESCAPE '\\' AND name LIKE ?8 ESCAPE '\\'"
		" ORDER BY name, id LIMIT ?9 OFFSET ?10";
	struct field_search s;
	struct practice p;
	struct rows rows;
	int x;

	x = field_search(text, &s);
	if (x < 0)
		return x;
	x = db_rows(db, &rows, sql, "ssssssssii", s.like[0], s.like[1],
		    s.like[2], s.like[3], s.like[4], s.like[5], s.like[6],
		    s.like[7], limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		practice_row(&rows, &p);
		x = fn(arg, &p);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
