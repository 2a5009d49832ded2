/* publish: the outbox at work: one question to the hub at a time, asked again
 * until there is an answer.
 *
 * Order: hello (pages of the inventory) until the hub knows what this node
 * holds and this node holds what the hub knows; then the ready releases,
 * oldest first, as many in one envelope as fit; then heartbeats. A release that
 * the hub refuses stays, is shown with the hub's sentence, and does not block
 * those of other tables. A hub of wire version 1 gets one release at a time.
 * Called by node.h's node_start, node_tick, node_stop. Loop thread only. */
#ifndef CCFED_PUBLISH_H
#define CCFED_PUBLISH_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/codec.h"

struct node;
struct publish; /* opaque */

int publish_new(struct publish **out, struct node *n);
void publish_free(struct publish *p); /* NULL is fine; hangs up */
void publish_tick(struct publish *p);
bool publish_idle(const struct publish *p);

/* For `ledger verify` beside a running daemon: one look-only inventory over a
 * dialer of its own. Counts what the hub lacks, holds besides, and holds
 * differently. Built by the caller's loop: seal a page, take its answer. */
int publish_inventory(struct node *n, const struct release_key *after,
		      struct inventory *out, bool look_only);
/* The sentence for a node that the hub does not know any more; @out. */
const char *publish_replaced(const struct node *n, char *out, size_t size);

#endif
