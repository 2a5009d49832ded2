/* Preview: the closings that are next, made and taken back. */
#include "regional/release/release_parts.h"

#include <stdio.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/node.h"

const char *release_verdict_text(enum gate_verdict v, uint32_t floor, char *out,
				 size_t size)
{
	switch (v) {
	case GATE_PUBLISHED:
		return "would leave";
	case GATE_EMPTY:
		return "nothing to tell";
	case GATE_SMALL:
		snprintf(out, size,
			 "waits: one of its outcomes stands for fewer than "
			 "%u children",
			 floor);
		return out;
	case GATE_SOLE:
		return "waits: every child in it has the same sensitive "
		       "outcome";
	case GATE_FORCED:
		return "waits: it would give away what the others that wait "
		       "are";
	case GATE_DIFFERENCE:
		snprintf(out, size,
			 "waits: with what left already it would tell of fewer "
			 "than %u children",
			 floor);
		return out;
	case GATE_MOVED:
		snprintf(out, size,
			 "waits: fewer than %u children came into it or left "
			 "it since the picture before",
			 floor);
		return out;
	case GATE_BESIDE:
		snprintf(out, size,
			 "waits: beside the months of another table it would "
			 "tell of fewer than %u children",
			 floor);
		return out;
	case GATE_NOT_YET:
		return "later: it leaves for a longer period";
	}
	return "waits";
}

struct previewing {
	const struct fact_table *t;
	int32_t closing;
	int (*fn)(void *arg, const struct fact_table *t, int32_t closing,
		  const struct gate_note *note);
	void *arg;
	int r;
};

static void pass_on(void *arg, const struct gate_note *note)
{
	struct previewing *p = arg;

	if (p->r == 0)
		p->r = p->fn(p->arg, p->t, p->closing, note);
}

static int preview_months(struct node *n, struct previewing *p,
			  struct facts_now *now, int32_t from, int32_t to)
{
	int r = 0;

	for (int32_t m = from; m <= to && r == 0; m++) {
		p->closing = m;
		r = release_close_month(n, p->t, now, m, pass_on, p);
		if (r == 0)
			r = p->r;
	}
	return r;
}

/* What @t is like has to be counted first. */
static int preview_like(struct node *n, const struct fact_table *t, int32_t to)
{
	const struct fact_table *as = catalogue_table(n->cat, t->as);
	struct facts_now now;
	int32_t m;
	int r = release_last(n, as->id, &m);

	m = m + 1 > release_first(n, as) ? m + 1 : release_first(n, as);
	if (r < 0 || m > to)
		return r;
	r = release_facts(n, as, period_last_day((struct period){to, 1}), &now);
	for (; m <= to && r == 0; m++)
		r = release_close_month(n, as, &now, m, NULL, NULL);
	release_facts_fini(&now);
	return r;
}

int release_next(struct node *n, const struct fact_table *t, int32_t today,
		 struct release_next *out)
{
	int32_t first = release_first(n, t);
	int r = release_last(n, t->id, &out->month);

	out->month++;
	if (out->month < first)
		out->month = first;
	if (r == 0)
		r = release_due_now(n, t, today, &out->due);
	if (out->due < out->month)
		out->due = out->month - 1;
	if (t->alike)
		t = catalogue_table(n->cat, t->as);
	out->closes_on = fact_table_matured(t, out->month) +
			 (int32_t)n->policy.settle_days + 1;
	return r;
}

int release_preview(struct node *n, const struct fact_table *t, int32_t today,
		    bool all,
		    int (*fn)(void *arg, const struct fact_table *t,
			      int32_t closing, const struct gate_note *note),
		    void *arg)
{
	struct previewing p = {.t = t, .fn = fn, .arg = arg};
	struct release_next next;
	struct facts_now now;
	int32_t to;
	int r;

	if (!n->joined)
		return err_set(E_STATE, "this node has not joined a network; "
					"run `ccfed node join` first");
	r = release_next(n, t, today, &next);
	if (r < 0)
		return r;
	to = all && next.due > next.month ? next.due : next.month;
	r = release_facts(n, t, period_last_day((struct period){to, 1}), &now);
	if (r < 0)
		return r;
	r = db_begin(n->db);
	if (r == 0) {
		if (t->alike)
			r = preview_like(n, t, to);
		if (r == 0)
			r = preview_months(n, &p, &now, next.month, to);
		db_rollback(n->db);
	}
	release_facts_fini(&now);
	return r;
}
