/* assignment: whose case it is. One member of the staff has a case at a time;
 * the program suggests a role by what is recorded of the case, says why, and
 * leaves the choice to people.
 *
 * Roles (AAP profile of the center, 2018): a pediatric nurse for chronic and
 * complex medical needs, a clinical social worker for behavioral health, a
 * community care coordinator for social needs.
 *
 * Owns table `assignment`. */
#ifndef CCFED_ASSIGNMENT_H
#define CCFED_ASSIGNMENT_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { REASONS_TEXT = 400 };

struct assignment {
	int64_t id, kase, staff;
	int32_t since;
	int32_t until;		       /* NO_DATE: it holds */
	char suggested[VOCABULARY_ID]; /* role, on that day */
	char reasons[REASONS_TEXT];    /* of the suggestion */
	char why[REASONS_TEXT];	       /* of another choice, or "" */
};
struct suggestion {
	char role[VOCABULARY_ID];
	char reasons[REASONS_TEXT];
	int64_t staff; /* of that role, there, fewest cases for their time; or
			* 0 */
};
struct caseload {
	int64_t own;	 /* open cases assigned to them */
	int64_t covered; /* those of whom they cover for */
};

/* The role and why; the staff is 0. */
int assignment_suggest_role(struct records *r, int64_t kase, int32_t on,
			    struct suggestion *out);
int assignment_suggest(struct records *r, int64_t kase, int32_t on,
		       struct suggestion *out);
/* From day @on; whoever had the case had it until then. E_INVALID without @why
 * if @staff has another role than the suggested one. */
int assignment_set(struct records *r, int64_t kase, int64_t staff, int32_t on,
		   const char *why, int64_t *id);
/* Nobody's any more. */
int assignment_end(struct records *r, int64_t kase, int32_t on);
/* Whose it was on day @on; E_NOTFOUND if nobody's. */
int assignment_get(struct db *db, int64_t kase, int32_t on,
		   struct assignment *out);
/* Who works on it that day: whose it is, or who covers for them. */
int assignment_acting(struct db *db, int64_t kase, int32_t on, int64_t *staff);
/* @kase, @staff 0: all. Newest first. */
int assignment_list(struct db *db, int64_t kase, int64_t staff, int64_t offset,
		    int64_t limit,
		    int (*fn)(void *arg, const struct assignment *a),
		    void *arg);
/* On day @on. */
int assignment_caseload(struct db *db, int64_t staff, int32_t on,
			struct caseload *out);

#endif
