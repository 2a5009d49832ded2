#include "tests/lib/check.h"

#include <sodium.h>

#include "daemon/core/rand.h"
#include "proto/codec.h"
#include "proto/envelope.h"

/* Encode, decode, and sweep the allocations of both. */
#define ROUND_TRIP(what, in, out)                                         \
	do {                                                              \
		unsigned char *to = NULL;                                 \
		size_t to_len = 0;                                        \
                                                                          \
		SWEEP                                                     \
		{                                                         \
			int r = codec_##what(&(in), &to, &to_len);        \
			SWEEP_END(r);                                     \
		}                                                         \
		SWEEP                                                     \
		{                                                         \
			int r = codec_##what##_parse(to, to_len, &(out)); \
			SWEEP_END(r);                                     \
		}                                                         \
		mem_free(to);                                             \
	} while (0)

static const struct release_key some_key = {"referrals_90d", 2026 * 12 + 8, 2,
					    7};

static void fill(void *p, size_t len, int with)
{
	memset(p, with, len);
}

static void join_comes_back(void **state)
{
	struct join a = {.region = "eastern",
			 .network_kind = NETWORK_SYNTHETIC,
			 .wire_version = WIRE_VERSION},
		    b;

	fill(a.sign_pk, 32, 1);
	fill(a.box_pk, 32, 2);
	fill(a.secret, 20, 3);
	ROUND_TRIP(join, a, b);
	assert_memory_equal(&a, &b, sizeof a);
	snprintf(a.region, sizeof a.region, "%s", "Eastern");
	assert_int_equal(codec_join(&a, &(unsigned char *){NULL}, &(size_t){0}),
			 E_FORMAT);
}

static void joined_comes_back(void **state)
{
	static struct joined a, b;
	unsigned char *bytes = NULL;
	size_t len;

	a.epoch = 3;
	snprintf(a.region_title, sizeof a.region_title, "%s", "R\xc3\xa9gion");
	a.policy_len = POLICY_BYTES_MAX;
	fill(a.policy, POLICY_BYTES_MAX, 4);
	fill(a.policy_sig, 64, 5);
	a.hub_utc_ms = -1;
	ROUND_TRIP(joined, a, b);
	assert_memory_equal(&a, &b, sizeof a);
	a.policy_len = 0;
	assert_int_equal(codec_joined(&a, &bytes, &len), E_FORMAT);
	a.policy_len = 1;
	snprintf(a.region_title, sizeof a.region_title, "%s", "\xc3");
	assert_int_equal(codec_joined(&a, &bytes, &len), E_FORMAT);
	check_says("plain UTF-8");
	snprintf(a.region_title, sizeof a.region_title, "%s", "two\nlines");
	assert_int_equal(codec_joined(&a, &bytes, &len), E_FORMAT);
}

static void a_full_page_fits_an_envelope(void **state)
{
	struct inventory m = {.n = PAGE_MAX}, out;
	unsigned char *bytes = NULL;
	size_t len;

	m.entry = mem_calloc(PAGE_MAX, sizeof *m.entry);
	memset(m.from_table, 'z', CATALOGUE_ID - 1);
	memset(m.to_table, 'z', CATALOGUE_ID - 1);
	m.from_closing = m.to_closing = 2200 * 12;
	for (int i = 0; i < PAGE_MAX; i++) {
		struct release_key *k = &m.entry[i].key;

		memset(k->table, 'z', CATALOGUE_ID - 1);
		k->closing = 2200 * 12;
		k->epoch = 300;
		k->version = 1000 + (uint32_t)i;
		memset(m.entry[i].digest, i, DIGEST);
	}
	check_ok(codec_inventory(&m, &bytes, &len));
	assert_true(len <= ENVELOPE_PAYLOAD_MAX);
	check_ok(codec_inventory_parse(bytes, len, &out));
	assert_int_equal(out.n, PAGE_MAX);
	assert_int_equal(out.entry[699].key.version, 1699);
	assert_memory_equal(out.entry[699].digest, m.entry[699].digest, DIGEST);
	inventory_fini(&out);
	mem_free(bytes);
	m.n = PAGE_MAX + 1;
	assert_int_equal(codec_inventory(&m, &bytes, &len), E_FORMAT);
	inventory_fini(&m);
}

static void inventory_comes_back(void **state)
{
	struct inventory_entry e[2] = {{.key = some_key}, {.key = some_key}};
	struct inventory a = {.from_table = "referrals_90d",
			      .from_closing = 24000,
			      .look_only = 1,
			      .catalogue = 2,
			      .node_utc_ms = 1790000000000,
			      .n = 2,
			      .entry = e};
	struct inventory b;

	e[1].key.version = 8;
	fill(e[0].digest, DIGEST, 9);
	ROUND_TRIP(inventory, a, b);
	assert_string_equal(b.from_table, a.from_table);
	assert_string_equal(b.to_table, "");
	assert_int_equal(b.from_closing, 24000);
	assert_int_equal(b.look_only, 1);
	assert_int_equal(b.catalogue, 2);
	assert_true(b.node_utc_ms == a.node_utc_ms);
	assert_int_equal(b.n, 2);
	assert_memory_equal(b.entry, e, sizeof e);
	inventory_fini(&b);
	inventory_fini(&b);

	a.n = 0;
	a.entry = NULL;
	ROUND_TRIP(inventory, a, b);
	assert_int_equal(b.n, 0);
	assert_null(b.entry);
}

static void welcome_comes_back(void **state)
{
	static struct welcome a, b;
	struct release_key k[3] = {some_key, some_key, some_key};
	struct inventory_entry e = {.key = some_key};
	unsigned char *bytes = NULL;
	size_t len;

	a.epoch = 4;
	a.hub_utc_ms = 1;
	a.policy_number = 2;
	a.n_lacks = 2;
	a.lacks = k;
	a.n_forgotten = 1;
	a.forgotten = &e;
	a.n_differs = 1;
	a.differs = k + 2;
	ROUND_TRIP(welcome, a, b);
	assert_int_equal(b.policy_len, 0);
	assert_int_equal(b.n_lacks, 2);
	assert_memory_equal(b.lacks, k, 2 * sizeof k[0]);
	assert_int_equal(b.n_forgotten, 1);
	assert_memory_equal(b.forgotten, &e, sizeof e);
	assert_int_equal(b.n_differs, 1);
	welcome_fini(&b);

	a.policy_len = 3;
	fill(a.policy, 3, 7);
	fill(a.policy_sig, 64, 8);
	ROUND_TRIP(welcome, a, b);
	assert_int_equal(b.policy_len, 3);
	assert_memory_equal(b.policy, a.policy, 3);
	assert_memory_equal(b.policy_sig, a.policy_sig, 64);
	welcome_fini(&b);

	snprintf(k[1].table, sizeof k[1].table, "%s", "no id");
	assert_int_equal(codec_welcome(&a, &bytes, &len), E_FORMAT);
	a.policy_len = POLICY_BYTES_MAX + 1;
	assert_int_equal(codec_welcome(&a, &bytes, &len), E_FORMAT);
}

static void delivery_comes_back(void **state)
{
	unsigned char release[3] = {1, 2, 3}, *bytes = NULL;
	struct parcel p[DELIVERY_MAX + 1];
	struct delivery a = {DELIVERY_MAX, p}, b;
	size_t len;

	for (int i = 0; i <= DELIVERY_MAX; i++) {
		p[i] = (struct parcel){.ledger_seq = 5 + (uint64_t)i,
				       .release = release,
				       .len = 1 + (size_t)i % 3};
		fill(p[i].ledger_head, DIGEST, i);
	}
	for (a.n = 1; a.n <= DELIVERY_MAX; a.n += DELIVERY_MAX - 1) {
		ROUND_TRIP(delivery, a, b);
		assert_int_equal(b.n, a.n);
		for (int i = 0; i < a.n; i++) {
			assert_true(b.parcel[i].ledger_seq == p[i].ledger_seq);
			assert_int_equal(b.parcel[i].len, p[i].len);
			assert_memory_equal(b.parcel[i].release, release,
					    p[i].len);
			assert_memory_equal(b.parcel[i].ledger_head,
					    p[i].ledger_head, DIGEST);
		}
		delivery_fini(&b);
		delivery_fini(&b);
	}
	a.n = DELIVERY_MAX + 1;
	assert_int_equal(codec_delivery(&a, &bytes, &len), E_FORMAT);
	a.n = 0;
	assert_int_equal(codec_delivery(&a, &bytes, &len), E_FORMAT);
	a.n = 2;
	p[1].ledger_seq = UINT64_MAX;
	assert_int_equal(codec_delivery(&a, &bytes, &len), E_FORMAT);
	p[1].ledger_seq = 0;
	assert_int_equal(codec_delivery(&a, &bytes, &len), E_FORMAT);
	p[1].ledger_seq = 1;
	p[1].len = 0;
	assert_int_equal(codec_delivery(&a, &bytes, &len), E_FORMAT);
}

/* More parcels than there may be, and the smallest that there are: refused
 * before any is unpacked. */
static void crowded_delivery_is_refused(void **state)
{
	static unsigned char bytes[ENVELOPE_PAYLOAD_MAX];
	struct delivery d;
	struct answers a;

	for (size_t i = 0; i + 1 < sizeof bytes; i += 2) {
		bytes[i] = 4 << 3 | 2;
		bytes[i + 1] = 0;
	}
	assert_int_equal(codec_delivery_parse(bytes, sizeof bytes / 2 * 2, &d),
			 E_FORMAT);
	check_says("over 130 fields");
	for (size_t i = 0; i + 1 < sizeof bytes; i += 2)
		bytes[i] = 2 << 3 | 2;
	assert_int_equal(codec_answers_parse(bytes, sizeof bytes / 2 * 2, &a),
			 E_FORMAT);
	check_says("over 129 fields");
}

static void answers_come_back(void **state)
{
	static struct delivered x[DELIVERY_MAX];
	struct answers a = {1795000000000, DELIVERY_MAX, x}, b;
	unsigned char *bytes = NULL;
	size_t len;

	for (int i = 0; i < DELIVERY_MAX; i++) {
		struct receipt *rc = &x[i].receipt;

		x[i].taken = i % 3 != 1;
		if (x[i].taken) {
			/* As long as there may be. */
			memset(rc->region, 'r', sizeof rc->region - 1);
			memset(rc->key.table, 't', sizeof rc->key.table - 1);
			rc->key.closing = 2200 * 12;
			rc->key.epoch = rc->key.version = UINT32_MAX;
			rc->ledger_seq = INT64_MAX;
			rc->hub_utc_ms = INT64_MIN;
			fill(rc->sig, sizeof rc->sig, i);
		} else {
			x[i].refusal.code = REFUSED_CONFLICT;
			memset(x[i].refusal.why, 'w',
			       sizeof x[i].refusal.why - 1);
		}
	}
	ROUND_TRIP(answers, a, b);
	assert_int_equal(b.n, DELIVERY_MAX);
	assert_true(b.hub_utc_ms == a.hub_utc_ms);
	assert_memory_equal(b.answer, x, sizeof x);
	answers_fini(&b);
	answers_fini(&b);
	check_ok(codec_answers(&a, &bytes, &len));
	assert_true(len <= ENVELOPE_PAYLOAD_MAX);
	mem_free(bytes);
	a.n = 0;
	assert_int_equal(codec_answers(&a, &bytes, &len), E_FORMAT);
	a.n = DELIVERY_MAX + 1;
	assert_int_equal(codec_answers(&a, &bytes, &len), E_FORMAT);
	a.n = 2;
	x[1].refusal.code = 0;
	assert_int_equal(codec_answers(&a, &bytes, &len), E_FORMAT);
	/* An answer that is neither, and one that is both. */
	assert_int_equal(
		codec_answers_parse((const unsigned char *)"\x12\0", 2, &b),
		E_FORMAT);
}

/* What version 1 wrote, byte by byte: such nodes and hubs are out there. */
static void version_1_is_still_read(void **state)
{
#define SIXES "\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06\x06"
#define FIVES "\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05\x05"
#define KEY                                                            \
	"\x0a\x0d\x72\x65\x66\x65\x72\x72\x61\x6c\x73\x5f\x39\x30\x64" \
	"\x10\x80\xbe\x01\x18\x02\x20\x07"
#define NOW "\x80\xbc\xd9\xf2\x9e\x34"
	static const char delivery[] = "\x08\xac\x02\x12\x20" SIXES SIXES
				       "\x1a\x03\x01\x02\x03";
	static const char inventory[] = "\x0a\x01\x61\x10\x01\x30\x09\x38" NOW
					"\x42\x3b\x0a\x17" KEY
					"\x12\x20" FIVES FIVES;
	static const char welcome[] = "\x08\x04\x10" NOW "\x18\x02\x32\x17" KEY;
#define AGAIN(what)                                                        \
	do {                                                               \
		unsigned char *to = NULL;                                  \
		size_t len = 0;                                            \
                                                                           \
		check_ok(codec_##what##_parse((const unsigned char *)what, \
					      sizeof what - 1, &x.what));  \
		check_ok(codec_##what(&x.what, &to, &len));                \
		assert_int_equal(len, sizeof what - 1);                    \
		assert_memory_equal(to, what, len);                        \
		mem_free(to);                                              \
	} while (0)
	static struct {
		struct delivery delivery;
		struct inventory inventory;
		struct welcome welcome;
	} x;

	AGAIN(delivery);
	assert_int_equal(x.delivery.n, 1);
	assert_int_equal(x.delivery.parcel[0].ledger_seq, 300);
	assert_memory_equal(x.delivery.parcel[0].release, "\1\2\3", 3);
	delivery_fini(&x.delivery);
	AGAIN(inventory);
	assert_int_equal(x.inventory.speaks, 0);
	assert_memory_equal(&x.inventory.entry[0].key, &some_key,
			    sizeof some_key);
	inventory_fini(&x.inventory);
	AGAIN(welcome);
	assert_int_equal(x.welcome.speaks, 0);
	assert_memory_equal(x.welcome.lacks, &some_key, sizeof some_key);
	welcome_fini(&x.welcome);
}

static void key_comes_back(void **state)
{
	struct release_key b;

	ROUND_TRIP(key, some_key, b);
	assert_memory_equal(&b, &some_key, sizeof b);
}

static void receipt_is_the_hubs_alone(void **state)
{
	/* Static: bytes between the members are zero, so it can be compared
	 * whole. */
	static struct receipt a = {
		.region = "eastern", .ledger_seq = 9, .hub_utc_ms = 77};
	struct receipt b;
	struct rng_seeded rng;
	struct keys hub, other;

	rand_seed(&rng, 1);
	keys_make(&hub, &rng.base);
	keys_make(&other, &rng.base);
	a.key = some_key;
	fill(a.digest, DIGEST, 1);
	fill(a.ledger_head, DIGEST, 2);
	SWEEP
	{
		int r = receipt_sign(&a, hub.sign_sk);
		SWEEP_END(r);
	}
	ROUND_TRIP(receipt, a, b);
	assert_memory_equal(&a, &b, sizeof a);
	check_ok(receipt_verify(&b, hub.sign_pk));
	assert_int_equal(receipt_verify(&b, other.sign_pk), E_AUTH);
	b.key.version++;
	assert_int_equal(receipt_verify(&b, hub.sign_pk), E_AUTH);
	b = a;
	b.region[0] = 'w';
	assert_int_equal(receipt_verify(&b, hub.sign_pk), E_AUTH);
	b = a;
	b.ledger_seq++;
	assert_int_equal(receipt_verify(&b, hub.sign_pk), E_AUTH);
	b = a;
	b.sig[63] ^= 1;
	assert_int_equal(receipt_verify(&b, hub.sign_pk), E_AUTH);
	b.region[0] = 'W';
	assert_int_equal(receipt_verify(&b, hub.sign_pk), E_FORMAT);
}

/* What is signed is the domain, its NUL and the bytes: other programs and
 * later versions must find the same. */
static void a_signature_names_its_domain(void **state)
{
	struct receipt a = {.region = "eastern", .key = some_key};
	unsigned char *bytes = NULL, sig[64], all[400];
	struct rng_seeded rng;
	struct keys hub;
	size_t len;

	rand_seed(&rng, 3);
	keys_make(&hub, &rng.base);
	check_ok(receipt_sign(&a, hub.sign_sk));
	check_ok(codec_receipt(&a, &bytes, &len));
	assert_true(17 + len - 66 <= sizeof all);
	memcpy(all, "ccfed/v1/receipt", 17);
	memcpy(all + 17, bytes, len - 66);
	assert_int_equal(crypto_sign_verify_detached(a.sig, all, 17 + len - 66,
						     hub.sign_pk),
			 0);
	mem_free(bytes);
	check_ok(
		policy_sign((const unsigned char *)"abc", 3, hub.sign_sk, sig));
	assert_int_equal(crypto_sign_verify_detached(
				 sig,
				 (const unsigned char *)"ccfed/v1/policy\0abc",
				 19, hub.sign_pk),
			 0);
}

/* The same bytes signed as a policy are no receipt, and the other way. */
static void a_signature_has_one_purpose(void **state)
{
	struct receipt a = {.region = "eastern", .key = some_key}, bare;
	unsigned char *bytes = NULL, sig[64];
	struct rng_seeded rng;
	struct keys hub;
	size_t len;

	rand_seed(&rng, 2);
	keys_make(&hub, &rng.base);
	check_ok(receipt_sign(&a, hub.sign_sk));
	check_ok(codec_receipt(&a, &bytes, &len));
	/* Without its last field, the signature: tag, length, 64 bytes. */
	check_ok(policy_sign(bytes, len - 66, hub.sign_sk, sig));
	check_ok(policy_verify(bytes, len - 66, sig, hub.sign_pk));
	bare = a;
	memcpy(bare.sig, sig, sizeof sig);
	assert_int_equal(receipt_verify(&bare, hub.sign_pk), E_AUTH);
	assert_int_equal(policy_verify(bytes, len - 66, a.sig, hub.sign_pk),
			 E_AUTH);
	assert_int_equal(policy_verify(bytes, len - 67, sig, hub.sign_pk),
			 E_AUTH);
	mem_free(bytes);
}

static void heartbeat_and_alive_come_back(void **state)
{
	struct heartbeat a = {.node_utc_ms = INT64_MIN,
			      .waiting = 3,
			      .version = "0.1.0-rc1"},
			 b;
	struct alive c = {.hub_utc_ms = 4, .policy_number = 5, .say_hello = 1},
		     d;
	unsigned char *bytes = NULL;
	size_t len;

	ROUND_TRIP(heartbeat, a, b);
	assert_true(b.node_utc_ms == INT64_MIN);
	assert_int_equal(b.waiting, 3);
	assert_string_equal(b.version, "0.1.0-rc1");
	ROUND_TRIP(alive, c, d);
	assert_true(d.hub_utc_ms == 4);
	assert_int_equal(d.policy_number, 5);
	assert_int_equal(d.say_hello, 1);
	snprintf(a.version, sizeof a.version, "%s", "Maria Lopez");
	assert_int_equal(codec_heartbeat(&a, &bytes, &len), E_FORMAT);
	memset(a.version, '1', sizeof a.version);
	assert_int_equal(codec_heartbeat(&a, &bytes, &len), E_FORMAT);
}

static void refusal_comes_back_and_has_advice(void **state)
{
	struct refusal a = {.code = REFUSED_FLOOR, .why = "cell of 3"}, b;
	unsigned char *bytes = NULL;
	size_t len;

	ROUND_TRIP(refusal, a, b);
	assert_memory_equal(&a, &b, sizeof a);
	for (uint32_t code = 0; code <= REFUSED_LATER + 1; code++)
		assert_true(strlen(refusal_text(code)) > 20);
	a.code = REFUSED_LATER + 1;
	assert_int_equal(codec_refusal(&a, &bytes, &len), E_FORMAT);
	a.code = REFUSED_LATER;
	snprintf(a.why, sizeof a.why, "%s", "red \x1b[31m");
	assert_int_equal(codec_refusal(&a, &bytes, &len), E_FORMAT);
	snprintf(a.why, sizeof a.why, "%s", "\xc2\x85");
	assert_int_equal(codec_refusal(&a, &bytes, &len), E_FORMAT);
}

static void policy_comes_back(void **state)
{
	struct policy a, b;
	unsigned char *bytes = NULL;
	size_t len;

	policy_defaults(&a, NETWORK_REAL, "Connecticut");
	a.review = true;
	snprintf(a.agreement, sizeof a.agreement, "%s", "DUA 2026-1");
	a.withdrawal = POLICY_UNCOUNTED;
	ROUND_TRIP(policy, a, b);
	assert_int_equal(b.withdrawal, POLICY_UNCOUNTED);
	assert_int_equal(b.number, a.number);
	assert_int_equal(b.kind, NETWORK_REAL);
	assert_int_equal(b.floor, 11);
	assert_string_equal(b.zone, a.zone);
	assert_string_equal(b.network, a.network);
	assert_string_equal(b.agreement, a.agreement);
	assert_true(b.review);
	assert_int_equal(b.keep_years, a.keep_years);
	/* A hub that was taken over must not talk a node out of the floor. */
	check_ok(codec_policy(&a, &bytes, &len));
	assert_true(len < POLICY_BYTES_MAX);
	assert_int_equal(bytes[4], 0x18);
	bytes[5] = 5;
	check_ok(codec_policy_parse(bytes, len, &b));
	mem_free(bytes);
	bytes = NULL;
	a.agreement[0] = '\0';
	check_ok(codec_policy(&a, &bytes, &len));
	bytes[5] = 5;
	assert_int_equal(codec_policy_parse(bytes, len, &b), E_INVALID);
	check_says("data use agreement");
	mem_free(bytes);
}

/* What policies of before say, who do not have the field, is its first word;
 * and nothing else says that. */
static void a_policy_without_the_word_counts(void **state)
{
	unsigned char *bytes = NULL;
	struct policy a, b;
	size_t len;

	policy_defaults(&a, NETWORK_REAL, "Connecticut");
	check_ok(codec_policy(&a, &bytes, &len));
	check_ok(codec_policy_parse(bytes, len, &b));
	assert_int_equal(b.withdrawal, POLICY_COUNTED);
	/* The field before it, of number 10, is the last one there. */
	assert_int_equal(bytes[len - 2], 0x50);
	mem_free(bytes);
	a.withdrawal = POLICY_UNCOUNTED;
	bytes = NULL;
	check_ok(codec_policy(&a, &bytes, &len));
	assert_int_equal(bytes[len - 2], 0x58);
	for (unsigned char i = 0; i < 5; i++) {
		bytes[len - 1] = i;
		assert_int_equal(codec_policy_parse(bytes, len, &b),
				 i == POLICY_UNCOUNTED ? 0 : E_FORMAT);
	}
	mem_free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(join_comes_back),
		cmocka_unit_test(joined_comes_back),
		cmocka_unit_test(a_full_page_fits_an_envelope),
		cmocka_unit_test(inventory_comes_back),
		cmocka_unit_test(welcome_comes_back),
		cmocka_unit_test(delivery_comes_back),
		cmocka_unit_test(crowded_delivery_is_refused),
		cmocka_unit_test(answers_come_back),
		cmocka_unit_test(version_1_is_still_read),
		cmocka_unit_test(key_comes_back),
		cmocka_unit_test(receipt_is_the_hubs_alone),
		cmocka_unit_test(a_signature_names_its_domain),
		cmocka_unit_test(a_signature_has_one_purpose),
		cmocka_unit_test(heartbeat_and_alive_come_back),
		cmocka_unit_test(refusal_comes_back_and_has_advice),
		cmocka_unit_test(policy_comes_back),
		cmocka_unit_test(a_policy_without_the_word_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
