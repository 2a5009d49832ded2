/* http_impl: what the sources of http share; nobody else includes it. */
#ifndef CCFED_HTTP_IMPL_H
#define CCFED_HTTP_IMPL_H

#include <sys/queue.h>

#include <microhttpd.h>
#include <uv.h>

#include "daemon/web/http.h"

struct conn {
	TAILQ_ENTRY(conn) link;
	int fd;
	uint64_t deadline_ms; /* by uv_now; 0: none */
};

struct asset_response {
	struct MHD_Response *plain, *gzip, *same; /* 200, 200, 304 */
};

struct http {
	uv_loop_t *loop;
	struct http_site site;
	struct MHD_Daemon *mhd;
	uv_poll_t poll;
	uv_prepare_t prepare;
	uv_timer_t turn;  /* when libmicrohttpd wants to run */
	uv_timer_t sweep; /* deadlines */
	int open_handles;
	uint64_t header_ms, request_ms;
	bool loopback, tls, trusted;
	int port, fd;	  /* fd: of the UNIX socket, or -1 */
	char socket[108]; /* its path, or "" */
	struct asset_response *asset;
	TAILQ_HEAD(, conn) conns;
	int under_way; /* requests that are not answered yet */
	bool closing;
	char why[200]; /* the library's last complaint */
	void (*closed)(void *arg);
	void *closed_arg;
};

/* --- http_request.c --- */
/* Called by the library: the request line is in; header, body and end; the
 * request is done with. */
void *http_on_uri(void *arg, const char *uri, struct MHD_Connection *c);
enum MHD_Result http_on_request(void *arg, struct MHD_Connection *c,
				const char *url, const char *method,
				const char *version, const char *upload,
				size_t *upload_size, void **state);
void http_on_completed(void *arg, struct MHD_Connection *c, void **state,
		       enum MHD_RequestTerminationCode why);

/* --- http_asset.c --- */
/* Security's headers, on every reply. */
void http_add_headers(const struct http *h, struct MHD_Response *r);
int http_asset_init(struct http *h);
void http_asset_fini(struct http *h);
/* True if @q is for an asset; then it was answered: *result. */
bool http_asset_serve(struct http *h, struct MHD_Connection *c,
		      const struct http_request *q, enum MHD_Result *result);

/* --- http.c --- */
void http_deadline(struct http *h, struct MHD_Connection *c, uint64_t ms);
/* One request less is under way. */
void http_settled(struct http *h);

#endif
