#include "regional/case/seal.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "regional/case/audit.h"

static const char first_line[] = "ccfed record key 1: secret, opens the "
				 "sealed documents of this node\n";
enum {
	NONCE = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
	TAG = crypto_aead_xchacha20poly1305_ietf_ABYTES,
	CHECK = 8,
	FILE_MAX = 512,
	AD = 120,
};
_Static_assert(NONCE + TAG == SEAL_OVER, "what sealing adds");

/* --- the file --- */

/* Reading compares with this, so there is one form. */
static void format(const unsigned char key[SEAL_KEY], char out[FILE_MAX])
{
	unsigned char hash[32];
	char hex[2 * SEAL_KEY + 1], sum[2 * CHECK + 1];

	crypto_generichash(hash, sizeof hash, key, SEAL_KEY, NULL, 0);
	sodium_bin2hex(hex, sizeof hex, key, SEAL_KEY);
	sodium_bin2hex(sum, sizeof sum, hash, CHECK);
	snprintf(out, FILE_MAX, "%skey %s\ncheck %s\n", first_line, hex, sum);
	sodium_memzero(hex, sizeof hex);
}

static int parse(const char *text, size_t len, unsigned char key[SEAL_KEY])
{
	size_t head = sizeof first_line - 1, n;
	char again[FILE_MAX];
	int r = 0;

	if (len < head + 4 + 2 * SEAL_KEY ||
	    sodium_hex2bin(key, SEAL_KEY, text + head + 4, 2 * SEAL_KEY, NULL,
			   &n, NULL) != 0 ||
	    n != SEAL_KEY)
		return E_FORMAT;
	format(key, again);
	if (strlen(again) != len || sodium_memcmp(again, text, len) != 0)
		r = E_FORMAT;
	sodium_memzero(again, sizeof again);
	return r;
}

static int read_file(struct records *r, struct disk *d, const char *path)
{
	char *text = NULL;
	size_t len;
	int x;

	x = disk_read(d, path, FILE_MAX - 1, &text, &len);
	if (x == 0) {
		x = parse(text, len, r->seal_key);
		sodium_memzero(text, len);
	}
	mem_free(text);
	if (x == E_FORMAT || x == E_TOOBIG)
		return err_set(E_FORMAT, "%s is not a whole record key", path);
	return x;
}

/* Inside a transaction, so that two programs that open a node at once do not
 * make two keys. */
static int make_file(struct records *r, struct disk *d, const char *path)
{
	int64_t keys = 0;
	char text[FILE_MAX];
	int x;

	x = read_file(r, d, path);
	if (x != E_NOTFOUND)
		return x;
	x = db_int(r->db, &keys, "SELECT count(*) FROM child_key", "");
	if (x < 0)
		return x;
	if (keys > 0)
		return E_NOTFOUND;
	rand_bytes(r->rng, r->seal_key, SEAL_KEY);
	format(r->seal_key, text);
	x = disk_write(d, path, text, strlen(text), 0600);
	sodium_memzero(text, sizeof text);
	return x;
}

int seal_load(struct records *r, struct disk *d, const char *path)
{
	int x;

	r->sealing = false;
	x = read_file(r, d, path);
	if (x == E_NOTFOUND) {
		x = records_begin(r);
		if (x == 0)
			x = records_end(r, make_file(r, d, path));
	}
	if (x == E_NOTFOUND) {
		err_clear();
		sodium_memzero(r->seal_key, SEAL_KEY);
		return 0;
	}
	r->sealing = x == 0;
	return x;
}

static int check_key(const struct records *r)
{
	if (r->sealing)
		return 0;
	return err_set(E_STATE, "The file record.key of this node is missing: "
				"put it back from where it is kept; without "
				"it no document can be opened or added");
}

/* --- sealing --- */

static size_t place(char out[AD], const char *table, int64_t row,
		    const char *column)
{
	return (size_t)snprintf(out, AD, "%s|%lld|%s", table, (long long)row,
				column);
}

int seal_close(struct records *r, const unsigned char key[SEAL_KEY],
	       const char *table, int64_t row, const char *column,
	       const void *plain, size_t len, unsigned char **out,
	       size_t *out_len)
{
	unsigned char *sealed;
	char ad[AD];
	size_t ad_len = place(ad, table, row, column);

	sealed = mem_alloc(len + SEAL_OVER);
	if (!sealed)
		return err_set(E_NOMEM, "out of memory for sealing");
	rand_bytes(r->rng, sealed, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(sealed + NONCE, NULL, plain,
						   len, (unsigned char *)ad,
						   ad_len, NULL, sealed, key);
	*out = sealed;
	*out_len = len + SEAL_OVER;
	return 0;
}

int seal_open(const unsigned char key[SEAL_KEY], const char *table, int64_t row,
	      const char *column, const void *sealed, size_t len,
	      unsigned char **out, size_t *out_len)
{
	const unsigned char *s = sealed;
	unsigned char *plain;
	char ad[AD];
	size_t ad_len = place(ad, table, row, column);

	if (len < SEAL_OVER)
		return err_set(E_AUTH, "A sealed value is damaged");
	plain = mem_alloc(len - SEAL_OVER + 1);
	if (!plain)
		return err_set(E_NOMEM, "out of memory for opening");
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    plain, NULL, NULL, s + NONCE, len - NONCE,
		    (unsigned char *)ad, ad_len, s, key) != 0) {
		mem_free(plain);
		return err_set(E_AUTH,
			       "A sealed value is not what was written there");
	}
	*out_len = len - SEAL_OVER;
	plain[*out_len] = '\0';
	*out = plain;
	return 0;
}

/* --- the children's keys --- */

static int key_insert(struct records *r, int64_t child, int64_t *id,
		      const unsigned char key[SEAL_KEY])
{
	unsigned char *wrapped = NULL;
	char text[24];
	size_t len;
	int x;

	x = db_run(r->db,
		   "INSERT INTO child_key (child, wrapped) VALUES (?, x'')",
		   "i", child);
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	x = seal_close(r, r->seal_key, "child_key", *id, "wrapped", key,
		       SEAL_KEY, &wrapped, &len);
	if (x == 0)
		x = db_run(r->db,
			   "UPDATE child_key SET wrapped = ? WHERE id = ?",
			   "bi", wrapped, len, *id);
	mem_free(wrapped);
	snprintf(text, sizeof text, "%lld", (long long)child);
	return x < 0 ? x
		     : audit_change(r, "child_key", *id, "child", NULL, text);
}

int seal_child_key(struct records *r, int64_t child, int64_t *id,
		   unsigned char key[SEAL_KEY])
{
	int64_t old;
	int x;

	x = check_key(r);
	if (x < 0)
		return x;
	x = db_int(r->db, &old,
		   "SELECT id FROM child_key WHERE child = ?"
		   " ORDER BY id DESC LIMIT 1",
		   "i", child);
	if (x == 0) {
		*id = old;
		return seal_key(r, old, key);
	}
	if (x != E_NOTFOUND)
		return x;
	rand_bytes(r->rng, key, SEAL_KEY);
	return key_insert(r, child, id, key);
}

static int unwrap(struct records *r, int64_t id, const void *wrapped,
		  size_t size, unsigned char key[SEAL_KEY])
{
	unsigned char *plain = NULL;
	size_t len = 0;
	int x;

	x = seal_open(r->seal_key, "child_key", id, "wrapped", wrapped, size,
		      &plain, &len);
	if (x == E_AUTH || (x == 0 && len != SEAL_KEY))
		x = err_set(E_AUTH, "The file record.key is not the one that "
				    "this document was sealed with");
	if (x == 0)
		memcpy(key, plain, SEAL_KEY);
	if (plain)
		sodium_memzero(plain, len);
	mem_free(plain);
	return x;
}

int seal_key(struct records *r, int64_t id, unsigned char key[SEAL_KEY])
{
	struct rows rows;
	int x;

	x = check_key(r);
	if (x < 0)
		return x;
	x = db_rows(r->db, &rows, "SELECT wrapped FROM child_key WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		size_t len = 0;
		const void *wrapped = rows_blob(&rows, 0, &len);

		x = unwrap(r, id, wrapped, len, key);
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "The key of this document was deleted");
	}
	rows_end(&rows);
	return x;
}

int seal_shred(struct records *r, int64_t child, int64_t *n)
{
	int64_t id;
	char text[24];
	int x;

	*n = 0;
	snprintf(text, sizeof text, "%lld", (long long)child);
	while ((x = db_int(r->db, &id,
			   "DELETE FROM child_key WHERE id = (SELECT id"
			   " FROM child_key WHERE child = ? LIMIT 1)"
			   " RETURNING id",
			   "i", child)) == 0) {
		x = audit_change(r, "child_key", id, "child", text, NULL);
		if (x < 0)
			return x;
		++*n;
	}
	return x == E_NOTFOUND ? 0 : x;
}
