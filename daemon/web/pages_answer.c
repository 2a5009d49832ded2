#include "daemon/web/page_impl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "daemon/core/mem.h"
#include "daemon/core/work.h"
#include "daemon/web/draft.h"

/* --- sending --- */

static void add_header(struct http_reply *r, const char *name,
		       const char *value)
{
	int i = 0;

	while (i < HTTP_MORE && r->more[i].name)
		i++;
	if (i < HTTP_MORE && value) {
		r->more[i].name = name;
		r->more[i].value = value;
	}
}

static void answer(struct page_call *c)
{
	struct http_reply r = c->reply;

	c->reply = (struct http_reply){0};
	if (c->set_cookie)
		add_header(&r, "Set-Cookie", c->set_cookie);
	http_answer(c->req, &r); /* @c may be gone after this */
}

static void take_plain(struct page_call *c, int status, const char *text)
{
	mem_free(c->reply.body);
	c->reply = (struct http_reply){.status = status,
				       .type = "text/plain; charset=utf-8",
				       .body = mem_strdup(text)};
	c->reply.len = c->reply.body ? strlen(text) : 0;
}

/* What was shown or denied is in the audit before it leaves; all answers of
 * one turn of the loop share a commit. */
static void settle(struct page_call *c)
{
	struct pages *s = c->s;

	if (c->seen.n == 0) {
		answer(c);
		return;
	}
	if (STAILQ_EMPTY(&s->waiting))
		uv_check_start(&s->check, pages_on_check);
	STAILQ_INSERT_TAIL(&s->waiting, c, link);
}

static const char *field_of(enum page_act act)
{
	static const char *const name[] = {
		[ACT_VIEWED] = "viewed",
		[ACT_SEARCHED] = "searched",
		[ACT_EXPORTED] = "exported",
		[ACT_DENIED] = "denied",
	};

	return name[act];
}

/* In the writer's transaction. */
static int audit(struct page_call *c)
{
	const struct site_hooks *k = c->s->hooks;
	const struct page_seen *e = c->seen.items;
	const char *who = page_who(c);
	int r = who ? 0 : E_NOMEM;

	for (size_t i = 0; i < c->seen.n && r == 0; i++)
		r = k->audit(k->site, who, e[i].record, e[i].id,
			     field_of(e[i].act));
	return r;
}

void pages_on_check(uv_check_t *check)
{
	struct pages *s = check->data;
	struct page_call *c;
	STAILQ_HEAD(, page_call) now = STAILQ_HEAD_INITIALIZER(now);
	const struct site_hooks *k = s->hooks;
	int r = k->begin(k->site, NULL);

	uv_check_stop(check);
	STAILQ_CONCAT(&now, &s->waiting);
	if (r == 0) {
		STAILQ_FOREACH (c, &now, link)
			if (r == 0)
				r = audit(c);
		r = k->end(k->site, r);
	}
	if (r < 0)
		log_error("audit_failed", "why=\"%s\"", err_text(r));
	while ((c = STAILQ_FIRST(&now))) {
		STAILQ_REMOVE_HEAD(&now, link);
		if (r < 0)
			take_plain(c, 503, "Too busy just now; try again.\n");
		answer(c);
	}
}

/* --- drawing --- */

static int status_of(int r)
{
	switch (r) {
	case E_NOTFOUND:
		return 404;
	case E_DENIED:
		return 403;
	case E_BUSY:
		return 503;
	case E_INVALID:
		return 400;
	default:
		return 500;
	}
}

static int64_t first_id(struct page_call *c)
{
	char *end;

	for (int i = 0; i < c->n_params; i++) {
		long long id = strtoll(c->param[i].value, &end, 10);

		if (!*end && id > 0)
			return id;
	}
	return 0;
}

/* The reply about what went wrong; who is signed in asked for what is not
 * theirs, or not there: that is audited. */
static void take_trouble(struct page_call *c, int r)
{
	int status = status_of(r);
	const char *why =
		status == 500 ? NULL : arena_str(&c->p.a, "%s.", err_text(r));

	c->seen.n = 0;
	c->redirect = NULL;
	if (status == 500)
		log_error("page_failed", "path=%s why=\"%s\"",
			  c->route ? c->route->path : "?", err_text(r));
	if (c->p.who && c->route && (status == 404 || status == 403))
		page_see(&c->p, ACT_DENIED, c->route->path, first_id(c));
	page_trouble(c, status, why);
	if (page_take(c, &c->reply) < 0)
		take_plain(c, 500, "Something went wrong.\n");
}

static void trouble(struct page_call *c, int status, const char *why)
{
	page_trouble(c, status, why);
	if (page_take(c, &c->reply) < 0)
		take_plain(c, 500, "Something went wrong.\n");
	settle(c);
}

static bool is_local(const char *address)
{
	return address && address[0] == '/' && address[1] != '/' &&
	       address[1] != '\\' && !strpbrk(address, "\r\n");
}

static void take_redirect(struct page_call *c)
{
	mem_free(c->reply.body);
	c->reply = (struct http_reply){.status = 303};
	add_header(&c->reply, "Location",
		   is_local(c->redirect) ? c->redirect : c->s->hooks->home);
}

/* Any thread. */
static void draw(struct page_call *c)
{
	int r;

	err_clear();
	r = c->route->fn(&c->p);
	if (r >= 0 && c->redirect) {
		take_redirect(c);
		return;
	}
	if (r == 0 && c->again && !c->status)
		c->status = 422;
	if (r == 0)
		r = page_take(c, &c->reply);
	if (r < 0)
		take_trouble(c, r);
}

static void draw_in_pool(void *arg)
{
	struct page_call *c = arg;

	c->p.db = pages_take_reader(c->s);
	if (!c->p.db) {
		take_trouble(c, E_DB);
		return;
	}
	draw(c);
	pages_give_reader(c->s, c->p.db);
	c->p.db = NULL;
}

static void on_drawn(void *arg)
{
	settle(arg);
}

static void run_get(struct page_call *c)
{
	if (c->route->flags & PAGE_LOOP) {
		c->p.db = c->s->hooks->writer;
		draw(c);
		c->p.db = NULL;
		settle(c);
		return;
	}
	if (work_submit(c->s->how.work, draw_in_pool, on_drawn, c) < 0)
		trouble(c, 503, NULL);
}

/* --- changing --- */

static void run_post(struct page_call *c, page_fn *fn);

static void keep_denials(struct page_call *c)
{
	struct page_seen *e = c->seen.items;
	size_t n = 0;

	for (size_t i = 0; i < c->seen.n; i++)
		if (e[i].act == ACT_DENIED)
			e[n++] = e[i];
	c->seen.n = n;
}

/* The form again, with what was sent and what is wrong with it. */
static void draw_again(struct page_call *c)
{
	const struct page_fault *f;
	const struct page_route *form;
	int status = c->status;
	bool other;

	page_reset(c);
	c->status = status;
	keep_denials(c);
	c->redirect = c->note = NULL;
	form = pages_route(c->s, PAGE_GET, c->req->path, c, &other);
	if (form &&
	    (form->flags & PAGE_OPEN || form->roles & c->person.roles)) {
		c->again = true;
		c->route = form;
		run_get(c);
		return;
	}
	f = c->fault.items;
	trouble(c, status ? status : 422, c->fault.n ? f->text : NULL);
}

static void run_later(void *arg)
{
	struct page_call *c = arg;

	c->run(&c->p);
}

static void on_later(void *arg)
{
	struct page_call *c = arg;

	run_post(c, c->then);
}

static void done_post(struct page_call *c)
{
	if (c->p.who && c->s->accounts)
		draft_drop(c->s->accounts, c->person.account, c->req->path);
	if (c->note)
		pages_keep_note(c);
	if (c->status || c->type) {
		if (page_take(c, &c->reply) < 0)
			take_trouble(c, E_NOMEM);
	} else {
		take_redirect(c);
	}
	answer(c);
}

static void after_post(struct page_call *c, int r)
{
	if (r == PAGE_LATER) {
		if (work_submit(c->s->how.work, run_later, on_later, c) < 0)
			trouble(c, 503, NULL);
		return;
	}
	if (c->fault.n == 0)
		r = page_refuse(&c->p, r, NULL);
	if (c->fault.n > 0) {
		draw_again(c);
		return;
	}
	if (r < 0) {
		take_trouble(c, r);
		settle(c);
		return;
	}
	done_post(c);
}

/* What it shows or gives away is audited with what it changes. */
static void run_post(struct page_call *c, page_fn *fn)
{
	const struct site_hooks *k = c->s->hooks;
	int r = k->begin(k->site, c->p.who);

	if (r < 0) {
		after_post(c, r);
		return;
	}
	err_clear();
	c->p.db = k->writer;
	r = fn(&c->p);
	if (r >= 0 && c->fault.n == 0 && audit(c) < 0)
		r = E_DB;
	/* A refusal that is no failure rolls back as well. */
	if (r >= 0 && c->fault.n == 0) {
		r = k->end(k->site, r);
		c->seen.n = 0;
	} else {
		k->end(k->site, r < 0 ? r : E_INVALID);
	}
	c->p.db = NULL;
	after_post(c, r);
}

/* --- who may --- */

/* What was typed is kept for whom the session was; sent off again after they
 * signed in, it stands in its form. */
static void rescue(struct page_call *c)
{
	const struct page_route *form;
	bool other;

	form = pages_route(c->s, PAGE_GET, c->req->path, NULL, &other);
	if (!c->ended || !form || pages_check_origin(c, true) < 0)
		return;
	if (draft_keep(c->s->accounts, c->session.account, c->req->path,
		       &c->req->form) < 0)
		log_warn("draft_lost", "path=%s", form->path);
}

static void ask_sign_in(struct page_call *c)
{
	if (c->req->user) {
		c->set_cookie = NULL;
		trouble(c, 403,
			arena_str(&c->p.a,
				  "There is no account here for %s. Ask a "
				  "supervisor or the operator for one.",
				  c->req->user));
		return;
	}
	if (c->req->method == HTTP_POST)
		rescue(c);
	c->session.account = 0;
	signin_draw(c);
	if (page_take(c, &c->reply) < 0)
		take_plain(c, 500, "Something went wrong.\n");
	add_header(&c->reply, "WWW-Authenticate", "Session");
	settle(c);
}

static void deny(struct page_call *c, const char *why)
{
	take_trouble(c, err_set(E_DENIED, "%s", why));
	settle(c);
}

/* What was kept of the form that this page draws. */
static void take_draft(struct page_call *c)
{
	bool other;
	int64_t at;
	char text[24];

	if (!c->p.who ||
	    !pages_route(c->s, PAGE_POST, c->req->path, NULL, &other))
		return;
	if (draft_get(c->s->accounts, c->person.account, c->req->path,
		      &c->draft, &c->draft_text, &at) < 0)
		return;
	c->draft_at = arena_dup(&c->p.a, page_when(at, text));
}

static void dispatch(struct page_call *c, bool other)
{
	const struct page_route *route = c->route;
	bool open;

	if (!route || (route->flags & PAGE_LOCAL && !c->s->loopback)) {
		c->route = NULL;
		trouble(c, other ? 405 : 404, NULL);
		return;
	}
	open = route->flags & PAGE_OPEN;
	if (!open && !c->p.who) {
		ask_sign_in(c);
	} else if (!open && !(route->roles & c->person.roles)) {
		deny(c, "Your role does not open this page");
	} else if (c->req->method == HTTP_POST) {
		if (pages_check_origin(c, !open) < 0)
			deny(c, arena_dup(&c->p.a, err_text(E_DENIED)));
		else
			run_post(c, route->fn);
	} else {
		if (!(route->flags & PAGE_QUIET)) {
			pages_take_note(c);
			take_draft(c);
		}
		run_get(c);
	}
}

void pages_serve(void *arg, struct http_request *q)
{
	struct page_call *c = mem_calloc(1, sizeof *c);
	struct pages *s = arg;
	bool other;
	int r;

	if (!c) {
		http_say(q, 503, "Too busy just now; try again.\n");
		return;
	}
	q->user_data = c;
	page_init(c, s, q);
	c->route =
		pages_route(s, (enum page_method)q->method, q->path, c, &other);
	r = pages_identify(c);
	if (r < 0) {
		take_trouble(c, r);
		settle(c);
		return;
	}
	dispatch(c, other);
}

void pages_done(void *arg, struct http_request *q)
{
	struct page_call *c = q->user_data;

	if (!c)
		return;
	page_fini(c);
	mem_free(c);
	q->user_data = NULL;
}
