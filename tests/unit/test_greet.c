/* Tests of daemon/hub/greet: hellos and heartbeats. Numbers are those of the
 * hostile inputs in the design. */
#include "tests/unit/hub_world.h"

struct fix {
	struct world w;
	struct hand north, south;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_REAL);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	hand_fini(&f->south);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static int64_t count(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->w.hub->db, &n, sql, NULL));
	return n;
}

static int64_t alarms(struct fix *f)
{
	return count(f, "SELECT count(*) FROM trouble WHERE kind = 'alarm'");
}

static int32_t jan(void)
{
	return month_no(2026, 1);
}

/* January with one trend block and one of detail. */
static void plain(struct fix *f, struct release *r, uint32_t version)
{
	hand_release(&f->north, r, jan(), version);
	add_block(f->w.table, r, 0, 0, jan(), 0, 40, 30);
	add_block(f->w.table, r, 1, 0, jan(), 3, 20, 11);
}

static int deliver(struct fix *f, struct release *r, uint64_t seq)
{
	int kind = hand_deliver(&f->north, r, seq);

	release_fini(r);
	return kind;
}

static int hello(struct hand *n, struct inventory *v, struct welcome *w)
{
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	v->node_utc_ms = clock_utc_ms(&n->w->clock.base);
	check_ok(codec_inventory(v, &bytes, &len));
	kind = hand_ask(n, KIND_HELLO, bytes, len);
	mem_free(bytes);
	if (kind == KIND_WELCOME)
		check_ok(codec_welcome_parse(n->payload, n->len, w));
	return kind;
}

static int beat(struct hand *n, struct alive *a)
{
	struct heartbeat b = {.waiting = 2, .version = "0.1.0"};
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	b.node_utc_ms = clock_utc_ms(&n->w->clock.base) + 2000;
	check_ok(codec_heartbeat(&b, &bytes, &len));
	kind = hand_ask(n, KIND_HEARTBEAT, bytes, len);
	mem_free(bytes);
	if (kind == KIND_ALIVE)
		check_ok(codec_alive_parse(n->payload, n->len, a));
	return kind;
}

static void take_two(struct fix *f)
{
	struct release r;

	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	hand_release(&f->north, &r, jan() + 1, 1);
	add_block(f->w.table, &r, 0, 0, jan() + 1, 0, 40, 30);
	assert_int_equal(deliver(f, &r, 2), KIND_RECEIPT);
}

/* The node's list of what is in the hub, changed as the test wants. */
static void held(struct fix *f, struct inventory *v)
{
	struct inventory all = {0};
	bool more;

	memset(v, 0, sizeof *v);
	v->entry = mem_calloc(10, sizeof *v->entry);
	check_ok(store_inventory(f->w.hub->db, "north", &all, 9, v->entry,
				 &v->n, &more));
}

static void hello_compares_both_ways(void **state)
{
	struct fix *f = *state;
	struct inventory v;
	struct welcome w;

	take_two(f);
	held(f, &v);
	v.entry[1].key.version = 2; /* not the hub's; and its 1 forgotten */
	v.entry[0].digest[0] ^= 1;
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_lacks, 1);
	assert_int_equal(w.lacks[0].version, 2);
	assert_int_equal(w.n_forgotten, 1);
	assert_int_equal(w.forgotten[0].key.closing, jan() + 1);
	assert_int_equal(w.n_differs, 1);
	assert_int_equal(w.differs[0].closing, jan());
	assert_int_equal(w.epoch, 2);
	assert_int_equal(w.policy_number, 1);
	assert_true(w.policy_len > 0);
	inventory_fini(&v);
	welcome_fini(&w);
}

static void hello_in_order_changes_nothing(void **state)
{
	struct fix *f = *state;
	struct inventory v;
	struct welcome w;

	take_two(f);
	held(f, &v);
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_lacks + w.n_forgotten + w.n_differs, 0);
	assert_int_equal(w.epoch, 1);
	assert_int_equal(alarms(f), 0);
	inventory_fini(&v);
	welcome_fini(&w);
}

static void hello_answers_for_its_page_only(void **state)
{
	struct fix *f = *state;
	struct inventory v;
	struct welcome w;

	take_two(f);
	held(f, &v);
	v.n = 1;
	snprintf(v.to_table, sizeof v.to_table, "referrals_90d");
	v.to_closing = jan() + 1;
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_forgotten, 0);
	welcome_fini(&w);
	v.n = 2; /* one that is not of its page */
	assert_int_equal(hello(&f->north, &v, &w), KIND_REFUSED);
	inventory_fini(&v);
}

static void look_only_grants_nothing(void **state)
{
	struct fix *f = *state;
	struct inventory v = {.look_only = 1};
	struct welcome w;

	take_two(f);
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_forgotten, 2);
	assert_int_equal(w.epoch, 1);
	welcome_fini(&w);
}

/* 60, 21 */
static void restored_node_gets_an_epoch_once(void **state)
{
	struct fix *f = *state;
	struct inventory v = {0};
	struct welcome w;

	take_two(f);
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_forgotten, 2);
	assert_int_equal(w.epoch, 2);
	welcome_fini(&w);
	/* The bus repeats it: the same question grants no more. */
	assert_int_equal(hand_send(&f->north, f->north.sealed, ENVELOPE_SIZE),
			 KIND_WELCOME);
	check_ok(codec_welcome_parse(f->north.payload, f->north.len, &w));
	assert_int_equal(w.epoch, 2);
	welcome_fini(&w);
	/* Another question with the old epoch does. */
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.epoch, 3);
	welcome_fini(&w);
}

/* 61: the node knows a later epoch than the hub. */
static void restored_hub_grants_above_the_node(void **state)
{
	struct fix *f = *state;
	struct inventory v = {0};
	struct welcome w;

	f->north.epoch = 5;
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.epoch, 6);
	welcome_fini(&w);
}

static void recall_gives_back_what_was_taken(void **state)
{
	struct fix *f = *state;
	struct release_key key = {"referrals_90d", jan(), 1, 1};
	unsigned char *bytes = NULL;
	struct release r;
	size_t len;

	take_two(f);
	check_ok(codec_key(&key, &bytes, &len));
	assert_int_equal(hand_ask(&f->north, KIND_RECALL, bytes, len),
			 KIND_RECALLED);
	check_ok(codec_release_parse(f->north.payload, f->north.len, &r));
	assert_int_equal(r.group[0].count[0], 40);
	release_fini(&r);
	/* Not to another region. */
	assert_int_equal(hand_ask(&f->south, KIND_RECALL, bytes, len),
			 KIND_REFUSED);
	mem_free(bytes);
}

static void more_forgotten_than_fits_comes_in_order(void **state)
{
	struct fix *f = *state;
	struct inventory v = {0};
	struct welcome w;
	struct release r;
	int told = 0;

	for (uint32_t i = 1; i <= 300; i++) {
		plain(f, &r, i);
		assert_int_equal(deliver(f, &r, i), KIND_RECEIPT);
	}
	v.entry = mem_calloc(PAGE_MAX, sizeof *v.entry);
	while (told < 300) {
		assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
		assert_true(w.n_forgotten > 0);
		assert_true(w.n_forgotten <= 250);
		assert_int_equal(w.n_lacks, 0);
		memcpy(v.entry + told, w.forgotten,
		       (size_t)w.n_forgotten * sizeof *v.entry);
		told += w.n_forgotten;
		v.n = told;
		f->north.epoch = w.epoch;
		welcome_fini(&w);
	}
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_forgotten, 0);
	welcome_fini(&w);
	inventory_fini(&v);
}

static void put_many(struct fix *f, int n)
{
	unsigned char *bytes = NULL, digest[DIGEST];
	struct release r;
	size_t len;

	check_ok(db_begin(f->w.hub->db));
	for (int i = 1; i <= n; i++) {
		plain(f, &r, (uint32_t)i);
		check_ok(codec_release(&r, &bytes, &len));
		codec_digest(bytes, len, digest);
		check_ok(store_put(f->w.hub->db, &r, bytes, len, digest, 1));
		mem_free(bytes);
		release_fini(&r);
	}
	check_ok(db_commit(f->w.hub->db));
}

/* The hub's list is cut before the node's: what the node holds beyond the cut
 * is not said to be lacking. */
static void cut_list_says_nothing_of_what_is_beyond(void **state)
{
	struct fix *f = *state;
	struct inventory_entry e = {{"referrals_90d", jan(), 1, 1100}, {0}};
	struct inventory v = {.n = 1, .entry = &e};
	struct welcome w;

	put_many(f, 1100);
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	assert_int_equal(w.n_lacks, 0);
	assert_int_equal(w.n_differs, 0);
	assert_int_equal(w.n_forgotten, 250);
	welcome_fini(&w);
}

static void heartbeat_asks_for_one_hello_after_a_start(void **state)
{
	struct fix *f = *state;
	struct inventory v = {0};
	struct welcome w;
	struct alive a;

	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	assert_true(a.say_hello);
	assert_int_equal(hello(&f->north, &v, &w), KIND_WELCOME);
	welcome_fini(&w);
	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	assert_false(a.say_hello);
	clock_set_advance(&f->w.clock, 1000);
	world_close(&f->w);
	world_open(&f->w);
	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	assert_true(a.say_hello);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(hello_compares_both_ways),
		T(hello_in_order_changes_nothing),
		T(hello_answers_for_its_page_only),
		T(look_only_grants_nothing),
		T(restored_node_gets_an_epoch_once),
		T(restored_hub_grants_above_the_node),
		T(recall_gives_back_what_was_taken),
		T(more_forgotten_than_fits_comes_in_order),
		T(cut_list_says_nothing_of_what_is_beyond),
		T(heartbeat_asks_for_one_hello_after_a_start),
	};

	return cmocka_run_group_tests_name("greet", tests, NULL, NULL);
}
