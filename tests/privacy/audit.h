/* audit: what can a reader of the releases compute that was not meant to leave?
 *
 * Shares no code with the gate: it knows nothing of ladders and rules, only
 * what a stranger with a copy of every release knows, and does what he would.
 * By linear programming it bounds every hidden count of one half-year from all
 * blocks and stated bounds together; by subtraction it looks for few children
 * behind many occurrences; and it compares every two versions. The facts only
 * tell which of the results are leaks.
 *
 * Assumes that the reader knows the catalogue and that bounds are rounded up
 * to a multiple of the floor; not that he knows why a group waits (rule F).
 * One thread. */
#ifndef CCFED_AUDIT_H
#define CCFED_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "proto/catalogue.h"
#include "proto/codec.h"

enum audit_kind {
	AUDIT_FALSE,	/* a block or bound that is not the truth, or two
			 * blocks of one view that overlap */
	AUDIT_EVENT,	/* a released event of too few children */
	AUDIT_COUNT,	/* a hidden count known to be below the floor */
	AUDIT_CHILDREN, /* a hidden count known, of too few children */
	AUDIT_MOVED,	/* few came into a picture or left it */
	AUDIT_BESIDE,	/* a year less the months of another table is few */
	AUDIT_VERSION,	/* two versions tell what few children changed */
	AUDIT_KINDS
};

struct audit_fact {
	uint32_t child;
	uint16_t cell;
	uint8_t outcome; /* leaf */
};
struct audit_facts {
	const struct audit_fact *fact;
	size_t n;
};

struct audit_in {
	const struct fact_table *table;
	uint32_t floor;
	int32_t half; /* lattice_half */
	/* Every release of the half-year ever made, in any order. */
	const struct release *const *release;
	int n;
	/* The facts as each version counted them, oldest first; the last goes
	 * for all later versions. */
	const struct audit_facts *facts;
	int n_facts;
};

struct audit_leak {
	enum audit_kind kind;
	struct cells cells;
	int outcome;	  /* index in the table; -1: a bound */
	double low, high; /* what can be computed; COUNT, CHILDREN */
	uint32_t occurrences, children; /* in truth */
	char text[400];
};
typedef void audit_fn(void *arg, const struct audit_leak *leak);

/* How many leaks there are, each told to @fn (or NULL); E_NOMEM. */
int audit_half(const struct audit_in *in, audit_fn *fn, void *arg);

/* Give back what the solver keeps for the process (leak checkers). */
void audit_end(void);

#endif
