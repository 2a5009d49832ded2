#include <stdio.h>
#include <string.h>

#include "daemon/cli/invocation.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "proto/catalogue.h"
#include "proto/form.h"
#include "regional/case/cutoff.h"
#include "regional/case/screening.h"
#include "regional/node.h"

enum { ENTRIES_MAX = ITEMS_MAX + 3 * SCALES_MAX };

static const struct cli_opt add_opts[] = {
	{"answers", "LIST", "ITEM=ANSWER,... ; several to one item by +"},
	{"scores", "LIST", "DOMAIN=SCORE,... of a form scored on paper"},
	{"results", "LIST", "DOMAIN=RESULT,... where no rule can decide"},
	{"cutoffs", "LIST",
	 "DOMAIN=CUTOFF/ZONE,... of a licensed form; else from cutoffs.conf"},
	{"form", "FORM", "which form, if the instrument has several"},
	{"by", "WHO", "parent (default), youth, teacher, clinician, ..."},
	{"case", "CASE", "in whose course; default: the one open that day"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"instrument", "ID", "only of this instrument"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt propose_opts[] = {
	{"take", NULL, "add them to the child's open case"},
	{"need", "NEED", "only this one"},
	{NULL},
};

/* Entries point into the texts, which are copies that may be cut. */
struct entries {
	struct screening_entry e[ENTRIES_MAX];
	int n;
	char *text[4];
};

/* "NAME=VALUE,..." */
static int take_list(struct cli *c, const char *option,
		     enum screening_part part, struct entries *to, char **text)
{
	const char *given = cli_get(c, option);
	char *at, *one;

	if (!given)
		return 0;
	*text = at = mem_strdup(given);
	if (!at)
		return err_set(E_NOMEM, "out of memory for --%s", option);
	while ((one = strsep(&at, ","))) {
		char *eq = strchr(one, '=');
		char *zone = eq && part == SCREENING_CUTOFF ? strchr(eq, '/')
							    : NULL;

		if (!eq || eq == one || !eq[1])
			return err_set(E_USAGE,
				       "--%s is a list like NAME=VALUE, not "
				       "\"%.40s\"",
				       option, one);
		if (to->n == ENTRIES_MAX)
			return err_set(E_USAGE, "--%s is too long", option);
		*eq = '\0';
		if (zone)
			*zone = ',';
		to->e[to->n++] = (struct screening_entry){part, one, eq + 1};
	}
	return 0;
}

static int take_lists(struct cli *c, struct entries *to)
{
	int x;

	if ((x = take_list(c, "answers", SCREENING_ANSWER, to, &to->text[0])) <
		    0 ||
	    (x = take_list(c, "scores", SCREENING_SCORE, to, &to->text[1])) <
		    0 ||
	    (x = take_list(c, "results", SCREENING_RESULT, to, &to->text[2])) <
		    0)
		return x;
	return take_list(c, "cutoffs", SCREENING_CUTOFF, to, &to->text[3]);
}

/* A site that bought no licensed form has no such file. */
int cli_cutoffs(const struct node *n, struct cutoffs **out)
{
	char path[600];
	int x;

	snprintf(path, sizeof path, "%s/cutoffs.conf", n->dir);
	x = cutoff_load(out, n->cat, path);
	return x == E_NOTFOUND ? 0 : x;
}

static int add(struct cli *c, struct entries *e, struct screening *s,
	       int64_t *id)
{
	struct cutoffs *site = NULL;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "child", &s->child)) < 0 ||
	    (x = cli_copy("instrument", cli_arg(c, 1), s->instrument,
			  sizeof s->instrument)) < 0 ||
	    (x = cli_copy("form", cli_get(c, "form"), s->form,
			  sizeof s->form)) < 0 ||
	    (x = cli_copy("respondent", cli_get(c, "by"), s->respondent,
			  sizeof s->respondent)) < 0 ||
	    (x = cli_get_int(c, "case", 1, INT64_MAX, &s->kase)) < 0 ||
	    (x = take_lists(c, e)) < 0 || (x = cli_node(c, &n)) < 0 ||
	    (x = cli_day(c, n, &s->done)) < 0 ||
	    (x = cli_cutoffs(n, &site)) < 0)
		return x;
	x = screening_add(&n->rec, s, e->e, e->n, site, id);
	cutoff_free(site);
	return x;
}

static int run_add(struct cli *c)
{
	struct entries *e = mem_calloc(1, sizeof *e);
	struct screening s = {.respondent = "parent"};
	int64_t id = 0;
	int x;

	if (!e)
		return err_set(E_NOMEM, "out of memory for a screening");
	x = add(c, e, &s, &id);
	for (int k = 0; k < 4; k++)
		mem_free(e->text[k]);
	mem_free(e);
	if (x < 0)
		return x;
	return cli_said(c, id, "Screening %lld added", (long long)id);
}

static int run_error(struct cli *c)
{
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "screening", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = screening_error(&n->rec, id)) < 0)
		return x;
	return cli_said(c, id, "Screening %lld was entered in error",
			(long long)id);
}

/* --- lists --- */

static const struct cli_col columns[] = {
	{"screening", "Screening", CLI_NUMBER},
	{"child", "Child", CLI_NUMBER},
	{"case", "Case", CLI_NUMBER},
	{"instrument", "Instrument", CLI_TEXT},
	{"form", "Form", CLI_TEXT},
	{"done", "Done", CLI_TEXT},
	{"age_months", "Months old", CLI_NUMBER},
	{"respondent", "Answered by", CLI_TEXT},
	{"complete", "Complete", CLI_TEXT},
	{"scorable", "Scorable", CLI_TEXT},
	{"errored", "In error", CLI_TEXT},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static int put_screening(void *arg, const struct screening *s)
{
	struct cli_table *t = arg;

	cli_cell_int(t, s->id);
	cli_cell_int(t, s->child);
	if (s->kase)
		cli_cell_int(t, s->kase);
	else
		cli_cell(t, NULL);
	cli_cell_fmt(t, "%s (%d)", s->instrument, s->version);
	cli_cell(t, s->form);
	cli_cell_date(t, s->done);
	cli_cell_int(t, s->age_months);
	cli_cell(t, s->respondent);
	cli_cell(t, s->complete ? "yes" : "no");
	cli_cell(t, s->scorable ? "yes" : "no");
	cli_cell_date(t, s->errored);
	return 0;
}

static int run_list(struct cli *c)
{
	const char *instrument = cli_get(c, "instrument");
	int64_t child = 0, offset, limit;
	struct cli_table *t;
	struct node *n;
	int x;

	if ((cli_arg(c, 0) && (x = cli_arg_int(c, 0, "child", &child)) < 0) ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, screening_list(n->db, child,
					 instrument ? instrument : "", offset,
					 limit, put_screening, t));
	return cli_table_end(t, "No screening is recorded.");
}

static const struct cli_col result_columns[] = {
	{"domain", "Domain", CLI_TEXT},
	{"score", "Score", CLI_NUMBER},
	{"cutoff", "Cut-off", CLI_NUMBER},
	{"zone", "Zone", CLI_NUMBER},
	{"result", "Result", CLI_TEXT},
	{"class", "Means", CLI_TEXT},
	{"by", "By", CLI_TEXT},
	{"need", "Proposes", CLI_TEXT},
};
static const struct cli_col answer_columns[] = {
	{"item", "Item", CLI_TEXT},
	{"answer", "Answer", CLI_TEXT},
};

static int put_result(void *arg, const struct screening_result *s)
{
	struct cli_table *t = arg;
	bool positive = strcmp(s->class, "positive") == 0;
	char text[SCORE_TEXT];

	cli_cell(t, s->domain);
	cli_cell(t, score_format(s->score, text));
	cli_cell(t, score_format(s->cutoff, text));
	cli_cell(t, score_format(s->zone, text));
	cli_cell(t, s->result);
	cli_cell(t, s->class);
	cli_cell(t, s->by_rule ? "rule" : "entry");
	cli_cell(t, positive ? s->need : NULL);
	return 0;
}

static int put_answer(void *arg, const char *item, const char *value)
{
	cli_cell(arg, item);
	cli_cell(arg, value);
	return 0;
}

static int run_show(struct cli *c)
{
	struct cli_table *t;
	struct screening s;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "screening", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = screening_get(n->db, id, &s)) < 0 ||
	    (x = cli_table_new(c, &t, columns, COLUMNS,
			       cli_records_notice(n))) < 0)
		return x;
	put_screening(t, &s);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static int run_results(struct cli *c)
{
	struct cli_table *t;
	struct screening s;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "screening", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = screening_get(n->db, id, &s)) < 0 ||
	    (x = cli_table_new(c, &t, result_columns, 8,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, screening_results(n->db, id, put_result, t));
	return cli_table_end(t, "It has no results.");
}

static int run_answers(struct cli *c)
{
	struct cli_table *t;
	struct screening s;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "screening", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = screening_get(n->db, id, &s)) < 0 ||
	    (x = cli_table_new(c, &t, answer_columns, 2,
			       cli_records_notice(n))) < 0)
		return x;
	cli_table_fail(t, screening_answers(n->db, id, put_answer, t));
	return cli_table_end(t, "It has scores or results, no answers.");
}

static const struct cli_col proposal_columns[] = {
	{"need", "Need", CLI_TEXT},
	{"domain", "By domain", CLI_TEXT},
	{"open", "Open need", CLI_NUMBER},
	{"taken", "Taken as", CLI_NUMBER},
};

static void put_id(struct cli_table *t, int64_t id)
{
	if (id)
		cli_cell_int(t, id);
	else
		cli_cell(t, NULL);
}

static int show_proposals(struct cli *c, struct node *n, int64_t id,
			  const char *need)
{
	struct screening_proposal p[PROPOSALS_MAX];
	struct cli_table *t;
	int count, x;

	if ((x = screening_needs(n->db, id, p, &count)) < 0 ||
	    (x = cli_table_new(c, &t, proposal_columns, 4,
			       cli_records_notice(n))) < 0)
		return x;
	for (int k = 0; k < count; k++) {
		if (*need && strcmp(need, p[k].need) != 0)
			continue;
		cli_cell(t, p[k].need);
		cli_cell(t, p[k].domain);
		put_id(t, p[k].open);
		put_id(t, p[k].taken);
	}
	return cli_table_end(t, "It proposes no need.");
}

static int run_propose(struct cli *c)
{
	const char *need = cli_get(c, "need");
	struct node *n;
	int64_t id;
	int made, x;

	if ((x = cli_arg_int(c, 0, "screening", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	if (!need)
		need = "";
	if (!cli_get(c, "take"))
		return show_proposals(c, n, id, need);
	x = screening_take(&n->rec, id, need, &made);
	if (x < 0)
		return x;
	return cli_said(c, id, "%d need%s added from screening %lld", made,
			made == 1 ? "" : "s", (long long)id);
}

/* --- instruments --- */

static const struct cli_col instrument_columns[] = {
	{"instrument", "Instrument", CLI_TEXT},
	{"version", "Version", CLI_NUMBER},
	{"title", "Title", CLI_TEXT},
	{"from_months", "From month", CLI_NUMBER},
	{"to_months", "To month", CLI_NUMBER},
	{"items", "Items", CLI_NUMBER},
	{"domains", "Domains", CLI_NUMBER},
	{"loinc", "LOINC", CLI_TEXT},
};
static const struct cli_col domain_columns[] = {
	{"domain", "Domain", CLI_TEXT},	  {"title", "Title", CLI_TEXT},
	{"form", "Form", CLI_TEXT},	  {"items", "Items", CLI_NUMBER},
	{"from", "From", CLI_NUMBER},	  {"to", "To", CLI_NUMBER},
	{"results", "Results", CLI_TEXT}, {"rule", "Rule", CLI_TEXT},
	{"need", "Proposes", CLI_TEXT},
};

static int list_instruments(struct cli *c, const struct catalogue *cat)
{
	struct cli_table *t;
	int x = cli_table_new(c, &t, instrument_columns, 8, NULL);

	if (x < 0)
		return x;
	for (int k = 0; k < catalogue_instruments(cat); k++) {
		const struct instrument *i = catalogue_instrument(cat, k);

		cli_cell(t, i->id);
		cli_cell_int(t, i->version);
		cli_cell(t, i->title);
		cli_cell_int(t, i->from_months);
		cli_cell_int(t, i->to_months);
		cli_cell_int(t, i->n_items);
		cli_cell_int(t, i->n_scales);
		cli_cell(t, i->loinc);
	}
	return cli_table_end(t, "There is no instrument.");
}

/* "low 0, follow-up 3, refer 8", or the words around a licensed cut-off. */
static void put_results(struct cli_table *t, const struct vocabulary *v,
			const struct scale *d)
{
	const int around[] = {d->beyond, d->zone, d->within};
	char text[240] = "", score[SCORE_TEXT];
	size_t used = 0;

	for (int k = 0; k < d->n_bands && used < sizeof text; k++)
		used += (size_t)snprintf(text + used, sizeof text - used,
					 "%s%s %s", k ? ", " : "",
					 vocabulary_word(v, WORDS_SCREEN_RESULT,
							 d->band[k].result)
						 ->id,
					 score_format(d->band[k].from, score));
	for (int k = 0; d->rule == RULE_LICENSED && k < 3; k++)
		used += (size_t)snprintf(
			text + used, sizeof text - used, "%s%s", k ? ", " : "",
			vocabulary_word(v, WORDS_SCREEN_RESULT, around[k])->id);
	cli_cell(t, text);
}

static int show_instrument(struct cli *c, const struct catalogue *cat,
			   const struct instrument *i)
{
	const struct vocabulary *v = catalogue_vocabulary(cat);
	char notice[1600], score[SCORE_TEXT];
	struct cli_table *t;
	int x;

	snprintf(notice, sizeof notice, "%s. %s %s%s%s", i->title, i->source,
		 i->license, *i->note ? " " : "", i->note);
	x = cli_table_new(c, &t, domain_columns, 9, notice);
	if (x < 0)
		return x;
	for (int k = 0; k < i->n_scales; k++) {
		const struct scale *d = &i->scale[k];

		cli_cell(t, d->id);
		cli_cell(t, d->title);
		cli_cell(t, d->form);
		cli_cell_int(t, d->n_items);
		cli_cell(t, score_format(d->low, score));
		cli_cell(t, score_format(d->high, score));
		put_results(t, v, d);
		cli_cell(t, score_rule_text(d->rule));
		cli_cell(t,
			 d->need < 0
				 ? NULL
				 : vocabulary_word(v, WORDS_NEED, d->need)->id);
	}
	return cli_table_end(t, NULL);
}

static int run_instruments(struct cli *c)
{
	const struct catalogue *cat;
	int k, x;

	if ((x = cli_catalogue(c, &cat)) < 0)
		return x;
	if (!cli_arg(c, 0))
		return list_instruments(c, cat);
	k = catalogue_find_instrument(cat, cli_arg(c, 0));
	if (k < 0)
		return err_set(E_NOTFOUND,
			       "There is no instrument \"%.40s\"; ccfed screen "
			       "instruments lists them",
			       cli_arg(c, 0));
	return show_instrument(c, cat, catalogue_instrument(cat, k));
}

const struct command cli_screen_commands[] = {
	{"screen", "add", "CHILD INSTRUMENT --answers LIST | --scores LIST ...",
	 "Add a screening and score it.\n"
	 "Answers are like 1=often,2=never, scores like total=17. Where the\n"
	 "cut-off is licensed or no rule can decide, give it or the result.",
	 add_opts, 2, 2, run_add},
	{"screen", "show", "SCREENING", "Show one screening.", NULL, 1, 1,
	 run_show},
	{"screen", "results", "SCREENING",
	 "Show score and result of each domain.", NULL, 1, 1, run_results},
	{"screen", "answers", "SCREENING", "Show the answers.", NULL, 1, 1,
	 run_answers},
	{"screen", "list", "[CHILD]", "List screenings, newest first.",
	 list_opts, 0, 1, run_list},
	{"screen", "propose", "SCREENING [--take [--need NEED]]",
	 "List the needs that its positive results propose, or add them.",
	 propose_opts, 1, 1, run_propose},
	{"screen", "error", "SCREENING",
	 "Say that a screening was entered in error.", NULL, 1, 1, run_error},
	{"screen", "instruments", "[INSTRUMENT]",
	 "List the instruments, or one's domains, rules and source.", NULL, 0,
	 1, run_instruments},
	{NULL},
};
