/* The part of kase.h that tells how a case began, why it ended, and how it
 * went on. */
#include "regional/case/kase.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "proto/lattice.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/need.h"
#include "regional/case/row.h"

/* --- intake --- */

static int check_foci(const struct records *r, int n,
		      const char list[KASE_FOCI][VOCABULARY_ID])
{
	int x = 0;

	if (n < 0 || n > KASE_FOCI)
		return err_set(E_INVALID, "At most %d needs can be named",
			       KASE_FOCI);
	for (int i = 0; i < n && x == 0; i++) {
		x = field_word(r->words, WORDS_NEED, "need", list[i]);
		for (int k = 0; k < i && x == 0; k++)
			if (strcmp(list[i], list[k]) == 0)
				x = err_set(E_INVALID,
					    "The need \"%s\" is named twice",
					    list[i]);
	}
	return x;
}

static int intake_check(struct records *r, const struct kase *k,
			const struct kase_intake *i)
{
	struct child c;
	int x;

	if ((x = child_get(r->db, k->child, &c)) < 0)
		return x;
	if (i->intake != NO_DATE &&
	    ((x = field_day(r, "day of the intake", i->intake)) < 0 ||
	     (x = field_order("day of the intake", i->intake, c.birth,
			      "the child's birth date")) < 0))
		return x;
	if (*i->source && (x = field_word(r->words, WORDS_SOURCE,
					  "referral source", i->source)) < 0)
		return x;
	if ((x = field_text("name of who referred", i->source_name,
			    sizeof i->source_name)) < 0 ||
	    (x = check_foci(r, i->expected, i->provider)) < 0)
		return x;
	return check_foci(r, i->first, i->family);
}

/* As one text, for the audit: "food, housing". */
static const char *foci_text(int n, const char list[KASE_FOCI][VOCABULARY_ID],
			     char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < n; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 i ? ", " : "", list[i]);
	return field_sql_text(out);
}

struct foci {
	const char *side;
	int was_n, n;
	const char (*was)[VOCABULARY_ID], (*now)[VOCABULARY_ID];
};

/* A list is small and has an order: written anew when it differs. */
static int write_foci(struct records *r, int64_t id, const struct foci *f)
{
	char was[KASE_FOCI * VOCABULARY_ID], now[KASE_FOCI * VOCABULARY_ID];
	const struct audit_field a = {
		f->side, foci_text(f->was_n, f->was, was, sizeof was),
		foci_text(f->n, f->now, now, sizeof now)};
	int x;

	if (strcmp(was, now) == 0)
		return 0;
	x = db_run(r->db, "DELETE FROM case_focus WHERE kase = ? AND side = ?",
		   "is", id, f->side);
	for (int i = 0; i < f->n && x == 0; i++)
		x = db_run(r->db,
			   "INSERT INTO case_focus (kase, side, domain, rank)"
			   " VALUES (?, ?, ?, ?)",
			   "issi", id, f->side, f->now[i], (int64_t)(i + 1));
	return x < 0 ? x : audit_changes(r, "case_focus", id, &a, 1);
}

static int write_intake(struct records *r, int64_t id,
			const struct kase_intake *was,
			const struct kase_intake *now)
{
	char a[DATE_TEXT], b[DATE_TEXT];
	const struct audit_field f[] = {
		{"intake", field_sql_day(was->intake, a),
		 field_sql_day(now->intake, b)},
		{"source", field_sql_text(was->source),
		 field_sql_text(now->source)},
		{"source_name", field_sql_text(was->source_name),
		 field_sql_text(now->source_name)},
	};
	const struct foci expected = {"provider", was->expected, now->expected,
				      was->provider, now->provider};
	const struct foci first = {"family", was->first, now->first,
				   was->family, now->family};
	int x;

	x = row_update(r, "care_case", id, f, 3);
	if (x == 0)
		x = write_foci(r, id, &expected);
	return x < 0 ? x : write_foci(r, id, &first);
}

int kase_set_intake(struct records *r, int64_t id, const struct kase_intake *i)
{
	struct kase_intake was;
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	if ((x = kase_get(r->db, id, &k)) == 0 &&
	    (x = intake_check(r, &k, i)) == 0 &&
	    (x = kase_get_intake(r->db, id, &was)) == 0)
		x = write_intake(r, id, &was, i);
	return records_end(r, x);
}

static int read_foci(struct db *db, int64_t id, struct kase_intake *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT side, domain FROM case_focus WHERE kase = ?"
		    " ORDER BY side, rank, id",
		    "i", id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		bool family = strcmp(rows_text(&rows, 0), "family") == 0;
		int *n = family ? &out->first : &out->expected;

		x = 0;
		if (*n == KASE_FOCI)
			continue;
		field_copy(family ? out->family[*n] : out->provider[*n],
			   VOCABULARY_ID, rows_text(&rows, 1));
		++*n;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int kase_get_intake(struct db *db, int64_t id, struct kase_intake *out)
{
	struct rows rows;
	int x;

	memset(out, 0, sizeof *out);
	x = db_rows(db, &rows,
		    "SELECT intake, source, source_name FROM care_case"
		    " WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		out->intake = field_day_of_sql(rows_text(&rows, 0));
		field_copy(out->source, sizeof out->source,
			   rows_text(&rows, 1));
		field_copy(out->source_name, sizeof out->source_name,
			   rows_text(&rows, 2));
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no case %lld", (long long)id);
	}
	rows_end(&rows);
	return x < 0 ? x : read_foci(db, id, out);
}

/* --- closing --- */

static int write_reason(struct records *r, int64_t id, const char *reason,
			const char *region)
{
	const struct audit_field f[] = {
		{"close_reason", NULL, reason},
		{"moved_region", NULL, region},
	};

	return row_update(r, "care_case", id, f, 2);
}

int kase_close_because(struct records *r, int64_t id, int32_t closed,
		       const char *reason)
{
	int x;

	x = field_word(r->words, WORDS_CLOSING, "reason to close a case",
		       reason);
	if (x < 0)
		return x;
	if (strcmp(reason, "moved-region") == 0)
		return err_set(E_INVALID, "Say which region the family moved "
					  "to: move the case");
	if (strcmp(reason, "merged") == 0)
		return err_set(E_INVALID, "A case is closed as merged only by "
					  "merging two children");
	x = records_begin(r);
	if (x < 0)
		return x;
	x = kase_close(r, id, closed);
	if (x == 0)
		x = write_reason(r, id, reason, NULL);
	return records_end(r, x);
}

static int close_needs(struct records *r, int64_t id, int32_t on)
{
	int64_t need;
	int x;

	while ((x = db_int(r->db, &need,
			   "SELECT id FROM need WHERE kase = ?"
			   " AND closed IS NULL ORDER BY id LIMIT 1",
			   "i", id)) == 0) {
		x = need_close(r, need, on, false, "MOVED_AGED_OUT");
		if (x < 0)
			return x;
	}
	return x == E_NOTFOUND ? 0 : x;
}

int kase_move_region(struct records *r, int64_t id, const char *region,
		     int32_t on)
{
	size_t len = strlen(region);
	int x;

	if (len == 0 || len >= sizeof((struct kase *)0)->moved_region ||
	    strspn(region, "abcdefghijklmnopqrstuvwxyz0123456789-") != len)
		return err_set(E_INVALID,
			       "\"%.40s\" is not the id of a region, like "
			       "north-central",
			       region);
	x = records_begin(r);
	if (x < 0)
		return x;
	x = close_needs(r, id, on);
	if (x == 0)
		x = kase_close(r, id, on);
	if (x == 0)
		x = write_reason(r, id, "moved-region", region);
	return records_end(r, x);
}

/* --- going on --- */

static int reopen_checks(struct records *r, const struct kase *k, int32_t on,
			 const char *why)
{
	char errored[DATE_TEXT];
	struct child c;
	struct kase other;
	int x;

	if (k->closed == NO_DATE)
		return err_set(E_STATE, "Case %lld is open", (long long)k->id);
	if (strcmp(k->close_reason, "merged") == 0)
		return err_set(E_STATE,
			       "Case %lld was closed when two children were "
			       "merged; undo that instead",
			       (long long)k->id);
	x = db_text(r->db, errored, sizeof errored,
		    "SELECT errored FROM care_case WHERE id = ?", "i", k->id);
	if (x == 0 && *errored)
		return err_set(E_STATE, "Case %lld was opened in error",
			       (long long)k->id);
	if (x < 0 ||
	    (x = field_text("reason", why,
			    sizeof((struct kase_reopening *)0)->why)) < 0 ||
	    (x = field_day(r, "day of reopening", on)) < 0 ||
	    (x = field_order("day of reopening", on, k->closed,
			     "the day the case was closed")) < 0 ||
	    (x = child_here(r->db, k->child, &c)) < 0)
		return x;
	x = kase_of_child(r->db, k->child, &other);
	if (x == 0)
		return err_set(E_EXISTS,
			       "Child %lld has an open case, number %lld",
			       (long long)k->child, (long long)other.id);
	return x == E_NOTFOUND ? 0 : x;
}

static int reopen_write(struct records *r, const struct kase *k, int32_t on,
			const char *why)
{
	char id[24], closed[DATE_TEXT], reopened[DATE_TEXT];
	const struct audit_field gone[] = {
		{"closed", date_format(k->closed, closed), NULL},
		{"close_reason", field_sql_text(k->close_reason), NULL},
		{"moved_region", field_sql_text(k->moved_region), NULL},
	};
	const struct audit_field f[] = {
		{"kase", NULL, field_id_text(k->id, id)},
		{"closed", NULL, closed},
		{"close_reason", NULL, field_sql_text(k->close_reason)},
		{"reopened", NULL, date_format(on, reopened)},
		{"why", NULL, field_sql_text(why)},
	};
	int64_t row;
	int x = row_update(r, "care_case", k->id, gone, 3);

	return x < 0 ? x : row_insert(r, "case_reopening", f, 5, &row);
}

int kase_reopen(struct records *r, int64_t id, int32_t on, const char *why)
{
	struct kase k;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = kase_get(r->db, id, &k);
	if (x == 0)
		x = reopen_checks(r, &k, on, why ? why : "");
	if (x == 0)
		x = reopen_write(r, &k, on, why);
	return records_end(r, x);
}

int kase_reopenings(struct db *db, int64_t id,
		    int (*fn)(void *arg, const struct kase_reopening *o),
		    void *arg)
{
	struct kase_reopening o;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT closed, reopened, close_reason, why"
		    " FROM case_reopening WHERE kase = ? ORDER BY id",
		    "i", id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		o.closed = field_day_of_sql(rows_text(&rows, 0));
		o.reopened = field_day_of_sql(rows_text(&rows, 1));
		field_copy(o.close_reason, sizeof o.close_reason,
			   rows_text(&rows, 2));
		field_copy(o.why, sizeof o.why, rows_text(&rows, 3));
		x = fn(arg, &o);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
