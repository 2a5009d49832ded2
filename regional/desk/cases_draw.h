/* cases_draw: the list of cases laid out as the page shows it, and its question
 * as it stands in an address. */
#ifndef CCFED_CASES_DRAW_H
#define CCFED_CASES_DRAW_H

#include "daemon/web/page.h"
#include "regional/desk/cases_list.h"
#include "regional/desk/saved_view.h"
#include "regional/desk/tpl_cases.h"

/* The question of the request's address; what makes no sense is left out.
 * Without one: mine, or, for who has no caseload, all. */
void cases_query_of(struct page *p, struct cases_query *q);
/* The same as a query, without the page: "whose=mine&sort=due". */
const char *cases_query_text(const struct cases_query *q,
			     char out[SAVED_VIEW_QUERY]);
int cases_draw(struct page *p, const struct cases_query *q,
	       struct tpl_cases *out);

#endif
