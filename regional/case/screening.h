/* screening: an instrument was answered for a child; its answers, or the scores
 * that came without them, and its results.
 *
 * Results are by the rule of the instrument's file, which stands with its
 * version in the row; where the rule can't be computed they are as entered.
 * A wrong screening is entered in error, and entered again.
 *
 * Owns tables `screening`, `screening_answer`, `screening_result`,
 * `screening_need`. */
#ifndef CCFED_SCREENING_H
#define CCFED_SCREENING_H

#include "proto/instrument.h"
#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct cutoffs; /* regional/case/cutoff.h */

struct screening {
	int64_t id, child;
	int64_t kase; /* 0: in no case's course */
	char instrument[INSTRUMENT_ID];
	int version;		    /* of the instrument's file; set by add */
	char form[INSTRUMENT_CODE]; /* "" if it has one only */
	int32_t done;
	int age_months; /* completed, on that day; set by add */
	char respondent[VOCABULARY_ID];
	bool complete, scorable; /* set by add */
	int32_t errored;	 /* entered in error, or NO_DATE */
};

/* What was filled in, in any order. */
enum screening_part {
	SCREENING_ANSWER, /* item, "often"; several joined by '+' */
	SCREENING_SCORE,  /* domain, "15" or "29.65" */
	SCREENING_RESULT, /* domain, "refer": where the rule can't decide */
	SCREENING_CUTOFF, /* domain, "25.17" or "25.17, 38.21" */
};
struct screening_entry {
	enum screening_part part;
	const char *name, *value;
};

struct screening_result { /* of one domain */
	int64_t screening;
	char domain[INSTRUMENT_CODE];
	int32_t score;	      /* hundredths, or NO_SCORE */
	int32_t cutoff, zone; /* licensed ones only, or NO_SCORE */
	char result[VOCABULARY_ID], class[VOCABULARY_ID];
	bool by_rule;
	char need[VOCABULARY_ID]; /* that a positive one proposes, or "" */
};

/* s->kase 0: the case that was open on that day, if there is one. @site NULL:
 * no file of cut-offs. E_INVALID names the item or domain and what is right. */
int screening_add(struct records *r, const struct screening *s,
		  const struct screening_entry *e, int n,
		  const struct cutoffs *site, int64_t *id);
/* It counts no more; needs made of it stay. A second time is no change. */
int screening_error(struct records *r, int64_t id);
int screening_get(struct db *db, int64_t id, struct screening *out);
/* @child 0 and @instrument "": all. Newest first; without those in error. */
int screening_list(struct db *db, int64_t child, const char *instrument,
		   int64_t offset, int64_t limit,
		   int (*fn)(void *arg, const struct screening *s), void *arg);
int screening_results(struct db *db, int64_t id,
		      int (*fn)(void *arg, const struct screening_result *s),
		      void *arg);
int screening_answers(struct db *db, int64_t id,
		      int (*fn)(void *arg, const char *item, const char *value),
		      void *arg);

/* --- screening_need.c --- */
struct screening_proposal {
	char need[VOCABULARY_ID];
	char domain[INSTRUMENT_CODE]; /* the first positive one with it */
	int64_t open;  /* a need of that kind that the case has, or 0 */
	int64_t taken; /* the need that was made of it already, or 0 */
};
enum { PROPOSALS_MAX = SCALES_MAX };
/* Needs that the positive domains propose, each once. */
int screening_needs(struct db *db, int64_t id,
		    struct screening_proposal out[PROPOSALS_MAX], int *n);
/* Turn proposals into needs of the child's open case, found on the day of the
 * screening, with source "screening". @need "": all of them. A need of that
 * kind which is open is taken as it is. *made: how many were added. */
int screening_take(struct records *r, int64_t id, const char *need, int *made);

#endif
