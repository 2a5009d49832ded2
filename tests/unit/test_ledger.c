#include "tests/unit/node_world.h"

#include <sodium.h>

#include "regional/release/ledger.h"
#include "regional/release/release.h"

/* A node that closed a few months, with a helper of a hub that signs. */
static int set_up(void **state)
{
	static struct node_world w;
	int closed;

	node_world_init(&w, NETWORK_SYNTHETIC, 2026 * 12);
	node_world_join(&w);
	node_world_refer(&w, 40, "food", "2026-01-10", "2026-01-20");
	node_world_refer(&w, 30, "food", "2026-02-10", NULL);
	check_ok(release_close(w.n, date_from_ymd(2026, 6, 30), &closed, NULL,
			       NULL));
	assert_true(closed >= 4);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	node_world_fini(*state);
	return 0;
}

static struct release_key key_of(const char *table, int32_t closing)
{
	struct release_key k = {.closing = closing, .epoch = 1, .version = 1};

	snprintf(k.table, sizeof k.table, "%s", table);
	return k;
}

static void send(struct node_world *w, int32_t closing, struct receipt *rc)
{
	struct release_key k = key_of("referrals_sent", closing);
	struct parcel p = {0};

	memset(rc, 0, sizeof *rc);
	rc->key = k;
	snprintf(rc->region, sizeof rc->region, "eastern");
	check_ok(ledger_enter(w->n, &k, 1, &p));
	codec_digest(p.release, p.len, rc->digest);
	mem_free(p.release);
	rc->ledger_seq = p.ledger_seq;
	memcpy(rc->ledger_head, p.ledger_head, DIGEST);
	rc->hub_utc_ms = w->clock.now_utc_ms;
	check_ok(receipt_sign(rc, w->hub.sign_sk));
}

static void send_three(struct node_world *w)
{
	for (int32_t m = 0; m < 3; m++) {
		struct receipt rc;

		send(w, 2026 * 12 + m, &rc);
		check_ok(ledger_receipt(w->n, &rc));
		clock_set_advance(&w->clock, 1000);
	}
}

static void release_is_entered_once(void **state)
{
	struct node_world *w = *state;
	struct release_key k = key_of("referrals_sent", 2026 * 12);
	struct parcel first = {0}, again = {0};
	uint64_t entries, receipts;

	check_ok(ledger_enter(w->n, &k, 1, &first));
	assert_int_equal(first.ledger_seq, 1);
	clock_set_advance(&w->clock, 5000);
	check_ok(ledger_enter(w->n, &k, 1, &again));
	assert_int_equal(again.ledger_seq, 1);
	assert_memory_equal(first.ledger_head, again.ledger_head, DIGEST);
	mem_free(first.release);
	mem_free(again.release);
	check_ok(ledger_verify(w->n, &entries, &receipts));
	assert_int_equal(entries, 1);
	assert_int_equal(receipts, 0);
	assert_int_equal(node_world_count(w, "SELECT state FROM release WHERE "
					     "table_id = 'referrals_sent' AND "
					     "closing = 24312"),
			 RELEASE_SENT);
}

static void what_is_held_does_not_leave(void **state)
{
	struct node_world *w = *state;
	struct release_key k = key_of("referrals_sent", 2026 * 12);
	struct parcel p = {0};

	check_ok(db_run(w->n->db, "UPDATE release SET state = 1", ""));
	assert_int_equal(ledger_enter(w->n, &k, 1, &p), E_STATE);
	mem_free(p.release);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM ledger"), 0);
}

static int see_row(void *arg, const struct ledger_row *r)
{
	int *n = arg;

	assert_int_equal(r->seq, ++*n);
	assert_int_not_equal(r->receipt_utc_ms, 0);
	return 0;
}

static void receipts_are_kept(void **state)
{
	struct node_world *w = *state;
	uint64_t entries, receipts;
	int n = 0;

	send_three(w);
	check_ok(ledger_verify(w->n, &entries, &receipts));
	assert_int_equal(entries, 3);
	assert_int_equal(receipts, 3);
	check_ok(ledger_list(w->n, 1, 100, see_row, &n));
	assert_int_equal(n, 3);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release "
					     "WHERE state = 4"),
			 3);
}

static void put(unsigned char **at, uint64_t v)
{
	for (int i = 7; i >= 0; i--)
		*(*at)++ = (unsigned char)(v >> (8 * i));
}

/* head[n] = BLAKE2b-256(head[n-1] | seq | key | digest | at), computed here
 * once more: whoever audits a ledger may use another program. */
static int check_head(void *arg, const struct ledger_row *r)
{
	unsigned char *head = arg, bytes[200] = {0}, *at = bytes;

	memcpy(at, head, DIGEST);
	at += DIGEST;
	put(&at, r->seq);
	memcpy(at, r->key.table, strlen(r->key.table));
	at += CATALOGUE_ID;
	put(&at, (uint64_t)r->key.closing);
	put(&at, r->key.epoch);
	put(&at, r->key.version);
	memcpy(at, r->digest, DIGEST);
	at += DIGEST;
	put(&at, (uint64_t)r->left_utc_ms);
	crypto_generichash(head, DIGEST, bytes, (size_t)(at - bytes), NULL, 0);
	assert_memory_equal(head, r->head, DIGEST);
	return 0;
}

static void heads_are_as_the_header_says(void **state)
{
	unsigned char head[DIGEST] = {0};

	send_three(*state);
	check_ok(ledger_list(((struct node_world *)*state)->n, 1, 100,
			     check_head, head));
}

/* One thing of it wrong, the signature right or wrong. */
static void refuse_receipt(struct node_world *w, struct receipt rc, bool sign)
{
	if (sign)
		check_ok(receipt_sign(&rc, w->hub.sign_sk));
	assert_int_equal(ledger_receipt(w->n, &rc), E_AUTH);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM ledger "
					     "WHERE receipt IS NOT NULL"),
			 0);
}

static void other_receipts_are_refused(void **state)
{
	struct node_world *w = *state;
	struct receipt rc, x;

	send(w, 2026 * 12, &rc);
	x = rc;
	x.sig[3] ^= 1;
	refuse_receipt(w, x, false);
	x = rc;
	x.hub_utc_ms++;
	refuse_receipt(w, x, false);
	x = rc;
	x.ledger_seq++;
	refuse_receipt(w, x, true);
	x = rc;
	x.ledger_head[0] ^= 1;
	refuse_receipt(w, x, true);
	x = rc;
	x.digest[0] ^= 1;
	refuse_receipt(w, x, true);
	x = rc;
	x.key.closing++;
	refuse_receipt(w, x, true);
	x = rc;
	x.key.version++;
	refuse_receipt(w, x, true);
	x = rc;
	snprintf(x.region, sizeof x.region, "northwest");
	refuse_receipt(w, x, true);
	check_ok(ledger_receipt(w->n, &rc));
}

static void tampering_is_found(void **state)
{
	static const struct {
		const char *sql, *says;
	} DEED[] = {
		{"UPDATE ledger SET left_utc_ms = left_utc_ms + 1 "
		 "WHERE seq = 2",
		 "entry 2"},
		{"UPDATE ledger SET closing = closing + 7 WHERE seq = 2",
		 "entry 2"},
		{"UPDATE ledger SET version = 9 WHERE seq = 1", "entry 1"},
		{"UPDATE ledger SET table_id = 'referrals_90d' WHERE seq = 3",
		 "entry 3"},
		{"UPDATE ledger SET digest = zeroblob(32) WHERE seq = 1",
		 "entry 1"},
		{"UPDATE ledger SET head = zeroblob(32) WHERE seq = 1",
		 "entry 1"},
		{"DELETE FROM ledger WHERE seq = 1", "entry 2"},
		{"DELETE FROM ledger WHERE seq = 2", "entry 3"},
		{"DELETE FROM ledger WHERE seq = 3", "at its end are missing"},
		{"DELETE FROM release WHERE closing = 24313 "
		 "AND table_id = 'referrals_sent'",
		 "entry 2"},
		{"UPDATE release SET bytes = zeroblob(80) "
		 "WHERE closing = 24312 AND table_id = 'referrals_sent'",
		 "entry 1"},
		{"UPDATE ledger SET receipt = zeroblob(100) WHERE seq = 3",
		 "receipt can't be read"},
		{"UPDATE ledger SET receipt = (SELECT receipt FROM ledger "
		 "WHERE seq = 1) WHERE seq = 2",
		 "receipt is not the hub's"},
	};
	struct node_world *w = *state;
	uint64_t entries, receipts;

	send_three(w);
	for (size_t i = 0; i < sizeof DEED / sizeof DEED[0]; i++) {
		check_ok(db_begin(w->n->db));
		check_ok(db_script(w->n->db, DEED[i].sql));
		if (ledger_verify(w->n, &entries, &receipts) != E_AUTH)
			fail_msg("not found: %s", DEED[i].sql);
		check_says(DEED[i].says);
		db_rollback(w->n->db);
	}
	check_ok(ledger_verify(w->n, &entries, &receipts));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(release_is_entered_once, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(what_is_held_does_not_leave,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(receipts_are_kept, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(heads_are_as_the_header_says,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(other_receipts_are_refused,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(tampering_is_found, set_up,
						tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
