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
