#include "tests/privacy/plant.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/mem.h"

static void set_steps(struct view *v, int n, const struct step *steps)
{
	v->n_steps = n;
	memcpy(v->step, steps, (size_t)n * sizeof *steps);
}

static void set_view(struct fact_table *t, int i, const char *id,
		     enum view_kind kind, int parent)
{
	struct view *v = &t->view[i];

	snprintf(v->id, sizeof v->id, "%s", id);
	v->kind = kind;
	v->parent = parent;
	v->splits = kind == VIEW_SIDE ? LINKED : -1;
	v->n_outcomes = 2;
	v->outcome[0] = kind == VIEW_SIDE ? EARLY : LINKED;
	v->outcome[1] = kind == VIEW_SIDE ? LATE : NOT_LINKED;
}

void plant_init(struct plant *p)
{
	static const char *const id[] = {"linked", "not_linked", "early",
					 "late"};
	static const struct step trend[] = {
		{1, LEVEL_ANY}, {3, LEVEL_ANY}, {6, LEVEL_ANY}};
	static const struct step detail[] = {{1, LEVEL_LEAF},
					     {3, LEVEL_LEAF},
					     {6, LEVEL_LEAF},
					     {6, LEVEL_GROUP},
					     {6, LEVEL_ANY}};
	static const struct step side[] = {{3, LEVEL_ANY}, {6, LEVEL_ANY}};
	struct fact_table *t = &p->t;

	memset(p, 0, sizeof *p);
	t->dim = (struct dim){4, 2, {0, 0, 1, 1}};
	t->n_outcomes = 4;
	for (int o = 0; o < 4; o++) {
		snprintf(t->outcome[o].id, sizeof t->outcome[o].id, "%s",
			 id[o]);
		t->outcome[o].parent = o < EARLY ? -1 : LINKED;
		t->outcome[o].days_from = t->outcome[o].days_to = -1;
	}
	set_view(t, TREND, "trend", VIEW_TREND, -1);
	set_view(t, DETAIL, "detail", VIEW_DETAIL, -1);
	set_view(t, DAYS, "days", VIEW_SIDE, TREND);
	set_view(t, DAYS_BY_NEED, "days_need", VIEW_SIDE, DETAIL);
	set_steps(&t->view[TREND], 3, trend);
	set_steps(&t->view[DETAIL], 5, detail);
	set_steps(&t->view[DAYS], 2, side);
	set_steps(&t->view[DAYS_BY_NEED], 2, side);
	/* The second split of the same outcome is for one attack only. */
	t->n_views = 3;
}

void plant_fini(struct plant *p)
{
	for (int i = 0; i < p->n_made; i++)
		p->made[i].group = NULL; /* not from the heap */
}

void plant_facts(struct plant *p, int month, int need, int leaf, int n,
		 int children)
{
	for (int i = 0; i < n; i++) {
		assert(p->n < PLANT_FACTS);
		p->fact[p->n++] = (struct gate_fact){
			p->child + (uint32_t)(i % children),
			(uint16_t)(month * p->t.dim.leaves + need),
			(uint8_t)leaf};
	}
	p->child += (uint32_t)children;
}

void plant_cell(struct plant *p, int month, int need, int linked,
		int not_linked)
{
	if (linked)
		plant_facts(p, month, need, EARLY, linked, linked);
	if (not_linked)
		plant_facts(p, month, need, NOT_LINKED, not_linked, not_linked);
}

struct release *plant_release(struct plant *p, int month)
{
	struct release *r = &p->made[p->n_made];

	r->group = p->group[p->n_made++];
	r->key.closing = PLANT_FIRST + month;
	r->key.epoch = r->key.version = 1;
	return r;
}

static bool counts(const struct fact_table *t, int leaf, int outcome)
{
	return leaf == outcome || t->outcome[leaf].parent == outcome;
}

static bool has(struct cells c, int cell)
{
	return c.w[cell / 64] >> cell % 64 & 1;
}

static void add_block(struct plant *p, int view, int step, int month,
		      int months, struct stratum s, unsigned which)
{
	struct release *r = &p->made[p->n_made - 1];
	struct group *g = &r->group[r->n_groups++];
	const struct view *v = &p->t.view[view];
	int leaves = p->t.dim.leaves;

	*g = (struct group){.view = (uint8_t)view, .step = (uint8_t)step};
	g->period = (struct period){PLANT_FIRST + month, months};
	g->stratum = s;
	for (int c = 0; c < LATTICE_MONTHS * leaves; c++) {
		int m = c / leaves;

		if (m >= month && m < month + months && which >> m & 1 &&
		    (s.level == LEVEL_ANY || s.no == c % leaves))
			g->cells.w[0] |= (uint64_t)1 << c;
	}
	g->n = (uint8_t)v->n_outcomes;
	for (size_t i = 0; i < p->n; i++)
		for (int o = 0; o < v->n_outcomes; o++)
			g->count[o] += has(g->cells, p->fact[i].cell) &&
				       counts(&p->t, p->fact[i].outcome,
					      v->outcome[o]);
}

void plant_trend(struct plant *p, int month, int months)
{
	add_block(p, TREND, months == 1 ? 0 : 1, month, months,
		  (struct stratum){LEVEL_ANY, 0}, ~0u);
}

void plant_detail(struct plant *p, int month, int months, int need,
		  unsigned which)
{
	add_block(p, DETAIL, months == 1 ? 0 : 1, month, months,
		  (struct stratum){LEVEL_LEAF, need}, which);
}

void plant_side(struct plant *p, int view, int month, int need)
{
	struct stratum s = {need < 0 ? LEVEL_ANY : LEVEL_LEAF,
			    need < 0 ? 0 : need};

	add_block(p, view, 0, month, 3, s, ~0u);
}

static bool in_detail(const struct plant *p, int cell)
{
	for (int i = 0; i < p->n_made; i++)
		for (int k = 0; k < p->made[i].n_groups; k++) {
			const struct group *g = &p->made[i].group[k];

			if (g->view == DETAIL && has(g->cells, cell))
				return true;
		}
	return false;
}

void plant_bound(struct plant *p, int month)
{
	struct release *r = &p->made[p->n_made - 1];
	uint32_t n = 0, floor = PLANT_FLOOR;

	for (size_t i = 0; i < p->n; i++)
		n += p->fact[i].cell / p->t.dim.leaves == month &&
		     !in_detail(p, p->fact[i].cell);
	n = n ? (n + floor - 1) / floor : 1;
	r->bound[r->n_bounds++] = (struct bound){
		{PLANT_FIRST + month, 1}, (uint8_t)(1u << month), n * floor};
}

struct listener {
	bool say;
	enum audit_kind want;
	struct audit_leak *found;
};

static void listen(void *arg, const struct audit_leak *leak)
{
	struct listener *l = arg;

	if (l->say)
		printf("# caught: %s\n", leak->text);
	if (l->found && leak->kind == l->want)
		*l->found = *leak;
}

/* Facts through @month; the caller frees. */
static size_t facts_through(const struct plant *p, int month,
			    struct gate_fact *out)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		if (p->fact[i].cell / p->t.dim.leaves <= month)
			out[n++] = p->fact[i];
	return n;
}

static int audit(struct plant *p, const struct release *const *list, int n,
		 int month, struct listener *l)
{
	static struct gate_fact known[PLANT_FACTS];
	static struct audit_fact fact[PLANT_FACTS];
	struct audit_facts facts = {fact, facts_through(p, month, known)};
	struct audit_in in = {&p->t, PLANT_FLOOR, PLANT_HALF, list,
			      n,     &facts,	  1};

	for (size_t i = 0; i < facts.n; i++)
		fact[i] = (struct audit_fact){known[i].child, known[i].cell,
					      known[i].outcome};
	return audit_half(&in, listen, l);
}

int plant_audit(struct plant *p, int n, int month, bool say,
		enum audit_kind want, struct audit_leak *found)
{
	const struct release *list[PLANT_RELEASES];
	struct listener l = {say, want, found};

	for (int i = 0; i < n; i++)
		list[i] = &p->made[i];
	return audit(p, list, n, month, &l);
}

int plant_gate(struct plant *p, int n, int month, int trend_first)
{
	static struct gate_fact known[PLANT_FACTS];
	const struct release *list[PLANT_RELEASES + 1];
	struct listener l = {true, AUDIT_KINDS, NULL};
	struct release out = {0};
	struct gate_in in = {.table = &p->t,
			     .closing = PLANT_FIRST + month,
			     .floor = PLANT_FLOOR,
			     .trend_first = trend_first,
			     .fact = known,
			     .n_facts = facts_through(p, month, known),
			     .earlier = list,
			     .n_earlier = n};
	int r;

	for (int i = 0; i < n; i++)
		list[i] = &p->made[i];
	r = gate_close(&in, &out);
	if (r < 0)
		return r;
	out.key.closing = in.closing;
	out.key.epoch = out.key.version = 1;
	list[n] = &out;
	r = audit(p, list, n + 1, month, &l);
	printf("# the gate published %d blocks instead\n", out.n_groups);
	release_fini(&out);
	return r;
}
