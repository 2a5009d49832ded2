#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/collaborative.h"

/* A letter as UTF-8 has it: a longer sequence is of one, unless is_sign. */
static bool is_letter(unsigned char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

/* A sign like a typed apostrophe, dash or quote (U+2000 to U+203F), or one of
 * Latin-1, begins here. */
static bool is_sign(const unsigned char *s)
{
	return *s == 0xc2 || (*s == 0xe2 && s[1] == 0x80);
}

/* A whole letter: what stands at @s, or ends before it. */
static bool letter_at(const unsigned char *s)
{
	return is_letter(*s) && !is_sign(s);
}

static bool letter_before(const unsigned char *s, const unsigned char *text)
{
	const unsigned char *c = s;

	if (s == text)
		return false;
	do
		c--;
	while (c > text && (*c & 0xc0) == 0x80);
	return letter_at(c);
}

/* The byte at @s in small letters, Latin-1's too ("É" is C3 89, "é" C3 A9). */
static unsigned char small(const unsigned char *s, bool first)
{
	if (*s >= 'A' && *s <= 'Z')
		return (unsigned char)(*s + ('a' - 'A'));
	if (!first && s[-1] == 0xc3 && *s >= 0x80 && *s <= 0x9e && *s != 0x97)
		return (unsigned char)(*s + 0x20);
	return *s;
}

static bool same(const unsigned char *a, const unsigned char *b, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (small(a + i, i == 0) != small(b + i, i == 0))
			return false;
	return true;
}

/* Does a word begin here with a capital? */
static bool is_capital(const unsigned char *s)
{
	return (*s >= 'A' && *s <= 'Z') ||
	       (*s == 0xc3 && s[1] >= 0x80 && s[1] <= 0x9e && s[1] != 0x97);
}

/* @name, whole words of @text; @capital: written with one. */
static bool has_name(const char *text, const char *name, size_t len,
		     bool capital)
{
	const unsigned char *n = (const unsigned char *)name;
	size_t all = strlen(text);

	if (len == 0)
		return false;
	for (size_t i = 0; i + len <= all; i++) {
		const unsigned char *t = (const unsigned char *)text + i;

		if (!same(t, n, len) || letter_at(t + len) ||
		    letter_before(t, (const unsigned char *)text))
			continue;
		if (!capital || is_capital(t))
			return true;
	}
	return false;
}

/* The name, or one of its parts that is long enough to be one. */
static bool has_part(const char *text, const char *name)
{
	if (strlen(name) >= 2 && has_name(text, name, strlen(name), true))
		return true;
	for (const char *p = name; *p;) {
		size_t len = strcspn(p, " -'");

		if (len >= 3 && has_name(text, p, len, true))
			return true;
		p += len;
		p += strspn(p, " -'");
	}
	return false;
}

/* One name beside the other, in whatever letters. */
static bool has_both(const char *text, const char *a, const char *between,
		     const char *b)
{
	char full[2 * NAME_TEXT + 2];

	if (!*a || !*b)
		return false;
	snprintf(full, sizeof full, "%s%s%s", a, between, b);
	return has_name(text, full, strlen(full), false);
}

static bool names_child(const char *text, const char *given, const char *family)
{
	return has_part(text, given) || has_part(text, family) ||
	       has_both(text, given, " ", family) ||
	       has_both(text, family, " ", given) ||
	       has_both(text, family, ", ", given);
}

int collaborative_anonymous(struct records *r, const char *what,
			    const char *text)
{
	struct rows rows;
	int64_t id = 0;
	int x;

	if (!*text)
		return 0;
	x = db_rows(r->db, &rows,
		    "SELECT id, ifnull(given, ''), ifnull(family, '')"
		    " FROM child",
		    "");
	while (x == 0 && id == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		x = 0;
		if (names_child(text, rows_text(&rows, 1), rows_text(&rows, 2)))
			id = rows_int(&rows, 0);
	}
	rows_end(&rows);
	if (x < 0 || id == 0)
		return x < 0 ? x : 0;
	return err_set(E_INVALID,
		       "The %s holds a name of child %lld; say it without "
		       "names",
		       what, (long long)id);
}
