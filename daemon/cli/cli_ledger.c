#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/cli/cli_ask.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "regional/node.h"
#include "regional/release/ledger.h"
#include "regional/release/publish.h"
#include "regional/release/release.h"

enum { HUB_DEADLINE_MS = 10000 };

static const struct cli_opt show_opts[] = {
	{"from", "SEQ", "from this entry on; default: 1"},
	{"limit", "N", "at most so many"},
	{NULL},
};

/* --- show --- */

static int on_row(void *arg, const struct ledger_row *r)
{
	struct cli_table *t = arg;
	char text[PERIOD_TEXT], at[21], hex[17];

	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", r->head[i]);
	cli_cell_int(t, (int64_t)r->seq);
	cli_cell(t, r->key.table);
	cli_cell(t, period_format((struct period){r->key.closing, 1}, text));
	cli_cell_int(t, r->key.epoch);
	cli_cell_int(t, r->key.version);
	cli_cell_int(t, r->events);
	cli_cell_int(t, r->occurrences);
	cli_cell(t, date_format_utc(r->left_utc_ms, at));
	cli_cell(t, r->receipt_utc_ms ? date_format_utc(r->receipt_utc_ms, at)
				      : NULL);
	cli_cell(t, hex);
	return 0;
}

static int run_show(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"seq", "No.", CLI_NUMBER},
		{"table", "Table", CLI_TEXT},
		{"closing", "Closing", CLI_TEXT},
		{"epoch", "Epoch", CLI_NUMBER},
		{"version", "Version", CLI_NUMBER},
		{"events", "Events", CLI_NUMBER},
		{"occurrences", "Occurrences", CLI_NUMBER},
		{"left", "Left", CLI_TEXT},
		{"receipt", "Receipt", CLI_TEXT},
		{"head", "Chain", CLI_TEXT},
	};
	int64_t from = 1, limit = INT64_MAX;
	char banner[200];
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_get_int(c, "from", 1, INT64_MAX, &from)) < 0 ||
	    (x = cli_get_int(c, "limit", 1, INT64_MAX, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(
		     c, &t, columns, 10,
		     policy_banner(&n->policy, banner, sizeof banner))) < 0)
		return x;
	x = ledger_list(n, (uint64_t)from, limit, on_row, t);
	cli_table_fail(t, x);
	return cli_table_end(t, "Nothing has left yet.");
}

/* --- verify --- */

/* The comparison with the hub, page by page. */
struct comparing {
	struct node *n;
	unsigned char request[REQUEST_ID];
	unsigned char sealed[ENVELOPE_SIZE], opened[ENVELOPE_SIZE];
	int64_t lost;	 /* held by one side only, or differently */
	int64_t waiting; /* have not reached the hub yet */
	char first[160]; /* the first disagreement */
};

static void note(struct comparing *v, const struct release_key *k,
		 const char *what)
{
	char month[PERIOD_TEXT];

	if (v->first[0])
		return;
	snprintf(v->first, sizeof v->first, "%s %s version %u %s", k->table,
		 period_format((struct period){k->closing, 1}, month),
		 k->version, what);
}

/* Has the hub given a receipt for @k? */
static int is_taken(struct comparing *v, const struct release_key *k, bool *out)
{
	int64_t state = 0;
	int x = db_int(v->n->db, &state,
		       "SELECT state FROM release WHERE table_id = ? "
		       "AND closing = ? AND epoch = ? AND version = ?",
		       "siii", k->table, (int64_t)k->closing, (int64_t)k->epoch,
		       (int64_t)k->version);

	*out = state == RELEASE_TAKEN;
	return x == E_NOTFOUND ? 0 : x;
}

static int compare_lacks(struct comparing *v, const struct welcome *w)
{
	int x = 0;

	for (int i = 0; i < w->n_lacks && x == 0; i++) {
		bool taken;

		x = is_taken(v, &w->lacks[i], &taken);
		if (taken)
			note(v, &w->lacks[i],
			     "was taken by the hub and is "
			     "not there any more");
		v->lost += taken;
		v->waiting += !taken;
	}
	return x;
}

static int take_welcome(struct comparing *v, const unsigned char *in,
			size_t len)
{
	struct welcome w;
	int x;

	x = codec_welcome_parse(in, len, &w);
	if (x < 0)
		return x;
	v->lost += w.n_forgotten + w.n_differs;
	if (w.n_differs > 0)
		note(v, &w.differs[0], "is another one at the hub");
	if (w.n_forgotten > 0)
		note(v, &w.forgotten[0].key, "is at the hub and not here");
	x = compare_lacks(v, &w);
	welcome_fini(&w);
	return x;
}

static int on_answer(void *arg, const void *data, size_t len)
{
	struct comparing *v = arg;
	const unsigned char *payload;
	struct envelope_header h;
	size_t payload_len;

	if (envelope_peek(data, len, &h) < 0 ||
	    memcmp(h.request, v->request, sizeof h.request) != 0 ||
	    memcmp(h.network, v->n->network, sizeof h.network) != 0 ||
	    memcmp(h.sender, v->n->hub_sign_pk, sizeof h.sender) != 0 ||
	    envelope_verify(data, len) < 0 ||
	    envelope_open(data, len, &v->n->keys, v->opened, &payload,
			  &payload_len) < 0)
		return E_AUTH;
	if (h.kind != KIND_WELCOME)
		return err_set(E_DENIED, "The hub refused to compare");
	return take_welcome(v, payload, payload_len);
}

static int ask_page(struct comparing *v, const struct inventory *page)
{
	struct envelope_header h = {.version = WIRE_VERSION,
				    .kind = KIND_HELLO,
				    .epoch = v->n->epoch};
	unsigned char *bytes = NULL;
	size_t len = 0;
	int x;

	memcpy(h.network, v->n->network, sizeof h.network);
	memcpy(h.region, v->n->region, sizeof h.region);
	rand_bytes(v->n->s.rng, h.request, sizeof h.request);
	memcpy(v->request, h.request, sizeof v->request);
	x = codec_inventory(page, &bytes, &len);
	if (x == 0)
		x = envelope_seal(v->sealed, &h, bytes, len, &v->n->keys,
				  v->n->hub_box_pk, v->n->s.rng);
	mem_free(bytes);
	if (x < 0)
		return x;
	return cli_ask(v->n->hub_addr, v->sealed, sizeof v->sealed,
		       HUB_DEADLINE_MS, on_answer, v);
}

static int compare_pages(struct comparing *v)
{
	struct release_key after;
	struct inventory page;
	bool more = false;
	int x;

	do {
		x = publish_inventory(v->n, more ? &after : NULL, &page, true);
		if (x < 0)
			return x;
		x = ask_page(v, &page);
		more = page.to_table[0] != '\0';
		memcpy(after.table, page.to_table, sizeof after.table);
		after.closing = page.to_closing;
		inventory_fini(&page);
	} while (x == 0 && more);
	return x;
}

/* @out: the sentence when they agree, or could not be compared. */
static int compare(struct node *n, char *out, size_t size)
{
	struct comparing *v;
	int x;

	snprintf(out, size, "node and hub hold the same releases");
	if (!n->joined) {
		snprintf(out, size,
			 "this node has joined no hub to compare "
			 "with");
		return 0;
	}
	v = mem_calloc(1, sizeof *v);
	if (!v)
		return err_set(E_NOMEM, "out of memory for an inventory");
	v->n = n;
	x = compare_pages(v);
	if (x == E_TIMEOUT) {
		snprintf(out, size,
			 "THE HUB COULD NOT BE REACHED, so node and "
			 "hub were not compared");
		x = 0;
	} else if (x == 0 && v->lost > 0) {
		x = err_set(E_STATE,
			    "Node and hub disagree on %lld releases; the "
			    "first: %s",
			    (long long)v->lost, v->first);
	} else if (x == 0 && v->waiting > 0) {
		snprintf(out, size,
			 "node and hub agree; %lld releases have "
			 "not reached the hub yet",
			 (long long)v->waiting);
	}
	mem_free(v);
	return x;
}

static int run_verify(struct cli *c)
{
	uint64_t entries, receipts;
	char hub[120];
	struct node *n;
	int x;

	if ((x = cli_node(c, &n)) < 0 ||
	    (x = ledger_verify(n, &entries, &receipts)) < 0 ||
	    (x = compare(n, hub, sizeof hub)) < 0)
		return x;
	return cli_said(c, (int64_t)entries,
			"The ledger is whole: %llu releases left, %llu have "
			"the hub's receipt; %s",
			(unsigned long long)entries,
			(unsigned long long)receipts, hub);
}

const struct command cli_ledger_commands[] = {
	{"ledger", "show", "[--from SEQ] [--limit N]",
	 "List what left this region, in order, with the hub's receipts.",
	 show_opts, 0, 0, run_show},
	{"ledger", "verify", "",
	 "Check the chain, the releases and the receipts, and whether the hub\n"
	 "holds the same.",
	 NULL, 0, 0, run_verify},
	{NULL},
};
