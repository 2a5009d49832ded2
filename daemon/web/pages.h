/* pages: a site of pages: who is signed in, which function draws or changes
 * what, in which thread and transaction, and what of it is audited. page.h is
 * the side of the functions.
 *
 * Owns DIR/accounts.db and DIR/web.key by daemon/web/accounts. Loop thread
 * only, but for what a reading page's function does. */
#ifndef CCFED_PAGES_H
#define CCFED_PAGES_H

#include "daemon/web/page.h"

struct accounts; /* daemon/web/accounts.h */
struct clock;
struct disk;
struct pages; /* opaque */
struct rng;
struct uv_loop_s;
struct work;

/* A line of the navigation. */
struct page_nav {
	const char *key, *href, *title;
	unsigned roles;
	bool end; /* stands at the line's other end */
};

enum page_act { ACT_VIEWED, ACT_SEARCHED, ACT_EXPORTED, ACT_DENIED };

/* How the site differs from another. Texts are lent and may change. */
struct site_hooks {
	void *site;
	const char *name, *place; /* "ccfed", the region or network */
	const char *home;	  /* address where a person begins */
	const char *help;	  /* of the help; NULL: none */
	const char *find, *find_label,
		*find_hint;		  /* the find box; NULL: none */
	const char *banner, *banner_rest; /* above all; NULL: none */
	bool practice; /* for learning: looks like nothing real */
	const struct page_nav *nav;
	int n_nav;
	unsigned roles; /* that accounts may have here */
	/* A reading connection; any thread. The pages close it. */
	int (*reader)(void *site, struct db **out);
	struct db *writer;
	/* A transaction of the writer, in which changes are made by @who (NULL:
	 * the daemon), and its end: committed if @result is 0 or positive, else
	 * rolled back; returns @result, or what the commit returned. */
	int (*begin)(void *site, const struct person *who);
	int (*end)(void *site, int result);
	/* In the writer's transaction: @who ("user:ann", or "address:...")
	 * did @field to record @id of @record. */
	int (*audit)(void *site, const char *who, const char *record,
		     int64_t id, const char *field);
	/* People whose account may name them; NULL: there are none. */
	int (*staff)(void *site,
		     int (*fn)(void *arg, int64_t id, const char *name),
		     void *arg);
	/* A warning on every page of @who, NULL: none (emergency access). Runs
	 * with the page. */
	const char *(*warning)(struct page *p);
};

/* Options of ccfed.conf that both daemons have. */
struct pages_conf {
	char http[80]; /* "" for none */
	bool http_remote;
	char tls_cert[256], tls_key[256]; /* files; "" for none */
	char url[120];		/* how people reach them; "" by http */
	char proxy_socket[108]; /* "" for none */
};

struct pages_new {
	struct uv_loop_s *loop;
	struct work *work; /* of a thread pool */
	struct clock *clock;
	struct rng *rng;
	struct disk *disk;
	const char *dir;
	const struct pages_conf *conf;
	const struct site_hooks *hooks;
	const struct page_route *const *routes; /* lists, NULL at the end */
	int header_ms, request_ms;		/* for tests */
};
/* All borrowed. On 0 the caller owns *out. Listens as the conf says. */
int pages_new(struct pages **out, const struct pages_new *how);
/* How people reach them, "http://127.0.0.1:8420"; "" if it is not known: there
 * is only a socket, and the conf does not say. */
const char *pages_url(const struct pages *s);
/* As long as there is no account: the address of the page that makes the first
 * one; it works once, for FIRST_LINK_HOURS. Else "". */
enum { PAGES_LINK = 160 };
int pages_first_link(struct pages *s, char out[PAGES_LINK]);
struct accounts *pages_accounts(struct pages *s);
int pages_port(const struct pages *s);
void pages_close(struct pages *s, void (*closed)(void *arg), void *arg);

#endif
