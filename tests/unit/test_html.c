/* Tests of daemon/web/html. */
#include "tests/lib/check.h"

#include "daemon/web/html.h"

static void is(struct html *h, const char *want)
{
	char *out = NULL;
	size_t len = 0;

	check_ok(html_take(h, &out, &len));
	assert_int_equal(len, strlen(want));
	assert_memory_equal(out, want, len);
	mem_free(out);
	html_fini(h);
}

static void elements_nest(void **state)
{
	struct html h;

	html_init(&h);
	html_open(&h, "p", "class", "a", NULL);
	html_text(&h, "x");
	html_open(&h, "em", NULL);
	html_text(&h, "%d", 7);
	html_close(&h);
	html_close(&h);
	html_void(&h, "meta", "charset", "utf-8", NULL);
	is(&h, "<!DOCTYPE html>\n<p class=\"a\">x<em>7</em></p>\n"
	       "<meta charset=\"utf-8\">\n");
}

/* 50 of the hostile list, and attributes. */
static void everything_is_escaped(void **state)
{
	struct html h;

	html_init(&h);
	html_open(&h, "p", "title", "\"><script>", NULL);
	html_text(&h, "%s", "<script>alert('&')</script>");
	html_close(&h);
	is(&h, "<!DOCTYPE html>\n"
	       "<p title=\"&quot;&gt;&lt;script&gt;\">"
	       "&lt;script&gt;alert(&#39;&amp;&#39;)&lt;/script&gt;</p>\n");
}

static void lack_of_memory_is_told_at_the_end(void **state)
{
	SWEEP
	{
		struct html h;
		char *out = NULL;
		size_t len;
		int r;

		html_init(&h);
		for (int i = 0; i < 400; i++)
			html_line(&h, "p", "line %d of a longer page", i);
		r = html_take(&h, &out, &len);
		SWEEP_END(r);
		mem_free(out);
		html_fini(&h);
	}
}

static void text_that_is_too_long_is_not_cut(void **state)
{
	char text[5000], *out = NULL;
	struct html h;
	size_t len;

	memset(text, 'x', sizeof text);
	text[sizeof text - 1] = '\0';
	html_init(&h);
	html_line(&h, "p", "%s", text);
	assert_true(html_take(&h, &out, &len) < 0);
	html_fini(&h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_nest),
		cmocka_unit_test(everything_is_escaped),
		cmocka_unit_test(lack_of_memory_is_told_at_the_end),
		cmocka_unit_test(text_that_is_too_long_is_not_cut),
	};

	return cmocka_run_group_tests_name("html", tests, NULL, NULL);
}
