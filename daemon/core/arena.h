/* arena: memory for one request, freed as a whole.
 *
 * Running out of it is kept as a flag, so that a page asks once, at its end.
 * Until then everything that could not be made is NULL, which templates show as
 * nothing. One thread at a time. */
#ifndef CCFED_ARENA_H
#define CCFED_ARENA_H

#include <stdbool.h>
#include <stddef.h>

struct arena_block; /* opaque */
struct arena {
	struct arena_block *blocks; /* the newest first */
	bool failed;
};

/* A list that grows: @items are moved when it does, so keep their number, not
 * a pointer to one of them. Begin with {.arena = a, .size = sizeof(item)}. */
struct arena_list {
	struct arena *arena;
	size_t size; /* of an item */
	void *items;
	size_t n, room;
};

void arena_init(struct arena *a);
void arena_fini(struct arena *a);
/* Zeroed and aligned for anything; NULL on failure. */
void *arena_alloc(struct arena *a, size_t size);
char *arena_dup(struct arena *a, const char *s); /* NULL gives NULL */
char *arena_str(struct arena *a, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* A zeroed item at the end of @l; NULL on failure. */
void *arena_add(struct arena_list *l);
/* 0, or E_NOMEM if anything failed. */
int arena_check(const struct arena *a);

#endif
