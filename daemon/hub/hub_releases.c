#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_releases.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/received.h"
#include "daemon/hub/roster.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_actions.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_pager.h"
#include "proto/catalogue.h"

enum { PER_PAGE = 50, TROUBLES = 50, PAGES_MOST = 100000, FILE_ROWS = 1000000 };

struct drawing {
	struct page *p;
	struct hub *h;
	struct hub_table t;
};

static const char *version_of(struct arena *a, const struct received *r)
{
	if (r->epoch > 1)
		return arena_str(a, "%lld, of node %lld", (long long)r->version,
				 (long long)r->epoch);
	return arena_str(a, "%lld", (long long)r->version);
}

static const char *table_title(const struct hub *h, const char *id)
{
	int i = catalogue_find_table(h->cat, id);

	return i < 0 ? NULL : catalogue_table(h->cat, i)->title;
}

static int on_release(void *arg, const struct received *r)
{
	struct drawing *d = arg;
	struct arena *a = &d->p->a;
	const char *title = table_title(d->h, r->table);
	struct tpl_table_rows *row = hub_table_row(
		&d->t, arena_str(a, "No. %lld", (long long)r->id), NULL);

	if (!row)
		return E_NOMEM;
	row->meta = arena_str(a, "%.8s", r->digest);
	hub_table_text(&d->t, arena_dup(a, r->region_title));
	hub_table_text(&d->t, title ? title : arena_dup(a, r->table));
	hub_table_text(&d->t, hub_months(a, r->closing, 1));
	hub_table_text(&d->t, version_of(a, r));
	hub_table_text(&d->t, hub_instant(a, r->received_utc_ms));
	hub_table_text(&d->t, r->receipt_utc_ms ? "signed" : "none yet");
	hub_table_int(&d->t, r->events);
	hub_table_text(&d->t, r->current ? "counts" : "restated since");
	return 0;
}

static int releases(struct drawing *d, const struct received_filter *f,
		    int64_t *all, const struct tpl_table **out)
{
	static const char *const TITLE[] = {
		"Number and hash", "Region",	    "What it counts",
		"Month closed",	   "Version",	    "Received",
		"Receipt",	   "Numbers in it", "State"};
	int r;

	hub_table_begin(&d->t, &d->p->a, 8);
	r = received_list(d->p->db, f, all, on_release, d);
	*out = hub_table_end(&d->t, "Numbers received, the newest first",
			     TITLE);
	return r;
}

static int on_trouble(void *arg, const struct received_trouble *t)
{
	struct drawing *d = arg;
	struct arena *a = &d->p->a;

	if (!hub_table_row(&d->t, arena_dup(a, t->region_title), NULL))
		return E_NOMEM;
	hub_table_text(&d->t, t->refusal ? "refused" : "alarm");
	hub_table_text(&d->t, arena_dup(a, t->what));
	hub_table_int(&d->t, t->times);
	hub_table_text(&d->t, hub_instant(a, t->first_utc_ms));
	hub_table_text(&d->t, hub_instant(a, t->last_utc_ms));
	return 0;
}

static int troubles(struct drawing *d, const char *region,
		    const struct tpl_table **out)
{
	static const char *const TITLE[] = {"Region", "What",  "Why",
					    "Times",  "First", "Last"};
	int r;

	hub_table_begin(&d->t, &d->p->a, 5);
	r = received_troubles(d->p->db, region, TROUBLES, on_trouble, d);
	*out = hub_table_end(&d->t, "Refusals and alarms, the newest first",
			     TITLE);
	return r;
}

/* "on time", "4 seconds ahead": of a node's clock against the hub's. */
static const char *clock_words(struct arena *a, int64_t ms)
{
	int64_t s = (ms < 0 ? -ms : ms) / 1000;

	if (s < 2)
		return "on time";
	return arena_str(a, "%lld seconds %s", (long long)s,
			 ms > 0 ? "ahead" : "behind");
}

static const char *since(struct drawing *d, const struct region_row *r)
{
	char age[HUB_AGE_TEXT];

	if (!r->joined)
		return "has not joined";
	if (r->silent_ms)
		return arena_str(&d->p->a, "silent for %s",
				 hub_age(r->silent_ms, age));
	return "heard";
}

static int on_node(void *arg, const struct region_row *r)
{
	struct drawing *d = arg;
	struct arena *a = &d->p->a;
	struct received_node n;
	struct tpl_table_rows *row;
	int x = received_node(d->p->db, r->id, &n);

	if (x < 0)
		return x;
	row = hub_table_row(&d->t, arena_dup(a, r->title), NULL);
	if (!row)
		return E_NOMEM;
	row->on = r->silent_ms > 0;
	hub_table_text(&d->t, since(d, r));
	hub_table_text(&d->t, r->heard_utc_ms ? hub_instant(a, r->heard_utc_ms)
					      : "never");
	hub_table_text(&d->t, r->closed < 0 ? "none yet"
					    : hub_months(a, r->closed, 1));
	hub_table_int(&d->t, r->releases);
	hub_table_int(&d->t, n.waiting);
	hub_table_text(&d->t,
		       r->heard_utc_ms ? clock_words(a, r->clock_off_ms) : "");
	hub_table_text(&d->t, *n.version ? arena_dup(a, n.version) : "");
	hub_table_text(&d->t,
		       *r->fingerprint ? arena_dup(a, r->fingerprint) : "");
	return 0;
}

static int nodes(struct drawing *d, const struct tpl_table **out)
{
	static const char *const TITLE[] = {
		"Region",	   "Connection", "Last heard",
		"Numbers through", "Received",	 "Still to send",
		"Its clock",	   "Version",	 "Fingerprint of its key"};
	int r;

	hub_table_begin(&d->t, &d->p->a, 8);
	r = roster_regions(d->p->db, d->h->cat, d->p->now_utc_ms, on_node, d);
	*out = hub_table_end(&d->t, "How each region is connected", TITLE);
	return r;
}

static void pages_of(struct page *p, const struct received_filter *f,
		     int64_t all, int64_t page, struct tpl_pager *out)
{
	const char *query = arena_str(&p->a, "releases?%s%s%s%s",
				      f->region ? "region=" : "",
				      f->region ? page_url(p, f->region) : "",
				      f->table ? "&table=" : "",
				      f->table ? page_url(p, f->table) : "");
	int64_t last = f->from + f->max < all ? f->from + f->max : all;

	out->text = arena_str(&p->a, "%lld to %lld of %lld",
			      (long long)(f->from + 1), (long long)last,
			      (long long)all);
	if (page > 1)
		out->previous = arena_str(&p->a, "%s&page=%lld", query,
					  (long long)(page - 1));
	if (last < all)
		out->next = arena_str(&p->a, "%s&page=%lld", query,
				      (long long)(page + 1));
}

static const char *file_of(struct page *p, const struct received_filter *f)
{
	return arena_str(&p->a, "releases.csv?region=%s&table=%s",
			 f->region ? page_url(p, f->region) : "",
			 f->table ? page_url(p, f->table) : "");
}

static int filter_of(struct page *p, struct received_filter *f)
{
	const struct hub *h = p->site;

	*f = (struct received_filter){.region = page_query(p, "region"),
				      .table = page_query(p, "table")};
	if (f->table && catalogue_find_table(h->cat, f->table) < 0)
		return err_set(E_NOTFOUND, "there is no such table");
	return f->region ? hub_pick_check(p->db, f->region) : 0;
}

static int gather(struct drawing *d, const struct received_filter *f,
		  int64_t page, struct tpl_hub_lists_sections s[3])
{
	struct page *p = d->p;
	struct tpl_pager *pager = arena_alloc(&p->a, sizeof *pager);
	struct tpl_actions *acts = arena_alloc(&p->a, sizeof *acts);
	struct tpl_actions_actions *csv = arena_alloc(&p->a, sizeof *csv);
	static const struct tpl_empty
		NO_REGION = {.text = "There is no region yet. An operator adds "
				     "one with "
				     "ccfed hub region add."},
		NOTHING = {.text = "Nothing was refused, "
				   "and there was no "
				   "alarm."},
		NONE = {.text = "No region has sent "
				"numbers of this "
				"kind."};
	int64_t all = 0;
	int r;

	if (!pager || !acts || !csv)
		return E_NOMEM;
	s[0] = (struct tpl_hub_lists_sections){
		.id = "nodes", .title = "Regions", .empty = &NO_REGION};
	s[1] = (struct tpl_hub_lists_sections){.id = "refused",
					       .title = "Refused, and alarms",
					       .empty = &NOTHING};
	s[2] = (struct tpl_hub_lists_sections){
		.id = "received", .title = "What arrived", .empty = &NONE};
	r = nodes(d, &s[0].table);
	if (r == 0)
		r = troubles(d, f->region, &s[1].table);
	if (r == 0)
		r = releases(d, f, &all, &s[2].table);
	if (r < 0 || all == 0)
		return r;
	pages_of(p, f, all, page, pager);
	s[2].pager = pager;
	*csv = (struct tpl_actions_actions){
		.href = file_of(p, f), .download = true, .title = "CSV of all"};
	*acts = (struct tpl_actions){.actions = csv, .actions_n = 1};
	s[2].actions = acts;
	return 0;
}

/* What only an operator looks after. */
static void acts_of(struct page *p)
{
	static const struct tpl_layout_head_acts ACTS[] = {
		{.href = "audit", .title = "Audit"},
		{.href = "tokens", .title = "Keys for programs"}};

	if (!(p->who->roles & ROLE_OPERATOR))
		return;
	page_head(p)->acts = ACTS;
	page_head(p)->acts_n = sizeof ACTS / sizeof *ACTS;
}

static int get_releases(struct page *p)
{
	struct drawing d = {.p = p, .h = p->site};
	struct tpl_hub_lists v = {.self = "releases", .filter = true};
	struct tpl_hub_lists_intro intro = {
		.text = "Each region sends its numbers month by month, once a "
			"month has closed. Nothing is ever overwritten: a "
			"correction is a new version, and both are kept. A "
			"receipt is the hub's signed word that it holds it."};
	struct tpl_hub_lists_filters filter[2];
	struct tpl_hub_lists_sections s[3];
	int64_t page = page_query_int(p, "page", 1, PAGES_MOST, 1);
	struct received_filter f;
	int r = filter_of(p, &f);

	if (r < 0)
		return r;
	f.from = (page - 1) * PER_PAGE;
	f.max = PER_PAGE;
	r = gather(&d, &f, page, s);
	if (r == 0)
		r = hub_pick_region(p, "region", "Any region", f.region,
				    &filter[0].select);
	if (r == 0)
		r = hub_pick_table(p, f.table, &filter[1].select);
	if (r < 0)
		return r;
	page_title(p, "Numbers received");
	page_nav(p, "releases");
	page_head(p)->kind = "figures";
	acts_of(p);
	v.intro = &intro;
	v.intro_n = 1;
	v.filters = filter;
	v.filters_n = 2;
	v.sections = s;
	v.sections_n = 3;
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

static int put_release(void *arg, const struct received *r)
{
	struct page *p = arg;
	char month[PERIOD_TEXT];

	page_cell_int(p, r->id);
	page_cell(p, r->region);
	page_cell(p, r->region_title);
	page_cell(p, r->table);
	page_cell(p, period_format((struct period){r->closing, 1}, month));
	page_cell_int(p, r->epoch);
	page_cell_int(p, r->version);
	page_cell(p, hub_instant(&p->a, r->received_utc_ms));
	page_cell(p, hub_instant(&p->a, r->receipt_utc_ms));
	page_cell_int(p, r->events);
	page_cell_int(p, r->occurrences);
	page_cell(p, r->current ? "yes" : "no");
	page_cell(p, r->digest);
	page_row_end(p);
	return 0;
}

static int get_file(struct page *p)
{
	static const char *const TITLE[] = {
		"number",      "region",  "region_title", "table",   "closing",
		"epoch",       "version", "received",	  "receipt", "numbers",
		"occurrences", "current", "digest"};
	struct received_filter f;
	int64_t all = 0;
	int r = filter_of(p, &f);

	if (r < 0)
		return r;
	f.max = FILE_ROWS;
	page_download(p, "text/csv; charset=utf-8", "numbers-received.csv");
	for (size_t i = 0; i < sizeof TITLE / sizeof *TITLE; i++)
		page_cell(p, TITLE[i]);
	page_row_end(p);
	page_exported(p, "release", 0);
	return received_list(p->db, &f, &all, put_release, p);
}

const struct page_route hub_releases_routes[] = {
	{PAGE_GET, "/releases", ROLES_OF_HUB, get_releases, 0},
	{PAGE_GET, "/releases.csv", ROLES_OF_HUB, get_file, 0},
	{0},
};
