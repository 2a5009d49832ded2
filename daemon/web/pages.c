#include "daemon/web/page_impl.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/web/asset.h"
#include "daemon/web/draft.h"
#include "daemon/web/throttle.h"

enum { TIDY_MS = 10 * 60 * 1000, NOTE_MS = 10 * 60 * 1000, PEM_MAX = 65536 };

/* --- readers --- */

struct db *pages_take_reader(struct pages *s)
{
	struct db *db = NULL;

	uv_mutex_lock(&s->lock);
	if (s->n_readers > 0)
		db = s->reader[--s->n_readers];
	uv_mutex_unlock(&s->lock);
	if (!db && s->hooks->reader(s->hooks->site, &db) < 0)
		return NULL;
	return db;
}

void pages_give_reader(struct pages *s, struct db *db)
{
	uv_mutex_lock(&s->lock);
	if (s->n_readers < PAGE_READERS) {
		s->reader[s->n_readers++] = db;
		db = NULL;
	}
	uv_mutex_unlock(&s->lock);
	db_close(db);
}

/* --- notes --- */

static void forget_note(struct kept_note *n)
{
	mem_free(n->text);
	mem_free(n->undo);
	mem_free(n->value);
	*n = (struct kept_note){.text = NULL};
}

/* In memory only: it may name a child. The oldest makes place. */
void pages_keep_note(struct page_call *c)
{
	struct pages *s = c->s;
	struct kept_note *n = &s->note[s->next_note];

	if (!c->session.account)
		return;
	s->next_note = (s->next_note + 1) % PAGE_NOTES;
	forget_note(n);
	memcpy(n->session, c->session.hash, sizeof n->session);
	n->at_utc_ms = c->p.now_utc_ms;
	n->text = mem_strdup(c->note);
	if (c->undo)
		n->undo = mem_strdup(c->undo);
	if (c->undo_value)
		n->value = mem_strdup(c->undo_value);
}

void pages_take_note(struct page_call *c)
{
	struct pages *s = c->s;

	if (!c->p.who)
		return;
	for (int i = 0; i < PAGE_NOTES; i++) {
		struct kept_note *n = &s->note[i];

		if (!n->text || sodium_memcmp(n->session, c->session.hash,
					      sizeof n->session) != 0)
			continue;
		if (c->p.now_utc_ms - n->at_utc_ms < NOTE_MS) {
			c->flash = arena_dup(&c->p.a, n->text);
			c->flash_undo = arena_dup(&c->p.a, n->undo);
			c->flash_value = arena_dup(&c->p.a, n->value);
		}
		forget_note(n);
	}
}

/* --- beginning --- */

static void on_tidy(uv_timer_t *t)
{
	struct accounts *a = ((struct pages *)t->data)->accounts;
	int r = session_tidy(a);

	if (r == 0)
		r = throttle_tidy(a);
	if (r == 0)
		r = draft_tidy(a);
	if (r < 0)
		log_warn("tidy_failed", "why=\"%s\"", err_text(r));
}

/* Uploads only from who is signed in: memory is not for everybody. */
static size_t body_max(void *arg, const struct http_request *q)
{
	struct page_call c = {.s = arg,
			      .req = (struct http_request *)(uintptr_t)q};
	const struct page_route *route;
	struct person who;
	const char *token;
	bool other;

	route = pages_route(arg, PAGE_POST, q->path, NULL, &other);
	if (!route || !(route->flags & PAGE_UPLOAD))
		return HTTP_FORM;
	token = fields_get(&q->cookie, pages_cookie(&c));
	if (!token ||
	    session_find(c.s->accounts, token, &c.session, &who) != 0 ||
	    !(who.roles & route->roles))
		return HTTP_FORM;
	return PAGE_UPLOAD_MAX;
}

static int read_pem(struct pages *s, const char *file, const char *option,
		    char **out)
{
	char path[800];
	size_t len;
	int r;

	if (file[0] == '/')
		snprintf(path, sizeof path, "%s", file);
	else
		snprintf(path, sizeof path, "%s/%s", s->how.dir, file);
	r = disk_read(s->how.disk, path, PEM_MAX, out, &len);
	if (r == E_NOTFOUND)
		return err_set(r, "%s/ccfed.conf: %s is %s, which is not there",
			       s->how.dir, option, path);
	return r;
}

static int listen_http(struct pages *s, const struct http_site *site)
{
	const struct pages_conf *k = s->how.conf;
	struct http_conf conf = {
		.addr = k->http,
		.remote = k->http_remote,
		.header_ms = s->how.header_ms,
		.request_ms = s->how.request_ms,
	};
	char *cert = NULL, *key = NULL;
	int r = 0;

	if (!k->tls_cert[0] != !k->tls_key[0])
		return err_set(E_INVALID,
			       "%s/ccfed.conf: tls_cert and tls_key go "
			       "together",
			       s->how.dir);
	if (k->tls_cert[0])
		r = read_pem(s, k->tls_cert, "tls_cert", &cert);
	if (r == 0 && k->tls_key[0])
		r = read_pem(s, k->tls_key, "tls_key", &key);
	conf.cert = cert;
	conf.key = key;
	if (r == 0)
		r = http_new(&s->http, s->how.loop, &conf, site);
	if (key)
		sodium_memzero(key, strlen(key));
	mem_free(key);
	mem_free(cert);
	if (r < 0)
		return r;
	s->loopback = http_is_loopback(s->http);
	snprintf(s->url, sizeof s->url, "http%s://%.*s:%d",
		 k->tls_cert[0] ? "s" : "",
		 (int)(strrchr(k->http, ':') - k->http), k->http,
		 http_port(s->http));
	snprintf(s->cookie, sizeof s->cookie, "ccfed-%d", http_port(s->http));
	return 0;
}

static int listen_proxy(struct pages *s, const struct http_site *site)
{
	const char *file = s->how.conf->proxy_socket;
	struct http_conf conf = {.header_ms = s->how.header_ms,
				 .request_ms = s->how.request_ms};
	char path[800];

	if (file[0] == '/')
		snprintf(path, sizeof path, "%s", file);
	else
		snprintf(path, sizeof path, "%s/%s", s->how.dir, file);
	conf.socket = path;
	return http_new(&s->proxy, s->how.loop, &conf, site);
}

static int start(struct pages *s)
{
	const struct pages_new *how = &s->how;
	struct http_site site = {
		.arg = s,
		.body_max = body_max,
		.serve = pages_serve,
		.done = pages_done,
		.asset = asset_table,
		.n_assets = asset_count,
	};
	int r;

	r = accounts_open(&s->accounts, how->disk, how->clock, how->rng,
			  how->dir, how->hooks->roles);
	if (r == 0 && how->conf->http[0])
		r = listen_http(s, &site);
	if (r == 0 && how->conf->proxy_socket[0])
		r = listen_proxy(s, &site);
	if (how->conf->url[0])
		snprintf(s->url, sizeof s->url, "%.*s",
			 (int)strcspn(how->conf->url, " "), how->conf->url);
	while (*s->url && s->url[strlen(s->url) - 1] == '/')
		s->url[strlen(s->url) - 1] = '\0';
	return r;
}

static void start_handles(struct pages *s)
{
	uv_check_init(s->how.loop, &s->check);
	uv_timer_init(s->how.loop, &s->tidy);
	s->check.data = s->tidy.data = s;
	uv_timer_start(&s->tidy, on_tidy, 0, TIDY_MS);
	uv_unref((uv_handle_t *)&s->tidy);
}

int pages_new(struct pages **out, const struct pages_new *how)
{
	struct pages *s = mem_calloc(1, sizeof *s);
	int r;

	if (!s)
		return err_set(E_NOMEM, "out of memory for the pages");
	s->how = *how;
	s->hooks = how->hooks;
	s->own[0] = signin_routes;
	s->own[1] = account_routes;
	s->own[2] = accounts_routes;
	STAILQ_INIT(&s->waiting);
	uv_mutex_init(&s->lock);
	start_handles(s);
	r = start(s);
	if (r < 0) {
		char why[1024];

		/* Closing may set other sentences. */
		snprintf(why, sizeof why, "%s", err_text(r));
		pages_close(s, NULL, NULL);
		return err_set(r, "%s", why);
	}
	*out = s;
	return 0;
}

const char *pages_url(const struct pages *s)
{
	return s->url;
}

int pages_first_link(struct pages *s, char out[PAGES_LINK])
{
	char token[SECRET_TOKEN];
	int64_t n = 0;
	int r = accounts_count(s->accounts, &n);

	out[0] = '\0';
	if (r < 0 || n > 0)
		return r;
	r = accounts_link(s->accounts, 0, FIRST_LINK_HOURS, token);
	if (r == 0)
		snprintf(out, PAGES_LINK, "%s/link/%s",
			 *s->url ? s->url : "(the proxy's address)", token);
	sodium_memzero(token, sizeof token);
	return r;
}

struct accounts *pages_accounts(struct pages *s)
{
	return s->accounts;
}

int pages_port(const struct pages *s)
{
	return s->http ? http_port(s->http) : 0;
}

/* --- the end --- */

static void part_closed(struct pages *s)
{
	void (*closed)(void *arg) = s->closed;
	void *arg = s->closed_arg;

	if (--s->open_parts > 0)
		return;
	for (int i = 0; i < s->n_readers; i++)
		db_close(s->reader[i]);
	for (int i = 0; i < PAGE_NOTES; i++)
		forget_note(&s->note[i]);
	accounts_close(s->accounts);
	uv_mutex_destroy(&s->lock);
	mem_free(s);
	if (closed)
		closed(arg);
}

static void on_handle_closed(uv_handle_t *h)
{
	part_closed(h->data);
}

static void close_handles(struct pages *s)
{
	uv_close((uv_handle_t *)&s->check, on_handle_closed);
	uv_close((uv_handle_t *)&s->tidy, on_handle_closed);
}

/* The check flushes answers, which the servers wait for: it goes last. */
static void on_http_closed(void *arg)
{
	struct pages *s = arg;

	if (--s->open_parts == 2)
		close_handles(s);
}

void pages_close(struct pages *s, void (*closed)(void *arg), void *arg)
{
	s->closed = closed;
	s->closed_arg = arg;
	s->open_parts = 2 + (s->http != NULL) + (s->proxy != NULL);
	if (s->open_parts == 2) {
		close_handles(s);
		return;
	}
	if (s->http)
		http_close(s->http, on_http_closed, s);
	if (s->proxy)
		http_close(s->proxy, on_http_closed, s);
}
