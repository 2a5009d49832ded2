#include "tests/lib/check.h"

#include "daemon/core/rand.h"

static void same_seed_gives_same_bytes(void **state)
{
	unsigned char a[2000], b[2000];
	struct rng_seeded x, y;

	rand_seed(&x, 42);
	rand_seed(&y, 42);
	rand_bytes(&x.base, a, sizeof a);
	/* In other portions, across the ends of the buffer. */
	for (size_t i = 0; i < sizeof b; i += 50)
		rand_bytes(&y.base, b + i, 50);
	assert_memory_equal(a, b, sizeof a);
	rand_seed(&y, 43);
	rand_bytes(&y.base, b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
}

/* The keystream of ChaCha20 with a key of zeros, RFC 7539 A.1 #1 and #2: the
 * generator must stay what it is, or simulations can't be repeated. */
static void seed_0_is_the_published_keystream(void **state)
{
	static const unsigned char first[] = {0x76, 0xb8, 0xe0, 0xad,
					      0xa0, 0xf1, 0x3d, 0x90};
	static const unsigned char second[] = {0x9f, 0x07, 0xe7, 0xbe,
					       0x55, 0x51, 0x38, 0x7a};
	unsigned char block[128];
	struct rng_seeded r;

	rand_seed(&r, 0);
	rand_bytes(&r.base, block, sizeof block);
	assert_memory_equal(block, first, sizeof first);
	assert_memory_equal(block + 64, second, sizeof second);
}

static void below_stays_below_and_is_even(void **state)
{
	struct rng_seeded r;
	int seen[7] = {0};

	rand_seed(&r, 1);
	for (int i = 0; i < 70000; i++)
		seen[rand_below(&r.base, 7)]++;
	for (int i = 0; i < 7; i++)
		assert_in_range(seen[i], 9600, 10400);
	assert_int_equal(rand_below(&r.base, 1), 0);
}

static void unit_is_from_0_to_below_1(void **state)
{
	struct rng_seeded r;
	double sum = 0;

	rand_seed(&r, 2);
	for (int i = 0; i < 10000; i++) {
		double u = rand_unit(&r.base);

		assert_true(u >= 0 && u < 1);
		sum += u;
	}
	assert_true(sum > 4850 && sum < 5150);
}

static void pick_follows_the_weights(void **state)
{
	static const double weight[] = {0, 3, 0, 1, 0};
	struct rng_seeded r;
	int seen[5] = {0};

	rand_seed(&r, 3);
	for (int i = 0; i < 40000; i++)
		seen[rand_pick(&r.base, weight, 5)]++;
	assert_int_equal(seen[0] + seen[2] + seen[4], 0);
	assert_in_range(seen[1], 29500, 30500);
}

static void full_fill(struct rng *r, void *buf, size_t len)
{
	memset(buf, 0xff, len);
}

static void pick_at_the_end_skips_weight_0(void **state)
{
	/* Subtracted one by one, these leave a rest at the highest draw. */
	static const double weight[] = {0.2, 0.4, 0.7, 0.4, 0};
	struct rng r = {.fill = full_fill};

	assert_int_equal(rand_pick(&r, weight, 5), 3);
}

static void system_bytes_differ(void **state)
{
	unsigned char a[32], b[32];

	rand_bytes(rand_system(), a, sizeof a);
	rand_bytes(rand_system(), b, sizeof b);
	assert_memory_not_equal(a, b, sizeof a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(same_seed_gives_same_bytes),
		cmocka_unit_test(seed_0_is_the_published_keystream),
		cmocka_unit_test(below_stays_below_and_is_even),
		cmocka_unit_test(unit_is_from_0_to_below_1),
		cmocka_unit_test(pick_follows_the_weights),
		cmocka_unit_test(pick_at_the_end_skips_weight_0),
		cmocka_unit_test(system_bytes_differ),
	};

	return cmocka_run_group_tests_name("rand", tests, NULL, NULL);
}
