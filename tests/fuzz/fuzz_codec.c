/* Every decoder: the first byte chooses it, the rest is the message. What is
 * accepted must encode to the very bytes that came in.
 *
 * Run with --seeds DIR it writes its seed corpus and ends. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/mem.h"
#include "proto/codec.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void same(int r, unsigned char *again, size_t n, const uint8_t *data,
		 size_t size)
{
	if (r < 0 || n != size || (n > 0 && memcmp(again, data, n) != 0))
		abort();
	mem_free(again);
}

#define FLAT(name, type)                                                   \
	static void try_##name(const uint8_t *data, size_t size)           \
	{                                                                  \
		struct type m;                                             \
		unsigned char *again = NULL;                               \
		size_t n = 0;                                              \
                                                                           \
		if (codec_##name##_parse(data, size, &m) == 0)             \
			same(codec_##name(&m, &again, &n), again, n, data, \
			     size);                                        \
	}

#define OWNING(name, type, fini)                                           \
	static void try_##name(const uint8_t *data, size_t size)           \
	{                                                                  \
		struct type m;                                             \
		unsigned char *again = NULL;                               \
		size_t n = 0;                                              \
                                                                           \
		if (codec_##name##_parse(data, size, &m) == 0) {           \
			same(codec_##name(&m, &again, &n), again, n, data, \
			     size);                                        \
			fini(&m);                                          \
		}                                                          \
	}

OWNING(release, release, release_fini)
OWNING(inventory, inventory, inventory_fini)
OWNING(welcome, welcome, welcome_fini)
OWNING(delivery, delivery, delivery_fini)
OWNING(answers, answers, answers_fini)
FLAT(join, join)
FLAT(joined, joined)
FLAT(receipt, receipt)
FLAT(key, release_key)
FLAT(heartbeat, heartbeat)
FLAT(alive, alive)
FLAT(refusal, refusal)
FLAT(policy, policy)

static void (*const decoder[])(const uint8_t *data, size_t size) = {
	try_release, try_inventory, try_welcome, try_delivery,	try_join,
	try_joined,  try_receipt,   try_key,	 try_heartbeat, try_alive,
	try_refusal, try_policy,    try_answers,
};
enum { DECODERS = sizeof decoder / sizeof decoder[0] };

static void seed(const char *dir, int which, int r, unsigned char *bytes,
		 size_t len)
{
	char path[4096];
	FILE *f;

	if (r < 0)
		abort();
	snprintf(path, sizeof path, "%s/%02d", dir, which);
	f = fopen(path, "wb");
	if (!f || fputc(which, f) == EOF || fwrite(bytes, 1, len, f) != len ||
	    fclose(f) != 0)
		abort();
	mem_free(bytes);
}

static const struct release_key some_key = {"referrals_90d", 24320, 1, 1};

static void seed_release(const char *dir)
{
	struct group g = {.period = {24318, 3},
			  .stratum = {LEVEL_ANY, 0},
			  .cells = {{7, 0}},
			  .n = 2,
			  .count = {20, 11}};
	struct release r = {.key = some_key,
			    .region = "eastern",
			    .floor = 11,
			    .n_groups = 1,
			    .group = &g,
			    .n_bounds = 1,
			    .bound = {{{24318, 1}, 1, 11}}};
	struct parcel p = {.ledger_seq = 1}, two[2];
	struct delivery d = {2, two};
	unsigned char *bytes = NULL, *again = NULL;
	size_t len = 0, n = 0;

	seed(dir, 0, codec_release(&r, &bytes, &len), bytes, len);
	if (codec_release(&r, &p.release, &p.len) < 0)
		abort();
	two[0] = two[1] = p;
	seed(dir, 3, codec_delivery(&d, &again, &n), again, n);
	mem_free(p.release);
}

static void seed_lists(const char *dir)
{
	struct inventory_entry e = {.key = some_key};
	struct release_key k = some_key;
	struct inventory i = {.n = 1, .entry = &e};
	struct welcome w = {.n_lacks = 1,
			    .lacks = &k,
			    .n_forgotten = 1,
			    .forgotten = &e,
			    .n_differs = 1,
			    .differs = &k};
	unsigned char *bytes = NULL;
	size_t len = 0;
	int r;

	r = codec_inventory(&i, &bytes, &len);
	seed(dir, 1, r, bytes, len);
	r = codec_welcome(&w, &bytes, &len);
	seed(dir, 2, r, bytes, len);
}

static void seed_flat(const char *dir)
{
	struct join join = {.region = "eastern", .network_kind = 2};
	static struct joined joined = {.epoch = 1, .policy_len = 1};
	struct receipt receipt = {.region = "eastern", .key = some_key};
	struct heartbeat heartbeat = {.version = "0.1.0"};
	struct alive alive = {.hub_utc_ms = 1};
	struct refusal refusal = {.code = 7, .why = "too few"};
	struct delivered answer[2] = {{.taken = 1, .receipt = receipt},
				      {.refusal = refusal}};
	struct answers answers = {1, 2, answer};
	struct policy policy;
	unsigned char *b = NULL;
	size_t n = 0;
	int r;

	policy_defaults(&policy, NETWORK_SYNTHETIC, "Test");
	r = codec_join(&join, &b, &n);
	seed(dir, 4, r, b, n);
	r = codec_joined(&joined, &b, &n);
	seed(dir, 5, r, b, n);
	r = codec_receipt(&receipt, &b, &n);
	seed(dir, 6, r, b, n);
	r = codec_key(&some_key, &b, &n);
	seed(dir, 7, r, b, n);
	r = codec_heartbeat(&heartbeat, &b, &n);
	seed(dir, 8, r, b, n);
	r = codec_alive(&alive, &b, &n);
	seed(dir, 9, r, b, n);
	r = codec_refusal(&refusal, &b, &n);
	seed(dir, 10, r, b, n);
	r = codec_policy(&policy, &b, &n);
	seed(dir, 11, r, b, n);
	r = codec_answers(&answers, &b, &n);
	seed(dir, 12, r, b, n);
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	if (*argc != 3 || strcmp((*argv)[1], "--seeds") != 0)
		return 0;
	seed_release((*argv)[2]);
	seed_lists((*argv)[2]);
	seed_flat((*argv)[2]);
	exit(0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > 0)
		decoder[data[0] % DECODERS](data + 1, size - 1);
	return 0;
}
