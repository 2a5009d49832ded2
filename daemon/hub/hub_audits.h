/* hub_audits: the operator's page of the audit: who did what at the hub, and
 * whether the chain of its rows holds. */
#ifndef CCFED_HUB_AUDITS_H
#define CCFED_HUB_AUDITS_H

#include "daemon/web/page.h"

/* GET /audit, /audit.csv. */
extern const struct page_route hub_audits_routes[];

#endif
