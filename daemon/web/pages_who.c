#include "daemon/web/page_impl.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"

#define HOST_COOKIE "__Host-ccfed"

/* Browsers share cookies between the ports of one address: on a loopback
 * address each daemon's has a name of its own. */
const char *pages_cookie(const struct page_call *c)
{
	return c->req->secure ? HOST_COOKIE : c->s->cookie;
}

void pages_set_cookie(struct page_call *c, const char *name, const char *token,
		      int seconds)
{
	char age[32] = "";

	if (seconds >= 0)
		snprintf(age, sizeof age, "; Max-Age=%d", seconds);
	c->set_cookie = arena_str(
		&c->p.a, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", name,
		token, c->req->secure ? "; Secure" : "", age);
}

static void become(struct page_call *c, const struct person *who)
{
	c->person = *who;
	c->p.who = &c->person;
	c->p.lang = who->lang;
}

int pages_sign_in(struct page_call *c, int64_t account)
{
	char token[SECRET_TOKEN];
	struct account x;
	int r = accounts_get(c->s->accounts, account, &x);

	if (r == 0 && x.disabled)
		return err_set(E_DENIED, "this account is disabled");
	if (r == 0)
		r = session_begin(c->s->accounts, account, token, &c->session);
	if (r < 0)
		return r;
	c->ended = false;
	c->csrf.token = NULL;
	become(c, &x.person);
	pages_set_cookie(c, pages_cookie(c), token, -1);
	sodium_memzero(token, sizeof token);
	return 0;
}

/* Whom the proxy has let in. */
static int by_name(struct page_call *c)
{
	struct account x;
	int r = accounts_find_sso(c->s->accounts, c->req->user, &x);

	if (r == E_NOTFOUND || (r == 0 && x.disabled)) {
		c->p.who = NULL;
		c->session = (struct session){.account = 0};
		return 0;
	}
	if (r < 0 || (c->p.who && c->session.account == x.person.account))
		return r;
	return pages_sign_in(c, x.person.account);
}

int pages_identify(struct page_call *c)
{
	const char *token = fields_get(&c->req->cookie, pages_cookie(c));
	struct person who;
	int r = E_NOTFOUND;

	if (token)
		r = session_find(c->s->accounts, token, &c->session, &who);
	if (r == 0)
		become(c, &who);
	else if (r == SESSION_ENDED)
		c->ended = true;
	else if (r == E_NOTFOUND)
		c->session = (struct session){.account = 0};
	else
		return r;
	return c->req->user ? by_name(c) : 0;
}

/* "https://host:port" is of this host. */
static bool is_own(const char *origin, const char *host)
{
	const char *p = strstr(origin, "://");

	return p && host && strcmp(p + 3, host) == 0;
}

int pages_check_origin(struct page_call *c, bool token)
{
	const char *site = c->req->fetch_site, *origin = c->req->origin;
	const char *given = fields_get(&c->req->form, "csrf");
	char right[SECRET_TOKEN];

	if (site && strcmp(site, "same-origin") != 0 &&
	    strcmp(site, "none") != 0)
		goto refused;
	/* "null" is what our own no-referrer policy makes browsers send; those
	 * say the other thing as well. */
	if (origin && strcmp(origin, "null") != 0
		    ? !is_own(origin, c->req->host)
		    : origin && !site)
		goto refused;
	if (!token)
		return 0;
	session_csrf(c->s->accounts, &c->session, right);
	if (given && strlen(given) == SECRET_TOKEN - 1 &&
	    sodium_memcmp(given, right, SECRET_TOKEN - 1) == 0)
		return 0;
refused:
	return err_set(E_DENIED, "The form did not come from a page of this "
				 "site, or is from before you signed in. Go "
				 "back, reload the page and try again");
}
