/* Tests of the frame of all pages and of parts that decide something:
 * daemon/web/templates. How they look is for tests/browser. */
#include "tests/lib/check.h"

#include "daemon/web/html.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_csrf.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_layout_foot.h"
#include "daemon/web/tpl_layout_head.h"
#include "daemon/web/tpl_table.h"

/* Take the page and check what stands on it. */
static void says(struct html *h, const char *want, bool there)
{
	char *out = NULL, *text;
	size_t len = 0;

	check_ok(html_take(h, &out, &len));
	text = mem_printf("%.*s", (int)len, out);
	assert_non_null(text);
	if (!strstr(text, want) == there)
		fail_msg("\"%s\" is %s:\n%s", want, there ? "missing" : "there",
			 text);
	mem_free(text);
	mem_free(out);
	html_fini(h);
}

#define DRAWN(part, want, there, ...)                               \
	do {                                                        \
		struct html h_;                                     \
                                                                    \
		html_init(&h_);                                     \
		tpl_##part(&h_, &(struct tpl_##part){__VA_ARGS__}); \
		says(&h_, want, there);                             \
	} while (0)

static void frame_says_what_data_it_is(void **state)
{
	DRAWN(layout_head, "<strong>Synthetic data.</strong> No real child.",
	      true, .banner = "Synthetic data.",
	      .banner_rest = "No real child.");
	DRAWN(layout_head, "synthetic", false, .title = "x");
}

static void note_can_be_undone(void **state)
{
	static const struct tpl_csrf csrf = {.token = "t0ken"};

	DRAWN(layout_head,
	      "<form action=\"/contact/undo\" method=\"post\"><input "
	      "type=\"hidden\" name=\"csrf\" value=\"t0ken\">",
	      true, .note = "Saved.", .undo = "/contact/undo", .csrf = &csrf);
	DRAWN(layout_head, "<form", false, .note = "Saved.");
}

static void errors_lead_to_their_fields(void **state)
{
	static const struct tpl_layout_head_errors errors[] = {
		{.field = "born", .text = "Enter a date"},
		{.text = "Somebody else changed it"},
	};

	DRAWN(layout_head, "<li><a href=\"#born\">Enter a date</a></li>", true,
	      .errors = errors, .errors_n = 2);
	DRAWN(layout_head, "<li>Somebody else changed it</li>", true,
	      .errors = errors, .errors_n = 2);
	DRAWN(layout_head, "<title>Error: New case</title>", true,
	      .title = "New case", .errors = errors, .errors_n = 2);
	DRAWN(layout_head, "<title>New case</title>", true,
	      .title = "New case");
}

static void field_names_its_hint_and_error(void **state)
{
	DRAWN(field, "aria-describedby=\"q-error q-hint\"", true, .name = "q",
	      .hint = "h", .error = "e");
	DRAWN(field, "aria-describedby=\"q-hint\"", true, .name = "q",
	      .hint = "h");
	DRAWN(field, "aria-describedby", false, .name = "q");
	DRAWN(field, "type=\"text\" value=\"&quot;&gt;\"", true, .name = "q",
	      .value = "\">");
}

static void boxes_have_a_legend_without_a_label(void **state)
{
	DRAWN(checkboxes, "<legend class=\"sr\">Choose</legend>", true,
	      .name = "q");
	DRAWN(checkboxes, "<legend>Which</legend>", true, .name = "q",
	      .label = "Which");
}

static void table_has_headings(void **state)
{
	static const struct tpl_table_columns columns[] = {
		{.title = "Region", .key = "name"},
		{.title = "Rate", .number = true, .ascending = true},
	};
	static const struct tpl_table_rows_cells cells[] = {
		{.number = true, .text = "61.0 %"},
	};
	static const struct tpl_table_rows rows[] = {
		{.name = "Eastern", .cells = cells, .cells_n = 1},
	};

	DRAWN(table,
	      "<th scope=\"col\" data-col=\"name\" class=\"left\">Region", true,
	      .columns = columns, .columns_n = 2);
	DRAWN(table, "<th scope=\"col\" aria-sort=\"ascending\">Rate</th>",
	      true, .columns = columns, .columns_n = 2);
	DRAWN(table, "<th scope=\"row\">Eastern</th>\n<td>61.0 %</td>", true,
	      .rows = rows, .rows_n = 1);
}

static void signing_out_is_a_form(void **state)
{
	static const struct tpl_csrf csrf = {.token = "t0ken"};

	DRAWN(layout_foot, "<form action=\"/sign-out\" method=\"post\">", true,
	      .sign_out = "sign-out", .csrf = &csrf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frame_says_what_data_it_is),
		cmocka_unit_test(note_can_be_undone),
		cmocka_unit_test(errors_lead_to_their_fields),
		cmocka_unit_test(field_names_its_hint_and_error),
		cmocka_unit_test(boxes_have_a_legend_without_a_label),
		cmocka_unit_test(table_has_headings),
		cmocka_unit_test(signing_out_is_a_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
