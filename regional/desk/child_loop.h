/* child_loop: a need as a loop from sent to met, and what is to be done next. */
#ifndef CCFED_CHILD_LOOP_H
#define CCFED_CHILD_LOOP_H

#include "daemon/web/tpl_steps.h"
#include "regional/desk/child_overview.h"

struct page;

/* The four steps; NULL when memory is out. */
const struct tpl_steps *child_loop(struct page *p,
				   const struct overview_need *n);

/* The next act for an open need and its page, and the page that closes the
 * need; all NULL for one that is closed. */
struct child_loop_act {
	const char *title, *href, *close;
};
void child_loop_act(struct page *p, int64_t child,
		    const struct overview_need *n, struct child_loop_act *out);

#endif
