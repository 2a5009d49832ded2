/* How a node joins a network: one sealed request with the single-use secret of
 * its join code, one answer. */
#include "regional/node.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/lattice.h"

/* The request's id follows from the code and the node's key, so that nothing
 * has to be kept between asking and the answer, even over a restart. The
 * secret is single use, so this id fits no other question. */
static void join_request_id(const struct node *n, const struct join_code *code,
			    unsigned char out[REQUEST_ID])
{
	crypto_generichash_state h;

	crypto_generichash_init(&h, code->secret, sizeof code->secret,
				REQUEST_ID);
	crypto_generichash_update(&h, (const unsigned char *)"ccfed/v1/join",
				  13);
	crypto_generichash_update(&h, n->keys.sign_pk, sizeof n->keys.sign_pk);
	crypto_generichash_final(&h, out, REQUEST_ID);
}

static int check_code(const struct node *n, const struct join_code *code)
{
	if (!n->joined)
		return 0;
	if (memcmp(n->network, code->network, NETWORK_ID) != 0 ||
	    memcmp(n->hub_sign_pk, code->hub_sign_pk, 32) != 0)
		return err_set(E_STATE,
			       "this node belongs to another network; make a "
			       "new directory for this code");
	if (strcmp(n->region, code->region) != 0)
		return err_set(E_STATE,
			       "this node is region %s and the code is for %s",
			       n->region, code->region);
	return 0;
}

int node_join_request(struct node *n, const struct join_code *code,
		      unsigned char out[ENVELOPE_SIZE])
{
	struct envelope_header h = {.version = WIRE_FIRST, .kind = KIND_JOIN};
	struct join join = {.network_kind = n->kind,
			    .wire_version = WIRE_VERSION};
	unsigned char *bytes = NULL;
	size_t len = 0;
	int r;

	r = check_code(n, code);
	if (r < 0)
		return r;
	memcpy(join.region, code->region, sizeof join.region);
	memcpy(join.sign_pk, n->keys.sign_pk, sizeof join.sign_pk);
	memcpy(join.box_pk, n->keys.box_pk, sizeof join.box_pk);
	memcpy(join.secret, code->secret, sizeof join.secret);
	memcpy(h.network, code->network, sizeof h.network);
	memcpy(h.region, code->region, sizeof h.region);
	join_request_id(n, code, h.request);
	r = codec_join(&join, &bytes, &len);
	if (r == 0)
		r = envelope_seal(out, &h, bytes, len, &n->keys,
				  code->hub_box_pk, n->s.rng);
	if (bytes)
		sodium_memzero(bytes, len);
	sodium_memzero(&join, sizeof join);
	mem_free(bytes);
	return r;
}

static int32_t this_month(const struct node *n)
{
	return period_month_of_day(date_of_utc(clock_utc_ms(n->s.clock)));
}

/* A new epoch: the hub has to say what it holds before anything closes. The
 * policy's number may be the one that is in force here. */
static int keep_joined(struct node *n, const struct join_code *code,
		       const struct joined *j)
{
	struct policy p;
	bool known = n->joined &&
		     codec_policy_parse(j->policy, j->policy_len, &p) == 0 &&
		     p.number == n->policy.number;
	int r = 0;

	memcpy(n->hub_sign_pk, code->hub_sign_pk, sizeof n->hub_sign_pk);
	if (!known)
		r = node_pin_policy(n, j->policy, j->policy_len, j->policy_sig);
	if (r < 0)
		return r;
	return db_run(n->db,
		      "UPDATE node SET region = ?, title = ?, network = ?, "
		      "hub_sign_pk = ?, hub_box_pk = ?, hub_addr = ?, "
		      "epoch = ?, hello_epoch = NULL, trouble = '', "
		      "first_month = coalesce(first_month, ?) WHERE id = 1",
		      "ssbbbsii", code->region, j->region_title, code->network,
		      (size_t)NETWORK_ID, code->hub_sign_pk, (size_t)32,
		      code->hub_box_pk, (size_t)32, code->addr,
		      (int64_t)j->epoch, (int64_t)this_month(n));
}

static int take_joined(struct node *n, const struct join_code *code,
		       const unsigned char *payload, size_t len)
{
	struct joined j;
	int r;

	r = codec_joined_parse(payload, len, &j);
	if (r < 0)
		return err_prefix(r, "the hub's answer");
	r = db_begin(n->db);
	if (r < 0)
		return r;
	r = db_end(n->db, keep_joined(n, code, &j));
	/* Either way: memory follows the file. */
	if (r < 0) {
		node_reload(n);
		return r;
	}
	r = node_reload(n);
	if (r == 0)
		r = node_heard(n, j.hub_utc_ms);
	if (r == 0)
		log_info("joined", "region=%s epoch=%u policy=%u", n->region,
			 n->epoch, n->policy.number);
	return r;
}

static int take_refusal(const unsigned char *payload, size_t len)
{
	struct refusal no;
	int r = codec_refusal_parse(payload, len, &no);

	if (r < 0)
		return err_prefix(r, "the hub's answer");
	return err_set(E_DENIED, "the hub refused: %s. %s", no.why,
		       refusal_text(no.code));
}

int node_join_answer(struct node *n, const struct join_code *code,
		     const void *data, size_t len)
{
	unsigned char request[REQUEST_ID];
	const unsigned char *payload;
	unsigned char *buf = NULL;
	struct envelope_header h;
	size_t payload_len;
	int r;

	r = check_code(n, code);
	if (r == 0)
		r = envelope_peek(data, len, &h);
	if (r < 0)
		return r;
	join_request_id(n, code, request);
	if (memcmp(h.sender, code->hub_sign_pk, sizeof h.sender) != 0 ||
	    memcmp(h.network, code->network, sizeof h.network) != 0 ||
	    memcmp(h.request, request, sizeof h.request) != 0 ||
	    (h.kind != KIND_JOINED && h.kind != KIND_REFUSED))
		return err_set(E_AUTH, "this is no answer of the code's hub");
	buf = mem_alloc(ENVELOPE_SIZE);
	if (!buf)
		return err_set(E_NOMEM, "out of memory for the hub's answer");
	r = envelope_verify(data, len);
	if (r == 0)
		r = envelope_open(data, len, &n->keys, buf, &payload,
				  &payload_len);
	if (r == 0 && h.kind == KIND_JOINED)
		r = take_joined(n, code, payload, payload_len);
	else if (r == 0)
		r = take_refusal(payload, payload_len);
	mem_free(buf);
	return r;
}
