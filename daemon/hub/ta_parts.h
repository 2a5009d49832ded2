/* ta_parts: what the files of ta.h share. Private to ta.c and ta_entry.c. */
#ifndef CCFED_TA_PARTS_H
#define CCFED_TA_PARTS_H

#include <stddef.h>

#include "daemon/hub/ta.h"

/* @text, NULL as "", into @out of @size. */
void ta_take(char *out, size_t size, const char *text);
/* Ends @by's transaction, of result @r, with its row of the audit. */
int ta_noted(const struct ta_hand *by, int r, const char *record, int64_t id,
	     const char *field);

#endif
