#include "daemon/hub/ta_report_page.h"

#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_chart.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/tpl_ta_report.h"
#include "daemon/hub/tpl_ta_report_doc.h"
#include "daemon/web/asset.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_chart.h"

struct filling {
	struct arena *a;
	struct hub *h;
	struct db *db;
	const struct report *r;
	struct hub_table t;
	int n; /* rows of visits */
};

enum { VISITS = 12 };

/* --- tables --- */

static const char *tone_of(int way)
{
	return way > 0	 ? "\xe2\x96\xb2 better"
	       : way < 0 ? "\xe2\x96\xbc worse"
			 : "";
}

static const struct tpl_table *rates(struct filling *f)
{
	static const char *const TITLE[] = {"Rate",	     "Period",
					    "This region",   "Other regions",
					    "A year before", "Against others",
					    "Against before"};

	hub_table_begin(&f->t, f->a, 6);
	for (int i = 0; i < f->r->n; i++) {
		const struct report_line *l = &f->r->line[i];
		struct tpl_table_rows *row =
			hub_table_row(&f->t, l->m->title, NULL);

		if (!row)
			return NULL;
		row->meta = l->m->id;
		hub_table_text(&f->t, hub_months(f->a, l->period.month,
						 l->period.months));
		hub_table_text(&f->t, ta_report_figure(f->a, &l->mine));
		hub_table_text(&f->t, ta_report_figure(f->a, &l->rest));
		hub_table_text(&f->t, ta_report_figure(f->a, &l->before));
		hub_table_text(&f->t, tone_of(l->vs_rest));
		hub_table_text(&f->t, tone_of(l->vs_before));
	}
	return hub_table_end(&f->t, "Every rate that is better high or low",
			     TITLE);
}

/* "Not published ...: A (M03), B (M04)." */
static const char *silent(struct arena *a, const struct report *r)
{
	const char *text = NULL;

	for (int i = 0; i < r->n_silent; i++)
		text = arena_str(a, "%s%s (%s)",
				 text ? arena_str(a, "%s; ", text) : "",
				 r->silent[i]->title, r->silent[i]->id);
	if (!text)
		return NULL;
	return arena_str(a,
			 "Nothing to show, because too few children stand "
			 "behind it or the months are not closed: %s.",
			 text);
}

static const struct tpl_table *barriers(struct filling *f)
{
	static const char *const TITLE[] = {"Reason", "Referrals", "Share"};
	struct period p = {0, 1};

	hub_table_begin(&f->t, f->a, 2);
	for (int i = 0; i < f->r->n_barriers; i++) {
		const struct measure_row *b = &f->r->barrier[i];
		char num[FIGURE_TEXT], rate[FIGURE_TEXT];

		p = b->period;
		if (!hub_table_row(&f->t, b->part_title, NULL))
			return NULL;
		hub_table_number(&f->t, arena_dup(f->a, figure_count(b, num)));
		hub_table_number(&f->t, arena_dup(f->a, figure_rate(b, rate)));
	}
	return hub_table_end(
		&f->t,
		arena_str(f->a,
			  "Referrals where a barrier kept a family from "
			  "a service, sent in %s",
			  hub_months(f->a, p.month, p.months)),
		TITLE);
}

static const struct tpl_table *definitions(struct filling *f)
{
	static const char *const TITLE[] = {"Rate", "Formula",
					    "What it is not"};

	hub_table_begin(&f->t, f->a, 2);
	for (int i = 0; i < f->r->n; i++) {
		const struct measure *m = f->r->line[i].m;
		struct tpl_table_rows *row =
			hub_table_row(&f->t, m->title, NULL);

		if (!row)
			return NULL;
		row->meta = m->id;
		hub_table_text(&f->t, m->formula);
		hub_table_text(&f->t, m->is_not);
	}
	return hub_table_end(&f->t, "Definitions", TITLE);
}

static int on_action(void *arg, const struct ta_action *x)
{
	struct filling *f = arg;

	if (!hub_table_row(&f->t, arena_dup(f->a, x->what), NULL))
		return E_NOMEM;
	hub_table_text(&f->t, arena_dup(f->a, x->owner));
	hub_table_text(&f->t, hub_day(f->a, x->due));
	hub_table_text(&f->t, x->due < f->r->today ? "late" : "open");
	return 0;
}

static int actions(struct filling *f, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Action", "Who", "By", "State"};
	int r;

	hub_table_begin(&f->t, f->a, 3);
	r = ta_actions(f->db, 0, f->r->region, on_action, f);
	*out = hub_table_end(&f->t, "Actions", TITLE);
	return r;
}

struct visiting {
	struct filling *f;
	const char *topic;
};

static int on_entry(void *arg, const struct ta_entry *e)
{
	struct visiting *v = arg;
	struct filling *f = v->f;

	if (strcmp(e->kind, "note") == 0 || f->n++ >= VISITS)
		return 0;
	if (!hub_table_row(&f->t, hub_day(f->a, e->on_day), NULL))
		return E_NOMEM;
	hub_table_text(&f->t, strcmp(e->kind, "visit") == 0  ? "visit"
			      : strcmp(e->kind, "call") == 0 ? "call"
							     : "advice");
	hub_table_text(&f->t, v->topic);
	hub_table_text(&f->t, arena_dup(f->a, e->text));
	return 0;
}

static int on_item(void *arg, const struct ta_item *i)
{
	struct filling *f = arg;
	struct visiting v = {f, arena_dup(f->a, i->topic)};

	return ta_entries(f->db, i->id, on_entry, &v);
}

static int visits(struct filling *f, const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Day", "What", "Topic",
					    "What was said"};
	int r;

	f->n = 0;
	hub_table_begin(&f->t, f->a, 3);
	r = ta_list(f->db, f->r->region, TA_OPEN, f->r->today, on_item, f);
	*out = hub_table_end(&f->t, "Visits, calls and advice", TITLE);
	return r;
}

/* --- the whole --- */

/* Paragraphs are separated by empty lines. */
static const void *paragraphs(struct arena *a, const char *text, size_t *n)
{
	struct arena_list l = {.arena = a,
			       .size = sizeof(struct tpl_ta_report_notes)};
	char *rest = arena_dup(a, text);

	while (rest && *rest) {
		char *end = strstr(rest, "\n\n");
		struct tpl_ta_report_notes *p = arena_add(&l);

		if (end)
			*end = '\0';
		if (p)
			p->text = rest;
		rest = end ? end + 2 + strspn(end + 2, "\n") : NULL;
	}
	*n = l.n;
	return l.items;
}

/* The chart draws from its table, which stands in the appendix. */
static void trend(struct arena *a, const struct report *r,
		  struct tpl_ta_report *v)
{
	const struct report_line *l = &r->line[r->concern < 0 ? 0 : r->concern];
	const struct tpl_chart *run =
		r->trend ? hub_chart_run(a, r->trend, false, NULL, NULL) : NULL;
	struct tpl_chart *chart = arena_alloc(a, sizeof *chart);
	struct tpl_table *points = arena_alloc(a, sizeof *points);

	v->trend_title = arena_str(a,
				   r->concern < 0 ? "No concern; the first "
						    "rate: %s"
						  : "The concern: %s",
				   l->m->title);
	if (r->concern >= 0)
		v->concern = ta_report_said(a, r, l);
	v->trend = r->trend ? r->trend->words : "Nothing of it is closed yet.";
	if (!run || !chart || !points)
		return;
	*points = *run->table;
	points->id = "points";
	*chart = *run;
	chart->table = NULL;
	chart->from = "points";
	chart->height = 200;
	chart->shown = true;
	chart->caption = arena_str(a, "%s. Its numbers: appendix B.",
				   run->table->caption);
	v->chart = chart;
	v->points = points;
}

static void strengths(struct arena *a, const struct report *r,
		      struct tpl_ta_report *v)
{
	struct tpl_ta_report_strengths *s =
		arena_alloc(a, REPORT_STRENGTHS * sizeof *s);
	bool beyond = false;

	for (int i = 0; s && i < r->n_strengths; i++) {
		const struct report_line *l = &r->line[r->strength[i]];

		s[i].title = l->m->title;
		s[i].text = ta_report_said(a, r, l);
		beyond = beyond || l->vs_rest > 0;
	}
	v->strengths = s;
	v->strengths_n = s ? (size_t)r->n_strengths : 0;
	v->strengths_title = !beyond ? "Ahead, though within chance"
			     : r->n_strengths == 1 ? "One strength"
						   : "Two strengths";
}

static const char *document_name(struct arena *a, const struct report *r,
				 const struct report_mark *k)
{
	char quarter[PERIOD_TEXT];

	period_format(r->quarter, quarter);
	if (!k->number)
		return arena_str(a, "draft of %s", quarter);
	return arena_str(a, "No. %lld: %s, version %d", (long long)k->number,
			 quarter, k->version);
}

int ta_report_fill(struct hub *h, struct db *db, struct arena *a,
		   const struct report *r, const struct report_mark *k,
		   const struct tpl_ta_report **out)
{
	struct filling f = {.a = a, .h = h, .db = db, .r = r};
	struct tpl_ta_report *v = arena_alloc(a, sizeof *v);
	int x;

	if (!v)
		return arena_check(a);
	v->period = hub_months(a, r->quarter.month, r->quarter.months);
	v->document = document_name(a, r, k);
	v->published = k->number > 0;
	v->day = hub_day(a, k->number ? k->published_on : r->today);
	v->lede = ta_report_lede(a, r);
	strengths(a, r, v);
	v->notes = paragraphs(a, r->notes, &v->notes_n);
	v->comment = paragraphs(a, r->comment, &v->comment_n);
	trend(a, r, v);
	v->barriers = barriers(&f);
	v->rates = rates(&f);
	v->silent = silent(a, r);
	v->definitions = definitions(&f);
	v->banner = k->banner;
	v->floor = k->floor;
	x = actions(&f, &v->actions);
	if (x == 0)
		x = visits(&f, &v->visits);
	*out = v;
	return x == 0 ? arena_check(a) : x;
}

int ta_report_html(struct hub *h, struct db *db, struct arena *a,
		   const struct report *r, const struct report_mark *k,
		   char **out, size_t *len)
{
	struct tpl_ta_report_doc v = {.banner = k->banner};
	struct html d;
	int x = ta_report_fill(h, db, a, r, k, &v.body);

	if (x < 0)
		return x;
	v.title = arena_str(a, "%s: technical assistance report",
			    r->region_title);
	html_init(&d);
	tpl_ta_report_doc(&d, &v);
	x = html_take(&d, out, len);
	html_fini(&d);
	return x;
}

static const struct asset *asset_named(const char *name)
{
	return asset_find(asset_path(name));
}

static void put(FILE *f, const void *bytes, size_t len)
{
	fwrite(bytes, 1, len, f);
}

int ta_report_alone(FILE *f, const char *html, size_t len)
{
	static const char style[] = "<link rel=\"icon\" href=\"/report.svg\" "
				    "type=\"image/svg+xml\">\n"
				    "<link rel=\"stylesheet\" "
				    "href=\"/report.css\">",
			  script[] = "<script src=\"/report.js\" "
				     "defer></script>";
	const char *s = strstr(html, style), *c = strstr(html, script);
	const struct asset *css = asset_named("style.css"),
			   *js = asset_named("charts.js");

	if (!s || !c || c < s)
		return err_set(E_FORMAT, "this is not a report");
	put(f, html, (size_t)(s - html));
	fputs("<style>", f);
	put(f, css->data, css->len);
	fputs("</style>", f);
	put(f, s + sizeof style - 1, (size_t)(c - s) - (sizeof style - 1));
	fputs("<script type=\"module\">", f);
	put(f, js->data, js->len);
	fputs("</script>", f);
	c += sizeof script - 1;
	put(f, c, len - (size_t)(c - html));
	return ferror(f) ? err_set(E_IO, "can't write the report") : 0;
}
