#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/hub/figure.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/ta_report.h"

const char *ta_report_figure(struct arena *a, const struct measure_row *r)
{
	char rate[FIGURE_TEXT], num[FIGURE_TEXT], den[FIGURE_TEXT];

	if (r->said != SAID_FIGURE)
		return r->said == SAID_NOT_CLOSED ||
				       r->said == SAID_NOT_CLOSED_YET
			       ? "not closed"
			       : "not published";
	if (!r->has_rate)
		return "none to count";
	return arena_str(a, "%s (%s of %s)", figure_rate(r, rate),
			 figure_grouped(r->numerator, num),
			 figure_grouped(r->denominator, den));
}

static const char *against(int way, const char *better, const char *worse,
			   const char *same)
{
	return way > 0 ? better : way < 0 ? worse : same;
}

const char *ta_report_said(struct arena *a, const struct report *r,
			   const struct report_line *l)
{
	const char *rest = "", *before = "";

	if (l->n_rest && l->rest.has_rate)
		rest = arena_str(
			a, " %s: %s.",
			against(l->vs_rest, "Better than the other regions",
				"Worse than the other regions",
				"No different, beyond chance, from the other "
				"regions"),
			ta_report_figure(a, &l->rest));
	if (l->before.said == SAID_FIGURE && l->before.has_rate)
		before = arena_str(
			a, " %s: %s.",
			against(l->vs_before, "Better than a year before",
				"Worse than a year before", "A year before"),
			ta_report_figure(a, &l->before));
	return arena_str(a, "%s in %s.%s%s", ta_report_figure(a, &l->mine),
			 hub_months(a, l->period.month, l->period.months),
			 rest ? rest : "", before ? before : "");
}

const char *ta_report_lede(struct arena *a, const struct report *r)
{
	const char *end = "nothing is worse, beyond chance, than elsewhere or "
			  "than a year before.";
	int better = 0, worse = 0;

	for (int i = 0; i < r->n; i++) {
		better += r->line[i].vs_rest > 0;
		worse += r->line[i].vs_rest < 0;
	}
	if (r->concern >= 0) {
		const struct report_line *l = &r->line[r->concern];

		end = arena_str(a, "what needs attention most is \"%s\": %s",
				l->m->title, ta_report_figure(a, &l->mine));
		if (l->n_rest && l->rest.has_rate)
			end = arena_str(a, "%s, and in the other regions %s.",
					end, ta_report_figure(a, &l->rest));
		else
			end = arena_str(a, "%s.", end);
	}
	return arena_str(a,
			 "Of %d rates, %d %s better than in the other regions "
			 "and %d worse, beyond chance; %s",
			 r->n, better, better == 1 ? "is" : "are", worse, end);
}

static const char *point_name(struct arena *a, const struct report_point *p)
{
	return hub_months(a, p->row.period.month, p->row.period.months);
}

/* The longest run of a signal; its end in *last. */
static int longest_run(const struct report_trend *t, int *last)
{
	int best = 0;

	for (int i = 0; i < t->n; i++) {
		if (t->point[i].run < REPORT_RUN || t->point[i].run < best)
			continue;
		best = t->point[i].run;
		*last = i;
	}
	return best;
}

static int count_outside(const struct report_trend *t, int signal)
{
	int n = 0;

	for (int i = 0; i < t->n; i++)
		n += t->point[i].outside && t->point[i].signal == signal;
	return n;
}

const char *ta_report_trend_said(struct arena *a, const struct report *r)
{
	const struct report_trend *t = &r->trend;
	const char *unit = t->step == 1 ? "months" : "quarters", *run = "";
	int last = 0, n = longest_run(t, &last);
	int worse = count_outside(t, -1), better = count_outside(t, 1);

	if (n)
		run = arena_str(a,
				"For %d %s in a row, %s to %s, it was on the "
				"%s side of its mean of %.1f %%. ",
				n, unit, point_name(a, &t->point[last - n + 1]),
				point_name(a, &t->point[last]),
				t->point[last].signal > 0 ? "better" : "worse",
				100 * t->mean);
	if (!worse && !better)
		return n ? run
			 : arena_str(
				   a,
				   "No signal: what changed from one of %d "
				   "%s to the next is what chance does around "
				   "a mean of %.1f %%.",
				   t->n, unit, 100 * t->mean);
	return arena_str(a,
			 "%sBeyond the limits of chance: %d %s better, %d "
			 "worse.",
			 run ? run : "", better, unit, worse);
}

const char *ta_report_signal(struct arena *a, const struct report *r,
			     const struct report_point *p)
{
	const char *sign = p->signal > 0   ? "\xe2\x96\xb2"
			   : p->signal < 0 ? "\xe2\x96\xbc"
					   : "";
	bool above = p->row.rate_low > r->trend.mean;

	if (!p->signal)
		return p->exact ? "" : "\xe2\x97\x8b a range: not judged";
	if (p->outside)
		return arena_str(a, "%s %s", sign,
				 above ? "above the upper limit"
				       : "below the lower limit");
	return arena_str(a, "%s in a row %s the mean", sign,
			 above ? "above" : "below");
}
