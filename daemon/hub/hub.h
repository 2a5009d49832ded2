/* hub: the state's data directory and daemon: takes releases from joined nodes,
 * answers for the state.
 *
 * DIR/ccfed.conf, DIR/hub.key (mode 0600), DIR/hub.db. Like the node a state
 * machine over the seams: the bus hands it batches; it commits, then answers.
 * It never connects to a node. */
#ifndef CCFED_HUB_H
#define CCFED_HUB_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/metrics.h"
#include "daemon/web/pages.h"
#include "proto/codec.h"
#include "proto/envelope.h"

struct bus;
struct bus_listener;
struct catalogue;
struct clock;
struct db;
struct disk;
struct rng;

struct hub_conf {
	char bus[80];	       /* "tcp://127.0.0.1:7400": where nodes dial */
	struct pages_conf web; /* .http "127.0.0.1:8400"; "" for none */
	char log_level[8];
	bool public_view;   /* /public for everybody */
	char chromium[256]; /* program that prints PDF; "" for none */
};

struct hub {
	struct clock *clock; /* all borrowed */
	struct rng *rng;
	struct disk *disk;
	struct bus *bus; /* NULL for commands that do not listen */
	const struct catalogue *cat;
	char dir[512];
	struct hub_conf conf;
	struct db *db; /* writing connection */
	unsigned char network[NETWORK_ID];
	struct keys keys;
	struct policy policy; /* in force when this was opened: hub_policy */
	struct metrics metrics;
	struct bus_listener *listener; /* while started */
	int64_t started_utc_ms, watched_utc_ms;
};

struct hub_new {
	struct policy policy; /* kind, floor, network name ... */
	char bus[80], http[80];
};
int hub_init(struct clock *clock, struct rng *rng, struct disk *disk,
	     const struct catalogue *cat, const char *dir,
	     const struct hub_new *how);
int hub_open(struct hub **out, struct clock *clock, struct rng *rng,
	     struct disk *disk, struct bus *bus, const struct catalogue *cat,
	     const char *dir);
void hub_close(struct hub *h); /* NULL is fine */

/* The policy in force now, which the command line may have set beside the
 * daemon; or number @number of it, if that is not 0. @db is the caller's own
 * connection, so any thread may ask. E_NOTFOUND: there is no such number. */
int hub_policy(const struct hub *h, struct db *db, uint32_t number,
	       struct policy *out);
/* Put @p in force under the next number, which it is given. Kind, time zone and
 * fiscal year stay as the network was made. Nodes learn of it with their next
 * heartbeat. E_INVALID with a sentence, E_STATE: it says what is in force. */
int hub_policy_set(struct hub *h, struct policy *p);

/* Listen and take batches (daemon/hub/ingest.c). */
int hub_start(struct hub *h);
void hub_stop(struct hub *h);
/* Count and log an alarm for each region that fell silent since the last watch;
 * to be called every minute or so. */
int hub_watch(struct hub *h);

/* Regions are for ever; who runs one is dated. */
int hub_region_add(struct hub *h, const char *id, const char *title);
/* A join code for @region, single use, @hours long; written to @out. A region
 * that has a node already gets a code whose use replaces that node. */
int hub_invite(struct hub *h, const char *region, int hours,
	       char out[JOIN_CODE_TEXT]);
/* Its node learns a new title when it joins again. */
int hub_region_title(struct hub *h, const char *id, const char *title);

/* A joined region not heard for so long is trouble. */
enum { HUB_SILENT_MS = 5 * 60 * 1000, HUB_AGE_TEXT = 32 };
struct region_row {
	char id[REGION_ID], title[80];
	bool joined;
	uint32_t epoch;
	int64_t joined_utc_ms, heard_utc_ms; /* 0: never */
	int64_t clock_off_ms; /* node's clock minus the hub's, last heard */
	int32_t closed; /* newest closing held, of the slowest table; -1 */
	int64_t releases, events, occurrences; /* current ones; detail views */
	char fingerprint[48];
	int64_t silent_ms; /* joined, and not heard for HUB_SILENT_MS; or 0 */
	char trouble[260]; /* silence, newest refusal or alarm; or "" */
};
/* "12 minutes", "3 hours", "2 days" */
char *hub_age(int64_t ms, char out[HUB_AGE_TEXT]);
int hub_regions(struct hub *h, int (*fn)(void *arg, const struct region_row *r),
		void *arg);
/* For `ledger verify` and the demo: sums over the current releases, by region,
 * table and view. */
struct hub_sum {
	char region[REGION_ID], table[CATALOGUE_ID], view[CATALOGUE_ID];
	int64_t events, occurrences, releases;
};
int hub_sums(struct hub *h, int (*fn)(void *arg, const struct hub_sum *s),
	     void *arg);

#endif
