/* origin: what Help Me Grow asks of every child beside its name: race,
 * ethnicity, and how the family heard of the center.
 *
 * Race and ethnicity are what the family says, never what somebody sees; both
 * have words for "declined" and "not known". Several races may be named: OMB
 * Statistical Policy Directive 15 wants none of them preferred, so they have no
 * order. Words: proto/vocabulary.conf, race, ethnicity, heard.
 *
 * Owns table `child_race` and two columns of `child`. */
#ifndef CCFED_ORIGIN_H
#define CCFED_ORIGIN_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { ORIGIN_RACES = 8 };

struct origin {
	int races;
	char race[ORIGIN_RACES][VOCABULARY_ID]; /* by code, when read */
	char ethnicity[VOCABULARY_ID];		/* "" not asked */
	char heard[VOCABULARY_ID];		/* "" not asked */
};

/* Replaces what was there. "declined" and "unknown" stand alone. */
int origin_set(struct records *r, int64_t child, const struct origin *o);
int origin_get(struct db *db, const struct vocabulary *words, int64_t child,
	       struct origin *out);

#endif
