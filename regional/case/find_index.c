/* The part of find.h that writes the words of a child. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/find.h"
#include "regional/case/find_parts.h"

/* Everything by which a child is found: text and whose it is. A caregiver who
 * has left the family is still asked for by name; a number that does not work
 * any more may be the one on an old letter. */
static const char sources[] =
	"SELECT 0, given FROM child WHERE id = ?1 UNION ALL"
	" SELECT 0, family FROM child WHERE id = ?1 UNION ALL"
	" SELECT 1, birth FROM child WHERE id = ?1 UNION ALL"
	" SELECT 2, source_id FROM child WHERE id = ?1 UNION ALL"
	" SELECT 3, value FROM reach INDEXED BY reach_by_child"
	"  WHERE child = ?1"
	"  AND way IN ('phone', 'text') UNION ALL"
	" SELECT 3, r.value FROM family_child h"
	"  JOIN caregiver g ON g.family = h.family"
	"  JOIN reach r ON r.caregiver = g.id AND r.way IN ('phone', 'text')"
	"  WHERE h.child = ?1 UNION ALL"
	" SELECT 4, ifnull(g.given, '') || ' ' || ifnull(g.surname, '')"
	"  FROM family_child h JOIN caregiver g ON g.family = h.family"
	"  WHERE h.child = ?1 UNION ALL"
	" SELECT 5, f.name FROM family_child h JOIN family f ON f.id = h.family"
	"  WHERE h.child = ?1 UNION ALL"
	" SELECT 6, ifnull(c.given, '') || ' ' || ifnull(c.family, '')"
	"  FROM family_child h JOIN family_child o ON o.family = h.family"
	"  AND o.child <> h.child JOIN child c ON c.id = o.child"
	"  WHERE h.child = ?1 AND c.merged_into IS NULL";

static int add_nears(struct db *db, int64_t id, const char *word)
{
	char near[FIND_NEARS][FIND_WORD];
	int n = find_nears(word, near), x = 0;

	for (int i = 0; i < n && x == 0; i++)
		x = db_run(db,
			   "INSERT OR IGNORE INTO find_near (near, term)"
			   " VALUES (?, ?)",
			   "si", near[i], id);
	return x;
}

static int add_term(struct db *db, int64_t child, const char *term,
		    enum find_whose whose)
{
	int64_t id;
	int x = db_int(db, &id, "SELECT id FROM find_term WHERE term = ?", "s",
		       term);

	if (x == E_NOTFOUND) {
		err_clear();
		x = db_run(db, "INSERT INTO find_term (term) VALUES (?)", "s",
			   term);
		id = db_last_id(db);
		/* Only words are spelled wrong. */
		if (x == 0 && !strchr("=#@", *term))
			x = add_nears(db, id, term);
	}
	if (x < 0)
		return x;
	return db_run(db,
		      "INSERT OR IGNORE INTO find_posting (child, term, whose)"
		      " VALUES (?, ?, ?)",
		      "iii", child, id, (int64_t)whose);
}

static int add_words(struct db *db, int64_t child, const char *text,
		     enum find_whose whose)
{
	char folded[3 * NAME_TEXT], word[FIND_WORD];
	const char *at = folded;
	int x = 0;

	find_fold(text, folded, sizeof folded);
	while (x == 0 && find_next(&at, word))
		x = add_term(db, child, word, whose);
	return x;
}

/* The last ten digits, the last first, so that the end of a number is found as
 * the beginning of a term. */
static int add_phone(struct db *db, int64_t child, const char *text)
{
	char term[12] = "#";
	int n = 1;

	for (size_t i = strlen(text); i > 0 && n <= 10; i--)
		if (isdigit((unsigned char)text[i - 1]))
			term[n++] = text[i - 1];
	term[n] = '\0';
	return n < 5 ? 0 : add_term(db, child, term, FIND_PHONE);
}

static int add_text(struct db *db, int64_t child, const char *text,
		    enum find_whose whose)
{
	char term[FIND_WORD];

	switch (whose) {
	case FIND_PHONE:
		return add_phone(db, child, text);
	case FIND_BIRTH:
		snprintf(term, sizeof term, "=%s", text);
		return add_term(db, child, term, whose);
	case FIND_NUMBER:
		snprintf(term, sizeof term, "@%.*s", FIND_WORD - 2, text);
		for (char *c = term; *c; c++)
			*c = (char)tolower((unsigned char)*c);
		return add_term(db, child, term, whose);
	default:
		return add_words(db, child, text, whose);
	}
}

/* A word that nobody has any more tells of somebody: it goes too. */
static int drop_words(struct db *db, int64_t child)
{
	int64_t term[64];
	struct rows rows;
	int n, x;

	do {
		n = 0;
		x = db_rows(db, &rows,
			    "SELECT DISTINCT term FROM find_posting"
			    " WHERE child = ? LIMIT 64",
			    "i", child);
		while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
			term[n++] = rows_int(&rows, 0);
			x = 0;
		}
		rows_end(&rows);
		for (int i = 0; i < n && x >= 0; i++) {
			x = db_run(db,
				   "DELETE FROM find_posting WHERE child = ?"
				   " AND term = ?",
				   "ii", child, term[i]);
			if (x == 0)
				x = db_run(db,
					   "DELETE FROM find_near WHERE term ="
					   " ?1 AND NOT EXISTS (SELECT 1 FROM"
					   " find_posting WHERE term = ?1)",
					   "i", term[i]);
			if (x == 0)
				x = db_run(db,
					   "DELETE FROM find_term WHERE id ="
					   " ?1 AND NOT EXISTS (SELECT 1 FROM"
					   " find_posting WHERE term = ?1)",
					   "i", term[i]);
		}
	} while (n == 64 && x >= 0);
	return x < 0 ? x : 0;
}

int find_index(struct db *db, int64_t child)
{
	struct rows rows;
	int64_t here = 0;
	int x;

	x = drop_words(db, child);
	if (x == 0)
		x = db_int(db, &here,
			   "SELECT count(*) FROM child WHERE id = ?"
			   " AND merged_into IS NULL",
			   "i", child);
	if (x < 0 || !here)
		return x;
	x = db_rows(db, &rows, sources, "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		const char *text = rows_text(&rows, 1);

		x = text && *text
			    ? add_text(db, child, text,
				       (enum find_whose)rows_int(&rows, 0))
			    : 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
