/* field: what a value must be before it may stand in a record; each check
 * names the field as people call it and says what would be right.
 *
 * For regional/case only. Any thread. */
#ifndef CCFED_FIELD_H
#define CCFED_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/core/date.h"
#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { FIELD_WORDS = 8, FIELD_PATTERN = 2 * NAME_TEXT };

/* @text is UTF-8 without control characters, of fewer than @size bytes; what
 * is too long is told in characters. */
int field_text(const char *what, const char *text, size_t size);
/* @len bytes are UTF-8, whatever characters. */
bool field_utf8(const unsigned char *s, size_t len);
/* @day is a date, not after today. */
int field_day(const struct records *r, const char *what, int32_t day);
/* @day is not before @first, which is @first_what ("the day the need was
 * found"). */
int field_order(const char *what, int32_t day, int32_t first,
		const char *first_what);
/* @day is a date that may be any, the future too, or NO_DATE. */
int field_any_day(const char *what, int32_t day);
/* A dated row: @since is NO_DATE (always) or not after today; @until NO_DATE
 * (still) or not before it. */
int field_span(const struct records *r, const char *what, int32_t since,
	       int32_t until);
/* "" or like 06106 or 06106-1234. */
int field_zip(const char *zip);
/* @id is a word of @list; otherwise the sentence lists them. */
int field_word(const struct vocabulary *v, enum words list, const char *what,
	       const char *id);

/* The words of a search, as LIKE patterns with '\' as the escape; unused ones
 * are "%". E_INVALID if there are more than FIELD_WORDS. */
struct field_search {
	char like[FIELD_WORDS][FIELD_PATTERN];
};
int field_search(const char *text, struct field_search *out);

/* A date as SQL has it, NULL for NO_DATE; and back. */
const char *field_sql_day(int32_t day, char buf[DATE_TEXT]);
int32_t field_day_of_sql(const char *text);
/* NULL for "", and back. */
const char *field_sql_text(const char *text);
void field_copy(char *out, size_t size, const char *text);
/* An id as the audit has it, NULL for 0. */
const char *field_id_text(int64_t id, char buf[24]);

/* The age band on day @on of who was born on @birth. Who is older than the
 * oldest band is counted in it. */
const char *field_age_band(const struct vocabulary *v, int32_t birth,
			   int32_t on);

#endif
