#include "regional/release/gate.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/release/gate_world.h"

/* An earlier closing is walked again to learn which groups waited: `past` is
 * what it published. NULL: this is the closing to decide. */
struct closing {
	struct world *w;
	int32_t month;
	const struct release *past;
};

static void note(struct world *w, int view, int step, const struct group *g,
		 enum gate_verdict verdict)
{
	struct gate_note n = {view, step, g->period, g->stratum, verdict, 0};

	if (!w->note)
		return;
	for (int i = 0; i < g->n; i++)
		n.occurrences += g->count[i];
	w->note(w->note_arg, &n);
}

static enum gate_verdict passes(struct world *w, int view,
				const struct group *g)
{
	const struct view *v = &w->t->view[view];
	int nonzero = 0;
	bool sensitive = false;

	for (int i = 0; i < v->n_outcomes; i++) {
		int o = v->outcome[i];

		if (!g->count[i])
			continue;
		nonzero++;
		sensitive = w->t->outcome[o].sensitive;
		if (world_children(w, g->cells, w->under[o]) < w->floor)
			return GATE_SMALL;
	}
	if (!nonzero)
		return GATE_EMPTY;
	/* With a floor of one, nothing is hidden from anybody. */
	if (nonzero == 1 && sensitive && w->floor > 1)
		return GATE_SOLE;
	if (view <= DETAIL && world_forced(w, g->cells))
		return GATE_FORCED;
	return GATE_PUBLISHED;
}

static bool published_then(const struct release *past, int view, int step,
			   struct cells c)
{
	for (int i = 0; i < past->n_groups; i++)
		if (past->group[i].view == view &&
		    past->group[i].step == step &&
		    cells_equal(past->group[i].cells, c))
			return true;
	return false;
}

static void publish(struct world *w, const struct group *g)
{
	struct blocks *b = &w->view[g->view];

	b->b[b->n++] = (struct block){.g = *g};
}

static void name_group(const struct closing *c, struct group *g, int view,
		       int step, struct period p, struct stratum s)
{
	const struct world *w = c->w;

	*g = (struct group){.view = (uint8_t)view,
			    .step = (uint8_t)step,
			    .period = p,
			    .stratum = s};
	g->cells = cells_minus(lattice_cells(&w->t->dim, w->half, p, s),
			       world_covered(w, view));
	g->cells = world_alike(w, view, c->month, g->cells);
}

/* The trend has one group a step: all cells that it does not cover yet. */
static void offer_trend(struct closing *c, int step, struct period p)
{
	struct world *w = c->w;
	struct stratum any = {LEVEL_ANY, 0};
	enum gate_verdict verdict;
	struct leak leak;
	struct group g;

	name_group(c, &g, TREND, step, p, any);
	if (cells_empty(g.cells))
		return;
	world_count(w, TREND, &g);
	if (step < w->trend_first)
		verdict = GATE_NOT_YET;
	else if (c->past)
		verdict = published_then(c->past, TREND, step, g.cells)
				  ? GATE_PUBLISHED
				  : GATE_SMALL;
	else
		verdict = passes(w, TREND, &g);
	if (verdict == GATE_PUBLISHED && !c->past &&
	    world_leak(w, p, &g.cells, &leak))
		verdict = GATE_DIFFERENCE;
	if (verdict == GATE_PUBLISHED && !c->past)
		world_moved(w, &g.cells, &leak, &verdict);
	if (verdict == GATE_PUBLISHED)
		publish(w, &g);
	else if (verdict != GATE_NOT_YET)
		world_wait(w, TREND, step, g.cells);
	if (!c->past)
		note(w, TREND, step, &g, verdict);
}

/* Which candidate to drop for a leak: the one with fewest occurrences, of
 * those that touch it and have its outcome; else that touch it; else any.
 * Equal ones by the order of their strata. */
static int weakest(const struct world *w, const struct leak *leak)
{
	const struct blocks *d = &w->view[DETAIL];
	struct cells at = cells_or(leak->around, leak->left);
	int best = -1, best_rank = 3;
	uint32_t best_n = 0;

	for (int i = 0; i < d->n; i++) {
		const struct block *b = &d->b[i];
		uint32_t n;
		int rank;

		if (!b->candidate)
			continue;
		n = world_occurrences(w, b->g.cells, world_any(w));
		if (!cells_touch(b->g.cells, at))
			rank = 2;
		else
			rank = world_occurrences(w, b->g.cells, leak->leaves)
				       ? 0
				       : 1;
		if (best < 0 || rank < best_rank ||
		    (rank == best_rank && n < best_n)) {
			best = i;
			best_rank = rank;
			best_n = n;
		}
	}
	return best;
}

static void drop(struct world *w, int i)
{
	struct blocks *d = &w->view[DETAIL];

	memmove(&d->b[i], &d->b[i + 1],
		(size_t)(d->n - i - 1) * sizeof d->b[0]);
	d->n--;
}

static int strata_at(const struct fact_table *t, enum level level)
{
	switch (level) {
	case LEVEL_LEAF:
		return t->dim.leaves;
	case LEVEL_GROUP:
		return t->dim.groups;
	case LEVEL_ANY:
		break;
	}
	return 1;
}

/* Take candidates back until nothing leaks. */
static void settle(struct closing *c, int step, struct period p)
{
	struct world *w = c->w;
	enum gate_verdict why = GATE_DIFFERENCE;
	struct leak leak;

	while (world_leak(w, p, NULL, &leak) ||
	       world_moved(w, NULL, &leak, &why)) {
		int i = weakest(w, &leak);

		if (i < 0)
			break;
		note(w, DETAIL, step, &w->view[DETAIL].b[i].g, why);
		why = GATE_DIFFERENCE;
		world_wait(w, DETAIL, step, w->view[DETAIL].b[i].g.cells);
		drop(w, i);
	}
	for (int i = 0; i < w->view[DETAIL].n; i++) {
		struct block *b = &w->view[DETAIL].b[i];

		if (b->candidate)
			note(w, DETAIL, step, &b->g, GATE_PUBLISHED);
		b->candidate = false;
	}
}

static void offer_detail(struct closing *c, int step, struct period p)
{
	struct world *w = c->w;
	enum level level = w->t->view[DETAIL].step[step].level;
	struct group waits[LATTICE_LEAVES_MAX], pass[LATTICE_LEAVES_MAX];
	int n_waits = 0, n_pass = 0;

	for (int i = 0; i < strata_at(w->t, level); i++) {
		struct group g;
		enum gate_verdict v;

		name_group(c, &g, DETAIL, step, p, (struct stratum){level, i});
		if (cells_empty(g.cells))
			continue;
		world_count(w, DETAIL, &g);
		if (c->past)
			v = published_then(c->past, DETAIL, step, g.cells)
				    ? GATE_PUBLISHED
				    : GATE_SMALL;
		else
			v = passes(w, DETAIL, &g);
		if (v == GATE_PUBLISHED)
			pass[n_pass++] = g;
		else
			waits[n_waits++] = g;
		if (v != GATE_PUBLISHED && !c->past)
			note(w, DETAIL, step, &g, v);
	}
	/* Only now, so that a group is not judged by its neighbors' waiting. */
	for (int i = 0; i < n_waits; i++)
		world_wait(w, DETAIL, step, waits[i].cells);
	for (int i = 0; i < n_pass; i++) {
		publish(w, &pass[i]);
		w->view[DETAIL].b[w->view[DETAIL].n - 1].candidate = !c->past;
	}
	if (!c->past)
		settle(c, step, p);
}

/* Rule L: what a side view may split are whole blocks of its parent. Before
 * its last step it wants the whole period covered by them. */
static bool side_cells(const struct world *w, int view, int step,
		       struct period p, struct group *g)
{
	const struct view *v = &w->t->view[view];
	const struct blocks *parent = &w->view[v->parent];
	struct cells whole, covered = cells_none();
	struct stratum any = {LEVEL_ANY, 0};

	whole = lattice_cells(&w->t->dim, w->half, p, any);
	for (int i = 0; i < parent->n; i++)
		if (cells_inside(parent->b[i].g.cells, whole))
			covered = cells_or(covered, parent->b[i].g.cells);
	*g = (struct group){.view = (uint8_t)view,
			    .step = (uint8_t)step,
			    .period = p,
			    .stratum = any};
	g->cells = cells_minus(covered, world_covered(w, view));
	if (cells_empty(g->cells))
		return false;
	return step == v->n_steps - 1 || cells_equal(covered, whole);
}

static void offer_side(struct closing *c, int view, int step, struct period p)
{
	struct world *w = c->w;
	enum gate_verdict verdict = GATE_NOT_YET;
	struct group g;

	if (!side_cells(w, view, step, p, &g)) {
		if (!c->past && !cells_empty(g.cells))
			note(w, view, step, &g, verdict);
		return;
	}
	world_count(w, view, &g);
	if (!c->past)
		verdict = passes(w, view, &g);
	else if (published_then(c->past, view, step, g.cells))
		verdict = GATE_PUBLISHED;
	if (verdict == GATE_PUBLISHED)
		publish(w, &g);
	if (!c->past)
		note(w, view, step, &g, verdict);
}

static void offer(struct closing *c, int view, int32_t months)
{
	const struct view *v = &c->w->t->view[view];
	struct period p = period_of(c->month, months);

	for (int s = 0; s < v->n_steps; s++) {
		if (v->step[s].months != months)
			continue;
		if (view == TREND)
			offer_trend(c, s, p);
		else if (view == DETAIL)
			offer_detail(c, s, p);
		else
			offer_side(c, view, s, p);
	}
}

static bool covered_by_trend(const struct world *w, struct cells month)
{
	return cells_inside(month, world_covered(w, TREND));
}

/* Where no trend covers the month, say how much is in no detail block, rounded
 * up to a multiple of the floor. At least one floor: "none" would tell of the
 * groups that waited that they were empty. Only for the month that closes:
 * bounds of several months that overlap would pin each other. */
static bool bound_of(struct closing *c, struct bound *out)
{
	struct world *w = c->w;
	struct stratum any = {LEVEL_ANY, 0};
	struct period p = {c->month, 1};
	struct cells month = lattice_cells(&w->t->dim, w->half, p, any);
	uint32_t n, floors;

	/* Rounded, it would still bound who came into a picture and left it;
	 * and beside that of the same occurrences it would be narrower. */
	if (picture_is(w->t) || w->t->alike || covered_by_trend(w, month))
		return false;
	month = cells_minus(month, world_covered(w, DETAIL));
	n = world_occurrences(w, month, world_any(w));
	floors = n ? (n + w->floor - 1) / w->floor : 1;
	*out = (struct bound){p, (uint8_t)(1u << c->month % LATTICE_MONTHS),
			      floors * w->floor};
	return true;
}

static void remember_bounds(struct world *w, const struct release *r)
{
	struct stratum any = {LEVEL_ANY, 0};

	for (int i = 0; i < r->n_bounds && w->n_stated < LATTICE_MONTHS; i++) {
		struct cells c = lattice_cells(&w->t->dim, w->half,
					       r->bound[i].period, any);

		w->stated[w->n_stated++] = (struct stated){
			cells_minus(c, world_covered(w, DETAIL)),
			r->bound[i].at_most};
	}
}

/* Has the picture that closes its total? */
static bool told(const struct closing *c)
{
	struct stratum any = {LEVEL_ANY, 0};
	struct period p = {c->month, 1};

	return covered_by_trend(
		c->w, lattice_cells(&c->w->t->dim, c->w->half, p, any));
}

static void close_month(struct closing *c)
{
	const int32_t lengths[] = {1, 3, 6};

	if (!picture_due(c->w->t, c->month))
		return;
	for (int i = 0; i < 3; i++) {
		if ((c->month + 1) % lengths[i])
			continue;
		offer(c, TREND, lengths[i]);
		/* Without its total a picture would bound it by its parts. */
		if (picture_is(c->w->t) && !told(c))
			return;
		offer(c, DETAIL, lengths[i]);
	}
	for (int v = DETAIL + 1; v < c->w->t->n_views; v++)
		for (int i = 0; i < 3; i++)
			if ((c->month + 1) % lengths[i] == 0)
				offer(c, v, lengths[i]);
	if (c->past)
		remember_bounds(c->w, c->past);
}

static int by_place(const void *a, const void *b)
{
	const struct group *x = a, *y = b;

	if (x->view != y->view)
		return x->view - y->view;
	if (x->step != y->step)
		return x->step - y->step;
	return cells_next(x->cells, 0) - cells_next(y->cells, 0);
}

/* The groups that the walk of this closing added to each view. */
static int collect(const struct world *w, const int *had, struct release *out)
{
	int n = 0;

	for (int v = 0; v < w->t->n_views; v++)
		n += w->view[v].n - had[v];
	out->group = mem_calloc((size_t)n + 1, sizeof *out->group);
	if (!out->group)
		return err_set(E_NOMEM, "out of memory for a release");
	for (int v = 0; v < w->t->n_views; v++)
		for (int i = had[v]; i < w->view[v].n; i++)
			out->group[out->n_groups++] = w->view[v].b[i].g;
	qsort(out->group, (size_t)out->n_groups, sizeof *out->group, by_place);
	return 0;
}

int gate_close(const struct gate_in *in, struct release *out)
{
	int had[VIEWS_MAX] = {0};
	struct world *w = NULL;
	struct closing c;
	int r;

	out->group = NULL;
	out->n_groups = out->n_bounds = 0;
	if (in->floor < 1)
		return err_set(E_INVALID, "a floor of 0 children");
	r = world_new(&w, in);
	if (r < 0)
		goto out;
	for (int i = 0; i < in->n_earlier; i++) {
		c = (struct closing){w, in->earlier[i]->key.closing,
				     in->earlier[i]};
		close_month(&c);
	}
	for (int v = 0; v < w->t->n_views; v++)
		had[v] = w->view[v].n;
	c = (struct closing){w, in->closing, NULL};
	close_month(&c);
	r = collect(w, had, out);
	if (r < 0)
		goto out;
	if (bound_of(&c, &out->bound[0]))
		out->n_bounds = 1;
out:
	world_free(w);
	return r;
}
