/* percentile: where a percentile lies when bands are known as ranges. Pure. */
#ifndef CCFED_PERCENTILE_H
#define CCFED_PERCENTILE_H

#include "daemon/hub/lattice_query.h"

/* The first and the last of @n bands in which the @percent percentile may lie,
 * by nearest rank: ceil(percent / 100 * n). Both -1: there is nothing. */
void percentile_bands(const struct range *band, int n, int percent, int *first,
		      int *last);

#endif
