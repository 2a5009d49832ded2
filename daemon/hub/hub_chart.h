/* hub_chart: charts of the hub's pages: their tables, which charts.js draws.
 * Everything lives as long as the arena. */
#ifndef CCFED_HUB_CHART_H
#define CCFED_HUB_CHART_H

#include <stdbool.h>

#include "daemon/hub/series.h"
#include "daemon/web/tpl_chart.h"

/* A run chart with mean and limits; NULL without a known point. @few: one of
 * several small ones. @domain: "40 85", or NULL for its own. @mark: "2026-07|
 * words" or NULL. */
const struct tpl_chart *hub_chart_run(struct arena *a, const struct series *s,
				      bool few, const char *domain,
				      const char *mark);
/* One scale for all of them, "40 85"; NULL: nothing is known. */
const char *hub_chart_domain(struct arena *a, const struct series *s, int n);

/* Regions around the state's rate, with exact binomial limits at each size. */
struct hub_funnel {
	const struct tpl_chart *chart; /* NULL: the state's rate is no one
					* number, or there is no region */
	const struct tpl_table *table, *limits;
	int above, below, inside, open; /* beyond 99.8 %; open: a range */
	const char *words;
};
/* @row[0] is the state's, then one for each region, of one period. */
void hub_chart_funnel(struct arena *a, const struct measure *m,
		      const struct measure_row *row, int n, const char *chosen,
		      struct hub_funnel *out);

/* "▲ better" and "▼ concern" in a sentence: the sign, the word, the tone. */
struct hub_says {
	const char *sign, *word, *tone;
};
struct hub_says hub_says_of(enum series_says says);

#endif
