/* lattice_query: answers a question at a lattice point from what was released.
 *
 * Of one view, the blocks inside the point are the figure; blocks that overlap
 * it, what waits (trend minus detail) and the stated bounds are its
 * uncertainty. Every way to look at it gives a range that holds the truth;
 * what all of them allow is the answer, and the narrowest one is named. So a
 * figure is "34", or "34 to 41", never a silent undercount. Months that are
 * not closed yet, and those before a region began, are not in it: `from` and
 * `through` say of which months it speaks. */
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
struct range range_add(struct range a, struct range b);

/* The answer for one region, table, period and stratum. */
struct answer {
	struct range base[SPLIT_MAX];	    /* by base outcome, in order */
	struct range outcome[OUTCOMES_MAX]; /* every outcome, any level */
	struct range total;		    /* all outcomes together */
	int view, step; /* that answered the base; step: coarsest used; -1 */
	/* By outcome: 1 + the coarsest step of the side view that counts it,
	 * of what lies inside; 0: nothing does. */
	int side[OUTCOMES_MAX];
	/* First and last closed month inside the period; -1: none. */
	int32_t from, through;
	bool complete; /* each of its months is closed, and held here */
};
/* One half-year's releases of one region and table, in order of their
 * closings. Months before the first of them count for nothing: the region did
 * not report yet. Pure. */
int lattice_answer_half(const struct fact_table *t,
			const struct release *const *r, int n, int32_t closed,
			struct period p, struct stratum s, struct answer *out);
/* Over all half-years that @p touches, from the store. @p may be any run of
 * months; of a snapshot or year it ends with a picture (picture_last), and is
 * closed or not by that. */
int lattice_answer(struct db *db, const char *region,
		   const struct fact_table *t, struct period p,
		   struct stratum s, struct answer *out);

/* The same for many questions about one region and table: each half-year is
 * read once. @db and @t are borrowed. */
struct lattice_book; /* opaque */
int lattice_book_new(struct lattice_book **out, struct db *db,
		     const char *region, const struct fact_table *t);
void lattice_book_free(struct lattice_book *b); /* NULL is fine */
int lattice_book_answer(struct lattice_book *b, struct period p,
			struct stratum s, struct answer *out);
/* The newest and the oldest closing held, or -1. */
int32_t lattice_book_closed(const struct lattice_book *b);
int32_t lattice_book_first(const struct lattice_book *b);
/* Is every month of @p closed and held? */
int lattice_book_holds(struct lattice_book *b, struct period p, bool *all);

/* Sum of outcomes in a bit set; an outcome stands for all below it. The best
 * of adding the parts and of what is left of their parents without the
 * others. */
struct range answer_sum(const struct fact_table *t, const struct answer *a,
			uint32_t outcomes);
/* The side view that counts outcome @o, or -1; its place there in *k. */
int answer_side(const struct fact_table *t, int o, int *k);
/* Is one of @outcomes counted in a side view of which no step is as fine as
 * @level? */
bool answer_too_coarse(const struct fact_table *t, uint32_t outcomes,
		       enum level level);
/* @outcomes as the leaves that they stand for. */
uint32_t answer_leaves(const struct fact_table *t, uint32_t outcomes);
/* Add @b's ranges to @to: another half-year, or another region. */
void answer_add(const struct fact_table *t, struct answer *to,
		const struct answer *b);

#endif
