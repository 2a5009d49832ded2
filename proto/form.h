/* form: fills a struct from the "key = value" lines of one section of a conf
 * file, by a table of fields. Shared by the readers of the vocabulary, of fact
 * tables and of measures. Any thread. */
#ifndef CCFED_FORM_H
#define CCFED_FORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum form_type {
	FORM_TEXT, /* char[size]; further lines are joined by a blank */
	FORM_ID,   /* char[size]; one line of letters, digits, '-' and '_' */
	FORM_LONG, /* char *, for mem_free; lines are joined by a newline */
	FORM_INT,  /* int in [min, max] */
	FORM_BOOL, /* bool: yes or no */
};

struct form_field {
	const char *key;
	enum form_type type;
	size_t offset, size;
	bool must;
	int min, max;
};

/* What was read of one section. */
struct form_seen {
	uint32_t bits; /* fields given, by index */
	int line;      /* of the first key */
};

/* Take one line. E_INVALID: unknown key, key given twice, wrong value. */
int form_take(const struct form_field *f, int n, void *into,
	      struct form_seen *seen, const char *key, const char *value,
	      bool more, int line);
/* E_INVALID if a field that must be given was not, or is an empty text. */
int form_complete(const struct form_field *f, int n, const void *into,
		  const struct form_seen *seen);

/* A number with nothing around it. */
int form_int(const char *text, int min, int max, int *out);
bool form_id_ok(const char *id, size_t size);
/* The next item of a list separated by one of @separators, blanks around it
 * removed, into @out. 1: an item, 0: the end, E_INVALID: empty or too long. */
int form_item(const char **list, const char *separators, char *out,
	      size_t size);
/* The id after "@kind " in a section's name, or NULL. */
const char *form_section_id(const char *section, const char *kind);

#endif
