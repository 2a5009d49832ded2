/* hub_ta: the pages of technical assistance: open items, one item with what was
 * agreed and said, its call sheet, thresholds, and what helped elsewhere.
 *
 * Everybody of the hub reads; operators and TA advisors change. */
#ifndef CCFED_HUB_TA_H
#define CCFED_HUB_TA_H

#include "daemon/hub/ta.h"
#include "daemon/web/page.h"

enum { HUB_TA_MAY = ROLE_OPERATOR | ROLE_TA_ADVISOR };

/* GET /ta, /ta/{id}, /ta/thresholds ... */
extern const struct page_route hub_ta_routes[];
/* Forms: /ta/new, /ta/{id}/entry, /ta/{id}/action, /ta/{id}/close ... */
extern const struct page_route hub_ta_forms_routes[];

/* GET /ta/{id}/sheet: one page for a call, two strengths first. */
extern const struct page_route hub_ta_sheet_routes[];

/* In the name of who is signed in, in 64 bytes at @name. */
struct ta_hand hub_ta_hand(struct page *p, char *name);
/* The item that the address names. */
int hub_ta_item(struct page *p, struct ta_item *out);
/* "Ann Advisor" of "user:ann" as far as it can be said on a page. */
const char *hub_ta_who(struct page *p, const char *who);

#endif
