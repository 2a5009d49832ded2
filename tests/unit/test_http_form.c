/* Tests of daemon/web/http: what it takes in: queries, forms, cookies, who the
 * proxy says it is; and files that browsers keep. */
#include "tests/unit/http_fix.h"

static void query_and_cookies_are_read(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET /echo?a=1&b=x%20y+z&c HTTP/1.1\r\n"
				"Cookie: one=1; two = 2;bad; =x\r\n"
				"X-Remote-User: root\r\n" TAIL),
			 200);
	has(f, "path=/echo head=0 secure=0 user= from=127.0.0.1 q:a=1 "
	       "q:b=x y z q:c= c:one=1 c:two=2");
	has(f, "X-More: more");
}

static int post(struct fix *f, const char *type, const char *body)
{
	char text[4096];

	snprintf(text, sizeof text,
		 "POST /echo HTTP/1.1\r\nContent-Type: %s\r\n"
		 "Content-Length: %zu\r\n" TAIL "%s",
		 type, strlen(body), body);
	return ask(f, text);
}

#define FORM "application/x-www-form-urlencoded"

static void forms_are_read(void **state)
{
	struct fix *f = *state;

	assert_int_equal(post(f, FORM, "a=1&a=%C3%B1&b=+"), 200);
	has(f, "f:a=1 f:a=\xc3\xb1 f:b= ");
	assert_int_equal(post(f, FORM "; charset=utf-8", "a=1"), 200);
	assert_int_equal(
		post(f, "multipart/form-data; boundary=xx",
		     "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n"
		     "\r\none\r\n--xx\r\nContent-Disposition: form-data; "
		     "name=\"b\"; filename=\"x;y.csv\"\r\nContent-Type: "
		     "text/csv\r\n\r\n1,2\r\n\r\n--xx--\r\n"),
		200);
	has(f, "f:a=one f:b=1,2\r\n@x;y.csv");
	assert_int_equal(ask(f, "POST /echo HTTP/1.1\r\nContent-Type: " FORM
				"\r\nTransfer-Encoding: chunked\r\n" TAIL
				"2\r\na=\r\n1\r\n1\r\n0\r\n\r\n"),
			 200);
	has(f, "f:a=1");
}

/* 51, 53: too much, no form, no text. */
static void bodies_that_are_no_form_are_refused(void **state)
{
	struct fix *f = *state;
	char big[3000];

	memset(big, 'a', sizeof big - 1);
	big[sizeof big - 1] = '\0';
	assert_int_equal(post(f, "application/json", "{}"), 415);
	assert_int_equal(post(f, FORM, "a=%00"), 400);
	assert_int_equal(post(f, FORM, "a=\xff"), 400);
	assert_int_equal(post(f, FORM, "a=%1b"), 400);
	assert_int_equal(post(f, "multipart/form-data; boundary=xx", "--x"),
			 400);
	assert_int_equal(post(f, "multipart/form-data", "--x"), 415);
	assert_int_equal(post(f, FORM, big), 413);
	assert_int_equal(ask(f, "POST /echo HTTP/1.1\r\nHost: localhost\r\n"
				"Content-Length: 1073741824\r\n\r\nabc"),
			 413);
	assert_int_equal(ask(f, "GET / HTTP/1.1\r\nHost: localhost\r\n"
				"Content-Length: 3\r\n\r\nabc"),
			 413);
	f->max = 4;
	assert_int_equal(ask(f, "POST /echo HTTP/1.1\r\nContent-Type: " FORM
				"\r\nTransfer-Encoding: chunked\r\n" TAIL
				"5\r\na=111\r\n0\r\n\r\n"),
			 413);
}

static void assets_are_kept_by_the_browser(void **state)
{
	struct fix *f = *state;

	assert_int_equal(ask(f, "GET /assets/a-1.css HTTP/1.1\r\n" TAIL), 200);
	has(f, "\r\n\r\nplain");
	has(f, "Cache-Control: public, max-age=31536000, immutable");
	has(f, "Vary: Accept-Encoding");
	assert_int_equal(ask(f, "GET /assets/a-1.css HTTP/1.1\r\n"
				"Accept-Encoding: br, gzip\r\n" TAIL),
			 200);
	has(f, "Content-Encoding: gzip");
	has(f, "\r\n\r\npacked");
	assert_int_equal(ask(f, "GET /assets/a-1.css HTTP/1.1\r\n"
				"Accept-Encoding: gzip;q=0\r\n" TAIL),
			 200);
	has(f, "\r\n\r\nplain");
	assert_int_equal(ask(f, "GET /assets/a-1.css HTTP/1.1\r\n"
				"If-None-Match: \"tag\"\r\n" TAIL),
			 304);
	assert_null(strstr(f->got, "plain"));
	/* The next request comes on the same connection. */
	assert_int_equal(ask(f, "GET /assets/a-1.css HTTP/1.1\r\n"
				"Host: localhost\r\n\r\n"
				"GET / HTTP/1.1\r\n" TAIL),
			 200);
	has(f, "quick");
}

static void on_other_closed(void *arg)
{
	((struct fix *)arg)->others_closed++;
}

/* 56: who somebody is, is taken from the proxy's socket only. */
static void proxy_says_who_it_is(void **state)
{
	struct fix *f = *state;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	struct http_conf conf = {.socket = a.sun_path};
	struct http *h = NULL;
	char *dir = scratch_new();
	int fd;

	snprintf(a.sun_path, sizeof a.sun_path, "%s/proxy", dir);
	check_ok(listen_at(f, &h, &conf));
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	f->len = 0;
	give(fd, "GET /echo HTTP/1.1\r\nHost: desk.example\r\n"
		 "X-Forwarded-For: 6.6.6.6, 10.1.2.3\r\n"
		 "X-Remote-User: ann@example\r\nConnection: close\r\n\r\n");
	assert_true(until_closed(f, fd, 3000));
	close(fd);
	has(f, "secure=1 user=ann@example from=10.1.2.3");
	fd = socket(AF_UNIX, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
	f->len = 0;
	give(fd, "GET /echo HTTP/1.1\r\nHost: desk.example\r\n"
		 "X-Remote-User: ann\r\nX-Remote-User: root\r\n\r\n");
	assert_true(until_closed(f, fd, 3000));
	close(fd);
	has(f, "HTTP/1.1 400");
	http_close(h, on_other_closed, f);
	assert_true(spin_until(&f->loop, &f->others_closed, 1, 3000));
	assert_int_not_equal(access(a.sun_path, F_OK), 0);
	scratch_free(dir);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(query_and_cookies_are_read),
		T(forms_are_read),
		T(bodies_that_are_no_form_are_refused),
		T(assets_are_kept_by_the_browser),
		T(proxy_says_who_it_is),
	};

	return cmocka_run_group_tests_name("http_form", tests, NULL, NULL);
}
