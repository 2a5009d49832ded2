/* ta_report: what the numbers say of one region and quarter: every rate beside
 * the other regions and its own year before, the chief concern with its trend,
 * barriers, what was agreed. Words, charts and JSON are made from this alone,
 * so that they can't differ.
 *
 * "Better" and "worse" are said only beyond chance: three standard errors of
 * the difference of two proportions (pooled), of the ends of the ranges that
 * lie nearest to each other. The trend is a series (series.h).
 *
 * Everything lives as long as the arena. Any thread. */
#ifndef CCFED_TA_REPORT_H
#define CCFED_TA_REPORT_H

#include "daemon/core/arena.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/series.h"
#include "daemon/hub/ta.h"

struct hub;

enum {
	REPORT_LINES = 48,
	REPORT_STRENGTHS = 2,
	REPORT_BARRIERS = 10,
};

struct report_line {
	const struct measure *m;
	struct period period; /* the newest one closed by the quarter's end */
	struct measure_row mine, rest, before; /* rest: the other regions */
	int n_rest;			       /* regions in it */
	int vs_rest, vs_before; /* 1 better, -1 worse, 0: within chance */
	double lead; /* how far better than the rest, in points; to sort */
};
struct report {
	char region[REGION_ID], region_title[80];
	struct period quarter;
	int32_t today;
	int n;
	struct report_line line[REPORT_LINES];
	/* Of these nothing is published, or nothing is closed. */
	int n_silent;
	const struct measure *silent[REPORT_LINES];
	int n_strengths, strength[REPORT_STRENGTHS]; /* places in line */
	int concern;				     /* its place, or -1 */
	/* Of the concern, or of the first line; NULL: nothing of it is closed.
	 * The same as on the measure's page, but through the quarter. */
	const struct series *trend;
	int n_barriers;
	struct measure_row barrier[REPORT_BARRIERS];
	const char *notes, *comment; /* as they were written; "" */
};

/* E_NOTFOUND with a sentence: no such region, or nothing closed. */
int ta_report_gather(struct hub *h, struct db *db, struct arena *a,
		     const char *region, struct period quarter, int32_t today,
		     struct report **out);

/* Whether @a is beyond chance from @b: 1 better, -1 worse, 0. */
int ta_report_apart(const struct measure *m, const struct measure_row *a,
		    const struct measure_row *b);

/* --- in words --- */
/* "37.1 % (96 of 259)" */
const char *ta_report_figure(struct arena *a, const struct measure_row *r);
/* One sentence on a line, with what it is compared with. */
const char *ta_report_said(struct arena *a, const struct report *r,
			   const struct report_line *l);
/* The summary at the top. */
const char *ta_report_lede(struct arena *a, const struct report *r);

#endif
