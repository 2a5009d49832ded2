/* The part of practice.h that tells what was done with a practice, and whose
 * it is. */
#include "regional/case/practice.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

static int outreach_check(struct records *r, const struct practice_outreach *o)
{
	struct practice p;
	int x;

	if ((x = practice_get(r->db, o->practice, &p)) < 0 ||
	    (x = field_day(r, "day of the outreach", o->day)) < 0 ||
	    (x = field_word(r->words, WORDS_OUTREACH, "kind of outreach",
			    o->how)) < 0 ||
	    (x = field_text("person spoken with", o->with_whom,
			    sizeof o->with_whom)) < 0 ||
	    (x = field_text("note", o->what, sizeof o->what)) < 0)
		return x;
	if (o->minutes < -1 || o->minutes > 24 * 60)
		return err_set(E_INVALID,
			       "The outreach can't have taken %d minutes; give "
			       "0 to 1440",
			       o->minutes);
	return 0;
}

int practice_outreach_add(struct records *r, const struct practice_outreach *o,
			  int64_t *id)
{
	char practice[24], day[DATE_TEXT], minutes[24];
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = outreach_check(r, o);
	if (x == 0) {
		const struct audit_field f[] = {
			{"practice", NULL,
			 field_id_text(o->practice, practice)},
			{"day", NULL, date_format(o->day, day)},
			{"how", NULL, o->how},
			{"with_whom", NULL, field_sql_text(o->with_whom)},
			{"minutes", NULL, o->minutes < 0 ? NULL : minutes},
			{"what", NULL, field_sql_text(o->what)},
		};

		snprintf(minutes, sizeof minutes, "%d", o->minutes);
		x = row_insert(r, "practice_outreach", f, 6, id);
	}
	return records_end(r, x);
}

int practice_outreach_list(
	struct db *db, int64_t practice, int64_t offset, int64_t limit,
	int (*fn)(void *arg, const struct practice_outreach *o), void *arg)
{
	struct practice_outreach o;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, practice, day, how, with_whom, minutes, what"
		    " FROM practice_outreach WHERE practice = ?"
		    " ORDER BY day DESC, id DESC LIMIT ? OFFSET ?",
		    "iii", practice, limit, offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		memset(&o, 0, sizeof o);
		o.id = rows_int(&rows, 0);
		o.practice = rows_int(&rows, 1);
		o.day = field_day_of_sql(rows_text(&rows, 2));
		field_copy(o.how, sizeof o.how, rows_text(&rows, 3));
		field_copy(o.with_whom, sizeof o.with_whom,
			   rows_text(&rows, 4));
		o.minutes = rows_null(&rows, 5) ? -1 : (int)rows_int(&rows, 5);
		field_copy(o.what, sizeof o.what, rows_text(&rows, 6));
		x = fn(arg, &o);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int assign_check(struct records *r, const struct child_practice *c)
{
	struct practice p;
	struct child k;
	int x;

	if ((x = child_here(r->db, c->child, &k)) < 0 ||
	    (x = field_text("clinician", c->clinician, sizeof c->clinician)) <
		    0 ||
	    (x = field_day(r, "first day with the practice", c->since)) < 0 ||
	    (x = field_order("first day with the practice", c->since, k.birth,
			     "the child's birth date")) < 0)
		return x;
	return c->practice ? practice_get(r->db, c->practice, &p) : 0;
}

/* The practice before, if there is one, through the day before @since. */
static int end_before(struct records *r, int64_t child, int32_t since)
{
	struct audit_field f = {"until", NULL, NULL};
	char day[DATE_TEXT], from[DATE_TEXT];
	int64_t old;
	int x;

	x = db_int(r->db, &old,
		   "SELECT id FROM child_practice WHERE child = ?"
		   " AND until IS NULL",
		   "i", child);
	if (x < 0)
		return x == E_NOTFOUND ? 0 : x;
	x = db_text(r->db, from, sizeof from,
		    "SELECT since FROM child_practice WHERE id = ?", "i", old);
	if (x == 0 && *from)
		x = field_order("first day with the practice", since,
				field_day_of_sql(from) + 1,
				"the day after the first with the one before");
	f.now = date_format(since - 1, day);
	return x < 0 ? x : row_update(r, "child_practice", old, &f, 1);
}

int practice_assign(struct records *r, const struct child_practice *c,
		    int64_t *id)
{
	char child[24], practice[24], day[DATE_TEXT];
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = assign_check(r, c);
	if (x == 0)
		x = end_before(r, c->child, c->since);
	if (x == 0 && c->practice) {
		const struct audit_field f[] = {
			{"child", NULL, field_id_text(c->child, child)},
			{"practice", NULL,
			 field_id_text(c->practice, practice)},
			{"clinician", NULL, field_sql_text(c->clinician)},
			{"since", NULL, date_format(c->since, day)},
		};

		x = row_insert(r, "child_practice", f, 4, id);
	}
	return records_end(r, x);
}

int practice_of_child(struct db *db, int64_t child,
		      int (*fn)(void *arg, const struct child_practice *c),
		      void *arg)
{
	struct child_practice c;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT id, child, practice, clinician, since, until"
		    " FROM child_practice WHERE child = ?"
		    " ORDER BY until IS NOT NULL, since DESC, id DESC",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		memset(&c, 0, sizeof c);
		c.id = rows_int(&rows, 0);
		c.child = rows_int(&rows, 1);
		c.practice = rows_int(&rows, 2);
		field_copy(c.clinician, sizeof c.clinician,
			   rows_text(&rows, 3));
		c.since = field_day_of_sql(rows_text(&rows, 4));
		c.until = field_day_of_sql(rows_text(&rows, 5));
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
