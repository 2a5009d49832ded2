#include "daemon/web/fields.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/core/utf8.h"

static int add(struct fields *f, const struct field_value *v)
{
	if (f->n >= FIELDS_MAX)
		return err_set(E_TOOBIG, "more than %d fields", FIELDS_MAX);
	if (f->n == f->room) {
		int room = f->room ? f->room * 2 : 16;
		struct field_value *p =
			mem_realloc(f->v, (size_t)room * sizeof *p);

		if (!p)
			return err_set(E_NOMEM, "out of memory for a form");
		f->v = p;
		f->room = room;
	}
	f->v[f->n++] = *v;
	return 0;
}

bool fields_is_text(const char *s, size_t len)
{
	for (size_t i = 0; i < len;) {
		int n = utf8_len(s + i, len - i);

		if (n == 0)
			return false;
		if (utf8_is_control(s + i) && !strchr("\t\r\n", s[i]))
			return false;
		i += (size_t)n;
	}
	return true;
}

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

long fields_unescape(char *text, size_t len)
{
	size_t to = 0;

	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (c == '%') {
			int high = i + 1 < len ? hex(text[i + 1]) : -1;
			int low = i + 2 < len ? hex(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return -1;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (c == '\0')
			return -1;
		text[to++] = c;
	}
	text[to] = '\0';
	return (long)to;
}

static long decode(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] == '+')
			text[i] = ' ';
	return fields_unescape(text, len);
}

static int add_pair(struct fields *f, char *text, size_t len)
{
	char *equals = memchr(text, '=', len);
	size_t name_len = equals ? (size_t)(equals - text) : len;
	struct field_value v = {.name = text, .value = ""};
	long n, m = 0;

	/* The byte behind each part is a separator: it becomes the NUL. */
	n = decode(text, name_len);
	if (equals) {
		m = decode(equals + 1, len - name_len - 1);
		v.value = equals + 1;
		v.len = m < 0 ? 0 : (size_t)m;
	}
	if (n < 0 || m < 0 || !fields_is_text(text, (size_t)n) ||
	    !fields_is_text(v.value, v.len))
		return err_set(E_INVALID, "a field is not UTF-8 text");
	return add(f, &v);
}

int fields_urlencoded(struct fields *f, char *text, size_t len)
{
	char *end = text + len;

	*end = '\0';
	while (text < end) {
		char *amp = memchr(text, '&', (size_t)(end - text));
		char *stop = amp ? amp : end;
		int r = 0;

		if (stop > text)
			r = add_pair(f, text, (size_t)(stop - text));
		if (r < 0)
			return r;
		text = stop + 1;
	}
	return 0;
}

static char *trim(char *s)
{
	size_t n;

	s += strspn(s, " \t");
	n = strlen(s);
	while (n > 0 && (s[n - 1] == ' ' || s[n - 1] == '\t'))
		s[--n] = '\0';
	return s;
}

int fields_cookies(struct fields *f, char *header)
{
	char *next;

	for (char *part = header; part; part = next) {
		struct field_value v = {0};
		char *equals;
		int r;

		next = strchr(part, ';');
		if (next)
			*next++ = '\0';
		equals = strchr(part, '=');
		if (!equals)
			continue;
		*equals = '\0';
		v.name = trim(part);
		v.value = trim(equals + 1);
		v.len = strlen(v.value);
		if (!*v.name || !fields_is_text(v.name, strlen(v.name)) ||
		    !fields_is_text(v.value, v.len))
			continue;
		r = add(f, &v);
		if (r == E_TOOBIG)
			return 0;
		if (r < 0)
			return r;
	}
	return 0;
}

void fields_fini(struct fields *f)
{
	mem_free(f->v);
	*f = (struct fields){0};
}

const struct field_value *fields_find(const struct fields *f, const char *name)
{
	for (int i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0)
			return &f->v[i];
	return NULL;
}

const char *fields_get(const struct fields *f, const char *name)
{
	const struct field_value *v = fields_find(f, name);

	return v ? v->value : NULL;
}

/* --- multipart --- */

static bool begins(const char *s, const char *with)
{
	return strncasecmp(s, with, strlen(with)) == 0;
}

bool fields_boundary(const char *type, char out[71])
{
	const char *p;
	size_t n;

	if (!begins(type, "multipart/form-data"))
		return false;
	p = strchr(type, ';');
	while (p && !begins(p + 1 + strspn(p + 1, " \t"), "boundary="))
		p = strchr(p + 1, ';');
	if (!p)
		return false;
	p = strchr(p, '=') + 1;
	if (*p == '"') {
		p++;
		n = strcspn(p, "\"");
		if (p[n] != '"')
			return false;
	} else {
		n = strcspn(p, "; \t");
	}
	if (n < 1 || n > 70)
		return false;
	memcpy(out, p, n);
	out[n] = '\0';
	return true;
}

/* Quoted parameters of a Content-Disposition: name and filename, each ended
 * with a NUL where its quote was. */
static int take_parameters(char *line, struct field_value *v)
{
	char *p = strchr(line, ';');

	while (p) {
		char *key = p + 1 + strspn(p + 1, " \t"), *value, *end;

		value = strchr(key, '=');
		if (!value || value[1] != '"')
			return -1;
		*value = '\0';
		value += 2;
		end = strchr(value, '"');
		if (!end)
			return -1;
		*end = '\0';
		/* Browsers write a quote or line end inside as %22, %0D, %0A;
		 * a name with other percent signs stays as it is. */
		if (strcasecmp(key, "name") == 0 && !v->name)
			v->name = value;
		else if (strcasecmp(key, "filename") == 0 && !v->file)
			v->file = value;
		p = strchr(end + 1, ';');
	}
	return v->name && *v->name ? 0 : -1;
}

static int take_headers(char *head, struct field_value *v)
{
	int r = -1;

	for (char *line = head, *next; line; line = next) {
		next = strstr(line, "\r\n");
		if (next) {
			*next = '\0';
			next += 2;
		}
		if (begins(line, "Content-Disposition:")) {
			if (r == 0)
				return -1;
			r = take_parameters(line, v);
			if (r < 0)
				return r;
		} else if (begins(line, "Content-Type:")) {
			v->type = trim(line + strlen("Content-Type:"));
		}
	}
	return r;
}

static char *find(char *in, const char *end, const char *what, size_t n)
{
	return in < end ? memmem(in, (size_t)(end - in), what, n) : NULL;
}

/* One part, from behind its boundary line to before the next boundary. */
static int take_part(struct fields *f, char *from, char *to)
{
	struct field_value v = {.type = ""};
	char *body = find(from, to, "\r\n\r\n", 4);

	if (!body || memchr(from, '\0', (size_t)(body - from)))
		goto bad;
	*body = '\0';
	v.value = body + 4;
	v.len = (size_t)(to - v.value);
	*to = '\0';
	if (take_headers(from, &v) < 0 ||
	    !fields_is_text(v.name, strlen(v.name)) ||
	    !fields_is_text(v.type, strlen(v.type)) ||
	    !(v.file ? fields_is_text(v.file, strlen(v.file))
		     : fields_is_text(v.value, v.len)))
		goto bad;
	return add(f, &v);
bad:
	return err_set(E_INVALID, "a part of the form is not as it should be");
}

/* The bytes from one boundary to the next are a part; before a boundary stands
 * a line end that belongs to it, but before the first. */
int fields_multipart(struct fields *f, char *body, size_t len,
		     const char *boundary)
{
	char mark[80], *end = body + len, *p;
	size_t n;

	snprintf(mark, sizeof mark, "\r\n--%s", boundary);
	n = strlen(mark);
	p = len >= n - 2 && memcmp(body, mark + 2, n - 2) == 0
		    ? body - 2
		    : find(body, end, mark, n);
	while (p) {
		char *from = p + n, *to;
		int r;

		if (end - from >= 2 && from[0] == '-' && from[1] == '-')
			return 0;
		if (end - from < 2 || from[0] != '\r' || from[1] != '\n')
			break;
		to = find(from + 2, end, mark, n);
		if (!to)
			break;
		r = take_part(f, from + 2, to);
		if (r < 0)
			return r;
		p = to;
	}
	return err_set(E_INVALID, "the form is cut off");
}
