/* child_overview: what the first page of a child's record shows: each need and
 * where it stands, the plan's steps, the last contacts, what happened when, and
 * who is there for the child.
 *
 * Reads only; any thread, on its own connection. Texts are lent by the arena,
 * "" where nothing is known; codes are the vocabulary's. */
#ifndef CCFED_CHILD_OVERVIEW_H
#define CCFED_CHILD_OVERVIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/arena.h"
#include "regional/case/records.h"

struct db;

/* A need with its newest referral. */
struct overview_need {
	int64_t id, referral; /* referral 0: none */
	const char *domain, *source, *state, *organization, *service;
	const char *task, *capacity, *enrollment, *reason;
	int32_t found, closed, sent, accepted, answered, received, moved;
};
struct overview_step { /* of the plan that was agreed */
	int64_t goal_id;
	const char *goal, *action, *owner, *state;
	int32_t due;
};
struct overview_contact {
	int32_t day;
	const char *mode, *party, *person, *note;
	bool reached;
};
/* What happened: the word for its kind, and codes or names that say what. */
struct overview_moment {
	int32_t day;
	const char *kind, *what, *with;
};
struct overview_person {
	const char *name, *relation, *way, *value, *authority;
};
struct overview {
	struct overview_need *needs;
	struct overview_step *steps;
	struct overview_contact *contacts;
	struct overview_moment *moments;
	struct overview_person *people;
	size_t needs_n, steps_n, contacts_n, moments_n, people_n;
	int64_t contacts_all;
	/* The plan that was agreed; version 0: none. */
	int64_t plan_version;
	int32_t plan_agreed;
	const char *plan_by, *wishes;
	/* Level of need; "" none yet. */
	const char *level, *medical, *level_why;
	int64_t social;
	int32_t level_since;
	const char *practice, *practice_phone;
	const char *coverage; /* kind, or payer */
	int32_t coverage_until;
};

/* The newest three contacts, twelve moments, and forty needs, open ones first. */
int child_overview(struct db *db, struct arena *a, int64_t child, int64_t kase,
		   int32_t today, struct overview *out);

#endif
