/* What the gate compares a picture with: the one before it, as it was counted
 * and as it left, and what was counted of the table beside it in that year. */
#include "regional/release/release_parts.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/node.h"

/* Of @y what closings from @from to @to counted, after the @n there are. */
static int add_members(const struct fact_table *t, const struct tally *y,
		       int32_t from, int32_t to, struct gate_member **out,
		       size_t *n)
{
	struct gate_member *m;

	m = mem_realloc(*out, (*n + y->n + 1) * sizeof *m);
	if (!m)
		return err_set(E_NOMEM, "out of memory for a picture");
	*out = m;
	for (size_t i = 0; i < y->n; i++) {
		int64_t o = y->row[i].occurrence;

		if (y->row[i].closing < from || y->row[i].closing > to)
			continue;
		m[(*n)++] = (struct gate_member){
			picture_is(t) ? picture_thing(o) : o, y->fact[i].child,
			(uint8_t)(y->fact[i].cell % t->dim.leaves)};
	}
	return 0;
}

static int read_members(struct node *n, const struct fact_table *t,
			int32_t from, int32_t to, struct gate_member **out,
			size_t *count)
{
	int r = 0;

	for (int32_t h = lattice_half(from); h <= lattice_half(to) && r == 0;
	     h++) {
		struct tally y = {0};

		r = release_tally(n, t, h, TALLY_NOW, to, &y);
		if (r == 0)
			r = add_members(t, &y, from, to, out, count);
		release_tally_fini(&y);
	}
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

int release_picture(struct node *n, const struct fact_table *t, int32_t month,
		    struct pictured *out)
{
	struct period span = picture_span(t, month);
	int32_t before = picture_before(t, month);
	int r;

	r = read_members(n, t, month, month, &out->now, &out->in.n_now);
	if (r == 0)
		r = read_members(n, t, before, before, &out->before,
				 &out->in.n_before);
	if (r == 0)
		r = read_left(n, t, before, out);
	if (r == 0 && t->beside >= 0 && *t->beside_id) {
		const struct fact_table *b = catalogue_table(n->cat, t->beside);

		r = read_members(n, b, span.month, month, &out->beside,
				 &out->in.n_beside);
		out->in.same_dim = strcmp(b->dim_id, t->dim_id) == 0;
	}
	out->in.now = out->now;
	out->in.before = out->before;
	out->in.beside = out->beside;
	return r;
}

void release_picture_fini(struct pictured *p)
{
	mem_free(p->now);
	mem_free(p->before);
	mem_free(p->beside);
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

uint32_t release_floor(const struct node *n, const struct fact_table *t)
{
	return t->plain ? 1 : node_floor(n);
}

int release_due_now(struct node *n, const struct fact_table *t, int32_t today,
		    int32_t *out)
{
	int32_t last;
	int r;

	*out = release_due(n, t, today);
	if (t->kind != FACTS_YEAR || !*t->beside_id)
		return 0;
	r = release_last(n, t->beside_id, &last);
	if (r == 0 && last < *out)
		*out = last;
	if (*out < release_first(n, t))
		*out = release_first(n, t) - 1;
	return r;
}
