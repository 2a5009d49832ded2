/* during: when something may be recorded of a case, or of a child.
 *
 * For regional/case only. */
#ifndef CCFED_DURING_H
#define CCFED_DURING_H

#include "regional/case/records.h"

/* Day @day, the @what ("day of the contact"), lies in case @kase: not before
 * it was opened, nor after it was closed. */
int during_case(struct records *r, int64_t kase, const char *what, int32_t day);
/* Case @kase is open, for what begins today or is planned. */
int during_open(struct records *r, int64_t kase);
/* @day is not before the birth of @child, which was not merged into another.
 */
int during_life(struct records *r, int64_t child, const char *what,
		int32_t day);

#endif
