/* How the case of a made-up child ends, and at times begins again. */
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/kase.h"
#include "regional/case/simulate_life.h"
#include "regional/case/simulate_story.h"

/* Where families move to; a region's own id is not known to the simulator. */
static const char *const regions[] = {"north-central", "northwest", "southwest",
				      "south-central", "eastern"};

/* The last day of work on a case that is closed on @day: never in the month
 * in which nothing happens, or the work would follow the close. */
static int32_t before(const struct life *l, int32_t day)
{
	int32_t last = day - 1;

	if (l->story && simulate_story_day(l->story, last) != last)
		last = l->story->silent_from - 1;
	return last;
}

/* Some cases go on when all needs are closed: complex ones, that somebody
 * keeps an eye on. */
void simulate_course_draw(struct life *l)
{
	const struct plan *p = l->p;
	int32_t last = p->event[p->n - 1].day;
	int32_t day = last + simulate_rates_between(&l->rng.base, 60, 540);

	l->end = l->until;
	for (int i = 0; i < p->n; i++) {
		if (p->event[i].kind != PLAN_CLOSE_CASE)
			continue;
		l->closes = p->event[i].day <= l->until;
		l->end = l->closes ? p->event[i].day : l->until;
		return;
	}
	if (l->story)
		day = simulate_story_day(l->story, day);
	if (day > l->until)
		return;
	l->closes = true;
	l->end = before(l, day);
	simulate_life_push(l, day, LIFE_CLOSE, 0);
}

void simulate_course_end(struct life *l)
{
	struct rng *rng = &l->rng.base;
	bool again = simulate_rates_happen(rng, REOPENED);
	int32_t day = l->end + simulate_rates_between(rng, 20, 200);

	if (!again || !l->closes)
		return;
	simulate_life_push(l, day, LIFE_REOPEN, 0);
	simulate_life_push(l, day + simulate_rates_between(rng, 30, 120),
			   LIFE_CLOSE_AGAIN, 0);
}

int simulate_life_close(struct life *l, int32_t day)
{
	struct rng *rng = &l->rng.base;
	const struct plan *p = l->p;
	const char *why = "goals-met";
	const char *to = regions[rand_below(rng, 5)];
	int met = 0;

	l->moved = simulate_rates_happen(rng, MOVED);
	if (l->moved)
		return kase_move_region(l->r, l->kase, to, day);
	for (int i = 0; i < p->n_needs; i++)
		met += p->need[i].met;
	if (met == 0 && strcmp(p->need[0].reason, "UNREACHABLE") == 0)
		why = "unreachable";
	else if (met == 0 && strcmp(p->need[0].reason, "DECLINED") == 0)
		why = "declined";
	else if (met < p->n_needs)
		why = "self-managing";
	return kase_close_because(l->r, l->kase, day, why);
}

/* The same question comes up again; nobody comes back who moved away. */
int simulate_course_write(struct life *l, const struct life_event *e)
{
	if (e->kind == LIFE_CLOSE)
		return simulate_life_close(l, e->day);
	if (l->moved)
		return 0;
	if (e->kind == LIFE_REOPEN)
		return kase_reopen(l->r, l->kase, e->day,
				   "the family called again");
	return kase_close_because(l->r, l->kase, e->day, "goals-met");
}
