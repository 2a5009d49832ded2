#include "daemon/hub/ingest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/hub/admit.h"
#include "daemon/hub/greet.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/take.h"

/* What happened to one message of the batch. */
struct turn {
	struct envelope_header header;
	struct member from;
	struct reply reply;
	bool authentic; /* sender known and signature right: may be answered */
};

struct batch {
	struct hub *hub;
	struct metrics metrics; /* of this batch, added on COMMIT */
	int64_t now_utc_ms;
	struct turn turn[BUS_BATCH];
	unsigned char opened[ENVELOPE_SIZE];
	unsigned char sealed[ENVELOPE_SIZE];
};

static void say(const struct asked *a, struct refusal *out, uint32_t code,
		const char *why)
{
	*out = (struct refusal){.code = code};
	snprintf(out->why, sizeof out->why, "%s", why);
	log_warn("refused", "region=%s kind=%d code=%u why=\"%s\"",
		 a->from->region, a->header->kind, (unsigned)code, out->why);
}

static int reply_with(struct metrics *m, struct reply *out,
		      const struct refusal *no)
{
	m->envelopes_refused++;
	out->kind = KIND_REFUSED;
	return codec_refusal(no, &out->bytes, &out->len);
}

static int refuse(struct metrics *m, const struct asked *a, struct reply *out,
		  uint32_t code, const char *why)
{
	struct refusal no;

	say(a, &no, code, why);
	return reply_with(m, out, &no);
}

int ingest_refuse(struct metrics *m, const struct asked *a, struct reply *out,
		  uint32_t code, const char *fmt, ...)
{
	char why[sizeof((struct refusal *)0)->why];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	return refuse(m, a, out, code, why);
}

static int note(struct hub *h, struct metrics *m, const struct asked *a,
		enum trouble kind, const char *why)
{
	m->alarms += kind == TROUBLE_ALARM;
	return roster_trouble(h->db, a->from->region, kind, why, a->now_utc_ms);
}

int ingest_refusal(struct hub *h, struct metrics *m, const struct asked *a,
		   struct refusal *out, enum trouble kind, uint32_t code,
		   const char *fmt, ...)
{
	char why[sizeof out->why];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	say(a, out, code, why);
	return note(h, m, a, kind, why);
}

int ingest_refuse_noted(struct hub *h, struct metrics *m, const struct asked *a,
			struct reply *out, enum trouble kind, uint32_t code,
			const char *fmt, ...)
{
	char why[sizeof((struct refusal *)0)->why];
	va_list ap;
	int r;

	va_start(ap, fmt);
	vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	r = note(h, m, a, kind, why);
	return r < 0 ? r : refuse(m, a, out, code, why);
}

int ingest_answer(struct metrics *m, const struct delivered *answer,
		  struct reply *out)
{
	if (!answer->taken)
		return reply_with(m, out, &answer->refusal);
	out->kind = KIND_RECEIPT;
	return codec_receipt(&answer->receipt, &out->bytes, &out->len);
}

static ingest_fn *handler(uint8_t kind)
{
	switch (kind) {
	case KIND_JOIN:
		return admit_join;
	case KIND_HELLO:
		return greet_hello;
	case KIND_RELEASE:
		return take_release;
	case KIND_RECALL:
		return take_recall;
	case KIND_HEARTBEAT:
		return greet_heartbeat;
	default: /* a hub's own kinds, too */
		return NULL;
	}
}

/* For a node, not a stranger: it may have been replaced since, or name a
 * region that is not its own. */
static int check_standing(struct batch *b, const struct asked *a,
			  struct reply *out)
{
	if (!a->from->active)
		return ingest_refuse_noted(
			b->hub, &b->metrics, a, out, TROUBLE_ALARM,
			REFUSED_UNKNOWN_NODE,
			"a node that was replaced still reports");
	if (strcmp(a->header->region, a->from->region) != 0)
		return ingest_refuse_noted(
			b->hub, &b->metrics, a, out, TROUBLE_ALARM,
			REFUSED_REGION,
			"the node speaks for a region that is not its own");
	return 0;
}

static int dispatch(struct batch *b, const struct asked *a, struct reply *out)
{
	ingest_fn *fn = handler(a->header->kind);
	int r = 0;

	if (!fn)
		return ingest_refuse(&b->metrics, a, out, REFUSED_CONTENT,
				     "kind %d is not a question",
				     a->header->kind);
	if (a->header->kind != KIND_JOIN)
		r = check_standing(b, a, out);
	if (r < 0 || out->kind)
		return r;
	return fn(b->hub, &b->metrics, a, out);
}

/* Drop without an answer: who sent it is not known, or it was changed. */
static int drop(struct batch *b, const char *why)
{
	b->metrics.envelopes_refused++;
	log_debug("dropped", "why=\"%s\"", why);
	return 0;
}

/* Everything that costs little comes first. 0 with t->authentic unset: drop. */
static int authenticate(struct batch *b, const struct bus_in *in,
			struct turn *t)
{
	int r;

	if (envelope_peek(in->data, in->len, &t->header) < 0)
		return drop(b, "no envelope");
	if (memcmp(t->header.network, b->hub->network, NETWORK_ID) != 0)
		return drop(b, "another network");
	r = roster_member(b->hub->db, t->header.sender, &t->from);
	if (r < 0 && r != E_NOTFOUND)
		return r;
	if (r == E_NOTFOUND) {
		memset(&t->from, 0, sizeof t->from);
		memcpy(t->from.sign_pk, t->header.sender, 32);
		if (t->header.kind != KIND_JOIN)
			return drop(b, "a stranger");
	}
	if (envelope_verify(in->data, in->len) < 0)
		return drop(b, "wrong signature");
	t->authentic = true;
	return 0;
}

static int handle(struct batch *b, const struct bus_in *in, struct turn *t)
{
	struct asked a = {.header = &t->header,
			  .from = &t->from,
			  .now_utc_ms = b->now_utc_ms};
	int r;

	b->metrics.envelopes_in++;
	r = authenticate(b, in, t);
	if (r < 0 || !t->authentic)
		return r;
	r = envelope_open(in->data, in->len, &b->hub->keys, b->opened,
			  &a.payload, &a.len);
	if (r < 0) {
		t->authentic = false;
		return drop(b, "not for this hub, or changed");
	}
	return dispatch(b, &a, &t->reply);
}

static void reply_drop(struct reply *r)
{
	mem_free(r->bytes);
	*r = (struct reply){0};
}

/* A failure of ours: nothing of it is kept, and the node asks again. */
static void reply_later(struct batch *b, struct turn *t)
{
	struct asked a = {.header = &t->header, .from = &t->from};

	reply_drop(&t->reply);
	if (!t->authentic)
		return;
	if (refuse(&b->metrics, &a, &t->reply, REFUSED_LATER,
		   "the hub could not keep it; ask again") < 0)
		reply_drop(&t->reply);
}

static int handle_each(struct batch *b, struct bus_in *in, int n)
{
	int r = 0;

	for (int i = 0; i < n && r == 0; i++) {
		struct turn *t = &b->turn[i];
		struct metrics before = b->metrics;

		memset(t, 0, sizeof *t);
		r = db_begin(b->hub->db);
		if (r < 0)
			break;
		r = db_end(b->hub->db, handle(b, &in[i], t));
		if (r < 0) {
			log_error("envelope_failed", "region=%s why=\"%s\"",
				  t->from.region, err_text(r));
			b->metrics = before;
			reply_later(b, t);
			/* The others may still be kept, unless the whole
			 * transaction is gone; then COMMIT says so. */
			r = 0;
		}
	}
	return r;
}

/* One try: 0, negative, or E_UNKNOWN. */
static int commit_batch(struct batch *b, struct bus_in *in, int n)
{
	struct db *db = b->hub->db;
	int r;

	b->metrics = (struct metrics){0};
	r = db_begin(db);
	if (r < 0)
		return r;
	return db_end(db, handle_each(b, in, n));
}

static void forget_replies(struct batch *b, int n)
{
	for (int i = 0; i < n; i++)
		reply_drop(&b->turn[i].reply);
}

static void answer(struct batch *b, const struct bus_in *in, struct turn *t)
{
	struct hub *h = b->hub;
	struct envelope_header head = {
		.version = t->header.version,
		.kind = t->reply.kind,
		.epoch = t->from.epoch,
	};
	int r = E_NOTFOUND;

	if (t->reply.kind) {
		memcpy(head.network, h->network, NETWORK_ID);
		memcpy(head.region, t->header.region, sizeof head.region);
		memcpy(head.request, t->header.request, REQUEST_ID);
		r = envelope_seal(b->sealed, &head, t->reply.bytes,
				  t->reply.len, &h->keys, t->from.box_pk,
				  h->rng);
		if (r < 0)
			log_error("answer_failed", "region=%s why=\"%s\"",
				  t->from.region, err_text(r));
	}
	h->bus->answer(h->listener, in->ticket, r == 0 ? b->sealed : NULL,
		       r == 0 ? sizeof b->sealed : 0);
}

static void add_metrics(struct metrics *to, const struct metrics *m)
{
#define X(name, help) to->name += m->name;
	METRICS_MAP(X)
#undef X
}

void ingest_batch(void *arg, struct bus_in *in, int n)
{
	struct hub *h = arg;
	struct batch *b = mem_calloc(1, sizeof *b);
	int r = E_NOMEM;

	if (!b)
		goto out;
	b->hub = h;
	b->now_utc_ms = clock_utc_ms(h->clock);
	r = commit_batch(b, in, n);
	/* Read again: every handler finds what it did, if it was kept. */
	if (r == E_UNKNOWN) {
		log_warn("commit_unknown", "envelopes=%d", n);
		forget_replies(b, n);
		r = commit_batch(b, in, n);
	}
	if (r < 0) {
		log_error("batch_failed", "envelopes=%d why=\"%s\"", n,
			  err_text(r));
		b->metrics = (struct metrics){.envelopes_in = n};
		for (int i = 0; i < n; i++)
			reply_later(b, &b->turn[i]);
	} else {
		b->metrics.commits++;
	}
	add_metrics(&h->metrics, &b->metrics);
out:
	for (int i = 0; i < n; i++) {
		if (b)
			answer(b, &in[i], &b->turn[i]);
		else
			h->bus->answer(h->listener, in[i].ticket, NULL, 0);
	}
	if (b)
		forget_replies(b, n);
	mem_free(b);
}
