/* world: invented regions for the privacy tests, seeded.
 *
 * Some years of referrals: one to four a child, the later ones some months
 * after the first, needs skewed, outcomes drawn for each referral. The same
 * model as the simulation behind the gate's rules, so that shares compare.
 * The first year is lead-in: the trend's first step comes from last year's
 * volume. */
#ifndef CCFED_WORLD_H
#define CCFED_WORLD_H

#include <stddef.h>
#include <stdint.h>

#include "daemon/core/rand.h"
#include "proto/catalogue.h"
#include "regional/release/gate.h"
#include "tests/privacy/audit.h"

enum { WORLD_YEARS = 3, WORLD_HALVES = 2 * (WORLD_YEARS + 1) };

struct world_half {
	struct gate_fact *fact; /* owned; by month */
	size_t n, room;
	size_t month_end[LATTICE_MONTHS]; /* facts through that month */
};
struct world {
	const struct fact_table *table;	      /* borrowed */
	int32_t first;			      /* month number of halves[0] */
	struct world_half half[WORLD_HALVES]; /* 0, 1: lead-in */
};

/* @children a year, and as many in the lead-in year. On 0 the caller owns. */
int world_init(struct world *w, const struct fact_table *t, int children,
	       uint64_t seed);
void world_fini(struct world *w);

/* A leaf outcome of @t, by the weights of all these worlds. */
uint8_t world_draw(const struct fact_table *t, struct rng *rng);

/* The trend's first step in half-year @half (2 ..), by the gate's own rule. */
int world_trend_first(const struct world *w, int half);
/* Month number of the half-year's first month. */
int32_t world_month(const struct world *w, int half);

/* Close the half-year month by month through the gate: out[0..5], each for
 * release_fini. @first: index of the trend's first step; negative: by the
 * gate's own rule. */
int world_close(const struct world *w, int half, uint32_t floor, int first,
		struct release *out);
/* The same of a table that is like another one, of whose six closings of that
 * half-year @like is what left. */
int world_close_like(const struct world *w, int half, uint32_t floor,
		     const struct release *like, struct release *out);
/* Audit out[0..5] of it; what audit_half returns. */
int world_audit(const struct world *w, int half, uint32_t floor,
		const struct release *out, audit_fn *fn, void *arg);

#endif
