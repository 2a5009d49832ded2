#include "daemon/hub/api_token.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub_audit.h"

int api_token_add(const struct ta_hand *by, struct rng *rng, const char *title,
		  char token[SECRET_TOKEN], int64_t *id)
{
	unsigned char hash[SECRET_HASH];
	int r;

	if (!title || !*title || strlen(title) >= API_TOKEN_TITLE)
		return err_set(E_INVALID,
			       "say in at most %d letters whose key it is",
			       API_TOKEN_TITLE - 1);
	secret_token(rng, token);
	if (!secret_token_hash(token, hash))
		return err_set(E_INVALID, "the key has no hash");
	r = db_begin(by->db);
	if (r < 0)
		return r;
	r = db_run(by->db,
		   "INSERT INTO api_token (title, hash, made_utc_ms, made_by) "
		   "VALUES (?, ?, ?, ?)",
		   "sbis", title, hash, sizeof hash, by->now_utc_ms, by->who);
	if (r == 0) {
		*id = db_last_id(by->db);
		r = hub_audit(by->db, by->now_utc_ms, by->who, "api_token", *id,
			      "added");
	}
	return db_end(by->db, r);
}

static int revoke(const struct ta_hand *by, int64_t id)
{
	int64_t revoked = 0;
	int r = db_int(by->db, &revoked,
		       "SELECT revoked_utc_ms FROM api_token WHERE id = ?", "i",
		       id);

	if (r == E_NOTFOUND)
		return err_set(E_NOTFOUND, "there is no key %lld",
			       (long long)id);
	if (r == 0 && revoked)
		return err_set(E_STATE, "key %lld is revoked already",
			       (long long)id);
	if (r == 0)
		r = db_run(by->db,
			   "UPDATE api_token SET revoked_utc_ms = ? "
			   "WHERE id = ?",
			   "ii", by->now_utc_ms, id);
	if (r == 0)
		r = hub_audit(by->db, by->now_utc_ms, by->who, "api_token", id,
			      "revoked");
	return r;
}

int api_token_revoke(const struct ta_hand *by, int64_t id)
{
	int r = db_begin(by->db);

	return r < 0 ? r : db_end(by->db, revoke(by, id));
}

int api_token_find(struct db *db, const char *token, int64_t *id)
{
	unsigned char hash[SECRET_HASH];
	int r = E_NOTFOUND;

	if (token && secret_token_hash(token, hash))
		r = db_int(db, id,
			   "SELECT id FROM api_token WHERE hash = ? AND "
			   "revoked_utc_ms IS NULL",
			   "b", hash, sizeof hash);
	if (r == E_NOTFOUND)
		return err_set(E_DENIED, "this is no key, or it is revoked; an "
					 "operator makes one");
	return r;
}

int api_token_list(struct db *db,
		   int (*fn)(void *arg, const struct api_token *t), void *arg)
{
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT id, title, made_by, made_utc_ms, "
			"revoked_utc_ms FROM api_token ORDER BY id",
			"");

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		struct api_token t = {.id = rows_int(&q, 0),
				      .title = rows_text(&q, 1),
				      .made_by = rows_text(&q, 2),
				      .made_utc_ms = rows_int(&q, 3),
				      .revoked_utc_ms = rows_int(&q, 4)};

		x = fn(arg, &t);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}
