/* Tests of daemon/web/asset and what daemon/web/assets makes. */
#include "tests/lib/check.h"

#include "daemon/web/asset.h"

static void each_is_found_by_its_path(void **state)
{
	static const char *const names[] = {"app.js", "charts.js", "icon.svg",
					    "licenses.txt", "style.css"};

	assert_int_equal(asset_count, 5);
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *a = asset_find(asset_path(names[i]));

		assert_non_null(a);
		assert_string_equal(a->name, names[i]);
		assert_string_equal(a->path, asset_path(names[i]));
		assert_true(a->len > 0);
	}
	assert_null(asset_find("/assets/style.css"));
	assert_null(asset_find("/assets/"));
}

/* The twin says how long the text is that it stands for (RFC 1952). */
static void twin_is_gzip_of_it(void **state)
{
	for (size_t i = 0; i < asset_count; i++) {
		const struct asset *a = &asset_table[i];
		const unsigned char *end = a->gz + a->gz_len - 4;

		assert_memory_equal(a->gz, "\x1f\x8b", 2);
		assert_int_equal(end[0] | end[1] << 8 | end[2] << 16, a->len);
	}
}

/* The pages' policy forbids what a stylesheet could fetch from elsewhere. */
static void stylesheet_fetches_nothing(void **state)
{
	const struct asset *a = asset_find(asset_path("style.css"));

	assert_null(strstr((const char *)a->data, "http:"));
	assert_null(strstr((const char *)a->data, "https:"));
	assert_null(strstr((const char *)a->data, "@import"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_is_found_by_its_path),
		cmocka_unit_test(twin_is_gzip_of_it),
		cmocka_unit_test(stylesheet_fetches_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
