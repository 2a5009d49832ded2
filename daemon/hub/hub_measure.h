/* hub_measure: the page of one measure: is it changing, how do regions compare,
 * where inside: and the same as a file. What is chosen stands in the address
 * alone: region, and how long a point is. */
#ifndef CCFED_HUB_MEASURE_H
#define CCFED_HUB_MEASURE_H

#include "daemon/hub/measure_row.h"
#include "daemon/web/page.h"

struct measure;
struct series;

/* GET /measure/{id}, and as CSV and JSON. */
extern const struct page_route hub_measure_routes[];

/* "“Title: 62.1 % (398 of 641), the state, April to June 2026.”" for a memo, with
 * ", through May" before the end where that is all that is in. */
const char *hub_measure_sentence(struct arena *a, const struct measure *m,
				 const struct measure_row *r);
/* "Network, measure M10 version 1, as known November 3, 2026. Synthetic
 * data." */
const char *hub_measure_cited(struct page *p, const struct measure *m);

/* Its files; the routes above have them. */
int hub_measure_csv(struct page *p);
int hub_measure_json(struct page *p);

#endif
