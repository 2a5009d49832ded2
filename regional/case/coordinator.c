#include "regional/case/coordinator.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/case/row.h"

#define COLUMNS "id, kase, name, program, reach, leads, since, until"

static void coordinator_row(struct rows *rows, struct coordinator *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	c->kase = rows_int(rows, 1);
	field_copy(c->name, sizeof c->name, rows_text(rows, 2));
	field_copy(c->program, sizeof c->program, rows_text(rows, 3));
	field_copy(c->reach, sizeof c->reach, rows_text(rows, 4));
	c->leads = rows_int(rows, 5) != 0;
	c->since = field_day_of_sql(rows_text(rows, 6));
	c->until = field_day_of_sql(rows_text(rows, 7));
}

static int coordinator_check(struct records *r, const struct coordinator *c)
{
	struct kase k;
	int x;

	if ((x = field_text("coordinator's name", c->name, sizeof c->name)) <
		    0 ||
	    (x = field_text("program", c->program, sizeof c->program)) < 0 ||
	    (x = field_text("number or address", c->reach, sizeof c->reach)) <
		    0 ||
	    (x = field_span(r, "coordination", c->since, c->until)) < 0)
		return x;
	if (!*c->name || !*c->program)
		return err_set(E_INVALID, "A coordinator of another program "
					  "needs a name and the program");
	if (c->leads && c->until != NO_DATE)
		return err_set(E_INVALID, "Who has left can't lead");
	x = kase_get(r->db, c->kase, &k);
	if (x == 0 && k.closed != NO_DATE)
		x = err_set(E_STATE, "Case %lld is closed; reopen it first",
			    (long long)c->kase);
	return x;
}

static int yield_lead(struct records *r, int64_t kase, int64_t but)
{
	const struct audit_field f = {"leads", "1", "0"};
	int64_t old;
	int x;

	x = db_int(r->db, &old,
		   "SELECT id FROM case_coordinator WHERE kase = ?"
		   " AND leads = 1 AND until IS NULL AND id <> ?",
		   "ii", kase, but);
	if (x == E_NOTFOUND)
		return 0;
	return x < 0 ? x : row_update(r, "case_coordinator", old, &f, 1);
}

int coordinator_add(struct records *r, const struct coordinator *c, int64_t *id)
{
	char kase[24], since[DATE_TEXT], until[DATE_TEXT];
	const struct audit_field f[] = {
		{"kase", NULL, field_id_text(c->kase, kase)},
		{"name", NULL, c->name},
		{"program", NULL, c->program},
		{"reach", NULL, field_sql_text(c->reach)},
		{"leads", NULL, row_flag(c->leads)},
		{"since", NULL, field_sql_day(c->since, since)},
		{"until", NULL, field_sql_day(c->until, until)},
	};
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = coordinator_check(r, c);
	if (x == 0 && c->leads)
		x = yield_lead(r, c->kase, 0);
	if (x == 0)
		x = row_insert(r, "case_coordinator", f, 7, id);
	return records_end(r, x);
}

static int lead_checks(const struct coordinator *c, int64_t kase)
{
	if (c->kase != kase)
		return err_set(E_INVALID,
			       "Coordinator %lld belongs to another case, "
			       "number %lld",
			       (long long)c->id, (long long)c->kase);
	if (c->until != NO_DATE)
		return err_set(E_STATE, "Coordinator %lld has left",
			       (long long)c->id);
	return 0;
}

int coordinator_lead(struct records *r, int64_t kase, int64_t id)
{
	struct coordinator c;
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = kase_get(r->db, kase, &k);
	if (x == 0 && id)
		x = coordinator_get(r->db, id, &c);
	if (x == 0 && id)
		x = lead_checks(&c, kase);
	if (x == 0)
		x = yield_lead(r, kase, id);
	if (x == 0 && id) {
		const struct audit_field f = {"leads", row_flag(c.leads), "1"};

		x = row_update(r, "case_coordinator", id, &f, 1);
	}
	return records_end(r, x);
}

int coordinator_end(struct records *r, int64_t id, int32_t on)
{
	struct coordinator c;
	char day[DATE_TEXT];
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = coordinator_get(r->db, id, &c);
	if (x == 0 && c.until != NO_DATE)
		x = err_set(E_STATE, "Coordinator %lld has left already, on %s",
			    (long long)id, date_format(c.until, day));
	if (x == 0 &&
	    (x = field_day(r, "last day of the coordination", on)) == 0 &&
	    (x = field_span(r, "coordination", c.since, on)) == 0) {
		const struct audit_field f[] = {
			{"until", NULL, date_format(on, day)},
			{"leads", row_flag(c.leads), "0"},
		};

		x = row_update(r, "case_coordinator", id, f, 2);
	}
	return records_end(r, x);
}

int coordinator_get(struct db *db, int64_t id, struct coordinator *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM case_coordinator WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		coordinator_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no coordinator %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int coordinator_list(struct db *db, int64_t kase,
		     int (*fn)(void *arg, const struct coordinator *c),
		     void *arg)
{
	struct coordinator c;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM case_coordinator WHERE kase = ?"
		    " ORDER BY until IS NOT NULL, leads DESC, name, id",
		    "i", kase);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		coordinator_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
