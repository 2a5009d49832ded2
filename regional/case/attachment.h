/* attachment: a document of a child: the scan of a signed consent, a report, a
 * plan.
 *
 * Sealed at rest under the child's key (seal.h). What it may be is told by its
 * own first bytes, never by a name: PDF, PNG, JPEG, or plain UTF-8 text; at
 * most 10 MiB. A keyed hash of the content is checked whenever it is read.
 *
 * Owns tables `attachment` and `attachment_content`. */
#ifndef CCFED_ATTACHMENT_H
#define CCFED_ATTACHMENT_H

#include "proto/vocabulary.h"
#include "regional/case/records.h"

enum { ATTACHMENT_MAX = 10 * 1024 * 1024, ATTACHMENT_WHY = 200 };

struct attachment {
	int64_t id, child;
	char document[VOCABULARY_ID]; /* what it is: "consent" */
	char title[NAME_TEXT];	      /* "" none */
	char type[8];		      /* "pdf", "png", "jpeg", "text" */
	int64_t size;		      /* bytes */
	int32_t added;
	int32_t erased;		  /* NO_DATE: it can be read */
	char why[ATTACHMENT_WHY]; /* it was taken out; "" not said */
};

/* The type of @len bytes: one of the four, or NULL. */
const char *attachment_type(const void *data, size_t len);

/* E_TOOBIG over 10 MiB, E_INVALID for another type or nothing at all. */
int attachment_add(struct records *r, int64_t child, const char *document,
		   const char *title, const void *data, size_t len,
		   int64_t *id);
int attachment_get(struct db *db, int64_t id, struct attachment *out);
/* Newest first. */
int attachment_list(struct db *db, int64_t child,
		    int (*fn)(void *arg, const struct attachment *a),
		    void *arg);
/* Its content. On 0 the caller owns *data. E_STATE if it was erased, E_AUTH if
 * it is not what was added. */
int attachment_read(struct records *r, int64_t id, unsigned char **data,
		    size_t *len);
/* Take one document out of the record, @why not "". Its content and title are
 * deleted; that there was one, and why it went, stays. The child's key stays
 * with its other documents, so a copy of the database that was made before can
 * still be read: only attachment_erase ends that. */
int attachment_remove(struct records *r, int64_t id, const char *why);
/* Erase all documents of @child, for good: its key is deleted, and with it the
 * content and titles; that there was a document stays. The log of the database
 * is emptied too, unless the call is part of a bigger transaction. *n: how
 * many. */
int attachment_erase(struct records *r, int64_t child, int64_t *n);

#endif
