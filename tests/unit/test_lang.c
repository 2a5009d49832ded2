/* Tests of daemon/web/lang. */
#include "tests/lib/check.h"

#include "daemon/web/lang.h"

static void first_known_language_is_taken(void **state)
{
	static const struct {
		const char *wanted;
		enum lang lang;
	} of[] = {
		{NULL, LANG_EN},
		{"", LANG_EN},
		{"es", LANG_ES},
		{"es-PR,es;q=0.9,en;q=0.8", LANG_ES},
		{"en-US,es;q=0.5", LANG_EN},
		{"pt-BR, es;q=0.5, en;q=0.2", LANG_ES},
		{"fr", LANG_EN},
	};

	for (size_t i = 0; i < sizeof of / sizeof *of; i++)
		assert_int_equal(lang_of(of[i].wanted), of[i].lang);
	assert_string_equal(lang_code(LANG_ES), "es");
	assert_string_equal(lang_code(LANG_EN), "en");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(first_known_language_is_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
