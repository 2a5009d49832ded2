/* hub_site: how the pages of a hub differ from a node's: who may sign in, what
 * the frame shows, where they read and write, and their audit.
 *
 * A new page's routes are a list in hub_site_routes. */
#ifndef CCFED_HUB_SITE_H
#define CCFED_HUB_SITE_H

#include "daemon/web/pages.h"

struct hub;

struct hub_site {
	struct hub *h; /* borrowed */
	struct site_hooks hooks;
	char banner[200];
};

/* A page's p->site is the struct hub. */
void hub_site_init(struct hub_site *s, struct hub *h);
extern const struct page_route *const hub_site_routes[]; /* NULL at the end */

#endif
