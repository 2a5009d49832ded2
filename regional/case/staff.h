/* staff: who works at the center, in which role, how much, and trained in what.
 *
 * Owns tables `staff`, `staff_fte`, `staff_training`. */
#ifndef CCFED_STAFF_H
#define CCFED_STAFF_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { FTE_ONE = 100 }; /* one full-time position */

struct staff {
	int64_t id;
	char name[NAME_TEXT];
	char role[VOCABULARY_ID]; /* "nurse", "social-worker", ... */
	int32_t started;
	int32_t ended; /* NO_DATE while working here */
};
struct staff_fte {
	int64_t staff;
	int32_t since;
	int fte; /* hundredths */
};
struct staff_training {
	int64_t id, staff;
	char kind[16]; /* "training" or "credential" */
	char title[NAME_TEXT];
	int32_t since;
	int32_t expires; /* or NO_DATE */
};

/* @fte: hundredths, from the day of starting on. */
int staff_add(struct records *r, const struct staff *s, int fte, int64_t *id);
/* Name and role, by s->id. */
int staff_update(struct records *r, const struct staff *s);
/* E_STATE while open cases are assigned to them. */
int staff_end(struct records *r, int64_t id, int32_t on);
int staff_get(struct db *db, int64_t id, struct staff *out);
/* E_STATE unless they work here on day @on; @out may be NULL. */
int staff_working(struct db *db, int64_t id, int32_t on, struct staff *out);
/* @role "": all; @on NO_DATE: whenever they work. By name. */
int staff_list(struct db *db, const char *role, int32_t on, int64_t offset,
	       int64_t limit, int (*fn)(void *arg, const struct staff *s),
	       void *arg);

/* From @since on; the same day again corrects it. */
int staff_fte_set(struct records *r, int64_t staff, int32_t since, int fte);
/* On day @on; 0 before the first and outside their time here. */
int staff_fte_on(struct db *db, int64_t staff, int32_t on, int *fte);
int staff_fte_list(struct db *db, int64_t staff,
		   int (*fn)(void *arg, const struct staff_fte *f), void *arg);

int staff_train(struct records *r, const struct staff_training *t, int64_t *id);
/* @staff 0: everybody's; @expired_by NO_DATE: all, else only those that expire
 * until that day. By expiry, then day. */
int staff_training_list(struct db *db, int64_t staff, int32_t expired_by,
			int (*fn)(void *arg, const struct staff_training *t),
			void *arg);

#endif
