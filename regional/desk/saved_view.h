/* saved_view: lists of cases that somebody keeps under a name: the address of
 * the list, without the page. A view names no child.
 *
 * Owns table `saved_view`. */
#ifndef CCFED_SAVED_VIEW_H
#define CCFED_SAVED_VIEW_H

#include "daemon/core/arena.h"
#include "regional/case/records.h"

enum { SAVED_VIEW_QUERY = 400, SAVED_VIEW_MOST = 30 };

struct saved_view {
	int64_t id;
	const char *name, *query; /* query: "whose=mine&sort=due" */
};
/* Of r->who. The same name again takes the new query. */
int saved_view_put(struct records *r, const char *name, const char *query,
		   int64_t *id);
/* E_NOTFOUND unless it is r->who's. */
int saved_view_drop(struct records *r, int64_t id);
/* Those of @who, by name. */
int saved_view_list(struct db *db, const char *who, struct arena *a,
		    struct saved_view **out, size_t *n);

#endif
