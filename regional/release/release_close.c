/* Closing: which months are due, and each as one transaction. */
#include "regional/release/release_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "proto/picture.h"
#include "regional/node.h"

enum { DAY_MS = 24 * 3600 * 1000 };

int32_t release_due(const struct node *n, const struct fact_table *t,
		    int32_t today)
{
	int32_t first = release_first(n, t);
	int32_t m = period_month_of_day(today);
	int32_t settle = (int32_t)n->policy.settle_days;

	while (m >= first && fact_table_matured(t, m) + settle >= today)
		m--;
	return m >= first ? m : first - 1;
}

int release_may_close(struct node *n)
{
	int64_t waiting = 0;
	int r;

	if (!n->joined)
		return err_set(E_STATE, "this node has not joined a network; "
					"run `ccfed node join` first");
	if (!n->history_in)
		return err_set(E_STATE,
			       "history is awaited; when it is in, say so with "
			       "`ccfed node history --done`");
	if (llabs(n->hub_off_ms) >= DAY_MS)
		return err_set(E_STATE,
			       "this machine's clock is %lld hours off the "
			       "hub's; set it right first",
			       (long long)(n->hub_off_ms / 3600000));
	r = db_int(n->db, &waiting,
		   "SELECT count(*) FROM release WHERE recovered = 1", "");
	if (r < 0)
		return r;
	/* What closed now could be another month than the one that left from
	 * here before. */
	if (n->hello_epoch != n->epoch || waiting > 0)
		return err_set(E_STATE,
			       "the hub has to say first what it holds of this "
			       "region; let `ccfed node run` reach it");
	return 0;
}

/* Of a picture that another table told of before. */
static int hold_back(const struct gate_in *in, struct release *out)
{
	struct gate_note note = {.period = {in->closing, 1},
				 .stratum = {LEVEL_ANY, 0},
				 .verdict = GATE_BESIDE};

	for (size_t i = 0; i < in->n_facts; i++)
		note.occurrences += in->fact[i].cell / in->table->dim.leaves ==
				    in->closing % LATTICE_MONTHS;
	if (in->note)
		in->note(in->note_arg, &note);
	out->n_groups = out->n_bounds = 0;
	out->group = NULL;
	return 0;
}

int release_gate(struct node *n, const struct fact_table *t, int32_t month,
		 const struct gating *how, struct release *out)
{
	struct half_releases earlier = {.n = 0}, like = {.n = 0};
	struct pictured picture = {.now = NULL};
	struct tally y = {0};
	bool replaced = false;
	struct gate_in in;
	int r;

	r = release_half(n, t, lattice_half(month), month - 1, how->earlier,
			 &earlier);
	if (r == 0)
		r = release_tally(n, t, lattice_half(month), TALLY_NOW, month,
				  &y);
	if (r == 0 && picture_is(t) && picture_due(t, month))
		r = release_picture(n, t, month, &picture);
	if (r == 0 && picture_is(t) && picture_due(t, month))
		r = release_replaced(n, t, month, &replaced);
	if (r == 0 && t->alike)
		r = release_like(n, t, month, &like);
	if (r < 0)
		goto out;
	in = (struct gate_in){.table = t,
			      .closing = month,
			      .floor = how->floor,
			      .trend_first = how->trend_first,
			      .fact = y.fact,
			      .n_facts = y.n,
			      .earlier = earlier.p,
			      .n_earlier = earlier.n,
			      .picture = picture_is(t) ? &picture.in : NULL,
			      .like = like.p,
			      .n_like = like.n,
			      .note = how->note,
			      .note_arg = how->arg};
	r = replaced ? hold_back(&in, out) : gate_close(&in, out);
out:
	release_picture_fini(&picture);
	release_tally_fini(&y);
	release_half_fini(&earlier);
	release_half_fini(&like);
	return r;
}

int release_close_month(struct node *n, const struct fact_table *t,
			struct facts_now *now, int32_t month,
			void (*note)(void *arg, const struct gate_note *g),
			void *arg)
{
	enum release_state state = node_review(n) ? RELEASE_HELD
						  : RELEASE_READY;
	struct release rel = {.n_groups = 0};
	struct half_state s = {.revision = 0};
	int32_t half = lattice_half(month);
	struct gating how;
	int r;

	r = release_state_get(n, t->id, half, &s);
	if (r == E_NOTFOUND)
		r = release_trend_first(n, t, month, &s.trend_first);
	if (r == 0)
		r = release_count_month(n, t, now, month, s.revision);
	/* A month with nothing to publish makes a release too: the hub has to
	 * know that it closed. Of a frozen half-year nothing more leaves. */
	how = (struct gating){HALF_NEWEST, release_floor(n, t), s.trend_first,
			      note, arg};
	if (r == 0 && !s.frozen)
		r = release_gate(n, t, month, &how, &rel);
	if (r < 0)
		goto out;
	release_name(n, t, month, 1, &rel);
	s.closed = month;
	r = release_state_put(n, t->id, half, &s);
	if (r == 0)
		r = release_store(n, &rel, state, 0, 0);
out:
	release_fini(&rel);
	return r;
}

static int close_one(struct node *n, const struct fact_table *t,
		     struct facts_now *now, int32_t month)
{
	char text[PERIOD_TEXT];
	int32_t last;
	int r;

	r = db_begin(n->db);
	if (r < 0)
		return r;
	r = release_last(n, t->id, &last);
	if (r == 0 && last >= month)
		r = err_set(E_BUSY, "another process is closing months");
	if (r == 0)
		r = release_close_month(n, t, now, month, NULL, NULL);
	r = db_end(n->db, r);
	if (r == 0)
		log_info("closed", "table=%s month=%s", t->id,
			 release_month_text(month, text));
	return r;
}

/* Where closing stands, over all tables. */
struct closing {
	struct node *n;
	int32_t today;
	int done, of;
	int table;   /* at work, in the second pass plus their number */
	bool began;  /* a month of it closed */
	bool loaded; /* its facts, as the database was at @version */
	int64_t version;
	struct facts_now now;
	int worst;
	char first[512]; /* sentence of the first table that stopped */
};

static int next_month(struct node *n, const struct fact_table *t, int32_t *out)
{
	int r = release_last(n, t->id, out);

	*out += 1;
	if (*out < release_first(n, t))
		*out = release_first(n, t);
	return r;
}

static void drop_facts(struct closing *c)
{
	if (c->loaded)
		release_facts_fini(&c->now);
	c->loaded = false;
}

/* The facts, again if another process has written meanwhile. */
static int load_facts(struct closing *c, const struct fact_table *t,
		      int32_t due)
{
	int64_t version = db_data_version(c->n->db);
	int r;

	if (c->loaded && c->version == version)
		return 0;
	drop_facts(c);
	r = release_facts(c->n, t, period_last_day((struct period){due, 1}),
			  &c->now);
	c->loaded = r == 0;
	c->version = version;
	return r;
}

/* 1: a month closed; 0: the table is done. */
static int step_table(struct closing *c, const struct fact_table *t)
{
	int32_t due, m;
	int r;

	r = release_due_now(c->n, t, c->today, &due);
	if (r == 0)
		r = next_month(c->n, t, &m);
	if (r < 0 || (m > due && !c->began))
		return r;
	r = load_facts(c, t, due);
	if (r < 0)
		return r;
	if (m > due)
		return release_restate(c->n, t, &c->now, due);
	c->began = true;
	r = close_one(c->n, t, &c->now, m);
	c->done += r == 0;
	return r < 0 ? r : 1;
}

/* Of this one table; the others can go on. */
static bool is_local(int r)
{
	return r == E_STATE || r == E_INVALID || r == E_TIMEOUT ||
	       r == E_DENIED || r == E_FORMAT || r == E_TOOBIG;
}

static void table_stopped(struct closing *c, const struct fact_table *t, int r)
{
	/* Not the sentence: it may name an occurrence. */
	log_error("closing_stopped",
		  "table=%s why=%s help=\"ccfed release close\"", t->id,
		  err_name(r));
	if (c->worst < 0)
		return;
	snprintf(c->first, sizeof c->first, "%s", err_text(r));
	c->worst = r;
}

int release_closing_step(struct closing *c)
{
	int n = catalogue_tables(c->n->cat), r;
	const struct fact_table *t;

	r = release_may_close(c->n);
	if (r < 0)
		return r;
	if (c->table == 2 * n)
		return c->worst < 0 ? err_set(c->worst, "%s", c->first) : 0;
	/* Those that wait for another table to close come after all others. */
	t = catalogue_table(c->n->cat, c->table % n);
	if ((c->table >= n) != fact_table_follows(t)) {
		c->table++;
		return 1;
	}
	r = step_table(c, t);
	if (r < 0 && !is_local(r))
		return r;
	if (r < 0)
		table_stopped(c, t, r);
	if (r <= 0) {
		drop_facts(c);
		c->began = false;
		c->table++;
	}
	return 1;
}

int release_closing_new(struct closing **out, struct node *n, int32_t today)
{
	struct closing *c;
	int r;

	r = release_may_close(n);
	if (r < 0)
		return r;
	c = mem_calloc(1, sizeof *c);
	if (!c)
		return err_set(E_NOMEM, "out of memory for a closing");
	c->n = n;
	c->today = today;
	for (int i = 0; i < catalogue_tables(n->cat) && r == 0; i++) {
		const struct fact_table *t = catalogue_table(n->cat, i);
		int32_t due = release_due(n, t, today), m;

		r = next_month(n, t, &m);
		if (r == 0 && m <= due)
			c->of += due - m + 1;
	}
	if (r == 0) {
		*out = c;
		c = NULL; /* handed over */
	}
	release_closing_free(c);
	return r;
}

void release_closing_free(struct closing *c)
{
	if (!c)
		return;
	drop_facts(c);
	mem_free(c);
}

int release_close(struct node *n, int32_t today, int *closed,
		  void (*progress)(void *arg, int done, int of), void *arg)
{
	struct closing *c = NULL;
	int r;

	*closed = 0;
	r = release_closing_new(&c, n, today);
	if (r < 0)
		return r;
	while ((r = release_closing_step(c)) > 0) {
		if (progress && c->done > *closed)
			progress(arg, c->done, c->of);
		*closed = c->done;
	}
	*closed = c->done;
	release_closing_free(c);
	return r;
}
