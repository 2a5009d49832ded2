/* simulate: made-up children for a synthetic network, written through the same
 * calls as real ones, each on its day.
 *
 * The same seed and options give the same rows. The referrals are drawn from a
 * stream of their own: what else a child's record gets does not change them.
 * Which rates come from a
 * published figure and which are assumed stands in simulate_rates. Names are
 * invented; nothing is drawn from a real record. */
#ifndef CCFED_SIMULATE_H
#define CCFED_SIMULATE_H

#include <stdint.h>

#include "proto/policy.h"
#include "regional/case/records.h"

struct simulate_story; /* regional/case/simulate_story.h */

enum simulate_outcomes {
	SIMULATE_TYPICAL,   /* about 60 % of referrals linked in 90 days */
	SIMULATE_PUBLISHED, /* 8,029 of 12,500 children linked; reasons too */
};

struct simulate_opts {
	enum network_kind kind; /* of the node: anything but synthetic is
				 * E_DENIED */
	int64_t children;	/* over all the years together */
	int years;		/* 1 to 20 */
	int32_t until;		/* nothing happens after this day */
	uint64_t seed;
	enum simulate_outcomes outcomes;
	/* The whole record; else needs and referrals only, which are the same
	 * either way. */
	bool whole;
	const struct simulate_story *story; /* planted; NULL: none */
};

/* Write them. E_EXISTS if children of this seed are there already. @progress
 * (may be NULL) is told how many children are done. */
int simulate_run(struct records *r, const struct simulate_opts *o,
		 void (*progress)(void *arg, int64_t done, int64_t of),
		 void *arg);

struct simulate_rate {
	const char *what;
	double percent;
	const char *source; /* "assumed", or where it was published */
};
extern const struct simulate_rate simulate_rates[];
extern const int simulate_rates_count;

#endif
