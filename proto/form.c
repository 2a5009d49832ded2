#include "proto/form.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/conf.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"

bool form_id_ok(const char *id, size_t size)
{
	size_t len = strlen(id);

	if (len == 0 || len >= size)
		return false;
	return strspn(id, "abcdefghijklmnopqrstuvwxyz"
			  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == len;
}

int form_int(const char *text, int min, int max, int *out)
{
	char *end;
	long v;

	errno = 0;
	v = strtol(text, &end, 10);
	if (end == text || *end || errno || v < min || v > max ||
	    text[0] == ' ' || text[0] == '+')
		return err_set(E_INVALID,
			       "\"%.40s\" is not a number from %d to %d", text,
			       min, max);
	*out = (int)v;
	return 0;
}

int form_item(const char **list, const char *separators, char *out, size_t size)
{
	const char *at = *list + strspn(*list, " \t\n");
	size_t len, whole;

	if (!*at)
		return 0;
	whole = strcspn(at, separators);
	*list = at + whole + (at[whole] ? 1 : 0);
	for (len = whole; len > 0 && strchr(" \t\n", at[len - 1]);)
		len--;
	if (len == 0)
		return err_set(E_INVALID, "an item of the list is empty");
	if (len >= size)
		return err_set(E_INVALID, "\"%.40s\" is too long", at);
	memcpy(out, at, len);
	out[len] = '\0';
	return 1;
}

const char *form_section_id(const char *section, const char *kind)
{
	size_t len = strlen(kind);

	if (strncmp(section, kind, len) != 0 || section[len] != ' ')
		return NULL;
	return section + len + 1;
}

static int set_text(const struct form_field *f, char *into, const char *value)
{
	size_t have = strlen(into), add = strlen(value);
	size_t gap = have && add ? 1 : 0;

	if (have + gap + add >= f->size)
		return err_set(E_INVALID, "%s is over %zu bytes", f->key,
			       f->size - 1);
	if (gap)
		into[have] = ' ';
	memcpy(into + have + gap, value, add + 1);
	return 0;
}

static int set_long(char **into, const char *value)
{
	const char *old = *into ? *into : "";
	char *text;

	text = mem_printf("%s%s%s", old, *old ? "\n" : "", value);
	if (!text)
		return err_set(E_NOMEM, "out of memory for a text");
	mem_free(*into);
	*into = text;
	return 0;
}

static int set_bool(const struct form_field *f, bool *into, const char *value)
{
	if (strcmp(value, "yes") != 0 && strcmp(value, "no") != 0)
		return err_set(E_INVALID, "%s is yes or no, not \"%.40s\"",
			       f->key, value);
	*into = value[0] == 'y';
	return 0;
}

static int set(const struct form_field *f, void *into, const char *value)
{
	void *at = (char *)into + f->offset;
	int r;

	switch (f->type) {
	case FORM_TEXT:
		return set_text(f, at, value);
	case FORM_LONG:
		return set_long(at, value);
	case FORM_BOOL:
		return set_bool(f, at, value);
	case FORM_ID:
		if (!form_id_ok(value, f->size))
			return err_set(E_INVALID,
				       "%s \"%.40s\" is not an id: letters, "
				       "digits, - and _, under %zu",
				       f->key, value, f->size);
		return set_text(f, at, value);
	case FORM_INT:
		r = form_int(value, f->min, f->max, at);
		return r < 0 ? err_prefix(r, "%s", f->key) : 0;
	}
	return E_INVALID;
}

/* One reading: the section being read, and the first error found when a
 * section was whole. That error has a line of its own, the section's, so it
 * must not get the line at which the file is when it is found. */
struct reading {
	const char *path;
	form_begin_fn *begin;
	form_end_fn *end;
	void *arg;
	struct form_section s;
	char name[64];
	bool open;
	int late;
	char late_text[512];
};

static int take(struct form_section *s, const char *key, const char *value,
		bool more, int line)
{
	int i;

	for (i = 0; i < s->n; i++)
		if (strcmp(s->field[i].key, key) == 0)
			break;
	if (i == s->n)
		return err_set(E_INVALID, "unknown key \"%.40s\"", key);
	if (more && s->field[i].type != FORM_TEXT &&
	    s->field[i].type != FORM_LONG)
		return err_set(E_INVALID, "%s has one line only", key);
	if (!more && s->seen.bits >> i & 1)
		return err_set(E_INVALID, "%s is given twice", key);
	if (!s->seen.line)
		s->seen.line = line;
	s->seen.bits |= (uint32_t)1 << i;
	return set(&s->field[i], s->into, value);
}

static int complete(const struct form_section *s)
{
	for (int i = 0; i < s->n; i++) {
		const struct form_field *f = &s->field[i];
		const char *at = (const char *)s->into + f->offset;

		if (!f->must)
			continue;
		if (!(s->seen.bits >> i & 1) || (f->type == FORM_TEXT && !*at))
			return err_set(E_INVALID, "%s is missing", f->key);
	}
	return 0;
}

static void finish(struct reading *rd)
{
	int r;

	if (!rd->open || rd->late < 0)
		return;
	rd->open = false;
	r = complete(&rd->s);
	if (r == 0)
		r = rd->end(rd->arg, &rd->s);
	if (r >= 0)
		return;
	if (*rd->name)
		err_prefix(r, "[%s]", rd->name);
	err_prefix(r, "%s:%d", rd->path, rd->s.seen.line);
	rd->late = r;
	snprintf(rd->late_text, sizeof rd->late_text, "%s", err_text(r));
}

static int start(struct reading *rd, const char *name)
{
	int r;

	if (strlen(name) >= sizeof rd->name)
		return err_set(E_INVALID, "unknown section [%.40s...]", name);
	snprintf(rd->name, sizeof rd->name, "%s", name);
	memset(&rd->s, 0, sizeof rd->s);
	rd->s.name = rd->name;
	r = rd->begin(rd->arg, &rd->s);
	rd->open = r == 0;
	return r;
}

static int take_line(void *arg, const char *section, const char *key,
		     const char *value, bool more, int line)
{
	struct reading *rd = arg;
	int r = 0;

	if (strcmp(section, rd->name) != 0) {
		finish(rd);
		if (rd->late == 0)
			r = start(rd, section);
	}
	/* Nothing after a wrong section is of interest. */
	if (r < 0 || rd->late < 0)
		return r;
	return take(&rd->s, key, value, more, line);
}

int form_read(const char *path, const char *text, size_t len,
	      form_begin_fn *begin, form_end_fn *end, void *arg)
{
	struct reading rd = {
		.path = path, .begin = begin, .end = end, .arg = arg};
	int r;

	r = start(&rd, "");
	if (r == 0)
		r = conf_read_text(path, text, len, take_line, &rd);
	if (r == 0)
		finish(&rd);
	if (rd.late < 0)
		return err_set(rd.late, "%s", rd.late_text);
	return r;
}

bool form_given(const struct form_section *s, const char *key)
{
	for (int i = 0; i < s->n; i++)
		if (strcmp(s->field[i].key, key) == 0)
			return s->seen.bits >> i & 1;
	return false;
}
