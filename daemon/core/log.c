#include "daemon/core/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"

enum { LINE_SIZE = 2048 };

static atomic_int most = LOG_LEVEL_INFO;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static void (*line_sink)(void *arg, enum log_level level, const char *line);
static void *line_arg;

/* By name on a terminal; systemd gets the number, too. */
static const char *level_name(enum log_level level)
{
	switch (level) {
	case LOG_LEVEL_ERROR:
		return "error";
	case LOG_LEVEL_WARN:
		return "warn";
	case LOG_LEVEL_INFO:
		return "info";
	default:
		return "debug";
	}
}

/* One write, so that lines of several processes don't mix. JOURNAL_STREAM is
 * set where the journal listens, which reads priorities and knows the time. */
static void to_stderr(enum log_level level, const char *line)
{
	char buf[LINE_SIZE + 32], at[21];
	int len;

	if (getenv("JOURNAL_STREAM"))
		len = snprintf(buf, sizeof buf, "<%d>%s\n", level, line);
	else
		len = snprintf(
			buf, sizeof buf, "%s %s\n",
			date_format_utc(clock_utc_ms(clock_system()), at),
			line);
	if (write(STDERR_FILENO, buf, (size_t)len) < 0)
		return; /* there is nowhere left to say so */
}

__attribute__((format(printf, 3, 0))) static void
emit(enum log_level level, const char *id, const char *fmt, va_list ap)
{
	char line[LINE_SIZE];
	int used;

	if ((int)level > atomic_load(&most))
		return;
	used = snprintf(line, sizeof line, "%s %s%s", level_name(level), id,
			fmt && *fmt ? " " : "");
	/* An over-long id fills the line and leaves no room. */
	if (fmt && used > 0 && (size_t)used < sizeof line)
		vsnprintf(line + used, sizeof line - (size_t)used, fmt, ap);
	/* A value from outside must not begin a line of its own. */
	for (char *p = line; *p; p++) {
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	}
	/* The sink is called under the lock: it need not be thread-safe, but it
	 * must not log. */
	pthread_mutex_lock(&lock);
	if (line_sink)
		line_sink(line_arg, level, line);
	else
		to_stderr(level, line);
	pthread_mutex_unlock(&lock);
}

void log_error(const char *id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_ERROR, id, fmt, ap);
	va_end(ap);
}

void log_warn(const char *id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_WARN, id, fmt, ap);
	va_end(ap);
}

void log_info(const char *id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_INFO, id, fmt, ap);
	va_end(ap);
}

void log_debug(const char *id, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	emit(LOG_LEVEL_DEBUG, id, fmt, ap);
	va_end(ap);
}

void log_level(enum log_level level)
{
	atomic_store(&most, (int)level);
}

void log_to(void (*sink)(void *arg, enum log_level level, const char *line),
	    void *arg)
{
	pthread_mutex_lock(&lock);
	line_sink = sink;
	line_arg = arg;
	pthread_mutex_unlock(&lock);
}
