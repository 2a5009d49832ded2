/* practice: a primary care practice: who it is, what was done to win it as a
 * partner (the outreach log), and whose children's it is.
 *
 * Title V counts the practices that the centers worked with as medical homes;
 * the outreach log is where that number comes from.
 *
 * Owns tables `practice`, `practice_outreach`, `child_practice`. */
#ifndef CCFED_PRACTICE_H
#define CCFED_PRACTICE_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { PRACTICE_TEXT = 200, PRACTICE_WHAT = 1000 };

struct practice {
	int64_t id;
	char name[NAME_TEXT]; /* not "", no other's */
	char phone[40], fax[40];
	char address[PRACTICE_TEXT];
	char zip[12];
	bool medical_home; /* works as one, as far as the center knows */
	bool active;
};

struct practice_outreach {
	int64_t id, practice;
	int32_t day;
	char how[VOCABULARY_ID];   /* "visit" */
	char with_whom[NAME_TEXT]; /* "" not noted */
	int minutes;		   /* 0 to 1440; -1 not noted */
	char what[PRACTICE_WHAT];  /* "" not noted */
};

/* A child's primary care practice, one at a time. */
struct child_practice {
	int64_t id, child, practice;
	char clinician[NAME_TEXT]; /* "" not known */
	int32_t since, until;
};

int practice_add(struct records *r, const struct practice *p, int64_t *id);
int practice_update(struct records *r, const struct practice *p);
int practice_get(struct db *db, int64_t id, struct practice *out);
/* Names that contain every word of @text ("" all), by name. */
int practice_list(struct db *db, const char *text, int64_t offset,
		  int64_t limit, int (*fn)(void *arg, const struct practice *p),
		  void *arg);

int practice_outreach_add(struct records *r, const struct practice_outreach *o,
			  int64_t *id);
/* Newest first. */
int practice_outreach_list(
	struct db *db, int64_t practice, int64_t offset, int64_t limit,
	int (*fn)(void *arg, const struct practice_outreach *o), void *arg);

/* From @since on it is the child's; the one before ends the day before.
 * @practice 0: the child has none any more, @since being its first day
 * without. */
int practice_assign(struct records *r, const struct child_practice *c,
		    int64_t *id);
/* All that @child ever had, newest first. */
int practice_of_child(struct db *db, int64_t child,
		      int (*fn)(void *arg, const struct child_practice *c),
		      void *arg);

#endif
