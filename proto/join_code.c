#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "proto/envelope.h"

/* network | hub_sign_pk | hub_box_pk | secret | length, region | length,
 * address | checksum */
enum {
	FIXED = NETWORK_ID + 32 + 32 + 20,
	CHECK = 4,
	BYTES_MAX = FIXED + 1 + REGION_ID + 1 + 80 + CHECK,
	VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING,
};

static const char prefix[] = "ccfed1-";

/* Finds what people do when they copy a code; it protects from nobody. */
static void checksum(const unsigned char *bytes, size_t len,
		     unsigned char out[CHECK])
{
	unsigned char hash[32];

	crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
	memcpy(out, hash, CHECK);
}

static unsigned char *put(unsigned char *p, const void *from, size_t len)
{
	memcpy(p, from, len);
	return p + len;
}

static unsigned char *put_text(unsigned char *p, const char *s, size_t size)
{
	size_t len = strnlen(s, size - 1);

	*p++ = (unsigned char)len;
	return put(p, s, len);
}

char *join_code_format(const struct join_code *c, char out[JOIN_CODE_TEXT])
{
	unsigned char bytes[BYTES_MAX], *p = bytes;
	size_t head = sizeof prefix - 1;

	p = put(p, c->network, NETWORK_ID);
	p = put(p, c->hub_sign_pk, 32);
	p = put(p, c->hub_box_pk, 32);
	p = put(p, c->secret, sizeof c->secret);
	p = put_text(p, c->region, sizeof c->region);
	p = put_text(p, c->addr, sizeof c->addr);
	checksum(bytes, (size_t)(p - bytes), p);
	p += CHECK;

	memcpy(out, prefix, head);
	sodium_bin2base64(out + head, JOIN_CODE_TEXT - head, bytes,
			  (size_t)(p - bytes), VARIANT);
	sodium_memzero(bytes, sizeof bytes);
	return out;
}

static int not_whole(void)
{
	return err_set(E_INVALID, "the join code is not whole, or a letter of "
				  "it is wrong: copy it again");
}

/* A text of printable ASCII from @p, at most up to @end. */
static const unsigned char *get_text(const unsigned char *p,
				     const unsigned char *end, char *out,
				     size_t size)
{
	size_t len;

	if (!p || p == end)
		return NULL;
	len = *p++;
	if (len == 0 || len >= size || len > (size_t)(end - p))
		return NULL;
	for (size_t i = 0; i < len; i++)
		if (p[i] <= ' ' || p[i] > '~')
			return NULL;
	memcpy(out, p, len);
	return p + len;
}

static int get_code(const unsigned char *bytes, size_t len,
		    struct join_code *out)
{
	const unsigned char *p = bytes, *end;
	unsigned char check[CHECK];

	if (len < FIXED + CHECK)
		return not_whole();
	end = bytes + len - CHECK;
	checksum(bytes, len - CHECK, check);
	if (sodium_memcmp(check, end, CHECK) != 0)
		return not_whole();
	memcpy(out->network, p, NETWORK_ID);
	p += NETWORK_ID;
	memcpy(out->hub_sign_pk, p, 32);
	p += 32;
	memcpy(out->hub_box_pk, p, 32);
	p += 32;
	memcpy(out->secret, p, sizeof out->secret);
	p += sizeof out->secret;
	p = get_text(p, end, out->region, sizeof out->region);
	p = get_text(p, end, out->addr, sizeof out->addr);
	if (p != end ||
	    strspn(out->region, "abcdefghijklmnopqrstuvwxyz"
				"0123456789_-") != strlen(out->region))
		return err_set(E_INVALID, "the join code is of another "
					  "version of ccfed");
	return 0;
}

int join_code_parse(const char *text, struct join_code *out)
{
	unsigned char bytes[BYTES_MAX];
	char code[JOIN_CODE_TEXT];
	size_t n = 0, head = sizeof prefix - 1, len;
	int r;

	memset(out, 0, sizeof *out);
	for (; *text; text++) {
		if (strchr(" \t\r\n", *text))
			continue;
		if (n == sizeof code - 1)
			return err_set(E_INVALID,
				       "that is too long for a join code");
		code[n++] = *text;
	}
	code[n] = '\0';
	if (strncmp(code, prefix, head) != 0)
		return err_set(E_INVALID,
			       "that is not a join code: one begins with %s",
			       prefix);
	if (sodium_base642bin(bytes, sizeof bytes, code + head, n - head, NULL,
			      &len, NULL, VARIANT) != 0)
		r = not_whole();
	else
		r = get_code(bytes, len, out);
	if (r < 0)
		sodium_memzero(out, sizeof *out);
	sodium_memzero(bytes, sizeof bytes);
	sodium_memzero(code, sizeof code);
	return r;
}

void join_secret_hash(const unsigned char secret[20], unsigned char out[32])
{
	static const char domain[] = "ccfed/v1/join";
	crypto_generichash_state s;

	/* 160 random bits: nobody guesses them, so a fast hash will do. */
	crypto_generichash_init(&s, NULL, 0, 32);
	crypto_generichash_update(&s, (const unsigned char *)domain,
				  sizeof domain);
	crypto_generichash_update(&s, secret, 20);
	crypto_generichash_final(&s, out, 32);
	sodium_memzero(&s, sizeof s);
}
