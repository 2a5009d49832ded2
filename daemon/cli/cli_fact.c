#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/node.h"
#include "regional/release/facts.h"

enum { DEADLINE_MS = 60000, MONTHS_MAX = 12 * 100 };

static int list_tables(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"table", "Table", CLI_TEXT},
		{"version", "Version", CLI_NUMBER},
		{"title", "Title", CLI_TEXT},
		{"matures", "Matures (days)", CLI_NUMBER},
		{"views", "Views", CLI_NUMBER},
		{"outcomes", "Outcomes", CLI_NUMBER},
	};
	const struct catalogue *cat;
	const char *notice = "";
	struct cli_table *t;
	struct node *n;
	int x;

	/* The tables are the package's and need no node. */
	if (strcmp(cli_dir_sort(c), "node") == 0) {
		x = cli_node(c, &n);
		if (x < 0)
			return x;
		notice = cli_plain_notice(n);
	}
	if ((x = cli_catalogue(c, &cat)) < 0 ||
	    (x = cli_table_new(c, &t, columns, 6, notice)) < 0)
		return x;
	for (int i = 0; i < catalogue_tables(cat); i++) {
		const struct fact_table *f = catalogue_table(cat, i);

		cli_cell(t, f->id);
		cli_cell_int(t, f->version);
		cli_cell(t, f->title);
		cli_cell_int(t, f->matures_days);
		cli_cell_int(t, f->n_views);
		cli_cell_int(t, f->n_outcomes);
	}
	return cli_table_end(t, "There is no fact table.");
}

struct counting {
	int32_t from; /* month of row 0 */
	int32_t last; /* the last row that counts something */
	int64_t n[MONTHS_MAX][OUTCOMES_MAX];
};

static int count_fact(void *arg, const struct fact *f)
{
	struct counting *k = arg;
	int32_t row = period_month_of_day(f->day) - k->from;

	/* A date of another century is somebody's slip, not a month to show. */
	if (row < 0 || row >= MONTHS_MAX)
		return 0;
	k->n[row][f->outcome]++;
	if (row > k->last)
		k->last = row;
	return 0;
}

static void print_counts(struct cli_table *t, const struct fact_table *f,
			 const struct counting *k)
{
	char text[PERIOD_TEXT];

	for (int32_t m = 0; m <= k->last; m++) {
		for (int o = 0; o < f->n_outcomes; o++) {
			struct period p = {k->from + m, 1};

			if (k->n[m][o] == 0)
				continue;
			cli_cell(t, period_format(p, text));
			cli_cell(t, f->outcome[o].id);
			cli_cell(t, f->outcome[o].title);
			cli_cell_int(t, k->n[m][o]);
		}
	}
}

static int count(struct node *n, const struct fact_table *f, struct counting *k)
{
	int32_t today = records_today(&n->rec);
	struct db *ro = NULL;
	int x;

	k->last = -1;
	k->from = period_month_of_day(today) - MONTHS_MAX + 1;
	x = node_reader(n, &ro);
	if (x == 0)
		x = facts_each(ro, f, n->rec.words, today, DEADLINE_MS,
			       count_fact, k);
	db_close(ro);
	return x;
}

static int list_counts(struct cli *c, const char *id)
{
	static const struct cli_col columns[] = {
		{"month", "Month", CLI_TEXT},
		{"outcome", "Outcome", CLI_TEXT},
		{"title", "Title", CLI_TEXT},
		{"facts", "Facts", CLI_NUMBER},
	};
	const struct fact_table *f;
	struct counting *k = NULL;
	struct cli_table *t;
	struct node *n;
	int i, x;

	if ((x = cli_node(c, &n)) < 0)
		return x;
	i = catalogue_find_table(n->cat, id);
	if (i < 0)
		return err_set(E_NOTFOUND,
			       "There is no fact table \"%s\"; see "
			       "ccfed fact list",
			       id);
	f = catalogue_table(n->cat, i);
	k = mem_calloc(1, sizeof *k);
	if (!k)
		return err_set(E_NOMEM, "out of memory counting facts");
	x = count(n, f, k);
	if (x == 0)
		x = cli_table_new(c, &t, columns, 4, cli_records_notice(n));
	if (x == 0) {
		print_counts(t, f, k);
		x = cli_table_end(t, "This node has no such facts.");
	}
	mem_free(k);
	return x;
}

static int run_list(struct cli *c)
{
	return cli_args(c) > 0 ? list_counts(c, cli_arg(c, 0)) : list_tables(c);
}

const struct command cli_fact_commands[] = {
	{"fact", "list", "[TABLE]",
	 "List the fact tables; with TABLE, this node's facts of it.\n"
	 "Facts are exact, by month and outcome, and stay in the region.",
	 NULL, 0, 1, run_list},
	{NULL},
};
