/* hub_releases: the page of what the regions sent: how each is connected, what
 * was refused, and every release with its version and receipt. */
#ifndef CCFED_HUB_RELEASES_H
#define CCFED_HUB_RELEASES_H

#include "daemon/web/page.h"

/* GET /releases, /releases.csv. */
extern const struct page_route hub_releases_routes[];

#endif
