/* secret: what the web's secrets are made and checked with, and DIR/web.key,
 * which seals what accounts.db must not hold in the clear.
 *
 * A token is 256 random bits, written in 43 characters of URL-safe base64; only
 * its hash is stored (BLAKE2b-256). Passwords are Argon2id with 64 MiB and two
 * passes. Any thread, except secret_load. */
#ifndef CCFED_SECRET_H
#define CCFED_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct disk;
struct rng;

enum {
	SECRET_KEY = 32,
	SECRET_TOKEN = 44, /* with its NUL */
	SECRET_HASH = 32,
	SECRET_PASSWORD = 128, /* of a password's hash, with its NUL */
	SECRET_OVER = 24 + 16, /* sealed is so much longer */
	PASSWORD_MIN = 12,     /* characters, NIST SP 800-63B-4 asks 15 where it
				* is the only factor, 8 beside another */
	PASSWORD_MAX = 256,
};

/* The key in the file at @path, mode 0600; made if it is missing. */
int secret_load(struct disk *d, struct rng *rng, const char *path,
		unsigned char key[SECRET_KEY]);

void secret_token(struct rng *rng, char out[SECRET_TOKEN]);
/* Its hash; false if @token can't be one. */
bool secret_token_hash(const char *token, unsigned char out[SECRET_HASH]);
/* A keyed hash of @text for @purpose as a token. */
void secret_mark(const unsigned char key[SECRET_KEY], const char *purpose,
		 const void *bytes, size_t len, char out[SECRET_TOKEN]);

/* @what binds it to its place ("totp|12"). On 0 the caller owns *out. */
int secret_seal(const unsigned char key[SECRET_KEY], struct rng *rng,
		const char *what, const void *plain, size_t len,
		unsigned char **out, size_t *out_len);
/* E_AUTH if altered or of another place. *out has a NUL behind its end. */
int secret_open(const unsigned char key[SECRET_KEY], const char *what,
		const void *sealed, size_t len, unsigned char **out,
		size_t *out_len);

/* Slow: 64 MiB, a tenth of a second. E_INVALID with a sentence if it is too
 * short or long, or is one of those that everybody tries. */
int secret_password_check(const char *password);
int secret_password_hash(const char *password, char out[SECRET_PASSWORD]);
/* As slow with @hash NULL (nobody of that name), and then false. */
bool secret_password_is(const char *hash, const char *password);

#endif
