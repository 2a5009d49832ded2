#include "regional/release/gate_world.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

static int by_child(const void *a, const void *b)
{
	uint32_t x = ((const struct gate_fact *)a)->child;
	uint32_t y = ((const struct gate_fact *)b)->child;

	return (x > y) - (x < y);
}

static int by_cell(const void *a, const void *b)
{
	const struct gate_fact *x = a, *y = b;

	if (x->cell != y->cell)
		return (x->cell > y->cell) - (x->cell < y->cell);
	return (x->child > y->child) - (x->child < y->child);
}

/* Number the children 0, 1, ... so that stamps can stand in an array, then
 * put the facts in order of their cells. */
static int sort_facts(struct world *w, const struct gate_fact *fact, size_t n)
{
	uint32_t children = 0;

	w->fact = mem_calloc(n + 1, sizeof *w->fact);
	w->stamp = mem_calloc(n + 1, sizeof *w->stamp);
	if (!w->fact || !w->stamp)
		return err_set(E_NOMEM, "out of memory for %zu facts", n);
	if (n)
		memcpy(w->fact, fact, n * sizeof *fact);
	qsort(w->fact, n, sizeof *w->fact, by_child);
	for (size_t i = 0, first = 0; i < n; i++) {
		if (i && w->fact[i].child != w->fact[first].child) {
			children++;
			first = i;
		}
		w->stamp[i] = children;
	}
	for (size_t i = 0; i < n; i++)
		w->fact[i].child = w->stamp[i];
	memset(w->stamp, 0, n * sizeof *w->stamp);
	qsort(w->fact, n, sizeof *w->fact, by_cell);

	size_t i = 0;
	for (int c = 0; c < CELLS_MAX; c++) {
		w->start[c] = i;
		for (; i < n && w->fact[i].cell == c; i++)
			w->occurrences[c][w->fact[i].outcome]++;
	}
	w->start[CELLS_MAX] = i;
	return 0;
}

static void find_leaves(struct world *w)
{
	const struct fact_table *t = w->t;
	bool has_child[OUTCOMES_MAX] = {false};

	for (int o = 0; o < t->n_outcomes; o++)
		if (t->outcome[o].parent >= 0)
			has_child[t->outcome[o].parent] = true;
	for (int o = 0; o < t->n_outcomes; o++) {
		if (has_child[o])
			continue;
		for (int a = o; a >= 0; a = t->outcome[a].parent)
			w->under[a] |= (uint32_t)1 << o;
	}
}

int world_check_facts(const struct fact_table *t, const struct gate_fact *fact,
		      size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (fact[i].outcome >= t->n_outcomes)
			return err_set(E_INVALID, "a fact has no outcome");
		if (fact[i].cell >= CELLS_MAX)
			return err_set(E_INVALID, "a fact lies in no cell");
	}
	return 0;
}

/* Trend and detail alone: a side view splits blocks of its own table. */
static int take_like(struct world *w, const struct gate_in *in)
{
	int n = 0;

	for (int i = 0; i < in->n_like; i++)
		n += in->like[i]->n_groups;
	w->like = mem_calloc((size_t)n + 1, sizeof *w->like);
	if (!w->like)
		return E_NOMEM;
	for (int i = 0; i < in->n_like; i++)
		for (int g = 0; g < in->like[i]->n_groups; g++) {
			const struct group *x = &in->like[i]->group[g];

			if (x->view <= DETAIL)
				w->like[w->n_like++] = (struct like){
					x->cells, in->like[i]->key.closing,
					x->view};
		}
	return 0;
}

int world_new(struct world **out, const struct gate_in *in)
{
	struct world *w;
	int r = world_check_facts(in->table, in->fact, in->n_facts);

	if (r < 0)
		return r;
	r = E_NOMEM;
	w = mem_calloc(1, sizeof *w);
	if (!w)
		goto out;
	w->t = in->table;
	w->floor = in->floor;
	w->half = lattice_half(in->closing);
	w->trend_first = in->trend_first;
	w->note = in->note;
	w->note_arg = in->note_arg;
	find_leaves(w);
	w->view = mem_calloc((size_t)w->t->n_views, sizeof *w->view);
	w->waited = mem_calloc(2, sizeof *w->waited);
	if (!w->view || !w->waited)
		goto out;
	r = sort_facts(w, in->fact, in->n_facts);
	if (r == 0)
		r = take_like(w, in);
	if (r == 0 && in->picture)
		r = moves_new(&w->moves, in);
	if (r < 0)
		goto out;
	*out = w;
	w = NULL;
out:
	world_free(w);
	return r == E_NOMEM ? err_set(r, "out of memory in the gate") : r;
}

void world_free(struct world *w)
{
	if (!w)
		return;
	mem_free(w->fact);
	mem_free(w->stamp);
	mem_free(w->view);
	mem_free(w->waited);
	mem_free(w->like);
	moves_free(w->moves);
	mem_free(w);
}

struct cells world_alike(const struct world *w, int view, int32_t through,
			 struct cells cells)
{
	struct cells out = cells_none();

	if (!w->t->alike)
		return cells;
	for (int i = 0; i < w->n_like; i++) {
		const struct like *l = &w->like[i];

		if (l->view == view && l->closing <= through &&
		    cells_inside(l->cells, cells))
			out = cells_or(out, l->cells);
	}
	return out;
}

uint32_t world_any(const struct world *w)
{
	uint32_t any = 0;

	for (int o = 0; o < w->t->n_outcomes; o++)
		any |= w->under[o];
	return any;
}

uint32_t world_occurrences(const struct world *w, struct cells c,
			   uint32_t leaves)
{
	uint32_t n = 0;

	for (int i = cells_next(c, 0); i >= 0; i = cells_next(c, i + 1))
		for (uint32_t l = leaves; l; l &= l - 1)
			n += w->occurrences[i][__builtin_ctz(l)];
	return n;
}

uint32_t world_children(struct world *w, struct cells c, uint32_t leaves)
{
	uint32_t n = 0;

	w->tick++;
	for (int i = cells_next(c, 0); i >= 0; i = cells_next(c, i + 1)) {
		for (size_t f = w->start[i]; f < w->start[i + 1]; f++) {
			const struct gate_fact *x = &w->fact[f];

			if (!(leaves >> x->outcome & 1) ||
			    w->stamp[x->child] == w->tick)
				continue;
			w->stamp[x->child] = w->tick;
			if (++n >= w->floor)
				return n;
		}
	}
	return n;
}

struct cells world_covered(const struct world *w, int view)
{
	struct cells c = cells_none();

	for (int i = 0; i < w->view[view].n; i++)
		c = cells_or(c, w->view[view].b[i].g.cells);
	return c;
}

void world_count(const struct world *w, int view, struct group *g)
{
	const struct view *v = &w->t->view[view];

	g->n = (uint8_t)v->n_outcomes;
	for (int i = 0; i < v->n_outcomes; i++)
		g->count[i] =
			world_occurrences(w, g->cells, w->under[v->outcome[i]]);
}

void world_wait(struct world *w, int view, int step, struct cells c)
{
	assert(view == TREND || view == DETAIL);
	assert(w->n_waited[view][step] < WAITED_MAX);
	w->waited[view][step][w->n_waited[view][step]++] = c;
}
