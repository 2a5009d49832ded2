#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/signin.h"
#include "daemon/web/tpl_accounts.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_select.h"
#include "daemon/web/tpl_table.h"

/* For who administers accounts: a node's supervisor, a hub's operator. */
#define CHIEF (ROLE_SUPERVISOR | ROLE_OPERATOR)

static struct accounts *accounts_of(struct page *p)
{
	return p->call->s->accounts;
}

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
		{signin_languages(p, x->person.lang)},
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

const struct page_route accounts_routes[] = {
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
