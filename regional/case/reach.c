#include "regional/case/reach.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS                                                              \
	"id, caregiver, child, way, value, safe, message, preferred, hours," \
	" active"

enum { FIELDS = 9 };

static void reach_row(struct rows *rows, struct reach *p)
{
	memset(p, 0, sizeof *p);
	p->id = rows_int(rows, 0);
	p->caregiver = rows_int(rows, 1);
	p->child = rows_int(rows, 2);
	field_copy(p->way, sizeof p->way, rows_text(rows, 3));
	field_copy(p->value, sizeof p->value, rows_text(rows, 4));
	p->safe = rows_int(rows, 5) != 0;
	p->message = rows_int(rows, 6) != 0;
	p->preferred = rows_int(rows, 7) != 0;
	field_copy(p->hours, sizeof p->hours, rows_text(rows, 8));
	p->active = rows_int(rows, 9) != 0;
}

static int check_owner(struct records *r, const struct reach *p)
{
	struct caregiver g;
	struct child c;

	if ((p->caregiver == 0) == (p->child == 0))
		return err_set(E_INVALID, "A way to reach somebody is either "
					  "a caregiver's or a child's");
	if (p->caregiver)
		return caregiver_get(r->db, p->caregiver, &g);
	return child_here(r->db, p->child, &c);
}

static int check_preferred(const struct reach *p)
{
	if (!p->preferred)
		return 0;
	if (!p->safe)
		return err_set(E_DENIED,
			       "It is not safe to reach the family this way, "
			       "so it can't be the preferred one; choose "
			       "another");
	if (!p->active)
		return err_set(E_INVALID, "What does not work any more can't "
					  "be the preferred way");
	return 0;
}

static int reach_check(struct records *r, const struct reach *p)
{
	int x;

	if ((x = field_word(r->words, WORDS_REACH, "way to reach somebody",
			    p->way)) < 0 ||
	    (x = field_text("number or address", p->value, sizeof p->value)) <
		    0 ||
	    (x = field_text("good time", p->hours, sizeof p->hours)) < 0)
		return x;
	if (!*p->value)
		return err_set(E_INVALID, "The number or address is missing");
	if ((x = check_preferred(p)) < 0)
		return x;
	return check_owner(r, p);
}

static void reach_fields(struct audit_field out[FIELDS],
			 const struct reach *was, const struct reach *now,
			 char id[2][24])
{
	const struct reach none = {0};
	const struct reach *w = was ? was : &none;
	const struct audit_field f[FIELDS] = {
		{"way", field_sql_text(w->way), now->way},
		{"value", field_sql_text(w->value), now->value},
		{"safe", was ? row_flag(w->safe) : NULL, row_flag(now->safe)},
		{"message", was ? row_flag(w->message) : NULL,
		 row_flag(now->message)},
		{"preferred", was ? row_flag(w->preferred) : NULL,
		 row_flag(now->preferred)},
		{"hours", field_sql_text(w->hours), field_sql_text(now->hours)},
		{"active", was ? row_flag(w->active) : NULL,
		 row_flag(now->active)},
		{"caregiver", was ? field_id_text(w->caregiver, id[0]) : NULL,
		 field_id_text(now->caregiver, id[0])},
		{"child", was ? field_id_text(w->child, id[1]) : NULL,
		 field_id_text(now->child, id[1])},
	};

	memcpy(out, f, sizeof f);
}

/* The one before, unless it is @but. */
static int yield_preferred(struct records *r, const struct reach *p,
			   int64_t but)
{
	const struct audit_field f = {"preferred", "1", "0"};
	int64_t old;
	int x;

	x = db_int(r->db, &old,
		   "SELECT id FROM reach WHERE preferred = 1 AND id <> ?1"
		   " AND ifnull(caregiver, 0) = ?2 AND ifnull(child, 0) = ?3",
		   "iii", but, p->caregiver, p->child);
	if (x == E_NOTFOUND)
		return 0;
	return x < 0 ? x : row_update(r, "reach", old, &f, 1);
}

int reach_add(struct records *r, const struct reach *p, int64_t *id)
{
	struct audit_field f[FIELDS];
	char text[2][24];
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = reach_check(r, p);
	if (x == 0 && p->preferred)
		x = yield_preferred(r, p, 0);
	if (x == 0) {
		reach_fields(f, NULL, p, text);
		x = row_insert(r, "reach", f, FIELDS, id);
	}
	return records_end(r, x);
}

static int reach_write(struct records *r, const struct reach *was,
		       const struct reach *now)
{
	struct audit_field f[FIELDS];
	char text[2][24];
	int x = reach_check(r, now);

	if (x == 0 && now->preferred && !was->preferred)
		x = yield_preferred(r, now, now->id);
	if (x < 0)
		return x;
	reach_fields(f, was, now, text);
	return row_update(r, "reach", now->id, f, FIELDS);
}

int reach_update(struct records *r, const struct reach *p)
{
	struct reach was, now = *p;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = reach_get(r->db, p->id, &was);
	if (x == 0) {
		now.caregiver = was.caregiver;
		now.child = was.child;
		x = reach_write(r, &was, &now);
	}
	return records_end(r, x);
}

int reach_unsafe(struct records *r, int64_t id)
{
	struct reach was, now;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = reach_get(r->db, id, &was);
	if (x == 0) {
		now = was;
		now.safe = now.preferred = now.message = false;
		x = reach_write(r, &was, &now);
	}
	return records_end(r, x);
}

int reach_get(struct db *db, int64_t id, struct reach *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM reach WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		reach_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND,
			    "There is no way to reach somebody with the "
			    "number %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int reach_list(struct db *db, int64_t caregiver, int64_t child,
	       int (*fn)(void *arg, const struct reach *p), void *arg)
{
	struct rows rows;
	struct reach p;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM reach WHERE (?1 <> 0"
		    " AND caregiver = ?1) OR (?2 <> 0 AND child = ?2)"
		    " ORDER BY active DESC, preferred DESC, safe DESC, id",
		    "ii", caregiver, child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		reach_row(&rows, &p);
		x = fn(arg, &p);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
