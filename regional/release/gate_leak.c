/* What the blocks together give away: rules J, F and B of gate.h. */
#include "proto/picture.h"
#include "regional/release/gate_world.h"

/* Do the groups that waited at @step of @view cover @left, so few that @n
 * occurrences fill each of them to just under the floor? */
static bool step_forces(const struct world *w, int view, int step,
			struct cells left, uint32_t n)
{
	struct cells cover = cells_none();
	uint32_t groups = 0;

	for (int i = 0; i < w->n_waited[view][step]; i++) {
		struct cells g = w->waited[view][step][i];

		if (!cells_touch(g, left))
			continue;
		groups++;
		cover = cells_or(cover, g);
	}
	if (!groups || !cells_inside(left, cover))
		return false;
	/* Of a picture they wait for many reasons (S, Y): more than fills them
	 * shows that one of them is not small, and tells of none. */
	if (picture_is(w->t))
		return n == (w->floor - 1) * groups;
	return n >= (w->floor - 1) * groups;
}

static bool any_step_forces(const struct world *w, struct cells left,
			    uint32_t n)
{
	for (int view = TREND; view <= DETAIL; view++)
		for (int s = 0; s < w->t->view[view].n_steps; s++)
			if (step_forces(w, view, s, left, n))
				return true;
	return false;
}

/* Has @left exactly one non-zero base outcome? Then its occurrences in *n. */
static bool one_outcome(const struct world *w, struct cells left, uint32_t *n)
{
	const struct view *v = &w->t->view[TREND];
	int outcomes = 0;

	*n = 0;
	for (int o = 0; o < v->n_outcomes; o++) {
		uint32_t k =
			world_occurrences(w, left, w->under[v->outcome[o]]);

		if (k)
			outcomes++;
		*n += k;
	}
	return outcomes == 1;
}

bool world_forced(const struct world *w, struct cells left)
{
	uint32_t n;

	return w->floor > 1 && one_outcome(w, left, &n) &&
	       any_step_forces(w, left, n);
}

/* F where a bound lies inside @left: its lower end alone may fill the groups
 * that waited in it. */
static bool bound_forces(const struct world *w, const struct cells *rest,
			 const uint32_t *taken, struct cells left)
{
	uint32_t n;

	if (!w->n_stated || !one_outcome(w, left, &n))
		return false;
	for (int i = 0; i < w->n_stated; i++) {
		uint32_t most = w->stated[i].at_most;

		if (most > w->floor && !cells_empty(rest[i]) &&
		    cells_inside(rest[i], left) &&
		    most - w->floor + 1 > taken[i] &&
		    any_step_forces(w, rest[i], most - w->floor + 1 - taken[i]))
			return true;
	}
	return false;
}

/* The two differences between the trend blocks whose cells are @around and the
 * detail blocks: what is left of the trend, and of the detail. */
static bool both_sides(const struct world *w, struct cells around,
		       bool (*fn)(void *arg, struct cells around,
				  struct cells left),
		       void *arg)
{
	const struct blocks *d = &w->view[DETAIL];
	struct cells in = cells_none(), out = cells_none();

	for (int i = 0; i < d->n; i++) {
		struct cells c = d->b[i].g.cells;

		if (cells_inside(c, around))
			in = cells_or(in, c);
		if (cells_touch(c, around))
			out = cells_or(out, c);
	}
	if (fn(arg, around, cells_minus(around, in)))
		return true;
	return cells_inside(around, out) &&
	       fn(arg, around, cells_minus(out, around));
}

bool world_differences(const struct world *w, struct cells scope,
		       const struct cells *trend,
		       bool (*fn)(void *arg, struct cells around,
				  struct cells left),
		       void *arg)
{
	struct cells t[LATTICE_MONTHS + 1];
	int n = 0;

	for (int i = 0; i < w->view[TREND].n; i++)
		if (cells_touch(w->view[TREND].b[i].g.cells, scope))
			t[n++] = w->view[TREND].b[i].g.cells;
	if (trend && cells_touch(*trend, scope))
		t[n++] = *trend;
	/* Blocks of the trend are runs of whole months: at most six. */
	for (unsigned s = 1; s < 1u << n; s++) {
		struct cells around = cells_none();

		for (int i = 0; i < n; i++)
			if (s >> i & 1)
				around = cells_or(around, t[i]);
		if (both_sides(w, around, fn, arg))
			return true;
	}
	return false;
}

/* Rule B, beside bounds. The total of @known is known. The bounds in the set
 * @which whose rests lie wholly in it take at least their lower ends there, so
 * what is left for the others is known to be at most `total - low`. */
static bool beside_some(const struct world *w, const struct cells *rest,
			const uint32_t *taken, struct cells known,
			unsigned which, struct leak *what)
{
	uint32_t any = world_any(w), low = 0;
	struct cells others = known;

	for (int i = 0; i < w->n_stated; i++) {
		uint32_t most = w->stated[i].at_most;

		if (!(which >> i & 1))
			continue;
		/* A bound of one floor says only "at most". */
		if (most <= w->floor || cells_empty(rest[i]) ||
		    !cells_inside(rest[i], known) ||
		    most - w->floor + 1 <= taken[i])
			return false;
		low += most - w->floor + 1 - taken[i];
		others = cells_minus(others, rest[i]);
	}
	*what = (struct leak){known, others, any};
	return world_occurrences(w, others, any) &&
	       world_occurrences(w, known, any) < low + w->floor;
}

static bool beside_bounds(const struct world *w, const struct cells *rest,
			  const uint32_t *taken, struct cells known,
			  struct leak *what)
{
	for (unsigned s = 1; s < 1u << w->n_stated; s++)
		if (beside_some(w, rest, taken, known, s, what))
			return true;
	return false;
}

struct search {
	struct world *w;
	struct leak *what;
	const struct cells *rest; /* of each stated bound */
	const uint32_t *taken;	  /* occurrences in blocks inside it */
};

static bool small_or_forced(void *arg, struct cells around, struct cells left)
{
	struct search *s = arg;
	struct world *w = s->w;
	const struct view *v = &w->t->view[TREND];

	if (cells_empty(left))
		return false;
	for (int o = 0; o < v->n_outcomes; o++) {
		uint32_t leaves = w->under[v->outcome[o]];
		uint32_t k = world_children(w, left, leaves);

		if (!k || (k >= w->floor && !world_forced(w, left)))
			continue;
		*s->what = (struct leak){around, left, leaves};
		return true;
	}
	if (bound_forces(w, s->rest, s->taken, left)) {
		*s->what = (struct leak){around, left, world_any(w)};
		return true;
	}
	return beside_bounds(w, s->rest, s->taken, left, s->what);
}

/* Rule B, inside bounds: for every set of them, blocks that lie in their
 * cells leave at most `sum - taken` for the rest. */
static bool inside_bounds(struct world *w, struct leak *what)
{
	const struct blocks *d = &w->view[DETAIL];
	uint32_t any = world_any(w);

	for (unsigned s = 1; s < 1u << w->n_stated; s++) {
		struct cells all = cells_none(), rest;
		uint32_t most = 0, taken = 0;

		for (int i = 0; i < w->n_stated; i++) {
			if (!(s >> i & 1))
				continue;
			all = cells_or(all, w->stated[i].cells);
			most += w->stated[i].at_most;
		}
		rest = all;
		for (int i = 0; i < d->n; i++) {
			if (!cells_inside(d->b[i].g.cells, all))
				continue;
			rest = cells_minus(rest, d->b[i].g.cells);
			taken += world_occurrences(w, d->b[i].g.cells, any);
		}
		*what = (struct leak){all, rest, any};
		if (world_occurrences(w, rest, any) && most < taken + w->floor)
			return true;
	}
	return false;
}

/* What each bound still speaks of, after the blocks that lie inside it. */
static void rests_of_bounds(const struct world *w, struct cells *rest,
			    uint32_t *taken)
{
	const struct blocks *d = &w->view[DETAIL];

	for (int i = 0; i < w->n_stated; i++) {
		rest[i] = w->stated[i].cells;
		taken[i] = 0;
		for (int j = 0; j < d->n; j++) {
			struct cells c = d->b[j].g.cells;

			if (!cells_inside(c, w->stated[i].cells))
				continue;
			rest[i] = cells_minus(rest[i], c);
			taken[i] += world_occurrences(w, c, world_any(w));
		}
	}
}

bool world_leak(struct world *w, struct period scope, const struct cells *trend,
		struct leak *what)
{
	struct cells rest[LATTICE_MONTHS];
	uint32_t taken[LATTICE_MONTHS];
	struct search s = {w, what, rest, taken};
	struct stratum any = {LEVEL_ANY, 0};

	if (w->floor < 2)
		return false;
	rests_of_bounds(w, rest, taken);
	if (world_differences(w, lattice_cells(&w->t->dim, w->half, scope, any),
			      trend, small_or_forced, &s))
		return true;
	if (!w->n_stated)
		return false;
	for (int i = 0; i < w->view[DETAIL].n; i++)
		if (beside_bounds(w, rest, taken, w->view[DETAIL].b[i].g.cells,
				  what))
			return true;
	return inside_bounds(w, what);
}
