#include "tests/privacy/world.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"

enum { MONTHS = WORLD_HALVES * LATTICE_MONTHS, REFERRALS_MAX = 4 };

static const double need_weight[] = {20, 16, 14, 12, 10,  8,
				     7,	 4,  3,	 4,  1.5, .5};
static const double many_weight[REFERRALS_MAX] = {40, 30, 20, 10};
static const double base_weight[] = {60, 40};
/* Among the children of one outcome, in the table's order. */
static const double part_weight[] = {30, 25, 20, 12, 8, 5};

static double weight(const double *w, size_t n, int i)
{
	return (size_t)i < n ? w[i] : w[n - 1];
}
#define WEIGHT(w, i) weight(w, sizeof(w) / sizeof((w)[0]), i)

uint8_t world_draw(const struct fact_table *t, struct rng *rng)
{
	int at = -1;

	for (;;) {
		double w[OUTCOMES_MAX];
		int child[OUTCOMES_MAX], n = 0;

		for (int o = 0; o < t->n_outcomes; o++) {
			if (t->outcome[o].parent != at)
				continue;
			w[n] = at < 0 ? WEIGHT(base_weight, n)
				      : WEIGHT(part_weight, n);
			child[n++] = o;
		}
		if (n == 0)
			return (uint8_t)at;
		at = child[rand_pick(rng, w, n)];
	}
}

static int add(struct world *w, uint32_t child, int month, int leaf, uint8_t o)
{
	struct world_half *h = &w->half[month / LATTICE_MONTHS];
	int cell = month % LATTICE_MONTHS * w->table->dim.leaves + leaf;

	if (h->n == h->room) {
		size_t room = h->room ? 2 * h->room : 1024;
		void *p = mem_realloc(h->fact, room * sizeof *h->fact);

		if (!p)
			return E_NOMEM;
		h->fact = p;
		h->room = room;
	}
	h->fact[h->n++] = (struct gate_fact){child, (uint16_t)cell, o};
	return 0;
}

static int add_child(struct world *w, uint32_t child, const double *needs,
		     struct rng *rng)
{
	int leaves = w->table->dim.leaves;
	double first = rand_unit(rng) * MONTHS;
	int home = rand_pick(rng, needs, leaves);
	int many = 1 + rand_pick(rng, many_weight, REFERRALS_MAX);
	int r = 0;

	for (int i = 0; i < many && r == 0; i++) {
		double later = i ? -1.5 * log(1 - rand_unit(rng)) : 0;
		bool same = i == 0 || rand_unit(rng) < .25;
		int need = same ? home : rand_pick(rng, needs, leaves);
		uint8_t o = world_draw(w->table, rng);

		if (first + later < MONTHS)
			r = add(w, child, (int)(first + later), need, o);
	}
	return r;
}

static int by_cell(const void *a, const void *b)
{
	const struct gate_fact *x = a, *y = b;

	if (x->cell != y->cell)
		return x->cell < y->cell ? -1 : 1;
	return (x->child > y->child) - (x->child < y->child);
}

static void sort_half(struct world_half *h, int leaves)
{
	size_t at = 0;

	if (h->n > 0)
		qsort(h->fact, h->n, sizeof *h->fact, by_cell);
	for (int m = 0; m < LATTICE_MONTHS; m++) {
		while (at < h->n && h->fact[at].cell < (m + 1) * leaves)
			at++;
		h->month_end[m] = at;
	}
}

int world_init(struct world *w, const struct fact_table *t, int children,
	       uint64_t seed)
{
	double needs[LATTICE_LEAVES_MAX];
	struct rng_seeded rng;
	int r = 0;

	memset(w, 0, sizeof *w);
	w->table = t;
	w->first = 2023 * 12;
	rand_seed(&rng, seed);
	for (int i = 0; i < t->dim.leaves; i++)
		needs[i] = WEIGHT(need_weight, i);
	for (int i = 0; i < children * (WORLD_YEARS + 1) && r == 0; i++)
		r = add_child(w, (uint32_t)i, needs, &rng.base);
	if (r < 0) {
		world_fini(w);
		return r;
	}
	for (int i = 0; i < WORLD_HALVES; i++)
		sort_half(&w->half[i], t->dim.leaves);
	return 0;
}

void world_fini(struct world *w)
{
	for (int i = 0; i < WORLD_HALVES; i++)
		mem_free(w->half[i].fact);
	memset(w, 0, sizeof *w);
}

static bool under(const struct fact_table *t, int o, int a)
{
	while (o >= 0 && o != a)
		o = t->outcome[o].parent;
	return o == a;
}

int world_trend_first(const struct world *w, int half)
{
	const struct fact_table *t = w->table;
	uint32_t children[OUTCOMES_MAX];
	size_t most = 1 << 20;
	int n = 0, from = half / 2 * 2 - 2;
	char *seen = mem_alloc(most);

	if (!seen)
		return E_NOMEM;
	for (int o = 0; o < t->n_outcomes; o++) {
		if (t->outcome[o].parent >= 0)
			continue;
		memset(seen, 0, most);
		children[n] = 0;
		for (int i = from; i < from + 2; i++)
			for (size_t k = 0; k < w->half[i].n; k++) {
				const struct gate_fact *f = &w->half[i].fact[k];

				if (under(t, f->outcome, o) &&
				    !seen[f->child]) {
					seen[f->child] = 1;
					children[n]++;
				}
			}
		n++;
	}
	mem_free(seen);
	return gate_trend_first(t, children, n);
}

int32_t world_month(const struct world *w, int half)
{
	return w->first + half * LATTICE_MONTHS;
}

static int close_half(const struct world *w, int half, uint32_t floor,
		      int first, const struct release *like,
		      struct release *out)
{
	const struct release *earlier[LATTICE_MONTHS], *lead[LATTICE_MONTHS];

	if (first < 0)
		first = world_trend_first(w, half);
	if (first < 0)
		return first;
	for (int m = 0; m < LATTICE_MONTHS; m++) {
		struct gate_in in = {.table = w->table,
				     .closing = world_month(w, half) + m,
				     .floor = floor,
				     .trend_first = first,
				     .fact = w->half[half].fact,
				     .n_facts = w->half[half].month_end[m],
				     .earlier = earlier,
				     .n_earlier = m,
				     .like = lead,
				     .n_like = like ? m + 1 : 0};
		int r;

		lead[m] = like ? &like[m] : NULL;

		out[m] = (struct release){.floor = floor};
		r = gate_close(&in, &out[m]);
		if (r < 0)
			return r;
		out[m].key.closing = in.closing;
		out[m].key.epoch = out[m].key.version = 1;
		earlier[m] = &out[m];
	}
	return 0;
}

int world_close(const struct world *w, int half, uint32_t floor, int first,
		struct release *out)
{
	return close_half(w, half, floor, first, NULL, out);
}

int world_close_like(const struct world *w, int half, uint32_t floor,
		     const struct release *like, struct release *out)
{
	return close_half(w, half, floor, -1, like, out);
}

int world_audit(const struct world *w, int half, uint32_t floor,
		const struct release *out, audit_fn *fn, void *arg)
{
	const struct world_half *h = &w->half[half];
	const struct release *list[LATTICE_MONTHS];
	/* The auditor has its own kind of fact, so that it needs no gate. */
	struct audit_fact *fact = mem_calloc(h->n + 1, sizeof *fact);
	struct audit_facts facts = {fact, h->n};
	struct audit_in in = {
		w->table, floor,	  lattice_half(world_month(w, half)),
		list,	  LATTICE_MONTHS, &facts,
		1};
	int r;

	if (!fact)
		return E_NOMEM;
	for (size_t i = 0; i < h->n; i++)
		fact[i] = (struct audit_fact){h->fact[i].child, h->fact[i].cell,
					      h->fact[i].outcome};
	for (int m = 0; m < LATTICE_MONTHS; m++)
		list[m] = &out[m];
	r = audit_half(&in, fn, arg);
	mem_free(fact);
	return r;
}
