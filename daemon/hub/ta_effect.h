/* ta_effect: a measure in a region before and after assistance began, beside
 * the regions without it.
 *
 * Before: the two whole quarters that end before the quarter in which it
 * began. After: the two that follow that quarter. The others are the regions
 * with no item on this measure, added up; nothing is divided before that. Any
 * thread. */
#ifndef CCFED_TA_EFFECT_H
#define CCFED_TA_EFFECT_H

#include "daemon/hub/measures.h"
#include "daemon/hub/ta.h"

enum { TA_EFFECT_MONTHS = 6 };

struct ta_effect {
	struct period before, after;
	/* .said is SAID_FIGURE and .has_rate where there is a rate */
	struct measure_row region[2], others[2]; /* before, after */
	int n_others;				 /* regions added up */
	bool ready; /* after is closed whole in the region */
	/* Beyond chance, as ta_report_apart: 1 better, -1 worse, 0. */
	int region_moved, others_moved;
};
/* @item has a measure, a proportion, and began_on. */
int ta_effect(struct hub *h, struct db *db, const struct ta_item *item,
	      struct ta_effect *out);

#endif
