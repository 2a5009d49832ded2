#include "daemon/web/http_impl.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	SENDING_MS = 120 * 1000,
	KEPT = 11, /* headers that are kept */
};

enum kept {
	KEEP_HOST,
	KEEP_ORIGIN,
	KEEP_SITE,
	KEEP_ETAG,
	KEEP_LANGUAGE,
	KEEP_AGENT,
	KEEP_CODING,
	KEEP_TYPE,
	KEEP_FORWARDED,
	KEEP_USER,
	KEEP_AUTHORIZATION,
};
static const char *const KEPT_NAME[KEPT] = {
	[KEEP_HOST] = "Host",
	[KEEP_ORIGIN] = "Origin",
	[KEEP_SITE] = "Sec-Fetch-Site",
	[KEEP_ETAG] = "If-None-Match",
	[KEEP_LANGUAGE] = "Accept-Language",
	[KEEP_AGENT] = "User-Agent",
	[KEEP_CODING] = "Accept-Encoding",
	[KEEP_TYPE] = "Content-Type",
	[KEEP_FORWARDED] = "X-Forwarded-For",
	[KEEP_USER] = "X-Remote-User",
	[KEEP_AUTHORIZATION] = "Authorization",
};

struct request {
	struct http_request q; /* first: a pointer to it is one to this */
	struct http *h;
	struct MHD_Connection *c;
	char *target, *uri, *cookies, *body; /* uri: decoded in place */
	const char *header[KEPT];	     /* lent by the library */
	int times[KEPT];
	int lengths, codings, cookie_lines;
	unsigned long long length;
	bool bad_length;
	size_t len, room, max;
	bool begun, too_big;
	bool served, suspended, answered; /* answered: by the site */
	struct http_reply reply;
};

/* --- sending --- */

static enum MHD_Result send_now(struct request *r)
{
	static char none[1];
	struct http_reply *p = &r->reply;
	unsigned status = p->status ? (unsigned)p->status : 200;
	enum MHD_Result x;
	struct MHD_Response *m;

	m = MHD_create_response_from_buffer(p->len, p->body ? p->body : none,
					    MHD_RESPMEM_MUST_COPY);
	if (!m)
		return MHD_NO;
	http_add_headers(r->h, m);
	MHD_add_response_header(m, "Cache-Control", "no-store");
	if (p->type)
		MHD_add_response_header(m, "Content-Type", p->type);
	if (p->close)
		MHD_add_response_header(m, "Connection", "close");
	for (int i = 0; i < HTTP_MORE && p->more[i].name; i++)
		MHD_add_response_header(m, p->more[i].name, p->more[i].value);
	x = MHD_queue_response(r->c, status, m);
	MHD_destroy_response(m);
	http_deadline(r->h, r->c, SENDING_MS);
	return x;
}

static void take_reply(struct request *r, const struct http_reply *p)
{
	mem_free(r->reply.body);
	r->reply = *p;
}

static void text_reply(struct http_reply *p, int status, const char *text)
{
	*p = (struct http_reply){.status = status,
				 .type = "text/plain; charset=utf-8",
				 .body = mem_strdup(text)};
	p->len = p->body ? strlen(p->body) : 0;
}

/* Its headers' values are the site's until its done() is called, which is after
 * they were sent. */
void http_answer(struct http_request *q, struct http_reply *p)
{
	struct request *r = (struct request *)q;
	struct http *h = r->h;

	take_reply(r, p);
	p->body = NULL;
	r->answered = true;
	if (!r->suspended)
		return;
	r->suspended = false;
	MHD_resume_connection(r->c);
	MHD_run(h->mhd); /* @r may be gone after this */
	http_settled(h);
}

void http_say(struct http_request *q, int status, const char *text)
{
	struct http_reply p;

	text_reply(&p, status, text);
	http_answer(q, &p);
}

/* Refuse before the body was read: what follows can't be told apart from it,
 * so the connection ends. */
static enum MHD_Result refuse(struct request *r, int status, const char *text)
{
	struct http_reply p;

	text_reply(&p, status, text);
	p.close = true;
	if (status == 405) {
		p.more[0].name = "Allow";
		p.more[0].value = "GET, HEAD, POST";
	}
	take_reply(r, &p);
	return send_now(r);
}

/* --- the header --- */

void *http_on_uri(void *arg, const char *uri, struct MHD_Connection *c)
{
	struct request *r = mem_calloc(1, sizeof *r);

	if (!r)
		return NULL;
	r->h = arg;
	r->c = c;
	r->target = mem_strdup(uri);
	r->uri = mem_strdup(uri);
	return r;
}

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind,
				 const char *key, const char *value)
{
	struct request *r = arg;
	char *end;

	if (!value)
		value = "";
	if (strcasecmp(key, "Content-Length") == 0) {
		r->lengths++;
		r->length = strtoull(value, &end, 10);
		r->bad_length |= *value < '0' || *value > '9' || *end;
	} else if (strcasecmp(key, "Transfer-Encoding") == 0) {
		r->codings++;
	} else if (strcasecmp(key, "Cookie") == 0) {
		char *more = mem_printf("%s%s%s", r->cookies ? r->cookies : "",
					r->cookies ? "; " : "", value);

		mem_free(r->cookies);
		r->cookies = more;
		return more ? MHD_YES : MHD_NO;
	}
	for (int i = 0; i < KEPT; i++) {
		if (strcasecmp(key, KEPT_NAME[i]) == 0) {
			r->header[i] = value;
			r->times[i]++;
		}
	}
	return MHD_YES;
}

static bool is_loopback_name(const char *host)
{
	static const char *const name[] = {"localhost", "127.0.0.1", "[::1]"};

	for (int i = 0; i < 3; i++) {
		size_t n = strlen(name[i]);

		if (strncasecmp(host, name[i], n) == 0 &&
		    (host[n] == '\0' || host[n] == ':'))
			return true;
	}
	return false;
}

/* "gzip" among the codings, and not with q=0. */
static bool takes_gzip(const char *coding)
{
	const char *p = coding ? strstr(coding, "gzip") : NULL;

	if (!p)
		return false;
	p += strlen("gzip");
	p += strspn(p, " ");
	return !(*p == ';' &&
		 (strstr(p, "q=0,") == p + 1 || strcmp(p + 1, "q=0") == 0));
}

static void take_peer(struct request *r)
{
	const union MHD_ConnectionInfo *i = MHD_get_connection_info(
		r->c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *a = i ? i->client_addr : NULL;
	const char *f = r->header[KEEP_FORWARDED], *last;
	char *out = r->q.address;

	if (r->h->trusted) {
		/* The last is the one that our proxy has seen. */
		last = f ? strrchr(f, ',') : NULL;
		last = last ? last + 1 + strspn(last + 1, " ") : f;
		if (last)
			snprintf(out, HTTP_ADDRESS, "%s", last);
	} else if (a && a->sa_family == AF_INET) {
		inet_ntop(AF_INET, &((const struct sockaddr_in *)a)->sin_addr,
			  out, HTTP_ADDRESS);
	} else if (a && a->sa_family == AF_INET6) {
		inet_ntop(AF_INET6,
			  &((const struct sockaddr_in6 *)a)->sin6_addr, out,
			  HTTP_ADDRESS);
	}
}

static void take_headers(struct request *r)
{
	struct http_request *q = &r->q;

	q->host = r->header[KEEP_HOST];
	q->origin = r->header[KEEP_ORIGIN];
	q->fetch_site = r->header[KEEP_SITE];
	q->etag = r->header[KEEP_ETAG];
	q->language = r->header[KEEP_LANGUAGE];
	q->agent = r->header[KEEP_AGENT];
	q->authorization = r->header[KEEP_AUTHORIZATION];
	q->gzip = takes_gzip(r->header[KEEP_CODING]);
	q->trusted = r->h->trusted;
	q->secure = r->h->tls || r->h->trusted;
	/* Anybody may send the header; only the proxy's is believed. */
	q->user = r->h->trusted ? r->header[KEEP_USER] : NULL;
	take_peer(r);
}

/* 0, or the status to refuse with; *why a sentence. */
static int check_framing(struct request *r, const char **why)
{
	*why = "The request's length is ambiguous.\n";
	if (r->lengths > 1 || r->codings > 1 || (r->lengths && r->codings) ||
	    r->bad_length)
		return 400;
	*why = "Say one Host.\n";
	if (r->times[KEEP_HOST] != 1)
		return 400;
	*why = "This is not that host.\n";
	if (r->h->loopback && !is_loopback_name(r->header[KEEP_HOST]))
		return 421;
	*why = "Say who it is once.\n";
	if (r->h->trusted && r->times[KEEP_USER] > 1)
		return 400;
	return 0;
}

/* Path and query, decoded by ourselves: the library would take %00 and give
 * back what is no text. */
static int take_uri(struct request *r)
{
	char *mark = strchr(r->uri, '?');
	long n;

	if (mark)
		*mark = '\0';
	n = fields_unescape(r->uri, strlen(r->uri));
	if (n < 1 || r->uri[0] != '/' || !fields_is_text(r->uri, (size_t)n))
		return E_INVALID;
	r->q.path = r->uri;
	r->q.target = r->target;
	return mark ? fields_urlencoded(&r->q.query, mark + 1, strlen(mark + 1))
		    : 0;
}

static int method_of(const char *name)
{
	if (strcmp(name, "GET") == 0 || strcmp(name, "HEAD") == 0)
		return HTTP_GET;
	return strcmp(name, "POST") == 0 ? HTTP_POST : 0;
}

static enum MHD_Result begin(struct request *r, const char *method)
{
	struct http *h = r->h;
	const char *why;
	int status;

	r->begun = true;
	http_deadline(h, r->c, h->request_ms);
	if (!r->uri || !r->target)
		return MHD_NO;
	MHD_get_connection_values(r->c, MHD_HEADER_KIND, on_header, r);
	status = check_framing(r, &why);
	if (status)
		return refuse(r, status, why);
	r->q.method = (enum http_method)method_of(method);
	r->q.head = strcmp(method, "HEAD") == 0;
	if (!r->q.method)
		return refuse(r, 405, "Only GET and POST work here.\n");
	if (take_uri(r) < 0)
		return refuse(r, 400, "This is not an address.\n");
	take_headers(r);
	if (r->cookies && fields_cookies(&r->q.cookie, r->cookies) < 0)
		return MHD_NO;
	if (h->closing)
		return refuse(r, 503, "Closing.\n");
	if (r->q.method == HTTP_POST)
		r->max = h->site.body_max(h->site.arg, &r->q);
	if (r->length > r->max || (r->codings && r->q.method != HTTP_POST))
		return refuse(r, 413, "That is more than is taken here.\n");
	return MHD_YES;
}

/* --- the body --- */

/* Too much of it is read to its end and forgotten: the library can't answer in
 * between. Its deadline, and this, end it. */
static enum MHD_Result take_upload(struct request *r, const char *data,
				   size_t *size)
{
	size_t n = *size;

	*size = 0;
	if (n > r->max - r->len)
		r->too_big = true;
	if (r->too_big) {
		r->len = r->max;
		return MHD_YES;
	}
	/* One byte more for the end that the parsers write. */
	if (r->len + n + 1 > r->room) {
		size_t room = (r->len + n) * 2 + 1024;
		char *p;

		if (room > r->max + 1)
			room = r->max + 1;
		p = mem_realloc(r->body, room);
		if (!p)
			return MHD_NO;
		r->body = p;
		r->room = room;
	}
	memcpy(r->body + r->len, data, n);
	r->len += n;
	return MHD_YES;
}

static bool is_urlencoded(const char *type)
{
	static const char name[] = "application/x-www-form-urlencoded";
	size_t n = sizeof name - 1;

	return strncasecmp(type, name, n) == 0 &&
	       (type[n] == '\0' || type[n] == ';' || type[n] == ' ');
}

/* 0, or the status to refuse with. */
static int take_form(struct request *r)
{
	const char *type = r->header[KEEP_TYPE];
	char boundary[71];
	int x;

	if (r->too_big)
		return 413;
	if (r->len == 0)
		return 0;
	if (type && is_urlencoded(type))
		x = fields_urlencoded(&r->q.form, r->body, r->len);
	else if (type && fields_boundary(type, boundary))
		x = fields_multipart(&r->q.form, r->body, r->len, boundary);
	else
		return 415;
	if (x == E_TOOBIG)
		return 413;
	return x < 0 ? 400 : 0;
}

static enum MHD_Result serve(struct request *r)
{
	struct http *h = r->h;
	int status = take_form(r);
	enum MHD_Result result;

	if (status)
		return refuse(
			r, status,
			status == 413	? "That is more than is taken here.\n"
			: status == 415 ? "Only forms are taken here.\n"
					: "The form is not as it should be.\n");
	/* Only now: a reply to a header alone makes the library close. */
	if (r->q.method == HTTP_GET &&
	    http_asset_serve(h, r->c, &r->q, &result)) {
		http_deadline(h, r->c, SENDING_MS);
		return result;
	}
	r->served = true;
	http_deadline(h, r->c, 0);
	h->site.serve(h->site.arg, &r->q);
	if (r->answered)
		return send_now(r);
	h->under_way++;
	r->suspended = true;
	MHD_suspend_connection(r->c);
	return MHD_YES;
}

enum MHD_Result http_on_request(void *arg, struct MHD_Connection *c,
				const char *url, const char *method,
				const char *version, const char *upload,
				size_t *upload_size, void **state)
{
	struct request *r = *state;

	if (!r)
		return MHD_NO;
	if (!r->begun)
		return begin(r, method);
	if (r->answered)
		return send_now(r);
	if (*upload_size)
		return take_upload(r, upload, upload_size);
	return serve(r);
}

void http_on_completed(void *arg, struct MHD_Connection *c, void **state,
		       enum MHD_RequestTerminationCode why)
{
	struct request *r = *state;
	struct http *h = arg;

	http_deadline(h, c, h->header_ms);
	*state = NULL;
	if (!r)
		return;
	if (r->served && h->site.done)
		h->site.done(h->site.arg, &r->q);
	fields_fini(&r->q.query);
	fields_fini(&r->q.form);
	fields_fini(&r->q.cookie);
	mem_free(r->reply.body);
	mem_free(r->target);
	mem_free(r->uri);
	mem_free(r->cookies);
	mem_free(r->body);
	mem_free(r);
}
