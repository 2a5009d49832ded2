/* series: one measure over time, of the state and of each region: its points,
 * limits and signals, and what they say in words.
 *
 * Months, as long as the state has exact figures of enough of them; else
 * quarters, or else calendar years; of a snapshot quarters, of a year years. A proportion has a p
 * chart, a count an XmR chart; days and rankings have none. A point is judged
 * if the whole of it is in: of the state only where as many regions closed it
 * as any other point, for a count falls because a region is silent.
 *
 * Everything lives as long as the arena. Any thread with its own connection. */
#ifndef CCFED_SERIES_H
#define CCFED_SERIES_H

#include <stdint.h>

#include "daemon/core/arena.h"
#include "daemon/hub/measures.h"
#include "daemon/hub/stat.h"
#include "proto/catalogue.h"

enum { SERIES_MAX = 24 };

struct series_point {
	struct measure_row row;
	struct stat_point stat;
};
enum series_says {
	SERIES_FEW,	/* exact points: nothing can be said */
	SERIES_QUIET,	/* no signal */
	SERIES_BETTER,	/* a signal, and which way is good */
	SERIES_CONCERN, /* or bad */
	SERIES_MOVED,	/* or neither */
};
struct series {
	const struct measure *m;
	char region[REGION_ID], title[80]; /* "": the state */
	int32_t months;			   /* of one point: 1, 3, 12 */
	int n;
	struct series_point point[SERIES_MAX]; /* oldest first */
	struct stat_line line;
	/* By the newest points alone: what is long over is history. */
	enum series_says says;
	const char *words; /* a sentence or two */
};
struct series_set {
	int n;
	struct series *of; /* the state first, then the regions by id */
};

/* @months 0: as above. No point ends after month @through; SERIES_NEWEST: the
 * newest there is. E_NOTFOUND, without a sentence: nothing of the measure is
 * closed. */
enum { SERIES_NEWEST = INT32_MAX };
int series_read(struct arena *a, struct hub *h, struct db *db,
		const struct measure *m, int32_t months, int32_t through,
		struct series_set *out);
/* The one of @region, or NULL. */
const struct series *series_find(const struct series_set *s,
				 const char *region);
/* "▲ above the upper limit; in a row above the mean", "" where there is no
 * signal, "○ 4 of 5 regions" or, of a region, "○ through August" where the point
 * is not judged. */
const char *series_point_words(struct arena *a, const struct series *s, int i);
/* Limits and mean as figures of the measure: "65.9 %", "1222.4". */
const char *series_figure(struct arena *a, const struct series *s, double v);

#endif
