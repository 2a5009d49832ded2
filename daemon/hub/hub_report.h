/* hub_report: the pages of reports to regions: what is published, the draft of
 * a quarter with its texts, and each document as it was published. */
#ifndef CCFED_HUB_REPORT_H
#define CCFED_HUB_REPORT_H

#include "daemon/web/page.h"

/* GET /reports, /report/{region}/{quarter}, /report/no/{number} ... */
extern const struct page_route hub_report_routes[];

#endif
