/* simulate_life: what stands in a made-up child's record beside its needs and
 * referrals, day by day; and the region around it. For the simulator only.
 *
 * A life has a stream of random numbers of its own, derived from the seed and
 * the child's number: another kind of record changes no other child, and no
 * referral. One idea each: simulate_family.c, simulate_screen.c,
 * simulate_work.c, simulate_visit.c, simulate_region.c. */
#ifndef CCFED_SIMULATE_LIFE_H
#define CCFED_SIMULATE_LIFE_H

#include "daemon/core/rand.h"
#include "regional/case/plan.h"
#include "regional/case/simulate_rates.h"

enum {
	REGION_ORGANIZATIONS = 12,
	REGION_STAFF = 8,
	REGION_PRACTICES = 10,
	REGION_FAMILIES = 10,
	LIFE_EVENTS = 64,
	LIFE_CONTACTS = 10,
};

struct simulate_region {
	int64_t organization[REGION_ORGANIZATIONS]; /* set by who makes it */
	struct {
		int64_t id;
		const char *name, *role;
		int fte; /* hundredths */
	} staff[REGION_STAFF];
	struct {
		int64_t id;
		const char *name;
	} practice[REGION_PRACTICES];
	/* The newest family of each surname, for siblings. */
	int families;
	struct {
		char surname[NAME_TEXT];
		int64_t family, caregiver;
	} family[REGION_FAMILIES];
};

enum life_kind {
	LIFE_FAMILY,
	LIFE_INTAKE,
	LIFE_CONSENT,
	LIFE_WITHDRAW,
	LIFE_SCREEN, /* @no: which instrument */
	LIFE_LEVEL,
	LIFE_ASSIGN,
	LIFE_PLAN,
	LIFE_SHARE,
	LIFE_CONFIRM,
	LIFE_CONTACT,
	LIFE_ED,	/* @no: which visit */
	LIFE_ED_FOLLOW, /* @no: which visit */
	LIFE_TRANSITION,
	LIFE_TRANSITION_VISIT,
	LIFE_CLOSE_EXTRA, /* @no: which of extra[] */
	LIFE_SURVEY,
	LIFE_SURVEY_BACK,
};
struct life_event {
	int32_t day;
	int order;
	enum life_kind kind;
	int no;
};

enum { LIFE_SCREENS = 7, LIFE_VISITS = 2 };

struct life {
	struct rng_seeded rng;
	struct records *r;
	struct simulate_region *region;
	const struct plan *p;
	const struct simulate_story *story;
	int32_t until;
	int32_t end; /* the case is closed, or the last day */
	bool closes; /* it is closed in the time that is simulated */
	int64_t child, kase;
	int64_t need[PLAN_REFERRALS]; /* as the plan has them; 0: not yet */
	/* Drawn, or written by now. */
	int64_t family, caregiver, practice, care_plan, share, survey;
	const char *practice_name, *staff_name;
	char caregiver_name[NAME_TEXT];
	char medical[VOCABULARY_ID];
	int64_t consent;
	/* By which screening a need of the plan is found; -1: by none. */
	int found_by[PLAN_REFERRALS];
	int64_t ed[LIFE_VISITS];
	int extras;
	int64_t extra[LIFE_SCREENS]; /* needs that only a screening found */
	int n, next;
	struct life_event event[LIFE_EVENTS]; /* by day */
};

/* Draw the life of child @no. What the plan says must stand still. */
void simulate_life_draw(struct life *l, uint64_t seed, int64_t no);
/* Write what happens until @day, that day included. */
int simulate_life_until(struct life *l, int32_t day);
/* Add need @no of the plan on its day, by the screening that finds it or by
 * somebody. */
int simulate_life_need(struct life *l, int no, int32_t day);
/* Close the case as what became of its needs suggests. */
int simulate_life_close(struct life *l, int32_t day);

/* For the files of a life. An event that would be after the end of the case
 * is left out by _during. */
void simulate_life_push(struct life *l, int32_t day, enum life_kind kind,
			int no);
void simulate_life_during(struct life *l, int32_t day, enum life_kind kind,
			  int no);
bool simulate_life_has(const struct life *l, const char *need);

/* --- simulate_family.c --- */
void simulate_family_draw(struct life *l);
int simulate_family_write(struct life *l, const struct life_event *e);

/* --- simulate_screen.c --- */
void simulate_screen_draw(struct life *l);
int simulate_screen_write(struct life *l, const struct life_event *e);
/* Do the screening that finds need @no of the plan. */
int simulate_screen_find(struct life *l, int no, int32_t day);

/* --- simulate_work.c --- */
void simulate_work_draw(struct life *l);
int simulate_work_write(struct life *l, const struct life_event *e);

/* --- simulate_visit.c --- */
void simulate_visit_draw(struct life *l);
int simulate_visit_write(struct life *l, const struct life_event *e);

/* --- simulate_region.c --- */
/* Staff, practices, services and the collaborative with its meetings from
 * @start through @until. Another seed may have made them before. */
int simulate_region_make(struct simulate_region *g, struct records *r,
			 uint64_t seed, const struct simulate_story *story,
			 int32_t start, int32_t until);

#endif
