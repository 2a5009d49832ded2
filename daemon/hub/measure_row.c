#include "daemon/hub/measure_row.h"

#include <stdio.h>

/* "quarter by need" */
static void name_step(const struct fact_table *t, int view, int step,
		      struct measure_row *row)
{
	static const char *const by[] = {[LEVEL_LEAF] = " by ",
					 [LEVEL_GROUP] = " by group of ",
					 [LEVEL_ANY] = ""};
	const struct step *st;
	const char *length;

	row->view[0] = row->step[0] = '\0';
	if (view < 0)
		return;
	snprintf(row->view, sizeof row->view, "%s", t->view[view].id);
	if (step < 0)
		return;
	st = &t->view[view].step[step];
	length = st->months == 1   ? "month"
		 : st->months == 3 ? "quarter"
				   : "half-year";
	snprintf(row->step, sizeof row->step, "%s%s%s", length, by[st->level],
		 st->level == LEVEL_ANY ? "" : t->dim_id);
}

void measure_row_source(struct measure_row *row, const struct fact_table *t,
			const struct answer *a, uint32_t outcomes)
{
	int k;

	name_step(t, a->view, a->step, row);
	for (int o = 0; o < t->n_outcomes; o++)
		if (outcomes >> o & 1 && a->side[o] > 0) {
			name_step(t, answer_side(t, o, &k), a->side[o] - 1,
				  row);
			return;
		}
}

/* Unknown upper ends make a share that may be anything. */
static double ratio(int64_t part, int64_t rest, double nothing)
{
	if (part == UNBOUNDED)
		return 1;
	if (rest == UNBOUNDED)
		return 0;
	if (part + rest == 0)
		return nothing;
	return (double)part / (double)(part + rest);
}

void measure_row_rate(struct measure_row *row, struct range num,
		      struct range rest, struct range den)
{
	row->numerator = num;
	row->denominator = den;
	row->rest = rest;
	row->has_rate = den.high > 0;
	if (!row->has_rate)
		return;
	/* If none of the rest is possible, all of what there is counts. */
	row->rate_low = ratio(num.low, rest.high, 1);
	row->rate_high = ratio(num.high, rest.low, 0);
	if (row->rate_high < row->rate_low)
		row->rate_high = row->rate_low;
}

bool measure_row_partial(const struct measure_row *r)
{
	return r->through >= 0 &&
	       (r->from > r->period.month ||
		r->through < r->period.month + r->period.months - 1);
}
