/* audit_picture: what can a reader compute from two pictures that follow each
 * other, and from a year beside the months of another table?
 *
 * Shares no code with the gate. By linear algebra it finds the sets of strata
 * whose number of things follows from what was published, in both pictures,
 * and so the ends between which every other set lies; for each it asks who came
 * and who left, whom nobody may know to be few: either follows from the other
 * as soon as one is published anywhere. */
#ifndef CCFED_AUDIT_PICTURE_H
#define CCFED_AUDIT_PICTURE_H

#include "tests/privacy/audit.h"

struct audit_member {
	int64_t thing;
	uint32_t child;
	uint8_t leaf;
};
struct audit_picture {
	const struct release *release; /* NULL: there is none */
	struct audit_member *member;
	size_t n;
};
struct audit_album {
	const struct fact_table *table;
	uint32_t floor;
	struct audit_picture before, now;
	/* What the months of another table count in the year of @now. */
	struct audit_member *beside;
	size_t n_beside;
};

/* How many leaks there are, each told to @fn (or NULL); E_NOMEM. Members are
 * put in another order. */
int audit_pictures(struct audit_album *in, audit_fn *fn, void *arg);

#endif
