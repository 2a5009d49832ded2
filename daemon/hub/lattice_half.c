#include "daemon/hub/lattice_half.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"

enum {
	MONTHS = LATTICE_MONTHS,
	MASKS = 1 << MONTHS,
	COLS = SPLIT_MAX + 1, /* base outcomes, and all of them together */
	BOUNDS = LATTICE_MONTHS * RELEASE_BOUNDS_MAX,
};
/* No upper bound; sums of a few stay apart from every true count. */
#define FAR ((int64_t)1 << 50)

struct block {
	struct cells cells;
	int view, step;
	int32_t closing;
	unsigned months;
	int64_t count[COLS]; /* base columns, or the view's own outcomes */
};

/* A set of trend blocks. */
struct trends {
	bool valid;
	unsigned months;
	struct cells cells;
	int64_t sum[COLS];     /* of the blocks */
	int64_t waiting[COLS]; /* at most so many are in no detail block */
	int step;
};

struct lattice_half {
	const struct fact_table *t;
	int32_t no;
	int n_base;
	int base[SPLIT_MAX]; /* outcome by column */
	struct cells counted;
	struct cells detailed;	  /* in any detail block */
	unsigned reported_months; /* each of them has a release, or a gap */
	int n_trend;
	struct block trend[MONTHS];
	struct trends set[MASKS];  /* by bit set of trend blocks */
	int64_t rest[MASKS][COLS]; /* in no detail block, by months */
	int n_blocks;
	struct block *block; /* of every other view */
};

static int64_t at_least_0(int64_t v)
{
	return v > 0 ? v : 0;
}

static int64_t least(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static unsigned months_of(const struct lattice_half *h, struct cells c)
{
	int leaves = h->t->dim.leaves;
	unsigned mask = 0;

	for (int i = cells_next(c, 0); i >= 0;
	     i = cells_next(c, (i / leaves + 1) * leaves))
		mask |= 1u << (i / leaves);
	return mask;
}

static struct cells cells_of_months(const struct lattice_half *h,
				    unsigned months)
{
	struct stratum any = {LEVEL_ANY, 0};
	struct cells c = cells_none();

	for (int m = 0; m < MONTHS; m++) {
		struct period p = {h->no * MONTHS + m, 1};

		if (months >> m & 1)
			c = cells_or(c,
				     lattice_cells(&h->t->dim, h->no, p, any));
	}
	return c;
}

static int column(const struct lattice_half *h, int outcome)
{
	for (int k = 0; k < h->n_base; k++)
		if (h->base[k] == outcome)
			return k;
	return -1;
}

/* Trend and detail count base outcomes: by column, with the sum behind them.
 * Side views count the children of one outcome. */
static void take_counts(const struct lattice_half *h, const struct group *g,
			struct block *b)
{
	const struct view *v = &h->t->view[g->view];

	for (int k = 0; k < g->n && k < v->n_outcomes; k++) {
		int c = v->kind == VIEW_SIDE ? k : column(h, v->outcome[k]);

		if (c < 0)
			continue;
		b->count[c] += g->count[k];
		if (v->kind != VIEW_SIDE)
			b->count[h->n_base] += g->count[k];
	}
}

static void take_group(struct lattice_half *h, const struct group *g,
		       int32_t closing)
{
	struct block b = {.cells = g->cells,
			  .view = g->view,
			  .step = g->step,
			  .closing = closing};

	if (g->view >= h->t->n_views)
		return;
	b.months = months_of(h, g->cells);
	take_counts(h, g, &b);
	if (h->t->view[g->view].kind != VIEW_TREND) {
		if (h->t->view[g->view].kind == VIEW_DETAIL)
			h->detailed = cells_or(h->detailed, g->cells);
		h->block[h->n_blocks++] = b;
		return;
	}
	/* Ingest lets no other in; one that is not whole months says less. */
	if (h->n_trend < MONTHS &&
	    cells_equal(g->cells, cells_of_months(h, b.months)))
		h->trend[h->n_trend++] = b;
}

static bool is_detail(const struct lattice_half *h, const struct block *b)
{
	return h->t->view[b->view].kind == VIEW_DETAIL;
}

/* Every set of trend blocks, and what may wait in it. */
static void make_sets(struct lattice_half *h)
{
	for (unsigned s = 0; s < 1u << h->n_trend; s++) {
		struct trends *x = &h->set[s];

		x->valid = true;
		x->step = -1;
		for (int i = 0; i < h->n_trend; i++) {
			const struct block *b = &h->trend[i];

			if (!(s >> i & 1))
				continue;
			x->months |= b->months;
			x->cells = cells_or(x->cells, b->cells);
			x->step = b->step > x->step ? b->step : x->step;
			for (int c = 0; c <= h->n_base; c++)
				x->sum[c] += b->count[c];
		}
		memcpy(x->waiting, x->sum, sizeof x->waiting);
		for (int i = 0; i < h->n_blocks; i++) {
			const struct block *b = &h->block[i];

			if (!is_detail(h, b) ||
			    !cells_inside(b->cells, x->cells))
				continue;
			for (int c = 0; c <= h->n_base; c++)
				x->waiting[c] -= b->count[c];
		}
	}
}

/* What is in no detail block of the months in each set, by trend alone. */
static void rest_by_trend(struct lattice_half *h)
{
	for (unsigned m = 0; m < MASKS; m++) {
		for (int c = 0; c <= h->n_base; c++)
			h->rest[m][c] = m ? FAR : 0;
		for (unsigned s = 0; s < 1u << h->n_trend; s++) {
			const struct trends *x = &h->set[s];

			if (m & ~x->months)
				continue;
			for (int c = 0; c <= h->n_base; c++)
				h->rest[m][c] =
					least(h->rest[m][c],
					      at_least_0(x->waiting[c]));
		}
	}
}

struct limit {
	unsigned months;
	int64_t at_most;
};

/* A bound was true at its closing; blocks since then took from what it
 * bounds. If an earlier closing is missing, blocks may be that are not known
 * here, and the bound does not speak of what is in them. */
static struct limit limit_now(const struct lattice_half *h,
			      const struct bound *b, int32_t closing)
{
	struct limit l = {b->months, b->at_most};

	for (int i = 0; i < h->n_blocks; i++) {
		const struct block *d = &h->block[i];

		if (is_detail(h, d) && d->closing > closing &&
		    !(d->months & ~l.months))
			l.at_most -= d->count[h->n_base];
	}
	l.at_most = at_least_0(l.at_most);
	return l;
}

/* Cover months by bounds as cheaply as possible, beside what trend covers. */
static void rest_by_limits(struct lattice_half *h, const struct limit *l, int n)
{
	int64_t cost[MASKS], by_trend[MASKS][COLS];

	cost[0] = 0;
	for (unsigned m = 1; m < MASKS; m++) {
		unsigned lowest = m & -m;

		cost[m] = FAR;
		for (int i = 0; i < n; i++)
			if (l[i].months & lowest)
				cost[m] = least(cost[m],
						l[i].at_most +
							cost[m & ~l[i].months]);
	}
	memcpy(by_trend, h->rest, sizeof by_trend);
	for (unsigned m = 1; m < MASKS; m++)
		for (unsigned b = m;; b = (b - 1) & m) {
			for (int c = 0; c <= h->n_base; c++)
				h->rest[m][c] =
					least(h->rest[m][c],
					      cost[b] + by_trend[m & ~b][c]);
			if (b == 0)
				break;
		}
}

static void use_bounds(struct lattice_half *h, const struct release *const *r,
		       int n)
{
	struct limit l[BOUNDS];
	unsigned known = 0;
	int k = 0;

	for (int i = 0; i < n; i++) {
		int m = r[i]->key.closing % MONTHS;

		known |= 1u << m;
		/* Every closing up to this one must be here. */
		if (h->reported_months & ((2u << m) - 1) & ~known)
			continue;
		for (int b = 0; b < r[i]->n_bounds && k < BOUNDS; b++)
			l[k++] = limit_now(h, &r[i]->bound[b],
					   r[i]->key.closing);
	}
	rest_by_limits(h, l, k);
}

/* Months before the first report count for nothing, unless a block is of them:
 * the first closings may take what came before along. */
static void set_counted(struct lattice_half *h, int32_t first, int32_t closed)
{
	unsigned counted = 0;

	for (int m = 0; m < MONTHS; m++) {
		int32_t month = h->no * MONTHS + m;

		if (month >= first && month <= closed)
			h->reported_months |= 1u << m;
	}
	for (int i = 0; i < h->n_blocks; i++)
		counted |= h->block[i].months;
	for (int i = 0; i < h->n_trend; i++)
		counted |= h->trend[i].months;
	counted |= h->reported_months;
	/* Between pictures there is nothing to count. */
	for (int m = 0; m < MONTHS; m++)
		if (!picture_due(h->t, h->no * MONTHS + m))
			counted &= ~(1u << m);
	h->counted = cells_of_months(h, counted);
}

int lattice_half_new(struct lattice_half **out, const struct fact_table *t,
		     int32_t half, const struct release *const *r, int n,
		     int32_t first, int32_t closed)
{
	struct lattice_half *h;
	size_t groups = 1;

	for (int i = 0; i < n; i++)
		groups += (size_t)r[i]->n_groups;
	h = mem_calloc(1, sizeof *h);
	if (!h)
		goto out;
	h->block = mem_calloc(groups, sizeof *h->block);
	if (!h->block)
		goto out;
	h->t = t;
	h->no = half;
	for (int o = 0; o < t->n_outcomes && h->n_base < SPLIT_MAX; o++)
		if (t->outcome[o].parent < 0)
			h->base[h->n_base++] = o;
	for (int i = 0; i < n; i++)
		for (int g = 0; g < r[i]->n_groups; g++)
			take_group(h, &r[i]->group[g], r[i]->key.closing);
	set_counted(h, first, closed);
	make_sets(h);
	rest_by_trend(h);
	use_bounds(h, r, n);
	*out = h;
	return 0;
out:
	lattice_half_free(h);
	return err_set(E_NOMEM, "out of memory for a half-year");
}

void lattice_half_free(struct lattice_half *h)
{
	if (!h)
		return;
	mem_free(h->block);
	mem_free(h);
}

/* What detail says of @z, by column. */
static void by_detail(const struct lattice_half *h, struct cells z,
		      int64_t low[COLS], int64_t high[COLS])
{
	unsigned open = months_of(h, cells_minus(z, h->detailed));

	memset(low, 0, COLS * sizeof *low);
	memcpy(high, h->rest[open], COLS * sizeof *high);
	for (int i = 0; i < h->n_blocks; i++) {
		const struct block *b = &h->block[i];
		bool inside = cells_inside(b->cells, z);

		if (!is_detail(h, b) || !cells_touch(b->cells, z))
			continue;
		for (int c = 0; c <= h->n_base; c++) {
			if (inside)
				low[c] += b->count[c];
			high[c] += b->count[c];
		}
	}
}

struct by_column {
	int64_t low[COLS], high[COLS];
	unsigned set;  /* of trend blocks that gave the narrowest range */
	int64_t width; /* its width */
};

/* One set of trend blocks beside detail; see the header. */
static void look(const struct lattice_half *h, struct cells z, unsigned s,
		 struct by_column *best)
{
	const struct trends *x = &h->set[s];
	int64_t low[COLS], high[COLS], low_out[COLS], high_out[COLS];
	int64_t width = 0;

	by_detail(h, cells_minus(x->cells, z), low_out, high_out);
	by_detail(h, cells_minus(z, x->cells), low, high);
	for (int c = 0; c <= h->n_base; c++) {
		low[c] += at_least_0(x->sum[c] - high_out[c]);
		high[c] += at_least_0(x->sum[c] - low_out[c]);
		best->low[c] = most(best->low[c], low[c]);
		best->high[c] = least(best->high[c], high[c]);
		if (c < h->n_base)
			width += most(high[c] - low[c], 0);
	}
	if (width < best->width) {
		best->width = width;
		best->set = s;
	}
}

static bool touches_all(const struct lattice_half *h, unsigned s,
			struct cells z)
{
	for (int i = 0; i < h->n_trend; i++)
		if (s >> i & 1 && !cells_touch(h->trend[i].cells, z))
			return false;
	return true;
}

/* Ranges of the base outcomes over any counted cells. */
static void by_base(const struct lattice_half *h, struct cells z,
		    struct by_column *best)
{
	memset(best, 0, sizeof *best);
	best->width = INT64_MAX;
	for (int c = 0; c < COLS; c++)
		best->high[c] = FAR;
	/* From all of trend to detail alone: of two that are as narrow, the
	 * one that needs less detail is named. */
	for (unsigned s = 1u << h->n_trend; s-- > 0;)
		if (touches_all(h, s, z))
			look(h, z, s, best);
}

/* One question: few sets of cells are asked about, each for many outcomes. */
enum { MEMO = 8 };
struct asking {
	const struct lattice_half *h;
	int n;
	struct cells z[MEMO];
	struct by_column base[MEMO];
};

static const struct by_column *base_over(struct asking *a, struct cells z)
{
	int i;

	for (i = 0; i < a->n; i++)
		if (cells_equal(a->z[i], z))
			return &a->base[i];
	i = a->n < MEMO ? a->n++ : MEMO - 1;
	a->z[i] = z;
	by_base(a->h, z, &a->base[i]);
	return &a->base[i];
}

/* Outcome @o over any counted cells: base by base; below it, side blocks
 * inside, and at most those touching and all of its parent elsewhere. */
static struct range over(struct asking *a, int o, struct cells z)
{
	const struct lattice_half *h = a->h;
	int parent = h->t->outcome[o].parent, k = 0, v;
	struct cells covered = cells_none();
	struct range r = {0, 0}, whole;
	const struct by_column *base;

	if (parent < 0) {
		base = base_over(a, z);
		k = column(h, o);
		return (struct range){base->low[k], base->high[k]};
	}
	whole = over(a, parent, z);
	v = answer_side(h->t, o, &k);
	for (int i = 0; i < h->n_blocks && v >= 0; i++) {
		const struct block *b = &h->block[i];

		if (b->view != v || !cells_touch(b->cells, z))
			continue;
		covered = cells_or(covered, b->cells);
		if (cells_inside(b->cells, z))
			r.low += b->count[k];
		r.high += b->count[k];
	}
	if (!cells_inside(z, covered))
		r.high += over(a, parent, cells_minus(z, covered)).high;
	r.high = least(r.high, whole.high);
	return r;
}

static struct range clean(struct range r)
{
	struct range out = {least(r.low, r.high), most(r.low, r.high)};

	/* Crossed only while versions are mixed: both may be true then. */
	if (out.high >= UNBOUNDED)
		out.high = UNBOUNDED;
	return out;
}

static void name_source(const struct lattice_half *h, struct cells z,
			const struct by_column *b, struct answer *out)
{
	const struct trends *x = &h->set[b->set];
	bool detail = false;

	out->view = b->set ? 0 : -1;
	out->step = x->step;
	if (cells_equal(x->cells, z))
		return;
	for (int i = 0; i < h->n_blocks; i++) {
		const struct block *d = &h->block[i];

		if (!is_detail(h, d) || !cells_touch(d->cells, z))
			continue;
		if (!detail || d->step > out->step)
			out->step = d->step;
		detail = true;
		out->view = d->view;
	}
}

static int side_step(const struct lattice_half *h, int o, struct cells z)
{
	int k, step = -1, v = answer_side(h->t, o, &k);

	for (int i = 0; i < h->n_blocks && v >= 0; i++)
		if (h->block[i].view == v &&
		    cells_inside(h->block[i].cells, z) &&
		    h->block[i].step > step)
			step = h->block[i].step;
	return step + 1;
}

void lattice_half_answer(const struct lattice_half *h, struct period p,
			 struct stratum s, struct answer *out)
{
	struct cells z =
		cells_and(lattice_cells(&h->t->dim, h->no, p, s), h->counted);
	struct asking a = {.h = h};
	const struct by_column *base;

	memset(out, 0, sizeof *out);
	out->view = out->step = -1;
	if (cells_empty(z))
		return;
	base = base_over(&a, z);
	out->total =
		(struct range){base->low[h->n_base], base->high[h->n_base]};
	name_source(h, z, base, out);
	for (int o = 0; o < h->t->n_outcomes; o++) {
		out->outcome[o] = over(&a, o, z);
		out->side[o] = side_step(h, o, z);
	}
	lattice_half_agree(h->t, out);
}

/* The children of @node (-1: all base outcomes) and their sum. */
static void agree(const struct fact_table *t, int node, struct range *whole,
		  struct range *outcome)
{
	struct range sum = {0, 0};
	bool any = false;

	for (int o = 0; o < t->n_outcomes; o++)
		if (t->outcome[o].parent == node) {
			sum.low += outcome[o].low;
			sum.high += outcome[o].high;
			any = true;
		}
	if (!any)
		return;
	whole->low = most(whole->low, sum.low);
	whole->high = least(whole->high, sum.high);
	for (int o = 0; o < t->n_outcomes; o++) {
		struct range *r = &outcome[o];
		int64_t low, high;

		if (t->outcome[o].parent != node)
			continue;
		low = whole->low - (sum.high - r->high);
		high = whole->high - (sum.low - r->low);
		r->low = most(r->low, low);
		r->high = least(r->high, high);
	}
}

void lattice_half_agree(const struct fact_table *t, struct answer *a)
{
	int n = 0;

	/* Up to the base and down to the leaves again, whatever the order. */
	for (int pass = 0; pass < 3; pass++) {
		for (int o = t->n_outcomes - 1; o >= 0; o--)
			agree(t, o, &a->outcome[o], a->outcome);
		agree(t, -1, &a->total, a->outcome);
		for (int o = 0; o < t->n_outcomes; o++)
			agree(t, o, &a->outcome[o], a->outcome);
	}
	a->total = clean(a->total);
	for (int o = 0; o < t->n_outcomes; o++) {
		a->outcome[o] = clean(a->outcome[o]);
		if (t->outcome[o].parent < 0 && n < SPLIT_MAX)
			a->base[n++] = a->outcome[o];
	}
}
