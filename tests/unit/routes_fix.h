/* routes_fix: every route of a site, taken from its own table, asked by every
 * role and by nobody: what is let in is what the table says, nothing ends in a
 * failure of the program, and each denial is in the audit. */
#ifndef CCFED_TEST_ROUTES_FIX_H
#define CCFED_TEST_ROUTES_FIX_H

#include <uv.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "daemon/core/rand.h"
#include "daemon/core/work.h"
#include "daemon/web/accounts.h"
#include "daemon/web/pages.h"
#include "daemon/web/session.h"
#include "tests/lib/check.h"
#include "tests/lib/spin.h"
#include "tests/lib/web_client.h"

extern const struct page_route signin_routes[], account_routes[],
	accounts_routes[];

struct routes {
	uv_loop_t loop;
	struct work_uv work;
	struct pages_conf conf;
	struct pages *pages;
	struct web_client c;
	const struct site_hooks *hooks;
	int asked, denied, closed;
};

static void routes_open(struct routes *t, const struct site_hooks *hooks,
			const struct page_route *const *lists, const char *dir)
{
	struct pages_new how = {
		.loop = &t->loop,
		.work = &t->work.base,
		.clock = clock_system(),
		.rng = rand_system(),
		.disk = disk_system(),
		.dir = dir,
		.conf = &t->conf,
		.hooks = hooks,
		.routes = lists,
	};

	uv_loop_init(&t->loop);
	work_uv_init(&t->work, &t->loop);
	snprintf(t->conf.http, sizeof t->conf.http, "127.0.0.1:0");
	t->hooks = hooks;
	check_ok(pages_new(&t->pages, &how));
	web_client_init(&t->c, &t->loop, pages_port(t->pages));
}

static void routes_on_closed(void *arg)
{
	((struct routes *)arg)->closed++;
}

static void routes_close(struct routes *t)
{
	web_client_fini(&t->c);
	pages_close(t->pages, routes_on_closed, t);
	spin_close(&t->loop);
	assert_int_equal(t->closed, 1);
}

static int64_t routes_account(struct routes *t, const char *name,
			      unsigned roles)
{
	struct account x = {.disabled = false};

	snprintf(x.person.name, sizeof x.person.name, "%s", name);
	snprintf(x.person.title, sizeof x.person.title, "%s", name);
	x.person.roles = roles;
	check_ok(accounts_add(pages_accounts(t->pages), &x));
	return x.person.account;
}

/* @account 0: nobody. Its first page gives the token. */
static void routes_become(struct routes *t, int64_t account)
{
	char token[SECRET_TOKEN];
	struct session s;

	memset(t->c.cookie, 0, sizeof t->c.cookie);
	snprintf(t->c.token, sizeof t->c.token, "none");
	if (!account)
		return;
	check_ok(session_begin(pages_accounts(t->pages), account, token, &s));
	snprintf(t->c.cookie[0], sizeof t->c.cookie[0], "ccfed-%d=%s",
		 t->c.port, token);
	session_csrf(pages_accounts(t->pages), &s, t->c.token);
}

/* "/child/{id}" becomes "/child/1". */
static void routes_path(const char *route, char out[200])
{
	size_t n = 0;

	while (*route) {
		if (*route == '{') {
			route = strchr(route, '}') + 1;
			out[n++] = '1';
		} else {
			out[n++] = *route++;
		}
	}
	out[n] = '\0';
}

static int64_t routes_denials(struct routes *t)
{
	int64_t n = 0;

	check_ok(db_int(t->hooks->writer, &n,
			"SELECT count(*) FROM audit WHERE field = 'denied'",
			""));
	return n;
}

static void routes_ask(struct routes *t, const struct page_route *r,
		       int64_t account, unsigned roles)
{
	bool open = r->flags & PAGE_OPEN, let;
	/* Open to a program with a key, for which it asks itself. */
	bool keyed = strncmp(r->path, "/api/", 5) == 0;
	int64_t before = routes_denials(t);
	char path[200];
	int status;

	routes_path(r->path, path);
	routes_become(t, account);
	status = r->method == PAGE_GET ? web_get(&t->c, path)
				       : web_send(&t->c, path, "a=1");
	t->asked++;
	let = open || (roles & r->roles);
	if (status == 500 || status == 405 ||
	    (!let && status != (roles ? 403 : 401)) ||
	    (let && ((status == 401 && !keyed) ||
		     web_has(&t->c, "Your role does not open this page"))))
		fail_msg("%s %s as %s: %d\n%s",
			 r->method == PAGE_GET ? "GET" : "POST", path,
			 roles ? person_role_name(roles) : "nobody", status,
			 t->c.got);
	if (!let && roles) {
		t->denied++;
		assert_int_equal(routes_denials(t), before + 1);
	}
}

static void routes_ask_all(struct routes *t, const struct page_route *list,
			   const int64_t account[5])
{
	for (; list->path; list++) {
		routes_ask(t, list, 0, 0);
		for (int i = 0; i < 5; i++)
			if (account[i])
				routes_ask(t, list, account[i], 1U << i);
	}
}

/* Of @lists and of the sign-in and account pages. Record 1 of everything is
 * what routes with a number are asked for. */
static __attribute__((unused)) void
routes_matrix(struct routes *t, const struct page_route *const *lists)
{
	unsigned allowed = t->hooks->roles;
	unsigned chief = allowed & (ROLE_SUPERVISOR | ROLE_OPERATOR);
	int64_t account[5] = {0};

	/* Whom the pages of accounts disable and change. */
	routes_account(t, "first", chief);
	for (int i = 0; i < 5; i++)
		if (allowed & 1U << i)
			account[i] = routes_account(
				t, person_role_name(1U << i), 1U << i);
	for (int i = 0; lists[i]; i++)
		routes_ask_all(t, lists[i], account);
	routes_ask_all(t, signin_routes, account);
	routes_ask_all(t, account_routes, account);
	routes_ask_all(t, accounts_routes, account);
	print_message("%d requests, %d denials\n", t->asked, t->denied);
	assert_true(t->denied > 0);
}

#endif
