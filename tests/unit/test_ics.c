#include "tests/lib/check.h"

#include <string.h>

#include "daemon/core/date.h"
#include "regional/desk/day_text.h"
#include "regional/desk/ics.h"

static int32_t day(int y, int m, int d)
{
	return date_from_ymd(y, m, d);
}

static void calendar_has_one_event_a_visit(void **state)
{
	const struct ics_event e = {.uid = "ab12",
				    .day = day(2026, 12, 31),
				    .summary = "Home visit, M. R.; call first",
				    .description = ""};
	struct arena a;
	const char *text;

	(void)state;
	arena_init(&a);
	text = ics_text(&a, &e, 1, 0);
	assert_string_equal(text,
			    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"
			    "PRODID:-//ccfed//visits//EN\r\nBEGIN:VEVENT\r\n"
			    "UID:ab12\r\nDTSTAMP:19700101T000000Z\r\n"
			    "DTSTART;VALUE=DATE:20261231\r\n"
			    "DTEND;VALUE=DATE:20270101\r\n"
			    "SUMMARY:Home visit\\, M. R.\\; call first\r\n"
			    "CLASS:PRIVATE\r\nEND:VEVENT\r\n"
			    "END:VCALENDAR\r\n");
	arena_fini(&a);
}

/* RFC 5545 3.1: lines of 75 bytes at most, letters whole. */
static void long_lines_are_folded(void **state)
{
	char summary[400] = "";
	struct ics_event e = {
		.uid = "a", .summary = summary, .description = "x\ny\x01z"};
	struct arena a;
	const char *text, *end;

	(void)state;
	for (int i = 0; i < 100; i++)
		memcpy(summary + strlen(summary), i % 2 ? "é" : "x",
		       i % 2 ? 3 : 2);
	arena_init(&a);
	text = ics_text(&a, &e, 1, 0);
	assert_non_null(strstr(text, "DESCRIPTION:x\\nyz\r\n"));
	for (; (end = strstr(text, "\r\n")); text = end + 2) {
		assert_true(end - text <= 75);
		assert_true(((unsigned char)*text & 0xC0) != 0x80);
	}
	arena_fini(&a);
}

static void days_read_as_people_say_them(void **state)
{
	struct arena a;
	int32_t d = day(2026, 11, 17);

	(void)state;
	arena_init(&a);
	assert_string_equal(day_text_long(&a, d), "Tuesday, November 17, 2026");
	assert_string_equal(day_text_week(&a, d), "Tue, Nov 17");
	assert_string_equal(day_text_short(&a, d), "Nov 17");
	assert_string_equal(day_text(&a, d), "Nov 17, 2026");
	assert_string_equal(day_text_age(&a, day(2024, 11, 18), d),
			    "23 months");
	assert_string_equal(day_text_age(&a, day(2026, 10, 17), d), "1 month");
	assert_string_equal(day_text_age(&a, day(2024, 11, 17), d), "2");
	assert_string_equal(day_text_count(&a, 1, "child", "children"),
			    "1 child");
	/* A Friday, and a Tuesday. */
	assert_int_equal(day_text_workday(day(2026, 11, 20)),
			 day(2026, 11, 23));
	assert_int_equal(day_text_workday(d), d + 1);
	assert_int_equal(day_text_workday(day(1969, 12, 26)),
			 day(1969, 12, 29));
	arena_fini(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(calendar_has_one_event_a_visit),
		cmocka_unit_test(long_lines_are_folded),
		cmocka_unit_test(days_read_as_people_say_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
