#include "regional/desk/day_text.h"

#include "daemon/core/arena.h"
#include "daemon/core/date.h"
#include "regional/case/records.h"

static const char *const months[] = {
	"January", "February", "March",	    "April",   "May",	   "June",
	"July",	   "August",   "September", "October", "November", "December"};
/* 1970-01-01 was a Thursday. */
static const char *const days[] = {"Thursday", "Friday",  "Saturday", "Sunday",
				   "Monday",   "Tuesday", "Wednesday"};

static const char *weekday(int32_t day)
{
	return days[(day % 7 + 7) % 7];
}

const char *day_text(struct arena *a, int32_t day)
{
	int y, m, d;

	if (day == NO_DATE)
		return "";
	date_to_ymd(day, &y, &m, &d);
	return arena_str(a, "%.3s %d, %d", months[m - 1], d, y);
}

const char *day_text_short(struct arena *a, int32_t day)
{
	int y, m, d;

	if (day == NO_DATE)
		return "";
	date_to_ymd(day, &y, &m, &d);
	return arena_str(a, "%.3s %d", months[m - 1], d);
}

const char *day_text_near(struct arena *a, int32_t day, int32_t today)
{
	int y, m, d, now;

	if (day == NO_DATE)
		return "";
	date_to_ymd(today, &now, &m, &d);
	date_to_ymd(day, &y, &m, &d);
	return y == now ? day_text_short(a, day) : day_text(a, day);
}

const char *day_text_week(struct arena *a, int32_t day)
{
	return day == NO_DATE ? ""
			      : arena_str(a, "%.3s, %s", weekday(day),
					  day_text_short(a, day));
}

const char *day_text_long(struct arena *a, int32_t day)
{
	int y, m, d;

	if (day == NO_DATE)
		return "";
	date_to_ymd(day, &y, &m, &d);
	return arena_str(a, "%s, %s %d, %d", weekday(day), months[m - 1], d, y);
}

const char *day_text_age(struct arena *a, int32_t birth, int32_t on)
{
	int y, m, d, yb, mb, db, n;

	if (birth == NO_DATE)
		return "";
	n = date_age_years(birth, on);
	if (n >= 2)
		return arena_str(a, "%d", n);
	date_to_ymd(on, &y, &m, &d);
	date_to_ymd(birth, &yb, &mb, &db);
	n = (y - yb) * 12 + m - mb - (d < db);
	return n < 0 ? "not born yet" : day_text_count(a, n, "month", "months");
}

const char *day_text_count(struct arena *a, int64_t n, const char *one,
			   const char *many)
{
	return arena_str(a, "%lld %s", (long long)n, n == 1 ? one : many);
}

int32_t day_text_workday(int32_t day)
{
	do
		day++;
	while (*weekday(day) == 'S');
	return day;
}
