/* utf8: is it text, and may it be shown?
 *
 * Pure functions. Any thread. */
#ifndef CCFED_UTF8_H
#define CCFED_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* Length of the UTF-8 sequence at @s, of @left bytes; 0 if there is none. Cut
 * and overlong forms, surrogates, what is above U+10FFFF, and NUL are none. */
int utf8_len(const char *s, size_t left);
/* Characters of @s that are whole within its first @bytes bytes; what is no
 * UTF-8 counts byte by byte. */
size_t utf8_chars(const char *s, size_t bytes);
/* The sequence at @s is a control character. C1 too: terminals obey them. */
bool utf8_is_control(const char *s);

#endif
