/* scratch: a temporary folder for one test, and where to find test data. */
#ifndef CCFED_TEST_SCRATCH_H
#define CCFED_TEST_SCRATCH_H

#include <stddef.h>

/* Make a new folder; the path is valid until scratch_free removes the folder
 * and all that is in it. Stops the test program on failure. */
char *scratch_new(void);
void scratch_free(char *dir);

/* "DIR/NAME" in one of a few static buffers: valid for eight more calls. */
const char *scratch_path(const char *dir, const char *name);

/* A file of the source tree, like "proto/facts"; same buffers. */
const char *source_path(const char *name);

/* A file of the large test data that are not in the repository: in the folder
 * named by CCFED_TEST_DATA, or in shared/data beside the source tree. NULL if
 * it is not there: skip() the test then. */
const char *data_path(const char *name);

/* An address on 127.0.0.1 that nobody listens at, "tcp://127.0.0.1:PORT",
 * into @out; returns the port. */
int free_address(char *out, size_t size);

#endif
