#include "daemon/core/daemon.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

#include "daemon/core/err.h"

enum { PATH = 600, TRIES = 5, PAUSE_MS = 20 };

static int open_conf(const char *dir, char path[PATH])
{
	snprintf(path, PATH, "%s/ccfed.conf", dir);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* Whoever looks whether a daemon runs holds the lock for a moment. */
static bool take(int fd)
{
	struct timespec pause = {0, PAUSE_MS * 1000000L};

	for (int i = 0; i < TRIES; i++) {
		if (flock(fd, LOCK_EX | LOCK_NB) == 0)
			return true;
		nanosleep(&pause, NULL);
	}
	return false;
}

int daemon_lock(const char *dir, const char *what, int *lock)
{
	char path[PATH];
	int fd = open_conf(dir, path);

	if (fd < 0)
		return err_set(E_IO, "can't open %s", path);
	if (!take(fd)) {
		close(fd);
		return err_set(E_STATE, "a %s runs in %s already", what, dir);
	}
	*lock = fd;
	return 0;
}

bool daemon_runs(const char *dir)
{
	char path[PATH];
	int fd = open_conf(dir, path);
	bool runs;

	if (fd < 0)
		return false;
	runs = flock(fd, LOCK_SH | LOCK_NB) != 0;
	close(fd);
	return runs;
}

void daemon_ready(void)
{
#ifdef HAVE_SYSTEMD
	sd_notify(0, "READY=1");
#endif
}

void daemon_stopping(void)
{
#ifdef HAVE_SYSTEMD
	sd_notify(0, "STOPPING=1");
#endif
}
