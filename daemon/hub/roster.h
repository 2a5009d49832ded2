/* roster: who belongs to the network: regions, the nodes that run them, when
 * each was heard last, and what went wrong.
 *
 * Owns tables region, node, contact, hello, trouble. Inside the caller's
 * transaction. Loop thread, or a reader with its own connection. */
#ifndef CCFED_ROSTER_H
#define CCFED_ROSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/envelope.h"

struct catalogue;
struct db;
struct region_row; /* daemon/hub/hub.h */

/* A node that was joined once, and its region now. */
struct member {
	unsigned char sign_pk[32], box_pk[32];
	char region[REGION_ID], region_title[80];
	uint32_t epoch; /* the region's */
	bool active;	/* not replaced by another node */
	int64_t invite;
};
/* By its signing key; E_NOTFOUND without a sentence. */
int roster_member(struct db *db, const unsigned char sign_pk[32],
		  struct member *out);
/* From now on @m runs its region, in a new epoch, which is set in *m. The node
 * that ran it before is replaced. */
int roster_admit(struct db *db, struct member *m, int64_t now_utc_ms);
/* A new epoch for @m's region, above the one that the node thinks it has. */
int roster_grant(struct db *db, struct member *m, uint32_t node_epoch);

/* True in *again if @request was noted of @region before; notes it. */
int roster_hello(struct db *db, const char *region,
		 const unsigned char request[REQUEST_ID], bool *again);

/* What a node says of itself; absent values stay as they were. */
struct contact {
	int64_t heard_utc_ms;
	int64_t node_utc_ms;
	bool has_state; /* waiting and version are given */
	uint32_t waiting;
	char version[16];
	bool compared; /* its whole inventory, now */
};
int roster_contact(struct db *db, const char *region, const struct contact *c);
int roster_compared(struct db *db, const char *region, int64_t *utc_ms);

/* The id of the region that @word names: its id in any case, or its title.
 * E_NOTFOUND with a sentence. */
int roster_find(struct db *db, const char *word, char id[REGION_ID]);

enum trouble { TROUBLE_REFUSAL, TROUBLE_ALARM };
/* Somebody should know @what about @region, if there is such a region. */
int roster_trouble(struct db *db, const char *region, enum trouble kind,
		   const char *what, int64_t now_utc_ms);

/* Every region by its id. Of trouble the newest of seven days, with its date:
 * an alarm, or a refusal after which no release was taken. */
int roster_regions(struct db *db, const struct catalogue *cat,
		   int64_t now_utc_ms,
		   int (*fn)(void *arg, const struct region_row *r), void *arg);

#endif
