/* Made-up children that were recorded twice: once more by a practice, under the
 * mother's name. Half of them are found and merged, the others wait. */
#include <stdio.h>

#include "regional/case/merge.h"
#include "regional/case/practice.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"

enum { FOUND_DAYS = 25 };

int simulate_twin_write(struct life *l, int64_t no)
{
	struct rng *rng = &l->rng.base;
	struct child c = l->p->child;
	struct child_practice at = {.practice = l->practice,
				    .since = l->p->opened,
				    .until = NO_DATE};
	int32_t day = l->p->opened + FOUND_DAYS;
	int64_t id, merge;
	int x;

	snprintf(c.family, sizeof c.family, "%s",
		 simulate_names_family(l->p->tongue, rng));
	snprintf(c.source_id, sizeof c.source_id, "%.100s-again",
		 l->p->child.source_id);
	l->r->today = l->p->opened;
	x = child_add(l->r, &c, &id);
	at.child = id;
	if (x == 0 && at.practice)
		x = practice_assign(l->r, &at, &merge);
	if (l->story)
		day = simulate_story_day(l->story, day);
	if (x < 0 || no % 2 || day > l->until)
		return x;
	l->r->today = day;
	return merge_children(l->r, l->child, id, &merge);
}
