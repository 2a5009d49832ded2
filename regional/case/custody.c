#include "regional/case/custody.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/caregiver.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

#define COLUMNS \
	"id, child, caregiver, relation, custody, authority, since, until"

static void custody_row(struct rows *rows, struct custody *c)
{
	memset(c, 0, sizeof *c);
	c->id = rows_int(rows, 0);
	c->child = rows_int(rows, 1);
	c->caregiver = rows_int(rows, 2);
	field_copy(c->relation, sizeof c->relation, rows_text(rows, 3));
	field_copy(c->custody, sizeof c->custody, rows_text(rows, 4));
	field_copy(c->authority, sizeof c->authority, rows_text(rows, 5));
	c->since = field_day_of_sql(rows_text(rows, 6));
	c->until = field_day_of_sql(rows_text(rows, 7));
}

bool custody_of_age(int32_t birth, int32_t day)
{
	return day >= birth && date_age_years(birth, day) >= CUSTODY_OF_AGE;
}

bool custody_for_minors(const char *authority)
{
	return strcmp(authority, "youth") != 0 &&
	       strcmp(authority, "conservator") != 0;
}

static int check_words(const struct records *r, const struct custody *c)
{
	int x;

	if ((x = field_word(r->words, WORDS_RELATION, "relation",
			    c->relation)) < 0 ||
	    (x = field_word(r->words, WORDS_CUSTODY, "custody", c->custody)) <
		    0 ||
	    (*c->authority && (x = field_word(r->words, WORDS_AUTHORITY,
					      "authority", c->authority)) < 0))
		return x;
	if ((c->caregiver == 0) != (strcmp(c->authority, "youth") == 0))
		return err_set(E_INVALID,
			       "The authority \"youth\" is that of the child "
			       "itself, whom no caregiver can be");
	if ((c->caregiver == 0) != (strcmp(c->relation, "self") == 0))
		return err_set(E_INVALID,
			       "The relation \"self\" is that of the child "
			       "itself, whom no caregiver can be");
	return 0;
}

static int check_overlap(struct records *r, const struct custody *c)
{
	char since[DATE_TEXT], until[DATE_TEXT];
	int64_t other;
	int x;

	x = db_int(r->db, &other,
		   "SELECT id FROM custody WHERE child = ?1"
		   " AND ifnull(caregiver, 0) = ?2"
		   " AND ifnull(until, '9999') >= ifnull(?3, '')"
		   " AND ifnull(since, '') <= ifnull(?4, '9999')",
		   "iiss", c->child, c->caregiver,
		   field_sql_day(c->since, since),
		   field_sql_day(c->until, until));
	if (x == 0)
		return err_set(E_EXISTS,
			       "Custody %lld says already what they are to "
			       "each other; end it first",
			       (long long)other);
	return x == E_NOTFOUND ? 0 : x;
}

static int custody_check(struct records *r, const struct custody *c)
{
	struct caregiver g;
	struct child k;
	int x;

	if ((x = check_words(r, c)) < 0 ||
	    (x = field_span(r, "custody", c->since, c->until)) < 0 ||
	    (x = child_here(r->db, c->child, &k)) < 0)
		return x;
	if (c->caregiver && (x = caregiver_get(r->db, c->caregiver, &g)) < 0)
		return x;
	return check_overlap(r, c);
}

int custody_add(struct records *r, const struct custody *c, int64_t *id)
{
	char child[24], caregiver[24], since[DATE_TEXT], until[DATE_TEXT];
	const struct audit_field f[] = {
		{"child", NULL, field_id_text(c->child, child)},
		{"caregiver", NULL, field_id_text(c->caregiver, caregiver)},
		{"relation", NULL, c->relation},
		{"custody", NULL, c->custody},
		{"authority", NULL, field_sql_text(c->authority)},
		{"since", NULL, field_sql_day(c->since, since)},
		{"until", NULL, field_sql_day(c->until, until)},
	};
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = custody_check(r, c);
	if (x == 0)
		x = row_insert(r, "custody", f, 7, id);
	return records_end(r, x);
}

int custody_end(struct records *r, int64_t id, int32_t on)
{
	struct custody c;
	char day[DATE_TEXT];
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	x = custody_get(r->db, id, &c);
	if (x == 0 && c.until != NO_DATE)
		x = err_set(E_STATE, "Custody %lld has an end already, %s",
			    (long long)id, date_format(c.until, day));
	if (x == 0)
		x = field_span(r, "custody", c.since, on);
	if (x == 0 && on == NO_DATE)
		x = field_day(r, "last day of the custody", on);
	if (x == 0) {
		const struct audit_field f = {"until", NULL,
					      date_format(on, day)};

		x = row_update(r, "custody", id, &f, 1);
	}
	return records_end(r, x);
}

int custody_get(struct db *db, int64_t id, struct custody *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM custody WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		custody_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no custody %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

int custody_list(struct db *db, int64_t child, int32_t day,
		 int (*fn)(void *arg, const struct custody *c), void *arg)
{
	char on[DATE_TEXT];
	struct custody c;
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM custody WHERE child = ?1"
		    " AND (?2 IS NULL OR (ifnull(since, ?2) <= ?2"
		    " AND ifnull(until, ?2) >= ?2)) ORDER BY id",
		    "is", child, field_sql_day(day, on));
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		custody_row(&rows, &c);
		x = fn(arg, &c);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int check_age(const struct child *c, const char *authority, int32_t day)
{
	bool grown = custody_of_age(c->birth, day);
	char on[DATE_TEXT];

	date_format(day, on);
	if (grown && custody_for_minors(authority))
		return err_set(E_DENIED,
			       "Child %lld is of age on %s: the youth signs, "
			       "or a conservator, not the %s",
			       (long long)c->id, on, authority);
	if (!grown && strcmp(authority, "conservator") == 0)
		return err_set(E_DENIED,
			       "Child %lld is not of age on %s: a conservator "
			       "signs for an adult",
			       (long long)c->id, on);
	return 0;
}

int custody_may_sign(struct records *r, int64_t child, int64_t caregiver,
		     const char *authority, int32_t day)
{
	char on[DATE_TEXT];
	struct child c;
	int64_t id;
	int x;

	date_format(day, on);
	if ((x = field_word(r->words, WORDS_AUTHORITY, "authority",
			    authority)) < 0 ||
	    (x = child_get(r->db, child, &c)) < 0 ||
	    (x = check_age(&c, authority, day)) < 0)
		return x;
	if (caregiver == 0 && strcmp(authority, "youth") == 0 &&
	    custody_of_age(c.birth, day))
		return 0;
	x = db_int(r->db, &id,
		   "SELECT id FROM custody WHERE child = ?1"
		   " AND ifnull(caregiver, 0) = ?2 AND authority = ?3"
		   " AND ifnull(since, ?4) <= ?4 AND ifnull(until, ?4) >= ?4",
		   "iiss", child, caregiver, authority, on);
	if (x != E_NOTFOUND)
		return x;
	if (caregiver == 0)
		return err_set(E_DENIED,
			       "Child %lld is not of age on %s, and no record "
			       "says that it may sign for itself",
			       (long long)child, on);
	return err_set(E_DENIED,
		       "Caregiver %lld may not sign as %s for child %lld on "
		       "%s; see ccfed custody list",
		       (long long)caregiver, authority, (long long)child, on);
}
