/* hub_grants: the page and files of figures in the form that grants ask for. */
#ifndef CCFED_HUB_GRANTS_H
#define CCFED_HUB_GRANTS_H

#include "daemon/web/page.h"

/* GET /grants, /grants/{form} (CSV). */
extern const struct page_route hub_grants_routes[];

#endif
