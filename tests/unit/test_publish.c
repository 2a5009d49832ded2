#include "tests/unit/publish_world.h"

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
	/* Not signed, though sealed. */
	node_world_seal(w, &question, KIND_RECEIPT, bytes, len, sealed);
	sealed[ENVELOPE_SIZE - 10] ^= 1;
	w->bus.fn(w->bus.arg, sealed, sizeof sealed);
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

/* Stored, for whoever looks beside the daemon. */
static void silent_hub_is_noted_until_it_answers(void **state)
{
	struct node_world *w = *state;
	int64_t heard;

	assert_int_equal(next_question(w), KIND_HELLO);
	assert_int_equal(count(w, "SELECT silent FROM node"), 0);
	assert_int_equal(next_question(w), KIND_HELLO);
	assert_true(w->n->silent);
	assert_int_equal(count(w, "SELECT silent FROM node"), 1);
	heard = count(w, "SELECT heard_utc_ms FROM node");
	clock_set_advance(&w->clock, 60 * 1000);
	assert_int_equal(next_question(w), KIND_HELLO);
	assert_int_equal(count(w, "SELECT heard_utc_ms FROM node"), heard);
	refuse(w, REFUSED_LATER);
	assert_false(w->n->silent);
	assert_int_equal(count(w, "SELECT silent FROM node"), 0);
	assert_int_equal(count(w, "SELECT heard_utc_ms FROM node"),
			 w->clock.now_utc_ms);
	/* What another run noted is old. */
	check_ok(node_silent(w->n, true));
	node_stop(w->n);
	check_ok(node_start(w->n));
	w->bus.hangups = 0;
	assert_int_equal(count(w, "SELECT silent FROM node"), 0);
}

static void every_heartbeat_is_noted(void **state)
{
	struct node_world *w = *state;

	say_hello(w);
	take_all(w);
	for (int i = 0; i < 3; i++) {
		int64_t before = count(w, "SELECT heard_utc_ms FROM node");

		while (next_question(w) != KIND_HEARTBEAT)
			;
		give_alive(w, 0);
		assert_true(i == 0 ||
			    count(w, "SELECT heard_utc_ms FROM node") > before);
	}
}

/* Every look at it takes a while. */
static int64_t slow_mono(struct clock *c)
{
	struct clock_set *s = (struct clock_set *)c;

	clock_set_advance(s, 60);
	return s->now_mono_ms;
}

static void long_closing_goes_on_beside_questions(void **state)
{
	struct node_world *w = *state;
	int64_t (*mono)(struct clock * c) = w->clock.base.mono_ms;
	int64_t closed, all;
	int ticks = 0;

	assert_int_equal(next_question(w), KIND_HELLO);
	w->clock.base.mono_ms = slow_mono;
	say_hello(w);
	closed = count(w, "SELECT count(*) FROM release");
	assert_int_equal(closed, 1);
	assert_int_equal(read_question(w), KIND_HEARTBEAT);
	assert_true(node_busy(w->n));
	assert_false(node_idle(w->n));
	/* While the answer is awaited, too. */
	node_tick(w->n);
	assert_int_equal(count(w, "SELECT count(*) FROM release"), 2);
	for (; node_busy(w->n); ticks++) {
		int64_t before = count(w, "SELECT count(*) FROM release");

		if (ticks % 2)
			node_tick(w->n);
		else if (read_question(w) == KIND_HEARTBEAT)
			give_alive(w, 0);
		all = count(w, "SELECT count(*) FROM release");
		assert_true(all <= before + 2);
		assert_true(ticks < 500);
	}
	assert_true(ticks > 5);
	check_ok(release_close(w->n, date_from_ymd(2026, 11, 24), &ticks, NULL,
			       NULL));
	assert_int_equal(ticks, 0);
	assert_true(all > 15);
	w->clock.base.mono_ms = mono;
	assert_int_equal(take_all(w), all);
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

/* A region's program was replaced while a release waited whose table is no more
 * counted: no hub of today would take it. */
static void what_is_no_more_counted_stays(void **state)
{
	struct node_world *w = *state;

	check_ok(db_script(w->n->db, "UPDATE release SET table_id = 'of_old' "
				     "WHERE table_id = 'referrals_sent'"));
	assert_true(count(w, "SELECT count(*) FROM release "
			     "WHERE table_id = 'of_old'") > 0);
	say_hello(w);
	assert_true(take_all(w) > 0);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE state < 4 AND table_id <> 'of_old'"),
			 0);
	assert_int_equal(count(w, "SELECT count(*) FROM release "
				  "WHERE table_id = 'of_old' AND state > 2"),
			 0);
	assert_true(node_idle(w->n) || next_question(w) == KIND_HEARTBEAT);
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(releases_leave_oldest_first),
		TEST(other_answers_are_ignored),
		TEST(deadline_dials_and_asks_again),
		TEST(silent_hub_is_noted_until_it_answers),
		TEST(every_heartbeat_is_noted),
		cmocka_unit_test_setup_teardown(
			long_closing_goes_on_beside_questions, set_up_open,
			tear_down),
		TEST(later_means_later),
		TEST(unknown_node_is_quiet),
		TEST(refused_release_stops_its_table_only),
		TEST(what_is_no_more_counted_stays),
		TEST(conflict_freezes),
		TEST(jumping_clock_closes_nothing),
		TEST(approval_leaves_at_once),
		TEST(start_needs_a_network),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
