/* Counting: each occurrence once, in the month of the closing that first met
 * it. */
#include "regional/release/release_parts.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/picture.h"
#include "regional/node.h"

static int no_memory(const struct fact_table *t)
{
	return err_set(E_NOMEM, "out of memory counting %s", t->id);
}

static int take_fact(void *arg, const struct fact *f)
{
	struct facts_now *now = arg;

	if (f->day < now->first_day)
		return 0;
	if (now->n == now->room) {
		size_t room = now->room ? now->room * 2 : 1024;
		struct fact *fact;

		fact = mem_realloc(now->fact, room * sizeof *fact);
		if (!fact)
			return err_set(E_NOMEM, "out of memory for facts");
		now->fact = fact;
		now->room = room;
	}
	now->fact[now->n++] = *f;
	return 0;
}

static int by_occurrence(const void *a, const void *b, void *arg)
{
	const struct fact *f = arg;
	int64_t x = f[*(const uint32_t *)a].occurrence;
	int64_t y = f[*(const uint32_t *)b].occurrence;

	return (x > y) - (x < y);
}

static int sort_facts(const struct fact_table *t, struct facts_now *f)
{
	f->by_occurrence = mem_calloc(f->n + 1, sizeof *f->by_occurrence);
	f->counted = mem_calloc(f->n + 1, sizeof *f->counted);
	if (!f->by_occurrence || !f->counted)
		return no_memory(t);
	for (size_t i = 0; i < f->n; i++)
		f->by_occurrence[i] = (uint32_t)i;
	qsort_r(f->by_occurrence, f->n, sizeof *f->by_occurrence, by_occurrence,
		f->fact);
	for (size_t i = 1; i < f->n; i++) {
		const uint32_t *o = f->by_occurrence;

		if (f->fact[o[i - 1]].occurrence == f->fact[o[i]].occurrence)
			return err_set(E_INVALID,
				       "fact table %s: occurrence %lld comes "
				       "twice",
				       t->id,
				       (long long)f->fact[o[i]].occurrence);
	}
	return 0;
}

int64_t release_facts_find(const struct facts_now *f, int64_t occurrence)
{
	size_t lo = 0, hi = f->n;

	while (lo < hi) {
		size_t mid = lo + (hi - lo) / 2;
		int64_t at = f->fact[f->by_occurrence[mid]].occurrence;

		if (at == occurrence)
			return f->by_occurrence[mid];
		if (at < occurrence)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

int release_facts_mark(struct node *n, const struct fact_table *t,
		       struct facts_now *f)
{
	struct rows rows;
	int x;

	f->done = 0;
	memset(f->counted, 0, f->n * sizeof *f->counted);
	x = db_rows(n->db, &rows,
		    "SELECT occurrence FROM counted "
		    "WHERE table_id = ? AND to_rev IS NULL",
		    "s", t->id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		int64_t i = release_facts_find(f, rows_int(&rows, 0));

		if (i >= 0)
			f->counted[i] = true;
		x = 0;
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int release_facts(struct node *n, const struct fact_table *t, int32_t through,
		  struct facts_now *out)
{
	struct period first = {release_first(n, t), 1};
	struct db *ro = NULL;
	int r;

	memset(out, 0, sizeof *out);
	out->first_day = period_first_day(first);
	r = node_reader(n, &ro);
	if (r == 0)
		r = facts_each(ro, t, n->rec.words, through, FACTS_DEADLINE_MS,
			       take_fact, out);
	if (r == 0)
		r = sort_facts(t, out);
	if (r == 0)
		r = release_facts_mark(n, t, out);
	db_close(ro);
	if (r < 0)
		release_facts_fini(out);
	return r;
}

void release_facts_fini(struct facts_now *f)
{
	mem_free(f->fact);
	mem_free(f->by_occurrence);
	mem_free(f->counted);
	memset(f, 0, sizeof *f);
}

int release_tally_add(struct tally *y, const struct gate_fact *f,
		      const struct tally_row *row)
{
	if (y->n == y->room) {
		size_t room = y->room ? y->room * 2 : 256;
		struct gate_fact *fact;
		struct tally_row *rows;

		fact = mem_realloc(y->fact, room * sizeof *fact);
		if (fact)
			y->fact = fact;
		rows = mem_realloc(y->row, room * sizeof *rows);
		if (rows)
			y->row = rows;
		if (!fact || !rows)
			return err_set(E_NOMEM, "out of memory for a tally");
		y->room = room;
	}
	y->fact[y->n] = *f;
	y->row[y->n++] = *row;
	return 0;
}

void release_tally_fini(struct tally *y)
{
	mem_free(y->fact);
	mem_free(y->row);
	memset(y, 0, sizeof *y);
}

int release_tally(struct node *n, const struct fact_table *t, int32_t half,
		  int64_t rev, int32_t through, struct tally *out)
{
	struct rows rows;
	int x;

	memset(out, 0, sizeof *out);
	/* One statement for both: TALLY_NOW is the revision without an end. */
	x = db_rows(n->db, &rows,
		    "SELECT child, cell, outcome, occurrence, closing "
		    "FROM counted WHERE table_id = ?1 AND half = ?2 "
		    "AND closing <= ?4 AND CASE WHEN ?3 < 0 "
		    "THEN to_rev IS NULL ELSE from_rev <= ?3 "
		    "AND (to_rev IS NULL OR to_rev > ?3) END "
		    "ORDER BY occurrence",
		    "siii", t->id, (int64_t)half, rev, (int64_t)through);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		struct gate_fact f = {(uint32_t)rows_int(&rows, 0),
				      (uint16_t)rows_int(&rows, 1),
				      (uint8_t)rows_int(&rows, 2)};
		struct tally_row row = {rows_int(&rows, 3),
					(int32_t)rows_int(&rows, 4)};

		x = release_tally_add(out, &f, &row);
	}
	rows_end(&rows);
	if (x < 0)
		release_tally_fini(out);
	return x < 0 ? x : 0;
}

/* What the table that @t is like counted in @month, by the question of @t. What
 * was counted before the two went together stays where it is. */
static int count_like(struct node *n, const struct fact_table *t,
		      struct facts_now *now, int32_t month, int64_t revision)
{
	const struct fact_table *as = catalogue_table(n->cat, t->as);
	struct tally y;
	int r;

	r = release_tally(n, as, lattice_half(month), TALLY_NOW, month, &y);
	for (size_t i = 0; i < y.n && r == 0; i++) {
		int64_t at = release_facts_find(now, y.row[i].occurrence);
		int outcome = at < 0 ? t->gone : now->fact[at].outcome;

		if (y.row[i].closing != month || (at >= 0 && now->counted[at]))
			continue;
		r = db_run(n->db,
			   "INSERT INTO counted (table_id, half, occurrence, "
			   "from_rev, child, closing, cell, outcome) "
			   "VALUES (?, ?, ?, ?, ?, ?, ?, ?) "
			   "ON CONFLICT DO NOTHING",
			   "siiiiiii", t->id, (int64_t)lattice_half(month),
			   y.row[i].occurrence, revision,
			   (int64_t)y.fact[i].child, (int64_t)month,
			   (int64_t)y.fact[i].cell, (int64_t)outcome);
		if (at >= 0)
			now->counted[at] = true;
	}
	release_tally_fini(&y);
	return r;
}

static int count_fact(struct node *n, const struct fact_table *t,
		      const struct fact *f, int32_t month, int64_t revision)
{
	return db_run(n->db,
		      "INSERT INTO counted (table_id, half, occurrence, "
		      "from_rev, child, closing, cell, outcome) "
		      "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		      "siiiiiii", t->id, (int64_t)lattice_half(month),
		      f->occurrence, revision, f->child, (int64_t)month,
		      (int64_t)lattice_cell(&t->dim, month, f->stratum),
		      (int64_t)f->outcome);
}

/* In order of occurrence, which is that of the table and its index: by date,
 * nearly every row would touch pages of its own. */
int release_count_month(struct node *n, const struct fact_table *t,
			struct facts_now *now, int32_t month, int64_t revision)
{
	int32_t last = period_last_day((struct period){month, 1});
	size_t end = now->done, k = 0;
	uint32_t *fresh;
	int r = 0;

	if (t->alike)
		return count_like(n, t, now, month, revision);
	while (end < now->n && now->fact[end].day <= last)
		end++;
	fresh = mem_calloc(end - now->done + 1, sizeof *fresh);
	if (!fresh)
		return no_memory(t);
	for (size_t i = now->done; i < end; i++) {
		/* A picture shows what was known when it was taken. */
		bool late = picture_is(t) && now->fact[i].day != last;

		if (!now->counted[i] && !late)
			fresh[k++] = (uint32_t)i;
	}
	qsort_r(fresh, k, sizeof *fresh, by_occurrence, now->fact);
	for (size_t i = 0; i < k && r == 0; i++) {
		r = count_fact(n, t, &now->fact[fresh[i]], month, revision);
		now->counted[fresh[i]] = true;
	}
	if (r == 0)
		now->done = end;
	mem_free(fresh);
	return r;
}

/* --- the trend's first step --- */

static int base_of(const struct fact_table *t, int outcome)
{
	while (t->outcome[outcome].parent >= 0)
		outcome = t->outcome[outcome].parent;
	return outcome;
}

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* Distinct children of @y per base outcome, in the outcomes' order. */
static int children_of(const struct fact_table *t, const struct tally *y,
		       uint32_t *children, int *n_base)
{
	uint32_t by_outcome[OUTCOMES_MAX] = {0};
	uint64_t *pair;

	pair = mem_calloc(y->n + 1, sizeof *pair);
	if (!pair)
		return no_memory(t);
	for (size_t i = 0; i < y->n; i++)
		pair[i] = (uint64_t)base_of(t, y->fact[i].outcome) << 32 |
			  y->fact[i].child;
	qsort(pair, y->n, sizeof *pair, by_value);
	for (size_t i = 0; i < y->n; i++) {
		if (i == 0 || pair[i] != pair[i - 1])
			by_outcome[pair[i] >> 32]++;
	}
	mem_free(pair);
	*n_base = 0;
	for (int o = 0; o < t->n_outcomes; o++) {
		if (t->outcome[o].parent < 0)
			children[(*n_base)++] = by_outcome[o];
	}
	return 0;
}

/* Nothing is known of the volume yet. A quarter is what a region of usual size
 * can publish; beginning with months would strand those that are too small
 * (gate.md: 8.5 % withheld by month, none by quarter). */
static int step_without_past(const struct fact_table *t)
{
	const struct view *v = &t->view[0];

	for (int i = 0; i < v->n_steps; i++) {
		if (v->step[i].months == 3)
			return i;
	}
	return v->n_steps - 1;
}

static int append(struct tally *to, const struct tally *from)
{
	int r = 0;

	for (size_t i = 0; i < from->n && r == 0; i++)
		r = release_tally_add(to, &from->fact[i], &from->row[i]);
	return r;
}

int release_trend_first(struct node *n, const struct fact_table *t,
			int32_t month, int *out)
{
	int32_t half = month / 12 * 2; /* the first of the calendar year */
	uint32_t children[OUTCOMES_MAX];
	struct tally a = {0}, b = {0};
	int64_t fixed;
	int n_base = 0, r;

	r = db_int(n->db, &fixed,
		   "SELECT trend_first FROM closing_state "
		   "WHERE table_id = ? AND half IN (?, ?) LIMIT 1",
		   "sii", t->id, (int64_t)half, (int64_t)half + 1);
	if (r == 0) {
		*out = (int)fixed;
		return 0;
	}
	if (r != E_NOTFOUND)
		return r;
	r = release_tally(n, t, half - 2, TALLY_NOW, month, &a);
	if (r == 0)
		r = release_tally(n, t, half - 1, TALLY_NOW, month, &b);
	if (r == 0)
		r = append(&a, &b);
	if (r == 0)
		r = children_of(t, &a, children, &n_base);
	/* A year of which only a part was counted errs on the coarse side. */
	if (r == 0)
		*out = a.n ? gate_trend_first(t, children, n_base)
			   : step_without_past(t);
	release_tally_fini(&a);
	release_tally_fini(&b);
	return r;
}
