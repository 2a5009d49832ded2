#include "proto/wire.h"

#include <sodium.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { CHUNK = 16 * 1024 };

struct wire_chunk {
	struct wire_chunk *next;
	size_t size, used;
	alignas(max_align_t) unsigned char data[];
};

static struct wire_chunk *chunk_new(struct wire_arena *a, size_t size)
{
	struct wire_chunk *c;

	if (size > WIRE_ARENA_MAX - a->used) {
		a->r = err_set(E_FORMAT, "the message unpacks to over %d bytes",
			       WIRE_ARENA_MAX);
		return NULL;
	}
	c = mem_alloc(sizeof *c + size);
	if (!c) {
		a->r = err_set(E_NOMEM, "out of memory for a message");
		return NULL;
	}
	c->next = a->chunk;
	c->size = size;
	c->used = 0;
	a->chunk = c;
	a->used += size;
	return c;
}

static void *arena_alloc(void *arg, size_t size)
{
	struct wire_arena *a = arg;
	struct wire_chunk *c = a->chunk;
	size_t align = alignof(max_align_t);

	if (size > WIRE_ARENA_MAX) {
		a->r = err_set(E_FORMAT, "the message is too large");
		return NULL;
	}
	size = (size + align - 1) / align * align;
	if (!c || size > c->size - c->used)
		c = chunk_new(a, size > CHUNK ? size : CHUNK);
	if (!c)
		return NULL;
	c->used += size;
	return c->data + c->used - size;
}

static void arena_free(void *arg, void *p)
{
}

void wire_arena_fini(struct wire_arena *a)
{
	while (a->chunk) {
		struct wire_chunk *c = a->chunk;

		a->chunk = c->next;
		/* A join code's secret may have been in it. */
		sodium_memzero(c->data, c->used);
		mem_free(c);
	}
	a->used = 0;
}

static bool varint(const unsigned char **p, const unsigned char *end,
		   uint64_t *out)
{
	*out = 0;
	for (int shift = 0; shift < 64 && *p < end; shift += 7) {
		unsigned char c = *(*p)++;

		*out |= (uint64_t)(c & 0x7f) << shift;
		if (!(c & 0x80))
			return true;
	}
	return false;
}

/* protobuf-c allocates for every field before it looks at any of them: 64 KiB
 * of empty submessages would take 4 MiB. So they are counted first. */
static int count_fields(const unsigned char *p, size_t len)
{
	const unsigned char *end = p + len;
	uint64_t tag, size;
	int n;

	for (n = 0; p < end; n++) {
		if (!varint(&p, end, &tag))
			return -1;
		size = 0;
		switch (tag & 7) {
		case 0:
			if (!varint(&p, end, &size))
				return -1;
			size = 0;
			break;
		case 1:
			size = 8;
			break;
		case 2:
			if (!varint(&p, end, &size))
				return -1;
			break;
		case 5:
			size = 4;
			break;
		default:
			return -1;
		}
		if (size > (uint64_t)(end - p))
			return -1;
		p += size;
	}
	return n;
}

static bool all_known(const ProtobufCMessage *m);

static bool field_known(const ProtobufCMessage *m,
			const ProtobufCFieldDescriptor *f)
{
	const char *at = (const char *)m + f->offset;
	size_t n;

	if (f->type != PROTOBUF_C_TYPE_MESSAGE)
		return true;
	if (f->label != PROTOBUF_C_LABEL_REPEATED) {
		const ProtobufCMessage *sub;

		memcpy(&sub, at, sizeof sub);
		return !sub || all_known(sub);
	}
	memcpy(&n, (const char *)m + f->quantifier_offset, sizeof n);
	for (size_t i = 0; i < n; i++) {
		ProtobufCMessage *const *list;

		memcpy(&list, at, sizeof list);
		if (!all_known(list[i]))
			return false;
	}
	return true;
}

/* No message type contains itself, so this ends. */
static bool all_known(const ProtobufCMessage *m)
{
	if (m->n_unknown_fields > 0)
		return false;
	for (unsigned i = 0; i < m->descriptor->n_fields; i++)
		if (!field_known(m, &m->descriptor->fields[i]))
			return false;
	return true;
}

/* Numbers cut to 32 bits, padded varints, fields out of order or given twice:
 * all of these come back from packing as other bytes than came in. */
static int check_canonical(struct wire_arena *a, const ProtobufCMessage *m,
			   const unsigned char *in, size_t len)
{
	unsigned char *again;

	if (protobuf_c_message_get_packed_size(m) != len)
		return err_set(E_FORMAT, "the message is not canonical");
	again = arena_alloc(a, len + 1);
	if (!again)
		return a->r;
	protobuf_c_message_pack(m, again);
	if (len > 0 && memcmp(again, in, len) != 0)
		return err_set(E_FORMAT, "the message is not canonical");
	return 0;
}

int wire_unpack(struct wire_arena *a, const ProtobufCMessageDescriptor *type,
		int fields_max, const unsigned char *in, size_t len,
		const ProtobufCMessage **out)
{
	ProtobufCAllocator allocator = {arena_alloc, arena_free, a};
	const ProtobufCMessage *m;
	int n, r;

	n = count_fields(in, len);
	if (n < 0)
		return err_set(E_FORMAT, "the message is malformed");
	if (n > fields_max || n > WIRE_FIELDS_MAX)
		return err_set(E_FORMAT, "the message has over %d fields",
			       fields_max);
	m = protobuf_c_message_unpack(type, &allocator, len, in);
	if (!m)
		return a->r < 0 ? a->r
				: err_set(E_FORMAT, "the message is malformed");
	if (!all_known(m))
		return err_set(E_FORMAT, "the message has unknown fields");
	r = check_canonical(a, m, in, len);
	if (r == 0)
		*out = m;
	return r;
}

int wire_pack(const ProtobufCMessage *m, unsigned char **out, size_t *len)
{
	size_t size = protobuf_c_message_get_packed_size(m);
	unsigned char *bytes = mem_alloc(size + 1);

	if (!bytes)
		return err_set(E_NOMEM, "out of memory for a message");
	protobuf_c_message_pack(m, bytes);
	*out = bytes;
	*len = size;
	return 0;
}
