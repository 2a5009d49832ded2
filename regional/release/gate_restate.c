/* Rule V: when what left may be said again with other numbers. */
#include <stdlib.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/release/gate_world.h"

struct compare {
	const struct gate_in *now;
	const struct gate_version *was;
	struct world *world; /* of now, for leaves and floor */
	/* The facts as now and as one earlier version had them, one after the
	 * other, so that a child can be compared with itself. */
	struct change *change;
	bool moved; /* some block changes */
	bool bad;
};

static int by_child(const void *a, const void *b)
{
	uint32_t x = ((const struct change *)a)->child;
	uint32_t y = ((const struct change *)b)->child;

	return (x > y) - (x < y);
}

static size_t gather(const struct gate_fact *fact, size_t n, struct cells at,
		     uint32_t leaves, int32_t by, struct change *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (cells_has(at, fact[i].cell) &&
		    leaves >> fact[i].outcome & 1)
			out[k++] = (struct change){fact[i].child, by};
	return k;
}

bool change_allowed(struct change *x, size_t n, uint32_t floor, bool *moved)
{
	uint32_t children = 0;
	int64_t net = 0;

	for (size_t i = 0; i < n; i++)
		net += x[i].by;
	if (net == 0)
		return true;
	*moved = true;
	if (llabs(net) < floor)
		return false;
	qsort(x, n, sizeof *x, by_child);
	for (size_t i = 0; i < n;) {
		uint32_t child = x[i].child;
		int32_t sum = 0;

		for (; i < n && x[i].child == child; i++)
			sum += x[i].by;
		if (sum)
			children++;
	}
	return children >= floor;
}

static bool allowed(struct compare *c, struct cells at, uint32_t leaves,
		    bool *moved)
{
	struct change *x = c->change;
	size_t n;

	n = gather(c->now->fact, c->now->n_facts, at, leaves, 1, x);
	n += gather(c->was->fact, c->was->n_facts, at, leaves, -1, x + n);
	return change_allowed(x, n, c->now->floor, moved);
}

/* Outcome by outcome and in every sum of them: 12 more of the one and 11 fewer
 * of the other would tell that one came to light. */
static bool sums_allowed(struct compare *c, const struct view *v,
			 struct cells at, bool *moved)
{
	for (uint32_t set = 1; set < UINT32_C(1) << v->n_outcomes; set++) {
		uint32_t leaves = 0;

		for (int o = 0; o < v->n_outcomes; o++)
			if (set >> o & 1)
				leaves |= c->world->under[v->outcome[o]];
		if (!allowed(c, at, leaves, moved))
			return false;
	}
	return true;
}

static bool difference_bad(void *arg, struct cells around, struct cells left)
{
	struct compare *c = arg;
	bool moved;

	c->bad = !sums_allowed(c, &c->world->t->view[TREND], left, &moved);
	return c->bad;
}

static void compare_version(struct compare *c)
{
	struct world *w = c->world;
	struct stratum any = {LEVEL_ANY, 0};
	struct period half = {w->half * LATTICE_MONTHS, LATTICE_MONTHS};

	for (int v = 0; v < w->t->n_views && !c->bad; v++)
		for (int b = 0; b < w->view[v].n && !c->bad; b++)
			c->bad = !sums_allowed(c, &w->t->view[v],
					       w->view[v].b[b].g.cells,
					       &c->moved);
	if (!c->bad && c->moved)
		world_differences(w,
				  lattice_cells(&w->t->dim, w->half, half, any),
				  NULL, difference_bad, c);
}

/* Room for one more block of @view: a trend's are runs of whole months. What
 * came back from the hub may hold what this gate would never have made. */
static bool has_room(const struct world *w, int view)
{
	return view < w->t->n_views &&
	       w->view[view].n < (view == TREND ? LATTICE_MONTHS : BLOCKS_MAX);
}

/* Lay out the blocks with the facts as they are now, and the bounds with what
 * they spoke of. False: a bound would no longer be true (a reader takes it for
 * the next multiple of the floor), or the releases are none of this gate's. */
static bool put_blocks(struct world *w, const struct gate_in *in)
{
	struct stratum any = {LEVEL_ANY, 0};

	for (int i = 0; i < in->n_earlier; i++) {
		const struct release *r = in->earlier[i];

		for (int g = 0; g < r->n_groups; g++) {
			struct group x = r->group[g];
			struct blocks *b;

			if (!has_room(w, x.view))
				return false;
			b = &w->view[x.view];
			world_count(w, x.view, &x);
			b->b[b->n++] = (struct block){.g = x};
		}
		for (int b = 0; b < r->n_bounds; b++) {
			struct cells c = lattice_cells(&w->t->dim, w->half,
						       r->bound[b].period, any);
			uint32_t most = r->bound[b].at_most, n;

			if (w->n_stated == LATTICE_MONTHS)
				return false;
			c = cells_minus(c, world_covered(w, DETAIL));
			n = world_occurrences(w, c, world_any(w));
			if (n > most ||
			    (most > w->floor && n + w->floor <= most))
				return false;
			w->stated[w->n_stated++] =
				(struct stated){c, r->bound[b].at_most};
		}
	}
	return true;
}

/* The new numbers have to stand by themselves as first ones do. */
static bool stands(struct world *w)
{
	struct period half = {w->half * LATTICE_MONTHS, LATTICE_MONTHS};
	struct leak leak;

	for (int v = 0; v < w->t->n_views; v++)
		for (int b = 0; b < w->view[v].n; b++)
			for (int o = 0; o < w->t->view[v].n_outcomes; o++) {
				uint32_t k = world_children(
					w, w->view[v].b[b].g.cells,
					w->under[w->t->view[v].outcome[o]]);

				if (k && k < w->floor)
					return false;
			}
	return !world_leak(w, half, NULL, &leak);
}

int gate_may_restate(const struct gate_in *now, const struct gate_version *was,
		     int n_was)
{
	struct compare c = {.now = now};
	size_t most = 0;
	int r;

	for (int i = 0; i < n_was; i++) {
		if (was[i].n_facts > most)
			most = was[i].n_facts;
		r = world_check_facts(now->table, was[i].fact, was[i].n_facts);
		if (r < 0)
			return r;
	}
	r = world_new(&c.world, now);
	if (r < 0)
		goto out;
	c.change = mem_calloc(now->n_facts + most + 1, sizeof *c.change);
	if (!c.change) {
		r = err_set(E_NOMEM, "out of memory comparing versions");
		goto out;
	}
	r = GATE_KEEP;
	c.bad = !put_blocks(c.world, now);
	for (int i = 0; i < n_was && !c.bad; i++) {
		c.was = &was[i];
		c.moved = false;
		compare_version(&c);
	}
	/* c.moved: against the newest version, which is the last. */
	if (!c.bad && c.moved && stands(c.world))
		r = GATE_RESTATE;
out:
	mem_free(c.change);
	world_free(c.world);
	return r;
}

int gate_recount(const struct gate_in *now, const struct release *was,
		 struct release *out)
{
	struct world *w = NULL;
	int r;

	*out = *was;
	out->n_groups = 0;
	out->group = mem_calloc((size_t)was->n_groups + 1, sizeof *out->group);
	if (!out->group)
		return err_set(E_NOMEM, "out of memory for a release");
	r = world_new(&w, now);
	if (r < 0)
		goto out;
	for (int i = 0; i < was->n_groups; i++) {
		struct group g = was->group[i];

		world_count(w, g.view, &g);
		out->group[out->n_groups++] = g;
	}
out:
	world_free(w);
	if (r < 0)
		release_fini(out);
	return r;
}

static size_t gather_year(const struct gate_member *member, size_t n,
			  uint32_t outcomes, int32_t by, struct change *out)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (outcomes >> member[i].outcome & 1)
			out[k++] = (struct change){member[i].child, by};
	return k;
}

int restates_well(const struct gate_in *in, bool *well)
{
	uint32_t all = (UINT32_C(1) << in->table->n_outcomes) - 1;
	const struct gate_picture *p = in->picture;
	struct change *x;
	size_t most = 0;
	bool moved;

	for (int i = 0; i < p->n_was; i++)
		most = p->was[i].n > most ? p->was[i].n : most;
	x = mem_calloc(p->n_now + most + 1, sizeof *x);
	if (!x)
		return err_set(E_NOMEM, "out of memory comparing two years");
	*well = p->n_was > 0;
	for (int i = 0; i < p->n_was; i++)
		for (uint32_t set = 1; set <= all && *well; set++) {
			size_t n = gather_year(p->now, p->n_now, set, 1, x);

			n += gather_year(p->was[i].member, p->was[i].n, set, -1,
					 x + n);
			*well = change_allowed(x, n, in->floor, &moved);
		}
	mem_free(x);
	return 0;
}
