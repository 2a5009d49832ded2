#include "tests/lib/check.h"

#include "daemon/core/clock.h"

static void set_clock_stands_until_moved(void **state)
{
	struct clock_set c;

	clock_set_init(&c, 1000);
	assert_int_equal(clock_utc_ms(&c.base), 1000);
	assert_int_equal(clock_utc_ms(&c.base), 1000);
	clock_set_advance(&c, 250);
	assert_int_equal(clock_utc_ms(&c.base), 1250);
	assert_int_equal(clock_mono_ms(&c.base), 250);
}

static void set_clock_may_jump_one_hand(void **state)
{
	struct clock_set c;

	clock_set_init(&c, 1000);
	c.now_utc_ms = 5;
	assert_int_equal(clock_utc_ms(&c.base), 5);
	assert_int_equal(clock_mono_ms(&c.base), 0);
}

static void system_clock_moves_on(void **state)
{
	int64_t a = clock_mono_ms(clock_system());
	int64_t b = clock_mono_ms(clock_system());

	assert_true(b >= a);
	/* 2024: the machine's clock is at least roughly set. */
	assert_true(clock_utc_ms(clock_system()) > 1704067200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_clock_stands_until_moved),
		cmocka_unit_test(set_clock_may_jump_one_hand),
		cmocka_unit_test(system_clock_moves_on),
	};

	return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
