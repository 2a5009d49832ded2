/* What the hub sees change when one child is taken out of a region: the same
 * half-year closed with and without each of some children.
 *
 * Most take their occurrences out of the blocks they are in, and no more. Some
 * are the one by whom a group has 11 children: without it the group leaves at
 * a coarser step. That crossing stays visible to whoever knows all the others;
 * the test says how often it happens, and that either way nothing is small. */
#include "tests/lib/check.h"

#include "proto/catalogue.h"
#include "tests/lib/scratch.h"
#include "tests/privacy/audit.h"
#include "tests/privacy/world.h"

enum { FLOOR = 11, HALF = 3, SAMPLE = 40, N_SIZES = 4 };
static const int children[N_SIZES] = {300, 600, 1800, 5000};

struct fix {
	struct catalogue *cat;
	const struct fact_table *t;
};

struct seen {
	int children, same_blocks, moved; /* of the children left out */
	int counts, most_counts; /* counts that differ, blocks being the same */
	int most_blocks;	 /* blocks that are in one and not the other */
	uint32_t most;		 /* by how much one count differs */
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);
	int i;

	assert_non_null(f);
	check_ok(catalogue_load(&f->cat, source_path("proto")));
	i = catalogue_find_table(f->cat, "referrals_90d");
	assert_true(i >= 0);
	f->t = catalogue_table(f->cat, i);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->cat);
	mem_free(f);
	audit_end();
	return 0;
}

/* Take every fact of @child out of the half-year. */
static void leave_out(struct world_half *h, uint32_t child)
{
	size_t to = 0, month = 0;

	for (size_t i = 0; i < h->n; i++) {
		while (i == h->month_end[month] && month < 5)
			h->month_end[month++] = to;
		if (h->fact[i].child != child)
			h->fact[to++] = h->fact[i];
	}
	while (month < LATTICE_MONTHS)
		h->month_end[month++] = to;
	h->n = to;
}

static const struct group *same(const struct release *r, const struct group *g)
{
	for (int i = 0; i < r->n_groups; i++)
		if (r->group[i].view == g->view &&
		    r->group[i].step == g->step &&
		    cells_equal(r->group[i].cells, g->cells))
			return &r->group[i];
	return NULL;
}

static void compare(const struct release *a, const struct release *b,
		    struct seen *s, int *counts, int *blocks)
{
	for (int i = 0; i < b->n_groups; i++)
		*blocks += !same(a, &b->group[i]);
	for (int i = 0; i < a->n_groups; i++) {
		const struct group *g = &a->group[i], *o = same(b, g);

		*blocks += !o;
		for (int k = 0; o && k < g->n; k++) {
			/* Taking out can only lower a count. */
			assert_true(g->count[k] >= o->count[k]);
			*counts += g->count[k] != o->count[k];
			if (g->count[k] - o->count[k] > s->most)
				s->most = g->count[k] - o->count[k];
		}
	}
}

static void one_child(const struct world *w, const struct release *with,
		      uint32_t child, struct seen *s)
{
	struct release without[LATTICE_MONTHS];
	struct world other = *w;
	struct world_half *h = &other.half[HALF];
	int counts = 0, blocks = 0;

	h->fact = mem_alloc(w->half[HALF].n * sizeof *h->fact);
	assert_non_null(h->fact);
	memcpy(h->fact, w->half[HALF].fact, h->n * sizeof *h->fact);
	leave_out(h, child);
	check_ok(world_close(&other, HALF, FLOOR, -1, without));
	assert_int_equal(world_audit(&other, HALF, FLOOR, without, NULL, NULL),
			 0);
	for (int m = 0; m < LATTICE_MONTHS; m++) {
		compare(&with[m], &without[m], s, &counts, &blocks);
		release_fini(&without[m]);
	}
	mem_free(h->fact);

	s->children++;
	s->same_blocks += blocks == 0;
	s->moved += blocks != 0;
	s->counts += counts;
	if (counts > s->most_counts)
		s->most_counts = counts;
	if (blocks > s->most_blocks)
		s->most_blocks = blocks;
}

static void a_child_left_out_changes_little(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < N_SIZES; i++) {
		struct release with[LATTICE_MONTHS];
		struct seen s = {0};
		struct world w;

		check_ok(world_init(&w, f->t, children[i], (uint64_t)i + 7));
		check_ok(world_close(&w, HALF, FLOOR, -1, with));
		for (size_t k = 0; k < SAMPLE; k++)
			one_child(&w, with,
				  w.half[HALF]
					  .fact[k * w.half[HALF].n / SAMPLE]
					  .child,
				  &s);
		print_message("# %d children a year, %d left out one by one: "
			      "%d leave the same blocks; counts that differ "
			      "%.1f each, at most %d, by at most %u\n",
			      children[i], s.children, s.same_blocks,
			      (double)s.counts / s.children, s.most_counts,
			      (unsigned)s.most);
		print_message("#   %d move a group to another step, at most "
			      "%d blocks of either side\n",
			      s.moved, s.most_blocks);
		/* A child has few referrals: no count moves by many. */
		assert_true(s.most <= 4);
		for (int m = 0; m < LATTICE_MONTHS; m++)
			release_fini(&with[m]);
		world_fini(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_child_left_out_changes_little),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
