/* Tests of daemon/web/fields: what clients send, and what it may not be. */
#include "tests/lib/check.h"

#include "daemon/web/fields.h"

/* Values point into the text that was parsed: kept until the next call. */
static char text[4096];

static int urlencoded(struct fields *f, const char *s, size_t len)
{
	*f = (struct fields){0};
	memcpy(text, s, len);
	return fields_urlencoded(f, text, len);
}

static int multipart(struct fields *f, const char *s, size_t len)
{
	*f = (struct fields){0};
	memcpy(text, s, len);
	return fields_multipart(f, text, len, "xx");
}

static void pairs_are_decoded(void **state)
{
	struct fields f;

	check_ok(urlencoded(&f, "a=1&b=x+y%26z&&c&=d&a=2", 23));
	assert_int_equal(f.n, 5);
	assert_string_equal(fields_get(&f, "a"), "1");
	assert_string_equal(fields_get(&f, "b"), "x y&z");
	assert_string_equal(fields_get(&f, "c"), "");
	assert_string_equal(fields_get(&f, ""), "d");
	assert_string_equal(f.v[4].value, "2");
	assert_null(fields_get(&f, "e"));
	fields_fini(&f);
	check_ok(urlencoded(&f, "", 0));
	fields_fini(&f);
}

static void what_is_no_text_is_refused(void **state)
{
	static const char *const bad[] = {
		"a=%",	 "a=%1",  "a=%zz",    "a=%00",	"%00=a",      "a=%ff",
		"a=%c3", "a=%1b", "a=%c2%85", "a=\x01", "a=%ed%a0%80"};
	struct fields f;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_int_equal(urlencoded(&f, bad[i], strlen(bad[i])),
				 E_INVALID);
		fields_fini(&f);
	}
	assert_int_equal(urlencoded(&f, "a=b\0c", 5), E_INVALID);
	fields_fini(&f);
	check_ok(urlencoded(&f, "a=%09%0d%0a%e2%82%ac", 20));
	assert_string_equal(fields_get(&f, "a"), "\t\r\n\xe2\x82\xac");
	fields_fini(&f);
}

static void too_many_are_refused(void **state)
{
	struct fields f;
	char many[2 * (FIELDS_MAX + 1)];

	for (int i = 0; i <= FIELDS_MAX; i++)
		memcpy(many + 2 * i, "a&", 2);
	assert_int_equal(urlencoded(&f, many, sizeof many), E_TOOBIG);
	fields_fini(&f);
	check_ok(urlencoded(&f, many, 2 * FIELDS_MAX));
	assert_int_equal(f.n, FIELDS_MAX);
	fields_fini(&f);
}

#define PART "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"

static void parts_are_read(void **state)
{
	static const char two[] = PART
		"one\r\n--xx\r\ncontent-disposition: form-data; "
		"name=\"f\"; filename=\"a;b.csv\"\r\n"
		"Content-Type: text/csv\r\n\r\n\0\xff\r\n--x\r\n--xx--";
	const struct field_value *v;
	struct fields f;

	check_ok(multipart(&f, two, sizeof two - 1));
	assert_int_equal(f.n, 2);
	assert_string_equal(fields_get(&f, "a"), "one");
	v = fields_find(&f, "f");
	assert_string_equal(v->file, "a;b.csv");
	assert_string_equal(v->type, "text/csv");
	assert_int_equal(v->len, 7);
	assert_memory_equal(v->value, "\0\xff\r\n--x", 7);
	fields_fini(&f);
	check_ok(multipart(&f, "--xx--\r\n", 8));
	fields_fini(&f);
	/* What stands before the first boundary is passed over. */
	check_ok(multipart(&f, "hello\r\n" PART "1\r\n--xx--",
			   sizeof PART + 16));
	assert_string_equal(fields_get(&f, "a"), "1");
	fields_fini(&f);
}

static void odd_parts_are_refused(void **state)
{
	static const char *const bad[] = {
		"",
		"--xx",
		"--xx\r\n",
		PART "one",
		PART "one\r\n--xx",
		"--xx\r\n\r\none\r\n--xx--",
		"--xx\r\nContent-Disposition: form-data\r\n\r\n1\r\n--xx--",
		"--xx\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n"
		"--xx--",
		"--xx\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n"
		"--xx--",
		"--xx\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n1\r\n"
		"--xx--",
		PART "\xff\r\n--xx--",
		"--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		"Content-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n"
		"--xx--",
	};
	struct fields f;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (multipart(&f, bad[i], strlen(bad[i])) != E_INVALID)
			fail_msg("taken: %s", bad[i]);
		fields_fini(&f);
	}
}

static void boundary_is_found(void **state)
{
	char out[71];

	assert_true(fields_boundary("multipart/form-data; boundary=abc", out));
	assert_string_equal(out, "abc");
	assert_true(fields_boundary("Multipart/Form-Data; charset=utf-8;"
				    " boundary=\"a b\"",
				    out));
	assert_string_equal(out, "a b");
	assert_false(fields_boundary("multipart/form-data", out));
	assert_false(fields_boundary("multipart/form-data; boundary=", out));
	assert_false(fields_boundary("multipart/form-data; boundary=\"a", out));
	assert_false(fields_boundary("text/plain; boundary=a", out));
	assert_false(fields_boundary(
		"multipart/form-data; boundary="
		"01234567890123456789012345678901234567890123456789"
		"012345678901234567890",
		out));
}

static void cookies_are_read(void **state)
{
	char header[] = "a=1;  b = two ;odd; =x; c=%41; d=\xff; a=2";
	struct fields f = {0};

	check_ok(fields_cookies(&f, header));
	assert_string_equal(fields_get(&f, "a"), "1");
	assert_string_equal(fields_get(&f, "b"), "two");
	assert_string_equal(fields_get(&f, "c"), "%41");
	assert_null(fields_get(&f, "d"));
	assert_null(fields_get(&f, "odd"));
	fields_fini(&f);
}

static void memory_may_run_out(void **state)
{
	struct fields f;

	SWEEP
	{
		int r = urlencoded(&f, "a=1&b=2", 7);

		SWEEP_END(r);
		fields_fini(&f);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(pairs_are_decoded),
		cmocka_unit_test(what_is_no_text_is_refused),
		cmocka_unit_test(too_many_are_refused),
		cmocka_unit_test(parts_are_read),
		cmocka_unit_test(odd_parts_are_refused),
		cmocka_unit_test(boundary_is_found),
		cmocka_unit_test(cookies_are_read),
		cmocka_unit_test(memory_may_run_out),
	};

	return cmocka_run_group_tests_name("fields", tests, NULL, NULL);
}
