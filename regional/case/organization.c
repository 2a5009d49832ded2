#include "regional/case/organization.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"

static const char *yes_no(bool b)
{
	return b ? "1" : "0";
}

/* E_EXISTS alone does not say what exists. */
static int named_twice(int x, const char *what, const char *name)
{
	if (x != E_EXISTS)
		return x;
	return err_set(E_EXISTS, "There is %s called \"%s\" already", what,
		       name);
}

static int organization_check(const struct organization *o)
{
	int x = field_text("name of the organization", o->name, sizeof o->name);

	if (x < 0)
		return x;
	if (!*o->name)
		return err_set(E_INVALID, "An organization needs a name");
	return 0;
}

static int organization_insert(struct records *r, const struct organization *o,
			       int64_t *id)
{
	const struct audit_field f[] = {
		{"name", NULL, o->name},
		{"active", NULL, yes_no(o->active)},
	};
	int x;

	x = db_run(r->db,
		   "INSERT INTO organization (name, active) VALUES (?, ?)",
		   "si", o->name, (int64_t)o->active);
	if (x < 0)
		return named_twice(x, "an organization", o->name);
	*id = db_last_id(r->db);
	return audit_changes(r, "organization", *id, f, 2);
}

int organization_add(struct records *r, const struct organization *o,
		     int64_t *id)
{
	int64_t new_id = 0;
	int x;

	x = organization_check(o);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = records_end(r, organization_insert(r, o, &new_id));
	if (x == 0)
		*id = new_id;
	return x;
}

static int organization_write(struct records *r, const struct organization *o)
{
	struct organization was;
	int x;

	x = organization_get(r->db, o->id, &was);
	if (x < 0)
		return x;
	x = db_run(r->db,
		   "UPDATE organization SET name = ?, active = ? WHERE id = ?",
		   "sii", o->name, (int64_t)o->active, o->id);
	if (x < 0)
		return named_twice(x, "an organization", o->name);
	return audit_changes(
		r, "organization", o->id,
		(const struct audit_field[]){
			{"name", was.name, o->name},
			{"active", yes_no(was.active), yes_no(o->active)},
		},
		2);
}

int organization_update(struct records *r, const struct organization *o)
{
	int x;

	x = organization_check(o);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	return records_end(r, organization_write(r, o));
}

static void organization_row(struct rows *rows, struct organization *o)
{
	o->id = rows_int(rows, 0);
	field_copy(o->name, sizeof o->name, rows_text(rows, 1));
	o->active = rows_int(rows, 2) != 0;
}

int organization_get(struct db *db, int64_t id, struct organization *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, name, active FROM organization WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		organization_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no organization %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int organization_list(struct db *db, const char *text, int64_t offset,
		      int64_t limit,
		      int (*fn)(void *arg, const struct organization *o),
		      void *arg)
{
	static const char sql[] =
		"SELECT id, name, active FROM organization"
		" WHERE name LIKE ?1 ESCAPE '\\' AND name LIKE ?2 ESCAPE '\\'"
		" AND name LIKE ?3 ESCAPE '\\' AND name LIKE ?4 ESCAPE '\\'"
		" AND name LIKE ?5 ESCAPE '\\' AND name LIKE ?6 ESCAPE '\\'"
		" AND name LIKE ?7 ESCAPE '\\' AND name LIKE ?8 ESCAPE '\\'"
		" ORDER BY name, id LIMIT ?9 OFFSET ?10";
	struct organization o;
	struct field_search s;
	struct rows rows;
	int x;

	x = field_search(text, &s);
	if (x < 0)
		return x;
	x = db_rows(db, &rows, sql, "ssssssssii", s.like[0], s.like[1],
		    s.like[2], s.like[3], s.like[4], s.like[5], s.like[6],
		    s.like[7], limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		organization_row(&rows, &o);
		x = fn(arg, &o);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
