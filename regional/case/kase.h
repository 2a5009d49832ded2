/* kase: an episode of care coordination of one child ("case" is C's word).
 *
 * Owns tables `care_case`, `case_focus` and `case_reopening`. A child has at
 * most one open case. */
#ifndef CCFED_KASE_H
#define CCFED_KASE_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct kase {
	int64_t id, child;
	int32_t opened;
	int32_t closed;	 /* NO_DATE while open */
	int32_t errored; /* found to be opened in error; else NO_DATE */
	char close_reason[VOCABULARY_ID]; /* "goals-met"; "" not recorded */
	char moved_region[24];		  /* region id, if it moved to one */
};

/* How it began. The provider who referred the child expected help in some
 * need domains; the family puts some first: the two lists often differ, and
 * that they do is worth seeing. Both in order of importance. */
enum { KASE_FOCI = 12 };
struct kase_intake {
	int32_t intake;		    /* the interview; NO_DATE: none yet */
	char source[VOCABULARY_ID]; /* who referred: "practice"; "" unknown */
	char source_name[NAME_TEXT];
	int expected, first;
	char provider[KASE_FOCI][VOCABULARY_ID]; /* need ids */
	char family[KASE_FOCI][VOCABULARY_ID];
};

int kase_open(struct records *r, int64_t child, int32_t opened, int64_t *id);
/* Needs that are open stay open: E_STATE names how many. */
int kase_close(struct records *r, int64_t id, int32_t closed);
/* It was opened in error: closed, in no list but its child's, its needs take no
 * referral, and its referrals count nowhere. Not taken back; a second time is
 * no change. */
int kase_error(struct records *r, int64_t id);

/* --- kase_intake.c --- */
/* Replaces what was there. The intake is not before the child's birth, and may
 * be before the case was opened. */
int kase_set_intake(struct records *r, int64_t id, const struct kase_intake *i);
int kase_get_intake(struct db *db, int64_t id, struct kase_intake *out);
/* kase_close, with a reason of the vocabulary ("closing"). "moved-region" and
 * "merged" have calls of their own (kase_move_region; merge.h). */
int kase_close_because(struct records *r, int64_t id, int32_t closed,
		       const char *reason);
/* The family moved: the case goes on in @region, by its center's own intake.
 * Here it is closed, its open needs as unmet because of it. */
int kase_move_region(struct records *r, int64_t id, const char *region,
		     int32_t on);
/* The same episode goes on: open again from @on. When it was closed and why is
 * kept. E_EXISTS if the child has another open case, E_STATE if this one is
 * open, was opened in error, or was closed by merging. */
int kase_reopen(struct records *r, int64_t id, int32_t on, const char *why);
struct kase_reopening {
	int32_t closed, reopened;
	char close_reason[VOCABULARY_ID];
	char why[200];
};
int kase_reopenings(struct db *db, int64_t id,
		    int (*fn)(void *arg, const struct kase_reopening *o),
		    void *arg);

/* --- kase.c --- */
int kase_get(struct db *db, int64_t id, struct kase *out);
/* The open case of @child; E_NOTFOUND if none. */
int kase_of_child(struct db *db, int64_t child, struct kase *out);
/* @child 0: all but those opened in error. @open_only. Newest first. */
int kase_list(struct db *db, int64_t child, bool open_only, int64_t offset,
	      int64_t limit, int (*fn)(void *arg, const struct kase *k),
	      void *arg);

#endif
