#include "regional/case/simulate_rates.h"

#include <assert.h>

#include "daemon/core/rand.h"

const struct simulate_rate simulate_rates[] = {
#define X(id, what, percent, source) {what, percent, source},
	SIMULATE_RATES(X)
#undef X
};
const int simulate_rates_count = sizeof simulate_rates / sizeof *simulate_rates;

int simulate_rates_between(struct rng *rng, int a, int b)
{
	return a + (int)rand_below(rng, (uint32_t)(b - a + 1));
}

bool simulate_rates_happen(struct rng *rng, enum simulate_rate_id rate)
{
	return rand_unit(rng) * 100 < simulate_rates[rate].percent;
}

/* Geometric: like exponential, but in whole numbers only, so that no machine's
 * log() rounds otherwise. */
int simulate_rates_wait(struct rng *rng, uint32_t mean)
{
	int n = 0;

	while (rand_below(rng, mean + 1) != 0)
		n++;
	return n;
}

int simulate_rates_pick(struct rng *rng, enum simulate_rate_id first, int n)
{
	double weight[8];

	assert(n <= 8);
	for (int i = 0; i < n; i++)
		weight[i] = simulate_rates[(int)first + i].percent;
	return rand_pick(rng, weight, n);
}
