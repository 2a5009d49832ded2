/* err: what can go wrong, and the sentence that tells a person.
 *
 * Functions return int: 0 done; negative one of E_*, to be returned unchanged;
 * positive an outcome that the function's header names. The function that
 * first sees a failure calls err_set() with the sentence; whoever reports it
 * (the command line, a page, the log) reads err_text() once.
 *
 * Owns one sentence per thread. Any thread. */
#ifndef CCFED_ERR_H
#define CCFED_ERR_H

#define ERR_MAP(X)                                                  \
	X(E_NOMEM, -1, "out of memory")                             \
	X(E_IO, -2, "input or output failed")                       \
	X(E_DB, -3, "the database failed")                          \
	X(E_BUSY, -4, "the database is busy")                       \
	X(E_UNKNOWN, -5, "it is not known whether the commit held") \
	X(E_INVALID, -6, "not valid")                               \
	X(E_NOTFOUND, -7, "not found")                              \
	X(E_EXISTS, -8, "exists already")                           \
	X(E_STATE, -9, "not possible in this state")                \
	X(E_FORMAT, -10, "not in the expected form")                \
	X(E_AUTH, -11, "not authentic")                             \
	X(E_DENIED, -12, "refused")                                 \
	X(E_TOOBIG, -13, "too large")                               \
	X(E_TIMEOUT, -14, "no answer in time")                      \
	X(E_USAGE, -15, "wrong use")

enum {
#define X(name, value, text) name = value,
	ERR_MAP(X)
#undef X
};

/* Remember the sentence for this thread, at most 1,023 bytes, and return
 * @code: `return err_set(E_INVALID, "line %d: ...", line);` */
int err_set(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Put "prefix: " before the remembered sentence; returns @code. For a caller
 * that knows the file or record that the callee could not name. */
int err_prefix(int code, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* The remembered sentence; if none was set, the text of @code. Lent until the
 * next err_* call of this thread. */
const char *err_text(int code);

/* "E_NOMEM" and so on; "E_?" for a number that is none of ours. */
const char *err_name(int code);

/* Forget the sentence. */
void err_clear(void);

#endif
