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
	int part;				/* RANK, DAYS: which part; -1 */
	char part_id[32], part_title[80];
	struct range numerator, denominator;
	bool has_rate;		    /* denominator.high > 0 */
	double rate_low, rate_high; /* 0..1; DAYS: see days_* */
	int days_low, days_high;    /* of the percentile: inside these days */
	int percentile;		    /* 50, 90; 0: none */
	char view[32],
		step[32]; /* that answered: "detail", "quarter by need" */
	int regions_heard, regions_all; /* heard: closed through the period */
	int32_t through; /* newest month closed in it, by the slowest heard */
};

enum { BY_REGION = 1, BY_STRATUM = 2, BY_GROUP = 4 };
/* Rows for @m over each of @p[0..n-1]; @by is a bit set. @region: only that
 * one, or NULL. The state's own row comes first. */
int measures_show(struct hub *h, struct db *db, const struct measure *m,
		  const struct period *p, int n, int by, const char *region,
		  int (*fn)(void *arg, const struct measure_row *r), void *arg);

#endif
