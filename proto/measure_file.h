/* measure_file: reads one measure from its file. Only the catalogue uses it. */
#ifndef CCFED_MEASURE_FILE_H
#define CCFED_MEASURE_FILE_H

#include <stddef.h>

#include "proto/catalogue.h"

/* Parse and check @text, the bytes of the file @path, against the fact tables
 * that @c has loaded. */
int measure_file_read(struct measure *m, const struct catalogue *c,
		      const char *path, const char *text, size_t len);

#endif
