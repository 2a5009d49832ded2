/* plan: what will happen to one made-up child, drawn before any of it
 * is written. For simulate.c only. Pure: the same rng state gives the same
 * plan. */
#ifndef CCFED_PLAN_H
#define CCFED_PLAN_H

#include "proto/vocabulary.h"
#include "regional/case/child.h"
#include "regional/case/referral.h"
#include "regional/case/simulate_names.h"

struct rng;
struct simulate_story; /* regional/case/simulate_story.h */

enum { PLAN_REFERRALS = 4, PLAN_EVENTS = 96 };

enum plan_kind {
	PLAN_NEED,	 /* @no of need[] is found */
	PLAN_DRAFT,	 /* @no of referral_need[] is drafted */
	PLAN_MOVE,	 /* to @state, because of @text */
	PLAN_ANSWER,	 /* capacity @text */
	PLAN_LINK,	 /* outcome @text */
	PLAN_REASON,	 /* barrier @text */
	PLAN_CLOSE_NEED, /* met, or unmet because of @text */
	PLAN_CLOSE_CASE,
};
struct plan_event {
	int32_t day;
	int order; /* within the day */
	enum plan_kind kind;
	int no; /* which need or referral of the plan */
	enum referral_state state;
	const char *text; /* static */
};

struct plan {
	struct child child;
	int32_t opened;
	int ethnicity; /* Hispanic, not, declined */
	enum simulate_tongue tongue;
	int n_needs;
	struct {
		int domain; /* index of the vocabulary's needs */
		int32_t found;
		bool met;
		const char *reason;
		int32_t last; /* of what happens to its referrals */
	} need[PLAN_REFERRALS];
	int n_referrals;
	int referral_need[PLAN_REFERRALS];
	int n;
	struct plan_event event[PLAN_EVENTS]; /* by day */
};

struct plan_opts {
	const struct vocabulary *words;
	int32_t start, until;
	bool published;
	bool connected; /* published: whether this child is ever linked */
	const struct simulate_story *story; /* NULL: none */
};

void plan_child(struct plan *p, const struct plan_opts *o, struct rng *rng);

#endif
