/* Several releases in one envelope, as the node sends them and takes their
 * answers; and hubs that do not know of it. */
#include "tests/unit/publish_world.h"

#include <sqlite3.h>

/* The delivery that is out, and what a hub would answer: receipts for all. */
static struct delivery out;
static struct delivered reply[DELIVERY_MAX];

static void say_hello_in(struct node_world *w, uint32_t speaks)
{
	struct welcome m = plain(w);

	m.speaks = speaks;
	assert_int_equal(next_question(w), KIND_HELLO);
	welcome(w, &m);
}

static void read_delivery(struct node_world *w)
{
	assert_int_equal(read_question(w), KIND_RELEASE);
	assert_int_equal(question.version, WIRE_BATCHES);
	check_ok(codec_delivery_parse(asked, asked_len, &out));
	memset(reply, 0, sizeof reply);
	for (int i = 0; i < out.n; i++) {
		reply[i].taken = 1;
		reply[i].receipt = receipt_of(w, &out.parcel[i]);
	}
}

static void no(int i, uint32_t code)
{
	reply[i] = (struct delivered){.refusal = {code, "for a reason"}};
}

static void give_answers(struct node_world *w, int n)
{
	struct answers a = {w->clock.now_utc_ms, n, reply};
	unsigned char *bytes;
	size_t len;

	check_ok(codec_answers(&a, &bytes, &len));
	delivery_fini(&out);
	give(w, KIND_ANSWERS, bytes, len);
	mem_free(bytes);
}

static void answer(struct node_world *w)
{
	give_answers(w, out.n);
}

static int64_t waiting(struct node_world *w)
{
	return count(w, "SELECT count(*) FROM release WHERE state < 4");
}

static void verified(struct node_world *w)
{
	uint64_t entries, receipts;

	check_ok(ledger_verify(w->n, &entries, &receipts));
	assert_int_equal(entries, count(w, "SELECT count(*) FROM release"));
	assert_int_equal(receipts, entries);
}

/* Transactions that changed the ledger. */
struct commits {
	int n;
	bool touched;
};

static void see_change(void *arg, int op, const char *db, const char *table,
		       sqlite3_int64 row)
{
	if (strcmp(table, "ledger") == 0)
		((struct commits *)arg)->touched = true;
}

static int see_commit(void *arg)
{
	struct commits *c = arg;

	c->n += c->touched;
	c->touched = false;
	return 0;
}

static void watch(struct node_world *w, struct commits *c)
{
	sqlite3_update_hook(db_handle(w->n->db), c ? see_change : NULL, c);
	sqlite3_commit_hook(db_handle(w->n->db), c ? see_commit : NULL, c);
}

static void all_leave_at_once(void **state)
{
	struct node_world *w = *state;
	int64_t releases = count(w, "SELECT count(*) FROM release");
	struct commits commits = {0};
	int asks;

	assert_true(releases > 10);
	assert_int_equal(next_question(w), KIND_HELLO);
	assert_int_equal(question.version, WIRE_FIRST);
	watch(w, &commits);
	say_hello_in(w, WIRE_VERSION);
	/* All are in the ledger, by one commit, before they left. */
	assert_int_equal(commits.n, 1);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger"), releases);
	assert_int_equal(w->n->metrics.releases_sent, releases);
	read_delivery(w);
	assert_int_equal(out.n, releases);
	for (int i = 0; i < out.n; i++) {
		assert_int_equal(out.parcel[i].ledger_seq, i + 1);
		assert_true(i == 0 || reply[i].receipt.key.closing >=
					      reply[i - 1].receipt.key.closing);
	}
	asks = w->bus.asks;
	answer(w);
	watch(w, NULL);
	assert_int_equal(commits.n, 2);
	assert_int_equal(waiting(w), 0);
	assert_int_equal(w->n->metrics.receipts, releases);
	verified(w);
	assert_int_equal(w->bus.asks, asks + 1);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
	assert_int_equal(question.version, WIRE_BATCHES);
	give_alive(w, 0);
	assert_true(node_idle(w->n));
	/* The same answer again fits no question. */
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
	verified(w);
}

/* Ten years of months: more than one envelope takes. */
static void more_than_fits_goes_on(void **state)
{
	struct node_world *w = *state;
	int64_t releases;
	int closed, sent = 0;

	check_ok(db_run(w->n->db, "UPDATE node SET first_month = ?", "i",
			(int64_t)FIRST - 120));
	check_ok(node_reload(w->n));
	check_ok(release_close(w->n, date_from_ymd(2026, 11, 24), &closed, NULL,
			       NULL));
	releases = count(w, "SELECT count(*) FROM release");
	assert_true(releases > DELIVERY_MAX);
	say_hello_in(w, WIRE_VERSION);
	while (read_question(w) == KIND_RELEASE) {
		read_delivery(w);
		assert_true(out.n == DELIVERY_MAX || sent + out.n == releases);
		sent += out.n;
		answer(w);
	}
	assert_int_equal(sent, releases);
	verified(w);
}

/* Room is counted in bytes, too. */
static void large_releases_share_an_envelope(void **state)
{
	struct node_world *w = *state;
	static const unsigned char pad[20000];

	check_ok(db_run(w->n->db,
			"UPDATE release SET bytes = CAST(bytes || ? AS BLOB)",
			"b", pad, sizeof pad));
	say_hello_in(w, WIRE_VERSION);
	assert_int_equal(read_question(w), KIND_RELEASE);
	check_ok(codec_delivery_parse(asked, asked_len, &out));
	assert_int_equal(out.n, 3);
	delivery_fini(&out);
	/* One that leaves room for nothing goes alone. */
	check_ok(db_run(w->n->db, "UPDATE release SET bytes = zeroblob(?)", "i",
			(int64_t)ENVELOPE_PAYLOAD_MAX - 45));
	assert_int_equal(next_question(w), KIND_HELLO);
	say_hello_in(w, WIRE_VERSION);
	assert_int_equal(read_question(w), KIND_RELEASE);
	check_ok(codec_delivery_parse(asked, asked_len, &out));
	assert_int_equal(out.n, 1);
	delivery_fini(&out);
}

static void refused_one_leaves_the_others(void **state)
{
	struct node_world *w = *state;
	int64_t retry;
	int bad = -1, after = 0;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	for (int i = 4; bad < 0; i++) {
		if (strcmp(reply[i].receipt.key.table, "referrals_sent") == 0)
			bad = i;
	}
	/* The hub takes none of that table after it. */
	for (int i = bad + 1; i < out.n; i++) {
		if (strcmp(reply[i].receipt.key.table, "referrals_sent"))
			continue;
		no(i, REFUSED_LATER);
		after++;
	}
	assert_true(after > 1);
	no(bad, REFUSED_DEFINITION);
	log_level(0);
	answer(w);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(waiting(w), after + 1);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE refused = 6 AND state = 3 "
				  "AND why = 'for a reason'"),
			 1);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE refused <> 0"),
			 1);
	/* Nothing more of that table for an hour, and no haste meanwhile. */
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
	give_alive(w, 0);
	assert_true(node_idle(w->n));
	retry = count(w, "SELECT max(retry_utc_ms) FROM release");
	assert_int_equal(retry, w->clock.now_utc_ms + 3600 * 1000);
	clock_set_advance(&w->clock, 3600 * 1000 + 60000);
	for (int i = 0; i < 3 && next_question(w) != KIND_RELEASE; i++)
		;
	read_delivery(w);
	assert_int_equal(out.n, after + 1);
	answer(w);
	assert_int_equal(waiting(w), 0);
	verified(w);
}

static void conflict_stops_nothing_but_its_half_year(void **state)
{
	struct node_world *w = *state;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	no(2, REFUSED_CONFLICT);
	log_level(0);
	answer(w);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(read_question(w), KIND_HELLO);
	assert_int_equal(waiting(w), 1);
	assert_int_equal(count(w, "SELECT count(*) FROM closing_state "
				  "WHERE frozen"),
			 1);
	say_hello_in(w, WIRE_VERSION);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
}

static void hub_that_could_not_is_left_in_peace(void **state)
{
	struct node_world *w = *state;
	int asks;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	no(3, REFUSED_LATER);
	asks = w->bus.asks;
	answer(w);
	for (int i = 0; i < 12; i++) {
		node_tick(w->n);
		clock_set_advance(&w->clock, TICK_MS);
	}
	assert_int_equal(w->bus.asks, asks);
	assert_int_equal(next_question(w), KIND_RELEASE);
	read_delivery(w);
	assert_int_equal(out.n, 1);
	assert_int_equal(out.parcel[0].ledger_seq, 4);
	answer(w);
	verified(w);
}

static void stale_epoch_of_one_says_hello(void **state)
{
	struct node_world *w = *state;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	no(out.n - 1, REFUSED_EPOCH);
	answer(w);
	assert_int_equal(waiting(w), 1);
	assert_int_equal(read_question(w), KIND_HELLO);
}

/* A forged receipt spoils none of the others. */
static void wrong_receipt_spoils_no_other(void **state)
{
	struct node_world *w = *state;
	struct delivered x;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	reply[1].receipt.sig[9] ^= 1;
	x = reply[5]; /* each the other's */
	reply[5] = reply[6];
	reply[6] = x;
	log_level(0);
	answer(w);
	assert_int_equal(waiting(w), 3);
	assert_int_equal(next_question(w), KIND_RELEASE);
	read_delivery(w);
	assert_int_equal(out.n, 3);
	/* Answers to another number of releases are none. */
	give_answers(w, 2);
	assert_int_equal(waiting(w), 3);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(next_question(w), KIND_RELEASE);
	read_delivery(w);
	answer(w);
	verified(w);
}

/* The node dies between sending and the answer; what it was to hear comes when
 * it is back. */
static void to_nobody(void *arg, const void *data, size_t len)
{
}

static void batch_is_answered_after_a_crash(void **state)
{
	struct node_world *w = *state;
	static unsigned char late[ENVELOPE_SIZE];
	uint64_t seq[DELIVERY_MAX];
	int n;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	n = out.n;
	for (int i = 0; i < n; i++)
		seq[i] = out.parcel[i].ledger_seq;
	node_stop(w->n);
	w->bus.fn = to_nobody;
	answer(w); /* kept for later */
	memcpy(late, sealed, sizeof late);
	node_close(w->n);
	node_world_open(w);
	log_level(LOG_LEVEL_ERROR);
	check_ok(node_start(w->n));
	w->bus.hangups = 0;
	say_hello_in(w, WIRE_VERSION);
	w->bus.fn(w->bus.arg, late, sizeof late);
	assert_int_equal(waiting(w), n);
	read_delivery(w);
	assert_int_equal(out.n, n);
	for (int i = 0; i < n; i++)
		assert_int_equal(out.parcel[i].ledger_seq, seq[i]);
	/* The hub's receipts say when it took them first. */
	for (int i = 0; i < n; i++) {
		reply[i].receipt.hub_utc_ms -= 3 * 86400000LL;
		check_ok(receipt_sign(&reply[i].receipt, w->hub.sign_sk));
	}
	answer(w);
	verified(w);
	/* Its clock is told by the answer, not by them. */
	assert_int_equal(w->n->hub_off_ms, 0);
}

/* All refused as one: they go singly, so that it shows which it is. */
static void refused_as_a_whole_go_singly(void **state)
{
	struct node_world *w = *state;
	int all;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	all = out.n;
	delivery_fini(&out);
	log_level(0);
	refuse(w, REFUSED_CONTENT);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE refused"),
			 0);
	read_delivery(w);
	assert_int_equal(out.n, 1);
	delivery_fini(&out);
	refuse(w, REFUSED_CONTENT);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE refused = 9"),
			 1);
	/* The rest of other tables, together again. */
	read_delivery(w);
	assert_true(out.n > 1 && out.n < all);
	answer(w);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
}

/* A hub of version 1 takes the question what it speaks for a malformed page. */
static void old_hub_gets_one_at_a_time(void **state)
{
	struct node_world *w = *state;
	struct welcome m = plain(w);
	int64_t releases = count(w, "SELECT count(*) FROM release");
	struct inventory page;

	assert_int_equal(next_question(w), KIND_HELLO);
	assert_int_equal(question.version, WIRE_FIRST);
	check_ok(codec_inventory_parse(asked, asked_len, &page));
	assert_int_equal(page.speaks, WIRE_VERSION);
	inventory_fini(&page);
	refuse(w, REFUSED_CONTENT);
	assert_int_equal(read_question(w), KIND_HELLO);
	check_ok(codec_inventory_parse(asked, asked_len, &page));
	assert_int_equal(page.speaks, 0);
	assert_int_equal(page.n, releases);
	inventory_fini(&page);
	assert_int_equal(w->n->metrics.alarms, 0);
	welcome(w, &m);
	/* take_all reads deliveries of version 1 only. */
	assert_int_equal(take_all(w), releases);
	verified(w);
	/* It is replaced by a newer one, which says so when it starts. */
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
	assert_int_equal(question.version, WIRE_FIRST);
	give_alive(w, 1);
	say_hello_in(w, WIRE_VERSION + 5);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
	assert_int_equal(question.version, WIRE_VERSION);
}

/* A page that is refused even so is refused. */
static void page_refused_twice_is_an_alarm(void **state)
{
	struct node_world *w = *state;

	assert_int_equal(next_question(w), KIND_HELLO);
	refuse(w, REFUSED_CONTENT);
	assert_int_equal(read_question(w), KIND_HELLO);
	refuse(w, REFUSED_CONTENT);
	assert_int_equal(w->n->metrics.alarms, 1);
	assert_int_equal(next_question(w), KIND_HELLO);
}

/* An older program took the hub's place: it does not hear version 2. */
static void silent_hub_is_asked_in_version_1(void **state)
{
	struct node_world *w = *state;
	int64_t releases = count(w, "SELECT count(*) FROM release");
	struct welcome m = plain(w);

	say_hello_in(w, WIRE_VERSION);
	assert_int_equal(read_question(w), KIND_RELEASE);
	assert_int_equal(next_question(w), KIND_HELLO);
	assert_int_equal(question.version, WIRE_FIRST);
	refuse(w, REFUSED_CONTENT);
	assert_int_equal(read_question(w), KIND_HELLO);
	welcome(w, &m);
	assert_int_equal(take_all(w), releases);
	verified(w);
}

/* An answer in another version than the question's is none. */
static void answer_of_another_version_is_ignored(void **state)
{
	struct node_world *w = *state;
	struct receipt rc;

	say_hello_in(w, WIRE_VERSION);
	read_delivery(w);
	rc = reply[0].receipt;
	question.version = WIRE_FIRST;
	give_receipt(w, &rc);
	question.version = WIRE_BATCHES;
	give_receipt(w, &rc);
	assert_int_equal(waiting(w), out.n);
	answer(w);
	verified(w);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
	question.version = WIRE_FIRST;
	give_alive(w, 0);
	assert_int_equal(w->n->metrics.heartbeats, 0);
	question.version = WIRE_BATCHES;
	give_alive(w, 0);
	assert_int_equal(w->n->metrics.heartbeats, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(all_leave_at_once),
		TEST(large_releases_share_an_envelope),
		TEST(refused_one_leaves_the_others),
		TEST(conflict_stops_nothing_but_its_half_year),
		TEST(hub_that_could_not_is_left_in_peace),
		TEST(stale_epoch_of_one_says_hello),
		TEST(wrong_receipt_spoils_no_other),
		TEST(batch_is_answered_after_a_crash),
		TEST(refused_as_a_whole_go_singly),
		TEST(old_hub_gets_one_at_a_time),
		TEST(page_refused_twice_is_an_alarm),
		TEST(silent_hub_is_asked_in_version_1),
		TEST(answer_of_another_version_is_ignored),
		cmocka_unit_test_setup_teardown(more_than_fits_goes_on,
						set_up_open, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
