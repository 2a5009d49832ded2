/* digest: one hash over everything a node has recorded, so that a test can say
 * "nothing changed" or "these two databases are the same". */
#ifndef CCFED_TEST_DIGEST_H
#define CCFED_TEST_DIGEST_H

struct db; /* daemon/core/db.h */

enum { DIGEST_TEXT = 65 };

/* Of every table but those that have times, keys or nonces in them: the audit,
 * the history, the node's own row, sealed content. Fails the test on error. */
void digest_of(struct db *db, char out[DIGEST_TEXT]);

#endif
