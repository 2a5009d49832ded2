#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli_ask.h"
#include "daemon/cli/invocation.h"
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
	int64_t from = 1, limit = INT64_MAX, entries = 0;
	char banner[200], none[80] = "Nothing has left yet.";
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
	if (x == 0)
		x = db_int(n->db, &entries, "SELECT count(*) FROM ledger", "");
	if (entries > 0)
		snprintf(none, sizeof none, "%lld entries; none from %lld on.",
			 (long long)entries, (long long)from);
	cli_table_fail(t, x);
	return cli_table_end(t, none);
}

/* --- verify --- */

/* The comparison with the hub, page by page. */
struct comparing {
	struct node *n;
	unsigned char request[REQUEST_ID];
	unsigned char sealed[ENVELOPE_SIZE], opened[ENVELOPE_SIZE];
	int64_t lacks;	 /* taken by the hub and not there any more */
	int64_t besides; /* at the hub and not here */
	int64_t differs;
	int64_t waiting; /* have not reached the hub yet */
	char first[160]; /* the first disagreement */
	const char *hub; /* agrees, differs, not reached, refused, not joined */
	char why[300];	 /* it refused */
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
		v->lacks += taken;
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
	v->besides += w.n_forgotten;
	v->differs += w.n_differs;
	if (w.n_differs > 0)
		note(v, &w.differs[0], "is another one at the hub");
	if (w.n_forgotten > 0)
		note(v, &w.forgotten[0].key, "is at the hub and not here");
	x = compare_lacks(v, &w);
	welcome_fini(&w);
	return x;
}

static int take_refusal(struct comparing *v, const unsigned char *in,
			size_t len)
{
	struct refusal no;
	int x = codec_refusal_parse(in, len, &no);

	if (x < 0)
		return x;
	if (no.code == REFUSED_UNKNOWN_NODE)
		publish_replaced(v->n, v->why, sizeof v->why);
	else
		snprintf(v->why, sizeof v->why, "%s. %s", no.why,
			 refusal_text(no.code));
	return E_DENIED;
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
	if (h.kind == KIND_REFUSED)
		return take_refusal(v, payload, payload_len);
	if (h.kind != KIND_WELCOME)
		return E_AUTH;
	return take_welcome(v, payload, payload_len);
}

static int ask_page(struct comparing *v, const struct inventory *page)
{
	struct envelope_header h = {.version = WIRE_FIRST,
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

static int compare(struct comparing *v)
{
	int x = 0;

	v->hub = "agrees";
	if (!v->n->joined)
		v->hub = "not joined";
	else
		x = compare_pages(v);
	if (x == E_TIMEOUT || x == E_DENIED)
		v->hub = x == E_TIMEOUT ? "not reached" : "refused";
	else if (v->lacks + v->besides + v->differs > 0)
		v->hub = "differs";
	return x == E_TIMEOUT || x == E_DENIED ? 0 : x;
}

static int print_comparison(struct cli *c, const struct comparing *v,
			    uint64_t entries, uint64_t receipts)
{
	static const struct cli_col columns[] = {
		{"entries", "Releases that left", CLI_NUMBER},
		{"receipts", "with the hub's receipt", CLI_NUMBER},
		{"hub", "The hub", CLI_TEXT},
		{"lacks", "It lacks", CLI_NUMBER},
		{"holds_besides", "It holds besides", CLI_NUMBER},
		{"holds_differently", "It holds differently", CLI_NUMBER},
		{"waiting", "On their way", CLI_NUMBER},
	};
	struct cli_table *t;
	char banner[200];
	int x;

	x = cli_table_new(c, &t, columns, 7,
			  policy_banner(&v->n->policy, banner, sizeof banner));
	if (x < 0)
		return x;
	cli_cell_int(t, (int64_t)entries);
	cli_cell_int(t, (int64_t)receipts);
	cli_cell(t, v->hub);
	cli_cell_int(t, v->lacks);
	cli_cell_int(t, v->besides);
	cli_cell_int(t, v->differs);
	cli_cell_int(t, v->waiting);
	return cli_table_end(t, NULL);
}

/* What was found, as the command's end: a failure if it can't be trusted that
 * both hold the same. @whole is the sentence of the chain. */
static int conclude(struct cli *c, const struct comparing *v, const char *whole,
		    uint64_t entries)
{
	int64_t lost = v->lacks + v->besides + v->differs;

	if (strcmp(v->hub, "not reached") == 0)
		return err_set(E_TIMEOUT,
			       "%s; but the hub at %s could not be reached, so "
			       "whether it holds the same could not be checked",
			       whole, v->n->hub_addr);
	if (strcmp(v->hub, "refused") == 0)
		return err_set(E_DENIED,
			       "%s; but the hub refused to compare: "
			       "%s",
			       whole, v->why);
	if (lost > 0)
		return err_set(E_STATE,
			       "Node and hub disagree on %lld releases; the "
			       "first: %s",
			       (long long)lost, v->first);
	if (c->format != FORMAT_TABLE)
		return 0;
	if (!v->n->joined)
		return cli_said(c, (int64_t)entries,
				"%s; this node has joined no hub to compare "
				"with",
				whole);
	if (v->waiting > 0)
		return cli_said(c, (int64_t)entries,
				"%s; node and hub agree; %lld releases have "
				"not reached the hub yet",
				whole, (long long)v->waiting);
	return cli_said(c, (int64_t)entries,
			"%s; node and hub hold the same releases", whole);
}

static int run_verify(struct cli *c)
{
	uint64_t entries, receipts;
	struct comparing *v = NULL;
	char whole[120];
	struct node *n;
	int x;

	if ((x = cli_node(c, &n)) < 0 ||
	    (x = ledger_verify(n, &entries, &receipts)) < 0)
		return x;
	snprintf(whole, sizeof whole,
		 "The ledger is whole: %llu releases left, %llu have the hub's "
		 "receipt",
		 (unsigned long long)entries, (unsigned long long)receipts);
	v = mem_calloc(1, sizeof *v);
	if (!v)
		return err_set(E_NOMEM, "out of memory for an inventory");
	v->n = n;
	x = compare(v);
	if (x == 0 && c->format != FORMAT_TABLE)
		x = print_comparison(c, v, entries, receipts);
	if (x == 0)
		x = conclude(c, v, whole, entries);
	mem_free(v);
	return x;
}

const struct command cli_ledger_commands[] = {
	{"ledger", "show", "[--from SEQ] [--limit N]",
	 "List what left this region, in order, with the hub's receipts.",
	 show_opts, 0, 0, run_show},
	{"ledger", "verify", "",
	 "Check the chain of what left, and that the hub holds the same.\n"
	 "Exit status 1 if anything is wrong, and if the hub could not be "
	 "asked.",
	 NULL, 0, 0, run_verify},
	{NULL},
};
