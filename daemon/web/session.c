#include "daemon/web/session.h"

#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"

/* That it was used is written down so often, not with each page: an idle session
 * may so end a minute early. */
enum { SEEN_MS = 60 * 1000 };

int session_begin(struct accounts *a, int64_t account, char token[SECRET_TOKEN],
		  struct session *out)
{
	int64_t now = clock_utc_ms(a->clock);
	int r;

	secret_token(a->rng, token);
	secret_token_hash(token, out->hash);
	out->account = account;
	r = db_begin(a->db);
	if (r < 0)
		return r;
	r = db_run(a->db, "INSERT INTO session VALUES (?, ?, ?, ?, NULL)",
		   "biii", out->hash, sizeof out->hash, account, now, now);
	if (r == 0)
		r = db_run(a->db,
			   "UPDATE account SET signed_in_utc_ms = ? "
			   "WHERE id = ?",
			   "ii", now, account);
	return db_end(a->db, r);
}

struct found {
	int64_t account, made, seen;
	bool ended;
};

static int look_up(struct accounts *a, const unsigned char hash[SESSION_HASH],
		   struct found *f)
{
	struct rows r;
	int x = db_rows(a->db, &r,
			"SELECT account, made_utc_ms, seen_utc_ms, "
			"ended_utc_ms IS NOT NULL FROM session WHERE hash = ?",
			"b", hash, (size_t)SESSION_HASH);

	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		f->account = rows_int(&r, 0);
		f->made = rows_int(&r, 1);
		f->seen = rows_int(&r, 2);
		f->ended = rows_int(&r, 3) != 0;
	}
	rows_end(&r);
	return x == ROWS_DONE ? E_NOTFOUND : x < 0 ? x : 0;
}

int session_find(struct accounts *a, const char *token, struct session *out,
		 struct person *who)
{
	int64_t now = clock_utc_ms(a->clock);
	struct account account;
	struct found f = {0};
	int r;

	if (!secret_token_hash(token, out->hash))
		return E_NOTFOUND;
	r = look_up(a, out->hash, &f);
	if (r < 0)
		return r;
	out->account = f.account;
	/* A clock that was set back ends it as well. */
	if (f.ended || now - f.seen >= SESSION_IDLE_MS ||
	    now - f.made >= SESSION_MAX_MS || now < f.made)
		return SESSION_ENDED;
	r = accounts_get(a, f.account, &account);
	if (r < 0)
		return r;
	if (account.disabled)
		return SESSION_ENDED;
	*who = account.person;
	if (now - f.seen < SEEN_MS)
		return 0;
	return db_run(a->db,
		      "UPDATE session SET seen_utc_ms = ? WHERE hash = ?", "ib",
		      now, out->hash, sizeof out->hash);
}

int session_end(struct accounts *a, const struct session *s)
{
	return db_run(a->db,
		      "UPDATE session SET ended_utc_ms = ? WHERE hash = ?",
		      "ib", clock_utc_ms(a->clock), s->hash, sizeof s->hash);
}

const char *session_csrf(const struct accounts *a, const struct session *s,
			 char out[SECRET_TOKEN])
{
	secret_mark(a->key, "csrf", s->hash, sizeof s->hash, out);
	return out;
}

int session_tidy(struct accounts *a)
{
	int64_t now = clock_utc_ms(a->clock);
	int r = db_begin(a->db);

	if (r < 0)
		return r;
	r = db_run(a->db,
		   "DELETE FROM session WHERE seen_utc_ms < ? OR made_utc_ms < "
		   "?",
		   "ii", now - SESSION_KEPT_MS, now - 2 * SESSION_KEPT_MS);
	if (r == 0)
		r = db_run(a->db,
			   "DELETE FROM half_session WHERE made_utc_ms < ?",
			   "i", now - SESSION_HALF_MS);
	return db_end(a->db, r);
}

int session_half_begin(struct accounts *a, int64_t account,
		       char token[SECRET_TOKEN])
{
	unsigned char hash[SESSION_HASH];

	secret_token(a->rng, token);
	secret_token_hash(token, hash);
	return db_run(a->db, "INSERT INTO half_session VALUES (?, ?, ?)", "bii",
		      hash, sizeof hash, account, clock_utc_ms(a->clock));
}

int session_half_find(struct accounts *a, const char *token, int64_t *account)
{
	unsigned char hash[SESSION_HASH];

	if (!secret_token_hash(token, hash))
		return E_NOTFOUND;
	return db_int(a->db, account,
		      "SELECT account FROM half_session WHERE hash = ? AND "
		      "made_utc_ms > ?",
		      "bi", hash, sizeof hash,
		      clock_utc_ms(a->clock) - SESSION_HALF_MS);
}

int session_half_end(struct accounts *a, const char *token)
{
	unsigned char hash[SESSION_HASH];

	if (!secret_token_hash(token, hash))
		return 0;
	return db_run(a->db, "DELETE FROM half_session WHERE hash = ?", "b",
		      hash, sizeof hash);
}
