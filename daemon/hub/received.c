#include "daemon/hub/received.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"

enum { VIEW_DETAIL_NUMBER = 1 };

static int give(struct rows *q, int (*fn)(void *arg, const struct received *r),
		void *arg)
{
	struct received r = {
		.id = rows_int(q, 0),
		.region = rows_text(q, 1),
		.region_title = rows_text(q, 2),
		.table = rows_text(q, 3),
		.closing = (int32_t)rows_int(q, 4),
		.epoch = rows_int(q, 5),
		.version = rows_int(q, 6),
		.received_utc_ms = rows_int(q, 7),
		.receipt_utc_ms = rows_int(q, 8),
		.events = rows_int(q, 9),
		.occurrences = rows_int(q, 10),
		.bytes = rows_int(q, 11),
		.current = rows_int(q, 13) != 0,
	};
	size_t len;
	const void *digest = rows_blob(q, 12, &len);

	if (len != DIGEST)
		return err_set(E_DB, "release %lld is damaged",
			       (long long)r.id);
	sodium_bin2hex(r.digest, sizeof r.digest, digest, len);
	return fn(arg, &r);
}

int received_list(struct db *db, const struct received_filter *f, int64_t *all,
		  int (*fn)(void *arg, const struct received *r), void *arg)
{
	struct rows q;
	int x = db_int(db, all,
		       "SELECT count(*) FROM release WHERE "
		       "(?1 IS NULL OR region = ?1) AND "
		       "(?2 IS NULL OR fact_table = ?2)",
		       "ss", f->region, f->table);

	if (x < 0)
		return x;
	x = db_rows(
		db, &q,
		"SELECT r.id, r.region, g.title, r.fact_table, r.closing, "
		"r.epoch, r.version, r.received_utc_ms, "
		"(SELECT min(at_utc_ms) FROM receipt WHERE release = r.id), "
		"coalesce(s.events, 0), coalesce(s.occurrences, 0), "
		"length(r.bytes), r.digest, EXISTS (SELECT 1 FROM current c "
		"WHERE c.region = r.region AND c.fact_table = r.fact_table "
		"AND c.closing = r.closing AND c.release = r.id) "
		"FROM release r JOIN region g ON g.id = r.region "
		"LEFT JOIN release_sum s ON s.release = r.id AND s.view = ?5 "
		"WHERE (?1 IS NULL OR r.region = ?1) "
		"AND (?2 IS NULL OR r.fact_table = ?2) "
		"ORDER BY r.id DESC LIMIT ?3 OFFSET ?4",
		"ssiii", f->region, f->table, f->max, f->from,
		(int64_t)VIEW_DETAIL_NUMBER);
	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW)
		x = give(&q, fn, arg);
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

int received_troubles(struct db *db, const char *region, int64_t max,
		      int (*fn)(void *arg, const struct received_trouble *t),
		      void *arg)
{
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT g.title, t.what, t.kind = 'refusal', t.times, "
			"t.first_utc_ms, t.last_utc_ms FROM trouble t "
			"JOIN region g ON g.id = t.region "
			"WHERE (?1 IS NULL OR t.region = ?1) "
			"ORDER BY t.last_utc_ms DESC, t.id DESC LIMIT ?2",
			"si", region, max);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		struct received_trouble t = {
			.region_title = rows_text(&q, 0),
			.what = rows_text(&q, 1),
			.refusal = rows_int(&q, 2) != 0,
			.times = rows_int(&q, 3),
			.first_utc_ms = rows_int(&q, 4),
			.last_utc_ms = rows_int(&q, 5),
		};

		x = fn(arg, &t);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

int received_node(struct db *db, const char *region, struct received_node *out)
{
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT version, waiting, compared_utc_ms "
			"FROM contact WHERE region = ?",
			"s", region);

	memset(out, 0, sizeof *out);
	if (x == 0)
		x = rows_next(&q);
	if (x == ROWS_ROW) {
		snprintf(out->version, sizeof out->version, "%s",
			 rows_text(&q, 0));
		out->waiting = rows_int(&q, 1);
		out->compared_utc_ms = rows_int(&q, 2);
	}
	rows_end(&q);
	return x < 0 ? x : 0;
}

int received_since(struct db *db, int64_t utc_ms, int64_t *fresh,
		   int64_t *again)
{
	int r = db_int(db, fresh,
		       "SELECT count(*) FROM release WHERE received_utc_ms > ? "
		       "AND version = 1",
		       "i", utc_ms);

	if (r < 0)
		return r;
	return db_int(db, again,
		      "SELECT count(*) FROM release WHERE received_utc_ms > ? "
		      "AND version > 1",
		      "i", utc_ms);
}
