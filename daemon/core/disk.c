#include "daemon/core/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"

/* ENOENT and refusals have codes of their own, because callers and people act
 * on them; the rest is the disk's. */
static int fail(const char *verb, const char *path)
{
	int code = E_IO;

	if (errno == ENOENT)
		code = E_NOTFOUND;
	else if (errno == EACCES || errno == EPERM || errno == EROFS)
		code = E_DENIED;
	return err_set(code, "can't %s %s: %s", verb, path, strerror(errno));
}

static void close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

/* Grows as it reads: the size of a pipe, or of a file that is being written,
 * can't be known before. */
static int read_all(int fd, const char *path, size_t max, char **buf,
		    size_t *len)
{
	size_t room = 0;

	for (;;) {
		ssize_t n;

		if (*len == room) {
			char *more = mem_realloc(*buf, room * 2 + 4096 + 1);

			if (!more)
				return err_set(E_NOMEM, "out of memory for %s",
					       path);
			*buf = more;
			room = room * 2 + 4096;
		}
		n = read(fd, *buf + *len, room - *len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail("read", path);
		if (n == 0)
			return 0;
		*len += (size_t)n;
		if (*len > max)
			return err_set(E_TOOBIG, "%s is larger than %zu bytes",
				       path, max);
	}
}

static int system_read(struct disk *d, const char *path, size_t max, char **out,
		       size_t *len)
{
	char *buf = NULL;
	int fd, r;

	*len = 0;
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		r = fail("read", path);
		goto out;
	}
	r = read_all(fd, path, max, &buf, len);
	if (r < 0)
		goto out;
	buf[*len] = '\0';
	*out = buf;
	buf = NULL; /* handed over */
out:
	close_fd(fd);
	mem_free(buf);
	return r;
}

/* A short write is normal for a pipe or a nearly full disk. */
static int write_all(int fd, const char *buf, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, buf, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -1;
		buf += n;
		len -= (size_t)n;
	}
	return 0;
}

/* A rename lives in the directory, which must reach the disk by itself. */
static int sync_parent(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	int fd, r;

	if (!slash)
		snprintf(dir, sizeof dir, ".");
	else
		snprintf(dir, sizeof dir, "%.*s",
			 slash == path ? 1 : (int)(slash - path), path);
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	r = fsync(fd);
	close(fd);
	return r;
}

/* Private until it is complete, whatever @mode will be; fchmod and not the mode
 * of open, because the umask must not take part. */
static int write_new(const char *path, const char *buf, size_t len,
		     unsigned mode)
{
	int fd, r = 0;

	/* What a killed writer with our process id left behind. */
	unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0 || write_all(fd, buf, len) < 0 || fchmod(fd, mode) < 0 ||
	    fsync(fd) < 0)
		r = fail("write", path);
	close_fd(fd);
	return r;
}

/* A reader sees the old file or the new one, also after a power loss: the bytes
 * are on the disk before the name is. */
static int system_write(struct disk *d, const char *path, const void *buf,
			size_t len, unsigned mode)
{
	char *tmp = mem_printf("%s.%ld.tmp", path, (long)getpid());
	int r;

	if (!tmp)
		return err_set(E_NOMEM, "out of memory for %s", path);
	r = write_new(tmp, buf, len, mode);
	if (r == 0 && rename(tmp, path) < 0)
		r = fail("write", path);
	if (r < 0)
		unlink(tmp);
	else if (sync_parent(path) < 0)
		r = fail("write", path);
	mem_free(tmp);
	return r;
}

/* Parents get 0700, too: the folder holds children's records. */
static int system_make_dir(struct disk *d, const char *path)
{
	char *part = mem_strdup(path);
	struct stat st;
	int r = 0;

	if (!part)
		return err_set(E_NOMEM, "out of memory for %s", path);
	for (char *p = part; *p; p++) {
		if (*p != '/' || p == part)
			continue;
		*p = '\0';
		/* The last mkdir tells whether this one mattered. */
		mkdir(part, 0700);
		*p = '/';
	}
	if (mkdir(path, 0700) < 0) {
		int saved = errno;

		if (saved != EEXIST || stat(path, &st) < 0 ||
		    !S_ISDIR(st.st_mode)) {
			errno = saved;
			r = fail("make directory", path);
		}
	}
	mem_free(part);
	return r;
}

struct disk *disk_system(void)
{
	static struct disk system = {
		.read = system_read,
		.write = system_write,
		.make_dir = system_make_dir,
	};

	return &system;
}

int disk_read(struct disk *d, const char *path, size_t max, char **out,
	      size_t *len)
{
	return d->read(d, path, max, out, len);
}

int disk_write(struct disk *d, const char *path, const void *buf, size_t len,
	       unsigned mode)
{
	return d->write(d, path, buf, len, mode);
}

int disk_make_dir(struct disk *d, const char *path)
{
	return d->make_dir(d, path);
}
