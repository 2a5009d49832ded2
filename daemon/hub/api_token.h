/* api_token: keys with which programs read the hub's figures over /api/v1.
 *
 * Owns table api_token. A key is shown once, when it is made; its hash alone is
 * stored. Making and revoking are in the audit. */
#ifndef CCFED_API_TOKEN_H
#define CCFED_API_TOKEN_H

#include <stdint.h>

#include "daemon/hub/ta.h"
#include "daemon/web/secret.h"

struct rng;

enum { API_TOKEN_TITLE = 80 };

/* The key into @token. E_INVALID with a sentence: @title is empty or long. */
int api_token_add(const struct ta_hand *by, struct rng *rng, const char *title,
		  char token[SECRET_TOKEN], int64_t *id);
/* E_NOTFOUND, E_STATE with sentences. */
int api_token_revoke(const struct ta_hand *by, int64_t id);
/* Whose it is; E_DENIED with a sentence if it is none or revoked. Any thread
 * with its own connection. */
int api_token_find(struct db *db, const char *token, int64_t *id);

struct api_token {
	int64_t id, made_utc_ms, revoked_utc_ms; /* 0: it works */
	const char *title, *made_by;		 /* lent for the call */
};
int api_token_list(struct db *db,
		   int (*fn)(void *arg, const struct api_token *t), void *arg);

#endif
