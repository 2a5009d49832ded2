/* fix_network: a whole network in one test process: a hub and up to five
 * regions' nodes on real SQLite in a temporary folder, over bus_mem, under a
 * clock and randomness that the test sets.
 *
 * Whatever goes wrong here fails the test. A killed side's handles are closed
 * between two steps; what it had in memory is gone. */
#ifndef CCFED_FIX_NETWORK_H
#define CCFED_FIX_NETWORK_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/bus_mem.h"
#include "daemon/core/clock.h"
#include "daemon/core/rand.h"
#include "daemon/hub/hub.h"
#include "proto/catalogue.h"
#include "regional/node.h"

enum { NETWORK_MAX = 5 };
extern const char *const network_region[NETWORK_MAX];

struct network_opts {
	uint64_t seed;
	int regions;
	int64_t children; /* made up, in each region; 0: none */
	int32_t first;	  /* first month that closes */
	int32_t until;	  /* the record's last day */
	int32_t today;	  /* when the network is made */
	uint32_t floor;
	bool review;
};

struct network {
	struct network_opts o;
	struct clock_set clock;
	struct rng_seeded rng;
	struct bus *bus;
	struct catalogue *cat;
	char *dir; /* hub/ and one folder for each region */
	struct hub *hub;
	struct node *node[NETWORK_MAX]; /* NULL while killed */
};

/* From now on networks have only the fact tables that needs and referrals alone
 * fill, as made up here: the others would be empty releases, month by month. In
 * @dir, which is the caller's, until network_all_tables. */
void network_few_tables(const char *dir);
void network_all_tables(void);

/* Make hub and nodes, with their children, in a new folder; nobody runs. */
void network_make(struct network *w, const struct network_opts *o);
/* The same as @from has in its folder, in a folder of its own; nobody runs.
 * @from must not run either. */
void network_copy(struct network *w, const struct network *from, uint64_t seed);
void network_free(struct network *w);

/* Everybody runs; those who have not joined yet join. */
void network_start(struct network *w);
void network_stop(struct network *w);
void network_kill(struct network *w, int region);
void network_revive(struct network *w, int region);
void network_kill_hub(struct network *w);
void network_revive_hub(struct network *w);
void network_join(struct network *w, int region);
/* A new node, made from the same record, takes the region's over; it runs. */
void network_replace(struct network *w, int region);
/* Another node on the folder @dir, which is the caller's; it runs. */
void network_open(struct network *w, const char *dir, struct node **out);

/* One round: every node ticks, the bus delivers, a quarter of a second goes
 * by. Returns messages delivered. */
int network_step(struct network *w);
/* Rounds until all nodes are idle and nothing moves; false after @rounds. */
bool network_settle(struct network *w, int rounds);
/* To the same hour @days later, settling after each of them. */
void network_days(struct network *w, int days);
/* The same in one leap, settling once. */
void network_leap(struct network *w, int days);
int32_t network_today(const struct network *w);

/* Copies of one side's folder, while that side is killed. @region -1: the
 * hub. */
void network_save(const struct network *w, int region, const char *to);
void network_restore(const struct network *w, int region, const char *from);
const char *network_path(const struct network *w, int region);

/* What the hub holds now: region, table, closing and what each current release
 * says, but not its epoch and version; hashed. *releases may be NULL. */
void network_figures(struct network *w, unsigned char out[DIGEST],
		     int *releases);
/* Every account of every node adds up: fails the test if not. */
void network_check_accounts(struct network *w);

#endif
