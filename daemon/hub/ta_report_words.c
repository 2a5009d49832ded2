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

static bool is_above(const struct report_trend *t, int i)
{
	return t->point[i].at.low > t->line.mean;
}

/* "12 months in a row, July 2025 to June 2026": the last points that have
 * @kind, and those before them on the same side; NULL if none has. */
static const char *span(struct arena *a, const struct report_trend *t,
			unsigned kind, int *side)
{
	const char *unit = t->step == 1 ? "months" : "quarters";
	int last = t->n - 1, first;

	while (last >= 0 && !(t->point[last].at.signal & kind))
		last--;
	if (last < 0)
		return NULL;
	for (first = last; first > 0; first--)
		if (!(t->point[first - 1].at.signal & kind) ||
		    (kind != STAT_TREND &&
		     is_above(t, first - 1) != is_above(t, last)))
			break;
	*side = is_above(t, last) ? 1 : -1;
	return arena_str(a, "%d %s in a row, %s to %s", last - first + 1, unit,
			 point_name(a, &t->point[first]),
			 point_name(a, &t->point[last]));
}

static int count(const struct report_trend *t, unsigned kind, int signal)
{
	int n = 0;

	for (int i = 0; i < t->n; i++)
		n += (t->point[i].at.signal & kind) &&
		     t->point[i].signal == signal;
	return n;
}

static const char *runs(struct arena *a, const struct report_trend *t)
{
	const char *shift, *trend, *near, *out = "";
	int side = 0;

	shift = span(a, t, STAT_SHIFT, &side);
	if (shift)
		out = arena_str(a, "In %s, it was %s its mean of %.1f %%. ",
				shift, side > 0 ? "above" : "below",
				100 * t->line.mean);
	trend = span(a, t, STAT_TREND, &side);
	if (trend)
		out = arena_str(a, "%sIn %s, it moved one way. ", out, trend);
	near = span(a, t, STAT_NEAR, &side);
	if (near && !shift)
		out = arena_str(a,
				"%sTwo of three were near the %s limit, within "
				"%s. ",
				out, side > 0 ? "upper" : "lower", near);
	return out;
}

const char *ta_report_trend_said(struct arena *a, const struct report_trend *t)
{
	const char *unit = t->step == 1 ? "months" : "quarters", *said;
	int worse = count(t, STAT_OUTSIDE, -1),
	    better = count(t, STAT_OUTSIDE, 1);

	if (!t->line.known)
		return "There are too few exact points to tell chance from "
		       "change.";
	said = runs(a, t);
	if (worse || better)
		return arena_str(a,
				 "%sBeyond the limits of chance: better in %d, "
				 "worse in %d of %d %s.",
				 said ? said : "", better, worse, t->n, unit);
	if (said && *said)
		return said;
	return arena_str(a,
			 "No signal: what changed from one of %d %s to the "
			 "next is what chance does around a mean of %.1f %%.",
			 t->n, unit, 100 * t->line.mean);
}

static const char *kind_words(struct arena *a, const struct report_trend *t,
			      const struct stat_point *x)
{
	bool above = x->low > t->line.mean;

	if (x->signal & STAT_OUTSIDE)
		return x->side > 0 ? "above the upper limit"
				   : "below the lower limit";
	if (x->signal & STAT_SHIFT)
		return arena_str(a, "in a row %s the mean",
				 above ? "above" : "below");
	if (x->signal & STAT_TREND)
		return x->side > 0 ? "in a row rising" : "in a row falling";
	return "one of two of three near a limit";
}

const char *ta_report_signal(struct arena *a, const struct report *r,
			     const struct report_point *p)
{
	const char *sign = p->signal > 0 ? "\xe2\x96\xb2" : "\xe2\x96\xbc";

	if (p->signal)
		return arena_str(a, "%s %s", sign,
				 kind_words(a, &r->trend, &p->at));
	if (p->at.known && p->at.low < p->at.high)
		return "\xe2\x97\x8b a range";
	return "";
}
