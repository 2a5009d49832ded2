/* invocation: what one run of the command line holds; for daemon/cli/cli*.c
 * only, everybody else uses cli.h. */
#ifndef CCFED_INVOCATION_H
#define CCFED_INVOCATION_H

#include "daemon/cli/cli.h"

enum cli_format { FORMAT_TABLE, FORMAT_CSV, FORMAT_JSON };
enum { CLI_ARGS_MAX = 256, CLI_OPTS_MAX = 24 };

struct cli {
	const char *noun; /* as given, once it is known to be one */
	const struct command *cmd;
	const char *arg[CLI_ARGS_MAX];
	int n_args;
	const char *value[CLI_OPTS_MAX]; /* of cmd->opts[i]; NULL: not given */
	enum cli_format format;
	bool help, progress;
	const char *dir; /* -d, or NULL */
	struct catalogue *cat;
	struct node *node;
	struct hub *hub;
};

/* --- cli_parse.c --- */
/* The words of the command line into @c; E_USAGE with a sentence. */
int cli_parse(struct cli *c, int argc, char **argv);

/* --- cli_help.c --- */
void cli_help_all(FILE *f);
void cli_help_noun(FILE *f, const char *noun);
void cli_help_command(FILE *f, const struct command *cmd);
/* The nearest of what could have been meant, or NULL. @noun NULL: a noun. */
const char *cli_nearest(const char *noun, const char *word);
const char *cli_nearest_opt(const struct command *cmd, const char *word);

/* --- cli_table.c --- */
/* For a terminal: no control character of @text gets through, and what is not
 * UTF-8 shows as '?'. Returns its width on the screen; @f NULL: only that. */
int cli_show(FILE *f, const char *text);

/* --- cli_screen.c --- */
/* The site's cut-offs of licensed forms; NULL if it has none. */
struct cutoffs; /* regional/case/cutoff.h */
struct node;	/* regional/node.h */
int cli_cutoffs(const struct node *n, struct cutoffs **out);

/* --- cli_open.c --- */
void cli_close(struct cli *c);

#endif
