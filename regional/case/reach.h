/* reach: how to reach a caregiver, or a youth: telephone, text, e-mail,
 * letter; at which times, and whether a message may be left.
 *
 * Safety comes first: somebody else may read along or pick up. Only a safe way
 * can be the preferred one, and one that is found unsafe stops being preferred
 * in the same moment. Values stay readable in the database, as names do: who
 * calls is found by the number.
 *
 * Owns table `reach`. */
#ifndef CCFED_REACH_H
#define CCFED_REACH_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { REACH_VALUE = 200 };

struct reach {
	int64_t id;
	int64_t caregiver, child; /* one of them, the other is 0 */
	char way[VOCABULARY_ID];  /* "phone" */
	char value[REACH_VALUE];  /* not "" */
	bool safe;		  /* nobody else learns of it */
	bool message;		  /* a message may be left */
	bool preferred;		  /* at most one, and only if safe */
	char hours[NAME_TEXT];	  /* "weekdays after 5 pm"; "" any time */
	bool active;		  /* false: does not work any more */
};

/* A preferred one takes that over from the one before. One that is preferred
 * and not safe is E_DENIED. */
int reach_add(struct records *r, const struct reach *p, int64_t *id);
/* By p->id; whose it is does not change. */
int reach_update(struct records *r, const struct reach *p);
/* From now on it is not safe; no more preferred. */
int reach_unsafe(struct records *r, int64_t id);
int reach_get(struct db *db, int64_t id, struct reach *out);
/* Of a caregiver or of a child (the other 0): the preferred one first, those
 * that are not active last. */
int reach_list(struct db *db, int64_t caregiver, int64_t child,
	       int (*fn)(void *arg, const struct reach *p), void *arg);

#endif
