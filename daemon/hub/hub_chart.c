#include "daemon/hub/hub_chart.h"

#include <math.h>
#include <string.h>

#include "daemon/hub/figure.h"
#include "daemon/hub/hub_table.h"

struct hub_says hub_says_of(enum series_says says)
{
	switch (says) {
	case SERIES_BETTER:
		return (struct hub_says){"▲", "Signal, better.", "better"};
	case SERIES_CONCERN:
		return (struct hub_says){"▼", "Signal, concern.", "concern"};
	case SERIES_MOVED:
		return (struct hub_says){"", "Signal.", NULL};
	case SERIES_FEW:
	case SERIES_QUIET:
		break;
	}
	return (struct hub_says){NULL, NULL, NULL};
}

/* --- a run --- */

static const char *month_day(struct arena *a, struct period p)
{
	int32_t last = p.month + p.months - 1;

	return arena_str(a, "%04d-%02d", (int)(last / 12),
			 (int)(last % 12) + 1);
}

static void add_point(struct hub_table *t, const struct series *s, int i)
{
	static const char *const NONE[] = {"", "", ""};
	const struct measure_row *r = &s->point[i].row;
	const struct stat_point *x = &s->point[i].stat;
	char text[FIGURE_TEXT], period[60];
	struct tpl_table_rows *row = hub_table_row(
		t, arena_dup(t->a, figure_period(r->period, period)), NULL);

	if (!row)
		return;
	row->datetime = month_day(t->a, r->period);
	if (s->m->unit == MEASURE_PROPORTION) {
		hub_table_number(t,
				 arena_dup(t->a, figure_whole(s->m, r, text)));
		hub_table_number(t, arena_dup(t->a, figure_count(r, text)));
	}
	hub_table_number(t, arena_dup(t->a, figure_of(s->m, r, text)));
	/* Of how many is not known, so neither are the limits. */
	if (s->line.known && x->known) {
		hub_table_number(t, series_figure(t->a, s, s->line.mean));
		hub_table_number(t, series_figure(t->a, s, x->lower));
		hub_table_number(t, series_figure(t->a, s, x->upper));
	} else {
		for (int k = 0; k < 3; k++)
			hub_table_number(t, NONE[k]);
	}
	hub_table_text(t, series_point_words(t->a, s, i));
}

static struct tpl_table *run_table(struct arena *a, const struct series *s)
{
	static const char *const SHARE[] = {
		"Period", "Of",		 "Count",	"Share",
		"Mean",	  "Lower limit", "Upper limit", "Signal"};
	static const char *const COUNT[] = {"Period",	   "Count",
					    "Mean",	   "Lower limit",
					    "Upper limit", "Signal"};
	static const char *const KEY[] = {"value", "mean", "lower", "upper",
					  "signal"};
	bool share = s->m->unit == MEASURE_PROPORTION;
	struct tpl_table_columns *c;
	struct tpl_table *out;
	struct hub_table t;

	hub_table_begin(&t, a, share ? 7 : 5);
	for (int i = 0; i < s->n; i++)
		add_point(&t, s, i);
	out = hub_table_end(&t, arena_str(a, "%s: %s", s->title, s->m->title),
			    share ? SHARE : COUNT);
	if (!out)
		return NULL;
	c = arena_alloc(a, out->columns_n * sizeof *c);
	if (!c)
		return NULL;
	memcpy(c, out->columns, out->columns_n * sizeof *c);
	c[0].key = "period";
	for (size_t k = 0; k < 5; k++)
		c[out->columns_n - 5 + k].key = KEY[k];
	out->columns = c;
	return out;
}

static void widen(double v, double *low, double *high)
{
	*low = fmin(*low, v);
	*high = fmax(*high, v);
}

const char *hub_chart_domain(struct arena *a, const struct series *s, int n)
{
	double low = INFINITY, high = -INFINITY, by, unit = 1;

	for (int k = 0; k < n; k++)
		for (int i = 0; i < s[k].n; i++) {
			const struct stat_point *x = &s[k].point[i].stat;

			if (!x->known)
				continue;
			widen(x->low, &low, &high);
			widen(x->high, &low, &high);
			if (s[k].line.known) {
				widen(x->lower, &low, &high);
				widen(x->upper, &low, &high);
			}
			unit = s[k].m->unit == MEASURE_PROPORTION ? 100 : 1;
		}
	if (low > high)
		return NULL;
	low *= unit;
	high *= unit;
	by = pow(10, floor(log10(fmax(high - low, 1)))) / 2;
	low = floor(low / by) * by;
	high = ceil(high / by) * by;
	return arena_str(a, "%g %g", low, high > low ? high : low + by);
}

static const struct tpl_chart_keys KEYS[] = {
	{.sign = "▲", .tone = "up", .text = "signal, better"},
	{.sign = "▼", .tone = "down", .text = "signal, concern"},
	{.sign = "○", .text = "not all of it is in, not judged"},
	{.text = "gray band: where chance alone would keep the points"},
};

const struct tpl_chart *hub_chart_run(struct arena *a, const struct series *s,
				      bool few, const char *domain,
				      const char *mark)
{
	struct tpl_chart *out = arena_alloc(a, sizeof *out);
	bool known = false;

	for (int i = 0; i < s->n; i++)
		known = known || s->point[i].stat.known;
	if (!out || !known)
		return NULL;
	*out = (struct tpl_chart){
		.kind = "run",
		.few = few,
		.unit = s->m->unit == MEASURE_PROPORTION ? "%" : NULL,
		.domain = domain ? domain : hub_chart_domain(a, s, 1),
		.mark = mark,
		.keys = few ? NULL : KEYS,
		.keys_n = few ? 0 : sizeof KEYS / sizeof *KEYS,
		.table = run_table(a, s),
	};
	return out->table ? out : NULL;
}

/* --- a funnel --- */

struct limits {
	double low998, low95, up95, up998;
};

static struct limits limits_at(int64_t n, double rate)
{
	return (struct limits){
		stat_binomial(0.001, n, rate), stat_binomial(0.025, n, rate),
		stat_binomial(0.975, n, rate), stat_binomial(0.999, n, rate)};
}

static const char *percent(struct arena *a, double rate)
{
	int tenths = figure_tenths(rate);

	return arena_str(a, "%d.%d %%", tenths / 10, tenths % 10);
}

static bool is_exact(const struct measure_row *r)
{
	return r->said == SAID_FIGURE && r->has_rate &&
	       r->numerator.low == r->numerator.high &&
	       r->rest.low == r->rest.high &&
	       r->denominator.low == r->denominator.high;
}

/* Where the region lies; the sign says whether that is good. */
static const char *reading(struct arena *a, const struct measure *m,
			   const struct measure_row *r, const struct limits *l,
			   struct hub_funnel *f)
{
	int side = r->rate_low > l->up998    ? 1
		   : r->rate_low < l->low998 ? -1
					     : 0;
	const char *sign = "";

	if (m->better != BETTER_NEITHER && side)
		sign = (m->better == BETTER_HIGHER) == (side > 0) ? "▲ " : "▼ ";
	f->above += side > 0;
	f->below += side < 0;
	f->inside += side == 0;
	if (side)
		return arena_str(a, "%s%s 99.8 %%", sign,
				 side > 0 ? "above" : "below");
	if (r->rate_low > l->up95 || r->rate_low < l->low95)
		return "between 95 and 99.8 %";
	return "inside";
}

static void funnel_row(struct hub_table *t, const struct measure *m,
		       const struct measure_row *r, const double *center,
		       const char *chosen, struct hub_funnel *f)
{
	struct tpl_table_rows *row =
		hub_table_row(t, arena_dup(t->a, r->region_title),
			      arena_str(t->a, "region/%s", r->region));
	char text[FIGURE_TEXT];

	if (!row)
		return;
	row->on = chosen && strcmp(chosen, r->region) == 0;
	hub_table_number(t, arena_dup(t->a, figure_whole(m, r, text)));
	hub_table_number(t, arena_dup(t->a, figure_count(r, text)));
	hub_table_number(t, arena_dup(t->a, figure_of(m, r, text)));
	if (center && is_exact(r)) {
		struct limits l = limits_at(r->denominator.low, *center);

		hub_table_number(t, arena_str(t->a, "%s to %s",
					      percent(t->a, l.low998),
					      percent(t->a, l.up998)));
		hub_table_text(t, reading(t->a, m, r, &l, f));
		return;
	}
	f->open++;
	hub_table_number(t, "");
	hub_table_text(t, r->said == SAID_FIGURE ? "a range: not placed" : "");
}

static void set_keys(struct arena *a, struct tpl_table *t,
		     const char *const *key)
{
	struct tpl_table_columns *c = arena_alloc(a, t->columns_n * sizeof *c);

	if (!c)
		return;
	memcpy(c, t->columns, t->columns_n * sizeof *c);
	for (size_t i = 0; i < t->columns_n; i++)
		c[i].key = key[i];
	t->columns = c;
}

static const struct tpl_table *limits_table(struct arena *a, int64_t most,
					    double center)
{
	static const char *const TITLE[] = {"Size", "99.8 % low", "95 % low",
					    "95 % high", "99.8 % high"};
	static const char *const KEY[] = {"n", "low998", "low95", "up95",
					  "up998"};
	enum { STEPS = 14 };
	struct hub_table t;
	struct tpl_table *out;

	hub_table_begin(&t, a, 4);
	for (int i = 1; i <= STEPS; i++) {
		/* Closer together where the curves bend. */
		int64_t n = most * i * i / (STEPS * STEPS);
		struct limits l;

		if (n < 20)
			continue;
		l = limits_at(n, center);
		hub_table_row(&t, arena_str(a, "%lld", (long long)n), NULL);
		hub_table_number(&t, percent(a, l.low998));
		hub_table_number(&t, percent(a, l.low95));
		hub_table_number(&t, percent(a, l.up95));
		hub_table_number(&t, percent(a, l.up998));
	}
	out = hub_table_end(
		&t,
		arena_str(a, "Binomial limits around %s", percent(a, center)),
		TITLE);
	if (out) {
		set_keys(a, out, KEY);
		out->id = "limits";
	}
	return out;
}

static const char *funnel_domain(struct arena *a, const struct measure_row *row,
				 int n, double center)
{
	double low = center, high = center;

	for (int i = 1; i < n; i++)
		if (is_exact(&row[i])) {
			struct limits l =
				limits_at(row[i].denominator.low, center);

			widen(row[i].rate_low, &low, &high);
			widen(l.low998, &low, &high);
			widen(l.up998, &low, &high);
		}
	low = floor(low * 20 - 0.5) * 5;
	high = ceil(high * 20 + 0.5) * 5;
	return arena_str(a, "%g %g", fmax(0, low), fmin(100, high));
}

static const char *funnel_words(struct arena *a, const struct hub_funnel *f,
				bool placed)
{
	if (!f->chart && placed)
		return "Too little of any region is one number to draw limits "
		       "around the state's rate.";
	if (!f->chart)
		return "The state's rate is a range here, so no limits are "
		       "drawn around it.";
	if (f->above + f->below == 0)
		return "No region lies outside the 99.8 % limits: they differ "
		       "no more than by chance.";
	return arena_str(a,
			 "Beyond the 99.8 %% limits around the state lie %d "
			 "of %d regions: %d above, %d below.",
			 f->above + f->below, f->above + f->below + f->inside,
			 f->above, f->below);
}

void hub_chart_funnel(struct arena *a, const struct measure *m,
		      const struct measure_row *row, int n, const char *chosen,
		      struct hub_funnel *out)
{
	static const char *const TITLE[] = {
		"Region", "Of", "Count", "Share", "99.8 % limits at this size",
		"Reading"};
	static const char *const KEY[] = {"name",  "n",	 NULL,
					  "value", NULL, "signal"};
	bool placed = n > 1 && is_exact(&row[0]);
	double center = placed ? row[0].rate_low : 0;
	struct tpl_chart *chart = arena_alloc(a, sizeof *chart);
	struct tpl_table *table;
	struct hub_table t;
	char period[60];
	int64_t most = 0;

	memset(out, 0, sizeof *out);
	hub_table_begin(&t, a, 5);
	for (int i = 1; i < n; i++) {
		funnel_row(&t, m, &row[i], placed ? &center : NULL, chosen,
			   out);
		if (is_exact(&row[i]) && row[i].denominator.low > most)
			most = row[i].denominator.low;
	}
	if (n > 0)
		figure_period(row[0].period, period);
	table = n > 0 ? hub_table_end(&t,
				      arena_str(a, "%s by region, %s", m->title,
						period),
				      TITLE)
		      : NULL;
	if (table)
		set_keys(a, table, KEY);
	out->table = table;
	if (placed && most >= 40 && chart && table) {
		out->limits = limits_table(a, most + most / 8, center);
		*chart = (struct tpl_chart){
			.kind = "funnel",
			.domain = funnel_domain(a, row, n, center),
			.center = arena_str(a, "%.1f", center * 100),
			.limits = "limits",
			.open = true,
			.table = table,
		};
		out->chart = out->limits ? chart : NULL;
	}
	out->words = funnel_words(a, out, placed);
}
