/* page: the state's one page in HTML, drawn from the figures, and the hub's
 * counters for a monitoring program. */
#ifndef CCFED_PAGE_H
#define CCFED_PAGE_H

#include "daemon/web/http.h"

/* http_fn; @arg is the hub, of which only what never changes is used: it reads
 * on a connection of its own and may run in any thread. */
http_fn page_index;
http_fn page_style; /* @arg is not used */
http_fn page_live;  /* the same */
/* In the text form of Prometheus. Loop thread. */
http_fn page_metrics;

#endif
