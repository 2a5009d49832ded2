/* sheet: how a record's struct stands in its table, one line for each column:
 * from it the record is checked, written, read, audited and printed. For
 * records of many plain fields; what one field means for another is checked
 * by the record's own module.
 *
 * The struct begins with int64_t id. A module tells its sheet to its
 * neighbors and to the command line; nobody else writes through it. */
#ifndef CCFED_SHEET_H
#define CCFED_SHEET_H

#include <stddef.h>

#include "daemon/core/date.h"
#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct rows; /* daemon/core/db.h */

/* SHEET_UNKNOWN: of a number or a yes-no that nobody gave. */
enum { SHEET_COLUMNS = 20, SHEET_TEXT_MAX = 1000, SHEET_UNKNOWN = -1 };

enum sheet_kind {
	SHEET_TEXT,  /* char[]; "" is not known */
	SHEET_WORD,  /* char[]; of a list of the vocabulary, or "" */
	SHEET_ONE,   /* char[]; one of those that @of names, or "" */
	SHEET_DAY,   /* int32_t; not after today, or NO_DATE */
	SHEET_AHEAD, /* int32_t; may be in the future */
	SHEET_INT,   /* int64_t from @min to @max */
	SHEET_YES,   /* int64_t: 1 yes, 0 no */
	SHEET_ID,    /* int64_t: a row of the table @of, or 0 */
};
struct sheet_column {
	const char *name; /* in SQL, in the audit and as an option */
	const char *what; /* as people call it: "day of the visit" */
	enum sheet_kind kind;
	bool must; /* may not be unknown */
	size_t at, size;
	const char *of;	 /* SHEET_ONE: "open, done"; SHEET_ID: the table */
	enum words list; /* SHEET_WORD */
	int64_t min, max;
};
struct sheet {
	const char *table;
	const char *what; /* "contact" */
	const struct sheet_column *column;
	int n;
	size_t size; /* of the struct */
};

/* The column of member @m of struct @s; the second takes what else the kind
 * wants, like .list = WORDS_MODE. */
#define SHEET_COL(s, m, as, k, needed)                                     \
	{                                                                  \
		.name = #m, .what = as, .kind = SHEET_##k, .must = needed, \
		.at = offsetof(struct s, m),                               \
		.size = sizeof(((struct s *)0)->m)                         \
	}
#define SHEET_OF(s, m, as, k, needed, ...)                                 \
	{                                                                  \
		.name = #m, .what = as, .kind = SHEET_##k, .must = needed, \
		.at = offsetof(struct s, m),                               \
		.size = sizeof(((struct s *)0)->m), __VA_ARGS__            \
	}
#define SHEET(s, called, columns)                                 \
	{                                                         \
		.table = #s, .what = called, .column = columns,   \
		.n = (int)(sizeof(columns) / sizeof(*(columns))), \
		.size = sizeof(struct s)                          \
	}

/* Everything unknown, id 0. */
void sheet_blank(const struct sheet *s, void *rec);
int sheet_check(const struct records *r, const struct sheet *s,
		const void *rec);
/* Checked and written; the audit has a row for each field that is known. */
int sheet_add(struct records *r, const struct sheet *s, const void *rec,
	      int64_t *id);
/* By the record's id; the audit has a row for each field that changed. */
int sheet_update(struct records *r, const struct sheet *s, const void *rec);
int sheet_get(struct db *db, const struct sheet *s, int64_t id, void *out);

/* Rows of the table: @tail follows FROM and knows @a as ?1 and @b as ?2; at
 * most @limit from @offset. @row is lent for the call; non-zero stops. */
typedef int sheet_fn(void *arg, const void *row);
int sheet_list(struct db *db, const struct sheet *s, const char *tail,
	       int64_t a, int64_t b, int64_t offset, int64_t limit,
	       sheet_fn *fn, void *arg);

/* A value as the audit has it, NULL when unknown. */
enum { SHEET_BUF = 24 };
const char *sheet_text(const struct sheet_column *c, const void *rec,
		       char buf[SHEET_BUF]);

/* A table of two columns, of which @owner belongs to a record: the words that
 * hold of it. A change is audited under the table's name and the owner's id. */
struct sheet_set {
	const char *table, *owner, *value;
};
/* Put @value in, or take it out; no change is 0. */
int sheet_mark(struct records *r, const struct sheet_set *s, int64_t owner,
	       const char *value, bool in);
/* All of them, "food, housing"; cut to fit. */
int sheet_marks(struct db *db, const struct sheet_set *s, int64_t owner,
		char *out, size_t size);

#endif
