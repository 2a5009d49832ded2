/* weak: gates that lack a rule, to see that the auditor notices. Written from
 * the rules' description, not from the gate. */
#ifndef CCFED_WEAK_H
#define CCFED_WEAK_H

#include "tests/privacy/world.h"

enum weak {
	WEAK_ALONE,	  /* each view by itself: no joint check at all */
	WEAK_POINTS,	  /* joint, but for single periods only */
	WEAK_OCCURRENCES, /* joint, but counts occurrences, not children */
	WEAK_NOT,	  /* joint over every set of trend blocks */
	WEAK_KINDS
};

/* Close half-year @half of @w; out[0..5], for release_fini. Trend and detail
 * only; base outcomes. */
int weak_close(const struct world *w, int half, uint32_t floor, enum weak how,
	       struct release *out);

#endif
