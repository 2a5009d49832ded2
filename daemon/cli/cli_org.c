#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/organization.h"
#include "regional/node.h"

static const struct cli_opt update_opts[] = {
	{"name", "NAME", "its new name"},
	{"active", "YES-NO", "whether it takes referrals: yes or no"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_add(struct cli *c)
{
	struct organization o = {.active = true};
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_copy("name", cli_arg(c, 0), o.name, sizeof o.name)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = organization_add(&n->rec, &o, &id)) < 0)
		return x;
	return cli_said(c, id, "Organization %lld added", (long long)id);
}

static int run_service(struct cli *c)
{
	struct service s = {.active = true};
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "organization", &s.organization)) < 0 ||
	    (x = cli_copy("name", cli_arg(c, 1), s.name, sizeof s.name)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = service_add(&n->rec, &s, &id)) < 0)
		return x;
	return cli_said(c, id, "Service %lld added to organization %lld",
			(long long)id, (long long)s.organization);
}

static int take_active(struct cli *c, bool *out)
{
	const char *text = cli_get(c, "active");

	if (!text)
		return 0;
	if (strcmp(text, "yes") != 0 && strcmp(text, "no") != 0)
		return err_set(E_USAGE, "--active is yes or no, not \"%s\"",
			       text);
	*out = strcmp(text, "yes") == 0;
	return 0;
}

static int run_update(struct cli *c)
{
	const char *name = cli_get(c, "name");
	struct organization o;
	struct node *n;
	int64_t id;
	int x;

	if (!name && !cli_get(c, "active"))
		return err_set(E_USAGE, "Say what changes: give --name, "
					"--active or both");
	if ((x = cli_arg_int(c, 0, "organization", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = organization_get(n->db, id, &o)) < 0 ||
	    (name && (x = cli_copy("name", name, o.name, sizeof o.name)) < 0) ||
	    (x = take_active(c, &o.active)) < 0 ||
	    (x = organization_update(&n->rec, &o)) < 0)
		return x;
	return cli_said(c, id, "Organization %lld changed", (long long)id);
}

static const struct cli_col columns[] = {
	{"organization", "Organization", CLI_NUMBER},
	{"name", "Name", CLI_TEXT},
	{"active", "Takes referrals", CLI_TEXT},
	/* for `show` only */
	{"services", "Services", CLI_TEXT},
};
enum { LISTED = 3, COLUMNS = sizeof columns / sizeof *columns };

static int put_organization(void *arg, const struct organization *o)
{
	struct cli_table *t = arg;

	cli_cell_int(t, o->id);
	cli_cell(t, o->name);
	cli_cell(t, o->active ? "yes" : "no");
	return 0;
}

/* "9 Pantry, 12 Delivery (not offered any more)" */
static int add_service(void *arg, const struct service *s)
{
	char **text = arg;
	char *more = mem_printf("%s%s%lld %s%s", *text ? *text : "",
				*text ? ", " : "", (long long)s->id, s->name,
				s->active ? "" : " (not offered any more)");

	mem_free(*text);
	*text = more;
	return more ? 0 : err_set(E_NOMEM, "out of memory for the services");
}

static int run_show(struct cli *c)
{
	struct organization o;
	char *services = NULL;
	struct cli_table *t;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "organization", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = organization_get(n->db, id, &o)) < 0 ||
	    (x = service_list(n->db, id, add_service, &services)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS, cli_plain_notice(n))) <
		    0)
		goto out;
	put_organization(t, &o);
	cli_cell(t, services);
	cli_table_record(t);
	x = cli_table_end(t, NULL);
out:
	mem_free(services);
	return x;
}

static int run_list(struct cli *c)
{
	const char *text = cli_arg(c, 0);
	int64_t offset, limit;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, LISTED, cli_plain_notice(n))) <
		    0)
		return x;
	cli_table_fail(t, organization_list(n->db, text ? text : "", offset,
					    limit, put_organization, t));
	return cli_table_end(t, "No such organization.");
}

const struct command cli_org_commands[] = {
	{"org", "add", "NAME", "Add an organization.", NULL, 1, 1, run_add},
	{"org", "list", "[TEXT]",
	 "List organizations by name.\n"
	 "Only those in whose name every word of TEXT occurs.",
	 page_opts, 0, 1, run_list},
	{"org", "show", "ORG", "Show one organization and its services.", NULL,
	 1, 1, run_show},
	{"org", "update", "ORG [--name NAME] [--active yes|no]",
	 "Rename an organization, or say that it takes no referrals any more.",
	 update_opts, 1, 1, run_update},
	{"org", "service", "ORG NAME", "Add a service of an organization.",
	 NULL, 2, 2, run_service},
	{NULL},
};
