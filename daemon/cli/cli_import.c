#include <stdio.h>
#include <string.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "regional/exchange/fhir.h"
#include "regional/node.h"

static const struct cli_opt fhir_opts[] = {
	{"dry-run", NULL, "read, check and count, but write nothing"},
	{"as-of", "DATE", "who is under 21 on this day; at the latest today"},
	{"source", "NAME", "whose ids these are, when several send the same"},
	{NULL},
};

static const struct cli_col columns[] = {
	{"type", "Type", CLI_TEXT},
	{"taken", "Taken", CLI_NUMBER},
	{"updated", "Updated", CLI_NUMBER},
	{"unchanged", "Unchanged", CLI_NUMBER},
	{"left_out", "Left out", CLI_NUMBER},
	{"why", "Because", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static void put_report(void *arg, const struct fhir_report *rep)
{
	/* A file's name is somebody else's text: a terminal must not obey it. */
	cli_show(stderr, rep->file);
	if (rep->line > 0 && rep->column > 0)
		fprintf(stderr, ":%lld:%lld", (long long)rep->line,
			(long long)rep->column);
	else if (rep->line > 0 && rep->entry < 0)
		fprintf(stderr, ":%lld", (long long)rep->line);
	if (rep->entry >= 0)
		fprintf(stderr, ": entry %lld", (long long)rep->entry);
	if (!*rep->type)
		fprintf(stderr, ": left out: %s\n", fhir_reason_text(rep->why));
	else
		fprintf(stderr, ": %s%s%s: %s\n", rep->type,
			*rep->id ? "/" : "", rep->id,
			fhir_reason_text(rep->why));
}

static int show_progress(void *arg, int64_t done, int64_t of)
{
	cli_progress(arg, of ? "Written" : "Read", done, of);
	return 0;
}

static void put_reasons(struct cli_table *t, const struct fhir_row *row)
{
	char text[2000];
	size_t used = 0;

	text[0] = '\0';
	for (int why = 0; why < FHIR_REASONS && used < sizeof text; why++) {
		if (row->why[why] == 0)
			continue;
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "%s%lld: %s", used ? "; " : "",
					 (long long)row->why[why],
					 fhir_reason_text(why));
	}
	cli_cell(t, text);
}

static int put_result(struct cli *c, struct node *n,
		      const struct fhir_result *res)
{
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, columns, COLUMNS, cli_records_notice(n));
	if (x < 0)
		return x;
	for (int i = 0; i < res->n; i++) {
		cli_cell(t, res->row[i].type);
		cli_cell_int(t, res->row[i].taken);
		cli_cell_int(t, res->row[i].updated);
		cli_cell_int(t, res->row[i].unchanged);
		cli_cell_int(t, res->row[i].left);
		put_reasons(t, &res->row[i]);
	}
	return cli_table_end(t, "There was nothing in it.");
}

/* No file was read to its end. */
static int say_none(struct cli *c, const struct fhir_result *res)
{
	if (res->files_left > 0)
		return err_set(E_INVALID,
			       "Nothing was taken: %lld file%s left out, see "
			       "above",
			       (long long)res->files_left,
			       res->files_left == 1 ? " was" : "s were");
	return err_set(E_NOTFOUND, "There is no .json or .ndjson file in %s",
		       cli_args(c) == 1 ? cli_arg(c, 0) : "any of them");
}

static int import_paths(struct cli *c, struct node *n, struct fhir_opts *o,
			struct fhir_result *res)
{
	const char **paths;
	int x;

	paths = mem_calloc((size_t)cli_args(c), sizeof *paths);
	if (!paths)
		return err_set(E_NOMEM, "out of memory for an import");
	for (int i = 0; i < cli_args(c); i++)
		paths[i] = cli_arg(c, i);
	o->paths = paths;
	o->n_paths = cli_args(c);
	x = fhir_import(&n->rec, o, res);
	mem_free(paths);
	if (x == E_INVALID)
		return x;
	if (x < 0)
		return err_prefix(x, "The import stopped; run it again to go "
				     "on");
	if (res->files == 0)
		return say_none(c, res);
	x = put_result(c, n, res);
	if (x < 0)
		return x;
	if (o->dry_run)
		cli_hint("Nothing was written.");
	if (res->files_left > 0)
		return err_set(E_INVALID,
			       "%lld file%s left out, see above; the others "
			       "%s",
			       (long long)res->files_left,
			       res->files_left == 1 ? " was" : "s were",
			       o->dry_run ? "would go in" : "are in");
	return 0;
}

static int run_fhir(struct cli *c)
{
	struct fhir_opts o = {
		.as_of = NO_DATE,
		.source = cli_get(c, "source"),
		.dry_run = cli_get(c, "dry-run") != NULL,
		.progress = show_progress,
		.report = put_report,
		.arg = c,
	};
	struct fhir_result *res;
	struct node *n;
	int x;

	if ((x = cli_get_date(c, "as-of", &o.as_of)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	res = mem_calloc(1, sizeof *res);
	if (!res)
		return err_set(E_NOMEM, "out of memory for an import");
	x = import_paths(c, n, &o, res);
	mem_free(res);
	return x;
}

const struct command cli_import_commands[] = {
	{"import", "fhir", "FILE|FOLDER... [--dry-run] [--as-of DATE]",
	 "Take children, needs and referrals from FHIR R4 files.\n"
	 "Bundles and single resources (.json), and Bulk Data (.ndjson). What "
	 "can't be\ntaken is reported and the rest goes in; a broken file is "
	 "left out whole. The\nsame import again changes nothing; one that "
	 "was stopped goes on where it was.\n\n"
	 "Who is 21 or older on the day of --as-of is left out, and with them "
	 "all that\nhangs on them. For history, give an earlier day.\n\n"
	 "--dry-run keeps others from writing for as long as it takes.",
	 fhir_opts, 1, -1, run_fhir},
	{NULL},
};
