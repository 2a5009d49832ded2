#include "regional/release/release.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "regional/node.h"

const char *release_month_text(int32_t closing, char out[PERIOD_TEXT])
{
	return period_format((struct period){closing, 1}, out);
}

int release_approve(struct node *n, const char *table, int32_t closing,
		    int *approved)
{
	int r;

	r = db_run(n->db,
		   "UPDATE release SET state = ?1, approved_by = ?2 "
		   "WHERE state = ?3 AND (?4 IS NULL OR table_id = ?4) "
		   "AND (?5 = 0 OR closing <= ?5)",
		   "isisi", (int64_t)RELEASE_READY, n->rec.who,
		   (int64_t)RELEASE_HELD, table, (int64_t)closing);
	if (r < 0)
		return r;
	*approved = db_changes(n->db);
	log_info("approved", "releases=%d", *approved);
	return 0;
}

int release_list(struct node *n,
		 int (*fn)(void *arg, const struct release_row *r), void *arg)
{
	struct rows rows;
	int r = 0, x;

	x = db_rows(n->db, &rows,
		    "SELECT table_id, closing, epoch, version, state, "
		    "recovered, made_utc_ms, receipt_utc_ms, digest, events, "
		    "occurrences, refused, why FROM release "
		    "ORDER BY table_id, closing, epoch, version",
		    "");
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct release_row row = {
			.key = {.closing = (int32_t)rows_int(&rows, 1),
				.epoch = (uint32_t)rows_int(&rows, 2),
				.version = (uint32_t)rows_int(&rows, 3)},
			.state = (enum release_state)rows_int(&rows, 4),
			.recovered = rows_int(&rows, 5) != 0,
			.made_utc_ms = rows_int(&rows, 6),
			.receipt_utc_ms = rows_int(&rows, 7),
			.events = (uint32_t)rows_int(&rows, 9),
			.occurrences = (uint32_t)rows_int(&rows, 10),
			.refused = (uint32_t)rows_int(&rows, 11)};
		size_t len;
		const void *digest = rows_blob(&rows, 8, &len);

		snprintf(row.key.table, sizeof row.key.table, "%s",
			 rows_text(&rows, 0));
		snprintf(row.why, sizeof row.why, "%s", rows_text(&rows, 12));
		memcpy(row.digest, digest, sizeof row.digest);
		x = 0;
		r = fn(arg, &row);
		if (r != 0)
			break;
	}
	rows_end(&rows);
	return x < 0 ? x : r;
}

int release_bytes(struct node *n, const struct release_key *key,
		  unsigned char **out, size_t *len)
{
	struct rows rows;
	int r = 0, x;

	x = db_rows(n->db, &rows,
		    "SELECT bytes FROM release WHERE table_id = ? "
		    "AND closing = ? AND epoch = ? AND version = ?",
		    "siii", key->table, (int64_t)key->closing,
		    (int64_t)key->epoch, (int64_t)key->version);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		const void *bytes = rows_blob(&rows, 0, len);

		*out = mem_alloc(*len);
		if (*out)
			memcpy(*out, bytes, *len);
		else
			r = err_set(E_NOMEM, "out of memory for a release");
	} else if (x == ROWS_DONE) {
		r = err_set(E_NOTFOUND, "there is no such release of %s",
			    key->table);
	}
	rows_end(&rows);
	return x < 0 ? x : r;
}
