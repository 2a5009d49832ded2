/* Does a year that restates its months tell of few? Regions of four sizes, of
 * whose record three in a hundred change after the months left. What the reader
 * has by subtraction is computed here anew, without the gate's code, for every
 * sum of outcomes; and it is printed of how many regions the year leaves. */
#include "tests/lib/check.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/release/gate.h"
#include "tests/lib/scratch.h"

enum { FLOOR = 11, REGIONS = 12, OUTCOMES = 2, JUNE = 2026 * 12 + 5 };
enum { LINKED, NOT_LINKED, NOWHERE };

struct region {
	size_t n; /* referrals, one a child but for every sixth */
	uint8_t *was, *is;
	uint32_t *child;
};

static uint64_t state_of(uint64_t *s)
{
	/* xorshift64: only to vary the regions */
	*s ^= *s << 13;
	*s ^= *s >> 7;
	*s ^= *s << 17;
	return *s;
}

static int chance(uint64_t *s, int of_1000)
{
	return (int)(state_of(s) % 1000) < of_1000;
}

static void region_init(struct region *g, size_t n, uint64_t seed)
{
	uint64_t s = seed * 7919 + 88172645463325252u;
	int errors = seed % 2 ? 200 : 0; /* of a thousand changes */

	g->n = n;
	g->was = mem_calloc(n, 1);
	g->is = mem_calloc(n, 1);
	g->child = mem_calloc(n, sizeof *g->child);
	assert_true(g->was && g->is && g->child);
	for (size_t i = 0; i < n; i++) {
		g->child[i] = (uint32_t)(i % 6 == 5 ? i - 1 : i);
		g->was[i] = chance(&s, 550) ? LINKED : NOT_LINKED;
		g->is[i] = g->was[i];
		/* What is entered late is mostly that a service was received;
		 * in every other region some was entered in error. */
		if (chance(&s, g->was[i] == NOT_LINKED ? 60 : 6))
			g->is[i] = chance(&s, errors)	     ? NOWHERE
				   : g->was[i] == NOT_LINKED ? LINKED
							     : NOT_LINKED;
	}
}

static void region_fini(struct region *g)
{
	mem_free(g->was);
	mem_free(g->is);
	mem_free(g->child);
}

static size_t members(const struct region *g, const uint8_t *outcome,
		      struct gate_member *out)
{
	size_t n = 0;

	for (size_t i = 0; i < g->n; i++)
		if (outcome[i] != NOWHERE)
			out[n++] = (struct gate_member){.thing = (int64_t)i,
							.child = g->child[i],
							.outcome = outcome[i]};
	return n;
}

/* Net change of the outcomes in @set, and how many children have another
 * number of them. */
static bool tells_of_few(const struct region *g, unsigned set)
{
	int *by = mem_calloc(g->n, sizeof *by);
	int net = 0, children = 0;

	assert_non_null(by);
	for (size_t i = 0; i < g->n; i++) {
		int d = (int)(g->is[i] != NOWHERE && (set >> g->is[i] & 1)) -
			(int)(set >> g->was[i] & 1);

		by[g->child[i]] += d;
		net += d;
	}
	for (size_t i = 0; i < g->n; i++)
		children += by[i] != 0;
	mem_free(by);
	return net != 0 && (abs(net) < FLOOR || children < FLOOR);
}

static bool leaves(const struct fact_table *t, const struct region *g)
{
	struct gate_member *now = mem_calloc(g->n, sizeof *now);
	struct gate_year was = {mem_calloc(g->n, sizeof *now), 0};
	struct gate_fact *fact = mem_calloc(g->n, sizeof *fact);
	struct gate_picture p = {.now = now, .was = &was, .n_was = 1};
	struct release out = {.n_groups = 0};
	struct gate_in in = {.table = t,
			     .closing = JUNE,
			     .floor = FLOOR,
			     .fact = fact,
			     .picture = &p};
	bool left;

	assert_true(now && was.member && fact);
	p.n_now = members(g, g->is, now);
	was.n = members(g, g->was, was.member);
	for (size_t i = 0; i < p.n_now; i++)
		fact[i] = (struct gate_fact){
			now[i].child, (uint16_t)lattice_cell(&t->dim, JUNE, 0),
			now[i].outcome};
	in.n_facts = p.n_now;
	check_ok(gate_close(&in, &out));
	left = out.n_groups > 0;
	release_fini(&out);
	mem_free(now);
	mem_free(was.member);
	mem_free(fact);
	return left;
}

static void no_year_tells_of_few(void **state)
{
	static const size_t SIZE[] = {300, 600, 1800, 5000};
	const struct catalogue *c = *state;
	const struct fact_table *t =
		catalogue_table(c, catalogue_find_table(c, "referrals_year"));
	int some = 0;

	for (int k = 0; k < 4; k++) {
		int left = 0;

		for (int i = 0; i < REGIONS; i++) {
			struct region g;
			bool few = false, out;

			region_init(&g, SIZE[k],
				    (uint64_t)(k * REGIONS + i + 1));
			out = leaves(t, &g);
			for (unsigned set = 1; set < 1u << OUTCOMES; set++)
				few = few || tells_of_few(&g, set);
			assert_int_equal(out, !few);
			left += out;
			region_fini(&g);
		}
		print_message("# %4zu referrals a year, 3 %% of them changed: "
			      "of %d regions the year leaves from %d\n",
			      SIZE[k], REGIONS, left);
		some += left;
	}
	assert_true(some > 0 && some < 4 * REGIONS);
}

/* Nobody outside can add up the months: nothing leaves, whatever changed. */
static void without_its_months_nothing_leaves(void **state)
{
	const struct catalogue *c = *state;
	const struct fact_table *t =
		catalogue_table(c, catalogue_find_table(c, "referrals_year"));
	struct gate_fact fact[40];
	struct gate_member now[40];
	struct gate_picture p = {.now = now, .n_now = 40};
	struct release out = {.n_groups = 0};
	struct gate_in in = {.table = t,
			     .closing = JUNE,
			     .floor = FLOOR,
			     .fact = fact,
			     .n_facts = 40,
			     .picture = &p};

	for (uint32_t i = 0; i < 40; i++) {
		fact[i] = (struct gate_fact){
			i, (uint16_t)lattice_cell(&t->dim, JUNE, 0), LINKED};
		now[i] = (struct gate_member){.thing = i, .child = i};
	}
	check_ok(gate_close(&in, &out));
	assert_int_equal(out.n_groups, 0);
	release_fini(&out);
}

static int setup(void **state)
{
	struct catalogue *c;

	check_ok(catalogue_load(&c, source_path("proto")));
	*state = c;
	return 0;
}

static int teardown(void **state)
{
	catalogue_free(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_year_tells_of_few),
		cmocka_unit_test(without_its_months_nothing_leaves),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
