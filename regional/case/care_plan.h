/* care_plan: what the family and the center will do: goals, and actions with
 * owner and day, in versions; and to whom a version was given.
 *
 * One version at most is a draft. Finalizing it says who of the family agreed
 * and when; from then on nothing in it changes, and work goes on in the next
 * version, which starts as a copy. A goal or action keeps its origin, the row
 * of the first version that has it.
 *
 * Owns tables `care_plan`, `care_goal`, `care_action`, `care_share`. */
#ifndef CCFED_CARE_PLAN_H
#define CCFED_CARE_PLAN_H

#include "regional/case/consent.h"
#include "regional/case/sheet.h"

struct care_plan {
	int64_t id, kase, version;
	int32_t started;
	char wishes[SHEET_TEXT_MAX]; /* what the family put first */
	int32_t agreed;		     /* NO_DATE while a draft */
	char agreed_by[NAME_TEXT];
	int32_t finalized;
};
struct care_goal {
	int64_t id, plan;
	int64_t need; /* of the same case; 0 */
	char goal[SHEET_TEXT_MAX];
	char state[12]; /* "open", "reached", "partly", "dropped" */
	int32_t ended;	/* NO_DATE while open */
	int64_t origin; /* 0: this is the first */
};
struct care_action {
	int64_t id, goal;
	char action[SHEET_TEXT_MAX];
	char owner[NAME_TEXT];
	int32_t due;	/* or NO_DATE */
	char state[12]; /* "open", "done", "dropped" */
	int32_t ended;	/* NO_DATE while open */
	int64_t origin;
};
struct care_share {
	int64_t id, plan;
	char party[VOCABULARY_ID]; /* "primary-care" */
	char recipient[NAME_TEXT];
	char what[12];		 /* "plan", "summary", "goals" */
	char way[VOCABULARY_ID]; /* of WORDS_WAY */
	int32_t shared;
	int32_t confirmed; /* received, they say; or NO_DATE */
	char confirmed_by[NAME_TEXT];
	int64_t organization, practice; /* the receiver, if of these; or 0 */
	int64_t consent;		/* it rests on; 0 */
	char without_consent[CONSENT_WHY];
};
extern const struct sheet care_plan_sheet, care_goal_sheet, care_action_sheet,
	care_share_sheet;

/* The first version, or the next as a copy of the newest. E_STATE if that is
 * a draft still, or the case is closed. */
int care_plan_start(struct records *r, int64_t kase, int32_t on, int64_t *id);
/* What the family put first, of a draft. */
int care_plan_wishes(struct records *r, int64_t id, const char *text);
/* @agreed is the day @by, of the family, agreed. There must be a goal. */
int care_plan_finalize(struct records *r, int64_t id, int32_t on,
		       int32_t agreed, const char *by);
int care_plan_get(struct db *db, int64_t id, struct care_plan *out);
/* The newest finalized version of @kase; E_NOTFOUND if none. */
int care_plan_current(struct db *db, int64_t kase, struct care_plan *out);
/* Newest version first. */
int care_plan_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		   sheet_fn *fn, void *arg);

/* Of a draft only; new ones are open. */
int care_plan_goal_add(struct records *r, const struct care_goal *g,
		       int64_t *id);
int care_plan_goal_update(struct records *r, const struct care_goal *g);
int care_plan_goal_get(struct db *db, int64_t id, struct care_goal *out);
int care_plan_goals(struct db *db, int64_t plan, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg);
int care_plan_action_add(struct records *r, const struct care_action *a,
			 int64_t *id);
int care_plan_action_update(struct records *r, const struct care_action *a);
int care_plan_action_get(struct db *db, int64_t id, struct care_action *out);
int care_plan_actions(struct db *db, int64_t plan, int64_t offset,
		      int64_t limit, sheet_fn *fn, void *arg);
/* Open ones of newest versions that are due until @until, by day. */
int care_plan_due(struct db *db, int32_t until, int64_t offset, int64_t limit,
		  sheet_fn *fn, void *arg);

/* Of a finalized version. The child's consent to share the plan with the
 * receiver is asked for that day, and noted; s->without_consent ("": none) is
 * why it does not wait for one. Primary care without a number is the child's
 * practice of that day. The youth asks nobody, nor does the family until the
 * child comes of age. E_DENIED with a sentence. */
int care_plan_share(struct records *r, const struct care_share *s, int64_t *id);
int care_plan_confirm(struct records *r, int64_t share, int32_t on,
		      const char *by);
int care_plan_share_get(struct db *db, int64_t id, struct care_share *out);
int care_plan_shares(struct db *db, int64_t plan, int64_t offset, int64_t limit,
		     sheet_fn *fn, void *arg);

#endif
