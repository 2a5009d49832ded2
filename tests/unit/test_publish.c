#include "tests/unit/node_world.h"

#include "regional/release/ledger.h"
#include "regional/release/publish.h"
#include "regional/release/release.h"

enum { FIRST = 2026 * 12, TICK_MS = 250 };

static unsigned char buf[ENVELOPE_SIZE], sealed[ENVELOPE_SIZE];
/* The last question, as the hub reads it. */
static struct envelope_header question;
static const unsigned char *asked;
static size_t asked_len;

static int set_up(void **state)
{
	static struct node_world w;
	int closed;

	node_world_init(&w, NETWORK_SYNTHETIC, FIRST);
	node_world_join(&w);
	node_world_refer(&w, 40, "food", "2026-01-10", "2026-01-20");
	check_ok(release_close(w.n, date_from_ymd(2026, 11, 24), &closed, NULL,
			       NULL));
	check_ok(node_start(w.n));
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	struct node_world *w = *state;

	node_stop(w->n);
	assert_int_equal(w->bus.hangups, 1);
	node_world_fini(w);
	return 0;
}

static int read_question(struct node_world *w)
{
	question = node_world_read(w, w->bus.asked, buf, &asked, &asked_len);
	return question.kind;
}

/* Tick until another question is out; its kind. 0: none within a minute. */
static int next_question(struct node_world *w)
{
	int before = w->bus.asks;

	for (int i = 0; i < 240; i++) {
		node_tick(w->n);
		if (w->bus.asks > before)
			return read_question(w);
		clock_set_advance(&w->clock, TICK_MS);
	}
	return 0;
}

static void give(struct node_world *w, uint8_t kind, const void *bytes,
		 size_t len)
{
	node_world_seal(w, &question, kind, bytes, len, sealed);
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
}

/* The question that is out now. */
static void refuse(struct node_world *w, uint32_t code)
{
	struct refusal no = {.code = code, .why = "for a reason"};
	unsigned char *bytes;
	size_t len;

	read_question(w);
	check_ok(codec_refusal(&no, &bytes, &len));
	give(w, KIND_REFUSED, bytes, len);
	mem_free(bytes);
}

static void welcome(struct node_world *w, const struct welcome *m)
{
	unsigned char *bytes;
	size_t len;

	check_ok(codec_welcome(m, &bytes, &len));
	give(w, KIND_WELCOME, bytes, len);
	mem_free(bytes);
}

static struct welcome plain(struct node_world *w)
{
	return (struct welcome){.epoch = 1,
				.hub_utc_ms = w->clock.now_utc_ms,
				.policy_number = 1};
}

/* Hello, and the hub knows everything as it is. */
static void say_hello(struct node_world *w)
{
	struct welcome m = plain(w);

	assert_int_equal(next_question(w), KIND_HELLO);
	welcome(w, &m);
}

/* The hub's receipt for the release that is out. */
static struct receipt receipt_for(struct node_world *w)
{
	struct receipt rc = {.hub_utc_ms = w->clock.now_utc_ms};
	struct delivery d;
	struct release r;

	assert_int_equal(read_question(w), KIND_RELEASE);
	check_ok(codec_delivery_parse(asked, asked_len, &d));
	check_ok(codec_release_parse(d.release, d.len, &r));
	rc.key = r.key;
	memcpy(rc.region, r.region, sizeof rc.region);
	rc.ledger_seq = d.ledger_seq;
	memcpy(rc.ledger_head, d.ledger_head, DIGEST);
	codec_digest(d.release, d.len, rc.digest);
	check_ok(receipt_sign(&rc, w->hub.sign_sk));
	release_fini(&r);
	delivery_fini(&d);
	return rc;
}

static void give_receipt(struct node_world *w, const struct receipt *rc)
{
	unsigned char *bytes;
	size_t len;

	check_ok(codec_receipt(rc, &bytes, &len));
	give(w, KIND_RECEIPT, bytes, len);
	mem_free(bytes);
}

/* Sealed for the question that is out, but not given yet. */
static void sealed_alive(struct node_world *w)
{
	struct alive a = {.hub_utc_ms = w->clock.now_utc_ms,
			  .policy_number = 1};
	unsigned char *bytes;
	size_t len;

	check_ok(codec_alive(&a, &bytes, &len));
	node_world_seal(w, &question, KIND_ALIVE, bytes, len, sealed);
	mem_free(bytes);
}

static void give_alive(struct node_world *w, uint8_t say_hello)
{
	struct alive a = {.hub_utc_ms = w->clock.now_utc_ms,
			  .policy_number = 1,
			  .say_hello = say_hello};
	unsigned char *bytes;
	size_t len;

	check_ok(codec_alive(&a, &bytes, &len));
	give(w, KIND_ALIVE, bytes, len);
	mem_free(bytes);
}

/* Receipts until nothing is left to send. */
static int take_all(struct node_world *w)
{
	int taken = 0;

	while (read_question(w) == KIND_RELEASE) {
		struct receipt rc = receipt_for(w);
		int before = w->bus.asks;

		give_receipt(w, &rc);
		taken++;
		if (w->bus.asks == before)
			break;
	}
	return taken;
}

static int64_t count(struct node_world *w, const char *sql)
{
	return node_world_count(w, sql);
}

static void hello_comes_first(void **state)
{
	struct node_world *w = *state;
	struct inventory inv;

	assert_int_equal(next_question(w), KIND_HELLO);
	check_ok(codec_inventory_parse(asked, asked_len, &inv));
	assert_int_equal(inv.n, count(w, "SELECT count(*) FROM release"));
	assert_string_equal(inv.from_table, "");
	assert_string_equal(inv.to_table, "");
	assert_int_equal(inv.look_only, 0);
	inventory_fini(&inv);
	/* Nothing leaves before the hub has answered. */
	assert_int_equal(count(w, "SELECT count(*) FROM ledger"), 0);
	assert_false(node_idle(w->n));
}

static void held_releases_are_not_told(void **state)
{
	struct node_world *w = *state;
	struct inventory inv;

	check_ok(db_run(w->n->db, "UPDATE release SET state = 1", ""));
	assert_int_equal(next_question(w), KIND_HELLO);
	check_ok(codec_inventory_parse(asked, asked_len, &inv));
	assert_int_equal(inv.n, 0);
	inventory_fini(&inv);
}

static void releases_leave_oldest_first(void **state)
{
	struct node_world *w = *state;
	int64_t releases = count(w, "SELECT count(*) FROM release");
	int32_t last = 0;
	int n = 0;

	say_hello(w);
	while (read_question(w) == KIND_RELEASE) {
		struct receipt rc = receipt_for(w);
		int before = w->bus.asks;

		assert_true(rc.key.closing >= last);
		last = rc.key.closing;
		/* It is in the ledger before it is sent. */
		assert_int_equal(count(w, "SELECT count(*) FROM ledger"), ++n);
		give_receipt(w, &rc);
		if (w->bus.asks == before)
			break;
	}
	assert_int_equal(n, releases);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE state = 4"),
			 releases);
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
	assert_true(node_idle(w->n));
}

static void other_answers_are_ignored(void **state)
{
	struct node_world *w = *state;
	struct receipt rc;
	struct envelope_header h;
	struct keys hub = w->hub;
	unsigned char *bytes;
	size_t len;
	int asks;

	say_hello(w);
	rc = receipt_for(w);
	h = question;
	asks = w->bus.asks;
	check_ok(codec_receipt(&rc, &bytes, &len));
	/* Another question's. */
	question.request[0] ^= 1;
	give(w, KIND_RECEIPT, bytes, len);
	question = h;
	/* Another kind. */
	give(w, KIND_ALIVE, bytes, len);
	give(w, KIND_WELCOME, bytes, len);
	/* Another network. */
	w->code.network[0] ^= 1;
	give(w, KIND_RECEIPT, bytes, len);
	w->code.network[0] ^= 1;
	/* Another hub. */
	keys_make(&w->hub, &w->rng.base);
	give(w, KIND_RECEIPT, bytes, len);
	w->hub = hub;
	/* Damaged on the way. */
	node_world_seal(w, &question, KIND_RECEIPT, bytes, len, sealed);
	sealed[5000] ^= 1;
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
	w->bus.fn(w->bus.arg, sealed, 12);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger "
				  "WHERE receipt IS NOT NULL"),
			 0);
	assert_int_equal(w->bus.asks, asks);
	give(w, KIND_RECEIPT, bytes, len);
	assert_int_equal(count(w, "SELECT count(*) FROM ledger "
				  "WHERE receipt IS NOT NULL"),
			 1);
	/* And once only. */
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
	mem_free(bytes);
}

static void deadline_dials_and_asks_again(void **state)
{
	struct node_world *w = *state;
	int64_t start = w->clock.now_mono_ms, waited;
	unsigned char request[REQUEST_ID];

	assert_int_equal(next_question(w), KIND_HELLO);
	memcpy(request, question.request, sizeof request);
	assert_int_equal(next_question(w), KIND_HELLO);
	waited = w->clock.now_mono_ms - start;
	assert_true(waited >= 8000 * 4 / 5 && waited <= 8000 * 6 / 5 + 500);
	assert_int_equal(w->bus.redials, 1);
	assert_int_equal(w->n->metrics.deadlines, 1);
	/* A late answer to the first question fits no more. */
	assert_memory_not_equal(request, question.request, sizeof request);
	/* Each next one waits longer, so that a slow hub is heard. */
	start = w->clock.now_mono_ms;
	assert_int_equal(next_question(w), KIND_HELLO);
	assert_true(w->clock.now_mono_ms - start >= 16000 * 4 / 5);
}

static void later_means_later(void **state)
{
	struct node_world *w = *state;
	int asks;

	assert_int_equal(next_question(w), KIND_HELLO);
	asks = w->bus.asks;
	refuse(w, REFUSED_LATER);
	for (int i = 0; i < 12; i++) {
		node_tick(w->n);
		clock_set_advance(&w->clock, TICK_MS);
	}
	assert_int_equal(w->bus.asks, asks);
	assert_int_equal(next_question(w), KIND_HELLO);
}

static void stale_epoch_says_hello(void **state)
{
	struct node_world *w = *state;
	struct welcome m = plain(w);

	say_hello(w);
	assert_int_equal(read_question(w), KIND_RELEASE);
	refuse(w, REFUSED_EPOCH);
	assert_int_equal(read_question(w), KIND_HELLO);
	m.epoch = 4;
	welcome(w, &m);
	assert_int_equal(w->n->epoch, 4);
	assert_int_equal(w->n->hello_epoch, 4);
	assert_int_equal(count(w, "SELECT epoch FROM node"), 4);
	assert_int_equal(read_question(w), KIND_RELEASE);
	assert_int_equal(question.epoch, 4);
	/* An epoch never falls. */
	refuse(w, REFUSED_EPOCH);
	m.epoch = 3;
	log_level(0);
	welcome(w, &m);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(w->n->epoch, 4);
}

static void unknown_node_is_quiet(void **state)
{
	struct node_world *w = *state;
	int asks;

	say_hello(w);
	log_level(0);
	refuse(w, REFUSED_UNKNOWN_NODE);
	log_level(LOG_LEVEL_ERROR);
	asks = w->bus.asks;
	for (int i = 0; i < 4 * 3600; i++) {
		node_tick(w->n);
		clock_set_advance(&w->clock, TICK_MS);
	}
	/* A heartbeat an hour, asked again at the deadline. */
	assert_true(w->bus.asks - asks <= 1);
	assert_string_not_equal(w->n->trouble, "");
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
}

static void refused_release_stops_its_table_only(void **state)
{
	struct node_world *w = *state;
	struct receipt rc;
	char table[CATALOGUE_ID];
	int taken;

	say_hello(w);
	rc = receipt_for(w);
	memcpy(table, rc.key.table, sizeof table);
	log_level(0);
	refuse(w, REFUSED_DEFINITION);
	log_level(LOG_LEVEL_ERROR);
	taken = take_all(w);
	assert_true(taken > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE refused = 6 AND why = 'for a reason' "
				  "AND state < 4"),
			 1);
	check_ok(db_int(w->n->db, &(int64_t){0},
			"SELECT 1 FROM release WHERE table_id = ? "
			"AND refused = 6",
			"s", table));
	assert_int_equal(count(w, "SELECT count(DISTINCT table_id) "
				  "FROM release WHERE state < 4"),
			 1);
	assert_true(node_idle(w->n) || next_question(w) == KIND_HEARTBEAT);
	/* An hour later it is tried again. */
	clock_set_advance(&w->clock, 3600 * 1000 + 60000);
	for (int i = 0; i < 3 && next_question(w) != KIND_RELEASE; i++)
		;
	assert_int_equal(question.kind, KIND_RELEASE);
	assert_true(take_all(w) > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE state < 4"),
			 0);
}

static void conflict_freezes(void **state)
{
	struct node_world *w = *state;

	say_hello(w);
	log_level(0);
	refuse(w, REFUSED_CONFLICT);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(read_question(w), KIND_HELLO);
	assert_int_equal(count(w, "SELECT count(*) FROM closing_state "
				  "WHERE frozen"),
			 1);
	assert_int_equal(w->n->metrics.alarms, 1);
}

static void hub_that_lacks_is_told_again(void **state)
{
	struct node_world *w = *state;
	struct release_key lacks = {.closing = FIRST, .epoch = 1, .version = 1};
	struct welcome m = plain(w);

	say_hello(w);
	take_all(w);
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
	/* It says so when the hub was started again. */
	give_alive(w, 1);
	assert_int_equal(read_question(w), KIND_HELLO);
	snprintf(lacks.table, sizeof lacks.table, "referrals_sent");
	m.n_lacks = 1;
	m.lacks = &lacks;
	welcome(w, &m);
	assert_int_equal(take_all(w), 1);
	/* One entry in the ledger all the same. */
	assert_int_equal(count(w, "SELECT count(*) FROM ledger WHERE "
				  "table_id = 'referrals_sent' AND "
				  "closing = 24312"),
			 1);
}

static void policy_of_the_hub_is_pinned(void **state)
{
	struct node_world *w = *state;
	struct welcome m = plain(w);

	w->policy.number = 2;
	w->policy.floor = 20;
	node_world_sign_policy(w, m.policy, &m.policy_len, m.policy_sig);
	m.policy_number = 2;
	assert_int_equal(next_question(w), KIND_HELLO);
	welcome(w, &m);
	assert_int_equal(node_floor(w->n), 20);
	/* One that the hub did not sign stays out; the talk goes on. */
	refuse(w, REFUSED_EPOCH);
	w->policy.number = 3;
	w->policy.floor = 1;
	node_world_sign_policy(w, m.policy, &m.policy_len, m.policy_sig);
	m.policy_number = 3;
	m.policy_sig[0] ^= 1;
	log_level(0);
	assert_int_equal(read_question(w), KIND_HELLO);
	welcome(w, &m);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(node_floor(w->n), 20);
	assert_int_equal(w->n->metrics.alarms, 1);
	assert_int_equal(read_question(w), KIND_RELEASE);
}

/* Somebody sets the calendar a year ahead. Nothing may close by it. */
static void jumping_clock_closes_nothing(void **state)
{
	struct node_world *w = *state;
	int64_t year = 365LL * 86400000, releases;

	say_hello(w);
	take_all(w);
	if (next_question(w) == KIND_HEARTBEAT)
		give_alive(w, 0);
	releases = count(w, "SELECT count(*) FROM release");
	w->clock.now_utc_ms += year;
	node_tick(w->n);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
	assert_int_equal(count(w, "SELECT count(*) FROM release"), releases);
	/* The hub says that it is not so. */
	w->clock.now_utc_ms -= year;
	sealed_alive(w);
	w->clock.now_utc_ms += year;
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
	for (int i = 0; i < 20; i++) {
		node_tick(w->n);
		clock_set_advance(&w->clock, TICK_MS);
	}
	assert_int_equal(count(w, "SELECT count(*) FROM release"), releases);
	/* A hub that agrees: it is a year later. */
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
	give_alive(w, 0);
	clock_set_advance(&w->clock, 2 * 86400000);
	next_question(w);
	assert_true(count(w, "SELECT count(*) FROM release") > releases);
}

/* The command line approves beside the daemon. */
static void approval_leaves_at_once(void **state)
{
	struct node_world *w = *state;
	struct node *cli;
	int approved;

	check_ok(db_run(w->n->db, "UPDATE release SET state = 1", ""));
	say_hello(w);
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
	give_alive(w, 0);
	node_tick(w->n);
	assert_true(node_idle(w->n));
	check_ok(node_open(&cli, &w->seams, w->cat,
			   scratch_path(w->dir, "node")));
	check_ok(release_approve(cli, NULL, FIRST, &approved));
	assert_int_equal(approved, 2);
	node_close(cli);
	node_tick(w->n);
	assert_int_equal(read_question(w), KIND_RELEASE);
	assert_int_equal(take_all(w), 2);
}

/* A release that says something else than @bytes under the same name. */
static void give_another(struct node_world *w, const unsigned char *bytes,
			 size_t len)
{
	unsigned char *other;
	struct release r;
	size_t other_len;

	check_ok(codec_release_parse(bytes, len, &r));
	r.policy = 99;
	check_ok(codec_release(&r, &other, &other_len));
	log_level(0);
	give(w, KIND_RECALLED, other, other_len);
	log_level(LOG_LEVEL_ERROR);
	mem_free(other);
	release_fini(&r);
}

/* Put back what the hub sends, but only what it had named. */
static void recalled_release_must_be_the_one_named(void **state)
{
	struct node_world *w = *state;
	struct inventory_entry forgotten = {
		.key = {.closing = FIRST, .epoch = 1, .version = 1}};
	struct welcome m = plain(w);
	struct release_key key;
	unsigned char *bytes;
	size_t len;

	snprintf(forgotten.key.table, sizeof forgotten.key.table,
		 "referrals_sent");
	check_ok(release_bytes(w->n, &forgotten.key, &bytes, &len));
	codec_digest(bytes, len, forgotten.digest);
	/* A node without a memory. */
	for (int i = 0; i < 3; i++) {
		static const char *const SQL[] = {"DELETE FROM release",
						  "DELETE FROM counted",
						  "DELETE FROM closing_state"};

		check_ok(db_script(w->n->db, SQL[i]));
	}
	assert_int_equal(next_question(w), KIND_HELLO);
	m.n_forgotten = 1;
	m.forgotten = &forgotten;
	m.epoch = 2;
	welcome(w, &m);
	assert_int_equal(read_question(w), KIND_RECALL);
	check_ok(codec_key_parse(asked, asked_len, &key));
	assert_string_equal(key.table, "referrals_sent");
	assert_int_equal(key.closing, FIRST);
	give_another(w, bytes, len);
	assert_int_equal(count(w, "SELECT count(*) FROM release"), 0);
	/* Again from the start. */
	assert_int_equal(next_question(w), KIND_HELLO);
	welcome(w, &m);
	assert_int_equal(read_question(w), KIND_RECALL);
	give(w, KIND_RECALLED, bytes, len);
	assert_int_equal(read_question(w), KIND_HELLO);
	m.n_forgotten = 0;
	welcome(w, &m);
	assert_int_equal(count(w, "SELECT recovered FROM release WHERE "
				  "table_id = 'referrals_sent' AND "
				  "closing = 24312"),
			 2);
	assert_int_equal(count(w, "SELECT frozen FROM closing_state WHERE "
				  "table_id = 'referrals_sent' AND "
				  "half = 4052"),
			 0);
	assert_true(count(w, "SELECT count(*) FROM counted WHERE table_id = "
			     "'referrals_sent'") >= 40);
	mem_free(bytes);
}

static void start_needs_a_network(void **state)
{
	struct node_world *w = *state;

	assert_int_equal(node_start(w->n), E_STATE);
	node_stop(w->n);
	w->bus.hangups = 0;
	w->n->joined = false;
	assert_int_equal(node_start(w->n), E_STATE);
	check_says("ccfed node join");
	w->n->joined = true;
	SWEEP
	{
		int r = node_start(w->n);

		SWEEP_END(r);
		if (r == 0 && sweep_on_)
			node_stop(w->n);
	}
	w->bus.hangups = 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hello_comes_first),
		TEST(held_releases_are_not_told),
		TEST(releases_leave_oldest_first),
		TEST(other_answers_are_ignored),
		TEST(deadline_dials_and_asks_again),
		TEST(later_means_later),
		TEST(stale_epoch_says_hello),
		TEST(unknown_node_is_quiet),
		TEST(refused_release_stops_its_table_only),
		TEST(conflict_freezes),
		TEST(hub_that_lacks_is_told_again),
		TEST(policy_of_the_hub_is_pinned),
		TEST(jumping_clock_closes_nothing),
		TEST(approval_leaves_at_once),
		TEST(recalled_release_must_be_the_one_named),
		TEST(start_needs_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
