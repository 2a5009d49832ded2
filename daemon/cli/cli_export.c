#include <stdio.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"
#include "regional/exchange/hsds.h"
#include "regional/node.h"

static const struct cli_opt opts[] = {
	{"to", "DIR", "the folder; it is made"},
	{NULL},
};

static int run_hsds(struct cli *c)
{
	const char *dir = cli_get(c, "to");
	struct hsds_written w;
	struct node *n;
	int x;

	if (!dir)
		return err_set(E_USAGE, "say --to DIR, the folder to write to");
	if ((x = cli_node(c, &n)) < 0 ||
	    (x = hsds_export(&n->rec, n->s.disk, dir, &w)) < 0)
		return x;
	printf("%lld organizations and %lld services written to ",
	       (long long)w.organizations, (long long)w.services);
	cli_show(stdout, dir);
	fputc('\n', stdout);
	if (w.inactive > 0)
		cli_hint("%lld inactive organizations were left out, with "
			 "their services.",
			 (long long)w.inactive);
	return 0;
}

const struct command cli_export_commands[] = {
	{"export", "hsds", "--to DIR",
	 "Write the directory of services as HSDS 3.0, in CSV tables.\n"
	 "For a 211, or for a center of another region: ccfed import hsds "
	 "takes "
	 "it. What came\nfrom a directory keeps the id it has there. Nothing "
	 "of "
	 "a child is in it; openings and\nwaitlists are not, for they are of a "
	 "day.",
	 opts, 0, 0, run_hsds},
	{NULL},
};
