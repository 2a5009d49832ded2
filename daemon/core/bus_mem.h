/* bus_mem: the bus inside one process, with a seeded share of faults, for
 * tests. Nothing moves by itself: bus_mem_step delivers. */
#ifndef CCFED_BUS_MEM_H
#define CCFED_BUS_MEM_H

#include "daemon/core/bus.h"
#include "daemon/core/rand.h"

struct bus_mem_faults {
	double drop;	  /* share of messages lost, each direction */
	double duplicate; /* share delivered twice */
	double reorder;	  /* share put back behind the others */
	double corrupt;	  /* share with one bit turned */
};

int bus_mem_new(struct bus **out, struct rng *rng); /* borrowed */
/* After every listener and dialer was closed. */
void bus_mem_free(struct bus *b);
void bus_mem_faults(struct bus *b, const struct bus_mem_faults *f);
/* Cut (or mend) the way between the listener at @addr and everybody. */
void bus_mem_cut(struct bus *b, const char *addr, int cut);
/* Deliver what is under way: requests to listeners in batches, answers to
 * dialers. Returns how many messages were delivered; 0: nothing moves. */
int bus_mem_step(struct bus *b);
/* @tap sees every message sent, in both directions, before any fault (tests
 * look at what leaves). */
void bus_mem_tap(struct bus *b,
		 void (*tap)(void *arg, const void *data, size_t len),
		 void *arg);

#endif
