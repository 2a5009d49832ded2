/* Hello: hub and node tell each other what they hold of this region. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/release/publish_parts.h"
#include "regional/release/release.h"

static void drop_wanted(struct hello *h)
{
	mem_free(h->wanted);
	h->wanted = NULL;
	h->n_wanted = h->at = 0;
}

void publish_hello_reset(struct publish *p)
{
	drop_wanted(&p->hello);
	p->hello = (struct hello){.done = false};
}

/* --- what this node holds --- */

static int take_entry(struct rows *rows, struct inventory_entry *e)
{
	size_t len;
	const void *digest = rows_blob(rows, 4, &len);

	memset(e, 0, sizeof *e);
	snprintf(e->key.table, sizeof e->key.table, "%s", rows_text(rows, 0));
	e->key.closing = (int32_t)rows_int(rows, 1);
	e->key.epoch = (uint32_t)rows_int(rows, 2);
	e->key.version = (uint32_t)rows_int(rows, 3);
	if (len != DIGEST)
		return err_set(E_FORMAT, "a release's digest is damaged");
	memcpy(e->digest, digest, DIGEST);
	return 0;
}

static bool same_place(const struct release_key *a, const struct release_key *b)
{
	return a->closing == b->closing && strcmp(a->table, b->table) == 0;
}

/* A page ends where a closing ends: the range is named by table and closing
 * alone. @page has one entry too many. */
static void cut_page(struct inventory *page)
{
	const struct release_key *next = &page->entry[page->n - 1].key;

	snprintf(page->to_table, sizeof page->to_table, "%s", next->table);
	page->to_closing = next->closing;
	while (page->n > 0 && same_place(&page->entry[page->n - 1].key, next))
		page->n--;
}

/* What a supervisor has not released yet stays out: a digest of few small
 * numbers can be guessed. */
static int read_page(struct node *n, struct inventory *page)
{
	struct rows rows;
	int x;

	x = db_rows(n->db, &rows,
		    "SELECT table_id, closing, epoch, version, digest "
		    "FROM release WHERE (table_id, closing) >= (?, ?) "
		    "AND state > ? ORDER BY table_id, closing, epoch, version "
		    "LIMIT ?",
		    "siii", page->from_table, (int64_t)page->from_closing,
		    (int64_t)RELEASE_HELD, (int64_t)PAGE_MAX + 1);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = take_entry(&rows, &page->entry[page->n++]);
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int publish_inventory(struct node *n, const struct release_key *after,
		      struct inventory *out, bool look_only)
{
	int r;

	memset(out, 0, sizeof *out);
	out->entry = mem_calloc(PAGE_MAX + 1, sizeof *out->entry);
	if (!out->entry)
		return err_set(E_NOMEM, "out of memory for an inventory");
	if (after) {
		memcpy(out->from_table, after->table, sizeof out->from_table);
		out->from_closing = after->closing;
	}
	out->look_only = look_only;
	out->catalogue = (uint32_t)catalogue_tables(n->cat);
	out->node_utc_ms = clock_utc_ms(n->s.clock);
	r = read_page(n, out);
	if (r == 0 && out->n > PAGE_MAX)
		cut_page(out);
	if (r < 0)
		inventory_fini(out);
	return r;
}

static int ask_page(struct publish *p)
{
	struct hello *h = &p->hello;
	struct inventory page;
	unsigned char *bytes = NULL;
	size_t len;
	int r;

	r = publish_inventory(p->n, h->from_set ? &h->from : NULL, &page,
			      false);
	if (r < 0)
		return r;
	page.speaks = h->plain ? 0 : WIRE_VERSION;
	h->last = page.to_table[0] == '\0';
	memcpy(h->next.table, page.to_table, sizeof h->next.table);
	h->next.closing = page.to_closing;
	r = codec_inventory(&page, &bytes, &len);
	if (r == 0)
		r = publish_ask(p, KIND_HELLO, bytes, len);
	mem_free(bytes);
	inventory_fini(&page);
	return r;
}

bool publish_hello_plain(struct publish *p, const struct refusal *no)
{
	/* Version 1 knows no such question: to it the page is malformed. */
	if (no->code != REFUSED_CONTENT || p->hello.plain)
		return false;
	p->hello.plain = true;
	p->wire = WIRE_FIRST;
	log_info("hub_speaks", "wire=%d", WIRE_FIRST);
	return true;
}

static void take_wire(struct publish *p, uint32_t speaks)
{
	uint8_t wire = WIRE_FIRST;

	if (speaks > WIRE_FIRST)
		wire = speaks < WIRE_VERSION ? (uint8_t)speaks : WIRE_VERSION;
	if (p->wire != wire)
		log_info("hub_speaks", "wire=%d", wire);
	p->wire = wire;
}

static int count_held(struct publish *p, int64_t *out)
{
	return db_int(p->n->db, out,
		      "SELECT count(*) FROM release WHERE state > ?", "i",
		      (int64_t)RELEASE_READY);
}

int publish_hello_ask(struct publish *p)
{
	struct hello *h = &p->hello;
	unsigned char *bytes = NULL;
	size_t len;
	int r;

	if (h->at == h->n_wanted)
		return ask_page(p);
	r = codec_key(&h->wanted[h->at].key, &bytes, &len);
	if (r == 0)
		r = publish_ask(p, KIND_RECALL, bytes, len);
	mem_free(bytes);
	return r;
}

/* --- what the hub holds --- */

/* The hub was restored and lost these: they leave again. */
static int send_again(struct publish *p, const struct welcome *w)
{
	char month[PERIOD_TEXT];
	int r = 0;

	for (int i = 0; i < w->n_lacks && r == 0; i++) {
		const struct release_key *k = &w->lacks[i];

		r = db_run(p->n->db,
			   "UPDATE release SET state = CASE WHEN EXISTS "
			   "(SELECT 1 FROM ledger l "
			   "WHERE l.table_id = release.table_id "
			   "AND l.closing = release.closing "
			   "AND l.epoch = release.epoch "
			   "AND l.version = release.version) "
			   "THEN ? ELSE ? END, retry_utc_ms = 0 "
			   "WHERE table_id = ? AND closing = ? AND epoch = ? "
			   "AND version = ? AND state = ?",
			   "iisiiii", (int64_t)RELEASE_SENT,
			   (int64_t)RELEASE_READY, k->table,
			   (int64_t)k->closing, (int64_t)k->epoch,
			   (int64_t)k->version, (int64_t)RELEASE_TAKEN);
		if (r == 0 && db_changes(p->n->db) > 0)
			log_warn("hub_lacks", "table=%s closing=%s", k->table,
				 release_month_text(k->closing, month));
	}
	return r;
}

/* Did what this node has under @k ever leave from here? */
static int has_left(struct publish *p, const struct release_key *k, bool *out)
{
	int64_t left = 0;
	int r = db_int(p->n->db, &left,
		       "SELECT (SELECT count(*) FROM ledger "
		       "WHERE table_id = ?1 AND closing = ?2 AND epoch = ?3 "
		       "AND version = ?4) + (SELECT count(*) FROM release "
		       "WHERE table_id = ?1 AND closing = ?2 AND epoch = ?3 "
		       "AND version = ?4 AND recovered > 0)",
		       "siii", k->table, (int64_t)k->closing, (int64_t)k->epoch,
		       (int64_t)k->version);

	*out = left > 0;
	return r;
}

static int want(struct publish *p, const struct welcome *w)
{
	struct hello *h = &p->hello;
	int r = 0;

	drop_wanted(h);
	h->wanted =
		mem_calloc((size_t)w->n_forgotten + (size_t)w->n_differs + 1,
			   sizeof *h->wanted);
	if (!h->wanted)
		return err_set(E_NOMEM, "out of memory for an inventory");
	for (int i = 0; i < w->n_forgotten; i++) {
		struct wanted *x = &h->wanted[h->n_wanted++];

		x->key = w->forgotten[i].key;
		x->has_digest = true;
		memcpy(x->digest, w->forgotten[i].digest, DIGEST);
	}
	for (int i = 0; i < w->n_differs && r == 0; i++) {
		bool left;

		r = has_left(p, &w->differs[i], &left);
		if (r == 0 && left)
			r = release_conflict(p->n, &w->differs[i]);
		else if (r == 0)
			h->wanted[h->n_wanted++].key = w->differs[i];
	}
	return r;
}

static int take_policy(struct publish *p, const struct welcome *w)
{
	int r;

	if (w->policy_number == p->n->policy.number || w->policy_len == 0)
		return 0;
	r = node_pin_policy(p->n, w->policy, w->policy_len, w->policy_sig);
	if (r != E_STATE && r != E_AUTH && r != E_INVALID && r != E_FORMAT)
		return r;
	/* The pinned one stays in force. */
	p->n->metrics.alarms++;
	log_error("policy_refused", "number=%u why=\"%s\"", w->policy_number,
		  err_text(r));
	return 0;
}

/* All pages are compared, and what was forgotten is here. */
static int finish(struct publish *p)
{
	struct node *n = p->n;
	int replayed, frozen;
	int64_t waiting = 0;
	int r;

	r = db_int(n->db, &waiting,
		   "SELECT count(*) FROM release WHERE recovered = 1", "");
	if (r == 0 && waiting > 0)
		r = release_recover(n, &replayed, &frozen);
	if (r == 0 && n->hello_epoch != n->epoch)
		r = db_run(n->db,
			   "UPDATE node SET hello_epoch = epoch, trouble = '' "
			   "WHERE id = 1",
			   "");
	if (r < 0)
		return r;
	n->hello_epoch = n->epoch;
	n->trouble[0] = '\0';
	n->metrics.hellos++;
	p->hello.done = true;
	p->look = true;
	p->closed_on = INT32_MIN;
	p->beat_mono_ms = publish_mono(p);
	log_info("hello_done", "epoch=%u", n->epoch);
	return 0;
}

static int next_page(struct publish *p)
{
	struct hello *h = &p->hello;

	if (h->last)
		return finish(p);
	h->from = h->next;
	h->from_set = true;
	return 0;
}

static int take_welcome(struct publish *p, const struct welcome *w)
{
	struct hello *h = &p->hello;
	int64_t held = 0;
	int r;

	take_wire(p, w->speaks);
	r = publish_heard(p, w->hub_utc_ms);
	if (r == 0)
		r = publish_epoch(p, w->epoch);
	if (r == 0)
		r = take_policy(p, w);
	if (r == 0)
		r = send_again(p, w);
	if (r == 0)
		r = want(p, w);
	if (r == 0)
		r = count_held(p, &held);
	if (r < 0)
		return r;
	/* Asked again after the recalls, the page still misses something, and
	 * nothing came: what is here won't make room. Go on without. */
	if (h->n_wanted > 0 && h->held > 0 && h->held == held + 1)
		drop_wanted(h);
	h->held = h->n_wanted > 0 ? held + 1 : 0;
	return h->n_wanted > 0 ? 0 : next_page(p);
}

int publish_hello_welcome(struct publish *p, const unsigned char *in,
			  size_t len)
{
	struct welcome w = {.n_lacks = 0};
	int r;

	r = codec_welcome_parse(in, len, &w);
	if (r < 0)
		return r;
	r = take_welcome(p, &w);
	welcome_fini(&w);
	if (r < 0)
		publish_hello_reset(p);
	return r;
}

static int check_recalled(const struct wanted *x, const unsigned char *in,
			  size_t len)
{
	unsigned char digest[DIGEST];
	struct release rel;
	bool same;
	int r;

	r = codec_release_parse(in, len, &rel);
	if (r < 0)
		return r;
	same = same_place(&rel.key, &x->key) && rel.key.epoch == x->key.epoch &&
	       rel.key.version == x->key.version;
	release_fini(&rel);
	codec_digest(in, len, digest);
	if (!same || (x->has_digest && memcmp(digest, x->digest, DIGEST) != 0))
		return err_set(E_AUTH, "another release came back than the "
				       "hub had named");
	return 0;
}

int publish_hello_recalled(struct publish *p, const unsigned char *in,
			   size_t len)
{
	struct hello *h = &p->hello;
	int r;

	r = check_recalled(&h->wanted[h->at], in, len);
	if (r == 0)
		r = release_put_back(p->n, in, len);
	if (r == 0)
		h->at++;
	else
		publish_hello_reset(p);
	return r;
}
