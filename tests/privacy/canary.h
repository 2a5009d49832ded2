/* canary: looks for planted values of a case (names, birth dates, record
 * numbers) in whatever should not hold them: bytes, files, log lines; also
 * when someone encoded them on the way.
 *
 * Owns copies of the values. Read-only while searching. */
#ifndef CCFED_CANARY_H
#define CCFED_CANARY_H

#include <stddef.h>
#include <stdint.h>

enum canary_code {
	CANARY_AS_IS,
	CANARY_LOWER,
	CANARY_UPPER,
	CANARY_BASE64, /* at any of the three alignments, either alphabet */
	CANARY_HEX,
	CANARY_REVERSED,
	CANARY_UTF16, /* little-endian */
	CANARY_JSON,  /* escaped */
	CANARY_DATE,  /* 07/04/2019, 20190704, 4.7.2019, days since 1970 ... */
	CANARY_CODES
};
enum { CANARY_SHORTEST = 5 };

struct canary_hit {
	const char *value; /* as it was planted */
	enum canary_code code;
	const char *where; /* file or name of the bytes */
	size_t at;
};
typedef void canary_fn(void *arg, const struct canary_hit *hit);

struct canary; /* opaque */

int canary_new(struct canary **out);
void canary_free(struct canary *c); /* NULL is fine */

/* A text of at least CANARY_SHORTEST bytes; E_INVALID. A number is found only
 * where no digit stands beside it. */
int canary_add(struct canary *c, const char *value);
/* A civil date, day number of date.h. */
int canary_add_date(struct canary *c, int32_t day);

/* How many hits; each told to @fn (or NULL). */
int canary_search(const struct canary *c, const char *where, const void *bytes,
		  size_t len, canary_fn *fn, void *arg);
/* The same over every file below the folder @dir; hits + E_* as ever. */
int canary_search_dir(const struct canary *c, const char *dir, canary_fn *fn,
		      void *arg);

const char *canary_code_text(enum canary_code code);

#endif
