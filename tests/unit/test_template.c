/* Tests of what daemon/web/template.py makes of tests/unit/templates, and of
 * the writer below it. What the compiler refuses is in template_refusals.py. */
#include "tests/lib/check.h"

#include "daemon/web/html.h"
#include "tests/unit/tpl_sample.h"
#include "tests/unit/tpl_sample_part.h"

static char *drawn(const struct tpl_sample *v, enum lang lang)
{
	struct html h;
	char *out = NULL, *text;
	size_t len = 0;

	html_init(&h);
	h.lang = lang;
	tpl_sample(&h, v);
	check_ok(html_take(&h, &out, &len));
	text = mem_printf("%.*s", (int)len, out);
	assert_non_null(text);
	mem_free(out);
	return text;
}

static void has(const struct tpl_sample *v, const char *want)
{
	char *text = drawn(v, LANG_EN);

	if (!strstr(text, want))
		fail_msg("\"%s\" is missing in:\n%s", want, text);
	mem_free(text);
}

static void whole_template_is_written(void **state)
{
	static const struct tpl_sample_rows_tags tags[] = {{"a"}, {"b"}};
	static const struct tpl_sample_rows rows[] = {
		{.name = "one", .tags = tags, .tags_n = 2},
		{.late = true, .name = "two"},
	};
	static const struct tpl_sample_part part = {.word = "part"};
	const struct tpl_sample v = {
		.title = "Tom & <Ann>",
		.n = -7,
		.rows = rows,
		.rows_n = 2,
		.id = "a b/c",
		.query = "x&y=\"",
		.where = "//evil.example/a?b=c&d=%20\"",
		.phone = "+18605550142",
		.other = &part,
		.on = true,
	};
	char *text = drawn(&v, LANG_EN);

	assert_string_equal(
		text,
		"<!DOCTYPE html>\n"
		"<h1 title=\"Tom &amp; &lt;Ann&gt;\">Tom &amp; &lt;Ann&gt;, "
		"Help?</h1>\n"
		"<p>-7 of -7</p>\n"
		"[n]\n"
		"<ul>\n"
		"  <li class=\"row\">Tom &amp; &lt;Ann&gt;/one <i>one:a:-7</i> "
		"<i>one:b:-7</i></li>\n"
		"  <li class=\"row late\" hidden>Tom &amp; &lt;Ann&gt;/two"
		"</li>\n"
		"</ul>\n"
		"some rows\n"
		"<a href=\"/case/a%20b%2Fc?q=x%26y%3D%22&amp;n=-7#p-7\">x</a>\n"
		"<a href=\"/evil.example/a?b=c&amp;d=%20%22\">y</a> "
		"<a href=\"tel:+18605550142\">z</a>\n"
		"<em>part</em>\n"
		"part\n"
		"<hr>\n"
		"<input checked value=\"é\\?Tom &amp; &lt;Ann&gt;\">\n");
	mem_free(text);
}

static void nothing_given_prints_nothing(void **state)
{
	const struct tpl_sample v = {0};

	has(&v, "<h1 title=\"\">, Help?</h1>\n<p>0 of 0</p>\n[no n]\n");
	has(&v, "<ul>\n</ul>\nno rows\n<a href=\"/case/?q=&amp;n=0#p0\">");
	has(&v, "<a href=\"/\">y</a>");
	has(&v, "\nno part\n<hr>\n<input value");
}

static void conditions_choose(void **state)
{
	has(&(struct tpl_sample){.none = true}, "<p>never</p>\n[no n]");
	has(&(struct tpl_sample){.note = "x"}, "<b>x</b>[no n]");
	has(&(struct tpl_sample){.note = "", .n = 1}, "<p>1 of 1</p>\n[n]");
}

static void page_has_its_language(void **state)
{
	const struct tpl_sample v = {0};
	char *text = drawn(&v, LANG_ES);

	assert_non_null(strstr(text, ", Ayuda?</h1>"));
	mem_free(text);
}

/* 50 of the hostile list: text, attribute and address. */
static void hostile_values_stay_values(void **state)
{
	const struct tpl_sample v = {.title = "\"><script>alert('&')</script>",
				     .query = "\"><script>",
				     .where = "\\evil.example/\"onclick='x"};

	has(&v, "<h1 title=\"&quot;&gt;&lt;script&gt;alert(&#39;&amp;&#39;)&lt;"
		"/script&gt;\">&quot;&gt;&lt;script&gt;alert");
	has(&v, "?q=%22%3E%3Cscript%3E&amp;");
	has(&v, "<a href=\"/%5Cevil.example/%22onclick=%27x\">");
}

static void lack_of_memory_is_told_at_the_end(void **state)
{
	static const struct tpl_sample_rows rows[400];

	SWEEP
	{
		struct html h;
		char *out = NULL;
		size_t len;
		int r;

		html_init(&h);
		tpl_sample(&h,
			   &(struct tpl_sample){.rows = rows, .rows_n = 400});
		r = html_take(&h, &out, &len);
		SWEEP_END(r);
		mem_free(out);
		html_fini(&h);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(whole_template_is_written),
		cmocka_unit_test(nothing_given_prints_nothing),
		cmocka_unit_test(conditions_choose),
		cmocka_unit_test(page_has_its_language),
		cmocka_unit_test(hostile_values_stay_values),
		cmocka_unit_test(lack_of_memory_is_told_at_the_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
