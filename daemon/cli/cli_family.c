#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "regional/case/family.h"
#include "regional/node.h"

static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt fields[] = {
	{"name", "NAME", "what the center calls the family"},
	{"language", "WORD", "spoken at home, like spanish"},
	{"interpreter", "YES|NO", "is one needed: yes or no"},
	{"address", "TEXT", "where they live"},
	{"zip", "ZIP", "ZIP code, like 06106"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt join_opts[] = {
	{"main", NULL, "the child lives there most"},
	{"since", "DATE", "first day there; default: not known"},
	{NULL},
};
static const struct cli_opt day_opts[] = {
	{"on", "DATE", "who lives there that day; default: ever"},
	{NULL},
};

static int take_fields(struct cli *c, struct family *f)
{
	int x;

	if ((x = cli_get_text(c, "name", f->name, sizeof f->name)) < 0 ||
	    (x = cli_get_text(c, "language", f->language, sizeof f->language)) <
		    0 ||
	    (x = cli_get_yes(c, "interpreter", &f->interpreter)) < 0 ||
	    (x = cli_get_text(c, "address", f->address, sizeof f->address)) < 0)
		return x;
	return cli_get_text(c, "zip", f->zip, sizeof f->zip);
}

static int run_add(struct cli *c)
{
	struct family f = {0};
	struct node *n;
	int64_t id;
	int x;

	if ((x = take_fields(c, &f)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = family_add(&n->rec, &f, &id)) < 0)
		return x;
	return cli_said(c, id, "Family %lld added", (long long)id);
}

static int run_update(struct cli *c)
{
	struct family f;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "family", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = family_get(n->db, id, &f)) < 0 ||
	    (x = take_fields(c, &f)) < 0 ||
	    (x = family_update(&n->rec, &f)) < 0)
		return x;
	return cli_said(c, id, "Family %lld changed", (long long)id);
}

static const struct cli_col columns[] = {
	{"family", "Family", CLI_NUMBER},
	{"name", "Name", CLI_TEXT},
	{"language", "Language", CLI_TEXT},
	{"interpreter", "Interpreter", CLI_TEXT},
	{"address", "Address", CLI_TEXT},
	{"zip", "ZIP", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_family(void *arg, const struct family *f)
{
	struct cli_table *t = arg;

	cli_cell_int(t, f->id);
	cli_cell(t, f->name);
	cli_cell(t, f->language);
	cli_cell(t, f->interpreter ? "yes" : "no");
	cli_cell(t, f->address);
	cli_cell(t, f->zip);
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct family v;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "family", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = family_get(n->db, id, &v)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_family(t, &v);
	cli_table_record(t);
	return cli_table_end(t, NULL);
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
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, family_list(n->db, text ? text : "", offset, limit,
				      put_family, t));
	return cli_table_end(t, "No such family.");
}

static int family_and_child(struct cli *c, int64_t *family, int64_t *child)
{
	int x = cli_arg_int(c, 0, "family", family);

	return x < 0 ? x : cli_arg_int(c, 1, "child", child);
}

static int run_join(struct cli *c)
{
	int64_t family, child, id;
	int32_t since = NO_DATE;
	struct node *n;
	int x;

	if ((x = family_and_child(c, &family, &child)) < 0 ||
	    (x = cli_get_date(c, "since", &since)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = family_join(&n->rec, family, child, cli_get(c, "main") != NULL,
			     since, &id)) < 0)
		return x;
	return cli_said(c, id, "Child %lld lives with family %lld",
			(long long)child, (long long)family);
}

static int run_leave(struct cli *c)
{
	int64_t family, child;
	struct node *n;
	int32_t on;
	int x;

	if ((x = family_and_child(c, &family, &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = family_leave(&n->rec, family, child, on)) < 0)
		return x;
	return cli_said(c, child, "Child %lld has left family %lld",
			(long long)child, (long long)family);
}

static const struct cli_col home_columns[] = {
	{"family", "Family", CLI_NUMBER}, {"child", "Child", CLI_NUMBER},
	{"main", "Main home", CLI_TEXT},  {"since", "Since", CLI_TEXT},
	{"until", "Until", CLI_TEXT},
};
enum { HOME_COLUMNS = sizeof home_columns / sizeof *home_columns };

static int put_home(void *arg, const struct home *h)
{
	struct cli_table *t = arg;

	cli_cell_int(t, h->family);
	cli_cell_int(t, h->child);
	cli_cell(t, h->main ? "yes" : "no");
	cli_cell_date(t, h->since);
	cli_cell_date(t, h->until);
	return 0;
}

/* Of a child's homes, or of a family's children. */
static int homes(struct cli *c, bool of_child)
{
	int32_t on = NO_DATE;
	struct cli_table *t;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, of_child ? "child" : "family", &id)) < 0 ||
	    (x = cli_get_date(c, "on", &on)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, home_columns, HOME_COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, family_homes(n->db, of_child ? id : 0,
				       of_child ? 0 : id, on, put_home, t));
	return cli_table_end(t, of_child ? "No home is recorded."
					 : "No child lives there.");
}

static int run_children(struct cli *c)
{
	return homes(c, false);
}

static int run_homes(struct cli *c)
{
	return homes(c, true);
}

static const struct cli_col sibling_columns[] = {
	{"child", "Child", CLI_NUMBER},
};

static int put_sibling(void *arg, int64_t sibling)
{
	cli_cell_int(arg, sibling);
	return 0;
}

static int run_siblings(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int64_t child;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = cli_table_new(c, &t, sibling_columns, 1,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, family_siblings(n->db, child, on, put_sibling, t));
	return cli_table_end(t, "No sibling is recorded.");
}

const struct command cli_family_commands[] = {
	{"family", "add", "--name NAME [--language WORD] ...",
	 "Add a family: one household.", fields, 0, 0, run_add},
	{"family", "show", "FAMILY", "Show one family.", NULL, 1, 1, run_show},
	{"family", "list", "[WORD]", "List families by name.", list_opts, 0, 1,
	 run_list},
	{"family", "update", "FAMILY [--language WORD] ...",
	 "Correct what is recorded of a family.\n"
	 "Only what is given changes; an empty text (\"\") takes it away.",
	 fields, 1, 1, run_update},
	{"family", "join", "FAMILY CHILD [--main] [--since DATE]",
	 "Say that a child lives with a family.\n"
	 "A child may have two homes; the first is the main one unless --main "
	 "says otherwise.",
	 join_opts, 2, 2, run_join},
	{"family", "leave", "FAMILY CHILD [--on DATE]",
	 "Say that a child has left a family.\nThe day is the last one there.",
	 on_opts, 2, 2, run_leave},
	{"family", "children", "FAMILY [--on DATE]",
	 "List the children of a family.", day_opts, 1, 1, run_children},
	{"family", "homes", "CHILD [--on DATE]", "List the homes of a child.",
	 day_opts, 1, 1, run_homes},
	{"family", "siblings", "CHILD [--on DATE]",
	 "List the children who share a home with a child.", on_opts, 1, 1,
	 run_siblings},
	{NULL},
};
