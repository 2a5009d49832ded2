#include "daemon/web/http_impl.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/web/asset.h"

void http_add_headers(const struct http *h, struct MHD_Response *r)
{
	static const char *const header[][2] = {
		{"Content-Security-Policy",
		 "default-src 'self'; base-uri 'none'; object-src 'none'; "
		 "form-action 'self'; frame-ancestors 'none'"},
		{"X-Content-Type-Options", "nosniff"},
		{"Referrer-Policy", "no-referrer"},
		{"Cross-Origin-Resource-Policy", "same-origin"},
		{"Cross-Origin-Opener-Policy", "same-origin"},
		{"Permissions-Policy",
		 "camera=(), geolocation=(), microphone=()"},
	};

	for (size_t i = 0; i < sizeof header / sizeof *header; i++)
		MHD_add_response_header(r, header[i][0], header[i][1]);
	if (h->tls)
		MHD_add_response_header(r, "Strict-Transport-Security",
					"max-age=31536000");
}

static struct MHD_Response *make(const struct http *h, const struct asset *a,
				 const void *bytes, size_t len,
				 const char *coding)
{
	struct MHD_Response *r = MHD_create_response_from_buffer(
		len, (void *)(uintptr_t)bytes, MHD_RESPMEM_PERSISTENT);

	if (!r)
		return NULL;
	http_add_headers(h, r);
	MHD_add_response_header(r, "Content-Type", a->type);
	MHD_add_response_header(r, "ETag", a->etag);
	MHD_add_response_header(r, "Cache-Control",
				"public, max-age=31536000, immutable");
	if (a->gz)
		MHD_add_response_header(r, "Vary", "Accept-Encoding");
	if (coding)
		MHD_add_response_header(r, "Content-Encoding", coding);
	return r;
}

int http_asset_init(struct http *h)
{
	size_t n = h->site.n_assets;

	if (n == 0)
		return 0;
	h->asset = mem_calloc(n, sizeof *h->asset);
	if (!h->asset)
		return err_set(E_NOMEM, "out of memory for the page's files");
	for (size_t i = 0; i < n; i++) {
		const struct asset *a = &h->site.asset[i];
		struct asset_response *r = &h->asset[i];

		r->plain = make(h, a, a->data, a->len, NULL);
		r->same = make(h, a, "", 0, NULL);
		if (a->gz)
			r->gzip = make(h, a, a->gz, a->gz_len, "gzip");
		if (!r->plain || !r->same || (a->gz && !r->gzip))
			return err_set(E_NOMEM,
				       "out of memory for the page's files");
	}
	return 0;
}

void http_asset_fini(struct http *h)
{
	for (size_t i = 0; h->asset && i < h->site.n_assets; i++) {
		struct asset_response *r = &h->asset[i];

		if (r->plain)
			MHD_destroy_response(r->plain);
		if (r->gzip)
			MHD_destroy_response(r->gzip);
		if (r->same)
			MHD_destroy_response(r->same);
	}
	mem_free(h->asset);
	h->asset = NULL;
}

bool http_asset_serve(struct http *h, struct MHD_Connection *c,
		      const struct http_request *q, enum MHD_Result *result)
{
	for (size_t i = 0; i < h->site.n_assets; i++) {
		const struct asset *a = &h->site.asset[i];
		struct asset_response *r = &h->asset[i];

		if (strcmp(a->path, q->path) != 0)
			continue;
		if (q->etag && strcmp(q->etag, a->etag) == 0)
			*result = MHD_queue_response(c, 304, r->same);
		else if (q->gzip && r->gzip)
			*result = MHD_queue_response(c, 200, r->gzip);
		else
			*result = MHD_queue_response(c, 200, r->plain);
		return true;
	}
	return false;
}
