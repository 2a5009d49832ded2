#include "daemon/hub/lattice_query.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/lattice_half.h"
#include "daemon/hub/store.h"
#include "proto/picture.h"

enum { HALVES_MAX = 64 };

struct range range_add(struct range a, struct range b)
{
	struct range sum = {a.low + b.low, a.high + b.high};

	if (a.high == UNBOUNDED || b.high == UNBOUNDED || sum.high >= UNBOUNDED)
		sum.high = UNBOUNDED;
	return sum;
}

/* @held: how many closings in @p there are. */
static void set_through(struct answer *a, struct period p, int32_t first,
			int32_t closed, int64_t held)
{
	int32_t last = p.month + p.months - 1;

	a->complete = held == p.months;
	a->from = first > p.month ? first : p.month;
	a->through = closed < last ? closed : last;
	if (first < 0 || closed < p.month || first > last)
		a->from = a->through = -1;
}

int lattice_answer_half(const struct fact_table *t,
			const struct release *const *r, int n, int32_t closed,
			struct period p, struct stratum s, struct answer *out)
{
	int32_t first = n > 0 ? r[0]->key.closing : -1;
	struct lattice_half *h = NULL;
	int64_t held = 0;
	int x;

	for (int i = 0; i < n; i++)
		held += period_contains(p,
					(struct period){r[i]->key.closing, 1});
	x = lattice_half_new(&h, t, lattice_half(p.month), r, n,
			     n > 0 ? first : INT32_MAX, closed);
	if (x < 0)
		return x;
	lattice_half_answer(h, p, s, out);
	set_through(out, p, first, closed, held);
	lattice_half_free(h);
	return 0;
}

struct page {
	int32_t no;
	struct lattice_half *half;
};

struct lattice_book {
	struct db *db;
	char region[REGION_ID];
	const struct fact_table *t;
	int32_t first, closed; /* -1: nothing is held */
	struct period counted; /* the last one asked about, and how many */
	int64_t held;	       /* of its closings are held */
	int n;
	struct page page[HALVES_MAX];
};

int lattice_book_new(struct lattice_book **out, struct db *db,
		     const char *region, const struct fact_table *t)
{
	struct lattice_book *b;
	int r = E_NOMEM;

	b = mem_calloc(1, sizeof *b);
	if (!b)
		goto out;
	b->db = db;
	b->t = t;
	snprintf(b->region, sizeof b->region, "%s", region);
	r = store_first(db, region, t->id, &b->first);
	if (r == 0)
		r = store_closed(db, region, t->id, &b->closed);
	if (r < 0)
		goto out;

	*out = b;
	b = NULL; /* handed over */
out:
	lattice_book_free(b);
	return r;
}

void lattice_book_free(struct lattice_book *b)
{
	if (!b)
		return;
	for (int i = 0; i < b->n; i++)
		lattice_half_free(b->page[i].half);
	mem_free(b);
}

int32_t lattice_book_closed(const struct lattice_book *b)
{
	return b->closed;
}

int32_t lattice_book_first(const struct lattice_book *b)
{
	return b->first;
}

struct reading {
	int n;
	struct release copy[LATTICE_MONTHS];
	const struct release *at[LATTICE_MONTHS];
};

/* The store lends each for the call; the half-year needs all at once. */
static int on_release(void *arg, const struct release *r)
{
	struct reading *rd = arg;
	struct release *copy = &rd->copy[rd->n];
	size_t size = (size_t)r->n_groups * sizeof *r->group;

	if (rd->n == LATTICE_MONTHS)
		return err_set(E_DB, "too many closings in a half-year");
	*copy = *r;
	copy->group = mem_alloc(size);
	if (!copy->group)
		return err_set(E_NOMEM, "out of memory for a release");
	if (size > 0)
		memcpy(copy->group, r->group, size);
	rd->at[rd->n++] = copy;
	return 0;
}

static int read_half(struct lattice_book *b, int32_t no,
		     struct lattice_half **out)
{
	struct reading rd = {0};
	int r;

	r = store_half(b->db, b->region, b->t->id, no, on_release, &rd);
	if (r == 0)
		r = lattice_half_new(out, b->t, no, rd.at, rd.n, b->first,
				     b->closed);
	for (int i = 0; i < rd.n; i++)
		release_fini(&rd.copy[i]);
	return r;
}

static int find_half(struct lattice_book *b, int32_t no,
		     struct lattice_half **out)
{
	int r;

	for (int i = 0; i < b->n; i++)
		if (b->page[i].no == no) {
			*out = b->page[i].half;
			return 0;
		}
	/* The oldest page makes room. */
	if (b->n == HALVES_MAX) {
		lattice_half_free(b->page[0].half);
		memmove(b->page, b->page + 1,
			(HALVES_MAX - 1) * sizeof *b->page);
		b->n--;
	}
	r = read_half(b, no, out);
	if (r == 0)
		b->page[b->n++] = (struct page){no, *out};
	return r;
}

/* Questions come stratum by stratum, of one period each time. */
static int count_held(struct lattice_book *b, struct period p)
{
	int r;

	if (b->counted.month == p.month && b->counted.months == p.months)
		return 0;
	r = store_held(b->db, b->region, b->t->id, p, &b->held);
	if (r == 0)
		b->counted = p;
	return r;
}

int lattice_book_holds(struct lattice_book *b, struct period p, bool *all)
{
	int r = count_held(b, p);

	*all = r == 0 && b->held == p.months;
	return r;
}

int lattice_book_answer(struct lattice_book *b, struct period p,
			struct stratum s, struct answer *out)
{
	int32_t last = p.month + p.months - 1;
	struct lattice_half *half;
	struct answer one;
	int x;

	memset(out, 0, sizeof *out);
	out->view = out->step = -1;
	x = count_held(b, p);
	if (x < 0)
		return x;
	set_through(out, p, b->first, b->closed, b->held);
	if (picture_is(b->t) && b->closed < last)
		out->from = out->through = -1;
	if (out->through < 0)
		return 0;
	for (int32_t no = lattice_half(p.month);
	     no <= lattice_half(out->through); no++) {
		struct period here = {no * LATTICE_MONTHS, LATTICE_MONTHS};
		int r;

		if (here.month + LATTICE_MONTHS <= b->first)
			continue;
		if (here.month < p.month) {
			here.months -= p.month - here.month;
			here.month = p.month;
		}
		if (here.month + here.months - 1 > last)
			here.months = last - here.month + 1;
		r = find_half(b, no, &half);
		if (r < 0)
			return r;
		lattice_half_answer(half, here, s, &one);
		answer_add(b->t, out, &one);
	}
	return 0;
}

int lattice_answer(struct db *db, const char *region,
		   const struct fact_table *t, struct period p,
		   struct stratum s, struct answer *out)
{
	struct lattice_book *b = NULL;
	int r;

	r = lattice_book_new(&b, db, region, t);
	if (r == 0)
		r = lattice_book_answer(b, p, s, out);
	lattice_book_free(b);
	return r;
}

void answer_add(const struct fact_table *t, struct answer *to,
		const struct answer *b)
{
	for (int o = 0; o < t->n_outcomes; o++) {
		to->outcome[o] = range_add(to->outcome[o], b->outcome[o]);
		if (b->side[o] > to->side[o])
			to->side[o] = b->side[o];
	}
	for (int k = 0; k < SPLIT_MAX; k++)
		to->base[k] = range_add(to->base[k], b->base[k]);
	to->total = range_add(to->total, b->total);
	if (b->view > to->view) {
		to->view = b->view;
		to->step = b->step;
	} else if (b->view == to->view && b->step > to->step) {
		to->step = b->step;
	}
}

int answer_side(const struct fact_table *t, int o, int *k)
{
	for (int v = 0; v < t->n_views; v++) {
		if (t->view[v].kind != VIEW_SIDE)
			continue;
		for (int i = 0; i < t->view[v].n_outcomes; i++) {
			if (t->view[v].outcome[i] != o)
				continue;
			*k = i;
			return v;
		}
	}
	return -1;
}

bool answer_too_coarse(const struct fact_table *t, uint32_t outcomes,
		       enum level level)
{
	int k;

	for (int o = 0; o < t->n_outcomes; o++) {
		int v = outcomes >> o & 1 ? answer_side(t, o, &k) : -1;
		bool fine = v < 0;

		for (int i = 0; !fine && i < t->view[v].n_steps; i++)
			fine = t->view[v].step[i].level <= level;
		if (!fine)
			return true;
	}
	return false;
}

static bool has_children(const struct fact_table *t, int o)
{
	for (int i = 0; i < t->n_outcomes; i++)
		if (t->outcome[i].parent == o)
			return true;
	return false;
}

uint32_t answer_leaves(const struct fact_table *t, uint32_t outcomes)
{
	uint32_t leaves = 0;

	for (int o = 0; o < t->n_outcomes; o++) {
		if (has_children(t, o))
			continue;
		for (int a = 0; a < t->n_outcomes; a++)
			if (outcomes >> a & 1 && fact_table_under(t, o, a))
				leaves |= (uint32_t)1 << o;
	}
	return leaves;
}

/* How much of @node is in the set, and how much is not. */
struct share {
	struct range in, out;
};

static int64_t minus(int64_t a, int64_t b)
{
	if (a == UNBOUNDED)
		return UNBOUNDED;
	return b == UNBOUNDED || b > a ? 0 : a - b;
}

static struct range narrow(struct range part, struct range whole,
			   struct range other)
{
	int64_t low = minus(whole.low, other.high);
	int64_t high = minus(whole.high, other.low);

	if (low > part.low)
		part.low = low;
	if (high < part.high)
		part.high = high;
	/* Versions are mixed for a moment; say what both may be. */
	if (part.low > part.high)
		part.low = part.high;
	return part;
}

static struct share share_of(const struct fact_table *t, const struct answer *a,
			     uint32_t set, int node)
{
	struct range whole = node < 0 ? a->total : a->outcome[node];
	struct share s = {{0, 0}, {0, 0}}, before;
	bool any = false;

	if (node >= 0 && set >> node & 1) {
		s.in = whole;
		return s;
	}
	for (int o = 0; o < t->n_outcomes; o++) {
		struct share c;

		if (t->outcome[o].parent != node)
			continue;
		c = share_of(t, a, set, o);
		s.in = range_add(s.in, c.in);
		s.out = range_add(s.out, c.out);
		any = true;
	}
	if (!any) {
		s.out = whole;
		return s;
	}
	before = s;
	s.in = narrow(s.in, whole, before.out);
	s.out = narrow(s.out, whole, before.in);
	return s;
}

struct range answer_sum(const struct fact_table *t, const struct answer *a,
			uint32_t outcomes)
{
	return share_of(t, a, outcomes, -1).in;
}
