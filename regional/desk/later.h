/* later: a piece of work that somebody put off to another day. It is on no list
 * of what is to be done until then; its due day stays what it is.
 *
 * A piece of work is a kind (today_kind_id) and the number of its record. What
 * a clock of the emergency department demands can't be put off.
 *
 * Owns table `later`. */
#ifndef CCFED_LATER_H
#define CCFED_LATER_H

#include "regional/case/records.h"

/* No further than this: what can wait longer is planned anew. */
enum { LATER_DAYS = 90 };

/* Until @until, a day after today; r->who did it. */
int later_set(struct records *r, const char *kind, int64_t record, int64_t kase,
	      int32_t until, int64_t *id);
/* Take it back: what was before holds again. E_STATE if somebody has put the
 * same work off since. */
int later_undo(struct records *r, int64_t id);
/* *off: it waits on day @on. */
int later_until(struct db *db, const char *kind, int64_t record, int32_t on,
		bool *off);

#endif
