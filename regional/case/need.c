#include "regional/case/need.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"

#define COLUMNS "id, kase, domain, found, closed, state, reason, source"

static void need_row(struct rows *rows, struct need *n)
{
	memset(n, 0, sizeof *n);
	n->id = rows_int(rows, 0);
	n->kase = rows_int(rows, 1);
	field_copy(n->domain, sizeof n->domain, rows_text(rows, 2));
	n->found = field_day_of_sql(rows_text(rows, 3));
	n->closed = field_day_of_sql(rows_text(rows, 4));
	field_copy(n->state, sizeof n->state, rows_text(rows, 5));
	field_copy(n->reason, sizeof n->reason, rows_text(rows, 6));
	field_copy(n->source, sizeof n->source, rows_text(rows, 7));
}

static int check_case_open(struct records *r, int64_t id, struct kase *k)
{
	int x = kase_get(r->db, id, k);

	if (x < 0 || k->closed == NO_DATE)
		return x;
	return err_set(E_STATE,
		       "Case %lld is closed; open a new case for the "
		       "child first",
		       (long long)id);
}

static int need_insert(struct records *r, int64_t kase, const char *domain,
		       const char *source, int32_t found, int64_t *id)
{
	char case_text[24], day[DATE_TEXT];
	const struct audit_field f[] = {
		{"kase", NULL, case_text},
		{"domain", NULL, domain},
		{"found", NULL, day},
		{"source", NULL, source},
	};
	int x;

	field_id_text(kase, case_text);
	x = db_run(r->db,
		   "INSERT INTO need (kase, domain, found, state, source)"
		   " VALUES (?, ?, ?, 'open', ?)",
		   "isss", kase, domain, date_format(found, day), source);
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	return audit_changes(r, "need", *id, f, 4);
}

int need_add_from(struct records *r, int64_t kase, const char *domain,
		  const char *source, int32_t found, int64_t *id)
{
	int64_t new_id = 0;
	struct child c;
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	if ((x = field_word(r->words, WORDS_NEED, "need", domain)) == 0 &&
	    (x = field_word(r->words, WORDS_NEED_SOURCE, "source of a need",
			    source)) == 0 &&
	    (x = field_day(r, "day the need was found", found)) == 0 &&
	    (x = check_case_open(r, kase, &k)) == 0 &&
	    (x = child_get(r->db, k.child, &c)) == 0 &&
	    (x = field_order("day the need was found", found, c.birth,
			     "the child's birth date")) == 0)
		x = need_insert(r, kase, domain, source, found, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int need_add(struct records *r, int64_t kase, const char *domain, int32_t found,
	     int64_t *id)
{
	return need_add_from(r, kase, domain, "coordinator", found, id);
}

static int need_close_checks(struct records *r, const struct need *n,
			     int32_t on, bool met, const char *reason)
{
	int x;

	if (n->closed != NO_DATE)
		return err_set(E_STATE, "Need %lld is closed already, as %s",
			       (long long)n->id, n->state);
	if ((x = field_day(r, "closing date", on)) < 0 ||
	    (x = field_order("closing date", on, n->found,
			     "the day the need was found")) < 0)
		return x;
	if (met && *reason)
		return err_set(E_INVALID, "A need that was met has no reason "
					  "for being unmet");
	if (!met && !*reason)
		return err_set(E_INVALID, "Say why the need stays unmet: give "
					  "a reason, UNKNOWN if it is not "
					  "known");
	return met ? 0 : field_word(r->words, WORDS_BARRIER, "reason", reason);
}

/* @on NO_DATE: opened again. */
static int need_write(struct records *r, const struct need *n, int32_t on,
		      const char *state, const char *reason)
{
	char was_day[DATE_TEXT], day[DATE_TEXT];
	const struct audit_field f[] = {
		{"state", n->state, state},
		{"closed", field_sql_day(n->closed, was_day),
		 field_sql_day(on, day)},
		{"reason", field_sql_text(n->reason), field_sql_text(reason)},
	};
	int x;

	x = db_run(r->db,
		   "UPDATE need SET state = ?, closed = ?, reason = ?"
		   " WHERE id = ?",
		   "sssi", state, f[1].now, f[2].now, n->id);
	if (x < 0)
		return x;
	return audit_changes(r, "need", n->id, f, 3);
}

int need_close(struct records *r, int64_t id, int32_t on, bool met,
	       const char *reason)
{
	struct need n;
	int x;

	if (!reason)
		reason = "";
	x = records_begin(r);
	if (x < 0)
		return x;
	x = need_get(r->db, id, &n);
	if (x == 0)
		x = need_close_checks(r, &n, on, met, reason);
	if (x == 0)
		x = need_write(r, &n, on, met ? "met" : "unmet", reason);
	return records_end(r, x);
}

int need_reopen(struct records *r, int64_t id)
{
	struct need n;
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = need_get(r->db, id, &n);
	if (x == 0 && n.closed == NO_DATE)
		x = err_set(E_STATE, "Need %lld is open", (long long)id);
	if (x == 0)
		x = check_case_open(r, n.kase, &k);
	if (x == 0)
		x = need_write(r, &n, NO_DATE, "open", "");
	return records_end(r, x);
}

int need_get(struct db *db, int64_t id, struct need *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM need WHERE id = ?", "i",
		    id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		need_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no need %lld", (long long)id);
	}
	rows_end(&rows);
	return x;
}

int need_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
	      int (*fn)(void *arg, const struct need *n), void *arg)
{
	struct rows rows;
	struct need n;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM need WHERE kase = ?"
		    " ORDER BY found, id LIMIT ? OFFSET ?",
		    "iii", kase, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		need_row(&rows, &n);
		x = fn(arg, &n);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
