/* html: a page of HTML being written, by compiled templates (template.py) or by
 * the calls below. Every value is escaped; there is no way around it. Elements
 * are closed in the order in which they were opened.
 *
 * Running out of memory is kept until html_take. Any thread, one at a time. */
#ifndef CCFED_HTML_H
#define CCFED_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/web/lang.h"

enum { HTML_DEPTH = 32 };

struct html {
	char *buf;
	size_t len, room;
	bool failed;
	enum lang lang; /* English, unless set after html_init */
	int depth;
	const char *open[HTML_DEPTH]; /* names, static */
};

/* Begins with the doctype. */
void html_init(struct html *h);
void html_fini(struct html *h);
/* <name a="b" ...>: names and values in turn, up to NULL. Names are static. */
void html_open(struct html *h, const char *name, ...) __attribute__((sentinel));
void html_close(struct html *h); /* the innermost */
/* An element without content and end tag, like meta. */
void html_void(struct html *h, const char *name, ...) __attribute__((sentinel));
void html_text(struct html *h, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* <name>text</name> */
void html_line(struct html *h, const char *name, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The bytes, for mem_free; everything was closed. E_NOMEM. */
int html_take(struct html *h, char **out, size_t *len);

#endif
