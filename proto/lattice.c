#include "proto/lattice.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2200 };

static const char *const month_name[12] = {
	"January", "February", "March",	    "April",   "May",	   "June",
	"July",	   "August",   "September", "October", "November", "December"};

/* Exactly @n digits, nothing else: strtol would take signs and blanks. */
static bool digits(const char *s, int n, int *out)
{
	int v = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		v = v * 10 + (s[i] - '0');
	}
	*out = v;
	return true;
}

static int period_wrong(const char *text)
{
	return err_set(E_INVALID,
		       "\"%.20s\" is not a period (2026-07, 2026Q3, 2026H2 or "
		       "2026)",
		       text);
}

int period_parse(const char *text, struct period *out)
{
	size_t len = strlen(text);
	int year, no = 1, months, most;

	if (len < 4 || !digits(text, 4, &year))
		return period_wrong(text);
	if (len == 4) {
		months = 12;
		most = 1;
	} else if (len == 7 && text[4] == '-' && digits(text + 5, 2, &no)) {
		months = 1;
		most = 12;
	} else if (len == 6 && text[4] == 'Q' && digits(text + 5, 1, &no)) {
		months = 3;
		most = 4;
	} else if (len == 6 && text[4] == 'H' && digits(text + 5, 1, &no)) {
		months = 6;
		most = 2;
	} else {
		return period_wrong(text);
	}
	if (no < 1 || no > most || year < YEAR_MIN || year > YEAR_MAX)
		return period_wrong(text);

	out->month = year * 12 + (no - 1) * months;
	out->months = months;
	return 0;
}

char *period_format(struct period p, char out[PERIOD_TEXT])
{
	int year = p.month / 12, in_year = p.month % 12;

	/* A period made from hostile numbers must not be cut in two here. */
	if (year < 0 || year > 9999 || in_year < 0) {
		year = 0;
		in_year = 0;
	}
	switch (p.months) {
	case 1:
		snprintf(out, PERIOD_TEXT, "%04d-%02d", year, in_year + 1);
		break;
	case 3:
		snprintf(out, PERIOD_TEXT, "%04dQ%d", year, in_year / 3 + 1);
		break;
	case 6:
		snprintf(out, PERIOD_TEXT, "%04dH%d", year, in_year / 6 + 1);
		break;
	default:
		snprintf(out, PERIOD_TEXT, "%04d", year);
		break;
	}
	return out;
}

char *period_title(struct period p, char out[40])
{
	int year = p.month / 12, first = p.month % 12;
	int last = first + p.months - 1;

	if (p.months == 1)
		snprintf(out, 40, "%s %d", month_name[first], year);
	else if (p.months < 12 && last < 12)
		snprintf(out, 40, "%s-%s %d", month_name[first],
			 month_name[last], year);
	else
		snprintf(out, 40, "%d", year);
	return out;
}

/* The largest lattice period that begins at @month and is not over @left. */
static int32_t largest_at(int32_t month, int32_t left)
{
	static const int32_t length[] = {12, 6, 3, 1};

	for (int i = 0; i < 4; i++)
		if (month % length[i] == 0 && length[i] <= left)
			return length[i];
	return 1;
}

int period_range_parse(const char *text, struct period *out, int max)
{
	const char *dots = strstr(text, "..");
	struct period from, to;
	char first[PERIOD_TEXT];
	int32_t month, end;
	int n = 0, r;

	if (!dots) {
		r = period_parse(text, &from);
		to = from;
	} else {
		if (dots - text >= PERIOD_TEXT)
			return period_wrong(text);
		memcpy(first, text, (size_t)(dots - text));
		first[dots - text] = '\0';
		r = period_parse(first, &from);
		if (r == 0)
			r = period_parse(dots + 2, &to);
	}
	if (r < 0)
		return r;
	end = to.month + to.months;
	if (from.month >= end)
		return err_set(E_INVALID, "\"%.30s\" ends before it begins",
			       text);

	for (month = from.month; month < end; month += out[n++].months) {
		if (n == max)
			return err_set(E_INVALID,
				       "\"%.30s\" is too long a time", text);
		out[n].month = month;
		out[n].months = largest_at(month, end - month);
	}
	return n;
}

bool period_contains(struct period outer, struct period inner)
{
	return inner.month >= outer.month &&
	       inner.month + inner.months <= outer.month + outer.months;
}

struct period period_of(int32_t month, int32_t months)
{
	return (struct period){month - month % months, months};
}

int32_t period_month_of_day(int32_t day)
{
	int year, month, mday;

	date_to_ymd(day, &year, &month, &mday);
	return year * 12 + month - 1;
}

int32_t period_first_day(struct period p)
{
	return date_from_ymd(p.month / 12, p.month % 12 + 1, 1);
}

int32_t period_last_day(struct period p)
{
	int32_t next = p.month + p.months;

	return date_from_ymd(next / 12, next % 12 + 1, 1) - 1;
}

int cells_count(struct cells a)
{
	return __builtin_popcountll(a.w[0]) + __builtin_popcountll(a.w[1]);
}

int cells_next(struct cells a, int from)
{
	if (from < 0)
		from = 0;
	if (from < 64) {
		uint64_t low = a.w[0] >> from;

		if (low)
			return from + __builtin_ctzll(low);
		from = 64;
	}
	if (from < 128) {
		uint64_t high = a.w[1] >> (from - 64);

		if (high)
			return from + __builtin_ctzll(high);
	}
	return -1;
}

static bool stratum_has(const struct dim *d, struct stratum s, int leaf)
{
	switch (s.level) {
	case LEVEL_LEAF:
		return leaf == s.no;
	case LEVEL_GROUP:
		return d->group_of[leaf] == s.no;
	case LEVEL_ANY:
		return true;
	}
	return false;
}

struct cells lattice_cells(const struct dim *d, int32_t half, struct period p,
			   struct stratum s)
{
	struct cells c = cells_none();

	for (int m = 0; m < LATTICE_MONTHS; m++) {
		int32_t month = half * LATTICE_MONTHS + m;

		if (month < p.month || month >= p.month + p.months)
			continue;
		for (int leaf = 0; leaf < d->leaves; leaf++)
			if (stratum_has(d, s, leaf))
				c = cells_with(c, lattice_cell(d, month, leaf));
	}
	return c;
}
