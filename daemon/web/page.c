#include "daemon/web/page_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/web/secret.h"

void page_init(struct page_call *c, struct pages *s, struct http_request *q)
{
	struct page *p = &c->p;

	arena_init(&p->a);
	p->call = c;
	p->req = c->req = q;
	p->site = s->hooks->site;
	p->now_utc_ms = clock_utc_ms(s->how.clock);
	p->today = date_of_utc(p->now_utc_ms);
	p->lang = lang_of(q->language);
	c->s = s;
	c->fault = (struct arena_list){.arena = &p->a,
				       .size = sizeof(struct page_fault)};
	c->seen = (struct arena_list){.arena = &p->a,
				      .size = sizeof(struct page_seen)};
}

void page_reset(struct page_call *c)
{
	if (c->begun)
		html_fini(&c->html);
	c->begun = false;
	mem_free(c->bytes.buf);
	c->bytes = (struct page_bytes){0};
	c->type = c->filename = NULL;
	c->nav = NULL;
	c->head = (struct tpl_layout_head){0};
	c->n_foot = 0;
	c->status = 0;
}

void page_fini(struct page_call *c)
{
	page_reset(c);
	fields_fini(&c->draft);
	mem_free(c->draft_text);
	mem_free(c->reply.body);
	arena_fini(&c->p.a);
}

__attribute__((format(printf, 2, 0))) static char *
format(struct page *p, const char *fmt, va_list ap)
{
	char text[2048];
	int n = vsnprintf(text, sizeof text, fmt, ap);

	if (n < 0 || (size_t)n >= sizeof text) {
		p->a.failed = true;
		return NULL;
	}
	return arena_dup(&p->a, text);
}

const char *page_who(struct page_call *c)
{
	if (c->p.who)
		return arena_str(&c->p.a, "user:%s", c->person.name);
	return c->req->address[0]
		       ? arena_str(&c->p.a, "address:%s", c->req->address)
		       : "address:unknown";
}

/* --- what was asked --- */

const char *page_param(struct page *p, const char *name)
{
	for (int i = 0; i < p->call->n_params; i++)
		if (strcmp(p->call->param[i].name, name) == 0)
			return p->call->param[i].value;
	return NULL;
}

static int whole(const char *text, int64_t *out)
{
	bool minus = *text == '-';
	int64_t v = 0;

	text += minus;
	if (!*text)
		return E_INVALID;
	for (; *text; text++)
		if (*text < '0' || *text > '9' ||
		    __builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, *text - '0', &v))
			return E_INVALID;
	*out = minus ? -v : v;
	return 0;
}

int page_param_id(struct page *p, const char *name, int64_t *out)
{
	const char *text = page_param(p, name);

	if (!text || whole(text, out) < 0 || *out < 1)
		return err_set(E_NOTFOUND, "there is nothing at this address");
	return 0;
}

const char *page_query(struct page *p, const char *name)
{
	const char *v = fields_get(&p->req->query, name);

	return v && *v ? v : NULL;
}

int64_t page_query_int(struct page *p, const char *name, int64_t min,
		       int64_t max, int64_t initial)
{
	const char *text = page_query(p, name);
	int64_t v;

	if (!text || whole(text, &v) < 0 || v < min || v > max)
		return initial;
	return v;
}

/* --- the reply --- */

void page_title(struct page *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	p->call->head.title = p->call->head.heading = format(p, fmt, ap);
	va_end(ap);
}

struct tpl_layout_head *page_head(struct page *p)
{
	return &p->call->head;
}

void page_nav(struct page *p, const char *key)
{
	p->call->nav = key;
}

void page_crumb(struct page *p, const char *href, const char *fmt, ...)
{
	struct page_call *c = p->call;
	struct tpl_layout_head_crumbs *k = &c->crumb[c->head.crumbs_n];
	va_list ap;

	if (c->head.crumbs_n == PAGE_CRUMBS)
		return;
	va_start(ap, fmt);
	k->title = format(p, fmt, ap);
	va_end(ap);
	k->href = arena_dup(&p->a, href);
	c->head.crumbs = c->crumb;
	c->head.crumbs_n++;
}

void page_foot(struct page *p, const char *fmt, ...)
{
	struct page_call *c = p->call;
	va_list ap;

	if (c->n_foot == PAGE_FOOT)
		return;
	va_start(ap, fmt);
	c->foot[c->n_foot++].text = format(p, fmt, ap);
	va_end(ap);
}

struct html *page_body(struct page *p)
{
	struct page_call *c = p->call;

	if (!c->begun) {
		c->begun = true;
		html_init(&c->html);
		c->html.lang = p->lang;
		page_layout_begin(c);
	}
	return &c->html;
}

void page_download(struct page *p, const char *type, const char *filename)
{
	p->call->type = arena_dup(&p->a, type);
	p->call->filename = filename ? arena_dup(&p->a, filename) : NULL;
}

void page_put(struct page *p, const void *bytes, size_t len)
{
	struct page_bytes *b = &p->call->bytes;

	if (len > b->room - b->len) {
		size_t room = (b->room + len) * 2 + 1024;
		char *buf = mem_realloc(b->buf, room);

		if (!buf) {
			p->a.failed = true;
			return;
		}
		b->buf = buf;
		b->room = room;
	}
	memcpy(b->buf + b->len, bytes, len);
	b->len += len;
}

/* RFC 4180. What a spreadsheet would take for a formula gets a quote in front,
 * which it shows as text (OWASP, CSV injection). */
void page_cell(struct page *p, const char *text)
{
	if (p->call->row_begun)
		page_put(p, ",", 1);
	p->call->row_begun = true;
	if (!text)
		return;
	page_put(p, "\"", 1);
	if (*text && strchr("=+-@\t\r", *text))
		page_put(p, "'", 1);
	for (; *text; text++) {
		if (*text == '"')
			page_put(p, "\"", 1);
		page_put(p, text, 1);
	}
	page_put(p, "\"", 1);
}

void page_cell_int(struct page *p, int64_t v)
{
	char text[24];
	int n = snprintf(text, sizeof text, "%lld", (long long)v);

	if (p->call->row_begun)
		page_put(p, ",", 1);
	p->call->row_begun = true;
	page_put(p, text, (size_t)n);
}

void page_row_end(struct page *p)
{
	page_put(p, "\r\n", 2);
	p->call->row_begun = false;
}

void page_status(struct page *p, int status)
{
	p->call->status = status;
}

void page_redirect(struct page *p, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	p->call->redirect = format(p, fmt, ap);
	va_end(ap);
}

void page_note(struct page *p, const char *undo, const char *value,
	       const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	p->call->note = format(p, fmt, ap);
	va_end(ap);
	p->call->undo = arena_dup(&p->a, undo);
	p->call->undo_value = arena_dup(&p->a, value);
}

int page_later(struct page *p, void (*run)(struct page *p), page_fn *then)
{
	p->call->run = run;
	p->call->then = then;
	return PAGE_LATER;
}

void page_set_data(struct page *p, void *data)
{
	p->call->data = data;
}

void *page_data(struct page *p)
{
	return p->call->data;
}

/* --- the audit --- */

void page_see(struct page *p, enum page_act act, const char *record, int64_t id)
{
	struct page_seen *e = arena_add(&p->call->seen);

	if (e)
		*e = (struct page_seen){act, record, id};
}

void page_saw(struct page *p, const char *record, int64_t id)
{
	page_see(p, ACT_VIEWED, record, id);
}

void page_searched(struct page *p, const char *record)
{
	page_see(p, ACT_SEARCHED, record, 0);
}

void page_exported(struct page *p, const char *record, int64_t id)
{
	page_see(p, ACT_EXPORTED, record, id);
}

void page_denied(struct page *p, const char *record, int64_t id)
{
	page_see(p, ACT_DENIED, record, id);
}

const char *page_url(struct page *p, const char *text)
{
	static const char digit[] = "0123456789ABCDEF";
	char *out = arena_alloc(&p->a, 3 * strlen(text) + 1);
	size_t n = 0;

	for (; out && *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || strchr("-._~", c)) {
			out[n++] = (char)c;
		} else {
			out[n++] = '%';
			out[n++] = digit[c >> 4];
			out[n++] = digit[c & 15];
		}
	}
	return out;
}

/* Noon of the civil day is known; on the two days a year on which clocks are
 * changed, the hours before that are one off. */
const char *page_when(int64_t utc_ms, char out[24])
{
	int32_t day = date_of_utc(utc_ms);
	int64_t minute =
		12 * 60 + (utc_ms - date_noon_utc_ms(day)) / (60 * 1000);
	char text[DATE_TEXT];

	if (minute < 0)
		minute = 0;
	snprintf(out, 24, "%s %02d:%02d", date_format(day, text),
		 (int)(minute / 60), (int)(minute % 60));
	return out;
}

/* --- for the dispatcher --- */

static const char *disposition(struct page_call *c)
{
	char safe[120];
	size_t n = 0;

	for (const char *s = c->filename; *s && n < sizeof safe - 1; s++)
		safe[n++] = (*s >= 'a' && *s <= 'z') ||
					    (*s >= 'A' && *s <= 'Z') ||
					    (*s >= '0' && *s <= '9') ||
					    strchr("-_.", *s)
				    ? *s
				    : '-';
	safe[n] = '\0';
	return arena_str(&c->p.a, "attachment; filename=\"%s\"", safe);
}

int page_take(struct page_call *c, struct http_reply *out)
{
	int r = arena_check(&c->p.a);

	if (r < 0)
		return r;
	out->status = c->status;
	if (c->type) {
		out->type = c->type;
		out->body = c->bytes.buf;
		out->len = c->bytes.len;
		c->bytes = (struct page_bytes){0};
		if (c->filename) {
			out->more[0].name = "Content-Disposition";
			out->more[0].value = disposition(c);
		}
		return arena_check(&c->p.a);
	}
	page_body(&c->p);
	page_layout_end(c);
	r = html_take(&c->html, &out->body, &out->len);
	out->type = "text/html; charset=utf-8";
	return r;
}
