#include "daemon/hub/ta_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_pick.h"

enum { BACK = 4, SIGMAS = 3 };

static const double WIDE = 0.1;

/* One measure at one period, of the region and of the others. */
struct taking {
	const char *region;
	struct measure_row mine;
	bool has_mine;
	struct range num, rest, den;
	int n;
};

static int on_row(void *arg, const struct measure_row *r)
{
	struct taking *t = arg;
	bool whole = r->through >= 0 && !measure_row_partial(r);

	if (!*r->region || r->part >= 0 || !whole)
		return 0;
	if (strcmp(r->region, t->region) == 0) {
		t->mine = *r;
		t->has_mine = true;
		return 0;
	}
	t->num = range_add(t->num, r->numerator);
	t->rest = range_add(t->rest, r->rest);
	t->den = range_add(t->den, r->denominator);
	t->n++;
	return 0;
}

static int take(struct hub *h, struct db *db, const struct measure *m,
		struct period p, const char *region, struct taking *t)
{
	memset(t, 0, sizeof *t);
	t->region = region;
	return measures_show(h, db, m, &p, 1, BY_REGION, NULL, on_row, t);
}

static bool has_rate(const struct measure_row *r)
{
	return r->said == SAID_FIGURE && r->has_rate && r->denominator.low > 0;
}

/* Of rates that lie apart, is the distance over three standard errors? */
static bool beyond_chance(double high, double n_high, double low, double n_low)
{
	double p, error;

	if (n_high <= 0 || n_low <= 0 || high <= low)
		return false;
	p = (high * n_high + low * n_low) / (n_high + n_low);
	error = sqrt(p * (1 - p) * (1 / n_high + 1 / n_low));
	return error > 0 && (high - low) / error >= SIGMAS;
}

int ta_report_apart(const struct measure *m, const struct measure_row *a,
		    const struct measure_row *b)
{
	int better = m->better == BETTER_LOWER ? -1 : 1;

	if (!has_rate(a) || !has_rate(b))
		return 0;
	if (beyond_chance(a->rate_low, (double)a->denominator.low, b->rate_high,
			  (double)b->denominator.low))
		return better;
	if (beyond_chance(b->rate_low, (double)b->denominator.low, a->rate_high,
			  (double)a->denominator.low))
		return -better;
	return 0;
}

static int fill_line(struct hub *h, struct db *db, struct report *r,
		     struct report_line *l, struct period p,
		     const struct taking *t)
{
	struct taking year;
	int x;

	l->period = t->mine.period;
	l->mine = t->mine;
	measure_row_rate(&l->rest, t->num, t->rest, t->den);
	l->rest.said = t->n ? SAID_FIGURE : SAID_NOT_CLOSED_YET;
	l->rest.period = l->mine.period;
	l->rest.from = l->mine.from;
	l->rest.through = l->mine.through;
	l->n_rest = t->n;
	p.month -= 12;
	x = take(h, db, l->m, p, r->region, &year);
	if (x < 0)
		return x;
	l->before = year.mine;
	if (!year.has_mine)
		l->before = (struct measure_row){.period = p,
						 .from = -1,
						 .through = -1,
						 .said = SAID_NOT_CLOSED};
	l->vs_rest = ta_report_apart(l->m, &l->mine, &l->rest);
	l->vs_before = ta_report_apart(l->m, &l->mine, &l->before);
	if (has_rate(&l->mine) && has_rate(&l->rest))
		l->lead = l->mine.rate_low + l->mine.rate_high -
			  l->rest.rate_low - l->rest.rate_high;
	if (l->m->better == BETTER_LOWER)
		l->lead = -l->lead;
	return 0;
}

/* The newest quarter that the region closed, at most a year back. */
static int add_line(struct hub *h, struct db *db, struct report *r,
		    const struct measure *m)
{
	struct period p = r->quarter;
	struct taking t;

	for (int k = 0; k < BACK; k++, p.month -= 3) {
		int x = take(h, db, m, p, r->region, &t);

		if (x < 0)
			return x;
		if (!t.has_mine)
			continue;
		if (!has_rate(&t.mine))
			break;
		r->line[r->n].m = m;
		return fill_line(h, db, r, &r->line[r->n++], p, &t);
	}
	if (r->n_silent < REPORT_LINES)
		r->silent[r->n_silent++] = m;
	return 0;
}

static bool compared(const struct measure *m)
{
	return m->served && m->unit == MEASURE_PROPORTION &&
	       m->better != BETTER_NEITHER;
}

static bool same_table(const struct report *r, int a, int b)
{
	return r->line[a].m->numerator.table == r->line[b].m->numerator.table;
}

/* A range that says too little to praise anybody for. */
static bool is_wide(const struct measure_row *r)
{
	return !has_rate(r) || r->rate_high - r->rate_low > WIDE;
}

/* Better beyond chance before what is ahead at all; of one table only one,
 * for several of its measures say the same. */
static int strength_at(const struct report *r, int taken)
{
	int best = -1;

	for (int i = 0; i < r->n; i++) {
		const struct report_line *l = &r->line[i],
					 *b = best < 0 ? NULL : &r->line[best];
		bool again = taken >= 0 && same_table(r, i, taken);

		if (again || is_wide(&l->mine) || is_wide(&l->rest) ||
		    l->vs_rest < 0 || l->vs_before < 0 || l->lead <= 0)
			continue;
		if (!b || l->vs_rest > b->vs_rest ||
		    (l->vs_rest == b->vs_rest && l->lead > b->lead))
			best = i;
	}
	return best;
}

/* What is worse in both ways comes first, then what lies farthest behind. Of
 * one table the first measure stands for those that only say it otherwise. */
static bool is_worse(const struct report *r, int i, int than)
{
	const struct report_line *a = &r->line[i], *b = &r->line[than];
	int more = b->vs_rest + b->vs_before - a->vs_rest - a->vs_before;

	if (more || same_table(r, i, than))
		return more > 0;
	return a->lead < b->lead;
}

static int concern_of(const struct report *r)
{
	int worst = -1;

	for (int i = 0; i < r->n; i++)
		if ((r->line[i].vs_rest < 0 || r->line[i].vs_before < 0) &&
		    (worst < 0 || is_worse(r, i, worst)))
			worst = i;
	return worst;
}

static void pick(struct report *r)
{
	int first = strength_at(r, -1), second = strength_at(r, first);

	if (first >= 0)
		r->strength[r->n_strengths++] = first;
	if (first >= 0 && second >= 0)
		r->strength[r->n_strengths++] = second;
	r->concern = concern_of(r);
}

static int add_trend(struct hub *h, struct db *db, struct arena *a,
		     struct report *r)
{
	const struct report_line *l = &r->line[r->concern < 0 ? 0 : r->concern];
	struct series_set set;
	int x = series_read(a, h, db, l->m, 0,
			    l->period.month + l->period.months - 1, &set);

	if (x == 0)
		r->trend = series_find(&set, r->region);
	return x == E_NOTFOUND ? 0 : x;
}

static int on_barrier(void *arg, const struct measure_row *row)
{
	struct report *r = arg;

	if (row->part >= 0 && row->through >= 0 && !measure_row_partial(row) &&
	    row->said == SAID_FIGURE && r->n_barriers < REPORT_BARRIERS)
		r->barrier[r->n_barriers++] = *row;
	return 0;
}

static int add_barriers(struct hub *h, struct db *db, struct report *r)
{
	int k = catalogue_find_measure(h->cat, "M18R"), x = 0;
	struct period p = r->quarter;

	for (int i = 0; k >= 0 && i < BACK && x == 0 && !r->n_barriers;
	     i++, p.month -= 3)
		x = measures_show(h, db, catalogue_measure(h->cat, k), &p, 1, 0,
				  r->region, on_barrier, r);
	return x;
}

int ta_report_gather(struct hub *h, struct db *db, struct arena *a,
		     const char *region, struct period quarter, int32_t today,
		     struct report **out)
{
	struct report *r = arena_alloc(a, sizeof *r);
	int x;

	if (!r)
		return arena_check(a);
	snprintf(r->region, sizeof r->region, "%s", region);
	r->quarter = quarter;
	r->today = today;
	r->notes = r->comment = "";
	x = hub_pick_title(db, region, r->region_title);
	for (int i = 0; x == 0 && i < catalogue_measures(h->cat); i++) {
		const struct measure *m = catalogue_measure(h->cat, i);

		if (compared(m) && r->n < REPORT_LINES)
			x = add_line(h, db, r, m);
	}
	if (x == 0 && r->n == 0)
		return err_set(E_NOTFOUND,
			       "%s closed nothing in that quarter, nor in the "
			       "year before it",
			       r->region_title);
	if (x < 0)
		return x;
	pick(r);
	x = add_trend(h, db, a, r);
	if (x == 0)
		x = add_barriers(h, db, r);
	*out = r;
	return x;
}
