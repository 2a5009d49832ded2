/* web_client: a browser of few words: asks a server on loopback that runs on a
 * loop of the same thread, and keeps one cookie jar. */
#ifndef CCFED_TEST_WEB_CLIENT_H
#define CCFED_TEST_WEB_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

struct uv_loop_s;

enum { WEB_COOKIES = 4, WEB_GOT = 256 * 1024 };

struct web_client {
	struct uv_loop_s *loop;
	int port;
	const char *socket; /* path of a UNIX socket instead, or NULL */
	char cookie[WEB_COOKIES][120]; /* "name=value" */
	const char *headers; /* more of them, each ending with CRLF, or NULL */
	char token[64];	     /* of the last page that had one */
	char *got;	     /* the whole answer, with its NUL */
	size_t len;
};

void web_client_init(struct web_client *c, struct uv_loop_s *loop, int port);
void web_client_fini(struct web_client *c);
/* The answer's status; stops the test if none comes. */
int web_get(struct web_client *c, const char *path);
/* @form: "a=1&b=2", percent-encoded. */
int web_post(struct web_client *c, const char *path, const char *form);
/* The same with the token that the last page had. */
int web_send(struct web_client *c, const char *path, const char *form);
/* The value of a header of the answer, in a static buffer; "" if missing. */
const char *web_header(const struct web_client *c, const char *name);
/* The answer has @text. */
bool web_has(const struct web_client *c, const char *text);

#endif
