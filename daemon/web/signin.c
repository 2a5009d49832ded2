#include "daemon/web/signin.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/draft.h"
#include "daemon/web/throttle.h"
#include "daemon/web/totp.h"

enum { HASHING_MAX = 3 }; /* of the pool's four threads */

/* --- shared with the account pages --- */

const struct tpl_field *signin_field(struct page *p, const char *name,
				     const char *label, const char *hint)
{
	struct tpl_field *f = arena_alloc(&p->a, sizeof *f);

	if (!f)
		return NULL;
	f->name = name;
	f->label = label;
	f->hint = hint;
	f->error = page_error_of(p, name);
	f->value = page_value(p, name, NULL);
	f->required = true;
	return f;
}

const struct tpl_field *signin_password(struct page *p, const char *name,
					const char *label, const char *hint,
					const char *autocomplete)
{
	struct tpl_field *f = (struct tpl_field *)(uintptr_t)signin_field(
		p, name, label, hint);

	if (!f)
		return NULL;
	f->type = "password";
	f->autocomplete = autocomplete;
	f->value = NULL;
	return f;
}

const struct tpl_buttons *signin_button(struct page *p, const char *title,
					const char *cancel)
{
	struct tpl_buttons *b = arena_alloc(&p->a, sizeof *b);

	if (b) {
		b->title = title;
		b->cancel = cancel;
	}
	return b;
}

/* As it was typed: blanks belong to it. */
static const char *password(struct page *p, const char *name)
{
	const char *text = fields_get(&p->req->form, name);

	return text ? text : "";
}

int signin_new_password(struct page *p)
{
	int r = secret_password_check(password(p, "password"));

	if (r < 0) {
		page_error(p, "password", "%s", err_text(r));
		return r;
	}
	if (strcmp(password(p, "password"), password(p, "password2")) != 0) {
		page_error(p, "password2",
			   "The two passwords are not the same");
		return E_INVALID;
	}
	return 0;
}

bool signin_hash_begin(struct page *p)
{
	struct pages *s = p->call->s;

	if (s->hashing >= HASHING_MAX) {
		page_status(p, 503);
		page_error(p, NULL,
			   "Many people sign in just now; try again "
			   "in a moment");
		return false;
	}
	s->hashing++;
	return true;
}

void signin_hash_end(struct page *p)
{
	p->call->s->hashing--;
}

static void hash(struct page *p)
{
	if (secret_password_hash(password(p, "password"), page_data(p)) < 0)
		((char *)page_data(p))[0] = '\0';
}

int signin_hash_then(struct page *p, page_fn *then)
{
	char *room = arena_alloc(&p->a, SECRET_PASSWORD);

	if (!room)
		return E_NOMEM;
	if (!signin_hash_begin(p))
		return 0;
	page_set_data(p, room);
	return page_later(p, hash, then);
}

int signin_audit(struct page *p, int64_t id, const char *field)
{
	const struct site_hooks *k = p->call->s->hooks;

	return k->audit(k->site, page_who(p->call), "account", id, field);
}

unsigned signin_chief(const struct page *p)
{
	return p->call->s->hooks->roles & (ROLE_SUPERVISOR | ROLE_OPERATOR);
}

/* --- sign-in --- */

static const char *next_of(struct page *p)
{
	const char *next = page_value(p, "next", page_query(p, "next"));

	return next && next[0] == '/' ? next : NULL;
}

static int draw_form(struct page *p, const char *next, const char *intro)
{
	const struct tpl_account_form_fields fields[] = {
		{signin_field(p, "name", "Sign-in name", NULL)},
		{signin_password(p, "password", "Password", NULL,
				 "current-password")},
	};
	const struct tpl_account_form_hidden hidden = {"next", next};
	const struct tpl_account_form_intro text = {intro};
	const struct tpl_account_form v = {
		.intro = &text,
		.intro_n = intro != NULL,
		.action = "/sign-in",
		.hidden = &hidden,
		.hidden_n = next != NULL,
		.fields = fields,
		.fields_n = 2,
		.buttons = signin_button(p, "Sign in", NULL),
	};
	struct tpl_field *name = (struct tpl_field *)(uintptr_t)fields[0].field;

	if (name)
		name->autocomplete = "username";
	page_title(p, "Sign in");
	tpl_account_form(page_body(p), &v);
	return 0;
}

static int get_sign_in(struct page *p)
{
	return draw_form(p, next_of(p), NULL);
}

void signin_draw(struct page_call *c)
{
	struct page *p = &c->p;
	bool post = c->req->method == HTTP_POST;
	const char *next = post ? c->req->path : c->req->target;
	const char *intro = NULL;

	if (c->ended && post)
		intro = "Your session had ended. What you typed is kept: sign "
			"in, and the form comes back as you left it.";
	else if (c->ended)
		intro = "Your session has ended. Sign in to go on where you "
			"were.";
	page_status(p, 401);
	draw_form(p, next, intro);
}

struct attempt {
	char name[PERSON_NAME + 8], address[HTTP_ADDRESS + 16];
	struct account account; /* .person.account 0: nobody of that name */
	bool right;
};

static void verify(struct page *p)
{
	struct attempt *t = page_data(p);
	const char *stored = t->account.password;

	t->right = secret_password_is(*stored ? stored : NULL,
				      password(p, "password"));
}

/* One sentence for all reasons: which it was is nobody's business. */
static int refuse_sign_in(struct page *p, struct attempt *t)
{
	struct accounts *a = p->call->s->accounts;
	int r = throttle_failed(a, t->name);

	if (r == 0)
		r = throttle_failed(a, t->address);
	if (r < 0)
		return r;
	page_denied(p, "sign-in", t->account.person.account);
	page_error(p, "name",
		   "This name and password do not go together, or "
		   "the account is disabled");
	return 0;
}

static int let_in(struct page *p, int64_t account)
{
	const char *next = page_form(p, "next");
	int r = pages_sign_in(p->call, account);

	if (r == 0)
		r = signin_audit(p, account, "signed-in");
	if (r == 0 && next)
		page_redirect(p, "%s", next);
	return r;
}

static const char *half_cookie(struct page *p)
{
	return arena_str(&p->a, "%s-half", pages_cookie(p->call));
}

static int verified(struct page *p)
{
	struct accounts *a = p->call->s->accounts;
	struct attempt *t = page_data(p);
	const char *next = page_form(p, "next");
	char token[SECRET_TOKEN];
	int64_t id = t->account.person.account;
	int r;

	signin_hash_end(p);
	if (!t->right || t->account.disabled)
		return refuse_sign_in(p, t);
	if (!t->account.totp) {
		r = throttle_clear(a, t->name);
		return r < 0 ? r : let_in(p, id);
	}
	r = session_half_begin(a, id, token);
	if (r < 0)
		return r;
	pages_set_cookie(p->call, half_cookie(p), token,
			 SESSION_HALF_MS / 1000);
	page_redirect(p, next ? "/time-code?next=%s" : "/time-code",
		      next ? page_url(p, next) : "");
	return 0;
}

/* 0; or an error of the form that says how long to wait. */
static int check_throttle(struct page *p, const struct attempt *t)
{
	struct accounts *a = p->call->s->accounts;
	int64_t name_s, address_s, s;
	int r = throttle_wait(a, t->name, THROTTLE_NAME, &name_s);

	if (r == 0)
		r = throttle_wait(a, t->address, THROTTLE_ADDRESS, &address_s);
	if (r < 0)
		return r;
	s = name_s > address_s ? name_s : address_s;
	if (s == 0)
		return 0;
	page_status(p, 429);
	page_error(p, "name",
		   "Too many attempts; wait %lld seconds, then try again",
		   (long long)s);
	return 0;
}

static int post_sign_in(struct page *p)
{
	struct attempt *t = arena_alloc(&p->a, sizeof *t);
	const char *name = page_form(p, "name");
	int r;

	if (!t)
		return E_NOMEM;
	if (!name)
		page_error(p, "name", "Enter your sign-in name");
	if (!*password(p, "password"))
		page_error(p, "password", "Enter your password");
	if (page_errors(p))
		return 0;
	snprintf(t->name, sizeof t->name, "name:%.60s", name);
	for (char *c = t->name; *c; c++)
		*c = *c >= 'A' && *c <= 'Z' ? *c + 32 : *c;
	snprintf(t->address, sizeof t->address, "address:%s", p->req->address);
	r = check_throttle(p, t);
	if (r < 0 || page_errors(p))
		return r;
	r = accounts_find(p->call->s->accounts, name, &t->account);
	if (r < 0 && r != E_NOTFOUND)
		return r;
	if (!signin_hash_begin(p))
		return 0;
	page_set_data(p, t);
	return page_later(p, verify, verified);
}

static int post_sign_out(struct page *p)
{
	struct page_call *c = p->call;
	int r = session_end(c->s->accounts, &c->session);

	if (r == 0)
		r = signin_audit(p, c->person.account, "signed-out");
	pages_set_cookie(c, pages_cookie(c), "", 0);
	page_redirect(p, "/sign-in");
	return r;
}

/* --- the time code --- */

static int half_account(struct page *p, int64_t *account)
{
	const char *token = fields_get(&p->req->cookie, half_cookie(p));
	int r = E_NOTFOUND;

	if (token)
		r = session_half_find(p->call->s->accounts, token, account);
	if (r == E_NOTFOUND) {
		*account = 0;
		page_redirect(p, "/sign-in");
		return 0;
	}
	return r;
}

static int get_time_code(struct page *p)
{
	const struct tpl_account_form_fields field = {signin_field(
		p, "code", "Time code",
		"The six digits that your authenticator app shows now")};
	const char *next = next_of(p);
	const struct tpl_account_form_hidden hidden = {"next", next};
	const struct tpl_account_form v = {
		.action = "/time-code",
		.hidden = &hidden,
		.hidden_n = next != NULL,
		.fields = &field,
		.fields_n = 1,
		.buttons = signin_button(p, "Sign in", "/sign-in"),
	};
	struct tpl_field *f = (struct tpl_field *)(uintptr_t)field.field;
	int64_t account;
	int r = half_account(p, &account);

	if (r < 0 || !account)
		return r;
	if (f) {
		f->autocomplete = "one-time-code";
		f->inputmode = "numeric";
		f->value = NULL;
	}
	page_title(p, "Time code");
	tpl_account_form(page_body(p), &v);
	return 0;
}

static int check_code(struct page *p, int64_t account, const char *key)
{
	struct accounts *a = p->call->s->accounts;
	const char *code = page_form(p, "code");
	int r = totp_check(a, account, code ? code : "");

	if (r != E_AUTH)
		return r;
	page_error(p, "code", "%s", err_text(r));
	page_denied(p, "sign-in", account);
	return throttle_failed(a, key);
}

static int post_time_code(struct page *p)
{
	struct accounts *a = p->call->s->accounts;
	struct account x;
	int64_t account, wait_s;
	char key[PERSON_NAME + 8];
	int r = half_account(p, &account);

	if (r < 0 || !account)
		return r;
	r = accounts_get(a, account, &x);
	if (r < 0)
		return r;
	snprintf(key, sizeof key, "name:%s", x.person.name);
	r = throttle_wait(a, key, THROTTLE_NAME, &wait_s);
	if (r == 0 && wait_s) {
		page_status(p, 429);
		page_error(p, "code", "Too many attempts; wait %lld seconds",
			   (long long)wait_s);
	}
	if (r == 0 && !page_errors(p))
		r = check_code(p, account, key);
	if (r < 0 || page_errors(p))
		return r;
	r = session_half_end(a, fields_get(&p->req->cookie, half_cookie(p)));
	if (r == 0)
		r = throttle_clear(a, key);
	return r < 0 ? r : let_in(p, account);
}

/* --- a link --- */

static int draw_link(struct page *p, const struct account *x)
{
	bool first = x == NULL;
	const char *hint = arena_str(&p->a,
				     "At least %d characters; a few "
				     "words that you remember are good",
				     PASSWORD_MIN);
	const struct tpl_account_form_fields fields[] = {
		{signin_field(p, "title", "Your name",
			      "As colleagues know you: Ana Rivera")},
		{signin_field(p, "name", "Sign-in name",
			      "Small letters and digits, like ana.rivera")},
		{signin_password(p, "password", "New password", hint,
				 "new-password")},
		{signin_password(p, "password2", "The same again", NULL,
				 "new-password")},
	};
	const struct tpl_account_form v = {
		.action = p->req->path,
		.fields = first ? fields : fields + 2,
		.fields_n = first ? 4 : 2,
		.buttons = signin_button(p, "Save and sign in", NULL),
	};

	if (first)
		page_title(p, "The first account: %s",
			   person_role_name(signin_chief(p)));
	else
		page_title(p, "A new password for %s", x->person.title);
	tpl_account_form(page_body(p), &v);
	return 0;
}

static int link_account(struct page *p, struct account *x, int64_t *id)
{
	struct accounts *a = p->call->s->accounts;
	int r = accounts_link_of(a, page_param(p, "code"), id);

	if (r == 0 && *id)
		r = accounts_get(a, *id, x);
	return r;
}

static int get_link(struct page *p)
{
	struct account x;
	int64_t id;
	int r = link_account(p, &x, &id);

	return r < 0 ? r : draw_link(p, id ? &x : NULL);
}

/* @x is filled for the first account. */
static int take_first(struct page *p, struct account *x)
{
	const char *title = page_form(p, "title"), *name = page_form(p, "name");

	memset(x, 0, sizeof *x);
	if (!title)
		page_error(p, "title", "Enter your name");
	if (!name)
		page_error(p, "name", "Choose a sign-in name");
	if (page_errors(p))
		return E_INVALID;
	x->person.roles = signin_chief(p);
	page_form_text(p, "title", x->person.title, sizeof x->person.title);
	page_form_text(p, "name", x->person.name, sizeof x->person.name);
	return page_errors(p) ? E_INVALID : 0;
}

static int link_hashed(struct page *p)
{
	struct accounts *a = p->call->s->accounts;
	const char *hashed = page_data(p);
	struct account x;
	int64_t id;
	int r;

	signin_hash_end(p);
	if (!hashed[0])
		return err_set(E_NOMEM, "out of memory for a password");
	r = link_account(p, &x, &id);
	if (r == 0 && !id) {
		r = take_first(p, &x);
		if (r == 0)
			r = accounts_add(a, &x);
		if (r == E_INVALID || r == E_EXISTS) {
			if (!page_errors(p))
				page_error(p, "name", "%s", err_text(r));
			return 0;
		}
		id = x.person.account;
	}
	if (r == 0)
		r = accounts_password(a, id, hashed);
	if (r == 0)
		r = accounts_link_use(a, page_param(p, "code"));
	if (r == 0)
		r = signin_audit(p, id, "password");
	if (r == 0)
		r = let_in(p, id);
	if (r == 0)
		page_note(p, NULL, NULL, "Your password is set. Welcome.");
	return r;
}

static int post_link(struct page *p)
{
	struct account x;
	int64_t id;
	int r = link_account(p, &x, &id);

	if (r < 0)
		return r;
	if (!id)
		take_first(p, &x);
	signin_new_password(p);
	if (page_errors(p))
		return 0;
	return signin_hash_then(p, link_hashed);
}

/* --- drafts --- */

/* By script, while somebody types: the form's fields, and its address in
 * "draft". */
static int post_draft(struct page *p)
{
	const char *form = page_form(p, "draft");
	int r;

	if (!form || form[0] != '/')
		return err_set(E_INVALID, "say which form");
	r = draft_keep(p->call->s->accounts, p->who->account, form,
		       &p->req->form);
	page_status(p, 204);
	page_download(p, "text/plain; charset=utf-8", NULL);
	return r;
}

static int post_draft_discard(struct page *p)
{
	const char *form = page_form(p, "undo");

	if (!form)
		return err_set(E_INVALID, "say which form");
	page_redirect(p, "%s", form);
	return draft_drop(p->call->s->accounts, p->who->account, form);
}

const struct page_route signin_routes[] = {
	{PAGE_GET, "/sign-in", 0, get_sign_in, PAGE_OPEN | PAGE_LOOP},
	{PAGE_POST, "/sign-in", 0, post_sign_in, PAGE_OPEN},
	{PAGE_POST, "/sign-out", ROLE_ANY, post_sign_out, 0},
	{PAGE_GET, "/time-code", 0, get_time_code, PAGE_OPEN | PAGE_LOOP},
	{PAGE_POST, "/time-code", 0, post_time_code, PAGE_OPEN},
	{PAGE_GET, "/link/{code}", 0, get_link, PAGE_OPEN | PAGE_LOOP},
	{PAGE_POST, "/link/{code}", 0, post_link, PAGE_OPEN},
	{PAGE_POST, "/draft", ROLE_ANY, post_draft, 0},
	{PAGE_POST, "/draft/discard", ROLE_ANY, post_draft_discard, 0},
	{0},
};
