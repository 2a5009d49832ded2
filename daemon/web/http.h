/* http: a web server on the loop: libmicrohttpd inside libuv. It takes whole
 * requests, refuses what is malformed or too large, and sends answers; what
 * they mean is its user's business (daemon/web/pages.h).
 *
 * GET, HEAD and POST. A connection has 10 s to send a request's header and
 * 30 s for the whole request, however slowly it drips (libmicrohttpd's own
 * limit counts idleness only); there are at most HTTP_CONNECTIONS, of one
 * address HTTP_PER_ADDRESS. Two lengths, or a length beside a transfer coding,
 * which libmicrohttpd takes for one request and a proxy for two, are refused
 * and the connection ends. On a loopback address the Host must be one, too, so
 * that a name somebody else owns can't point here. Every reply has the
 * headers of security.
 *
 * All functions on the loop thread only; a request's members may be read by
 * the thread that works on it. */
#ifndef CCFED_HTTP_H
#define CCFED_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/web/fields.h"

struct asset; /* daemon/web/asset.h */
struct http;  /* opaque */
struct uv_loop_s;

enum {
	HTTP_CONNECTIONS = 256,
	HTTP_PER_ADDRESS = 32,
	HTTP_HEADERS = 16 * 1024, /* of one connection: its header, mostly */
	HTTP_FORM = 256 * 1024,	  /* a usual form's body at most */
	HTTP_ADDRESS = 48,
};

enum http_method { HTTP_GET = 1, HTTP_POST = 2 };

/* A request that came in whole. Everything is lent for its life. */
struct http_request {
	enum http_method method;
	bool head;	    /* a GET whose body is not sent */
	const char *target; /* path and query as they came */
	const char *path;   /* decoded, begins with '/', UTF-8 */
	struct fields query, form, cookie;
	/* Headers; NULL if there is none. */
	const char *host, *origin, *fetch_site, *etag, *language, *agent,
		*authorization;
	const char *user; /* X-Remote-User, from a trusted socket */
	bool gzip;	  /* the client takes it */
	bool secure;	  /* came by TLS, here or at the proxy */
	bool trusted;	  /* came by the UNIX socket */
	char address
		[HTTP_ADDRESS]; /* the client's, without port; of the proxy's
				     * client, as it says; "" unknown */
	void *user_data;	/* for the site; NULL at first */
};

enum { HTTP_MORE = 6 };
struct http_reply {
	int status;	  /* 200 unless set */
	const char *type; /* "text/html; charset=utf-8"; NULL: no body */
	char *body;	  /* for mem_free; the server takes it */
	size_t len;
	bool close;
	/* More headers; names static, values copied when it is sent. */
	struct {
		const char *name, *value;
	} more[HTTP_MORE];
};

/* Who answers. */
struct http_site {
	void *arg; /* of all functions */
	/* Header and path are in: how many bytes of body may come; 0: none. */
	size_t (*body_max)(void *arg, const struct http_request *q);
	/* Answer @q with http_answer, in this call or later. */
	void (*serve)(void *arg, struct http_request *q);
	/* @q is gone: answered, or its client left after it was answered. */
	void (*done)(void *arg, struct http_request *q); /* may be NULL */
	const struct asset *asset; /* files to serve; all borrowed */
	size_t n_assets;
};

struct http_conf {
	const char *addr; /* "127.0.0.1:8400", "[::1]:8400"; port 0: any */
	bool remote;	  /* other machines may reach it; wants TLS */
	const char *cert, *key; /* PEM texts for TLS, or NULL: plain */
	const char *socket;	/* instead of @addr: path of a UNIX socket for a
			     * reverse proxy, whose word is taken for who the
			     * user and the client are */
	int header_ms, request_ms; /* deadlines, for tests; 0: the usual */
};

/* An address that other machines can reach is E_DENIED unless conf->remote,
 * and E_INVALID without TLS. @site is copied. On 0 the caller owns *out. */
int http_new(struct http **out, struct uv_loop_s *loop,
	     const struct http_conf *conf, const struct http_site *site);
/* E_INVALID with a sentence unless it has the form of an address as above. */
int http_address_check(const char *addr);
/* The port that it listens at; 0: a socket. */
int http_port(const struct http *h);
bool http_is_loopback(const struct http *h);
/* Send @r; @q is gone after that, or soon. */
void http_answer(struct http_request *q, struct http_reply *r);
/* A short plain text. */
void http_say(struct http_request *q, int status, const char *text);
/* Take no more, let the answers under way end, close; then @closed is called,
 * and @h is gone. */
void http_close(struct http *h, void (*closed)(void *arg), void *arg);

#endif
