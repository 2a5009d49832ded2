#include "tests/lib/check.h"

#include <pthread.h>

static void set_keeps_sentence_and_code(void **state)
{
	assert_int_equal(err_set(E_INVALID, "line %d: %s", 7, "bad"),
			 E_INVALID);
	assert_string_equal(err_text(E_INVALID), "line 7: bad");
}

static void prefix_goes_before_sentence(void **state)
{
	err_set(E_IO, "disk full");
	assert_int_equal(err_prefix(E_IO, "file %s", "x"), E_IO);
	assert_string_equal(err_text(E_IO), "file x: disk full");
}

static void prefix_without_sentence_uses_code(void **state)
{
	err_clear();
	err_prefix(E_BUSY, "node");
	assert_string_equal(err_text(E_BUSY), "node: the database is busy");
}

static void set_may_quote_the_sentence_before(void **state)
{
	err_set(E_IO, "inner");
	err_set(E_IO, "outer: %s", err_text(E_IO));
	assert_string_equal(err_text(E_IO), "outer: inner");
}

static void long_sentences_are_cut(void **state)
{
	char big[3000];

	memset(big, 'x', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	err_set(E_IO, "%s", big);
	assert_int_equal(strlen(err_text(E_IO)), 1023);
	err_prefix(E_IO, "%s", big);
	assert_int_equal(strlen(err_text(E_IO)), 1023);
}

static void clear_leaves_the_text_of_the_code(void **state)
{
	err_set(E_IO, "something");
	err_clear();
	assert_string_equal(err_text(E_NOTFOUND), "not found");
	assert_string_equal(err_text(-999), "an unknown error");
}

static void names_are_those_of_the_source(void **state)
{
	assert_string_equal(err_name(E_NOMEM), "E_NOMEM");
	assert_string_equal(err_name(E_USAGE), "E_USAGE");
	assert_string_equal(err_name(12345), "E_?");
}

static void *other_thread(void *arg)
{
	err_set(E_IO, "of the other thread");
	return NULL;
}

static void each_thread_has_its_sentence(void **state)
{
	pthread_t t;

	err_set(E_IO, "of this thread");
	assert_int_equal(pthread_create(&t, NULL, other_thread, NULL), 0);
	pthread_join(t, NULL);
	assert_string_equal(err_text(E_IO), "of this thread");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(set_keeps_sentence_and_code),
		cmocka_unit_test(prefix_goes_before_sentence),
		cmocka_unit_test(prefix_without_sentence_uses_code),
		cmocka_unit_test(set_may_quote_the_sentence_before),
		cmocka_unit_test(long_sentences_are_cut),
		cmocka_unit_test(clear_leaves_the_text_of_the_code),
		cmocka_unit_test(names_are_those_of_the_source),
		cmocka_unit_test(each_thread_has_its_sentence),
	};

	return cmocka_run_group_tests_name("err", tests, NULL, NULL);
}
