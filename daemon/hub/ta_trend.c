#include <string.h>

#include "daemon/hub/ta_report.h"

/* So many stand behind a month, on average, or quarters are drawn. */
enum { MONTHLY_FROM = 20 };

static int on_point(void *arg, const struct measure_row *row)
{
	struct report_trend *t = arg;
	struct report_point *p;

	if (row->part >= 0 || row->through < 0 || measure_row_partial(row) ||
	    t->n == REPORT_POINTS)
		return 0;
	p = &t->point[t->n++];
	memset(p, 0, sizeof *p);
	p->row = *row;
	p->at.known = p->at.judged = row->said == SAID_FIGURE &&
				     row->has_rate && row->denominator.low > 0;
	p->at.low = row->rate_low;
	p->at.high = row->rate_high;
	p->at.of_low = (double)row->denominator.low;
	p->at.of_high = (double)row->denominator.high;
	return 0;
}

static int points(struct hub *h, struct db *db, const char *region, int32_t end,
		  int32_t step, struct report_trend *t)
{
	struct period p[REPORT_POINTS];
	int n = step == 1 ? REPORT_POINTS : REPORT_POINTS / 3;

	for (int i = 0; i < n; i++)
		p[i] = (struct period){end - step * (n - i), step};
	t->n = 0;
	t->step = step;
	return measures_show(h, db, t->m, p, n, 0, region, on_point, t);
}

/* How many stand behind a point, on average of those that are exact. */
static double size_of(const struct report_trend *t)
{
	double of = 0;
	int n = 0;

	for (int i = 0; i < t->n; i++) {
		const struct stat_point *x = &t->point[i].at;

		if (!x->known || x->low < x->high)
			continue;
		of += x->of_low;
		n++;
	}
	return n ? of / n : 0;
}

static void judge(struct report_trend *t)
{
	int better = t->m->better == BETTER_LOWER ? -1 : 1;
	struct stat_point x[REPORT_POINTS];

	for (int i = 0; i < t->n; i++)
		x[i] = t->point[i].at;
	stat_p(x, t->n, &t->line);
	for (int i = 0; i < t->n; i++) {
		t->point[i].at = x[i];
		t->point[i].signal = x[i].side * better;
	}
}

int ta_report_trend(struct hub *h, struct db *db, const struct measure *m,
		    const char *region, int32_t end, struct report_trend *out)
{
	int r;

	memset(out, 0, sizeof *out);
	out->m = m;
	r = points(h, db, region, end, 1, out);
	if (r == 0 && size_of(out) < MONTHLY_FROM)
		r = points(h, db, region, period_of(end - 1, 3).month + 3, 3,
			   out);
	if (r == 0)
		judge(out);
	return r;
}
