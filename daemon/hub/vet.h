/* vet: may a release be taken? Checks what a well-behaved node never gets
 * wrong, so that one that misbehaves cannot put a small count, or a block that
 * counts twice, into the state's figures.
 *
 * Pure. Returns 0, or a positive enum refusal_code with a sentence in @why. */
#ifndef CCFED_VET_H
#define CCFED_VET_H

#include <stdint.h>

#include "proto/codec.h"

struct catalogue;

enum { VET_WHY = 200 };

/* Alone: definition known and equal, floor and policy, counts, places, blocks
 * of one view disjoint, sums that agree. @p is the policy that @r names.
 * @today: the hub's date; a real network's month must be over by then. */
int vet_release(const struct catalogue *c, const struct release *r,
		const struct policy *p, int32_t today, char why[VET_WHY]);
/* Beside @other, a current release of the same half-year and another closing:
 * blocks of one view must not overlap. */
int vet_beside(const struct release *r, const struct release *other,
	       char why[VET_WHY]);

#endif
