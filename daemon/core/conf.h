/* conf: reads the one form that all of ccfed's text files have: sections in
 * brackets, "key = value" lines, values that go on in indented lines, comments
 * with '#' or ';' at the start of a line. ccfed.conf, fact tables, measures
 * and the vocabulary are such files.
 *
 * It is libinih behind a reader that counts lines and refuses what inih would
 * cut in two: a line longer than 190 bytes is an error here, not two bogus
 * keys. Bytes that are not UTF-8 are refused. Any thread. */
#ifndef CCFED_CONF_H
#define CCFED_CONF_H

#include <stdbool.h>
#include <stddef.h>

/* One "key = value" (or one more line of the same value: @more is true, and
 * the value is that line alone). @line counts from 1. Return 0, or a negative
 * code after err_set() with a sentence that does not name file and line: they
 * are put before it. Strings are lent for the call. */
typedef int conf_fn(void *arg, const char *section, const char *key,
		    const char *value, bool more, int line);

/* Read the file at @path. The first error stops it: "PATH:LINE: sentence". */
int conf_read(const char *path, conf_fn *fn, void *arg);
/* The same over @len bytes of @text; @name stands for the path in errors. */
int conf_read_text(const char *name, const char *text, size_t len, conf_fn *fn,
		   void *arg);

/* A table of options, for ccfed.conf. */
enum conf_type { CONF_INT, CONF_BOOL, CONF_STRING };
struct conf_opt {
	const char *section, *key;
	enum conf_type type;
	size_t offset;	     /* into the struct that is filled */
	size_t size;	     /* of a CONF_STRING's char array */
	const char *initial; /* default, as text; NULL: must be given */
	const char *help;
	long min, max; /* CONF_INT; both 0: any int */
};
/* Fill @into (int, bool or char[] members at each offset) from @path: first
 * every default, then the file. Unknown section or key, a wrong value or a
 * missing mandatory key: E_INVALID naming file, line and key. */
int conf_load(const char *path, const struct conf_opt *opts, int n, void *into);

#endif
