#include "daemon/hub/stat.h"

#include <math.h>
#include <string.h>

/* --- mean and limits --- */

static bool is_exact(const struct stat_point *x)
{
	return x->known && x->judged && x->low == x->high;
}

static void clear(struct stat_point *x, int n, struct stat_line *line)
{
	memset(line, 0, sizeof *line);
	for (int i = 0; i < n; i++) {
		x[i].signal = 0;
		x[i].side = 0;
		x[i].lower = x[i].upper = x[i].half = 0;
	}
}

/* --- signals --- */

static int side_of(const struct stat_point *x, double of)
{
	if (!x->known || !x->judged)
		return 0;
	if (x->low > of)
		return 1;
	return x->high < of ? -1 : 0;
}

static void mark(struct stat_point *x, unsigned signal, int side)
{
	x->signal |= signal;
	/* What is beyond a limit says more than a run that it is in. */
	if (signal == STAT_OUTSIDE || !x->side)
		x->side = side;
}

static void find_outside(struct stat_point *x, int n)
{
	for (int i = 0; i < n; i++) {
		if (side_of(&x[i], x[i].upper) > 0)
			mark(&x[i], STAT_OUTSIDE, 1);
		else if (side_of(&x[i], x[i].lower) < 0)
			mark(&x[i], STAT_OUTSIDE, -1);
	}
}

/* A point that is not judged ends a run: nobody knows on which side it is. */
static void find_shift(struct stat_point *x, int n, double mean)
{
	for (int i = 0, from = 0; i < n; i++) {
		int side = side_of(&x[i], mean);

		if (i > 0 && side != side_of(&x[i - 1], mean))
			from = i;
		if (side == 0 || i - from + 1 < STAT_RUN)
			continue;
		for (int k = from; k <= i; k++)
			mark(&x[k], STAT_SHIFT, side);
	}
}

static int step_of(const struct stat_point *a, const struct stat_point *b)
{
	if (!a->known || !a->judged || !b->known || !b->judged)
		return 0;
	if (b->low > a->high)
		return 1;
	return b->high < a->low ? -1 : 0;
}

static void find_trend(struct stat_point *x, int n)
{
	for (int i = 1, from = 0; i < n; i++) {
		int step = step_of(&x[i - 1], &x[i]);

		if (i == 1 || step != step_of(&x[i - 2], &x[i - 1]))
			from = i - 1;
		if (step == 0 || i - from + 1 < STAT_RUN)
			continue;
		for (int k = from; k <= i; k++)
			mark(&x[k], STAT_TREND, step);
	}
}

/* In the outer third between mean and limit, or beyond. A limit that is cut at
 * 0 or 1 is no nearer for that: two standard deviations stay two. */
static int near_of(const struct stat_point *x, double mean)
{
	if (side_of(x, mean + x->half * 2 / 3) > 0)
		return 1;
	return side_of(x, mean - x->half * 2 / 3) < 0 ? -1 : 0;
}

static void find_near(struct stat_point *x, int n, double mean)
{
	for (int i = 2; i < n; i++)
		for (int side = -1; side <= 1; side += 2) {
			int near = 0;

			for (int k = i - 2; k <= i; k++)
				near += near_of(&x[k], mean) == side;
			for (int k = i - 2; k <= i && near >= 2; k++)
				if (near_of(&x[k], mean) == side)
					mark(&x[k], STAT_NEAR, side);
		}
}

static void find_signals(struct stat_point *x, int n, double mean)
{
	find_outside(x, n);
	find_shift(x, n, mean);
	find_trend(x, n);
	find_near(x, n, mean);
}

/* --- the two charts --- */

void stat_xmr(struct stat_point *x, int n, struct stat_line *line)
{
	double sum = 0, moved = 0, last = 0, half;
	int k = 0;

	clear(x, n, line);
	for (int i = 0; i < n && k < STAT_BASELINE; i++) {
		if (!is_exact(&x[i]))
			continue;
		sum += x[i].low;
		moved += k > 0 ? fabs(x[i].low - last) : 0;
		last = x[i].low;
		k++;
	}
	line->baseline = k;
	line->known = k >= STAT_POINTS_FEW;
	if (!line->known)
		return;
	line->mean = sum / k;
	half = 2.66 * moved / (k - 1);
	for (int i = 0; i < n; i++) {
		x[i].half = half;
		x[i].lower = fmax(0, line->mean - half);
		x[i].upper = line->mean + half;
	}
	find_signals(x, n, line->mean);
}

void stat_p(struct stat_point *x, int n, struct stat_line *line)
{
	double with = 0, of = 0;
	int k = 0;

	clear(x, n, line);
	for (int i = 0; i < n && k < STAT_BASELINE; i++) {
		if (!is_exact(&x[i]) || x[i].of_low != x[i].of_high ||
		    x[i].of_low <= 0)
			continue;
		/* Back to the count, so that equal rates have just that mean:
		 * a hair beside it they would be a run on one side. */
		with += round(x[i].low * x[i].of_low);
		of += x[i].of_low;
		k++;
	}
	line->baseline = k;
	line->known = k >= STAT_POINTS_FEW;
	if (!line->known)
		return;
	line->mean = with / of;
	for (int i = 0; i < n; i++) {
		/* The fewest there can be: the limits that forgive most. */
		double size = x[i].of_low > 0 ? x[i].of_low : 1;
		double half = 3 * sqrt(line->mean * (1 - line->mean) / size);

		x[i].half = half;
		x[i].lower = fmax(0, line->mean - half);
		x[i].upper = fmin(1, line->mean + half);
	}
	find_signals(x, n, line->mean);
}

/* --- funnels --- */

/* lgamma itself writes a global, and pages are drawn by several threads. */
static double log_factorial(int64_t n)
{
	int sign;

	return lgamma_r((double)n + 1, &sign);
}

double stat_binomial(double p, int64_t n, double rate)
{
	double below = 0, upto = 0;

	if (n <= 0 || rate <= 0)
		return 0;
	if (rate >= 1)
		return 1;
	for (int64_t r = 0; r <= n; r++) {
		upto = below +
		       exp(log_factorial(n) - log_factorial(r) -
			   log_factorial(n - r) + (double)r * log(rate) +
			   (double)(n - r) * log1p(-rate));
		if (upto > p) {
			double y = ((double)r - (upto - p) / (upto - below)) /
				   (double)n;

			return y < 0 ? 0 : y;
		}
		below = upto;
	}
	return 1;
}
