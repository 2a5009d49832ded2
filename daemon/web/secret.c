#include "daemon/web/secret.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"

enum { PASSES = 2, MEMORY = 64 * 1024 * 1024, NONCE = 24 };

int secret_load(struct disk *d, struct rng *rng, const char *path,
		unsigned char key[SECRET_KEY])
{
	char *bytes = NULL;
	size_t len;
	int r = disk_read(d, path, 4096, &bytes, &len);

	if (r == E_NOTFOUND) {
		err_clear();
		rand_bytes(rng, key, SECRET_KEY);
		return disk_write(d, path, key, SECRET_KEY, 0600);
	}
	if (r == 0 && len != SECRET_KEY)
		r = err_set(E_FORMAT,
			    "%s is not a key of %d bytes; put the right file "
			    "back, or remove it: time codes and drafts are "
			    "lost then, accounts are not",
			    path, SECRET_KEY);
	if (r == 0)
		memcpy(key, bytes, SECRET_KEY);
	if (bytes)
		sodium_memzero(bytes, len);
	mem_free(bytes);
	return r;
}

void secret_token(struct rng *rng, char out[SECRET_TOKEN])
{
	unsigned char bytes[SECRET_HASH];

	rand_bytes(rng, bytes, sizeof bytes);
	sodium_bin2base64(out, SECRET_TOKEN, bytes, sizeof bytes,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, sizeof bytes);
}

bool secret_token_hash(const char *token, unsigned char out[SECRET_HASH])
{
	if (strlen(token) != SECRET_TOKEN - 1)
		return false;
	crypto_generichash(out, SECRET_HASH, (const unsigned char *)token,
			   SECRET_TOKEN - 1, NULL, 0);
	return true;
}

void secret_mark(const unsigned char key[SECRET_KEY], const char *purpose,
		 const void *bytes, size_t len, char out[SECRET_TOKEN])
{
	unsigned char hash[SECRET_HASH];
	crypto_generichash_state h;

	crypto_generichash_init(&h, key, SECRET_KEY, sizeof hash);
	crypto_generichash_update(&h, (const unsigned char *)purpose,
				  strlen(purpose) + 1);
	crypto_generichash_update(&h, bytes, len);
	crypto_generichash_final(&h, hash, sizeof hash);
	sodium_bin2base64(out, SECRET_TOKEN, hash, sizeof hash,
			  sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

int secret_seal(const unsigned char key[SECRET_KEY], struct rng *rng,
		const char *what, const void *plain, size_t len,
		unsigned char **out, size_t *out_len)
{
	unsigned char *p = mem_alloc(len + SECRET_OVER);

	if (!p)
		return err_set(E_NOMEM, "out of memory to seal something");
	rand_bytes(rng, p, NONCE);
	crypto_aead_xchacha20poly1305_ietf_encrypt(p + NONCE, NULL, plain, len,
						   (const unsigned char *)what,
						   strlen(what), NULL, p, key);
	*out = p;
	*out_len = len + SECRET_OVER;
	return 0;
}

int secret_open(const unsigned char key[SECRET_KEY], const char *what,
		const void *sealed, size_t len, unsigned char **out,
		size_t *out_len)
{
	const unsigned char *s = sealed;
	unsigned char *p;
	int x;

	if (!s || len < SECRET_OVER)
		return err_set(E_AUTH, "what was sealed is cut off");
	p = mem_alloc(len - SECRET_OVER + 1);
	if (!p)
		return err_set(E_NOMEM, "out of memory to open a seal");
	x = crypto_aead_xchacha20poly1305_ietf_decrypt(
		p, NULL, NULL, s + NONCE, len - NONCE,
		(const unsigned char *)what, strlen(what), s, key);
	if (x != 0) {
		mem_free(p);
		return err_set(E_AUTH, "what was sealed does not open with "
				       "web.key");
	}
	p[len - SECRET_OVER] = '\0';
	*out = p;
	*out_len = len - SECRET_OVER;
	return 0;
}

/* Beginnings of the passwords that are tried first everywhere. */
static bool is_common(const char *p)
{
	static const char *const common[] = {
		"password", "passw0rd",	     "qwerty",	"letmein",
		"welcome",  "iloveyou",	     "1234567", "abcdefgh",
		"changeme", "administrator", "111111",	"000000",
		"asdfgh",   "connecticut",
	};
	size_t n = strlen(p), same = 0;

	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		if (strncasecmp(p, common[i], strlen(common[i])) == 0 &&
		    n < strlen(common[i]) + 8)
			return true;
	while (p[same] && p[same] == p[0])
		same++;
	return same == n;
}

int secret_password_check(const char *password)
{
	size_t characters = 0;

	for (const char *p = password; *p; p++)
		characters += ((unsigned char)*p & 0xc0) != 0x80;
	if (characters < PASSWORD_MIN)
		return err_set(E_INVALID,
			       "Use at least %d characters; a few words that "
			       "you remember are good",
			       PASSWORD_MIN);
	if (strlen(password) > PASSWORD_MAX)
		return err_set(E_INVALID, "Use at most %d characters",
			       PASSWORD_MAX);
	if (is_common(password))
		return err_set(E_INVALID, "This password is among those that "
					  "everybody tries first");
	return 0;
}

int secret_password_hash(const char *password, char out[SECRET_PASSWORD])
{
	_Static_assert(SECRET_PASSWORD >= crypto_pwhash_STRBYTES, "its room");

	if (crypto_pwhash_str_alg(out, password, strlen(password), PASSES,
				  MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return err_set(E_NOMEM, "out of memory for a password's hash");
	return 0;
}

bool secret_password_is(const char *hash, const char *password)
{
	unsigned char key[32], salt[crypto_pwhash_SALTBYTES] = {0};

	if (hash)
		return crypto_pwhash_str_verify(hash, password,
						strlen(password)) == 0;
	if (crypto_pwhash(key, sizeof key, password, strlen(password), salt,
			  PASSES, MEMORY, crypto_pwhash_ALG_ARGON2ID13) != 0)
		return false;
	return false;
}
