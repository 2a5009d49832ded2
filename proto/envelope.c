#include "proto/envelope.h"

#include <sodium.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/rand.h"

/* Where things are in the header, and in the envelope. */
enum {
	AT_VERSION = 4,
	AT_KIND = 5,
	AT_ZERO = 6,
	AT_NETWORK = 8,
	AT_SENDER = AT_NETWORK + NETWORK_ID,
	AT_REGION = AT_SENDER + 32,
	AT_EPOCH = AT_REGION + REGION_ID,
	AT_TO = AT_EPOCH + 4,
	AT_REQUEST = AT_TO + 8,
	AT_REST = AT_REQUEST + REQUEST_ID,
	AT_EPH = ENVELOPE_HEADER,
	AT_NONCE = AT_EPH + 32,
	AT_CIPHER = AT_NONCE + 24,
	AT_SIG = ENVELOPE_SIZE - 64,
	CIPHER = AT_SIG - AT_CIPHER,
	PLAIN = CIPHER - 16,
};

_Static_assert(AT_REST + 20 == ENVELOPE_HEADER, "the header has its size");
_Static_assert(PLAIN == ENVELOPE_PAYLOAD_MAX + 4, "the payload has its size");

static const char seal_domain[] = "ccfed/v1/seal";
static const char env_domain[] = "ccfed/v1/env";

static void put_u32(unsigned char *p, uint32_t v)
{
	p[0] = (unsigned char)(v >> 24);
	p[1] = (unsigned char)(v >> 16);
	p[2] = (unsigned char)(v >> 8);
	p[3] = (unsigned char)v;
}

static uint32_t get_u32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static void key_id(const unsigned char box_pk[32], unsigned char out[8])
{
	unsigned char hash[32];

	crypto_generichash(hash, sizeof hash, box_pk, 32, NULL, 0);
	memcpy(out, hash, 8);
}

/* An id of the wire and zeros to the end; empty where there is no region. */
static int check_region(const unsigned char *p)
{
	size_t len = strnlen((const char *)p, REGION_ID);

	for (size_t i = 0; i < len; i++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_-", p[i]))
			return -1;
	if (len == REGION_ID || !sodium_is_zero(p + len, REGION_ID - len))
		return -1;
	return 0;
}

static void put_header(unsigned char *p, const struct envelope_header *h)
{
	memset(p, 0, ENVELOPE_HEADER);
	memcpy(p, "CCF1", 4);
	p[AT_VERSION] = h->version;
	p[AT_KIND] = h->kind;
	memcpy(p + AT_NETWORK, h->network, NETWORK_ID);
	memcpy(p + AT_SENDER, h->sender, 32);
	memcpy(p + AT_REGION, h->region, strnlen(h->region, REGION_ID));
	put_u32(p + AT_EPOCH, h->epoch);
	memcpy(p + AT_TO, h->to_key_id, 8);
	memcpy(p + AT_REQUEST, h->request, REQUEST_ID);
}

/* @shared is X25519 of one side's secret and the other's public key. */
static void derive_key(unsigned char k[32], const unsigned char shared[32],
		       const unsigned char *env, const unsigned char to_pk[32])
{
	crypto_generichash_state s;

	crypto_generichash_init(&s, shared, 32, 32);
	crypto_generichash_update(&s, (const unsigned char *)seal_domain,
				  sizeof seal_domain - 1);
	crypto_generichash_update(&s, env + AT_EPH, 32);
	crypto_generichash_update(&s, to_pk, 32);
	crypto_generichash_update(&s, env + AT_SENDER, 32);
	crypto_generichash_update(&s, env + AT_NETWORK, NETWORK_ID);
	crypto_generichash_final(&s, k, 32);
	sodium_memzero(&s, sizeof s);
}

enum { SIGNED = sizeof env_domain + ENVELOPE_HEADER + 32 + 24 + 32 };

/* The domain with its NUL, what precedes the ciphertext, and its hash. */
static void signed_bytes(unsigned char out[SIGNED], const unsigned char *env)
{
	unsigned char *p = out;

	memcpy(p, env_domain, sizeof env_domain);
	p += sizeof env_domain;
	memcpy(p, env, AT_CIPHER);
	p += AT_CIPHER;
	crypto_generichash(p, 32, env + AT_CIPHER, CIPHER, NULL, 0);
}

/* The zeros behind the payload follow from its length: hashing them too would
 * only cost as much as a signature. */
static void derive_nonce(unsigned char nonce[24], const unsigned char k[32],
			 const unsigned char *env, const unsigned char *plain,
			 size_t used, struct rng *rng)
{
	crypto_generichash_state s;
	unsigned char random[32];

	rand_bytes(rng, random, sizeof random);
	crypto_generichash_init(&s, k, 32, 24);
	crypto_generichash_update(&s, random, sizeof random);
	crypto_generichash_update(&s, env, ENVELOPE_HEADER);
	crypto_generichash_update(&s, plain, used);
	crypto_generichash_final(&s, nonce, 24);
	sodium_memzero(&s, sizeof s);
	sodium_memzero(random, sizeof random);
}

int envelope_seal(unsigned char out[ENVELOPE_SIZE], struct envelope_header *h,
		  const void *payload, size_t len, const struct keys *from,
		  const unsigned char to_box_pk[32], struct rng *rng)
{
	unsigned char eph_sk[32], shared[32], k[32], tbs[SIGNED];
	unsigned char *plain = out + AT_CIPHER;
	int r = 0;

	if (len > ENVELOPE_PAYLOAD_MAX)
		return err_set(E_TOOBIG, "the message has %zu bytes, over %d",
			       len, ENVELOPE_PAYLOAD_MAX);
	memcpy(h->sender, from->sign_pk, 32);
	key_id(to_box_pk, h->to_key_id);
	put_header(out, h);
	if (check_region(out + AT_REGION) < 0)
		return err_set(E_INVALID, "the region is not an id");

	rand_bytes(rng, eph_sk, sizeof eph_sk);
	crypto_scalarmult_base(out + AT_EPH, eph_sk);
	if (crypto_scalarmult(shared, eph_sk, to_box_pk) != 0) {
		r = err_set(E_AUTH, "the receiver's key is none");
		goto out;
	}
	derive_key(k, shared, out, to_box_pk);
	/* In place: the ciphertext is where the plaintext was. */
	memset(plain, 0, PLAIN);
	put_u32(plain, (uint32_t)len);
	if (len > 0)
		memcpy(plain + 4, payload, len);
	derive_nonce(out + AT_NONCE, k, out, plain, 4 + len, rng);
	crypto_aead_xchacha20poly1305_ietf_encrypt(plain, NULL, plain, PLAIN,
						   out, ENVELOPE_HEADER, NULL,
						   out + AT_NONCE, k);
	signed_bytes(tbs, out);
	crypto_sign_detached(out + AT_SIG, NULL, tbs, sizeof tbs,
			     from->sign_sk);
out:
	sodium_memzero(eph_sk, sizeof eph_sk);
	sodium_memzero(shared, sizeof shared);
	sodium_memzero(k, sizeof k);
	return r;
}

static int last_kind(int version)
{
	return version < WIRE_BATCHES ? KIND_REFUSED : KIND_ANSWERS;
}

int envelope_peek(const void *data, size_t len, struct envelope_header *h)
{
	const unsigned char *p = data;

	if (len != ENVELOPE_SIZE)
		return err_set(E_FORMAT, "an envelope has %d bytes, not %zu",
			       ENVELOPE_SIZE, len);
	if (memcmp(p, "CCF1", 4) != 0)
		return err_set(E_FORMAT, "it is not an envelope");
	if (p[AT_VERSION] < WIRE_FIRST || p[AT_VERSION] > WIRE_VERSION)
		return err_set(E_FORMAT, "wire version %d is not spoken here",
			       p[AT_VERSION]);
	if (p[AT_KIND] < KIND_JOIN || p[AT_KIND] > last_kind(p[AT_VERSION]))
		return err_set(E_FORMAT, "kind %d is unknown", p[AT_KIND]);
	if (!sodium_is_zero(p + AT_ZERO, 2) ||
	    !sodium_is_zero(p + AT_REST, ENVELOPE_HEADER - AT_REST))
		return err_set(E_FORMAT, "the header is not zero where it "
					 "must be");
	if (check_region(p + AT_REGION) < 0)
		return err_set(E_FORMAT, "the region is not an id");

	h->version = p[AT_VERSION];
	h->kind = p[AT_KIND];
	memcpy(h->network, p + AT_NETWORK, NETWORK_ID);
	memcpy(h->sender, p + AT_SENDER, 32);
	memcpy(h->region, p + AT_REGION, REGION_ID);
	h->epoch = get_u32(p + AT_EPOCH);
	memcpy(h->to_key_id, p + AT_TO, 8);
	memcpy(h->request, p + AT_REQUEST, REQUEST_ID);
	return 0;
}

int envelope_verify(const void *data, size_t len)
{
	const unsigned char *p = data;
	unsigned char tbs[SIGNED];

	if (len != ENVELOPE_SIZE)
		return err_set(E_FORMAT, "an envelope has %d bytes, not %zu",
			       ENVELOPE_SIZE, len);
	signed_bytes(tbs, p);
	if (crypto_sign_verify_detached(p + AT_SIG, tbs, sizeof tbs,
					p + AT_SENDER) != 0)
		return err_set(E_AUTH, "the signature is not the sender's");
	return 0;
}

/* The sender made the length and the zeros, but what is behind the payload
 * could carry something past every check that looks at the payload. */
static int check_plain(const unsigned char *plain, size_t *len)
{
	const unsigned char *pad;
	size_t n;

	*len = get_u32(plain);
	if (*len > ENVELOPE_PAYLOAD_MAX)
		return err_set(E_FORMAT, "the padding is wrong");
	pad = plain + 4 + *len;
	n = PLAIN - 4 - *len;
	/* Nothing secret is compared, and a byte at a time takes longer than
	 * decrypting did: all equal, and the first is zero. */
	if (n > 0 && (pad[0] != 0 || memcmp(pad, pad + 1, n - 1) != 0))
		return err_set(E_FORMAT, "the padding is wrong");
	return 0;
}

int envelope_open(const void *data, size_t len, const struct keys *mine,
		  unsigned char *buf, const unsigned char **payload,
		  size_t *payload_len)
{
	const unsigned char *p = data;
	unsigned char id[8], shared[32], k[32];
	int r;

	if (len != ENVELOPE_SIZE)
		return err_set(E_FORMAT, "an envelope has %d bytes, not %zu",
			       ENVELOPE_SIZE, len);
	key_id(mine->box_pk, id);
	if (sodium_memcmp(id, p + AT_TO, sizeof id) != 0)
		return err_set(E_AUTH, "it is sealed for another key");
	/* Refuses small-order points, whose secret everybody knows. */
	if (crypto_scalarmult(shared, mine->box_sk, p + AT_EPH) != 0) {
		r = err_set(E_AUTH, "its ephemeral key is none");
		goto out;
	}
	derive_key(k, shared, p, mine->box_pk);
	if (crypto_aead_xchacha20poly1305_ietf_decrypt(
		    buf, NULL, NULL, p + AT_CIPHER, CIPHER, p, ENVELOPE_HEADER,
		    p + AT_NONCE, k) != 0) {
		r = err_set(E_AUTH, "it does not open with this key");
		goto out;
	}
	r = check_plain(buf, payload_len);
	if (r == 0)
		*payload = buf + 4;
out:
	sodium_memzero(shared, sizeof shared);
	sodium_memzero(k, sizeof k);
	return r;
}
