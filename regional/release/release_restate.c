/* Restating: a half-year that left may be said again with the numbers of
 * today's record, if rule V of the gate allows it. */
#include "regional/release/release_parts.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/node.h"

enum { RESTATE_HALVES = 4 }; /* two years */

int release_recount(const struct fact_table *t, const struct facts_now *now,
		    const struct tally *was, struct tally *out, bool *changed)
{
	int r = 0;

	memset(out, 0, sizeof *out);
	*changed = false;
	for (size_t i = 0; i < was->n && r == 0; i++) {
		const struct tally_row *row = &was->row[i];
		int64_t at = release_facts_find(now, row->occurrence);
		struct gate_fact f;

		if (at < 0) {
			*changed = true;
			continue;
		}
		f.child = (uint32_t)now->fact[at].child;
		f.cell = (uint16_t)lattice_cell(&t->dim, row->closing,
						now->fact[at].stratum);
		f.outcome = now->fact[at].outcome;
		if (f.child != was->fact[i].child ||
		    f.cell != was->fact[i].cell ||
		    f.outcome != was->fact[i].outcome)
			*changed = true;
		r = release_tally_add(out, &f, row);
	}
	if (r < 0)
		release_tally_fini(out);
	return r;
}

static int end_row(struct node *n, const struct fact_table *t, int32_t half,
		   int64_t occurrence, int64_t rev)
{
	return db_run(n->db,
		      "UPDATE counted SET to_rev = ? WHERE table_id = ? "
		      "AND half = ? AND occurrence = ? AND to_rev IS NULL",
		      "isii", rev, t->id, (int64_t)half, occurrence);
}

static int begin_row(struct node *n, const struct fact_table *t, int32_t half,
		     const struct tally *now, size_t i, int64_t rev)
{
	return db_run(n->db,
		      "INSERT INTO counted (table_id, half, occurrence, "
		      "from_rev, child, closing, cell, outcome) "
		      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		      "siiiiiii", t->id, (int64_t)half, now->row[i].occurrence,
		      rev, (int64_t)now->fact[i].child,
		      (int64_t)now->row[i].closing, (int64_t)now->fact[i].cell,
		      (int64_t)now->fact[i].outcome);
}

static bool equal(const struct gate_fact *a, const struct gate_fact *b)
{
	return a->child == b->child && a->cell == b->cell &&
	       a->outcome == b->outcome;
}

int release_revise(struct node *n, const struct fact_table *t, int32_t half,
		   const struct tally *was, const struct tally *now,
		   int64_t rev)
{
	size_t k = 0; /* both are in order of occurrence */
	int r = 0;

	for (size_t i = 0; i < was->n && r == 0; i++) {
		bool there = k < now->n &&
			     now->row[k].occurrence == was->row[i].occurrence;

		if (!there || !equal(&was->fact[i], &now->fact[k])) {
			r = end_row(n, t, half, was->row[i].occurrence, rev);
			if (r == 0 && there)
				r = begin_row(n, t, half, now, k, rev);
		}
		k += there;
	}
	return r;
}

/* One half-year that is looked at. */
struct again {
	struct node *n;
	const struct fact_table *t;
	int32_t half;
	struct half_state s;
	struct tally was, now;
	struct half_releases left;
};

static void gate_again(const struct again *a, struct gate_in *in)
{
	*in = (struct gate_in){.table = a->t,
			       .closing = a->s.closed,
			       .floor = release_floor(a->n, a->t),
			       .trend_first = a->s.trend_first,
			       .fact = a->now.fact,
			       .n_facts = a->now.n,
			       .earlier = a->left.p,
			       .n_earlier = a->left.n};
}

static int may_restate(const struct again *a)
{
	size_t n = (size_t)a->s.revision + 1;
	struct gate_version *version = NULL;
	struct tally *y = NULL;
	struct gate_in in;
	int r = E_NOMEM;

	y = mem_calloc(n, sizeof *y);
	version = mem_calloc(n, sizeof *version);
	if (!y || !version) {
		err_set(r, "out of memory restating %s", a->t->id);
		goto out;
	}
	r = 0;
	for (size_t i = 0; i < n && r == 0; i++) {
		r = release_tally(a->n, a->t, a->half, (int64_t)i, a->s.closed,
				  &y[i]);
		version[i] = (struct gate_version){y[i].fact, y[i].n};
	}
	gate_again(a, &in);
	if (r == 0)
		r = gate_may_restate(&in, version, (int)n);
out:
	for (size_t i = 0; y && i < n; i++)
		release_tally_fini(&y[i]);
	mem_free(y);
	mem_free(version);
	return r;
}

static int say_again(const struct again *a, const struct release *was)
{
	enum release_state state = node_review(a->n) ? RELEASE_HELD
						     : RELEASE_READY;
	struct release out = {.n_groups = 0};
	struct gate_in in;
	bool same = false;
	int r;

	gate_again(a, &in);
	r = gate_recount(&in, was, &out);
	if (r == 0)
		r = release_same(was, &out, &same);
	if (r == 0 && !same) {
		release_name(a->n, a->t, was->key.closing, was->key.version + 1,
			     &out);
		/* Its bounds are multiples of the floor that it was made by.
		 * The gate has looked at it with today's. */
		out.floor = was->floor;
		out.policy = was->policy;
		r = release_store(a->n, &out, state, 0, a->s.revision);
	}
	release_fini(&out);
	return r;
}

static int restate(struct again *a)
{
	char text[PERIOD_TEXT];
	int r;

	r = may_restate(a);
	if (r != GATE_RESTATE)
		return r;
	a->s.revision++;
	r = 0;
	for (int i = 0; i < a->left.n && r == 0; i++)
		r = say_again(a, &a->left.release[i]);
	if (r == 0)
		r = release_revise(a->n, a->t, a->half, &a->was, &a->now,
				   a->s.revision);
	if (r == 0)
		r = release_state_put(a->n, a->t->id, a->half, &a->s);
	if (r == 0)
		log_info("restated", "table=%s half=%s revision=%lld", a->t->id,
			 period_format(period_of(a->s.closed, LATTICE_MONTHS),
				       text),
			 (long long)a->s.revision);
	return r;
}

static int look_again(struct node *n, const struct fact_table *t,
		      const struct facts_now *now, int32_t half)
{
	struct again a = {.n = n, .t = t, .half = half};
	int32_t last = half * LATTICE_MONTHS + LATTICE_MONTHS - 1;
	bool changed, told;
	int r;

	r = release_state_get(n, t->id, half, &a.s);
	if (r == E_NOTFOUND || (r == 0 && a.s.frozen))
		return 0;
	if (r == 0)
		r = release_year_told(n, t, half, &told);
	if (r == 0 && told)
		return 0;
	if (r == 0)
		r = release_tally(n, t, half, TALLY_NOW, last, &a.was);
	if (r == 0)
		r = release_recount(t, now, &a.was, &a.now, &changed);
	if (r == 0 && changed) {
		r = release_half(n, t, half, last, HALF_NEWEST, &a.left);
		/* Told by another definition: it stays as it was told. */
		if (r == E_STATE)
			r = 0;
		else if (r == 0)
			r = restate(&a);
	}
	release_tally_fini(&a.was);
	release_tally_fini(&a.now);
	release_half_fini(&a.left);
	return r;
}

int release_restate(struct node *n, const struct fact_table *t,
		    const struct facts_now *now, int32_t closed)
{
	int32_t half = lattice_half(closed);
	int r = 0;

	/* A picture is of its day; told again it would be another one. Of two
	 * tables that are alike one alone may move, or their changes could be
	 * subtracted. */
	if (picture_is(t) || t->alike)
		return 0;
	for (int32_t h = half - RESTATE_HALVES; h < half && r == 0; h++) {
		r = db_begin(n->db);
		if (r == 0)
			r = db_end(n->db, look_again(n, t, now, h));
	}
	return r;
}
