/* hub_tokens: the operator's page of keys for programs (api_token.h). */
#ifndef CCFED_HUB_TOKENS_H
#define CCFED_HUB_TOKENS_H

#include "daemon/web/page.h"

/* GET and POST /tokens, GET and POST /tokens/{id}/revoke. */
extern const struct page_route hub_tokens_routes[];

#endif
