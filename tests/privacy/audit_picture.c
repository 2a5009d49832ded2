#include "tests/privacy/audit_picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { STRATA = LATTICE_LEAVES_MAX, ROWS = 64 };

/* Independent rows over strata, each with a leading 1 where no other has a
 * number. */
struct span {
	int n, strata;
	double row[STRATA][STRATA];
	int lead[STRATA];
};

/* Take from @v what the rows explain. */
static void reduce(const struct span *s, double *v)
{
	for (int i = 0; i < s->n; i++) {
		double by = v[s->lead[i]];

		for (int k = 0; k < s->strata; k++)
			v[k] -= by * s->row[i][k];
	}
}

static int leading(const struct span *s, const double *v)
{
	for (int k = 0; k < s->strata; k++)
		if (fabs(v[k]) > 1e-9)
			return k;
	return -1;
}

static void add_row(struct span *s, const double *from)
{
	double v[STRATA];
	int lead;

	memcpy(v, from, sizeof v);
	reduce(s, v);
	lead = leading(s, v);
	if (lead < 0)
		return;
	for (int k = s->strata - 1; k >= 0; k--)
		v[k] /= k == lead ? 1 : v[lead];
	v[lead] = 1;
	for (int i = 0; i < s->n; i++) {
		double by = s->row[i][lead];

		for (int k = 0; k < s->strata; k++)
			s->row[i][k] -= by * v[k];
	}
	memcpy(s->row[s->n], v, sizeof v);
	s->lead[s->n++] = lead;
}

/* Every block of trend and detail tells the number of some strata. */
static void span_of(const struct fact_table *t, const struct release *r,
		    struct span *s)
{
	memset(s, 0, sizeof *s);
	s->strata = t->dim.leaves;
	for (int i = 0; r && i < r->n_groups; i++) {
		const struct group *g = &r->group[i];
		double v[STRATA] = {0};

		if (t->view[g->view].kind == VIEW_SIDE)
			continue;
		for (int c = 0; c < LATTICE_MONTHS * s->strata; c++)
			if (g->cells.w[c / 64] >> c % 64 & 1)
				v[c % s->strata] = 1;
		add_row(s, v);
	}
}

static bool follows(const struct span *s, uint32_t set)
{
	double v[STRATA] = {0};

	for (int k = 0; k < s->strata; k++)
		v[k] = set >> k & 1;
	reduce(s, v);
	return s->n > 0 && leading(s, v) < 0;
}

static int by_thing(const void *a, const void *b)
{
	const struct audit_member *x = a, *y = b;

	return (x->thing > y->thing) - (x->thing < y->thing);
}

static int by_number(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

static const struct audit_member *find(const struct audit_picture *p,
				       int64_t thing)
{
	struct audit_member key = {.thing = thing};

	return p->n ? bsearch(&key, p->member, p->n, sizeof key, by_thing)
		    : NULL;
}

static uint32_t distinct(uint32_t *list, size_t n)
{
	uint32_t k = 0;

	if (n)
		qsort(list, n, sizeof *list, by_number);
	for (size_t i = 0; i < n; i++)
		k += i == 0 || list[i] != list[i - 1];
	return k;
}

/* Children of things that are in @set of @here and were not in that of
 * @there. */
static uint32_t only_in(const struct audit_picture *here,
			const struct audit_picture *there, uint32_t set,
			uint32_t *scratch)
{
	size_t n = 0;

	for (size_t i = 0; i < here->n; i++) {
		const struct audit_member *m = &here->member[i], *o;

		if (!(set >> m->leaf & 1))
			continue;
		o = find(there, m->thing);
		if (!o || !(set >> o->leaf & 1))
			scratch[n++] = m->child;
	}
	return distinct(scratch, n);
}

/* Between which counts a set is known to be. */
struct ends {
	uint32_t low, high;
};

struct looking {
	struct audit_album *in;
	audit_fn *fn;
	void *arg;
	int leaks;
	uint32_t *scratch;
};

static void tell(struct looking *l, enum audit_kind kind, uint32_t set,
		 uint32_t n, const char *what)
{
	struct audit_leak leak = {.kind = kind,
				  .outcome = -1,
				  .low = n,
				  .high = n,
				  .occurrences = n,
				  .children = n};

	if (n == 0 || n >= l->in->floor)
		return;
	l->leaks++;
	snprintf(leak.text, sizeof leak.text,
		 "%s %u, strata %x of %s in %d-%02d", what, n, set,
		 l->in->table->id, l->in->now.release->key.closing / 12,
		 l->in->now.release->key.closing % 12 + 1);
	if (l->fn)
		l->fn(l->arg, &leak);
}

static uint32_t things_in(const struct audit_picture *p, uint32_t set)
{
	uint32_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += set >> p->member[i].leaf & 1;
	return n;
}

static uint32_t things_only_in(const struct audit_picture *here,
			       const struct audit_picture *there, uint32_t set)
{
	uint32_t n = 0;

	for (size_t i = 0; i < here->n; i++) {
		const struct audit_member *m = &here->member[i], *o;

		if (!(set >> m->leaf & 1))
			continue;
		o = find(there, m->thing);
		n += !o || !(set >> o->leaf & 1);
	}
	return n;
}

/* Upper and lower end of every set of strata, by what follows from @s. */
static int ends_of(const struct audit_picture *p, const struct span *s,
		   struct ends **out)
{
	uint32_t sets = UINT32_C(1) << s->strata;
	struct ends *e = mem_calloc(sets, sizeof *e);

	if (!e)
		return E_NOMEM;
	for (uint32_t set = 0; set < sets; set++)
		e[set].high = UINT32_MAX;
	for (uint32_t told = 1; told < sets; told++) {
		uint32_t n;

		if (!follows(s, told))
			continue;
		n = things_in(p, told);
		for (uint32_t set = 1; set < sets; set++) {
			if ((told & set) == told && n > e[set].low)
				e[set].low = n;
			if ((told & set) == set && n < e[set].high)
				e[set].high = n;
		}
	}
	*out = e;
	return 0;
}

/* Those of @set in @here who are not in it in @there: if the way back is known
 * the two counts give their number, or bound it. */
static void look_way(struct looking *l, const struct audit_picture *here,
		     const struct audit_picture *there, struct ends h,
		     struct ends t, uint32_t set, const char *what)
{
	bool exact = h.low == h.high && t.low == t.high;
	uint32_t n, most;

	if (h.high == UINT32_MAX)
		return;
	/* The way back only adds to it. */
	if (!exact && h.high >= t.low + l->in->floor)
		return;
	most = h.high + things_only_in(there, here, set) - t.low;
	if (!exact && most >= l->in->floor)
		return;
	n = only_in(here, there, set, l->scratch);
	tell(l, AUDIT_MOVED, set, n, what);
}

static int look_before(struct looking *l, const struct span *was,
		       const struct span *is)
{
	struct audit_picture *before = &l->in->before, *now = &l->in->now;
	struct ends *b = NULL, *n = NULL;
	int r = 0;

	if (was->n == 0 || is->n == 0)
		return 0;
	if (ends_of(before, was, &b) < 0 || ends_of(now, is, &n) < 0)
		r = E_NOMEM;
	for (uint32_t set = 1; set < UINT32_C(1) << is->strata && r == 0;
	     set++) {
		look_way(l, now, before, n[set], b[set], set,
			 "children who came:");
		look_way(l, before, now, b[set], n[set], set,
			 "children who left:");
	}
	mem_free(b);
	mem_free(n);
	return r;
}

static uint32_t children_of(const struct audit_member *m, size_t n,
			    uint32_t set, uint32_t *out)
{
	uint32_t k = 0, found = 0;

	for (size_t i = 0; i < n; i++)
		if (set >> m[i].leaf & 1)
			out[k++] = m[i].child;
	distinct(out, k);
	for (uint32_t i = 0; i < k; i++)
		if (i == 0 || out[i] != out[found - 1])
			out[found++] = out[i];
	return found;
}

static bool has(const uint32_t *list, uint32_t n, uint32_t child)
{
	return n && bsearch(&child, list, n, sizeof *list, by_number);
}

/* The number of the year, less the sum of the months; and who stands behind
 * that if one of the two has everybody of the other. */
static void look_beside(struct looking *l, uint32_t set)
{
	const struct audit_album *in = l->in;
	uint32_t *year = l->scratch, *months = l->scratch + in->now.n + 1;
	uint32_t y = children_of(in->now.member, in->now.n, set, year);
	uint32_t m = children_of(in->beside, in->n_beside, set, months);
	uint32_t all = 0, more = 0, less = 0, twice;

	for (size_t i = 0; i < in->n_beside; i++)
		all += set >> in->beside[i].leaf & 1;
	for (uint32_t i = 0; i < y; i++)
		more += !has(months, m, year[i]);
	for (uint32_t i = 0; i < m; i++)
		less += !has(year, y, months[i]);
	tell(l, AUDIT_BESIDE, set, y > all ? y - all : all - y,
	     "year and months differ by");
	if (less == 0)
		tell(l, AUDIT_BESIDE, set, more, "children of the year alone:");
	if (more == 0)
		tell(l, AUDIT_BESIDE, set, less, "of the months alone:");
	if (more > 0 || less > 0)
		return;
	twice = 0;
	for (uint32_t i = 0; i < m; i++) {
		uint32_t n = 0;

		for (size_t k = 0; k < in->n_beside; k++)
			n += in->beside[k].child == months[i] &&
			     set >> in->beside[k].leaf & 1;
		twice += n > 1;
	}
	tell(l, AUDIT_BESIDE, set, twice, "children counted twice:");
}

int audit_pictures(struct audit_album *in, audit_fn *fn, void *arg)
{
	struct looking l = {.in = in, .fn = fn, .arg = arg};
	struct span was, is;
	int strata = in->table->dim.leaves;
	size_t n = in->now.n + in->before.n + in->n_beside + 2;
	int r;

	l.scratch = mem_calloc(n, sizeof *l.scratch);
	if (!l.scratch)
		return E_NOMEM;
	if (in->before.n)
		qsort(in->before.member, in->before.n, sizeof *in->now.member,
		      by_thing);
	if (in->now.n)
		qsort(in->now.member, in->now.n, sizeof *in->now.member,
		      by_thing);
	span_of(in->table, in->before.release, &was);
	span_of(in->table, in->now.release, &is);
	r = look_before(&l, &was, &is);
	for (uint32_t set = 1; set < UINT32_C(1) << strata && r == 0; set++)
		if (in->beside && follows(&is, set))
			look_beside(&l, set);
	mem_free(l.scratch);
	return r < 0 ? r : l.leaks;
}
