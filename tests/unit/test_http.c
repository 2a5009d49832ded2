/* Tests of daemon/web/http over real sockets: what it serves, and what a
 * client can't do to it. */
#include "tests/lib/check.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/core/log.h"
#include "daemon/core/work.h"
#include "daemon/web/http.h"
#include "tests/lib/spin.h"

struct fix {
	uv_loop_t loop;
	struct work_uv work;
	struct http_route route[5];
	struct http *http;
	int port;
	int slow_runs; /* by the pool */
	int closed;
	char got[4096];
	size_t len;
};

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static int say(struct http_reply *out, const char *text)
{
	out->type = "text/plain";
	out->body = mem_strdup(text);
	out->len = strlen(text);
	return 0;
}

static int quick(void *arg, struct http_reply *out)
{
	return say(out, "quick");
}

static int slow(void *arg, struct http_reply *out)
{
	struct fix *f = arg;
	struct timespec t = {0, 150 * 1000000};

	nanosleep(&t, NULL);
	f->slow_runs++;
	return say(out, "slow");
}

static int fails(void *arg, struct http_reply *out)
{
	out->body = mem_strdup("half of a secret");
	return err_set(E_DB, "no");
}

static void start(struct fix *f)
{
	struct http_limits limits = {400, 800};

	uv_loop_init(&f->loop);
	work_uv_init(&f->work, &f->loop);
	f->route[0] = (struct http_route){"/", false, quick, f};
	f->route[1] = (struct http_route){"/slow", true, slow, f};
	f->route[2] = (struct http_route){"/fails", false, fails, f};
	f->route[3] = (struct http_route){"/slow-fails", true, fails, f};
	check_ok(http_new(&f->http, &f->loop, &f->work.base, "127.0.0.1:0",
			  false, f->route, 4, &limits));
	f->port = http_port(f->http);
}

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	log_to(quiet, NULL);
	start(f);
	*state = f;
	return 0;
}

static void on_closed(void *arg)
{
	struct fix *f = arg;

	f->closed++;
	f->http = NULL;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	if (f->http)
		http_close(f->http, on_closed, f);
	spin_close(&f->loop);
	assert_int_equal(f->closed, 1);
	log_to(NULL, NULL);
	mem_free(f);
	return 0;
}

static int dial(struct fix *f)
{
	struct sockaddr_in a = {.sin_family = AF_INET,
				.sin_port = htons((uint16_t)f->port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	return fd;
}

static void give(int fd, const char *text)
{
	assert_true(send(fd, text, strlen(text), MSG_NOSIGNAL) >= 0);
}

/* One turn of the loop, and what came: -1 when the server has closed. */
static ssize_t turn(struct fix *f, int fd)
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
static bool until_closed(struct fix *f, int fd, int ms)
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
static int ask(struct fix *f, const char *request)
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

static void has(struct fix *f, const char *part)
{
	if (!strstr(f->got, part))
		fail_msg("%s\nhas no %s", f->got, part);
}

static void page_comes_with_its_headers(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
	has(f, "\r\n\r\nquick");
	has(f, "default-src 'none'; style-src 'self'");
	has(f, "frame-ancestors 'none'");
	has(f, "X-Content-Type-Options: nosniff");
	has(f, "Cache-Control: no-store");
	assert_int_equal(ask(f, "HEAD / HTTP/1.1\r\n" TAIL), 200);
	assert_null(strstr(f->got, "quick"));
}

static void only_known_paths_are_read(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET /x HTTP/1.1\r\n" TAIL), 404);
	assert_int_equal(ask(f, "GET /../etc/passwd HTTP/1.1\r\n" TAIL), 404);
	assert_int_equal(ask(f, "GET /%2e%2e/x HTTP/1.1\r\n" TAIL), 404);
	assert_int_equal(ask(f, "DELETE / HTTP/1.1\r\n" TAIL), 405);
	has(f, "Allow: GET, HEAD");
	assert_int_equal(
		ask(f, "POST / HTTP/1.1\r\nContent-Length: 0\r\n" TAIL), 405);
}

static void failure_says_nothing_of_itself(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET /fails HTTP/1.1\r\n" TAIL), 500);
	assert_null(strstr(f->got, "secret"));
	assert_int_equal(ask(f, "GET /slow-fails HTTP/1.1\r\n" TAIL), 500);
}

static void bodies_are_refused(void **state)
{
	struct fix *f = *state;

	assert_int_equal(
		ask(f, "POST / HTTP/1.1\r\nContent-Length: 3\r\n" TAIL "abc"),
		413);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\nHost: localhost\r\n"
				"Content-Length: 1073741824\r\n\r\nabc"),
			 413);
	assert_int_equal(ask(f,
			     "POST / HTTP/1.1\r\nHost: localhost\r\n"
			     "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"),
			 413);
}

/* No Connection: close from the client in these: the server closes. */
static void ambiguous_lengths_end_the_connection(void **state)
{
	struct fix *f = *state;
	static const char *const request[] = {
		"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n"
		"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
		"Content-Length: 3\r\n\r\nabc",
		"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n"
		"Content-Length: 0\r\n\r\nGET / HTTP/1.1\r\n" TAIL,
	};

	for (int i = 0; i < 3; i++) {
		assert_int_equal(ask(f, request[i]), 400);
		assert_null(strstr(f->got, "quick"));
	}
}

static void only_its_own_host_is_served(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET / HTTP/1.1\r\nHost: evil.example\r\n"
				"Connection: close\r\n\r\n"),
			 421);
	assert_int_equal(
		ask(f, "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n"
		       "Connection: close\r\n\r\n"),
		421);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\nHost: 127.0.0.1:8400\r\n"
				"Connection: close\r\n\r\n"),
			 200);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"),
			 400);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\nHost: a\r\n" TAIL), 400);
}

/* While one waits for the pool, others are served. */
static void slow_page_does_not_hold_up_a_quick_one(void **state)
{
	struct fix *f = *state;
	int fd = dial(f);

	give(fd, "GET /slow HTTP/1.1\r\n" TAIL);
	for (int i = 0; i < 20; i++)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
	assert_int_equal(f->slow_runs, 0);
	f->len = 0;
	assert_true(until_closed(f, fd, 3000));
	has(f, "\r\n\r\nslow");
	close(fd);
}

static void client_that_leaves_is_no_harm(void **state)
{
	struct fix *f = *state;

	for (int i = 0; i < 8; i++) {
		int fd = dial(f);

		give(fd, "GET /slow HTTP/1.1\r\n" TAIL);
		spin_for(&f->loop, 5);
		close(fd);
	}
	spin_for(&f->loop, 600);
	assert_int_equal(f->slow_runs, 8);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
}

/* 59: bytes that drip keep no connection open. */
static void dripping_header_is_cut_off(void **state)
{
	struct fix *f = *state;
	int fd = dial(f);
	bool closed = false;
	int i;

	f->len = 0;
	for (i = 0; i < 60 && !closed; i++) {
		send(fd, "X", 1, MSG_NOSIGNAL);
		closed = until_closed(f, fd, 25);
	}
	assert_true(closed);
	assert_true(i > 10);
	close(fd);
}

static void idle_connection_is_cut_off(void **state)
{
	struct fix *f = *state;
	int fd = dial(f);

	f->len = 0;
	give(fd, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
	assert_true(until_closed(f, fd, 2000));
	has(f, "quick");
	close(fd);
}

static void many_connections_leave_it_alive(void **state)
{
	struct fix *f = *state;
	int fd[2 * HTTP_CONNECTIONS];

	for (int i = 0; i < 2 * HTTP_CONNECTIONS; i++) {
		fd[i] = dial(f);
		uv_run(&f->loop, UV_RUN_NOWAIT);
	}
	spin_for(&f->loop, 50);
	for (int i = 0; i < 2 * HTTP_CONNECTIONS; i++)
		close(fd[i]);
	spin_for(&f->loop, 50);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
}

static void noise_gets_nowhere(void **state)
{
	struct fix *f = *state;
	static const char *const noise[] = {
		"\r\n\r\n\r\n\r\n",
		"GET\r\n\r\n",
		"GET / HTTP/9.9\r\n" TAIL,
		"\x16\x03\x01\x02\x01\x01\xfc\x03\x03",
		"GET / HTTP/1.1\r\n: x"
		"\r\n" TAIL,
	};

	for (int i = 0; i < 5; i++) {
		int fd = dial(f);

		f->len = 0;
		give(fd, noise[i]);
		until_closed(f, fd, 600);
		close(fd);
	}
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
}

/* A header larger than the memory of a connection. */
static void huge_header_is_refused(void **state)
{
	struct fix *f = *state;
	char *big = mem_alloc(100001);
	int fd = dial(f);

	memset(big, 'a', 100000);
	big[100000] = '\0';
	f->len = 0;
	give(fd, "GET / HTTP/1.1\r\nX: ");
	send(fd, big, 100000, MSG_NOSIGNAL | MSG_DONTWAIT);
	assert_true(until_closed(f, fd, 2000));
	close(fd);
	mem_free(big);
	assert_null(strstr(f->got, "quick"));
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
}

/* The library aborts when a suspended connection is left at its end. */
static void close_waits_for_what_is_slow(void **state)
{
	struct fix *f = *state;
	int fd = dial(f), idle = dial(f);

	give(fd, "GET /slow HTTP/1.1\r\n" TAIL);
	spin_for(&f->loop, 20);
	http_close(f->http, on_closed, f);
	spin_for(&f->loop, 50);
	assert_int_equal(f->closed, 0);
	spin_for(&f->loop, 400);
	assert_int_equal(f->closed, 1);
	assert_int_equal(f->slow_runs, 1);
	close(fd);
	close(idle);
}

static int try(struct fix *f, const char *addr, bool remote)
{
	struct http *h = NULL;
	int r = http_new(&h, &f->loop, &f->work.base, addr, remote, f->route, 3,
			 NULL);

	assert_null(h);
	return r;
}

static void addresses_are_checked(void **state)
{
	struct fix *f = *state;
	char taken[40];

	assert_int_equal(try(f, "0.0.0.0:0", false), E_DENIED);
	check_says("no login");
	assert_int_equal(try(f, "[::]:0", false), E_DENIED);
	assert_int_equal(try(f, "127.0.0.1", false), E_INVALID);
	assert_int_equal(try(f, "127.0.0.1:", false), E_INVALID);
	assert_int_equal(try(f, "127.0.0.1:66000", false), E_INVALID);
	assert_int_equal(try(f, "localhost:80", false), E_INVALID);
	assert_int_equal(try(f, "", false), E_INVALID);
	assert_int_equal(try(f, ":80", false), E_INVALID);
	mem_fault(0);
	assert_int_equal(try(f, "127.0.0.1:0", false), E_NOMEM);
	assert_true(mem_fault_off());
	snprintf(taken, sizeof taken, "127.0.0.1:%d", f->port);
	assert_int_equal(try(f, taken, false), E_IO);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(page_comes_with_its_headers),
		T(only_known_paths_are_read),
		T(failure_says_nothing_of_itself),
		T(bodies_are_refused),
		T(ambiguous_lengths_end_the_connection),
		T(only_its_own_host_is_served),
		T(slow_page_does_not_hold_up_a_quick_one),
		T(client_that_leaves_is_no_harm),
		T(dripping_header_is_cut_off),
		T(idle_connection_is_cut_off),
		T(many_connections_leave_it_alive),
		T(noise_gets_nowhere),
		T(huge_header_is_refused),
		T(close_waits_for_what_is_slow),
		T(addresses_are_checked),
	};

	return cmocka_run_group_tests_name("http", tests, NULL, NULL);
}
