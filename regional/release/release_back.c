/* Taking back: one release that the hub holds and this node has forgotten, and
 * the own closings that never left and have to make room for it. */
#include "regional/release/release_parts.h"

#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "regional/node.h"

/* What this node has of one key. */
enum { BACK_NOTHING, BACK_SAME, BACK_UNSENT, BACK_LEFT };

static int look_up(struct node *n, const struct release_key *key,
		   const unsigned char digest[DIGEST], int *out)
{
	struct rows rows;
	int x;

	*out = BACK_NOTHING;
	x = db_rows(n->db, &rows,
		    "SELECT r.digest = ?, l.seq IS NOT NULL OR r.recovered > 0 "
		    "FROM release r LEFT JOIN ledger l USING (table_id, "
		    "closing, epoch, version) WHERE table_id = ? "
		    "AND closing = ? AND epoch = ? AND version = ?",
		    "bsiii", digest, (size_t)DIGEST, key->table,
		    (int64_t)key->closing, (int64_t)key->epoch,
		    (int64_t)key->version);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		*out = rows_int(&rows, 1) ? BACK_LEFT : BACK_UNSENT;
		if (rows_int(&rows, 0))
			*out = BACK_SAME;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* The hub has it, as it is here. It counts as recovered unless it is in the
 * ledger: nothing here remembers that it left. */
static int mark_taken(struct node *n, const struct release_key *key)
{
	return db_run(n->db,
		      "UPDATE release SET state = ?, recovered = CASE "
		      "WHEN recovered = 0 AND NOT EXISTS (SELECT 1 "
		      "FROM ledger l WHERE l.table_id = release.table_id "
		      "AND l.closing = release.closing "
		      "AND l.epoch = release.epoch "
		      "AND l.version = release.version) THEN 2 "
		      "ELSE recovered END WHERE table_id = ? AND closing = ? "
		      "AND epoch = ? AND version = ? AND state < ?",
		      "isiiii", (int64_t)RELEASE_TAKEN, key->table,
		      (int64_t)key->closing, (int64_t)key->epoch,
		      (int64_t)key->version, (int64_t)RELEASE_SENT);
}

static int freeze(struct node *n, const struct release_key *key)
{
	char month[PERIOD_TEXT];
	int r;

	r = db_run(n->db,
		   "UPDATE closing_state SET frozen = 1 "
		   "WHERE table_id = ? AND half = ? AND frozen = 0",
		   "si", key->table, (int64_t)lattice_half(key->closing));
	if (r < 0 || db_changes(n->db) == 0)
		return r;
	n->metrics.alarms++;
	log_error("half_frozen",
		  "table=%s closing=%s why=\"the hub holds another release of "
		  "this name; is there a copy of this node?\"",
		  key->table, release_month_text(key->closing, month));
	return 0;
}

/* Undo the newest revision of a half-year if nothing of it has left. */
static int undo_revision(struct node *n, const char *table, int32_t half)
{
	struct half_state s;
	int64_t left = 0;
	int r;

	r = release_state_get(n, table, half, &s);
	if (r == E_NOTFOUND || (r == 0 && s.revision == 0))
		return 0;
	if (r == 0)
		r = db_int(n->db, &left,
			   "SELECT count(*) FROM release "
			   "WHERE table_id = ? AND closing / 6 = ? "
			   "AND revision = ? AND (state > ? OR recovered > 0)",
			   "siii", table, (int64_t)half, s.revision,
			   (int64_t)RELEASE_READY);
	if (r < 0 || left > 0)
		return r;
	r = db_run(n->db,
		   "DELETE FROM release WHERE table_id = ? "
		   "AND closing / 6 = ? AND revision = ?",
		   "sii", table, (int64_t)half, s.revision);
	if (r == 0)
		r = db_run(n->db,
			   "DELETE FROM counted WHERE table_id = ? "
			   "AND half = ? AND from_rev = ?",
			   "sii", table, (int64_t)half, s.revision);
	if (r == 0)
		r = db_run(n->db,
			   "UPDATE counted SET to_rev = NULL "
			   "WHERE table_id = ? AND half = ? AND to_rev = ?",
			   "sii", table, (int64_t)half, s.revision);
	s.revision--;
	return r == 0 ? release_state_put(n, table, half, &s) : r;
}

/* Undo every closing from @month on. Their facts will be counted again. */
static int undo_closings(struct node *n, const char *table, int32_t month)
{
	char text[PERIOD_TEXT];
	int r;

	r = db_run(n->db,
		   "DELETE FROM release WHERE table_id = ? AND closing >= ? "
		   "AND recovered <> 1",
		   "si", table, (int64_t)month);
	if (r == 0)
		r = db_run(n->db,
			   "DELETE FROM counted WHERE table_id = ? "
			   "AND closing >= ?",
			   "si", table, (int64_t)month);
	if (r == 0)
		r = db_run(n->db,
			   "DELETE FROM closing_state WHERE table_id = ?1 "
			   "AND (half > ?2 / 6 OR (half = ?2 / 6 "
			   "AND NOT EXISTS (SELECT 1 FROM release r "
			   "WHERE r.table_id = ?1 AND r.closing / 6 = ?2 / 6 "
			   "AND r.closing < ?2)))",
			   "si", table, (int64_t)month);
	if (r == 0)
		r = db_run(n->db,
			   "UPDATE closing_state SET closed = ?2 - 1 "
			   "WHERE table_id = ?1 AND half = ?2 / 6 "
			   "AND closed >= ?2",
			   "si", table, (int64_t)month);
	if (r == 0)
		log_warn("closings_undone", "table=%s from=%s", table,
			 release_month_text(month, text));
	return r;
}

/* Closings of @key's month or later that this node made and never sent, as one
 * that was restored and closed by hand before it heard the hub. */
static int make_room(struct node *n, const struct release_key *key)
{
	int64_t unsent = 0, left = 0;
	int r;

	r = db_int(n->db, &unsent,
		   "SELECT count(*) FROM release WHERE table_id = ? "
		   "AND closing = ? AND state <= ? AND recovered = 0 "
		   "AND version = 1",
		   "sii", key->table, (int64_t)key->closing,
		   (int64_t)RELEASE_READY);
	if (r == 0)
		r = db_int(n->db, &left,
			   "SELECT count(*) FROM release r WHERE table_id = ? "
			   "AND closing >= ? AND (state > ? "
			   "OR recovered = 2) ",
			   "sii", key->table, (int64_t)key->closing,
			   (int64_t)RELEASE_READY);
	if (r < 0)
		return r;
	if (key->version > 1)
		r = undo_revision(n, key->table, lattice_half(key->closing));
	if (r == 0 && unsent > 0)
		r = left > 0 ? freeze(n, key)
			     : undo_closings(n, key->table, key->closing);
	return r;
}

static int put_back(struct node *n, const struct release *rel,
		    const unsigned char digest[DIGEST])
{
	int have, r;

	r = look_up(n, &rel->key, digest, &have);
	if (r < 0)
		return r;
	if (have == BACK_SAME)
		return mark_taken(n, &rel->key);
	if (have == BACK_LEFT)
		return freeze(n, &rel->key);
	r = make_room(n, &rel->key);
	if (r == 0)
		r = release_store(n, rel, RELEASE_TAKEN, 1, 0);
	/* It could not make room: what is here stays, and is refused there. */
	return r == E_EXISTS ? 0 : r;
}

int release_put_back(struct node *n, const unsigned char *bytes, size_t len)
{
	unsigned char digest[DIGEST];
	struct release rel;
	int r;

	r = codec_release_parse(bytes, len, &rel);
	if (r < 0)
		return err_prefix(r, "a release that came back");
	if (strcmp(rel.region, n->region) != 0) {
		r = err_set(E_DENIED, "a release of another region came back");
		goto out;
	}
	codec_digest(bytes, len, digest);
	r = db_begin(n->db);
	if (r == 0)
		r = db_end(n->db, put_back(n, &rel, digest));
out:
	release_fini(&rel);
	return r;
}

int release_conflict(struct node *n, const struct release_key *key)
{
	return freeze(n, key);
}
