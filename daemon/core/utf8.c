#include "daemon/core/utf8.h"

#include <stdint.h>
#include <string.h>

int utf8_len(const char *s, size_t left)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	uint32_t c;
	int n;

	if (left == 0 || p[0] == 0)
		return 0;
	if (p[0] < 0x80)
		return 1;
	if (p[0] < 0xc2 || p[0] > 0xf4)
		return 0;
	n = p[0] < 0xe0 ? 2 : p[0] < 0xf0 ? 3 : 4;
	if ((size_t)n > left)
		return 0;
	c = p[0] & (0x7fu >> n);
	for (int i = 1; i < n; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	return n;
}

size_t utf8_chars(const char *s, size_t bytes)
{
	size_t n = 0, len = strnlen(s, bytes), at = 0;

	while (at < len) {
		int one = utf8_len(s + at, strnlen(s + at, 4));

		at += one ? (size_t)one : 1;
		n += at <= len;
	}
	return n;
}

bool utf8_is_control(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	return p[0] < 0x20 || p[0] == 0x7f || (p[0] == 0xc2 && p[1] < 0xa0);
}
