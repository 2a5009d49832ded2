#include "daemon/hub/measures.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "proto/vocabulary.h"

enum { REGIONS_MAX = 64, STRATA_MAX = 1 + 2 * LATTICE_LEAVES_MAX };

struct scope {
	char id[REGION_ID], title[80];
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

	x = db_rows(db, &r, "SELECT id, title FROM region ORDER BY id", NULL);
	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		struct scope *sc = &s->scope[s->n_regions];

		if (s->n_regions == REGIONS_MAX) {
			x = err_set(E_TOOBIG, "there are over %d regions",
				    REGIONS_MAX);
			break;
		}
		snprintf(sc->id, sizeof sc->id, "%s", rows_text(&r, 0));
		snprintf(sc->title, sizeof sc->title, "%s", rows_text(&r, 1));
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

/* "quarter by need" */
static void name_step(const struct fact_table *t, const struct answer *a,
		      struct measure_row *row)
{
	static const char *const by[] = {[LEVEL_LEAF] = " by ",
					 [LEVEL_GROUP] = " by group of ",
					 [LEVEL_ANY] = ""};
	const struct step *st;
	const char *length;

	if (a->view < 0)
		return;
	snprintf(row->view, sizeof row->view, "%s", t->view[a->view].id);
	if (a->step < 0)
		return;
	st = &t->view[a->view].step[a->step];
	length = st->months == 1   ? "month"
		 : st->months == 3 ? "quarter"
				   : "half-year";
	snprintf(row->step, sizeof row->step, "%s%s%s", length, by[st->level],
		 st->level == LEVEL_ANY ? "" : t->dim_id);
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

static void set_rate(struct measure_row *row, struct range num,
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

static void share_of(const struct showing *s, const struct answer *a,
		     uint32_t num, uint32_t den, struct measure_row *row)
{
	uint32_t in = answer_leaves(s->t, num), all = answer_leaves(s->t, den);

	set_rate(row, answer_sum(s->t, a, in), answer_sum(s->t, a, all & ~in),
		 answer_sum(s->t, a, all));
}

static int give(struct showing *s, const struct measure_row *row)
{
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

/* The first band at which enough are reached by nearest rank, ceil(p * n),
 * when the bands through it count as in @early and the others as in @late. */
static int band_at(const int64_t *early, const int64_t *late, int n,
		   int percent)
{
	for (int j = 0; j < n; j++) {
		int64_t reached = 0, all = 0;

		for (int i = 0; i < n; i++) {
			all += i <= j ? early[i] : late[i];
			reached += i <= j ? early[i] : 0;
		}
		if (all > 0 && reached >= (all * percent + 99) / 100)
			return j;
	}
	return -1;
}

/* As early as the ranges allow, and as late. */
void measures_percentile(const struct range *band, int n, int percent,
			 int *first, int *last)
{
	int64_t low[SPLIT_MAX], high[SPLIT_MAX];

	for (int i = 0; i < n; i++) {
		low[i] = band[i].low;
		high[i] = band[i].high;
	}
	*first = band_at(high, low, n, percent);
	*last = band_at(low, high, n, percent);
	/* Perhaps there are none; if there are, they may be late. */
	for (int i = n - 1; *first >= 0 && *last < 0; i--)
		if (high[i] > 0)
			*last = i;
}

static int give_percentile(struct showing *s, const struct answer *a,
			   struct measure_row *row, int percent)
{
	struct range band[SPLIT_MAX];
	int n = s->m->n_parts, first, last;

	for (int i = 0; i < n; i++)
		band[i] = a->outcome[s->m->part[i]];
	measures_percentile(band, n, percent, &first, &last);
	row->percentile = percent;
	row->days_low = row->days_high = -1;
	if (first >= 0) {
		row->days_low = s->t->outcome[s->m->part[first]].days_from;
		row->days_high = s->t->outcome[s->m->part[last]].days_to;
	}
	return give(s, row);
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
		r = give(s, &p);
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
		r = give(s, &p);
	}
	return r;
}

static int give_cell(struct showing *s, const struct answer *a,
		     struct measure_row *row)
{
	const struct measure *m = s->m;

	name_step(s->t, a, row);
	row->part = -1;
	switch (m->unit) {
	case MEASURE_DAYS:
		return give_days(s, a, row);
	case MEASURE_RANK:
		return give_rank(s, a, row);
	case MEASURE_PROPORTION:
		share_of(s, a, m->numerator.outcomes, m->denominator.outcomes,
			 row);
		return give(s, row);
	case MEASURE_COUNT:
		row->numerator = answer_sum(s->t, a, m->numerator.outcomes);
		return give(s, row);
	}
	return 0;
}

static const struct answer *answer_at(const struct showing *s, int region,
				      int stratum)
{
	return &s->answer[region * STRATA_MAX + stratum];
}

/* The state: regions closed through the period, or else what there is. */
static void sum_regions(const struct showing *s, int stratum,
			struct answer *sum, struct measure_row *row)
{
	int heard = 0;

	memset(sum, 0, sizeof *sum);
	sum->view = sum->step = -1;
	row->through = -1;
	for (int i = 0; i < s->n_regions; i++)
		heard += answer_at(s, i, stratum)->complete;
	for (int i = 0; i < s->n_regions; i++) {
		const struct answer *a = answer_at(s, i, stratum);

		if (a->through < 0 || (heard && !a->complete))
			continue;
		answer_add(s->t, sum, a);
		if (row->through < 0 || a->through < row->through)
			row->through = a->through;
	}
	row->regions_heard = heard;
	row->regions_all = s->n_regions;
}

static int give_state(struct showing *s, struct period p)
{
	int r = 0;

	for (int k = 0; k < s->n_strata && r == 0; k++) {
		struct measure_row row = {.period = p,
					  .stratum = s->stratum[k]};
		struct answer sum;

		snprintf(row.region_title, sizeof row.region_title, "State");
		name_stratum(s, &row);
		sum_regions(s, k, &sum, &row);
		r = give_cell(s, &sum, &row);
	}
	return r;
}

static int give_region(struct showing *s, int i, struct period p)
{
	int r = 0;

	for (int k = 0; k < s->n_strata && r == 0; k++) {
		const struct answer *a = answer_at(s, i, k);
		struct measure_row row = {.period = p,
					  .stratum = s->stratum[k],
					  .regions_heard = a->complete,
					  .regions_all = 1,
					  .through = a->through};

		snprintf(row.region, sizeof row.region, "%s", s->scope[i].id);
		snprintf(row.region_title, sizeof row.region_title, "%s",
			 s->scope[i].title);
		name_stratum(s, &row);
		r = give_cell(s, a, &row);
	}
	return r;
}

static int give_period(struct showing *s, struct period p)
{
	int r = 0;

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

/* Months that every region which reports has closed, all of them. */
static void common(const struct showing *s, int32_t *first, int32_t *closed)
{
	*first = *closed = -1;
	for (int i = 0; i < s->n_regions; i++) {
		int32_t f = lattice_book_first(s->scope[i].book);
		int32_t c = lattice_book_closed(s->scope[i].book);

		if (c < 0)
			continue;
		if (*closed < 0 || c < *closed)
			*closed = c;
		if (*first < 0 || f < *first)
			*first = f;
	}
}

int measures_newest(struct hub *h, struct db *db, const struct measure *m,
		    struct period *out)
{
	static const int32_t lengths[] = {12, 3, 1};
	struct showing *s = NULL;
	int32_t first, closed;
	int r;

	r = showing_new(&s, h, db, m, 0);
	if (r < 0)
		return r;
	common(s, &first, &closed);
	showing_free(s);
	if (closed < 0)
		return err_set(E_NOTFOUND, "no region has reported yet");
	for (int i = 0; i < 3; i++) {
		out->months = lengths[i];
		out->month =
			(closed + 1) / lengths[i] * lengths[i] - lengths[i];
		if (out->month >= first)
			break;
	}
	return 0;
}
