#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "proto/levels.h"
#include "regional/case/need_level.h"
#include "regional/node.h"

static const struct cli_opt set_opts[] = {
	{"method", "TEXT", "how the medical tier was found, like PMCA"},
	{"method-version", "TEXT", "its version, like 3.0"},
	{"social", "TIER", "0 to 3; default: by needs and screenings"},
	{"why", "TEXT", "why the social tier is another"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt on_opts[] = {
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_set(struct cli *c)
{
	struct need_level l = {.social = SOCIAL_BY_RULE};
	int64_t id, social = SOCIAL_BY_RULE;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &l.kase)) < 0 ||
	    (x = cli_copy("medical tier", cli_arg(c, 1), l.medical,
			  sizeof l.medical)) < 0 ||
	    (x = cli_copy("method", cli_get(c, "method"), l.method,
			  sizeof l.method)) < 0 ||
	    (x = cli_copy("version", cli_get(c, "method-version"),
			  l.method_version, sizeof l.method_version)) < 0 ||
	    (x = cli_copy("reason", cli_get(c, "why"), l.why, sizeof l.why)) <
		    0 ||
	    (x = cli_get_int(c, "social", 0, SOCIAL_TIERS - 1, &social)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &l.since)) < 0)
		return x;
	l.social = (int)social;
	if ((x = need_level_set(&n->rec, &l, &id)) < 0 ||
	    (x = need_level_get(n->db, l.kase, l.since, &l)) < 0)
		return x;
	return cli_said(c, id, "Case %lld is at level %s", (long long)l.kase,
			l.level);
}

static const struct cli_col columns[] = {
	{"case", "Case", CLI_NUMBER},
	{"since", "Since", CLI_TEXT},
	{"level", "Level", CLI_TEXT},
	{"medical", "Medical tier", CLI_TEXT},
	{"method", "Method", CLI_TEXT},
	{"special_needs", "Special health care needs", CLI_TEXT},
	{"social", "Social tier", CLI_NUMBER},
	{"points", "Points", CLI_NUMBER},
	{"social_by_rule", "Tier by points", CLI_NUMBER},
	{"why", "Why", CLI_TEXT},
};
static const struct cli_col more_columns[] = {
	{"meaning", "Meaning", CLI_TEXT},
	{"contact_days", "Contact every, days", CLI_NUMBER},
	{"follows", "What follows", CLI_TEXT},
};
enum {
	COLUMNS = sizeof columns / sizeof *columns,
	MORE = sizeof more_columns / sizeof *more_columns
};

static int put_level(void *arg, const struct need_level *l)
{
	struct cli_table *t = arg;

	cli_cell_int(t, l->kase);
	cli_cell_date(t, l->since);
	cli_cell(t, l->level);
	cli_cell(t, l->medical);
	cli_cell_fmt(t, "%s %s", l->method, l->method_version);
	cli_cell(t, l->cshcn ? "yes" : "no");
	cli_cell_int(t, l->social);
	cli_cell_int(t, l->points);
	cli_cell_int(t, l->social_by_rule);
	cli_cell(t, l->why);
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_col all[COLUMNS + MORE];
	const struct level_rule *rule;
	struct need_level l;
	struct cli_table *t;
	struct node *n;
	int64_t kase;
	int32_t on;
	int x;

	memcpy(all, columns, sizeof columns);
	memcpy(all + COLUMNS, more_columns, sizeof more_columns);
	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = need_level_get(n->db, kase, on, &l)) < 0 ||
	    (x = cli_table_new(c, &t, all, COLUMNS + MORE,
			       cli_records_notice(n))) < 0)
		return x;
	put_level(t, &l);
	rule = levels_find(catalogue_levels(n->cat), l.level);
	cli_cell(t, rule ? rule->title : NULL);
	if (rule)
		cli_cell_int(t, rule->contact_days);
	else
		cli_cell(t, NULL);
	cli_cell(t, rule ? rule->follows : NULL);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int run_list(struct cli *c)
{
	int64_t kase, offset, limit;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(
		t, need_level_list(n->db, kase, offset, limit, put_level, t));
	return cli_table_end(t, "It has no level of need yet.");
}

const struct command cli_level_commands[] = {
	{"level", "set", "CASE MEDICAL --method TEXT --method-version TEXT",
	 "Assess a case: medical tier, social tier, level of need.\n"
	 "MEDICAL is complex, non-complex or none, as somebody found it by a "
	 "method like PMCA 3.0; it is never computed from codes here.",
	 set_opts, 2, 2, run_set},
	{"level", "show", "CASE [--on DATE]",
	 "Show the level of a case and what follows from it.", on_opts, 1, 1,
	 run_show},
	{"level", "list", "CASE", "List its levels, newest first.", page_opts,
	 1, 1, run_list},
	{NULL},
};
