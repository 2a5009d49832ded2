#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/signin.h"
#include "daemon/web/totp.h"
#include "daemon/web/tpl_account.h"
#include "daemon/web/tpl_accounts.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_pairs.h"
#include "daemon/web/tpl_select.h"
#include "daemon/web/tpl_table.h"

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

static const struct tpl_select *languages(struct page *p, enum lang lang)
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
	struct tpl_account_form_lists list = {languages(p, p->lang)};
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

/* --- all accounts --- */

struct listing {
	struct page *p;
	struct arena_list rows;
};

static void add_row(struct listing *l, const struct account *x)
{
	struct page *p = l->p;
	struct tpl_table_rows *row = arena_add(&l->rows);
	struct tpl_table_rows_cells *cell =
		arena_alloc(&p->a, 4 * sizeof *cell);
	char roles[80], when[24];

	if (!row || !cell)
		return;
	row->name = arena_dup(&p->a, x->person.title);
	row->href = arena_str(&p->a, "/accounts/%lld",
			      (long long)x->person.account);
	cell[0].text = arena_dup(&p->a, x->person.name);
	cell[1].text =
		arena_dup(&p->a, person_roles_format(x->person.roles, roles));
	cell[2].text = !x->signed_in_utc_ms
			       ? "never"
			       : arena_dup(&p->a, page_when(x->signed_in_utc_ms,
							    when));
	cell[3].text = x->disabled	? "disabled"
		       : x->password[0] ? x->totp ? "time code" : "password"
		       : x->sso[0]	? "by the proxy"
					: "no password yet";
	row->cells = cell;
	row->cells_n = 4;
}

static int on_account(void *arg, const struct account *x)
{
	add_row(arg, x);
	return 0;
}

static int get_accounts(struct page *p)
{
	static const struct tpl_table_columns columns[] = {
		{.title = "Name"},	  {.title = "Sign-in name"},
		{.title = "Roles"},	  {.title = "Last sign-in"},
		{.title = "Signs in by"},
	};
	struct listing l = {
		.p = p,
		.rows = {.arena = &p->a, .size = sizeof(struct tpl_table_rows)},
	};
	struct tpl_table table = {
		.caption = "Accounts",
		.quiet = true,
		.columns = columns,
		.columns_n = 5,
	};
	const struct tpl_accounts v = {.table = &table};
	int r = accounts_list(accounts_of(p), on_account, &l);

	if (r < 0)
		return r;
	table.rows = l.rows.items;
	table.rows_n = l.rows.n;
	page_title(p, "Accounts");
	tpl_accounts(page_body(p), &v);
	return 0;
}

/* --- one of them --- */

static const struct tpl_checkboxes *role_boxes(struct page *p, unsigned roles)
{
	struct tpl_checkboxes *b = arena_alloc(&p->a, sizeof *b);
	struct tpl_checkboxes_options *o = arena_alloc(&p->a, 8 * sizeof *o);
	size_t n = 0;

	if (!b || !o)
		return NULL;
	for (unsigned role = 1; role < ROLE_ANY; role <<= 1) {
		if (!(role & p->call->s->hooks->roles))
			continue;
		o[n].value = o[n].title = person_role_name(role);
		o[n].chosen = page_chosen(p, "roles", person_role_name(role),
					  roles & role);
		n++;
	}
	b->name = "roles";
	b->label = "Roles";
	b->error = page_error_of(p, "roles");
	b->options = o;
	b->options_n = n;
	return b;
}

struct staffing {
	struct page *p;
	struct arena_list options;
	int64_t stored;
};

static int on_staff(void *arg, int64_t id, const char *name)
{
	struct staffing *s = arg;
	struct tpl_select_options *o = arena_add(&s->options);

	if (!o)
		return E_NOMEM;
	o->value = arena_str(&s->p->a, "%lld", (long long)id);
	o->title = arena_dup(&s->p->a, name);
	o->chosen = o->value &&
		    page_chosen(s->p, "staff", o->value, s->stored == id);
	return 0;
}

static const struct tpl_select *staff_list(struct page *p, int64_t stored)
{
	const struct site_hooks *k = p->call->s->hooks;
	struct tpl_select *list = arena_alloc(&p->a, sizeof *list);
	struct staffing s = {
		.p = p,
		.options = {.arena = &p->a,
			    .size = sizeof(struct tpl_select_options)},
		.stored = stored,
	};

	if (!k->staff || !list || k->staff(k->site, on_staff, &s) < 0)
		return NULL;
	list->name = "staff";
	list->label = "On the staff list";
	list->hint = "Whose caseload a coordinator sees as their own";
	list->prompt = "Not on it";
	list->options = s.options.items;
	list->options_n = s.options.n;
	return list;
}

static const struct tpl_field *filled(struct page *p, const char *name,
				      const char *label, const char *hint,
				      const char *stored)
{
	struct tpl_field *f = (struct tpl_field *)(uintptr_t)signin_field(
		p, name, label, hint);

	if (f)
		f->value = page_value(p, name, stored);
	return f;
}

static void draw_account(struct page *p, const struct account *x,
			 const struct tpl_account_form_more *more, size_t n)
{
	bool new = !x->person.account;
	const struct tpl_account_form_fields fields[] = {
		{filled(p, "name", "Sign-in name",
			"Small letters and digits, like ana.rivera", "")},
		{filled(p, "title", "Name", "As colleagues know the person",
			x->person.title)},
		{filled(p, "sso", "Name at the reverse proxy",
			"Only if people sign in through one", x->sso)},
	};
	struct tpl_account_form_lists list[] = {
		{staff_list(p, x->person.staff)},
		{languages(p, x->person.lang)},
	};
	const struct tpl_account_form v = {
		.action = p->req->path,
		.csrf = page_csrf(p),
		.fields = new ? fields : fields + 1,
		.fields_n = new ? 3 : 2,
		.boxes = role_boxes(p, x->person.roles),
		.lists = list,
		.lists_n = 2,
		.buttons = signin_button(p, new ? "Add" : "Save", "/accounts"),
		.more = more,
		.more_n = n,
	};
	struct tpl_field *sso = (struct tpl_field *)(uintptr_t)fields[2].field;

	if (sso) {
		sso->required = false;
		sso->optional = true;
	}
	tpl_account_form(page_body(p), &v);
}

static int get_new(struct page *p)
{
	static const struct account none;

	page_title(p, "Add an account");
	page_crumb(p, "/accounts", "Accounts");
	draw_account(p, &none, NULL, 0);
	return 0;
}

static int get_one(struct page *p)
{
	struct tpl_account_form_more more[2];
	struct account x;
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = accounts_get(accounts_of(p), id, &x);
	if (r < 0)
		return r;
	more[0] = (struct tpl_account_form_more){
		arena_str(&p->a, "/accounts/%lld/link", (long long)id),
		"Make a link for a new password",
		"Ends the password, time codes and sessions"};
	more[1] = (struct tpl_account_form_more){
		arena_str(&p->a, "/accounts/%lld/%s", (long long)id,
			  x.disabled ? "enable" : "disable"),
		x.disabled ? "Enable" : "Disable",
		x.disabled ? "They can sign in again"
			   : "They are signed out at once"};
	page_title(p, "%s (%s)%s", x.person.title, x.person.name,
		   x.disabled ? ", disabled" : "");
	page_crumb(p, "/accounts", "Accounts");
	draw_account(p, &x, more, 2);
	return 0;
}

static void take_account(struct page *p, struct account *x)
{
	char text[PAGE_PARAMS * 32] = "";
	const char *const *roles;
	int64_t staff = 0;
	size_t used = 0;
	int n;

	roles = page_form_all(p, "roles", &n);
	for (int i = 0; roles && i < n && used < sizeof text; i++)
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "%s%s", i ? "," : "", roles[i]);
	page_refuse(p,
		    person_roles_parse(text, p->call->s->hooks->roles,
				       &x->person.roles),
		    "roles");
	page_form_text(p, "title", x->person.title, sizeof x->person.title);
	page_form_text(p, "sso", x->sso, sizeof x->sso);
	page_form_int(p, "staff", 1, INT64_MAX, &staff);
	x->person.staff = staff;
	x->person.lang = lang_of(page_form(p, "lang"));
}

/* The link stands in the next page's note, and nowhere else. */
static int give_link(struct page *p, const struct account *x)
{
	char token[SECRET_TOKEN];
	int r = accounts_link(accounts_of(p), x->person.account, LINK_HOURS,
			      token);

	if (r < 0)
		return r;
	page_note(p, NULL, NULL,
		  "Give this link to %s, by a way that only they read. It "
		  "works once, for %d hours: %s/link/%s",
		  x->person.title, LINK_HOURS, pages_url(p->call->s), token);
	sodium_memzero(token, sizeof token);
	page_redirect(p, "/accounts/%lld", (long long)x->person.account);
	return 0;
}

static int post_new(struct page *p)
{
	struct account x = {.disabled = false};
	int r;

	page_form_text(p, "name", x.person.name, sizeof x.person.name);
	take_account(p, &x);
	if (page_errors(p))
		return 0;
	r = accounts_add(accounts_of(p), &x);
	if (r < 0)
		return page_refuse(p, r, "name");
	r = signin_audit(p, x.person.account, "added");
	return r < 0 ? r : give_link(p, &x);
}

static int post_one(struct page *p)
{
	struct account x;
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = accounts_get(accounts_of(p), id, &x);
	if (r < 0)
		return r;
	take_account(p, &x);
	if (page_errors(p))
		return 0;
	r = accounts_update(accounts_of(p), &x);
	if (r == 0)
		r = signin_audit(p, id, "roles");
	page_redirect(p, "/accounts");
	page_note(p, NULL, NULL, "%s is saved.", x.person.title);
	return page_refuse(p, r, "roles");
}

static int set_disabled(struct page *p, bool disabled)
{
	struct account x;
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = accounts_get(accounts_of(p), id, &x);
	if (r == 0)
		r = accounts_disable(accounts_of(p), id, disabled);
	if (r == 0)
		r = signin_audit(p, id, disabled ? "disabled" : "enabled");
	page_redirect(p, "/accounts");
	page_note(p,
		  r < 0 ? NULL
			: arena_str(&p->a, "/accounts/%lld/%s", (long long)id,
				    disabled ? "enable" : "disable"),
		  "1", "%s is %s.", r < 0 ? "It" : x.person.title,
		  disabled ? "disabled and signed out" : "enabled again");
	return r;
}

static int post_disable(struct page *p)
{
	return set_disabled(p, true);
}

static int post_enable(struct page *p)
{
	return set_disabled(p, false);
}

static int post_link(struct page *p)
{
	struct account x;
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = accounts_get(accounts_of(p), id, &x);
	if (r == 0 && id == p->who->account)
		r = err_set(E_STATE, "Change your own password on the page of "
				     "your account");
	if (r == 0 && !x.disabled)
		r = accounts_reset(accounts_of(p), id);
	if (r == 0)
		r = signin_audit(p, id, "reset");
	return r < 0 ? r : give_link(p, &x);
}

const struct page_route account_routes[] = {
	{PAGE_GET, "/account", ROLE_ANY, get_account, PAGE_LOOP},
	{PAGE_POST, "/account/language", ROLE_ANY, post_language, 0},
	{PAGE_GET, "/account/password", ROLE_ANY, get_password, PAGE_LOOP},
	{PAGE_POST, "/account/password", ROLE_ANY, post_password, 0},
	{PAGE_GET, "/account/time-code", ROLE_ANY, get_time_code, PAGE_LOOP},
	{PAGE_POST, "/account/time-code", ROLE_ANY, post_time_code, 0},
	{PAGE_GET, "/accounts", CHIEF, get_accounts, PAGE_LOOP},
	{PAGE_GET, "/accounts/new", CHIEF, get_new, PAGE_LOOP},
	{PAGE_POST, "/accounts/new", CHIEF, post_new, 0},
	{PAGE_GET, "/accounts/{id}", CHIEF, get_one, PAGE_LOOP},
	{PAGE_POST, "/accounts/{id}", CHIEF, post_one, 0},
	{PAGE_POST, "/accounts/{id}/disable", CHIEF, post_disable, 0},
	{PAGE_POST, "/accounts/{id}/enable", CHIEF, post_enable, 0},
	{PAGE_POST, "/accounts/{id}/link", CHIEF, post_link, 0},
	{0},
};
