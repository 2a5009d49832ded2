/* cover: who works for whom while they are away.
 *
 * There are no chains: who is away covers for nobody on the same days, and who
 * covers is not away.
 *
 * Owns table `cover`. */
#ifndef CCFED_COVER_H
#define CCFED_COVER_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct cover {
	int64_t id;
	int64_t staff;	      /* who is away */
	int64_t cover;	      /* who works for them */
	int32_t since, until; /* both days included; NO_DATE: not known yet */
	char leave[VOCABULARY_ID]; /* why: "vacation", "illness", ... */
};

/* Days may be in the future. E_STATE names what it would overlap. */
int cover_add(struct records *r, const struct cover *c, int64_t *id);
/* @until is the last day. */
int cover_end(struct records *r, int64_t id, int32_t until);
int cover_get(struct db *db, int64_t id, struct cover *out);
/* @staff 0: everybody's; @on NO_DATE: all, else those in force. Newest first. */
int cover_list(struct db *db, int64_t staff, int32_t on, int64_t offset,
	       int64_t limit, int (*fn)(void *arg, const struct cover *c),
	       void *arg);
/* Who works for @staff on day @on; 0: they do themselves. */
int cover_of(struct db *db, int64_t staff, int32_t on, int64_t *out);

#endif
