/* hub_state: the page that an operator opens first: how much was done, how
 * well, is anyone better off (Results-Based Accountability, Friedman, Trying
 * Hard Is Not Good Enough, 2005); what is new since the last visit, which
 * region is in, what becomes final next. */
#ifndef CCFED_HUB_STATE_H
#define CCFED_HUB_STATE_H

#include "daemon/web/page.h"

/* GET / */
extern const struct page_route hub_state_routes[];

#endif
