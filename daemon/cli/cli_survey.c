#include "daemon/cli/cli_sheet.h"
#include "regional/case/survey.h"
#include "regional/node.h"

static const struct cli_opt survey_opts[] = {
	{"occasion", "OCCASION", "first-contact, periodic or close"},
	{"asked", "DATE", "the day it was asked; default: today"},
	{"way", "WAY", "how: mail, phone, text, ..."},
	{"returned", "DATE", "the day it came back"},
	{"satisfaction", "N", "overall, 1 to 5"},
	{"needs-met", "ANSWER", "yes, partly or no"},
	{"comment", "TEXT", "what else they said"},
	{NULL},
};
static const struct cli_opt factor_opts[] = {
	{"seen", "DATE", "the day; default: today"},
	{"factor", "FACTOR", "resilience, connections, ..."},
	{"standing", "STANDING", "strength, growing or concern"},
	{"what-helps", "TEXT", "what helps"},
	{"noted-by", "NAME", "who noted it"},
	{NULL},
};
static const struct cli_opt engage_opts[] = {
	{"happened", "DATE", "the day; default: today"},
	{"engagement", "KIND", "advisory, training, peer, ..."},
	{"families", "N", "how many took part"},
	{"note", "TEXT", "a note"},
	{"noted-by", "NAME", "who noted it"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_add(struct cli *c)
{
	int64_t kase, id;
	struct survey s;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&survey_sheet, &s);
	s.kase = kase;
	s.asked = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &survey_sheet, &s)) < 0 ||
	    (x = survey_add(&n->rec, &s, &id)) < 0)
		return x;
	return cli_said(c, id, "Survey %lld added to case %lld", (long long)id,
			(long long)kase);
}

static int run_update(struct cli *c)
{
	struct survey s;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &survey_sheet, "survey", &n, &s)) < 0 ||
	    (x = survey_update(&n->rec, &s)) < 0)
		return x;
	return cli_said(c, s.id, "Survey %lld changed", (long long)s.id);
}

static int run_show(struct cli *c)
{
	return cli_sheet_show(c, &survey_sheet, "survey");
}

static int run_list(struct cli *c)
{
	return cli_sheet_list(c, &survey_sheet, "survey", "case", survey_list,
			      "No survey is recorded.");
}

static int run_factor_add(struct cli *c)
{
	int64_t kase, id;
	struct survey_factor f;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "case", &kase)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&survey_factor_sheet, &f);
	f.kase = kase;
	f.seen = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &survey_factor_sheet, &f)) < 0 ||
	    (x = survey_factor_add(&n->rec, &f, &id)) < 0)
		return x;
	return cli_said(c, id, "Protective factor noted as %lld",
			(long long)id);
}

static int run_factor_update(struct cli *c)
{
	struct survey_factor f;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &survey_factor_sheet, "note", &n, &f)) < 0 ||
	    (x = survey_factor_update(&n->rec, &f)) < 0)
		return x;
	return cli_said(c, f.id, "Note %lld changed", (long long)f.id);
}

static int run_factor_show(struct cli *c)
{
	return cli_sheet_show(c, &survey_factor_sheet, "factor_note");
}

static int run_factor_list(struct cli *c)
{
	return cli_sheet_list(c, &survey_factor_sheet, "factor_note", "case",
			      survey_factors, "No protective factor is noted.");
}

static int run_engage_add(struct cli *c)
{
	struct survey_engagement e;
	int64_t kase = 0, id;
	struct node *n;
	int x = 0;

	if (cli_arg(c, 0))
		x = cli_arg_int(c, 0, "case", &kase);
	if (x < 0 || (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&survey_engagement_sheet, &e);
	e.kase = kase;
	e.happened = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &survey_engagement_sheet, &e)) < 0 ||
	    (x = survey_engagement_add(&n->rec, &e, &id)) < 0)
		return x;
	return cli_said(c, id, "Family engagement noted as %lld",
			(long long)id);
}

static int run_engage_update(struct cli *c)
{
	struct survey_engagement e;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &survey_engagement_sheet, "note", &n, &e)) <
		    0 ||
	    (x = survey_engagement_update(&n->rec, &e)) < 0)
		return x;
	return cli_said(c, e.id, "Note %lld changed", (long long)e.id);
}

static int run_engage_show(struct cli *c)
{
	return cli_sheet_show(c, &survey_engagement_sheet, "engagement_note");
}

static int run_engage_list(struct cli *c)
{
	return cli_sheet_list(c, &survey_engagement_sheet, "engagement_note",
			      "case", survey_engagements,
			      "No family engagement is noted.");
}

const struct command cli_survey_commands[] = {
	{"survey", "add", "CASE --occasion OCCASION [--asked DATE] ...",
	 "Note that a family was asked, and what it answered.", survey_opts, 1,
	 1, run_add},
	{"survey", "update", "SURVEY [--returned DATE] ...",
	 "Change a survey, as when it comes back.", survey_opts, 1, 1,
	 run_update},
	{"survey", "show", "SURVEY", "Show one survey.", NULL, 1, 1, run_show},
	{"survey", "list", "[CASE]", "List surveys, newest first.", page_opts,
	 0, 1, run_list},
	{"factor", "add", "CASE --factor FACTOR --standing STANDING",
	 "Note how a protective factor stands in a family.\n"
	 "Scores of instruments are screenings, not notes.",
	 factor_opts, 1, 1, run_factor_add},
	{"factor", "update", "NOTE [--standing STANDING] ...", "Change a note.",
	 factor_opts, 1, 1, run_factor_update},
	{"factor", "show", "NOTE", "Show one note.", NULL, 1, 1,
	 run_factor_show},
	{"factor", "list", "[CASE]", "List notes, newest first.", page_opts, 0,
	 1, run_factor_list},
	{"engage", "add", "[CASE] --engagement KIND [--families N]",
	 "Note how families took part in the work.\n"
	 "With CASE it is that case's family.",
	 engage_opts, 0, 1, run_engage_add},
	{"engage", "update", "NOTE [--families N] ...", "Change a note.",
	 engage_opts, 1, 1, run_engage_update},
	{"engage", "show", "NOTE", "Show one note.", NULL, 1, 1,
	 run_engage_show},
	{"engage", "list", "[CASE]", "List notes, newest first.", page_opts, 0,
	 1, run_engage_list},
	{NULL},
};
