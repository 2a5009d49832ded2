/* publish_world: a node whose questions are read and answered by hand, as a
 * hub would. */
#ifndef CCFED_TEST_PUBLISH_WORLD_H
#define CCFED_TEST_PUBLISH_WORLD_H

#include "regional/release/ledger.h"
#include "regional/release/publish.h"
#include "regional/release/release.h"
#include "tests/unit/node_world.h"

enum { FIRST = 2026 * 12, TICK_MS = 250 };

static unsigned char buf[ENVELOPE_SIZE], sealed[ENVELOPE_SIZE];
/* The last question, as the hub reads it. */
static struct envelope_header question;
static const unsigned char *asked;
static size_t asked_len;

static inline int set_up(void **state)
{
	static struct node_world w;
	int closed;

	node_world_init(&w, NETWORK_SYNTHETIC, FIRST);
	node_world_join(&w);
	node_world_refer(&w, 40, "food", "2026-01-10", "2026-01-20");
	check_ok(release_close(w.n, date_from_ymd(2026, 11, 24), &closed, NULL,
			       NULL));
	check_ok(node_start(w.n));
	*state = &w;
	return 0;
}

/* The same, and nothing has closed yet. */
static inline int set_up_open(void **state)
{
	static struct node_world w;

	node_world_init(&w, NETWORK_SYNTHETIC, FIRST);
	node_world_join(&w);
	node_world_refer(&w, 40, "food", "2026-01-10", "2026-01-20");
	check_ok(node_start(w.n));
	*state = &w;
	return 0;
}

static inline int tear_down(void **state)
{
	struct node_world *w = *state;

	node_stop(w->n);
	assert_int_equal(w->bus.hangups, 1);
	node_world_fini(w);
	return 0;
}

static inline int read_question(struct node_world *w)
{
	question = node_world_read(w, w->bus.asked, buf, &asked, &asked_len);
	return question.kind;
}

/* Tick until another question is out; its kind. 0: none within a minute. */
static inline int next_question(struct node_world *w)
{
	int before = w->bus.asks;

	for (int i = 0; i < 240; i++) {
		node_tick(w->n);
		if (w->bus.asks > before)
			return read_question(w);
		clock_set_advance(&w->clock, TICK_MS);
	}
	return 0;
}

static inline void give(struct node_world *w, uint8_t kind, const void *bytes,
			size_t len)
{
	node_world_seal(w, &question, kind, bytes, len, sealed);
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
}

/* The question that is out now. */
static inline void refuse(struct node_world *w, uint32_t code)
{
	struct refusal no = {.code = code, .why = "for a reason"};
	unsigned char *bytes;
	size_t len;

	read_question(w);
	check_ok(codec_refusal(&no, &bytes, &len));
	give(w, KIND_REFUSED, bytes, len);
	mem_free(bytes);
}

static inline void welcome(struct node_world *w, const struct welcome *m)
{
	unsigned char *bytes;
	size_t len;

	check_ok(codec_welcome(m, &bytes, &len));
	give(w, KIND_WELCOME, bytes, len);
	mem_free(bytes);
}

static inline struct welcome plain(struct node_world *w)
{
	return (struct welcome){.epoch = 1,
				.hub_utc_ms = w->clock.now_utc_ms,
				.policy_number = 1};
}

/* Hello, and the hub knows everything as it is. */
static inline void say_hello(struct node_world *w)
{
	struct welcome m = plain(w);

	assert_int_equal(next_question(w), KIND_HELLO);
	welcome(w, &m);
}

static inline struct receipt receipt_of(struct node_world *w,
					const struct parcel *p)
{
	struct receipt rc = {.hub_utc_ms = w->clock.now_utc_ms,
			     .ledger_seq = p->ledger_seq};
	struct release r;

	check_ok(codec_release_parse(p->release, p->len, &r));
	rc.key = r.key;
	memcpy(rc.region, r.region, sizeof rc.region);
	memcpy(rc.ledger_head, p->ledger_head, DIGEST);
	codec_digest(p->release, p->len, rc.digest);
	check_ok(receipt_sign(&rc, w->hub.sign_sk));
	release_fini(&r);
	return rc;
}

/* The hub's receipt for the release that is out. */
static inline struct receipt receipt_for(struct node_world *w)
{
	struct receipt rc;
	struct delivery d;

	assert_int_equal(read_question(w), KIND_RELEASE);
	assert_int_equal(question.version, WIRE_FIRST);
	check_ok(codec_delivery_parse(asked, asked_len, &d));
	assert_int_equal(d.n, 1);
	rc = receipt_of(w, &d.parcel[0]);
	delivery_fini(&d);
	return rc;
}

static inline void give_receipt(struct node_world *w, const struct receipt *rc)
{
	unsigned char *bytes;
	size_t len;

	check_ok(codec_receipt(rc, &bytes, &len));
	give(w, KIND_RECEIPT, bytes, len);
	mem_free(bytes);
}

/* Sealed for the question that is out, but not given yet. */
static inline void sealed_alive(struct node_world *w)
{
	struct alive a = {.hub_utc_ms = w->clock.now_utc_ms,
			  .policy_number = 1};
	unsigned char *bytes;
	size_t len;

	check_ok(codec_alive(&a, &bytes, &len));
	node_world_seal(w, &question, KIND_ALIVE, bytes, len, sealed);
	mem_free(bytes);
}

static inline void give_alive(struct node_world *w, uint8_t say_hello)
{
	struct alive a = {.hub_utc_ms = w->clock.now_utc_ms,
			  .policy_number = 1,
			  .say_hello = say_hello};
	unsigned char *bytes;
	size_t len;

	check_ok(codec_alive(&a, &bytes, &len));
	give(w, KIND_ALIVE, bytes, len);
	mem_free(bytes);
}

/* Receipts until nothing is left to send. */
static inline int take_all(struct node_world *w)
{
	int taken = 0;

	while (read_question(w) == KIND_RELEASE) {
		struct receipt rc = receipt_for(w);
		int before = w->bus.asks;

		give_receipt(w, &rc);
		taken++;
		if (w->bus.asks == before)
			break;
	}
	return taken;
}

static inline int64_t count(struct node_world *w, const char *sql)
{
	return node_world_count(w, sql);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

#endif
