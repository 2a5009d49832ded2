/* Sending: each release that may leave, oldest first, one at a time. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "regional/release/ledger.h"
#include "regional/release/publish_parts.h"
#include "regional/release/release.h"

enum { RETRY_MS = 60 * 60 * 1000 };

_Static_assert(RELEASE_HELD == 1 && RELEASE_TAKEN == 4, "as in the SQL below");

/* Of one table they leave in order, so that what the hub has closed never has
 * a gap: a release waits for every older one of its table, which may be held
 * or refused. Other tables go on. Where the hub holds another release under
 * the same name there is no gap; ours will never be taken. */
static int next_key(struct publish *p, struct release_key *out)
{
	struct rows rows;
	int x;

	/* Numbers of states as they are in the index release_waiting. */
	x = db_rows(p->n->db, &rows,
		    "SELECT table_id, closing, epoch, version FROM release r "
		    "WHERE state < 4 AND state > 1 AND retry_utc_ms <= ?1 "
		    "AND refused <> ?2 "
		    "AND NOT EXISTS (SELECT 1 FROM release o "
		    "WHERE o.state < 4 AND o.table_id = r.table_id "
		    "AND o.refused <> ?2 "
		    "AND (o.closing, o.epoch, o.version) < "
		    "(r.closing, r.epoch, r.version)) "
		    "ORDER BY closing, table_id, epoch, version LIMIT 1",
		    "ii", clock_utc_ms(p->n->s.clock),
		    (int64_t)REFUSED_CONFLICT);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		memset(out, 0, sizeof *out);
		snprintf(out->table, sizeof out->table, "%s",
			 rows_text(&rows, 0));
		out->closing = (int32_t)rows_int(&rows, 1);
		out->epoch = (uint32_t)rows_int(&rows, 2);
		out->version = (uint32_t)rows_int(&rows, 3);
	}
	rows_end(&rows);
	if (x < 0)
		return x;
	return x == ROWS_ROW ? 0 : E_NOTFOUND;
}

static int send(struct publish *p)
{
	struct delivery d = {.release = NULL};
	unsigned char *bytes = NULL;
	size_t len = 0;
	int r;

	/* Durable before it leaves, so that whatever left is in the ledger. */
	r = ledger_enter(p->n, &p->key, &d.ledger_seq, d.ledger_head);
	if (r == 0)
		r = release_bytes(p->n, &p->key, &d.release, &d.len);
	if (r == 0)
		r = codec_delivery(&d, &bytes, &len);
	if (r == 0)
		r = publish_ask(p, KIND_RELEASE, bytes, len);
	if (r == 0)
		p->n->metrics.releases_sent++;
	delivery_fini(&d);
	mem_free(bytes);
	return r;
}

int publish_send_next(struct publish *p)
{
	int r;

	/* Once in an hour what was refused is due again without a change. */
	if (!p->look && publish_mono(p) < p->beat_mono_ms)
		return 0;
	r = next_key(p, &p->key);
	if (r == E_NOTFOUND) {
		p->look = false;
		return 0;
	}
	if (r == 0)
		r = send(p);
	return r < 0 ? r : 1;
}

int publish_send_receipt(struct publish *p, const unsigned char *in, size_t len)
{
	char month[PERIOD_TEXT];
	struct receipt rc;
	int r;

	r = codec_receipt_parse(in, len, &rc);
	if (r == 0)
		r = ledger_receipt(p->n, &rc);
	if (r == 0)
		r = publish_heard(p, rc.hub_utc_ms);
	if (r < 0)
		return r;
	p->n->metrics.receipts++;
	p->look = true;
	log_info("release_taken", "table=%s closing=%s version=%u",
		 rc.key.table, release_month_text(rc.key.closing, month),
		 rc.key.version);
	return 0;
}

int publish_send_refused(struct publish *p, const struct refusal *no)
{
	int64_t retry = clock_utc_ms(p->n->s.clock) + RETRY_MS;
	char month[PERIOD_TEXT];
	int r;

	r = db_run(p->n->db,
		   "UPDATE release SET refused = ?, why = ?, retry_utc_ms = ? "
		   "WHERE table_id = ? AND closing = ? AND epoch = ? "
		   "AND version = ?",
		   "isisiii", (int64_t)no->code, no->why, retry, p->key.table,
		   (int64_t)p->key.closing, (int64_t)p->key.epoch,
		   (int64_t)p->key.version);
	log_error("release_refused",
		  "table=%s closing=%s code=%u why=\"%s\" help=\"%s\"",
		  p->key.table, release_month_text(p->key.closing, month),
		  no->code, no->why, refusal_text(no->code));
	/* Two of this node are at work. Hear what the other one has sent. */
	if (r == 0 && no->code == REFUSED_CONFLICT) {
		r = release_conflict(p->n, &p->key);
		publish_hello_reset(p);
	}
	return r;
}
