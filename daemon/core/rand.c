#include "daemon/core/rand.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static void system_fill(struct rng *r, void *buf, size_t len)
{
	/* Cheap after the first time, and safe from any thread. */
	if (sodium_init() < 0)
		abort();
	randombytes_buf(buf, len);
}

struct rng *rand_system(void)
{
	static struct rng system = {.fill = system_fill};

	return &system;
}

/* The 64-byte block number goes on where the last buffer ended. */
static void seeded_refill(struct rng_seeded *r)
{
	static const unsigned char nonce[crypto_stream_chacha20_NONCEBYTES];

	memset(r->buf, 0, sizeof r->buf);
	crypto_stream_chacha20_xor_ic(r->buf, r->buf, sizeof r->buf, nonce,
				      r->block, r->key);
	r->block += sizeof r->buf / 64;
	r->used = 0;
}

static void seeded_fill(struct rng *base, void *buf, size_t len)
{
	struct rng_seeded *r = (struct rng_seeded *)base;
	unsigned char *p = buf;

	while (len > 0) {
		size_t n = sizeof r->buf - r->used;

		if (n == 0) {
			seeded_refill(r);
			continue;
		}
		if (n > len)
			n = len;
		memcpy(p, r->buf + r->used, n);
		r->used += n;
		p += n;
		len -= n;
	}
}

/* The seed is the whole key: repeatable, and not meant to be secret. */
void rand_seed(struct rng_seeded *r, uint64_t seed)
{
	memset(r, 0, sizeof *r);
	r->base.fill = seeded_fill;
	for (int i = 0; i < 8; i++)
		r->key[i] = (unsigned char)(seed >> (8 * i));
	r->used = sizeof r->buf;
}

void rand_bytes(struct rng *r, void *buf, size_t len)
{
	r->fill(r, buf, len);
}

uint64_t rand_u64(struct rng *r)
{
	unsigned char b[8];
	uint64_t v = 0;

	/* Put together by hand: the same on machines of either byte order. */
	r->fill(r, b, sizeof b);
	for (int i = 0; i < 8; i++)
		v |= (uint64_t)b[i] << (8 * i);
	return v;
}

uint32_t rand_below(struct rng *r, uint32_t n)
{
	uint64_t limit, v;

	assert(n > 0);
	/* Draws beyond the last whole multiple of n would favor small ones. */
	limit = UINT64_MAX - UINT64_MAX % n;
	do {
		v = rand_u64(r);
	} while (v >= limit);
	return (uint32_t)(v % n);
}

double rand_unit(struct rng *r)
{
	/* 53 bits are what a double holds: every result is exact and below 1. */
	return (double)(rand_u64(r) >> 11) * 0x1p-53;
}

int rand_pick(struct rng *r, const double *weight, int n)
{
	double sum = 0, at;
	int last = -1;

	for (int i = 0; i < n; i++)
		sum += weight[i];
	assert(sum > 0);
	at = rand_unit(r) * sum;
	for (int i = 0; i < n; i++) {
		if (weight[i] <= 0)
			continue;
		last = i;
		if (at < weight[i])
			return i;
		at -= weight[i];
	}
	/* Rounding may carry past the end; a weight of 0 never wins. */
	return last;
}
