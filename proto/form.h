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

/* A file of sections. @begin is told a section's name ("" for what stands
 * before the first) and says which fields it has and what they fill, zeroed;
 * @end gets it complete, and checks and keeps it. */
struct form_section {
	const char *name;
	const struct form_field *field;
	int n;
	void *into;
	struct form_seen seen;
};
typedef int form_begin_fn(void *arg, struct form_section *s);
typedef int form_end_fn(void *arg, const struct form_section *s);

/* Read @len bytes of @text. The first error stops it: "PATH:LINE: sentence";
 * E_INVALID for an unknown key, one given twice, a wrong or missing value, and
 * what @begin and @end refuse. A section that began and did not end is the
 * caller's to free through @arg. */
int form_read(const char *path, const char *text, size_t len,
	      form_begin_fn *begin, form_end_fn *end, void *arg);

/* The index of @key's field was given. */
bool form_given(const struct form_section *s, const char *key);

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
