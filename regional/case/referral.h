/* referral: a family is sent to an organization for a need, and what came of
 * it.
 *
 * Three things are kept apart, as the field demands: the life cycle (Gravity
 * Task status, HL7 SDOH Clinical Care), what the receiver answered (capacity,
 * enrollment), and whether the family was linked (contacted, received, need
 * addressed, satisfied). "completed" says the receiver finished, not that the
 * family got anything; "received" is what counts as linked.
 *
 * Owns tables `referral`, `referral_status`, `referral_answer`,
 * `referral_linkage`. */
#ifndef CCFED_REFERRAL_H
#define CCFED_REFERRAL_H

#include "proto/vocabulary.h"
#include "regional/case/consent.h"
#include "regional/case/records.h"

/* Gravity Task status; texts as there ("in-progress"). */
enum referral_state {
	REFERRAL_DRAFT,
	REFERRAL_REQUESTED,
	REFERRAL_ACCEPTED,
	REFERRAL_REJECTED,
	REFERRAL_CANCELLED,
	REFERRAL_IN_PROGRESS,
	REFERRAL_ON_HOLD,
	REFERRAL_FAILED,
	REFERRAL_COMPLETED,
	REFERRAL_ENTERED_IN_ERROR,
	REFERRAL_STATES
};
const char *referral_state_text(enum referral_state s);
int referral_state_parse(const char *text, enum referral_state *out);
/* The edges of the life cycle: draft > requested; requested > accepted,
 * rejected, cancelled; accepted > in-progress, on-hold, cancelled, completed,
 * failed; in-progress > on-hold, cancelled, completed, failed; on-hold >
 * in-progress, cancelled, completed, failed; any > entered-in-error. */
bool referral_may(enum referral_state from, enum referral_state to);

struct referral {
	int64_t id, need;
	int64_t organization, service; /* 0: not known */
	enum referral_state state;
	int32_t drafted;
	int32_t sent;	  /* first requested; NO_DATE while a draft */
	int32_t accepted; /* first accepted, or NO_DATE */
	int32_t ended;	  /* reached a final state, or NO_DATE */
	char capacity[40], enrollment[40]; /* newest answers, or "" */
	int32_t answered; /* first answer of the receiver, or NO_DATE */
	int32_t contacted, received, addressed, satisfied; /* or NO_DATE */
	char reason[VOCABULARY_ID]; /* gap or barrier code, or "" */
	int32_t reason_on;
	/* On what sending it rested (consent.h): one of them, or neither if it
	 * was sent elsewhere, or before this was asked. */
	int64_t consent;
	char without_consent[CONSENT_WHY];
};

/* A draft. @organization and @service may be 0. */
int referral_add(struct records *r, int64_t need, int64_t organization,
		 int64_t service, int32_t on, int64_t *id);
/* Send a draft on day @on: referral_move to requested. The child's consent to
 * refer to the organization is asked for that day; @because ("" or NULL: none)
 * is why it does not wait for one. E_DENIED with a sentence. A referral without
 * an organization goes by a consent for whoever is needed. */
int referral_send(struct records *r, int64_t id, int32_t on,
		  const char *because);
/* Follow one edge on day @on (not before the last one, not after today).
 * @why: the statusReason text, demanded for rejected, cancelled, on-hold and
 * failed unless a reason code is there; free text, never leaves. The same
 * state again is no change and 0. */
int referral_move(struct records *r, int64_t id, enum referral_state to,
		  int32_t on, const char *why);
/* The newest step was recorded by mistake, @why not "": the referral stands as
 * before it, with the first dates that follow from what is left. E_STATE for a
 * draft and for sending: the receiver knows. (referral_back.c) */
int referral_back(struct records *r, int64_t id, const char *why);
/* The receiver's answer. @capacity: "capacity", "no-capacity", "waitlist",
 * "additional-assessment-required" or NULL; @enrollment: "enrolled",
 * "not-enrolled", "not-enrolled-on-waitlist" or NULL. */
int referral_answer(struct records *r, int64_t id, int32_t on,
		    const char *capacity, const char *enrollment);
/* The family's side: a linkage outcome of the vocabulary ("received"), first
 * reached on @on; earlier dates win, satisfied does not imply received. */
int referral_link(struct records *r, int64_t id, const char *outcome,
		  int32_t on);
/* Take back what was recorded by mistake; the day goes to the history. E_STATE
 * if the outcome is not recorded. */
int referral_unlink(struct records *r, int64_t id, const char *outcome);
/* The day of a linkage outcome of @f, or NO_DATE. */
int32_t referral_linked(const struct referral *f, const char *outcome);
/* Why not connected: a code of the vocabulary ("NO_CAPACITY"); "" takes it
 * back. */
int referral_reason(struct records *r, int64_t id, const char *code,
		    int32_t on);
/* The age bands of the referrals of @child anew, after its birth date was
 * corrected to @birth. Called inside the change's transaction. */
int referral_reband(struct records *r, int64_t child, int32_t birth);
int referral_get(struct db *db, int64_t id, struct referral *out);
/* Which of them; a number that is 0 asks for all. */
struct referral_query {
	int64_t child, kase, need, organization;
	int state;	/* < 0: all */
	bool open_only; /* not ended */
	int64_t offset, limit;
};
/* Newest first. */
int referral_list(struct db *db, const struct referral_query *q,
		  int (*fn)(void *arg, const struct referral *f), void *arg);

#endif
