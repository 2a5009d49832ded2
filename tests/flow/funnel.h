/* funnel: a published referral funnel, dealt out to regions and written as the
 * FHIR R4 files that a hospital's system would export.
 *
 * The counts are the published ones. Everything else (names, days, which
 * region, which child) is made up from a seed: the paper does not say. */
#ifndef CCFED_FUNNEL_H
#define CCFED_FUNNEL_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/lattice.h"

struct rng;

/* How a referral ended, as the paper groups them. */
enum funnel_end {
	FUNNEL_RESOLVED,
	FUNNEL_NO_CONTACT,
	FUNNEL_NO_REASON,
	FUNNEL_DECLINED,
	FUNNEL_OTHER,
	FUNNEL_ENDS
};
enum { FUNNEL_REGIONS = 5, FUNNEL_MAX = 800, FUNNEL_NEEDS = 4 };

/* The needs it knows, by their ids in the vocabulary; the published one is
 * the first. */
extern const char *const funnel_need[FUNNEL_NEEDS];

struct funnel_referral {
	int region, child; /* child: number in its region */
	int need;
	enum funnel_end end;
	int32_t sent, accepted, ended; /* days */
};
struct funnel {
	int n;
	struct funnel_referral r[FUNNEL_MAX];
};

/* Add @count[end] referrals for @need, sent between two days, to the regions
 * by their shares. Every twelfth is one more for the child before. */
void funnel_add(struct funnel *f, struct rng *rng, int need,
		const int count[FUNNEL_ENDS], int32_t first, int32_t last);

/* How many there truly are. @region, @need -1: all. @ends: bit set. */
int funnel_count(const struct funnel *f, int region, struct period p, int need,
		 unsigned ends);

/* Write what region @region exports into the folder @dir: Bulk Data NDJSON, or
 * in odd regions one bundle whose entries name each other by urn:uuid. Stops
 * the test program on failure. Returns how many resources that are. */
int funnel_write(const struct funnel *f, int region, const char *dir);

#endif
