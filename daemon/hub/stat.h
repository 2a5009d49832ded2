/* stat: whether a figure that moves, or differs, does so by more than chance.
 *
 * Charts: XmR for counts (limits are mean +- 2.66 mean moving ranges; Wheeler,
 * Understanding Variation, 1993) and p for proportions (mean +- three standard
 * deviations of a proportion with that denominator; Shewhart). Mean and limits
 * are of the baseline, the first points, and stay: otherwise a change moves the
 * line that is to show it.
 *
 * Signals are the four of NHS England's Making Data Count: a point outside the
 * limits; seven in a row on one side of the mean; seven in a row rising or
 * falling; two of three in a row in the outer third between mean and limit.
 *
 * A point may be a range that holds the truth. It counts as above something
 * only if all of it is. Pure. */
#ifndef CCFED_STAT_H
#define CCFED_STAT_H

#include <stdbool.h>
#include <stdint.h>

enum stat_signal {
	STAT_OUTSIDE = 1, /* beyond a limit */
	STAT_SHIFT = 2,	  /* in a run on one side of the mean */
	STAT_TREND = 4,	  /* in a run that rises or falls */
	STAT_NEAR = 8,	  /* one of two of three near a limit */
};
enum { STAT_RUN = 7, STAT_BASELINE = 12, STAT_POINTS_FEW = 8 };

struct stat_point {
	double low, high;	/* the figure: equal if it is exact */
	double of_low, of_high; /* its denominator; p chart only */
	bool known;		/* there is a figure */
	bool judged;		/* whole, so that it may be compared */
	/* found: */
	double lower, upper; /* limits at this point, where there can be any */
	double half;	     /* from the mean to a limit, uncut */
	unsigned signal;     /* bit set of enum stat_signal */
	int side;	     /* of the signal: 1 up, -1 down */
};
struct stat_line {
	bool known; /* there are points enough for a mean */
	double mean;
	int baseline; /* so many points made it: exact ones, from the first */
};

/* Limits and signals of @n points into @x and *@line. Without STAT_POINTS_FEW
 * exact points among the first there is no mean, and no signal. */
void stat_xmr(struct stat_point *x, int n, struct stat_line *line);
/* The same of proportions in [0, 1]. */
void stat_p(struct stat_point *x, int n, struct stat_line *line);

/* Where @p (0.025, 0.999 ...) of all rates of @n draws with chance @rate lie
 * below: the inverse of the binomial distribution, interpolated between counts
 * (Spiegelhalter, Funnel plots for comparing institutional performance,
 * Statistics in Medicine 2005, appendix A.1). In [0, 1]. */
double stat_binomial(double p, int64_t n, double rate);

#endif
