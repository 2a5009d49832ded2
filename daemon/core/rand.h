/* rand: random bytes, passed in so that a test or a simulation repeats them. */
#ifndef CCFED_RAND_H
#define CCFED_RAND_H

#include <stddef.h>
#include <stdint.h>

struct rng {
	void (*fill)(struct rng *r, void *buf, size_t len);
};

/* The operating system's randomness, by libsodium; static, never freed. */
struct rng *rand_system(void);

/* The same bytes for the same seed, on every machine (ChaCha20 keystream). */
struct rng_seeded {
	struct rng base; /* pass &x.base */
	unsigned char key[32];
	uint64_t block;
	unsigned char buf[512];
	size_t used;
};
void rand_seed(struct rng_seeded *r, uint64_t seed);

void rand_bytes(struct rng *r, void *buf, size_t len);
uint64_t rand_u64(struct rng *r);
/* Uniform in [0, n), without bias; n > 0. */
uint32_t rand_below(struct rng *r, uint32_t n);
/* Uniform in [0, 1), 53 bits. */
double rand_unit(struct rng *r);
/* Index drawn in proportion to weight[0..n-1]; their sum is positive. */
int rand_pick(struct rng *r, const double *weight, int n);

#endif
