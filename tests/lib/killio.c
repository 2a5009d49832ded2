/* killio: preloaded into a real program, kills it at its nth write or sync of a
 * file: a write is torn in the middle, a sync does not happen.
 *
 * CCFED_KILL_AT   n, from 1; none: nobody is killed
 * CCFED_KILL_SAY  a file to which the count goes when the program ends */
/* It would make one name of two functions. */
#undef _FILE_OFFSET_BITS
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static long count;

/* The calls are made without libc's functions of these names, which are the
 * ones below. */
static ssize_t write_at(int fd, const void *data, size_t n, off_t at)
{
	return syscall(SYS_pwrite64, fd, data, n, at);
}

static int is_now(void)
{
	const char *at = getenv("CCFED_KILL_AT");

	count++;
	return at && count == strtol(at, NULL, 10);
}

static void die(void)
{
	kill(getpid(), SIGKILL);
	for (;;)
		pause();
}

ssize_t pwrite64(int fd, const void *data, size_t n, off_t at);
ssize_t pwrite64(int fd, const void *data, size_t n, off_t at)
{
	if (is_now()) {
		write_at(fd, data, n / 2, at);
		die();
	}
	return write_at(fd, data, n, at);
}

ssize_t pwrite(int fd, const void *data, size_t n, off_t at)
{
	return pwrite64(fd, data, n, at);
}

int fdatasync(int fd)
{
	if (is_now())
		die();
	return (int)syscall(SYS_fdatasync, fd);
}

int fsync(int fd)
{
	if (is_now())
		die();
	return (int)syscall(SYS_fsync, fd);
}

int ftruncate64(int fd, off_t size);
int ftruncate64(int fd, off_t size)
{
	if (is_now())
		die();
	return (int)syscall(SYS_ftruncate, fd, size);
}

int ftruncate(int fd, off_t size)
{
	return ftruncate64(fd, size);
}

__attribute__((destructor)) static void say(void)
{
	const char *path = getenv("CCFED_KILL_SAY");
	char text[24];
	int fd, n;

	if (!path)
		return;
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	n = snprintf(text, sizeof text, "%ld\n", count);
	if (fd < 0 || write(fd, text, (size_t)n) != n)
		_exit(99);
	close(fd);
}
