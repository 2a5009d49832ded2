/* contact: somebody was reached, or an attempt was made, for one or more
 * children; what it took and what came of it; and contacts that are planned.
 *
 * Codes are our own; the vocabulary maps them to the categories of the Care
 * Coordination Measurement Tool.
 *
 * Owns tables `contact`, `contact_case`, `contact_achieved`,
 * `contact_planned`. */
#ifndef CCFED_CONTACT_H
#define CCFED_CONTACT_H

#include "regional/case/sheet.h"

struct contact {
	int64_t id;
	int32_t happened;
	char mode[VOCABULARY_ID], party[VOCABULARY_ID];
	char person[NAME_TEXT]; /* with whom, by name; "" */
	int64_t reached;	/* 1; 0: an attempt */
	int64_t minutes;	/* or SHEET_UNKNOWN */
	char focus[VOCABULARY_ID], activity[VOCABULARY_ID]; /* or "" */
	char prevented[VOCABULARY_ID]; /* only of one that reached; or "" */
	char made_by[NAME_TEXT];
	char note[SHEET_TEXT_MAX];
	int32_t errored;	 /* found to be entered in error, or NO_DATE */
	char why[NAME_TEXT * 2]; /* it was put right or is an error; or "" */
};
struct contact_planned {
	int64_t id, kase;
	int32_t due;
	char purpose[SHEET_TEXT_MAX];
	char mode[VOCABULARY_ID], party[VOCABULARY_ID]; /* or "" */
	char owner[NAME_TEXT];				/* who will; or "" */
	int64_t contact; /* which one it became; 0 */
	int32_t dropped; /* given up, or NO_DATE */
	char why[SHEET_TEXT_MAX];
};
extern const struct sheet contact_sheet, contact_planned_sheet;
extern const struct sheet_set contact_cases, contact_achieved;

/* For the children of @n cases, each open on that day; at least one. */
int contact_add(struct records *r, const struct contact *c, const int64_t *kase,
		int n, int64_t *id);
/* Had the family of case @kase consented to a contact like @c, with somebody
 * or by a way that takes a consent? E_DENIED with a sentence that says why not.
 * Never asked by contact_add: what has happened is written down (consent.h). */
int contact_consent(struct records *r, const struct contact *c, int64_t kase);
int contact_update(struct records *r, const struct contact *c);
/* It serves case @kase also, or no longer; one it serves must remain. */
int contact_serve(struct records *r, int64_t id, int64_t kase, bool on);
/* A word of WORDS_ACHIEVED came of it, or did not. */
int contact_achieve(struct records *r, int64_t id, const char *word, bool on);
/* Entered in error: in no list and no figure. Not taken back. */
int contact_error(struct records *r, int64_t id);
int contact_get(struct db *db, int64_t id, struct contact *out);
/* @kase 0: all. Newest first, none entered in error. */
int contact_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		 sheet_fn *fn, void *arg);
/* The newest contact or attempt of @kase; NO_DATE if none. */
int contact_last(struct db *db, int64_t kase, int32_t *day);
/* The band of minutes, a word of WORDS_MINUTES; NULL when not known. */
const struct word *contact_band(const struct vocabulary *v, int64_t minutes);

int contact_plan(struct records *r, const struct contact_planned *p,
		 int64_t *id);
/* Day, purpose, mode, party and owner of one that is still planned. */
int contact_replan(struct records *r, const struct contact_planned *p);
/* It was contact @contact, which serves the same case. */
int contact_done(struct records *r, int64_t id, int64_t contact);
int contact_drop(struct records *r, int64_t id, int32_t on, const char *why);
/* It was no contact after all: planned again. */
int contact_undone(struct records *r, int64_t id);
int contact_planned_get(struct db *db, int64_t id, struct contact_planned *out);
/* What is still planned and due until @until (NO_DATE: all); @kase 0: all. By
 * day. */
int contact_planned_list(struct db *db, int64_t kase, int32_t until,
			 int64_t offset, int64_t limit, sheet_fn *fn,
			 void *arg);

#endif
