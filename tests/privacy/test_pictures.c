/* Pictures that leak beside each other, put together by hand: the auditor has
 * to catch each, and the gate, given the same facts, has to do otherwise. */
#include "tests/lib/check.h"

#include <stdio.h>
#include <string.h>

#include "tests/privacy/album.h"

enum { FLOOR = 11, STRATA = 3, FULL = 40, FIRST_MONTH = 2024 * 12 };

struct fix {
	struct fact_table t; /* three strata, one outcome */
	struct album a;
	uint32_t next; /* child */
};

static void set_kind(struct fix *f, enum fact_kind kind)
{
	f->t.kind = kind;
	f->t.year_ends = kind == FACTS_YEAR ? 12 : 0;
	for (int i = 0; i < 2; i++)
		f->a.picture[i].month =
			FIRST_MONTH +
			(kind == FACTS_YEAR ? 11 + 12 * i : 2 + 3 * i);
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	assert_non_null(f);
	snprintf(f->t.id, sizeof f->t.id, "planted");
	f->t.dim = (struct dim){STRATA, 0, {-1, -1, -1}};
	f->t.n_outcomes = 1;
	f->t.outcome[0].parent = -1;
	f->t.n_views = 2;
	for (int v = 0; v < 2; v++) {
		f->t.view[v].kind = v ? VIEW_DETAIL : VIEW_TREND;
		f->t.view[v].splits = -1;
		f->t.view[v].n_outcomes = 1;
		f->t.view[v].n_steps = 1;
		f->t.view[v].step[0] =
			(struct step){1, v ? LEVEL_LEAF : LEVEL_ANY};
	}
	f->a.table = &f->t;
	f->a.n = 2;
	set_kind(f, FACTS_SNAPSHOT);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	album_fini(&f->a);
	mem_free(f);
	return 0;
}

static int teardown_group(void **state)
{
	audit_end();
	return 0;
}

/* @n children that are in stratum @was of the first picture and in @is of the
 * second; -1: in none. */
static void put(struct fix *f, int n, int was, int is)
{
	const int leaf[] = {was, is};

	for (int k = 0; k < n; k++, f->next++)
		for (int i = 0; i < 2; i++) {
			struct album_picture *x = &f->a.picture[i];
			size_t room = (x->n + 1) * sizeof *x->fact;

			if (leaf[i] < 0)
				continue;
			x->fact = mem_realloc(x->fact, room);
			x->member = mem_realloc(x->member,
						(x->n + 1) * sizeof *x->member);
			x->fact[x->n] = (struct gate_fact){
				f->next,
				(uint16_t)lattice_cell(&f->t.dim, x->month,
						       leaf[i]),
				0};
			x->member[x->n++] = (struct gate_member){
				f->next, f->next, (uint8_t)leaf[i]};
		}
}

/* The months beside the second picture count children @from to @to. */
static void put_beside(struct fix *f, uint32_t from, uint32_t to)
{
	struct album_picture *x = &f->a.picture[1];

	snprintf(f->t.beside_id, sizeof f->t.beside_id, "months");
	for (uint32_t c = from; c <= to; c++) {
		x->beside = mem_realloc(x->beside,
					(x->n_beside + 1) * sizeof *x->beside);
		x->beside[x->n_beside++] =
			(struct gate_member){x->n_beside, c, 0};
	}
}

/* Picture @i as who checks nothing would tell it: in all, and of the strata in
 * the bit set @by. */
static void tell(struct fix *f, int i, unsigned by)
{
	struct album_picture *x = &f->a.picture[i];
	struct release *r = &x->left;

	release_fini(r);
	r->floor = FLOOR;
	r->key.closing = x->month;
	r->key.epoch = r->key.version = 1;
	r->group = mem_calloc(1 + STRATA, sizeof *r->group);
	for (int s = -1; s < STRATA; s++) {
		struct group *g = &r->group[r->n_groups];

		if (s >= 0 && !(by >> s & 1))
			continue;
		*g = (struct group){.view = s >= 0, .n = 1};
		g->period = (struct period){x->month, 1};
		g->stratum = (struct stratum){s < 0 ? LEVEL_ANY : LEVEL_LEAF,
					      s < 0 ? 0 : s};
		g->cells = lattice_cells(&f->t.dim, lattice_half(x->month),
					 g->period, g->stratum);
		for (size_t k = 0; k < x->n; k++)
			g->count[0] += cells_has(g->cells, x->fact[k].cell);
		r->n_groups++;
	}
}

struct heard {
	enum audit_kind kind;
	int leaks;
	uint32_t children[16];
};

static void hear(void *arg, const struct audit_leak *leak)
{
	struct heard *h = arg;

	print_message("# caught: %s\n", leak->text);
	if (leak->kind == h->kind && h->leaks < 16)
		h->children[h->leaks++] = leak->children;
}

/* The second picture, told so, gives @children away; the gate's does not. */
static void caught(struct fix *f, unsigned by, enum audit_kind kind,
		   uint32_t children)
{
	struct heard h = {.kind = kind};
	bool found = false;

	tell(f, 1, by);
	assert_true(album_audit(&f->a, 1, FLOOR, hear, &h) > 0);
	for (int i = 0; i < h.leaks; i++)
		found = found || h.children[i] == children;
	assert_true(found);
	check_ok(album_close(&f->a, 1, FLOOR));
	print_message("# the gate published %d blocks instead\n",
		      f->a.picture[1].left.n_groups);
	assert_int_equal(album_audit(&f->a, 1, FLOOR, hear, &h), 0);
}

/* 43 stay, 20 come; who knows that 20 came knows that 3 left. */
static void small_flow_that_follows_is_caught(void **state)
{
	struct fix *f = *state;

	put(f, FULL, 0, 0);
	put(f, 3, 0, -1);
	put(f, 20, -1, 0);
	tell(f, 0, 0);
	caught(f, 0, AUDIT_MOVED, 3);
	assert_int_equal(f->a.picture[1].left.n_groups, 0);
}

/* In all, 23 come and 20 leave; into one stratum come 3. */
static void stratum_beside_its_neighbor_is_caught(void **state)
{
	struct fix *f = *state;

	for (int s = 0; s < STRATA; s++)
		put(f, FULL, s, s);
	put(f, 20, -1, 0);
	put(f, 20, 2, -1);
	put(f, 3, -1, 1);
	tell(f, 0, 7);
	caught(f, 7, AUDIT_MOVED, 3);
	assert_true(f->a.picture[1].left.n_groups > 0);
}

/* Enough go between two strata, but into the two together come 4. */
static void two_strata_together_are_caught(void **state)
{
	struct fix *f = *state;

	for (int s = 0; s < STRATA; s++)
		put(f, FULL, s, s);
	put(f, 12, 0, 1);
	put(f, 12, 1, 0);
	put(f, 4, -1, 0);
	put(f, 15, 0, -1);
	put(f, 15, -1, 2);
	put(f, 15, 2, -1);
	tell(f, 0, 7);
	caught(f, 7, AUDIT_MOVED, 4);
}

/* A remainder moves, too: nobody told the number of stratum 2. */
static void what_is_left_over_is_caught(void **state)
{
	struct fix *f = *state;

	for (int s = 0; s < STRATA; s++)
		put(f, FULL, s, s);
	for (int s = 0; s < 2; s++) {
		put(f, 15, -1, s);
		put(f, 15, s, -1);
	}
	put(f, 2, 2, -1);
	tell(f, 0, 3);
	caught(f, 3, AUDIT_MOVED, 2);
}

/* A year of 60 children; the months add up to 56 of them. */
static void year_less_its_months_is_caught(void **state)
{
	struct fix *f = *state;

	set_kind(f, FACTS_YEAR);
	put(f, 60, -1, 0);
	put_beside(f, 0, 55);
	caught(f, 0, AUDIT_BESIDE, 4);
	assert_int_equal(f->a.picture[1].left.n_groups, 0);
}

/* Both are the same 60 children, of whom 2 are in the months twelve times. */
static void children_counted_twice_are_caught(void **state)
{
	struct fix *f = *state;

	set_kind(f, FACTS_YEAR);
	put(f, 60, -1, 0);
	put_beside(f, 0, 59);
	for (int i = 0; i < 11; i++)
		put_beside(f, 3, 4);
	caught(f, 0, AUDIT_BESIDE, 2);
	assert_int_equal(f->a.picture[1].left.n_groups, 0);
}

/* What moves enough, or not at all, leaves as it is. */
static void enough_movement_leaves(void **state)
{
	struct fix *f = *state;

	for (int s = 0; s < STRATA; s++)
		put(f, FULL, s, s);
	put(f, 15, -1, 0);
	put(f, 15, 1, -1);
	check_ok(album_close(&f->a, 0, FLOOR));
	assert_int_equal(f->a.picture[0].left.n_groups, 1 + STRATA);
	check_ok(album_close(&f->a, 1, FLOOR));
	assert_int_equal(f->a.picture[1].left.n_groups, 1 + STRATA);
	assert_int_equal(album_audit(&f->a, 1, FLOOR, NULL, NULL), 0);
}

int main(void)
{
#define ATTACK(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		ATTACK(small_flow_that_follows_is_caught),
		ATTACK(stratum_beside_its_neighbor_is_caught),
		ATTACK(two_strata_together_are_caught),
		ATTACK(what_is_left_over_is_caught),
		ATTACK(year_less_its_months_is_caught),
		ATTACK(children_counted_twice_are_caught),
		ATTACK(enough_movement_leaves),
	};

	return cmocka_run_group_tests(tests, NULL, teardown_group);
}
