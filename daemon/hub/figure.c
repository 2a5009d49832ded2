#include "daemon/hub/figure.h"

#include <math.h>
#include <stdio.h>

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

/* Of what is published; it lies in the range. */
static double published(const struct measure_row *r)
{
	int64_t all = r->numerator.low + r->rest.low;

	return all > 0 ? (double)r->numerator.low / (double)all : 0;
}

char *figure_rate(const struct measure_row *r, char out[FIGURE_TEXT])
{
	int low = figure_tenths(r->rate_low);
	int high = figure_tenths(r->rate_high);
	int at = figure_tenths(published(r));

	if (!r->has_rate)
		snprintf(out, FIGURE_TEXT, "n/a");
	else if (low == high)
		snprintf(out, FIGURE_TEXT, "%d.%d %%", low / 10, low % 10);
	else if (r->numerator.low + r->rest.low == 0)
		snprintf(out, FIGURE_TEXT, "%d.%d to %d.%d %%", low / 10,
			 low % 10, high / 10, high % 10);
	else
		snprintf(out, FIGURE_TEXT, "%d.%d %% (%d.%d to %d.%d)", at / 10,
			 at % 10, low / 10, low % 10, high / 10, high % 10);
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

char *figure_of(const struct measure *m, const struct measure_row *r,
		char out[FIGURE_TEXT])
{
	if (r->percentile)
		return figure_days(r, out);
	if (m->unit == MEASURE_COUNT)
		return figure_range(r->numerator, out);
	return figure_rate(r, out);
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
