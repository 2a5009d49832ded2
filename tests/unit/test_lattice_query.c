/* Tests of daemon/hub/lattice_query and lattice_half: the truth is inside
 * every range, and a range is no wider than it has to be.
 *
 * Worlds are drawn at random: facts, then closings that publish some of what
 * they might, in disjoint blocks, with bounds that are true. */
#include "tests/lib/check.h"

#include "daemon/core/rand.h"
#include "daemon/hub/lattice_half.h"
#include "daemon/hub/lattice_query.h"

enum {
	HALF = 4052, /* first half of 2026 */
	FIRST = HALF * LATTICE_MONTHS,
	LEAVES = 4,
	MONTHS = LATTICE_MONTHS,
	CELLS = LEAVES * LATTICE_MONTHS,
	OUTCOMES = 8,
	GROUPS = 300,
	TREND = 0,
	DETAIL,
	SPLIT,	/* of outcome 0, over trend */
	NESTED, /* of outcome 2, over SPLIT */
	OTHER,	/* of outcome 1, over detail */
	VIEWS,
};

struct fix {
	struct rng_seeded rng;
	struct fact_table t;
	int facts[CELLS][OUTCOMES]; /* by leaf outcome */
	int32_t closed;
	int n; /* releases */
	struct release r[MONTHS];
	const struct release *at[MONTHS];
	struct group group[MONTHS][GROUPS];
	struct cells covered[VIEWS];
	double share; /* of what might be published */
};

/* 0 (2 (5 6 7) 3), 1 (4): base 0 and 1; 4 is the only child of 1. */
static const int parent_of[OUTCOMES] = {-1, -1, 0, 0, 1, 2, 2, 2};

static void step(struct view *v, int months, enum level level)
{
	v->step[v->n_steps++] = (struct step){months, level};
}

static void counts(struct view *v, enum view_kind kind, int parent, int splits,
		   const int *outcome, int n)
{
	v->kind = kind;
	v->parent = parent;
	v->splits = splits;
	v->n_outcomes = n;
	memcpy(v->outcome, outcome, (size_t)n * sizeof *outcome);
}

static void make_table(struct fact_table *t)
{
	static const int lengths[] = {1, 3, 6};

	memset(t, 0, sizeof *t);
	t->dim = (struct dim){LEAVES, 2, {0, 0, 1, 1}};
	t->n_outcomes = OUTCOMES;
	for (int o = 0; o < OUTCOMES; o++)
		t->outcome[o].parent = parent_of[o];
	t->n_views = VIEWS;
	counts(&t->view[TREND], VIEW_TREND, -1, -1, (int[]){0, 1}, 2);
	counts(&t->view[DETAIL], VIEW_DETAIL, -1, -1, (int[]){0, 1}, 2);
	counts(&t->view[SPLIT], VIEW_SIDE, TREND, 0, (int[]){2, 3}, 2);
	counts(&t->view[NESTED], VIEW_SIDE, SPLIT, 2, (int[]){5, 6, 7}, 3);
	counts(&t->view[OTHER], VIEW_SIDE, DETAIL, 1, (int[]){4}, 1);
	for (int i = 0; i < 3; i++) {
		step(&t->view[TREND], lengths[i], LEVEL_ANY);
		step(&t->view[DETAIL], lengths[i], LEVEL_LEAF);
		step(&t->view[SPLIT], lengths[i], LEVEL_ANY);
		step(&t->view[NESTED], lengths[i], LEVEL_ANY);
		step(&t->view[OTHER], lengths[i], LEVEL_LEAF);
	}
	step(&t->view[DETAIL], 6, LEVEL_GROUP);
	step(&t->view[DETAIL], 6, LEVEL_ANY);
}

static bool under(int o, int a)
{
	while (o >= 0 && o != a)
		o = parent_of[o];
	return o == a;
}

/* Facts in @c with outcome @o or one below it; -1: any. */
static int64_t truth(const struct fix *f, struct cells c, int o)
{
	int64_t n = 0;

	for (int i = cells_next(c, 0); i >= 0 && i < CELLS;
	     i = cells_next(c, i + 1))
		for (int k = 0; k < OUTCOMES; k++)
			if (o < 0 || under(k, o))
				n += f->facts[i][k];
	return n;
}

static bool chance(struct fix *f, double share)
{
	return rand_unit(&f->rng.base) < share;
}

static void make_facts(struct fix *f)
{
	static const int leaf[] = {3, 4, 5, 6, 7};
	double busy = rand_unit(&f->rng.base);

	memset(f->facts, 0, sizeof f->facts);
	for (int i = 0; i < CELLS; i++)
		for (int k = 0; k < 5; k++)
			if (chance(f, busy))
				f->facts[i][leaf[k]] = (int)rand_below(
					&f->rng.base, chance(f, .2) ? 40 : 6);
}

static void publish(struct fix *f, struct release *r, int view, int st,
		    struct period p, struct stratum s, struct cells c)
{
	const struct view *v = &f->t.view[view];
	struct group *g = &r->group[r->n_groups];
	int64_t sum = 0;

	assert_true(r->n_groups < GROUPS);
	*g = (struct group){.view = (uint8_t)view,
			    .step = (uint8_t)st,
			    .period = p,
			    .stratum = s,
			    .cells = c,
			    .n = (uint8_t)v->n_outcomes};
	for (int k = 0; k < g->n; k++) {
		g->count[k] = (uint32_t)truth(f, c, v->outcome[k]);
		sum += g->count[k];
	}
	/* Nobody shows an empty group. */
	if (sum == 0)
		return;
	r->n_groups++;
	f->covered[view] = cells_or(f->covered[view], c);
}

/* One rung: what of each stratum is in no block yet, sometimes. */
static void rung(struct fix *f, struct release *r, int view, int st)
{
	const struct step *s = &f->t.view[view].step[st];
	struct period p = period_of(r->key.closing, s->months);
	int n = s->level == LEVEL_LEAF	  ? LEAVES
		: s->level == LEVEL_GROUP ? 2
					  : 1;

	if (p.month + p.months - 1 != r->key.closing)
		return;
	for (int no = 0; no < n; no++) {
		struct stratum str = {s->level, no};
		struct cells c =
			cells_minus(lattice_cells(&f->t.dim, HALF, p, str),
				    f->covered[view]);

		/* A side view shares out what its parent has published. */
		if (f->t.view[view].kind == VIEW_SIDE)
			c = cells_and(c, f->covered[f->t.view[view].parent]);
		if (!cells_empty(c) && chance(f, f->share))
			publish(f, r, view, st, p, str, c);
	}
}

static void state_bound(struct fix *f, struct release *r, unsigned months)
{
	struct cells c = cells_none();
	int64_t n;

	for (int m = 0; m < MONTHS; m++)
		if (months >> m & 1)
			c = cells_or(
				c,
				lattice_cells(&f->t.dim, HALF,
					      (struct period){FIRST + m, 1},
					      (struct stratum){LEVEL_ANY, 0}));
	n = truth(f, cells_minus(c, f->covered[DETAIL]), -1);
	r->bound[r->n_bounds++] = (struct bound){
		{FIRST, 6}, (uint8_t)months, (uint32_t)((n + 10) / 11 * 11)};
}

static void close_month(struct fix *f, int m, double bounds)
{
	struct release *r = &f->r[f->n];

	memset(r, 0, sizeof *r);
	r->key.closing = FIRST + m;
	r->group = f->group[f->n];
	f->at[f->n++] = r;
	for (int v = 0; v < VIEWS; v++)
		for (int s = 0; s < f->t.view[v].n_steps; s++)
			rung(f, r, v, s);
	while (r->n_bounds < 4 && chance(f, bounds)) {
		unsigned months = 1 + rand_below(&f->rng.base, (2u << m) - 1);

		state_bound(f, r, months);
	}
}

static void make_world(struct fix *f, uint64_t seed)
{
	double bounds;

	rand_seed(&f->rng, seed);
	make_table(&f->t);
	make_facts(f);
	memset(f->covered, 0, sizeof f->covered);
	f->n = 0;
	f->share = rand_unit(&f->rng.base) * 1.2;
	bounds = rand_unit(&f->rng.base);
	f->closed = FIRST + (int32_t)rand_below(&f->rng.base, 6);
	for (int m = 0; FIRST + m <= f->closed; m++)
		close_month(f, m, bounds);
}

static struct cells closed_cells(const struct fix *f)
{
	struct period p = {FIRST, f->closed - FIRST + 1};

	return lattice_cells(&f->t.dim, HALF, p,
			     (struct stratum){LEVEL_ANY, 0});
}

typedef void point_fn(struct fix *f, struct period p, struct stratum s,
		      struct cells z, const struct answer *a);

static void each_point(struct fix *f, point_fn *fn)
{
	static const int lengths[] = {1, 3, 6};
	static const int n_of[] = {LEAVES, 2, 1};
	struct answer a;

	for (int l = 0; l < 3; l++)
		for (int m = 0; m < MONTHS; m += lengths[l])
			for (int level = 0; level < 3; level++)
				for (int no = 0; no < n_of[level]; no++) {
					struct period p = {FIRST + m,
							   lengths[l]};
					struct stratum s = {(enum level)level,
							    no};
					struct cells z = cells_and(
						lattice_cells(&f->t.dim, HALF,
							      p, s),
						closed_cells(f));

					check_ok(lattice_answer_half(
						&f->t, f->at, f->n, f->closed,
						p, s, &a));
					fn(f, p, s, z, &a);
				}
}

static void inside(int64_t v, struct range r, const char *what, int o)
{
	if (v < r.low || v > r.high)
		fail_msg("%s %d: %lld is not in %lld to %lld", what, o,
			 (long long)v, (long long)r.low, (long long)r.high);
}

static void check_sound(struct fix *f, struct period p, struct stratum s,
			struct cells z, const struct answer *a)
{
	int64_t sum;

	for (int o = 0; o < OUTCOMES; o++)
		inside(truth(f, z, o), a->outcome[o], "outcome", o);
	inside(truth(f, z, -1), a->total, "total", 0);
	inside(truth(f, z, 0), a->base[0], "base", 0);
	inside(truth(f, z, 1), a->base[1], "base", 1);
	for (int i = 0; i < 12; i++) {
		uint32_t set = rand_below(&f->rng.base, 1u << OUTCOMES);

		sum = 0;
		for (int o = 0; o < OUTCOMES; o++)
			if (answer_leaves(&f->t, set) >> o & 1)
				sum += truth(f, z, o);
		inside(sum, answer_sum(&f->t, a, set), "set", (int)set);
	}
}

/* Blocks of @view that are inside @z cover it. */
static bool covers(const struct fix *f, int view, struct cells z)
{
	struct cells c = cells_none();

	for (int i = 0; i < f->n; i++)
		for (int g = 0; g < f->r[i].n_groups; g++)
			if (f->r[i].group[g].view == view &&
			    cells_inside(f->r[i].group[g].cells, z))
				c = cells_or(c, f->r[i].group[g].cells);
	return cells_equal(c, z);
}

static void exact(const struct fix *f, struct cells z, struct range r, int o)
{
	int64_t v = truth(f, z, o);

	if (r.low != v || r.high != v)
		fail_msg("outcome %d: %lld to %lld, though %lld is published",
			 o, (long long)r.low, (long long)r.high, (long long)v);
}

/* What trend and detail give together, by themselves: blocks of whole months
 * and blocks of their other cells. */
static bool covers_by_difference(const struct fix *f, struct cells z)
{
	struct cells months = cells_none();

	for (int m = 0; m < MONTHS; m++) {
		struct cells c = lattice_cells(&f->t.dim, HALF,
					       (struct period){FIRST + m, 1},
					       (struct stratum){LEVEL_ANY, 0});

		if (cells_touch(c, z))
			months = cells_or(months, c);
	}
	return covers(f, TREND, months) &&
	       covers(f, DETAIL, cells_minus(months, z));
}

static void check_exact(struct fix *f, struct period p, struct stratum s,
			struct cells z, const struct answer *a)
{
	if (cells_empty(z))
		return;
	if (covers(f, TREND, z) || covers(f, DETAIL, z) ||
	    covers_by_difference(f, z)) {
		exact(f, z, a->base[0], 0);
		exact(f, z, a->base[1], 1);
		exact(f, z, a->total, -1);
		assert_true(a->view == TREND || a->view == DETAIL);
	}
	if (covers(f, SPLIT, z)) {
		exact(f, z, a->outcome[2], 2);
		exact(f, z, a->outcome[3], 3);
	}
	if (covers(f, NESTED, z))
		for (int o = 5; o < OUTCOMES; o++)
			exact(f, z, a->outcome[o], o);
	if (covers(f, OTHER, z))
		exact(f, z, a->outcome[4], 4);
}

static void truth_is_inside_every_range(void **state)
{
	for (uint64_t seed = 1; seed <= 400; seed++) {
		make_world(*state, seed);
		each_point(*state, check_sound);
	}
}

static void what_is_published_is_exact(void **state)
{
	for (uint64_t seed = 1; seed <= 400; seed++) {
		make_world(*state, seed);
		each_point(*state, check_exact);
	}
}

/* A release on its way: what it would say is not known, and nothing is
 * promised about it. */
static void gap_is_not_taken_for_nothing(void **state)
{
	struct fix *f = *state;

	for (uint64_t seed = 1; seed <= 400; seed++) {
		int gap;

		make_world(f, seed);
		if (f->n < 3)
			continue;
		gap = 1 + (int)rand_below(&f->rng.base, (uint32_t)f->n - 2);
		memmove(f->at + gap, f->at + gap + 1,
			(size_t)(f->n - gap - 1) * sizeof *f->at);
		f->n--;
		each_point(f, check_sound);
	}
}

static void set_up_one(struct fix *f)
{
	rand_seed(&f->rng, 1);
	make_table(&f->t);
	memset(f->facts, 0, sizeof f->facts);
	memset(f->covered, 0, sizeof f->covered);
	f->n = 1;
	memset(&f->r[0], 0, sizeof f->r[0]);
	f->r[0].group = f->group[0];
	f->at[0] = &f->r[0];
	f->r[0].key.closing = f->closed = FIRST;
}

static void ask(struct fix *f, int months, enum level level, int no,
		struct answer *a)
{
	check_ok(lattice_answer_half(&f->t, f->at, f->n, f->closed,
				     (struct period){FIRST, months},
				     (struct stratum){level, no}, a));
}

/* January: 34 for need 0, 7 wait of needs 1 to 3. */
static void overlap_and_waiting_are_the_uncertainty(void **state)
{
	struct fix *f = *state;
	struct stratum any = {LEVEL_ANY, 0}, leaf = {LEVEL_LEAF, 0};
	struct period p = {FIRST, 1};
	struct answer a;

	set_up_one(f);
	f->facts[0][4] = 34;
	f->facts[1][4] = 5;
	f->facts[2][4] = 2;
	publish(f, &f->r[0], TREND, 0, p, any,
		lattice_cells(&f->t.dim, HALF, p, any));
	publish(f, &f->r[0], DETAIL, 0, p, leaf,
		lattice_cells(&f->t.dim, HALF, p, leaf));
	ask(f, 1, LEVEL_LEAF, 0, &a);
	assert_int_equal(a.base[1].low, 34);
	assert_int_equal(a.base[1].high, 34);
	assert_int_equal(a.view, DETAIL);
	assert_int_equal(a.step, 0);
	ask(f, 1, LEVEL_GROUP, 0, &a);
	assert_int_equal(a.base[1].low, 34);
	assert_int_equal(a.base[1].high, 41);
	ask(f, 1, LEVEL_LEAF, 1, &a);
	assert_int_equal(a.base[1].low, 0);
	assert_int_equal(a.base[1].high, 7);
	ask(f, 1, LEVEL_ANY, 0, &a);
	assert_int_equal(a.base[1].low, 41);
	assert_int_equal(a.view, TREND);
	assert_int_equal(a.through, FIRST);
	assert_true(a.complete);
	/* A quarter of which only January is closed. */
	ask(f, 3, LEVEL_ANY, 0, &a);
	assert_int_equal(a.base[1].high, 41);
	assert_int_equal(a.through, FIRST);
	assert_false(a.complete);
}

static void without_trend_or_bound_there_is_no_upper_end(void **state)
{
	struct fix *f = *state;
	struct answer a;

	set_up_one(f);
	f->facts[1][4] = 5;
	ask(f, 1, LEVEL_ANY, 0, &a);
	assert_int_equal(a.base[1].low, 0);
	assert_int_equal(a.base[1].high, UNBOUNDED);
	assert_int_equal(a.view, -1);
	state_bound(f, &f->r[0], 1);
	ask(f, 1, LEVEL_ANY, 0, &a);
	assert_int_equal(a.base[1].high, 11);
	assert_int_equal(a.total.high, 11);
	assert_int_equal(answer_sum(&f->t, &a, 3).high, 11);
}

/* Blocks since its closing take from what a bound allows. */
static void later_blocks_lower_a_bound(void **state)
{
	struct fix *f = *state;
	struct period p = {FIRST, 3};
	struct stratum leaf = {LEVEL_LEAF, 0};
	struct answer a;

	set_up_one(f);
	f->facts[0][4] = 30;
	f->facts[1][4] = 3;
	state_bound(f, &f->r[0], 1); /* 33 */
	for (int i = 1; i < 3; i++) {
		memset(&f->r[i], 0, sizeof f->r[i]);
		f->r[i].group = f->group[i];
		f->at[i] = &f->r[i];
		f->r[i].key.closing = FIRST + i;
	}
	f->n = 3;
	f->closed = FIRST + 2;
	publish(f, &f->r[2], DETAIL, 1, p, leaf,
		lattice_cells(&f->t.dim, HALF, (struct period){FIRST, 1},
			      leaf));
	ask(f, 1, LEVEL_LEAF, 1, &a);
	assert_int_equal(a.base[1].high, 3);
	ask(f, 1, LEVEL_LEAF, 0, &a);
	assert_int_equal(a.base[1].low, 30);
	assert_int_equal(a.base[1].high, 30);
	/* Nothing bounds February. */
	ask(f, 3, LEVEL_LEAF, 1, &a);
	assert_int_equal(a.base[1].high, UNBOUNDED);
}

static void nothing_closed_is_nothing(void **state)
{
	struct fix *f = *state;
	struct answer a;

	set_up_one(f);
	f->n = 0;
	ask(f, 6, LEVEL_ANY, 0, &a);
	assert_int_equal(a.through, -1);
	assert_int_equal(a.total.high, 0);
	assert_false(a.complete);
}

/* Before the region reported, there is nothing; it is no gap. */
static void months_before_the_first_count_for_nothing(void **state)
{
	struct fix *f = *state;
	struct stratum any = {LEVEL_ANY, 0};
	struct period p = {FIRST + 2, 1};
	struct answer a;

	set_up_one(f);
	f->facts[2 * LEAVES][4] = 12;
	f->r[0].key.closing = f->closed = FIRST + 2;
	publish(f, &f->r[0], TREND, 0, p, any,
		lattice_cells(&f->t.dim, HALF, p, any));
	ask(f, 3, LEVEL_ANY, 0, &a);
	assert_int_equal(a.total.low, 12);
	assert_int_equal(a.total.high, 12);
	ask(f, 1, LEVEL_ANY, 0, &a);
	assert_int_equal(a.total.high, 0);
	assert_int_equal(a.through, -1);
}

static void half_survives_lack_of_memory(void **state)
{
	struct fix *f = *state;

	make_world(f, 3);
	SWEEP
	{
		struct lattice_half *h = NULL;
		int r = lattice_half_new(&h, &f->t, HALF, f->at, f->n, FIRST,
					 f->closed);

		SWEEP_END(r);
		lattice_half_free(h);
	}
}

static int setup(void **state)
{
	*state = mem_calloc(1, sizeof(struct fix));
	return *state ? 0 : -1;
}

static int teardown(void **state)
{
	mem_free(*state);
	return 0;
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(overlap_and_waiting_are_the_uncertainty),
		T(without_trend_or_bound_there_is_no_upper_end),
		T(later_blocks_lower_a_bound),
		T(nothing_closed_is_nothing),
		T(months_before_the_first_count_for_nothing),
		T(truth_is_inside_every_range),
		T(what_is_published_is_exact),
		T(gap_is_not_taken_for_nothing),
		T(half_survives_lack_of_memory),
	};

	return cmocka_run_group_tests_name("lattice_query", tests, NULL, NULL);
}
