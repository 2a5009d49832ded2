#include "daemon/hub/measures.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/percentile.h"
#include "proto/picture.h"
#include "proto/vocabulary.h"

enum { REGIONS_MAX = 64, STRATA_MAX = 1 + 2 * LATTICE_LEAVES_MAX };

struct scope {
	char id[REGION_ID], title[80];
	bool joined;
	struct lattice_book *book;
};

struct showing {
	struct hub *h;
	const struct measure *m;
	const struct fact_table *t;
	int by;
	const char *region; /* only this one, or NULL */
	int (*fn)(void *arg, const struct measure_row *r);
	void *arg;
	int n_regions;
	struct scope scope[REGIONS_MAX];
	int n_strata;
	struct stratum stratum[STRATA_MAX];
	struct answer *answer; /* [region][stratum], of one period */
};

static int read_regions(struct showing *s, struct db *db)
{
	struct rows r;
	int x;

	x = db_rows(db, &r,
		    "SELECT id, title, EXISTS (SELECT 1 FROM node n WHERE "
		    "n.region = region.id AND n.state = 'active') "
		    "FROM region ORDER BY id",
		    NULL);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct scope *sc = &s->scope[s->n_regions];

		if (s->n_regions == REGIONS_MAX) {
			x = err_set(E_TOOBIG, "there are over %d regions",
				    REGIONS_MAX);
			break;
		}
		snprintf(sc->id, sizeof sc->id, "%s", rows_text(&r, 0));
		snprintf(sc->title, sizeof sc->title, "%s", rows_text(&r, 1));
		sc->joined = rows_int(&r, 2);
		s->n_regions++;
		x = 0;
	}
	rows_end(&r);
	for (int i = 0; i < s->n_regions && x >= 0; i++)
		x = lattice_book_new(&s->scope[i].book, db, s->scope[i].id,
				     s->t);
	return x < 0 ? x : 0;
}

static void list_strata(struct showing *s)
{
	const struct dim *d = &s->t->dim;

	s->stratum[s->n_strata++] = (struct stratum){LEVEL_ANY, 0};
	for (int i = 0; i < d->groups && s->by & BY_GROUP; i++)
		s->stratum[s->n_strata++] = (struct stratum){LEVEL_GROUP, i};
	for (int i = 0; i < d->leaves && s->by & BY_STRATUM; i++)
		s->stratum[s->n_strata++] = (struct stratum){LEVEL_LEAF, i};
}

static void name_stratum(const struct showing *s, struct measure_row *row)
{
	const struct word *w = vocabulary_stratum(
		catalogue_vocabulary(s->h->cat), s->t->dim_id, row->stratum);

	if (!w)
		return;
	snprintf(row->stratum_id, sizeof row->stratum_id, "%s", w->id);
	snprintf(row->stratum_title, sizeof row->stratum_title, "%s", w->title);
}

static void share_of(const struct showing *s, const struct answer *a,
		     uint32_t num, uint32_t den, struct measure_row *row)
{
	uint32_t in = answer_leaves(s->t, num), all = answer_leaves(s->t, den);

	measure_row_rate(row, answer_sum(s->t, a, in),
			 answer_sum(s->t, a, all & ~in),
			 answer_sum(s->t, a, all));
	measure_row_source(row, s->t, a, num);
}

/* "0 to all" says nothing. */
static bool says_nothing(const struct showing *s, const struct answer *a,
			 const struct measure_row *row)
{
	const struct measure *m = s->m;

	if (row->percentile)
		return m->n_parts > 1 &&
		       row->days_low == s->t->outcome[m->part[0]].days_from &&
		       row->days_high ==
			       s->t->outcome[m->part[m->n_parts - 1]].days_to;
	if (m->unit == MEASURE_COUNT)
		return row->numerator.low == 0 && row->numerator.high > 0 &&
		       row->numerator.high >= a->total.high;
	return row->has_rate && row->rate_low <= 0 && row->rate_high >= 1;
}

/* row->said tells already which of the two it is, if nothing is closed. */
static int give(struct showing *s, const struct answer *a,
		struct measure_row *row)
{
	bool any = row->stratum.level == LEVEL_ANY;

	if (row->through >= 0) {
		row->said = SAID_FIGURE;
		if (a->total.low == 0 && a->total.high > 0)
			row->said = any ? SAID_NOTHING : SAID_NOT_PUBLISHED;
		else if (says_nothing(s, a, row))
			row->said = SAID_NOT_PUBLISHED;
	}
	return s->fn(s->arg, row);
}

static void name_part(const struct showing *s, int part,
		      struct measure_row *row)
{
	const struct outcome *o = &s->t->outcome[s->m->part[part]];

	row->part = part;
	snprintf(row->part_id, sizeof row->part_id, "%s", o->id);
	snprintf(row->part_title, sizeof row->part_title, "%s", o->title);
}

static int give_percentile(struct showing *s, const struct answer *a,
			   struct measure_row *row, int percent)
{
	struct range band[SPLIT_MAX];
	int n = s->m->n_parts, first, last;

	for (int i = 0; i < n; i++)
		band[i] = a->outcome[s->m->part[i]];
	percentile_bands(band, n, percent, &first, &last);
	row->percentile = percent;
	row->days_low = row->days_high = -1;
	if (first >= 0) {
		row->days_low = s->t->outcome[s->m->part[first]].days_from;
		row->days_high = s->t->outcome[s->m->part[last]].days_to;
	}
	measure_row_source(row, s->t, a, (uint32_t)1 << s->m->part[0]);
	return give(s, a, row);
}

static int give_days(struct showing *s, const struct answer *a,
		     struct measure_row *row)
{
	struct measure_row p = *row;
	int r;

	p.numerator = answer_sum(s->t, a, s->m->numerator.outcomes);
	p.denominator = p.numerator;
	r = give_percentile(s, a, &p, 50);
	if (r == 0)
		r = give_percentile(s, a, &p, 90);
	for (int i = 0; i < s->m->n_parts && r == 0; i++) {
		p = *row;
		name_part(s, i, &p);
		share_of(s, a, (uint32_t)1 << s->m->part[i],
			 s->m->numerator.outcomes, &p);
		r = give(s, a, &p);
	}
	return r;
}

static bool ranks_before(struct range a, struct range b)
{
	return a.low + a.high > b.low + b.high;
}

static int give_rank(struct showing *s, const struct answer *a,
		     struct measure_row *row)
{
	int order[SPLIT_MAX], n = s->m->n_parts, r = 0;

	for (int i = 0; i < n; i++) {
		int at = i;

		for (; at > 0 &&
		       ranks_before(a->outcome[s->m->part[i]],
				    a->outcome[s->m->part[order[at - 1]]]);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (int i = 0; i < n && r == 0; i++) {
		struct measure_row p = *row;

		name_part(s, order[i], &p);
		share_of(s, a, (uint32_t)1 << s->m->part[order[i]],
			 s->m->denominator.outcomes, &p);
		r = give(s, a, &p);
	}
	return r;
}

static int give_cell(struct showing *s, const struct answer *a,
		     struct measure_row *row)
{
	const struct measure *m = s->m;

	row->part = -1;
	switch (m->unit) {
	case MEASURE_DAYS:
		return give_days(s, a, row);
	case MEASURE_RANK:
		return give_rank(s, a, row);
	case MEASURE_PROPORTION:
		share_of(s, a, m->numerator.outcomes, m->denominator.outcomes,
			 row);
		return give(s, a, row);
	case MEASURE_COUNT:
		row->numerator = answer_sum(s->t, a, m->numerator.outcomes);
		measure_row_source(row, s->t, a, m->numerator.outcomes);
		return give(s, a, row);
	}
	return 0;
}

static const struct answer *answer_at(const struct showing *s, int region,
				      int stratum)
{
	return &s->answer[region * STRATA_MAX + stratum];
}

/* Of @n months the one that more than half of the joined regions reach, or all
 * that there are if those are fewer. Sorts. */
static int32_t majority(const struct showing *s, int32_t *month, int n,
			bool newest)
{
	int joined = 0, need;

	for (int i = 0; i < s->n_regions; i++)
		joined += s->scope[i].joined;
	for (int i = 1; i < n; i++)
		for (int k = i; k > 0 && (newest ? month[k] > month[k - 1]
						 : month[k] < month[k - 1]);
		     k--) {
			int32_t swap = month[k];

			month[k] = month[k - 1];
			month[k - 1] = swap;
		}
	need = joined / 2 + 1;
	return month[(need < n ? need : n) - 1];
}

/* What the state's row speaks of: the period, if any region closed it whole;
 * else the months of it that most regions closed. Of no months: nothing is
 * closed. */
static struct period state_span(const struct showing *s, struct period p)
{
	int32_t from[REGIONS_MAX], through[REGIONS_MAX], first, last;
	int n = 0;

	for (int i = 0; i < s->n_regions; i++) {
		const struct answer *a = answer_at(s, i, 0);

		if (a->complete)
			return p;
		if (a->through < 0)
			continue;
		from[n] = a->from;
		through[n++] = a->through;
	}
	if (n == 0)
		return (struct period){p.month, 0};
	first = majority(s, from, n, false);
	last = majority(s, through, n, true);
	return (struct period){first, last < first ? 0 : last - first + 1};
}

/* Did it end before anybody's first closing? */
static enum said why_not_closed(const struct showing *s, const char *region,
				struct period p)
{
	enum said said = SAID_NOT_CLOSED_YET;

	for (int i = 0; i < s->n_regions; i++) {
		int32_t first = lattice_book_first(s->scope[i].book);

		if (first < 0 ||
		    (region && strcmp(region, s->scope[i].id) != 0))
			continue;
		if (first < p.month + p.months)
			return SAID_NOT_CLOSED_YET;
		said = SAID_NOT_CLOSED;
	}
	return said;
}

/* A region is in it that closed all of @span. One that began or stopped there
 * is asked about the whole period: blocks may reach beyond, and count nothing
 * there. */
static int sum_regions(struct showing *s, struct period span, int stratum,
		       struct answer *sum, struct measure_row *row)
{
	int32_t end = row->period.month + row->period.months;

	memset(sum, 0, sizeof *sum);
	sum->view = sum->step = -1;
	for (int i = 0; i < s->n_regions && span.months > 0; i++) {
		struct lattice_book *b = s->scope[i].book;
		struct period p = span;
		struct answer a;
		bool all;
		int r;

		if (lattice_book_first(b) == span.month) {
			p.month = row->period.month;
			p.months += span.month - p.month;
		}
		if (lattice_book_closed(b) == span.month + span.months - 1)
			p.months = end - p.month;
		r = lattice_book_holds(b, span, &all);
		if (r == 0 && all)
			r = lattice_book_answer(b, p, s->stratum[stratum], &a);
		if (r < 0)
			return r;
		if (!all)
			continue;
		answer_add(s->t, sum, &a);
		row->regions_heard++;
	}
	row->regions_all = s->n_regions;
	row->from = row->regions_heard ? span.month : -1;
	row->through = row->regions_heard ? span.month + span.months - 1 : -1;
	return 0;
}

static int give_state(struct showing *s, struct period p)
{
	struct period span = state_span(s, p);
	int r = 0;

	for (int k = 0; k < s->n_strata && r == 0; k++) {
		struct measure_row row = {.period = p,
					  .stratum = s->stratum[k],
					  .said = why_not_closed(s, NULL, p)};
		struct answer sum;

		snprintf(row.region_title, sizeof row.region_title, "State");
		name_stratum(s, &row);
		r = sum_regions(s, span, k, &sum, &row);
		if (r == 0)
			r = give_cell(s, &sum, &row);
	}
	return r;
}

static int give_region(struct showing *s, int i, struct period p)
{
	const struct scope *sc = &s->scope[i];
	int r = 0;

	for (int k = 0; k < s->n_strata && r == 0; k++) {
		const struct answer *a = answer_at(s, i, k);
		struct measure_row row = {.period = p,
					  .stratum = s->stratum[k],
					  .said = why_not_closed(s, sc->id, p),
					  .regions_heard = a->complete,
					  .regions_all = 1,
					  .from = a->from,
					  .through = a->through};

		snprintf(row.region, sizeof row.region, "%s", sc->id);
		snprintf(row.region_title, sizeof row.region_title, "%s",
			 sc->title);
		name_stratum(s, &row);
		r = give_cell(s, a, &row);
	}
	return r;
}

/* The newest month that any region closed. */
static int32_t newest_closed(const struct showing *s)
{
	int32_t newest = -1;

	for (int i = 0; i < s->n_regions; i++) {
		int32_t c = lattice_book_closed(s->scope[i].book);

		newest = c > newest ? c : newest;
	}
	return newest;
}

/* A picture answers for a period that it lies in: the last one there is, or
 * else the last one to come. */
static struct period resolve(const struct showing *s, struct period p)
{
	struct period last = picture_last(s->t, p, newest_closed(s));

	return last.months ? last : picture_last(s->t, p, INT32_MAX);
}

static int give_period(struct showing *s, struct period p)
{
	int r = 0;

	p = resolve(s, p);
	/* No picture is taken in it. */
	if (p.months == 0)
		return 0;

	for (int i = 0; i < s->n_regions && r == 0; i++)
		for (int k = 0; k < s->n_strata && r == 0; k++)
			r = lattice_book_answer(s->scope[i].book, p,
						s->stratum[k],
						&s->answer[i * STRATA_MAX + k]);
	if (r == 0 && !s->region)
		r = give_state(s, p);
	for (int i = 0; i < s->n_regions && r == 0; i++)
		if (s->region ? strcmp(s->region, s->scope[i].id) == 0
			      : (s->by & BY_REGION) != 0)
			r = give_region(s, i, p);
	return r;
}

static void showing_free(struct showing *s)
{
	if (!s)
		return;
	for (int i = 0; i < s->n_regions; i++)
		lattice_book_free(s->scope[i].book);
	mem_free(s->answer);
	mem_free(s);
}

static int showing_new(struct showing **out, struct hub *h, struct db *db,
		       const struct measure *m, int by)
{
	struct showing *s = mem_calloc(1, sizeof *s);
	int r;

	if (!s)
		return err_set(E_NOMEM, "out of memory for a measure");
	s->h = h;
	s->m = m;
	s->t = catalogue_table(h->cat, m->numerator.table);
	s->by = by;
	list_strata(s);
	r = read_regions(s, db);
	if (r == 0)
		s->answer = mem_calloc((size_t)(s->n_regions + 1) * STRATA_MAX,
				       sizeof *s->answer);
	if (r == 0 && !s->answer)
		r = err_set(E_NOMEM, "out of memory for a measure");
	if (r < 0) {
		showing_free(s);
		return r;
	}
	*out = s;
	return 0;
}

int measures_show(struct hub *h, struct db *db, const struct measure *m,
		  const struct period *p, int n, int by, const char *region,
		  int (*fn)(void *arg, const struct measure_row *r), void *arg)
{
	struct showing *s = NULL;
	int r;

	r = showing_new(&s, h, db, m, by);
	if (r < 0)
		return r;
	s->region = region;
	s->fn = fn;
	s->arg = arg;
	for (int i = 0; i < n && r == 0; i++)
		r = give_period(s, p[i]);
	showing_free(s);
	return r;
}

/* How many joined regions, or @any, closed all of @p. */
static int closed_by(struct showing *s, struct period p, bool any, int *n)
{
	int r = 0;

	*n = 0;
	for (int i = 0; i < s->n_regions && r == 0; i++) {
		bool all = false;

		if (any || s->scope[i].joined)
			r = lattice_book_holds(s->scope[i].book, p, &all);
		*n += all;
	}
	return r;
}

/* The newest of these lengths that @need regions closed; months 0: none. */
static int newest(struct showing *s, int need, bool any, struct period *out)
{
	static const int32_t lengths[] = {12, 3, 1};
	int32_t first = INT32_MAX, last = -1;

	for (int i = 0; i < s->n_regions; i++) {
		int32_t f = lattice_book_first(s->scope[i].book);
		int32_t c = lattice_book_closed(s->scope[i].book);

		first = f >= 0 && f < first ? f : first;
		last = c > last ? c : last;
	}
	for (int i = 0; i < 3; i++) {
		int32_t months = lengths[i];
		int32_t at = (last + 1) / months * months - months;

		for (; at >= first; at -= months) {
			int n, r;

			*out = (struct period){at, months};
			r = closed_by(s, *out, any, &n);
			if (r < 0 || n >= need)
				return r;
		}
	}
	*out = (struct period){0, 0};
	return 0;
}

/* Why there is nothing to show: always E_NOTFOUND, or negative. */
static int nothing_yet(struct hub *h, struct db *db, const struct measure *m)
{
	const struct fact_table *t =
		catalogue_table(h->cat, m->numerator.table);
	int64_t old = 0;
	int r = 0;

	if (*t->replaces)
		r = db_int(db, &old,
			   "SELECT count(*) FROM current WHERE fact_table = ?",
			   "s", t->replaces);
	if (r < 0)
		return r;
	if (old > 0)
		return err_set(
			E_NOTFOUND,
			"no region has reported %s yet; what they "
			"reported before it, %s, was counted by an older "
			"definition and is not shown as %s",
			t->id, t->replaces, m->id);
	return err_set(E_NOTFOUND, "no region has reported yet");
}

int measures_newest(struct hub *h, struct db *db, const struct measure *m,
		    struct period *out)
{
	struct showing *s = NULL;
	int joined = 0, r;

	r = showing_new(&s, h, db, m, 0);
	if (r < 0)
		return r;
	for (int i = 0; i < s->n_regions; i++)
		joined += s->scope[i].joined;
	r = newest(s, joined / 2 + 1, false, out);
	if (r == 0 && out->months == 0)
		r = newest(s, 1, true, out);
	showing_free(s);
	if (r == 0 && out->months == 0)
		return nothing_yet(h, db, m);
	return r;
}

int measures_never(const struct catalogue *cat, const struct measure *m, int by)
{
	const struct fact_table *t = catalogue_table(cat, m->numerator.table);
	uint32_t outcomes = m->numerator.outcomes;
	int never = 0;

	if (m->unit == MEASURE_PROPORTION || m->unit == MEASURE_RANK)
		outcomes |= m->denominator.outcomes;
	for (int i = 0; i < m->n_parts; i++)
		outcomes |= (uint32_t)1 << m->part[i];
	if (answer_too_coarse(t, outcomes, LEVEL_LEAF))
		never |= BY_STRATUM;
	if (answer_too_coarse(t, outcomes, LEVEL_GROUP))
		never |= BY_GROUP;
	return by & never;
}
