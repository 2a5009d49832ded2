#include "tests/privacy/audit_lp.h"

#include <glpk.h>
#include <math.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* Simplex is floating point; counts are whole numbers. */
#define NEAR 1e-6

struct part {
	glp_prob *lp;
	int n; /* columns */
};
struct column {
	int atom, outcome;
	int parent; /* while parts are sought */
	int part, at;
	double most; /* of any solution seen: no need to look for more */
};
struct row {
	struct cells cells;
	uint32_t outcomes;
	double low, high;
	bool open; /* no lower end */
};
struct lp {
	struct model *m;
	int n_columns, n_rows, n_parts;
	struct column *column;
	struct row *row;
	struct part *part;
	int *index; /* scratch for one row, from 1 */
	double *value;
	bool bad; /* a part has no solution: the releases contradict */
};

/* The outcomes that the blocks tell apart: each base outcome, or where some
 * block splits it, its children, and so on. */
static uint32_t frontier(const struct model *m)
{
	const struct fact_table *t = m->t;
	uint32_t f = 0, split = 0;

	for (int i = 0; i < m->n_blocks; i++) {
		const struct view *v = &t->view[m->block[i].g->view];

		if (v->kind != VIEW_SIDE)
			continue;
		for (int o = v->splits; o >= 0; o = t->outcome[o].parent)
			split |= UINT32_C(1) << o;
	}
	for (int o = 0; o < t->n_outcomes; o++) {
		int p = t->outcome[o].parent;

		if (!(split >> o & 1) && (p < 0 || split >> p & 1))
			f |= UINT32_C(1) << o;
	}
	return f;
}

static bool in_row(const struct lp *l, const struct row *w,
		   const struct column *c)
{
	return w->outcomes >> c->outcome & 1 &&
	       set_within(l->m->atom[c->atom], w->cells);
}

static uint32_t below(const struct model *m, int a)
{
	uint32_t f = 0;

	for (int o = 0; o < m->t->n_outcomes; o++)
		if (m->under[o][a])
			f |= UINT32_C(1) << o;
	return f;
}

static int make_columns(struct lp *l)
{
	uint32_t f = frontier(l->m);
	size_t n = (size_t)(l->m->n_atoms * l->m->t->n_outcomes);

	l->column = mem_calloc(n + 1, sizeof *l->column);
	l->index = mem_calloc(n + 1, sizeof *l->index);
	l->value = mem_calloc(n + 1, sizeof *l->value);
	l->part = mem_calloc(n + 1, sizeof *l->part);
	if (!l->column || !l->index || !l->value || !l->part)
		return E_NOMEM;
	for (int a = 0; a < l->m->n_atoms; a++)
		for (int o = 0; o < l->m->t->n_outcomes; o++)
			if (f >> o & 1) {
				l->column[l->n_columns] = (struct column){
					a, o, l->n_columns, -1, 0, 0};
				l->n_columns++;
			}
	return 0;
}

static int make_rows(struct lp *l)
{
	const struct model *m = l->m;
	size_t n = (size_t)(m->n_blocks * SPLIT_MAX + m->n_stated);

	l->row = mem_calloc(n + 1, sizeof *l->row);
	if (!l->row)
		return E_NOMEM;
	for (int i = 0; i < m->n_blocks; i++) {
		const struct group *g = m->block[i].g;
		const struct view *v = &m->t->view[g->view];

		for (int k = 0; k < g->n && k < v->n_outcomes; k++)
			l->row[l->n_rows++] =
				(struct row){g->cells, below(m, v->outcome[k]),
					     g->count[k], g->count[k], false};
	}
	for (int i = 0; i < m->n_stated; i++) {
		double b = m->stated[i].b->at_most;

		/* Rounded up, as everybody knows; the smallest bound is also
		 * said of nothing at all. */
		l->row[l->n_rows++] = (struct row){m->stated[i].cells,
						   UINT32_MAX, b - m->floor + 1,
						   b, b <= m->floor};
	}
	return 0;
}

static int root(struct lp *l, int c)
{
	while (l->column[c].parent != c) {
		l->column[c].parent = l->column[l->column[c].parent].parent;
		c = l->column[c].parent;
	}
	return c;
}

/* Columns that are in no row have no part: nothing is known of them. */
static void make_parts(struct lp *l)
{
	for (int i = 0; i < l->n_rows; i++) {
		int first = -1;

		for (int c = 0; c < l->n_columns; c++) {
			if (!in_row(l, &l->row[i], &l->column[c]))
				continue;
			if (first < 0)
				first = root(l, c);
			l->column[root(l, c)].parent = first;
			l->column[first].part = -2;
		}
	}
	for (int c = 0; c < l->n_columns; c++)
		if (root(l, c) == c && l->column[c].part == -2)
			l->column[c].part = l->n_parts++;
	for (int c = 0; c < l->n_columns; c++) {
		struct column *x = &l->column[c];

		x->part = l->column[root(l, c)].part;
		if (x->part >= 0)
			x->at = ++l->part[x->part].n;
	}
}

static void make_row(struct lp *l, const struct row *w)
{
	int n = 0, p = -1, i;
	glp_prob *lp;

	for (int c = 0; c < l->n_columns; c++) {
		if (!in_row(l, w, &l->column[c]))
			continue;
		p = l->column[c].part;
		l->index[++n] = l->column[c].at;
		l->value[n] = 1;
	}
	if (n == 0)
		return;
	lp = l->part[p].lp;
	i = glp_add_rows(lp, 1);
	glp_set_row_bnds(lp, i,
			 w->open	     ? GLP_UP
			 : w->low == w->high ? GLP_FX
					     : GLP_DB,
			 w->low, w->high);
	glp_set_mat_row(lp, i, n, l->index, l->value);
}

static void make_problems(struct lp *l)
{
	for (int p = 0; p < l->n_parts; p++) {
		l->part[p].lp = glp_create_prob();
		glp_add_cols(l->part[p].lp, l->part[p].n);
		for (int j = 1; j <= l->part[p].n; j++)
			glp_set_col_bnds(l->part[p].lp, j, GLP_LO, 0, 0);
	}
	for (int i = 0; i < l->n_rows; i++)
		make_row(l, &l->row[i]);
}

static double solve(struct lp *l, int p, int direction)
{
	glp_prob *lp = l->part[p].lp;
	glp_smcp how;

	glp_init_smcp(&how);
	how.msg_lev = GLP_MSG_OFF;
	how.presolve = GLP_OFF;
	glp_set_obj_dir(lp, direction);
	/* A basis that went singular is rebuilt once. */
	if (glp_simplex(lp, &how) != 0) {
		glp_std_basis(lp);
		glp_simplex(lp, &how);
	}
	if (glp_get_status(lp) == GLP_UNBND)
		return direction == GLP_MAX ? HUGE_VAL : -HUGE_VAL;
	if (glp_get_status(lp) != GLP_OPT) {
		l->bad = true;
		return direction == GLP_MAX ? HUGE_VAL : 0;
	}
	for (int c = 0; c < l->n_columns; c++) {
		struct column *x = &l->column[c];

		if (x->part == p)
			x->most = fmax(x->most, glp_get_col_prim(lp, x->at));
	}
	return glp_get_obj_val(lp);
}

/* The smallest or largest sum of the chosen columns. */
static double extreme(struct lp *l, const bool *chosen, int direction)
{
	double sum = 0;

	for (int c = 0; c < l->n_columns; c++) {
		if (!chosen[c])
			continue;
		if (l->column[c].part < 0 && direction == GLP_MAX)
			return HUGE_VAL;
	}
	for (int p = 0; p < l->n_parts; p++) {
		bool any = false;

		for (int c = 0; c < l->n_columns; c++) {
			const struct column *x = &l->column[c];

			if (x->part != p)
				continue;
			glp_set_obj_coef(l->part[p].lp, x->at, chosen[c]);
			any = any || chosen[c];
		}
		if (any)
			sum += solve(l, p, direction);
	}
	return sum;
}

/* Columns of outcome @o in atoms that lie in @cells, or that meet it. */
static void choose(const struct lp *l, struct cells cells, int o, bool meets,
		   bool *chosen)
{
	for (int c = 0; c < l->n_columns; c++) {
		const struct column *x = &l->column[c];
		struct cells atom = l->m->atom[x->atom];

		chosen[c] = l->m->under[x->outcome][o] &&
			    (meets ? set_meets(atom, cells)
				   : set_within(atom, cells));
	}
}

/* Any set of cells whose count is known to be small has an atom that holds
 * some of it and is known to be small, so atoms are enough here. */
static void try_count(struct lp *l, int atom, int o, bool *chosen)
{
	struct model *m = l->m;
	struct truth t = model_truth(m, m->atom[atom], o);
	struct audit_leak leak = {AUDIT_COUNT, m->atom[atom], o,	  0,
				  0,	       t.occurrences, t.children, ""};

	if (!model_few(m, t.occurrences))
		return;
	choose(l, m->atom[atom], o, false, chosen);
	for (int c = 0; c < l->n_columns; c++)
		if (chosen[c] && l->column[c].most > m->floor - 1 + NEAR)
			return;
	leak.high = extreme(l, chosen, GLP_MAX);
	if (leak.high > m->floor - NEAR)
		return;
	leak.low = extreme(l, chosen, GLP_MIN);
	model_tell(m, &leak, "between %d and %d", (int)ceil(leak.low - NEAR),
		   (int)floor(leak.high + NEAR));
}

/* Enough occurrences, but of few children, and known exactly. */
static void try_children(struct lp *l, struct cells cells, int o, bool *chosen)
{
	struct model *m = l->m;
	struct truth t = model_truth(m, cells, o);
	struct audit_leak leak = {AUDIT_CHILDREN, cells,      o, 0, 0,
				  t.occurrences,  t.children, ""};

	if (!model_few(m, t.children) || t.occurrences < m->floor)
		return;
	choose(l, cells, o, true, chosen);
	leak.high = extreme(l, chosen, GLP_MAX);
	if (leak.high > t.occurrences + 1 - NEAR)
		return;
	choose(l, cells, o, false, chosen);
	leak.low = extreme(l, chosen, GLP_MIN);
	if (leak.low > t.occurrences - 1 + NEAR)
		model_tell(m, &leak, "known to be %u", t.occurrences);
}

static void try_points(struct lp *l, int o, bool *chosen)
{
	const struct dim *d = &l->m->t->dim;
	int most[] = {d->leaves, d->groups, 1};

	for (int n = 1; n <= LATTICE_MONTHS; n = n == 1 ? 3 : n + 3)
		for (int from = 0; from < LATTICE_MONTHS; from += n)
			for (int level = 0; level < 3; level++)
				for (int i = 0; i < most[level]; i++) {
					struct stratum s = {(enum level)level,
							    i};

					try_children(
						l,
						model_point(l->m, from, n, s),
						o, chosen);
				}
}

static void lp_fini(struct lp *l)
{
	for (int p = 0; l->part && p < l->n_parts; p++)
		glp_delete_prob(l->part[p].lp);
	mem_free(l->column);
	mem_free(l->row);
	mem_free(l->part);
	mem_free(l->index);
	mem_free(l->value);
}

int audit_lp(struct model *m)
{
	struct lp l = {.m = m};
	struct audit_leak leak = {.kind = AUDIT_FALSE, .outcome = -1};
	bool *chosen = NULL;
	int r;

	r = make_columns(&l);
	if (r < 0)
		goto out;
	r = make_rows(&l);
	if (r < 0)
		goto out;
	chosen = mem_calloc((size_t)l.n_columns + 1, sizeof *chosen);
	if (!chosen) {
		r = E_NOMEM;
		goto out;
	}
	make_parts(&l);
	make_problems(&l);

	/* Leaves first: what they show to be large saves their parents. */
	for (int o = m->t->n_outcomes - 1; o >= 0; o--) {
		choose(&l, m->atom[0], o, false, chosen);
		if (!memchr(chosen, true, (size_t)l.n_columns))
			continue; /* not told apart by anything published */
		for (int a = 0; a < m->n_atoms; a++)
			try_count(&l, a, o, chosen);
		try_points(&l, o, chosen);
	}
	if (l.bad)
		model_tell(m, &leak, "the releases contradict each other");
	r = 0;
out:
	lp_fini(&l);
	mem_free(chosen);
	return r;
}

void audit_end(void)
{
	glp_free_env();
}
