/* Recovering: a node that was restored from a copy, or replaced, takes back
 * what the hub holds of its region and replays those closings over its own
 * record. Where it comes out the same it goes on as if nothing had been; else
 * the half-year is frozen. */
#include "regional/release/release_parts.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/node.h"

enum { WAITS = 1, DONE = 2 }; /* release.recovered */

struct recovering {
	struct node *n;
	const struct fact_table *t;
	struct facts_now now;
	int *replayed, *frozen;
};

/* --- replaying one table --- */

/* What came back is none of what this program would have made: another
 * definition, blocks that no view of the table has, a bound that fits no floor.
 * It speaks of that half-year alone; if it failed here, the hub could keep
 * every month of this node from closing with one forged release. */
static bool is_unlike(int r)
{
	return r == E_STATE || r == E_FORMAT || r == E_INVALID;
}

static int freeze(struct recovering *v, int32_t month, struct half_state *s)
{
	char text[PERIOD_TEXT];

	if (!s->frozen)
		log_warn("half_frozen", "table=%s half=%s", v->t->id,
			 period_format(period_of(month, LATTICE_MONTHS), text));
	*v->frozen += !s->frozen;
	s->frozen = true;
	return 0;
}

static int get_state(struct recovering *v, int32_t month, struct half_state *s)
{
	int r = release_state_get(v->n, v->t->id, lattice_half(month), s);

	if (r != E_NOTFOUND)
		return r;
	*s = (struct half_state){.closed = month};
	return release_trend_first(v->n, v->t, month, &s->trend_first);
}

/* Does the gate say today what @left said then? */
static int compare(struct recovering *v, const struct half_state *s,
		   const struct release *left, bool *same)
{
	struct gating how = {HALF_OLDEST, left->floor, s->trend_first, NULL,
			     NULL};
	struct release again = *left;
	int r;

	again.group = NULL;
	r = release_gate(v->n, v->t, left->key.closing, &how, &again);
	if (r == 0)
		r = release_same(left, &again, same);
	release_fini(&again);
	return r;
}

/* The same of what left of @month, which is here. */
static int compare_month(struct recovering *v, const struct half_state *s,
			 int32_t month, bool *same)
{
	struct half_releases left = {.n = 0};
	int r;

	r = release_half(v->n, v->t, lattice_half(month), month, HALF_OLDEST,
			 &left);
	for (int i = 0; i < left.n && r == 0; i++) {
		if (left.release[i].key.closing == month)
			r = compare(v, s, &left.release[i], same);
	}
	release_half_fini(&left);
	if (!is_unlike(r))
		return r;
	*same = false;
	return 0;
}

static int is_held(struct recovering *v, int32_t month, bool *out)
{
	int64_t n = 0;
	int r = db_int(v->n->db, &n,
		       "SELECT count(*) FROM release WHERE table_id = ? "
		       "AND closing = ?",
		       "si", v->t->id, (int64_t)month);

	*out = n > 0;
	return r;
}

/* Tell the hub that a month closed of which it holds nothing. */
static int say_empty(struct recovering *v, int32_t month)
{
	struct release rel = {.n_groups = 0};

	release_name(v->n, v->t, month, 1, &rel);
	return release_store(v->n, &rel,
			     node_review(v->n) ? RELEASE_HELD : RELEASE_READY,
			     0, 0);
}

static int replay_month(struct recovering *v, int32_t month)
{
	int32_t half = lattice_half(month);
	bool held = false, same = false;
	struct half_state s;
	int r;

	r = get_state(v, month, &s);
	/* What closed before this node counts is not its to judge. */
	if (r == 0 && month >= release_first(v->n, v->t))
		r = release_count_month(v->n, v->t, &v->now, month, s.revision);
	if (r == 0)
		r = is_held(v, month, &held);
	if (r < 0)
		return r;
	/* A month that the hub lacks was lost unsent, with what it decided. */
	if (held && !s.frozen && month >= release_first(v->n, v->t))
		r = compare_month(v, &s, month, &same);
	if (r == 0 && !same)
		freeze(v, month, &s);
	*v->replayed += same;
	s.closed = month;
	if (r == 0)
		r = release_state_put(v->n, v->t->id, half, &s);
	if (r == 0 && !held)
		r = say_empty(v, month);
	return r;
}

static int adopt(struct recovering *v, int32_t half, const struct tally *was,
		 const struct tally *now, int64_t revision)
{
	int r;

	r = release_revise(v->n, v->t, half, was, now, revision);
	if (r < 0)
		return r;
	return db_run(v->n->db,
		      "UPDATE release SET revision = ?1 WHERE table_id = ?2 "
		      "AND closing / 6 = ?3 AND EXISTS (SELECT 1 "
		      "FROM release o WHERE o.table_id = ?2 "
		      "AND o.closing = release.closing "
		      "AND (o.epoch, o.version) < "
		      "(release.epoch, release.version))",
		      "isi", revision, v->t->id, (int64_t)half);
}

/* The half-year was restated after it closed: can the new versions be counted
 * from today's record? Only one revision can: what those between counted is
 * not known, and rule V has to compare with each. */
static int recount(struct recovering *v, int32_t half, struct half_state *s,
		   bool *same)
{
	int32_t last = half * LATTICE_MONTHS + LATTICE_MONTHS - 1;
	struct half_releases old = {.n = 0}, new = {.n = 0};
	struct tally was = {0}, now = {0};
	bool changed;
	int r;

	r = release_half(v->n, v->t, half, last, HALF_OLDEST, &old);
	if (r == 0)
		r = release_half(v->n, v->t, half, last, HALF_NEWEST, &new);
	if (r == 0)
		r = release_tally(v->n, v->t, half, TALLY_NOW, last, &was);
	if (r == 0)
		r = release_recount(v->t, &v->now, &was, &now, &changed);
	*same = r == 0;
	for (int i = 0; i < new.n &&r == 0 && *same; i++) {
		struct gate_in in = {.table = v->t,
				     .closing = s->closed,
				     .floor = old.release[i].floor,
				     .fact = now.fact,
				     .n_facts = now.n};
		struct release again = {.n_groups = 0};

		r = gate_recount(&in, &old.release[i], &again);
		if (r == 0)
			r = release_same(&new.release[i], &again, same);
		release_fini(&again);
	}
	if (is_unlike(r)) {
		*same = false;
		r = 0;
	}
	if (r == 0 && *same)
		r = adopt(v, half, &was, &now, ++s->revision);
	release_half_fini(&old);
	release_half_fini(&new);
	release_tally_fini(&was);
	release_tally_fini(&now);
	return r;
}

static int replay_revision(struct recovering *v, int32_t half, int64_t versions)
{
	struct half_state s;
	bool same = false;
	int r;

	r = release_state_get(v->n, v->t->id, half, &s);
	if (r < 0 || s.frozen)
		return r;
	if (versions == 2 && s.revision == 0)
		r = recount(v, half, &s, &same);
	if (r == 0 && !same)
		freeze(v, s.closed, &s);
	return r == 0 ? release_state_put(v->n, v->t->id, half, &s) : r;
}

/* The half-years in which a version came back that is not the first. */
static int replay_revisions(struct recovering *v)
{
	struct rows rows;
	int r = 0, x;

	x = db_rows(v->n->db, &rows,
		    "SELECT closing / 6, max(versions) FROM "
		    "(SELECT closing, count(*) AS versions, "
		    "max(recovered = 1) AS back FROM release "
		    "WHERE table_id = ? GROUP BY closing) "
		    "WHERE versions > 1 AND back GROUP BY closing / 6",
		    "s", v->t->id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		r = replay_revision(v, (int32_t)rows_int(&rows, 0),
				    rows_int(&rows, 1));
		x = r;
	}
	rows_end(&rows);
	return x < 0 ? x : r;
}

/* Closings from @from to @to came back. */
static int replay_table(struct recovering *v, int32_t from, int32_t to)
{
	int32_t hub_half = lattice_half(from), last, first;
	int r;

	r = release_last(v->n, v->t->id, &last);
	if (r < 0)
		return r;
	if (last >= 0)
		from = last + 1;
	/* The node's own first month may be before what the hub holds. */
	first = release_first(v->n, v->t);
	if (last < 0 && first < from)
		from = first;
	r = release_facts(v->n, v->t, period_last_day((struct period){to, 1}),
			  &v->now);
	/* Half-years before the first that the hub holds of are new to it. */
	for (int32_t m = from; m <= to && r == 0; m++)
		r = lattice_half(m) < hub_half
			    ? release_close_month(v->n, v->t, &v->now, m, NULL,
						  NULL)
			    : replay_month(v, m);
	if (r == 0)
		r = replay_revisions(v);
	release_facts_fini(&v->now);
	return r;
}

/* --- which tables --- */

struct waiting {
	char table[CATALOGUE_ID];
	int32_t from, to;
};

/* The gate compares it with another table, which so is replayed before it. */
static bool comes_after(const struct node *n, const char *table)
{
	int i = catalogue_find_table(n->cat, table);

	return i >= 0 && fact_table_follows(catalogue_table(n->cat, i));
}

static int next_waiting(struct node *n, struct waiting *w)
{
	struct rows rows;
	int x;

	x = db_rows(n->db, &rows,
		    "SELECT table_id, min(closing), max(closing) FROM release "
		    "WHERE recovered = ? GROUP BY table_id",
		    "i", (int64_t)WAITS);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		bool first = !*w->table, last;

		x = 0;
		last = comes_after(n, rows_text(&rows, 0));
		if (!first && last)
			continue;
		snprintf(w->table, sizeof w->table, "%s", rows_text(&rows, 0));
		w->from = (int32_t)rows_int(&rows, 1);
		w->to = (int32_t)rows_int(&rows, 2);
		if (!last)
			break;
	}
	rows_end(&rows);
	if (x < 0)
		return x;
	return *w->table ? 0 : E_NOTFOUND;
}

static int recover_table(struct recovering *v, const struct waiting *w)
{
	int i = catalogue_find_table(v->n->cat, w->table);
	int r = 0;

	/* Of a table that this program does not have nothing leaves. */
	if (i >= 0) {
		v->t = catalogue_table(v->n->cat, i);
		r = replay_table(v, w->from, w->to);
	}
	if (r == 0)
		r = db_run(v->n->db,
			   "UPDATE release SET recovered = ? "
			   "WHERE recovered = ? AND table_id = ?",
			   "iis", (int64_t)DONE, (int64_t)WAITS, w->table);
	return r;
}

int release_recover(struct node *n, int *replayed, int *frozen)
{
	struct recovering v = {.n = n, .replayed = replayed, .frozen = frozen};
	struct waiting w;
	int r;

	*replayed = *frozen = 0;
	for (;;) {
		memset(&w, 0, sizeof w);
		r = next_waiting(n, &w);
		if (r == E_NOTFOUND)
			break;
		if (r == 0)
			r = db_begin(n->db);
		if (r < 0)
			return r;
		r = db_end(n->db, recover_table(&v, &w));
		if (r < 0)
			return r;
	}
	log_info("recovered", "closings=%d frozen=%d", *replayed, *frozen);
	return 0;
}
