/* desk_parts: the pages of the desk, one list of routes a file. */
#ifndef CCFED_DESK_PARTS_H
#define CCFED_DESK_PARTS_H

#include "daemon/web/page.h"

extern const struct page_route desk_today_routes[], desk_cases_routes[],
	desk_find_routes[], desk_emergency_routes[], desk_help_routes[];

#endif
