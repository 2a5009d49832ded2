/* org_named: an organization of the directory by the name that somebody typed. */
#ifndef CCFED_ORG_NAMED_H
#define CCFED_ORG_NAMED_H

#include "regional/case/organization.h"

struct page;

/* The active one called so, whatever the case of letters, or the only one whose
 * name has all of these words. Else a page_error of @field that says which
 * there are, and *out is 0. */
int org_named(struct page *p, const char *field, const char *name,
	      int64_t *out);

#endif
