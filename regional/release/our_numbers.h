/* our_numbers: a center's own figures, exact, straight from its record.
 *
 * The same measures over the same facts as the state's, but before the gate:
 * nothing is held back, and nothing of it may leave. They are what the record
 * says now; what was published is what it said when a month closed.
 *
 * Of a snapshot or year the last picture in a period is shown, and its row is
 * of that picture's own time; a period without one has no row.
 *
 * Reads on a connection of its own, owns nothing. Any thread. */
#ifndef CCFED_OUR_NUMBERS_H
#define CCFED_OUR_NUMBERS_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/catalogue.h"

struct node;

/* One figure, like the hub's rows: a ranking gives its parts, the largest
 * first; days give their percentiles, then their bands. */
struct our_row {
	struct period period;
	struct stratum stratum;
	int part;	/* index in the measure's parts; -1: none */
	int percentile; /* 50, 90; 0: none */
	int64_t numerator, denominator; /* COUNT has no denominator: 0 */
	int days_low, days_high;	/* of a percentile; -1: no occurrence */
	/* All months have matured: nothing of it is still to come. */
	bool settled;
};

/* An occurrence behind a figure. */
struct our_child {
	int64_t occurrence, child;
	int32_t day;
	struct stratum stratum;
	int outcome; /* leaf, index in the measure's table */
	bool counts; /* in the numerator; else in the denominator only */
};

enum { OUR_BY_STRATUM = 1, OUR_BY_GROUP = 2, OUR_PERIODS_MAX = 240 };

/* Rows of @m over each of @p[0..n-1], all strata first. E_STATE with the
 * reason if the measure is not served. A non-zero @fn stops and is returned. */
int our_numbers_show(struct node *nd, const struct measure *m,
		     const struct period *p, int n, int by,
		     int (*fn)(void *arg, const struct our_row *r), void *arg);

/* Who is behind the figure of @m over @p at @s: in order of (date, occurrence).
 * Identifiable; for who may see the records. */
int our_numbers_children(struct node *nd, const struct measure *m,
			 struct period p, struct stratum s,
			 int (*fn)(void *arg, const struct our_child *c),
			 void *arg);

/* The newest calendar year of which all has matured. */
struct period our_numbers_newest(struct node *nd, const struct measure *m);

#endif
