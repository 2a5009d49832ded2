/* emergency: emergency access ("break the glass"): whoever may not see a
 * child's record opens it for three hours, says why, and a supervisor, somebody
 * else, looks at it within 72 hours. Every page that is shown meanwhile is in
 * the audit like any other, and says that it is shown under emergency access.
 *
 * Three hours as in DHIS2's way of the same; 72 hours are the program's own
 * rule. Owns table `emergency`. Reading functions: any thread. */
#ifndef CCFED_EMERGENCY_H
#define CCFED_EMERGENCY_H

#include <stdbool.h>

#include "regional/case/records.h"

enum {
	EMERGENCY_MS = 3 * 3600 * 1000,
	EMERGENCY_REVIEW_MS = 72 * 3600 * 1000,
	EMERGENCY_REASON = 500,
	EMERGENCY_REASON_MIN = 10,
};

/* Texts are lent for the call. */
struct emergency {
	int64_t id, child;
	const char *who; /* an account's name */
	const char *reason;
	int64_t since_utc_ms, until_utc_ms;
	const char *reviewed_by; /* NULL: not yet */
	int64_t reviewed_utc_ms;
	const char *finding; /* "needed" or "not-needed" */
	const char *note;
};

/* @who opens the record of @child, for @reason. */
int emergency_begin(struct records *r, const char *who, int64_t child,
		    const char *reason, int64_t *id);
/* It was enough. Their own only. */
int emergency_end(struct records *r, const char *who, int64_t id);
/* Does @who have it for @child at @now? *until_utc_ms 0: no. */
int emergency_until(struct db *db, const char *who, int64_t child,
		    int64_t now_utc_ms, int64_t *until_utc_ms);
/* Those of @who that hold now; NULL: of everybody that wait for a review, the
 * oldest first. */
int emergency_list(struct db *db, const char *who, int64_t now_utc_ms,
		   int (*fn)(void *arg, const struct emergency *e), void *arg);
/* All about a child, newest first. */
int emergency_of_child(struct db *db, int64_t child,
		       int (*fn)(void *arg, const struct emergency *e),
		       void *arg);
/* @who, not the one whose access it was, finds that it was needed or not; then
 * @note says what follows from that. */
int emergency_review(struct records *r, const char *who, int64_t id,
		     bool needed, const char *note);

#endif
