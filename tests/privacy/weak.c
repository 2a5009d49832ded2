#include "tests/privacy/weak.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/lattice.h"

enum { ROOM = LATTICE_MONTHS * LATTICE_LEAVES_MAX, CHILDREN = 1 << 16 };

struct gate {
	const struct fact_table *t;
	const struct world_half *facts;
	size_t n_facts;
	int32_t half;
	uint32_t floor;
	enum weak how;
	int n[2]; /* trend, detail */
	struct group block[2][ROOM];
	int32_t month;
	uint32_t *seen, now;
};

static bool under(const struct fact_table *t, int o, int a)
{
	while (o >= 0 && o != a)
		o = t->outcome[o].parent;
	return o == a;
}

static uint32_t occurrences(const struct gate *g, struct cells c, int o)
{
	uint32_t n = 0;

	for (size_t i = 0; i < g->n_facts; i++)
		n += cells_has(c, g->facts->fact[i].cell) &&
		     under(g->t, g->facts->fact[i].outcome, o);
	return n;
}

static uint32_t children(struct gate *g, struct cells c, int o)
{
	uint32_t n = 0;

	g->now++;
	for (size_t i = 0; i < g->n_facts; i++) {
		const struct gate_fact *f = &g->facts->fact[i];

		if (!cells_has(c, f->cell) || !under(g->t, f->outcome, o) ||
		    g->seen[f->child] == g->now)
			continue;
		g->seen[f->child] = g->now;
		n++;
	}
	return n;
}

static bool few(struct gate *g, struct cells c, int o)
{
	uint32_t n = g->how == WEAK_OCCURRENCES ? occurrences(g, c, o)
						: children(g, c, o);

	return n > 0 && n < g->floor;
}

static bool small(struct gate *g, struct cells c)
{
	for (int o = 0; o < g->t->n_outcomes; o++)
		if (g->t->outcome[o].parent < 0 && few(g, c, o))
			return true;
	return false;
}

static struct cells covered(const struct gate *g, int view)
{
	struct cells c = cells_none();

	for (int i = 0; i < g->n[view]; i++)
		c = cells_or(c, g->block[view][i].cells);
	return c;
}

/* Is one of the two differences around these trend cells small? */
static bool bad_around(struct gate *g, struct cells around)
{
	struct cells in = cells_none(), out = cells_none();

	for (int i = 0; i < g->n[1]; i++) {
		struct cells c = g->block[1][i].cells;

		if (cells_inside(c, around))
			in = cells_or(in, c);
		if (cells_touch(c, around))
			out = cells_or(out, c);
	}
	return small(g, cells_minus(around, in)) ||
	       (cells_inside(around, out) &&
		small(g, cells_minus(out, around)));
}

/* Are these the trend blocks that one month, quarter or half-year touches? */
static bool single_period(const struct gate *g, unsigned some)
{
	for (int months = 1; months <= 6; months += months > 1 ? 3 : 2)
		for (int from = 0; from < LATTICE_MONTHS; from += months) {
			struct period p = {g->half * LATTICE_MONTHS + from,
					   months};
			struct cells c =
				lattice_cells(&g->t->dim, g->half, p,
					      (struct stratum){LEVEL_ANY, 0});
			unsigned touch = 0;

			for (int i = 0; i < g->n[0]; i++)
				if (cells_touch(c, g->block[0][i].cells))
					touch |= 1u << i;
			if (touch == some)
				return true;
		}
	return false;
}

static bool bad(struct gate *g)
{
	if (g->how == WEAK_ALONE)
		return false;
	for (unsigned some = 1; some < 1u << g->n[0]; some++) {
		struct cells around = cells_none();

		if (g->how == WEAK_POINTS && !single_period(g, some))
			continue;
		for (int i = 0; i < g->n[0]; i++)
			if (some >> i & 1)
				around = cells_or(around, g->block[0][i].cells);
		if (bad_around(g, around))
			return true;
	}
	return false;
}

static bool put(struct gate *g, int view, int step, struct period p,
		struct stratum s)
{
	struct group *b = &g->block[view][g->n[view]];
	const struct view *v = &g->t->view[view];
	uint32_t all = 0;

	*b = (struct group){.view = (uint8_t)view,
			    .step = (uint8_t)step,
			    .period = p,
			    .stratum = s,
			    .n = (uint8_t)v->n_outcomes};
	b->cells = cells_minus(lattice_cells(&g->t->dim, g->half, p, s),
			       covered(g, view));
	for (int o = 0; o < v->n_outcomes; o++) {
		b->count[o] = occurrences(g, b->cells, v->outcome[o]);
		all += b->count[o];
	}
	if (all == 0 || small(g, b->cells))
		return false;
	g->n[view]++;
	return true;
}

static uint32_t total(const struct group *b)
{
	uint32_t n = 0;

	for (int o = 0; o < b->n; o++)
		n += b->count[o];
	return n;
}

static void drop_smallest(struct gate *g, int view, int from)
{
	struct group *b = g->block[view];
	int least = from;

	for (int i = from + 1; i < g->n[view]; i++)
		if (total(&b[i]) < total(&b[least]))
			least = i;
	b[least] = b[--g->n[view]];
}

static void offer(struct gate *g, int view, int step)
{
	const struct step *s = &g->t->view[view].step[step];
	int many[] = {g->t->dim.leaves, g->t->dim.groups, 1};
	struct period p = period_of(g->month, s->months);
	int from = g->n[view];

	if ((g->month + 1) % s->months != 0)
		return;
	for (int i = 0; i < many[s->level]; i++)
		put(g, view, step, p, (struct stratum){s->level, i});
	while (g->n[view] > from && bad(g))
		drop_smallest(g, view, from);
}

static int take(const struct gate *g, const int *had, struct release *out)
{
	int n = g->n[0] - had[0] + g->n[1] - had[1];

	*out = (struct release){.floor = g->floor};
	out->key.closing = g->month;
	out->key.epoch = out->key.version = 1;
	out->group = mem_calloc((size_t)n + 1, sizeof *out->group);
	if (!out->group)
		return E_NOMEM;
	for (int v = 0; v < 2; v++)
		for (int i = had[v]; i < g->n[v]; i++)
			out->group[out->n_groups++] = g->block[v][i];
	return 0;
}

int weak_close(const struct world *w, int half, uint32_t floor, enum weak how,
	       struct release *out)
{
	struct gate *g = mem_calloc(1, sizeof *g);
	int r = E_NOMEM, first = world_trend_first(w, half);

	if (!g)
		goto out;
	g->t = w->table;
	g->facts = &w->half[half];
	g->half = lattice_half(world_month(w, half));
	g->floor = floor;
	g->how = how;
	g->seen = mem_calloc(CHILDREN, sizeof *g->seen);
	if (!g->seen)
		goto out;
	for (int m = 0; m < LATTICE_MONTHS; m++) {
		int had[2] = {g->n[0], g->n[1]};

		g->month = world_month(w, half) + m;
		g->n_facts = g->facts->month_end[m];
		for (int months = 1; months <= 6; months += months > 1 ? 3 : 2)
			for (int v = 0; v < 2; v++)
				for (int s = v ? 0 : first;
				     s < g->t->view[v].n_steps; s++)
					if (g->t->view[v].step[s].months ==
					    months)
						offer(g, v, s);
		r = take(g, had, &out[m]);
		if (r < 0)
			goto out;
	}
out:
	if (g)
		mem_free(g->seen);
	mem_free(g);
	return r;
}
