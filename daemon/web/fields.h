/* fields: names and values that a client sent: a query, a form's body in
 * either coding, cookies.
 *
 * What comes in is untrusted. A value that is not UTF-8, or holds a control
 * character other than tab and line ends, is refused, as it could not be
 * stored or shown; the content of an uploaded file is bytes. The order is the
 * client's; a name may occur more than once.
 *
 * Values are lent from the buffer that was parsed, which is changed in place
 * and must outlive them. Any thread. */
#ifndef CCFED_FIELDS_H
#define CCFED_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum { FIELDS_MAX = 1000 };

struct field_value {
	const char *name, *value; /* end with NUL */
	size_t len;		  /* of the value */
	const char *file;	  /* its name at the client, or NULL: no file */
	const char *type;	  /* of a file, as the client says, or "" */
};

struct fields {
	struct field_value *v;
	int n, room;
};

/* "a=b&c=d" (WHATWG URL, application/x-www-form-urlencoded), @len bytes of
 * @text and one more that may be overwritten. 0, E_INVALID with a sentence,
 * E_TOOBIG for more than FIELDS_MAX, E_NOMEM. Adds to @f. */
int fields_urlencoded(struct fields *f, char *text, size_t len);
/* multipart/form-data (RFC 7578) between @boundary; the same. */
int fields_multipart(struct fields *f, char *body, size_t len,
		     const char *boundary);
/* The boundary in a Content-Type, into @out of 71 bytes (RFC 2046 allows 70):
 * false if there is none, or not such a type. */
bool fields_boundary(const char *content_type, char out[71]);
/* A Cookie header (RFC 6265); odd parts are passed over. 0 or E_NOMEM. */
int fields_cookies(struct fields *f, char *header);
void fields_fini(struct fields *f);

/* The first of that name, or NULL. */
const struct field_value *fields_find(const struct fields *f, const char *name);
const char *fields_get(const struct fields *f, const char *name);

/* Decode %XX in place (no '+'): the new length, or -1 for a cut or odd escape
 * or a NUL. */
long fields_unescape(char *text, size_t len);
/* Whether it is text as above. */
bool fields_is_text(const char *s, size_t len);

#endif
