#include "regional/release/ledger.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/node.h"
#include "regional/release/release.h"

#define COLUMNS                                                        \
	"l.seq, l.table_id, l.closing, l.epoch, l.version, l.digest, " \
	"l.head, l.left_utc_ms, l.receipt_utc_ms, l.receipt"

static void put_int(crypto_generichash_state *h, uint64_t v)
{
	unsigned char b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (unsigned char)(v >> (56 - 8 * i));
	crypto_generichash_update(h, b, sizeof b);
}

/* head[n] of a row whose `head` is still head[n-1]. */
static void chain(struct ledger_row *row)
{
	unsigned char table[CATALOGUE_ID] = {0};
	crypto_generichash_state h;

	memcpy(table, row->key.table, strnlen(row->key.table, sizeof table));
	crypto_generichash_init(&h, NULL, 0, DIGEST);
	crypto_generichash_update(&h, row->head, DIGEST);
	put_int(&h, row->seq);
	crypto_generichash_update(&h, table, sizeof table);
	put_int(&h, (uint64_t)row->key.closing);
	put_int(&h, row->key.epoch);
	put_int(&h, row->key.version);
	crypto_generichash_update(&h, row->digest, DIGEST);
	put_int(&h, (uint64_t)row->left_utc_ms);
	crypto_generichash_final(&h, row->head, DIGEST);
}

static int take_digest(struct rows *rows, int col, unsigned char out[DIGEST])
{
	size_t len;
	const void *p = rows_blob(rows, col, &len);

	if (len != DIGEST)
		return err_set(E_FORMAT, "ledger entry %lld is damaged",
			       (long long)rows_int(rows, 0));
	memcpy(out, p, DIGEST);
	return 0;
}

static int take_row(struct rows *rows, struct ledger_row *out)
{
	int r;

	memset(out, 0, sizeof *out);
	out->seq = (uint64_t)rows_int(rows, 0);
	snprintf(out->key.table, sizeof out->key.table, "%s",
		 rows_text(rows, 1));
	out->key.closing = (int32_t)rows_int(rows, 2);
	out->key.epoch = (uint32_t)rows_int(rows, 3);
	out->key.version = (uint32_t)rows_int(rows, 4);
	out->left_utc_ms = rows_int(rows, 7);
	out->receipt_utc_ms = rows_int(rows, 8);
	r = take_digest(rows, 5, out->digest);
	return r == 0 ? take_digest(rows, 6, out->head) : r;
}

/* E_NOTFOUND, without a sentence, if @key has not left. */
static int find(struct node *n, const struct release_key *key,
		struct ledger_row *out)
{
	struct rows rows;
	int r = E_NOTFOUND, x;

	x = db_rows(n->db, &rows,
		    "SELECT " COLUMNS " FROM ledger l WHERE table_id = ? "
		    "AND closing = ? AND epoch = ? AND version = ?",
		    "siii", key->table, (int64_t)key->closing,
		    (int64_t)key->epoch, (int64_t)key->version);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		r = take_row(&rows, out);
	rows_end(&rows);
	return x < 0 ? x : r;
}

static int last(struct node *n, struct ledger_row *out)
{
	struct rows rows;
	int r = 0, x;

	memset(out, 0, sizeof *out);
	x = db_rows(n->db, &rows,
		    "SELECT " COLUMNS " FROM ledger l "
		    "ORDER BY seq DESC LIMIT 1",
		    "");
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW)
		r = take_row(&rows, out);
	rows_end(&rows);
	return x < 0 ? x : r;
}

static int release_digest(struct node *n, const struct release_key *key,
			  unsigned char out[DIGEST])
{
	unsigned char *bytes = NULL;
	size_t len;
	int r;

	r = release_bytes(n, key, &bytes, &len);
	if (r == 0)
		codec_digest(bytes, len, out);
	mem_free(bytes);
	return r;
}

/* @row is the last entry, and becomes the one of @key. */
static int enter(struct node *n, const struct release_key *key,
		 const struct parcel *p, struct ledger_row *row)
{
	int r;

	row->seq++;
	row->key = *key;
	row->left_utc_ms = clock_utc_ms(n->s.clock);
	codec_digest(p->release, p->len, row->digest);
	chain(row);
	r = db_run(n->db,
		   "INSERT INTO ledger (seq, table_id, closing, epoch, "
		   "version, digest, head, left_utc_ms) "
		   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		   "isiiibbi", (int64_t)row->seq, key->table,
		   (int64_t)key->closing, (int64_t)key->epoch,
		   (int64_t)key->version, row->digest, sizeof row->digest,
		   row->head, sizeof row->head, row->left_utc_ms);
	if (r < 0)
		return r;
	r = db_run(n->db,
		   "UPDATE release SET state = ? WHERE table_id = ? "
		   "AND closing = ? AND epoch = ? AND version = ? "
		   "AND state = ?",
		   "isiiii", (int64_t)RELEASE_SENT, key->table,
		   (int64_t)key->closing, (int64_t)key->epoch,
		   (int64_t)key->version, (int64_t)RELEASE_READY);
	if (r == 0 && db_changes(n->db) != 1)
		r = err_set(E_STATE, "the release of %s is not ready to leave",
			    key->table);
	return r;
}

static int enter_all(struct node *n, const struct release_key *key, int n_keys,
		     struct parcel *out)
{
	struct ledger_row end, row;
	int r;

	r = last(n, &end);
	for (int i = 0; i < n_keys && r == 0; i++) {
		r = release_bytes(n, &key[i], &out[i].release, &out[i].len);
		if (r < 0)
			return r;
		r = find(n, &key[i], &row);
		if (r == E_NOTFOUND) {
			r = enter(n, &key[i], &out[i], &end);
			row = end;
		}
		out[i].ledger_seq = row.seq;
		memcpy(out[i].ledger_head, row.head, DIGEST);
	}
	return r;
}

int ledger_enter(struct node *n, const struct release_key *key, int n_keys,
		 struct parcel *out)
{
	int r = db_begin(n->db);

	return r < 0 ? r : db_end(n->db, enter_all(n, key, n_keys, out));
}

/* Is @rc the hub's receipt for the entry @row? */
static int check_receipt(const struct node *n, const struct receipt *rc,
			 const struct ledger_row *row)
{
	int r = receipt_verify(rc, n->hub_sign_pk);

	if (r < 0)
		return r;
	if (strcmp(rc->region, n->region) != 0 ||
	    strcmp(rc->key.table, row->key.table) != 0 ||
	    rc->key.closing != row->key.closing ||
	    rc->key.epoch != row->key.epoch ||
	    rc->key.version != row->key.version ||
	    memcmp(rc->digest, row->digest, DIGEST) != 0 ||
	    rc->ledger_seq != row->seq ||
	    memcmp(rc->ledger_head, row->head, DIGEST) != 0)
		return err_set(E_AUTH,
			       "the receipt is for something else than ledger "
			       "entry %llu",
			       (unsigned long long)row->seq);
	return 0;
}

static int keep_receipt(struct node *n, const struct receipt *rc,
			const unsigned char *bytes, size_t len)
{
	int r;

	r = db_run(n->db,
		   "UPDATE ledger SET receipt = ?, receipt_utc_ms = ? "
		   "WHERE seq = ? AND receipt IS NULL",
		   "bii", bytes, len, rc->hub_utc_ms, (int64_t)rc->ledger_seq);
	if (r == 0)
		r = db_run(n->db,
			   "UPDATE release SET state = ?, receipt_utc_ms = ?, "
			   "refused = 0, why = '' WHERE table_id = ? "
			   "AND closing = ? AND epoch = ? AND version = ?",
			   "iisiii", (int64_t)RELEASE_TAKEN, rc->hub_utc_ms,
			   rc->key.table, (int64_t)rc->key.closing,
			   (int64_t)rc->key.epoch, (int64_t)rc->key.version);
	return r;
}

int ledger_receipt(struct node *n, const struct receipt *rc)
{
	unsigned char *bytes = NULL;
	struct ledger_row row;
	size_t len = 0;
	int r;

	r = find(n, &rc->key, &row);
	if (r == E_NOTFOUND)
		return err_set(E_AUTH, "a receipt for what never left");
	if (r == 0)
		r = check_receipt(n, rc, &row);
	if (r == 0)
		r = codec_receipt(rc, &bytes, &len);
	if (r == 0)
		r = db_begin(n->db);
	if (r == 0)
		r = db_end(n->db, keep_receipt(n, rc, bytes, len));
	mem_free(bytes);
	return r;
}

int ledger_newest(struct node *n, uint64_t *seq)
{
	int64_t max = 0;
	int r = db_int(n->db, &max, "SELECT ifnull(max(seq), 0) FROM ledger",
		       NULL);

	*seq = (uint64_t)max;
	return r;
}

int ledger_list(struct node *n, uint64_t from, int64_t limit,
		int (*fn)(void *arg, const struct ledger_row *r), void *arg)
{
	struct rows rows;
	int r = 0, x;

	x = db_rows(n->db, &rows,
		    "SELECT " COLUMNS ", r.events, r.occurrences FROM ledger l "
		    "LEFT JOIN release r USING (table_id, closing, epoch, "
		    "version) WHERE seq >= ? ORDER BY seq LIMIT ?",
		    "ii", (int64_t)from, limit);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct ledger_row row;

		x = take_row(&rows, &row);
		if (x < 0)
			break;
		row.events = (uint32_t)rows_int(&rows, 10);
		row.occurrences = (uint32_t)rows_int(&rows, 11);
		r = fn(arg, &row);
		if (r != 0)
			break;
	}
	rows_end(&rows);
	return x < 0 ? x : r;
}

/* --- verifying --- */

static int wrong(const struct ledger_row *row, const char *what)
{
	return err_set(E_AUTH, "ledger entry %llu (%s): %s",
		       (unsigned long long)row->seq, row->key.table, what);
}

static int verify_receipt(struct node *n, struct rows *rows,
			  const struct ledger_row *row, uint64_t *receipts)
{
	struct receipt rc;
	size_t len;
	const void *p = rows_blob(rows, 9, &len);

	if (!p)
		return 0;
	if (codec_receipt_parse(p, len, &rc) < 0)
		return wrong(row, "its receipt can't be read");
	if (check_receipt(n, &rc, row) < 0)
		return wrong(row, "its receipt is not the hub's for it");
	++*receipts;
	return 0;
}

/* @at is the entry before, and becomes this one. */
static int verify_row(struct node *n, struct rows *rows, struct ledger_row *at,
		      uint64_t *receipts)
{
	unsigned char digest[DIGEST];
	struct ledger_row row, want;
	int r;

	r = take_row(rows, &row);
	if (r < 0)
		return r;
	if (row.seq != at->seq + 1)
		return wrong(&row, "the entry before it is missing");
	want = row;
	memcpy(want.head, at->head, DIGEST);
	chain(&want);
	if (memcmp(want.head, row.head, DIGEST) != 0)
		return wrong(&row, "it does not fit the chain");
	if (release_digest(n, &row.key, digest) < 0)
		return wrong(&row, "the release that left is missing");
	if (memcmp(digest, row.digest, DIGEST) != 0)
		return wrong(&row, "the release kept is not the one that left");
	*at = row;
	return verify_receipt(n, rows, &row, receipts);
}

/* The chain can't tell of entries cut off at its end; the releases can. */
static int verify_end(struct node *n)
{
	char table[CATALOGUE_ID];
	int r;

	r = db_text(n->db, table, sizeof table,
		    "SELECT table_id FROM release r WHERE state >= ? "
		    "AND recovered = 0 AND NOT EXISTS (SELECT 1 FROM ledger l "
		    "WHERE l.table_id = r.table_id AND l.closing = r.closing "
		    "AND l.epoch = r.epoch AND l.version = r.version) LIMIT 1",
		    "i", (int64_t)RELEASE_SENT);
	if (r == E_NOTFOUND)
		return 0;
	if (r < 0)
		return r;
	return err_set(E_AUTH,
		       "a release of %s left and is not in the ledger: entries "
		       "at its end are missing",
		       table);
}

int ledger_verify(struct node *n, uint64_t *entries, uint64_t *receipts)
{
	struct ledger_row at = {.seq = 0};
	struct rows rows;
	int x;

	*entries = *receipts = 0;
	x = db_rows(n->db, &rows,
		    "SELECT " COLUMNS " FROM ledger l ORDER BY seq", "");
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = verify_row(n, &rows, &at, receipts);
		*entries += x == 0;
	}
	rows_end(&rows);
	return x < 0 ? x : verify_end(n);
}
