/* hub_then: the page that shows a figure as it was reported on a past day
 * beside what is known now, and which releases made the difference. */
#ifndef CCFED_HUB_THEN_H
#define CCFED_HUB_THEN_H

#include "daemon/web/page.h"

/* GET /then. */
extern const struct page_route hub_then_routes[];

#endif
