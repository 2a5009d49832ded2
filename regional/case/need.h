/* need: an unmet health, developmental or social need found in a case.
 *
 * Owns table `need`. */
#ifndef CCFED_NEED_H
#define CCFED_NEED_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

struct need {
	int64_t id, kase;
	char domain[VOCABULARY_ID]; /* need id of the vocabulary */
	int32_t found;
	int32_t closed;		    /* NO_DATE while open */
	char state[12];		    /* "open", "met", "unmet" */
	char reason[VOCABULARY_ID]; /* barrier code of an unmet one, or "" */
	char source[VOCABULARY_ID]; /* who found it: "screening", "family" */
};

/* Found by a coordinator. */
int need_add(struct records *r, int64_t kase, const char *domain, int32_t found,
	     int64_t *id);
/* @source is one of the vocabulary: "screening", "family", "provider",
 * "coordinator", "import". */
int need_add_from(struct records *r, int64_t kase, const char *domain,
		  const char *source, int32_t found, int64_t *id);
/* @reason "" for met; a barrier code for unmet. */
int need_close(struct records *r, int64_t id, int32_t on, bool met,
	       const char *reason);
int need_reopen(struct records *r, int64_t id);
int need_get(struct db *db, int64_t id, struct need *out);
int need_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
	      int (*fn)(void *arg, const struct need *n), void *arg);

#endif
