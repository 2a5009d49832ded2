#include <string.h>

#include "daemon/cli/cli_sheet.h"
#include "regional/case/directory.h"
#include "regional/node.h"

static const struct cli_opt org_opts[] = {
	{"sector", "SECTOR", "food, education, behavioral, ..."},
	{"phone", "NUMBER", "its telephone number"},
	{"web", "ADDRESS", "its web address"},
	{"note", "TEXT", "our own note"},
	{NULL},
};
static const struct cli_opt update_opts[] = {
	{"eligibility", "TEXT", "who may use it"},
	{"age-from", "YEARS", "youngest age"},
	{"age-to", "YEARS", "oldest age"},
	{"phone", "NUMBER", "its telephone number"},
	{"note", "TEXT", "our own note"},
	{NULL},
};
static const struct cli_opt mark_opts[] = {
	{"not", NULL, "it does not, after all"},
	{NULL},
};
static const struct cli_opt verify_opts[] = {
	{"by", "NAME", "who verified it"},
	{"on", "DATE", "the day; default: today"},
	{NULL},
};
static const struct cli_opt opening_opts[] = {
	{"seen", "DATE", "the day; default: today"},
	{"openings", "N", "how many may come now"},
	{"waiting", "N", "how many wait"},
	{"wait-days", "N", "how long they wait"},
	{"told-by", "NAME", "who told it"},
	{NULL},
};
static const struct cli_opt list_opts[] = {
	{"need", "NEED", "that serve this need"},
	{"place", "TOWN", "that serve this town"},
	{"language", "LANGUAGE", "that speak this language"},
	{"age", "YEARS", "that serve this age"},
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};
static const struct cli_opt page_opts[] = {
	{"limit", "N", "at most so many"},
	{"offset", "N", "after so many"},
	{NULL},
};

static int run_describe(struct cli *c)
{
	struct directory_org o;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &directory_org_sheet, "organization", &n,
				&o)) < 0 ||
	    (x = directory_org_update(&n->rec, &o)) < 0)
		return x;
	return cli_said(c, o.id, "Organization %lld changed", (long long)o.id);
}

static int run_details(struct cli *c)
{
	return cli_sheet_show(c, &directory_org_sheet, "organization");
}

static int run_update(struct cli *c)
{
	struct directory_service s;
	struct node *n;
	int x;

	if ((x = cli_sheet_load(c, &directory_service_sheet, "service", &n,
				&s)) < 0 ||
	    (x = directory_update(&n->rec, &s)) < 0)
		return x;
	return cli_said(c, s.id, "Service %lld changed", (long long)s.id);
}

/* Argument 1 goes into a set of the service's, or out. */
static int mark(struct cli *c, int (*fn)(struct records *r, int64_t service,
					 const char *value, bool on))
{
	bool on = !cli_get(c, "not");
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "service", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = fn(&n->rec, id, cli_arg(c, 1), on)) < 0)
		return x;
	return cli_said(c, id, "Noted of service %lld: %s%s", (long long)id,
			on ? "" : "not ", cli_arg(c, 1));
}

static int run_need(struct cli *c)
{
	return mark(c, directory_need);
}

static int run_place(struct cli *c)
{
	return mark(c, directory_place);
}

static int run_language(struct cli *c)
{
	return mark(c, directory_language);
}

static int run_verify(struct cli *c)
{
	const char *by = cli_get(c, "by");
	struct node *n;
	int64_t id;
	int32_t on;
	int x;

	if ((x = cli_arg_int(c, 0, "service", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 || (x = cli_day(c, n, &on)) < 0 ||
	    (x = directory_verify(&n->rec, id, on, by ? by : n->rec.who)) < 0)
		return x;
	return cli_said(c, id, "Service %lld is verified", (long long)id);
}

static int run_opening(struct cli *c)
{
	struct service_opening o;
	int64_t service, id;
	struct node *n;
	int x;

	if ((x = cli_arg_int(c, 0, "service", &service)) < 0 ||
	    (x = cli_node(c, &n)) < 0)
		return x;
	sheet_blank(&service_opening_sheet, &o);
	o.service = service;
	o.seen = records_today(&n->rec);
	if ((x = cli_sheet_take(c, &service_opening_sheet, &o)) < 0 ||
	    (x = directory_opening(&n->rec, &o, &id)) < 0)
		return x;
	return cli_said(c, id, "Openings of service %lld noted",
			(long long)service);
}

static int run_openings(struct cli *c)
{
	return cli_sheet_list(c, &service_opening_sheet, "opening", "service",
			      directory_openings, "No openings are noted.");
}

/* What it serves stands in tables of its own. */
static int run_show(struct cli *c)
{
	static const struct cli_col col[] = {
		{"service", "Service", CLI_NUMBER},
		{"eligibility", "Eligibility", CLI_TEXT},
		{"age_from", "Age from", CLI_TEXT},
		{"age_to", "Age to", CLI_TEXT},
		{"needs", "Needs", CLI_TEXT},
		{"places", "Places", CLI_TEXT},
		{"languages", "Languages", CLI_TEXT},
		{"phone", "Phone", CLI_TEXT},
		{"note", "Note", CLI_TEXT},
		{"verified", "Verified", CLI_TEXT},
		{"verified_by", "Verified by", CLI_TEXT},
	};
	const struct sheet_column *k = directory_service_sheet.column;
	char needs[600], places[4000], languages[600];
	char a[SHEET_BUF], b[SHEET_BUF];
	struct directory_service s;
	struct cli_table *t;
	struct node *n;
	int64_t id;
	int x;

	if ((x = cli_arg_int(c, 0, "service", &id)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = directory_get(n->db, id, &s)) < 0 ||
	    (x = sheet_marks(n->db, &directory_needs, id, needs,
			     sizeof needs)) < 0 ||
	    (x = sheet_marks(n->db, &directory_places, id, places,
			     sizeof places)) < 0 ||
	    (x = sheet_marks(n->db, &directory_languages, id, languages,
			     sizeof languages)) < 0 ||
	    (x = cli_table_new(c, &t, col, sizeof col / sizeof *col, NULL)) < 0)
		return x;
	cli_cell_int(t, id);
	cli_cell(t, s.eligibility);
	cli_cell(t, sheet_text(&k[1], &s, a));
	cli_cell(t, sheet_text(&k[2], &s, b));
	cli_cell(t, needs);
	cli_cell(t, places);
	cli_cell(t, languages);
	cli_cell(t, s.phone);
	cli_cell(t, s.note);
	cli_cell_date(t, s.verified);
	cli_cell(t, s.verified_by);
	cli_table_record(t);
	return cli_table_end(t, NULL);
}

static const char *or_any(const char *text)
{
	return text ? text : "";
}

static int run_list(struct cli *c)
{
	struct directory_search s = {.text = or_any(cli_arg(c, 0)),
				     .need = or_any(cli_get(c, "need")),
				     .place = or_any(cli_get(c, "place")),
				     .language = or_any(cli_get(c, "language")),
				     .age = SHEET_UNKNOWN};
	int64_t offset, limit;
	struct cli_sheet h;
	struct node *n;
	int x;

	if ((x = cli_get_int(c, "age", 0, 25, &s.age)) < 0 ||
	    (x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, &directory_line_sheet, "service", false,
			       NULL)) < 0)
		return x;
	cli_table_fail(h.t, directory_find(n->db, &s, offset, limit,
					   cli_sheet_put, &h));
	return cli_table_end(h.t, "No such service.");
}

static int run_stale(struct cli *c)
{
	int64_t offset, limit;
	struct cli_sheet h;
	struct node *n;
	int x;

	if ((x = cli_page(c, &offset, &limit)) < 0 ||
	    (x = cli_node(c, &n)) < 0 ||
	    (x = cli_sheet_new(c, &h, &directory_line_sheet, "service", false,
			       NULL)) < 0)
		return x;
	cli_table_fail(h.t, directory_stale(n->db, records_today(&n->rec),
					    offset, limit, cli_sheet_put, &h));
	return cli_table_end(h.t, "Every service is verified.");
}

const struct command cli_service_commands[] = {
	{"service", "list", "[TEXT] [--need NEED] [--place TOWN] ...",
	 "List services that take referrals, with their newest openings.\n"
	 "One that names no place, age or language serves every one.",
	 list_opts, 0, 1, run_list},
	{"service", "show", "SERVICE", "Show what is known of a service.", NULL,
	 1, 1, run_show},
	{"service", "update", "SERVICE [--eligibility TEXT] ...",
	 "Change what is known of a service; \"\" makes it unknown.",
	 update_opts, 1, 1, run_update},
	{"service", "need", "SERVICE NEED [--not]",
	 "Say that a service is for a need, like food.", mark_opts, 2, 2,
	 run_need},
	{"service", "place", "SERVICE TOWN [--not]",
	 "Say that a service serves a town.", mark_opts, 2, 2, run_place},
	{"service", "language", "SERVICE LANGUAGE [--not]",
	 "Say that a service speaks a language.", mark_opts, 2, 2,
	 run_language},
	{"service", "verify", "SERVICE [--by NAME] [--on DATE]",
	 "Say that what is known of a service was verified.", verify_opts, 1, 1,
	 run_verify},
	{"service", "opening", "SERVICE [--openings N] [--waiting N] ...",
	 "Note openings and waitlist on a day.", opening_opts, 1, 1,
	 run_opening},
	{"service", "openings", "SERVICE", "List openings, newest first.",
	 page_opts, 1, 1, run_openings},
	{"service", "stale", "",
	 "List services that nobody verified in the last 180 days.", page_opts,
	 0, 0, run_stale},
	{"org", "describe", "ORG [--sector SECTOR] ...",
	 "Change sector, telephone number, web address and note.", org_opts, 1,
	 1, run_describe},
	{"org", "details", "ORG",
	 "Show sector, telephone number, web address and note.", NULL, 1, 1,
	 run_details},
	{NULL},
};
