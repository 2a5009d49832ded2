#include "tests/lib/check.h"

static void zero_sizes_give_unique_pointers(void **state)
{
	void *a = mem_alloc(0), *b = mem_calloc(0, 8),
	     *c = mem_realloc(NULL, 0);

	assert_non_null(a);
	assert_non_null(b);
	assert_non_null(c);
	assert_ptr_not_equal(a, b);
	mem_free(a);
	mem_free(b);
	mem_free(c);
	mem_free(NULL);
}

static void calloc_refuses_overflow(void **state)
{
	size_t huge = SIZE_MAX / 2;

	assert_null(mem_calloc(huge, 4));
}

static void printf_makes_the_whole_text(void **state)
{
	char *s = mem_printf("%0500d-%s", 1, "end");

	assert_non_null(s);
	assert_int_equal(strlen(s), 504);
	assert_string_equal(s + 499, "1-end");
	mem_free(s);
}

static void fault_fails_the_nth_once(void **state)
{
	void *a, *b, *c;

	mem_fault(1);
	a = mem_alloc(1);
	b = mem_alloc(1);
	c = mem_alloc(1);
	assert_true(mem_fault_off());
	assert_non_null(a);
	assert_null(b);
	assert_non_null(c);
	mem_free(a);
	mem_free(c);
}

static void fault_off_tells_that_none_fired(void **state)
{
	void *p;

	mem_fault(5);
	p = mem_alloc(1);
	assert_false(mem_fault_off());
	mem_free(p);
	p = mem_alloc(1);
	assert_non_null(p);
	mem_free(p);
}

static void fault_reaches_every_allocator(void **state)
{
	char *kept = mem_strdup("kept"), *grown;

	mem_fault(0);
	assert_null(mem_calloc(1, 1));
	mem_fault(0);
	assert_null(mem_strdup("x"));
	mem_fault(0);
	assert_null(mem_printf("x"));
	mem_fault(0);
	grown = mem_realloc(kept, 100);
	assert_true(mem_fault_off());
	assert_null(grown);
	/* As with realloc, the old block is still there. */
	assert_string_equal(kept, "kept");
	mem_free(kept);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(zero_sizes_give_unique_pointers),
		cmocka_unit_test(calloc_refuses_overflow),
		cmocka_unit_test(printf_makes_the_whole_text),
		cmocka_unit_test(fault_fails_the_nth_once),
		cmocka_unit_test(fault_off_tells_that_none_fired),
		cmocka_unit_test(fault_reaches_every_allocator),
	};

	return cmocka_run_group_tests_name("mem", tests, NULL, NULL);
}
