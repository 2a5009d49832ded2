#include "daemon/core/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { BLOCK = 16 * 1024, ALIGN = _Alignof(max_align_t) };

struct arena_block {
	struct arena_block *next;
	size_t used, room;
	_Alignas(max_align_t) char bytes[];
};

void arena_init(struct arena *a)
{
	memset(a, 0, sizeof *a);
}

void arena_fini(struct arena *a)
{
	while (a->blocks) {
		struct arena_block *b = a->blocks;

		a->blocks = b->next;
		mem_free(b);
	}
}

static struct arena_block *new_block(struct arena *a, size_t size)
{
	size_t room = size > BLOCK ? size : BLOCK;
	struct arena_block *b = mem_calloc(1, sizeof *b + room);

	if (!b)
		return NULL;
	b->room = room;
	b->next = a->blocks;
	a->blocks = b;
	return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
	struct arena_block *b = a->blocks;
	void *p;

	if (size > SIZE_MAX / 2) {
		a->failed = true;
		return NULL;
	}
	size = (size + ALIGN - 1) / ALIGN * ALIGN;
	if (!b || size > b->room - b->used)
		b = new_block(a, size);
	if (!b) {
		a->failed = true;
		return NULL;
	}
	p = b->bytes + b->used;
	b->used += size;
	return p;
}

char *arena_dup(struct arena *a, const char *s)
{
	size_t n = s ? strlen(s) + 1 : 0;
	char *copy = s ? arena_alloc(a, n) : NULL;

	if (copy)
		memcpy(copy, s, n);
	return copy;
}

char *arena_str(struct arena *a, const char *fmt, ...)
{
	va_list ap;
	char *text;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	text = n < 0 ? NULL : arena_alloc(a, (size_t)n + 1);
	if (!text) {
		a->failed = true;
		return NULL;
	}
	va_start(ap, fmt);
	vsnprintf(text, (size_t)n + 1, fmt, ap);
	va_end(ap);
	return text;
}

void *arena_add(struct arena_list *l)
{
	if (l->n == l->room) {
		size_t room = l->room ? l->room * 2 : 16;
		void *items = room > SIZE_MAX / 2 / l->size
				      ? NULL
				      : arena_alloc(l->arena, room * l->size);

		if (!items) {
			l->arena->failed = true;
			return NULL;
		}
		if (l->n)
			memcpy(items, l->items, l->n * l->size);
		l->items = items;
		l->room = room;
	}
	return (char *)l->items + l->n++ * l->size;
}

int arena_check(const struct arena *a)
{
	return a->failed ? err_set(E_NOMEM, "out of memory for a page") : 0;
}
