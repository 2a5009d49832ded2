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
 * - One withdrawn for a named receiver bars that receiver also under what was
 *   signed before for whoever is needed.
 * - Every sharing with others asks: a referral is sent (referral.h), a care
 *   plan is given away (care_plan.h), a transfer package is sent
 *   (transition.h). It notes the consent it rests on, or why it could not wait
 *   for one: an emergency, a mandate of the law, a family that agreed on the
 *   telephone. That reason is shown with the record and stands in the audit.
 * - What was shared elsewhere and is only taken over, as an import does, is no
 *   new sharing: it is not asked about (records.h, `elsewhere`). A sharing that
 *   is noted late is asked about as of its own day.
 * - A contact is noted after it happened. To refuse it would only hide it, so
 *   it is written whatever the consents say; contact_consent tells.
 * - Whether a child is still counted once consent to care coordination was
 *   withdrawn is the word of the network's policy (proto/policy.h): column
 *   `counted` is what it said that day, and view `fact_uncounted` has the
 *   children that do not count. A consent signed later counts them again.
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
/* From @on on it allows nothing; once and for good. If the policy says that
 * this ends counting (r->uncounts), it is noted so. */
int consent_withdraw(struct records *r, int64_t id, int32_t on,
		     const char *why);
int consent_get(struct db *db, int64_t id, struct consent *out);
/* All of @child, newest first. */
int consent_list(struct db *db, int64_t child,
		 int (*fn)(void *arg, const struct consent *c), void *arg);

/* The last day on which @c allows anything, coming of age and withdrawal
 * minded; NO_DATE if no end is known. Before c->since: it never did. */
int32_t consent_last_day(const struct consent *c, int32_t birth);

/* --- asking (regional/case/consent_ask.c) --- */
/* 0 if @scope towards @to is allowed for @child on @day, and *@id is the
 * consent that does (NULL is fine), rather one for @to than for whoever is
 * needed; E_DENIED with a sentence that says why not. */
int consent_allows(struct records *r, int64_t child, const char *scope,
		   const struct consent_receiver *to, int32_t day, int64_t *id);

/* On what a sharing rests: one of them; neither, if it happened elsewhere. */
struct consent_ground {
	int64_t consent;
	char without[CONSENT_WHY];
};
/* Ask before every sharing, on its day. @because ("" or NULL: none) is why it
 * does not wait for a consent, and noted only if there is none. E_DENIED with
 * a sentence. */
int consent_ground(struct records *r, int64_t child, const char *scope,
		   const struct consent_receiver *to, int32_t day,
		   const char *because, struct consent_ground *out);
/* What rests on @id and is not over: referrals that were sent and have not
 * ended. Their receivers should hear of a withdrawal. */
int consent_open_referrals(struct db *db, int64_t id, int64_t *n);

#endif
