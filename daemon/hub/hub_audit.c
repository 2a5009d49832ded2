#include "daemon/hub/hub_audit.h"

#include <sodium.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"

enum { HASH = 32 };

struct audit_line {
	int64_t seq, at_utc_ms, id;
	const char *who, *record, *field;
};

static void put_int(crypto_generichash_state *h, int64_t v)
{
	unsigned char b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
	crypto_generichash_update(h, b, sizeof b);
}

static void put_text(crypto_generichash_state *h, const char *s)
{
	crypto_generichash_update(h, (const unsigned char *)s, strlen(s) + 1);
}

/* @chain: the hash before, then that of @a. */
static void hash_line(unsigned char chain[HASH], const struct audit_line *a)
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, HASH);
	crypto_generichash_update(&h, chain, HASH);
	put_int(&h, a->seq);
	put_int(&h, a->at_utc_ms);
	put_text(&h, a->who);
	put_text(&h, a->record);
	put_int(&h, a->id);
	put_text(&h, a->field);
	crypto_generichash_final(&h, chain, HASH);
}

static int head(struct db *db, int64_t *seq, unsigned char hash[HASH])
{
	struct rows rows;
	size_t len = 0;
	int x = db_rows(db, &rows,
			"SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
			"");

	*seq = 0;
	memset(hash, 0, HASH);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		const void *p = rows_blob(&rows, 1, &len);

		*seq = rows_int(&rows, 0);
		if (p && len == HASH)
			memcpy(hash, p, HASH);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int hub_audit(struct db *db, int64_t at_utc_ms, const char *who,
	      const char *record, int64_t id, const char *field)
{
	struct audit_line a = {.at_utc_ms = at_utc_ms,
			       .id = id,
			       .who = who,
			       .record = record,
			       .field = field};
	unsigned char hash[HASH];
	int r = db_begin(db);

	if (r < 0)
		return r;
	r = head(db, &a.seq, hash);
	if (r == 0) {
		a.seq++;
		hash_line(hash, &a);
		r = db_run(db, "INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)",
			   "iissisb", a.seq, at_utc_ms, who, record, id, field,
			   hash, sizeof hash);
	}
	return db_end(db, r);
}

static int verify_line(struct rows *rows, unsigned char chain[HASH],
		       int64_t expected)
{
	struct audit_line a = {
		.seq = rows_int(rows, 0),
		.at_utc_ms = rows_int(rows, 1),
		.who = rows_text(rows, 2),
		.record = rows_text(rows, 3),
		.id = rows_int(rows, 4),
		.field = rows_text(rows, 5),
	};
	size_t len;
	const void *stored = rows_blob(rows, 6, &len);

	if (a.seq != expected)
		return err_set(E_AUTH,
			       "The audit is broken: entry %lld is missing",
			       (long long)expected);
	if (!a.who || !a.record || !a.field || len != HASH)
		return err_set(E_AUTH,
			       "The audit is broken: entry %lld is damaged",
			       (long long)a.seq);
	hash_line(chain, &a);
	if (sodium_memcmp(chain, stored, HASH) != 0)
		return err_set(E_AUTH,
			       "The audit is broken: entry %lld is not what "
			       "was written",
			       (long long)a.seq);
	return 0;
}

int hub_audit_verify(struct db *db, int64_t *rows)
{
	unsigned char chain[HASH] = {0};
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT seq, at_utc_ms, who, record, id, field, hash "
			"FROM audit ORDER BY seq",
			"");

	*rows = 0;
	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		x = verify_line(&q, chain, *rows + 1);
		if (x == 0)
			++*rows;
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

int hub_audit_list(struct db *db, const struct hub_audit_filter *f,
		   int64_t *all,
		   int (*fn)(void *arg, const struct hub_audit_row *r),
		   void *arg)
{
	struct rows q;
	int x = db_int(db, all,
		       "SELECT count(*) FROM audit WHERE "
		       "(?1 IS NULL OR who = ?1) AND "
		       "(?2 IS NULL OR record = ?2) AND "
		       "(?3 IS NULL OR field = ?3)",
		       "sss", f->who, f->record, f->field);

	if (x < 0)
		return x;
	x = db_rows(db, &q,
		    "SELECT seq, at_utc_ms, who, record, id, field FROM audit "
		    "WHERE (?1 IS NULL OR who = ?1) AND "
		    "(?2 IS NULL OR record = ?2) AND "
		    "(?3 IS NULL OR field = ?3) "
		    "ORDER BY seq DESC LIMIT ?4 OFFSET ?5",
		    "sssii", f->who, f->record, f->field, f->max, f->from);
	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		struct hub_audit_row r = {.seq = rows_int(&q, 0),
					  .at_utc_ms = rows_int(&q, 1),
					  .who = rows_text(&q, 2),
					  .record = rows_text(&q, 3),
					  .id = rows_int(&q, 4),
					  .field = rows_text(&q, 5)};

		x = fn(arg, &r);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}
