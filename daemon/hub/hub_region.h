/* hub_region: one region's page: what it does well, what asks for a look, its
 * figures beside the state's, how late they are, and the help it had. Gaps: how
 * many referrals led to no service, by need and region, and why not. */
#ifndef CCFED_HUB_REGION_H
#define CCFED_HUB_REGION_H

#include "daemon/web/page.h"

/* GET /regions, /region/{id} */
extern const struct page_route hub_region_routes[];
/* GET /gaps */
extern const struct page_route hub_gaps_routes[];

#endif
