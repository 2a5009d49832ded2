/* A client that does no more than the benchmark asks. */
#include "tests/bench/bench_desk.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

enum { REPLY = 1 << 20, LATENCIES = 1 << 18, CONNECTIONS = 64 };

struct connection {
	int fd;
	char *buf; /* REPLY bytes */
	size_t len;
	double sent_s;
};

static void must(bool ok, const char *what)
{
	if (!ok)
		bench_must(err_set(E_IO, "%s failed", what), "http");
}

static int dial(int port)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
				 .sin_port = htons((uint16_t)port),
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* That nobody listens on. */
int bench_desk_port(void)
{
	struct sockaddr_in at = {.sin_family = AF_INET,
				 .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	must(fd >= 0 && bind(fd, (struct sockaddr *)&at, sizeof at) == 0 &&
		     getsockname(fd, (struct sockaddr *)&at, &len) == 0,
	     "looking for a port");
	close(fd);
	return ntohs(at.sin_port);
}

int bench_desk_start(const char *dir, int port)
{
	const char *exe = getenv("CCFED_EXE");
	pid_t pid;

	must(exe != NULL, "CCFED_EXE is not set: starting ccfed");
	bench_shell("sed -i 's/^#*http = .*/http = 127.0.0.1:%d/' "
		    "%s/ccfed.conf",
		    port, dir);
	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		must(freopen("/dev/null", "w", stdout) != NULL, "stdout");
		must(freopen("/dev/null", "w", stderr) != NULL, "stderr");
		execl(exe, exe, "node", "run", "-d", dir, (char *)NULL);
		_exit(1);
	}
	must(pid > 0, "fork");
	for (int i = 0; i < 600; i++) {
		int fd = dial(port);

		must(waitpid(pid, NULL, WNOHANG) == 0, "ccfed node run");
		if (fd >= 0) {
			close(fd);
			return (int)pid;
		}
		usleep(50000);
	}
	must(false, "waiting for the pages");
	return 0;
}

void bench_desk_stop(int pid)
{
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

/* The length of the whole reply in @c, 0 while it is not known. */
static size_t whole(const struct connection *c)
{
	const char *end = memmem(c->buf, c->len, "\r\n\r\n", 4), *at;

	if (!end)
		return 0;
	at = memmem(c->buf, (size_t)(end - c->buf), "\r\nContent-Length: ", 18);
	must(at != NULL, "a reply without a length: reading");
	return (size_t)(end - c->buf) + 4 + (size_t)strtol(at + 18, NULL, 10);
}

/* True when a reply is complete. */
static bool receive(struct connection *c)
{
	ssize_t n = read(c->fd, c->buf + c->len, REPLY - 1 - c->len);
	size_t all;

	must(n > 0, "reading a reply");
	c->len += (size_t)n;
	c->buf[c->len] = '\0';
	all = whole(c);
	return all > 0 && c->len >= all;
}

static void ask(struct connection *c, int port, const char *method,
		const char *path, const char *cookie, const char *body)
{
	char *text =
		mem_printf("%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n%s%s%s"
			   "Origin: http://127.0.0.1:%d\r\n"
			   "Content-Type: application/x-www-form-urlencoded\r\n"
			   "Content-Length: %zu\r\n\r\n%s",
			   method, path, port, cookie ? "Cookie: " : "",
			   cookie ? cookie : "", cookie ? "\r\n" : "", port,
			   strlen(body), body);

	must(text && write(c->fd, text, strlen(text)) == (ssize_t)strlen(text),
	     "asking");
	mem_free(text);
	c->len = 0;
	c->sent_s = bench_now_s();
}

static void open_connection(struct connection *c, int port)
{
	c->fd = dial(port);
	c->buf = mem_alloc(REPLY);
	must(c->fd >= 0 && c->buf, "connecting");
}

static void close_connection(struct connection *c)
{
	close(c->fd);
	mem_free(c->buf);
}

/* What stands between @before and the first of @ends in the reply. */
static char *cut(const struct connection *c, const char *before,
		 const char *ends)
{
	const char *at = strstr(c->buf, before);

	must(at != NULL, before);
	at += strlen(before);
	return mem_printf("%.*s", (int)strcspn(at, ends), at);
}

void bench_desk_sign_in(int port, const char *name, const char *password,
			char **out)
{
	struct connection c;
	char *body = mem_printf("name=%s&password=%s", name, password);

	open_connection(&c, port);
	ask(&c, port, "POST", "/sign-in", NULL, body);
	while (!receive(&c))
		;
	must(strncmp(c.buf, "HTTP/1.1 303", 12) == 0, "signing in");
	*out = cut(&c, "Set-Cookie: ", ";\r");
	mem_free(body);
	close_connection(&c);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Of the whole process so far. */
static double cpu_s(int pid)
{
	unsigned long user = 0, system = 0;
	char path[40];
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/stat", pid);
	f = fopen(path, "r");
	must(f && fscanf(f,
			 "%*d (%*[^)]) %*c %*d %*d %*d %*d %*d %*u %*u %*u"
			 " %*u %*u %lu %lu",
			 &user, &system) == 2,
	     "reading the daemon's time");
	fclose(f);
	return (double)(user + system) / (double)sysconf(_SC_CLK_TCK);
}

void bench_desk_load(int pid, int port, const char *cookie,
		     const char *const *path, int paths, int connections,
		     double seconds, struct bench_desk_load *out)
{
	struct connection c[CONNECTIONS];
	struct pollfd poll_on[CONNECTIONS];
	double *ms = mem_alloc(LATENCIES * sizeof *ms), begun, now;
	double cpu = cpu_s(pid);
	int n = 0, next = 0;

	must(ms && connections <= CONNECTIONS, "memory");
	for (int i = 0; i < connections; i++) {
		open_connection(&c[i], port);
		poll_on[i] = (struct pollfd){.fd = c[i].fd, .events = POLLIN};
		ask(&c[i], port, "GET", path[next++ % paths], cookie, "");
	}
	begun = now = bench_now_s();
	while (now - begun < seconds && n < LATENCIES) {
		must(poll(poll_on, (nfds_t)connections, 10000) > 0, "waiting");
		for (int i = 0; i < connections; i++) {
			if (!(poll_on[i].revents & POLLIN) || !receive(&c[i]))
				continue;
			must(strncmp(c[i].buf, "HTTP/1.1 200", 12) == 0,
			     path[0]);
			now = bench_now_s();
			if (n < LATENCIES)
				ms[n++] = (now - c[i].sent_s) * 1000;
			out->bytes = (long)c[i].len;
			ask(&c[i], port, "GET", path[next++ % paths], cookie,
			    "");
		}
	}
	must(n > 0, "a reply in time");
	qsort(ms, (size_t)n, sizeof *ms, by_value);
	out->rps = n / (now - begun);
	out->cpu_ms = (cpu_s(pid) - cpu) * 1000 / n;
	out->p50_ms = ms[n / 2];
	out->p99_ms = ms[(size_t)((n - 1) * 0.99)];
	for (int i = 0; i < connections; i++)
		close_connection(&c[i]);
	mem_free(ms);
}
