#include "regional/case/cover.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/row.h"
#include "regional/case/staff.h"

#define COLUMNS "id, staff, cover, since, until, leave"

static void cover_row(struct rows *rows, struct cover *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	c->staff = rows_int(rows, 1);
	c->cover = rows_int(rows, 2);
	c->since = field_day_of_sql(rows_text(rows, 3));
	c->until = field_day_of_sql(rows_text(rows, 4));
	field_copy(c->leave, sizeof c->leave, rows_text(rows, 5));
}

/* Another cover on one of these days in which @c's two have other parts. */
static int check_overlap(struct records *r, const struct cover *c)
{
	char since[DATE_TEXT], until[DATE_TEXT];
	struct cover o = {0};
	struct rows rows;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT " COLUMNS " FROM cover WHERE id <> ?5"
		    " AND (until IS NULL OR until >= ?3)"
		    " AND (?4 IS NULL OR since <= ?4)"
		    " AND (staff = ?1 OR cover = ?1 OR staff = ?2)"
		    " ORDER BY since LIMIT 1",
		    "iissi", c->staff, c->cover, date_format(c->since, since),
		    field_sql_day(c->until, until), c->id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		cover_row(&rows, &o);
	rows_end(&rows);
	if (x != ROWS_ROW)
		return x < 0 ? x : 0;
	date_format(o.since, since);
	if (o.staff == c->staff)
		return err_set(E_STATE,
			       "Staff %lld is covered from %s on already "
			       "(cover %lld)",
			       (long long)o.staff, since, (long long)o.id);
	if (o.cover == c->staff)
		return err_set(E_STATE,
			       "Staff %lld covers for staff %lld from %s on "
			       "(cover %lld); end that first",
			       (long long)o.cover, (long long)o.staff, since,
			       (long long)o.id);
	return err_set(E_STATE,
		       "Staff %lld is away from %s on (cover %lld) and can't "
		       "cover",
		       (long long)o.staff, since, (long long)o.id);
}

static int check_cover(struct records *r, const struct cover *c)
{
	int x;

	if (c->staff == c->cover)
		return err_set(E_INVALID, "Nobody covers for themselves");
	if (c->since == NO_DATE)
		return err_set(E_INVALID, "Say from which day on");
	if ((x = field_word(r->words, WORDS_LEAVE, "kind of leave", c->leave)) <
		    0 ||
	    (c->until != NO_DATE &&
	     (x = field_order("last day", c->until, c->since,
			      "the first day")) < 0) ||
	    (x = staff_working(r->db, c->staff, c->since, NULL)) < 0 ||
	    (x = staff_working(r->db, c->cover, c->since, NULL)) < 0)
		return x;
	return check_overlap(r, c);
}

int cover_add(struct records *r, const struct cover *c, int64_t *id)
{
	char staff[24], cover[24], since[DATE_TEXT], until[DATE_TEXT];
	const struct audit_field f[] = {
		{"staff", NULL, field_id_text(c->staff, staff)},
		{"cover", NULL, field_id_text(c->cover, cover)},
		{"since", NULL, field_sql_day(c->since, since)},
		{"until", NULL, field_sql_day(c->until, until)},
		{"leave", NULL, c->leave},
	};
	int64_t new_id = 0;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = check_cover(r, c);
	if (x == 0)
		x = row_insert(r, "cover", f, 5, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int end_write(struct records *r, const struct cover *was, int32_t until)
{
	char a[DATE_TEXT], b[DATE_TEXT];
	const struct audit_field f = {"until", field_sql_day(was->until, a),
				      field_sql_day(until, b)};
	struct cover now = *was;
	int x;

	if (until == NO_DATE)
		return err_set(E_INVALID, "Say which day is the last");
	x = field_order("last day", until, was->since, "the first day");
	if (x < 0)
		return x;
	now.until = until;
	x = check_overlap(r, &now);
	return x < 0 ? x : row_update(r, "cover", was->id, &f, 1);
}

int cover_end(struct records *r, int64_t id, int32_t until)
{
	struct cover c;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = cover_get(r->db, id, &c);
	if (x == 0)
		x = end_write(r, &c, until);
	return records_end(r, x);
}

int cover_get(struct db *db, int64_t id, struct cover *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM cover WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		cover_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no cover %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int cover_list(struct db *db, int64_t staff, int32_t on, int64_t offset,
	       int64_t limit, int (*fn)(void *arg, const struct cover *c),
	       void *arg)
{
	char day[DATE_TEXT];
	struct rows rows;
	struct cover c;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM cover"
		    " WHERE (?1 = 0 OR staff = ?1 OR cover = ?1)"
		    " AND (?2 IS NULL OR (since <= ?2"
		    " AND (until IS NULL OR until >= ?2)))"
		    " ORDER BY since DESC, id DESC LIMIT ?3 OFFSET ?4",
		    "isii", staff, field_sql_day(on, day), limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		cover_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int cover_of(struct db *db, int64_t staff, int32_t on, int64_t *out)
{
	char day[DATE_TEXT];
	int x;

	*out = 0;
	x = db_int(db, out,
		   "SELECT cover FROM cover WHERE staff = ?1 AND since <= ?2"
		   " AND (until IS NULL OR until >= ?2)",
		   "is", staff, date_format(on, day));
	return x == E_NOTFOUND ? 0 : x;
}
