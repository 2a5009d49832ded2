#include "daemon/web/page_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/secret.h"

static char *trimmed(struct page *p, const char *s)
{
	static const char blank[] = " \t\r\n";
	size_t n;
	char *out;

	s += strspn(s, blank);
	n = strlen(s);
	while (n > 0 && strchr(blank, s[n - 1]))
		n--;
	out = arena_alloc(&p->a, n + 1);
	if (out)
		memcpy(out, s, n);
	return out;
}

const char *page_form(struct page *p, const char *name)
{
	const struct field_value *v = fields_find(&p->req->form, name);
	const char *text = v && !v->file ? trimmed(p, v->value) : NULL;

	return text && *text ? text : NULL;
}

const char *const *page_form_all(struct page *p, const char *name, int *n)
{
	const struct fields *f = &p->req->form;
	const char **out = arena_alloc(&p->a, ((size_t)f->n + 1) * sizeof *out);

	*n = 0;
	for (int i = 0; out && i < f->n; i++)
		if (!f->v[i].file && strcmp(f->v[i].name, name) == 0 &&
		    f->v[i].len)
			out[(*n)++] = f->v[i].value;
	return out;
}

const struct field_value *page_file(struct page *p, const char *name)
{
	const struct field_value *v = fields_find(&p->req->form, name);

	return v && v->file && (*v->file || v->len) ? v : NULL;
}

int page_form_int(struct page *p, const char *name, int64_t min, int64_t max,
		  int64_t *out)
{
	const char *text = page_form(p, name);
	long long v;
	int used = 0;

	if (!text)
		return 0;
	if (strlen(text) < 19 && sscanf(text, "%lld%n", &v, &used) == 1 &&
	    !text[used] && v >= min && v <= max) {
		*out = v;
		return 0;
	}
	page_error(p, name, "Enter a whole number from %lld to %lld",
		   (long long)min, (long long)max);
	return E_INVALID;
}

/* As the browser's date field sends it, or as people here write it:
 * 11/24/2026. */
int page_form_date(struct page *p, const char *name, int32_t *out)
{
	const char *text = page_form(p, name);
	int y, m, d, used = 0;
	char iso[40];

	if (!text)
		return 0;
	if (date_parse(text, out) == 0)
		return 0;
	if (sscanf(text, "%2d/%2d/%4d%n", &m, &d, &y, &used) == 3 &&
	    !text[used]) {
		snprintf(iso, sizeof iso, "%04d-%02d-%02d", y, m, d);
		if (date_parse(iso, out) == 0)
			return 0;
	}
	page_error(p, name, "Enter a date that exists, like 11/24/2026");
	return E_INVALID;
}

int page_form_text(struct page *p, const char *name, char *out, size_t size)
{
	const char *text = page_form(p, name);

	out[0] = '\0';
	if (!text)
		return 0;
	if (strlen(text) < size) {
		memcpy(out, text, strlen(text) + 1);
		return 0;
	}
	page_error(p, name, "Enter at most %zu characters", size - 1);
	return E_INVALID;
}

/* --- drawing a form --- */

bool page_again(struct page *p)
{
	return p->call->again;
}

static const struct fields *refilled(struct page *p)
{
	if (p->call->again)
		return &p->req->form;
	return p->call->draft_text ? &p->call->draft : NULL;
}

const char *page_value(struct page *p, const char *name, const char *stored)
{
	const struct fields *f = refilled(p);
	const char *v;

	if (!f)
		return stored;
	v = fields_get(f, name);
	return v ? v : "";
}

bool page_chosen(struct page *p, const char *name, const char *value,
		 bool stored)
{
	const struct fields *f = refilled(p);

	if (!f)
		return stored;
	for (int i = 0; i < f->n; i++)
		if (strcmp(f->v[i].name, name) == 0 &&
		    strcmp(f->v[i].value, value) == 0)
			return true;
	return false;
}

const struct tpl_csrf *page_csrf(struct page *p)
{
	struct page_call *c = p->call;
	char text[SECRET_TOKEN];

	if (!c->session.account)
		return NULL;
	if (!c->csrf.token)
		c->csrf.token = arena_dup(
			&p->a, session_csrf(c->s->accounts, &c->session, text));
	return &c->csrf;
}

void page_error(struct page *p, const char *field, const char *fmt, ...)
{
	struct page_fault *f;
	char text[1200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	f = arena_add(&p->call->fault);
	if (!f)
		return;
	f->field = arena_dup(&p->a, field);
	f->text = arena_dup(&p->a, text);
}

const char *page_error_of(struct page *p, const char *field)
{
	const struct page_fault *f = p->call->fault.items;

	for (size_t i = 0; i < p->call->fault.n; i++)
		if (f[i].field && strcmp(f[i].field, field) == 0)
			return f[i].text;
	return NULL;
}

int page_errors(struct page *p)
{
	return (int)p->call->fault.n;
}

int page_refuse(struct page *p, int r, const char *field)
{
	if (r != E_INVALID && r != E_STATE && r != E_EXISTS)
		return r;
	page_error(p, field, "%s", err_text(r));
	return 0;
}
