/* lattice_half: what one region's releases of one fact table and half-year say
 * about any set of its cells. The arithmetic under lattice_query.
 *
 * Trend blocks are whole months; detail blocks are any cells. For a set of
 * cells Z and any set S of trend blocks with cells A,
 *
 *	true(Z) = T(S) - true(A minus Z) + true(Z minus A)
 *
 * where T is the sum of the blocks of S, and for the right-hand sides
 *
 *	low(X)  = detail blocks inside X
 *	high(X) = detail blocks touching X + what may be in X in no block
 *
 * Of a snapshot or year only the months that end with a picture have cells.
 *
 * What is in no detail block of some months is at most T(S') - (detail blocks
 * inside S') for every S' of trend blocks that covers them, or at most the
 * stated bounds that cover them, less what left them since. Every such line
 * holds, so the largest low and the smallest high do. Pure. */
#ifndef CCFED_LATTICE_HALF_H
#define CCFED_LATTICE_HALF_H

#include "daemon/hub/lattice_query.h"

struct lattice_half; /* opaque */

/* Releases are copied. @first: the first month that the region reports (any
 * half-year); a month from then through @closed without a release among @r is
 * a gap: what its release would say is not known. */
int lattice_half_new(struct lattice_half **out, const struct fact_table *t,
		     int32_t half, const struct release *const *r, int n,
		     int32_t first, int32_t closed);
void lattice_half_free(struct lattice_half *h); /* NULL is fine */

/* Ranges, view and step at (p, s); through and complete are the caller's. */
void lattice_half_answer(const struct lattice_half *h, struct period p,
			 struct stratum s, struct answer *out);
/* Parents are the sums of their children: let each narrow the other. */
void lattice_half_agree(const struct fact_table *t, struct answer *a);

#endif
