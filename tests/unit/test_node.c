#include "tests/unit/node_world.h"

static int set_up(void **state)
{
	static struct node_world w;

	node_world_init(&w, NETWORK_SYNTHETIC, -1);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	node_world_fini(*state);
	return 0;
}

static void init_makes_a_node_once(void **state)
{
	struct node_world *w = *state;
	struct node_new how = {NETWORK_REAL, -1};
	const char *dir = scratch_path(w->dir, "node");

	assert_int_equal(node_init(&w->seams, w->cat, dir, &how), E_EXISTS);
	check_says("is there already");
	assert_int_equal(w->n->kind, NETWORK_SYNTHETIC);
	assert_false(w->n->joined);
	assert_true(w->n->history_in);
	assert_int_equal(w->n->first_month, -1);
	assert_int_equal(w->n->conf.heartbeat_s, 20);
	assert_int_equal(w->n->conf.deadline_s, 8);
	assert_int_equal(node_floor(w->n), POLICY_FLOOR);
	assert_false(node_review(w->n));
}

static void write_conf(struct node_world *w, const char *text)
{
	check_ok(disk_write(disk_system(),
			    scratch_path(w->dir, "node/ccfed.conf"), text,
			    strlen(text), 0600));
}

static int reopen(struct node_world *w)
{
	node_close(w->n);
	w->n = NULL;
	return node_open(&w->n, &w->seams, w->cat,
			 scratch_path(w->dir, "node"));
}

static void open_says_what_is_wrong(void **state)
{
	struct node_world *w = *state;
	struct node *n = NULL;

	assert_int_equal(node_open(&n, &w->seams, w->cat,
				   scratch_path(w->dir, "nowhere")),
			 E_NOTFOUND);
	check_says("ccfed node init");
	write_conf(w, "[release]\nfloors = 3\n");
	assert_int_equal(reopen(w), E_INVALID);
	check_says("floors");
	write_conf(w, "[log]\nlevel = loud\n");
	assert_int_equal(reopen(w), E_INVALID);
	check_says("loud");
	write_conf(w, "[release]\nfloor = 20\nreview = yes\n");
	check_ok(reopen(w));
	assert_int_equal(node_floor(w->n), 20);
	assert_true(node_review(w->n));
	check_ok(disk_write(disk_system(),
			    scratch_path(w->dir, "node/node.key"), "x", 1,
			    0600));
	assert_int_equal(reopen(w), E_FORMAT);
}

static void foreign_database_is_refused(void **state)
{
	struct node_world *w = *state;

	check_ok(db_script(w->n->db, "PRAGMA application_id = 77"));
	assert_int_equal(reopen(w), E_FORMAT);
}

static void join_takes_what_the_hub_says(void **state)
{
	struct node_world *w = *state;

	check_ok(node_world_try_join(w, 3));
	for (int i = 0; i < 2; i++) {
		assert_true(w->n->joined);
		assert_string_equal(w->n->region, "eastern");
		assert_string_equal(w->n->region_title, "Eastern");
		assert_string_equal(w->n->hub_addr, "mem://hub");
		assert_memory_equal(w->n->hub_box_pk, w->hub.box_pk, 32);
		assert_int_equal(w->n->epoch, 3);
		assert_int_equal(w->n->hello_epoch, 0);
		assert_string_equal(w->n->policy.network, "Test network");
		/* No history is brought: the month of joining is the first. */
		assert_int_equal(w->n->first_month, 2026 * 12 + 10);
		check_ok(reopen(w));
	}
}

static void join_again_keeps_network_and_region(void **state)
{
	struct node_world *w = *state;

	check_ok(node_world_try_join(w, 3));
	node_world_join(w);
	assert_int_equal(w->n->hello_epoch, 1);
	memset(w->code.secret, 1, sizeof w->code.secret);
	check_ok(node_world_try_join(w, 1));
	/* The hub has to say again what it holds. */
	assert_int_equal(w->n->hello_epoch, 0);
	check_ok(node_world_try_join(w, 5));
	assert_int_equal(w->n->epoch, 5);
	snprintf(w->code.region, sizeof w->code.region, "northwest");
	assert_int_equal(node_world_try_join(w, 6), E_STATE);
	check_says("northwest");
	snprintf(w->code.region, sizeof w->code.region, "eastern");
	w->code.network[0] ^= 1;
	assert_int_equal(node_world_try_join(w, 6), E_STATE);
	check_says("another network");
	assert_int_equal(w->n->epoch, 5);
}

static void real_and_synthetic_never_mix(void **state)
{
	struct node_world *w = *state;

	w->policy.kind = NETWORK_REAL;
	assert_int_equal(node_world_try_join(w, 1), E_STATE);
	check_says("never mix");
	assert_false(w->n->joined);
	check_ok(reopen(w));
	assert_false(w->n->joined);
}

/* A refusal, and answers that are not the hub's. */
static void other_answers_do_not_join(void **state)
{
	static unsigned char sealed[ENVELOPE_SIZE], buf[ENVELOPE_SIZE];
	struct refusal no = {.code = REFUSED_CODE,
			     .why = "the code was used before"};
	struct node_world *w = *state;
	const unsigned char *payload;
	struct envelope_header h;
	struct keys other, hub = w->hub;
	unsigned char *bytes;
	size_t len;

	check_ok(node_join_request(w->n, &w->code, sealed));
	h = node_world_read(w, sealed, buf, &payload, &len);
	check_ok(codec_refusal(&no, &bytes, &len));
	node_world_seal(w, &h, KIND_REFUSED, bytes, len, sealed);
	assert_int_equal(
		node_join_answer(w->n, &w->code, sealed, sizeof sealed),
		E_DENIED);
	check_says("the code was used before");
	sealed[ENVELOPE_SIZE - 100] ^= 4;
	assert_int_equal(
		node_join_answer(w->n, &w->code, sealed, sizeof sealed),
		E_AUTH);
	keys_make(&other, &w->rng.base);
	w->hub = other;
	node_world_seal(w, &h, KIND_REFUSED, bytes, len, sealed);
	w->hub = hub;
	assert_int_equal(
		node_join_answer(w->n, &w->code, sealed, sizeof sealed),
		E_AUTH);
	h.request[0] ^= 1;
	node_world_seal(w, &h, KIND_REFUSED, bytes, len, sealed);
	assert_int_equal(
		node_join_answer(w->n, &w->code, sealed, sizeof sealed),
		E_AUTH);
	assert_false(w->n->joined);
	mem_free(bytes);
}

static int pin(struct node_world *w, uint32_t number)
{
	unsigned char bytes[POLICY_BYTES_MAX], sig[64];
	uint32_t len;

	w->policy.number = number;
	node_world_sign_policy(w, bytes, &len, sig);
	return node_pin_policy(w->n, bytes, len, sig);
}

static void policy_number_only_rises(void **state)
{
	struct node_world *w = *state;
	unsigned char bytes[POLICY_BYTES_MAX], sig[64];
	uint32_t len;

	w->policy.number = 4;
	check_ok(node_world_try_join(w, 1));
	w->policy.floor = 15;
	assert_int_equal(pin(w, 4), E_STATE);
	assert_int_equal(pin(w, 3), E_STATE);
	assert_int_equal(node_floor(w->n), 11);
	check_ok(pin(w, 5));
	assert_int_equal(node_floor(w->n), 15);
	w->policy.number = 6;
	w->policy.floor = 1;
	node_world_sign_policy(w, bytes, &len, sig);
	sig[0] ^= 1;
	assert_int_equal(node_pin_policy(w->n, bytes, len, sig), E_AUTH);
	check_ok(reopen(w));
	assert_int_equal(w->n->policy.number, 5);
	assert_int_equal(node_floor(w->n), 15);
	/* It joins again, with the policy that is pinned or a newer one. */
	w->policy.number = 5;
	w->policy.floor = 15;
	check_ok(node_world_try_join(w, 2));
	w->policy.number = 4;
	assert_int_equal(node_world_try_join(w, 3), E_STATE);
}

static void low_floor_needs_agreement_confirmed_here(void **state)
{
	struct node_new how = {NETWORK_REAL, -1};
	struct node_world *w = *state;

	node_close(w->n);
	check_ok(node_init(&w->seams, w->cat, scratch_path(w->dir, "real"),
			   &how));
	check_ok(node_open(&w->n, &w->seams, w->cat,
			   scratch_path(w->dir, "real")));
	w->policy.kind = NETWORK_REAL;
	w->policy.floor = 5;
	snprintf(w->policy.agreement, sizeof w->policy.agreement, "DUA 17");
	check_ok(node_world_try_join(w, 1));
	assert_int_equal(node_floor(w->n), POLICY_FLOOR);
	snprintf(w->n->conf.agreement, sizeof w->n->conf.agreement, "DUA 16");
	assert_int_equal(node_floor(w->n), POLICY_FLOOR);
	snprintf(w->n->conf.agreement, sizeof w->n->conf.agreement, "DUA 17");
	assert_int_equal(node_floor(w->n), 5);
	w->n->conf.floor = 8;
	assert_int_equal(node_floor(w->n), 8);
	/* Never laxer than the policy. */
	w->n->conf.floor = 2;
	assert_int_equal(node_floor(w->n), 5);
}

static void history_is_said_to_be_in_once(void **state)
{
	struct node_new how = {NETWORK_SYNTHETIC, 2023 * 12 + 6};
	struct node_world *w = *state;

	assert_int_equal(node_history_in(w->n), E_STATE);
	node_close(w->n);
	check_ok(node_init(&w->seams, w->cat, scratch_path(w->dir, "past"),
			   &how));
	check_ok(node_open(&w->n, &w->seams, w->cat,
			   scratch_path(w->dir, "past")));
	assert_false(w->n->history_in);
	check_ok(node_world_try_join(w, 1));
	assert_int_equal(w->n->first_month, 2023 * 12 + 6);
	check_ok(node_history_in(w->n));
	check_ok(node_reload(w->n));
	assert_true(w->n->history_in);
}

static void hub_clock_is_remembered(void **state)
{
	struct node_world *w = *state;
	int64_t now = w->clock.now_utc_ms, day = 86400000;

	check_ok(node_world_try_join(w, 1));
	check_ok(node_heard(w->n, now + 2 * day));
	check_ok(reopen(w));
	assert_int_equal(w->n->hub_off_ms, -2 * day);
	/* Seconds are no news: no commit for each heartbeat. */
	check_ok(node_heard(w->n, now + 2 * day + 5000));
	assert_int_equal(w->n->hub_off_ms, -2 * day);
	check_ok(node_heard(w->n, now));
	assert_int_equal(w->n->hub_off_ms, 0);
	assert_int_equal(node_heard(w->n, INT64_MAX), E_INVALID);
	assert_int_equal(node_heard(w->n, -1), E_INVALID);
}

/* At most one commit a heartbeat, however often it answers. */
static void hub_is_heard_to_a_heartbeat(void **state)
{
	struct node_world *w = *state;

	check_ok(node_world_try_join(w, 1));
	clock_set_advance(&w->clock, 5000);
	check_ok(node_heard(w->n, w->clock.now_utc_ms));
	assert_int_equal(node_world_count(w, "SELECT heard_utc_ms FROM node"),
			 w->clock.now_utc_ms - 5000);
	clock_set_advance(&w->clock, 12000);
	check_ok(node_answered(w->n));
	check_ok(reopen(w));
	assert_int_equal(w->n->heard_utc_ms, w->clock.now_utc_ms);
}

static void first_period_moves_while_history_is_awaited(void **state)
{
	struct node_new how = {NETWORK_SYNTHETIC, 2023 * 12 + 6};
	struct node_world *w = *state;

	assert_int_equal(node_first_period(w->n, 2022 * 12), E_STATE);
	check_says("another node");
	node_close(w->n);
	check_ok(node_init(&w->seams, w->cat, scratch_path(w->dir, "past"),
			   &how));
	check_ok(node_open(&w->n, &w->seams, w->cat,
			   scratch_path(w->dir, "past")));
	assert_int_equal(node_first_period(w->n, 2023 * 12 + 6), E_STATE);
	check_says("2023-07");
	check_ok(node_first_period(w->n, 2022 * 12));
	check_ok(node_reload(w->n));
	assert_int_equal(w->n->first_month, 2022 * 12);
	check_ok(db_run(w->n->db,
			"INSERT INTO closing_state (table_id, half, closed, "
			"trend_first) VALUES ('t', 4044, 24264, 0)",
			""));
	assert_int_equal(node_first_period(w->n, 2021 * 12), E_STATE);
	check_says("have closed");
}

/* Not SWEEP: a statement that can't be kept is only slower. */
static void open_survives_lack_of_memory(void **state)
{
	struct node_world *w = *state;
	bool fired = true;
	int failed = 0;

	node_close(w->n);
	w->n = NULL;
	for (int i = 0; fired; i++) {
		int r;

		mem_fault(i);
		r = node_open(&w->n, &w->seams, w->cat,
			      scratch_path(w->dir, "node"));
		fired = mem_fault_off();
		assert_true(r == 0 || (fired && r == E_NOMEM));
		failed += r < 0;
		if (fired)
			node_close(w->n);
		if (fired)
			w->n = NULL;
	}
	assert_true(failed > 2);
	assert_non_null(w->n);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(init_makes_a_node_once),
		TEST(open_says_what_is_wrong),
		TEST(foreign_database_is_refused),
		TEST(join_takes_what_the_hub_says),
		TEST(join_again_keeps_network_and_region),
		TEST(real_and_synthetic_never_mix),
		TEST(other_answers_do_not_join),
		TEST(policy_number_only_rises),
		TEST(low_floor_needs_agreement_confirmed_here),
		TEST(history_is_said_to_be_in_once),
		TEST(hub_clock_is_remembered),
		TEST(hub_is_heard_to_a_heartbeat),
		TEST(first_period_moves_while_history_is_awaited),
		TEST(open_survives_lack_of_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
