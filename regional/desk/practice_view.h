/* practice_view: of a primary care practice, the children whom somebody may
 * see, the plans that were shared with it, and when it was last visited.
 *
 * Reads only; any thread, on its own connection. */
#ifndef CCFED_PRACTICE_VIEW_H
#define CCFED_PRACTICE_VIEW_H

#include "daemon/core/arena.h"
#include "regional/desk/find_list.h"

struct practice_child {
	int64_t child;
	const char *name, *clinician; /* "" not known */
	int32_t birth;
	bool open; /* has an open case */
};
/* Those whose practice @practice is now, by family name, but nobody whose
 * record @who may not open. */
int practice_view_children(struct db *db, struct arena *a, int64_t practice,
			   const struct find_viewer *who, int64_t limit,
			   struct practice_child **out, size_t *n);

struct practice_share {
	int64_t child;
	const char *name, *what, *way; /* words of care_share */
	const char *confirmed_by;
	int32_t shared, confirmed; /* NO_DATE: not yet */
};
/* Plans of those children that went to primary care; those that nobody has
 * confirmed first, then the newest. */
int practice_view_shares(struct db *db, struct arena *a, int64_t practice,
			 const struct find_viewer *who, int64_t limit,
			 struct practice_share **out, size_t *n);
/* The last day of outreach, or NO_DATE. */
int practice_view_last(struct db *db, int64_t practice, int32_t *day);

#endif
