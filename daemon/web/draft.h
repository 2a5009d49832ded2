/* draft: what a person typed into a form that was not saved: sealed with
 * web.key, one for each account and form (its address), until it is saved,
 * thrown away, or a week old.
 *
 * Owns table `draft`. Loop thread only. */
#ifndef CCFED_DRAFT_H
#define CCFED_DRAFT_H

#include <stdint.h>

#include "daemon/web/accounts.h"
#include "daemon/web/fields.h"

enum { DRAFT_KEPT_MS = 7 * 24 * 3600 * 1000, DRAFT_BYTES = 64 * 1024 };

/* Keep @f, but files, tokens ("csrf") and passwords (names that begin with
 * "password" or "code"). Nothing typed: nothing kept. E_TOOBIG. */
int draft_keep(struct accounts *a, int64_t account, const char *form,
	       const struct fields *f);
/* What was kept: values in *out lie in *text, which the caller mem_free()s
 * after fields_fini. E_NOTFOUND without a sentence; E_AUTH. */
int draft_get(struct accounts *a, int64_t account, const char *form,
	      struct fields *out, char **text, int64_t *at_utc_ms);
int draft_drop(struct accounts *a, int64_t account, const char *form);
/* Forget old ones. */
int draft_tidy(struct accounts *a);

#endif
