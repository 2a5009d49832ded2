/* consent: what a family allows: with whom which part of the work may be done
 * or shared, from when until when, signed by whom in which right.
 *
 * Rules:
 * - Who signs must be one who may sign for the child on that day (custody.h).
 * - What was signed in a right that ends when the child comes of age ends
 *   then, whatever day it names; the youth renews it. The birth date decides
 *   when it is asked about, so a corrected one moves the end.
 * - Withdrawn, it allows nothing from that day on, the day itself included.
 * - Custody that ends later does not end it: consent_list shows who signed.
 * - A consent allows what it names and nothing else; without one, nothing.
 * - Whether a child is still counted after withdrawal is the word of the
 *   network's policy. Until it has one the answer is yes: column `counted`,
 *   and view `child_uncounted` for fact tables.
 *
 * Owns tables `consent` and `consent_scope`. */
#ifndef CCFED_CONSENT_H
#define CCFED_CONSENT_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { CONSENT_SCOPES = 16, CONSENT_WHY = 400 };

/* Whom it is about; at most one of them. Neither, in a consent: whoever is
 * needed for what it allows; in a question: no one in particular. */
struct consent_receiver {
	int64_t organization, practice;
};

struct consent {
	int64_t id, child;
	int scopes;
	char scope[CONSENT_SCOPES][VOCABULARY_ID]; /* "share-plan" */
	struct consent_receiver to;
	int32_t since;
	int32_t until;		       /* NO_DATE: no day named */
	int32_t signed_on;	       /* not after since */
	int64_t signer;		       /* caregiver; 0: the youth */
	char authority[VOCABULARY_ID]; /* of who signed: "parent" */
	int64_t attachment;	       /* the scan; 0: none yet */
	int64_t renews;		       /* the one before; 0: none */
	int32_t withdrawn;	       /* NO_DATE: not */
	bool counted;
};

int consent_add(struct records *r, const struct consent *c, int64_t *id);
/* The same scopes and receiver again, signed anew: takes since, until,
 * signed_on, signer, authority and attachment from @c. */
int consent_renew(struct records *r, int64_t id, const struct consent *c,
		  int64_t *new_id);
/* The scan, which is a document of the same child. */
int consent_attach(struct records *r, int64_t id, int64_t attachment);
/* From @on on it allows nothing; once and for good. */
int consent_withdraw(struct records *r, int64_t id, int32_t on,
		     const char *why);
int consent_get(struct db *db, int64_t id, struct consent *out);
/* All of @child, newest first. */
int consent_list(struct db *db, int64_t child,
		 int (*fn)(void *arg, const struct consent *c), void *arg);

/* The last day on which @c allows anything, coming of age and withdrawal
 * minded; NO_DATE if no end is known. Before c->since: it never did. */
int32_t consent_last_day(const struct consent *c, int32_t birth);

/* 0 if @scope towards @to is allowed for @child on @day; E_DENIED with a
 * sentence that says why not. Ask before every sharing, on its day. */
int consent_allows(struct records *r, int64_t child, const char *scope,
		   const struct consent_receiver *to, int32_t day);

#endif
