/* coordinator: who else coordinates the care of a child, by name and program,
 * and who leads. If nobody of another program does, this center leads.
 *
 * Families tell of several coordinators who do not know of each other; the
 * shared plan begins with this list.
 *
 * Owns table `case_coordinator`. */
#ifndef CCFED_COORDINATOR_H
#define CCFED_COORDINATOR_H

#include "regional/case/records.h"

struct coordinator {
	int64_t id, kase;
	char name[NAME_TEXT];	 /* not "" */
	char program[NAME_TEXT]; /* "Birth to Three"; not "" */
	char reach[NAME_TEXT];	 /* "" not known */
	bool leads;		 /* at most one of a case at a time */
	int32_t since, until;	 /* NO_DATE: always, still */
};

/* One who leads takes that over from the one who did. */
int coordinator_add(struct records *r, const struct coordinator *c,
		    int64_t *id);
/* @id leads from now on; 0: this center does. */
int coordinator_lead(struct records *r, int64_t kase, int64_t id);
int coordinator_end(struct records *r, int64_t id, int32_t on);
int coordinator_get(struct db *db, int64_t id, struct coordinator *out);
/* Who leads comes first, who has left last. */
int coordinator_list(struct db *db, int64_t kase,
		     int (*fn)(void *arg, const struct coordinator *c),
		     void *arg);

#endif
