/* duplicate: is a child that is about to be recorded known already?
 *
 * Children who have the name, birth date or telephone number, or nearly, are
 * compared; each thing that agrees gives points (ours, no published rule). The
 * list is for people to look at: nothing is merged by it (merge.h). Any thread,
 * on its own connection. */
#ifndef CCFED_DUPLICATE_H
#define CCFED_DUPLICATE_H

#include <stdint.h>

#include "daemon/core/arena.h"

struct db;

enum {
	/* The score from which a child is worth a look; who has 100 agrees in
	 * names and birth date, and in a number or an address. */
	DUPLICATE_LOOK = 40,
	DUPLICATE_MOST = 20
};
enum duplicate_why {
	DUPLICATE_GIVEN = 1 << 0,      /* the given name is the same */
	DUPLICATE_GIVEN_NEAR = 1 << 1, /* ... or nearly */
	DUPLICATE_FAMILY = 1 << 2,
	DUPLICATE_FAMILY_NEAR = 1 << 3,
	DUPLICATE_BIRTH = 1 << 4,
	DUPLICATE_BIRTH_NEAR = 1 << 5, /* day and month, or one digit */
	DUPLICATE_PHONE = 1 << 6,
	DUPLICATE_CAREGIVER = 1 << 7,
	DUPLICATE_ADDRESS = 1 << 8,
	/* Everything but the given name: twins, brothers and sisters. */
	DUPLICATE_SIBLING = 1 << 9,
};
/* NULL or "" where not known; birth NO_DATE. */
struct duplicate_ask {
	const char *given, *family;
	int32_t birth;
	const char *phone, *address;
	const char *caregiver; /* names of one of them */
};
struct duplicate {
	int64_t child;
	int score;    /* to 100 */
	unsigned why; /* of enum duplicate_why */
};
/* The likeliest first; at most DUPLICATE_MOST. */
int duplicate_find(struct db *db, const struct duplicate_ask *q,
		   struct arena *a, struct duplicate **out, size_t *n);

#endif
