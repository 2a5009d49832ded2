/* lattice_query: answers a question at a lattice point from what was released.
 *
 * Of one view, the blocks inside the point are the figure; blocks that overlap
 * it, what waits (trend minus detail) and the stated bounds are its
 * uncertainty; the view with the narrowest range answers. So a figure is
 * "34", or "34 to 41", never a silent undercount. Months that are not closed
 * yet are not in it: `through` says up to which month it speaks. */
#ifndef CCFED_LATTICE_QUERY_H
#define CCFED_LATTICE_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/catalogue.h"
#include "proto/codec.h"

struct db;

enum { UNBOUNDED = INT32_MAX };

struct range {
	int64_t low, high; /* occurrences; high UNBOUNDED: not known */
};

/* The answer for one region, table, period and stratum. */
struct answer {
	struct range base[SPLIT_MAX];	     /* by base outcome, in order */
	struct range outcome[OUTCOMES_MAX];  /* every outcome, any level */
	int view, step;	     /* that answered the base; step: coarsest used */
	int32_t through;     /* last closed month inside the period; -1: none */
	bool complete;	     /* the whole period is closed */
};
/* One half-year's releases of one region and table, in order. Pure. */
int lattice_answer_half(const struct fact_table *t,
			const struct release *const *r, int n, int32_t closed,
			struct period p, struct stratum s, struct answer *out);
/* Over all half-years that @p touches, from the store. */
int lattice_answer(struct db *db, const char *region,
		   const struct fact_table *t, struct period p,
		   struct stratum s, struct answer *out);
/* Sum of outcomes in a bit set: low adds lows; high is the better of adding
 * highs and (total of a base's highs...) whatever is provable. */
struct range answer_sum(const struct fact_table *t, const struct answer *a,
			uint32_t outcomes);

#endif
