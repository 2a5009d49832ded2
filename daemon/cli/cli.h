/* cli: `ccfed NOUN VERB [-d DIR] ...`: one table of commands, one way to read
 * options, one way to print data. One file a noun: cli_child.c and so on, each
 * giving its rows of the table.
 *
 * Exit status: 0 done, 1 failed, 2 wrong use. Errors go to stderr as
 * "ccfed: sentence", saying what was wrong and what to do. */
#ifndef CCFED_CLI_H
#define CCFED_CLI_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct catalogue;
struct hub;
struct node;
struct seams;

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2 };

/* An option of one command: long name, value's name for --help or NULL for a
 * flag, help. */
struct cli_opt {
	const char *name;
	const char *value;
	const char *help;
};

struct cli; /* one invocation; opaque but for these functions */

struct command {
	const char *noun, *verb;    /* verb "" when the noun stands alone */
	const char *args;	    /* "CHILD [--opened DATE]" */
	const char *help;	    /* one line, then more lines for --help */
	const struct cli_opt *opts; /* ends with {NULL} ; -d, --format,
				     * --help are everybody's */
	int min_args, max_args;	    /* positional; max -1: any */
	int (*run)(struct cli *c);  /* 0, or negative: printed, exit 1;
				     * E_USAGE: exit 2 */
};

/* Every command; the last row's noun is NULL (daemon/cli/commands.c). */
extern const struct command *const cli_commands[]; /* lists, NULL at the end */
extern const struct command cli_account_commands[], cli_audit_commands[],
	cli_case_commands[], cli_child_commands[], cli_fact_commands[],
	cli_hub_commands[], cli_import_commands[], cli_export_commands[],
	cli_ledger_commands[], cli_measure_commands[], cli_need_commands[],
	cli_node_commands[], cli_org_commands[], cli_refer_commands[],
	cli_release_commands[], cli_accounts_commands[],
	cli_simulate_commands[], cli_attachment_commands[],
	cli_benefit_commands[], cli_caregiver_commands[],
	cli_consent_commands[], cli_coordinator_commands[],
	cli_coverage_commands[], cli_custody_commands[], cli_family_commands[],
	cli_merge_commands[], cli_practice_commands[], cli_reach_commands[],
	cli_status_commands[]; /* cli_NOUN.c; each ends with {NULL} */
/* The work itself. */
extern const struct command cli_collab_commands[], cli_contact_commands[],
	cli_ed_commands[], cli_plan_commands[], cli_service_commands[],
	cli_survey_commands[], cli_transition_commands[];
/* Assessment and staff. */
extern const struct command cli_assign_commands[], cli_cover_commands[],
	cli_level_commands[], cli_screen_commands[], cli_staff_commands[];

/* Documents. */
extern const struct command cli_report_commands[];

int cli_main(int argc, char **argv);

const char *cli_arg(struct cli *c, int i); /* positional, NULL if absent */
int cli_args(struct cli *c);
/* Value of option @name ("" for a flag given), or NULL. */
const char *cli_get(struct cli *c, const char *name);
/* Parsed: 0, or E_USAGE with a sentence naming the option or argument. An
 * absent option leaves *out alone. */
int cli_get_int(struct cli *c, const char *name, int64_t min, int64_t max,
		int64_t *out);
int cli_get_date(struct cli *c, const char *name, int32_t *out);
/* Refused rather than cut if it does not fit. */
int cli_get_text(struct cli *c, const char *name, char *out, size_t size);
/* "yes" or "no". */
int cli_get_yes(struct cli *c, const char *name, bool *out);
int cli_arg_int(struct cli *c, int i, const char *what, int64_t *out);
/* @text into @out, unless it is NULL; E_USAGE if it does not fit. */
int cli_copy(const char *what, const char *text, char *out, size_t size);

/* -d DIR or $CCFED_DIR; E_USAGE with a sentence if neither. */
int cli_dir(struct cli *c, const char **dir);
/* The package's catalogue, loaded once. */
int cli_catalogue(struct cli *c, const struct catalogue **out);
const struct seams *cli_seams(struct cli *c); /* the machine's */
/* The node (or hub) in DIR, open for writing; closed when the command ends.
 * A directory of the other sort says so and which command would fit. */
int cli_node(struct cli *c, struct node **out);
int cli_hub(struct cli *c, struct hub **out);
/* Who runs this, for an audit: "cli:root", in RECORDS_WHO bytes. */
void cli_user(char *out);
/* What stands on lists of a node's own records: made up, or confidential. */
const char *cli_records_notice(const struct node *n);
/* What stands on lists that name no child: that they are made up, or "". */
const char *cli_plain_notice(const struct node *n);
/* --on DATE of a command that changes records of @n; without it, today. */
int cli_day(struct cli *c, const struct node *n, int32_t *out);
/* --limit and --offset of a list. */
int cli_page(struct cli *c, int64_t *offset, int64_t *limit);
/* The same of a list that grows for years: without --limit a table has the
 * newest CLI_NEWEST; csv and json are whole. */
enum { CLI_NEWEST = 50 };
int cli_page_newest(struct cli *c, int64_t *offset, int64_t *limit);
/* "node", "hub" or "" : what DIR holds. */
const char *cli_dir_sort(struct cli *c);

/* Data, as --format says: an aligned table, CSV (RFC 4180 with line feeds,
 * formulas escaped) or JSON (an array of objects). The network's banner
 * ("Synthetic data") is printed with it: a last line of the table, a last
 * column "notice" in every row of CSV, so that its first line is the header, a
 * field "notice" of JSON's wrapping object {"notice":..., "rows":[...]}. */
enum cli_type { CLI_TEXT, CLI_NUMBER };
struct cli_col {
	const char *name;  /* JSON key and CSV header */
	const char *title; /* of the table */
	enum cli_type type;
};
struct cli_table; /* opaque */
int cli_table_new(struct cli *c, struct cli_table **out,
		  const struct cli_col *cols, int n, const char *notice);
/* One value of the row that is being filled, left to right; NULL: empty. */
void cli_cell(struct cli_table *t, const char *text);
void cli_cell_int(struct cli_table *t, int64_t v);
void cli_cell_date(struct cli_table *t, int32_t day); /* NO_DATE: empty */
void cli_cell_fmt(struct cli_table *t, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/* Its one row is a record: as a table, one line for each field. */
void cli_table_record(struct cli_table *t);
/* What belongs to the record: printed below it, in table format only. Takes
 * @sub, which has no notice; @none as with cli_table_end. */
void cli_table_below(struct cli_table *t, struct cli_table *sub,
		     const char *none);
/* A list that was cut: the last line says that @more follow (0: none do). */
void cli_table_more(struct cli_table *t, int64_t more);
/* Filling it went wrong (@x < 0; else nothing is noted): nothing will be
 * printed, and cli_table_end returns @x. */
void cli_table_fail(struct cli_table *t, int x);
/* Print and free. @none: the sentence when there are no rows (table only). */
int cli_table_end(struct cli_table *t, const char *none);
/* A sentence on stdout in table format, nothing otherwise ("Child 12 added"):
 * with --format json {"id":12}. */
int cli_said(struct cli *c, int64_t id, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* The same of how many: {"NAME":count}. */
int cli_counted(struct cli *c, const char *name, int64_t count, const char *fmt,
		...) __attribute__((format(printf, 4, 5)));
/* A whole sentence on stderr, beside what was done: what to look at again. */
void cli_hint(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* @x; if it is E_DENIED for want of a consent, the hint how to go on. */
int cli_no_consent(int x);
/* Progress of long work on stderr, when that is a terminal or --progress. */
void cli_progress(struct cli *c, const char *what, int64_t done, int64_t of);

#endif
