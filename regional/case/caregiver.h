/* caregiver: a grown-up of a family who cares for its children. What they are
 * to each child, and whether they may sign, is custody's (custody.h); how to
 * reach them is reach's (reach.h).
 *
 * Owns table `caregiver`. */
#ifndef CCFED_CAREGIVER_H
#define CCFED_CAREGIVER_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum caregiver_help { /* an interpreter */
		      CAREGIVER_AS_FAMILY,
		      CAREGIVER_NEEDS_NONE,
		      CAREGIVER_NEEDS_ONE,
};

struct caregiver {
	int64_t id, family;
	char given[NAME_TEXT], surname[NAME_TEXT]; /* at least one not "" */
	char language[VOCABULARY_ID];		   /* "" as the family's */
	enum caregiver_help interpreter;
	bool active; /* false: no more with the family */
};

int caregiver_add(struct records *r, const struct caregiver *c, int64_t *id);
/* By c->id. Who is no more active keeps the reach and custody on record. */
int caregiver_update(struct records *r, const struct caregiver *c);
int caregiver_get(struct db *db, int64_t id, struct caregiver *out);
int caregiver_list(struct db *db, int64_t family,
		   int (*fn)(void *arg, const struct caregiver *c), void *arg);

#endif
