#include "tests/privacy/album.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "proto/picture.h"
#include "tests/privacy/audit_picture.h"
#include "tests/privacy/world.h"

/* Two years before the first picture, so that the stock is full. */
enum { LEAD = 24, MONTHS = LEAD + 12 * ALBUM_YEARS, FIRST = 2022 * 12 };
static const double band_from[] = {-99, 0, 3, 6, 12, 14, 18};

struct person {
	uint32_t child;
	double begin, end; /* months after the lead began */
	double born;
	int leaf; /* where strata are no ages */
	uint8_t outcome;
};

static uint8_t stratum(const struct album *a, const struct person *p, double at)
{
	int leaf = 0;

	if (strcmp(a->table->dim_id, "age") != 0)
		return (uint8_t)p->leaf;
	for (int i = 0; i < a->table->dim.leaves; i++)
		if ((at - p->born) / 12 >= band_from[i])
			leaf = i;
	return (uint8_t)leaf;
}

static int room_for(void **list, size_t n, size_t size)
{
	void *more;

	if (n & (n - 1))
		return 0;
	more = mem_realloc(*list, (n ? 2 * n : 1) * size);
	if (!more)
		return E_NOMEM;
	*list = more;
	return 0;
}

static int show(struct album *a, struct album_picture *x,
		const struct person *p, int64_t thing, double at)
{
	uint8_t leaf = stratum(a, p, at);
	int cell = lattice_cell(&a->table->dim, x->month, leaf);

	if (room_for((void **)&x->fact, x->n, sizeof *x->fact) < 0 ||
	    room_for((void **)&x->member, x->n, sizeof *x->member) < 0)
		return E_NOMEM;
	x->fact[x->n] =
		(struct gate_fact){p->child, (uint16_t)cell, p->outcome};
	x->member[x->n++] = (struct gate_member){thing, p->child, leaf};
	return 0;
}

static int show_beside(struct album *a, struct album_picture *x,
		       const struct person *p, int64_t thing)
{
	if (room_for((void **)&x->beside, x->n_beside, sizeof *x->beside) < 0)
		return E_NOMEM;
	x->beside[x->n_beside++] =
		(struct gate_member){thing, p->child, stratum(a, p, p->begin)};
	return 0;
}

/* One case or referral in all pictures. */
static int add_thing(struct album *a, struct person *p, int64_t thing,
		     bool first, struct rng *rng)
{
	int r = 0;

	for (int i = 0; i < a->n && r == 0; i++) {
		struct album_picture *x = &a->picture[i];
		struct period span = picture_span(a->table, x->month);
		double end = x->month + 1 - FIRST;
		double from = end - span.months;
		bool year = a->table->kind == FACTS_YEAR;

		if (rand_unit(rng) < .3)
			p->outcome = world_draw(a->table, rng);
		if (first && year && p->begin >= from && p->begin < end)
			r = show_beside(a, x, p, thing);
		if (r == 0 && p->begin < end && p->end >= (year ? from : end))
			r = show(a, x, p, year ? p->child : thing,
				 fmax(p->begin, year ? from : end));
	}
	return r;
}

static int add_child(struct album *a, uint32_t child, struct rng *rng)
{
	struct person p = {.child = child,
			   .begin = rand_unit(rng) * MONTHS,
			   .outcome = world_draw(a->table, rng)};
	bool referrals = strcmp(a->table->id, "stock_referrals") == 0;
	double mean = referrals ? 2.5 : 9;
	int things = 1, r = 0;

	p.born = p.begin - 12 * 21 * pow(rand_unit(rng), 1.3) + 1;
	p.leaf = (int)(rand_unit(rng) * a->table->dim.leaves);
	if (referrals)
		things += (int)(rand_unit(rng) * 3);
	else if (rand_unit(rng) < .14)
		things = 2;
	for (int i = 0; i < things && r == 0; i++) {
		double was = p.begin;

		p.end = p.begin - mean * log(1 - rand_unit(rng));
		r = add_thing(a, &p, (int64_t)child * 4 + i,
			      i == 0 || (int)(p.begin / 12) != (int)(was / 12),
			      rng);
		p.begin = p.end + 6 * rand_unit(rng);
	}
	return r;
}

/* A child with two cases is in a year once. */
static void drop_repeated(struct album_picture *x)
{
	size_t n = 0;

	for (size_t i = 0; i < x->n; i++) {
		if (n > 0 && x->member[n - 1].thing == x->member[i].thing)
			continue;
		x->fact[n] = x->fact[i];
		x->member[n++] = x->member[i];
	}
	x->n = n;
}

int album_init(struct album *a, const struct fact_table *t, int children,
	       uint64_t seed)
{
	struct rng_seeded rng;
	int r = 0;

	memset(a, 0, sizeof *a);
	a->table = t;
	for (int32_t m = FIRST + LEAD; m < FIRST + MONTHS; m++)
		if (picture_due(t, m) && a->n < ALBUM_MAX)
			a->picture[a->n++].month = m;
	rand_seed(&rng, seed);
	for (int i = 0; i < children * MONTHS / 12 && r == 0; i++)
		r = add_child(a, (uint32_t)i + 1, &rng.base);
	for (int i = 0; i < a->n; i++)
		drop_repeated(&a->picture[i]);
	if (r < 0)
		album_fini(a);
	return r;
}

void album_fini(struct album *a)
{
	for (int i = 0; i < a->n; i++) {
		mem_free(a->picture[i].fact);
		mem_free(a->picture[i].member);
		mem_free(a->picture[i].beside);
		release_fini(&a->picture[i].left);
	}
	memset(a, 0, sizeof *a);
}

int album_close(struct album *a, int i, uint32_t floor)
{
	struct album_picture *x = &a->picture[i];
	const struct album_picture *was = i ? &a->picture[i - 1] : NULL;
	struct gate_picture p = {.now = x->member,
				 .n_now = x->n,
				 .before = was ? was->member : NULL,
				 .n_before = was ? was->n : 0,
				 .left = was ? &was->left : NULL,
				 .beside = x->beside,
				 .n_beside = x->n_beside,
				 .same_dim = true};
	struct gate_in in = {.table = a->table,
			     .closing = x->month,
			     .floor = floor,
			     .fact = x->fact,
			     .n_facts = x->n,
			     .picture = &p};
	int r;

	release_fini(&x->left);
	x->left = (struct release){.floor = floor};
	r = gate_close(&in, &x->left);
	x->left.key.closing = x->month;
	x->left.key.epoch = x->left.key.version = 1;
	return r;
}

static int audit_alone(struct album *a, int i, uint32_t floor, audit_fn *fn,
		       void *arg)
{
	const struct album_picture *x = &a->picture[i];
	struct audit_fact *fact = mem_calloc(x->n + 1, sizeof *fact);
	const struct release *list[1] = {&x->left};
	struct audit_facts facts = {fact, x->n};
	struct audit_in in = {a->table, floor, lattice_half(x->month), list, 1,
			      &facts,	1};
	int r;

	if (!fact)
		return E_NOMEM;
	for (size_t k = 0; k < x->n; k++)
		fact[k] = (struct audit_fact){x->fact[k].child, x->fact[k].cell,
					      x->fact[k].outcome};
	r = audit_half(&in, fn, arg);
	mem_free(fact);
	return r;
}

/* The auditor has its own kind of member, too. */
static struct audit_member *members(const struct gate_member *from, size_t n)
{
	struct audit_member *out = mem_calloc(n + 1, sizeof *out);

	for (size_t i = 0; out && i < n; i++)
		out[i] = (struct audit_member){from[i].thing, from[i].child,
					       from[i].leaf};
	return out;
}

int album_audit(struct album *a, int i, uint32_t floor, audit_fn *fn, void *arg)
{
	const struct album_picture *x = &a->picture[i];
	const struct album_picture *was = i ? &a->picture[i - 1] : NULL;
	struct audit_album in = {.table = a->table, .floor = floor};
	int r, alone = audit_alone(a, i, floor, fn, arg);

	if (alone < 0)
		return alone;
	in.now = (struct audit_picture){&x->left, members(x->member, x->n),
					x->n};
	if (was)
		in.before = (struct audit_picture){
			&was->left, members(was->member, was->n), was->n};
	if (*a->table->beside_id) {
		in.beside = members(x->beside, x->n_beside);
		in.n_beside = x->n_beside;
	}
	r = audit_pictures(&in, fn, arg);
	mem_free(in.now.member);
	mem_free(in.before.member);
	mem_free(in.beside);
	return r < 0 ? r : alone + r;
}
