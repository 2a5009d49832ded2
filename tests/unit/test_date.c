#include "tests/lib/check.h"

#include <time.h>

#include "daemon/core/date.h"

static void every_day_survives_text_and_back(void **state)
{
	int32_t last = date_from_ymd(2200, 12, 31);
	char text[DATE_TEXT];
	int32_t back;

	for (int32_t d = date_from_ymd(1900, 1, 1); d <= last; d++) {
		if (date_parse(date_format(d, text), &back) != 0 || back != d)
			fail_msg("%s", text);
	}
}

static void days_agree_with_libc(void **state)
{
	for (int32_t d = -30000; d < 60000; d += 17) {
		time_t t = (time_t)d * 86400;
		int year, month, mday;
		struct tm tm;

		gmtime_r(&t, &tm);
		date_to_ymd(d, &year, &month, &mday);
		assert_int_equal(year, tm.tm_year + 1900);
		assert_int_equal(month, tm.tm_mon + 1);
		assert_int_equal(mday, tm.tm_mday);
	}
}

static void parse_refuses_what_is_no_date(void **state)
{
	static const char *const bad[] = {
		"",	      "2026-02-29", "2026-2-28",   "2026-13-01",
		"2026-00-10", "2026-01-00", "2026-04-31",  "1899-12-31",
		"2201-01-01", "26-11-24",   "2026/11/24",  "2026-11-24 ",
		"2026-11-2x", " 026-11-24", "-026-11-24",  "2026-99-99",
		"1900-02-29", "2100-02-29", "2026-11-24T", "tomorrow",
	};
	int32_t d = 77;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		if (date_parse(bad[i], &d) != E_INVALID)
			fail_msg("accepted \"%s\"", bad[i]);
	}
	assert_int_equal(d, 77);
	check_says("tomorrow");
	check_ok(date_parse("2024-02-29", &d));
	check_ok(date_parse("2000-02-29", &d));
}

static void unknown_zone_is_refused(void **state)
{
	assert_int_equal(date_zone("Amerika/New_York"), E_INVALID);
	assert_int_equal(date_zone("../../../etc/passwd"), E_INVALID);
	assert_int_equal(date_zone("/etc/localtime"), E_INVALID);
	assert_int_equal(date_zone("America"), E_INVALID);
	/* Lists that stand among the zones. */
	assert_int_equal(date_zone("leapseconds"), E_INVALID);
	assert_int_equal(date_zone("zone1970.tab"), E_INVALID);
	assert_int_equal(date_zone("tzdata.zi"), E_INVALID);
	assert_int_equal(date_zone(""), E_INVALID);
}

static void instant_falls_on_the_zone_s_day(void **state)
{
	/* 2026-03-08 04:30 UTC: still the 7th in New York. */
	int64_t t = 1772944200000;

	check_ok(date_zone("UTC"));
	assert_int_equal(date_of_utc(t), date_from_ymd(2026, 3, 8));
	check_ok(date_zone("America/New_York"));
	assert_int_equal(date_of_utc(t), date_from_ymd(2026, 3, 7));
	/* Before 1970, too. */
	assert_int_equal(date_of_utc(-1), date_from_ymd(1969, 12, 31));
	check_ok(date_zone("Pacific/Kiritimati"));
	assert_int_equal(date_of_utc(t), date_from_ymd(2026, 3, 8));
}

static void noon_is_inside_its_day_in_every_zone(void **state)
{
	static const char *const zones[] = {
		"UTC", "America/New_York", "Pacific/Kiritimati",
		"Pacific/Pago_Pago", "America/Los_Angeles"};
	int32_t first = date_from_ymd(2026, 1, 1);

	for (size_t z = 0; z < sizeof zones / sizeof *zones; z++) {
		check_ok(date_zone(zones[z]));
		for (int32_t d = first; d < first + 366; d++) {
			int64_t noon = date_noon_utc_ms(d);

			assert_int_equal(date_of_utc(noon), d);
			/* At least ten hours to either side. */
			assert_int_equal(date_of_utc(noon - 36000000), d);
			assert_int_equal(date_of_utc(noon + 36000000), d);
		}
	}
}

static void age_counts_birthdays(void **state)
{
	int32_t leap = date_from_ymd(2020, 2, 29);
	int32_t birth = date_from_ymd(2015, 6, 15);

	assert_int_equal(date_age_years(birth, date_from_ymd(2026, 6, 14)), 10);
	assert_int_equal(date_age_years(birth, date_from_ymd(2026, 6, 15)), 11);
	assert_int_equal(date_age_years(leap, date_from_ymd(2021, 2, 28)), 0);
	assert_int_equal(date_age_years(leap, date_from_ymd(2021, 3, 1)), 1);
	assert_int_equal(date_age_years(leap, date_from_ymd(2024, 2, 29)), 4);
}

static void instant_is_written_in_utc(void **state)
{
	char out[21];

	check_ok(date_zone("America/New_York"));
	assert_string_equal(date_format_utc(1795561762999, out),
			    "2026-11-24T23:09:22Z");
	assert_string_equal(date_format_utc(-1, out), "1969-12-31T23:59:59Z");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_day_survives_text_and_back),
		cmocka_unit_test(days_agree_with_libc),
		cmocka_unit_test(parse_refuses_what_is_no_date),
		cmocka_unit_test(unknown_zone_is_refused),
		cmocka_unit_test(instant_falls_on_the_zone_s_day),
		cmocka_unit_test(noon_is_inside_its_day_in_every_zone),
		cmocka_unit_test(age_counts_birthdays),
		cmocka_unit_test(instant_is_written_in_utc),
	};

	return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
