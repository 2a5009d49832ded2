#include "daemon/web/http_impl.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum {
	HEADER_MS = 10000,
	REQUEST_MS = 30000,
	SWEEP_MS = 250,
	IDLE_S = 15,
	BACKLOG = 64,
	SOCKET_MODE = 0660,
};

/* TLS 1.2 and 1.3 only. */
#define PRIORITIES "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"

static struct conn *conn_of(struct MHD_Connection *c)
{
	const union MHD_ConnectionInfo *i =
		MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return i ? i->socket_context : NULL;
}

void http_deadline(struct http *h, struct MHD_Connection *c, uint64_t ms)
{
	struct conn *k = conn_of(c);

	if (k)
		k->deadline_ms = ms ? uv_now(h->loop) + ms : 0;
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

__attribute__((format(printf, 2, 0))) static void
on_log(void *arg, const char *fmt, va_list ap)
{
	/* Mostly clients that leave early: nobody needs to know. The last one
	 * says why it does not start. */
	struct http *h = arg;

	vsnprintf(h->why, sizeof h->why, fmt, ap);
	h->why[strcspn(h->why, "\n")] = '\0';
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
			const struct http_conf *c)
{
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME |
			 MHD_USE_ERROR_LOG;
	struct MHD_OptionItem where[] = {
		{MHD_OPTION_SOCK_ADDR, 0, (void *)(uintptr_t)a},
		{MHD_OPTION_END, 0, NULL},
	};
	struct MHD_OptionItem tls[] = {
		{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)c->cert},
		{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)c->key},
		{MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)PRIORITIES},
		{MHD_OPTION_END, 0, NULL},
	};

	if (h->fd >= 0)
		where[0] = (struct MHD_OptionItem){MHD_OPTION_LISTEN_SOCKET,
						   h->fd, NULL};
	else if (a->ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	if (h->tls)
		flags |= MHD_USE_TLS;
	else
		tls[0].option = MHD_OPTION_END;
	errno = 0;
	h->mhd = MHD_start_daemon(
		flags, 0, NULL, NULL, http_on_request, h,
		MHD_OPTION_EXTERNAL_LOGGER, on_log, h, MHD_OPTION_ARRAY, where,
		MHD_OPTION_ARRAY, tls, MHD_OPTION_CONNECTION_LIMIT,
		(unsigned)HTTP_CONNECTIONS, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
		h->trusted ? 0U : (unsigned)HTTP_PER_ADDRESS,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
		MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEADERS,
		MHD_OPTION_URI_LOG_CALLBACK, http_on_uri, h,
		MHD_OPTION_NOTIFY_COMPLETED, http_on_completed, h,
		MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
	if (!h->mhd)
		return err_set(E_IO, "can't listen at %s: %s",
			       c->socket ? c->socket : c->addr,
			       errno ? strerror(errno) : h->why);
	if (!h->trusted)
		h->port = MHD_get_daemon_info(h->mhd, MHD_DAEMON_INFO_BIND_PORT)
				  ->port;
	return 0;
}

/* Whoever may open the file is believed, so only owner and group may. One that
 * is left from before is in the way; two daemons never run on one folder. */
static int open_socket(struct http *h, const char *path)
{
	struct http_conf c = {.socket = path};
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct stat st;
	int r;

	if (strlen(path) >= sizeof a.sun_path)
		return err_set(E_INVALID, "the socket's path is too long: %s",
			       path);
	snprintf(a.sun_path, sizeof a.sun_path, "%s", path);
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	h->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (h->fd < 0 || bind(h->fd, (struct sockaddr *)&a, sizeof a) != 0)
		return err_set(E_IO, "can't make the socket %s: %s", path,
			       strerror(errno));
	snprintf(h->socket, sizeof h->socket, "%s", path);
	if (chmod(path, SOCKET_MODE) != 0 || listen(h->fd, BACKLOG) != 0)
		return err_set(E_IO, "can't listen at %s: %s", path,
			       strerror(errno));
	r = start_daemon(h, NULL, &c);
	if (r == 0)
		h->fd = -1; /* the library's now */
	return r;
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

static void free_http(struct http *h)
{
	http_asset_fini(h);
	if (h->fd >= 0)
		close(h->fd);
	if (h->socket[0])
		unlink(h->socket);
	mem_free(h);
}

static int check_remote(const struct http *h, const struct http_conf *c)
{
	if (h->loopback || h->trusted)
		return 0;
	if (!c->remote)
		return err_set(E_DENIED,
			       "other machines would reach the pages at %s; "
			       "allow it expressly, or use 127.0.0.1",
			       c->addr);
	if (!h->tls)
		return err_set(E_INVALID,
			       "other machines would reach the pages at %s, "
			       "where passwords would be readable on the way; "
			       "name a certificate (tls_cert) and its key "
			       "(tls_key), or use 127.0.0.1",
			       c->addr);
	return 0;
}

static int start(struct http *h, const struct http_conf *c)
{
	struct sockaddr_storage a = {0};
	int r;

	h->tls = c->cert != NULL;
	h->trusted = c->socket != NULL;
	h->header_ms = c->header_ms ? (uint64_t)c->header_ms : HEADER_MS;
	h->request_ms = c->request_ms ? (uint64_t)c->request_ms : REQUEST_MS;
	if (h->trusted)
		return open_socket(h, c->socket);
	r = parse_address(c->addr, &a);
	if (r < 0)
		return r;
	h->loopback = address_is_loopback(&a);
	r = check_remote(h, c);
	return r < 0 ? r : start_daemon(h, &a, c);
}

int http_new(struct http **out, struct uv_loop_s *loop,
	     const struct http_conf *conf, const struct http_site *site)
{
	struct http *h = mem_calloc(1, sizeof *h);
	int r;

	if (!h)
		return err_set(E_NOMEM, "out of memory for the pages");
	h->loop = loop;
	h->site = *site;
	h->fd = -1;
	TAILQ_INIT(&h->conns);
	r = start(h, conf);
	if (r == 0)
		r = http_asset_init(h);
	if (r < 0) {
		if (h->mhd)
			MHD_stop_daemon(h->mhd);
		free_http(h);
		return r;
	}
	start_handles(h);
	*out = h;
	return 0;
}

int http_address_check(const char *addr)
{
	struct sockaddr_storage a = {0};

	return parse_address(addr, &a);
}

int http_port(const struct http *h)
{
	return h->port;
}

bool http_is_loopback(const struct http *h)
{
	return h->loopback;
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
	free_http(h);
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

void http_settled(struct http *h)
{
	if (--h->under_way == 0 && h->closing)
		finish_close(h);
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
	if (h->under_way == 0)
		finish_close(h);
}
