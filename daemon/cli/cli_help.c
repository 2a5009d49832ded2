#include <string.h>

#include "daemon/cli/invocation.h"

/* What a noun is, for the first page of help. Nouns that are not listed here
 * are shown with their verbs alone. */
static const struct {
	const char *noun, *help;
} nouns[] = {
	{"child", "children known to the region"},
	{"family", "households: who lives with the child"},
	{"caregiver", "who cares for a child"},
	{"custody", "who has custody, and who may sign"},
	{"reach", "how and when a family may be reached"},
	{"coverage", "a child's insurance"},
	{"benefit", "what a family receives, like WIC"},
	{"practice", "primary care practices, and outreach to them"},
	{"consent", "what a family allows, for whom, until when"},
	{"attachment", "documents, sealed"},
	{"merge", "two records of one child, made one"},
	{"coordinator", "other programs' coordinators, and who leads"},
	{"screen", "screenings, their scores and what follows"},
	{"level", "how much coordination a case needs"},
	{"staff", "who works here, and how much"},
	{"assign", "who has which case"},
	{"cover", "who stands in for whom"},
	{"case", "episodes of care coordination"},
	{"need", "what a family needs"},
	{"org", "organizations that families are referred to"},
	{"refer", "referrals and what came of them"},
	{"service", "what organizations offer, and openings"},
	{"plan", "care plans that families agreed to"},
	{"contact", "contacts, and those that are planned"},
	{"ed", "emergency department visits and what followed"},
	{"transition", "the way of a youth into adult care"},
	{"survey", "what families answer"},
	{"factor", "protective factors of a family"},
	{"engage", "how families take part in the work"},
	{"collab", "the region's collaborative: meetings and gaps"},
	{"audit", "the list of every change"},
	{"fact", "what is counted for the state, and how"},
	{"simulate", "made-up children for a synthetic network"},
	{"node", "a region's node"},
	{"hub", "the state's hub"},
	{"release", "numbers to the state"},
	{"report", "reports to a region"},
	{"export", "records for other programs"},
	{"ledger", "what was sent to the state"},
	{"measure", "figures"},
	{"account", "who may sign in to the pages"},
	{"import", "records from other programs"},
	{"status", "how a node or hub is doing"},
};

static const char *noun_help(const char *noun)
{
	for (size_t i = 0; i < sizeof nouns / sizeof *nouns; i++) {
		if (strcmp(nouns[i].noun, noun) == 0)
			return nouns[i].help;
	}
	return "";
}

/* Is @m the first row of its noun? */
static bool first_of_noun(const struct command *m)
{
	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *o = cli_commands[l]; o->noun; o++) {
			if (strcmp(o->noun, m->noun) == 0)
				return o == m;
		}
	}
	return false;
}

/* Below the noun, in lines of a terminal's width. */
static void print_verbs(FILE *f, const char *noun)
{
	const char *indent = "             ";
	int at = 0;

	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			if (strcmp(m->noun, noun) != 0 || !*m->verb)
				continue;
			if (at + (int)strlen(m->verb) > 62) {
				fprintf(f, "\n");
				at = 0;
			}
			at += fprintf(f, "%s%s", at ? " | " : indent, m->verb);
		}
	}
	if (at)
		fprintf(f, "\n");
}

void cli_help_all(FILE *f)
{
	fprintf(f, "ccfed joins regional care coordination into a statewide "
		   "federation.\n\n"
		   "Usage: ccfed NOUN VERB [ARGUMENTS] [-d DIR] [--format "
		   "table|csv|json]\n\n");
	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			if (!first_of_noun(m))
				continue;
			fprintf(f, "  %-10s %s\n", m->noun, noun_help(m->noun));
			print_verbs(f, m->noun);
		}
	}
	fprintf(f,
		"\n"
		"  ccfed NOUN --help       its commands (or: ccfed help NOUN)\n"
		"  ccfed NOUN VERB --help  one command\n"
		"  ccfed --version\n\n"
		"DIR is the directory of a node or hub; without -d it is "
		"$CCFED_DIR.\n");
}

static int first_line(const char *text)
{
	return (int)strcspn(text, "\n");
}

void cli_help_noun(FILE *f, const char *noun)
{
	fprintf(f, "ccfed %s: %s\n\n", noun, noun_help(noun));
	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			if (strcmp(m->noun, noun) != 0)
				continue;
			fprintf(f, "  ccfed %s%s%s %s\n        %.*s\n", noun,
				*m->verb ? " " : "", m->verb, m->args,
				first_line(m->help), m->help);
		}
	}
}

static void print_opt(FILE *f, const char *name, const char *value,
		      const char *help)
{
	char left[64];

	snprintf(left, sizeof left, "%s%s%s", name, value ? " " : "",
		 value ? value : "");
	fprintf(f, "  %-24s %s\n", left, help);
}

void cli_help_command(FILE *f, const struct command *cmd)
{
	char name[64];

	fprintf(f, "Usage: ccfed %s%s%s %s\n\n%s\n\n", cmd->noun,
		*cmd->verb ? " " : "", cmd->verb, cmd->args, cmd->help);
	for (const struct cli_opt *o = cmd->opts; o && o->name; o++) {
		snprintf(name, sizeof name, "--%s", o->name);
		print_opt(f, name, o->value, o->help);
	}
	print_opt(f, "-d", "DIR", "the directory; default: $CCFED_DIR");
	print_opt(f, "--format", "FORMAT", "table, csv or json");
	print_opt(f, "--progress", NULL, "show progress, also in a file");
	print_opt(f, "--help", NULL, "this text");
}

/* Optimal string alignment: insertions, deletions, replacements and swaps of
 * neighbors. Words longer than @b's array are never near. */
static int distance(const char *a, const char *b)
{
	int d[34][34];
	int n = (int)strlen(a), m = (int)strlen(b);

	if (n > 32 || m > 32)
		return 99;
	for (int i = 0; i <= n; i++)
		d[i][0] = i;
	for (int j = 0; j <= m; j++)
		d[0][j] = j;
	for (int i = 1; i <= n; i++) {
		for (int j = 1; j <= m; j++) {
			int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);

			if (d[i - 1][j] + 1 < best)
				best = d[i - 1][j] + 1;
			if (d[i][j - 1] + 1 < best)
				best = d[i][j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
				best = d[i - 2][j - 2] + 1;
			d[i][j] = best;
		}
	}
	return d[n][m];
}

/* A word that begins like the other is near, however long: "organization" for
 * "org", "ref" for "refer". */
static int nearness(const char *word, const char *candidate)
{
	size_t n = strlen(word), m = strlen(candidate);
	size_t common = n < m ? n : m;

	if (common >= 3 && strncmp(word, candidate, common) == 0)
		return 0;
	return distance(word, candidate);
}

static void consider(const char *word, const char *candidate, int *best,
		     const char **out)
{
	int d = nearness(word, candidate);

	/* Farther than a third of the word is no slip of the finger. */
	if (d < *best && d <= (int)(strlen(word) + 4) / 3) {
		*best = d;
		*out = candidate;
	}
}

const char *cli_nearest(const char *noun, const char *word)
{
	const char *out = NULL;
	int best = 99;

	for (int l = 0; cli_commands[l]; l++) {
		for (const struct command *m = cli_commands[l]; m->noun; m++) {
			if (!noun)
				consider(word, m->noun, &best, &out);
			else if (strcmp(m->noun, noun) == 0 && *m->verb)
				consider(word, m->verb, &best, &out);
		}
	}
	return out;
}

const char *cli_nearest_opt(const struct command *cmd, const char *word)
{
	static const char *const common[] = {"format", "help", "progress",
					     "dir"};
	const char *out = NULL;
	int best = 99;

	for (const struct cli_opt *o = cmd ? cmd->opts : NULL; o && o->name;
	     o++)
		consider(word, o->name, &best, &out);
	for (size_t i = 0; i < sizeof common / sizeof *common; i++)
		consider(word, common[i], &best, &out);
	return out;
}
