/* serve: the hub as a daemon: one loop with the bus, the page and signals. */
#ifndef CCFED_SERVE_H
#define CCFED_SERVE_H

#include <stdbool.h>

struct hub;

/* Until SIGINT or SIGTERM. @h has no bus; it gets one for the time. E_STATE if
 * a hub runs in its directory already; E_DENIED if other machines could see
 * the page and @remote is false. Says on stdout where it listens. */
int serve_run(struct hub *h, bool remote);

#endif
