/* Preview: the closings that are next, made and taken back. */
#include "regional/release/release_parts.h"

#include <stdio.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
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
			 "held: fewer than %u children with one of its "
			 "outcomes",
			 floor);
		return out;
	case GATE_SOLE:
		return "held: every child in it has the same sensitive outcome";
	case GATE_FORCED:
		return "held: it would give away what the others that wait are";
	case GATE_DIFFERENCE:
		snprintf(out, size,
			 "held: with what left already it would tell of fewer "
			 "than %u children",
			 floor);
		return out;
	case GATE_NOT_YET:
		return "later: it leaves for a longer period";
	}
	return "held";
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

static int preview_table(struct node *n, int32_t today, struct previewing *p)
{
	int32_t due = release_due(n, p->t, today), from;
	struct facts_now now;
	int r;

	r = release_last(n, p->t->id, &from);
	if (r < 0)
		return r;
	from = from + 1 > release_first(n, p->t) ? from + 1
						 : release_first(n, p->t);
	if (due < from)
		due = from; /* the next open month, as far as it is known */
	r = release_facts(n, p->t, period_last_day((struct period){due, 1}),
			  &now);
	if (r < 0)
		return r;
	r = db_begin(n->db);
	if (r == 0) {
		r = preview_months(n, p, &now, from, due);
		db_rollback(n->db);
	}
	release_facts_fini(&now);
	return r;
}

int release_preview(struct node *n, int32_t today,
		    int (*fn)(void *arg, const struct fact_table *t,
			      int32_t closing, const struct gate_note *note),
		    void *arg)
{
	struct previewing p = {.fn = fn, .arg = arg};
	int r = 0;

	if (!n->joined)
		return err_set(E_STATE, "this node has not joined a network; "
					"run `ccfed node join` first");
	for (int i = 0; i < catalogue_tables(n->cat) && r == 0; i++) {
		p.t = catalogue_table(n->cat, i);
		r = preview_table(n, today, &p);
	}
	return r;
}
