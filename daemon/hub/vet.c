#include "daemon/hub/vet.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "proto/catalogue.h"
#include "proto/picture.h"
#include "proto/vocabulary.h"

struct vetting {
	const struct fact_table *t;
	const struct release *r;
	int32_t half;
	struct cells open; /* cells of months after the closing */
	char *why;
};

__attribute__((format(printf, 3, 4))) static int
refuse(char why[VET_WHY], uint32_t code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why, VET_WHY, fmt, ap);
	va_end(ap);
	return (int)code;
}

/* A cell's number depends on how many strata the vocabulary has, so the two
 * sides must have the same one. */
static int check_definition(const struct catalogue *c, const struct release *r,
			    const struct fact_table **out, char *why)
{
	int i = catalogue_find_table(c, r->key.table);
	const struct fact_table *t;

	if (i < 0)
		return refuse(why, REFUSED_DEFINITION,
			      "the hub has no fact table %s", r->key.table);
	t = catalogue_table(c, i);
	if (r->table_version != (uint32_t)t->version ||
	    memcmp(r->table_hash, t->hash, sizeof t->hash) != 0)
		return refuse(why, REFUSED_DEFINITION,
			      "the hub has another definition of %s (version "
			      "%d)",
			      t->id, t->version);
	if (r->vocabulary !=
	    (uint32_t)vocabulary_version(catalogue_vocabulary(c)))
		return refuse(why, REFUSED_DEFINITION,
			      "the hub has another vocabulary (version %d)",
			      vocabulary_version(catalogue_vocabulary(c)));
	*out = t;
	return 0;
}

static int check_terms(const struct vetting *v, const struct policy *p,
		       int32_t today)
{
	const struct release *r = v->r;

	/* What is not of children has no minimum. */
	if (v->t->plain ? r->floor != 1 : r->floor < p->floor)
		return refuse(v->why, REFUSED_FLOOR,
			      "its floor is %u, the policy's %u",
			      (unsigned)r->floor,
			      v->t->plain ? 1 : (unsigned)p->floor);
	if (!picture_due(v->t, r->key.closing) &&
	    (r->n_groups > 0 || r->n_bounds > 0))
		return refuse(v->why, REFUSED_CONTENT,
			      "%s shows nothing in the month it closes",
			      v->t->id);
	if (r->key.closing < v->t->starts)
		return refuse(v->why, REFUSED_CONTENT,
			      "it closes a month before %s counts", v->t->id);
	/* A synthetic network lives by a clock of its own. */
	if (p->kind != NETWORK_SYNTHETIC &&
	    today <= fact_table_matured(v->t, r->key.closing))
		return refuse(v->why, REFUSED_CONTENT,
			      "it closes a month that is not over");
	return 0;
}

static bool place_fits(const struct vetting *v, const struct group *g,
		       const struct step *s)
{
	const struct dim *d = &v->t->dim;
	struct cells all;

	if (g->period.months != s->months || g->stratum.level != s->level ||
	    g->period.month % s->months != 0 ||
	    lattice_half(g->period.month) != v->half)
		return false;
	switch (g->stratum.level) {
	case LEVEL_LEAF:
		if (g->stratum.no < 0 || g->stratum.no >= d->leaves)
			return false;
		break;
	case LEVEL_GROUP:
		if (g->stratum.no < 0 || g->stratum.no >= d->groups)
			return false;
		break;
	case LEVEL_ANY:
		if (g->stratum.no != 0)
			return false;
		break;
	default:
		return false;
	}
	all = lattice_cells(d, v->half, g->period, g->stratum);
	return !cells_empty(g->cells) && cells_inside(g->cells, all) &&
	       !cells_touch(g->cells, v->open);
}

/* A trend block is of whole months: what waits is worked out by month. */
static bool whole_months(const struct vetting *v, const struct group *g)
{
	struct stratum any = {LEVEL_ANY, 0};

	for (int m = 0; m < LATTICE_MONTHS; m++) {
		struct period p = {v->half * LATTICE_MONTHS + m, 1};
		struct cells month = lattice_cells(&v->t->dim, v->half, p, any);

		if (cells_touch(g->cells, month) &&
		    !cells_inside(month, g->cells))
			return false;
	}
	return true;
}

static int check_group(const struct vetting *v, const struct group *g)
{
	const struct view *w;
	bool any = false;

	if (g->view >= v->t->n_views || g->step >= v->t->view[g->view].n_steps)
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of no view or step");
	w = &v->t->view[g->view];
	if (g->n != w->n_outcomes)
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of %s has %d outcomes, not %d", w->id,
			      g->n, w->n_outcomes);
	if (!place_fits(v, g, &w->step[g->step]))
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of %s is not where its step says",
			      w->id);
	if (picture_is(v->t) && g->period.month != v->r->key.closing)
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of %s is not of the picture that it "
			      "closes",
			      w->id);
	if (w->kind == VIEW_TREND && !whole_months(v, g))
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of %s is not of whole months", w->id);
	for (int o = 0; o < g->n; o++) {
		any |= g->count[o] > 0;
		if (g->count[o] > 0 && g->count[o] < v->r->floor)
			return refuse(v->why, REFUSED_FLOOR,
				      "an event of %s is under the floor of %u",
				      w->id, (unsigned)v->r->floor);
	}
	if (!any)
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of %s counts nothing", w->id);
	return 0;
}

static int check_bound(const struct vetting *v, const struct bound *b)
{
	int32_t first = v->half * LATTICE_MONTHS;
	int last = v->r->key.closing - first;
	bool fits = b->period.months >= 1 &&
		    lattice_half(b->period.month) == v->half &&
		    b->months != 0 && b->months < 1 << (last + 1);

	for (int m = 0; m < LATTICE_MONTHS && fits; m++)
		if (b->months >> m & 1)
			fits = first + m >= b->period.month &&
			       first + m < b->period.month + b->period.months;
	if (!fits)
		return refuse(v->why, REFUSED_CONTENT,
			      "a bound speaks of other months");
	if (b->at_most == 0 || b->at_most % v->r->floor != 0)
		return refuse(v->why, REFUSED_FLOOR,
			      "a bound is no multiple of the floor");
	return 0;
}

static bool overlap(const struct release *a, const struct release *b)
{
	for (int i = 0; i < a->n_groups; i++)
		for (int k = a == b ? i + 1 : 0; k < b->n_groups; k++)
			if (a->group[i].view == b->group[k].view &&
			    cells_touch(a->group[i].cells, b->group[k].cells))
				return true;
	return false;
}

/* Of the blocks of view @view inside @c: their cells, and how often outcome
 * @o (index in the table). */
static int64_t sum_inside(const struct vetting *v, int view, struct cells c,
			  int o, struct cells *covered)
{
	const struct view *w = &v->t->view[view];
	int64_t sum = 0;

	*covered = cells_none();
	for (int i = 0; i < v->r->n_groups; i++) {
		const struct group *g = &v->r->group[i];

		if (g->view != view || !cells_inside(g->cells, c))
			continue;
		*covered = cells_or(*covered, g->cells);
		for (int k = 0; k < w->n_outcomes; k++)
			if (w->outcome[k] == o)
				sum += g->count[k];
	}
	return sum;
}

/* What detail says of a trend block's cells is not more than the trend; if it
 * covers them, as much. */
static int check_trend(const struct vetting *v, const struct group *g)
{
	const struct view *w = &v->t->view[g->view];

	for (int k = 0; k < w->n_outcomes; k++) {
		struct cells covered;
		int64_t sum;

		for (int d = 0; d < v->t->n_views; d++) {
			if (v->t->view[d].kind != VIEW_DETAIL)
				continue;
			sum = sum_inside(v, d, g->cells, w->outcome[k],
					 &covered);
			if (sum > g->count[k] ||
			    (sum < g->count[k] &&
			     cells_equal(covered, g->cells)))
				return refuse(
					v->why, REFUSED_CONTENT,
					"blocks of %s and %s do not agree",
					w->id, v->t->view[d].id);
		}
	}
	return 0;
}

/* A side block shares out what the blocks of its parent say of its cells. */
static int check_side(const struct vetting *v, const struct group *g)
{
	const struct view *w = &v->t->view[g->view];
	struct cells covered;
	int64_t parent, sum = 0;

	parent = sum_inside(v, w->parent, g->cells, w->splits, &covered);
	for (int k = 0; k < g->n; k++)
		sum += g->count[k];
	if (cells_equal(covered, g->cells) ? sum != parent : sum < parent)
		return refuse(v->why, REFUSED_CONTENT,
			      "a block of %s does not share out its total",
			      w->id);
	return 0;
}

static int check_sums(const struct vetting *v)
{
	int x = 0;

	for (int i = 0; i < v->r->n_groups && x == 0; i++) {
		const struct group *g = &v->r->group[i];

		switch (v->t->view[g->view].kind) {
		case VIEW_TREND:
			x = check_trend(v, g);
			break;
		case VIEW_SIDE:
			x = check_side(v, g);
			break;
		case VIEW_DETAIL:
			break;
		}
	}
	return x;
}

int vet_release(const struct catalogue *c, const struct release *r,
		const struct policy *p, int32_t today, char why[VET_WHY])
{
	struct vetting v = {.r = r, .why = why};
	struct stratum any = {LEVEL_ANY, 0};
	int x;

	x = check_definition(c, r, &v.t, why);
	if (x)
		return x;
	v.half = lattice_half(r->key.closing);
	v.open = lattice_cells(
		&v.t->dim, v.half,
		(struct period){r->key.closing + 1, LATTICE_MONTHS}, any);
	x = check_terms(&v, p, today);
	for (int i = 0; i < r->n_groups && x == 0; i++)
		x = check_group(&v, &r->group[i]);
	for (int i = 0; i < r->n_bounds && x == 0; i++)
		x = check_bound(&v, &r->bound[i]);
	if (x)
		return x;
	if (overlap(r, r))
		return refuse(why, REFUSED_CONTENT,
			      "two blocks of one view overlap");
	return check_sums(&v);
}

int vet_beside(const struct release *r, const struct release *other,
	       char why[VET_WHY])
{
	if (overlap(r, other))
		return refuse(why, REFUSED_CONTENT,
			      "a block overlaps one of an earlier closing");
	return 0;
}
