#include "daemon/hub/ta_effect.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/ta_report.h"

enum { REGIONS_MAX = 64 };

/* One region without assistance, before and after. */
struct other {
	char region[REGION_ID];
	bool whole[2];
	struct range num[2], rest[2], den[2];
};
struct adding {
	struct db *db;
	const struct ta_item *item;
	struct measure_row *region;
	int when; /* 0: before, 1: after */
	int n;
	struct other other[REGIONS_MAX];
};

/* Was the region helped with this measure, too? */
static int is_helped(struct adding *g, const char *region, bool *out)
{
	int64_t one = 0;
	int r = db_int(g->db, &one,
		       "SELECT 1 FROM ta_item WHERE region = ? AND measure = ? "
		       "LIMIT 1",
		       "ss", region, g->item->measure);

	*out = r == 0;
	return r == E_NOTFOUND ? 0 : r;
}

static struct other *other_of(struct adding *g, const char *region)
{
	for (int i = 0; i < g->n; i++)
		if (strcmp(g->other[i].region, region) == 0)
			return &g->other[i];
	if (g->n == REGIONS_MAX)
		return NULL;
	snprintf(g->other[g->n].region, REGION_ID, "%s", region);
	return &g->other[g->n++];
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct adding *g = arg;
	struct other *o;
	bool helped;
	int x;

	if (!*r->region)
		return 0;
	if (strcmp(r->region, g->item->region) == 0)
		*g->region = *r;
	x = is_helped(g, r->region, &helped);
	if (x < 0 || helped || measure_row_partial(r) || r->through < 0)
		return x;
	o = other_of(g, r->region);
	if (!o)
		return 0;
	o->whole[g->when] = true;
	o->num[g->when] = r->numerator;
	o->rest[g->when] = r->rest;
	o->den[g->when] = r->denominator;
	return 0;
}

/* Like for like: only regions that closed both. */
static void add_up(const struct adding *g, struct ta_effect *out)
{
	for (int w = 0; w < 2; w++) {
		struct range num = {0, 0}, rest = {0, 0}, den = {0, 0};
		int n = 0;

		for (int i = 0; i < g->n; i++) {
			const struct other *o = &g->other[i];

			if (!o->whole[0] || !o->whole[1])
				continue;
			num = range_add(num, o->num[w]);
			rest = range_add(rest, o->rest[w]);
			den = range_add(den, o->den[w]);
			n++;
		}
		measure_row_rate(&out->others[w], num, rest, den);
		out->others[w].said = n ? SAID_FIGURE : SAID_NOT_CLOSED_YET;
		out->n_others = n;
	}
}

static int compare(struct hub *h, struct adding *g, const struct measure *m,
		   struct ta_effect *out)
{
	const struct period p[2] = {out->before, out->after};
	int r = 0;

	for (int w = 0; w < 2 && r == 0; w++) {
		g->when = w;
		g->region = &out->region[w];
		r = measures_show(h, g->db, m, &p[w], 1, BY_REGION, NULL,
				  on_row, g);
	}
	if (r < 0)
		return r;
	add_up(g, out);
	out->ready = out->region[1].through >= 0 &&
		     !measure_row_partial(&out->region[1]);
	out->region_moved =
		ta_report_apart(m, &out->region[1], &out->region[0]);
	out->others_moved =
		ta_report_apart(m, &out->others[1], &out->others[0]);
	return 0;
}

int ta_effect(struct hub *h, struct db *db, const struct ta_item *item,
	      struct ta_effect *out)
{
	int k = catalogue_find_measure(h->cat, item->measure), r;
	struct adding *g;
	struct period began;

	memset(out, 0, sizeof *out);
	if (k < 0 || item->began_on == TA_NO_DAY)
		return err_set(E_INVALID, "nothing to compare");
	began = period_of(period_month_of_day(item->began_on), 3);
	out->before = (struct period){began.month - TA_EFFECT_MONTHS,
				      TA_EFFECT_MONTHS};
	out->after = (struct period){began.month + 3, TA_EFFECT_MONTHS};
	g = mem_calloc(1, sizeof *g);
	if (!g)
		return err_set(E_NOMEM, "out of memory for a comparison");
	g->db = db;
	g->item = item;
	r = compare(h, g, catalogue_measure(h->cat, k), out);
	mem_free(g);
	return r;
}
