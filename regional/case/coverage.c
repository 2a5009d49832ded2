#include "regional/case/coverage.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS "id, child, kind, payer, member, since, until"

static void coverage_row(struct rows *rows, struct coverage *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	c->child = rows_int(rows, 1);
	field_copy(c->kind, sizeof c->kind, rows_text(rows, 2));
	field_copy(c->payer, sizeof c->payer, rows_text(rows, 3));
	field_copy(c->member, sizeof c->member, rows_text(rows, 4));
	c->since = field_day_of_sql(rows_text(rows, 5));
	c->until = field_day_of_sql(rows_text(rows, 6));
}

static int check_none(struct records *r, const struct coverage *c)
{
	char since[DATE_TEXT], until[DATE_TEXT];
	int64_t other;
	int x;

	x = db_int(r->db, &other,
		   "SELECT id FROM coverage WHERE child = ?1"
		   " AND (kind = 'none') <> (?2 = 'none')"
		   " AND ifnull(until, '9999') >= ifnull(?3, '')"
		   " AND ifnull(since, '') <= ifnull(?4, '9999')",
		   "isss", c->child, c->kind, field_sql_day(c->since, since),
		   field_sql_day(c->until, until));
	if (x == 0)
		return err_set(E_INVALID,
			       "Coverage %lld says otherwise of the same days: "
			       "nobody is insured and uninsured at once; end "
			       "it first",
			       (long long)other);
	return x == E_NOTFOUND ? 0 : x;
}

static int coverage_check(struct records *r, const struct coverage *c)
{
	struct child k;
	int x;

	if ((x = field_word(r->words, WORDS_COVERAGE, "coverage", c->kind)) <
		    0 ||
	    (x = field_text("payer", c->payer, sizeof c->payer)) < 0 ||
	    (x = field_text("member number", c->member, sizeof c->member)) <
		    0 ||
	    (x = field_span(r, "coverage", c->since, c->until)) < 0 ||
	    (x = child_here(r->db, c->child, &k)) < 0)
		return x;
	return check_none(r, c);
}

int coverage_add(struct records *r, const struct coverage *c, int64_t *id)
{
	char child[24], since[DATE_TEXT], until[DATE_TEXT];
	const struct audit_field f[] = {
		{"child", NULL, field_id_text(c->child, child)},
		{"kind", NULL, c->kind},
		{"payer", NULL, field_sql_text(c->payer)},
		{"member", NULL, field_sql_text(c->member)},
		{"since", NULL, field_sql_day(c->since, since)},
		{"until", NULL, field_sql_day(c->until, until)},
	};
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = coverage_check(r, c);
	if (x == 0)
		x = row_insert(r, "coverage", f, 6, id);
	return records_end(r, x);
}

/* @since and @until of row @id of @table. */
static int end_on(struct records *r, const char *table, int64_t id,
		  int32_t since, int32_t until, int32_t on)
{
	char day[DATE_TEXT];
	const struct audit_field f = {"until", NULL, field_sql_day(on, day)};
	char was[DATE_TEXT];
	int x;

	if (until != NO_DATE)
		return err_set(E_STATE, "The %s %lld has an end already, %s",
			       table, (long long)id, date_format(until, was));
	if (on == NO_DATE)
		return err_set(E_INVALID, "The last day of the %s is missing",
			       table);
	x = field_span(r, table, since, on);
	return x < 0 ? x : row_update(r, table, id, &f, 1);
}

int coverage_end(struct records *r, int64_t id, int32_t on)
{
	struct coverage c;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = coverage_get(r->db, id, &c);
	if (x == 0)
		x = end_on(r, "coverage", id, c.since, c.until, on);
	return records_end(r, x);
}

int coverage_get(struct db *db, int64_t id, struct coverage *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM coverage WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		coverage_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no coverage %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int coverage_list(struct db *db, int64_t child, int32_t day,
		  int (*fn)(void *arg, const struct coverage *c), void *arg)
{
	char on[DATE_TEXT];
	struct coverage c;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM coverage WHERE child = ?1"
		    " AND (?2 IS NULL OR (ifnull(since, ?2) <= ?2"
		    " AND ifnull(until, ?2) >= ?2))"
		    " ORDER BY since DESC, id DESC",
		    "is", child, field_sql_day(day, on));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		coverage_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* --- benefits --- */

#define BENEFIT "id, child, family, kind, since, until"

static void benefit_row(struct rows *rows, struct benefit *b)
{
	memset(b, 0, sizeof *b);
	b->id = rows_int(rows, 0);
	b->child = rows_int(rows, 1);
	b->family = rows_int(rows, 2);
	field_copy(b->kind, sizeof b->kind, rows_text(rows, 3));
	b->since = field_day_of_sql(rows_text(rows, 4));
	b->until = field_day_of_sql(rows_text(rows, 5));
}

static int benefit_check(struct records *r, const struct benefit *b)
{
	struct child c;
	int x;

	if ((x = field_word(r->words, WORDS_BENEFIT, "benefit", b->kind)) < 0 ||
	    (x = field_span(r, "benefit", b->since, b->until)) < 0)
		return x;
	if ((b->child == 0) == (b->family == 0))
		return err_set(E_INVALID, "A benefit is either a child's or a "
					  "family's");
	if (b->child)
		return child_here(r->db, b->child, &c);
	return row_there(r->db, "family", "family", b->family);
}

int benefit_add(struct records *r, const struct benefit *b, int64_t *id)
{
	char child[24], family[24], since[DATE_TEXT], until[DATE_TEXT];
	const struct audit_field f[] = {
		{"child", NULL, field_id_text(b->child, child)},
		{"family", NULL, field_id_text(b->family, family)},
		{"kind", NULL, b->kind},
		{"since", NULL, field_sql_day(b->since, since)},
		{"until", NULL, field_sql_day(b->until, until)},
	};
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = benefit_check(r, b);
	if (x == 0)
		x = row_insert(r, "benefit", f, 5, id);
	return records_end(r, x);
}

int benefit_end(struct records *r, int64_t id, int32_t on)
{
	struct benefit b;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = benefit_get(r->db, id, &b);
	if (x == 0)
		x = end_on(r, "benefit", id, b.since, b.until, on);
	return records_end(r, x);
}

int benefit_get(struct db *db, int64_t id, struct benefit *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " BENEFIT " FROM benefit WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		benefit_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no benefit %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int benefit_list(struct db *db, int64_t child, int64_t family, int32_t day,
		 int (*fn)(void *arg, const struct benefit *b), void *arg)
{
	static const char sql[] =
		"SELECT " BENEFIT " FROM benefit WHERE (child = ?1"
		" OR family = ?2 OR family IN (SELECT h.family"
		" FROM family_child h WHERE h.child = ?1"
		" AND (?3 IS NULL OR (ifnull(h.since, ?3) <= ?3"
		" AND ifnull(h.until, ?3) >= ?3))))"
		" AND (?3 IS NULL OR (ifnull(since, ?3) <= ?3"
		" AND ifnull(until, ?3) >= ?3)) ORDER BY since DESC, id DESC";
	char on[DATE_TEXT];
	struct benefit b;
	struct rows rows;
	int x;

	x = db_rows(db, &rows, sql, "iis", child, family,
		    field_sql_day(day, on));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		benefit_row(&rows, &b);
		x = fn(arg, &b);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
