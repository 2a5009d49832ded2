/* session: who is signed in: a random token in a cookie, of which only the
 * hash is stored.
 *
 * Every sign-in makes a new one. It ends 15 minutes after it was last used and
 * 10 hours after it began (limits of OWASP ASVS 7.3), by signing out, and when
 * its account is disabled or its password changed. Between password and time
 * code stands a half session, which opens nothing and lives five minutes.
 *
 * Owns tables `session`, `half_session`. Loop thread only. */
#ifndef CCFED_SESSION_H
#define CCFED_SESSION_H

#include <stdint.h>

#include "daemon/web/accounts.h"

enum {
	SESSION_HASH = SECRET_HASH,
	SESSION_IDLE_MS = 15 * 60 * 1000,
	SESSION_MAX_MS = 10 * 3600 * 1000,
	SESSION_HALF_MS = 5 * 60 * 1000,
	/* an ended one is known for so long */
	SESSION_KEPT_MS = 24 * 3600 * 1000,
};

struct session {
	unsigned char hash[SESSION_HASH];
	int64_t account; /* 0: there is none */
};

/* A new one for @account; @token is for the cookie. */
int session_begin(struct accounts *a, int64_t account, char token[SECRET_TOKEN],
		  struct session *out);
enum { SESSION_ENDED = 1 };
/* Whose token it is, as of now, and that it was used. 0; SESSION_ENDED: it was
 * one (out->account is set, *who is not); E_NOTFOUND. */
int session_find(struct accounts *a, const char *token, struct session *out,
		 struct person *who);
int session_end(struct accounts *a, const struct session *s);
/* The token that forms of this session carry; returns @out. */
const char *session_csrf(const struct accounts *a, const struct session *s,
			 char out[SECRET_TOKEN]);
/* Forget what ended long ago. */
int session_tidy(struct accounts *a);

int session_half_begin(struct accounts *a, int64_t account,
		       char token[SECRET_TOKEN]);
/* E_NOTFOUND without a sentence. */
int session_half_find(struct accounts *a, const char *token, int64_t *account);
int session_half_end(struct accounts *a, const char *token);

#endif
