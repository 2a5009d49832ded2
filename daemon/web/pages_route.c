#include "daemon/web/page_impl.h"

#include <string.h>

/* One part of a path, from behind a '/': its length. */
static size_t part(const char *s)
{
	return strcspn(s, "/");
}

/* How many parts of @route are parameters; -1 if it is not @path's. */
static int match(const char *route, const char *path)
{
	int n = 0;

	while (*route == '/' && *path == '/') {
		size_t have, want;

		want = part(++route);
		have = part(++path);
		if (*route == '{' && have > 0)
			n++;
		else if (want != have || memcmp(route, path, want) != 0)
			return -1;
		route += want;
		path += have;
	}
	return !*route && !*path ? n : -1;
}

static void take_params(struct page_call *c, const char *route,
			const char *path)
{
	c->n_params = 0;
	for (; *route == '/' && c->n_params < PAGE_PARAMS;) {
		size_t want = part(++route), have = part(++path);
		struct page_param *p = &c->param[c->n_params];
		char *name, *value;

		if (*route == '{') {
			name = arena_str(&c->p.a, "%.*s", (int)want - 2,
					 route + 1);
			value = arena_str(&c->p.a, "%.*s", (int)have, path);
			if (name && value) {
				*p = (struct page_param){name, value};
				c->n_params++;
			}
		}
		route += want;
		path += have;
	}
}

static void look(const struct page_route *list, enum page_method method,
		 const char *path, const struct page_route **best, int *fewest,
		 bool *other)
{
	for (; list->path; list++) {
		int n = match(list->path, path);

		if (n < 0)
			continue;
		if (list->method != method) {
			*other = true;
			continue;
		}
		if (!*best || n < *fewest) {
			*best = list;
			*fewest = n;
		}
	}
}

const struct page_route *pages_route(struct pages *s, enum page_method method,
				     const char *path, struct page_call *c,
				     bool *other)
{
	const struct page_route *best = NULL;
	int fewest = 0;

	*other = false;
	for (int i = 0; s->own[i]; i++)
		look(s->own[i], method, path, &best, &fewest, other);
	for (int i = 0; s->how.routes && s->how.routes[i]; i++)
		look(s->how.routes[i], method, path, &best, &fewest, other);
	if (best && c)
		take_params(c, best->path, path);
	return best;
}
