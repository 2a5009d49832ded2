#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_audit.h"
#include "daemon/web/accounts.h"
#include "regional/case/audit.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"title", "TEXT", "the person's name, as colleagues know it"},
	{"roles", "ROLES", "like coordinator, or coordinator,supervisor"},
	{"staff", "STAFF", "their number on the node's staff list"},
	{"lang", "LANG", "language of the pages: en or es; en"},
	{"sso", "NAME", "what the reverse proxy calls them"},
	{"password", "WHERE", "-: take the password from standard input"},
	{NULL},
};

/* The directory's accounts, and the node or hub whose audit tells of them. */
struct opened {
	struct node *n; /* one of them */
	struct hub *h;
	struct accounts *a;
	const struct pages_conf *web;
	char who[RECORDS_WHO];
};

static int open_accounts(struct cli *c, struct opened *o)
{
	bool hub = strcmp(cli_dir_sort(c), "hub") == 0;
	const struct seams *s = cli_seams(c);
	const char *dir;
	int x;

	if ((x = cli_dir(c, &dir)) < 0 ||
	    (x = hub ? cli_hub(c, &o->h) : cli_node(c, &o->n)) < 0)
		return x;
	o->web = hub ? &o->h->conf.web : &o->n->conf.web;
	cli_user(o->who);
	return accounts_open(&o->a, s->disk, s->clock, s->rng, dir,
			     hub ? ROLES_OF_HUB : ROLES_OF_NODE);
}

static int note(struct opened *o, int64_t id, const char *field)
{
	if (o->n)
		return audit_change(&o->n->rec, "account", id, field, NULL,
				    NULL);
	return hub_audit(o->h->db, clock_utc_ms(o->h->clock), o->who, "account",
			 id, field);
}

static int find(struct cli *c, struct opened *o, struct account *x)
{
	int r = accounts_find(o->a, cli_arg(c, 0), x);

	if (r == E_NOTFOUND)
		return err_set(r,
			       "There is no account \"%.60s\"; `ccfed account "
			       "list` names them",
			       cli_arg(c, 0));
	return r;
}

/* One line of standard input, which keeps it out of the shell's history. */
static int read_password(struct cli *c, char *out, size_t size)
{
	const char *from = cli_get(c, "password");

	out[0] = '\0';
	if (!from)
		return 0;
	if (strcmp(from, "-") != 0)
		return err_set(E_USAGE, "--password takes \"-\" only: it is "
					"read from standard input");
	if (!fgets(out, (int)size, stdin))
		return err_set(E_USAGE, "No password came on standard input");
	out[strcspn(out, "\r\n")] = '\0';
	return secret_password_check(out);
}

static int print_link(struct cli *c, struct opened *o, const struct account *x)
{
	static const struct cli_col cols[] = {
		{"name", "Sign-in name", CLI_TEXT},
		{"link", "Works once, for a day", CLI_TEXT},
	};
	char token[SECRET_TOKEN];
	struct cli_table *t;
	int r = accounts_link(o->a, x->person.account, LINK_HOURS, token);

	if (r == 0)
		r = cli_table_new(c, &t, cols, 2, NULL);
	if (r < 0)
		return r;
	cli_table_record(t);
	cli_cell(t, x->person.name);
	if (o->web->url[0])
		cli_cell_fmt(t, "%s/link/%s", o->web->url, token);
	else
		cli_cell_fmt(t, "http%s://%s/link/%s",
			     o->web->tls_cert[0] ? "s" : "", o->web->http,
			     token);
	sodium_memzero(token, sizeof token);
	return cli_table_end(t, NULL);
}

static int take_account(struct cli *c, struct opened *o, struct account *x)
{
	struct person *p = &x->person;
	const char *lang = cli_get(c, "lang");
	int r;

	if (!cli_get(c, "title") || !cli_get(c, "roles"))
		return err_set(E_USAGE, "Say --title and --roles");
	if (lang && strcmp(lang, "en") != 0 && strcmp(lang, "es") != 0)
		return err_set(E_USAGE, "--lang is en or es, not \"%.20s\"",
			       lang);
	p->lang = lang_of(lang);
	if ((r = cli_copy("name", cli_arg(c, 0), p->name, sizeof p->name)) <
		    0 ||
	    (r = cli_get_text(c, "title", p->title, sizeof p->title)) < 0 ||
	    (r = cli_get_text(c, "sso", x->sso, sizeof x->sso)) < 0 ||
	    (r = cli_get_int(c, "staff", 1, INT64_MAX, &p->staff)) < 0)
		return r;
	return person_roles_parse(cli_get(c, "roles"), o->a->allowed,
				  &p->roles);
}

static int add(struct cli *c, struct opened *o, const char *password)
{
	struct account x = {.disabled = false};
	char hash[SECRET_PASSWORD];
	int r = take_account(c, o, &x);

	if (r == 0)
		r = accounts_add(o->a, &x);
	if (r == 0)
		r = note(o, x.person.account, "added");
	if (r < 0)
		return r;
	if (!*password)
		return x.sso[0] ? cli_said(c, x.person.account,
					   "Account %s added", x.person.name)
				: print_link(c, o, &x);
	r = secret_password_hash(password, hash);
	if (r == 0)
		r = accounts_password(o->a, x.person.account, hash);
	if (r == 0)
		r = note(o, x.person.account, "password");
	if (r < 0)
		return r;
	return cli_said(c, x.person.account, "Account %s added", x.person.name);
}

static int run_add(struct cli *c)
{
	struct opened o = {NULL};
	char password[PASSWORD_MAX + 3];
	int r = read_password(c, password, sizeof password);

	if (r == 0)
		r = open_accounts(c, &o);
	if (r == 0)
		r = add(c, &o, password);
	sodium_memzero(password, sizeof password);
	accounts_close(o.a);
	return r;
}

static int on_row(void *arg, const struct account *x)
{
	struct cli_table *t = arg;
	char roles[80], when[21];

	cli_cell(t, x->person.name);
	cli_cell(t, x->person.title);
	cli_cell(t, person_roles_format(x->person.roles, roles));
	if (x->person.staff)
		cli_cell_int(t, x->person.staff);
	else
		cli_cell(t, NULL);
	cli_cell(t, x->signed_in_utc_ms
			    ? date_format_utc(x->signed_in_utc_ms, when)
			    : NULL);
	cli_cell(t, x->disabled ? "disabled"
		    : x->password[0]
			    ? x->totp ? "password, time code" : "password"
		    : x->sso[0] ? "proxy"
				: "waits for its link");
	return 0;
}

static int run_list(struct cli *c)
{
	static const struct cli_col cols[] = {
		{"name", "Sign-in name", CLI_TEXT},
		{"title", "Name", CLI_TEXT},
		{"roles", "Roles", CLI_TEXT},
		{"staff", "Staff", CLI_NUMBER},
		{"signed_in", "Last sign-in (UTC)", CLI_TEXT},
		{"state", "Signs in by", CLI_TEXT},
	};
	struct opened o = {NULL};
	struct cli_table *t = NULL;
	int r = open_accounts(c, &o);

	if (r == 0)
		r = cli_table_new(c, &t, cols, 6, NULL);
	if (r == 0) {
		cli_table_fail(t, accounts_list(o.a, on_row, t));
		r = cli_table_end(t, "There are no accounts yet.");
	}
	accounts_close(o.a);
	return r;
}

static int set_disabled(struct cli *c, bool disabled)
{
	struct opened o = {NULL};
	struct account x;
	int r = open_accounts(c, &o);

	if (r == 0)
		r = find(c, &o, &x);
	if (r == 0)
		r = accounts_disable(o.a, x.person.account, disabled);
	if (r == 0)
		r = note(&o, x.person.account,
			 disabled ? "disabled" : "enabled");
	accounts_close(o.a);
	if (r < 0)
		return r;
	return cli_said(c, x.person.account, "Account %s is %s", x.person.name,
			disabled ? "disabled; its sessions have ended"
				 : "enabled again");
}

static int run_disable(struct cli *c)
{
	return set_disabled(c, true);
}

static int run_enable(struct cli *c)
{
	return set_disabled(c, false);
}

static int give_link(struct cli *c, bool reset)
{
	struct opened o = {NULL};
	struct account x;
	int r = open_accounts(c, &o);

	if (r == 0)
		r = find(c, &o, &x);
	if (r == 0 && reset)
		r = accounts_reset(o.a, x.person.account);
	if (r == 0)
		r = note(&o, x.person.account, reset ? "reset" : "link");
	if (r == 0)
		r = print_link(c, &o, &x);
	accounts_close(o.a);
	return r;
}

static int run_reset(struct cli *c)
{
	return give_link(c, true);
}

static int run_link(struct cli *c)
{
	return give_link(c, false);
}

const struct command cli_account_commands[] = {
	{"account", "add", "NAME --title TEXT --roles ROLES",
	 "Let somebody sign in to the pages of a node or hub.\n"
	 "Prints a link by which the person chooses a password; it works "
	 "once,\n"
	 "for a day. Roles of a node: coordinator, supervisor, viewer. Of a\n"
	 "hub: operator, ta-advisor, viewer. A coordinator sees the caseload "
	 "of\n"
	 "the --staff number; see `ccfed staff list`.",
	 add_opts, 1, 1, run_add},
	{"account", "list", "", "List who may sign in.", NULL, 0, 0, run_list},
	{"account", "disable", "NAME",
	 "End somebody's access; their sessions end at once.\n"
	 "Nobody is deleted: the audit names them.",
	 NULL, 1, 1, run_disable},
	{"account", "enable", "NAME", "Let a disabled account sign in again.",
	 NULL, 1, 1, run_enable},
	{"account", "reset", "NAME",
	 "Take password and time codes away; print a new link.\n"
	 "For who lost the password or the phone. Their sessions end.",
	 NULL, 1, 1, run_reset},
	{"account", "link", "NAME",
	 "Print a link to choose a password.\n"
	 "It works once, for a day; an earlier one works no more.",
	 NULL, 1, 1, run_link},
	{NULL},
};
