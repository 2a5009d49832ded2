/* node_world: a node in a temporary folder under a set clock, a hub that is
 * nothing but keys, and a bus that only notes what was asked. */
#ifndef CCFED_TEST_NODE_WORLD_H
#define CCFED_TEST_NODE_WORLD_H

#include <stdlib.h>

#include "daemon/core/bus.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/core/rand.h"
#include "proto/catalogue.h"
#include "regional/node.h"
#include "tests/lib/check.h"
#include "tests/lib/scratch.h"

/* A bus without a way: the test takes what was asked and answers. */
struct stub_bus {
	struct bus base;
	bus_answer_fn *fn;
	void *arg;
	unsigned char asked[ENVELOPE_SIZE];
	int asks, redials, hangups;
};

struct node_world {
	char *dir;
	struct clock_set clock;
	struct rng_seeded rng;
	struct stub_bus bus;
	struct catalogue *cat;
	struct seams seams;
	struct keys hub;
	struct join_code code;
	struct policy policy;
	struct node *n;
	int64_t last; /* child, case, need and referral made last */
};

static inline int stub_dial(struct bus *b, const char *addr, bus_answer_fn *fn,
			    void *arg, struct bus_dialer **out)
{
	struct stub_bus *s = (struct stub_bus *)b;

	s->fn = fn;
	s->arg = arg;
	*out = (struct bus_dialer *)s;
	return 0;
}

static inline int stub_ask(struct bus_dialer *d, const void *data, size_t len)
{
	struct stub_bus *s = (struct stub_bus *)d;

	assert_int_equal(len, ENVELOPE_SIZE);
	memcpy(s->asked, data, len);
	s->asks++;
	return 0;
}

static inline void stub_redial(struct bus_dialer *d)
{
	((struct stub_bus *)d)->redials++;
}

static inline void stub_hangup(struct bus_dialer *d)
{
	((struct stub_bus *)d)->hangups++;
}

static inline void node_world_open(struct node_world *w)
{
	check_ok(node_open(&w->n, &w->seams, w->cat,
			   scratch_path(w->dir, "node")));
}

/* The tables of referrals alone: what closes, when and how often is counted
 * here, and other tables would only add to it. */
static inline void node_world_catalogue(struct node_world *w)
{
	char *copy = mem_printf("mkdir -p %s/share/facts %s/share/measures && "
				"cd %s && cp facts/referrals_*.conf "
				"%s/share/facts && cp measures/M1[03].conf "
				"%s/share/measures && cp -r vocabulary.conf "
				"levels.conf instruments %s/share && touch "
				"%s/share/alike.conf",
				w->dir, w->dir, source_path("proto"), w->dir,
				w->dir, w->dir, w->dir);

	assert_non_null(copy);
	assert_int_equal(system(copy), 0);
	mem_free(copy);
	check_ok(catalogue_load(&w->cat, scratch_path(w->dir, "share")));
}

/* It is 2026-11-24 there. @first -1: no history. */
static inline void node_world_init(struct node_world *w, enum network_kind kind,
				   int32_t first)
{
	struct node_new how = {kind, first};

	memset(w, 0, sizeof *w);
	log_level(LOG_LEVEL_ERROR);
	check_ok(date_zone("America/New_York"));
	w->dir = scratch_new();
	clock_set_init(&w->clock,
		       date_noon_utc_ms(date_from_ymd(2026, 11, 24)));
	rand_seed(&w->rng, 1);
	w->bus.base = (struct bus){.dial = stub_dial,
				   .ask = stub_ask,
				   .redial = stub_redial,
				   .hangup = stub_hangup};
	node_world_catalogue(w);
	w->seams = (struct seams){&w->clock.base, &w->rng.base, disk_system(),
				  &w->bus.base};
	keys_make(&w->hub, &w->rng.base);
	memset(w->code.network, 7, sizeof w->code.network);
	memcpy(w->code.hub_sign_pk, w->hub.sign_pk, 32);
	memcpy(w->code.hub_box_pk, w->hub.box_pk, 32);
	memset(w->code.secret, 9, sizeof w->code.secret);
	snprintf(w->code.region, sizeof w->code.region, "eastern");
	snprintf(w->code.addr, sizeof w->code.addr, "mem://hub");
	policy_defaults(&w->policy, kind, "Test network");
	check_ok(node_init(&w->seams, w->cat, scratch_path(w->dir, "node"),
			   &how));
	node_world_open(w);
}

static inline void node_world_fini(struct node_world *w)
{
	node_close(w->n);
	catalogue_free(w->cat);
	keys_wipe(&w->hub);
	scratch_free(w->dir);
}

/* Open the envelope @sealed as the hub. The payload is in @buf. */
static inline struct envelope_header
node_world_read(struct node_world *w, const unsigned char *sealed,
		unsigned char *buf, const unsigned char **payload, size_t *len)
{
	struct envelope_header h;

	check_ok(envelope_peek(sealed, ENVELOPE_SIZE, &h));
	check_ok(envelope_verify(sealed, ENVELOPE_SIZE));
	check_ok(envelope_open(sealed, ENVELOPE_SIZE, &w->hub, buf, payload,
			       len));
	return h;
}

/* What the hub would answer to the question of header @to. */
static inline void node_world_seal(struct node_world *w,
				   const struct envelope_header *to,
				   uint8_t kind, const void *payload,
				   size_t len, unsigned char *out)
{
	struct envelope_header h = {.version = to->version, .kind = kind};

	memcpy(h.network, w->code.network, sizeof h.network);
	memcpy(h.region, w->code.region, sizeof h.region);
	memcpy(h.request, to->request, sizeof h.request);
	check_ok(envelope_seal(out, &h, payload, len, &w->hub,
			       w->n->keys.box_pk, &w->rng.base));
}

static inline void node_world_sign_policy(struct node_world *w,
					  unsigned char *bytes, uint32_t *len,
					  unsigned char sig[64])
{
	unsigned char *p;
	size_t n;

	check_ok(codec_policy(&w->policy, &p, &n));
	assert_true(n <= POLICY_BYTES_MAX);
	memcpy(bytes, p, n);
	*len = (uint32_t)n;
	check_ok(policy_sign(p, n, w->hub.sign_sk, sig));
	mem_free(p);
}

/* Ask to join and give the hub's answer; what the node says of it. */
static inline int node_world_try_join(struct node_world *w, uint32_t epoch)
{
	static unsigned char sealed[ENVELOPE_SIZE], buf[ENVELOPE_SIZE];
	struct joined joined = {.epoch = epoch};
	const unsigned char *payload;
	struct envelope_header h;
	unsigned char *bytes;
	size_t len;
	int r;

	r = node_join_request(w->n, &w->code, sealed);
	if (r < 0)
		return r;
	h = node_world_read(w, sealed, buf, &payload, &len);
	assert_int_equal(h.kind, KIND_JOIN);
	snprintf(joined.region_title, sizeof joined.region_title, "Eastern");
	node_world_sign_policy(w, joined.policy, &joined.policy_len,
			       joined.policy_sig);
	joined.hub_utc_ms = w->clock.now_utc_ms;
	check_ok(codec_joined(&joined, &bytes, &len));
	node_world_seal(w, &h, KIND_JOINED, bytes, len, sealed);
	mem_free(bytes);
	return node_join_answer(w->n, &w->code, sealed, sizeof sealed);
}

/* From now on with every table and measure of the package. */
static inline void node_world_whole(struct node_world *w)
{
	node_close(w->n);
	catalogue_free(w->cat);
	w->cat = NULL;
	check_ok(catalogue_load(&w->cat, source_path("proto")));
	node_world_open(w);
}

/* Joined, history in, and the hub has said what it holds. */
static inline void node_world_join(struct node_world *w)
{
	check_ok(node_world_try_join(w, 1));
	if (!w->n->history_in)
		check_ok(node_history_in(w->n));
	check_ok(db_run(w->n->db, "UPDATE node SET hello_epoch = epoch", ""));
	check_ok(node_reload(w->n));
}

/* @n new children, each with one referral sent on @sent for @need and, unless
 * @received is NULL, received then. */
static inline void node_world_refer(struct node_world *w, int n,
				    const char *need, const char *sent,
				    const char *received)
{
	struct db *db = w->n->db;

	check_ok(db_begin(db));
	for (int i = 0; i < n; i++) {
		int64_t id = ++w->last;

		check_ok(db_run(db,
				"INSERT INTO child (id, given, birth, sex) "
				"VALUES (?, 'Pebble', '2020-01-01', 'unknown')",
				"i", id));
		check_ok(db_run(db,
				"INSERT INTO care_case (id, child, opened) "
				"VALUES (?, ?, '2023-01-01')",
				"ii", id, id));
		check_ok(db_run(db,
				"INSERT INTO need (id, kase, domain, found, "
				"state) VALUES (?, ?, ?, '2023-01-01', 'open')",
				"iis", id, id, need));
		check_ok(db_run(db,
				"INSERT INTO referral (id, need, state, moved, "
				"drafted, sent, received, age_band) "
				"VALUES (?1, ?1, 'requested', ?2, ?2, ?2, ?3, "
				"'3-5')",
				"iss", id, sent, received));
	}
	check_ok(db_end(db, 0));
}

static inline int64_t node_world_count(struct node_world *w, const char *sql)
{
	int64_t v = -1;

	check_ok(db_int(w->n->db, &v, sql, ""));
	return v;
}

static inline const struct fact_table *node_world_table(struct node_world *w,
							const char *id)
{
	int i = catalogue_find_table(w->cat, id);

	assert_true(i >= 0);
	return catalogue_table(w->cat, i);
}

#endif
