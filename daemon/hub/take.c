#include "daemon/hub/take.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/store.h"
#include "daemon/hub/vet.h"

/* The policy that a release names. E_NOTFOUND without a sentence. */
static int find_policy(struct hub *h, uint32_t number, struct policy *out)
{
	struct rows r;
	int x;

	if (number == h->policy.number) {
		*out = h->policy;
		return 0;
	}
	x = db_rows(h->db, &r, "SELECT bytes FROM policy WHERE number = ?", "i",
		    (int64_t)number);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		size_t len;
		const void *bytes = rows_blob(&r, 0, &len);

		x = codec_policy_parse(bytes, len, out);
	} else if (x == ROWS_DONE) {
		x = E_NOTFOUND;
	}
	rows_end(&r);
	return x;
}

struct beside {
	const struct release *r;
	char *why;
};

/* What a restated release replaces is not beside it. */
static int on_beside(void *arg, const struct release *other)
{
	struct beside *b = arg;

	if (other->key.closing == b->r->key.closing)
		return 0;
	return vet_beside(b->r, other, b->why);
}

/* 0, a refusal code, or negative. */
static int vet(struct hub *h, const struct asked *a, const struct release *r,
	       char why[VET_WHY])
{
	struct beside b = {r, why};
	struct policy policy;
	int x;

	if (strcmp(r->region, a->from->region) != 0) {
		snprintf(why, VET_WHY,
			 "the node sent a release of another region");
		return REFUSED_REGION;
	}
	if (r->key.epoch > a->from->epoch) {
		snprintf(why, VET_WHY, "its epoch was never granted");
		return REFUSED_EPOCH;
	}
	x = find_policy(h, r->policy, &policy);
	if (x == E_NOTFOUND) {
		snprintf(why, VET_WHY, "there is no policy %u",
			 (unsigned)r->policy);
		return REFUSED_POLICY;
	}
	if (x < 0)
		return x;
	x = vet_release(h->cat, r, &policy, date_of_utc(a->now_utc_ms), why);
	if (x)
		return x;
	return store_half(h->db, r->region, r->key.table,
			  lattice_half(r->key.closing), on_beside, &b);
}

static int give_receipt(struct hub *h, struct metrics *m, const struct asked *a,
			const struct delivery *d, const struct release *r,
			struct reply *out)
{
	struct receipt rc = {.key = r->key, .ledger_seq = d->ledger_seq};
	int x;

	memcpy(rc.region, r->region, sizeof rc.region);
	memcpy(rc.ledger_head, d->ledger_head, DIGEST);
	codec_digest(d->release, d->len, rc.digest);
	x = store_receipt(h->db, &rc, a->now_utc_ms);
	if (x == STORE_CONFLICT) {
		m->alarms++;
		x = roster_trouble(h->db, r->region, TROUBLE_ALARM,
				   "a release came again from another place "
				   "of the node's ledger",
				   a->now_utc_ms);
	}
	if (x < 0)
		return x;
	x = receipt_sign(&rc, h->keys.sign_sk);
	if (x == 0)
		x = codec_receipt(&rc, &out->bytes, &out->len);
	if (x == 0)
		out->kind = KIND_RECEIPT;
	return x;
}

static int keep(struct hub *h, struct metrics *m, const struct asked *a,
		const struct delivery *d, const struct release *r,
		struct reply *out)
{
	unsigned char digest[DIGEST];
	char month[PERIOD_TEXT];
	int x;

	codec_digest(d->release, d->len, digest);
	x = store_put(h->db, r, d->release, d->len, digest, a->now_utc_ms);
	if (x < 0)
		return x;
	if (x == STORE_CONFLICT)
		return ingest_refuse_noted(
			h, m, a, out, TROUBLE_ALARM, REFUSED_CONFLICT,
			"another release of %s was taken under the same key",
			r->key.table);
	m->releases_new += x == STORE_NEW;
	m->releases_known += x == STORE_KNOWN;
	if (x == STORE_NEW)
		log_info("release_taken",
			 "region=%s table=%s closing=%s epoch=%u version=%u "
			 "blocks=%d",
			 r->region, r->key.table,
			 period_format((struct period){r->key.closing, 1},
				       month),
			 (unsigned)r->key.epoch, (unsigned)r->key.version,
			 r->n_groups);
	return give_receipt(h, m, a, d, r, out);
}

static enum trouble weight(int code)
{
	return code == REFUSED_FLOOR || code == REFUSED_REGION
		       ? TROUBLE_ALARM
		       : TROUBLE_REFUSAL;
}

static bool held(struct hub *h, const struct release *r,
		 const struct delivery *d)
{
	unsigned char *bytes = NULL;
	size_t len = 0;
	bool same;

	same = store_get(h->db, r->region, &r->key, &bytes, &len) == 0 &&
	       len == d->len && memcmp(bytes, d->release, len) == 0;
	mem_free(bytes);
	return same;
}

int take_release(struct hub *h, struct metrics *m, const struct asked *a,
		 struct reply *out)
{
	struct delivery d = {0};
	struct release r = {0};
	char why[VET_WHY] = "";
	int x;

	if (a->header->epoch != a->from->epoch)
		return ingest_refuse(m, a, out, REFUSED_EPOCH,
				     "a stale epoch: say hello");
	x = codec_delivery_parse(a->payload, a->len, &d);
	if (x == 0)
		x = codec_release_parse(d.release, d.len, &r);
	if (x == 0 && d.ledger_seq == 0)
		x = E_FORMAT;
	if (x < 0 && x != E_NOMEM) {
		x = ingest_refuse_noted(h, m, a, out, TROUBLE_REFUSAL,
					REFUSED_CONTENT,
					"the release is malformed");
		goto out;
	}
	/* Taken once is taken, though definitions have changed since. */
	if (x == 0 && strcmp(r.region, a->from->region) == 0 && held(h, &r, &d))
		x = keep(h, m, a, &d, &r, out);
	else if (x == 0 && (x = vet(h, a, &r, why)) == 0)
		x = keep(h, m, a, &d, &r, out);
	if (x > 0)
		x = ingest_refuse_noted(h, m, a, out, weight(x), (uint32_t)x,
					"%s: %s", r.key.table, why);
out:
	release_fini(&r);
	delivery_fini(&d);
	return x;
}

int take_recall(struct hub *h, struct metrics *m, const struct asked *a,
		struct reply *out)
{
	struct release_key key;
	int x;

	x = codec_key_parse(a->payload, a->len, &key);
	if (x == 0)
		x = store_get(h->db, a->from->region, &key, &out->bytes,
			      &out->len);
	if (x == 0)
		out->kind = KIND_RECALLED;
	if (x == E_NOTFOUND || x == E_FORMAT || x == E_INVALID)
		x = ingest_refuse(m, a, out, REFUSED_CONTENT,
				  "there is no such release");
	return x;
}
