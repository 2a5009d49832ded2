#include "daemon/hub/hub_page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_schema.h"
#include "daemon/hub/roster.h"
#include "daemon/web/html.h"

struct drawing {
	struct html *html;
	struct hub *h;
	struct db *db;
	const struct measure *m; /* being drawn */
	struct period period;
	char group[80]; /* whose kinds were drawn last */
	int64_t now_utc_ms;
	struct policy policy; /* in force when the page is drawn */
};

static void put_intro(struct drawing *dr)
{
	struct html *d = dr->html;
	char text[DATE_TEXT];

	html_line(d, "p",
		  "Figures from the care coordination regions, as of %s. One "
		  "number, like \"34\" or \"60.0 %%\", is exact. \"34 to "
		  "41\" means that the truth lies between, and no point of it "
		  "is likelier than another: some numbers are held back, "
		  "because fewer than %u children stand behind them, or were "
		  "published for a longer time only. \"Not published\" means "
		  "that it may be none or all. The state's figure adds up the "
		  "regions that closed all of its months.",
		  date_format(date_of_utc(dr->now_utc_ms), text),
		  (unsigned)dr->policy.floor);
	html_open(d, "nav", "aria-label", "Measures", NULL);
	html_open(d, "ul", NULL);
	for (int i = 0; i < catalogue_measures(dr->h->cat); i++) {
		const struct measure *m = catalogue_measure(dr->h->cat, i);
		char at[16];

		if (!m->served)
			continue;
		snprintf(at, sizeof at, "#%s", m->id);
		html_open(d, "li", NULL);
		html_open(d, "a", "href", at, NULL);
		html_text(d, "%s", m->title);
		html_close(d);
		html_close(d);
	}
	html_open(d, "li", NULL);
	html_open(d, "a", "href", "#regions", NULL);
	html_text(d, "How fresh each region is");
	html_close(d);
	html_close(d);
	html_close(d);
	html_close(d);
}

static void put_column(struct html *d, const char *title)
{
	html_open(d, "th", "scope", "col", NULL);
	html_text(d, "%s", title);
	html_close(d);
}

static void put_columns(struct drawing *dr)
{
	struct html *d = dr->html;
	static const char *const title[][3] = {
		[MEASURE_COUNT] = {"Region", "Count", NULL},
		[MEASURE_PROPORTION] = {"Region", "Share", "Count"},
		[MEASURE_DAYS] = {"Region", "Half within (median)",
				  "9 in 10 within"},
		[MEASURE_RANK] = {"Region and kind", "Share", "Count"},
	};

	html_open(d, "thead", NULL);
	html_open(d, "tr", NULL);
	put_column(d, title[dr->m->unit][0]);
	for (int i = 1; i < 3 && title[dr->m->unit][i]; i++) {
		html_open(d, "th", "scope", "col", "class", "figure", NULL);
		html_text(d, "%s", title[dr->m->unit][i]);
		html_close(d);
	}
	html_close(d);
	html_close(d);
}

/* How much of it is in, if not all. */
static void say_missing(const struct measure_row *r, char *out, size_t size)
{
	char covered[60];

	figure_covered(r, covered);
	if (!*r->region && r->regions_heard < r->regions_all)
		snprintf(out, size, "%d of %d regions%s%s", r->regions_heard,
			 r->regions_all, *covered ? ", " : "", covered);
	else
		snprintf(out, size, "%s", covered);
}

static void put_who(struct drawing *dr, const struct measure_row *r,
		    const char *name)
{
	struct html *d = dr->html;
	char missing[120];

	html_open(d, "th", "scope", "row", NULL);
	html_text(d, "%s", name);
	say_missing(r, missing, sizeof missing);
	if (*missing && r->part <= 0) {
		html_open(d, "span", "class", "small", NULL);
		html_text(d, "%s", missing);
		html_close(d);
	}
	html_close(d);
}

/* A range does not break: "58.4 to 62.6 %" stands on one line. */
static const char *unbroken(const char *text, char out[2 * FIGURE_TEXT])
{
	char *o = out;

	for (; *text; text++) {
		if (*text == ' ')
			*o++ = '\xc2';
		*o++ = *text == ' ' ? '\xa0' : *text;
	}
	*o = '\0';
	return out;
}

static void put_figure(struct drawing *dr, const struct measure_row *r)
{
	char text[FIGURE_TEXT], out[2 * FIGURE_TEXT];

	figure_of(dr->m, r, text);
	html_open(dr->html, "td", "class",
		  r->said == SAID_FIGURE ? "figure" : "figure none", NULL);
	html_text(dr->html, "%s",
		  r->said == SAID_FIGURE ? unbroken(text, out) : text);
	html_close(dr->html);
}

static void put_count(struct drawing *dr, const struct measure_row *r)
{
	char text[FIGURE_TEXT], of[FIGURE_TEXT];
	char count[2 * FIGURE_TEXT], whole[2 * FIGURE_TEXT];

	unbroken(figure_count(r, text), count);
	unbroken(figure_whole(dr->m, r, of), whole);
	html_open(dr->html, "td", "class", "figure", NULL);
	if (*count)
		html_text(dr->html, "%s%s%s", count,
			  *whole ? " of\xc2\xa0" : "", whole);
	html_close(dr->html);
}

static void open_row(struct drawing *dr, const struct measure_row *r)
{
	if (r->part >= 0)
		html_open(dr->html, "tr", "class",
			  *r->region ? "part" : "state part", NULL);
	else if (*r->region)
		html_open(dr->html, "tr", NULL);
	else
		html_open(dr->html, "tr", "class", "state", NULL);
}

static int on_days(struct drawing *dr, const struct measure_row *r)
{
	if (r->percentile == 50) {
		open_row(dr, r);
		put_who(dr, r, r->region_title);
	}
	if (r->percentile)
		put_figure(dr, r);
	if (r->percentile == 90)
		html_close(dr->html);
	return 0;
}

/* Each region's kinds stand together, the most common first. */
static void put_group(struct drawing *dr, const struct measure_row *r)
{
	if (strcmp(dr->group, r->region_title) == 0)
		return;
	snprintf(dr->group, sizeof dr->group, "%s", r->region_title);
	html_open(dr->html, "tr", "class", *r->region ? "group" : "state",
		  NULL);
	html_open(dr->html, "th", "colspan", "3", "scope", "colgroup", NULL);
	html_text(dr->html, "%s", r->region_title);
	html_close(dr->html);
	html_close(dr->html);
}

static int on_row(void *arg, const struct measure_row *r)
{
	struct drawing *dr = arg;

	if (dr->m->unit == MEASURE_DAYS)
		return on_days(dr, r);
	if (dr->m->unit == MEASURE_RANK)
		put_group(dr, r);
	open_row(dr, r);
	put_who(dr, r, r->part >= 0 ? r->part_title : r->region_title);
	put_figure(dr, r);
	if (dr->m->unit != MEASURE_COUNT)
		put_count(dr, r);
	html_close(dr->html);
	return 0;
}

static int put_table(struct drawing *dr)
{
	struct html *d = dr->html;
	char period[60];
	int r;

	html_open(d, "table", "class", "data", NULL);
	html_line(d, "caption", "%s", figure_period(dr->period, period));
	put_columns(dr);
	html_open(d, "tbody", NULL);
	dr->group[0] = '\0';
	r = measures_show(dr->h, dr->db, dr->m, &dr->period, 1, BY_REGION, NULL,
			  on_row, dr);
	html_close(d);
	html_close(d);
	return r;
}

static int put_measure(struct drawing *dr)
{
	struct html *d = dr->html;
	int r;

	html_open(d, "section", "id", dr->m->id, NULL);
	html_line(d, "h2", "%s", dr->m->title);
	html_line(d, "p", "%s: %s.", dr->m->id, dr->m->formula);
	r = measures_newest(dr->h, dr->db, dr->m, &dr->period);
	if (r == 0)
		r = put_table(dr);
	else if (r == E_NOTFOUND)
		html_line(d, "p", "No region has reported yet.");
	html_open(d, "p", "class", "is-not", NULL);
	html_text(d, "%s", dr->m->is_not);
	html_close(d);
	html_close(d);
	return r == E_NOTFOUND ? 0 : r;
}

static void put_label(struct drawing *dr, const char *label, const char *text)
{
	html_open(dr->html, "td", "data-label", label, NULL);
	html_text(dr->html, "%s", text);
	html_close(dr->html);
}

static void say_age(int64_t ms, char *out, size_t size)
{
	char age[HUB_AGE_TEXT];

	if (ms < 2 * 60000)
		snprintf(out, size, "now");
	else
		snprintf(out, size, "%s ago", hub_age(ms, age));
}

static int on_region(void *arg, const struct region_row *r)
{
	struct drawing *dr = arg;
	struct html *d = dr->html;
	char text[60] = "none yet", age[HUB_AGE_TEXT];

	html_open(d, "tr", NULL);
	html_open(d, "th", "scope", "row", NULL);
	html_text(d, "%s", r->title);
	html_close(d);
	if (r->closed >= 0)
		period_title((struct period){r->closed, 1}, text);
	put_label(dr, "Numbers through", text);
	snprintf(text, sizeof text, "%s",
		 r->joined ? "never" : "has not joined");
	if (r->heard_utc_ms)
		say_age(dr->now_utc_ms - r->heard_utc_ms, text, sizeof text);
	put_label(dr, "Last heard", text);
	html_open(d, "td", "data-label", "Reports", "class", "figure", NULL);
	html_text(d, "%lld", (long long)r->releases);
	html_close(d);
	/* What else it is, in the words of the trade, is for `status`. */
	snprintf(text, sizeof text, "%s",
		 *r->trouble ? "needs attention" : "fine");
	if (r->silent_ms)
		snprintf(text, sizeof text, "not heard for %s",
			 hub_age(r->silent_ms, age));
	put_label(dr, "State", text);
	html_close(d);
	return 0;
}

static int put_regions(struct drawing *dr)
{
	struct html *d = dr->html;
	int r;

	html_open(d, "section", "id", "regions", NULL);
	html_line(d, "h2", "How fresh each region is");
	html_line(d, "p",
		  "Numbers are through the month that is in for every measure; "
		  "some measures are in for later months, too.");
	html_open(d, "table", "class", "data wide", NULL);
	html_line(d, "caption", "Regions");
	html_open(d, "thead", NULL);
	html_open(d, "tr", NULL);
	put_column(d, "Region");
	put_column(d, "Numbers through");
	put_column(d, "Last heard");
	html_open(d, "th", "scope", "col", "class", "figure", NULL);
	html_text(d, "Reports");
	html_close(d);
	put_column(d, "State");
	html_close(d);
	html_close(d);
	html_open(d, "tbody", NULL);
	r = roster_regions(dr->db, dr->h->cat, dr->now_utc_ms, on_region, dr);
	html_close(d);
	html_close(d);
	html_close(d);
	return r;
}

static int draw(struct drawing *dr)
{
	int r = 0;

	put_intro(dr);
	for (int i = 0; i < catalogue_measures(dr->h->cat) && r == 0; i++) {
		dr->m = catalogue_measure(dr->h->cat, i);
		if (dr->m->served)
			r = put_measure(dr);
	}
	if (r == 0)
		r = put_regions(dr);
	return r;
}

/* One snapshot for the whole page. */
static int draw_at_once(struct drawing *dr)
{
	int r = db_script(dr->db, "BEGIN");

	if (r < 0)
		return r;
	r = hub_policy(dr->h, dr->db, 0, &dr->policy);
	if (r == 0)
		r = draw(dr);
	/* Read only: there is nothing to lose. */
	db_script(dr->db, "COMMIT");
	return r;
}

int hub_page_draw(struct hub *h, struct db *db, struct html *d)
{
	struct drawing dr = {.h = h,
			     .db = db,
			     .html = d,
			     .now_utc_ms = clock_utc_ms(h->clock)};

	return draw_at_once(&dr);
}

static int get_index(struct page *p)
{
	struct hub *h = p->site;
	struct policy policy;
	int r = hub_policy(h, p->db, 0, &policy);

	if (r < 0)
		return r;
	page_title(p, "%s", policy.network);
	page_nav(p, "measures");
	page_foot(p,
		  "Numbers are published for a month or longer, never for "
		  "fewer than %u children. A region may send revised numbers; "
		  "the newest ones stand here.",
		  (unsigned)policy.floor);
	return hub_page_draw(h, p->db, page_body(p));
}

static int get_live(struct page *p)
{
	page_download(p, "text/plain; charset=utf-8", NULL);
	page_put(p, "ok\n", 3);
	return 0;
}

struct listing {
	FILE *f;
	int64_t now_utc_ms;
};

static void list_counter(void *arg, const char *name, const char *help,
			 int64_t value)
{
	struct listing *l = arg;

	fprintf(l->f,
		"# HELP ccfed_%s_total %s\n# TYPE ccfed_%s_total counter\n"
		"ccfed_%s_total %lld\n",
		name, help, name, name, (long long)value);
}

/* A region's id needs no quoting: letters, digits and hyphens. */
static int list_region(void *arg, const struct region_row *r)
{
	struct listing *l = arg;

	if (r->heard_utc_ms)
		fprintf(l->f,
			"ccfed_region_silent_seconds{region=\"%s\"} %lld\n",
			r->id,
			(long long)((l->now_utc_ms - r->heard_utc_ms) / 1000));
	return 0;
}

int hub_page_counters(struct hub *h, char **out)
{
	struct listing l = {.now_utc_ms = clock_utc_ms(h->clock)};
	char *text = NULL;
	size_t len = 0;
	int r;

	l.f = open_memstream(&text, &len);
	if (!l.f)
		return err_set(E_NOMEM, "out of memory for metrics");
	r = hub_watch(h);
	metrics_each(&h->metrics, list_counter, &l);
	fprintf(l.f, "# HELP ccfed_region_silent_seconds since a region was "
		     "heard\n# TYPE ccfed_region_silent_seconds gauge\n");
	if (r == 0)
		r = hub_regions(h, list_region, &l);
	if (fclose(l.f) != 0 && r == 0)
		r = err_set(E_NOMEM, "out of memory for metrics");
	if (r == 0) {
		*out = mem_strdup(text);
		r = *out ? 0 : err_set(E_NOMEM, "out of memory for metrics");
	}
	free(text);
	return r;
}

static int get_metrics(struct page *p)
{
	char *text = NULL;
	int r = hub_page_counters(p->site, &text);

	if (r < 0)
		return r;
	page_download(p, "text/plain; version=0.0.4", NULL);
	page_put(p, text, strlen(text));
	mem_free(text);
	return 0;
}

/* A monitoring program has no account; it asks from this machine. */
const struct page_route hub_page_routes[] = {
	{PAGE_GET, "/", ROLES_OF_HUB, get_index, 0},
	{PAGE_GET, "/livez", 0, get_live,
	 PAGE_OPEN | PAGE_LOOP | PAGE_QUIET | PAGE_LOCAL},
	{PAGE_GET, "/metrics", 0, get_metrics,
	 PAGE_OPEN | PAGE_LOOP | PAGE_QUIET | PAGE_LOCAL},
	{0},
};
