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

static int service_check(struct records *r, const struct service *s)
{
	struct organization o;
	int x = field_text("name of the service", s->name, sizeof s->name);

	if (x < 0)
		return x;
	if (!*s->name)
		return err_set(E_INVALID, "A service needs a name");
	return s->organization ? organization_get(r->db, s->organization, &o)
			       : 0;
}

/* @was NULL: a new one. */
static int service_audit(struct records *r, int64_t id,
			 const struct service *was, const struct service *now)
{
	char a[24], b[24];
	struct audit_field f[] = {
		{"organization", NULL, field_id_text(now->organization, b)},
		{"name", NULL, now->name},
		{"active", NULL, yes_no(now->active)},
	};

	if (was) {
		f[0].was = field_id_text(was->organization, a);
		f[1].was = was->name;
		f[2].was = yes_no(was->active);
	}
	return audit_changes(r, "service", id, f, 3);
}

static int named_twice(int x, const struct service *s)
{
	if (x != E_EXISTS)
		return x;
	return err_set(E_EXISTS,
		       "The organization has a service called \"%s\" already",
		       s->name);
}

static int service_insert(struct records *r, const struct service *s,
			  int64_t *id)
{
	int x;

	x = service_check(r, s);
	if (x < 0)
		return x;
	x = db_run(r->db,
		   "INSERT INTO service (organization, name, active)"
		   " VALUES (nullif(?, 0), ?, ?)",
		   "isi", s->organization, s->name, (int64_t)s->active);
	if (x < 0)
		return named_twice(x, s);
	*id = db_last_id(r->db);
	return service_audit(r, *id, NULL, s);
}

int service_add(struct records *r, const struct service *s, int64_t *id)
{
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = records_end(r, service_insert(r, s, &new_id));
	if (x == 0)
		*id = new_id;
	return x;
}

static int service_write(struct records *r, const struct service *s)
{
	struct service was;
	int x;

	x = service_check(r, s);
	if (x == 0)
		x = service_get(r->db, s->id, &was);
	if (x < 0)
		return x;
	x = db_run(r->db,
		   "UPDATE service SET organization = nullif(?, 0), name = ?,"
		   " active = ? WHERE id = ?",
		   "isii", s->organization, s->name, (int64_t)s->active, s->id);
	if (x < 0)
		return named_twice(x, s);
	return service_audit(r, s->id, &was, s);
}

int service_update(struct records *r, const struct service *s)
{
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	return records_end(r, service_write(r, s));
}

static void service_row(struct rows *rows, struct service *out)
{
	out->id = rows_int(rows, 0);
	out->organization = rows_int(rows, 1);
	field_copy(out->name, sizeof out->name, rows_text(rows, 2));
	out->active = rows_int(rows, 3) != 0;
}

int service_get(struct db *db, int64_t id, struct service *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, ifnull(organization, 0), name, active"
		    " FROM service WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		service_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no service %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int service_list(struct db *db, int64_t organization,
		 int (*fn)(void *arg, const struct service *s), void *arg)
{
	struct service s;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, organization, name, active FROM service"
		    " WHERE organization = ? ORDER BY name, id",
		    "i", organization);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		service_row(&rows, &s);
		x = fn(arg, &s);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
