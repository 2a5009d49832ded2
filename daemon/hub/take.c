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
			const struct parcel *p, const struct release *r,
			const unsigned char digest[DIGEST], struct receipt *rc)
{
	int x;

	*rc = (struct receipt){.key = r->key, .ledger_seq = p->ledger_seq};
	memcpy(rc->region, r->region, sizeof rc->region);
	memcpy(rc->ledger_head, p->ledger_head, DIGEST);
	memcpy(rc->digest, digest, DIGEST);
	x = store_receipt(h->db, rc, a->now_utc_ms);
	if (x == STORE_CONFLICT) {
		m->alarms++;
		x = roster_trouble(h->db, r->region, TROUBLE_ALARM,
				   "a release came again from another place "
				   "of the node's ledger",
				   a->now_utc_ms);
	}
	return x < 0 ? x : receipt_sign(rc, h->keys.sign_sk);
}

static int keep(struct hub *h, struct metrics *m, const struct asked *a,
		const struct parcel *p, const struct release *r,
		struct delivered *out)
{
	unsigned char digest[DIGEST];
	char month[PERIOD_TEXT];
	int x;

	codec_digest(p->release, p->len, digest);
	x = store_put(h->db, r, p->release, p->len, digest, a->now_utc_ms);
	if (x < 0)
		return x;
	if (x == STORE_CONFLICT)
		return ingest_refusal(
			h, m, a, &out->refusal, TROUBLE_ALARM, REFUSED_CONFLICT,
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
	x = give_receipt(h, m, a, p, r, digest, &out->receipt);
	out->taken = x == 0;
	return x;
}

static enum trouble weight(int code)
{
	return code == REFUSED_FLOOR || code == REFUSED_REGION
		       ? TROUBLE_ALARM
		       : TROUBLE_REFUSAL;
}

static bool held(struct hub *h, const struct release *r, const struct parcel *p)
{
	unsigned char *bytes = NULL;
	size_t len = 0;
	bool same;

	same = store_get(h->db, r->region, &r->key, &bytes, &len) == 0 &&
	       len == p->len && memcmp(bytes, p->release, len) == 0;
	mem_free(bytes);
	return same;
}

/* What was taken of one delivery so far, and what can't be. */
struct taking {
	struct answers answers;
	char refused[DELIVERY_MAX][CATALOGUE_ID]; /* tables */
	int n_refused;
	bool unread; /* one could not be read: it may have been of any table */
};

/* The node sends what it closed in order; after a gap the hub would take a
 * month that it lacks for one in which nothing happened. */
static bool after_refused(const struct taking *t, const struct release *r)
{
	for (int i = 0; i < t->n_refused; i++) {
		if (strcmp(t->refused[i], r->key.table) == 0)
			return true;
	}
	return t->unread;
}

static int take_read(struct hub *h, struct metrics *m, const struct asked *a,
		     const struct taking *t, const struct parcel *p,
		     const struct release *r, struct delivered *out)
{
	char why[VET_WHY] = "";
	int x;

	/* Taken once is taken, though definitions have changed since. */
	if (strcmp(r->region, a->from->region) == 0 && held(h, r, p))
		return keep(h, m, a, p, r, out);
	if (after_refused(t, r)) {
		out->refusal.code = REFUSED_LATER;
		snprintf(out->refusal.why, sizeof out->refusal.why,
			 "an older one of %s was not taken", r->key.table);
		return 0;
	}
	x = vet(h, a, r, why);
	if (x == 0)
		return keep(h, m, a, p, r, out);
	if (x > 0)
		x = ingest_refusal(h, m, a, &out->refusal, weight(x),
				   (uint32_t)x, "%s: %s", r->key.table, why);
	return x;
}

/* @out is all zero. What is not taken is remembered in @t. */
static int take_one(struct hub *h, struct metrics *m, const struct asked *a,
		    struct taking *t, const struct parcel *p,
		    struct delivered *out)
{
	struct release r;
	int x;

	x = codec_release_parse(p->release, p->len, &r);
	if (x == E_NOMEM)
		return x;
	if (x < 0) {
		t->unread = true;
		m->releases_refused++;
		return ingest_refusal(h, m, a, &out->refusal, TROUBLE_REFUSAL,
				      REFUSED_CONTENT,
				      "the release is malformed");
	}
	x = take_read(h, m, a, t, p, &r, out);
	if (!out->taken) {
		m->releases_refused += x == 0 &&
				       out->refusal.code != REFUSED_LATER;
		/* Under that name the hub has one: there is no gap. */
		if (out->refusal.code != REFUSED_CONFLICT)
			memcpy(t->refused[t->n_refused++], r.key.table,
			       sizeof r.key.table);
	}
	release_fini(&r);
	return x;
}

/* A failure of ours undoes this release and no other. */
static int take_apart(struct hub *h, struct metrics *m, const struct asked *a,
		      struct taking *t, const struct parcel *p,
		      struct delivered *out)
{
	struct metrics before = *m;
	int refused = t->n_refused, x;

	x = db_begin(h->db);
	if (x < 0)
		return x;
	x = db_end(h->db, take_one(h, m, a, t, p, out));
	if (x >= 0)
		return 0;
	log_error("release_failed", "region=%s why=\"%s\"", a->from->region,
		  err_text(x));
	*m = before;
	*out = (struct delivered){.refusal = {.code = REFUSED_LATER}};
	snprintf(out->refusal.why, sizeof out->refusal.why,
		 "the hub could not keep it; ask again");
	if (t->n_refused == refused)
		t->unread = true;
	return 0;
}

static int take_all(struct hub *h, struct metrics *m, const struct asked *a,
		    const struct delivery *d, struct reply *out)
{
	struct taking *t = mem_calloc(1, sizeof *t);
	struct answers *answers;
	int x = 0;

	if (!t)
		return err_set(E_NOMEM, "out of memory for a delivery");
	answers = &t->answers;
	answers->hub_utc_ms = a->now_utc_ms;
	answers->answer = mem_calloc((size_t)d->n, sizeof *answers->answer);
	if (!answers->answer)
		x = err_set(E_NOMEM, "out of memory for answers");
	for (int i = 0; i < d->n && x == 0; i++) {
		struct delivered *one = &answers->answer[answers->n++];

		x = d->n == 1 ? take_one(h, m, a, t, &d->parcel[i], one)
			      : take_apart(h, m, a, t, &d->parcel[i], one);
	}
	if (x == 0 && a->header->version < WIRE_BATCHES)
		x = ingest_answer(m, &answers->answer[0], out);
	else if (x == 0)
		x = codec_answers(answers, &out->bytes, &out->len);
	if (x == 0 && !out->kind)
		out->kind = KIND_ANSWERS;
	answers_fini(answers);
	mem_free(t);
	return x;
}

int take_release(struct hub *h, struct metrics *m, const struct asked *a,
		 struct reply *out)
{
	struct delivery d;
	int x;

	if (a->header->epoch != a->from->epoch)
		return ingest_refuse(m, a, out, REFUSED_EPOCH,
				     "a stale epoch: say hello");
	x = codec_delivery_parse(a->payload, a->len, &d);
	if (x == E_NOMEM)
		return x;
	if (x < 0 || (d.n > 1 && a->header->version < WIRE_BATCHES))
		x = ingest_refuse_noted(h, m, a, out, TROUBLE_REFUSAL,
					REFUSED_CONTENT,
					"the release is malformed");
	else
		x = take_all(h, m, a, &d, out);
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
