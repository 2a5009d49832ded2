/* child: a child known to the region.
 *
 * Owns table `child`. */
#ifndef CCFED_CHILD_H
#define CCFED_CHILD_H

#include "regional/case/records.h"

struct child {
	int64_t id;
	char given[NAME_TEXT], family[NAME_TEXT]; /* at least one is not "" */
	int32_t birth;				  /* date; not in the future */
	char sex[16];		   /* "female", "male", "other", "unknown" */
	char zip[12];		   /* "" unknown */
	char source_id[NAME_TEXT]; /* record number elsewhere; "" none */
	int64_t merged_into;	   /* recorded twice: the one that stays; 0 */
};

int child_add(struct records *r, const struct child *c, int64_t *id);
int child_update(struct records *r, const struct child *c); /* by c->id */
/* Another child of the same names and birth date, whatever the case of the
 * letters: E_NOTFOUND if none. */
int child_twin(struct db *db, const struct child *c, int64_t *id);
int child_get(struct db *db, int64_t id, struct child *out);
/* The same for whoever is about to add to its record: E_STATE with the number
 * to use if it was merged into another (regional/case/merge.h). */
int child_here(struct db *db, int64_t id, struct child *out);
/* Names, births, zip that contain every word of @text ("" all), by name; at
 * most @limit from @offset. @fn returning non-zero stops it. */
int child_list(struct db *db, const char *text, int64_t offset, int64_t limit,
	       int (*fn)(void *arg, const struct child *c), void *arg);

#endif
