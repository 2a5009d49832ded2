#include <stdio.h>
#include <string.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "regional/case/cutoff.h"
#include "regional/exchange/csv.h"
#include "regional/exchange/fhir.h"
#include "regional/exchange/hsds.h"
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
	if (res->noted > 0)
		cli_hint("%lld of what was taken %s told above all the same.",
			 (long long)res->noted, res->noted == 1 ? "is" : "are");
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

/* --- a spreadsheet --- */

static const struct cli_opt csv_opts[] = {
	{"map", "FILE", "which column feeds which field"},
	{"suggest", NULL, "print such a file, guessed from the header"},
	{"dry-run", NULL, "read, check and count, but write nothing"},
	{"as-of", "DATE", "who is under 21 on this day; default: today"},
	{"source", "NAME", "whose numbers these are, when several send them"},
	{NULL},
};

static const struct cli_col csv_columns[] = {
	{"what", "What", CLI_TEXT},
	{"taken", "Taken", CLI_NUMBER},
	{"updated", "Updated", CLI_NUMBER},
	{"unchanged", "Unchanged", CLI_NUMBER},
	{"left_out", "Left out", CLI_NUMBER},
	{"why", "Because", CLI_TEXT},
};

static void put_csv_report(void *arg, const struct csv_report *rep)
{
	cli_show(stderr, rep->file);
	fprintf(stderr, ":%lld: ", (long long)rep->line);
	if (*rep->column) {
		fputs("column \"", stderr);
		cli_show(stderr, rep->column);
		fputs("\": ", stderr);
	}
	cli_show(stderr, rep->message);
	fputc('\n', stderr);
}

static void put_csv_reasons(struct cli_table *t, const struct csv_result *res)
{
	char text[1000] = "";
	size_t used = 0;

	for (int why = 0; why < CSV_REASONS && used < sizeof text; why++) {
		if (res->why[why] == 0)
			continue;
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "%s%lld: %s", used ? "; " : "",
					 (long long)res->why[why],
					 csv_reason_text(why));
	}
	cli_cell(t, text);
}

static int put_csv_result(struct cli *c, struct node *n,
			  const struct csv_result *res)
{
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, csv_columns, COLUMNS, cli_records_notice(n));
	if (x < 0)
		return x;
	for (int k = 0; k < CSV_KINDS; k++) {
		const struct csv_count *of = &res->kind[k];

		if (k > 0 &&
		    of->taken + of->updated + of->unchanged + of->left == 0)
			continue;
		cli_cell(t, csv_kind_text(k));
		cli_cell_int(t, of->taken);
		cli_cell_int(t, of->updated);
		cli_cell_int(t, of->unchanged);
		cli_cell_int(t, of->left);
		if (k == CSV_ROW)
			put_csv_reasons(t, res);
		else
			cli_cell(t, "");
	}
	return cli_table_end(t, "There was nothing in it.");
}

static int suggest(struct cli *c)
{
	char *text = NULL;
	int x = csv_suggest(cli_arg(c, 0), &text);

	if (x == 0)
		fputs(text, stdout);
	mem_free(text);
	return x;
}

static int run_csv(struct cli *c)
{
	struct csv_opts o = {
		.path = cli_arg(c, 0),
		.map = cli_get(c, "map"),
		.source = cli_get(c, "source"),
		.as_of = NO_DATE,
		.dry_run = cli_get(c, "dry-run") != NULL,
		.progress = show_progress,
		.report = put_csv_report,
		.arg = c,
	};
	struct cutoffs *site = NULL;
	struct csv_result res;
	struct node *n;
	int x;

	if (cli_get(c, "suggest"))
		return suggest(c);
	if (!o.map)
		return err_set(E_USAGE, "say --map FILE, which column is what; "
					"--suggest prints one to begin with");
	if ((x = cli_get_date(c, "as-of", &o.as_of)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_cutoffs(n, &site)) < 0)
		return x;
	o.site = site;
	x = csv_import(&n->rec, &o, &res);
	cutoff_free(site);
	if (x == E_INVALID || x == E_FORMAT || x == E_NOTFOUND)
		return x;
	if (x < 0)
		return err_prefix(x, "the import stopped; run it again to go "
				     "on");
	x = put_csv_result(c, n, &res);
	if (x == 0 && o.dry_run)
		fprintf(stderr, "Nothing was written.\n");
	return x;
}

/* --- a directory --- */

static const struct cli_opt hsds_opts[] = {
	{"dry-run", NULL, "read, check and count, but write nothing"},
	{"rules", "FILE", "which terms are which need; default: hsds.conf"},
	{"terms", NULL, "list its terms and what they are here; no import"},
	{"source", "NAME", "whose ids these are, when several send the same"},
	{NULL},
};

static const struct cli_col hsds_columns[] = {
	{"what", "What", CLI_TEXT},
	{"taken", "Taken", CLI_NUMBER},
	{"updated", "Updated", CLI_NUMBER},
	{"unchanged", "Unchanged", CLI_NUMBER},
	{"left_out", "Left out", CLI_NUMBER},
};
static const struct cli_col term_columns[] = {
	{"term", "Term", CLI_TEXT},
	{"needs", "Needs here", CLI_TEXT},
	{"services", "Services", CLI_NUMBER},
};

static void put_hsds_report(void *arg, const struct hsds_report *rep)
{
	cli_show(stderr, rep->file);
	if (rep->line > 0)
		fprintf(stderr, ":%lld", (long long)rep->line);
	fputs(": ", stderr);
	if (*rep->column) {
		cli_show(stderr, rep->column);
		fputs(": ", stderr);
	}
	cli_show(stderr, rep->message);
	if (rep->times > 1)
		fprintf(stderr, " (%lld times)", (long long)rep->times);
	fputc('\n', stderr);
}

static void put_term(void *arg, const char *name, const char *needs,
		     int64_t services)
{
	struct cli_table *t = arg;

	cli_cell(t, name);
	cli_cell(t, needs);
	cli_cell_int(t, services);
}

static int list_terms(struct cli *c, struct node *n, struct hsds_opts *o,
		      struct hsds_result *res)
{
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, term_columns, 3, cli_records_notice(n));
	if (x < 0)
		return x;
	o->term = put_term;
	o->arg = t;
	o->report = NULL;
	o->progress = NULL;
	o->dry_run = true;
	cli_table_fail(t, hsds_import(&n->rec, o, res));
	return cli_table_end(t, "It has no taxonomy.");
}

static int put_hsds_result(struct cli *c, struct node *n,
			   const struct hsds_result *res)
{
	static const char *const what[] = {"organization", "service"};
	struct cli_table *t;
	int x;

	x = cli_table_new(c, &t, hsds_columns, 5, cli_records_notice(n));
	if (x < 0)
		return x;
	for (int k = 0; k < HSDS_KINDS; k++) {
		cli_cell(t, what[k]);
		cli_cell_int(t, res->kind[k].taken);
		cli_cell_int(t, res->kind[k].updated);
		cli_cell_int(t, res->kind[k].unchanged);
		cli_cell_int(t, res->kind[k].left);
	}
	x = cli_table_end(t, "");
	if (x == 0 && res->without_need > 0)
		cli_hint("No need was found for %lld of its services; see "
			 "--terms, or say it with: ccfed service need.",
			 (long long)res->without_need);
	if (x == 0 && res->gone > 0)
		cli_hint("%lld active services of an earlier import are not in "
			 "it any more; what closed is made inactive by hand.",
			 (long long)res->gone);
	return x;
}

static int run_hsds(struct cli *c)
{
	char rules[600];
	struct hsds_opts o = {
		.path = cli_arg(c, 0),
		.rules = cli_get(c, "rules"),
		.source = cli_get(c, "source"),
		.dry_run = cli_get(c, "dry-run") != NULL,
		.progress = show_progress,
		.report = put_hsds_report,
		.arg = c,
	};
	struct hsds_result res;
	struct node *n;
	int x;

	if (!o.rules) {
		snprintf(rules, sizeof rules, "%s/hsds.conf",
			 catalogue_share());
		o.rules = rules;
	}
	x = cli_node(c, &n);
	if (x < 0)
		return x;
	if (cli_get(c, "terms"))
		return list_terms(c, n, &o, &res);
	x = hsds_import(&n->rec, &o, &res);
	if (x == E_INVALID || x == E_FORMAT || x == E_NOTFOUND)
		return x;
	if (x < 0)
		return err_prefix(x, "the import stopped; run it again to go "
				     "on");
	x = put_hsds_result(c, n, &res);
	if (x == 0 && o.dry_run)
		cli_hint("Nothing was written.");
	return x;
}

const struct command cli_import_commands[] = {
	{"import", "fhir", "FILE|FOLDER... [--dry-run] [--as-of DATE]",
	 "Take children and their records from FHIR R4 files.\n"
	 "Bundles and single resources (.json), and Bulk Data (.ndjson):\n\n"
	 "  Patient                child, race and ethnicity, language, "
	 "contacts\n"
	 "  RelatedPerson          caregiver; who may sign is entered by a "
	 "person\n"
	 "  Coverage, Consent      insurance; consent, with the scan inside\n"
	 "  Organization, HealthcareService, PractitionerRole    directory, "
	 "practice\n"
	 "  Condition, ServiceRequest, Task, Procedure    need, referral and "
	 "its "
	 "states\n"
	 "  Observation, QuestionnaireResponse    screening\n"
	 "  Encounter              emergency visit\n"
	 "  Goal, CarePlan, CareTeam    care plan, coordinators elsewhere\n\n"
	 "What can't be taken is reported and the rest goes in; a broken file "
	 "is "
	 "left out\nwhole. The same import again changes nothing; one that was "
	 "stopped goes on where\nit was.\n\n"
	 "Who is 21 or older on the day of --as-of is left out, and with them "
	 "all that\nhangs on them. For history, give an earlier day.\n\n"
	 "--dry-run keeps others from writing for as long as it takes.",
	 fhir_opts, 1, -1, run_fhir},
	{"import", "csv", "FILE --map FILE [--dry-run] | FILE --suggest",
	 "Take a center's records from spreadsheets saved as CSV.\n"
	 "Children with all that is kept of them, the staff and the directory. "
	 "A mapping file\nsays which column feeds which field:\n\n"
	 "  [file]\n"
	 "  date = MM/DD/YYYY\n\n"
	 "  [child]\n"
	 "  source_id = Case No\n"
	 "  given = First\n"
	 "  family = Last\n"
	 "  birth = DOB\n\n"
	 "  [need]\n"
	 "  domain = Need\n"
	 "  found = Date identified\n\n"
	 "  [need domain values]\n"
	 "  Food help = food\n"
	 "  None = -\n\n"
	 "  [referral]\n"
	 "  organization = Agency\n"
	 "  sent = Date sent\n"
	 "  accepted = Accepted\n"
	 "  received = Service received\n"
	 "  reason = Why not\n\n"
	 "--suggest prints one for FILE, with all sections and fields there "
	 "are: put it in a\nfile, correct it, try it with --dry-run, then run "
	 "it. Several of a kind in one row are\n[need 2], [contact 2] and so "
	 "on. The days of a referral become its history, in order; a\nsheet "
	 "with a row for each state has \"state\" and \"state_on\" instead.\n\n"
	 "One sheet a kind: a child that is here already is named by "
	 "[child] source_id alone.\nBring the staff and the children first, "
	 "and what closes cases last. [screening] takes\nscore.DOMAIN, "
	 "result.DOMAIN and answer.ITEM, or a row for each domain. [staff],\n"
	 "[organization], [service] and [practice] may stand without "
	 "[child].\n\n"
	 "A row with a wrong value is reported with its line and column and "
	 "left out; the\nrest goes in. A file whose quotes are broken is left "
	 "out whole. The same file again\nchanges nothing, a row that was "
	 "changed updates what it is about, and an empty\ncell takes nothing "
	 "back. Without source_id a child is known by names and birth date.\n\n"
	 "In [file] may also stand: delimiter (comma, semicolon, tab), "
	 "encoding\n(windows-1252), header (the row it is in), fields (row, "
	 "file or pad: what happens\nwith rows of other lengths), pivot (for "
	 "years of two digits), source.",
	 csv_opts, 1, 1, run_csv},
	{"import", "hsds", "FILE|FOLDER [--dry-run | --terms]",
	 "Take a directory of services from HSDS files, like a 211's.\n"
	 "The Human Services Data Specification 1.1, 2.0 and 3.0: a folder of "
	 "CSV tables\n(organizations.csv, services.csv ...), or JSON. "
	 "Organizations with telephone and\nwebsite; services with needs, "
	 "ages, eligibility, languages, places and, in their\nnotes, hours, "
	 "fees and how to apply.\n\n"
	 "What is wrong with a file is told once, with how often and the line "
	 "where first; what\ncan be taken is. Needs come from the taxonomy "
	 "by the rules of --rules; --terms lists\neach term, what it is here, "
	 "and how many services have it. What no rule knows is left\nto you: "
	 "ccfed service need.\n\n"
	 "The same again changes nothing. What you entered of a service stays "
	 "until the\ndirectory says something else of it; needs, languages and "
	 "places are only added.",
	 hsds_opts, 1, 1, run_hsds},
	{NULL},
};
