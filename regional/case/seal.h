/* seal: what is sealed at rest, and the keys it is sealed with.
 *
 * Every child has a key of its own, random, kept in `child_key` wrapped with
 * the node's record key, which is in the file record.key beside node.db (mode
 * 0600) and in no database. So a copy of node.db alone opens nothing, and
 * deleting a child's key makes whatever was sealed for it unreadable, wherever
 * copies of the ciphertext are; keep record.key apart from backups of node.db.
 *
 *	sealed  = nonce[24] | XChaCha20-Poly1305(key, nonce, plain, AD)
 *	AD      = "TABLE|ROW|COLUMN", so that no value can be moved
 *	wrapped = the same of the child's key, with the record key and
 *		  "child_key|ROW|wrapped"
 *
 * Random nonces of 24 bytes are safe with one key for longer than any record
 * lives (libsodium, XChaCha20-Poly1305).
 *
 * Owns table `child_key` and the file. Loop thread, or the command line's. */
#ifndef CCFED_SEAL_H
#define CCFED_SEAL_H

#include "regional/case/records.h"

struct disk;

enum { SEAL_KEY = 32, SEAL_OVER = 24 + 16 };

/* The record key from @path into @r. A missing file is made, unless something
 * is sealed already: then everything here is E_STATE, with a sentence, until
 * it is put back. E_FORMAT: not such a file. */
int seal_load(struct records *r, struct disk *d, const char *path);

/* The child's newest key; made if it has none. Inside a change's transaction.
 * Callers sodium_memzero the key. */
int seal_child_key(struct records *r, int64_t child, int64_t *id,
		   unsigned char key[SEAL_KEY]);
/* The key with number @id: E_NOTFOUND if it was deleted, E_AUTH if record.key
 * is not the one it was wrapped with. */
int seal_key(struct records *r, int64_t id, unsigned char key[SEAL_KEY]);

/* @plain for @column of row @row of @table. On 0 the caller owns *out. */
int seal_close(struct records *r, const unsigned char key[SEAL_KEY],
	       const char *table, int64_t row, const char *column,
	       const void *plain, size_t len, unsigned char **out,
	       size_t *out_len);
/* Back; E_AUTH if it was altered or stood elsewhere. *out has a NUL behind
 * its end. */
int seal_open(const unsigned char key[SEAL_KEY], const char *table, int64_t row,
	      const char *column, const void *sealed, size_t len,
	      unsigned char **out, size_t *out_len);

/* Delete all keys of @child; *n how many there were. */
int seal_shred(struct records *r, int64_t child, int64_t *n);

#endif
