/* http: a small web server on the loop: libmicrohttpd inside libuv. Reads
 * only: GET and HEAD of the paths in a table, everything else is refused.
 *
 * Quick answers are made on the loop; slow ones by `work`, while the
 * connection is suspended. A connection has 10 s to send a request's header
 * and 30 s for the whole request, however slowly it drips; there are at most
 * HTTP_CONNECTIONS, of one address HTTP_PER_ADDRESS. On a loopback address the
 * Host must be one, too, so that a name somebody else owns can't point here.
 * Loop thread only. */
#ifndef CCFED_HTTP_H
#define CCFED_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct http; /* opaque */
struct uv_loop_s;
struct work; /* daemon/core/work.h */

enum { HTTP_CONNECTIONS = 64, HTTP_PER_ADDRESS = 32 };

struct http_reply {
	int status;	  /* 200 unless set */
	const char *type; /* "text/html; charset=utf-8", static */
	char *body;	  /* for mem_free */
	size_t len;
	bool keep; /* may be cached for a day; else no-store */
};
/* Fill *out: 0, or negative: the client gets 500. */
typedef int http_fn(void *arg, struct http_reply *out);
struct http_route {
	const char *path;
	bool slow; /* @fn runs off the loop */
	http_fn *fn;
	void *arg;
};

/* Deadlines, for tests; 0: the usual. */
struct http_limits {
	int header_ms, request_ms;
};

/* @work must be done on the loop later, as that of the thread pool is. Listen
 * at @addr, "127.0.0.1:8400" or "[::1]:8400"; port 0: any. An address
 * that other machines can reach is E_DENIED unless @remote. @routes (@n) are
 * borrowed. On 0 the caller owns *out. */
int http_new(struct http **out, struct uv_loop_s *loop, struct work *work,
	     const char *addr, bool remote, const struct http_route *routes,
	     int n, const struct http_limits *limits);
/* The port that it listens at. */
int http_port(const struct http *h);
/* Take no more, let slow answers end, close; then @closed is called, and @h is
 * gone. */
void http_close(struct http *h, void (*closed)(void *arg), void *arg);

#endif
