/* audit_model: one half-year as its reader sees it: published blocks, stated
 * bounds, and the atoms they cut the cells into; with the facts beside it to
 * say what is true. Own cell arithmetic, so that a wrong one elsewhere shows.
 * Inside the auditor only. */
#ifndef CCFED_AUDIT_MODEL_H
#define CCFED_AUDIT_MODEL_H

#include <stdbool.h>

#include "tests/privacy/audit.h"

enum {
	CELLS_MAX = LATTICE_MONTHS * LATTICE_LEAVES_MAX,
	BLOCKS_MAX = 1024,
	STATED_MAX = LATTICE_MONTHS * RELEASE_BOUNDS_MAX
};

struct block {
	const struct group *g;
	int32_t closing;
};
struct stated {
	const struct bound *b;
	int32_t closing;
	struct cells cells; /* that the bound speaks of */
};
struct truth {
	uint32_t occurrences, children;
};

struct model {
	const struct fact_table *t;
	uint32_t floor;
	int32_t half;
	int n_cells;
	bool under[OUTCOMES_MAX][OUTCOMES_MAX]; /* [o][a]: o is a or below */

	struct audit_fact *fact; /* by cell; children numbered from 0 */
	size_t n_facts, start[CELLS_MAX + 1];
	uint32_t *stamp, now, n_children;
	uint32_t *name; /* the caller's number of each child, ascending */

	int n_blocks, n_stated;
	struct block block[BLOCKS_MAX];
	struct stated stated[STATED_MAX];
	int n_atoms, atom_of[CELLS_MAX];
	struct cells atom[CELLS_MAX];

	audit_fn *fn;
	void *arg;
	int leaks;
};

static inline bool set_has(struct cells s, int i)
{
	return i < 64 ? s.w[0] >> i & 1 : s.w[1] >> (i - 64) & 1;
}
static inline void set_add(struct cells *s, int i)
{
	s->w[i / 64] |= UINT64_C(1) << i % 64;
}
static inline bool set_none(struct cells s)
{
	return s.w[0] == 0 && s.w[1] == 0;
}
static inline bool set_same(struct cells s, struct cells u)
{
	return s.w[0] == u.w[0] && s.w[1] == u.w[1];
}
static inline bool set_meets(struct cells s, struct cells u)
{
	return (s.w[0] & u.w[0]) != 0 || (s.w[1] & u.w[1]) != 0;
}
static inline struct cells set_plus(struct cells s, struct cells u)
{
	s.w[0] |= u.w[0];
	s.w[1] |= u.w[1];
	return s;
}
static inline struct cells set_less(struct cells s, struct cells u)
{
	s.w[0] &= ~u.w[0];
	s.w[1] &= ~u.w[1];
	return s;
}
static inline bool set_within(struct cells s, struct cells u)
{
	return set_none(set_less(s, u));
}

/* Fill @m from the releases given (one of each closing) and the facts;
 * model_fini frees. */
int model_init(struct model *m, const struct audit_in *in,
	       const struct release *const *release, int n,
	       const struct audit_facts *facts, audit_fn *fn, void *arg);
void model_fini(struct model *m);

/* Tell every block and bound that is not true, and every event of few. */
void model_check(struct model *m);

struct truth model_truth(struct model *m, struct cells cells, int outcome);
/* The same by child: @count[child] for each of n_children. */
void model_counts(const struct model *m, struct cells cells, int outcome,
		  uint32_t *count);
/* The cells of @months months from month @from of the half-year, and a
 * stratum. */
struct cells model_point(const struct model *m, int from, int months,
			 struct stratum s);
/* Few: at least one, and fewer than the floor. */
bool model_few(const struct model *m, uint32_t n);

/* Tell a leak; what is printed goes before cells, outcome and truth. */
void model_tell(struct model *m, struct audit_leak *leak, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

#endif
