#include "daemon/core/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_SIZE = 1024 };

/* Empty: none was set. */
static _Thread_local char sentence[TEXT_SIZE];

static const char *code_text(int code)
{
	switch (code) {
#define X(name, value, text) \
	case name:           \
		return text;
		ERR_MAP(X)
#undef X
	default:
		return "an unknown error";
	}
}

int err_set(int code, const char *fmt, ...)
{
	/* An argument may be err_text() itself, so build it beside. */
	char text[TEXT_SIZE];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	memcpy(sentence, text, strlen(text) + 1);
	return code;
}

int err_prefix(int code, const char *fmt, ...)
{
	char prefix[TEXT_SIZE], text[2 * TEXT_SIZE + 2];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(prefix, sizeof prefix, fmt, ap);
	va_end(ap);
	snprintf(text, sizeof text, "%s: %s", prefix, err_text(code));
	/* The prefix wins when both are long: it says where to look. */
	text[TEXT_SIZE - 1] = '\0';
	memcpy(sentence, text, strlen(text) + 1);
	return code;
}

const char *err_text(int code)
{
	return sentence[0] ? sentence : code_text(code);
}

const char *err_name(int code)
{
	switch (code) {
#define X(name, value, text) \
	case name:           \
		return #name;
		ERR_MAP(X)
#undef X
	default:
		return "E_?";
	}
}

void err_clear(void)
{
	sentence[0] = '\0';
}
