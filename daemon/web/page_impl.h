/* page_impl: the dispatcher's side of a page; for the sources of page and pages
 * only. */
#ifndef CCFED_PAGE_IMPL_H
#define CCFED_PAGE_IMPL_H

#include <sys/queue.h>

#include <uv.h>

#include "daemon/web/html.h"
#include "daemon/web/page.h"
#include "daemon/web/pages.h"
#include "daemon/web/session.h"
#include "daemon/web/tpl_layout_foot.h"

enum { PAGE_READERS = 16, PAGE_CRUMBS = 6, PAGE_NOTES = 256, PAGE_FOOT = 4 };

struct page_param {
	const char *name, *value;
};
struct page_fault {
	const char *field, *text; /* field NULL: the whole form */
};
struct page_seen {
	enum page_act act;
	const char *record;
	int64_t id;
};

struct page_call {
	struct page p; /* first */
	struct pages *s;
	struct http_request *req;
	const struct page_route *route;
	struct page_param param[PAGE_PARAMS];
	int n_params;
	struct person person;
	struct session session; /* .account 0: none */
	bool ended;		/* it was one, but is over */
	const char *set_cookie; /* of a session that begins or ends */
	/* what is wrong, what was shown, what is drawn */
	bool again;		       /* the form, drawn after its POST */
	struct arena_list fault, seen; /* page_fault, page_seen */
	struct fields draft;	       /* what fields show */
	char *draft_text;	       /* where its values lie; NULL: none */
	const char *draft_at;	       /* when it was kept */
	int status;		       /* 0: the usual */
	const char *nav, *redirect;
	struct tpl_layout_head head;
	struct tpl_layout_head_crumbs crumb[PAGE_CRUMBS];
	struct tpl_layout_foot_lines foot[PAGE_FOOT];
	int n_foot;
	struct tpl_csrf csrf;
	const char *note, *undo, *undo_value;	      /* for the next page */
	const char *flash, *flash_undo, *flash_value; /* of the one before */
	struct html html;
	bool begun;		     /* its layout has begun */
	const char *type, *filename; /* of a download */
	bool row_begun;
	struct page_bytes {
		char *buf;
		size_t len, room;
	} bytes;
	struct http_reply reply;
	/* page_later */
	void (*run)(struct page *p);
	page_fn *then;
	void *data;
	STAILQ_ENTRY(page_call) link; /* waiting for the audit */
};

/* What a page said for the next, until that is drawn. */
struct kept_note {
	unsigned char session[SESSION_HASH];
	char *text, *undo, *value; /* text NULL: free */
	int64_t at_utc_ms;
};

struct pages {
	struct pages_new how;
	const struct site_hooks *hooks;
	struct accounts *accounts;
	struct http *http, *proxy; /* either may be NULL */
	char url[120], cookie[32];
	bool loopback;
	const struct page_route *own[4]; /* sign-in, accounts */
	/* readers that are free; any thread, with the lock */
	uv_mutex_t lock;
	struct db *reader[PAGE_READERS];
	int n_readers;
	/* answers that wait for the audit of this turn */
	uv_check_t check;
	STAILQ_HEAD(, page_call) waiting;
	struct kept_note note[PAGE_NOTES];
	int next_note;
	int hashing; /* passwords under way */
	uv_timer_t tidy;
	int open_parts;
	void (*closed)(void *arg);
	void *closed_arg;
};

/* --- page.c, for the dispatcher --- */
void page_init(struct page_call *c, struct pages *s, struct http_request *q);
void page_fini(struct page_call *c);
/* Forget what was drawn, keep what was asked and what is wrong with it. */
void page_reset(struct page_call *c);
/* What was drawn as the reply. E_NOMEM. */
int page_take(struct page_call *c, struct http_reply *out);
void page_see(struct page *p, enum page_act act, const char *record,
	      int64_t id);
/* "user:ann", or "address:..." of who is not signed in. */
const char *page_who(struct page_call *c);

/* --- page_layout.c --- */
void page_layout_begin(struct page_call *c);
void page_layout_end(struct page_call *c);
/* A page that says @why, in place of the one that was asked for. */
void page_trouble(struct page_call *c, int status, const char *why);

/* --- pages.c --- */
struct db *pages_take_reader(struct pages *s); /* NULL: see err_text */
void pages_give_reader(struct pages *s, struct db *db);
/* The note that waits for this session, out of it into @c. */
void pages_take_note(struct page_call *c);
void pages_keep_note(struct page_call *c);

/* --- pages_answer.c --- */
void pages_serve(void *arg, struct http_request *q);
void pages_done(void *arg, struct http_request *q);
void pages_on_check(uv_check_t *check);

/* --- pages_who.c --- */
/* The cookie's name on this way in. */
const char *pages_cookie(const struct page_call *c);
/* The Set-Cookie that gives it @token; "": takes it away. */
void pages_set_cookie(struct page_call *c, const char *name, const char *token,
		      int seconds);
/* Who asks, by cookie or, from the proxy, by name. 0 or negative. */
int pages_identify(struct page_call *c);
/* Begin a session of @account and let the reply say so. */
int pages_sign_in(struct page_call *c, int64_t account);
/* 0, or E_DENIED with a sentence: does this POST come from our own form? */
int pages_check_origin(struct page_call *c, bool token);

/* --- pages_route.c --- */
/* The best route for @method and @path, with its parameters in @c unless that
 * is NULL; NULL: none. *other: the path has a route of the other method. */
const struct page_route *pages_route(struct pages *s, enum page_method method,
				     const char *path, struct page_call *c,
				     bool *other);

/* --- signin.c, account_desk.c, accounts_desk.c --- */
extern const struct page_route signin_routes[], account_routes[],
	accounts_routes[];
/* The sign-in form in place of the page that needs it: 401. */
void signin_draw(struct page_call *c);

#endif
