#include "proto/codec.h"

#include <sodium.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/codec_field.h"
#include "proto/envelope.h"

enum { SIG = 64 };

_Static_assert(DELIVERY_MAX *ANSWER_BYTES + 16 <= ENVELOPE_PAYLOAD_MAX,
	       "the answers to a delivery fit into an envelope");

static int check_receipt(const struct receipt *m)
{
	int r = codec_field_id(m->region, sizeof m->region, false,
			       "the region");

	if (r == 0)
		r = codec_field_key_check(&m->key);
	if (r == 0 && m->ledger_seq > INT64_MAX)
		r = err_set(E_FORMAT, "the ledger number is none");
	return r;
}

static int put_receipt(Wire__Receipt *w, Wire__Key *key,
		       const struct receipt *m, size_t sig_len)
{
	int r = check_receipt(m);

	if (r < 0)
		return r;
	wire__receipt__init(w);
	codec_field_key_put(key, &m->key);
	w->region = codec_field_string(m->region);
	w->key = key;
	w->digest = codec_field_data(m->digest, DIGEST);
	w->ledger_seq = m->ledger_seq;
	w->ledger_head = codec_field_data(m->ledger_head, DIGEST);
	w->hub_utc_ms = m->hub_utc_ms;
	w->sig = codec_field_data(m->sig, sig_len);
	return 0;
}

/* The bytes that are sent, or, without signature, those that are signed. */
static int pack_receipt(const struct receipt *m, size_t sig_len,
			unsigned char **out, size_t *len)
{
	Wire__Receipt w;
	Wire__Key key;
	int r = put_receipt(&w, &key, m, sig_len);

	return r < 0 ? r : wire_pack(&w.base, out, len);
}

int codec_receipt(const struct receipt *m, unsigned char **out, size_t *len)
{
	return pack_receipt(m, SIG, out, len);
}

static int get_receipt(struct receipt *out, const Wire__Receipt *w)
{
	int r = codec_field_copy(out->region, sizeof out->region, w->region,
				 "the region");

	if (r == 0)
		r = codec_field_key_get(&out->key, w->key);
	if (r == 0)
		r = codec_field_bytes(out->digest, DIGEST, &w->digest,
				      "the digest");
	if (r == 0)
		r = codec_field_bytes(out->ledger_head, DIGEST, &w->ledger_head,
				      "the ledger's head");
	if (r == 0)
		r = codec_field_bytes(out->sig, SIG, &w->sig, "the signature");
	out->ledger_seq = w->ledger_seq;
	out->hub_utc_ms = w->hub_utc_ms;
	return r == 0 ? check_receipt(out) : r;
}

int codec_receipt_parse(const unsigned char *in, size_t len,
			struct receipt *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__receipt__descriptor, 7, in, len, &m);
	if (r == 0)
		r = get_receipt(out, (const Wire__Receipt *)m);
	wire_arena_fini(&a);
	return r;
}

/* What is signed: the domain with its NUL, so that a signature for one purpose
 * is none for another, then the bytes. */
static int signed_bytes(const char *domain, const unsigned char *bytes,
			size_t len, unsigned char **out, size_t *out_len)
{
	size_t head = strlen(domain) + 1;
	unsigned char *all = mem_alloc(head + len);

	if (!all)
		return err_set(E_NOMEM, "out of memory for a signature");
	memcpy(all, domain, head);
	if (len > 0)
		memcpy(all + head, bytes, len);
	*out = all;
	*out_len = head + len;
	return 0;
}

static int sign(const char *domain, const unsigned char *bytes, size_t len,
		const unsigned char sk[64], unsigned char sig[SIG])
{
	unsigned char *all;
	size_t n;
	int r = signed_bytes(domain, bytes, len, &all, &n);

	if (r < 0)
		return r;
	crypto_sign_detached(sig, NULL, all, n, sk);
	mem_free(all);
	return 0;
}

static int verify(const char *domain, const unsigned char *bytes, size_t len,
		  const unsigned char sig[SIG], const unsigned char pk[32])
{
	unsigned char *all;
	size_t n;
	int r = signed_bytes(domain, bytes, len, &all, &n);

	if (r < 0)
		return r;
	if (crypto_sign_verify_detached(sig, all, n, pk) != 0)
		r = err_set(E_AUTH, "the signature is not the hub's");
	mem_free(all);
	return r;
}

static const char receipt_domain[] = "ccfed/v1/receipt";
static const char policy_domain[] = "ccfed/v1/policy";

int receipt_sign(struct receipt *r, const unsigned char sign_sk[64])
{
	unsigned char *bytes = NULL;
	size_t len;
	int x = pack_receipt(r, 0, &bytes, &len);

	if (x == 0)
		x = sign(receipt_domain, bytes, len, sign_sk, r->sig);
	mem_free(bytes);
	return x;
}

int receipt_verify(const struct receipt *r, const unsigned char sign_pk[32])
{
	unsigned char *bytes = NULL;
	size_t len;
	int x = pack_receipt(r, 0, &bytes, &len);

	if (x == 0)
		x = verify(receipt_domain, bytes, len, r->sig, sign_pk);
	mem_free(bytes);
	return x;
}

int policy_sign(const unsigned char *bytes, size_t len,
		const unsigned char sign_sk[64], unsigned char sig[64])
{
	return sign(policy_domain, bytes, len, sign_sk, sig);
}

int policy_verify(const unsigned char *bytes, size_t len,
		  const unsigned char sig[64], const unsigned char sign_pk[32])
{
	return verify(policy_domain, bytes, len, sig, sign_pk);
}

static int check_heartbeat(const struct heartbeat *m)
{
	size_t len = strnlen(m->version, sizeof m->version);

	if (len == sizeof m->version ||
	    strspn(m->version, "0123456789abcdefghijklmnopqrstuvwxyz.+~-") !=
		    len)
		return err_set(E_FORMAT, "the version is none");
	return 0;
}

int codec_heartbeat(const struct heartbeat *m, unsigned char **out, size_t *len)
{
	Wire__Heartbeat w = WIRE__HEARTBEAT__INIT;
	int r = check_heartbeat(m);

	if (r < 0)
		return r;
	w.node_utc_ms = m->node_utc_ms;
	w.waiting = m->waiting;
	w.version = codec_field_string(m->version);
	return wire_pack(&w.base, out, len);
}

static int get_heartbeat(struct heartbeat *out, const Wire__Heartbeat *w)
{
	int r = codec_field_copy(out->version, sizeof out->version, w->version,
				 "the version");

	out->node_utc_ms = w->node_utc_ms;
	out->waiting = w->waiting;
	return r == 0 ? check_heartbeat(out) : r;
}

int codec_heartbeat_parse(const unsigned char *in, size_t len,
			  struct heartbeat *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__heartbeat__descriptor, 3, in, len, &m);
	if (r == 0)
		r = get_heartbeat(out, (const Wire__Heartbeat *)m);
	wire_arena_fini(&a);
	return r;
}

int codec_alive(const struct alive *m, unsigned char **out, size_t *len)
{
	Wire__Alive w = WIRE__ALIVE__INIT;

	w.hub_utc_ms = m->hub_utc_ms;
	w.policy_number = m->policy_number;
	w.say_hello = m->say_hello != 0;
	return wire_pack(&w.base, out, len);
}

int codec_alive_parse(const unsigned char *in, size_t len, struct alive *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__alive__descriptor, 3, in, len, &m);
	if (r == 0) {
		const Wire__Alive *w = (const Wire__Alive *)m;

		out->hub_utc_ms = w->hub_utc_ms;
		out->policy_number = w->policy_number;
		out->say_hello = w->say_hello;
	}
	wire_arena_fini(&a);
	return r;
}

static int check_refusal(const struct refusal *m)
{
	if (m->code < REFUSED_UNKNOWN_NODE || m->code > REFUSED_LATER)
		return err_set(E_FORMAT, "the refusal's code is unknown");
	return codec_field_text(m->why, sizeof m->why, "the reason");
}

static int put_refusal(Wire__Refusal *w, const struct refusal *m)
{
	int r = check_refusal(m);

	if (r < 0)
		return r;
	wire__refusal__init(w);
	w->code = m->code;
	w->why = codec_field_string(m->why);
	return 0;
}

int codec_refusal(const struct refusal *m, unsigned char **out, size_t *len)
{
	Wire__Refusal w;
	int r = put_refusal(&w, m);

	return r < 0 ? r : wire_pack(&w.base, out, len);
}

static int get_refusal(struct refusal *out, const Wire__Refusal *w)
{
	int r = codec_field_copy(out->why, sizeof out->why, w->why,
				 "the reason");

	out->code = w->code;
	return r == 0 ? check_refusal(out) : r;
}

int codec_refusal_parse(const unsigned char *in, size_t len,
			struct refusal *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__refusal__descriptor, 2, in, len, &m);
	if (r == 0)
		r = get_refusal(out, (const Wire__Refusal *)m);
	wire_arena_fini(&a);
	return r;
}

void answers_fini(struct answers *a)
{
	mem_free(a->answer);
	a->answer = NULL;
	a->n = 0;
}

/* What packing needs beside the answers themselves. */
struct packing_answers {
	Wire__Answer *at[DELIVERY_MAX];
	Wire__Answer answer[DELIVERY_MAX];
	Wire__Receipt receipt[DELIVERY_MAX];
	Wire__Key key[DELIVERY_MAX];
	Wire__Refusal refusal[DELIVERY_MAX];
};

static int put_answer(struct packing_answers *p, int i,
		      const struct delivered *a)
{
	Wire__Answer *w = &p->answer[i];

	p->at[i] = w;
	wire__answer__init(w);
	if (a->taken) {
		w->receipt = &p->receipt[i];
		return put_receipt(w->receipt, &p->key[i], &a->receipt, SIG);
	}
	w->refusal = &p->refusal[i];
	return put_refusal(w->refusal, &a->refusal);
}

int codec_answers(const struct answers *m, unsigned char **out, size_t *len)
{
	Wire__Answers w = WIRE__ANSWERS__INIT;
	struct packing_answers *p;
	int r = 0;

	if (m->n < 1 || m->n > DELIVERY_MAX)
		return err_set(E_FORMAT, "there are %d answers", m->n);
	p = mem_alloc(sizeof *p);
	if (!p)
		return err_set(E_NOMEM, "out of memory for answers");
	for (int i = 0; i < m->n && r == 0; i++)
		r = put_answer(p, i, &m->answer[i]);
	w.hub_utc_ms = m->hub_utc_ms;
	w.n_answer = (size_t)m->n;
	w.answer = p->at;
	if (r == 0)
		r = wire_pack(&w.base, out, len);
	mem_free(p);
	return r;
}

static int get_answer(struct delivered *out, const Wire__Answer *w)
{
	if (!w->receipt == !w->refusal)
		return err_set(E_FORMAT, "an answer is not one of the two");
	out->taken = w->receipt != NULL;
	return out->taken ? get_receipt(&out->receipt, w->receipt)
			  : get_refusal(&out->refusal, w->refusal);
}

static int get_answers(struct answers *out, const Wire__Answers *w)
{
	int r = 0;

	if (w->n_answer < 1 || w->n_answer > DELIVERY_MAX)
		return err_set(E_FORMAT, "there are %zu answers", w->n_answer);
	out->answer = mem_calloc(w->n_answer, sizeof *out->answer);
	if (!out->answer)
		return err_set(E_NOMEM, "out of memory for answers");
	out->hub_utc_ms = w->hub_utc_ms;
	out->n = (int)w->n_answer;
	for (int i = 0; i < out->n && r == 0; i++)
		r = get_answer(&out->answer[i], w->answer[i]);
	return r;
}

int codec_answers_parse(const unsigned char *in, size_t len,
			struct answers *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__answers__descriptor, DELIVERY_MAX + 1, in,
			len, &m);
	if (r == 0)
		r = get_answers(out, (const Wire__Answers *)m);
	if (r < 0)
		answers_fini(out);
	wire_arena_fini(&a);
	return r;
}

const char *refusal_text(uint32_t code)
{
	switch ((enum refusal_code)code) {
	case REFUSED_UNKNOWN_NODE:
		return "The hub does not know this node. Ask the hub's "
		       "operator whether it was replaced, and join again.";
	case REFUSED_REGION:
		return "This node may not speak for that region. Ask the "
		       "hub's operator for a join code of your region.";
	case REFUSED_EPOCH:
		return "The hub has granted this region a new beginning. The "
		       "node compares inventories by itself; if it does not, "
		       "restart it.";
	case REFUSED_CODE:
		return "The join code is wrong, used or expired. Ask the "
		       "hub's operator for a new one.";
	case REFUSED_KIND:
		return "Real and synthetic networks do not mix. This node was "
		       "made for the other kind: make a new one.";
	case REFUSED_DEFINITION:
		return "Node and hub define the numbers differently. Install "
		       "the same version of ccfed on both.";
	case REFUSED_FLOOR:
		return "The hub refused numbers that stand for too few "
		       "children. Nothing was counted; report this.";
	case REFUSED_POLICY:
		return "The numbers name a policy that the hub does not know. "
		       "The node fetches the current one by itself.";
	case REFUSED_CONTENT:
		return "The hub could not read what was sent. Install the "
		       "same version of ccfed on both.";
	case REFUSED_CONFLICT:
		return "The hub holds other numbers under the same name. Was "
		       "this node copied or restored? Ask the hub's operator.";
	case REFUSED_LATER:
		return "The hub is busy. The node tries again by itself.";
	}
	return "The hub refused for a reason that this version does not know.";
}

int codec_policy(const struct policy *m, unsigned char **out, size_t *len)
{
	Wire__Policy w = WIRE__POLICY__INIT;
	int r = policy_check(m);

	if (r < 0)
		return r;
	w.number = m->number;
	w.kind = (uint32_t)m->kind;
	w.floor = m->floor;
	w.settle_days = m->settle_days;
	w.zone = codec_field_string(m->zone);
	w.network = codec_field_string(m->network);
	w.agreement = codec_field_string(m->agreement);
	w.state_fiscal_month = m->state_fiscal_month;
	w.review = m->review;
	w.keep_years = m->keep_years;
	w.withdrawal =
		m->withdrawal == POLICY_COUNTED ? 0 : (uint32_t)m->withdrawal;
	return wire_pack(&w.base, out, len);
}

static int get_policy(struct policy *out, const Wire__Policy *w)
{
	int r = codec_field_copy(out->zone, sizeof out->zone, w->zone,
				 "the time zone");

	if (r == 0)
		r = codec_field_copy(out->network, sizeof out->network,
				     w->network, "the network's name");
	if (r == 0)
		r = codec_field_copy(out->agreement, sizeof out->agreement,
				     w->agreement, "the agreement");
	if (r == 0 && w->kind > NETWORK_SYNTHETIC)
		r = err_set(E_FORMAT, "the kind of network is unknown");
	if (r < 0)
		return r;
	out->number = w->number;
	out->kind = (enum network_kind)w->kind;
	out->floor = w->floor;
	out->settle_days = w->settle_days;
	out->state_fiscal_month = w->state_fiscal_month;
	out->review = w->review;
	out->keep_years = w->keep_years;
	/* Nothing has two encodings. */
	if (w->withdrawal == POLICY_COUNTED || w->withdrawal > POLICY_UNCOUNTED)
		return err_set(E_FORMAT, "the policy's word on withdrawn "
					 "consent is unknown");
	out->withdrawal = w->withdrawal == 0
				  ? POLICY_COUNTED
				  : (enum policy_withdrawal)w->withdrawal;
	return policy_check(out);
}

int codec_policy_parse(const unsigned char *in, size_t len, struct policy *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	if (len > POLICY_BYTES_MAX)
		return err_set(E_FORMAT, "the policy has %zu bytes", len);
	r = wire_unpack(&a, &wire__policy__descriptor, 11, in, len, &m);
	if (r == 0)
		r = get_policy(out, (const Wire__Policy *)m);
	wire_arena_fini(&a);
	return r;
}
