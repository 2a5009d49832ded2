/* simulate_story: something that is planted in made-up data, so that a test or
 * a demonstration can see whether the figures show it.
 *
 * Any thread. */
#ifndef CCFED_SIMULATE_STORY_H
#define CCFED_SIMULATE_STORY_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct simulate_story {
	/* falling-linkage: the share of referrals that are linked falls evenly,
	 * to half of what it was, from the first day to the last. */
	bool falling;
	/* no-service=NEED: nobody offers what this need asks for. */
	char no_service[VOCABULARY_ID];
	/* silent-month=YYYY-MM: nothing happens in it; what would have happens
	 * on the first day after it. NO_DATE: no such month. */
	int32_t silent_from, silent_to;
};

void simulate_story_init(struct simulate_story *s); /* nothing is planted */
/* Add what @text names, several joined by ','. */
int simulate_story_parse(struct simulate_story *s, const struct vocabulary *v,
			 const char *text);
/* The day on which something happens that was meant for @day. */
int32_t simulate_story_day(const struct simulate_story *s, int32_t day);

#endif
