/* What a client of the pages sends: a query or form in either coding, cookies,
 * a Content-Type, an escaped path. The first byte says which. What is taken
 * must be text inside the buffer. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/mem.h"
#include "daemon/web/fields.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct fields *f, const char *text, size_t len)
{
	for (int i = 0; i < f->n; i++) {
		const struct field_value *v = &f->v[i];

		if (v->name < text || v->name > text + len ||
		    (v->len &&
		     (v->value < text || v->value + v->len > text + len)))
			abort();
		if (!fields_is_text(v->name, strlen(v->name)) ||
		    (!v->file && !fields_is_text(v->value, v->len)) ||
		    v->value[v->len] != '\0')
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fields f = {0};
	char boundary[71];
	char *text;
	size_t len;

	if (size < 1)
		return 0;
	len = size - 1;
	text = mem_alloc(size);
	if (!text)
		return 0;
	memcpy(text, data + 1, len);
	text[len] = '\0';
	switch (data[0] % 5) {
	case 0:
		if (fields_urlencoded(&f, text, len) == 0)
			check(&f, text, len);
		break;
	case 1:
		if (fields_multipart(&f, text, len, "x") == 0)
			check(&f, text, len);
		break;
	case 2:
		if (fields_cookies(&f, text) == 0)
			check(&f, text, len);
		break;
	case 3:
		if (fields_boundary(text, boundary) &&
		    (strlen(boundary) < 1 || strlen(boundary) > 70))
			abort();
		break;
	default:
		if (fields_unescape(text, len) > (long)len)
			abort();
	}
	fields_fini(&f);
	mem_free(text);
	return 0;
}
