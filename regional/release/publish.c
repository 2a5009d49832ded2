#include "regional/release/publish.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/bus.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "regional/release/publish_parts.h"
#include "regional/release/release.h"

enum {
	DEADLINE_MAX_MS = 5 * 60 * 1000,
	FAILED_MS = 10 * 1000,	     /* after a failure of our own */
	UNKNOWN_MS = 60 * 60 * 1000, /* the hub does not know us */
	JUMP_MS = 60 * 60 * 1000,    /* of the calendar */
	CLOSING_MS = 50,	     /* at a time */
};

int64_t publish_mono(const struct publish *p)
{
	return clock_mono_ms(p->n->s.clock);
}

/* Nodes that started together shall not ask together: within 20 %. */
static int64_t jitter(const struct publish *p, int64_t ms)
{
	return ms * 4 / 5 + rand_below(p->n->s.rng, (uint32_t)(ms * 2 / 5) + 1);
}

void publish_pause(struct publish *p, int64_t ms)
{
	p->pause_mono_ms = publish_mono(p) + jitter(p, ms);
}

/* A hub that answers later than the deadline would never be heard if the
 * deadline stayed what it is. */
static int64_t deadline_ms(const struct publish *p)
{
	int64_t ms = (int64_t)p->n->conf.deadline_s * 1000;

	for (int i = 0; i < p->misses && ms < DEADLINE_MAX_MS; i++)
		ms *= 2;
	return ms < DEADLINE_MAX_MS ? ms : DEADLINE_MAX_MS;
}

int publish_ask(struct publish *p, enum kind kind, const void *payload,
		size_t len)
{
	struct envelope_header h = {.version = p->wire,
				    .kind = (uint8_t)kind,
				    .epoch = p->n->epoch};
	struct node *n = p->n;
	int r;

	memcpy(h.network, n->network, sizeof h.network);
	memcpy(h.region, n->region, sizeof h.region);
	rand_bytes(n->s.rng, h.request, sizeof h.request);
	r = envelope_seal(p->sealed, &h, payload, len, &n->keys, n->hub_box_pk,
			  n->s.rng);
	if (r < 0)
		return r;
	memcpy(p->request, h.request, sizeof p->request);
	p->asked = kind;
	p->asked_in = p->wire;
	p->deadline_mono_ms = publish_mono(p) + jitter(p, deadline_ms(p));
	/* What the bus loses, the deadline finds. */
	r = n->s.bus->ask(p->dialer, p->sealed, sizeof p->sealed);
	if (r < 0)
		log_warn("ask_failed", "why=\"%s\"", err_text(r));
	return 0;
}

int publish_heard(struct publish *p, int64_t hub_utc_ms)
{
	p->heard_utc_ms = clock_utc_ms(p->n->s.clock);
	p->heard_mono_ms = publish_mono(p);
	return node_heard(p->n, hub_utc_ms);
}

/* The calendar has moved since the hub was heard, and time has not. A month
 * that closed by such a clock would have closed for good. */
static bool clock_jumped(const struct publish *p)
{
	int64_t utc = clock_utc_ms(p->n->s.clock) - p->heard_utc_ms;
	int64_t mono = publish_mono(p) - p->heard_mono_ms;

	return llabs(utc - mono) > JUMP_MS;
}

int publish_epoch(struct publish *p, uint32_t epoch)
{
	struct node *n = p->n;
	int r;

	if (epoch == n->epoch)
		return 0;
	/* It is never granted twice, so a smaller one is an answer to another
	 * time. */
	if (epoch < n->epoch)
		return err_set(E_STATE, "the hub's epoch went back");
	r = db_run(n->db, "UPDATE node SET epoch = ? WHERE id = 1", "i",
		   (int64_t)epoch);
	if (r < 0)
		return r;
	log_info("epoch", "was=%u now=%u", n->epoch, epoch);
	n->epoch = epoch;
	return 0;
}

static int set_trouble(struct publish *p, const char *what)
{
	struct node *n = p->n;
	int r;

	if (strcmp(n->trouble, what) == 0)
		return 0;
	r = db_run(n->db, "UPDATE node SET trouble = ? WHERE id = 1", "s",
		   what);
	if (r == 0)
		snprintf(n->trouble, sizeof n->trouble, "%s", what);
	return r;
}

/* --- questions --- */

static int ask_heartbeat(struct publish *p)
{
	struct heartbeat m = {.node_utc_ms = clock_utc_ms(p->n->s.clock)};
	unsigned char *bytes = NULL;
	int64_t waiting = 0;
	size_t len;
	int r;

	r = db_int(p->n->db, &waiting,
		   "SELECT count(*) FROM release WHERE state IN (?, ?) "
		   "AND refused <> ?",
		   "iii", (int64_t)RELEASE_READY, (int64_t)RELEASE_SENT,
		   (int64_t)REFUSED_CONFLICT);
	if (r < 0)
		return r;
	m.waiting = (uint32_t)waiting;
	snprintf(m.version, sizeof m.version, "%s", CCFED_VERSION);
	r = codec_heartbeat(&m, &bytes, &len);
	if (r == 0)
		r = publish_ask(p, KIND_HEARTBEAT, bytes, len);
	mem_free(bytes);
	p->beat_mono_ms = publish_mono(p) +
			  (p->unknown ? UNKNOWN_MS
				      : (int64_t)p->n->conf.heartbeat_s * 1000);
	return r;
}

/* The command line may have approved, closed, joined, taken in history. */
static int notice(struct publish *p)
{
	int64_t version = db_data_version(p->n->db);
	int r;

	if (version == p->data_version)
		return 0;
	r = node_reload(p->n);
	if (r < 0)
		return r;
	p->data_version = version;
	p->look = true;
	p->closed_on = INT32_MIN;
	if (p->n->hello_epoch != p->n->epoch && p->hello.done) {
		p->unknown = false;
		publish_hello_reset(p);
	}
	return 0;
}

/* A first closing may be of hundreds of months. The loop has to turn
 * meanwhile, so that questions are answered and asked. */
static int close_some(struct publish *p)
{
	int64_t start = publish_mono(p);
	int r;

	do
		r = release_closing_step(p->closing);
	while (r > 0 && publish_mono(p) - start < CLOSING_MS);
	return r;
}

static void drop_closing(struct publish *p)
{
	release_closing_free(p->closing);
	p->closing = NULL;
}

static int close_due(struct publish *p)
{
	int32_t today = date_of_utc(clock_utc_ms(p->n->s.clock));
	int r = 0;

	if (p->closed_on == today && !p->closing)
		return 0;
	if (clock_jumped(p)) {
		p->beat_mono_ms = publish_mono(p);
		drop_closing(p);
		return 0;
	}
	if (!p->closing) {
		r = release_closing_new(&p->closing, p->n, today);
		p->closing_on = today;
	}
	if (r == 0)
		r = close_some(p);
	p->look = true;
	if (r > 0)
		return 0;
	drop_closing(p);
	/* What only a person can change is looked at again when the database
	 * or the day has changed. */
	if (r == 0 || r == E_STATE || r == E_INVALID)
		p->closed_on = p->closing_on;
	if (r == E_STATE)
		log_info("not_closing", "why=\"%s\"", err_text(r));
	return r == E_STATE || r == E_INVALID ? 0 : r;
}

static bool is_beat(const struct publish *p)
{
	return publish_mono(p) >= p->beat_mono_ms;
}

static int ask_next(struct publish *p)
{
	int r;

	if (p->unknown)
		return is_beat(p) ? ask_heartbeat(p) : 0;
	if (!p->hello.done) {
		drop_closing(p);
		return publish_hello_ask(p);
	}
	r = close_due(p);
	/* Of a day's closings none leaves before all are made, so that a copy
	 * of this node with one receipt has the others, too. */
	if (r == 0 && !p->closing)
		r = publish_send_next(p);
	if (r == 0 && is_beat(p))
		r = ask_heartbeat(p);
	return r < 0 ? r : 0;
}

static int missed(struct publish *p)
{
	p->n->metrics.deadlines++;
	p->misses++;
	p->asked = 0;
	p->n->s.bus->redial(p->dialer);
	/* Perhaps another program than before stands there, to which this
	 * question was noise. Every one understands a hello of version 1. */
	if (p->wire > WIRE_FIRST) {
		p->wire = WIRE_FIRST;
		publish_hello_reset(p);
	}
	return node_silent(p->n, true);
}

void publish_tick(struct publish *p)
{
	int r;

	if (p->asked && publish_mono(p) < p->deadline_mono_ms) {
		r = p->closing ? close_due(p) : 0;
	} else {
		r = p->asked ? missed(p) : 0;
		if (r == 0)
			r = notice(p);
		if (r == 0 && publish_mono(p) >= p->pause_mono_ms)
			r = ask_next(p);
	}
	if (r == 0)
		return;
	log_error("publish_failed", "why=\"%s\"", err_text(r));
	publish_pause(p, FAILED_MS);
}

/* --- answers --- */

static int take_alive(struct publish *p, const unsigned char *in, size_t len)
{
	struct alive m;
	int r;

	r = codec_alive_parse(in, len, &m);
	if (r == 0)
		r = publish_heard(p, m.hub_utc_ms);
	if (r == 0)
		r = set_trouble(p, "");
	if (r < 0)
		return r;
	p->n->metrics.heartbeats++;
	if (p->unknown || m.say_hello || m.policy_number > p->n->policy.number)
		publish_hello_reset(p);
	p->unknown = false;
	return 0;
}

const char *publish_replaced(const struct node *n, char *out, size_t size)
{
	snprintf(out, size,
		 "another node took over region %s, or the hub does not know "
		 "this one any more; if this is the one that shall report, ask "
		 "the hub's operator for a join code and run ccfed node join; "
		 "else stop it",
		 n->region);
	return out;
}

static int take_refusal(struct publish *p, enum kind asked,
			const unsigned char *in, size_t len)
{
	char what[sizeof p->n->trouble];
	struct refusal no;
	int r;

	r = codec_refusal_parse(in, len, &no);
	if (r < 0)
		return r;
	log_warn("refused", "code=%u why=\"%s\"", no.code, no.why);
	switch (no.code) {
	case REFUSED_EPOCH:
		publish_hello_reset(p);
		return 0;
	case REFUSED_LATER:
		publish_pause(p, PUBLISH_LATER_MS);
		return 0;
	case REFUSED_UNKNOWN_NODE:
		p->unknown = true;
		p->beat_mono_ms = publish_mono(p) + UNKNOWN_MS;
		drop_closing(p);
		log_error("unknown_node", "why=\"%s\"",
			  publish_replaced(p->n, what, sizeof what));
		return set_trouble(p, what);
	default:
		break;
	}
	if (asked == KIND_RELEASE)
		return publish_send_refused(p, &no);
	if (asked == KIND_HELLO && publish_hello_plain(p, &no))
		return 0;
	/* An inventory or a recall that is refused won't be taken in a
	 * moment either. */
	p->n->metrics.alarms++;
	publish_hello_reset(p);
	publish_pause(p, FAILED_MS);
	return 0;
}

static bool is_answer(const struct publish *p, uint8_t kind)
{
	switch (p->asked) {
	case KIND_HELLO:
		return kind == KIND_WELCOME;
	case KIND_RELEASE:
		return kind == (p->asked_in < WIRE_BATCHES ? KIND_RECEIPT
							   : KIND_ANSWERS);
	case KIND_RECALL:
		return kind == KIND_RECALLED;
	case KIND_HEARTBEAT:
		return kind == KIND_ALIVE;
	default:
		return false;
	}
}

static bool fits(const struct publish *p, const struct envelope_header *h)
{
	return p->asked && h->version == p->asked_in &&
	       memcmp(h->request, p->request, sizeof h->request) == 0 &&
	       memcmp(h->network, p->n->network, sizeof h->network) == 0 &&
	       memcmp(h->sender, p->n->hub_sign_pk, sizeof h->sender) == 0 &&
	       (h->kind == KIND_REFUSED || is_answer(p, h->kind));
}

static int take_answer(struct publish *p, uint8_t kind, enum kind asked,
		       const unsigned char *in, size_t len)
{
	int r;

	switch (kind) {
	case KIND_WELCOME:
		return publish_hello_welcome(p, in, len);
	case KIND_RECALLED:
		r = node_answered(p->n);
		return r < 0 ? r : publish_hello_recalled(p, in, len);
	case KIND_RECEIPT:
		return publish_send_receipt(p, in, len);
	case KIND_ANSWERS:
		return publish_send_answers(p, in, len);
	case KIND_ALIVE:
		return take_alive(p, in, len);
	default:
		r = node_answered(p->n);
		return r < 0 ? r : take_refusal(p, asked, in, len);
	}
}

/* Anything that is not this hub's answer to this question is dropped: the
 * deadline asks again. */
static void on_answer(void *arg, const void *data, size_t len)
{
	struct publish *p = arg;
	const unsigned char *payload;
	struct envelope_header h;
	enum kind asked = p->asked;
	size_t payload_len;
	int r;

	if (envelope_peek(data, len, &h) < 0 || !fits(p, &h) ||
	    envelope_verify(data, len) < 0 ||
	    envelope_open(data, len, &p->n->keys, p->opened, &payload,
			  &payload_len) < 0) {
		p->ignored++;
		log_debug("answer_ignored", "so_far=%llu",
			  (unsigned long long)p->ignored);
		return;
	}
	p->asked = 0;
	p->misses = 0;
	r = take_answer(p, h.kind, asked, payload, payload_len);
	sodium_memzero(p->opened, sizeof p->opened);
	if (r < 0) {
		log_error("answer_failed", "kind=%d why=\"%s\"", h.kind,
			  err_text(r));
		publish_pause(p, FAILED_MS);
	}
	/* The next question leaves at once, not with the next tick. */
	publish_tick(p);
}

/* --- life --- */

int publish_new(struct publish **out, struct node *n)
{
	struct publish *p;
	int r;

	if (!n->joined)
		return err_set(E_STATE, "this node has not joined a network; "
					"run `ccfed node join` first");
	p = mem_calloc(1, sizeof *p);
	if (!p)
		return err_set(E_NOMEM, "out of memory for the outbox");
	p->n = n;
	p->wire = WIRE_FIRST;
	p->look = true;
	p->closed_on = INT32_MIN;
	p->data_version = db_data_version(n->db);
	publish_hello_reset(p);
	/* Of another run. */
	r = node_silent(n, false);
	if (r == 0)
		r = n->s.bus->dial(n->s.bus, n->hub_addr, on_answer, p,
				   &p->dialer);
	if (r < 0)
		goto out;
	*out = p;
	p = NULL; /* handed over */
out:
	publish_free(p);
	return r;
}

void publish_free(struct publish *p)
{
	if (!p)
		return;
	if (p->dialer)
		p->n->s.bus->hangup(p->dialer);
	drop_closing(p);
	mem_free(p->hello.wanted);
	sodium_memzero(p, sizeof *p);
	mem_free(p);
}

bool publish_idle(const struct publish *p)
{
	int32_t today = date_of_utc(clock_utc_ms(p->n->s.clock));

	return p->hello.done && !p->unknown &&
	       (!p->asked || p->asked == KIND_HEARTBEAT) && !p->look &&
	       !p->closing && p->closed_on == today;
}

int node_start(struct node *n)
{
	if (n->publish)
		return err_set(E_STATE, "the node runs already");
	return publish_new(&n->publish, n);
}

void node_tick(struct node *n)
{
	if (n->publish)
		publish_tick(n->publish);
}

bool node_busy(const struct node *n)
{
	return n->publish && n->publish->closing;
}

bool node_idle(const struct node *n)
{
	return n->publish && publish_idle(n->publish);
}

void node_stop(struct node *n)
{
	publish_free(n->publish);
	n->publish = NULL;
}
