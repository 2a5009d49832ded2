/* levels: what a level of need is, and what follows from it, as data
 * (proto/levels.conf): points of open social needs, social tiers by points,
 * and levels I-IV by medical and social complexity.
 *
 * Read-only after loading; any thread. */
#ifndef CCFED_LEVELS_H
#define CCFED_LEVELS_H

#include <stdbool.h>

#include "proto/vocabulary.h"

enum { SOCIAL_TIERS = 4, NEED_LEVELS = 4, LEVEL_NEEDS_MAX = 32 };

struct social_tier { /* of social complexity, 0 .. 3 */
	char title[VOCABULARY_TITLE];
	int from_points;
};

struct level_rule { /* I .. IV */
	char id[8];
	char title[VOCABULARY_TITLE];
	bool cshcn;	  /* for a child with special health care needs */
	bool complicated; /* by family or social issues */
	int contact_days; /* a contact at least so often */
	char follows[400];
};

struct levels {
	int version;
	char source[400];
	/* A positive one says that a child has special needs. */
	char cshcn_instrument[VOCABULARY_ID], cshcn_domain[VOCABULARY_ID];
	int screened_days;    /* a screening says something for so long */
	int complicated_from; /* social tier from which issues complicate */
	int points[LEVEL_NEEDS_MAX]; /* by need of the vocabulary */
	struct social_tier tier[SOCIAL_TIERS];
	int n_tiers;
	struct level_rule level[NEED_LEVELS];
	int n_levels;
};

/* Read @path. On 0 the caller owns *out. Errors name file, line and reason. */
int levels_load(struct levels **out, const struct vocabulary *v,
		const char *path);
void levels_free(struct levels *l); /* NULL is fine */

/* The social tier of so many points. */
int levels_tier(const struct levels *l, int points);
const struct level_rule *levels_of(const struct levels *l, bool cshcn,
				   int social_tier);
const struct level_rule *levels_find(const struct levels *l, const char *id);

#endif
