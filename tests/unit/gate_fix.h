/* gate_fix: a half-year small enough to reckon by hand, and its closings. */
#ifndef CCFED_GATE_FIX_H
#define CCFED_GATE_FIX_H

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/release/gate.h"

enum { LINKED, NOT_LINKED, EARLY, LATE }; /* the last two split LINKED */
enum { JAN = 2024 * 12, FLOOR = 11 };
enum { VIEW_DAYS = 2 };

struct fix {
	struct fact_table t;
	struct gate_fact fact[4000];
	size_t n;
	uint32_t next_child;
	struct release made[6];
	const struct release *earlier[6];
	int n_made;
};

static inline void view_steps(struct view *v, int n, const struct step *steps)
{
	v->n_steps = n;
	memcpy(v->step, steps, (size_t)n * sizeof *steps);
}

/* Four needs in two groups; trend and detail of two outcomes, days of one. */
static inline void table_make(struct fact_table *t)
{
	const struct step trend[] = {
		{1, LEVEL_ANY}, {3, LEVEL_ANY}, {6, LEVEL_ANY}};
	const struct step detail[] = {{1, LEVEL_LEAF},
				      {3, LEVEL_LEAF},
				      {6, LEVEL_LEAF},
				      {6, LEVEL_GROUP},
				      {6, LEVEL_ANY}};
	const struct step side[] = {{3, LEVEL_ANY}, {6, LEVEL_ANY}};

	memset(t, 0, sizeof *t);
	t->dim = (struct dim){4, 2, {0, 0, 1, 1}};
	t->n_outcomes = 4;
	t->outcome[LINKED].parent = t->outcome[NOT_LINKED].parent = -1;
	t->outcome[NOT_LINKED].sensitive = true;
	t->outcome[EARLY].parent = t->outcome[LATE].parent = LINKED;
	t->n_views = 3;
	for (int v = 0; v < 2; v++) {
		t->view[v].kind = v ? VIEW_DETAIL : VIEW_TREND;
		t->view[v].splits = -1;
		t->view[v].n_outcomes = 2;
		t->view[v].outcome[0] = LINKED;
		t->view[v].outcome[1] = NOT_LINKED;
	}
	view_steps(&t->view[0], 3, trend);
	view_steps(&t->view[1], 5, detail);
	t->view[VIEW_DAYS].kind = VIEW_SIDE;
	t->view[VIEW_DAYS].splits = LINKED;
	t->view[VIEW_DAYS].n_outcomes = 2;
	t->view[VIEW_DAYS].outcome[0] = EARLY;
	t->view[VIEW_DAYS].outcome[1] = LATE;
	view_steps(&t->view[VIEW_DAYS], 2, side);
}

static inline int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	table_make(&f->t);
	*state = f;
	return 0;
}

static inline int teardown(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < f->n_made; i++)
		release_fini(&f->made[i]);
	mem_free(f);
	return 0;
}

/* @n occurrences of as many new children. */
static inline void add(struct fix *f, int month, int need, int outcome, int n)
{
	for (int i = 0; i < n; i++)
		f->fact[f->n++] = (struct gate_fact){
			f->next_child++,
			(uint16_t)lattice_cell(&f->t.dim, JAN + month, need),
			(uint8_t)outcome};
}

static inline struct gate_in in_of(struct fix *f, int month)
{
	return (struct gate_in){.table = &f->t,
				.closing = JAN + month,
				.floor = FLOOR,
				.fact = f->fact,
				.n_facts = f->n,
				.earlier = f->earlier,
				.n_earlier = f->n_made};
}

static inline struct release *close_in(struct fix *f, struct gate_in in)
{
	struct release *r = &f->made[f->n_made];

	assert_int_equal(gate_close(&in, r), 0);
	r->key.closing = in.closing;
	f->earlier[f->n_made++] = r;
	return r;
}

static inline struct release *close_month(struct fix *f, int month)
{
	return close_in(f, in_of(f, month));
}

#endif
