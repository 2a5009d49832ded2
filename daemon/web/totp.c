#include "daemon/web/totp.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"

enum { STEP_S = 30, DIGITS = 6, BESIDE = 1 };

void totp_make(struct accounts *a, unsigned char secret[TOTP_SECRET])
{
	rand_bytes(a->rng, secret, TOTP_SECRET);
}

int totp_base32(const unsigned char secret[TOTP_SECRET], char out[TOTP_BASE32])
{
	char *text = NULL;
	size_t len;
	int r = oath_base32_encode((const char *)secret, TOTP_SECRET, &text,
				   &len);

	if (r != OATH_OK || len != TOTP_BASE32 - 1) {
		free(text);
		return err_set(E_NOMEM, "can't write a time code's secret: %s",
			       oath_strerror(r));
	}
	memcpy(out, text, TOTP_BASE32);
	sodium_memzero(text, len);
	free(text);
	return 0;
}

int totp_parse(const char *base32, unsigned char secret[TOTP_SECRET])
{
	char *bytes = NULL;
	size_t len = 0;
	int r = oath_base32_decode(base32, strlen(base32), &bytes, &len);

	if (r == OATH_OK && len == TOTP_SECRET)
		memcpy(secret, bytes, TOTP_SECRET);
	free(bytes);
	return r == OATH_OK && len == TOTP_SECRET
		       ? 0
		       : err_set(E_INVALID, "this is not a time code's secret");
}

/* What apps read; names have no characters that would need more. */
void totp_uri(const char *base32, const char *place, const char *name,
	      char out[TOTP_URI])
{
	char issuer[100];
	size_t n = 0;

	for (; *place && n < sizeof issuer - 4; place++) {
		if ((*place >= 'a' && *place <= 'z') ||
		    (*place >= 'A' && *place <= 'Z') ||
		    (*place >= '0' && *place <= '9'))
			issuer[n++] = *place;
		else
			n += (size_t)snprintf(issuer + n, 4, "%%%02X",
					      (unsigned char)*place);
	}
	issuer[n] = '\0';
	snprintf(out, TOTP_URI, "otpauth://totp/%s:%s?secret=%s&issuer=%s",
		 issuer, name, base32, issuer);
}

static int code_of_step(const unsigned char secret[TOTP_SECRET], int64_t step,
			char out[TOTP_CODE])
{
	int r = oath_totp_generate((const char *)secret, TOTP_SECRET,
				   (time_t)(step * STEP_S), STEP_S, 0, DIGITS,
				   out);

	if (r != OATH_OK)
		return err_set(E_IO, "can't make a time code: %s",
			       oath_strerror(r));
	return 0;
}

int totp_code(const unsigned char secret[TOTP_SECRET], int64_t utc_ms,
	      char out[TOTP_CODE])
{
	return code_of_step(secret, utc_ms / 1000 / STEP_S, out);
}

/* The step whose code it is; 0: of none that is good now and after @after. */
static int step_of(struct accounts *a, const unsigned char secret[TOTP_SECRET],
		   const char *code, int64_t after, int64_t *out)
{
	int64_t now = clock_utc_ms(a->clock) / 1000 / STEP_S;
	char right[TOTP_CODE];

	*out = 0;
	if (strlen(code) != DIGITS)
		return 0;
	for (int64_t step = now - BESIDE; step <= now + BESIDE; step++) {
		int r = code_of_step(secret, step, right);

		if (r < 0)
			return r;
		if (sodium_memcmp(right, code, DIGITS) == 0 && step > after)
			*out = step;
	}
	return 0;
}

static const char *place(int64_t account, char out[40])
{
	snprintf(out, 40, "totp|%lld", (long long)account);
	return out;
}

int totp_start(struct accounts *a, int64_t account,
	       const unsigned char secret[TOTP_SECRET], const char *code)
{
	unsigned char *sealed = NULL;
	char where[40];
	int64_t step;
	size_t len;
	int r = step_of(a, secret, code, 0, &step);

	if (r == 0 && !step)
		return err_set(E_INVALID, "This is not the app's code now; "
					  "check the phone's clock");
	if (r == 0)
		r = secret_seal(a->key, a->rng, place(account, where), secret,
				TOTP_SECRET, &sealed, &len);
	if (r == 0)
		r = db_run(a->db,
			   "UPDATE account SET totp = ?, totp_step = ? "
			   "WHERE id = ?",
			   "bii", sealed, len, step, account);
	mem_free(sealed);
	return r;
}

int totp_stop(struct accounts *a, int64_t account)
{
	return db_run(a->db, "UPDATE account SET totp = NULL WHERE id = ?", "i",
		      account);
}

static int load(struct accounts *a, int64_t account,
		unsigned char secret[TOTP_SECRET], int64_t *step)
{
	unsigned char *plain = NULL;
	char where[40];
	struct rows rows;
	size_t len = 0;
	int x = db_rows(a->db, &rows,
			"SELECT totp, totp_step FROM account WHERE id = ? AND "
			"totp IS NOT NULL",
			"i", account);

	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		const void *sealed = rows_blob(&rows, 0, &len);

		*step = rows_int(&rows, 1);
		x = secret_open(a->key, place(account, where), sealed, len,
				&plain, &len);
		if (x == 0 && len != TOTP_SECRET)
			x = err_set(E_FORMAT, "accounts.db is damaged");
		if (x == 0)
			memcpy(secret, plain, TOTP_SECRET);
	} else if (x == ROWS_DONE) {
		x = err_set(E_STATE, "this account has no time codes");
	}
	rows_end(&rows);
	if (plain)
		sodium_memzero(plain, len);
	mem_free(plain);
	return x;
}

int totp_check(struct accounts *a, int64_t account, const char *code)
{
	unsigned char secret[TOTP_SECRET];
	int64_t used = 0, step = 0;
	int r = load(a, account, secret, &used);

	if (r == 0)
		r = step_of(a, secret, code, used, &step);
	sodium_memzero(secret, sizeof secret);
	if (r < 0)
		return r;
	if (!step)
		return err_set(E_AUTH, "This code is not right, or was used "
				       "already; wait for the next one");
	return db_run(a->db, "UPDATE account SET totp_step = ? WHERE id = ?",
		      "ii", step, account);
}
