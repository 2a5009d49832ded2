#include "daemon/hub/percentile.h"

#include "proto/catalogue.h"

/* The first band at which enough are reached by nearest rank, ceil(p * n),
 * when the bands through it count as in @early and the others as in @late. */
static int band_at(const int64_t *early, const int64_t *late, int n,
		   int percent)
{
	for (int j = 0; j < n; j++) {
		int64_t reached = 0, all = 0;

		for (int i = 0; i < n; i++) {
			all += i <= j ? early[i] : late[i];
			reached += i <= j ? early[i] : 0;
		}
		if (all > 0 && reached >= (all * percent + 99) / 100)
			return j;
	}
	return -1;
}

/* As early as the ranges allow, and as late. */
void percentile_bands(const struct range *band, int n, int percent, int *first,
		      int *last)
{
	int64_t low[SPLIT_MAX], high[SPLIT_MAX];

	for (int i = 0; i < n; i++) {
		low[i] = band[i].low;
		high[i] = band[i].high;
	}
	*first = band_at(high, low, n, percent);
	*last = band_at(low, high, n, percent);
	/* Perhaps there are none; if there are, they may be late. */
	for (int i = n - 1; *first >= 0 && *last < 0; i--)
		if (high[i] > 0)
			*last = i;
}
