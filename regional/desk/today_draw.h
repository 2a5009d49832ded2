/* today_draw: the work of a person laid out as the page shows it: what an
 * emergency visit demands, what is overdue, due and soon, what waits for others,
 * and what stands beside. */
#ifndef CCFED_TODAY_DRAW_H
#define CCFED_TODAY_DRAW_H

#include "daemon/web/page.h"
#include "regional/desk/today_text.h"
#include "regional/desk/tpl_today.h"

enum { TODAY_AHEAD = 7 }; /* days that the page may show */

/* The work of who asks, @ahead days ahead. Lent by the page's arena. */
struct today_loaded {
	struct today_text t;
	struct today_item *item;
	size_t n;
};
int today_load(struct page *p, int ahead, struct today_loaded *out);
int today_draw(struct page *p, const struct today_loaded *l,
	       struct tpl_today *out);

#endif
