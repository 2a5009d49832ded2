/* http_fix: a server of daemon/web/http on loopback whose site shows what came,
 * and a client on raw sockets. */
#ifndef CCFED_TEST_HTTP_FIX_H
#define CCFED_TEST_HTTP_FIX_H

#include "tests/lib/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/core/log.h"
#include <sys/un.h>

#include "daemon/web/asset.h"
#include "daemon/web/http.h"
#include "tests/lib/scratch.h"
#include "tests/lib/spin.h"

struct fix {
	uv_loop_t loop;
	struct http *http;
	int port;
	struct http_request *held; /* "/slow" */
	uv_timer_t timer;
	int slow_runs, done, closed, others_closed;
	size_t max; /* of a body */
	char got[8192];
	size_t len;
};

static inline void quiet(void *arg, enum log_level level, const char *line)
{
}

static inline size_t body_max(void *arg, const struct http_request *q)
{
	return ((struct fix *)arg)->max;
}

/* All that came, so that a test sees it. */
static inline void echo(struct http_request *q)
{
	struct http_reply r = {.type = "text/plain"};
	char *text = mem_printf("path=%s head=%d secure=%d user=%s from=%s",
				q->path, q->head, q->secure,
				q->user ? q->user : "", q->address);
	const struct fields *f[] = {&q->query, &q->form, &q->cookie};

	for (int i = 0; i < 3; i++) {
		for (int j = 0; j < f[i]->n; j++) {
			char *more = mem_printf(
				"%s %c:%s=%s%s%s", text, "qfc"[i],
				f[i] -> v[j].name, f[i]->v[j].value,
				f[i]->v[j].file ? "@" : "",
				f[i]->v[j].file ? f[i]->v[j].file : "");

			mem_free(text);
			text = more;
		}
	}
	r.body = text;
	r.len = strlen(text);
	r.more[0].name = "X-More";
	r.more[0].value = "more";
	http_answer(q, &r);
}

static inline void on_slow(uv_timer_t *t)
{
	struct fix *f = t->data;

	f->slow_runs++;
	http_say(f->held, 200, "slow");
}

static inline void serve(void *arg, struct http_request *q)
{
	struct fix *f = arg;

	if (strcmp(q->path, "/slow") == 0) {
		f->held = q;
		uv_timer_start(&f->timer, on_slow, 150, 0);
		return;
	}
	if (strcmp(q->path, "/") == 0)
		http_say(q, 200, "quick");
	else if (strcmp(q->path, "/echo") == 0)
		echo(q);
	else
		http_say(q, 404, "no");
}

static inline void done(void *arg, struct http_request *q)
{
	((struct fix *)arg)->done++;
}

static const struct asset FILES[] = {
	{"a.css", "/assets/a-1.css", "text/css", "\"tag\"",
	 (const unsigned char *)"plain", (const unsigned char *)"packed", 5, 6},
};

static inline int listen_at(struct fix *f, struct http **out,
			    const struct http_conf *conf)
{
	struct http_site site = {.arg = f,
				 .body_max = body_max,
				 .serve = serve,
				 .done = done,
				 .asset = FILES,
				 .n_assets = 1};

	return http_new(out, &f->loop, conf, &site);
}

static inline void start(struct fix *f)
{
	struct http_conf conf = {
		.addr = "127.0.0.1:0", .header_ms = 400, .request_ms = 800};

	uv_loop_init(&f->loop);
	uv_timer_init(&f->loop, &f->timer);
	f->timer.data = f;
	f->max = 2000;
	check_ok(listen_at(f, &f->http, &conf));
	f->port = http_port(f->http);
}

static inline int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	log_to(quiet, NULL);
	start(f);
	*state = f;
	return 0;
}

static inline void on_closed(void *arg)
{
	struct fix *f = arg;

	f->closed++;
	f->http = NULL;
}

static inline int teardown(void **state)
{
	struct fix *f = *state;

	if (f->http)
		http_close(f->http, on_closed, f);
	uv_close((uv_handle_t *)&f->timer, NULL);
	spin_close(&f->loop);
	assert_int_equal(f->closed, 1);
	log_to(NULL, NULL);
	mem_free(f);
	return 0;
}

static inline int dial(struct fix *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)f->port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static inline void give(int fd, const char *text)
{
	assert_true(send(fd, text, strlen(text), MSG_NOSIGNAL) >= 0);
}

/* One turn of the loop, and what came: -1 when the server has closed. */
static inline ssize_t turn(struct fix *f, int fd)
{
	ssize_t n;

	uv_run(&f->loop, UV_RUN_NOWAIT);
	n = recv(fd, f->got + f->len, sizeof f->got - 1 - f->len, MSG_DONTWAIT);
	if (n == 0 || (n < 0 && errno != EAGAIN))
		return -1;
	if (n > 0)
		f->len += (size_t)n;
	f->got[f->len] = '\0';
	return n > 0 ? n : 0;
}

/* Until the server closes; false after @ms. */
static inline bool until_closed(struct fix *f, int fd, int ms)
{
	uint64_t end = uv_hrtime() + (uint64_t)ms * 1000000;

	while (uv_hrtime() < end) {
		if (turn(f, fd) < 0)
			return true;
		usleep(1000);
	}
	return false;
}

/* Send and read to the end; the status. */
static inline int ask(struct fix *f, const char *request)
{
	int fd = dial(f), status = 0;

	f->len = 0;
	f->got[0] = '\0';
	give(fd, request);
	assert_true(until_closed(f, fd, 3000));
	close(fd);
	sscanf(f->got, "HTTP/1.1 %d", &status);
	return status;
}

#define TAIL "Host: localhost\r\nConnection: close\r\n\r\n"

static inline void has(struct fix *f, const char *part)
{
	if (!strstr(f->got, part))
		fail_msg("%s\nhas no %s", f->got, part);
}

#endif
