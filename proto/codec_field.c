#include "proto/codec_field.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/utf8.h"

enum { MONTH_MAX = 2201 * 12 - 1 };

int codec_field_copy(char *out, size_t size, const char *in, const char *what)
{
	size_t len = strlen(in);

	if (len >= size)
		return err_set(E_FORMAT, "%s is over %zu bytes", what,
			       size - 1);
	/* Bytes after the NUL too: structs are compared and hashed. */
	memset(out, 0, size);
	memcpy(out, in, len);
	return 0;
}

int codec_field_bytes(unsigned char *out, size_t want,
		      const ProtobufCBinaryData *in, const char *what)
{
	if (in->len != want)
		return err_set(E_FORMAT, "%s has %zu bytes, not %zu", what,
			       in->len, want);
	memcpy(out, in->data, want);
	return 0;
}

int codec_field_id(const char *s, size_t size, bool empty, const char *what)
{
	size_t len = strnlen(s, size);

	if (len == size || (len == 0 && !empty) ||
	    strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_-") != len)
		return err_set(E_FORMAT, "%s is not an id", what);
	return 0;
}

int codec_field_text(const char *s, size_t size, const char *what)
{
	size_t len = strnlen(s, size);
	int n;

	if (len == size)
		return err_set(E_FORMAT, "%s is over %zu bytes", what,
			       size - 1);
	for (size_t at = 0; at < len; at += (size_t)n) {
		n = utf8_len(s + at, len - at);
		if (n == 0 || utf8_is_control(s + at))
			return err_set(E_FORMAT, "%s is not plain UTF-8 text",
				       what);
	}
	return 0;
}

int codec_field_month(int64_t month, const char *what)
{
	if (month < 0 || month > MONTH_MAX)
		return err_set(E_FORMAT, "%s is no month", what);
	return 0;
}

ProtobufCBinaryData codec_field_data(const unsigned char *p, size_t len)
{
	return (ProtobufCBinaryData){len, (unsigned char *)(uintptr_t)p};
}

char *codec_field_string(const char *s)
{
	return (char *)(uintptr_t)s;
}

int codec_field_key_check(const struct release_key *k)
{
	int r = codec_field_id(k->table, sizeof k->table, false, "the table");

	return r < 0 ? r : codec_field_month(k->closing, "the closing");
}

int codec_field_key_get(struct release_key *out, const Wire__Key *in)
{
	int r;

	if (!in)
		return err_set(E_FORMAT, "a key is missing");
	r = codec_field_copy(out->table, sizeof out->table, in->table,
			     "the table");
	if (r == 0)
		r = codec_field_month(in->closing, "the closing");
	if (r < 0)
		return r;
	out->closing = (int32_t)in->closing;
	out->epoch = in->epoch;
	out->version = in->version;
	return codec_field_key_check(out);
}

void codec_field_key_put(Wire__Key *out, const struct release_key *k)
{
	wire__key__init(out);
	out->table = codec_field_string(k->table);
	out->closing = (uint32_t)k->closing;
	out->epoch = k->epoch;
	out->version = k->version;
}
