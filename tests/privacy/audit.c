#include "tests/privacy/audit.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "tests/privacy/audit_lp.h"
#include "tests/privacy/audit_model.h"

enum { TRENDS_MAX = LATTICE_MONTHS, STATES_MAX = 32 };

/* What can be had by plain subtraction: for some trend blocks, what of them
 * no detail block inside holds, or what the detail blocks that touch them hold
 * beyond. @fn gets each such set of cells. */
static void differences(const struct model *m,
			void (*fn)(void *arg, struct cells left), void *arg)
{
	struct cells trend[TRENDS_MAX];
	int n = 0;

	for (int i = 0; i < m->n_blocks; i++)
		if (m->t->view[m->block[i].g->view].kind == VIEW_TREND &&
		    n < TRENDS_MAX)
			trend[n++] = m->block[i].g->cells;
	for (unsigned some = 1; some < 1u << n; some++) {
		struct cells all = {{0, 0}}, in = {{0, 0}}, touch = {{0, 0}};

		for (int i = 0; i < n; i++)
			if (some >> i & 1)
				all = set_plus(all, trend[i]);
		for (int i = 0; i < m->n_blocks; i++) {
			struct cells c = m->block[i].g->cells;

			if (m->t->view[m->block[i].g->view].kind != VIEW_DETAIL)
				continue;
			if (set_within(c, all))
				in = set_plus(in, c);
			if (set_meets(c, all))
				touch = set_plus(touch, c);
		}
		fn(arg, set_less(all, in));
		if (set_within(all, touch))
			fn(arg, set_less(touch, all));
	}
}

static bool is_base(const struct fact_table *t, int o)
{
	return t->outcome[o].parent < 0;
}

static void subtract(void *arg, struct cells left)
{
	struct model *m = arg;

	for (int o = 0; o < m->t->n_outcomes; o++) {
		struct truth t = model_truth(m, left, o);
		struct audit_leak leak = {AUDIT_CHILDREN,
					  left,
					  o,
					  t.occurrences,
					  t.occurrences,
					  t.occurrences,
					  t.children,
					  ""};

		if (is_base(m->t, o) && model_few(m, t.children))
			model_tell(m, &leak, "by subtraction %u",
				   t.occurrences);
	}
}

/* --- versions --- */

struct change {
	struct model *now, *was;
	int from, to;	      /* versions, as people count: from 1 */
	uint32_t *had, *have; /* scratch, by child of was and now */
};

static const struct block *same_block(const struct model *m,
				      const struct block *b)
{
	for (int i = 0; i < m->n_blocks; i++) {
		const struct group *g = m->block[i].g;

		if (m->block[i].closing == b->closing &&
		    g->view == b->g->view && g->step == b->g->step &&
		    set_same(g->cells, b->g->cells))
			return &m->block[i];
	}
	return NULL;
}

static bool closed_in(const struct model *m, int32_t closing)
{
	for (int i = 0; i < m->n_blocks; i++)
		if (m->block[i].closing == closing)
			return true;
	return false;
}

/* Children of whom one version counts other occurrences than the other. Both
 * lists of children ascend, so this is a merge. */
static uint32_t changed(struct change *x, struct cells cells, int outcome)
{
	const struct model *a = x->was, *b = x->now;
	uint32_t i = 0, j = 0, n = 0;

	model_counts(a, cells, outcome, x->had);
	model_counts(b, cells, outcome, x->have);
	while (i < a->n_children || j < b->n_children) {
		uint32_t had = 0, have = 0;
		bool left = i < a->n_children, right = j < b->n_children;

		if (left && right && a->name[i] != b->name[j]) {
			left = a->name[i] < b->name[j];
			right = !left;
		}
		if (left)
			had = x->had[i++];
		if (right)
			have = x->have[j++];
		n += had != have;
	}
	return n;
}

static void compare(struct change *x, struct cells cells, int outcome)
{
	uint32_t now = model_truth(x->now, cells, outcome).occurrences;
	uint32_t was = model_truth(x->was, cells, outcome).occurrences;
	double d = (double)now - was;
	struct audit_leak leak = {AUDIT_VERSION,
				  cells,
				  outcome,
				  d,
				  d,
				  now > was ? now - was : was - now,
				  0,
				  ""};

	if (now == was)
		return;
	leak.children = changed(x, cells, outcome);
	if (model_few(x->now, leak.occurrences) ||
	    model_few(x->now, leak.children))
		model_tell(x->now, &leak, "version %d to %d changed by %+.0f",
			   x->from, x->to, d);
}

static void compare_left(void *arg, struct cells left)
{
	struct change *x = arg;

	for (int o = 0; o < x->now->t->n_outcomes; o++)
		if (is_base(x->now->t, o))
			compare(x, left, o);
}

/* Only what both versions show of the same closings can be compared. */
static int compare_states(struct change *x)
{
	struct audit_leak moved = {.kind = AUDIT_VERSION, .outcome = -1};

	x->had = mem_calloc((size_t)x->was->n_children + 1, sizeof *x->had);
	x->have = mem_calloc((size_t)x->now->n_children + 1, sizeof *x->have);
	if (!x->had || !x->have)
		return E_NOMEM;
	for (int i = 0; i < x->now->n_blocks; i++) {
		const struct block *b = &x->now->block[i];
		const struct view *v = &x->now->t->view[b->g->view];

		if (!closed_in(x->was, b->closing))
			continue;
		moved.cells = b->g->cells;
		if (!same_block(x->was, b))
			model_tell(x->now, &moved, "version %d has new blocks",
				   x->to);
		for (int k = 0; k < v->n_outcomes; k++)
			compare(x, b->g->cells, v->outcome[k]);
	}
	for (int i = 0; i < x->was->n_blocks; i++) {
		moved.cells = x->was->block[i].g->cells;
		if (closed_in(x->now, x->was->block[i].closing) &&
		    !same_block(x->now, &x->was->block[i]))
			model_tell(x->now, &moved, "version %d lacks blocks",
				   x->to);
	}
	differences(x->was, compare_left, x);
	return 0;
}

/* --- the half-year --- */

struct state {
	uint32_t epoch, version;
	struct model model;
};

static bool newer(const struct release_key *k, uint32_t epoch, uint32_t version)
{
	return k->epoch > epoch || (k->epoch == epoch && k->version > version);
}

/* The states of the half-year, oldest first: each (epoch, version) there is,
 * and with it the newest release of every closing that is not newer. */
static int find_states(const struct audit_in *in, struct state **out, int *n)
{
	struct state *s = mem_calloc(STATES_MAX, sizeof *s);
	int count = 0;

	if (!s)
		return E_NOMEM;
	for (int i = 0; i < in->n && count < STATES_MAX; i++) {
		const struct release_key *k = &in->release[i]->key;
		int at = 0;

		while (at < count && newer(k, s[at].epoch, s[at].version))
			at++;
		if (at < count && s[at].epoch == k->epoch &&
		    s[at].version == k->version)
			continue;
		memmove(&s[at + 1], &s[at], (size_t)(count - at) * sizeof *s);
		s[at].epoch = k->epoch;
		s[at].version = k->version;
		count++;
	}
	*out = s;
	*n = count;
	return 0;
}

static int audit_state(const struct audit_in *in, struct state *s, int no,
		       audit_fn *fn, void *arg)
{
	const struct release *of[LATTICE_MONTHS] = {NULL};
	const struct release *list[LATTICE_MONTHS];
	int n = 0, r;

	for (int i = 0; i < in->n; i++) {
		const struct release *x = in->release[i];
		const struct release **slot =
			&of[x->key.closing % LATTICE_MONTHS];

		if (newer(&x->key, s->epoch, s->version))
			continue;
		if (!*slot ||
		    newer(&x->key, (*slot)->key.epoch, (*slot)->key.version))
			*slot = x;
	}
	for (int i = 0; i < LATTICE_MONTHS; i++)
		if (of[i])
			list[n++] = of[i];
	r = model_init(&s->model, in, list, n,
		       &in->facts[no < in->n_facts ? no : in->n_facts - 1], fn,
		       arg);
	if (r < 0)
		return r;
	model_check(&s->model);
	differences(&s->model, subtract, &s->model);
	return audit_lp(&s->model);
}

int audit_half(const struct audit_in *in, audit_fn *fn, void *arg)
{
	struct state *s = NULL;
	int n = 0, r, leaks = 0;

	r = find_states(in, &s, &n);
	if (r < 0)
		goto out;
	for (int i = 0; i < n; i++) {
		r = audit_state(in, &s[i], i, fn, arg);
		if (r < 0)
			goto out;
	}
	for (int i = 0; i < n; i++)
		for (int j = 0; j < i; j++) {
			struct change x = {&s[i].model, &s[j].model, j + 1,
					   i + 1,	NULL,	     NULL};

			r = compare_states(&x);
			mem_free(x.had);
			mem_free(x.have);
			if (r < 0)
				goto out;
		}
	for (int i = 0; i < n; i++)
		leaks += s[i].model.leaks;
	r = leaks;
out:
	for (int i = 0; i < n; i++)
		model_fini(&s[i].model);
	mem_free(s);
	return r;
}
