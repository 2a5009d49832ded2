/* hub_asked: what was asked of a measure's page or file, and what was found: one
 * reading for all its forms, so that they say the same. Private to
 * hub_measure*.c. Everything lives as long as the page. */
#ifndef CCFED_HUB_ASKED_H
#define CCFED_HUB_ASKED_H

#include "daemon/hub/series.h"
#include "daemon/web/page.h"

struct hub;

struct asked {
	struct page *p;
	struct hub *h;
	const struct measure *m;
	const struct fact_table *t;
	const char *region, *title; /* "": the state */
	int32_t months;		    /* 0: the page chooses */
	struct series_set set;
	const struct series *series; /* of the region, or NULL */
	struct period period;	     /* that is compared; months 0: none */
	struct arena_list regions, strata; /* struct measure_row */
};

/* E_NOTFOUND: no such measure, or region. */
int hub_asked_read(struct page *p, struct asked *q);
/* Fill set, series, period, regions and strata; nothing is closed: they stay
 * empty. */
int hub_asked_find(struct asked *q);

#endif
