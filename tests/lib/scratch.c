#include "tests/lib/scratch.h"

#include <arpa/inet.h>
#include <ftw.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon/core/mem.h"

static void die(const char *what)
{
	perror(what);
	abort();
}

char *scratch_new(void)
{
	const char *base = getenv("TMPDIR");
	char *dir = mem_printf("%s/ccfed-test-XXXXXX", base ? base : "/tmp");

	if (!dir || !mkdtemp(dir))
		die("temporary folder");
	return dir;
}

static int remove_one(const char *path, const struct stat *st, int type,
		      struct FTW *ftw)
{
	return remove(path);
}

void scratch_free(char *dir)
{
	if (!dir)
		return;
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	mem_free(dir);
}

static const char *join(const char *dir, const char *name)
{
	static char buf[8][PATH_MAX];
	static int turn;
	char *path = buf[turn++ % 8];

	if (snprintf(path, PATH_MAX, "%s/%s", dir, name) >= PATH_MAX)
		die("path");
	return path;
}

const char *scratch_path(const char *dir, const char *name)
{
	return join(dir, name);
}

const char *source_path(const char *name)
{
	const char *root = getenv("CCFED_SOURCE");

	return join(root ? root : ".", name);
}

const char *data_path(const char *name)
{
	const char *root = getenv("CCFED_TEST_DATA");
	const char *path;

	path = join(root ? root : source_path("../shared/data"), name);
	return access(path, R_OK) == 0 ? path : NULL;
}

int free_address(char *out, size_t size)
{
	struct sockaddr_in sin = {.sin_family = AF_INET};
	socklen_t len = sizeof sin;
	int port, fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	/* The kernel gives a port that is free, and does not give it to the
	 * next who asks so. */
	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *)&sin, sizeof sin) < 0 ||
	    getsockname(fd, (struct sockaddr *)&sin, &len) < 0)
		die("free port");
	close(fd);
	port = ntohs(sin.sin_port);
	snprintf(out, size, "tcp://127.0.0.1:%d", port);
	return port;
}
