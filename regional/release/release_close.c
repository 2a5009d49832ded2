/* Closing: which months are due, and each as one transaction. */
#include "regional/release/release_parts.h"

#include <stdio.h>
#include <stdlib.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "proto/catalogue.h"
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

int release_gate(struct node *n, const struct fact_table *t, int32_t month,
		 const struct gating *how, struct release *out)
{
	struct half_releases earlier = {.n = 0};
	struct tally y = {0};
	struct gate_in in;
	int r;

	r = release_half(n, t, lattice_half(month), month - 1, how->earlier,
			 &earlier);
	if (r == 0)
		r = release_tally(n, t, lattice_half(month), TALLY_NOW, month,
				  &y);
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
			      .note = how->note,
			      .note_arg = how->arg};
	r = gate_close(&in, out);
out:
	release_tally_fini(&y);
	release_half_fini(&earlier);
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
	how = (struct gating){HALF_NEWEST, node_floor(n), s.trend_first, note,
			      arg};
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
	int done, of;
	void (*progress)(void *arg, int done, int of);
	void *arg;
};

static int next_month(struct node *n, const struct fact_table *t, int32_t *out)
{
	int r = release_last(n, t->id, out);

	*out += 1;
	if (*out < release_first(n, t))
		*out = release_first(n, t);
	return r;
}

static int close_table(struct closing *c, const struct fact_table *t,
		       int32_t due)
{
	struct period last = {due, 1};
	struct facts_now now;
	int32_t m;
	int r;

	r = next_month(c->n, t, &m);
	if (r < 0 || m > due)
		return r;
	r = release_facts(c->n, t, period_last_day(last), &now);
	if (r < 0)
		return r;
	for (; m <= due && r == 0; m++) {
		r = close_one(c->n, t, &now, m);
		if (r == 0 && c->progress)
			c->progress(c->arg, c->done + 1, c->of);
		c->done += r == 0;
	}
	if (r == 0)
		r = release_restate(c->n, t, &now, due);
	release_facts_fini(&now);
	return r;
}

/* Of this one table; the others can go on. */
static bool is_local(int r)
{
	return r == E_STATE || r == E_INVALID || r == E_TIMEOUT ||
	       r == E_DENIED || r == E_FORMAT || r == E_TOOBIG;
}

int release_close(struct node *n, int32_t today, int *closed,
		  void (*progress)(void *arg, int done, int of), void *arg)
{
	struct closing c = {.n = n, .progress = progress, .arg = arg};
	char first[512] = "";
	int r, worst = 0;

	*closed = 0;
	r = release_may_close(n);
	for (int i = 0; i < catalogue_tables(n->cat) && r == 0; i++) {
		const struct fact_table *t = catalogue_table(n->cat, i);
		int32_t due = release_due(n, t, today), m;

		r = next_month(n, t, &m);
		if (r == 0 && m <= due)
			c.of += due - m + 1;
	}
	for (int i = 0; i < catalogue_tables(n->cat) && r == 0; i++) {
		const struct fact_table *t = catalogue_table(n->cat, i);

		r = close_table(&c, t, release_due(n, t, today));
		if (!is_local(r))
			continue;
		/* Not the sentence: it may name an occurrence. */
		log_error("closing_stopped",
			  "table=%s why=%s help=\"ccfed release close\"", t->id,
			  err_name(r));
		if (worst == 0)
			snprintf(first, sizeof first, "%s", err_text(r));
		worst = worst ? worst : r;
		r = 0;
	}
	*closed = c.done;
	if (r == 0 && worst < 0)
		r = err_set(worst, "%s", first);
	return r;
}
