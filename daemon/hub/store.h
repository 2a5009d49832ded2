/* store: the hub's database behind one narrow door, so that another engine can
 * stand there one day. Nothing else in daemon/hub writes SQL on releases.
 *
 * Keeps every release that was taken, for ever, with its receipt; the newest
 * by (epoch, version) of each (region, table, closing) is the current one.
 * Loop thread, or a reader with its own connection. */
#ifndef CCFED_STORE_H
#define CCFED_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "proto/codec.h"

struct db;

/* What becomes of a release offered. */
enum { STORE_NEW = 0, STORE_KNOWN = 1, STORE_CONFLICT = 2 };
/* @bytes are canonical, @r is their meaning. STORE_KNOWN: the same bytes are
 * there. Inside the caller's transaction. */
int store_put(struct db *db, const struct release *r,
	      const unsigned char *bytes, size_t len,
	      const unsigned char digest[DIGEST], int64_t now_utc_ms);
/* The bytes of one release, for mem_free; E_NOTFOUND. */
int store_get(struct db *db, const char *region, const struct release_key *key,
	      unsigned char **bytes, size_t *len);
/* Note the place in the ledger that @rc receipts, of a release that is here;
 * @rc->hub_utc_ms becomes the time when that was first done, so that a receipt
 * given again is the same one. STORE_CONFLICT: it was receipted for another
 * place before. */
int store_receipt(struct db *db, struct receipt *rc, int64_t now_utc_ms);
/* Keys and digests held of @region in the range of @page (from, to), in order;
 * at most @max; *more if there are others before `to`. */
int store_inventory(struct db *db, const char *region,
		    const struct inventory *page, int max,
		    struct inventory_entry *out, int *n, bool *more);

/* The current releases of one region and table whose closing lies in half-year
 * @half, oldest first: @fn gets each parsed. */
int store_half(struct db *db, const char *region, const char *table,
	       int32_t half, int (*fn)(void *arg, const struct release *r),
	       void *arg);
/* The newest closing held, or -1. */
int store_closed(struct db *db, const char *region, const char *table,
		 int32_t *closing);
/* The oldest closing held, or -1: the region counts since then. */
int store_first(struct db *db, const char *region, const char *table,
		int32_t *closing);

/* The number of the newest release of all; 0. */
int store_newest(struct db *db, int64_t *number);

/* How many months of @p have a closing that is held. */
int store_held(struct db *db, const char *region, const char *table,
	       struct period p, int64_t *n);

/* All of one region's current releases: how many, and what they hold in view
 * @view. */
struct store_total {
	int64_t releases, events, occurrences;
};
int store_total(struct db *db, const char *region, int view,
		struct store_total *out);

/* What one region's current releases of one table hold, by view number. */
struct store_sum {
	const char *region, *table; /* lent for the call */
	int view;
	int64_t events, occurrences, releases;
};
int store_sums(struct db *db, int (*fn)(void *arg, const struct store_sum *s),
	       void *arg);

/* From now on @db answers as the hub knew it at the end of @day: of each
 * closing the newest release that had come by then. Of this connection alone,
 * which may be a reader's; until store_as_now. If that fails, the connection
 * is of no more use. */
int store_as_of(struct db *db, int32_t day);
int store_as_now(struct db *db);
/* Releases of @table that came after @day, and of them those of months in @p:
 * what restated a figure, or first gave it. */
struct store_change {
	const char *region, *region_title; /* lent for the call */
	int32_t closing;
	int64_t number, version, received_utc_ms;
	bool first; /* the month was not there before */
};
int store_changes(struct db *db, const char *region, const char *table,
		  struct period p, int32_t day,
		  int (*fn)(void *arg, const struct store_change *c),
		  void *arg);

#endif
