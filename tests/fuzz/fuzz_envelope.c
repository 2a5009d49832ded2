/* Bytes off the bus, as a hub meets them: first as they are; then, since
 * chance never makes a signature, as the payload of an envelope that a node
 * has sealed; and as a join code that somebody typed. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/mem.h"
#include "daemon/core/rand.h"
#include "proto/envelope.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct keys node, hub;
static struct rng_seeded rng;

static void as_envelope(const uint8_t *data, size_t size)
{
	static unsigned char env[ENVELOPE_SIZE], buf[ENVELOPE_SIZE];
	struct envelope_header h;
	const unsigned char *p;
	size_t n;

	/* Short inputs lie over a sealed one, so that few bytes go far. */
	memset(&h, 0, sizeof h);
	h.version = WIRE_VERSION;
	h.kind = KIND_RELEASE;
	if (envelope_seal(env, &h, "x", 1, &node, hub.box_pk, &rng.base) < 0)
		abort();
	if (size > sizeof env)
		size = sizeof env;
	memcpy(env, data, size);
	if (envelope_peek(env, sizeof env, &h) < 0)
		return;
	if (envelope_verify(env, sizeof env) == 0 &&
	    envelope_open(env, sizeof env, &hub, buf, &p, &n) == 0 &&
	    (n != 1 || *p != 'x'))
		abort();
}

static void as_payload(const uint8_t *data, size_t size)
{
	static unsigned char env[ENVELOPE_SIZE], buf[ENVELOPE_SIZE];
	struct envelope_header h = {.version = WIRE_VERSION,
				    .kind = KIND_HELLO};
	const unsigned char *p;
	size_t n;

	if (size > ENVELOPE_PAYLOAD_MAX)
		return;
	if (envelope_seal(env, &h, data, size, &node, hub.box_pk, &rng.base) <
		    0 ||
	    envelope_peek(env, sizeof env, &h) < 0 ||
	    envelope_verify(env, sizeof env) < 0 ||
	    envelope_open(env, sizeof env, &hub, buf, &p, &n) < 0 ||
	    n != size || (size > 0 && memcmp(p, data, size) != 0))
		abort();
}

static void as_join_code(const uint8_t *data, size_t size)
{
	char *text = mem_alloc(size + 1), again[JOIN_CODE_TEXT];
	struct join_code c, d;

	if (!text)
		return;
	if (size > 0)
		memcpy(text, data, size);
	text[size] = '\0';
	if (join_code_parse(text, &c) == 0 &&
	    (join_code_parse(join_code_format(&c, again), &d) < 0 ||
	     memcmp(&c, &d, sizeof c) != 0))
		abort();
	mem_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool made;

	rand_seed(&rng, 1);
	if (!made) {
		keys_make(&node, &rng.base);
		keys_make(&hub, &rng.base);
		made = true;
	}
	as_envelope(data, size);
	as_payload(data, size);
	as_join_code(data, size);
	return 0;
}
