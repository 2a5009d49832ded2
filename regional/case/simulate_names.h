/* simulate_names: names for made-up people. For the simulator only.
 *
 * Every name is synthetic: a given and a family name that many people bear, put
 * together by chance, so that pages look as they will. None stands for anybody,
 * and nothing is drawn from a real record. The lists are our own, common in
 * Connecticut and among those who speak the language; how often a name occurs
 * is not theirs.
 *
 * Any thread. */
#ifndef CCFED_SIMULATE_NAMES_H
#define CCFED_SIMULATE_NAMES_H

#include <stdbool.h>

struct rng; /* daemon/core/rand.h */

/* A family's language at home, and whose names it bears. HISPANIC: English is
 * spoken. */
enum simulate_tongue {
	TONGUE_ENGLISH,
	TONGUE_PORTUGUESE,
	TONGUE_POLISH,
	TONGUE_HAITIAN,
	TONGUE_ARABIC,
	TONGUE_VIETNAMESE,
	TONGUE_OTHER,
	TONGUE_SPANISH,
	TONGUE_HISPANIC,
	TONGUES
};
/* The word of the vocabulary. */
const char *simulate_names_language(enum simulate_tongue t);

/* One draw each. */
const char *simulate_names_child(enum simulate_tongue t, bool girl,
				 struct rng *rng);
const char *simulate_names_adult(enum simulate_tongue t, bool woman,
				 struct rng *rng);
const char *simulate_names_family(enum simulate_tongue t, struct rng *rng);

#endif
