#include "daemon/hub/figure.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "proto/catalogue.h"

char *figure_range(struct range r, char out[FIGURE_TEXT])
{
	if (r.high == UNBOUNDED)
		snprintf(out, FIGURE_TEXT, "%lld or more", (long long)r.low);
	else if (r.low == r.high)
		snprintf(out, FIGURE_TEXT, "%lld", (long long)r.low);
	else
		snprintf(out, FIGURE_TEXT, "%lld to %lld", (long long)r.low,
			 (long long)r.high);
	return out;
}

enum { GROUPED = 28 }; /* 19 digits, six commas, a sign, NUL */

static void group(int64_t v, char out[GROUPED])
{
	char plain[24];
	int n = snprintf(plain, sizeof plain, "%lld", (long long)v), k = 0;

	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0)
			out[k++] = ',';
		out[k++] = plain[i];
	}
	out[k] = '\0';
}

char *figure_grouped(struct range r, char out[FIGURE_TEXT])
{
	char low[GROUPED], high[GROUPED];

	group(r.low, low);
	group(r.high, high);
	if (r.high == UNBOUNDED)
		snprintf(out, FIGURE_TEXT, "%s or more", low);
	else if (r.low == r.high)
		snprintf(out, FIGURE_TEXT, "%s", low);
	else
		snprintf(out, FIGURE_TEXT, "%s to %s", low, high);
	return out;
}

int figure_tenths(double rate)
{
	/* A ratio of counts that lies on a half is a hair beside it here. */
	return (int)floor(rate * 1000 + 0.5 + 1e-9);
}

char *figure_rate(const struct measure_row *r, char out[FIGURE_TEXT])
{
	int low = figure_tenths(r->rate_low);
	int high = figure_tenths(r->rate_high);

	if (!r->has_rate)
		snprintf(out, FIGURE_TEXT, "n/a");
	else if (low == high)
		snprintf(out, FIGURE_TEXT, "%d.%d %%", low / 10, low % 10);
	else
		snprintf(out, FIGURE_TEXT, "%d.%d to %d.%d %%", low / 10,
			 low % 10, high / 10, high % 10);
	return out;
}

char *figure_days(const struct measure_row *r, char out[FIGURE_TEXT])
{
	if (r->days_low < 0)
		snprintf(out, FIGURE_TEXT, "n/a");
	else if (r->days_high < 0)
		snprintf(out, FIGURE_TEXT, "%d days or more", r->days_low);
	else
		snprintf(out, FIGURE_TEXT, "%d to %d days", r->days_low,
			 r->days_high);
	return out;
}

const char *figure_said(enum said said)
{
	static const char *const text[] = {
		[SAID_FIGURE] = "",
		[SAID_NOT_CLOSED] = "not closed",
		[SAID_NOT_CLOSED_YET] = "not closed yet",
		[SAID_NOTHING] = "nothing published yet",
		[SAID_NOT_PUBLISHED] = "not published",
	};

	return text[said];
}

char *figure_of(const struct measure *m, const struct measure_row *r,
		char out[FIGURE_TEXT])
{
	if (r->said != SAID_FIGURE) {
		snprintf(out, FIGURE_TEXT, "%s", figure_said(r->said));
		return out;
	}
	if (r->percentile)
		return figure_days(r, out);
	if (m->unit == MEASURE_COUNT)
		return figure_grouped(r->numerator, out);
	return figure_rate(r, out);
}

static bool is_counted(const struct measure_row *r, struct range n)
{
	return r->said == SAID_FIGURE ||
	       (r->said == SAID_NOT_PUBLISHED && n.low > 0);
}

char *figure_count(const struct measure_row *r, char out[FIGURE_TEXT])
{
	out[0] = '\0';
	return is_counted(r, r->numerator) ? figure_grouped(r->numerator, out)
					   : out;
}

char *figure_whole(const struct measure *m, const struct measure_row *r,
		   char out[FIGURE_TEXT])
{
	out[0] = '\0';
	if (m->unit == MEASURE_COUNT || r->percentile ||
	    !is_counted(r, r->denominator))
		return out;
	return figure_grouped(r->denominator, out);
}

static void name_month(int32_t month, bool with_year, char out[40])
{
	period_title((struct period){month, 1}, out);
	if (!with_year)
		out[strcspn(out, " ")] = '\0';
}

char *figure_covered(const struct measure_row *r, char out[60])
{
	int32_t end = r->period.month + r->period.months - 1;
	bool years = r->period.month / 12 != end / 12;
	char from[40], through[40];

	out[0] = '\0';
	if (r->through < 0)
		return out;
	name_month(r->from, years, from);
	name_month(r->through, years, through);
	if (r->from > r->period.month && r->through < end)
		snprintf(out, 60, "%.20s through %.20s", from, through);
	else if (r->from > r->period.month)
		snprintf(out, 60, "from %.20s", from);
	else if (r->through < end)
		snprintf(out, 60, "through %.20s", through);
	return out;
}

static bool is_lattice(struct period p)
{
	return (p.months == 1 || p.months == 3 || p.months == 6 ||
		p.months == 12) &&
	       p.month % p.months == 0;
}

char *figure_period(struct period p, char out[60])
{
	char first[40], last[40];

	if (is_lattice(p))
		return period_title(p, out);
	period_title((struct period){p.month, 1}, first);
	period_title((struct period){p.month + p.months - 1, 1}, last);
	snprintf(out, 60, "%.25s to %.25s", first, last);
	return out;
}
