#include "tests/unit/publish_world.h"

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
	assert_int_equal(read_question(w), KIND_HELLO);
	welcome(w, &m);
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(w->n->epoch, 4);
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

/* A release that left from here is another one at the hub: no use to ask for
 * it, and nothing more of that half-year leaves. */
static void release_that_differs_freezes(void **state)
{
	struct release_key differs = {
		.closing = FIRST, .epoch = 1, .version = 1};
	struct node_world *w = *state;
	struct welcome m = plain(w);

	say_hello(w);
	take_all(w);
	assert_int_equal(next_question(w), KIND_HEARTBEAT);
	give_alive(w, 1);
	assert_int_equal(read_question(w), KIND_HELLO);
	snprintf(differs.table, sizeof differs.table, "referrals_sent");
	m.n_differs = 1;
	m.differs = &differs;
	log_level(0);
	welcome(w, &m);
	log_level(LOG_LEVEL_ERROR);
	assert_int_not_equal(read_question(w), KIND_RECALL);
	assert_int_equal(w->n->metrics.alarms, 1);
	assert_int_equal(count(w, "SELECT count(*) FROM closing_state "
				  "WHERE frozen"),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(hello_comes_first),
		TEST(held_releases_are_not_told),
		TEST(stale_epoch_says_hello),
		TEST(hub_that_lacks_is_told_again),
		TEST(policy_of_the_hub_is_pinned),
		TEST(recalled_release_must_be_the_one_named),
		TEST(release_that_differs_freezes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
