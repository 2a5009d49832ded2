#include "regional/case/origin.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/field.h"
#include "regional/case/row.h"

static bool says_nothing(const char *race)
{
	return strcmp(race, "declined") == 0 || strcmp(race, "unknown") == 0;
}

static int check_races(const struct records *r, const struct origin *o)
{
	int x = 0;

	if (o->races < 0 || o->races > ORIGIN_RACES)
		return err_set(E_INVALID, "At most %d races can be named",
			       ORIGIN_RACES);
	for (int i = 0; i < o->races && x == 0; i++) {
		x = field_word(r->words, WORDS_RACE, "race", o->race[i]);
		if (x == 0 && o->races > 1 && says_nothing(o->race[i]))
			x = err_set(E_INVALID,
				    "The race \"%s\" can't stand beside "
				    "another",
				    o->race[i]);
		for (int k = 0; k < i && x == 0; k++)
			if (strcmp(o->race[i], o->race[k]) == 0)
				x = err_set(E_INVALID,
					    "The race \"%s\" is named twice",
					    o->race[i]);
	}
	return x;
}

static int origin_check(const struct records *r, const struct origin *o)
{
	int x = check_races(r, o);

	if (x == 0 && *o->ethnicity)
		x = field_word(r->words, WORDS_ETHNICITY, "ethnicity",
			       o->ethnicity);
	if (x == 0 && *o->heard)
		x = field_word(r->words, WORDS_HEARD,
			       "way to hear of the center", o->heard);
	return x;
}

static bool has(const struct origin *o, const char *race)
{
	for (int i = 0; i < o->races; i++)
		if (strcmp(o->race[i], race) == 0)
			return true;
	return false;
}

/* The rows of those that stay are left alone. */
static int write_races(struct records *r, int64_t child,
		       const struct origin *was, const struct origin *now)
{
	char text[24];
	int64_t id;
	int x = 0;

	for (int i = 0; i < was->races && x == 0; i++) {
		if (has(now, was->race[i]))
			continue;
		x = db_int(r->db, &id,
			   "DELETE FROM child_race WHERE child = ? AND race = ?"
			   " RETURNING id",
			   "is", child, was->race[i]);
		if (x == 0)
			x = audit_change(r, "child_race", id, "race",
					 was->race[i], NULL);
	}
	field_id_text(child, text);
	for (int i = 0; i < now->races && x == 0; i++) {
		const struct audit_field f[] = {
			{"child", NULL, text},
			{"race", NULL, now->race[i]},
		};

		if (!has(was, now->race[i]))
			x = row_insert(r, "child_race", f, 2, &id);
	}
	return x;
}

int origin_set(struct records *r, int64_t child, const struct origin *o)
{
	struct origin was;
	struct child c;
	int x;

	x = records_begin(r);
	if (x < 0)
		return x;
	if ((x = origin_check(r, o)) == 0 &&
	    (x = child_here(r->db, child, &c)) == 0 &&
	    (x = origin_get(r->db, r->words, child, &was)) == 0) {
		const struct audit_field f[] = {
			{"ethnicity", field_sql_text(was.ethnicity),
			 field_sql_text(o->ethnicity)},
			{"heard", field_sql_text(was.heard),
			 field_sql_text(o->heard)},
		};

		x = row_update(r, "child", child, f, 2);
	}
	if (x == 0)
		x = write_races(r, child, &was, o);
	return records_end(r, x);
}

/* In the order of the vocabulary, whatever the order of writing. */
static void sort_races(const struct vocabulary *words, struct origin *o)
{
	struct origin sorted = {0};

	for (int i = 0; i < vocabulary_count(words, WORDS_RACE); i++) {
		const char *id = vocabulary_word(words, WORDS_RACE, i)->id;

		if (has(o, id))
			field_copy(sorted.race[sorted.races++], VOCABULARY_ID,
				   id);
	}
	o->races = sorted.races;
	memcpy(o->race, sorted.race, sizeof o->race);
}

int origin_get(struct db *db, const struct vocabulary *words, int64_t child,
	       struct origin *out)
{
	struct rows rows;
	int x;

	memset(out, 0, sizeof *out);
	x = db_rows(db, &rows,
		    "SELECT ethnicity, heard FROM child"
		    " WHERE id = ?",
		    "i", child);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		field_copy(out->ethnicity, VOCABULARY_ID, rows_text(&rows, 0));
		field_copy(out->heard, VOCABULARY_ID, rows_text(&rows, 1));
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no child %lld",
			    (long long)child);
	}
	rows_end(&rows);
	if (x < 0)
		return x;
	x = db_rows(db, &rows, "SELECT race FROM child_race WHERE child = ?",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = 0;
		if (out->races < ORIGIN_RACES)
			field_copy(out->race[out->races++], VOCABULARY_ID,
				   rows_text(&rows, 0));
	}
	rows_end(&rows);
	sort_races(words, out);
	return x < 0 ? x : 0;
}
