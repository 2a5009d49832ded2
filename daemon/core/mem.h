/* mem: allocation, so that a test can make the nth one fail.
 *
 * All heap memory of ccfed comes from here; libraries allocate their own.
 * Any thread. */
#ifndef CCFED_MEM_H
#define CCFED_MEM_H

#include <stdbool.h>
#include <stddef.h>

/* NULL on failure; zero sizes give a unique pointer. Overflow of n * size
 * fails. The caller owns the result and gives it to mem_free. */
void *mem_alloc(size_t size);
void *mem_calloc(size_t n, size_t size);
void *mem_realloc(void *p, size_t size);
char *mem_strdup(const char *s);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void mem_free(void *p); /* NULL is fine */

/* Make the allocation after @skip more succeed no more, once. */
void mem_fault(int skip);
/* Stop failing; true if the fault fired since mem_fault. */
bool mem_fault_off(void);

#endif
