/* family: a household: the children and caregivers who live together, the
 * language spoken there, and whether an interpreter is needed.
 *
 * A child of two homes is in two families, one of which is its main home.
 * Siblings are the children who share a family on a day.
 *
 * Owns tables `family` and `family_child`. */
#ifndef CCFED_FAMILY_H
#define CCFED_FAMILY_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { ADDRESS_TEXT = 200 };

struct family {
	int64_t id;
	char name[NAME_TEXT];	      /* not ""; as the center calls it */
	char language[VOCABULARY_ID]; /* "" not asked */
	bool interpreter;	      /* needed */
	char address[ADDRESS_TEXT];   /* "" not known */
	char zip[12];		      /* "" not known */
};

/* A child's living in a family, from @since (NO_DATE: always) through @until
 * (NO_DATE: still). */
struct home {
	int64_t id, family, child;
	bool main; /* where the child lives most */
	int32_t since, until;
};

int family_add(struct records *r, const struct family *f, int64_t *id);
int family_update(struct records *r, const struct family *f); /* by f->id */
int family_get(struct db *db, int64_t id, struct family *out);
/* Names that contain every word of @text ("" all), by name. */
int family_list(struct db *db, const char *text, int64_t offset, int64_t limit,
		int (*fn)(void *arg, const struct family *f), void *arg);

/* @child lives in @family. The first home is the main one; a second one takes
 * that over only with @main. E_EXISTS if it lives there already. */
int family_join(struct records *r, int64_t family, int64_t child, bool main,
		int32_t since, int64_t *id);
/* The last day there. If another home is left and none is the main one, the
 * oldest becomes it. */
int family_leave(struct records *r, int64_t family, int64_t child, int32_t on);
/* The homes of @child (0: any), the children of @family (0: any); those of
 * @day, or all ever for NO_DATE. */
int family_homes(struct db *db, int64_t child, int64_t family, int32_t day,
		 int (*fn)(void *arg, const struct home *h), void *arg);
/* Ids of the children who share a home with @child on @day, each once. */
int family_siblings(struct db *db, int64_t child, int32_t day,
		    int (*fn)(void *arg, int64_t sibling), void *arg);

#endif
