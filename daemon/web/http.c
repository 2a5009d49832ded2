#include "daemon/web/http.h"

#include <errno.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include <microhttpd.h>
#include <uv.h>

#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/core/work.h"

enum {
	HEADER_MS = 10000,
	REQUEST_MS = 30000,
	SWEEP_MS = 250,
	MEMORY_BYTES = 16 * 1024, /* of one connection: its header, mostly */
	IDLE_S = 15,
};

struct conn {
	TAILQ_ENTRY(conn) link;
	int fd;
	uint64_t deadline_ms; /* by uv_now; 0: none */
};

struct http {
	uv_loop_t *loop;
	struct work *work;
	struct MHD_Daemon *mhd;
	uv_poll_t poll;
	uv_prepare_t prepare;
	uv_timer_t turn;  /* when libmicrohttpd wants to run */
	uv_timer_t sweep; /* deadlines */
	int open_handles;
	const struct http_route *routes;
	int n_routes;
	uint64_t header_ms, request_ms;
	bool loopback;
	int port;
	TAILQ_HEAD(, conn) conns;
	int jobs; /* slow answers under way */
	bool closing;
	void (*closed)(void *arg);
	void *closed_arg;
};

struct request {
	struct http *h;
	struct MHD_Connection *c;
	const struct http_route *route;
	struct http_reply reply;
	int r;	    /* of the route's function */
	bool ready; /* it has run */
};

static struct conn *conn_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

static void set_deadline(struct http *h, struct MHD_Connection *c, uint64_t ms)
{
	struct conn *k = conn_of(c);

	if (k)
		k->deadline_ms = uv_now(h->loop) + ms;
}

/* --- answering --- */

static void add_headers(struct MHD_Response *r, bool keep)
{
	static const char *const header[][2] = {
		{"Content-Security-Policy",
		 "default-src 'none'; style-src 'self'; img-src 'self'; "
		 "base-uri 'none'; form-action 'none'; "
		 "frame-ancestors 'none'"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
	};

	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		MHD_add_response_header(r, header[i][0], header[i][1]);
	MHD_add_response_header(r, "Cache-Control",
				keep ? "max-age=86400" : "no-store");
}

static enum MHD_Result queue(struct MHD_Connection *c, int status,
			     const char *type, const char *body, size_t len,
			     bool keep, const char *extra, const char *value)
{
	enum MHD_Result r = MHD_NO;
	struct MHD_Response *m = MHD_create_response_from_buffer(
		len, (void *)(uintptr_t)body, MHD_RESPMEM_MUST_COPY);

	if (!m)
		return MHD_NO;
	add_headers(m, keep);
	MHD_add_response_header(m, "Content-Type", type);
	if (extra)
		MHD_add_response_header(m, extra, value);
	r = MHD_queue_response(c, (unsigned)status, m);
	MHD_destroy_response(m);
	return r;
}

static enum MHD_Result say(struct MHD_Connection *c, int status,
			   const char *text, const char *extra,
			   const char *value)
{
	return queue(c, status, "text/plain; charset=utf-8", text, strlen(text),
		     false, extra, value);
}

static enum MHD_Result refuse(struct MHD_Connection *c, int status,
			      const char *text)
{
	return say(c, status, text, "Connection", "close");
}

static enum MHD_Result answer(struct request *q)
{
	const struct http_reply *p = &q->reply;

	if (q->r < 0)
		return say(q->c, 500, "Something went wrong.\n", NULL, NULL);
	return queue(q->c, p->status ? p->status : 200, p->type,
		     p->body ? p->body : "", p->len, p->keep, NULL, NULL);
}

/* --- slow answers --- */

static void finish_close(struct http *h);

static void job_run(void *arg)
{
	struct request *q = arg;

	q->r = q->route->fn(q->route->arg, &q->reply);
	if (q->r < 0)
		log_error("page_failed", "path=%s why=\"%s\"", q->route->path,
			  err_text(q->r));
}

static void job_done(void *arg)
{
	struct request *q = arg;
	struct http *h = q->h;

	q->ready = true;
	h->jobs--;
	MHD_resume_connection(q->c);
	MHD_run(h->mhd); /* @q may be gone after this */
	if (h->closing && h->jobs == 0)
		finish_close(h);
}

/* Submitted first: it is done on a later turn of the loop, never now. */
static enum MHD_Result start_job(struct request *q)
{
	if (work_submit(q->h->work, job_run, job_done, q) < 0)
		return say(q->c, 503, "Too busy; try again.\n", NULL, NULL);
	q->h->jobs++;
	MHD_suspend_connection(q->c);
	return MHD_YES;
}

struct seen {
	int length, coding, host;
	bool body;
	char host_name[80];
};

static enum MHD_Result on_header(void *arg, enum MHD_ValueKind kind,
				 const char *key, const char *value)
{
	struct seen *s = arg;

	if (strcasecmp(key, "Content-Length") == 0) {
		s->length++;
		s->body |= !value || strcmp(value, "0") != 0;
	} else if (strcasecmp(key, "Transfer-Encoding") == 0) {
		s->coding++;
	} else if (strcasecmp(key, "Host") == 0) {
		s->host++;
		snprintf(s->host_name, sizeof s->host_name, "%s",
			 value ? value : "");
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

/* libmicrohttpd takes two lengths, or a length beside a coding, for one
 * request and a proxy for two: never let such a connection go on. */
static enum MHD_Result check(struct http *h, struct MHD_Connection *c,
			     bool *refused)
{
	struct seen s = {0};

	MHD_get_connection_values(c, MHD_HEADER_KIND, on_header, &s);
	*refused = true;
	if (s.length > 1 || s.coding > 1 || (s.length && s.coding))
		return refuse(c, 400, "The request's length is ambiguous.\n");
	if (s.body || s.coding)
		return refuse(c, 413, "A request has no body here.\n");
	if (s.host != 1)
		return refuse(c, 400, "Say one Host.\n");
	if (h->loopback && !is_loopback_name(s.host_name))
		return refuse(c, 421, "This is not that host.\n");
	*refused = false;
	return MHD_YES;
}

static const struct http_route *find_route(const struct http *h,
					   const char *path)
{
	for (int i = 0; i < h->n_routes; i++)
		if (strcmp(h->routes[i].path, path) == 0)
			return &h->routes[i];
	return NULL;
}

static enum MHD_Result begin(struct http *h, struct MHD_Connection *c,
			     void **state)
{
	struct request *q;
	enum MHD_Result r;
	bool refused;

	set_deadline(h, c, h->request_ms);
	r = check(h, c, &refused);
	if (refused)
		return r;
	q = mem_calloc(1, sizeof *q);
	if (!q)
		return MHD_NO;
	q->h = h;
	q->c = c;
	*state = q;
	return MHD_YES;
}

static enum MHD_Result on_request(void *arg, struct MHD_Connection *c,
				  const char *url, const char *method,
				  const char *version, const char *upload,
				  size_t *upload_size, void **state)
{
	struct http *h = arg;
	struct request *q = *state;

	if (!q)
		return begin(h, c, state);
	if (*upload_size)
		return MHD_NO;
	if (q->ready)
		return answer(q);
	if (strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0)
		return say(c, 405, "Only GET works here.\n", "Allow",
			   "GET, HEAD");
	q->route = find_route(h, url);
	if (!q->route)
		return say(c, 404, "There is no such page.\n", NULL, NULL);
	if (h->closing)
		return refuse(c, 503, "Closing.\n");
	if (q->route->slow)
		return start_job(q);
	job_run(q);
	return answer(q);
}

static void on_completed(void *arg, struct MHD_Connection *c, void **state,
			 enum MHD_RequestTerminationCode why)
{
	struct request *q = *state;

	set_deadline(arg, c, ((struct http *)arg)->header_ms);
	if (q)
		mem_free(q->reply.body);
	mem_free(q);
	*state = NULL;
}

static void on_connection(void *arg, struct MHD_Connection *c, void **context,
			  enum MHD_ConnectionNotificationCode what)
{
	struct http *h = arg;
	struct conn *k = *context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		k = mem_calloc(1, sizeof *k);
		if (!k)
			return;
		k->fd = MHD_get_connection_info(
				c, MHD_CONNECTION_INFO_CONNECTION_FD)
				->connect_fd;
		k->deadline_ms = uv_now(h->loop) + h->header_ms;
		TAILQ_INSERT_TAIL(&h->conns, k, link);
		*context = k;
	} else if (k) {
		TAILQ_REMOVE(&h->conns, k, link);
		mem_free(k);
		*context = NULL;
	}
}

/* --- the loop --- */

static void on_turn(uv_timer_t *t)
{
	MHD_run(((struct http *)t->data)->mhd);
}

static void on_poll(uv_poll_t *p, int status, int events)
{
	MHD_run(((struct http *)p->data)->mhd);
}

/* Its epoll is edge-triggered: without this timer it would sleep on. */
static void on_prepare(uv_prepare_t *p)
{
	struct http *h = p->data;
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(h->mhd, &ms) == MHD_YES)
		uv_timer_start(&h->turn, on_turn, ms, 0);
	else
		uv_timer_stop(&h->turn);
}

/* Its own timeout counts idleness only, which dripping bytes never reach. */
static void on_sweep(uv_timer_t *t)
{
	struct http *h = t->data;
	uint64_t now = uv_now(h->loop);
	bool any = false;
	struct conn *k;

	TAILQ_FOREACH (k, &h->conns, link) {
		if (k->deadline_ms && now >= k->deadline_ms) {
			shutdown(k->fd, SHUT_RDWR);
			k->deadline_ms = 0;
			any = true;
		}
	}
	if (any)
		MHD_run(h->mhd);
}

static void on_log(void *arg, const char *fmt, va_list ap)
{
	/* Every client that leaves early: nobody needs to know. */
}

static bool address_is_loopback(const struct sockaddr_storage *a)
{
	if (a->ss_family == AF_INET)
		return ntohl(((const struct sockaddr_in *)a)
				     ->sin_addr.s_addr) >>
			       24 ==
		       127;
	return IN6_IS_ADDR_LOOPBACK(
		&((const struct sockaddr_in6 *)a)->sin6_addr);
}

static int parse_address(const char *text, struct sockaddr_storage *out)
{
	const char *colon = strrchr(text, ':');
	char host[64] = "", *end;
	size_t len = colon ? (size_t)(colon - text) : 0;
	long port = colon ? strtol(colon + 1, &end, 10) : -1;
	int r = -1;

	if (colon && colon[1] && !*end && port >= 0 && port < 65536 &&
	    len < sizeof host) {
		memcpy(host, text, len);
		if (host[0] == '[' && host[len - 1] == ']') {
			host[len - 1] = '\0';
			r = uv_ip6_addr(host + 1, (int)port,
					(struct sockaddr_in6 *)out);
		} else {
			r = uv_ip4_addr(host, (int)port,
					(struct sockaddr_in *)out);
		}
	}
	if (r != 0)
		return err_set(E_INVALID,
			       "\"%.60s\" is not an address like "
			       "127.0.0.1:8400",
			       text);
	return 0;
}

static int start_daemon(struct http *h, const struct sockaddr_storage *a,
			const char *addr)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG;

	if (a->ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	h->mhd = MHD_start_daemon(
		flags, 0, NULL, NULL, on_request, h, MHD_OPTION_EXTERNAL_LOGGER,
		on_log, NULL, MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)a,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS,
		MHD_OPTION_PER_IP_CONNECTION_LIMIT, (unsigned)HTTP_PER_ADDRESS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_BYTES,
		MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
	if (!h->mhd)
		return err_set(E_IO, "can't listen at %s: %s", addr,
			       strerror(errno));
	h->port = MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_BIND_PORT)->port;
	return 0;
}

static void start_handles(struct http *h)
{
	int fd =
		MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;

	uv_poll_init(h->loop, &h->poll, fd);
	uv_prepare_init(h->loop, &h->prepare);
	uv_timer_init(h->loop, &h->turn);
	uv_timer_init(h->loop, &h->sweep);
	h->poll.data = h->prepare.data = h->turn.data = h->sweep.data = h;
	h->open_handles = 4;
	uv_poll_start(&h->poll, UV_READABLE, on_poll);
	uv_prepare_start(&h->prepare, on_prepare);
	uv_timer_start(&h->sweep, on_sweep, SWEEP_MS, SWEEP_MS);
}

int http_new(struct http **out, struct uv_loop_s *loop, struct work *work,
	     const char *addr, bool remote, const struct http_route *routes,
	     int n, const struct http_limits *limits)
{
	struct sockaddr_storage a = {0};
	struct http *h = NULL;
	int r;

	r = parse_address(addr, &a);
	if (r < 0)
		return r;
	if (!address_is_loopback(&a) && !remote)
		return err_set(E_DENIED,
			       "other machines would see the page at %s, which "
			       "has no login; allow it expressly, or use "
			       "127.0.0.1",
			       addr);
	h = mem_calloc(1, sizeof *h);
	if (!h)
		return err_set(E_NOMEM, "out of memory for the page");
	h->loop = loop;
	h->work = work;
	h->routes = routes;
	h->n_routes = n;
	h->loopback = address_is_loopback(&a);
	h->header_ms = limits && limits->header_ms ? (uint64_t)limits->header_ms
						   : HEADER_MS;
	h->request_ms = limits && limits->request_ms
				? (uint64_t)limits->request_ms
				: REQUEST_MS;
	TAILQ_INIT(&h->conns);
	r = start_daemon(h, &a, addr);
	if (r < 0) {
		mem_free(h);
		return r;
	}
	start_handles(h);
	*out = h;
	return 0;
}

int http_port(const struct http *h)
{
	return h->port;
}

/* --- the end --- */

static void on_handle_closed(uv_handle_t *handle)
{
	struct http *h = handle->data;
	void (*closed)(void *arg) = h->closed;
	void *arg = h->closed_arg;

	if (--h->open_handles > 0)
		return;
	MHD_stop_daemon(h->mhd);
	mem_free(h);
	if (closed)
		closed(arg);
}

/* No connection is suspended any more: the library would abort over one. */
static void finish_close(struct http *h)
{
	MHD_run(h->mhd);
	uv_close((uv_handle_t *)&h->poll, on_handle_closed);
	uv_close((uv_handle_t *)&h->prepare, on_handle_closed);
	uv_close((uv_handle_t *)&h->turn, on_handle_closed);
	uv_close((uv_handle_t *)&h->sweep, on_handle_closed);
}

void http_close(struct http *h, void (*closed)(void *arg), void *arg)
{
	MHD_socket fd;

	h->closing = true;
	h->closed = closed;
	h->closed_arg = arg;
	fd = MHD_quiesce_daemon(h->mhd);
	if (fd != MHD_INVALID_SOCKET)
		close(fd);
	if (h->jobs == 0)
		finish_close(h);
}
