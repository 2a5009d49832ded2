#include "daemon/cli/cli.h"
#include "regional/case/audit.h"
#include "regional/node.h"

static int run_verify(struct cli *c)
{
	struct node *n;
	int64_t rows;
	int x;

	if ((x = cli_node(c, &n)) < 0 || (x = audit_verify(n->db, &rows)) < 0)
		return x;
	return cli_said(c, rows, "The audit is whole: %lld entries",
			(long long)rows);
}

const struct command cli_audit_commands[] = {
	{"audit", "verify", "",
	 "Check that nobody altered the list of changes.\n"
	 "Entries cut off at its end show only against a backup.",
	 NULL, 0, 0, run_verify},
	{NULL},
};
