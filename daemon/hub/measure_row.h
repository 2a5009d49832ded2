/* measure_row: one row of `measure show`, and the arithmetic that fills it.
 *
 * Divides only here. A rate's range comes from its parts: low = low / (low +
 * high of the rest), and so on. Pure. */
#ifndef CCFED_MEASURE_ROW_H
#define CCFED_MEASURE_ROW_H

#include "daemon/hub/lattice_query.h"

/* Why there is no figure in a row. */
enum said {
	SAID_FIGURE,	     /* there is one */
	SAID_NOT_CLOSED,     /* the period ended before the first closing */
	SAID_NOT_CLOSED_YET, /* nothing of it is closed */
	SAID_NOTHING,	     /* closed, and nothing of it is published */
	SAID_NOT_PUBLISHED   /* not at this place: it may be none, or all */
};
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
	enum said said;
	bool has_rate;		    /* denominator.high > 0 */
	double rate_low, rate_high; /* 0..1; DAYS: see days_* */
	/* Of the percentile: inside these days; both -1: nothing to count. */
	int days_low, days_high;
	int percentile; /* 50, 90; 0: none */
	/* That answered: "detail", "quarter by need". */
	char view[32], step[32];
	/* Heard: each month of the period is closed and held. The state's row
	 * adds up those. If there are none, it is of the months that most
	 * regions closed, and heard are the regions that closed each of them.
	 */
	int regions_heard, regions_all;
	/* First and last month of the period that the figure is of; -1. */
	int32_t from, through;
};
/* Does the row speak of less than its period? */
bool measure_row_partial(const struct measure_row *r);
/* Set numerator, rest, denominator and the rate. */
void measure_row_rate(struct measure_row *row, struct range num,
		      struct range rest, struct range den);
/* Name the view and step that answered: a part of a base outcome is answered
 * by the side view that counts it. */
void measure_row_source(struct measure_row *row, const struct fact_table *t,
			const struct answer *a, uint32_t outcomes);

#endif
