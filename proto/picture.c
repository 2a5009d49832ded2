#include "proto/picture.h"

#include <stdio.h>

#include "daemon/core/date.h"
#include "daemon/core/mem.h"

enum {
	YEAR_FIRST = 2000, /* no center's record is older */
	MONTHS_ROOM = 4096 /* pictures that a thing can be in, by month */
};

static int32_t length(const struct fact_table *t)
{
	return t->kind == FACTS_YEAR ? 12 : 3;
}

bool picture_due(const struct fact_table *t, int32_t month)
{
	switch (t->kind) {
	case FACTS_SNAPSHOT:
		return month % 3 == 2;
	case FACTS_YEAR:
		return month % 12 == t->year_ends - 1;
	case FACTS_FLOW:
		break;
	}
	return true;
}

int32_t picture_before(const struct fact_table *t, int32_t month)
{
	return month - length(t);
}

struct period picture_span(const struct fact_table *t, int32_t month)
{
	if (t->kind == FACTS_YEAR)
		return (struct period){month - 11, 12};
	return (struct period){month, 1};
}

struct period picture_last(const struct fact_table *t, struct period p,
			   int32_t latest)
{
	int32_t m = p.month + p.months - 1;

	if (!picture_is(t))
		return p;
	if (m > latest)
		m = latest;
	while (m >= p.month && !picture_due(t, m))
		m--;
	return m >= p.month ? picture_span(t, m) : (struct period){p.month, 0};
}

char *picture_sql(const struct fact_table *t, int32_t through)
{
	int32_t last = period_month_of_day(through);
	int32_t m = YEAR_FIRST * 12, span = length(t);
	char *text = NULL, *more;

	/* Later ones than asked about are dropped by the day; one always
	 * stands, for a list of values can't be empty. */
	while (!picture_due(t, m))
		m++;
	do {
		char day[DATE_TEXT], since[DATE_TEXT];
		struct period p = {m - span + 1, span};

		more = mem_printf(
			"%s%s('%s', '%s')",
			text ? text : "picture (day, since) AS (VALUES ",
			text ? ", " : "", date_format(period_last_day(p), day),
			date_format(period_first_day(p), since));
		mem_free(text);
		text = more;
		m += span;
	} while (text && m <= last);
	more = text ? mem_printf("%s) ", text) : NULL;
	mem_free(text);
	return more;
}

int64_t picture_occurrence(int64_t thing, int32_t month)
{
	return thing * MONTHS_ROOM + (month - YEAR_FIRST * 12);
}

int64_t picture_thing(int64_t occurrence)
{
	return occurrence / MONTHS_ROOM;
}
