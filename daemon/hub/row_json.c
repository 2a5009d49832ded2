#include "daemon/hub/row_json.h"

#include <stdio.h>

#include "daemon/hub/figure.h"
#include "daemon/hub/series.h"

static json_t *range_json(struct range r)
{
	json_t *o = json_object();

	json_object_set_new(o, "low", json_integer(r.low));
	json_object_set_new(o, "high",
			    r.high == UNBOUNDED ? json_null()
						: json_integer(r.high));
	return o;
}

static json_t *rate_json(double low, double high)
{
	json_t *o = json_object();

	json_object_set_new(o, "low", json_real(low));
	json_object_set_new(o, "high", json_real(high));
	return o;
}

static json_t *days_json(const struct measure_row *r)
{
	json_t *o = json_object();

	json_object_set_new(o, "percentile", json_integer(r->percentile));
	json_object_set_new(o, "low",
			    r->days_low < 0 ? json_null()
					    : json_integer(r->days_low));
	json_object_set_new(o, "high",
			    r->days_high < 0 ? json_null()
					     : json_integer(r->days_high));
	return o;
}

static json_t *month_json(int32_t month)
{
	char text[PERIOD_TEXT];

	if (month < 0)
		return json_null();
	return json_string(period_format((struct period){month, 1}, text));
}

static void figures(json_t *o, const struct measure *m,
		    const struct measure_row *r)
{
	if (r->percentile) {
		json_object_set_new(o, "days", days_json(r));
		return;
	}
	json_object_set_new(o, "count", range_json(r->numerator));
	if (m->unit == MEASURE_COUNT)
		return;
	json_object_set_new(o, "of", range_json(r->denominator));
	json_object_set_new(o, "rate",
			    r->has_rate ? rate_json(r->rate_low, r->rate_high)
					: json_null());
}

json_t *row_json(const struct measure *m, const struct measure_row *r)
{
	json_t *o = json_object();
	char text[FIGURE_TEXT], period[60];

	json_object_set_new(o, "region",
			    *r->region ? json_string(r->region) : json_null());
	json_object_set_new(o, "period",
			    json_string(figure_period(r->period, period)));
	json_object_set_new(o, "from", month_json(r->from));
	json_object_set_new(o, "through", month_json(r->through));
	if (*r->stratum_id)
		json_object_set_new(o, "stratum", json_string(r->stratum_id));
	if (*r->part_id)
		json_object_set_new(o, "part", json_string(r->part_id));
	json_object_set_new(o, "text", json_string(figure_of(m, r, text)));
	json_object_set_new(o, "published",
			    json_boolean(r->said == SAID_FIGURE));
	if (r->said == SAID_FIGURE)
		figures(o, m, r);
	if (!*r->region && r->regions_all) {
		json_object_set_new(o, "regions_heard",
				    json_integer(r->regions_heard));
		json_object_set_new(o, "regions", json_integer(r->regions_all));
	}
	return o;
}

static json_t *point_json(struct arena *a, const struct series *s, int i)
{
	const struct series_point *x = &s->point[i];
	json_t *o = row_json(s->m, &x->row);

	if (!s->line.known || !x->stat.known)
		return o;
	json_object_set_new(o, "mean", json_real(s->line.mean));
	json_object_set_new(o, "lower_limit", json_real(x->stat.lower));
	json_object_set_new(o, "upper_limit", json_real(x->stat.upper));
	json_object_set_new(o, "signal",
			    json_string(series_point_words(a, s, i)));
	return o;
}

json_t *series_json(struct arena *a, const struct series *s)
{
	json_t *o = json_object(), *list = json_array();

	for (int i = 0; i < s->n; i++)
		json_array_append_new(list, point_json(a, s, i));
	json_object_set_new(o, "measure", json_string(s->m->id));
	json_object_set_new(o, "said", json_string(s->words));
	json_object_set_new(o, "points", list);
	return o;
}
