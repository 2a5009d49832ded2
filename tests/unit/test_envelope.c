#include "tests/lib/check.h"

#include <sodium.h>
#include <sys/stat.h>

#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "proto/envelope.h"
#include "tests/lib/scratch.h"

static const char payload[] = "thirty-one bytes of a release.";

/* Where the envelope has what; the layout in envelope.h, counted by hand. */
enum {
	VERSION = 4,
	KIND = 5,
	ZERO = 6,
	NETWORK = 8,
	SENDER = 24,
	REGION = 56,
	TO = 84,
	REST = 108,
	EPH = 128,
	NONCE = 160,
	CIPHER = 184,
	SIG = ENVELOPE_SIZE - 64
};

struct fix {
	struct rng_seeded rng;
	struct keys node, hub, other;
	struct envelope_header h;
	unsigned char env[ENVELOPE_SIZE], buf[ENVELOPE_SIZE];
	char *dir;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	rand_seed(&f->rng, 7);
	keys_make(&f->node, &f->rng.base);
	keys_make(&f->hub, &f->rng.base);
	keys_make(&f->other, &f->rng.base);
	f->h.version = WIRE_FIRST;
	f->h.kind = KIND_RELEASE;
	memset(f->h.network, 5, NETWORK_ID);
	memcpy(f->h.region, "eastern", 8);
	f->h.epoch = 0x01020304;
	memset(f->h.request, 6, REQUEST_ID);
	check_ok(envelope_seal(f->env, &f->h, payload, sizeof payload, &f->node,
			       f->hub.box_pk, &f->rng.base));
	f->dir = scratch_new();
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

static int open_env(struct fix *f, const struct keys *mine)
{
	const unsigned char *p = NULL;
	size_t len;
	int r = envelope_open(f->env, ENVELOPE_SIZE, mine, f->buf, &p, &len);

	if (r == 0) {
		assert_int_equal(len, sizeof payload);
		assert_memory_equal(p, payload, len);
	}
	return r;
}

/* What every receiver does, in the order of envelope.h. */
static int receive(struct fix *f)
{
	struct envelope_header h;
	int r = envelope_peek(f->env, ENVELOPE_SIZE, &h);

	if (r == 0)
		r = envelope_verify(f->env, ENVELOPE_SIZE);
	return r == 0 ? open_env(f, &f->hub) : r;
}

/* Sign whatever the envelope now is, as @by: a forger who has a key. */
static void sign_again(struct fix *f, const struct keys *by)
{
	unsigned char tbs[13 + CIPHER + 32];

	memcpy(tbs, "ccfed/v1/env", 13);
	memcpy(tbs + 13, f->env, CIPHER);
	crypto_generichash(tbs + 13 + CIPHER, 32, f->env + CIPHER, SIG - CIPHER,
			   NULL, 0);
	crypto_sign_detached(f->env + SIG, NULL, tbs, sizeof tbs, by->sign_sk);
}

static void an_envelope_arrives(void **state)
{
	struct fix *f = *state;
	struct envelope_header h;

	check_ok(receive(f));
	check_ok(envelope_peek(f->env, ENVELOPE_SIZE, &h));
	assert_int_equal(h.version, WIRE_FIRST);
	assert_int_equal(h.kind, KIND_RELEASE);
	assert_memory_equal(h.network, f->h.network, NETWORK_ID);
	assert_memory_equal(h.sender, f->node.sign_pk, 32);
	assert_string_equal(h.region, "eastern");
	assert_int_equal(h.epoch, 0x01020304);
	assert_memory_equal(h.to_key_id, f->h.to_key_id, 8);
	assert_memory_equal(h.request, f->h.request, REQUEST_ID);
	/* The layout is the wire's, not this compiler's. */
	assert_memory_equal(f->env, "CCF1\1\5\0\0", 8);
	assert_memory_equal(f->env + REGION, "eastern\0\0", 9);
	assert_memory_equal(f->env + REGION + 24, "\1\2\3\4", 4);
}

static void any_payload_fits_up_to_its_limit(void **state)
{
	struct fix *f = *state;
	static unsigned char big[ENVELOPE_PAYLOAD_MAX + 1];
	const unsigned char *p;
	size_t len;

	memset(big, 0xee, sizeof big);
	check_ok(envelope_seal(f->env, &f->h, NULL, 0, &f->node, f->hub.box_pk,
			       &f->rng.base));
	check_ok(envelope_open(f->env, ENVELOPE_SIZE, &f->hub, f->buf, &p,
			       &len));
	assert_int_equal(len, 0);
	check_ok(envelope_seal(f->env, &f->h, big, sizeof big - 1, &f->node,
			       f->hub.box_pk, &f->rng.base));
	check_ok(envelope_open(f->env, ENVELOPE_SIZE, &f->hub, f->buf, &p,
			       &len));
	assert_int_equal(len, ENVELOPE_PAYLOAD_MAX);
	assert_memory_equal(p, big, len);
	assert_int_equal(envelope_seal(f->env, &f->h, big, sizeof big, &f->node,
				       f->hub.box_pk, &f->rng.base),
			 E_TOOBIG);
	memcpy(f->h.region, "Eastern", 8);
	assert_int_equal(envelope_seal(f->env, &f->h, big, 1, &f->node,
				       f->hub.box_pk, &f->rng.base),
			 E_INVALID);
}

static void nothing_shows_through(void **state)
{
	struct fix *f = *state;
	static unsigned char again[ENVELOPE_SIZE];

	assert_null(memmem(f->env, ENVELOPE_SIZE, payload, 8));
	assert_null(memmem(f->env, ENVELOPE_SIZE, f->node.box_pk, 32));
	/* The same message twice has neither key nor nonce in common. */
	check_ok(envelope_seal(again, &f->h, payload, sizeof payload, &f->node,
			       f->hub.box_pk, &f->rng.base));
	assert_memory_not_equal(again + EPH, f->env + EPH, 32);
	assert_memory_not_equal(again + NONCE, f->env + NONCE, 24);
}

/* A cloned machine repeats its randomness, but not its messages: under one
 * key no nonce may come twice. */
static void repeated_randomness_gives_another_nonce(void **state)
{
	struct fix *f = *state;
	static unsigned char again[ENVELOPE_SIZE];
	struct rng_seeded clone = f->rng;

	check_ok(envelope_seal(f->env, &f->h, "a", 1, &f->node, f->hub.box_pk,
			       &f->rng.base));
	clone.base = f->rng.base;
	check_ok(envelope_seal(again, &f->h, "b", 1, &f->node, f->hub.box_pk,
			       &clone.base));
	assert_memory_equal(again + EPH, f->env + EPH, 32);
	assert_memory_not_equal(again + NONCE, f->env + NONCE, 24);
}

static void wrong_headers_are_refused(void **state)
{
	static const struct {
		int at, value;
		const char *says;
	} wrong[] = {
		{0, 'X', "not an envelope"},
		{VERSION, 3, "wire version 3"},
		{VERSION, 0, "wire version 0"},
		{KIND, 0, "kind 0"},
		{KIND, KIND_REFUSED + 1, "kind 12"},
		{ZERO, 1, "not zero"},
		{REST, 1, "not zero"},
		{EPH - 1, 1, "not zero"},
		{REGION, ' ', "the region"},
		{REGION + 7, 'x', ""}, /* a longer name, still a name */
		{REGION + 9, 'x', "the region"},
	};
	struct fix *f = *state;
	struct envelope_header h;

	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		unsigned char was = f->env[wrong[i].at];
		int r;

		f->env[wrong[i].at] = (unsigned char)wrong[i].value;
		r = envelope_peek(f->env, ENVELOPE_SIZE, &h);
		assert_int_equal(r, *wrong[i].says ? E_FORMAT : 0);
		if (r < 0)
			check_says(wrong[i].says);
		f->env[wrong[i].at] = was;
	}
	/* Version 2 has one kind more. */
	f->env[VERSION] = WIRE_BATCHES;
	f->env[KIND] = KIND_ANSWERS;
	check_ok(envelope_peek(f->env, ENVELOPE_SIZE, &h));
	assert_int_equal(h.version, WIRE_BATCHES);
	f->env[KIND] = KIND_ANSWERS + 1;
	assert_int_equal(envelope_peek(f->env, ENVELOPE_SIZE, &h), E_FORMAT);
	check_says("kind 13");
	f->env[KIND] = KIND_ANSWERS;
	memset(f->env + REGION, 'a', REGION_ID);
	assert_int_equal(envelope_peek(f->env, ENVELOPE_SIZE, &h), E_FORMAT);
}

static void wrong_lengths_are_refused(void **state)
{
	static const size_t len[] = {
		0, 1, 127, 128, ENVELOPE_SIZE - 1, ENVELOPE_SIZE + 1, SIZE_MAX};
	struct fix *f = *state;
	struct envelope_header h;
	const unsigned char *p;
	size_t n;

	for (size_t i = 0; i < sizeof len / sizeof len[0]; i++) {
		assert_int_equal(envelope_peek(f->env, len[i], &h), E_FORMAT);
		assert_int_equal(envelope_verify(f->env, len[i]), E_FORMAT);
		assert_int_equal(
			envelope_open(f->env, len[i], &f->hub, f->buf, &p, &n),
			E_FORMAT);
	}
}

static void forgeries_are_refused(void **state)
{
	struct fix *f = *state;
	struct rng_seeded rng;

	rand_seed(&rng, 99);
	for (int i = 0; i < 10000; i++) {
		uint32_t bit = rand_below(&rng.base, ENVELOPE_SIZE * 8);
		int r;

		f->env[bit / 8] ^= (unsigned char)(1u << bit % 8);
		r = receive(f);
		if (r != E_AUTH && r != E_FORMAT)
			fail_msg("a forgery of bit %u was accepted", bit);
		f->env[bit / 8] ^= (unsigned char)(1u << bit % 8);
	}
	check_ok(receive(f));
}

static void strangers_cannot_open(void **state)
{
	struct fix *f = *state;

	assert_int_equal(open_env(f, &f->other), E_AUTH);
	check_says("another key");
	assert_int_equal(open_env(f, &f->node), E_AUTH);
	check_ok(open_env(f, &f->hub));
}

/* Another node takes the sealed part and signs it as its own. */
static void a_stolen_seal_does_not_open(void **state)
{
	struct fix *f = *state;

	memcpy(f->env + SENDER, f->other.sign_pk, 32);
	sign_again(f, &f->other);
	check_ok(envelope_verify(f->env, ENVELOPE_SIZE));
	assert_int_equal(open_env(f, &f->hub), E_AUTH);
}

/* A sender may sign what it likes; the header is sealed with the payload. */
static void a_signed_change_does_not_open(void **state)
{
	static const int at[] = {KIND,	      NETWORK,	   REGION,
				 REGION + 24, REGION + 31, EPH,
				 NONCE,	      CIPHER,	   SIG - 1};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof at / sizeof at[0]; i++) {
		f->env[at[i]] ^= 1;
		sign_again(f, &f->node);
		check_ok(envelope_verify(f->env, ENVELOPE_SIZE));
		assert_int_equal(open_env(f, &f->hub), E_AUTH);
		f->env[at[i]] ^= 1;
	}
	f->env[TO] ^= 1;
	sign_again(f, &f->node);
	assert_int_equal(open_env(f, &f->hub), E_AUTH);
}

/* Points of small order: 0, 1, and two of order 8, little endian. */
static const char *const small_order[] = {
	"0000000000000000000000000000000000000000000000000000000000000000",
	"0100000000000000000000000000000000000000000000000000000000000000",
	"e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
	"5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
};

static void small_order_points_are_refused(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < 4; i++) {
		sodium_hex2bin(f->env + EPH, 32, small_order[i], 64, NULL, NULL,
			       NULL);
		sign_again(f, &f->node);
		check_ok(envelope_verify(f->env, ENVELOPE_SIZE));
		assert_int_equal(open_env(f, &f->hub), E_AUTH);
		check_says("ephemeral key");
		assert_int_equal(envelope_seal(f->buf, &f->h, "x", 1, &f->node,
					       f->env + EPH, &f->rng.base),
				 E_AUTH);
	}
}

/* With the identity as public key and as R, S = 0 signs any message, unless
 * small orders are refused. */
static void a_signature_for_every_message_is_refused(void **state)
{
	struct fix *f = *state;

	memset(f->env + SENDER, 0, 32);
	f->env[SENDER] = 1;
	memset(f->env + SIG, 0, 64);
	f->env[SIG] = 1;
	assert_int_equal(envelope_verify(f->env, ENVELOPE_SIZE), E_AUTH);
}

/* S + L is the same number to the curve, and another signature to a ledger. */
static void a_non_canonical_signature_is_refused(void **state)
{
	static const unsigned char order[32] = {
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58,
		0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
		0,    0,    0,	  0,	0,    0,    0,	  0,
		0,    0,    0,	  0,	0,    0,    0,	  0x10};
	struct fix *f = *state;
	unsigned carry = 0;

	check_ok(envelope_verify(f->env, ENVELOPE_SIZE));
	for (int i = 0; i < 32; i++) {
		carry += f->env[SIG + 32 + i] + order[i];
		f->env[SIG + 32 + i] = (unsigned char)carry;
		carry >>= 8;
	}
	assert_int_equal(envelope_verify(f->env, ENVELOPE_SIZE), E_AUTH);
}

/* A node that seals something behind its payload: made as envelope.c does,
 * with one byte of the padding set. */
static void padding_carries_nothing(void **state)
{
	struct fix *f = *state;
	unsigned char eph_sk[32] = {1}, shared[32], k[32];
	crypto_generichash_state s;
	const unsigned char *p;
	size_t n;

	for (int wrong = 0; wrong < 3; wrong++) {
		size_t plain_len = SIG - CIPHER - 16;

		crypto_scalarmult_base(f->env + EPH, eph_sk);
		assert_int_equal(
			crypto_scalarmult(shared, eph_sk, f->hub.box_pk), 0);
		crypto_generichash_init(&s, shared, 32, 32);
		crypto_generichash_update(&s, (const void *)"ccfed/v1/seal",
					  13);
		crypto_generichash_update(&s, f->env + EPH, 32);
		crypto_generichash_update(&s, f->hub.box_pk, 32);
		crypto_generichash_update(&s, f->env + SENDER, 32);
		crypto_generichash_update(&s, f->env + NETWORK, NETWORK_ID);
		crypto_generichash_final(&s, k, 32);
		memset(f->buf, 0, plain_len);
		f->buf[3] = 2;
		if (wrong == 1)
			f->buf[plain_len - 1] = 1;
		if (wrong == 2)
			f->buf[0] = 1;
		crypto_aead_xchacha20poly1305_ietf_encrypt(
			f->env + CIPHER, NULL, f->buf, plain_len, f->env,
			ENVELOPE_HEADER, NULL, f->env + NONCE, k);
		assert_int_equal(envelope_open(f->env, ENVELOPE_SIZE, &f->hub,
					       f->buf, &p, &n),
				 wrong ? E_FORMAT : 0);
	}
}

static void keys_are_kept_and_private(void **state)
{
	struct fix *f = *state;
	const char *path = scratch_path(f->dir, "keys");
	struct stat st;
	struct keys k;

	check_ok(keys_save(&f->node, disk_system(), path));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	check_ok(keys_load(&k, disk_system(), path));
	assert_memory_equal(&k, &f->node, sizeof k);
	keys_wipe(&k);
	assert_true(sodium_is_zero((unsigned char *)&k, sizeof k));
	SWEEP
	{
		int r = keys_load(&k, disk_system(), path);
		SWEEP_END(r);
	}
}

static void damaged_keys_are_refused(void **state)
{
	struct fix *f = *state;
	char *path = mem_strdup(scratch_path(f->dir, "damaged"));
	char *text = NULL;
	struct keys k;
	size_t len;

	check_ok(keys_save(&f->node, disk_system(), path));
	check_ok(disk_read(disk_system(), path, 4096, &text, &len));
	assert_true(strncmp(text, "ccfed keys 1", 12) == 0);
	for (size_t i = 0; i < len; i++) {
		text[i] ^= 1;
		check_ok(disk_write(disk_system(), path, text, len, 0600));
		assert_int_equal(keys_load(&k, disk_system(), path), E_FORMAT);
		text[i] ^= 1;
		if (i % 40 == 0) {
			check_ok(
				disk_write(disk_system(), path, text, i, 0600));
			assert_int_equal(keys_load(&k, disk_system(), path),
					 E_FORMAT);
		}
	}
	mem_free(text);
	text = mem_calloc(1, 9000);
	check_ok(disk_write(disk_system(), path, text, 9000, 0600));
	assert_int_equal(keys_load(&k, disk_system(), path), E_FORMAT);
	assert_int_equal(keys_load(&k, disk_system(), "/nowhere/keys"),
			 E_NOTFOUND);
	mem_free(text);
	mem_free(path);
}

static void a_fingerprint_is_forty_digits(void **state)
{
	struct fix *f = *state;
	char a[48], b[48];

	keys_fingerprint(f->hub.sign_pk, f->hub.box_pk, a);
	assert_int_equal(strlen(a), 47);
	for (int i = 0; i < 47; i++)
		if (i % 6 == 5)
			assert_int_equal(a[i], ' ');
		else
			assert_true(a[i] >= '0' && a[i] <= '9');
	keys_fingerprint(f->hub.sign_pk, f->node.box_pk, b);
	assert_string_not_equal(a, b);
	keys_fingerprint(f->node.sign_pk, f->hub.box_pk, b);
	assert_string_not_equal(a, b);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(an_envelope_arrives),
		TEST(any_payload_fits_up_to_its_limit),
		TEST(nothing_shows_through),
		TEST(repeated_randomness_gives_another_nonce),
		TEST(wrong_headers_are_refused),
		TEST(wrong_lengths_are_refused),
		TEST(forgeries_are_refused),
		TEST(strangers_cannot_open),
		TEST(a_stolen_seal_does_not_open),
		TEST(a_signed_change_does_not_open),
		TEST(small_order_points_are_refused),
		TEST(a_signature_for_every_message_is_refused),
		TEST(a_non_canonical_signature_is_refused),
		TEST(padding_carries_nothing),
		TEST(keys_are_kept_and_private),
		TEST(damaged_keys_are_refused),
		TEST(a_fingerprint_is_forty_digits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
