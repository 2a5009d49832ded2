/* Tests of daemon/core/arena. */
#include "tests/lib/check.h"

#include <stdint.h>

#include "daemon/core/arena.h"

static void memory_is_zeroed_and_aligned(void **state)
{
	struct arena a;

	arena_init(&a);
	for (size_t size = 0; size < 70000; size = size * 2 + 1) {
		unsigned char *p = arena_alloc(&a, size);

		assert_non_null(p);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	check_ok(arena_check(&a));
	arena_fini(&a);
}

static void texts_are_made(void **state)
{
	struct arena a;

	arena_init(&a);
	assert_string_equal(arena_str(&a, "%s-%d", "x", 7), "x-7");
	assert_string_equal(arena_dup(&a, "word"), "word");
	assert_null(arena_dup(&a, NULL));
	check_ok(arena_check(&a));
	arena_fini(&a);
}

static void list_keeps_its_items(void **state)
{
	struct arena a;
	struct arena_list l = {.arena = &a, .size = sizeof(int)};

	arena_init(&a);
	for (int i = 0; i < 1000; i++)
		*(int *)arena_add(&l) = i;
	assert_int_equal(l.n, 1000);
	for (int i = 0; i < 1000; i++)
		assert_int_equal(((int *)l.items)[i], i);
	arena_fini(&a);
}

/* Each kind of call notes that memory was missing; the arena stays usable. */
static void failure_is_kept(void **state)
{
	for (int kind = 0; kind < 5; kind++) {
		struct arena a;
		struct arena_list l = {.arena = &a, .size = 8};
		void *p = &a;

		arena_init(&a);
		mem_fault(0);
		if (kind == 0)
			p = arena_alloc(&a, 1);
		else if (kind == 1)
			p = arena_dup(&a, "x");
		else if (kind == 2)
			p = arena_str(&a, "x");
		else if (kind == 3)
			p = arena_add(&l);
		else
			p = arena_alloc(&a, SIZE_MAX - 3);
		mem_fault_off();
		assert_null(p);
		assert_int_equal(arena_check(&a), E_NOMEM);
		assert_non_null(arena_alloc(&a, 1));
		arena_fini(&a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_and_aligned),
		cmocka_unit_test(texts_are_made),
		cmocka_unit_test(list_keeps_its_items),
		cmocka_unit_test(failure_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
