/* hub_page: the state's page of all measures, drawn from the figures, and the
 * hub's counters for a monitoring program. */
#ifndef CCFED_HUB_PAGE_H
#define CCFED_HUB_PAGE_H

#include "daemon/web/page.h"

struct db;
struct hub;
struct html;

/* GET /measures, /livez, /metrics. */
extern const struct page_route hub_page_routes[];

/* What stands on the page, into @d; reads on @db, of @h only what never
 * changes. Any thread. */
int hub_page_draw(struct hub *h, struct db *db, struct html *d);
/* The counters in the text form of Prometheus, for mem_free. Loop thread. */
int hub_page_counters(struct hub *h, char **out);

#endif
