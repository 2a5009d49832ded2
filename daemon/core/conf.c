#include "daemon/core/conf.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/utf8.h"

enum {
	LINE_MAX_BYTES = 190,
	NAME_MAX_BYTES = 49, /* inih cuts longer names without a word */
	FILE_MAX_BYTES = 1024 * 1024
};

#define MARK "\xef\xbb\xbf"

/* One reading. inih's own line buffer and rules are kept in step: reader()
 * refuses beforehand whatever inih would cut or read differently. */
struct reading {
	const char *text, *end;
	int line;
	bool in_value;	/* a key was seen: indented lines go on with it */
	bool continues; /* the current line does so */
	int r;		/* first failure; stops everything */
	conf_fn *fn;
	void *arg;
};

/* In bytes, not characters: that is how inih counts. */
static int check_bytes(const char *s, size_t len)
{
	if (len > LINE_MAX_BYTES)
		return err_set(E_INVALID,
			       "the line is longer than %d bytes; go on in an "
			       "indented line",
			       LINE_MAX_BYTES);
	for (size_t at = 0; at < len;) {
		int n = utf8_len(s + at, len - at);

		if (n == 0)
			return err_set(E_INVALID, "byte %zu is not UTF-8 text",
				       at + 1);
		at += (size_t)n;
	}
	return 0;
}

/* What inih takes for space, but for the newline. */
static bool blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* inih would take "[a] b" for section a and forget b. */
static int check_section(const char *s)
{
	const char *close = strchr(s, ']');

	if (!close)
		return err_set(E_INVALID, "a section's name ends with ]");
	if (close - s - 1 > NAME_MAX_BYTES)
		return err_set(E_INVALID,
			       "the section's name is longer than %d bytes",
			       NAME_MAX_BYTES);
	for (s = close + 1; blank(*s); s++)
		;
	if (*s)
		return err_set(E_INVALID, "only a section's name is expected");
	return 0;
}

/* inih also splits at a colon, which would cut a key that has one. */
static int check_pair(const char *s)
{
	size_t key = strcspn(s, "=:");

	if (s[key] != '=' || key == 0)
		return err_set(E_INVALID, "\"key = value\" is expected");
	if (key > NAME_MAX_BYTES)
		return err_set(E_INVALID, "the key is longer than %d bytes",
			       NAME_MAX_BYTES);
	return 0;
}

/* Look at the line the way inih will, and set what on_pair needs. */
static int check_line(struct reading *rd, const char *line)
{
	const char *s = line;

	while (blank(*s))
		s++;
	rd->continues = false;
	if (*s == '\0' || *s == '#' || *s == ';')
		return 0;
	/* inih would take the rest for a comment, in silence. */
	for (const char *p = s; *p; p++) {
		if (blank(*p) && p[1] == ';')
			return err_set(E_INVALID,
				       "a semicolon can't follow a space; "
				       "comments have lines of their own");
	}
	/* After a key, any indented line is part of the value, even one that
	 * looks like a section. */
	if (s > line && rd->in_value) {
		rd->continues = true;
		return 0;
	}
	if (*s == '[') {
		rd->in_value = false;
		return check_section(s);
	}
	rd->in_value = true;
	return check_pair(s);
}

/* inih's fgets. One call is one line, whole: both count the same. */
static char *reader(char *str, int num, void *stream)
{
	struct reading *rd = stream;
	const char *nl;
	size_t len;

	if (rd->r < 0 || rd->text == rd->end)
		return NULL;
	rd->line++;
	nl = memchr(rd->text, '\n', (size_t)(rd->end - rd->text));
	len = (size_t)((nl ? nl : rd->end) - rd->text);
	rd->r = check_bytes(rd->text, len);
	if (rd->r == 0 && len + 1 > (size_t)num)
		rd->r = err_set(E_INVALID, "the line is too long");
	if (rd->r < 0)
		return NULL;
	memcpy(str, rd->text, len);
	str[len] = '\0';
	/* The bytes are inih's from here on; check_line only looks. */
	rd->text += len + (nl != NULL);
	rd->r = check_line(rd, str);
	return rd->r < 0 ? NULL : str;
}

/* After a failure reader() ends the file, so this is not called again. */
static int on_pair(void *user, const char *section, const char *name,
		   const char *value)
{
	struct reading *rd = user;

	rd->r = rd->fn(rd->arg, section, name, value, rd->continues, rd->line);
	return rd->r >= 0;
}

/* The line that a failure names is the reader's: when a handler runs, inih has
 * read no further. */
int conf_read_text(const char *name, const char *text, size_t len, conf_fn *fn,
		   void *arg)
{
	struct reading rd = {
		.text = text,
		.end = text + len,
		.fn = fn,
		.arg = arg,
	};
	int bad;

	/* Some editors put a byte order mark before everything. inih takes it
	 * away, too, so a second one would be part of a name only here. */
	if (len >= 3 && memcmp(text, MARK, 3) == 0)
		rd.text += 3;
	if (rd.end - rd.text >= 3 && memcmp(rd.text, MARK, 3) == 0)
		return err_set(E_INVALID, "%s:1: two byte order marks", name);
	bad = ini_parse_stream(reader, &rd, on_pair, &rd);
	if (rd.r == 0 && bad)
		rd.r = err_set(E_INVALID, "\"key = value\" is expected");
	if (rd.r < 0)
		return err_prefix(rd.r, "%s:%d", name, rd.line);
	return 0;
}

int conf_read(const char *path, conf_fn *fn, void *arg)
{
	char *text = NULL;
	size_t len;
	int r;

	r = disk_read(disk_system(), path, FILE_MAX_BYTES, &text, &len);
	if (r < 0)
		goto out;
	r = conf_read_text(path, text, len, fn, arg);
out:
	mem_free(text);
	return r;
}

/* conf_load's argument to on_option. */
struct loading {
	const struct conf_opt *opts;
	int n;
	void *into;
	bool *given;
};

/* Bounds are part of the table, so that each error names the limits. */
static int set_int(const struct conf_opt *o, const char *value, void *at)
{
	bool bounded = o->min != 0 || o->max != 0;
	long lo = bounded && o->min > INT_MIN ? o->min : INT_MIN;
	long hi = bounded && o->max < INT_MAX ? o->max : INT_MAX;
	char *end;
	long v;
	int i;

	errno = 0;
	v = strtol(value, &end, 10);
	if (errno || end == value || *end)
		return err_set(E_INVALID, "%s is a whole number, not \"%s\"",
			       o->key, value);
	if (v < lo || v > hi)
		return err_set(E_INVALID, "%s must be from %ld to %ld", o->key,
			       lo, hi);
	i = (int)v;
	/* By memcpy, since the offset says nothing of alignment. */
	memcpy(at, &i, sizeof i);
	return 0;
}

/* Pairs of words, the one for yes at odd places. */
static int set_bool(const struct conf_opt *o, const char *value, void *at)
{
	static const char *const words[] = {"no",   "yes", "false",
					    "true", "off", "on"};
	bool b;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strcmp(value, words[i]) == 0) {
			b = i % 2 != 0;
			memcpy(at, &b, sizeof b);
			return 0;
		}
	}
	return err_set(E_INVALID, "%s is yes or no, not \"%s\"", o->key, value);
}

static int set_option(const struct conf_opt *o, const char *value, void *into)
{
	char *at = (char *)into + o->offset;
	size_t len = strlen(value);

	if (o->type == CONF_INT)
		return set_int(o, value, at);
	if (o->type == CONF_BOOL)
		return set_bool(o, value, at);
	if (len >= o->size)
		return err_set(E_INVALID, "%s is longer than %zu bytes", o->key,
			       o->size - 1);
	memcpy(at, value, len + 1);
	return 0;
}

/* A misspelled option must not fall back to its default without a word. */
static int on_option(void *arg, const char *section, const char *key,
		     const char *value, bool more, int line)
{
	struct loading *l = arg;

	for (int i = 0; i < l->n; i++) {
		const struct conf_opt *o = &l->opts[i];

		if (strcmp(o->section, section) || strcmp(o->key, key))
			continue;
		if (more)
			return err_set(E_INVALID, "%s takes one line", key);
		if (l->given[i])
			return err_set(E_INVALID, "%s is given twice", key);
		l->given[i] = true;
		return set_option(o, value, l->into);
	}
	return err_set(E_INVALID, "there is no option %s in section [%s]", key,
		       section);
}

int conf_load(const char *path, const struct conf_opt *opts, int n, void *into)
{
	struct loading l = {.opts = opts, .n = n, .into = into};
	int r = 0;

	l.given = mem_calloc((size_t)n, sizeof *l.given);
	if (!l.given)
		return err_set(E_NOMEM, "out of memory for %s", path);
	/* Through the same checks as the file, so a wrong default shows at once. */
	for (int i = 0; i < n && r == 0; i++) {
		if (opts[i].initial)
			r = set_option(&opts[i], opts[i].initial, into);
	}
	if (r == 0)
		r = conf_read(path, on_option, &l);
	for (int i = 0; i < n && r == 0; i++) {
		if (!opts[i].initial && !l.given[i])
			r = err_set(E_INVALID,
				    "%s: %s in section [%s] must be given",
				    path, opts[i].key, opts[i].section);
	}
	mem_free(l.given);
	return r;
}
