#include <stdio.h>

#include "daemon/cli/cli.h"
#include "daemon/core/disk.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/case/attachment.h"
#include "regional/node.h"

static const struct cli_opt add_opts[] = {
	{"title", "TEXT", "a title"},
	{NULL},
};
static const struct cli_opt erase_opts[] = {
	{"yes", NULL, "erase them; without it nothing happens"},
	{NULL},
};

static int run_add(struct cli *c)
{
	const char *path = cli_arg(c, 2);
	char *data = NULL;
	struct node *n;
	int64_t child, id;
	size_t len;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	x = disk_read(disk_system(), path, ATTACHMENT_MAX, &data, &len);
	if (x == E_TOOBIG)
		x = err_set(E_TOOBIG, "%s is over 10 MiB", path);
	if (x == 0)
		x = attachment_add(&n->rec, child, cli_arg(c, 1),
				   cli_get(c, "title"), data, len, &id);
	mem_free(data);
	if (x < 0)
		return x;
	return cli_said(c, id, "Document %lld added", (long long)id);
}

/* An existing file is left alone. */
static int check_absent(const char *path)
{
	FILE *f = fopen(path, "r");

	if (!f)
		return 0;
	fclose(f);
	return err_set(E_EXISTS, "%s is there already; choose another name",
		       path);
}

static int run_save(struct cli *c)
{
	const char *path = cli_arg(c, 1);
	unsigned char *data = NULL;
	struct node *n;
	int64_t id;
	size_t len;
	int x;

	if ((x = cli_arg_int(c, 0, "document", &id)) < 0 ||
	    (x = check_absent(path)) < 0 || (x = cli_node(c, &n)) < 0)
		return x;
	x = attachment_read(&n->rec, id, &data, &len);
	if (x == 0)
		x = disk_write(disk_system(), path, data, len, 0600);
	mem_free(data);
	if (x < 0)
		return x;
	return cli_said(c, id, "Document %lld is in %s, readable by you only",
			(long long)id, path);
}

static int run_erase(struct cli *c)
{
	int64_t child, count;
	struct node *n;
	int x;

	if (!cli_get(c, "yes"))
		return err_set(E_USAGE, "Erased documents are gone for good; "
					"say --yes if that is meant");
	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = attachment_erase(&n->rec, child, &count)) < 0)
		return x;
	return cli_said(c, child, "%lld document%s of child %lld erased",
			(long long)count, count == 1 ? "" : "s",
			(long long)child);
}

static const struct cli_col columns[] = {
	{"attachment", "Document", CLI_NUMBER},
	{"child", "Child", CLI_NUMBER},
	{"document", "What", CLI_TEXT},
	{"title", "Title", CLI_TEXT},
	{"type", "Type", CLI_TEXT},
	{"size", "Bytes", CLI_NUMBER},
	{"added", "Added", CLI_TEXT},
	{"erased", "Erased", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_attachment(void *arg, const struct attachment *a)
{
	struct cli_table *t = arg;

	cli_cell_int(t, a->id);
	cli_cell_int(t, a->child);
	cli_cell(t, a->document);
	cli_cell(t, a->title);
	cli_cell(t, a->type);
	cli_cell_int(t, a->size);
	cli_cell_date(t, a->added);
	cli_cell_date(t, a->erased);
	return 0;
}

static int run_list(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	int64_t child;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &child)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, attachment_list(n->db, child, put_attachment, t));
	return cli_table_end(t, "No document is attached.");
}

const struct command cli_attachment_commands[] = {
	{"attachment", "add", "CHILD WHAT FILE [--title TEXT]",
	 "Attach a document to a child's record.\n"
	 "PDF, PNG, JPEG or plain text of at most 10 MiB. WHAT is one like "
	 "consent or\nreport; a wrong one lists them all.",
	 add_opts, 3, 3, run_add},
	{"attachment", "list", "CHILD", "List the documents of a child.", NULL,
	 1, 1, run_list},
	{"attachment", "save", "DOCUMENT FILE",
	 "Write a document to a file of its own.\n"
	 "The file is not sealed any more: delete it after use.",
	 NULL, 2, 2, run_save},
	{"attachment", "erase", "CHILD --yes",
	 "Erase all documents of a child, for good.\n"
	 "Its key is deleted, so copies in backups of node.db can't be opened "
	 "without a\nbackup of that time and record.key.",
	 erase_opts, 1, 1, run_erase},
	{NULL},
};
