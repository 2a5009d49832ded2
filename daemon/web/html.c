#include "daemon/web/html.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/web/html_markup.h"

static void put(struct html *h, const char *s, size_t n)
{
	if (h->failed)
		return;
	if (n > h->room - h->len) {
		size_t room = (h->room + n) * 2 + 1024;
		char *buf = mem_realloc(h->buf, room);

		if (!buf) {
			h->failed = true;
			return;
		}
		h->buf = buf;
		h->room = room;
	}
	memcpy(h->buf + h->len, s, n);
	h->len += n;
}

static void puts_raw(struct html *h, const char *s)
{
	put(h, s, strlen(s));
}

static void put_escaped(struct html *h, const char *s)
{
	for (; *s; s++) {
		switch (*s) {
		case '&':
			puts_raw(h, "&amp;");
			break;
		case '<':
			puts_raw(h, "&lt;");
			break;
		case '>':
			puts_raw(h, "&gt;");
			break;
		case '"':
			puts_raw(h, "&quot;");
			break;
		case '\'':
			puts_raw(h, "&#39;");
			break;
		default:
			put(h, s, 1);
		}
	}
}

void html_markup(struct html *h, const char *bytes, size_t n)
{
	put(h, bytes, n);
}

void html_value(struct html *h, const char *s)
{
	if (s)
		put_escaped(h, s);
}

void html_number(struct html *h, long long n)
{
	char text[24];

	snprintf(text, sizeof text, "%lld", n);
	puts_raw(h, text);
}

static void put_encoded(struct html *h, const char *s, const char *as_it_is)
{
	char hex[4];

	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 128 && (isalnum(c) || strchr(as_it_is, c))) {
			put_escaped(h, (const char[]){*s, '\0'});
		} else {
			snprintf(hex, sizeof hex, "%%%02X", c);
			puts_raw(h, hex);
		}
	}
}

void html_url(struct html *h, const char *s)
{
	if (s)
		put_encoded(h, s, "-._~");
}

/* A second slash at its beginning would name another host. */
void html_local(struct html *h, const char *s)
{
	if (s)
		put_encoded(h, s + strspn(s, "/"), "-._~/?&=%+,:;#");
}

void html_message(struct html *h, const char *en, const char *es)
{
	put_escaped(h, h->lang == LANG_ES ? es : en);
}

void html_init(struct html *h)
{
	memset(h, 0, sizeof *h);
	puts_raw(h, "<!DOCTYPE html>\n");
}

void html_fini(struct html *h)
{
	mem_free(h->buf);
	h->buf = NULL;
}

int html_take(struct html *h, char **out, size_t *len)
{
	if (h->failed)
		return err_set(E_NOMEM, "out of memory for a page");
	*out = h->buf;
	*len = h->len;
	h->buf = NULL;
	return 0;
}
