/* fact_file: reads one fact table from its file. Only the catalogue uses it. */
#ifndef CCFED_FACT_FILE_H
#define CCFED_FACT_FILE_H

#include <stddef.h>

#include "proto/catalogue.h"

/* Parse and check @text, the bytes of the file @path. On 0 @t->sql is owned by
 * the caller; on failure there is nothing to free. */
int fact_file_read(struct fact_table *t, const struct vocabulary *v,
		   const char *path, const char *text, size_t len);

/* The number of blocks that one release can hold at most, and the bytes of its
 * encoding at most: no block is larger than the largest of its view, and the
 * blocks of a view are disjoint unions of the points of its finest step. */
int fact_file_groups_max(const struct fact_table *t);
size_t fact_file_bytes_max(const struct fact_table *t);
/* E_TOOBIG with a sentence if one release of it can be too large to send. */
int fact_file_fits(const struct fact_table *t);

#endif
