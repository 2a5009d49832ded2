/* Sending: what may leave, oldest first, as much at a time as one envelope
 * carries. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/release/ledger.h"
#include "regional/release/publish_parts.h"
#include "regional/release/release.h"

enum { RETRY_MS = 60 * 60 * 1000 };

_Static_assert(RELEASE_HELD == 1 && RELEASE_TAKEN == 4, "as in the SQL below");
_Static_assert(DELIVERY_BYTES <= PARCEL_BYTES, "the first is one of them");

/* --- which --- */

/* One walk over all that has no receipt, oldest first. */
struct picking {
	struct publish *p;
	int64_t now_utc_ms;
	size_t room; /* of the envelope */
	int limit;
	char (*waits)[CATALOGUE_ID]; /* tables of which no more may leave */
	int n_waits;
};

static bool waits(const struct picking *k, const char *table)
{
	for (int i = 0; i < k->n_waits; i++) {
		if (strcmp(k->waits[i], table) == 0)
			return true;
	}
	return false;
}

static int let_wait(struct picking *k, const char *table)
{
	void *more = mem_realloc(k->waits,
				 (size_t)(k->n_waits + 1) * sizeof *k->waits);

	if (!more)
		return err_set(E_NOMEM, "out of memory for the outbox");
	k->waits = more;
	snprintf(k->waits[k->n_waits++], sizeof *k->waits, "%s", table);
	return 0;
}

/* Of one table they leave in order, so that what the hub has closed never has
 * a gap: a release waits for every older one of its table, which may be held
 * or refused. Other tables go on. Where the hub holds another release under
 * the same name there is no gap; ours will never be taken. 0, or ROWS_DONE: the
 * envelope is full. */
static int pick(struct picking *k, struct rows *rows)
{
	const char *table = rows_text(rows, 0);
	size_t len = (size_t)rows_int(rows, 7) + PARCEL_BYTES;
	struct publish *p = k->p;
	struct release_key *key;

	if (rows_int(rows, 6) == REFUSED_CONFLICT || waits(k, table))
		return 0;
	/* Another table took its place; no hub of today knows it. */
	if (catalogue_find_table(p->n->cat, table) < 0)
		return let_wait(k, table);
	if (rows_int(rows, 4) == RELEASE_HELD ||
	    rows_int(rows, 5) > k->now_utc_ms)
		return let_wait(k, table);
	/* The largest release there may be fits alone. */
	if (p->n_sent > 0 && (len > k->room || p->n_sent == k->limit))
		return ROWS_DONE;
	k->room -= len < k->room ? len : k->room;
	key = &p->sent[p->n_sent++];
	memset(key, 0, sizeof *key);
	snprintf(key->table, sizeof key->table, "%s", table);
	key->closing = (int32_t)rows_int(rows, 1);
	key->epoch = (uint32_t)rows_int(rows, 2);
	key->version = (uint32_t)rows_int(rows, 3);
	return 0;
}

/* Fill p->sent. */
static int pick_next(struct publish *p)
{
	struct picking k = {.p = p,
			    .now_utc_ms = clock_utc_ms(p->n->s.clock),
			    .room = ENVELOPE_PAYLOAD_MAX,
			    .limit = DELIVERY_MAX};
	struct rows rows;
	int x;

	if (p->wire < WIRE_BATCHES || p->singly)
		k.limit = 1;
	p->n_sent = 0;
	/* The state as in the index release_waiting. */
	x = db_rows(p->n->db, &rows,
		    "SELECT table_id, closing, epoch, version, state, "
		    "retry_utc_ms, refused, length(bytes) FROM release "
		    "WHERE state < 4 "
		    "ORDER BY closing, table_id, epoch, version",
		    "");
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = pick(&k, &rows);
	rows_end(&rows);
	mem_free(k.waits);
	return x < 0 ? x : 0;
}

/* --- sending --- */

static int send(struct publish *p)
{
	struct delivery d = {.n = p->n_sent};
	unsigned char *bytes = NULL;
	size_t len = 0;
	int r;

	d.parcel = mem_calloc((size_t)d.n, sizeof *d.parcel);
	if (!d.parcel)
		return err_set(E_NOMEM, "out of memory for a delivery");
	/* Durable before it leaves, so that whatever left is in the ledger. */
	r = ledger_enter(p->n, p->sent, d.n, d.parcel);
	if (r == 0)
		r = codec_delivery(&d, &bytes, &len);
	if (r == 0)
		r = publish_ask(p, KIND_RELEASE, bytes, len);
	if (r == 0) {
		p->n->metrics.releases_sent += d.n;
		p->singly = false;
	}
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
	r = pick_next(p);
	if (r == 0 && p->n_sent == 0) {
		p->look = false;
		return 0;
	}
	if (r == 0)
		r = send(p);
	return r < 0 ? r : 1;
}

/* --- what became of it --- */

static int take_receipt(struct publish *p, const struct receipt *rc)
{
	char month[PERIOD_TEXT];
	int r;

	r = ledger_receipt(p->n, rc);
	if (r < 0)
		return r;
	p->n->metrics.receipts++;
	p->look = true;
	log_info("release_taken", "table=%s closing=%s version=%u",
		 rc->key.table, release_month_text(rc->key.closing, month),
		 rc->key.version);
	return 0;
}

int publish_send_receipt(struct publish *p, const unsigned char *in, size_t len)
{
	struct receipt rc;
	int r;

	r = codec_receipt_parse(in, len, &rc);
	if (r == 0)
		r = take_receipt(p, &rc);
	return r == 0 ? publish_heard(p, rc.hub_utc_ms) : r;
}

static int note_refused(struct publish *p, const struct release_key *key,
			const struct refusal *no)
{
	int64_t retry = clock_utc_ms(p->n->s.clock) + RETRY_MS;
	char month[PERIOD_TEXT];
	int r;

	r = db_run(p->n->db,
		   "UPDATE release SET refused = ?, why = ?, retry_utc_ms = ? "
		   "WHERE table_id = ? AND closing = ? AND epoch = ? "
		   "AND version = ?",
		   "isisiii", (int64_t)no->code, no->why, retry, key->table,
		   (int64_t)key->closing, (int64_t)key->epoch,
		   (int64_t)key->version);
	log_error("release_refused",
		  "table=%s closing=%s code=%u why=\"%s\" help=\"%s\"",
		  key->table, release_month_text(key->closing, month), no->code,
		  no->why, refusal_text(no->code));
	/* Two of this node are at work. Hear what the other one has sent. */
	if (r == 0 && no->code == REFUSED_CONFLICT) {
		r = release_conflict(p->n, key);
		publish_hello_reset(p);
	}
	return r;
}

int publish_send_refused(struct publish *p, const struct refusal *no)
{
	if (p->n_sent == 1)
		return note_refused(p, &p->sent[0], no);
	/* One of them may be to blame, and the others are not to suffer. */
	p->singly = true;
	return 0;
}

/* The hub takes none of a table after one that it did not take. */
static bool follows_refused(const struct publish *p, const struct answers *a,
			    int at)
{
	for (int i = 0; i < at; i++) {
		if (!a->answer[i].taken &&
		    strcmp(p->sent[i].table, p->sent[at].table) == 0)
			return true;
	}
	return false;
}

static int take_refusal(struct publish *p, const struct answers *a, int at)
{
	const struct refusal *no = &a->answer[at].refusal;

	switch (no->code) {
	case REFUSED_EPOCH:
		publish_hello_reset(p);
		return 0;
	case REFUSED_LATER:
		if (!follows_refused(p, a, at))
			publish_pause(p, PUBLISH_LATER_MS);
		return 0;
	default:
		return note_refused(p, &p->sent[at], no);
	}
}

static bool is_for(const struct receipt *rc, const struct release_key *key)
{
	return strcmp(rc->key.table, key->table) == 0 &&
	       rc->key.closing == key->closing && rc->key.epoch == key->epoch &&
	       rc->key.version == key->version;
}

/* One transaction for all. A receipt that is not what it should be spoils
 * none of the others: *worst tells of it. */
static int take_answers(struct publish *p, const struct answers *a, int *worst)
{
	int r = 0;

	for (int i = 0; i < a->n && r == 0; i++) {
		const struct delivered *x = &a->answer[i];

		if (!x->taken)
			r = take_refusal(p, a, i);
		else if (is_for(&x->receipt, &p->sent[i]))
			r = take_receipt(p, &x->receipt);
		else
			r = err_set(E_AUTH, "a receipt for another release");
		if (r == E_AUTH) {
			*worst = r;
			r = 0;
		}
	}
	return r;
}

int publish_send_answers(struct publish *p, const unsigned char *in, size_t len)
{
	struct answers a = {.n = 0};
	int worst = 0, r;

	r = codec_answers_parse(in, len, &a);
	if (r == 0 && a.n != p->n_sent)
		r = err_set(E_FORMAT, "%d answers to %d releases", a.n,
			    p->n_sent);
	if (r == 0)
		r = db_begin(p->n->db);
	if (r == 0)
		r = db_end(p->n->db, take_answers(p, &a, &worst));
	if (r == 0)
		r = publish_heard(p, a.hub_utc_ms);
	answers_fini(&a);
	return r == 0 ? worst : r;
}
