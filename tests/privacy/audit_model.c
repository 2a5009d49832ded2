#include "tests/privacy/audit_model.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

static bool is_under(const struct fact_table *t, int o, int a)
{
	while (o >= 0 && o != a)
		o = t->outcome[o].parent;
	return o == a && o >= 0;
}

static bool in_stratum(const struct dim *d, struct stratum s, int leaf)
{
	if (s.level == LEVEL_LEAF)
		return leaf == s.no;
	return s.level == LEVEL_ANY || d->group_of[leaf] == s.no;
}

struct cells model_point(const struct model *m, int from, int months,
			 struct stratum s)
{
	struct cells out = {{0, 0}};

	for (int i = 0; i < m->n_cells; i++) {
		int month = i / m->t->dim.leaves;

		if (month >= from && month < from + months &&
		    in_stratum(&m->t->dim, s, i % m->t->dim.leaves))
			set_add(&out, i);
	}
	return out;
}

static struct cells months_cells(const struct model *m, unsigned months)
{
	struct cells out = {{0, 0}};

	for (int i = 0; i < m->n_cells; i++)
		if (months >> (i / m->t->dim.leaves) & 1)
			set_add(&out, i);
	return out;
}

bool model_few(const struct model *m, uint32_t n)
{
	return n > 0 && n < m->floor;
}

struct truth model_truth(struct model *m, struct cells cells, int outcome)
{
	struct truth t = {0, 0};

	m->now++;
	for (int c = 0; c < m->n_cells; c++) {
		if (!set_has(cells, c))
			continue;
		for (size_t i = m->start[c]; i < m->start[c + 1]; i++) {
			const struct audit_fact *f = &m->fact[i];

			if (!m->under[f->outcome][outcome])
				continue;
			t.occurrences++;
			if (m->stamp[f->child] == m->now)
				continue;
			m->stamp[f->child] = m->now;
			t.children++;
		}
	}
	return t;
}

void model_counts(const struct model *m, struct cells cells, int outcome,
		  uint32_t *count)
{
	memset(count, 0, m->n_children * sizeof *count);
	for (size_t i = 0; i < m->n_facts; i++)
		if (set_has(cells, m->fact[i].cell) &&
		    m->under[m->fact[i].outcome][outcome])
			count[m->fact[i].child]++;
}

static int by_child(const void *a, const void *b)
{
	const struct audit_fact *x = a, *y = b;

	return (x->child > y->child) - (x->child < y->child);
}

static int by_cell(const void *a, const void *b)
{
	const struct audit_fact *x = a, *y = b;

	return (x->cell > y->cell) - (x->cell < y->cell);
}

static int load_facts(struct model *m, const struct audit_facts *facts)
{
	uint32_t id = 0, last = 0;
	size_t i = 0;

	m->n_facts = facts->n;
	m->fact = mem_alloc((facts->n + 1) * sizeof *m->fact);
	m->stamp = mem_calloc(facts->n + 1, sizeof *m->stamp);
	m->name = mem_calloc(facts->n + 1, sizeof *m->name);
	if (!m->fact || !m->stamp || !m->name)
		return E_NOMEM;
	if (facts->n > 0)
		memcpy(m->fact, facts->fact, facts->n * sizeof *m->fact);

	qsort(m->fact, facts->n, sizeof *m->fact, by_child);
	for (i = 0; i < facts->n; i++) {
		if (i == 0 || m->fact[i].child != last) {
			last = m->fact[i].child;
			id = m->n_children++;
			m->name[id] = last;
		}
		m->fact[i].child = id;
	}
	qsort(m->fact, facts->n, sizeof *m->fact, by_cell);
	i = 0;
	for (int c = 0; c <= m->n_cells; c++) {
		while (i < facts->n && m->fact[i].cell < c)
			i++;
		m->start[c] = i;
	}
	return i == facts->n ? 0 : E_INVALID;
}

/* A lattice point by name if it is one, else leaf by leaf. */
static void cells_words(const struct model *m, struct cells cells, char *out,
			size_t size)
{
	static const char *const level[] = {"leaf", "group", "any"};
	const struct dim *d = &m->t->dim;
	int most[] = {d->leaves, d->groups, 1};
	size_t at = 0;

	for (int n = 1; n <= 6; n += n == 1 ? 2 : 3)
		for (int from = 0; from < 6; from += n)
			for (int l = 0; l < 3; l++)
				for (int i = 0; i < most[l]; i++) {
					struct stratum s = {(enum level)l, i};
					int32_t month = m->half * 6 + from;

					if (!set_same(
						    cells,
						    model_point(m, from, n, s)))
						continue;
					snprintf(out, size,
						 "%04d-%02d, %d months, %s %d",
						 month / 12, month % 12 + 1, n,
						 level[l], i + 1);
					return;
				}
	for (int i = 0; i < m->n_cells; i++) {
		if (!set_has(cells, i) || at + 24 > size)
			continue;
		at += (size_t)snprintf(out + at, size - at,
				       "%smonth %d leaf %d", at ? ", " : "",
				       i / d->leaves + 1, i % d->leaves + 1);
	}
}

void model_tell(struct model *m, struct audit_leak *leak, const char *fmt, ...)
{
	char what[120], where[160] = "";
	va_list ap;

	m->leaks++;
	if (!m->fn)
		return;
	va_start(ap, fmt);
	vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	cells_words(m, leak->cells, where, sizeof where);
	snprintf(leak->text, sizeof leak->text,
		 "%s: %s: %s; in truth %u, of %u children", what, where,
		 leak->outcome < 0 ? "all outcomes"
				   : m->t->outcome[leak->outcome].id,
		 leak->occurrences, leak->children);
	m->fn(m->arg, leak);
}

static void check_block(struct model *m, const struct block *b)
{
	const struct group *g = b->g;
	const struct view *v = &m->t->view[g->view];
	struct audit_leak leak = {.kind = AUDIT_FALSE, .cells = g->cells};
	struct cells point = model_point(m, g->period.month - m->half * 6,
					 g->period.months, g->stratum);

	if (!set_within(g->cells, point) || set_none(g->cells))
		model_tell(m, &leak, "block outside its lattice point");
	for (int i = 0; i < m->n_blocks; i++)
		if (&m->block[i] != b && m->block[i].g->view == g->view &&
		    set_meets(m->block[i].g->cells, g->cells))
			model_tell(m, &leak, "blocks of one view overlap");
	if (g->n != v->n_outcomes)
		model_tell(m, &leak, "block without all its outcomes");
	for (int i = 0; i < g->n && i < v->n_outcomes; i++) {
		struct truth t = model_truth(m, g->cells, v->outcome[i]);

		leak = (struct audit_leak){
			AUDIT_FALSE, g->cells,	    v->outcome[i], g->count[i],
			g->count[i], t.occurrences, t.children,	   ""};
		if (t.occurrences != g->count[i])
			model_tell(m, &leak, "view %s says %u", v->id,
				   g->count[i]);
		leak.kind = AUDIT_EVENT;
		if (model_few(m, t.children))
			model_tell(m, &leak, "released in view %s", v->id);
	}
}

static void stated_cells(const struct model *m, struct stated *s)
{
	s->cells = months_cells(m, s->b->months);
	for (int i = 0; i < m->n_blocks; i++)
		if (m->t->view[m->block[i].g->view].kind == VIEW_DETAIL &&
		    m->block[i].closing <= s->closing)
			s->cells = set_less(s->cells, m->block[i].g->cells);
}

static void check_bound(struct model *m, const struct stated *s)
{
	struct audit_leak leak = {.kind = AUDIT_FALSE, .outcome = -1};
	uint32_t n = 0;

	for (int o = 0; o < m->t->n_outcomes; o++)
		if (m->t->outcome[o].parent < 0)
			n += model_truth(m, s->cells, o).occurrences;
	leak.cells = s->cells;
	leak.occurrences = n;
	if (n > s->b->at_most || s->b->at_most % m->floor != 0 ||
	    (s->b->at_most > m->floor && n + m->floor <= s->b->at_most))
		model_tell(m, &leak, "bound of %u", s->b->at_most);
}

/* Cells that no block and no bound tells apart are one unknown. */
static void make_atoms(struct model *m)
{
	for (int c = 0; c < m->n_cells; c++) {
		bool same = false;
		int a;

		for (a = 0; a < m->n_atoms && !same; a++) {
			int of = 0;

			while (!set_has(m->atom[a], of))
				of++;
			same = true;
			for (int i = 0; i < m->n_blocks && same; i++)
				same = set_has(m->block[i].g->cells, c) ==
				       set_has(m->block[i].g->cells, of);
			for (int i = 0; i < m->n_stated && same; i++)
				same = set_has(m->stated[i].cells, c) ==
				       set_has(m->stated[i].cells, of);
		}
		a = same ? a - 1 : m->n_atoms++;
		set_add(&m->atom[a], c);
		m->atom_of[c] = a;
	}
}

int model_init(struct model *m, const struct audit_in *in,
	       const struct release *const *release, int n,
	       const struct audit_facts *facts, audit_fn *fn, void *arg)
{
	int r;

	memset(m, 0, sizeof *m);
	m->fn = fn;
	m->arg = arg;
	m->t = in->table;
	m->floor = in->floor;
	m->half = in->half;
	m->n_cells = LATTICE_MONTHS * in->table->dim.leaves;
	for (int o = 0; o < in->table->n_outcomes; o++)
		for (int a = 0; a < in->table->n_outcomes; a++)
			m->under[o][a] = is_under(in->table, o, a);
	r = load_facts(m, facts);
	if (r < 0)
		return r;

	for (int i = 0; i < n; i++) {
		const struct release *x = release[i];

		if (m->n_blocks + x->n_groups > BLOCKS_MAX ||
		    m->n_stated + x->n_bounds > STATED_MAX)
			return E_TOOBIG;
		for (int k = 0; k < x->n_groups; k++)
			m->block[m->n_blocks++] =
				(struct block){&x->group[k], x->key.closing};
		for (int k = 0; k < x->n_bounds; k++)
			m->stated[m->n_stated++] = (struct stated){
				&x->bound[k], x->key.closing, {{0, 0}}};
	}
	for (int i = 0; i < m->n_stated; i++)
		stated_cells(m, &m->stated[i]);
	make_atoms(m);
	return 0;
}

void model_check(struct model *m)
{
	for (int i = 0; i < m->n_blocks; i++)
		check_block(m, &m->block[i]);
	for (int i = 0; i < m->n_stated; i++)
		check_bound(m, &m->stated[i]);
}

void model_fini(struct model *m)
{
	mem_free(m->fact);
	mem_free(m->stamp);
	mem_free(m->name);
	m->fact = NULL;
	m->stamp = NULL;
	m->name = NULL;
}
