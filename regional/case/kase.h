/* kase: an episode of care coordination of one child ("case" is C's word).
 *
 * Owns table `care_case`. A child has at most one open case. */
#ifndef CCFED_KASE_H
#define CCFED_KASE_H

#include "regional/case/records.h"

struct kase {
	int64_t id, child;
	int32_t opened;
	int32_t closed;	 /* NO_DATE while open */
	int32_t errored; /* found to be opened in error; else NO_DATE */
};

int kase_open(struct records *r, int64_t child, int32_t opened, int64_t *id);
/* Needs that are open stay open: E_STATE names how many. */
int kase_close(struct records *r, int64_t id, int32_t closed);
/* It was opened in error: closed, in no list but its child's, its needs take no
 * referral, and its referrals count nowhere. Not taken back; a second time is
 * no change. */
int kase_error(struct records *r, int64_t id);
int kase_get(struct db *db, int64_t id, struct kase *out);
/* The open case of @child; E_NOTFOUND if none. */
int kase_of_child(struct db *db, int64_t child, struct kase *out);
/* @child 0: all but those opened in error. @open_only. Newest first. */
int kase_list(struct db *db, int64_t child, bool open_only, int64_t offset,
	      int64_t limit, int (*fn)(void *arg, const struct kase *k),
	      void *arg);

#endif
