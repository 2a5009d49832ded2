/* log: one line per event on stderr, "level id key=value ...".
 *
 * Under systemd each line begins with its priority, "<6>", elsewhere with the
 * time, "2026-11-24T23:09:22Z". Never a name, an
 * identifier or free text of a case: a test greps for planted ones. Any
 * thread. */
#ifndef CCFED_LOG_H
#define CCFED_LOG_H

enum log_level {
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARN = 4,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7
};

/* @id names the event, like "release_sent"; @fmt gives its key=value pairs. */
void log_error(const char *id, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void log_warn(const char *id, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void log_info(const char *id, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void log_debug(const char *id, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Lines less urgent than @level are dropped; LOG_LEVEL_INFO at the start. */
void log_level(enum log_level level);

/* Send lines to @sink instead of stderr (tests); NULL restores stderr. */
void log_to(void (*sink)(void *arg, enum log_level level, const char *line),
	    void *arg);

#endif
