#include "daemon/hub/store.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

static int find(struct db *db, const char *region,
		const struct release_key *key, int64_t *id)
{
	return db_int(db, id,
		      "SELECT id FROM release WHERE region = ? AND "
		      "fact_table = ? AND closing = ? AND epoch = ? AND "
		      "version = ?",
		      "ssiii", region, key->table, (int64_t)key->closing,
		      (int64_t)key->epoch, (int64_t)key->version);
}

static int same_digest(struct db *db, int64_t id,
		       const unsigned char digest[DIGEST])
{
	int64_t same = 0;
	int r;

	r = db_int(db, &same, "SELECT digest = ? FROM release WHERE id = ?",
		   "bi", digest, (size_t)DIGEST, id);
	if (r < 0)
		return r;
	return same ? STORE_KNOWN : STORE_CONFLICT;
}

/* A zero is no event: nobody stands behind it. */
static int put_sums(struct db *db, int64_t id, const struct release *r)
{
	int64_t events[VIEWS_MAX] = {0}, occurrences[VIEWS_MAX] = {0};
	bool seen[VIEWS_MAX] = {false};
	int x = 0;

	for (int i = 0; i < r->n_groups; i++) {
		const struct group *g = &r->group[i];

		if (g->view >= VIEWS_MAX)
			return err_set(E_INVALID, "no view %d", g->view);
		seen[g->view] = true;
		for (int o = 0; o < g->n; o++) {
			events[g->view] += g->count[o] > 0;
			occurrences[g->view] += g->count[o];
		}
	}
	for (int v = 0; v < VIEWS_MAX && x == 0; v++) {
		if (seen[v])
			x = db_run(db,
				   "INSERT INTO release_sum VALUES "
				   "(?, ?, ?, ?)",
				   "iiii", id, (int64_t)v, events[v],
				   occurrences[v]);
	}
	return x;
}

/* Point at release @id unless a newer one is there. */
static int make_current(struct db *db, const struct release *r, int64_t id)
{
	return db_run(
		db,
		"INSERT INTO current VALUES (?, ?, ?, ?) "
		"ON CONFLICT DO UPDATE SET release = excluded.release "
		"WHERE (SELECT (n.epoch, n.version) > (o.epoch, o.version) "
		"FROM release n, release o "
		"WHERE n.id = excluded.release AND o.id = current.release)",
		"ssii", r->region, r->key.table, (int64_t)r->key.closing, id);
}

int store_put(struct db *db, const struct release *r,
	      const unsigned char *bytes, size_t len,
	      const unsigned char digest[DIGEST], int64_t now_utc_ms)
{
	int64_t id = 0;
	int x;

	x = find(db, r->region, &r->key, &id);
	if (x == 0)
		return same_digest(db, id, digest);
	if (x != E_NOTFOUND)
		return x;

	x = db_run(db,
		   "INSERT INTO release (region, fact_table, closing, epoch, "
		   "version, digest, bytes, received_utc_ms) "
		   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		   "ssiiibbi", r->region, r->key.table, (int64_t)r->key.closing,
		   (int64_t)r->key.epoch, (int64_t)r->key.version, digest,
		   (size_t)DIGEST, bytes, len, now_utc_ms);
	if (x < 0)
		return x;
	id = db_last_id(db);
	x = put_sums(db, id, r);
	if (x == 0)
		x = make_current(db, r, id);
	return x < 0 ? x : STORE_NEW;
}

int store_get(struct db *db, const char *region, const struct release_key *key,
	      unsigned char **bytes, size_t *len)
{
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT bytes FROM release WHERE region = ? AND "
		    "fact_table = ? AND closing = ? AND epoch = ? AND "
		    "version = ?",
		    "ssiii", region, key->table, (int64_t)key->closing,
		    (int64_t)key->epoch, (int64_t)key->version);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		const void *blob = rows_blob(&r, 0, len);

		*bytes = mem_alloc(*len);
		x = *bytes ? 0 : err_set(E_NOMEM, "out of memory");
		if (x == 0)
			memcpy(*bytes, blob, *len);
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "there is no such release");
	}
	rows_end(&r);
	return x;
}

int store_receipt(struct db *db, struct receipt *rc, int64_t now_utc_ms)
{
	int64_t id = 0, others = 0;
	int x;

	x = find(db, rc->region, &rc->key, &id);
	if (x == E_NOTFOUND)
		return err_set(E_NOTFOUND, "there is no such release");
	if (x < 0)
		return x;
	x = db_run(db,
		   "INSERT INTO receipt VALUES (?, ?, ?, ?) "
		   "ON CONFLICT DO NOTHING",
		   "iibi", id, (int64_t)rc->ledger_seq, rc->ledger_head,
		   (size_t)DIGEST, now_utc_ms);
	if (x == 0)
		x = db_int(db, &rc->hub_utc_ms,
			   "SELECT at_utc_ms FROM receipt WHERE release = ? "
			   "AND ledger_seq = ? AND ledger_head = ?",
			   "iib", id, (int64_t)rc->ledger_seq, rc->ledger_head,
			   (size_t)DIGEST);
	if (x == 0)
		x = db_int(db, &others,
			   "SELECT count(*) - 1 FROM receipt "
			   "WHERE release = ?",
			   "i", id);
	if (x < 0)
		return x;
	return others ? STORE_CONFLICT : STORE_KNOWN;
}

static int take_entry(struct rows *r, struct inventory_entry *e)
{
	const char *table = rows_text(r, 0);
	const void *digest;
	size_t len;

	digest = rows_blob(r, 4, &len);
	if (!table || strlen(table) >= sizeof e->key.table || len != DIGEST)
		return err_set(E_DB, "a release's key is damaged");
	memset(e, 0, sizeof *e);
	memcpy(e->key.table, table, strlen(table) + 1);
	e->key.closing = (int32_t)rows_int(r, 1);
	e->key.epoch = (uint32_t)rows_int(r, 2);
	e->key.version = (uint32_t)rows_int(r, 3);
	memcpy(e->digest, digest, DIGEST);
	return 0;
}

int store_inventory(struct db *db, const char *region,
		    const struct inventory *page, int max,
		    struct inventory_entry *out, int *n, bool *more)
{
	struct rows r;
	int x;

	*n = 0;
	*more = false;
	x = db_rows(db, &r,
		    "SELECT fact_table, closing, epoch, version, digest "
		    "FROM release WHERE region = ? "
		    "AND (fact_table, closing) >= (?, ?) "
		    "AND (? = '' OR (fact_table, closing) < (?, ?)) "
		    "ORDER BY fact_table, closing, epoch, version LIMIT ?",
		    "ssissii", region, page->from_table,
		    (int64_t)page->from_closing, page->to_table, page->to_table,
		    (int64_t)page->to_closing, (int64_t)max + 1);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		if (*n == max) {
			*more = true;
			break;
		}
		x = take_entry(&r, &out[*n]);
		*n += x == 0;
	}
	rows_end(&r);
	return x < 0 ? x : 0;
}

static int give_parsed(struct rows *r,
		       int (*fn)(void *arg, const struct release *r), void *arg)
{
	struct release rel = {0};
	const void *bytes;
	size_t len;
	int x;

	bytes = rows_blob(r, 0, &len);
	x = codec_release_parse(bytes, len, &rel);
	if (x < 0)
		return err_prefix(x, "a release that was taken");
	x = fn(arg, &rel);
	release_fini(&rel);
	return x;
}

int store_half(struct db *db, const char *region, const char *table,
	       int32_t half, int (*fn)(void *arg, const struct release *r),
	       void *arg)
{
	int64_t first = (int64_t)half * LATTICE_MONTHS;
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT r.bytes FROM current c "
		    "JOIN release r ON r.id = c.release "
		    "WHERE c.region = ? AND c.fact_table = ? "
		    "AND c.closing BETWEEN ? AND ? ORDER BY c.closing",
		    "ssii", region, table, first, first + LATTICE_MONTHS - 1);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW)
		x = give_parsed(&r, fn, arg);
	rows_end(&r);
	return x == ROWS_DONE ? 0 : x;
}

static int extreme(struct db *db, const char *region, const char *table,
		   const char *sql, int32_t *closing)
{
	int64_t v = -1;
	int x = db_int(db, &v, sql, "ss", region, table);

	*closing = (int32_t)v;
	return x;
}

int store_closed(struct db *db, const char *region, const char *table,
		 int32_t *closing)
{
	return extreme(db, region, table,
		       "SELECT coalesce(max(closing), -1) FROM current "
		       "WHERE region = ? AND fact_table = ?",
		       closing);
}

int store_first(struct db *db, const char *region, const char *table,
		int32_t *closing)
{
	return extreme(db, region, table,
		       "SELECT coalesce(min(closing), -1) FROM current "
		       "WHERE region = ? AND fact_table = ?",
		       closing);
}

int store_newest(struct db *db, int64_t *number)
{
	return db_int(db, number, "SELECT coalesce(max(id), 0) FROM release",
		      "");
}

int store_held(struct db *db, const char *region, const char *table,
	       struct period p, int64_t *n)
{
	return db_int(db, n,
		      "SELECT count(*) FROM current WHERE region = ? AND "
		      "fact_table = ? AND closing BETWEEN ? AND ?",
		      "ssii", region, table, (int64_t)p.month,
		      (int64_t)p.month + p.months - 1);
}

int store_total(struct db *db, const char *region, int view,
		struct store_total *out)
{
	struct rows r;
	int x;

	*out = (struct store_total){0};
	x = db_rows(db, &r,
		    "SELECT count(*), coalesce(sum(s.events), 0), "
		    "coalesce(sum(s.occurrences), 0) "
		    "FROM current c LEFT JOIN release_sum s "
		    "ON s.release = c.release AND s.view = ? "
		    "WHERE c.region = ?",
		    "is", (int64_t)view, region);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		out->releases = rows_int(&r, 0);
		out->events = rows_int(&r, 1);
		out->occurrences = rows_int(&r, 2);
	}
	rows_end(&r);
	return x < 0 ? x : 0;
}

int store_sums(struct db *db, int (*fn)(void *arg, const struct store_sum *s),
	       void *arg)
{
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT c.region, c.fact_table, s.view, sum(s.events), "
		    "sum(s.occurrences), count(*) FROM current c "
		    "JOIN release_sum s ON s.release = c.release "
		    "GROUP BY c.region, c.fact_table, s.view",
		    NULL);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct store_sum s = {
			.region = rows_text(&r, 0),
			.table = rows_text(&r, 1),
			.view = (int)rows_int(&r, 2),
			.events = rows_int(&r, 3),
			.occurrences = rows_int(&r, 4),
			.releases = rows_int(&r, 5),
		};

		x = fn(arg, &s);
	}
	rows_end(&r);
	return x == ROWS_DONE ? 0 : x;
}
