/* Tests of daemon/hub/admit: who may join. Numbers are those of the
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

static void lost_answer_to_a_join_is_given_again(void **state)
{
	struct fix *f = *state;
	struct joined j;

	assert_int_equal(hand_join(&f->north), KIND_JOINED);
	check_ok(codec_joined_parse(f->north.payload, f->north.len, &j));
	assert_int_equal(j.epoch, 1);
	assert_string_equal(j.region_title, "North Region");
	check_ok(policy_verify(j.policy, j.policy_len, j.policy_sig,
			       f->w.hub->keys.sign_pk));
	assert_int_equal(alarms(f), 0);
}

/* 39 */
static void code_used_twice_alarms(void **state)
{
	struct fix *f = *state;
	struct hand thief;
	struct alive a;

	hand_init(&thief, &f->w, "north");
	thief.code = f->north.code;
	assert_int_equal(hand_join(&thief), KIND_REFUSED);
	assert_int_equal(hand_refusal(&thief), REFUSED_CODE);
	assert_int_equal(alarms(f), 1);
	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	hand_fini(&thief);
}

/* 38 */
static void expired_code_is_refused(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	clock_set_advance(&f->w.clock, 24LL * 3600 * 1000);
	assert_int_equal(hand_join(&n), KIND_REFUSED);
	assert_int_equal(hand_refusal(&n), REFUSED_CODE);
	hand_fini(&n);
}

/* 40 */
static void code_for_another_region_is_refused(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	snprintf(n.region, sizeof n.region, "south");
	assert_int_equal(hand_join(&n), KIND_REFUSED);
	assert_int_equal(hand_refusal(&n), REFUSED_CODE);
	/* It is still good where it was meant for. */
	snprintf(n.region, sizeof n.region, "north");
	assert_int_equal(hand_join(&n), KIND_JOINED);
	hand_fini(&n);
}

/* 41 */
static void fifth_wrong_guess_burns_the_code(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	for (int i = 0; i < 5; i++) {
		n.code.secret[0]++;
		assert_int_equal(hand_join(&n), KIND_REFUSED);
	}
	n.code.secret[0] = (unsigned char)(n.code.secret[0] - 5);
	assert_int_equal(hand_join(&n), KIND_REFUSED);
	assert_int_equal(hand_refusal(&n), REFUSED_CODE);
	hand_fini(&n);
}

static void four_wrong_guesses_do_not(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	for (int i = 0; i < 4; i++) {
		n.code.secret[0]++;
		assert_int_equal(hand_join(&n), KIND_REFUSED);
	}
	n.code.secret[0] = (unsigned char)(n.code.secret[0] - 4);
	assert_int_equal(hand_join(&n), KIND_JOINED);
	hand_fini(&n);
}

static void other_kind_of_network_is_refused(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	f->w.kind = NETWORK_SYNTHETIC;
	assert_int_equal(hand_join(&n), KIND_REFUSED);
	assert_int_equal(hand_refusal(&n), REFUSED_KIND);
	f->w.kind = NETWORK_REAL;
	assert_int_equal(hand_join(&n), KIND_JOINED);
	hand_fini(&n);
}

/* 42 */
static void node_of_another_region_cannot_join(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "south");
	n.keys = f->north.keys;
	hand_invite(&n);
	assert_int_equal(hand_join(&n), KIND_REFUSED);
	assert_int_equal(hand_refusal(&n), REFUSED_CODE);
	hand_fini(&n);
}

static void second_code_renews_the_same_node(void **state)
{
	struct fix *f = *state;

	hand_invite(&f->north);
	assert_int_equal(hand_join(&f->north), KIND_JOINED);
	assert_int_equal(f->north.epoch, 2);
	assert_int_equal(count(f, "SELECT count(*) FROM node"), 2);
}

/* 11, 43: a key that no answer can be sealed to; a key that is not the
 * sender's. */
static void keys_must_be_usable_and_its_own(void **state)
{
	struct fix *f = *state;
	struct hand n;

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	memset(n.keys.box_pk, 0, 32);
	assert_int_equal(hand_join(&n), 0);
	hand_fini(&n);

	hand_init(&n, &f->w, "north");
	hand_invite(&n);
	n.keys.sign_pk[0] ^= 1; /* in the request, too */
	assert_int_equal(hand_join(&n), 0);
	hand_fini(&n);
	assert_int_equal(count(f, "SELECT count(*) FROM node"), 2);
}

/* 23 */
static void replaced_node_is_refused_and_alarms(void **state)
{
	struct fix *f = *state;
	struct hand second;
	struct alive a;

	hand_joined(&second, &f->w, "north");
	assert_int_equal(second.epoch, 2);
	assert_int_equal(beat(&f->north, &a), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), REFUSED_UNKNOWN_NODE);
	assert_int_equal(alarms(f), 1);
	assert_int_equal(beat(&second, &a), KIND_ALIVE);
	hand_fini(&second);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(lost_answer_to_a_join_is_given_again),
		T(code_used_twice_alarms),
		T(expired_code_is_refused),
		T(code_for_another_region_is_refused),
		T(fifth_wrong_guess_burns_the_code),
		T(four_wrong_guesses_do_not),
		T(other_kind_of_network_is_refused),
		T(node_of_another_region_cannot_join),
		T(second_code_renews_the_same_node),
		T(keys_must_be_usable_and_its_own),
		T(replaced_node_is_refused_and_alarms),
	};

	return cmocka_run_group_tests_name("admit", tests, NULL, NULL);
}
