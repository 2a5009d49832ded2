#include "daemon/hub/series.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/store.h"
#include "proto/picture.h"

/* So many exact points of the state make months, or quarters, worth showing. */
enum { EXACT_MONTHS = 12, EXACT_QUARTERS = 4, RECENT = 6 };

/* --- which points --- */

struct span {
	int32_t first, last; /* closings held, by any region; -1 */
};

static int find_span(struct db *db, const struct fact_table *t,
		     struct span *out)
{
	struct rows rows;
	int x;

	*out = (struct span){-1, -1};
	x = db_rows(db, &rows, "SELECT id FROM region", "");
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		int32_t from, to;

		x = store_first(db, rows_text(&rows, 0), t->id, &from);
		if (x == 0)
			x = store_closed(db, rows_text(&rows, 0), t->id, &to);
		if (x < 0)
			break;
		if (from >= 0 && (out->first < 0 || from < out->first))
			out->first = from;
		if (to > out->last)
			out->last = to;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int32_t length_of(const struct fact_table *t, int32_t asked)
{
	if (t->kind == FACTS_YEAR)
		return 12;
	if (t->kind == FACTS_SNAPSHOT)
		return 3;
	return asked == 3 || asked == 12 ? asked : 1;
}

static bool ends_at(const struct fact_table *t, int32_t months, int32_t month)
{
	if (t->kind == FACTS_YEAR)
		return picture_due(t, month);
	return (month + 1) % months == 0;
}

/* The newest whole points through month @through, oldest first; how many. */
static int list_points(const struct fact_table *t, int32_t months,
		       const struct span *held, int32_t through,
		       struct period out[SERIES_MAX])
{
	int32_t most = months == 1 ? 24 : months == 3 ? 20 : 8;
	int32_t end = held->last < through ? held->last : through;
	int n = 0;

	while (end >= held->first && !ends_at(t, months, end))
		end--;
	while (n < most &&
	       end - (int32_t)n * months - months + 1 >= held->first)
		n++;
	for (int i = 0; i < n; i++)
		out[i] = (struct period){end - (n - i) * months + 1, months};
	return n;
}

/* --- reading --- */

struct reading {
	struct arena *a;
	const struct measure *m;
	const struct period *period;
	int n_periods;
	struct series_set *set;
	int room;
};

static struct series *series_of(struct reading *g, const struct measure_row *r)
{
	struct series *s;

	for (int i = 0; i < g->set->n; i++)
		if (strcmp(g->set->of[i].region, r->region) == 0)
			return &g->set->of[i];
	if (g->set->n == g->room)
		return NULL;
	s = &g->set->of[g->set->n++];
	memset(s, 0, sizeof *s);
	s->m = g->m;
	snprintf(s->region, sizeof s->region, "%s", r->region);
	snprintf(s->title, sizeof s->title, "%s", r->region_title);
	return s;
}

static struct stat_point stat_of(const struct measure *m,
				 const struct measure_row *r)
{
	struct stat_point x = {0};
	bool exact;

	if (r->said != SAID_FIGURE)
		return x;
	x.judged = !measure_row_partial(r);
	if (m->unit == MEASURE_COUNT) {
		x.known = r->numerator.high != UNBOUNDED;
		x.low = (double)r->numerator.low;
		x.high = (double)r->numerator.high;
		return x;
	}
	exact = r->numerator.low == r->numerator.high &&
		r->rest.low == r->rest.high;
	x.known = r->has_rate && r->denominator.high != UNBOUNDED;
	x.low = r->rate_low;
	x.high = exact ? r->rate_low : r->rate_high;
	x.of_low = (double)r->denominator.low;
	x.of_high = (double)r->denominator.high;
	return x;
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct reading *g = arg;
	struct series *s;

	if (r->part >= 0 || r->percentile || r->stratum.level != LEVEL_ANY)
		return 0;
	s = series_of(g, r);
	if (!s || s->n == SERIES_MAX)
		return 0;
	s->point[s->n].row = *r;
	s->point[s->n].stat = stat_of(g->m, r);
	s->n++;
	return 0;
}

static int count_exact(const struct series *s)
{
	int n = 0;

	for (int i = 0; i < s->n; i++)
		n += s->point[i].stat.known &&
		     s->point[i].stat.low == s->point[i].stat.high;
	return n;
}

/* Like with like: a point of fewer regions than another is not judged. */
static void compare_alike(struct series *s)
{
	int most = 0;

	for (int i = 0; i < s->n; i++)
		if (s->point[i].row.regions_heard > most)
			most = s->point[i].row.regions_heard;
	for (int i = 0; i < s->n && !*s->region; i++)
		if (s->point[i].row.regions_heard < most)
			s->point[i].stat.judged = false;
}

static void judge(struct series *s)
{
	struct stat_point x[SERIES_MAX];

	compare_alike(s);
	for (int i = 0; i < s->n; i++)
		x[i] = s->point[i].stat;
	if (s->m->unit == MEASURE_PROPORTION)
		stat_p(x, s->n, &s->line);
	else if (s->m->unit == MEASURE_COUNT)
		stat_xmr(x, s->n, &s->line);
	for (int i = 0; i < s->n; i++)
		s->point[i].stat = x[i];
}

/* --- words --- */

static const char *name_of(const struct series *s)
{
	return *s->region ? s->title : "the state";
}

static const char *point_name(struct arena *a, const struct series *s, int i)
{
	char text[60];

	return arena_dup(a, figure_period(s->point[i].row.period, text));
}

static const char *unit_word(const struct series *s)
{
	return s->months == 1 ? "month" : s->months == 3 ? "quarter" : "year";
}

/* The last run of points with @signal that reaches into the newest ones. */
static bool find_run(const struct series *s, unsigned signal, int *from,
		     int *to)
{
	int end = s->n - 1, begin, side;

	while (end >= 0 && end >= s->n - RECENT &&
	       !(s->point[end].stat.signal & signal))
		end--;
	if (end < 0 || end < s->n - RECENT)
		return false;
	side = s->point[end].stat.side;
	for (begin = end; begin > 0; begin--)
		if (!(s->point[begin - 1].stat.signal & signal) ||
		    s->point[begin - 1].stat.side != side)
			break;
	*from = begin;
	*to = end;
	return true;
}

static enum series_says kind_of(const struct measure *m, int side)
{
	if (m->better == BETTER_NEITHER)
		return SERIES_MOVED;
	return (m->better == BETTER_HIGHER) == (side > 0) ? SERIES_BETTER
							  : SERIES_CONCERN;
}

static const char *say_shift(struct arena *a, const struct series *s, int from,
			     int to)
{
	return arena_str(a,
			 "For %d %ss in a row, %s to %s, %s was %s its "
			 "mean of %s.",
			 to - from + 1, unit_word(s), point_name(a, s, from),
			 point_name(a, s, to), name_of(s),
			 s->point[to].stat.side > 0 ? "above" : "below",
			 series_figure(a, s, s->line.mean));
}

/* The newest points that are beyond the limit on that @side; NULL. */
static const char *say_beyond(struct arena *a, const struct series *s, int side)
{
	const char *list = "";
	int n = 0;

	for (int i = s->n > RECENT ? s->n - RECENT : 0; i < s->n; i++) {
		const struct stat_point *x = &s->point[i].stat;

		if (!(x->signal & STAT_OUTSIDE) || x->side != side)
			continue;
		list = arena_str(a, "%s%s%s", list, n ? " and " : "",
				 point_name(a, s, i));
		n++;
	}
	if (n == 0)
		return NULL;
	return arena_str(a, "%s %s %s limit.", list, n == 1 ? "was" : "were",
			 side > 0 ? "above the upper" : "below the lower");
}

static const char *say_outside(struct arena *a, const struct series *s)
{
	const char *above = say_beyond(a, s, 1);
	const char *below = say_beyond(a, s, -1);

	if (above && below)
		return arena_str(a, "%s %s", above, below);
	return above ? above : below;
}

static void say(struct arena *a, struct series *s)
{
	const char *outside, *run = NULL;
	int from = 0, to = 0;

	s->says = SERIES_QUIET;
	if (!s->line.known) {
		s->says = SERIES_FEW;
		s->words = arena_str(a,
				     "Too few exact %ss to tell a signal "
				     "from chance.",
				     unit_word(s));
		return;
	}
	outside = say_outside(a, s);
	if (find_run(s, STAT_SHIFT, &from, &to))
		run = say_shift(a, s, from, to);
	else if (find_run(s, STAT_TREND, &from, &to))
		run = arena_str(a, "%s through %s it %s each %s.",
				point_name(a, s, from), point_name(a, s, to),
				s->point[to].stat.side > 0 ? "rose" : "fell",
				unit_word(s));
	else if (!outside && find_run(s, STAT_NEAR, &from, &to))
		run = arena_str(a,
				"Two of three %ss up to %s lay near the %s "
				"limit.",
				unit_word(s), point_name(a, s, to),
				s->point[to].stat.side > 0 ? "upper" : "lower");
	if (!run && !outside) {
		s->words = "No signal: it moves no more than by chance.";
		return;
	}
	if (!run)
		for (to = s->n - 1; !(s->point[to].stat.signal & STAT_OUTSIDE);
		     to--)
			;
	s->says = kind_of(s->m, s->point[to].stat.side);
	s->words = arena_str(a, "%s%s%s", run ? run : "",
			     run && outside ? " " : "", outside ? outside : "");
}

const char *series_figure(struct arena *a, const struct series *s, double v)
{
	if (s->m->unit == MEASURE_PROPORTION) {
		int tenths = figure_tenths(v);

		return arena_str(a, "%d.%d %%", tenths / 10, tenths % 10);
	}
	return arena_str(a, "%.1f", v);
}

const char *series_point_words(struct arena *a, const struct series *s, int i)
{
	const struct stat_point *x = &s->point[i].stat;
	const struct measure_row *r = &s->point[i].row;
	const char *sign, *what;
	char covered[60];

	if (!x->known)
		return "";
	if (!x->judged && r->regions_heard < r->regions_all && !*r->region)
		return arena_str(a, "○ %d of %d regions", r->regions_heard,
				 r->regions_all);
	if (!x->judged)
		return arena_str(a, "○ %s", figure_covered(r, covered));
	if (!x->signal)
		return "";
	switch (kind_of(s->m, x->side)) {
	case SERIES_BETTER:
		sign = "▲ ";
		break;
	case SERIES_CONCERN:
		sign = "▼ ";
		break;
	default:
		sign = "";
	}
	if (x->signal & STAT_OUTSIDE)
		what = x->side > 0 ? "above the upper limit"
				   : "below the lower limit";
	else if (x->signal & STAT_SHIFT)
		what = x->side > 0 ? "in a row above the mean"
				   : "in a row below the mean";
	else if (x->signal & STAT_TREND)
		what = x->side > 0 ? "in a row that rises"
				   : "in a row that falls";
	else
		what = x->side > 0 ? "near the upper limit"
				   : "near the lower limit";
	return arena_str(a, "%s%s", sign, what);
}

/* --- the whole --- */

static int read_points(struct reading *g, struct hub *h, struct db *db)
{
	g->set->n = 0;
	return measures_show(h, db, g->m, g->period, g->n_periods, BY_REGION,
			     NULL, on_row, g);
}

static int count_regions(struct db *db, int *out)
{
	int64_t n = 0;
	int r = db_int(db, &n, "SELECT count(*) FROM region", "");

	*out = (int)n;
	return r;
}

/* Too few exact points: the next longer ones, of what happened in a time. */
static bool coarser(const struct fact_table *t, const struct series_set *s,
		    int32_t *length)
{
	int exact = s->n ? count_exact(&s->of[0]) : 0;

	if (t->kind != FACTS_FLOW || *length == 12 ||
	    exact >= (*length == 1 ? EXACT_MONTHS : EXACT_QUARTERS))
		return false;
	*length = *length == 1 ? 3 : 12;
	return true;
}

int series_read(struct arena *a, struct hub *h, struct db *db,
		const struct measure *m, int32_t months, int32_t through,
		struct series_set *out)
{
	const struct fact_table *t =
		catalogue_table(h->cat, m->numerator.table);
	int32_t length = length_of(t, months);
	struct period period[SERIES_MAX];
	struct reading g = {.a = a, .m = m, .period = period, .set = out};
	struct span held;
	int n = 0, r;

	out->n = 0;
	if ((r = find_span(db, t, &held)) < 0 ||
	    (r = count_regions(db, &n)) < 0)
		return r;
	if (held.last < 0)
		return E_NOTFOUND;
	g.room = n + 1;
	out->of = arena_alloc(a, (size_t)g.room * sizeof *out->of);
	if (!out->of)
		return arena_check(a);
	g.n_periods = list_points(t, length, &held, through, period);
	r = read_points(&g, h, db);
	while (r == 0 && months == 0 && coarser(t, out, &length)) {
		g.n_periods = list_points(t, length, &held, through, period);
		r = read_points(&g, h, db);
	}
	for (int i = 0; i < out->n && r == 0; i++) {
		out->of[i].months = length;
		judge(&out->of[i]);
		say(a, &out->of[i]);
	}
	return r;
}

const struct series *series_find(const struct series_set *s, const char *region)
{
	for (int i = 0; i < s->n; i++)
		if (strcmp(s->of[i].region, region) == 0)
			return &s->of[i];
	return NULL;
}
