/* page: what a page's function works with: one request, who asks, where to
 * read or write, and the reply that it fills.
 *
 * A GET draws a page. It runs in the thread pool with a reading connection of
 * its own, and what it showed is in the audit before the reply leaves. A POST
 * changes something. It runs on the loop with the writing connection, inside a
 * transaction, in the signed-in person's name, and ends in one of these ways:
 *
 * - It returns 0: committed, and the client is led on (303) to page_redirect's
 *   address, where page_note's sentence stands on top.
 * - It called page_error, or returns E_INVALID, E_STATE or E_EXISTS (whose
 *   sentence becomes an error of the whole form): rolled back, and the GET of
 *   the same path draws its form again, with status 422, the errors, and in
 *   its fields what was sent (page_value). So a form is drawn in one place.
 * - E_NOTFOUND (404) and E_DENIED (403), both audited for who is signed in, as
 *   with GET; E_BUSY (503); anything else is 500 and in the log.
 *
 * A form that draws with page_value may say data-draft: then what is typed is
 * kept every few seconds under the form's address, which is its page's too, and
 * stands there again when that is opened, until it was saved. What was sent in
 * a session that had ended is kept in the same way, without a script.
 *
 * Before a POST's function runs its token (page_csrf, a hidden field "csrf"),
 * Origin and Sec-Fetch-Site have been checked, and the session and role of
 * either. Strings that are returned live as long as the page; those that are
 * given are copied where the comment does not say otherwise. */
#ifndef CCFED_PAGE_H
#define CCFED_PAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/core/arena.h"
#include "daemon/web/http.h"
#include "daemon/web/person.h"
#include "daemon/web/tpl_csrf.h"
#include "daemon/web/tpl_layout_head.h"

struct db;
struct html;
struct page_call; /* the dispatcher's side, page_impl.h */

struct page {
	struct arena a;
	const struct http_request *req;
	const struct person *who; /* NULL: nobody; on PAGE_OPEN routes only */
	void *site;		  /* struct desk, struct hub */
	struct db *db;
	enum lang lang;
	int64_t now_utc_ms;
	int32_t today; /* by the policy's time zone */
	struct page_call *call;
};

typedef int page_fn(struct page *p);

enum page_method { PAGE_GET = HTTP_GET, PAGE_POST = HTTP_POST };
enum page_flag {
	PAGE_OPEN = 1 << 0,   /* for who is not signed in, too */
	PAGE_UPLOAD = 1 << 1, /* takes a body of PAGE_UPLOAD_MAX bytes */
	PAGE_LOOP = 1 << 2,   /* a GET that is quick and runs on the loop, with
			       * the writing connection, like a counter */
	PAGE_QUIET = 1 << 3,  /* never shows the note of the page before: not a
			       * page for people */
	PAGE_LOCAL = 1 << 4,  /* on a loopback address only */
};
enum { PAGE_UPLOAD_MAX = 20 * 1024 * 1024, PAGE_PARAMS = 6 };

/* "/child/{id}/note": a part in braces takes any one part of the path, which
 * page_param gives by that name. Of several that match, the one with fewer
 * such parts counts. Lists of routes end with {0}. */
struct page_route {
	enum page_method method;
	const char *path;
	unsigned roles; /* who may, of enum person_role; ROLE_ANY: all */
	page_fn *fn;
	unsigned flags;
};

/* --- what was asked --- */

/* A part of the path; NULL if the route has none of that name. */
const char *page_param(struct page *p, const char *name);
/* The same as an id: E_NOTFOUND unless it is a whole number over 0. */
int page_param_id(struct page *p, const char *name, int64_t *out);
/* Of the query; NULL if not given or empty. */
const char *page_query(struct page *p, const char *name);
/* @initial unless it is a number from @min to @max. */
int64_t page_query_int(struct page *p, const char *name, int64_t min,
		       int64_t max, int64_t initial);
/* A form's field, without blanks at its ends; NULL if not sent or empty. */
const char *page_form(struct page *p, const char *name);
/* All values of that name (check boxes); @n of them, in the client's order. */
const char *const *page_form_all(struct page *p, const char *name, int *n);
/* An uploaded file; NULL if none was chosen. */
const struct field_value *page_file(struct page *p, const char *name);
/* A field as a number or date into *@out, which is left alone if it is empty.
 * What does not fit is a page_error of the field, and E_INVALID. */
int page_form_int(struct page *p, const char *name, int64_t min, int64_t max,
		  int64_t *out);
int page_form_date(struct page *p, const char *name, int32_t *out);
/* A field into @out of @size: "" if it is empty; too long is an error. */
int page_form_text(struct page *p, const char *name, char *out, size_t size);

/* --- drawing a form --- */

/* What the field is to show: what was sent, if the form comes again, or stood
 * in the draft, else @stored (lent; NULL: empty). */
const char *page_value(struct page *p, const char *name, const char *stored);
/* Whether the box, radio or option with @value is chosen; @stored if the form
 * is drawn for the first time. */
bool page_chosen(struct page *p, const char *name, const char *value,
		 bool stored);
/* The form comes again after errors. */
bool page_again(struct page *p);
/* For {{>csrf csrf}}, which every form has. */
const struct tpl_csrf *page_csrf(struct page *p);
/* Say what is wrong with @field (NULL: with the whole form). */
void page_error(struct page *p, const char *field, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The error of that field, or NULL; how many there are. */
const char *page_error_of(struct page *p, const char *field);
int page_errors(struct page *p);
/* If @r is E_INVALID, E_STATE or E_EXISTS, make its sentence the error of
 * @field and return 0; else return @r. */
int page_refuse(struct page *p, int r, const char *field);

/* --- the reply --- */

/* Set these before page_body. The title is the heading, too, unless page_head's
 * is set to NULL after it. @key: of the site's navigation. */
void page_title(struct page *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* What else the frame shows, to be filled: meta, acts, kind, find_value,
 * charts ("" loads charts.js), heading. The rest is the dispatcher's. */
struct tpl_layout_head *page_head(struct page *p);
/* A line of the foot: what the page is made of, how fresh it is. */
void page_foot(struct page *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void page_nav(struct page *p, const char *key);
/* A crumb above the title; from the outside in. */
void page_crumb(struct page *p, const char *href, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* Where the page's main part is written: the layout has begun. The end is
 * written by the dispatcher. */
struct html *page_body(struct page *p);
/* Instead of a page: a file to save (or, @filename NULL, to show), of which
 * page_put writes a part, page_cell a value of a CSV row, with formulas
 * escaped, and page_row_end ends the row. */
void page_download(struct page *p, const char *type, const char *filename);
void page_put(struct page *p, const void *bytes, size_t len);
void page_cell(struct page *p, const char *text); /* NULL: empty */
void page_cell_int(struct page *p, int64_t v);
void page_row_end(struct page *p);
/* Another status than 200. */
void page_status(struct page *p, int status);
/* Lead the client to an address of this site, "/child/12". */
void page_redirect(struct page *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* What the next page says on top. @undo: path of a POST that takes it back,
 * which gets @value in the field "undo"; NULL: there is no way back. */
void page_note(struct page *p, const char *undo, const char *value,
	       const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A POST may need what is slow, a password's hash or a big file: @run runs in
 * the pool, with neither connection, then @then on the loop as if it were the
 * POST's function, in a new transaction. Return what this returns. */
enum { PAGE_LATER = 1 };
int page_later(struct page *p, void (*run)(struct page *p), page_fn *then);
/* For the functions of page_later; lent. */
void page_set_data(struct page *p, void *data);
void *page_data(struct page *p);

/* @text percent-encoded, for a part of an address. */
const char *page_url(struct page *p, const char *text);
/* An instant in the policy's time zone, "2026-11-24 14:05"; returns @out. */
const char *page_when(int64_t utc_ms, char out[24]);

/* --- the audit --- */

/* The page shows record @id of @record (a table's name, static). */
void page_saw(struct page *p, const char *record, int64_t id);
/* It searched @record, or gives it away as a file. */
void page_searched(struct page *p, const char *record);
void page_exported(struct page *p, const char *record, int64_t id);
/* They were not let, without the page being refused as a whole; kept even if a
 * form comes again. */
void page_denied(struct page *p, const char *record, int64_t id);

#endif
