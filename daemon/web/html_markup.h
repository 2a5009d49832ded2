/* html_markup: what compiled templates write with (template.py). Nothing else
 * includes this: a lint sees to it, so that markup comes from templates only. */
#ifndef CCFED_HTML_MARKUP_H
#define CCFED_HTML_MARKUP_H

#include "daemon/web/html.h"

/* Markup that stands in the template, as it is. */
void html_markup(struct html *h, const char *bytes, size_t n);
/* Escaped; NULL writes nothing. Each kind of place has one form of value, so
 * these are for text and quoted attributes ... */
void html_value(struct html *h, const char *s);
void html_number(struct html *h, long long n);
/* ... one part of an address, all but letters, digits and "-._~" encoded ... */
void html_url(struct html *h, const char *s);
/* ... and, behind a "/", a whole address of this site. */
void html_local(struct html *h, const char *s);
/* The text in the page's language. */
void html_message(struct html *h, const char *en, const char *es);

#endif
