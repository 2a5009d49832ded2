#include "daemon/cli/cli.h"
#include "proto/catalogue.h"
#include "regional/node.h"
#include "regional/release/release.h"

static int put_view(struct cli_table *out, struct node *n,
		    const struct fact_table *t, int view)
{
	struct account a;
	int r = release_account(n, t, view, &a);

	if (r < 0)
		return r;
	cli_cell(out, t->id);
	cli_cell(out, t->view[view].id);
	cli_cell_int(out, a.facts);
	cli_cell_int(out, a.published);
	cli_cell_int(out, a.waiting);
	cli_cell_int(out, a.withheld);
	cli_cell_int(out, a.drift);
	cli_cell_int(out, a.changed);
	cli_cell(out, a.facts == a.published + a.waiting + a.withheld + a.drift
			      ? "yes"
			      : "NO");
	return 0;
}

static int run_accounts(struct cli *c)
{
	static const struct cli_col cols[] = {
		{"table", "Fact table", CLI_TEXT},
		{"view", "View", CLI_TEXT},
		{"facts", "Facts", CLI_NUMBER},
		{"published", "Published", CLI_NUMBER},
		{"waiting", "Waiting", CLI_NUMBER},
		{"withheld", "Withheld", CLI_NUMBER},
		{"drift", "Drift", CLI_NUMBER},
		{"changed", "Changed", CLI_NUMBER},
		{"balances", "Balances", CLI_TEXT},
	};
	const struct catalogue *cat;
	struct cli_table *out = NULL;
	char banner[200];
	struct node *n;
	int r;

	r = cli_node(c, &n);
	if (r < 0)
		return r;
	cat = n->cat;
	r = cli_table_new(c, &out, cols, sizeof cols / sizeof cols[0],
			  policy_banner(&n->policy, banner, sizeof banner));
	if (r < 0)
		return r;
	for (int i = 0; i < catalogue_tables(cat) && r == 0; i++) {
		const struct fact_table *t = catalogue_table(cat, i);

		for (int v = 0; v < t->n_views && r == 0; v++)
			r = put_view(out, n, t, v);
	}
	cli_table_fail(out, r);
	return cli_table_end(out, "Nothing is counted yet.");
}

const struct command cli_accounts_commands[] = {
	{"release", "accounts", "",
	 "Say where every occurrence of the closed months is.\n"
	 "Facts are those of closed months by today's record. Each is in one\n"
	 "place: facts = published + waiting + withheld + drift.\n"
	 "\n"
	 "  Published  left in a number that stands for enough children.\n"
	 "  Waiting    for a longer period, which may still take it.\n"
	 "  Withheld   no longer period is left: it stays here.\n"
	 "  Drift      came into the record after its month had closed; the\n"
	 "             next closing counts it. Less those that were counted\n"
	 "             and are gone from the record since, so it may be\n"
	 "             below zero.\n"
	 "  Changed    of the others: counted with another need or outcome\n"
	 "             than they have now.\n"
	 "\n"
	 "Half-years that are frozen (see ccfed status --help) are left out.",
	 NULL, 0, 0, run_accounts},
	{NULL},
};
