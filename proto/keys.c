#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "proto/envelope.h"

/* Line by line: what the file is, the Ed25519 seed, the X25519 secret, and a
 * checksum, so that a damaged file is not taken for another identity. */
static const char first_line[] = "ccfed keys 1: secret, the identity of this "
				 "node or hub\n";
enum { CHECK = 8, FILE_MAX = 1024, SECRET = 32 + 32 };

/* Both public keys follow from the secrets. */
static void keys_from(struct keys *k, const unsigned char secret[SECRET])
{
	crypto_sign_seed_keypair(k->sign_pk, k->sign_sk, secret);
	memcpy(k->box_sk, secret + 32, 32);
	crypto_scalarmult_base(k->box_pk, k->box_sk);
}

void keys_make(struct keys *k, struct rng *rng)
{
	unsigned char secret[SECRET];

	rand_bytes(rng, secret, sizeof secret);
	keys_from(k, secret);
	sodium_memzero(secret, sizeof secret);
}

void keys_wipe(struct keys *k)
{
	sodium_memzero(k, sizeof *k);
}

static void checksum(const unsigned char secret[SECRET],
		     unsigned char out[CHECK])
{
	unsigned char hash[32];

	crypto_generichash(hash, sizeof hash, secret, SECRET, NULL, 0);
	memcpy(out, hash, CHECK);
}

/* The whole file; reading compares with this, so there is one form. */
static void format(const unsigned char secret[SECRET], char out[FILE_MAX])
{
	unsigned char check[CHECK];
	char sign[65], box[65], sum[2 * CHECK + 1];

	checksum(secret, check);
	sodium_bin2hex(sign, sizeof sign, secret, 32);
	sodium_bin2hex(box, sizeof box, secret + 32, 32);
	sodium_bin2hex(sum, sizeof sum, check, CHECK);
	snprintf(out, FILE_MAX, "%ssign %s\nbox %s\ncheck %s\n", first_line,
		 sign, box, sum);
	sodium_memzero(sign, sizeof sign);
	sodium_memzero(box, sizeof box);
}

int keys_save(const struct keys *k, struct disk *d, const char *path)
{
	unsigned char secret[SECRET];
	char text[FILE_MAX];
	int r;

	crypto_sign_ed25519_sk_to_seed(secret, k->sign_sk);
	memcpy(secret + 32, k->box_sk, 32);
	format(secret, text);
	r = disk_write(d, path, text, strlen(text), 0600);
	sodium_memzero(text, sizeof text);
	sodium_memzero(secret, sizeof secret);
	return r;
}

static int parse(const char *text, size_t len, unsigned char secret[SECRET])
{
	size_t head = sizeof first_line - 1;
	char again[FILE_MAX];
	size_t n;
	int r = 0;

	if (len < head + 5 + 64 + 5 + 64 || memcmp(text, first_line, head) != 0)
		return -1;
	text += head;
	if (sodium_hex2bin(secret, 32, text + 5, 64, NULL, &n, NULL) != 0 ||
	    n != 32 ||
	    sodium_hex2bin(secret + 32, 32, text + 5 + 64 + 5, 64, NULL, &n,
			   NULL) != 0 ||
	    n != 32)
		return -1;
	format(secret, again);
	if (strlen(again) != len || sodium_memcmp(again, text - head, len) != 0)
		r = -1;
	sodium_memzero(again, sizeof again);
	return r;
}

int keys_load(struct keys *k, struct disk *d, const char *path)
{
	unsigned char secret[SECRET] = {0};
	char *text = NULL;
	size_t len;
	int r;

	r = disk_read(d, path, FILE_MAX - 1, &text, &len);
	if (r == E_TOOBIG)
		r = err_set(E_FORMAT, "%s is not a file of keys", path);
	if (r < 0)
		goto out;
	if (parse(text, len, secret) < 0)
		r = err_set(E_FORMAT, "%s is not a whole file of keys", path);
	else
		keys_from(k, secret);
	sodium_memzero(text, len);
out:
	sodium_memzero(secret, sizeof secret);
	mem_free(text);
	return r;
}

char *keys_fingerprint(const unsigned char sign_pk[32],
		       const unsigned char box_pk[32], char out[48])
{
	static const char domain[] = "ccfed/v1/fingerprint";
	crypto_generichash_state s;
	unsigned char hash[64];

	crypto_generichash_init(&s, NULL, 0, sizeof hash);
	crypto_generichash_update(&s, (const unsigned char *)domain,
				  sizeof domain);
	crypto_generichash_update(&s, sign_pk, 32);
	crypto_generichash_update(&s, box_pk, 32);
	crypto_generichash_final(&s, hash, sizeof hash);
	for (int i = 0; i < 8; i++) {
		uint64_t v = 0;

		for (int b = 0; b < 8; b++)
			v = v << 8 | hash[i * 8 + b];
		/* Six bytes: five digits, and a blank or the NUL. */
		snprintf(out + i * 6, i < 7 ? 7 : 6, "%05u%s",
			 (unsigned)(v % 100000), i < 7 ? " " : "");
	}
	return out;
}
