#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/signin.h"
#include "daemon/web/totp.h"
#include "daemon/web/tpl_account.h"
#include "daemon/web/tpl_pairs.h"
#include "daemon/web/tpl_select.h"

/* For who administers accounts: a node's supervisor, a hub's operator. */
#define CHIEF (ROLE_SUPERVISOR | ROLE_OPERATOR)

static struct accounts *accounts_of(struct page *p)
{
	return p->call->s->accounts;
}

static int own(struct page *p, struct account *out)
{
	return accounts_get(accounts_of(p), p->who->account, out);
}

/* --- one's own account --- */

const struct tpl_select *signin_languages(struct page *p, enum lang lang)
{
	struct tpl_select_options *o = arena_alloc(&p->a, LANGS * sizeof *o);
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);

	if (!o || !s)
		return NULL;
	for (int i = 0; i < LANGS; i++)
		o[i] = (struct tpl_select_options){
			.value = lang_code(i),
			.title = i == LANG_ES ? "Español" : "English",
			.chosen = page_chosen(p, "lang", lang_code(i),
					      lang == (enum lang)i),
		};
	s->name = "lang";
	s->label = "Language of the pages";
	s->options = o;
	s->options_n = LANGS;
	return s;
}

static int get_account(struct page *p)
{
	static const struct tpl_account_links links[] = {
		{"/account/password", "Change password"},
		{"/account/time-code", "Time codes"},
		{"/accounts", "All accounts"},
	};
	struct tpl_account_form_lists list = {signin_languages(p, p->lang)};
	struct tpl_account_form language = {
		.action = "/account/language",
		.csrf = page_csrf(p),
		.lists = &list,
		.lists_n = 1,
		.buttons = signin_button(p, "Save", NULL),
	};
	struct account x;
	char roles[80];
	int r = own(p, &x);
	const struct tpl_pairs_pairs pairs[] = {
		{.name = "Sign-in name", .text = p->who->name},
		{.name = "Roles",
		 .text = person_roles_format(p->who->roles, roles)},
		{.name = "Time codes",
		 .text = x.totp ? "asked for at every sign-in" : "not used"},
	};
	const struct tpl_pairs list_of = {.pairs = pairs, .pairs_n = 3};
	const struct tpl_account v = {
		.pairs = &list_of,
		.links = links,
		.links_n = p->who->roles & CHIEF ? 3 : 2,
		.language = &language,
	};

	if (r < 0)
		return r;
	page_title(p, "%s", p->who->title);
	tpl_account(page_body(p), &v);
	return 0;
}

static int post_language(struct page *p)
{
	const char *lang = page_form(p, "lang");
	struct account x;
	int r = own(p, &x);

	if (r < 0)
		return r;
	x.person.lang = lang_of(lang);
	r = accounts_update(accounts_of(p), &x);
	page_redirect(p, "/account");
	page_note(p, NULL, NULL, "%s",
		  x.person.lang == LANG_ES ? "Guardado." : "Saved.");
	return r;
}

static int get_password(struct page *p)
{
	const struct tpl_account_form_fields fields[] = {
		{signin_password(p, "password_now", "Password until now", NULL,
				 "current-password")},
		{signin_password(p, "password", "New password",
				 "At least 12 characters; a few words that you "
				 "remember are good",
				 "new-password")},
		{signin_password(p, "password2", "The same again", NULL,
				 "new-password")},
	};
	const struct tpl_account_form v = {
		.action = "/account/password",
		.csrf = page_csrf(p),
		.fields = fields,
		.fields_n = 3,
		.buttons = signin_button(p, "Change", "/account"),
	};

	page_title(p, "Change password");
	page_crumb(p, "/account", "%s", p->who->title);
	tpl_account_form(page_body(p), &v);
	return 0;
}

struct change {
	char now[SECRET_PASSWORD], next[SECRET_PASSWORD];
	bool right;
};

static void check_and_hash(struct page *p)
{
	const char *now = fields_get(&p->req->form, "password_now");
	const char *next = fields_get(&p->req->form, "password");
	struct change *c = page_data(p);

	c->right = secret_password_is(c->now, now ? now : "");
	if (!c->right || secret_password_hash(next, c->next) < 0)
		c->next[0] = '\0';
}

static int changed(struct page *p)
{
	struct change *c = page_data(p);
	int r;

	signin_hash_end(p);
	if (!c->right) {
		page_error(p, "password_now", "This is not your password");
		page_denied(p, "account", p->who->account);
		return 0;
	}
	if (!c->next[0])
		return err_set(E_NOMEM, "out of memory for a password");
	r = accounts_password(accounts_of(p), p->who->account, c->next);
	if (r == 0)
		r = signin_audit(p, p->who->account, "password");
	if (r == 0)
		r = pages_sign_in(p->call, p->who->account);
	page_redirect(p, "/account");
	page_note(p, NULL, NULL,
		  "Your password is changed. Other browsers that were signed "
		  "in with it are signed out.");
	return r;
}

static int post_password(struct page *p)
{
	struct change *c = arena_alloc(&p->a, sizeof *c);
	struct account x;
	int r = c ? own(p, &x) : E_NOMEM;

	if (r < 0)
		return r;
	signin_new_password(p);
	if (page_errors(p) || !signin_hash_begin(p))
		return 0;
	snprintf(c->now, sizeof c->now, "%s", x.password);
	page_set_data(p, c);
	return page_later(p, check_and_hash, changed);
}

/* --- time codes --- */

static int draw_time_code(struct page *p, const char *secret, const char *uri)
{
	const struct tpl_account_form_intro intro[] = {
		{"Add an account to the authenticator app of your phone, by "
		 "this key:"},
		{secret},
		{uri},
		{"Then enter the six digits that it shows. From then on they "
		 "are asked for at every sign-in."},
	};
	static const struct tpl_account_form_intro used = {
		"Your authenticator app's codes are asked for at every "
		"sign-in. To stop that, enter the code that it shows now."};
	const struct tpl_account_form_fields field = {
		signin_field(p, "code", "Time code", NULL)};
	const struct tpl_account_form_hidden hidden = {"code_secret", secret};
	const struct tpl_account_form v = {
		.intro = secret ? intro : &used,
		.intro_n = secret ? 4 : 1,
		.action = "/account/time-code",
		.csrf = page_csrf(p),
		.hidden = &hidden,
		.hidden_n = secret != NULL,
		.fields = &field,
		.fields_n = 1,
		.buttons =
			signin_button(p, secret ? "Start" : "Stop", "/account"),
	};

	page_title(p, "Time codes");
	page_crumb(p, "/account", "%s", p->who->title);
	tpl_account_form(page_body(p), &v);
	return 0;
}

static int get_time_code(struct page *p)
{
	unsigned char secret[TOTP_SECRET];
	char text[TOTP_BASE32], uri[TOTP_URI];
	struct account x;
	int r = own(p, &x);

	if (r < 0)
		return r;
	if (x.totp)
		return draw_time_code(p, NULL, NULL);
	totp_make(accounts_of(p), secret);
	r = totp_base32(secret, text);
	sodium_memzero(secret, sizeof secret);
	if (r < 0)
		return r;
	snprintf(text, sizeof text, "%s",
		 page_value(p, "code_secret", arena_dup(&p->a, text)));
	totp_uri(text, p->call->s->hooks->place, p->who->name, uri);
	return draw_time_code(p, arena_dup(&p->a, text), arena_dup(&p->a, uri));
}

static int post_time_code(struct page *p)
{
	const char *secret = page_form(p, "code_secret");
	const char *code = page_form(p, "code");
	struct accounts *a = accounts_of(p);
	unsigned char bytes[TOTP_SECRET];
	struct account x;
	int r = own(p, &x);

	if (r < 0)
		return r;
	code = code ? code : "";
	if (x.totp) {
		r = totp_check(a, p->who->account, code);
		if (r == 0)
			r = totp_stop(a, p->who->account);
	} else {
		r = totp_parse(secret ? secret : "", bytes);
		if (r == 0)
			r = totp_start(a, p->who->account, bytes, code);
	}
	sodium_memzero(bytes, sizeof bytes);
	if (r == E_AUTH)
		r = E_INVALID;
	if (r == 0)
		r = signin_audit(p, p->who->account, "time-code");
	page_redirect(p, "/account");
	page_note(p, NULL, NULL, "%s",
		  x.totp ? "Time codes are not asked for any more."
			 : "From now on a time code is asked for at sign-in.");
	return page_refuse(p, r, "code");
}

const struct page_route account_routes[] = {
	{PAGE_GET, "/account", ROLE_ANY, get_account, PAGE_LOOP},
	{PAGE_POST, "/account/language", ROLE_ANY, post_language, 0},
	{PAGE_GET, "/account/password", ROLE_ANY, get_password, PAGE_LOOP},
	{PAGE_POST, "/account/password", ROLE_ANY, post_password, 0},
	{PAGE_GET, "/account/time-code", ROLE_ANY, get_time_code, PAGE_LOOP},
	{PAGE_POST, "/account/time-code", ROLE_ANY, post_time_code, 0},
	{0},
};
