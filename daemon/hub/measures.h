/* measures: one measure at one cell of the state's picture.
 *
 * A region is in a figure only if it closed every month that the figure is of:
 * what is missing must not look like less.
 * Of a snapshot or year the last picture in a period is shown, with the time
 * that it is of; a period in which none is taken has no row.
 * Regions' ranges are added before anything is divided. */
#ifndef CCFED_MEASURES_H
#define CCFED_MEASURES_H

#include "daemon/hub/measure_row.h"

struct db;
struct hub;
struct measure;

enum { BY_REGION = 1, BY_STRATUM = 2, BY_GROUP = 4 };
/* Rows for @m over each of @p[0..n-1], any run of months each; @by is a bit
 * set. @region: only that one, or NULL. The state's own row comes first, and
 * of each region the row of all strata. A measure in days gives its
 * percentiles, then its bands; a ranking its parts, the largest first. @db: a
 * reader's connection, or the hub's. */
int measures_show(struct hub *h, struct db *db, const struct measure *m,
		  const struct period *p, int n, int by, const char *region,
		  int (*fn)(void *arg, const struct measure_row *r), void *arg);

/* The newest calendar year that more than half of the joined regions closed; if
 * there is none yet, the newest quarter, or month; if there is none either, the
 * same with any region. E_NOTFOUND: nothing is closed. */
int measures_newest(struct hub *h, struct db *db, const struct measure *m,
		    struct period *out);

/* Of BY_STRATUM and BY_GROUP in @by, those by which @m is never published: a
 * part that leaves the regions only for all strata together. */
int measures_never(const struct catalogue *cat, const struct measure *m,
		   int by);

#endif
