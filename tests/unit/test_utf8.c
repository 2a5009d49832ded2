#include "daemon/core/utf8.h"

#include <string.h>

#include "tests/lib/check.h"

static int encode(uint32_t c, char out[5])
{
	int n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

	memset(out, 0, 5);
	for (int i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (char)(0x80 | (c & 0x3f));
	out[0] = (char)(n == 1 ? c : (0xf00u >> n & 0xff) | c);
	return n;
}

static void every_code_point_has_its_length(void **state)
{
	char s[5];

	for (uint32_t c = 1; c <= 0x110000; c++) {
		bool none = (c >= 0xd800 && c < 0xe000) || c > 0x10ffff;
		int n = encode(c, s);

		if (utf8_len(s, 4) != (none ? 0 : n))
			fail_msg("U+%04X", c);
		if (utf8_len(s, (size_t)n - 1) != 0)
			fail_msg("U+%04X, cut", c);
	}
}

static void what_is_no_text_has_none(void **state)
{
	static const char *const bad[] = {
		"",
		"\x80",
		"\xbf",
		"\xc0\x80",
		"\xc1\xbf",
		"\xc3",
		"\xc3(",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xe2\x82",
		"\xe2(\xa1",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf",
		"\xf5\x80\x80\x80",
		"\xff",
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (utf8_len(bad[i], strlen(bad[i])) != 0)
			fail_msg("number %zu", i);
	}
}

static void controls_are_those_of_both_sets(void **state)
{
	char s[5];

	for (uint32_t c = 1; c < 0x300; c++) {
		encode(c, s);
		assert_int_equal(utf8_is_control(s),
				 c < 0x20 || (c >= 0x7f && c < 0xa0));
	}
}

static void characters_are_counted_not_bytes(void **state)
{
	/* Two bytes, three, four, and one. */
	static const char text[] = "\xc3\xa9\xe6\x9d\x8e\xf0\x9f\x98\x80z";
	static const size_t fit[] = {0, 0, 1, 1, 1, 2, 2, 2, 2, 3, 4, 4};

	for (size_t i = 0; i < sizeof fit / sizeof *fit; i++)
		assert_int_equal(utf8_chars(text, i), fit[i]);
	assert_int_equal(utf8_chars("\xff\xc3", 9), 2);
	assert_int_equal(utf8_chars("", 9), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_point_has_its_length),
		cmocka_unit_test(what_is_no_text_has_none),
		cmocka_unit_test(controls_are_those_of_both_sets),
		cmocka_unit_test(characters_are_counted_not_bytes),
	};

	return cmocka_run_group_tests_name("utf8", tests, NULL, NULL);
}
