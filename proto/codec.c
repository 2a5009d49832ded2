#include "proto/codec.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/codec_field.h"

enum { CELLS = LATTICE_MONTHS * LATTICE_LEAVES_MAX };

void release_fini(struct release *r)
{
	mem_free(r->group);
	r->group = NULL;
	r->n_groups = 0;
}

void codec_digest(const void *bytes, size_t len, unsigned char out[DIGEST])
{
	crypto_generichash(out, DIGEST, bytes, len, NULL, 0);
}

static int three_way(uint64_t a, uint64_t b)
{
	return a < b ? -1 : a > b;
}

static int group_order(const struct group *a, const struct group *b)
{
	int x = three_way(a->view, b->view);

	if (x == 0)
		x = three_way(a->step, b->step);
	if (x == 0)
		x = three_way(a->cells.w[1], b->cells.w[1]);
	if (x == 0)
		x = three_way(a->cells.w[0], b->cells.w[0]);
	return x;
}

static int group_compare(const void *a, const void *b)
{
	const struct group *const *x = a, *const *y = b;

	return group_order(*x, *y);
}

static int bound_order(const struct bound *a, const struct bound *b)
{
	int x = three_way((uint64_t)a->period.month, (uint64_t)b->period.month);

	if (x == 0)
		x = three_way((uint64_t)a->period.months,
			      (uint64_t)b->period.months);
	if (x == 0)
		x = three_way(a->months, b->months);
	return x;
}

static int bound_compare(const void *a, const void *b)
{
	return bound_order(a, b);
}

/* A period of the lattice within the half-year of the closing. */
static int check_period(struct period p, int32_t closing)
{
	if ((p.months != 1 && p.months != 3 && p.months != 6) || p.month < 0 ||
	    p.month % p.months != 0)
		return err_set(E_FORMAT, "a period is none of the lattice");
	if (lattice_half(p.month) != lattice_half(closing))
		return err_set(E_FORMAT, "a period is not of this closing");
	return 0;
}

static int check_stratum(struct stratum s)
{
	if (s.level != LEVEL_LEAF && s.level != LEVEL_GROUP &&
	    s.level != LEVEL_ANY)
		return err_set(E_FORMAT, "a level is unknown");
	if (s.no < 0 || s.no >= LATTICE_LEAVES_MAX ||
	    (s.level == LEVEL_ANY && s.no != 0))
		return err_set(E_FORMAT, "a stratum is unknown");
	return 0;
}

static int check_group(const struct group *g, int32_t closing)
{
	int r;

	if (g->view >= VIEWS_MAX || g->step >= STEPS_MAX)
		return err_set(E_FORMAT, "a view or a step is unknown");
	if (g->n < 1 || g->n > SPLIT_MAX)
		return err_set(E_FORMAT, "a block counts %d outcomes", g->n);
	if (cells_empty(g->cells))
		return err_set(E_FORMAT, "a block has no cells");
	if (cells_next(g->cells, CELLS) >= 0)
		return err_set(E_FORMAT, "a block has a cell that none is");
	r = check_period(g->period, closing);
	if (r < 0)
		return r;
	if (g->period.month + g->period.months - 1 > closing)
		return err_set(E_FORMAT, "a period ends after the closing");
	return check_stratum(g->stratum);
}

/* What holds between the groups @g of a release, which come in order. */
struct together {
	struct cells taken[VIEWS_MAX];
	uint8_t n[VIEWS_MAX];
	uint64_t total;
};

static int check_together(struct together *t, const struct group *g)
{
	if (cells_touch(t->taken[g->view], g->cells))
		return err_set(E_FORMAT, "two blocks of a view share a cell");
	t->taken[g->view] = cells_or(t->taken[g->view], g->cells);
	if (t->n[g->view] && t->n[g->view] != g->n)
		return err_set(E_FORMAT, "two blocks of a view count unlike");
	t->n[g->view] = g->n;
	for (int i = 0; i < g->n; i++)
		t->total += g->count[i];
	/* Sums over any groups stay in 31 bits, so nobody can overflow. */
	if (t->total > INT32_MAX)
		return err_set(E_FORMAT, "the counts are too large");
	return 0;
}

static int check_groups(const struct release *r, struct group *const *by_order)
{
	struct together t = {0};
	int x = 0;

	for (int i = 0; i < r->n_groups && x == 0; i++) {
		const struct group *g = by_order ? by_order[i] : &r->group[i];
		const struct group *before = NULL;

		if (i > 0)
			before = by_order ? by_order[i - 1] : g - 1;
		if (before && group_order(before, g) >= 0)
			return err_set(E_FORMAT, "the blocks are not in order");
		x = check_group(g, r->key.closing);
		if (x == 0)
			x = check_together(&t, g);
	}
	return x;
}

static int check_bounds(const struct release *r, const struct bound *bound)
{
	int x = 0;

	for (int i = 0; i < r->n_bounds && x == 0; i++) {
		const struct bound *b = &bound[i];

		if (i > 0 && bound_order(b - 1, b) >= 0)
			return err_set(E_FORMAT, "the bounds are not in order");
		if (b->months == 0 || b->months >= 1 << LATTICE_MONTHS)
			return err_set(E_FORMAT, "a bound is of no month");
		if (b->at_most > INT32_MAX || b->at_most % r->floor != 0)
			return err_set(E_FORMAT,
				       "a bound is no multiple of the floor");
		x = check_period(b->period, r->key.closing);
	}
	return x;
}

static int check_head(const struct release *r)
{
	int x = codec_field_key_check(&r->key);

	if (x == 0)
		x = codec_field_id(r->region, sizeof r->region, false,
				   "the region");
	if (x < 0)
		return x;
	if (r->floor == 0)
		return err_set(E_FORMAT, "the floor is missing");
	if (r->n_groups < 0 || r->n_groups > RELEASE_GROUPS_MAX)
		return err_set(E_FORMAT, "there are over %d blocks",
			       RELEASE_GROUPS_MAX);
	if (r->n_bounds < 0 || r->n_bounds > RELEASE_BOUNDS_MAX)
		return err_set(E_FORMAT, "there are over %d bounds",
			       RELEASE_BOUNDS_MAX);
	return 0;
}

static void put_group(Wire__Group *out, struct group *g)
{
	wire__group__init(out);
	out->view = g->view;
	out->step = g->step;
	out->month = (uint32_t)g->period.month;
	out->months = (uint32_t)g->period.months;
	out->level = (Wire__Level)g->stratum.level;
	out->stratum = (uint32_t)g->stratum.no;
	out->cells_low = g->cells.w[0];
	out->cells_high = g->cells.w[1];
	out->n_count = g->n;
	out->count = g->count;
}

static void put_bound(Wire__Bound *out, const struct bound *b)
{
	wire__bound__init(out);
	out->month = (uint32_t)b->period.month;
	out->months = (uint32_t)b->period.months;
	out->which = b->months;
	out->at_most = b->at_most;
}

/* What packing needs beside the release itself. */
struct packing {
	struct group *sorted[RELEASE_GROUPS_MAX];
	struct bound bound[RELEASE_BOUNDS_MAX];
	Wire__Group group[RELEASE_GROUPS_MAX];
	Wire__Group *group_at[RELEASE_GROUPS_MAX];
	Wire__Bound wire_bound[RELEASE_BOUNDS_MAX];
	Wire__Bound *bound_at[RELEASE_BOUNDS_MAX];
};

static int sort(const struct release *r, struct packing *p)
{
	int x;

	for (int i = 0; i < r->n_groups; i++)
		p->sorted[i] = &r->group[i];
	qsort(p->sorted, (size_t)r->n_groups, sizeof *p->sorted, group_compare);
	memcpy(p->bound, r->bound, sizeof p->bound);
	qsort(p->bound, (size_t)r->n_bounds, sizeof *p->bound, bound_compare);
	x = check_groups(r, p->sorted);
	return x < 0 ? x : check_bounds(r, p->bound);
}

int codec_release(const struct release *r, unsigned char **out, size_t *len)
{
	Wire__Release m = WIRE__RELEASE__INIT;
	struct packing *p = NULL;
	Wire__Key key;
	int x;

	x = check_head(r);
	if (x < 0)
		goto out;
	p = mem_alloc(sizeof *p);
	if (!p) {
		x = err_set(E_NOMEM, "out of memory for a release");
		goto out;
	}
	x = sort(r, p);
	if (x < 0)
		goto out;
	for (int i = 0; i < r->n_groups; i++) {
		put_group(&p->group[i], p->sorted[i]);
		p->group_at[i] = &p->group[i];
	}
	for (int i = 0; i < r->n_bounds; i++) {
		put_bound(&p->wire_bound[i], &p->bound[i]);
		p->bound_at[i] = &p->wire_bound[i];
	}
	codec_field_key_put(&key, &r->key);
	m.key = &key;
	m.region = codec_field_string(r->region);
	m.table_version = r->table_version;
	m.table_hash = codec_field_data(r->table_hash, sizeof r->table_hash);
	m.vocabulary = r->vocabulary;
	m.policy = r->policy;
	m.floor = r->floor;
	m.n_group = (size_t)r->n_groups;
	m.group = p->group_at;
	m.n_bound = (size_t)r->n_bounds;
	m.bound = p->bound_at;
	x = wire_pack(&m.base, out, len);
out:
	mem_free(p);
	return x;
}

static int get_group(struct group *g, const Wire__Group *in)
{
	/* Before anything is narrowed, or large numbers would come out small. */
	if (in->view >= VIEWS_MAX || in->step >= STEPS_MAX)
		return err_set(E_FORMAT, "a view or a step is unknown");
	if (in->n_count < 1 || in->n_count > SPLIT_MAX)
		return err_set(E_FORMAT, "a block counts %zu outcomes",
			       in->n_count);
	if (codec_field_month(in->month, "a period") < 0 || in->months > 12 ||
	    in->stratum >= LATTICE_LEAVES_MAX)
		return err_set(E_FORMAT, "a block is nowhere in the lattice");
	g->view = (uint8_t)in->view;
	g->step = (uint8_t)in->step;
	g->period.month = (int32_t)in->month;
	g->period.months = (int32_t)in->months;
	g->stratum.level = (enum level)in->level;
	g->stratum.no = (int)in->stratum;
	g->cells.w[0] = in->cells_low;
	g->cells.w[1] = in->cells_high;
	g->n = (uint8_t)in->n_count;
	memcpy(g->count, in->count, in->n_count * sizeof *in->count);
	return 0;
}

static int get_bound(struct bound *b, const Wire__Bound *in)
{
	if (codec_field_month(in->month, "a period") < 0 || in->months > 12 ||
	    in->which >= 1 << LATTICE_MONTHS)
		return err_set(E_FORMAT, "a bound is nowhere in the lattice");
	b->period.month = (int32_t)in->month;
	b->period.months = (int32_t)in->months;
	b->months = (uint8_t)in->which;
	b->at_most = in->at_most;
	return 0;
}

static int get_lists(struct release *out, const Wire__Release *m)
{
	int r = 0;

	if (m->n_group > RELEASE_GROUPS_MAX || m->n_bound > RELEASE_BOUNDS_MAX)
		return err_set(E_FORMAT, "there are too many blocks");
	out->group = mem_calloc(m->n_group, sizeof *out->group);
	if (!out->group)
		return err_set(E_NOMEM, "out of memory for a release");
	out->n_groups = (int)m->n_group;
	out->n_bounds = (int)m->n_bound;
	for (int i = 0; i < out->n_groups && r == 0; i++)
		r = get_group(&out->group[i], m->group[i]);
	for (int i = 0; i < out->n_bounds && r == 0; i++)
		r = get_bound(&out->bound[i], m->bound[i]);
	return r;
}

static int get_release(struct release *out, const Wire__Release *m)
{
	int r = codec_field_key_get(&out->key, m->key);

	if (r == 0)
		r = codec_field_copy(out->region, sizeof out->region, m->region,
				     "the region");
	if (r == 0)
		r = codec_field_bytes(out->table_hash, sizeof out->table_hash,
				      &m->table_hash, "the table's hash");
	if (r < 0)
		return r;
	out->table_version = m->table_version;
	out->vocabulary = m->vocabulary;
	out->policy = m->policy;
	out->floor = m->floor;
	r = get_lists(out, m);
	if (r == 0)
		r = check_head(out);
	if (r == 0)
		r = check_groups(out, NULL);
	return r == 0 ? check_bounds(out, out->bound) : r;
}

int codec_release_parse(const unsigned char *in, size_t len,
			struct release *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__release__descriptor,
			RELEASE_GROUPS_MAX + RELEASE_BOUNDS_MAX + 7, in, len,
			&m);
	if (r == 0)
		r = get_release(out, (const Wire__Release *)m);
	if (r < 0)
		release_fini(out);
	wire_arena_fini(&a);
	return r;
}

int codec_key(const struct release_key *m, unsigned char **out, size_t *len)
{
	Wire__Key key;
	int r = codec_field_key_check(m);

	if (r < 0)
		return r;
	codec_field_key_put(&key, m);
	return wire_pack(&key.base, out, len);
}

int codec_key_parse(const unsigned char *in, size_t len,
		    struct release_key *out)
{
	struct wire_arena a = {0};
	const ProtobufCMessage *m;
	int r;

	memset(out, 0, sizeof *out);
	r = wire_unpack(&a, &wire__key__descriptor, 4, in, len, &m);
	if (r == 0)
		r = codec_field_key_get(out, (const Wire__Key *)m);
	wire_arena_fini(&a);
	return r;
}
