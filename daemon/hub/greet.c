#include "daemon/hub/greet.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/store.h"

enum { HELD_MAX = PAGE_MAX + GREET_FORGOTTEN_MAX };

static int place_cmp(const char *a_table, int32_t a_closing,
		     const char *b_table, int32_t b_closing)
{
	int c = strcmp(a_table, b_table);

	if (c)
		return c;
	return (a_closing > b_closing) - (a_closing < b_closing);
}

static int key_cmp(const struct release_key *a, const struct release_key *b)
{
	int c = place_cmp(a->table, a->closing, b->table, b->closing);

	if (!c)
		c = (a->epoch > b->epoch) - (a->epoch < b->epoch);
	if (!c)
		c = (a->version > b->version) - (a->version < b->version);
	return c;
}

/* Sorted, each once, inside the range that it speaks of: the comparison walks
 * both lists once. */
static bool in_order(const struct inventory *v)
{
	for (int i = 0; i < v->n; i++) {
		const struct release_key *k = &v->entry[i].key;

		if (place_cmp(k->table, k->closing, v->from_table,
			      v->from_closing) < 0)
			return false;
		if (v->to_table[0] &&
		    place_cmp(k->table, k->closing, v->to_table,
			      v->to_closing) >= 0)
			return false;
		if (i > 0 && key_cmp(&v->entry[i - 1].key, k) >= 0)
			return false;
	}
	return true;
}

struct comparison {
	struct inventory_entry *held; /* by the hub, in order */
	int n_held;
	bool cut; /* there are more of them */
	struct welcome *w;
};

static int room(const struct inventory *v, struct comparison *c)
{
	size_t n = (size_t)v->n + 1;

	c->held = mem_calloc(HELD_MAX, sizeof *c->held);
	c->w->lacks = mem_calloc(n, sizeof *c->w->lacks);
	c->w->differs = mem_calloc(n, sizeof *c->w->differs);
	c->w->forgotten =
		mem_calloc(GREET_FORGOTTEN_MAX, sizeof *c->w->forgotten);
	if (!c->held || !c->w->lacks || !c->w->differs || !c->w->forgotten)
		return err_set(E_NOMEM, "out of memory for an inventory");
	return 0;
}

/* If the hub's list was cut, more is forgotten than can be told, and what the
 * node holds beyond the cut waits for its next hello. */
static void compare(const struct inventory *v, struct comparison *c)
{
	struct welcome *w = c->w;
	int i = 0, k = 0;

	while (i < v->n || k < c->n_held) {
		int d = i == v->n ? 1
			: k == c->n_held
				? -1
				: key_cmp(&v->entry[i].key, &c->held[k].key);

		if (d < 0 && k == c->n_held && c->cut)
			return;
		if (d < 0) {
			w->lacks[w->n_lacks++] = v->entry[i++].key;
		} else if (d > 0) {
			if (w->n_forgotten < GREET_FORGOTTEN_MAX)
				w->forgotten[w->n_forgotten++] = c->held[k];
			k++;
		} else {
			if (memcmp(v->entry[i].digest, c->held[k].digest,
				   DIGEST) != 0)
				w->differs[w->n_differs++] = c->held[k].key;
			i++;
			k++;
		}
	}
}

static int add_policy(struct db *db, struct welcome *w)
{
	const void *bytes, *sig;
	size_t len, sig_len;
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT number, bytes, sig FROM policy "
		    "ORDER BY number DESC LIMIT 1",
		    NULL);
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		w->policy_number = (uint32_t)rows_int(&r, 0);
		bytes = rows_blob(&r, 1, &len);
		sig = rows_blob(&r, 2, &sig_len);
		if (len <= sizeof w->policy && sig_len == 64) {
			memcpy(w->policy, bytes, len);
			w->policy_len = (uint32_t)len;
			memcpy(w->policy_sig, sig, 64);
		}
	}
	rows_end(&r);
	return x < 0 ? x : 0;
}

/* Whoever forgot, or has not the region's epoch, is fenced off from what it
 * was before: only one copy of a node can hold the newest epoch. */
static int grant(struct hub *h, struct metrics *m, const struct asked *a,
		 const struct welcome *w)
{
	bool again = false, stale = a->header->epoch != a->from->epoch;
	int r;

	r = roster_hello(h->db, a->from->region, a->header->request, &again);
	if (r < 0 || again || (!stale && w->n_forgotten == 0))
		return r;
	if (w->n_forgotten > 0) {
		m->alarms++;
		r = roster_trouble(h->db, a->from->region, TROUBLE_ALARM,
				   "the node had forgotten releases: it was "
				   "restored or replaced",
				   a->now_utc_ms);
	}
	if (r == 0)
		r = roster_grant(h->db, a->from, a->header->epoch);
	if (r == 0)
		log_info("epoch_granted", "region=%s epoch=%u forgotten=%d",
			 a->from->region, (unsigned)a->from->epoch,
			 w->n_forgotten);
	return r;
}

static int note(struct hub *h, struct metrics *m, const struct asked *a,
		const struct inventory *v, const struct welcome *w)
{
	struct contact c = {
		.heard_utc_ms = a->now_utc_ms,
		.node_utc_ms = v->node_utc_ms,
		.compared = v->to_table[0] == '\0' && !v->look_only,
	};
	int r;

	m->hellos++;
	r = roster_contact(h->db, a->from->region, &c);
	if (r == 0 && w->n_differs > 0) {
		m->alarms++;
		r = roster_trouble(h->db, a->from->region, TROUBLE_ALARM,
				   "the node holds other releases under the "
				   "same keys",
				   a->now_utc_ms);
	}
	if (r == 0 && !v->look_only)
		r = grant(h, m, a, w);
	return r;
}

int greet_hello(struct hub *h, struct metrics *m, const struct asked *a,
		struct reply *out)
{
	struct welcome w = {.hub_utc_ms = a->now_utc_ms};
	struct comparison c = {.w = &w};
	struct inventory v = {0};
	int r;

	r = codec_inventory_parse(a->payload, a->len, &v);
	if (r == E_NOMEM)
		return r;
	if (r < 0 || !in_order(&v)) {
		r = ingest_refuse(m, a, out, REFUSED_CONTENT,
				  "the inventory is malformed");
		goto out;
	}
	r = room(&v, &c);
	if (r == 0)
		r = store_inventory(h->db, a->from->region, &v, HELD_MAX,
				    c.held, &c.n_held, &c.cut);
	if (r < 0)
		goto out;
	compare(&v, &c);
	r = note(h, m, a, &v, &w);
	if (r == 0)
		r = add_policy(h->db, &w);
	w.epoch = a->from->epoch;
	w.speaks = v.speaks > 0 ? WIRE_VERSION : 0;
	if (r == 0)
		r = codec_welcome(&w, &out->bytes, &out->len);
	if (r == 0)
		out->kind = KIND_WELCOME;
out:
	mem_free(c.held);
	inventory_fini(&v);
	welcome_fini(&w);
	return r;
}

int greet_heartbeat(struct hub *h, struct metrics *m, const struct asked *a,
		    struct reply *out)
{
	struct alive alive = {.hub_utc_ms = a->now_utc_ms};
	struct contact c = {.heard_utc_ms = a->now_utc_ms, .has_state = true};
	struct heartbeat b;
	int64_t compared = 0, policy = 0;
	int r;

	r = codec_heartbeat_parse(a->payload, a->len, &b);
	if (r == E_NOMEM)
		return r;
	if (r < 0)
		return ingest_refuse(m, a, out, REFUSED_CONTENT,
				     "the heartbeat is malformed");
	c.node_utc_ms = b.node_utc_ms;
	c.waiting = b.waiting;
	memcpy(c.version, b.version, sizeof c.version);
	c.version[sizeof c.version - 1] = '\0';
	r = roster_compared(h->db, a->from->region, &compared);
	if (r == 0)
		r = roster_contact(h->db, a->from->region, &c);
	/* The command line may have set another one beside the daemon. */
	if (r == 0)
		r = db_int(h->db, &policy, "SELECT max(number) FROM policy",
			   NULL);
	if (r < 0)
		return r;
	m->heartbeats++;
	alive.policy_number = (uint32_t)policy;
	/* A hub that was restored may lack what the node takes for taken. */
	alive.say_hello = a->header->epoch != a->from->epoch ||
			  compared < h->started_utc_ms;
	out->kind = KIND_ALIVE;
	return codec_alive(&alive, &out->bytes, &out->len);
}
