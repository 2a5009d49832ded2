/* csv_item: what is kept of a row between reading it and writing it, and the
 * helpers that make it. For regional/exchange/csv_*.c only. */
#ifndef CCFED_CSV_ITEM_H
#define CCFED_CSV_ITEM_H

#include "proto/vocabulary.h"
#include "regional/case/referral.h"
#include "regional/exchange/csv.h"

enum {
	CSV_GROUPS = 6, /* needs and referrals side by side in one row */
	CSV_COLUMNS = 1024,
	CSV_NAME = 160, /* of a column */
	CSV_ID = 64,
	CSV_WHY = 400,
	CSV_FORMAT = 24, /* of dates */
	CSV_FORMATS = 4,
	CSV_MAPPED = 200,
	CSV_WORDS = 400,
	CSV_KEY = 33,
	CSV_SAY = 1000
};

struct csv_child {
	char source_id[NAME_TEXT], given[NAME_TEXT], family[NAME_TEXT];
	int32_t birth;
	char sex[16], zip[12];
};
struct csv_case {
	int32_t opened, closed;
	char reason[VOCABULARY_ID];
};
struct csv_need {
	char source_id[CSV_ID], domain[VOCABULARY_ID], by[VOCABULARY_ID];
	int32_t found, closed;
	char outcome[8]; /* "met", "unmet" */
	char reason[VOCABULARY_ID];
};
struct csv_referral {
	char source_id[CSV_ID], organization[NAME_TEXT], service[NAME_TEXT];
	int32_t drafted, sent, accepted, started, held, rejected, cancelled,
		failed, completed;
	int32_t contacted, received, addressed, satisfied;
	char state[20]; /* one state a row; its day is @state_on */
	int32_t state_on, answered, reason_on;
	char capacity[32], enrollment[32], reason[VOCABULARY_ID];
	char why[CSV_WHY];
};
struct csv_group {
	bool has_need, has_referral;
	struct csv_need need;
	struct csv_referral referral;
};
/* Groups stand last: what is unused at the end is not kept. */
struct csv_item {
	struct csv_child child;
	struct csv_case kase;
	int32_t first; /* first day of it all, or NO_DATE */
	struct csv_group group[CSV_GROUPS];
};

/* --- csv_read.c: the file --- */
enum csv_policy { CSV_LEAVE_ROW, CSV_REFUSE_FILE, CSV_PAD };
struct csv_shape {
	char delimiter; /* '\0': found out */
	bool windows_1252;
	int header; /* the record that is the header, from 1 */
	enum csv_policy fields;
};
struct csv_cells {
	int64_t line; /* on which it begins */
	int n;
	const char *const *cell; /* trimmed; lent for the call */
};
typedef int csv_row_fn(void *arg, const struct csv_cells *row);
/* Give each record of @text that is not blank. E_FORMAT: broken, with a
 * sentence that begins with "line N: ". What @fn returns other than 0 stops
 * it and is returned. */
int csv_read_text(const struct csv_shape *shape, const char *text, size_t len,
		  csv_row_fn *fn, void *arg);
/* The whole file, into *out (mem_free), as UTF-8 as far as it is that. */
int csv_read_file(const char *path, const struct csv_shape *shape, char **out,
		  size_t *len);

/* --- csv_field.c, csv_map.c: the mapping --- */
enum csv_section {
	CSV_OF_CHILD,
	CSV_OF_CASE,
	CSV_OF_NEED,
	CSV_OF_REFERRAL,
	CSV_SECTIONS
};
enum csv_type { CSV_TEXT, CSV_SECRET, CSV_BIRTH, CSV_DAY, CSV_ZIP, CSV_CODE };
struct csv_field {
	enum csv_section section;
	const char *key;
	enum csv_type type;
	size_t offset, size;	/* in the struct of its section */
	enum words words;	/* CSV_CODE: a list of the vocabulary, or */
	const char *const *own; /* these */
	const char *guess;	/* headers that mean it, separated by blanks */
};
extern const struct csv_field csv_fields[];
extern const int csv_field_count;
const char *csv_section_text(enum csv_section section);

struct csv_column {
	int field, group, line;
	char name[CSV_NAME], format[CSV_FORMAT];
	int at; /* in a row, from 0; bound to a header */
};
struct csv_word {
	int field;
	char from[CSV_NAME], to[40]; /* "-": as if the cell were empty */
};
struct csv_map {
	const struct vocabulary *words;
	struct csv_shape shape;
	char format[CSV_FORMATS][CSV_FORMAT];
	int formats, pivot, fields; /* @fields: of the header */
	char source[CSV_ID];
	int n, n_words, groups;
	struct csv_column column[CSV_MAPPED];
	struct csv_word word[CSV_WORDS];
};
int csv_map_load(struct csv_map **out, const struct vocabulary *words,
		 const char *path);
void csv_map_free(struct csv_map *m); /* NULL is fine */
/* Find the columns in the header. */
int csv_map_bind(struct csv_map *m, const struct csv_cells *header);
/* The column that feeds @key of @section, NULL if none does. */
const struct csv_column *csv_map_column(const struct csv_map *m,
					enum csv_section section,
					const char *key, int group);
/* Headers are the same but for case, blanks and line breaks. */
bool csv_map_same(const char *a, const char *b);
/* The word that @text stands for, into @out ("" none); E_INVALID lists what is
 * allowed. */
int csv_map_word(const struct csv_map *m, const struct csv_field *f,
		 const char *text, char *out, size_t size);

/* --- csv_row.c: a row's values --- */
struct csv_row_check {
	const struct csv_map *map;
	int32_t today;
	/* Everything that is wrong. */
	void (*say)(void *arg, const char *column, const char *message);
	void *arg;
};
enum csv_reason csv_row(const struct csv_row_check *k,
			const struct csv_cells *row, struct csv_item *item);
/* The first day of a need and its referral; NO_DATE if there is none. */
int32_t csv_row_first(const struct csv_item *item, int group);
/* A date as one of the formats has it; E_INVALID with a sentence that does not
 * quote it. */
int csv_row_date(const struct csv_map *m, const char *format, const char *text,
		 int32_t *out);

/* --- csv_stage.c: what was read, in order --- */
struct csv_staged {
	int64_t ord, line;
	char child[CSV_KEY], kase[CSV_KEY];
	char need[CSV_GROUPS][CSV_KEY], referral[CSV_GROUPS][CSV_KEY];
	struct csv_item item;
};
int csv_stage_open(struct records *r);
void csv_stage_close(struct records *r);
int csv_stage_add(struct records *r, const struct csv_item *item, int64_t line);
/* After the last row: children together, their cases in order. */
int csv_stage_sort(struct records *r, int64_t *count);
enum { CSV_STAGE_END = 1 };
int csv_stage_next(struct records *r, int64_t ord, struct csv_staged *out);
/* Does a row that comes after say more of it? @ord * CSV_GROUPS + group. */
int csv_stage_last(struct records *r, enum csv_kind kind, const char *key,
		   int64_t place, bool *out);
/* The newest row up to @place that says how it ended: CSV_STAGE_END if none
 * does. */
int csv_stage_ending(struct records *r, enum csv_kind kind, const char *key,
		     int64_t place, struct csv_item *out, int *group);
/* The first day of a child, or of a need, in the sheet; or NO_DATE. */
int csv_stage_first(struct records *r, const char *child, int32_t *out);
int csv_stage_found(struct records *r, const char *need, int32_t *out);
void csv_stage_hash(struct records *r, const char *what, const void *data,
		    size_t len, char out[CSV_KEY]);

/* --- csv_apply.c, csv_apply_referral.c: writing --- */
enum csv_outcome { CSV_UNCHANGED, CSV_UPDATED, CSV_TAKEN };
struct csv_run {
	struct records *r;
	const struct csv_map *map;
	const char *source;
	int32_t as_of;
	int64_t at[CSV_KINDS][3]; /* outcomes in the row just written */
	int64_t mark;		  /* the audit when the record was begun */
};
/* CSV_OK or why it is left out; negative: failed. */
int csv_apply(struct csv_run *u, const struct csv_staged *it);
int csv_apply_referral(struct csv_run *u, const struct csv_staged *it, int g,
		       int64_t child, int64_t need);
/* *local is 0 if it is new; *same if its hash is @hash. */
int csv_apply_known(struct csv_run *u, enum csv_kind kind, const char *key,
		    const char *hash, int64_t *local, bool *same);
int csv_apply_remember(struct csv_run *u, enum csv_kind kind, const char *key,
		       const char *hash, int64_t local);
/* Between the two stands what is written of one record. */
int csv_apply_begin(struct csv_run *u);
int csv_apply_end(struct csv_run *u, enum csv_kind kind, bool is_new);

#endif
