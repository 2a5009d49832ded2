/* What a picture gives away beside the one before it and beside the months of
 * another table: rules S and Y of gate.h. */
#include <stdlib.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/release/gate_world.h"

enum { NOWHERE = -1 };

/* Where one thing was and is, by stratum. */
struct move {
	uint32_t child;
	int8_t from, to;
};

/* One child in the table beside, so often. */
struct often {
	uint32_t child;
	uint8_t leaf;
};

/* The sets of strata that one picture tells by itself. */
struct told {
	bool all;
	int n;
	uint32_t set[PICTURE_STRATA_MAX];
};

/* Of one set of strata: things before and now, and what moved. */
struct moved {
	uint32_t was, is, things_came, things_left;
	uint32_t came, left; /* children */
};

struct moves {
	int width;  /* strata of the table */
	int leaves; /* the same, or 1: they are too many to be told apart */
	int month;  /* of the picture in its half-year */
	uint32_t floor;
	size_t n, n_beside;
	struct move *move;    /* by child */
	struct often *beside; /* by child */
	bool has_beside, same_dim;
	bool strays; /* a year that restates, and not by rule V */
	struct told before;
	struct moved of[1 << PICTURE_STRATA_MAX]; /* by set of strata */
};

static int by_thing(const void *a, const void *b)
{
	const struct gate_member *x = a, *y = b;

	return (x->thing > y->thing) - (x->thing < y->thing);
}

static int by_child(const void *a, const void *b)
{
	const struct move *x = a, *y = b;

	return (x->child > y->child) - (x->child < y->child);
}

static int often_by_child(const void *a, const void *b)
{
	const struct often *x = a, *y = b;

	return (x->child > y->child) - (x->child < y->child);
}

static struct gate_member *sorted(const struct gate_member *from, size_t n)
{
	struct gate_member *out = mem_calloc(n + 1, sizeof *out);

	for (size_t i = 0; out && i < n; i++)
		out[i] = from[i];
	if (out)
		qsort(out, n, sizeof *out, by_thing);
	return out;
}

static int8_t place(const struct moves *m, const struct gate_member *x)
{
	return m->leaves > 1 ? (int8_t)x->leaf : 0;
}

/* Lay the two pictures beside each other, thing by thing. */
static int pair(struct moves *m, const struct gate_picture *p)
{
	struct gate_member *a = sorted(p->before, p->n_before);
	struct gate_member *b = sorted(p->now, p->n_now);
	size_t i = 0, j = 0;
	int r = 0;

	m->move = mem_calloc(p->n_before + p->n_now + 1, sizeof *m->move);
	if (!a || !b || !m->move)
		r = err_set(E_NOMEM, "out of memory comparing two pictures");
	while (r == 0 && (i < p->n_before || j < p->n_now)) {
		bool was = i < p->n_before, is = j < p->n_now;
		struct move x = {0, NOWHERE, NOWHERE};

		if (was && is && a[i].thing != b[j].thing) {
			was = a[i].thing < b[j].thing;
			is = !was;
		}
		if (was) {
			x.child = a[i].child;
			x.from = place(m, &a[i++]);
		}
		if (is) {
			x.child = b[j].child;
			x.to = place(m, &b[j++]);
		}
		m->move[m->n++] = x;
	}
	mem_free(a);
	mem_free(b);
	if (r == 0)
		qsort(m->move, m->n, sizeof *m->move, by_child);
	return r;
}

static int take_beside(struct moves *m, const struct gate_picture *p)
{
	m->has_beside = p->beside != NULL;
	m->same_dim = p->same_dim;
	m->beside = mem_calloc(p->n_beside + 1, sizeof *m->beside);
	if (!m->beside)
		return err_set(E_NOMEM, "out of memory comparing two tables");
	for (size_t i = 0; i < p->n_beside; i++)
		m->beside[m->n_beside++] = (struct often){
			p->beside[i].child, (uint8_t)place(m, &p->beside[i])};
	qsort(m->beside, m->n_beside, sizeof *m->beside, often_by_child);
	return 0;
}

/* The strata of @cells in month @month of its half-year. */
static uint32_t strata(const struct moves *m, struct cells cells, int month)
{
	uint32_t set = 0;

	for (int leaf = 0; leaf < m->width; leaf++)
		if (cells_has(cells, month * m->width + leaf))
			set |= UINT32_C(1) << (m->leaves > 1 ? leaf : 0);
	return set;
}

static void tell(struct told *t, int view, uint32_t set)
{
	if (set == 0)
		return;
	if (view == TREND)
		t->all = true;
	else if (view == DETAIL && t->n < PICTURE_STRATA_MAX)
		t->set[t->n++] = set;
}

static bool in_set(uint32_t set, int leaf)
{
	return leaf >= 0 && (set >> leaf & 1);
}

/* What moved into and out of @set: children, and things. */
static struct moved move_of(const struct moves *m, uint32_t set)
{
	struct moved out = {0};

	for (size_t i = 0; i < m->n;) {
		uint32_t child = m->move[i].child;
		bool came = false, left = false;

		for (; i < m->n && m->move[i].child == child; i++) {
			bool was = in_set(set, m->move[i].from);
			bool is = in_set(set, m->move[i].to);

			out.was += was;
			out.is += is;
			out.things_came += is && !was;
			out.things_left += was && !is;
			came = came || (is && !was);
			left = left || (was && !is);
		}
		out.came += came;
		out.left += left;
	}
	return out;
}

int moves_new(struct moves **out, const struct gate_in *in)
{
	const struct gate_picture *p = in->picture;
	struct moves *m;
	int r;

	m = mem_calloc(1, sizeof *m);
	if (!m)
		return err_set(E_NOMEM, "out of memory in the gate");
	m->width = m->leaves = in->table->dim.leaves;
	/* Such a table has no step by stratum (fact_file.c). */
	if (m->leaves > PICTURE_STRATA_MAX)
		m->leaves = 1;
	m->month = in->closing % LATTICE_MONTHS;
	m->floor = in->floor;
	r = pair(m, p);
	if (r == 0)
		r = take_beside(m, p);
	if (r == 0 && in->table->restates) {
		r = restates_well(in, &m->strays);
		m->strays = !m->strays;
	}
	for (int i = 0; p->left && i < p->left->n_groups && r == 0; i++) {
		const struct group *g = &p->left->group[i];

		tell(&m->before, g->view,
		     strata(m, g->cells,
			    p->left->key.closing % LATTICE_MONTHS));
	}
	for (uint32_t set = 1; set < UINT32_C(1) << m->leaves && r == 0; set++)
		m->of[set] = move_of(m, set);
	if (r == 0) {
		*out = m;
		m = NULL; /* handed over */
	}
	moves_free(m);
	return r;
}

void moves_free(struct moves *m)
{
	if (!m)
		return;
	mem_free(m->move);
	mem_free(m->beside);
	mem_free(m);
}

/* Is @set a union of what @t tells? */
static bool is_union(const struct told *t, uint32_t set)
{
	uint32_t found = 0;

	for (int i = 0; i < t->n; i++)
		if (!(t->set[i] & ~set))
			found |= t->set[i];
	return found == set;
}

static bool tells(const struct told *t, uint32_t all, uint32_t set)
{
	return is_union(t, set) || (t->all && is_union(t, all & ~set));
}

static bool few(const struct moves *m, uint32_t n)
{
	return n > 0 && n < m->floor;
}

/* Between what counts a reader knows @set to be, before or @now. */
static void range_of(const struct moves *m, const struct told *t, bool now,
		     uint32_t set, uint32_t *low, uint32_t *high)
{
	uint32_t all = (UINT32_C(1) << m->leaves) - 1;

	*low = 0;
	*high = UINT32_MAX;
	for (uint32_t s = 1; s <= all; s++) {
		uint32_t n = now ? m->of[s].is : m->of[s].was;

		if (((s & ~set) && (set & ~s)) || !tells(t, all, s))
			continue;
		if (!(s & ~set) && n > *low)
			*low = n;
		if (!(set & ~s) && n < *high)
			*high = n;
	}
}

/* Rule S for one set. Who left is what was there, and who came, less what is
 * there; who came, the other way round. */
static bool gives_away(const struct moves *m, const struct told *now,
		       uint32_t set)
{
	const struct moved *x = &m->of[set];
	uint32_t was_low, was_high, is_low, is_high;

	range_of(m, &m->before, false, set, &was_low, &was_high);
	range_of(m, now, true, set, &is_low, &is_high);
	if (was_low == was_high && is_low == is_high)
		return few(m, x->came) || few(m, x->left);
	return (x->left && was_high != UINT32_MAX &&
		was_high + x->things_came - is_low < m->floor) ||
	       (x->came && is_high != UINT32_MAX &&
		is_high + x->things_left - was_low < m->floor);
}

/* The children of @set in this picture and their occurrences beside it. */
static bool few_beside(const struct moves *m, uint32_t set, bool any)
{
	uint32_t children = 0, occurrences = 0;
	uint32_t only_here = 0, only_there = 0, twice = 0;
	size_t i = 0, j = 0;

	while (i < m->n || j < m->n_beside) {
		uint32_t child = i < m->n ? m->move[i].child : UINT32_MAX;
		uint32_t n = 0;
		bool here = false;

		if (j < m->n_beside && m->beside[j].child < child)
			child = m->beside[j].child;
		for (; i < m->n && m->move[i].child == child; i++)
			here = here || in_set(set, m->move[i].to);
		for (; j < m->n_beside && m->beside[j].child == child; j++)
			n += any || in_set(set, m->beside[j].leaf);
		children += here;
		occurrences += n;
		only_here += here && n == 0;
		only_there += !here && n > 0;
		twice += n > 1;
	}
	if (few(m, (uint32_t)labs((long)children - (long)occurrences)))
		return true;
	return (only_there == 0 && few(m, only_here)) ||
	       (only_here == 0 && (few(m, only_there) || few(m, twice)));
}

static void tell_now(const struct world *w, const struct cells *trend,
		     struct told *now)
{
	const struct moves *m = w->moves;

	if (trend)
		now->all = true;
	for (int v = TREND; v <= DETAIL; v++)
		for (int i = 0; i < w->view[v].n; i++)
			tell(now, v,
			     strata(m, w->view[v].b[i].g.cells, m->month));
}

static struct cells cells_of(const struct moves *m, uint32_t set)
{
	struct cells c = cells_none();

	for (int leaf = 0; leaf < m->width; leaf++)
		if (m->leaves == 1 || in_set(set, leaf))
			c = cells_with(c, m->month * m->width + leaf);
	return c;
}

static uint32_t find_moved(const struct moves *m, const struct told *now,
			   uint32_t all)
{
	/* Nothing of the one before was told: there is nothing beside it. */
	if (!m->before.all && m->before.n == 0)
		return 0;
	for (uint32_t set = all; set; set--)
		if (gives_away(m, now, set))
			return set;
	return 0;
}

static uint32_t find_beside(const struct moves *m, const struct told *now,
			    uint32_t all)
{
	for (uint32_t set = all; set && m->has_beside; set--)
		if ((set == all || m->same_dim) && tells(now, all, set) &&
		    few_beside(m, set, set == all))
			return set;
	return 0;
}

bool world_moved(struct world *w, const struct cells *trend, struct leak *what,
		 enum gate_verdict *why)
{
	const struct moves *m = w->moves;
	struct told now = {.n = 0};
	uint32_t all, set;
	bool moved;

	if (!m || m->floor < 2)
		return false;
	all = (UINT32_C(1) << m->leaves) - 1;
	tell_now(w, trend, &now);
	set = find_moved(m, &now, all);
	moved = set != 0;
	if (!moved && m->strays && tells(&now, all, all))
		set = all;
	else if (!moved)
		set = find_beside(m, &now, all);
	if (!set)
		return false;
	*why = moved ? GATE_MOVED : GATE_BESIDE;
	what->leaves = world_any(w);
	what->around = what->left = cells_of(m, set);
	return true;
}
