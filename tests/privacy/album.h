/* album: invented regions as snapshots and years show them, for the privacy
 * tests, seeded.
 *
 * Some years of cases: begun on any day, open for nine months on average, a
 * seventh of the children with a second one; ages go up. A snapshot shows who
 * is in it at each quarter's end, with an outcome that stays as it is more
 * often than not; a year shows whose case touched it, and beside it stand the
 * first cases of each calendar year. */
#ifndef CCFED_ALBUM_H
#define CCFED_ALBUM_H

#include "proto/catalogue.h"
#include "regional/release/gate.h"
#include "tests/privacy/audit.h"

enum { ALBUM_YEARS = 4, ALBUM_MAX = 4 * ALBUM_YEARS };

struct album_picture {
	int32_t month;
	struct gate_fact *fact; /* owned, as the next */
	struct gate_member *member;
	size_t n;
	struct gate_member *beside;
	size_t n_beside;
	struct release left; /* what the gate made of it */
};
struct album {
	const struct fact_table *table; /* borrowed */
	int n;
	struct album_picture picture[ALBUM_MAX];
};

/* @children a year. On 0 the caller owns. */
int album_init(struct album *a, const struct fact_table *t, int children,
	       uint64_t seed);
void album_fini(struct album *a);
/* Ask the gate for picture @i, after those before it. */
int album_close(struct album *a, int i, uint32_t floor);
/* Audit it alone and beside the one before; number of leaks. */
int album_audit(struct album *a, int i, uint32_t floor, audit_fn *fn,
		void *arg);

#endif
