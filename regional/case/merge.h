/* merge: a child that was recorded twice becomes one, and, if that was wrong,
 * two again.
 *
 * Whatever refers to the one that goes, by a foreign key of its table, refers
 * to the one that stays afterwards; so a table that is added later moves too.
 * If both have an open case, what hangs on the one moves to the other, and the
 * first is closed as "merged". The record that goes stays as an empty one that
 * points to the other (child_here). What both have alike, like a race, stays
 * with it.
 *
 * Every value that changes is written down with what it was. Undoing puts
 * exactly those back; what was added since stays with the child that was kept.
 * A value that somebody changed since is no more what the merge made it: then
 * nothing is undone and the sentence names it.
 *
 * Their birth dates must be equal, since age bands of referrals follow from
 * them: correct the wrong one first.
 *
 * Owns tables `child_merge`, `child_merge_step` and `child_merge_import`. */
#ifndef CCFED_MERGE_H
#define CCFED_MERGE_H

#include "regional/case/records.h"

struct merge {
	int64_t id, kept, gone;
	int32_t merged;
	int32_t undone; /* NO_DATE: it stands */
};

int merge_children(struct records *r, int64_t kept, int64_t gone, int64_t *id);
int merge_undo(struct records *r, int64_t id);
int merge_get(struct db *db, int64_t id, struct merge *out);
/* @child 0: all. Newest first. */
int merge_list(struct db *db, int64_t child,
	       int (*fn)(void *arg, const struct merge *m), void *arg);
/* Pairs of children that may be one: born on one day, with one name alike. */
int merge_suspects(struct db *db,
		   int (*fn)(void *arg, int64_t one, int64_t other), void *arg);

#endif
