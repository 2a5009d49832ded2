/* ed: a visit to an emergency department and what followed it: enhanced care
 * coordination for children in a behavioral crisis.
 *
 * Day 0 is the discharge, or the visit where no discharge is known. A
 * follow-up counts within 7 and 30 days of it, a revisit within 30 and 90: the
 * next behavioral visit after day 0.
 *
 * Owns table `ed_episode`. */
#ifndef CCFED_ED_H
#define CCFED_ED_H

#include "regional/case/sheet.h"

struct ed_episode {
	int64_t id, child;
	int32_t visited;
	char facility[NAME_TEXT];
	int64_t behavioral;  /* 1, 0 */
	int64_t admitted;    /* 1, 0, SHEET_UNKNOWN */
	int32_t discharged;  /* or NO_DATE */
	int64_t criteria;    /* for enhanced care coordination */
	char enrolled[12];   /* "accepted", "declined"; "" not offered */
	int32_t enrolled_on; /* day of the answer */
	int32_t crisis_plan, followed_up; /* or NO_DATE; the first one */
	char source_id[NAME_TEXT];	  /* visit number elsewhere; "" */
	char note[SHEET_TEXT_MAX];
	int32_t errored;
};
struct ed_outcome { /* derived; days from day 0, or SHEET_UNKNOWN */
	int64_t id, child;
	int32_t visited, day0;
	int64_t follow_up_days, revisit_days;
};
extern const struct sheet ed_episode_sheet, ed_outcome_sheet;

/* E_EXISTS: the child has a visit with that source id. */
int ed_add(struct records *r, const struct ed_episode *e, int64_t *id);
int ed_update(struct records *r, const struct ed_episode *e);
/* Entered in error: in no list and no figure. Not taken back. */
int ed_error(struct records *r, int64_t id);
int ed_get(struct db *db, int64_t id, struct ed_episode *out);
int ed_outcome_get(struct db *db, int64_t id, struct ed_outcome *out);
/* Within @days of day 0? */
bool ed_within(int64_t days_after, int64_t days);
/* @child 0: all. Newest first. */
int ed_list(struct db *db, int64_t child, int64_t offset, int64_t limit,
	    sheet_fn *fn, void *arg);
int ed_outcomes(struct db *db, int64_t child, int64_t offset, int64_t limit,
		sheet_fn *fn, void *arg);

#endif
