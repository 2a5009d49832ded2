#include <string.h>

#include "daemon/cli/cli.h"
#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/core/log.h"
#include "proto/catalogue.h"
#include "proto/picture.h"
#include "proto/vocabulary.h"
#include "regional/node.h"
#include "regional/release/release.h"

enum { VIEW_BY_STRATUM = 1 };

static const struct cli_opt preview_opts[] = {
	{"as-of", "DATE",
	 "as if it were this later day; in a synthetic network only"},
	{"all", NULL,
	 "every month that is due, and groups with nothing to tell"},
	{NULL},
};
static const struct cli_opt approve_opts[] = {
	{"through", "MONTH", "no later month than this, like 2026-07"},
	{NULL},
};
static const struct cli_opt close_opts[] = {
	{"as-of", "DATE",
	 "as if it were this day; ahead of the clock in a synthetic network "
	 "only"},
	{NULL},
};

static const char *const STATES[] = {
	[RELEASE_HELD] = "held for review",
	[RELEASE_READY] = "ready",
	[RELEASE_SENT] = "sent",
	[RELEASE_TAKEN] = "taken",
};

static int take_today(struct cli *c, const struct node *n, int32_t *out)
{
	int32_t now = records_today(&n->rec);
	int x;

	*out = now;
	x = cli_get_date(c, "as-of", out);
	if (x < 0)
		return x;
	if (*out > now && n->kind != NETWORK_SYNTHETIC)
		return err_set(E_USAGE,
			       "--as-of can be ahead of the clock only in a "
			       "network of made-up data");
	return 0;
}

/* --- preview --- */

/* Totals of one table and closing; notes come grouped by them. */
struct totals {
	const struct fact_table *t;
	int32_t closing;
	int64_t leave[VIEWS_MAX];
	int64_t waits; /* by stratum, at the coarsest step tried */
	int step;
};

struct preview {
	struct cli *c;
	struct node *n;
	struct cli_table *table;
	struct totals total;
	bool all;
};

/* "nothing leaves; 65 wait for a longer period" */
static void print_total(struct preview *p, int view)
{
	const struct totals *s = &p->total;
	const char *leave = s->leave[view] ? "would leave" : "nothing leaves";

	if (view != VIEW_BY_STRATUM || s->waits == 0)
		cli_cell(p->table, leave);
	else if (picture_is(s->t))
		cli_cell_fmt(p->table,
			     "%s; %lld stay here: a picture of a day is not "
			     "taken again",
			     leave, (long long)s->waits);
	else if (s->step + 1 < s->t->view[view].n_steps)
		cli_cell_fmt(p->table, "%s; %lld wait for a longer period",
			     leave, (long long)s->waits);
	else
		cli_cell_fmt(p->table,
			     "%s; %lld stay here: there is no longer period",
			     leave, (long long)s->waits);
}

static void print_totals(struct preview *p)
{
	const struct totals *s = &p->total;
	char month[PERIOD_TEXT];

	if (!s->t)
		return;
	period_format((struct period){s->closing, 1}, month);
	for (int v = 0; v < s->t->n_views; v++) {
		if (v > VIEW_BY_STRATUM && s->leave[v] == 0)
			continue;
		cli_cell(p->table, s->t->id);
		cli_cell(p->table, month);
		cli_cell_fmt(p->table, "Total: %s", s->t->view[v].title);
		cli_cell(p->table, NULL);
		cli_cell(p->table, NULL);
		cli_cell_int(p->table, s->leave[v]);
		print_total(p, v);
	}
}

static void say_when(struct preview *p, const struct release_next *next)
{
	int32_t more = next->due - next->month;
	char month[PERIOD_TEXT], day[DATE_TEXT];

	if (more < 0)
		cli_cell_fmt(p->table, "closes on or after %s",
			     date_format(next->closes_on, day));
	else if (more == 0 || p->all)
		cli_cell(p->table, "is due");
	else
		cli_cell_fmt(
			p->table,
			"is due, and %d more month%s due (to %s); "
			"--all shows them",
			more, more == 1 ? " is" : "s are",
			period_format((struct period){next->due, 1}, month));
}

static void print_next(struct preview *p, const struct fact_table *t,
		       const struct release_next *next)
{
	char month[PERIOD_TEXT];

	cli_cell(p->table, t->id);
	cli_cell(p->table,
		 period_format((struct period){next->month, 1}, month));
	cli_cell(p->table, "Next closing");
	cli_cell(p->table, NULL);
	cli_cell(p->table, NULL);
	cli_cell(p->table, NULL);
	say_when(p, next);
}

static void add_totals(struct preview *p, const struct fact_table *t,
		       int32_t closing, const struct gate_note *g)
{
	struct totals *s = &p->total;

	if (s->t != t || s->closing != closing) {
		print_totals(p);
		*s = (struct totals){.t = t, .closing = closing, .step = -1};
	}
	if (g->verdict == GATE_PUBLISHED)
		s->leave[g->view] += g->occurrences;
	if (g->view != VIEW_BY_STRATUM)
		return;
	/* What waits at a fine step is offered again at the next. */
	if (g->step > s->step) {
		s->step = g->step;
		s->waits = 0;
	}
	if (g->verdict != GATE_PUBLISHED)
		s->waits += g->occurrences;
}

static int on_note(void *arg, const struct fact_table *t, int32_t closing,
		   const struct gate_note *g)
{
	struct preview *p = arg;
	char month[PERIOD_TEXT], title[40], text[120];
	const struct word *word;
	const char *verdict;

	add_totals(p, t, closing, g);
	if (!p->all && (g->verdict == GATE_EMPTY || g->verdict == GATE_NOT_YET))
		return 0;
	word = vocabulary_stratum(p->n->rec.words, t->dim_id, g->stratum);
	cli_cell(p->table, t->id);
	cli_cell(p->table, period_format((struct period){closing, 1}, month));
	cli_cell(p->table, t->view[g->view].title);
	cli_cell(p->table, period_title(g->period, title));
	cli_cell(p->table, word ? word->title : "all");
	cli_cell_int(p->table, g->occurrences);
	verdict = release_verdict_text(
		g->verdict, t->plain ? 1 : node_floor(p->n), text, sizeof text);
	/* Nothing of it comes later. */
	if (picture_is(t) && strncmp(verdict, "waits", 5) == 0)
		cli_cell_fmt(p->table, "held back%s", verdict + 5);
	else
		cli_cell(p->table, verdict);
	return 0;
}

static int take_preview_day(struct cli *c, const struct node *n, int32_t *out)
{
	int x = take_today(c, n, out);

	if (x == 0 && *out < records_today(&n->rec))
		return err_set(E_USAGE,
			       "--as-of is before today; a closing counts the "
			       "record as it is now, so a preview is of today "
			       "or of a later day");
	return x;
}

static int preview_table(struct preview *p, const struct fact_table *t,
			 int32_t today)
{
	struct release_next next;
	int x;

	p->total = (struct totals){.t = NULL};
	x = release_next(p->n, t, today, &next);
	if (x == 0)
		x = release_preview(p->n, t, today, p->all, on_note, p);
	if (x < 0)
		return x;
	print_totals(p);
	print_next(p, t, &next);
	return 0;
}

static int run_preview(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"table", "Table", CLI_TEXT},
		{"closing", "Closing", CLI_TEXT},
		{"view", "What", CLI_TEXT},
		{"period", "Period", CLI_TEXT},
		{"group", "Group", CLI_TEXT},
		{"occurrences", "Occurrences", CLI_NUMBER},
		{"verdict", "What happens", CLI_TEXT},
	};
	struct preview p = {.c = c, .all = cli_get(c, "all") != NULL};
	int32_t today;
	int x;

	if ((x = cli_node(c, &p.n)) < 0 ||
	    (x = take_preview_day(c, p.n, &today)) < 0 ||
	    (x = cli_table_new(c, &p.table, columns, 7,
			       cli_records_notice(p.n))) < 0)
		return x;
	for (int i = 0; i < catalogue_tables(p.n->cat) && x == 0; i++)
		x = preview_table(&p, catalogue_table(p.n->cat, i), today);
	cli_table_fail(p.table, x);
	return cli_table_end(p.table, "Nothing would leave.");
}

/* --- the others --- */

static int run_approve(struct cli *c)
{
	const char *through = cli_get(c, "through");
	struct period p = {0, 1};
	struct node *n;
	int approved, x;

	if (through && period_parse(through, &p) < 0)
		return err_prefix(E_USAGE, "--through");
	if (p.months != 1)
		return err_set(E_USAGE,
			       "--through takes a month like "
			       "2026-07, not \"%s\"",
			       through);
	if ((x = cli_node(c, &n)) < 0)
		return x;
	if (cli_arg(c, 0) && catalogue_find_table(n->cat, cli_arg(c, 0)) < 0)
		return err_set(E_NOTFOUND,
			       "There is no fact table \"%s\"; see "
			       "ccfed fact list",
			       cli_arg(c, 0));
	log_level(LOG_LEVEL_WARN);
	x = release_approve(n, cli_arg(c, 0), p.month, &approved);
	if (x < 0)
		return x;
	return cli_counted(c, "approved", approved, "%d release%s approved",
			   approved, approved == 1 ? "" : "s");
}

static void show_progress(void *arg, int done, int of)
{
	cli_progress(arg, "Months", done, of);
}

static int run_close(struct cli *c)
{
	int closed = 0, x;
	struct node *n;
	int32_t today;

	if ((x = cli_node(c, &n)) < 0 || (x = take_today(c, n, &today)) < 0)
		return x;
	log_level(LOG_LEVEL_WARN); /* the last line says it */
	x = release_close(n, today, &closed, show_progress, c);
	if (x < 0)
		return x;
	return cli_counted(c, "closed", closed, "%d month%s closed", closed,
			   closed == 1 ? "" : "s");
}

struct listing {
	struct cli_table *table;
	const struct node *n;
};

/* What waits and belongs to a table that is no more in the package. */
static bool is_of_old(const struct listing *l, const struct release_row *r)
{
	return r->state != RELEASE_TAKEN &&
	       catalogue_find_table(l->n->cat, r->key.table) < 0;
}

static int on_release(void *arg, const struct release_row *r)
{
	const struct listing *l = arg;
	struct cli_table *t = l->table;
	char text[PERIOD_TEXT];

	cli_cell(t, r->key.table);
	cli_cell(t, period_format((struct period){r->key.closing, 1}, text));
	cli_cell_int(t, r->key.epoch);
	cli_cell_int(t, r->key.version);
	cli_cell_fmt(t, "%s%s",
		     is_of_old(l, r) ? "stays here: no more counted"
				     : STATES[r->state],
		     r->recovered ? ", came back from the hub" : "");
	cli_cell_int(t, r->events);
	cli_cell_int(t, r->occurrences);
	cli_cell_date(t, r->receipt_utc_ms ? date_of_utc(r->receipt_utc_ms)
					   : NO_DATE);
	cli_cell(t, r->refused ? r->why : NULL);
	return 0;
}

static int run_list(struct cli *c)
{
	static const struct cli_col columns[] = {
		{"table", "Table", CLI_TEXT},
		{"closing", "Closing", CLI_TEXT},
		{"epoch", "Epoch", CLI_NUMBER},
		{"version", "Version", CLI_NUMBER},
		{"state", "State", CLI_TEXT},
		{"events", "Events", CLI_NUMBER},
		{"occurrences", "Occurrences", CLI_NUMBER},
		{"receipt", "Receipt", CLI_TEXT},
		{"refused", "The hub refused", CLI_TEXT},
	};
	char banner[200];
	struct cli_table *t;
	struct node *n;
	int x;

	if ((x = cli_node(c, &n)) < 0 ||
	    (x = cli_table_new(
		     c, &t, columns, 9,
		     policy_banner(&n->policy, banner, sizeof banner))) < 0)
		return x;
	x = release_list(n, on_release, &(struct listing){t, n});
	cli_table_fail(t, x);
	return cli_table_end(t, "No month has closed yet.");
}

const struct command cli_release_commands[] = {
	{"release", "preview", "[--as-of DATE] [--all]",
	 "Show what would leave at the next closing, what waits, and why.\n"
	 "Of each table the month that closes next is shown, whether it is "
	 "due\n"
	 "or not. What waits is asked again for a longer period.",
	 preview_opts, 0, 0, run_preview},
	{"release", "approve", "[TABLE] [--through MONTH]",
	 "Let numbers leave that are held for review.", approve_opts, 0, 1,
	 run_approve},
	{"release", "close", "[--as-of DATE]",
	 "Close every month that is due.\n"
	 "A running node does this by itself.",
	 close_opts, 0, 0, run_close},
	{"release", "list", "", "List every release and where it is.", NULL, 0,
	 0, run_list},
	{NULL},
};
