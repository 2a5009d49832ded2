/* envelope: a sealed, signed carrier; every one has the same size.
 *
 *	header (128): "CCF1" | version u8 | kind u8 | 0 u16 | network[16] |
 *		sender_pk[32] | region[24] | epoch u32be | to_key_id[8] |
 *		request[16] | 0[20]
 *	eph_pk[32] | nonce[24] | ciphertext + tag | signature[64]
 *	k     = BLAKE2b-256(key = X25519(eph_sk, to_pk),
 *		"ccfed/v1/seal" | eph_pk | to_pk | sender_pk | network)
 *	nonce = BLAKE2b-192(key = k, random[32] | header | length | payload)
 *	AD    = header; plaintext = length u32be | payload | zeros
 *	sig   = Ed25519("ccfed/v1/env" 0 | header | eph_pk | nonce |
 *		BLAKE2b-256(ciphertext))
 *
 * The ephemeral key gives the sender forward secrecy; the sender's key inside
 * the derivation stops strip-and-re-sign; the derived nonce survives a cloned
 * machine's repeated randomness. An answer repeats the request's id, so a
 * replayed answer fits no question. Check in the order of envelope_peek,
 * (is the sender known?), envelope_verify, envelope_open. Any thread. */
#ifndef CCFED_ENVELOPE_H
#define CCFED_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "proto/codec.h"

struct rng;  /* daemon/core/rand.h */
struct disk; /* daemon/core/disk.h */

enum {
	ENVELOPE_SIZE = 64 * 1024,
	ENVELOPE_HEADER = 128,
	ENVELOPE_PAYLOAD_MAX =
		ENVELOPE_SIZE - ENVELOPE_HEADER - 32 - 24 - 16 - 64 - 4,
	NETWORK_ID = 16,
	REQUEST_ID = 16,
	KEY_TEXT = 65, /* 32 bytes in hex, NUL */
};

/* A party's own keys. */
struct keys {
	unsigned char sign_sk[64], sign_pk[32]; /* Ed25519 */
	unsigned char box_sk[32], box_pk[32];	/* X25519 */
};
void keys_make(struct keys *k, struct rng *rng);
/* A file of mode 0600; E_FORMAT if it is none of ours. */
int keys_save(const struct keys *k, struct disk *d, const char *path);
int keys_load(struct keys *k, struct disk *d, const char *path);
void keys_wipe(struct keys *k);
/* What two people read to each other by telephone: 40 digits in groups of 5,
 * from both public keys; 48 bytes with NUL. Returns out. */
char *keys_fingerprint(const unsigned char sign_pk[32],
		       const unsigned char box_pk[32], char out[48]);

struct envelope_header {
	uint8_t version; /* of the message, WIRE_FIRST to WIRE_VERSION */
	uint8_t kind;	 /* enum kind */
	unsigned char network[NETWORK_ID];
	unsigned char sender[32]; /* signing key of the sender */
	char region[REGION_ID];
	uint32_t epoch;
	unsigned char to_key_id[8]; /* first bytes of BLAKE2b(to box_pk) */
	unsigned char request[REQUEST_ID];
};

/* Seal @payload for @to_box_pk. sender and to_key_id of @h are filled in. */
int envelope_seal(unsigned char out[ENVELOPE_SIZE], struct envelope_header *h,
		  const void *payload, size_t len, const struct keys *from,
		  const unsigned char to_box_pk[32], struct rng *rng);
/* Length, magic, version, kind, zero padding of the header: E_FORMAT. */
int envelope_peek(const void *data, size_t len, struct envelope_header *h);
/* The signature by the header's sender: E_AUTH. Refuses small-order keys and
 * non-canonical signatures (libsodium does). */
int envelope_verify(const void *data, size_t len);
/* Decrypt with @mine: E_AUTH if it is not for these keys, E_FORMAT if the
 * sender padded it wrongly. *payload points into @buf (ENVELOPE_SIZE). */
int envelope_open(const void *data, size_t len, const struct keys *mine,
		  unsigned char *buf, const unsigned char **payload,
		  size_t *payload_len);

/* A join code: what the hub's operator gives to a new region, one line. */
struct join_code {
	unsigned char network[NETWORK_ID];
	unsigned char hub_sign_pk[32], hub_box_pk[32];
	unsigned char secret[20];
	char region[REGION_ID];
	char addr[80]; /* "tcp://10.80.0.1:7400" */
};
enum { JOIN_CODE_TEXT = 400 };
/* "ccfed1-..." in base64url with a checksum; returns out. */
char *join_code_format(const struct join_code *c, char out[JOIN_CODE_TEXT]);
/* E_INVALID with a sentence (a letter is missing, not a join code ...).
 * White space inside is ignored. */
int join_code_parse(const char *text, struct join_code *out);
/* What the hub stores of a secret. */
void join_secret_hash(const unsigned char secret[20], unsigned char out[32]);

#endif
