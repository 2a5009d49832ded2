/* node: one region's data directory and its daemon.
 *
 * DIR/ccfed.conf (options), DIR/node.key (its identity, mode 0600),
 * DIR/record.key (what documents are sealed with, made when it is first opened,
 * mode 0600), DIR/node.db (cases and releases). What kind of network it is, real or synthetic, is fixed when the
 * directory is made.
 *
 * The daemon is a state machine over the seams: it is told that time passed
 * (node_tick) and gets answers from the bus; it asks one question at a time:
 * hello until the hub knows what it holds, then releases, then heartbeats. */
#ifndef CCFED_NODE_H
#define CCFED_NODE_H

#include <stdbool.h>
#include <stdint.h>

#include "daemon/core/metrics.h"
#include "daemon/web/pages.h"
#include "proto/codec.h"
#include "proto/envelope.h"
#include "regional/case/records.h"

struct bus;
struct catalogue;
struct clock;
struct db;
struct disk;
struct rng;

/* What is passed in. All borrowed. */
struct seams {
	struct clock *clock;
	struct rng *rng;
	struct disk *disk;
	struct bus *bus; /* NULL for commands that do not talk */
};

struct node_conf {
	int floor;	 /* 0: the policy's; else at least the policy's */
	bool review;	 /* hold releases for a supervisor, whatever policy */
	int heartbeat_s; /* 20 */
	int deadline_s;	 /* 8: then redial */
	char agreement[120]; /* data use agreement confirmed here, or "" */
	char log_level[8];
	struct pages_conf web; /* .http "" for none */
};

/* An open node directory. Members are for regional/ and cli to read. */
struct node {
	struct seams s;
	char dir[512];
	struct node_conf conf;
	struct db *db;		     /* writing connection */
	const struct catalogue *cat; /* borrowed */
	struct records rec;	     /* who = "node" until the caller sets it */
	enum network_kind kind;
	int32_t first_month; /* that closes (month number); -1: none yet */
	bool history_in;
	bool joined;
	char region[REGION_ID], region_title[80];
	unsigned char network[NETWORK_ID];
	unsigned char hub_sign_pk[32], hub_box_pk[32];
	char hub_addr[80];
	struct keys keys;
	uint32_t epoch;
	uint32_t hello_epoch; /* in which the hub said what it holds, or 0 */
	struct policy policy; /* defaults until joined */
	int64_t hub_off_ms;   /* own clock minus the hub's, when last heard */
	int64_t heard_utc_ms; /* 0: never; to a heartbeat */
	bool silent;	      /* the hub has not answered since */
	char trouble[256];    /* why the hub talks to it no more, or "" */
	struct metrics metrics;
	struct publish *publish; /* the daemon's state, or NULL */
};

struct node_new {
	enum network_kind kind;
	int32_t first_period; /* month number; -1: no history is brought */
	const char
		*http; /* where the pages are, "127.0.0.1:8420"; NULL: none */
};
/* Make a node directory; E_EXISTS if there is one. */
int node_init(const struct seams *s, const struct catalogue *cat,
	      const char *dir, const struct node_new *how);
/* Open one; on 0 the caller owns *out. Sentences say what to do. */
int node_open(struct node **out, const struct seams *s,
	      const struct catalogue *cat, const char *dir);
void node_close(struct node *n); /* NULL is fine */

/* Read again what the command line may have changed beside the daemon. */
int node_reload(struct node *n);
/* The hub was heard just now, and its clock; or only the hub. Written down at
 * most once a heartbeat, unless that changes something. */
int node_heard(struct node *n, int64_t hub_utc_ms);
int node_answered(struct node *n);
/* It did not answer in time, or that was long ago and counts no more. */
int node_silent(struct node *n, bool silent);
/* Verify policy bytes and pin them if they are newer. E_AUTH: not the hub's;
 * E_STATE: an older number, or of another kind of network. In the caller's
 * transaction, if there is one. */
int node_pin_policy(struct node *n, const unsigned char *bytes, size_t len,
		    const unsigned char sig[64]);
/* A reading connection of its own for the caller, who db_close()s it. */
int node_reader(const struct node *n, struct db **out);
/* A writing one, for work in another thread. What is long is done in batches:
 * whoever writes meanwhile waits for the end of one. */
int node_writer(const struct node *n, struct db **out);

/* Floor in force: the strictest of policy and conf, and 11 as long as nobody
 * here has confirmed the agreement under which a real network's policy goes
 * below. */
uint32_t node_floor(const struct node *n);
bool node_review(const struct node *n);
/* Say that the history is in: from now on months may close. */
int node_history_in(struct node *n);
/* While it is awaited and nothing has closed, an earlier month may be the
 * first that closes. E_STATE with a sentence. */
int node_first_period(struct node *n, int32_t month);

/* --- joining (regional/node_join.c) --- */
/* Build the sealed join request, and take the answer. A second joining
 * replaces the first only with a code of the same network and region. */
int node_join_request(struct node *n, const struct join_code *code,
		      unsigned char out[ENVELOPE_SIZE]);
int node_join_answer(struct node *n, const struct join_code *code,
		     const void *data, size_t len);

/* --- the daemon (regional/release/publish.c) --- */
int node_start(struct node *n); /* dials; hello comes first */
/* Call at least every second; closes some of what is due, asks, notices
 * deadlines. */
void node_tick(struct node *n);
/* More is to be done at once: tick again soon. */
bool node_busy(const struct node *n);
/* True when the hub knows all that this node holds and nothing is due. */
bool node_idle(const struct node *n);
void node_stop(struct node *n);

#endif
