#include "daemon/core/date.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { YEAR_FIRST = 1900, YEAR_LAST = 2200 };

/* Until date_zone the process reckons in UTC, whatever the machine's zone. */
static bool zone_known;

/* Beside the zones there are lists of them, and of leap seconds; glibc takes a
 * TZ that is none for UTC. */
static bool is_zone_file(const char *path)
{
	struct stat st;
	char magic[4];
	FILE *f;
	bool is;

	/* A folder of zones ("America") is none. */
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
		return false;
	f = fopen(path, "re");
	if (!f)
		return false;
	is = fread(magic, 1, 4, f) == 4 && memcmp(magic, "TZif", 4) == 0;
	fclose(f);
	return is;
}

/* The name becomes part of a path and of the environment. */
static bool zone_name_ok(const char *name)
{
	if (!*name || *name == '/' || strstr(name, "..") || strlen(name) > 64)
		return false;
	for (const char *p = name; *p; p++) {
		if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz"
			    "0123456789_+-/",
			    *p))
			return false;
	}
	return true;
}

int date_zone_check(const char *name)
{
	const char *base = getenv("TZDIR");
	char *path;
	bool known;

	if (zone_name_ok(name)) {
		path = mem_printf("%s/%s",
				  base && *base ? base : "/usr/share/zoneinfo",
				  name);
		if (!path)
			return err_set(E_NOMEM, "out of memory for the time "
						"zone");
		known = is_zone_file(path);
		mem_free(path);
		if (known)
			return 0;
	}
	return err_set(E_INVALID,
		       "\"%.64s\" is no time zone that this machine knows; "
		       "one is like America/New_York",
		       name);
}

int date_zone(const char *name)
{
	/* glibc takes an unknown TZ for UTC without a word. */
	int r = date_zone_check(name);

	if (r < 0)
		return r;
	if (setenv("TZ", name, 1) < 0)
		return err_set(E_NOMEM, "out of memory for the time zone");
	tzset();
	zone_known = true;
	return 0;
}

/* Toward minus infinity, where C's / goes toward zero: days before 1970. */
static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int32_t date_of_utc(int64_t utc_ms)
{
	time_t t = (time_t)floor_div(utc_ms, 1000);
	struct tm tm;

	/* localtime_r fails only for years beyond int. */
	if (!zone_known || !localtime_r(&t, &tm))
		return (int32_t)floor_div(utc_ms, 86400000);
	return date_from_ymd(tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday);
}

int64_t date_noon_utc_ms(int32_t day)
{
	struct tm tm = {.tm_hour = 12, .tm_isdst = -1};
	int year, month, mday;
	time_t t;

	if (!zone_known)
		return (int64_t)day * 86400000 + 43200000;
	date_to_ymd(day, &year, &month, &mday);
	tm.tm_year = year - 1900;
	tm.tm_mon = month - 1;
	tm.tm_mday = mday;
	/* mktime finds whether summer time held; noon is never in the gap. */
	t = mktime(&tm);
	return (int64_t)t * 1000;
}

/* Days since 1970-01-01 by 400-year eras that begin on 1 March, so that the
 * leap day is the last of its year (H. Hinnant, "chrono-compatible low-level
 * date algorithms"). */
int32_t date_from_ymd(int year, int month, int day)
{
	int y = month <= 2 ? year - 1 : year;
	int era = (int)floor_div(y, 400);
	int yoe = y - era * 400;
	int doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int doe = yoe * 365 + yoe / 4 - yoe / 100 + doy;

	return era * 146097 + doe - 719468;
}

void date_to_ymd(int32_t day, int *year, int *month, int *mday)
{
	int z = day + 719468;
	int era = (int)floor_div(z, 146097);
	int doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int mp = (5 * doy + 2) / 153;

	*mday = doy - (153 * mp + 2) / 5 + 1;
	*month = mp < 10 ? mp + 3 : mp - 9;
	*year = yoe + era * 400 + (*month <= 2);
}

/* Not strtol, which takes signs and spaces. */
static bool digits(const char *s, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

int date_parse(const char *text, int32_t *out)
{
	int year, month, day, y, m, d;
	int32_t n;

	if (strlen(text) != DATE_TEXT - 1 || text[4] != '-' || text[7] != '-' ||
	    !digits(text, 4, &year) || !digits(text + 5, 2, &month) ||
	    !digits(text + 8, 2, &day))
		return err_set(E_INVALID,
			       "\"%.32s\" is not a date like 2026-11-24", text);
	if (year < YEAR_FIRST || year > YEAR_LAST)
		return err_set(E_INVALID,
			       "the year of \"%s\" is not from %d to %d", text,
			       YEAR_FIRST, YEAR_LAST);
	/* A day that exists survives the way there and back. */
	n = date_from_ymd(year, month, day);
	date_to_ymd(n, &y, &m, &d);
	if (month < 1 || month > 12 || y != year || m != month || d != day)
		return err_set(E_INVALID, "there is no day \"%s\"", text);
	*out = n;
	return 0;
}

char *date_format(int32_t day, char out[DATE_TEXT])
{
	int year, month, mday;

	date_to_ymd(day, &year, &month, &mday);
	/* Unsigned and bounded, so the compiler sees that it fits. */
	snprintf(out, DATE_TEXT, "%04u-%02u-%02u", (unsigned)year % 10000,
		 (unsigned)month % 100, (unsigned)mday % 100);
	return out;
}

/* Comparing month and day makes 29 February's birthday 1 March in other
 * years. */
int date_age_years(int32_t birth, int32_t on)
{
	int by, bm, bd, y, m, d;

	date_to_ymd(birth, &by, &bm, &bd);
	date_to_ymd(on, &y, &m, &d);
	return y - by - (m < bm || (m == bm && d < bd));
}

char *date_format_utc(int64_t utc_ms, char out[21])
{
	int64_t s = floor_div(utc_ms, 1000);
	int32_t day = (int32_t)floor_div(s, 86400);
	unsigned rest = (unsigned)(s - (int64_t)day * 86400);
	char date[DATE_TEXT];

	snprintf(out, 21, "%sT%02u:%02u:%02uZ", date_format(day, date),
		 rest / 3600 % 24, rest / 60 % 60, rest % 60);
	return out;
}
