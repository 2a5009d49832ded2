/* received: what the regions sent: every release that was taken, what was
 * refused, and how each region's node is.
 *
 * Reads only; tables release, receipt, current, trouble, contact. Any thread
 * with its own connection. */
#ifndef CCFED_RECEIVED_H
#define CCFED_RECEIVED_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/codec.h"

struct db;

struct received {
	int64_t id;
	const char *region, *region_title, *table; /* lent for the call */
	int32_t closing;
	int64_t epoch, version;
	int64_t received_utc_ms, receipt_utc_ms; /* 0: no receipt yet */
	int64_t events, occurrences;		 /* of the detail view */
	int64_t bytes;
	char digest[2 * DIGEST + 1]; /* in hexadecimal */
	bool current;		     /* no newer one took its place */
};
/* Which: NULL is any. */
struct received_filter {
	const char *region, *table;
	int64_t from, max; /* rows to skip, and most to give */
};
/* The newest first; *all is how many there are without from and max. */
int received_list(struct db *db, const struct received_filter *f, int64_t *all,
		  int (*fn)(void *arg, const struct received *r), void *arg);

/* A refusal or alarm; the newest first, at most @max. */
struct received_trouble {
	const char *region_title, *what; /* lent for the call */
	bool refusal;			 /* else an alarm */
	int64_t times, first_utc_ms, last_utc_ms;
};
int received_troubles(struct db *db, const char *region, int64_t max,
		      int (*fn)(void *arg, const struct received_trouble *t),
		      void *arg);

/* What a region's node said last of itself. */
struct received_node {
	char version[16]; /* "" if it never said */
	int64_t waiting;  /* releases that it has still to send */
	int64_t compared_utc_ms;
};
/* Zeroes if it was never heard. */
int received_node(struct db *db, const char *region, struct received_node *out);

/* How many came after @utc_ms: for the first time, and again with other
 * numbers. */
int received_since(struct db *db, int64_t utc_ms, int64_t *fresh,
		   int64_t *again);

#endif
