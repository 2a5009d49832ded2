#include "daemon/core/mem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Allocations left until one fails, that one included; 0: none will. */
static atomic_int countdown;
static atomic_bool fired;

/* Normally one load: there is nothing to turn off in a release build. */
static bool fault_now(void)
{
	int left = atomic_load(&countdown);

	/* Exchanged, not subtracted: two threads must not both reach 0. */
	while (left > 0) {
		if (atomic_compare_exchange_weak(&countdown, &left, left - 1)) {
			if (left == 1)
				atomic_store(&fired, true);
			return left == 1;
		}
	}
	return false;
}

void *mem_alloc(size_t size)
{
	/* malloc(0) may give NULL, which callers would take for a failure. */
	if (fault_now())
		return NULL;
	return malloc(size ? size : 1);
}

void *mem_calloc(size_t n, size_t size)
{
	size_t all;

	/* calloc checks, too, but a sanitizer's stops the program there. */
	if (fault_now() || __builtin_mul_overflow(n, size, &all))
		return NULL;
	return calloc(1, all ? all : 1);
}

void *mem_realloc(void *p, size_t size)
{
	if (fault_now())
		return NULL;
	return realloc(p, size ? size : 1);
}

char *mem_strdup(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = mem_alloc(size);

	if (copy)
		memcpy(copy, s, size);
	return copy;
}

char *mem_printf(const char *fmt, ...)
{
	va_list ap;
	char *text;
	int len;

	va_start(ap, fmt);
	len = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (len < 0)
		return NULL;
	text = mem_alloc((size_t)len + 1);
	if (!text)
		return NULL;
	va_start(ap, fmt);
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	va_end(ap);
	return text;
}

void mem_free(void *p)
{
	free(p);
}

/* A test's own cmocka and SQLite allocate elsewhere and are not counted. */
void mem_fault(int skip)
{
	assert(skip >= 0);
	atomic_store(&fired, false);
	atomic_store(&countdown, skip + 1);
}

bool mem_fault_off(void)
{
	atomic_store(&countdown, 0);
	return atomic_exchange(&fired, false);
}
