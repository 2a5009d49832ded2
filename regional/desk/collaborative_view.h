/* collaborative_view: what pages of the collaborative ask beside its records.
 *
 * Reads only; any thread, on its own connection. */
#ifndef CCFED_COLLABORATIVE_VIEW_H
#define CCFED_COLLABORATIVE_VIEW_H

#include "daemon/web/tpl_table.h"
#include "regional/case/collaborative.h"

struct page;

/* Members on day @on, by sector and name. */
int collaborative_view_members(struct db *db, int64_t id, int32_t on,
			       int64_t limit, sheet_fn *fn, void *arg);
/* To how many of the meetings that were held while it was a member @m came. */
int collaborative_view_came(struct db *db, const struct collaborative_member *m,
			    int64_t *came, int64_t *held);
/* Gaps as a table that leads to each; *out NULL: there is none. */
int collaborative_view_gaps(struct page *p, int64_t id, bool open,
			    const struct tpl_table **out);
/* Those that were raised at @meeting. */
int collaborative_view_raised(struct page *p, int64_t meeting,
			      const struct tpl_table **out);
/* "Open", "Worked on". */
const char *collaborative_view_status(const char *status);

#endif
