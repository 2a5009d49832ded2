/* facts: runs the SQL of a fact table over the stable fact_* views.
 *
 * On a read-only connection, with an authorizer that allows nothing but
 * reading those views and what they stand on through them, plain functions and
 * no PRAGMA or ATTACH, and with a deadline. A row that is not as the table
 * promises (unknown stratum or outcome, no date, no child) stops it with a
 * sentence naming table and occurrence number.
 *
 * The SQL of a snapshot or year finds a table "picture (day, since)" beside the
 * views: the days it looks at, and the first day of the quarter or year. Its
 * date is such a day, and its occurrence the number of what it counts: the same
 * in every picture. */
#ifndef CCFED_FACTS_H
#define CCFED_FACTS_H

#include <stdint.h>

#include "proto/catalogue.h"
#include "proto/picture.h"

struct db;
struct vocabulary;

struct fact {
	int64_t occurrence; /* of a picture: see picture_occurrence */
	int64_t child;
	int32_t day;	 /* its date */
	uint8_t stratum; /* leaf number in the table's dim */
	uint8_t outcome; /* leaf outcome, index */
};

/* Each fact dated on or before @through, in order of (date, occurrence).
 * @ro is a DB_READ connection used by nothing else meanwhile. @deadline_ms:
 * E_TIMEOUT after so long. @fn returning non-zero stops and is returned. */
int facts_each(struct db *ro, const struct fact_table *t,
	       const struct vocabulary *words, int32_t through, int deadline_ms,
	       int (*fn)(void *arg, const struct fact *f), void *arg);

#endif
