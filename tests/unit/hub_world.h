/* hub_world: a hub on a bus in memory under a set clock, and nodes made by
 * hand that ask it things. For tests of daemon/hub. */
#ifndef CCFED_TEST_HUB_WORLD_H
#define CCFED_TEST_HUB_WORLD_H

#include "tests/lib/check.h"

#include "daemon/core/bus_mem.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/log.h"
#include "daemon/core/rand.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/store.h"
#include "proto/catalogue.h"
#include "proto/vocabulary.h"
#include "tests/lib/scratch.h"

#define UNUSED __attribute__((unused))

#define HUB_ADDR "mem://hub"

struct world {
	char *dir;
	struct clock_set clock;
	struct rng_seeded rng;
	struct disk disk;
	struct bus *bus;
	struct catalogue *cat;
	const struct fact_table *table; /* referrals_90d */
	struct hub *hub;
	enum network_kind kind;
};

/* A node made by hand. */
struct hand {
	struct world *w;
	struct keys keys;
	char region[REGION_ID];
	uint32_t epoch;
	uint8_t wire; /* version that it speaks */
	struct bus_dialer *dialer;
	struct join_code code;
	/* the last answer */
	bool answered;
	struct envelope_header header;
	unsigned char opened[ENVELOPE_SIZE];
	const unsigned char *payload;
	size_t len;
	/* the last question, sealed */
	unsigned char sealed[ENVELOPE_SIZE];
};

/* 1 June 2027, noon UTC. */
static UNUSED int64_t world_now(void)
{
	return date_noon_utc_ms(date_from_ymd(2027, 6, 1));
}

static UNUSED int32_t month_no(int year, int month)
{
	return year * 12 + month - 1;
}

static UNUSED void quiet(void *arg, enum log_level level, const char *line)
{
}

static UNUSED void world_open(struct world *w)
{
	check_ok(hub_open(&w->hub, &w->clock.base, &w->rng.base, &w->disk,
			  w->bus, w->cat, w->dir));
	check_ok(hub_start(w->hub));
}

static UNUSED void world_close(struct world *w)
{
	hub_close(w->hub);
	w->hub = NULL;
}

static UNUSED void world_init(struct world *w, enum network_kind kind)
{
	struct hub_new how = {.bus = HUB_ADDR, .http = ""};

	memset(w, 0, sizeof *w);
	log_to(quiet, NULL);
	w->kind = kind;
	w->dir = scratch_new();
	w->disk = *disk_system();
	clock_set_init(&w->clock, world_now());
	rand_seed(&w->rng, 7);
	check_ok(bus_mem_new(&w->bus, &w->rng.base));
	check_ok(catalogue_load(&w->cat, source_path("proto")));
	w->table = catalogue_table(
		w->cat, catalogue_find_table(w->cat, "referrals_90d"));
	policy_defaults(&how.policy, kind, "Test network");
	check_ok(hub_init(&w->clock.base, &w->rng.base, &w->disk, w->cat,
			  w->dir, &how));
	world_open(w);
	check_ok(hub_region_add(w->hub, "north", "North Region"));
	check_ok(hub_region_add(w->hub, "south", "South Region"));
}

static UNUSED void world_fini(struct world *w)
{
	world_close(w);
	bus_mem_free(w->bus);
	catalogue_free(w->cat);
	scratch_free(w->dir);
	log_to(NULL, NULL);
}

static UNUSED void hand_answer(void *arg, const void *data, size_t len)
{
	struct hand *n = arg;

	check_ok(envelope_peek(data, len, &n->header));
	check_ok(envelope_verify(data, len));
	assert_memory_equal(n->header.sender, n->w->hub->keys.sign_pk, 32);
	check_ok(envelope_open(data, len, &n->keys, n->opened, &n->payload,
			       &n->len));
	n->answered = true;
}

static UNUSED void hand_init(struct hand *n, struct world *w,
			     const char *region)
{
	memset(n, 0, sizeof *n);
	n->w = w;
	n->wire = WIRE_FIRST;
	keys_make(&n->keys, &w->rng.base);
	snprintf(n->region, sizeof n->region, "%s", region);
	check_ok(w->bus->dial(w->bus, HUB_ADDR, hand_answer, n, &n->dialer));
}

static UNUSED void hand_fini(struct hand *n)
{
	n->w->bus->hangup(n->dialer);
}

/* The kind of the answer, or 0 if there is none. */
static UNUSED int hand_send(struct hand *n, const void *data, size_t len)
{
	n->answered = false;
	check_ok(n->w->bus->ask(n->dialer, data, len));
	while (bus_mem_step(n->w->bus) > 0)
		;
	if (n->answered && n->header.kind == KIND_JOINED)
		n->epoch = n->header.epoch;
	return n->answered ? n->header.kind : 0;
}

static UNUSED void hand_header(struct hand *n, struct envelope_header *h,
			       uint8_t kind)
{
	memset(h, 0, sizeof *h);
	h->version = kind == KIND_JOIN ? WIRE_FIRST : n->wire;
	h->kind = kind;
	memcpy(h->network, n->w->hub->network, NETWORK_ID);
	memcpy(h->region, n->region, sizeof h->region);
	h->epoch = n->epoch;
	rand_bytes(&n->w->rng.base, h->request, REQUEST_ID);
}

static UNUSED int hand_ask_as(struct hand *n, struct envelope_header *h,
			      const void *payload, size_t len)
{
	check_ok(envelope_seal(n->sealed, h, payload, len, &n->keys,
			       n->w->hub->keys.box_pk, &n->w->rng.base));
	return hand_send(n, n->sealed, sizeof n->sealed);
}

static UNUSED int hand_ask(struct hand *n, uint8_t kind, const void *payload,
			   size_t len)
{
	struct envelope_header h;

	hand_header(n, &h, kind);
	return hand_ask_as(n, &h, payload, len);
}

static UNUSED uint32_t hand_refusal(struct hand *n)
{
	struct refusal r;

	assert_true(n->answered);
	assert_int_equal(n->header.kind, KIND_REFUSED);
	check_ok(codec_refusal_parse(n->payload, n->len, &r));
	return r.code;
}

static UNUSED void hand_invite(struct hand *n)
{
	char text[JOIN_CODE_TEXT];

	check_ok(hub_invite(n->w->hub, n->region, 24, text));
	check_ok(join_code_parse(text, &n->code));
}

static UNUSED int hand_join(struct hand *n)
{
	struct join j = {.network_kind = n->w->kind,
			 .wire_version = WIRE_VERSION};
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	memcpy(j.region, n->region, sizeof j.region);
	memcpy(j.sign_pk, n->keys.sign_pk, 32);
	memcpy(j.box_pk, n->keys.box_pk, 32);
	memcpy(j.secret, n->code.secret, sizeof j.secret);
	check_ok(codec_join(&j, &bytes, &len));
	kind = hand_ask(n, KIND_JOIN, bytes, len);
	mem_free(bytes);
	return kind;
}

/* Made, invited, joined. */
static UNUSED void hand_joined(struct hand *n, struct world *w,
			       const char *region)
{
	hand_init(n, w, region);
	hand_invite(n);
	assert_int_equal(hand_join(n), KIND_JOINED);
}

/* An empty release of referrals_90d. */
static UNUSED void hand_release(struct hand *n, struct release *r,
				int32_t closing, uint32_t version)
{
	const struct fact_table *t = n->w->table;

	memset(r, 0, sizeof *r);
	snprintf(r->key.table, sizeof r->key.table, "%s", t->id);
	r->key.closing = closing;
	r->key.epoch = n->epoch;
	r->key.version = version;
	memcpy(r->region, n->region, sizeof r->region);
	r->table_version = (uint32_t)t->version;
	memcpy(r->table_hash, t->hash, 32);
	r->vocabulary =
		(uint32_t)vocabulary_version(catalogue_vocabulary(n->w->cat));
	r->policy = n->w->hub->policy.number;
	r->floor = n->w->hub->policy.floor;
}

/* Add a block that covers its lattice point whole; two counts, more follow by
 * hand. Returns it; valid until the next one is added. */
static UNUSED struct group *add_block(const struct fact_table *t,
				      struct release *r, int view, int step,
				      int32_t month, int stratum, uint32_t a,
				      uint32_t b)
{
	struct group *g;

	r->group = mem_realloc(r->group,
			       (size_t)(r->n_groups + 1) * sizeof *r->group);
	assert_non_null(r->group);
	g = &r->group[r->n_groups++];
	memset(g, 0, sizeof *g);
	g->view = (uint8_t)view;
	g->step = (uint8_t)step;
	g->period = period_of(month, t->view[view].step[step].months);
	g->stratum = (struct stratum){t->view[view].step[step].level, stratum};
	g->cells = lattice_cells(&t->dim, lattice_half(month), g->period,
				 g->stratum);
	g->n = (uint8_t)t->view[view].n_outcomes;
	g->count[0] = a;
	g->count[1] = b;
	return g;
}

/* Deliver @r as entry @seq of a ledger; the kind of the answer. */
static UNUSED int hand_deliver(struct hand *n, const struct release *r,
			       uint64_t seq)
{
	struct parcel p = {.ledger_seq = seq};
	struct delivery d = {1, &p};
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	memset(p.ledger_head, (int)seq, DIGEST);
	check_ok(codec_release(r, &p.release, &p.len));
	check_ok(codec_delivery(&d, &bytes, &len));
	mem_free(p.release);
	kind = hand_ask(n, KIND_RELEASE, bytes, len);
	mem_free(bytes);
	return kind;
}

#endif
