#include <string.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"

/* Where the parser is in the words of the command line. */
struct words {
	int argc;
	char **argv;
	int at;
};

static int set_format(struct cli *c, const char *text)
{
	if (strcmp(text, "table") == 0)
		c->format = FORMAT_TABLE;
	else if (strcmp(text, "csv") == 0)
		c->format = FORMAT_CSV;
	else if (strcmp(text, "json") == 0)
		c->format = FORMAT_JSON;
	else
		return err_set(E_USAGE,
			       "--format is table, csv or json, not \"%s\"",
			       text);
	return 0;
}

/* The value of an option: behind "=" or the next word. */
static int take_value(struct words *w, const char *name, const char *attached,
		      const char **out)
{
	if (!attached && w->at < w->argc)
		attached = w->argv[w->at++];
	if (!attached)
		return err_set(E_USAGE, "%s needs a value", name);
	*out = attached;
	return 0;
}

/* An option that every command has; 1 if @name is none. */
static int common_option(struct cli *c, struct words *w, const char *name,
			 const char *attached)
{
	const char *value = NULL;
	int x;

	if (strcmp(name, "help") == 0) {
		c->help = true;
		return 0;
	}
	if (strcmp(name, "progress") == 0) {
		c->progress = true;
		return 0;
	}
	if (strcmp(name, "dir") == 0)
		return take_value(w, "-d", attached, &c->dir);
	if (strcmp(name, "format") == 0) {
		x = take_value(w, "--format", attached, &value);
		return x < 0 ? x : set_format(c, value);
	}
	return 1;
}

static int own_option(struct cli *c, struct words *w, const char *name,
		      const char *attached)
{
	const struct cli_opt *o = c->cmd ? c->cmd->opts : NULL;
	const char *near;
	char text[80];

	for (int i = 0; o && o[i].name && i < CLI_OPTS_MAX; i++) {
		if (strcmp(o[i].name, name) != 0)
			continue;
		snprintf(text, sizeof text, "--%s", name);
		if (o[i].value)
			return take_value(w, text, attached, &c->value[i]);
		if (attached)
			return err_set(E_USAGE, "--%s takes no value", name);
		c->value[i] = "";
		return 0;
	}
	near = cli_nearest_opt(c->cmd, name);
	return err_set(E_USAGE, "There is no option --%s here%s%s%s", name,
		       near ? "; did you mean --" : "", near ? near : "",
		       near ? "?" : "");
}

/* A command's own option comes before one that every command has: a report's
 * formats are others than a list's. */
static bool has_own(const struct cli *c, const char *name)
{
	const struct cli_opt *o = c->cmd ? c->cmd->opts : NULL;

	while (o && o->name && strcmp(o->name, name) != 0)
		o++;
	return o && o->name;
}

static int long_option(struct cli *c, struct words *w, const char *word)
{
	const char *eq = strchr(word, '=');
	size_t len = eq ? (size_t)(eq - word) : strlen(word);
	char name[64];
	int x;

	snprintf(name, sizeof name, "%.*s", (int)len, word);
	x = has_own(c, name) ? 1
			     : common_option(c, w, name, eq ? eq + 1 : NULL);
	return x == 1 ? own_option(c, w, name, eq ? eq + 1 : NULL) : x;
}

static bool is_negative(const char *word)
{
	return word[0] == '-' && word[1] >= '0' && word[1] <= '9';
}

/* One option that begins at the word before w->at. */
static int option(struct cli *c, struct words *w, const char *word)
{
	if (word[1] == '-')
		return long_option(c, w, word + 2);
	if (strcmp(word, "-h") == 0)
		return common_option(c, w, "help", NULL);
	if (word[1] == 'd')
		return common_option(c, w, "dir", word[2] ? word + 2 : NULL);
	return err_set(E_USAGE, "There is no option %s", word);
}

static int positional(struct cli *c, const char *word)
{
	if (c->n_args == CLI_ARGS_MAX)
		return err_set(E_USAGE, "There are more than %d arguments",
			       CLI_ARGS_MAX);
	c->arg[c->n_args++] = word;
	return 0;
}

/* Everything behind the command's name. */
static int rest(struct cli *c, struct words *w)
{
	bool only_args = false;
	int x = 0;

	while (x == 0 && w->at < w->argc) {
		const char *word = w->argv[w->at++];

		if (only_args || word[0] != '-' || !word[1] ||
		    is_negative(word))
			x = positional(c, word);
		else if (strcmp(word, "--") == 0)
			only_args = true;
		else
			x = option(c, w, word);
	}
	return x;
}

static const struct command *find(const char *noun, const char *verb)
{
	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			if (strcmp(m->noun, noun) == 0 &&
			    (!verb || strcmp(m->verb, verb) == 0))
				return m;
		}
	}
	return NULL;
}

/* @noun NULL: the noun is what is unknown. */
static int unknown(const char *noun, const char *word)
{
	const char *near = cli_nearest(noun, word);
	const char *before = noun ? noun : "";
	const char *space = noun ? " " : "";

	if (!near)
		return err_set(E_USAGE, "There is no command \"%s%s%s\"",
			       before, space, word);
	return err_set(E_USAGE,
		       "There is no command \"%s%s%s\"; did you mean "
		       "\"ccfed %s%s%s\"?",
		       before, space, word, before, space, near);
}

/* "help", "help child" and "help child add". */
static int show_help(struct cli *c, struct words *w)
{
	const char *noun = w->at < w->argc ? w->argv[w->at++] : NULL;
	const char *verb = w->at < w->argc ? w->argv[w->at++] : NULL;
	const struct command *m;

	c->help = true;
	if (!noun || noun[0] == '-') {
		cli_help_all(stdout);
		return 0;
	}
	if (!find(noun, NULL))
		return unknown(NULL, noun);
	m = find(noun, verb && verb[0] != '-' ? verb : "");
	if (m)
		cli_help_command(stdout, m);
	else if (verb && verb[0] != '-')
		return unknown(noun, verb);
	else
		cli_help_noun(stdout, noun);
	return 0;
}

static int find_command(struct cli *c, struct words *w, const char *noun)
{
	const char *verb = w->at < w->argc ? w->argv[w->at] : NULL;

	if (strcmp(noun, "help") == 0)
		return show_help(c, w);
	if (!find(noun, NULL))
		return unknown(NULL, noun);
	c->noun = noun;
	if (verb && verb[0] != '-')
		c->cmd = find(noun, verb);
	if (c->cmd && *c->cmd->verb) {
		w->at++;
		return 0;
	}
	c->cmd = find(noun, "");
	if (c->cmd)
		return 0;
	if (verb && (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0)) {
		cli_help_noun(stdout, noun);
		c->help = true;
		return 0;
	}
	if (verb && verb[0] != '-')
		return unknown(noun, verb);
	cli_help_noun(stderr, noun);
	return err_set(E_USAGE, "Say what to do with \"%s\"", noun);
}

static int count_args(const struct cli *c)
{
	const struct command *m = c->cmd;

	if (c->n_args < m->min_args)
		return err_set(E_USAGE,
			       "Something is missing; it goes like this: ccfed "
			       "%s%s%s %s",
			       m->noun, *m->verb ? " " : "", m->verb, m->args);
	if (m->max_args >= 0 && c->n_args > m->max_args)
		return err_set(E_USAGE, "\"%s\" is one argument too many",
			       c->arg[m->max_args]);
	return 0;
}

int cli_parse(struct cli *c, int argc, char **argv)
{
	struct words w = {argc, argv, 1};
	int x = 0;

	while (w.at < argc && argv[w.at][0] == '-' && x == 0) {
		const char *word = argv[w.at++];

		if (strcmp(word, "--version") == 0) {
			printf("ccfed %s\n", CCFED_VERSION);
			return 0;
		}
		x = option(c, &w, word);
	}
	if (x < 0)
		return x;
	if (c->help) {
		cli_help_all(stdout);
		return 0;
	}
	if (w.at == argc)
		return err_set(E_USAGE, "Say what to do");
	w.at++;
	x = find_command(c, &w, argv[w.at - 1]);
	if (x < 0 || !c->cmd)
		return x;
	x = rest(c, &w);
	if (x < 0)
		return x;
	if (c->help) {
		cli_help_command(stdout, c->cmd);
		return 0;
	}
	return count_args(c);
}
