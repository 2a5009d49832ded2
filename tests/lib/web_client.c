#include "tests/lib/web_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <uv.h>

#include "daemon/core/mem.h"

enum { WAIT_MS = 20000 };

static void stop(const char *why)
{
	fprintf(stderr, "web_client: %s\n", why);
	abort();
}

void web_client_init(struct web_client *c, struct uv_loop_s *loop, int port)
{
	memset(c, 0, sizeof *c);
	c->loop = loop;
	c->port = port;
	c->got = mem_calloc(1, WEB_GOT);
	if (!c->got)
		stop("out of memory");
}

void web_client_fini(struct web_client *c)
{
	mem_free(c->got);
	c->got = NULL;
}

static int dial(const struct web_client *c)
{
	struct sockaddr_in in = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)c->port)};
	struct sockaddr_un un = {.sun_family = AF_UNIX};
	int fd = socket(c->socket ? AF_UNIX : AF_INET, SOCK_STREAM, 0), r;

	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (c->socket)
		snprintf(un.sun_path, sizeof un.sun_path, "%s", c->socket);
	r = c->socket ? connect(fd, (struct sockaddr *)&un, sizeof un)
		      : connect(fd, (struct sockaddr *)&in, sizeof in);
	if (r != 0)
		stop("nobody listens");
	return fd;
}

static void read_all(struct web_client *c, int fd)
{
	uint64_t end = uv_hrtime() + (uint64_t)WAIT_MS * 1000000;

	c->len = 0;
	while (uv_hrtime() < end) {
		ssize_t n;

		uv_run(c->loop, UV_RUN_NOWAIT);
		n = recv(fd, c->got + c->len, WEB_GOT - 1 - c->len,
			 MSG_DONTWAIT);
		if (n == 0 || (n < 0 && errno != EAGAIN))
			break;
		if (n > 0)
			c->len += (size_t)n;
		else
			usleep(200);
	}
	c->got[c->len] = '\0';
}

const char *web_header(const struct web_client *c, const char *name)
{
	static char value[400];
	const char *body = strstr(c->got, "\r\n\r\n");
	size_t n = strlen(name);

	value[0] = '\0';
	for (const char *l = strstr(c->got, "\r\n"); l && l < body;
	     l = strstr(l + 2, "\r\n")) {
		if (strncasecmp(l + 2, name, n) == 0 && l[2 + n] == ':') {
			l += 2 + n + 1;
			l += strspn(l, " ");
			snprintf(value, sizeof value, "%.*s",
				 (int)strcspn(l, "\r"), l);
			break;
		}
	}
	return value;
}

static void keep_cookie(struct web_client *c)
{
	const char *set = web_header(c, "Set-Cookie");
	size_t name = strcspn(set, "="), all = strcspn(set, ";");

	if (!*set)
		return;
	for (int i = 0; i < WEB_COOKIES; i++) {
		if (c->cookie[i][0] &&
		    strncmp(c->cookie[i], set, name + 1) != 0)
			continue;
		snprintf(c->cookie[i], sizeof c->cookie[i], "%.*s",
			 all > name + 1 ? (int)all : 0, set);
		return;
	}
	stop("too many cookies");
}

static void keep_token(struct web_client *c)
{
	static const char mark[] = "name=\"csrf\" value=\"";
	const char *at = strstr(c->got, mark);

	if (at)
		snprintf(c->token, sizeof c->token, "%.43s",
			 at + sizeof mark - 1);
}

static int ask(struct web_client *c, const char *head, const char *body)
{
	char cookies[600] = "", *text;
	int fd = dial(c), status = 0;
	size_t n = 0;

	for (int i = 0; i < WEB_COOKIES; i++)
		if (c->cookie[i][0])
			n += (size_t)snprintf(
				cookies + n, sizeof cookies - n, "%s%s",
				n ? "; " : "Cookie: ", c->cookie[i]);
	text = mem_printf("%s HTTP/1.1\r\nHost: localhost\r\n%s%s%s"
			  "Connection: close\r\n%s",
			  head, cookies, n ? "\r\n" : "",
			  c->headers ? c->headers : "", body);
	if (!text || send(fd, text, strlen(text), MSG_NOSIGNAL) < 0)
		stop("can't send");
	mem_free(text);
	read_all(c, fd);
	close(fd);
	if (sscanf(c->got, "HTTP/1.1 %d", &status) != 1)
		stop("no answer came");
	keep_cookie(c);
	keep_token(c);
	return status;
}

int web_get(struct web_client *c, const char *path)
{
	char head[600];

	snprintf(head, sizeof head, "GET %s", path);
	return ask(c, head, "\r\n");
}

int web_post(struct web_client *c, const char *path, const char *form)
{
	char head[600], *body;
	int status;

	snprintf(head, sizeof head, "POST %s", path);
	body = mem_printf("Content-Type: application/x-www-form-urlencoded\r\n"
			  "Content-Length: %zu\r\n\r\n%s",
			  strlen(form), form);
	status = ask(c, head, body);
	mem_free(body);
	return status;
}

int web_send(struct web_client *c, const char *path, const char *form)
{
	char *text = mem_printf("csrf=%s&%s", c->token, form);
	int status = web_post(c, path, text);

	mem_free(text);
	return status;
}

bool web_has(const struct web_client *c, const char *text)
{
	return strstr(c->got, text) != NULL;
}
