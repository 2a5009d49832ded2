/* wire: bytes of hostile origin into protobuf-c messages, and back.
 *
 * Only codec's files use it. What an attacker can make it allocate is bounded
 * twice: fields are counted before anything is unpacked, and the arena that a
 * message is unpacked into has a limit. Any thread. */
#ifndef CCFED_WIRE_H
#define CCFED_WIRE_H

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

enum {
	WIRE_FIELDS_MAX = 2200, /* top-level fields of any message */
	WIRE_ARENA_MAX = 1024 * 1024,
};

/* Memory of one unpacked message; zeroed is empty. */
struct wire_arena {
	struct wire_chunk *chunk;
	size_t used; /* of all chunks */
	int r;	     /* why the last allocation failed */
};
void wire_arena_fini(struct wire_arena *a);

/* Unpack @in as @type. On 0 *out lives as long as @a, which must be empty
 * before and is the caller's to fini after, whatever this returned. E_FORMAT:
 * malformed, over @fields_max top-level fields, unknown fields, or another
 * encoding than the canonical one. */
int wire_unpack(struct wire_arena *a, const ProtobufCMessageDescriptor *type,
		int fields_max, const unsigned char *in, size_t len,
		const ProtobufCMessage **out);

/* The bytes of @m, for mem_free. */
int wire_pack(const ProtobufCMessage *m, unsigned char **out, size_t *len);

#endif
