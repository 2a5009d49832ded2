/* cutoff: cut-offs that are sold with a form, from a file of the site that
 * bought it; this package has none. A section names instrument and form, a
 * line a domain, its cut-off and, if there is one, where the zone before it
 * begins:
 *
 *	[ASQ-3 24]
 *	communication = 25.17, 38.21
 *
 * Owns what it loaded. Read-only afterwards; any thread. */
#ifndef CCFED_CUTOFF_H
#define CCFED_CUTOFF_H

#include "regional/case/score.h"

struct catalogue; /* proto/catalogue.h */
struct cutoffs;	  /* opaque */

/* Read @path; E_NOTFOUND if there is no such file. Errors name file, line and
 * reason. On 0 the caller owns *out. */
int cutoff_load(struct cutoffs **out, const struct catalogue *cat,
		const char *path);
void cutoff_free(struct cutoffs *c); /* NULL is fine */

/* Give @in those that it lacks for domains with a score. @c NULL: none. */
void cutoff_fill(const struct cutoffs *c, const struct instrument *i,
		 struct score_in *in);
/* "25.17" or "25.17, 38.21"; without a zone, *zone is NO_SCORE. */
int cutoff_parse(const char *text, int32_t *cutoff, int32_t *zone);

#endif
