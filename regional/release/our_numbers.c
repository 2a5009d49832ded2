#include "regional/release/our_numbers.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/node.h"
#include "regional/release/facts.h"

enum { DEADLINE_MS = 60000 };

struct counting {
	const struct fact_table *t;
	const struct period *p;
	int n;
	int64_t (*count)[LATTICE_LEAVES_MAX][OUTCOMES_MAX]; /* by period */
};

struct showing {
	const struct fact_table *t;
	const struct measure *m;
	int64_t sum[OUTCOMES_MAX]; /* of one cell, by leaf outcome */
	int (*fn)(void *arg, const struct our_row *r);
	void *arg;
};

static const struct fact_table *table_of(struct node *nd,
					 const struct measure *m)
{
	if (m->served)
		return catalogue_table(nd->cat, m->numerator.table);
	err_set(E_STATE, "%s, %s, is not served: %s", m->id, m->title,
		m->because);
	return NULL;
}

static bool in_period(struct period p, int32_t month)
{
	return month >= p.month && month < p.month + p.months;
}

/* Of pictures the last one in @p, if its day is over; else @p. */
static struct period resolve(struct node *nd, const struct fact_table *t,
			     struct period p)
{
	return picture_last(t, p,
			    period_month_of_day(records_today(&nd->rec)) - 1);
}

/* Does a fact of @month count in @p, which is resolved? */
static bool counts_in(const struct fact_table *t, struct period p,
		      int32_t month)
{
	if (picture_is(t))
		return p.months > 0 && month == p.month + p.months - 1;
	return in_period(p, month);
}

static int add_fact(void *arg, const struct fact *f)
{
	struct counting *k = arg;
	int32_t month = period_month_of_day(f->day);

	/* Periods may overlap: 2026-01 and 2026. */
	for (int i = 0; i < k->n; i++)
		if (counts_in(k->t, k->p[i], month))
			k->count[i][f->stratum][f->outcome]++;
	return 0;
}

static int read_facts(struct node *nd, const struct fact_table *t,
		      int (*fn)(void *arg, const struct fact *f), void *arg)
{
	struct db *ro = NULL;
	int r;

	r = node_reader(nd, &ro);
	if (r == 0)
		r = facts_each(ro, t, nd->rec.words, records_today(&nd->rec),
			       DEADLINE_MS, fn, arg);
	db_close(ro);
	return r;
}

static bool has_leaf(const struct dim *d, struct stratum s, int leaf)
{
	if (s.level == LEVEL_LEAF)
		return s.no == leaf;
	return s.level == LEVEL_ANY || d->group_of[leaf] == s.no;
}

static bool under_any(const struct fact_table *t, int leaf, uint32_t outcomes)
{
	for (int o = 0; o < t->n_outcomes; o++)
		if ((outcomes >> o & 1) && fact_table_under(t, leaf, o))
			return true;
	return false;
}

static int64_t sum_of(const struct showing *s, uint32_t outcomes)
{
	int64_t n = 0;

	for (int o = 0; o < s->t->n_outcomes; o++)
		if (under_any(s->t, o, outcomes))
			n += s->sum[o];
	return n;
}

static int64_t part_of(const struct showing *s, int part)
{
	return sum_of(s, (uint32_t)1 << s->m->part[part]);
}

/* Nearest rank: the band that holds the ceil(p * n)-th. */
static int give_percentile(struct showing *s, struct our_row row, int percent)
{
	int64_t all = sum_of(s, s->m->numerator.outcomes), reached = 0;

	row.percentile = percent;
	row.numerator = row.denominator = all;
	row.days_low = row.days_high = -1;
	for (int i = 0; i < s->m->n_parts && all > 0; i++) {
		reached += part_of(s, i);
		if (reached < (all * percent + 99) / 100)
			continue;
		row.days_low = s->t->outcome[s->m->part[i]].days_from;
		row.days_high = s->t->outcome[s->m->part[i]].days_to;
		break;
	}
	return s->fn(s->arg, &row);
}

static int give_parts(struct showing *s, struct our_row row, uint32_t of,
		      bool ranked)
{
	int order[SPLIT_MAX], r = 0;

	for (int i = 0; i < s->m->n_parts; i++) {
		int at = i;

		for (; ranked && at > 0 &&
		       part_of(s, i) > part_of(s, order[at - 1]);
		     at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	row.denominator = sum_of(s, of);
	for (int i = 0; i < s->m->n_parts && r == 0; i++) {
		row.part = order[i];
		row.numerator = part_of(s, order[i]);
		r = s->fn(s->arg, &row);
	}
	return r;
}

static int give_cell(struct showing *s, struct our_row row)
{
	const struct measure *m = s->m;
	int r;

	row.part = -1;
	switch (m->unit) {
	case MEASURE_DAYS:
		r = give_percentile(s, row, 50);
		if (r == 0)
			r = give_percentile(s, row, 90);
		return r ? r : give_parts(s, row, m->numerator.outcomes, false);
	case MEASURE_RANK:
		return give_parts(s, row, m->denominator.outcomes, true);
	case MEASURE_PROPORTION:
		row.denominator = sum_of(s, m->denominator.outcomes);
		row.numerator = sum_of(s, m->numerator.outcomes);
		break;
	case MEASURE_COUNT:
		row.numerator = sum_of(s, m->numerator.outcomes);
		break;
	}
	return s->fn(s->arg, &row);
}

static int give_strata(struct showing *s, const struct counting *k, int i,
		       enum level level, int n, bool settled)
{
	int r = 0;

	for (int no = 0; no < n && r == 0; no++) {
		struct our_row row = {.period = k->p[i],
				      .stratum = {level, no},
				      .settled = settled};

		for (int o = 0; o < k->t->n_outcomes; o++) {
			s->sum[o] = 0;
			for (int leaf = 0; leaf < k->t->dim.leaves; leaf++)
				if (has_leaf(&k->t->dim, row.stratum, leaf))
					s->sum[o] += k->count[i][leaf][o];
		}
		r = give_cell(s, row);
	}
	return r;
}

static bool has_matured(struct node *nd, const struct fact_table *t,
			struct period p)
{
	return fact_table_matured(t, p.month + p.months - 1) <
	       records_today(&nd->rec);
}

int our_numbers_show(struct node *nd, const struct measure *m,
		     const struct period *p, int n, int by,
		     int (*fn)(void *arg, const struct our_row *r), void *arg)
{
	const struct fact_table *t = table_of(nd, m);
	struct showing s = {.t = t, .m = m, .fn = fn, .arg = arg};
	struct counting k = {.t = t, .n = n};
	struct period *of = NULL;
	int r = E_NOMEM;

	if (!t)
		return E_STATE;
	k.count = mem_calloc((size_t)n, sizeof *k.count);
	k.p = of = mem_calloc((size_t)n, sizeof *of);
	if (!k.count || !of) {
		err_set(r, "out of memory for a measure");
		goto out;
	}
	for (int i = 0; i < n; i++)
		of[i] = resolve(nd, t, p[i]);
	r = read_facts(nd, t, add_fact, &k);
	for (int i = 0; i < n && r == 0; i++) {
		bool settled = has_matured(nd, t, of[i]);

		/* No picture was taken in it. */
		if (of[i].months == 0)
			continue;

		r = give_strata(&s, &k, i, LEVEL_ANY, 1, settled);
		if (r == 0 && (by & OUR_BY_GROUP))
			r = give_strata(&s, &k, i, LEVEL_GROUP, t->dim.groups,
					settled);
		if (r == 0 && (by & OUR_BY_STRATUM))
			r = give_strata(&s, &k, i, LEVEL_LEAF, t->dim.leaves,
					settled);
	}
out:
	mem_free(of);
	mem_free(k.count);
	return r;
}

struct finding {
	const struct fact_table *t;
	const struct measure *m;
	struct period p;
	struct stratum s;
	int (*fn)(void *arg, const struct our_child *c);
	void *arg;
};

static int find_child(void *arg, const struct fact *f)
{
	struct finding *x = arg;
	struct our_child c = {.occurrence = f->occurrence,
			      .child = f->child,
			      .day = f->day,
			      .stratum = {LEVEL_LEAF, f->stratum},
			      .outcome = f->outcome};

	if (picture_is(x->t))
		c.occurrence = picture_thing(f->occurrence);
	if (!counts_in(x->t, x->p, period_month_of_day(f->day)) ||
	    !has_leaf(&x->t->dim, x->s, f->stratum))
		return 0;
	c.counts = under_any(x->t, f->outcome, x->m->numerator.outcomes);
	if (!c.counts &&
	    !under_any(x->t, f->outcome, x->m->denominator.outcomes))
		return 0;
	return x->fn(x->arg, &c);
}

int our_numbers_children(struct node *nd, const struct measure *m,
			 struct period p, struct stratum s,
			 int (*fn)(void *arg, const struct our_child *c),
			 void *arg)
{
	struct finding x = {table_of(nd, m), m, p, s, fn, arg};

	if (!x.t)
		return E_STATE;
	x.p = resolve(nd, x.t, p);
	return read_facts(nd, x.t, find_child, &x);
}

struct period our_numbers_newest(struct node *nd, const struct measure *m)
{
	const struct fact_table *t = table_of(nd, m);
	struct period p =
		period_of(period_month_of_day(records_today(&nd->rec)), 12);

	while (t && !has_matured(nd, t, p))
		p.month -= 12;
	return p;
}
