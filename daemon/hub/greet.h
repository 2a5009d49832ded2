/* greet: answers hellos, which carry what a node holds, and heartbeats.
 *
 * The hub says what it lacks, what the node has forgotten and what differs,
 * for the page that was asked about; it remembers nothing from page to page.
 * When more is forgotten than fits, the first of it in order is told: the node
 * recalls that, and says hello again until nothing is forgotten. A node that
 * forgot, or has not the region's epoch, gets a new epoch. Loop thread only. */
#ifndef CCFED_GREET_H
#define CCFED_GREET_H

#include "daemon/hub/ingest.h"

enum { GREET_FORGOTTEN_MAX = 250 };

ingest_fn greet_hello;
ingest_fn greet_heartbeat;

#endif
