/* measures: one measure at one cell of the state's picture.
 *
 * Divides only here; regions' ranges are added before. A rate's range comes
 * from its parts: low = low / (low + high of the rest), and so on. */
#ifndef CCFED_MEASURES_H
#define CCFED_MEASURES_H

#include "daemon/hub/lattice_query.h"

struct hub;
struct measure;

/* One row of `measure show`. */
struct measure_row {
	char region[REGION_ID]; /* "" for the state */
	char region_title[80];
	struct period period;
	struct stratum stratum;
	char stratum_id[32], stratum_title[80]; /* "" for any */
	int part; /* RANK, DAYS: which part, from 0; -1: none */
	char part_id[32], part_title[80];
	struct range numerator, denominator;
	struct range rest; /* of the denominator, without the numerator */
	bool has_rate;	   /* denominator.high > 0 */
	double rate_low, rate_high; /* 0..1; DAYS: see days_* */
	/* Of the percentile: inside these days; both -1: nothing to count. */
	int days_low, days_high;
	int percentile; /* 50, 90; 0: none */
	/* That answered: "detail", "quarter by need". */
	char view[32], step[32];
	/* Heard: closed through the period. The state's row adds up those; if
	 * there are none, whatever is closed of the period in any. */
	int regions_heard, regions_all;
	/* Newest month closed in it, by the slowest region in the row; -1. */
	int32_t through;
};

enum { BY_REGION = 1, BY_STRATUM = 2, BY_GROUP = 4 };
/* Rows for @m over each of @p[0..n-1], any run of months each; @by is a bit
 * set. @region: only that one, or NULL. The state's own row comes first, and
 * of each region the row of all strata. A measure in days gives its
 * percentiles, then its bands; a ranking its parts, the largest first. @db: a
 * reader's connection, or the hub's. */
int measures_show(struct hub *h, struct db *db, const struct measure *m,
		  const struct period *p, int n, int by, const char *region,
		  int (*fn)(void *arg, const struct measure_row *r), void *arg);

/* The newest calendar year that every region which reports has closed; if
 * there is none yet, the newest quarter, or month. E_NOTFOUND: nothing is
 * closed. */
int measures_newest(struct hub *h, struct db *db, const struct measure *m,
		    struct period *out);

/* The first and the last band in which the @percent percentile may lie, by
 * nearest rank: ceil(percent / 100 * n). Both -1: there is nothing. Pure. */
void measures_percentile(const struct range *band, int n, int percent,
			 int *first, int *last);

#endif
