/* Tests of daemon/web/http over real sockets: what it serves, and what a
 * client can't do to it. */
#include "tests/unit/http_fix.h"

static void page_comes_with_its_headers(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET / HTTP/1.1\r\n" TAIL), 200);
	has(f, "\r\n\r\nquick");
	has(f, "default-src 'self'");
	has(f, "frame-ancestors 'none'");
	has(f, "X-Content-Type-Options: nosniff");
	has(f, "Cache-Control: no-store");
	assert_int_equal(ask(f, "HEAD / HTTP/1.1\r\n" TAIL), 200);
	assert_null(strstr(f->got, "quick"));
}

static void methods_and_paths_are_checked(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET /x HTTP/1.1\r\n" TAIL), 404);
	assert_int_equal(ask(f, "GET /../etc/passwd HTTP/1.1\r\n" TAIL), 404);
	assert_int_equal(ask(f, "DELETE / HTTP/1.1\r\n" TAIL), 405);
	has(f, "Allow: GET, HEAD, POST");
	assert_int_equal(ask(f, "GET /%00 HTTP/1.1\r\n" TAIL), 400);
	assert_int_equal(ask(f, "GET /%ff HTTP/1.1\r\n" TAIL), 400);
	assert_int_equal(ask(f, "GET /%zz HTTP/1.1\r\n" TAIL), 400);
	assert_int_equal(ask(f, "GET /?a=%00 HTTP/1.1\r\n" TAIL), 400);
	assert_int_equal(ask(f, "GET /?a=%e2%80 HTTP/1.1\r\n" TAIL), 400);
	assert_int_equal(ask(f, "GET http://evil.example/ HTTP/1.1\r\n" TAIL),
			 400);
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

	for (int i = 1; i <= 3; i++) {
		int fd = dial(f);

		give(fd, "GET /slow HTTP/1.1\r\n" TAIL);
		spin_for(&f->loop, 20);
		close(fd);
		assert_true(spin_until(&f->loop, &f->done, i, 3000));
	}
	assert_int_equal(f->slow_runs, 3);
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
	struct http_conf conf = {.addr = addr, .remote = remote};
	struct http *h = NULL;
	int r = listen_at(f, &h, &conf);

	assert_null(h);
	return r;
}

static void addresses_are_checked(void **state)
{
	struct fix *f = *state;
	char taken[40];

	assert_int_equal(try(f, "0.0.0.0:0", false), E_DENIED);
	check_says("other machines");
	assert_int_equal(try(f, "[::]:0", false), E_DENIED);
	assert_int_equal(try(f, "0.0.0.0:0", true), E_INVALID);
	check_says("tls_cert");
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
		T(methods_and_paths_are_checked),
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
