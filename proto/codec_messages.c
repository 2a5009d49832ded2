#include "proto/codec.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/codec_field.h"
#include "proto/envelope.h"

enum { SIG = 64 };

/* Entries and keys of a message on their way to the wire. */
struct list {
	Wire__Entry *entry;
	Wire__Entry **entry_at;
	Wire__Key *key;
	Wire__Key **key_at;
};

static void list_fini(struct list *l)
{
	mem_free(l->entry);
	mem_free(l->entry_at);
	mem_free(l->key);
	mem_free(l->key_at);
}

static int list_room(struct list *l, int n, bool entries)
{
	if (n < 0 || n > PAGE_MAX)
		return err_set(E_FORMAT, "a list has over %d keys", PAGE_MAX);
	l->key = mem_calloc((size_t)n, sizeof *l->key);
	l->key_at = mem_calloc((size_t)n, sizeof *l->key_at);
	if (!l->key || !l->key_at)
		return err_set(E_NOMEM, "out of memory for keys");
	if (!entries)
		return 0;
	l->entry = mem_calloc((size_t)n, sizeof *l->entry);
	l->entry_at = mem_calloc((size_t)n, sizeof *l->entry_at);
	if (!l->entry || !l->entry_at)
		return err_set(E_NOMEM, "out of memory for entries");
	return 0;
}

static int put_keys(struct list *l, const struct release_key *key, int n)
{
	int r = list_room(l, n, false);

	for (int i = 0; i < n && r == 0; i++) {
		codec_field_key_put(&l->key[i], &key[i]);
		l->key_at[i] = &l->key[i];
		r = codec_field_key_check(&key[i]);
	}
	return r;
}

static int put_entries(struct list *l, const struct inventory_entry *e, int n)
{
	int r = list_room(l, n, true);

	for (int i = 0; i < n && r == 0; i++) {
		codec_field_key_put(&l->key[i], &e[i].key);
		wire__entry__init(&l->entry[i]);
		l->entry[i].key = &l->key[i];
		l->entry[i].digest = codec_field_data(e[i].digest, DIGEST);
		l->entry_at[i] = &l->entry[i];
		r = codec_field_key_check(&e[i].key);
	}
	return r;
}

static int get_keys(struct release_key **out, int *out_n, Wire__Key **in,
		    size_t n)
{
	int r = 0;

	if (n > PAGE_MAX)
		return err_set(E_FORMAT, "a list has over %d keys", PAGE_MAX);
	if (n == 0)
		return 0;
	*out = mem_calloc(n, sizeof **out);
	if (!*out)
		return err_set(E_NOMEM, "out of memory for keys");
	*out_n = (int)n;
	for (size_t i = 0; i < n && r == 0; i++)
		r = codec_field_key_get(&(*out)[i], in[i]);
	return r;
}

static int get_entries(struct inventory_entry **out, int *out_n,
		       Wire__Entry **in, size_t n)
{
	int r = 0;

	if (n > PAGE_MAX)
		return err_set(E_FORMAT, "a list has over %d keys", PAGE_MAX);
	if (n == 0)
		return 0;
	*out = mem_calloc(n, sizeof **out);
	if (!*out)
		return err_set(E_NOMEM, "out of memory for entries");
	*out_n = (int)n;
	for (size_t i = 0; i < n && r == 0; i++) {
		r = codec_field_key_get(&(*out)[i].key, in[i]->key);
		if (r == 0)
			r = codec_field_bytes((*out)[i].digest, DIGEST,
					      &in[i]->digest, "a digest");
	}
	return r;
}

static int check_join(const struct join *m)
{
	return codec_field_id(m->region, sizeof m->region, false, "the region");
}

int codec_join(const struct join *m, unsigned char **out, size_t *len)
{
	Wire__Join w = WIRE__JOIN__INIT;
	int r = check_join(m);

	if (r < 0)
		return r;
	w.region = codec_field_string(m->region);
	w.sign_pk = codec_field_data(m->sign_pk, sizeof m->sign_pk);
	w.box_pk = codec_field_data(m->box_pk, sizeof m->box_pk);
	w.secret = codec_field_data(m->secret, sizeof m->secret);
	w.network_kind = m->network_kind;
	w.wire_version = m->wire_version;
	return wire_pack(&w.base, out, len);
}

static int get_join(struct join *out, const Wire__Join *w)
{
	int r = codec_field_copy(out->region, sizeof out->region, w->region,
				 "the region");

	if (r == 0)
		r = codec_field_bytes(out->sign_pk, sizeof out->sign_pk,
				      &w->sign_pk, "the signing key");
	if (r == 0)
		r = codec_field_bytes(out->box_pk, sizeof out->box_pk,
				      &w->box_pk, "the sealing key");
	if (r == 0)
		r = codec_field_bytes(out->secret, sizeof out->secret,
				      &w->secret, "the secret");
	out->network_kind = w->network_kind;
	out->wire_version = w->wire_version;
	return r == 0 ? check_join(out) : r;
}

int codec_join_parse(const unsigned char *in, size_t len, struct join *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__join__descriptor, 6, in, len, &m);
	if (r == 0)
		r = get_join(out, (const Wire__Join *)m);
	wire_arena_fini(&a);
	return r;
}

static int check_joined(const struct joined *m)
{
	if (m->policy_len == 0 || m->policy_len > POLICY_BYTES_MAX)
		return err_set(E_FORMAT, "the policy has %u bytes",
			       (unsigned)m->policy_len);
	return codec_field_text(m->region_title, sizeof m->region_title,
				"the region's title");
}

int codec_joined(const struct joined *m, unsigned char **out, size_t *len)
{
	Wire__Joined w = WIRE__JOINED__INIT;
	int r = check_joined(m);

	if (r < 0)
		return r;
	w.epoch = m->epoch;
	w.region_title = codec_field_string(m->region_title);
	w.policy = codec_field_data(m->policy, m->policy_len);
	w.policy_sig = codec_field_data(m->policy_sig, SIG);
	w.hub_utc_ms = m->hub_utc_ms;
	return wire_pack(&w.base, out, len);
}

/* A policy's bytes and signature; @may_lack: both may be empty. */
static int get_policy(unsigned char *out, uint32_t *out_len, unsigned char *sig,
		      const ProtobufCBinaryData *policy,
		      const ProtobufCBinaryData *policy_sig, bool may_lack)
{
	if (may_lack && policy->len == 0 && policy_sig->len == 0)
		return 0;
	if (policy->len == 0 || policy->len > POLICY_BYTES_MAX)
		return err_set(E_FORMAT, "the policy has %zu bytes",
			       policy->len);
	memcpy(out, policy->data, policy->len);
	*out_len = (uint32_t)policy->len;
	return codec_field_bytes(sig, SIG, policy_sig,
				 "the policy's signature");
}

static int get_joined(struct joined *out, const Wire__Joined *w)
{
	int r = codec_field_copy(out->region_title, sizeof out->region_title,
				 w->region_title, "the region's title");

	if (r == 0)
		r = get_policy(out->policy, &out->policy_len, out->policy_sig,
			       &w->policy, &w->policy_sig, false);
	out->epoch = w->epoch;
	out->hub_utc_ms = w->hub_utc_ms;
	return r == 0 ? check_joined(out) : r;
}

int codec_joined_parse(const unsigned char *in, size_t len, struct joined *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__joined__descriptor, 5, in, len, &m);
	if (r == 0)
		r = get_joined(out, (const Wire__Joined *)m);
	wire_arena_fini(&a);
	return r;
}

void inventory_fini(struct inventory *i)
{
	mem_free(i->entry);
	i->entry = NULL;
	i->n = 0;
}

static int check_inventory(const struct inventory *m)
{
	int r = codec_field_id(m->from_table, sizeof m->from_table, true,
			       "the first table");

	if (r == 0)
		r = codec_field_id(m->to_table, sizeof m->to_table, true,
				   "the last table");
	if (r == 0)
		r = codec_field_month(m->from_closing, "the first closing");
	return r == 0 ? codec_field_month(m->to_closing, "the last closing")
		      : r;
}

int codec_inventory(const struct inventory *m, unsigned char **out, size_t *len)
{
	Wire__Inventory w = WIRE__INVENTORY__INIT;
	struct list l = {0};
	int r = check_inventory(m);

	if (r == 0)
		r = put_entries(&l, m->entry, m->n);
	if (r < 0)
		goto out;
	w.from_table = codec_field_string(m->from_table);
	w.from_closing = (uint32_t)m->from_closing;
	w.to_table = codec_field_string(m->to_table);
	w.to_closing = (uint32_t)m->to_closing;
	w.look_only = m->look_only != 0;
	w.catalogue = m->catalogue;
	w.node_utc_ms = m->node_utc_ms;
	w.speaks = m->speaks;
	w.n_entry = (size_t)m->n;
	w.entry = l.entry_at;
	r = wire_pack(&w.base, out, len);
out:
	list_fini(&l);
	return r;
}

static int get_inventory(struct inventory *out, const Wire__Inventory *w)
{
	int r = codec_field_copy(out->from_table, sizeof out->from_table,
				 w->from_table, "the first table");

	if (r == 0)
		r = codec_field_copy(out->to_table, sizeof out->to_table,
				     w->to_table, "the last table");
	if (r == 0)
		r = codec_field_month(w->from_closing, "the first closing");
	if (r == 0)
		r = codec_field_month(w->to_closing, "the last closing");
	if (r < 0)
		return r;
	out->from_closing = (int32_t)w->from_closing;
	out->to_closing = (int32_t)w->to_closing;
	out->look_only = w->look_only;
	out->catalogue = w->catalogue;
	out->node_utc_ms = w->node_utc_ms;
	out->speaks = w->speaks;
	r = get_entries(&out->entry, &out->n, w->entry, w->n_entry);
	return r == 0 ? check_inventory(out) : r;
}

int codec_inventory_parse(const unsigned char *in, size_t len,
			  struct inventory *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__inventory__descriptor, PAGE_MAX + 8, in, len,
			&m);
	if (r == 0)
		r = get_inventory(out, (const Wire__Inventory *)m);
	if (r < 0)
		inventory_fini(out);
	wire_arena_fini(&a);
	return r;
}

void welcome_fini(struct welcome *w)
{
	mem_free(w->lacks);
	mem_free(w->forgotten);
	mem_free(w->differs);
	w->lacks = w->differs = NULL;
	w->forgotten = NULL;
	w->n_lacks = w->n_forgotten = w->n_differs = 0;
}

int codec_welcome(const struct welcome *m, unsigned char **out, size_t *len)
{
	Wire__Welcome w = WIRE__WELCOME__INIT;
	struct list lacks = {0}, forgotten = {0}, differs = {0};
	int r;

	if (m->policy_len > POLICY_BYTES_MAX)
		return err_set(E_FORMAT, "the policy is too long");
	r = put_keys(&lacks, m->lacks, m->n_lacks);
	if (r == 0)
		r = put_entries(&forgotten, m->forgotten, m->n_forgotten);
	if (r == 0)
		r = put_keys(&differs, m->differs, m->n_differs);
	if (r < 0)
		goto out;
	w.epoch = m->epoch;
	w.hub_utc_ms = m->hub_utc_ms;
	w.policy_number = m->policy_number;
	w.policy = codec_field_data(m->policy, m->policy_len);
	w.policy_sig =
		codec_field_data(m->policy_sig, m->policy_len > 0 ? SIG : 0);
	w.n_lacks = (size_t)m->n_lacks;
	w.lacks = lacks.key_at;
	w.n_forgotten = (size_t)m->n_forgotten;
	w.forgotten = forgotten.entry_at;
	w.n_differs = (size_t)m->n_differs;
	w.differs = differs.key_at;
	w.speaks = m->speaks;
	r = wire_pack(&w.base, out, len);
out:
	list_fini(&lacks);
	list_fini(&forgotten);
	list_fini(&differs);
	return r;
}

static int get_welcome(struct welcome *out, const Wire__Welcome *w)
{
	int r = get_policy(out->policy, &out->policy_len, out->policy_sig,
			   &w->policy, &w->policy_sig, true);

	out->epoch = w->epoch;
	out->hub_utc_ms = w->hub_utc_ms;
	out->policy_number = w->policy_number;
	out->speaks = w->speaks;
	if (r == 0)
		r = get_keys(&out->lacks, &out->n_lacks, w->lacks, w->n_lacks);
	if (r == 0)
		r = get_entries(&out->forgotten, &out->n_forgotten,
				w->forgotten, w->n_forgotten);
	if (r == 0)
		r = get_keys(&out->differs, &out->n_differs, w->differs,
			     w->n_differs);
	return r;
}

int codec_welcome_parse(const unsigned char *in, size_t len,
			struct welcome *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__welcome__descriptor, 3 * PAGE_MAX + 6, in,
			len, &m);
	if (r == 0)
		r = get_welcome(out, (const Wire__Welcome *)m);
	if (r < 0)
		welcome_fini(out);
	wire_arena_fini(&a);
	return r;
}

void delivery_fini(struct delivery *d)
{
	for (int i = 0; i < d->n; i++)
		mem_free(d->parcel[i].release);
	mem_free(d->parcel);
	d->parcel = NULL;
	d->n = 0;
}

static int check_parcel(uint64_t seq, size_t len)
{
	if (seq == 0 || seq > INT64_MAX)
		return err_set(E_FORMAT, "the ledger number is none");
	if (len == 0 || len > ENVELOPE_PAYLOAD_MAX)
		return err_set(E_FORMAT, "the release has %zu bytes", len);
	return 0;
}

static int check_delivery(const struct delivery *m)
{
	int r = 0;

	if (m->n < 1 || m->n > DELIVERY_MAX)
		return err_set(E_FORMAT, "a delivery of %d releases", m->n);
	for (int i = 0; i < m->n && r == 0; i++)
		r = check_parcel(m->parcel[i].ledger_seq, m->parcel[i].len);
	return r;
}

static void put_parcel(Wire__Parcel *out, const struct parcel *p)
{
	wire__parcel__init(out);
	out->ledger_seq = p->ledger_seq;
	out->ledger_head = codec_field_data(p->ledger_head, DIGEST);
	out->release = codec_field_data(p->release, p->len);
}

int codec_delivery(const struct delivery *m, unsigned char **out, size_t *len)
{
	Wire__Delivery w = WIRE__DELIVERY__INIT;
	Wire__Parcel further[DELIVERY_MAX], *further_at[DELIVERY_MAX];
	int r = check_delivery(m);

	if (r < 0)
		return r;
	for (int i = 1; i < m->n; i++) {
		put_parcel(&further[i - 1], &m->parcel[i]);
		further_at[i - 1] = &further[i - 1];
	}
	w.ledger_seq = m->parcel[0].ledger_seq;
	w.ledger_head = codec_field_data(m->parcel[0].ledger_head, DIGEST);
	w.release = codec_field_data(m->parcel[0].release, m->parcel[0].len);
	w.n_further = (size_t)m->n - 1;
	w.further = further_at;
	return wire_pack(&w.base, out, len);
}

static int get_parcel(struct parcel *out, uint64_t seq,
		      const ProtobufCBinaryData *head,
		      const ProtobufCBinaryData *release)
{
	int r = check_parcel(seq, release->len);

	if (r == 0)
		r = codec_field_bytes(out->ledger_head, DIGEST, head,
				      "the ledger's head");
	if (r < 0)
		return r;
	out->ledger_seq = seq;
	out->release = mem_alloc(release->len);
	if (!out->release)
		return err_set(E_NOMEM, "out of memory for a release");
	memcpy(out->release, release->data, release->len);
	out->len = release->len;
	return 0;
}

static int get_delivery(struct delivery *out, const Wire__Delivery *w)
{
	size_t n = w->n_further + 1;
	int r;

	if (n > DELIVERY_MAX)
		return err_set(E_FORMAT, "a delivery of %zu releases", n);
	out->parcel = mem_calloc(n, sizeof *out->parcel);
	if (!out->parcel)
		return err_set(E_NOMEM, "out of memory for a delivery");
	out->n = (int)n;
	r = get_parcel(&out->parcel[0], w->ledger_seq, &w->ledger_head,
		       &w->release);
	for (size_t i = 1; i < n && r == 0; i++) {
		const Wire__Parcel *p = w->further[i - 1];

		r = get_parcel(&out->parcel[i], p->ledger_seq, &p->ledger_head,
			       &p->release);
	}
	return r;
}

int codec_delivery_parse(const unsigned char *in, size_t len,
			 struct delivery *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__delivery__descriptor, DELIVERY_MAX + 2, in,
			len, &m);
	if (r == 0)
		r = get_delivery(out, (const Wire__Delivery *)m);
	if (r < 0)
		delivery_fini(out);
	wire_arena_fini(&a);
	return r;
}
