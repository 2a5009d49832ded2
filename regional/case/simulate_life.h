/* simulate_life: what stands in a made-up child's record beside its needs and
 * referrals, day by day; and the region around it. For the simulator only.
 *
 * A life has a stream of random numbers of its own, derived from the seed and
 * the child's number: another kind of record changes no other child, and no
 * referral. One idea each: see below. */
#ifndef CCFED_SIMULATE_LIFE_H
#define CCFED_SIMULATE_LIFE_H

#include "daemon/core/rand.h"
#include "regional/case/plan.h"
#include "regional/case/simulate_rates.h"

enum {
	REGION_ORGANIZATIONS = 12,
	REGION_STAFF = 8,
	REGION_PRACTICES = 10,
	REGION_FAMILIES = 200,
	LIFE_EVENTS = 128,
	LIFE_CONTACTS = 16,
};

/* A household, as far as brothers and sisters need to know it. */
struct simulate_home {
	char surname[NAME_TEXT];
	int64_t family, caregiver;
	int64_t worker;	       /* of child welfare, who signs; or 0 */
	int64_t second, other; /* caregiver, and the home they have; or 0 */
	int relation;	       /* of the first caregiver */
};

struct simulate_region {
	int64_t organization[REGION_ORGANIZATIONS]; /* set by who makes it */
	int64_t service[REGION_ORGANIZATIONS];	    /* by need; 0: none */
	struct {
		int64_t id;
		const char *name, *role;
		int fte; /* hundredths */
	} staff[REGION_STAFF];
	struct {
		int64_t id;
		const char *name;
	} practice[REGION_PRACTICES];
	/* The newest home of each surname, for siblings. */
	int homes;
	struct simulate_home home[REGION_FAMILIES];
};

enum life_kind {
	LIFE_FAMILY,
	LIFE_INTAKE,
	LIFE_COORDINATOR,
	LIFE_SCAN,
	LIFE_CONSENT,
	LIFE_WITHDRAW,
	LIFE_RENEW, /* @no: until then, days from the last end */
	LIFE_OF_AGE,
	LIFE_SCREEN, /* @no: which instrument */
	LIFE_LEVEL,
	LIFE_ASSIGN,
	LIFE_PLAN,
	LIFE_SHARE,
	LIFE_CONFIRM,
	LIFE_REVIEW,
	LIFE_CONTACT, /* @no: which one */
	LIFE_FACTORS,
	LIFE_GOALS,
	LIFE_ED,	/* @no: which visit */
	LIFE_ED_FOLLOW, /* @no: which visit */
	LIFE_ED_ANY,
	LIFE_TRANSITION,
	LIFE_TRANSITION_VISIT,
	LIFE_TRANSFER,
	LIFE_ADULT_VISIT,
	LIFE_CLOSE_EXTRA, /* @no: which of extra[] */
	LIFE_SURVEY,
	LIFE_SURVEY_BACK,
	LIFE_CLOSE, /* after all needs are closed, and work went on */
	LIFE_REOPEN,
	LIFE_CLOSE_AGAIN,
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
	int32_t end; /* the last day of work on the case */
	bool closes; /* it is closed in the time that is simulated */
	bool moved;  /* that was to another region */
	int64_t child, kase;
	int64_t need[PLAN_REFERRALS]; /* as the plan has them; 0: not yet */
	/* Drawn, or written by now. */
	struct simulate_home home;
	int64_t practice, care_plan, share, survey;
	const char *practice_name, *staff_name;
	char caregiver_name[NAME_TEXT];
	char medical[VOCABULARY_ID];
	int64_t consent;
	int32_t consent_last; /* its last day */
	/* By which screening a need of the plan is found; -1: by none. */
	int found_by[PLAN_REFERRALS];
	int64_t ed[LIFE_VISITS];
	int contacts;
	int32_t contact[LIFE_CONTACTS]; /* days; the last may not come */
	int64_t planned;		/* the contact that is; 0: none */
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
/* Close the case as what became of its needs suggests, or because the family
 * moves to another region. */
int simulate_life_close(struct life *l, int32_t day);

/* For the files of a life. An event that would be after the end of the case
 * is left out by _during. */
void simulate_life_push(struct life *l, int32_t day, enum life_kind kind,
			int no);
void simulate_life_during(struct life *l, int32_t day, enum life_kind kind,
			  int no);
bool simulate_life_has(const struct life *l, const char *need);

/* Who of the staff has the case; before that, the intake desk. */
const char *simulate_life_who(const struct life *l);

/* --- simulate_family.c: the household and its ways to be reached --- */
void simulate_family_draw(struct life *l);
int simulate_family_write(struct life *l, const struct life_event *e);

/* --- simulate_circle.c: who and what else is around the child --- */
void simulate_circle_draw(struct life *l);
int simulate_circle_write(struct life *l, const struct life_event *e);
/* Insurance, benefits, practice: with the family, which is @known if another
 * child of it is here. */
int simulate_circle_add(struct life *l, bool known);

/* --- simulate_consent.c --- */
void simulate_consent_draw(struct life *l);
int simulate_consent_write(struct life *l, const struct life_event *e);

/* --- simulate_screen.c --- */
void simulate_screen_draw(struct life *l);
int simulate_screen_write(struct life *l, const struct life_event *e);
/* Do the screening that finds need @no of the plan. */
int simulate_screen_find(struct life *l, int no, int32_t day);

/* --- simulate_work.c: level, assignment, care plan --- */
void simulate_work_draw(struct life *l);
int simulate_work_write(struct life *l, const struct life_event *e);

/* --- simulate_contact.c: contacts, planned ones, what families say --- */
void simulate_contact_draw(struct life *l);
int simulate_contact_write(struct life *l, const struct life_event *e);

/* --- simulate_course.c: how the case ends, and begins again --- */
/* Before all others: they go by l->end. */
void simulate_course_draw(struct life *l);
/* After all others. */
void simulate_course_end(struct life *l);
int simulate_course_write(struct life *l, const struct life_event *e);

/* --- simulate_visit.c --- */
void simulate_visit_draw(struct life *l);
int simulate_visit_write(struct life *l, const struct life_event *e);

/* --- simulate_twin.c --- */
/* Record the child once more, when its own record is written. @no counts those
 * that are: every second one is found and merged. */
int simulate_twin_write(struct life *l, int64_t no);

/* --- simulate_region.c --- */
/* Staff, practices, services and the collaborative with its meetings from
 * @start through @until. Another seed may have made them before. */
int simulate_region_make(struct simulate_region *g, struct records *r,
			 uint64_t seed, const struct simulate_story *story,
			 int32_t start, int32_t until);

/* --- simulate_center.c --- */
/* What the center does beside its cases, where the region is new: leave and
 * cover, training, visits to practices, calls to services, family events. */
int simulate_center_make(const struct simulate_region *g, struct records *r,
			 struct rng *rng, const struct simulate_story *story,
			 int32_t start, int32_t until);

#endif
