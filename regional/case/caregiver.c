#include "regional/case/caregiver.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/family.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS "id, family, given, surname, language, interpreter, active"

enum { FIELDS = 6 };

static void caregiver_row(struct rows *rows, struct caregiver *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	c->family = rows_int(rows, 1);
	field_copy(c->given, sizeof c->given, rows_text(rows, 2));
	field_copy(c->surname, sizeof c->surname, rows_text(rows, 3));
	field_copy(c->language, sizeof c->language, rows_text(rows, 4));
	if (!rows_null(rows, 5))
		c->interpreter = rows_int(rows, 5) ? CAREGIVER_NEEDS_ONE
						   : CAREGIVER_NEEDS_NONE;
	c->active = rows_int(rows, 6) != 0;
}

static int caregiver_check(const struct records *r, const struct caregiver *c)
{
	int x;

	if ((x = field_text("given name", c->given, sizeof c->given)) < 0 ||
	    (x = field_text("family name", c->surname, sizeof c->surname)) < 0)
		return x;
	if (!*c->given && !*c->surname)
		return err_set(E_INVALID, "A caregiver needs a given name, a "
					  "family name, or both");
	if (!*c->language)
		return 0;
	return field_word(r->words, WORDS_LANGUAGE, "language", c->language);
}

static const char *help_text(enum caregiver_help h)
{
	if (h == CAREGIVER_AS_FAMILY)
		return NULL;
	return row_flag(h == CAREGIVER_NEEDS_ONE);
}

static void caregiver_fields(struct audit_field out[FIELDS],
			     const struct caregiver *was,
			     const struct caregiver *now, char family[2][24])
{
	const struct caregiver none = {0};
	const struct caregiver *w = was ? was : &none;
	const struct audit_field f[FIELDS] = {
		{"family", field_id_text(w->family, family[0]),
		 field_id_text(now->family, family[1])},
		{"given", field_sql_text(w->given), field_sql_text(now->given)},
		{"surname", field_sql_text(w->surname),
		 field_sql_text(now->surname)},
		{"language", field_sql_text(w->language),
		 field_sql_text(now->language)},
		{"interpreter", help_text(w->interpreter),
		 help_text(now->interpreter)},
		{"active", was ? row_flag(w->active) : NULL,
		 row_flag(now->active)},
	};

	memcpy(out, f, sizeof f);
}

int caregiver_add(struct records *r, const struct caregiver *c, int64_t *id)
{
	struct audit_field fields[FIELDS];
	char text[2][24];
	struct family f;
	int x;

	x = caregiver_check(r, c);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = family_get(r->db, c->family, &f);
	if (x == 0) {
		caregiver_fields(fields, NULL, c, text);
		x = row_insert(r, "caregiver", fields, FIELDS, id);
	}
	return records_end(r, x);
}

int caregiver_update(struct records *r, const struct caregiver *c)
{
	struct audit_field fields[FIELDS];
	struct caregiver was;
	char text[2][24];
	struct family f;
	int x;

	x = caregiver_check(r, c);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = caregiver_get(r->db, c->id, &was);
	if (x == 0)
		x = family_get(r->db, c->family, &f);
	if (x == 0) {
		caregiver_fields(fields, &was, c, text);
		x = row_update(r, "caregiver", c->id, fields, FIELDS);
	}
	return records_end(r, x);
}

int caregiver_get(struct db *db, int64_t id, struct caregiver *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM caregiver WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		caregiver_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no caregiver %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int caregiver_list(struct db *db, int64_t family,
		   int (*fn)(void *arg, const struct caregiver *c), void *arg)
{
	struct caregiver c;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM caregiver WHERE family = ?"
		    " ORDER BY active DESC, id",
		    "i", family);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		caregiver_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
