/* intake_draw: the form of a new case, and the children whom the one that is
 * typed in may be. */
#ifndef CCFED_INTAKE_DRAW_H
#define CCFED_INTAKE_DRAW_H

#include <stdbool.h>
#include <stddef.h>

#include "regional/case/duplicate.h"

struct page;

/* Children who may be the one of the form as it was sent, the likeliest first;
 * *n is 0 if the form names nobody. Lent by the page. */
int intake_likely(struct page *p, struct duplicate **out, size_t *n);
/* What the box "It is another child" says when it is about these: their ids,
 * "12-45", so that a yes holds only for those who were shown. */
const char *intake_likely_text(struct page *p, const struct duplicate *d,
			       size_t n);
/* Draws the page's main part; notes the search for likely ones. */
int intake_draw(struct page *p);

#endif
