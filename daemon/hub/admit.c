#include "daemon/hub/admit.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"

enum { ATTEMPTS_MAX = 5 };

enum invite_state { INVITE_OPEN, INVITE_USED, INVITE_BURNED };
struct invite {
	int64_t id;
	char region[REGION_ID];
	enum invite_state state;
	int64_t expires_utc_ms;
};

/* By the hash of its secret: 160 random bits, so looking it up in an index
 * gives nothing away. E_NOTFOUND without a sentence. */
static int find_invite(struct db *db, const unsigned char secret[20],
		       struct invite *out)
{
	unsigned char hash[32];
	const char *text;
	struct rows r;
	int x;

	join_secret_hash(secret, hash);
	x = db_rows(db, &r,
		    "SELECT id, region, state, expires_utc_ms FROM invite "
		    "WHERE hash = ?",
		    "b", hash, sizeof hash);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		out->id = rows_int(&r, 0);
		text = rows_text(&r, 1);
		snprintf(out->region, sizeof out->region, "%s",
			 text ? text : "");
		text = rows_text(&r, 2);
		out->state = INVITE_BURNED;
		if (text && strcmp(text, "open") == 0)
			out->state = INVITE_OPEN;
		else if (text && strcmp(text, "used") == 0)
			out->state = INVITE_USED;
		out->expires_utc_ms = rows_int(&r, 3);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = E_NOTFOUND;
	}
	rows_end(&r);
	return x;
}

/* A wrong guess counts against the open code of the region that was named,
 * and against the code that was meant for another. */
static int count_failure(struct db *db, const char *region)
{
	return db_run(db,
		      "UPDATE invite SET attempts = attempts + 1, "
		      "state = CASE WHEN attempts + 1 >= ? THEN 'burned' "
		      "ELSE state END WHERE region = ? AND state = 'open'",
		      "is", (int64_t)ATTEMPTS_MAX, region);
}

static int refuse_code(struct hub *h, struct metrics *m, const struct asked *a,
		       struct reply *out, const char *region, enum trouble kind,
		       const char *why)
{
	int r = region ? count_failure(h->db, region) : 0;

	return r < 0 ? r
		     : ingest_refuse_noted(h, m, a, out, kind, REFUSED_CODE,
					   "%s", why);
}

static int read_policy(struct db *db, struct joined *j)
{
	struct rows r;
	size_t len, sig_len;
	const void *bytes, *sig;
	int x;

	x = db_rows(db, &r,
		    "SELECT bytes, sig FROM policy "
		    "ORDER BY number DESC LIMIT 1",
		    NULL);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		bytes = rows_blob(&r, 0, &len);
		sig = rows_blob(&r, 1, &sig_len);
		x = len <= sizeof j->policy && sig_len == sizeof j->policy_sig
			    ? 0
			    : err_set(E_DB, "the policy is damaged");
		if (x == 0) {
			memcpy(j->policy, bytes, len);
			j->policy_len = (uint32_t)len;
			memcpy(j->policy_sig, sig, sig_len);
		}
	} else if (x == ROWS_DONE) {
		x = err_set(E_DB, "there is no policy");
	}
	rows_end(&r);
	return x;
}

static int welcome(struct hub *h, struct metrics *m, const struct asked *a,
		   struct reply *out)
{
	struct joined j = {.epoch = a->from->epoch,
			   .hub_utc_ms = a->now_utc_ms};
	int r;

	snprintf(j.region_title, sizeof j.region_title, "%s",
		 a->from->region_title);
	r = read_policy(h->db, &j);
	if (r == 0)
		r = codec_joined(&j, &out->bytes, &out->len);
	if (r < 0)
		return r;
	out->kind = KIND_JOINED;
	m->joins++;
	log_info("joined", "region=%s epoch=%u", a->from->region,
		 (unsigned)a->from->epoch);
	return 0;
}

static int use_invite(struct hub *h, const struct invite *inv,
		      const struct join *j, const struct asked *a)
{
	struct member *from = a->from;
	int r;

	memcpy(from->box_pk, j->box_pk, 32);
	snprintf(from->region, sizeof from->region, "%s", inv->region);
	from->invite = inv->id;
	r = db_run(h->db, "UPDATE invite SET state = 'used' WHERE id = ?", "i",
		   inv->id);
	return r < 0 ? r : roster_admit(h->db, from, a->now_utc_ms);
}

static int consider(struct hub *h, struct metrics *m, const struct asked *a,
		    const struct join *j, struct reply *out)
{
	bool known = a->from->invite > 0;
	struct invite inv;
	int r;

	r = find_invite(h->db, j->secret, &inv);
	if (r == E_NOTFOUND)
		return refuse_code(h, m, a, out, j->region, TROUBLE_REFUSAL,
				   "the join code is wrong");
	if (r < 0)
		return r;
	/* Asked again because the answer was lost. */
	if (inv.state == INVITE_USED && known && a->from->active &&
	    a->from->invite == inv.id &&
	    memcmp(a->from->box_pk, j->box_pk, 32) == 0 &&
	    strcmp(a->from->region, j->region) == 0)
		return welcome(h, m, a, out);
	if (inv.state == INVITE_USED)
		return refuse_code(h, m, a, out, NULL, TROUBLE_ALARM,
				   "a join code was used a second time; each "
				   "is for one node, once: make a new one with "
				   "ccfed hub invite");
	if (inv.state == INVITE_BURNED)
		return refuse_code(h, m, a, out, NULL, TROUBLE_REFUSAL,
				   "the join code is no longer valid");
	if (strcmp(inv.region, j->region) != 0)
		return refuse_code(h, m, a, out, inv.region, TROUBLE_ALARM,
				   "a join code was used for another region");
	if (a->now_utc_ms >= inv.expires_utc_ms)
		return refuse_code(h, m, a, out, NULL, TROUBLE_REFUSAL,
				   "the join code has expired");
	if (j->network_kind != (uint32_t)h->policy.kind)
		return ingest_refuse_noted(
			h, m, a, out, TROUBLE_REFUSAL, REFUSED_KIND,
			"a %s node asked to join a %s network",
			h->policy.kind == NETWORK_REAL ? "synthetic" : "real",
			h->policy.kind == NETWORK_REAL ? "real" : "synthetic");
	if (known && strcmp(a->from->region, j->region) != 0)
		return refuse_code(h, m, a, out, NULL, TROUBLE_ALARM,
				   "a node of another region asked to join");
	r = use_invite(h, &inv, j, a);
	return r < 0 ? r : welcome(h, m, a, out);
}

/* Can an answer be sealed to it? Keys of small order can't. */
static bool usable(const struct hub *h, const unsigned char box_pk[32])
{
	unsigned char shared[32];
	bool ok = crypto_scalarmult(shared, h->keys.box_sk, box_pk) == 0;

	sodium_memzero(shared, sizeof shared);
	return ok;
}

int admit_join(struct hub *h, struct metrics *m, const struct asked *a,
	       struct reply *out)
{
	struct member was = *a->from;
	struct join j;
	int r;

	r = codec_join_parse(a->payload, a->len, &j);
	if (r == E_NOMEM)
		return r;
	if (r < 0 || j.wire_version < 1 || !usable(h, j.box_pk) ||
	    sodium_memcmp(j.sign_pk, a->header->sender, 32) != 0 ||
	    strcmp(j.region, a->header->region) != 0) {
		m->envelopes_refused++;
		log_warn("join_malformed", "region=%s", a->header->region);
		return 0;
	}
	if (was.invite == 0) /* a stranger: what goes wrong is told there */
		memcpy(a->from->region, j.region, sizeof j.region);
	r = consider(h, m, a, &j, out);
	/* A refusal goes to the key that asked, and names the region asked. */
	if (r == 0 && out->kind == KIND_REFUSED) {
		*a->from = was;
		memcpy(a->from->box_pk, j.box_pk, 32);
	}
	sodium_memzero(&j, sizeof j);
	return r;
}
