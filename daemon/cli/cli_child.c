#include <stdio.h>
#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/kase.h"
#include "regional/case/origin.h"
#include "regional/node.h"

static const struct cli_opt fields[] = {
	{"given", "NAME", "given name"},
	{"family", "NAME", "family name"},
	{"birth", "DATE", "birth date, like 2021-05-30"},
	{"sex", "SEX", "female, male, other or unknown"},
	{"zip", "ZIP", "ZIP code, like 06106"},
	{"source-id", "TEXT", "record number in another program"},
	{NULL},
};
static const struct cli_opt origin_opts[] = {
	{"race", "WORDS", "one or several, like asian,white"},
	{"ethnicity", "WORD", "hispanic, not-hispanic, declined or unknown"},
	{"heard", "WORD", "how they heard of the center, like practice"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int take_fields(struct cli *c, struct child *k)
{
	int x;

	if ((x = cli_get_text(c, "given", k->given, sizeof k->given)) < 0 ||
	    (x = cli_get_text(c, "family", k->family, sizeof k->family)) < 0 ||
	    (x = cli_get_text(c, "sex", k->sex, sizeof k->sex)) < 0 ||
	    (x = cli_get_text(c, "zip", k->zip, sizeof k->zip)) < 0 ||
	    (x = cli_get_text(c, "source-id", k->source_id,
			      sizeof k->source_id)) < 0)
		return x;
	return cli_get_date(c, "birth", &k->birth);
}

enum { ADULT_YEARS = 21 };

/* What is allowed and yet is mostly a slip. */
static int warn(const struct node *n, const struct child *k)
{
	int64_t twin;
	int x;

	if (date_age_years(k->birth, records_today(&n->rec)) >= ADULT_YEARS)
		cli_hint("Look again: born on that day, child %lld is %d or "
			 "older.",
			 (long long)k->id, ADULT_YEARS);
	x = child_twin(n->db, k, &twin);
	if (x == 0)
		cli_hint("Look again: child %lld has the same names and birth "
			 "date as child %lld.",
			 (long long)k->id, (long long)twin);
	return x == E_NOTFOUND ? 0 : x;
}

static int run_add(struct cli *c)
{
	struct child k = {.birth = NO_DATE, .sex = "unknown"};
	struct node *n;
	int x;

	if ((x = take_fields(c, &k)) < 0)
		return x;
	if (k.birth == NO_DATE)
		return err_set(E_USAGE, "Give the birth date: --birth DATE");
	if ((x = cli_node(c, &n)) < 0 ||
	    (x = child_add(&n->rec, &k, &k.id)) < 0)
		return x;
	cli_said(c, k.id, "Child %lld added", (long long)k.id);
	return warn(n, &k);
}

static int run_update(struct cli *c)
{
	struct node *n;
	struct child k;
	int64_t id;
	int x, given = 0;

	for (int i = 0; fields[i].name; i++)
		given += cli_get(c, fields[i].name) != NULL;
	if (given == 0)
		return err_set(E_USAGE, "Say what changes: give --given, "
					"--family, --birth, --sex, --zip or "
					"--source-id");
	if ((x = cli_arg_int(c, 0, "child", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = child_get(n->db, id, &k)) < 0 ||
	    (x = take_fields(c, &k)) < 0 || (x = child_update(&n->rec, &k)) < 0)
		return x;
	cli_said(c, id, "Child %lld changed", (long long)id);
	return cli_get(c, "given") || cli_get(c, "family") ||
			       cli_get(c, "birth")
		       ? warn(n, &k)
		       : 0;
}

static const struct cli_col columns[] = {
	{"child", "Child", CLI_NUMBER},
	{"family", "Family name", CLI_TEXT},
	{"given", "Given name", CLI_TEXT},
	{"birth", "Born", CLI_TEXT},
	{"sex", "Sex", CLI_TEXT},
	{"zip", "ZIP", CLI_TEXT},
	{"source_id", "Elsewhere", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_child(void *arg, const struct child *k)
{
	struct cli_table *t = arg;

	cli_cell_int(t, k->id);
	cli_cell(t, k->family);
	cli_cell(t, k->given);
	cli_cell_date(t, k->birth);
	cli_cell(t, k->sex);
	cli_cell(t, k->zip);
	cli_cell(t, k->source_id);
	return 0;
}

static int put_case(void *arg, const struct kase *k)
{
	struct cli_table *t = arg;

	cli_cell_int(t, k->id);
	cli_cell_date(t, k->opened);
	cli_cell_date(t, k->closed);
	cli_cell_date(t, k->errored);
	return 0;
}

static int put_cases(struct cli *c, struct node *n, int64_t id,
		     struct cli_table *record)
{
	static const struct cli_col cases[] = {
		{"case", "Case", CLI_NUMBER},
		{"opened", "Opened", CLI_TEXT},
		{"closed", "Closed", CLI_TEXT},
		{"errored", "In error since", CLI_TEXT},
	};
	struct cli_table *t;
	int x = cli_table_new(c, &t, cases, 4, NULL);

	if (x < 0)
		return x;
	cli_table_fail(t,
		       kase_list(n->db, id, false, 0, INT64_MAX, put_case, t));
	cli_table_below(record, t, "No case is recorded.");
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct node *n;
	struct child k;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = child_get(n->db, id, &k)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_child(t, &k);
	cli_table_record(t);
	cli_table_fail(t, put_cases(c, n, id, t));
	return cli_table_end(t, NULL);
}

static int join_words(struct cli *c, char *out, size_t size)
{
	size_t used = 0;

	out[0] = '\0';
	for (int i = 0; i < cli_args(c); i++) {
		used += (size_t)snprintf(out + used, size - used, "%s%s",
					 i ? " " : "", cli_arg(c, i));
		if (used >= size)
			return err_set(E_USAGE, "That is too long to search "
						"for");
	}
	return 0;
}

static int run_list(struct cli *c)
{
	int64_t offset, limit;
	struct cli_table *t;
	struct node *n;
	char text[400];
	int x;

	if ((x = join_words(c, text, sizeof text)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, child_list(n->db, text, offset, limit, put_child, t));
	return cli_table_end(t, "No such child.");
}

static int take_races(struct cli *c, struct origin *o)
{
	const char *text = cli_get(c, "race");

	if (!text)
		return 0;
	o->races = 0;
	while (*text) {
		size_t len = strcspn(text, ",");

		if (o->races == ORIGIN_RACES)
			return err_set(E_USAGE, "--race takes at most %d words",
				       ORIGIN_RACES);
		snprintf(o->race[o->races++], VOCABULARY_ID, "%.*s", (int)len,
			 text);
		text += len;
		text += *text == ',';
	}
	return 0;
}

static const struct cli_col origin_columns[] = {
	{"race", "Race", CLI_TEXT},
	{"ethnicity", "Ethnicity", CLI_TEXT},
	{"heard", "Heard by", CLI_TEXT},
};

static int show_origin(struct cli *c, const struct node *n,
		       const struct origin *o)
{
	char races[ORIGIN_RACES * VOCABULARY_ID] = "";
	struct cli_table *t;
	size_t used = 0;
	int x;

	x = cli_table_new(c, &t, origin_columns, 3, cli_records_notice(n));
	if (x < 0)
		return x;
	for (int i = 0; i < o->races; i++)
		used += (size_t)snprintf(races + used, sizeof races - used,
					 "%s%s", i ? "," : "", o->race[i]);
	cli_cell(t, races);
	cli_cell(t, o->ethnicity);
	cli_cell(t, o->heard);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int run_about(struct cli *c)
{
	struct origin o;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = origin_get(n->db, n->rec.words, id, &o)) < 0)
		return x;
	if (!cli_get(c, "race") && !cli_get(c, "ethnicity") &&
	    !cli_get(c, "heard"))
		return show_origin(c, n, &o);
	if ((x = take_races(c, &o)) < 0 ||
	    (x = cli_get_text(c, "ethnicity", o.ethnicity,
			      sizeof o.ethnicity)) < 0 ||
	    (x = cli_get_text(c, "heard", o.heard, sizeof o.heard)) < 0 ||
	    (x = origin_set(&n->rec, id, &o)) < 0)
		return x;
	return cli_said(c, id, "Child %lld changed", (long long)id);
}

const struct command cli_child_commands[] = {
	{"child", "add", "--birth DATE [--given NAME] [--family NAME] ...",
	 "Add a child.\nGive at least one of the names.", fields, 0, 0,
	 run_add},
	{"child", "show", "CHILD", "Show one child and its cases.", NULL, 1, 1,
	 run_show},
	{"child", "list", "[WORD...]",
	 "List children by name.\n"
	 "Only those in whose name, birth date or ZIP code every word occurs.",
	 list_opts, 0, -1, run_list},
	{"child", "update", "CHILD [--family NAME] ...",
	 "Correct what is recorded of a child.\n"
	 "Only what is given changes; an empty text (\"\") takes it away.",
	 fields, 1, 1, run_update},
	{"child", "about", "CHILD [--race WORDS] [--ethnicity WORD] ...",
	 "Show or set race, ethnicity and how the family heard of the center.\n"
	 "As the family says it. Only what is given changes.",
	 origin_opts, 1, 1, run_about},
	{NULL},
};
