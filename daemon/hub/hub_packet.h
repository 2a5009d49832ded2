/* hub_packet: what a region's collaborative looks at each month, and the
 * state's summary: figures of the newest closed period, on paper. */
#ifndef CCFED_HUB_PACKET_H
#define CCFED_HUB_PACKET_H

#include "daemon/web/page.h"

/* GET /packet/{region}; the region "state" is all of them. */
extern const struct page_route hub_packet_routes[];

#endif
