/* hub_public: what everybody may see without an account, in English and
 * Spanish, if "public = yes" stands in ccfed.conf: a few figures of the whole
 * state, rounded. A rate is rounded to whole percents, a count down to tens; a
 * figure that is a range, or of only some regions, is not shown. */
#ifndef CCFED_HUB_PUBLIC_H
#define CCFED_HUB_PUBLIC_H

#include "daemon/web/page.h"

/* GET /public. */
extern const struct page_route hub_public_routes[];

#endif
