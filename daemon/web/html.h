/* html: a page of HTML being written by compiled templates (template.py), whose
 * values are escaped; there is no way around it (html_markup.h).
 *
 * Running out of memory is kept until html_take. Any thread, one at a time. */
#ifndef CCFED_HTML_H
#define CCFED_HTML_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/web/lang.h"

struct html {
	char *buf;
	size_t len, room;
	bool failed;
	enum lang lang; /* English, unless set after html_init */
};

/* Begins with the doctype. */
void html_init(struct html *h);
void html_fini(struct html *h);
/* The bytes, for mem_free. E_NOMEM. */
int html_take(struct html *h, char **out, size_t *len);

#endif
