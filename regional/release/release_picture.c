/* What the gate compares a picture with: the one before it, as it was counted
 * and as it left, and what was counted of the table beside it in that year. */
#include "regional/release/release_parts.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/node.h"

/* The outcomes of @t by those of @b: of the same name as their base. */
struct outcomes {
	uint8_t of[OUTCOMES_MAX];
};

static struct outcomes outcomes_of(const struct fact_table *t,
				   const struct fact_table *b)
{
	struct outcomes out;

	for (int o = 0; o < b->n_outcomes; o++) {
		int base = o;

		while (b->outcome[base].parent >= 0)
			base = b->outcome[base].parent;
		out.of[o] = (uint8_t)fact_table_outcome(t, b->outcome[base].id);
	}
	return out;
}

/* Of which table, closings and revision something is read, in the outcomes of
 * which picture. */
struct reading {
	struct node *n;
	const struct fact_table *t, *as;
	int32_t from, to;
};

/* What it counted, after the @n there are. */
static int add_members(const struct reading *g, const struct tally *y,
		       struct gate_member **out, size_t *n)
{
	struct outcomes in = outcomes_of(g->as, g->t);
	struct gate_member *m;

	m = mem_realloc(*out, (*n + y->n + 1) * sizeof *m);
	if (!m)
		return err_set(E_NOMEM, "out of memory for a picture");
	*out = m;
	for (size_t i = 0; i < y->n; i++) {
		int64_t o = y->row[i].occurrence;

		if (y->row[i].closing < g->from || y->row[i].closing > g->to)
			continue;
		m[(*n)++] = (struct gate_member){
			picture_is(g->t) ? picture_thing(o) : o,
			y->fact[i].child,
			(uint8_t)(y->fact[i].cell % g->t->dim.leaves),
			in.of[y->fact[i].outcome]};
	}
	return 0;
}

static int read_half(const struct reading *g, int32_t half, int64_t rev,
		     struct gate_member **out, size_t *n)
{
	struct tally y = {0};
	int r = release_tally(g->n, g->t, half, rev, g->to, &y);

	if (r == 0)
		r = add_members(g, &y, out, n);
	release_tally_fini(&y);
	return r;
}

static int read_members(const struct reading *g, struct gate_member **out,
			size_t *n)
{
	int r = 0;

	for (int32_t h = lattice_half(g->from);
	     h <= lattice_half(g->to) && r == 0; h++)
		r = read_half(g, h, TALLY_NOW, out, n);
	return r;
}

/* The newest release of that closing, by whichever definition: strata are the
 * same, and what it told stays told. */
static int read_left(struct node *n, const struct fact_table *t, int32_t month,
		     struct pictured *out)
{
	struct rows rows;
	int x;

	x = db_rows(n->db, &rows,
		    "SELECT bytes FROM release WHERE table_id = ? "
		    "AND closing = ? ORDER BY epoch DESC, version DESC LIMIT 1",
		    "si", t->id, (int64_t)month);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		size_t len;
		const void *bytes = rows_blob(&rows, 0, &len);

		x = codec_release_parse(bytes, len, &out->left);
		out->in.left = x == 0 ? &out->left : NULL;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

/* Can whoever has the releases add up all of that half-year? */
static int read_state(struct node *n, const struct fact_table *b, int32_t half,
		      struct half_state *s, bool *known)
{
	int32_t last = half * LATTICE_MONTHS + LATTICE_MONTHS - 1;
	struct half_releases left = {.n = 0};
	struct gate_state g = {0};
	struct tally y = {0};
	int r;

	*known = false;
	r = release_state_get(n, b->id, half, s);
	if (r == E_NOTFOUND || (r == 0 && (s->frozen || s->closed < last)))
		return 0;
	if (r == 0)
		r = release_half(n, b, half, last, HALF_NEWEST, &left);
	/* Told by another definition: it has no version of this one. */
	if (r == E_STATE)
		return 0;
	if (r == 0)
		r = release_tally(n, b, half, TALLY_NOW, last, &y);
	if (r == 0)
		r = gate_account(b, y.fact, y.n, left.p, left.n, 0, last, &g);
	*known = r == 0 && g.waiting + g.withheld == 0;
	release_tally_fini(&y);
	release_half_fini(&left);
	return r;
}

/* Each version of the first half-year with each of the second. */
static int read_versions(const struct reading *g, const struct half_state s[2],
			 struct pictured *out)
{
	int64_t second = s[1].revision + 1;
	int64_t n = (s[0].revision + 1) * second;
	int32_t half = lattice_half(g->from);
	int r = 0;

	out->was = mem_calloc((size_t)n, sizeof *out->was);
	if (!out->was)
		return err_set(E_NOMEM, "out of memory restating %s", g->t->id);
	for (int64_t i = 0; i < n && r == 0; i++) {
		struct gate_year *y = &out->was[out->in.n_was++];

		r = read_half(g, half, i / second, &y->member, &y->n);
		if (r == 0)
			r = read_half(g, half + 1, i % second, &y->member,
				      &y->n);
	}
	return r;
}

static int read_restated(const struct reading *g, struct pictured *out)
{
	int32_t half = lattice_half(g->from);
	struct half_state s[2];
	bool known = g->from >= release_first(g->n, g->t);
	int r = 0;

	for (int i = 0; i < 2 && r == 0 && known; i++)
		r = read_state(g->n, g->t, half + i, &s[i], &known);
	if (r == 0 && known)
		r = read_versions(g, s, out);
	return r;
}

static int read_beside(struct node *n, const struct fact_table *t,
		       int32_t month, struct pictured *out)
{
	const struct fact_table *b = catalogue_table(n->cat, t->beside);
	struct reading g = {n, b, t, picture_span(t, month).month, month};

	if (t->restates)
		return read_restated(&g, out);
	out->in.same_dim = strcmp(b->dim_id, t->dim_id) == 0;
	return read_members(&g, &out->beside, &out->in.n_beside);
}

int release_picture(struct node *n, const struct fact_table *t, int32_t month,
		    struct pictured *out)
{
	int32_t before = picture_before(t, month);
	struct reading now = {n, t, t, month, month};
	struct reading then = {n, t, t, before, before};
	int r;

	r = read_members(&now, &out->now, &out->in.n_now);
	if (r == 0)
		r = read_members(&then, &out->before, &out->in.n_before);
	if (r == 0)
		r = read_left(n, t, before, out);
	if (r == 0 && t->beside >= 0 && *t->beside_id)
		r = read_beside(n, t, month, out);
	out->in.now = out->now;
	out->in.before = out->before;
	out->in.beside = out->beside;
	out->in.was = out->was;
	return r;
}

void release_picture_fini(struct pictured *p)
{
	mem_free(p->now);
	mem_free(p->before);
	mem_free(p->beside);
	for (int i = 0; i < p->in.n_was; i++)
		mem_free(p->was[i].member);
	mem_free(p->was);
	if (p->in.left)
		release_fini(&p->left);
	memset(p, 0, sizeof *p);
}

int release_replaced(struct node *n, const struct fact_table *t, int32_t month,
		     bool *told)
{
	struct period span = picture_span(t, month);
	int64_t held = 0;
	int r = 0;

	if (*t->replaces)
		r = db_int(n->db, &held,
			   "SELECT count(*) FROM release WHERE table_id = ? "
			   "AND closing BETWEEN ? AND ?",
			   "sii", t->replaces, (int64_t)span.month,
			   (int64_t)month);
	*told = held > 0;
	return r;
}

int release_year_told(struct node *n, const struct fact_table *b, int32_t half,
		      bool *told)
{
	int32_t last = half * LATTICE_MONTHS + LATTICE_MONTHS - 1;
	int r = 0;

	*told = false;
	for (int i = 0; i < catalogue_tables(n->cat) && r == 0 && !*told; i++) {
		const struct fact_table *t = catalogue_table(n->cat, i);
		int32_t month = last;
		int64_t held;

		if (!t->restates || catalogue_table(n->cat, t->beside) != b)
			continue;
		while (!picture_due(t, month))
			month++;
		r = db_int(n->db, &held,
			   "SELECT count(*) FROM release WHERE table_id = ? "
			   "AND closing = ?",
			   "si", t->id, (int64_t)month);
		*told = r == 0 && held > 0;
	}
	return r;
}

uint32_t release_floor(const struct node *n, const struct fact_table *t)
{
	return t->plain ? 1 : node_floor(n);
}

int release_due_now(struct node *n, const struct fact_table *t, int32_t today,
		    int32_t *out)
{
	const char *other = t->beside_id;
	int32_t last;
	int r;

	*out = release_due(n, t, today);
	if (!fact_table_follows(t))
		return 0;
	if (t->alike)
		other = catalogue_table(n->cat, t->as)->id;
	r = release_last(n, other, &last);
	if (r == 0 && last < *out)
		*out = last;
	if (*out < release_first(n, t))
		*out = release_first(n, t) - 1;
	return r;
}
