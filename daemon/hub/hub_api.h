/* hub_api: the figures for programs: read-only JSON under /api/v1, described by
 * /api/v1/openapi.json. A program says its key (api_token.h) in the header
 * "Authorization: Bearer KEY"; who is signed in needs none. */
#ifndef CCFED_HUB_API_H
#define CCFED_HUB_API_H

#include "daemon/web/page.h"

extern const struct page_route hub_api_routes[];

/* "region,stratum" into BY_* bits; E_INVALID naming the word. */
int hub_api_by(const char *text, int *by);

#endif
