#include "regional/case/plan.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/rand.h"
#include "regional/case/simulate_rates.h"
#include "regional/case/simulate_story.h"

/* By id, so that a new word of the vocabulary changes no other's share. */
static const struct {
	const char *id;
	enum simulate_rate_id rate;
} need_weights[] = {
	{"developmental", NEED_DEVELOPMENTAL},
	{"behavioral", NEED_BEHAVIORAL},
	{"medical", NEED_MEDICAL},
	{"food", NEED_FOOD},
	{"education", NEED_EDUCATION},
	{"family", NEED_SUPPORT},
	{"housing", NEED_HOUSING},
	{"transportation", NEED_TRANSPORTATION},
	{"financial", NEED_FINANCIAL},
	{"insurance", NEED_INSURANCE},
	{"dental", NEED_DENTAL},
	{"utilities", NEED_UTILITIES},
};

/* How a referral ends that leads to nothing, a missing service first: what the receiver answers, where
 * the life cycle ends, and how often (assumed). */
static const struct failure {
	const char *reason;
	double weight;
	const char *capacity; /* answered before anything else, or NULL */
	enum referral_state end;
	bool accepted; /* on its way there */
	const char *why;
} failures[] = {
	{"NO_SERVICE", 8, NULL, REFERRAL_CANCELLED, false,
	 "nobody offers this here"},
	{"NO_CAPACITY", 12, "no-capacity", REFERRAL_REJECTED, false,
	 "no opening"},
	{"WAITLIST", 12, "waitlist", REFERRAL_CANCELLED, false,
	 "waited too long"},
	{"INELIGIBLE", 8, NULL, REFERRAL_REJECTED, false, "not eligible"},
	{"COST_COVERAGE", 6, NULL, REFERRAL_FAILED, true, "not covered"},
	{"TRANSPORT", 5, NULL, REFERRAL_FAILED, true, "no way to get there"},
	{"HOURS_DISTANCE", 5, NULL, REFERRAL_FAILED, true, "too far"},
	{"LANGUAGE", 3, NULL, REFERRAL_FAILED, true, "no interpreter"},
	{"PAPERWORK", 5, "additional-assessment-required", REFERRAL_CANCELLED,
	 false, "papers missing"},
	{"INFO_LACK", 2, NULL, REFERRAL_FAILED, true, "did not know"},
	{"FEAR_STIGMA", 3, NULL, REFERRAL_FAILED, true, "afraid to go"},
	{"UNREACHABLE", 14, NULL, REFERRAL_FAILED, true, "not reached"},
	{"PARTNER_NO_REPLY", 6, NULL, REFERRAL_CANCELLED, false, "no reply"},
	{"WRONG_REFERRAL", 2, NULL, REFERRAL_REJECTED, false,
	 "not what they do"},
	{"DECLINED", 8, NULL, REFERRAL_CANCELLED, true, "family declined"},
	{"OTHER_PRIORITY", 4, NULL, REFERRAL_CANCELLED, true,
	 "something else came first"},
	{"SELF_RESOLVED", 4, NULL, REFERRAL_CANCELLED, true,
	 "resolved without it"},
	{"MOVED_AGED_OUT", 2, NULL, REFERRAL_CANCELLED, true, "moved away"},
	{"OTHER", 2, NULL, REFERRAL_FAILED, true, "another reason"},
	{"UNKNOWN", 3, NULL, REFERRAL_FAILED, true, "not known"},
};
enum { FAILURES = sizeof failures / sizeof *failures };

static void push(struct plan *p, int32_t day, enum plan_kind kind, int no,
		 enum referral_state state, const char *text)
{
	assert(p->n < PLAN_EVENTS);
	p->event[p->n] = (struct plan_event){day, p->n, kind, no, state, text};
	p->n++;
}

/* A step of referral @no; its need stays open at least that long. */
static void step(struct plan *p, int32_t day, enum plan_kind kind, int no,
		 enum referral_state state, const char *text)
{
	int32_t *last = &p->need[p->referral_need[no]].last;

	push(p, day, kind, no, state, text);
	if (day > *last)
		*last = day;
}

static int pick_domain(const struct vocabulary *words, struct rng *rng)
{
	double weight[LATTICE_LEAVES_MAX] = {0};
	int n = vocabulary_count(words, WORDS_NEED);

	for (size_t i = 0; i < sizeof need_weights / sizeof *need_weights;
	     i++) {
		int k = vocabulary_find(words, WORDS_NEED, need_weights[i].id);

		if (k >= 0)
			weight[k] =
				simulate_rates[need_weights[i].rate].percent;
	}
	return rand_pick(rng, weight, n);
}

/* Names go with what the family speaks and says of itself. */
static void draw_names(struct plan *p, struct rng *rng)
{
	struct child *c = &p->child;
	int other;
	bool spanish;

	p->ethnicity = simulate_rates_pick(rng, HISPANIC, 3);
	spanish = simulate_rates_happen(rng, SPANISH);
	other = simulate_rates_pick(rng, ENGLISH, 7);
	p->tongue = p->ethnicity > 0 ? (enum simulate_tongue)other
		    : spanish	     ? TONGUE_SPANISH
				     : TONGUE_HISPANIC;
	snprintf(c->given, sizeof c->given, "%s",
		 simulate_names_child(p->tongue, strcmp(c->sex, "female") == 0,
				      rng));
	snprintf(c->family, sizeof c->family, "%s",
		 simulate_names_family(p->tongue, rng));
}

static void draw_child(struct plan *p, struct rng *rng)
{
	static const double age_weight[] = {30, 25, 27, 6, 9, 3};
	static const int age_from[] = {0, 3, 6, 12, 14, 18, 21};
	static const char *const sexes[] = {"female", "male", "other",
					    "unknown"};
	static const double sex_weight[] = {46, 51, 1, 2};
	struct child *c = &p->child;
	int band = rand_pick(rng, age_weight, 6);
	int days = simulate_rates_between(rng, age_from[band] * 36525 / 100,
					  age_from[band + 1] * 36525 / 100 - 1);

	snprintf(c->sex, sizeof c->sex, "%s",
		 sexes[rand_pick(rng, sex_weight, 4)]);
	draw_names(p, rng);
	/* ZIP codes that were never given out. */
	snprintf(c->zip, sizeof c->zip, "0000%d",
		 simulate_rates_between(rng, 1, 9));
	c->birth = p->opened - days;
}

/* In the story of a falling rate each share is what it was at the beginning,
 * less and less until half of it is left. */
static double falling(const struct plan_opts *o, int32_t sent, double percent)
{
	double all = o->until - o->start + 1, past = sent - o->start;

	if (!o->story || !o->story->falling)
		return percent;
	return percent * (1 - 0.5 * past / all);
}

/* Days from sending to linkage, or -1. */
static int draw_linkage(const struct plan_opts *o, bool first, int32_t sent,
			struct rng *rng)
{
	static const int from[] = {0, 16, 31, 61, 91};
	double roll = rand_unit(rng) * 100;
	double linked = falling(o, sent, simulate_rates[LINKED_90].percent);
	int band;

	if (o->published)
		linked = !o->connected ? 0
			 : first       ? 100
				       : simulate_rates[P_CONNECTED].percent;
	if (roll < linked) {
		band = simulate_rates_pick(rng, DAYS_0_15, 4);
		return simulate_rates_between(rng, from[band],
					      from[band + 1] - 1);
	}
	if (!o->published &&
	    roll < linked + falling(o, sent,
				    simulate_rates[LINKED_LATER].percent))
		return simulate_rates_between(rng, 91, 180);
	return -1;
}

/* Families that got what they were sent for, @days after @sent. */
static void draw_linked(struct plan *p, const struct plan_opts *o, int no,
			int32_t sent, int days, struct rng *rng)
{
	int32_t linked = sent + days;
	int32_t accepted =
		sent + simulate_rates_between(rng, 0, days < 21 ? days : 21);
	int32_t started = simulate_rates_between(rng, accepted, linked);
	int32_t done = linked + simulate_rates_between(rng, 0, 45);
	int need = p->referral_need[no];

	if (accepted > sent && simulate_rates_happen(rng, WAITLIST_FIRST))
		step(p, simulate_rates_between(rng, sent, accepted - 1),
		     PLAN_ANSWER, no, 0, "waitlist");
	else if (accepted > sent && simulate_rates_happen(rng, ASSESS_FIRST))
		step(p, simulate_rates_between(rng, sent, accepted - 1),
		     PLAN_ANSWER, no, 0, "additional-assessment-required");
	step(p, accepted, PLAN_MOVE, no, REFERRAL_ACCEPTED, NULL);
	step(p, simulate_rates_between(rng, accepted, linked), PLAN_LINK, no, 0,
	     "contacted");
	step(p, started, PLAN_MOVE, no, REFERRAL_IN_PROGRESS, NULL);
	step(p, linked, PLAN_LINK, no, 0, "received");
	if (done > linked + 1 && simulate_rates_happen(rng, PAUSED)) {
		step(p, linked, PLAN_MOVE, no, REFERRAL_ON_HOLD,
		     "family asked for a pause");
		step(p, linked + 1, PLAN_MOVE, no, REFERRAL_IN_PROGRESS, NULL);
	}
	step(p, done, PLAN_MOVE, no, REFERRAL_COMPLETED, NULL);
	if (simulate_rates_happen(rng, ADDRESSED)) {
		step(p, linked + simulate_rates_between(rng, 5, 60), PLAN_LINK,
		     no, 0, "addressed");
		p->need[need].met = true;
	}
	if (simulate_rates_happen(rng, o->published ? P_SATISFIED : SATISFIED))
		step(p, linked + simulate_rates_between(rng, 10, 60), PLAN_LINK,
		     no, 0, "satisfied");
}

static const struct failure *draw_failure(const struct plan_opts *o,
					  struct rng *rng)
{
	static const char *const published[] = {"UNREACHABLE", "UNKNOWN",
						"DECLINED", "OTHER"};
	double weight[FAILURES];
	const char *want;

	for (int i = 0; i < FAILURES; i++)
		weight[i] = failures[i].weight;
	if (!o->published)
		return &failures[rand_pick(rng, weight, FAILURES)];
	want = published[simulate_rates_pick(rng, P_UNREACHABLE, 4)];
	for (int i = 0; i < FAILURES; i++) {
		if (strcmp(failures[i].reason, want) == 0)
			return &failures[i];
	}
	return &failures[FAILURES - 1];
}

static void draw_not_linked(struct plan *p, const struct plan_opts *o, int no,
			    int32_t sent, const struct failure *f,
			    struct rng *rng)
{
	int32_t answered = sent + simulate_rates_between(rng, 1, 25);
	int32_t known = answered + simulate_rates_between(rng, 0, 60);
	int32_t end = known + simulate_rates_between(rng, 0, 20);
	int need = p->referral_need[no];

	if (simulate_rates_happen(rng, REASON_LATE)) {
		known += 90;
		end = known + simulate_rates_between(rng, 0, 20);
	}
	/* A receiver that turns a family away says so at once. */
	if (f->end == REFERRAL_REJECTED)
		end = answered;
	if (f->capacity)
		step(p, answered, PLAN_ANSWER, no, 0, f->capacity);
	if (f->accepted)
		step(p, answered, PLAN_MOVE, no, REFERRAL_ACCEPTED, NULL);
	if (simulate_rates_happen(rng, CONTACTED))
		step(p, simulate_rates_between(rng, answered, known), PLAN_LINK,
		     no, 0, "contacted");
	step(p, end, PLAN_MOVE, no, f->end, f->why);
	p->need[need].reason = f->reason;
	if (o->published || !simulate_rates_happen(rng, NO_REASON))
		step(p, known, PLAN_REASON, no, 0, f->reason);
}

/* The need that referral @no is for: one of the child's, or a new one. */
static int draw_need(struct plan *p, const struct plan_opts *o, int no,
		     int32_t found, struct rng *rng)
{
	int domain = no > 0 && simulate_rates_happen(rng, SAME_NEED)
			     ? p->need[0].domain
			     : pick_domain(o->words, rng);

	for (int i = 0; i < p->n_needs; i++) {
		if (p->need[i].domain == domain)
			return i;
	}
	p->need[p->n_needs].domain = domain;
	p->need[p->n_needs].found = found;
	p->need[p->n_needs].reason = "UNKNOWN";
	push(p, found, PLAN_NEED, p->n_needs, 0, NULL);
	return p->n_needs++;
}

/* In the story of a missing service: nobody offers what the need asks for. */
static bool no_service(const struct plan_opts *o, int domain)
{
	return o->story && *o->story->no_service &&
	       domain == vocabulary_find(o->words, WORDS_NEED,
					 o->story->no_service);
}

static void draw_referral(struct plan *p, const struct plan_opts *o,
			  int32_t sent, struct rng *rng)
{
	int32_t drafted = sent - simulate_rates_between(rng, 0, 2);
	int no = p->n_referrals++;
	int days;

	if (drafted < p->opened)
		drafted = p->opened;
	p->referral_need[no] = draw_need(p, o, no, drafted, rng);
	if (drafted < p->need[p->referral_need[no]].found)
		drafted = p->need[p->referral_need[no]].found;
	step(p, drafted, PLAN_DRAFT, no, 0, NULL);
	step(p, sent, PLAN_MOVE, no, REFERRAL_REQUESTED, NULL);
	if (no_service(o, p->need[p->referral_need[no]].domain)) {
		draw_not_linked(p, o, no, sent, &failures[0], rng);
		return;
	}
	days = draw_linkage(o, no == 0, sent, rng);
	/* Not where a published count depends on it. */
	if (!o->published && simulate_rates_happen(rng, IN_ERROR))
		step(p, sent + simulate_rates_between(rng, 1, 20), PLAN_MOVE,
		     no, REFERRAL_ENTERED_IN_ERROR, NULL);
	else if (days >= 0)
		draw_linked(p, o, no, sent, days, rng);
	else
		draw_not_linked(p, o, no, sent, draw_failure(o, rng), rng);
}

static void draw_end(struct plan *p, struct rng *rng)
{
	int32_t last = p->opened;

	for (int i = 0; i < p->n_needs; i++) {
		int32_t day =
			p->need[i].last + simulate_rates_between(rng, 0, 14);

		push(p, day, PLAN_CLOSE_NEED, i, 0,
		     p->need[i].met ? NULL : p->need[i].reason);
		if (day > last)
			last = day;
	}
	if (simulate_rates_happen(rng, CASE_CLOSED))
		push(p, last + simulate_rates_between(rng, 7, 60),
		     PLAN_CLOSE_CASE, 0, 0, NULL);
}

/* Ascending, so that a need is found before a referral for it is drafted. */
static void draw_sent(int32_t sent[PLAN_REFERRALS], int n, int32_t first,
		      struct rng *rng)
{
	sent[0] = first;
	for (int i = 1; i < n; i++) {
		int32_t day = first + simulate_rates_wait(rng, 45);
		int k = i;

		for (; k > 0 && sent[k - 1] > day; k--)
			sent[k] = sent[k - 1];
		sent[k] = day;
	}
}

static int by_day(const void *a, const void *b)
{
	const struct plan_event *x = a, *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* Past the month in which nothing happened. */
static void move_days(struct plan *p, const struct simulate_story *s)
{
	p->opened = simulate_story_day(s, p->opened);
	for (int i = 0; i < p->n_needs; i++)
		p->need[i].found = simulate_story_day(s, p->need[i].found);
	for (int i = 0; i < p->n; i++)
		p->event[i].day = simulate_story_day(s, p->event[i].day);
}

void plan_child(struct plan *p, const struct plan_opts *o, struct rng *rng)
{
	int32_t first = simulate_rates_between(rng, o->start, o->until);
	int n = 1 + simulate_rates_pick(rng, ONE_REFERRAL, PLAN_REFERRALS);
	int32_t sent[PLAN_REFERRALS];

	memset(p, 0, sizeof *p);
	p->opened = first - simulate_rates_between(rng, 0, 10);
	draw_child(p, rng);
	draw_sent(sent, n, first, rng);
	for (int i = 0; i < n; i++)
		draw_referral(p, o, sent[i], rng);
	draw_end(p, rng);
	if (o->story)
		move_days(p, o->story);
	qsort(p->event, (size_t)p->n, sizeof *p->event, by_day);
}
