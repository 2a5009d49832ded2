/* Accounts: where every fact of the closed months is. Each figure is counted
 * by itself, so that a wrong one shows: what left from the releases' bytes,
 * what is held from the counted facts, and drift occurrence by occurrence. */
#include "regional/release/release_parts.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "proto/picture.h"
#include "regional/node.h"

/* Which facts a view speaks of: all, or those under the outcome it splits. */
static bool in_view(const struct fact_table *t, int view, int outcome)
{
	const struct view *v = &t->view[view];

	return v->kind != VIEW_SIDE || fact_table_under(t, outcome, v->splits);
}

struct accounting {
	struct node *n;
	const struct fact_table *t;
	int view;
	int32_t closed;
	struct facts_now now;
	struct account *out;
};

static int64_t published(const struct accounting *a,
			 const struct half_releases *h)
{
	int64_t sum = 0;

	for (int i = 0; i < h->n; i++) {
		for (int k = 0; k < h->release[i].n_groups; k++) {
			const struct group *g = &h->release[i].group[k];

			for (int o = 0; g->view == a->view && o < g->n; o++)
				sum += g->count[o];
		}
	}
	return sum;
}

/* Differences between what was counted and today's record. */
static void drift_of_counted(struct accounting *a, const struct tally *y)
{
	for (size_t i = 0; i < y->n; i++) {
		int64_t at = release_facts_find(&a->now, y->row[i].occurrence);
		bool was = in_view(a->t, a->view, y->fact[i].outcome);
		const struct fact *f = at < 0 ? NULL : &a->now.fact[at];
		bool is = f && in_view(a->t, a->view, f->outcome);

		if (is && !was)
			a->out->drift++;
		if (was && !is)
			a->out->drift--;
		if (is && was &&
		    (f->outcome != y->fact[i].outcome ||
		     lattice_cell(&a->t->dim, y->row[i].closing, f->stratum) !=
			     y->fact[i].cell))
			a->out->changed++;
	}
}

static void count_facts(struct accounting *a)
{
	for (size_t i = 0; i < a->now.n; i++) {
		if (!in_view(a->t, a->view, a->now.fact[i].outcome))
			continue;
		a->out->facts++;
		a->out->drift += !a->now.counted[i];
	}
}

/* They are in no other account. */
static void count_frozen(struct accounting *a, const struct tally *y)
{
	for (size_t i = 0; i < y->n; i++) {
		int64_t at = release_facts_find(&a->now, y->row[i].occurrence);

		a->out->frozen += in_view(a->t, a->view, y->fact[i].outcome);
		if (at >= 0 && in_view(a->t, a->view, a->now.fact[at].outcome))
			a->out->facts--;
	}
}

static int account_half(struct accounting *a, int32_t half,
			const struct half_state *s)
{
	int32_t last = (half + 1) * LATTICE_MONTHS - 1;
	struct half_releases h = {.n = 0};
	struct tally y = {0};
	struct gate_state g;
	int r;

	r = release_tally(a->n, a->t, half, TALLY_NOW, s->closed, &y);
	if (r == 0 && s->frozen) {
		count_frozen(a, &y);
		goto out;
	}
	if (r == 0)
		r = release_half(a->n, a->t, half, s->closed, HALF_NEWEST, &h);
	if (r == 0)
		r = gate_account(a->t, y.fact, y.n, h.p, h.n, a->view,
				 a->closed < last ? a->closed : last, &g);
	if (r < 0)
		goto out;
	a->out->published += published(a, &h);
	a->out->waiting += g.waiting;
	a->out->withheld += g.withheld;
	drift_of_counted(a, &y);
out:
	release_tally_fini(&y);
	release_half_fini(&h);
	return r;
}

static int account(struct accounting *a)
{
	int32_t first = lattice_half(release_first(a->n, a->t));
	int r = 0;

	/* A half-year that closed elsewhere before this node's first month is
	 * frozen and counts nothing here. */
	for (int32_t h = first; h <= lattice_half(a->closed) && r == 0; h++) {
		struct half_state s;

		r = release_state_get(a->n, a->t->id, h, &s);
		if (r == 0)
			r = account_half(a, h, &s);
		else if (r == E_NOTFOUND)
			r = 0;
	}
	if (r == 0)
		count_facts(a);
	return r;
}

int release_account(struct node *n, const struct fact_table *t, int view,
		    struct account *out)
{
	struct accounting a = {.n = n, .t = t, .view = view, .out = out};
	int r;

	memset(out, 0, sizeof *out);
	if (view < 0 || view >= t->n_views)
		return err_set(E_INVALID, "fact table %s has no view %d", t->id,
			       view);
	r = release_last(n, t->id, &a.closed);
	if (r < 0 || a.closed < 0)
		return r;
	r = release_facts(n, t, period_last_day((struct period){a.closed, 1}),
			  &a.now);
	if (r == 0)
		r = account(&a);
	release_facts_fini(&a.now);
	return r;
}

int release_late(struct node *n, const struct fact_table *t, int64_t *out)
{
	struct facts_now now;
	int32_t closed;
	int r;

	r = release_last(n, t->id, &closed);
	/* No later closing counts what a picture did not show. */
	if (r < 0 || closed < 0 || picture_is(t))
		return r;
	r = release_facts(n, t, period_last_day((struct period){closed, 1}),
			  &now);
	if (r < 0)
		return r;
	for (size_t i = 0; i < now.n; i++)
		*out += !now.counted[i];
	release_facts_fini(&now);
	return 0;
}

struct looking {
	int32_t first_day;
	struct outlook *out;
};

static int look_at(void *arg, const struct fact *f)
{
	struct looking *l = arg;

	l->out->facts++;
	l->out->before += f->day < l->first_day;
	return 0;
}

int release_outlook(struct node *n, const struct fact_table *t, int32_t today,
		    struct outlook *out)
{
	struct period first = {n->first_month, 1};
	struct looking l = {period_first_day(first), out};
	struct db *ro = NULL;
	int32_t closed;
	int r;

	memset(out, 0, sizeof *out);
	r = release_last(n, t->id, &closed);
	if (r < 0)
		return r;
	if (closed < release_first(n, t) - 1)
		closed = release_first(n, t) - 1;
	out->months = release_due(n, t, today) - closed;
	r = node_reader(n, &ro);
	if (r == 0)
		r = facts_each(ro, t, n->rec.words, today, FACTS_DEADLINE_MS,
			       look_at, &l);
	db_close(ro);
	return r;
}
