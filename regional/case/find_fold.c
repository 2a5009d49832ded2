#include <ctype.h>
#include <string.h>

#include "daemon/core/utf8.h"
#include "regional/case/find_parts.h"

/* U+00C0 to U+017F as one letter each; a digit is one of @pairs. */
static const char latin[] =
	"aaaaaa1ceeeeiiiidnooooo ouuuuy23"
	"aaaaaa1ceeeeiiiidnooooo ouuuuy2y"
	"aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii44jjkkklllllllllln"
	"nnnnnnnnoooooo55rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static const char *const pairs[] = {"", "ae", "th", "ss", "ij", "oe"};

/* The letter of code point @cp without its accents; NULL: as it is. */
static const char *plain(unsigned cp, char buf[2])
{
	static const char vietnamese[] = "aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeee"
					 "eeeiiiiooooooooooooooooooo"
					 "ooooouuuuuuuuuuuuuuyyyyyyyy";
	char c;

	buf[1] = '\0';
	if (cp >= 0xC0 && cp <= 0x17F)
		c = latin[cp - 0xC0];
	else if (cp >= 0x218 && cp <= 0x21B)
		c = cp < 0x21A ? 's' : 't';
	else if (cp >= 0x1EA0 && cp <= 0x1EF9)
		c = vietnamese[cp - 0x1EA0];
	else if (cp >= 0x300 && cp <= 0x36F)
		return ""; /* an accent on its own */
	else if (cp == 0x2019 || cp == 0x2018 || cp == 0x2BC)
		return ""; /* apostrophes */
	else if (cp >= 0x2000 && cp <= 0x206F)
		return " "; /* dashes and spaces */
	else
		return NULL;
	if (isdigit((unsigned char)c))
		return pairs[c - '0'];
	buf[0] = c;
	return buf;
}

static unsigned code_point(const char *s, int len)
{
	const unsigned char *b = (const unsigned char *)s;

	if (len == 2)
		return (b[0] & 0x1Fu) << 6 | (b[1] & 0x3Fu);
	if (len == 3)
		return (b[0] & 0x0Fu) << 12 | (b[1] & 0x3Fu) << 6 |
		       (b[2] & 0x3Fu);
	return 0x10000;
}

static void append(char *out, size_t size, size_t *at, const char *s,
		   size_t len)
{
	if (*at + len < size) {
		memcpy(out + *at, s, len);
		*at += len;
	}
}

void find_fold(const char *text, char *out, size_t size)
{
	size_t at = 0, left = strlen(text);
	const char *p;
	char buf[2];
	int len;

	for (; left > 0; text += len, left -= (size_t)len) {
		unsigned char c = (unsigned char)*text;

		len = utf8_len(text, left);
		if (len <= 0) {
			len = 1;
			append(out, size, &at, " ", 1);
		} else if (len > 1) {
			p = plain(code_point(text, len), buf);
			append(out, size, &at, p ? p : text,
			       p ? strlen(p) : (size_t)len);
		} else if (isalnum(c)) {
			buf[0] = (char)tolower(c);
			append(out, size, &at, buf, 1);
		} else if (c != '\'' && c != '`') {
			append(out, size, &at, " ", 1);
		}
	}
	out[at] = '\0';
}

/* --- how it sounds --- */

/* The letter that stands for the sound at @s, and how many letters it takes;
 * '\0' for one that is not heard, or that tells names badly apart, like a vowel
 * in the middle. @first: of the word. */
static char sound_at(const char *s, int first, int *took)
{
	static const struct {
		const char *letters;
		char sound;
	} known[] = {
		{"sch", 'x'}, {"tch", 'x'}, {"sh", 'x'}, {"ch", 'x'},
		{"cz", 'x'},  {"sz", 'x'},  {"ph", 'f'}, {"ck", 'k'},
		{"ce", 's'},  {"ci", 's'},  {"cy", 's'}, {"ge", 'j'},
		{"gi", 'j'},  {"qu", 'k'},  {"th", 't'}, {"kn", 'n'},
		{"wr", 'r'},  {"dg", 'j'},  {"c", 'k'},	 {"q", 'k'},
		{"z", 's'},   {"x", 's'},   {"v", 'b'},	 {"w", 'b'},
	};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t len = strlen(known[i].letters);

		if (strncmp(s, known[i].letters, len) == 0) {
			*took = (int)len;
			return known[i].sound;
		}
	}
	*took = 1;
	if (strchr("aeiouy", *s))
		return first ? 'a' : '\0';
	return *s == 'h' ? '\0' : *s;
}

void find_sound(const char *word, char out[FIND_WORD])
{
	size_t at = 0;
	int took, first = 1;

	out[at++] = '~';
	for (; *word; word += took, first = 0) {
		char c;

		if (!islower((unsigned char)*word)) {
			out[0] = '\0';
			return;
		}
		c = sound_at(word, first, &took);
		if (c && c != out[at - 1] && at + 1 < FIND_WORD)
			out[at++] = c;
	}
	out[at] = '\0';
	/* One sound alone is too many names. */
	if (at < 3)
		out[0] = '\0';
}

/* --- a letter apart --- */

static int is_start(const char *s)
{
	return ((unsigned char)*s & 0xC0) != 0x80;
}

int find_nears(const char *word, char out[FIND_NEARS][FIND_WORD])
{
	size_t len = strlen(word);
	int n = 0;

	memcpy(out[n++], word, len + 1);
	/* Of a short word nearly every other is a letter apart. */
	for (size_t i = 0, step; len >= 4 && i < len; i += step) {
		for (step = 1; i + step < len && !is_start(word + i + step);)
			step++;
		/* Of a double letter one is enough. */
		if (i > 0 && step == 1 && word[i] == word[i - 1])
			continue;
		memcpy(out[n], word, i);
		memcpy(out[n++] + i, word + i + step, len - i - step + 1);
	}
	find_sound(word, out[n]);
	return *out[n] ? n + 1 : n;
}

int find_apart(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), i = 0, k = 0;

	while (a[i] && a[i] == b[i])
		i++;
	if (!a[i] && !b[i])
		return 0;
	while (k < la - i && k < lb - i && a[la - 1 - k] == b[lb - 1 - k])
		k++;
	/* What differs in the middle. */
	la -= i + k;
	lb -= i + k;
	if (la <= 1 && lb <= 1)
		return 1;
	if (la == 2 && lb == 2 && a[i] == b[i + 1] && a[i + 1] == b[i])
		return 1;
	return 2;
}

int find_next(const char **s, char word[FIND_WORD])
{
	size_t len, room;

	*s += strspn(*s, " ");
	len = strcspn(*s, " ");
	/* A long one is cut between letters. */
	for (room = len;
	     room >= FIND_WORD || (room < len && !is_start(*s + room));)
		room--;
	memcpy(word, *s, room);
	word[room] = '\0';
	*s += len;
	return len > 0;
}
