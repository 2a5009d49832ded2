/* totp: time codes of an app (RFC 6238: SHA-1, 30 s, six digits, what all apps
 * can), by liboath. A code is good for its half minute and the ones beside it,
 * and once: the newest step that was taken is kept, and older ones count no
 * more.
 *
 * The secret is sealed in table `account`. Loop thread only. */
#ifndef CCFED_TOTP_H
#define CCFED_TOTP_H

#include "daemon/web/accounts.h"

enum { TOTP_SECRET = 20, TOTP_BASE32 = 33, TOTP_CODE = 7, TOTP_URI = 240 };

void totp_make(struct accounts *a, unsigned char secret[TOTP_SECRET]);
/* As apps want it typed; and as an address that they open. */
int totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32]);
int totp_parse(const char *base32, unsigned char secret[TOTP_SECRET]);
void totp_uri(const char *base32, const char *place, const char *name,
	      char out[TOTP_URI]);
/* The code of the half minute of @utc_ms; for tests, too. */
int totp_code(const unsigned char secret[TOTP_SECRET], int64_t utc_ms,
	      char out[TOTP_CODE]);
/* Use time codes from now on, if @code is right; E_INVALID with a sentence. */
int totp_start(struct accounts *a, int64_t account,
	       const unsigned char secret[TOTP_SECRET], const char *code);
int totp_stop(struct accounts *a, int64_t account);
/* 0 if @code is right and new; E_AUTH with a sentence. */
int totp_check(struct accounts *a, int64_t account, const char *code);

#endif
