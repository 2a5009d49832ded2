#include "regional/case/simulate_life.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "regional/case/need.h"
#include "regional/case/simulate_story.h"

void simulate_life_push(struct life *l, int32_t day, enum life_kind kind,
			int no)
{
	assert(l->n < LIFE_EVENTS);
	if (l->story)
		day = simulate_story_day(l->story, day);
	l->event[l->n] = (struct life_event){day, l->n, kind, no};
	l->n++;
}

void simulate_life_during(struct life *l, int32_t day, enum life_kind kind,
			  int no)
{
	if (l->story)
		day = simulate_story_day(l->story, day);
	if (day <= l->end)
		simulate_life_push(l, day, kind, no);
}

bool simulate_life_has(const struct life *l, const char *need)
{
	int k = vocabulary_find(l->r->words, WORDS_NEED, need);

	for (int i = 0; i < l->p->n_needs; i++)
		if (l->p->need[i].domain == k)
			return true;
	return false;
}

static int by_day(const void *a, const void *b)
{
	const struct life_event *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

void simulate_life_draw(struct life *l, uint64_t seed, int64_t no)
{
	/* Odd multipliers: no two children of neighboring seeds share a
	 * stream, and none has that of the referrals. */
	rand_seed(&l->rng, (seed + 1) * 0x9e3779b97f4a7c15u +
				   (uint64_t)no * 0xd1342543de82ef95u);
	simulate_course_draw(l);
	simulate_family_draw(l);
	simulate_circle_draw(l);
	simulate_consent_draw(l);
	simulate_screen_draw(l);
	simulate_work_draw(l);
	simulate_contact_draw(l);
	simulate_visit_draw(l);
	simulate_course_end(l);
	qsort(l->event, (size_t)l->n, sizeof *l->event, by_day);
}

static int close_extra(struct life *l, const struct life_event *e)
{
	bool met = simulate_rates_happen(&l->rng.base, EXTRA_MET);

	if (l->extra[e->no] == 0)
		return 0;
	return need_close(l->r, l->extra[e->no], e->day, met,
			  met ? NULL : "DECLINED");
}

static int write_event(struct life *l, const struct life_event *e)
{
	switch (e->kind) {
	case LIFE_FAMILY:
	case LIFE_INTAKE:
		return simulate_family_write(l, e);
	case LIFE_COORDINATOR:
	case LIFE_SCAN:
		return simulate_circle_write(l, e);
	case LIFE_CONSENT:
	case LIFE_WITHDRAW:
	case LIFE_RENEW:
	case LIFE_OF_AGE:
		return simulate_consent_write(l, e);
	case LIFE_SCREEN:
		return simulate_screen_write(l, e);
	case LIFE_ED:
	case LIFE_ED_FOLLOW:
	case LIFE_ED_ANY:
	case LIFE_TRANSITION:
	case LIFE_TRANSITION_VISIT:
	case LIFE_TRANSFER:
	case LIFE_ADULT_VISIT:
		return simulate_visit_write(l, e);
	case LIFE_CLOSE_EXTRA:
		return close_extra(l, e);
	case LIFE_CLOSE:
	case LIFE_REOPEN:
	case LIFE_CLOSE_AGAIN:
		return simulate_course_write(l, e);
	case LIFE_CONTACT:
	case LIFE_FACTORS:
	case LIFE_GOALS:
	case LIFE_SURVEY:
	case LIFE_SURVEY_BACK:
		return simulate_contact_write(l, e);
	default:
		return simulate_work_write(l, e);
	}
}

const char *simulate_life_who(const struct life *l)
{
	return l->staff_name ? l->staff_name : "Intake desk";
}

int simulate_life_until(struct life *l, int32_t day)
{
	int x = 0;

	for (; l->next < l->n && x == 0; l->next++) {
		const struct life_event *e = &l->event[l->next];

		if (e->day > day || e->day > l->until)
			break;
		l->r->today = e->day;
		x = write_event(l, e);
	}
	return x;
}

int simulate_life_need(struct life *l, int no, int32_t day)
{
	static const char *const sources[] = {"family", "provider",
					      "coordinator"};
	int k = simulate_rates_pick(&l->rng.base, NEED_FAMILY, 3);

	if (l->found_by[no] >= 0)
		return simulate_screen_find(l, no, day);
	return need_add_from(
		l->r, l->kase,
		vocabulary_word(l->r->words, WORDS_NEED, l->p->need[no].domain)
			->id,
		sources[k], day, &l->need[no]);
}
