/* codec_field: checks and copies of single fields. Only codec's files use it.
 *
 * All refuse with E_FORMAT and a sentence that names the field. */
#ifndef CCFED_CODEC_FIELD_H
#define CCFED_CODEC_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "proto/ccfed.pb-c.h"
#include "proto/codec.h"
#include "proto/wire.h"

/* Copy a string of the wire into char[size], or refuse what does not fit. */
int codec_field_copy(char *out, size_t size, const char *in, const char *what);
/* Copy exactly @want bytes. */
int codec_field_bytes(unsigned char *out, size_t want,
		      const ProtobufCBinaryData *in, const char *what);

/* An id of [a-z0-9_-] in char[size]; @empty: it may be missing. */
int codec_field_id(const char *s, size_t size, bool empty, const char *what);
/* UTF-8 without control characters in char[size]. */
int codec_field_text(const char *s, size_t size, const char *what);
/* A month number from year 0 to 2200. */
int codec_field_month(int64_t month, const char *what);

/* Wire bytes and strings that point into what they are given. Packing only
 * reads them; protobuf-c has no type that says so. */
ProtobufCBinaryData codec_field_data(const unsigned char *p, size_t len);
char *codec_field_string(const char *s);

int codec_field_key_check(const struct release_key *k);
int codec_field_key_get(struct release_key *out, const Wire__Key *in);
void codec_field_key_put(Wire__Key *out, const struct release_key *k);

#endif
