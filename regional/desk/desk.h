/* desk: the pages of a region: who may sign in, what the frame shows, where
 * they read and write, their audit, and who may see which child.
 *
 * A new page is a file desk_NAME.c with templates/NAME.html beside it; its list
 * of routes stands in desk_routes (desk.c) and in desk_parts.h. Pages call the
 * modules of regional/case, and query modules of this folder. */
#ifndef CCFED_DESK_H
#define CCFED_DESK_H

#include "daemon/web/pages.h"
#include "regional/desk/directory_job.h"

struct node;

/* A page's p->site. Of the node, functions of reading pages use only what never
 * changes: its kind, its catalogue, its region. */
struct desk {
	struct node *n; /* borrowed */
	struct site_hooks hooks;
	char banner[200];
	char place[120];
	struct directory_job job; /* an import of the directory */
};

void desk_init(struct desk *d, struct node *n);
/* The same for a center for practicing beside @real (regional/node_practice.h):
 * nobody can take it for the real one. */
void desk_init_practice(struct desk *d, struct node *n,
			const struct node *real);
extern const struct page_route *const desk_routes[]; /* NULL at the end */

/* Who may open the record of a child. */
enum { DESK_ASK = 2 };
/* May @who see @child, as of @now? A supervisor sees all; a coordinator who is
 * on the staff their own caseload, whom they cover for, what is nobody's, and a
 * child without an open case; others' by emergency access. E_NOTFOUND: there is
 * no such child. *out. */
int desk_may_see(struct db *db, const struct person *who, int64_t child,
		 int64_t now_utc_ms, bool *out);
/* For page functions that show or change a child's record:
 *	if ((r = desk_open(p, child)) != 0)
 *		return r;
 * 0: they may, and that it was seen is noted (page_saw). DESK_ASK: no; a GET is
 * led to the form of emergency access, a POST refused. */
int desk_open(struct page *p, int64_t child);

#endif
