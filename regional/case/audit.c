#include "regional/case/audit.h"

#include <sodium.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"

#define COLUMNS "seq, at_utc_ms, who, record, id, field"

enum { HASH = 32 };

struct audit_row {
	int64_t seq, at_utc_ms, id;
	const char *who, *record, *field;
	const unsigned char *value_hash;
};

static void put_int(crypto_generichash_state *h, int64_t v)
{
	unsigned char b[8];

	for (int i = 0; i < 8; i++)
		b[i] = (unsigned char)((uint64_t)v >> (56 - 8 * i));
	crypto_generichash_update(h, b, sizeof b);
}

/* With its NUL, so that "ab" + "c" and "a" + "bc" differ. */
static void put_text(crypto_generichash_state *h, const char *s)
{
	crypto_generichash_update(h, (const unsigned char *)s, strlen(s) + 1);
}

/* Keyed, and bound to its place: that two children have the same family name
 * does not show in the audit. */
static void hash_value(const struct records *r, int64_t seq, const char *value,
		       unsigned char out[HASH])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, r->audit_key, sizeof r->audit_key, HASH);
	put_int(&h, seq);
	if (value)
		put_text(&h, value);
	crypto_generichash_final(&h, out, HASH);
}

static void hash_row(const unsigned char prev[HASH], const struct audit_row *a,
		     unsigned char out[HASH])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, NULL, 0, HASH);
	crypto_generichash_update(&h, prev, HASH);
	put_int(&h, a->seq);
	put_int(&h, a->at_utc_ms);
	put_text(&h, a->who);
	put_text(&h, a->record);
	put_int(&h, a->id);
	put_text(&h, a->field);
	crypto_generichash_update(&h, a->value_hash, HASH);
	crypto_generichash_final(&h, out, HASH);
}

/* The newest row's number and hash; 0 and zeros before the first. */
static int audit_head(struct db *db, int64_t *seq, unsigned char hash[HASH])
{
	struct rows rows;
	int x;

	*seq = 0;
	memset(hash, 0, HASH);
	x = db_rows(db, &rows,
		    "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1",
		    "");
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		size_t len;
		const void *p = rows_blob(&rows, 1, &len);

		*seq = rows_int(&rows, 0);
		if (p && len == HASH)
			memcpy(hash, p, HASH);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int audit_change(struct records *r, const char *record, int64_t id,
		 const char *field, const char *was, const char *now)
{
	unsigned char prev[HASH], value[HASH], hash[HASH];
	struct audit_row a = {
		.at_utc_ms = clock_utc_ms(r->clock),
		.id = id,
		.who = r->who,
		.record = record,
		.field = field,
		.value_hash = value,
	};
	int x;

	x = audit_head(r->db, &a.seq, prev);
	if (x < 0)
		return x;
	a.seq++;
	hash_value(r, a.seq, now, value);
	hash_row(prev, &a, hash);
	x = db_run(r->db,
		   "INSERT INTO audit (seq, at_utc_ms, who, record, id, field,"
		   " value_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		   "iissisbb", a.seq, a.at_utc_ms, a.who, record, id, field,
		   (const void *)value, sizeof value, (const void *)hash,
		   sizeof hash);
	if (x < 0 || !was)
		return x;
	return db_run(r->db,
		      "INSERT INTO history (seq, record, id, field, was)"
		      " VALUES (?, ?, ?, ?, ?)",
		      "isiss", a.seq, record, id, field, was);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

int audit_changes(struct records *r, const char *record, int64_t id,
		  const struct audit_field *f, int n)
{
	int x = 0;

	for (int i = 0; i < n && x == 0; i++) {
		if (!same(f[i].was, f[i].now))
			x = audit_change(r, record, id, f[i].name, f[i].was,
					 f[i].now);
	}
	return x;
}

static int verify_row(struct rows *rows, unsigned char prev[HASH],
		      int64_t expected)
{
	unsigned char hash[HASH];
	size_t value_len, hash_len;
	const void *stored;
	struct audit_row a;

	a.seq = rows_int(rows, 0);
	a.at_utc_ms = rows_int(rows, 1);
	a.who = rows_text(rows, 2);
	a.record = rows_text(rows, 3);
	a.id = rows_int(rows, 4);
	a.field = rows_text(rows, 5);
	a.value_hash = rows_blob(rows, 6, &value_len);
	stored = rows_blob(rows, 7, &hash_len);
	if (a.seq != expected)
		return err_set(E_AUTH,
			       "The audit is broken: entry %lld is missing",
			       (long long)expected);
	if (!a.who || !a.record || !a.field || value_len != HASH ||
	    hash_len != HASH)
		return err_set(E_AUTH,
			       "The audit is broken: entry %lld is damaged",
			       (long long)a.seq);
	hash_row(prev, &a, hash);
	if (sodium_memcmp(hash, stored, HASH) != 0)
		return err_set(E_AUTH,
			       "The audit is broken: entry %lld is not what "
			       "was written",
			       (long long)a.seq);
	memcpy(prev, hash, HASH);
	return 0;
}

/* Rows cut off at the end leave a chain that is whole; that shows only against
 * a backup or a copy of the newest hash kept elsewhere. */
int audit_verify(struct db *db, int64_t *rows)
{
	unsigned char prev[HASH] = {0};
	struct rows q;
	int64_t n = 0;
	int x;

	*rows = 0;
	x = db_rows(db, &q,
		    "SELECT seq, at_utc_ms, who, record, id, field, value_hash,"
		    " hash FROM audit ORDER BY seq",
		    "");
	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		x = verify_row(&q, prev, n + 1);
		if (x == 0)
			*rows = ++n;
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

int audit_give(struct rows *rows, int x,
	       int (*fn)(void *arg, const struct audit_entry *e), void *arg)
{
	while (x == 0 && (x = rows_next(rows)) == ROWS_ROW) {
		const struct audit_entry e = {
			.seq = rows_int(rows, 0),
			.at_utc_ms = rows_int(rows, 1),
			.who = rows_text(rows, 2),
			.record = rows_text(rows, 3),
			.id = rows_int(rows, 4),
			.field = rows_text(rows, 5),
		};

		x = fn(arg, &e);
	}
	rows_end(rows);
	return x < 0 ? x : 0;
}

int audit_list(struct db *db, const char *record, int64_t id, int64_t offset,
	       int64_t limit, int (*fn)(void *arg, const struct audit_entry *e),
	       void *arg)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows,
		    "SELECT " COLUMNS " FROM audit"
		    " WHERE ?1 IS NULL OR (record = ?1 AND id = ?2)"
		    " ORDER BY seq DESC LIMIT ?3 OFFSET ?4",
		    "siii", record, id, limit, offset);
	return audit_give(&rows, x, fn, arg);
}
