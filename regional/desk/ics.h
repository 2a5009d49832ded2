/* ics: a calendar file (RFC 5545) of whole days, to take along. Pure.
 *
 * It leaves the center's computer: the caller gives it initials, not names. */
#ifndef CCFED_ICS_H
#define CCFED_ICS_H

#include "daemon/core/arena.h"

#include <stdint.h>

struct ics_event {
	const char *uid; /* the same each time, and tells nothing */
	int32_t day;
	const char *summary, *description; /* description: "" none */
};
/* NULL when memory is out. @made_utc_ms: of the file. */
const char *ics_text(struct arena *a, const struct ics_event *e, size_t n,
		     int64_t made_utc_ms);

#endif
