/* metrics: counters of one hub or one node, shown by `status`, at /metrics and
 * in the log at shutdown. Loop thread only. */
#ifndef CCFED_METRICS_H
#define CCFED_METRICS_H

#include <stdint.h>

#define METRICS_MAP(X)                                        \
	X(envelopes_in, "envelopes that arrived")             \
	X(envelopes_refused, "envelopes refused")             \
	X(releases_new, "releases taken for the first time")  \
	X(releases_known, "releases that were known already") \
	X(releases_refused, "releases refused")               \
	X(releases_sent, "releases sent")                     \
	X(receipts, "receipts kept")                          \
	X(hellos, "inventories compared")                     \
	X(heartbeats, "heartbeats")                           \
	X(joins, "joinings")                                  \
	X(deadlines, "answers that did not come in time")     \
	X(commits, "transactions committed by the daemon")    \
	X(alarms, "events that somebody should look at")

struct metrics {
#define X(name, help) int64_t name;
	METRICS_MAP(X)
#undef X
};

/* Call @fn for every counter. */
void metrics_each(const struct metrics *m,
		  void (*fn)(void *arg, const char *name, const char *help,
			     int64_t value),
		  void *arg);

#endif
