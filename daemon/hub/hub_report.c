#include "daemon/hub/hub_report.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/core/mem.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_form.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_ta.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/ta_report_page.h"
#include "daemon/hub/ta_report_store.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/hub/tpl_hub_report.h"
#include "daemon/web/asset.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_select.h"

enum { QUARTERS = 12 };

/* --- all of them --- */

struct listing {
	struct page *p;
	struct hub_table t;
};

static int on_report(void *arg, const struct report_row *r)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;

	if (!hub_table_row(
		    &l->t, arena_str(a, "No. %lld", (long long)r->number),
		    arena_str(a, "report/no/%lld", (long long)r->number)))
		return E_NOMEM;
	hub_table_text(&l->t, arena_dup(a, r->region_title));
	hub_table_text(&l->t,
		       hub_months(a, r->quarter.month, r->quarter.months));
	hub_table_int(&l->t, r->version);
	hub_table_text(&l->t, hub_instant(a, r->published_utc_ms));
	hub_table_text(&l->t, hub_ta_who(l->p, arena_dup(a, r->published_by)));
	hub_table_text(&l->t, arena_str(a, "%.16s", r->hash));
	hub_table_link(
		&l->t, "JSON",
		arena_str(a, "report/no/%lld/json", (long long)r->number));
	return 0;
}

static const struct tpl_select *quarters(struct page *p, const char *chosen)
{
	struct tpl_select_options *o = arena_alloc(&p->a, QUARTERS * sizeof *o);
	struct tpl_select *s = arena_alloc(&p->a, sizeof *s);
	struct period q = period_of(period_month_of_day(p->today), 3);

	if (!o || !s)
		return NULL;
	for (int i = 0; i < QUARTERS; i++, q.month -= 3) {
		char text[PERIOD_TEXT];

		o[i].value = arena_dup(&p->a, period_format(q, text));
		o[i].title = hub_months(&p->a, q.month, 3);
		o[i].chosen = chosen ? strcmp(chosen, text) == 0 : i == 1;
	}
	*s = (struct tpl_select){.name = "quarter",
				 .label = "Quarter",
				 .options = o,
				 .options_n = QUARTERS};
	return s;
}

/* The filter's button opens a draft once both are chosen. */
static int get_list(struct page *p)
{
	static const char *const TITLE[] = {"Number",  "Region",    "Period",
					    "Version", "Published", "By",
					    "Hash",    "Numbers"};
	static const struct tpl_empty NONE = {
		.text = "No report is published yet. Choose a region and a "
			"quarter above to see its draft."};
	static const struct tpl_layout_head_acts ACTS[] = {
		{.href = "packet/state", .title = "Summary of the state"},
		{.href = "grants", .title = "Figures for grants"}};
	struct listing l = {.p = p};
	struct tpl_hub_lists_filters filter[2] = {0};
	struct tpl_hub_lists_sections s = {
		.id = "published", .title = "Published", .empty = &NONE};
	struct tpl_hub_lists v = {.self = "reports",
				  .filter = true,
				  .filters = filter,
				  .filters_n = 2,
				  .sections = &s,
				  .sections_n = 1};
	const char *region = page_query(p, "region"),
		   *quarter = page_query(p, "quarter");
	int r;

	if (region && quarter) {
		page_redirect(p, "/report/%s/%s", page_url(p, region),
			      page_url(p, quarter));
		return 0;
	}
	hub_table_begin(&l.t, &p->a, 7);
	r = report_list(p->db, region, on_report, &l);
	if (r == 0)
		r = hub_pick_region(p, "region", "Choose a region", region,
				    &filter[0].select);
	if (r < 0)
		return r;
	filter[1].select = quarters(p, quarter);
	s.table = hub_table_end(&l.t, "Published reports, the newest first",
				TITLE);
	page_title(p, "Reports to regions");
	page_nav(p, "reports");
	page_head(p)->kind = "figures";
	page_head(p)->acts = ACTS;
	page_head(p)->acts_n = sizeof ACTS / sizeof *ACTS;
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

/* --- a draft --- */

/* The region and quarter that the address names. */
static int address(struct page *p, const char **region, struct period *q)
{
	const char *quarter = page_param(p, "quarter");

	*region = page_param(p, "region");
	if (!*region || !quarter || period_parse(quarter, q) < 0 ||
	    q->months != 3)
		return err_set(E_NOTFOUND, "there is no such quarter; say it "
					   "like 2026Q3");
	return hub_pick_check(p->db, *region);
}

static const char *path(struct page *p, const char *region, struct period q,
			const char *more)
{
	char quarter[PERIOD_TEXT];

	return arena_str(&p->a, "report/%s/%s%s", region,
			 period_format(q, quarter), more);
}

struct versions {
	struct page *p;
	struct period quarter;
	struct arena_list list;
};

static int on_version(void *arg, const struct report_row *r)
{
	struct versions *v = arg;
	struct tpl_hub_report_published *one;

	if (r->quarter.month != v->quarter.month)
		return 0;
	one = arena_add(&v->list);
	if (!one)
		return E_NOMEM;
	one->href = arena_str(&v->p->a, "report/no/%lld", (long long)r->number);
	one->number = r->number;
	one->version = r->version;
	one->last = ";";
	return 0;
}

static int versions_of(struct page *p, const char *region, struct period q,
		       struct tpl_hub_report *v)
{
	struct versions all = {
		.p = p,
		.quarter = q,
		.list = {.arena = &p->a,
			 .size = sizeof(struct tpl_hub_report_published)}};
	struct tpl_hub_report_published *one;
	int r = report_list(p->db, region, on_version, &all);

	one = all.list.items;
	if (all.list.n)
		one[all.list.n - 1].last = ".";
	v->published = one;
	v->published_n = all.list.n;
	return r;
}

static int get_draft(struct page *p)
{
	struct hub *h = p->site;
	struct report_text *text = arena_alloc(&p->a, sizeof *text);
	struct report_mark mark = {0};
	struct tpl_hub_report v = {.csrf = page_csrf(p)};
	const char *region;
	struct period q;
	struct policy policy;
	struct report *rep;
	int r = address(p, &region, &q);

	if (r < 0 || !text)
		return r < 0 ? r : E_NOMEM;
	r = hub_policy(h, p->db, 0, &policy);
	if (r == 0)
		r = report_text_get(p->db, region, q, text);
	if (r == 0)
		r = ta_report_gather(h, p->db, &p->a, region, q, p->today,
				     &rep);
	if (r < 0)
		return r;
	rep->notes = text->notes;
	rep->comment = text->comment;
	mark.floor = policy.floor;
	r = ta_report_fill(h, p->db, &p->a, rep, &mark, &v.report);
	if (r == 0)
		r = versions_of(p, region, q, &v);
	if (r < 0)
		return r;
	v.may = p->who->roles & HUB_TA_MAY;
	v.uncommented = !*text->comment;
	v.packet = arena_str(&p->a, "packet/%s", region);
	v.edit = path(p, region, q, "/texts");
	v.publish = path(p, region, q, "/publish");
	page_title(p, "%s: technical assistance report", rep->region_title);
	page_nav(p, "reports");
	page_crumb(p, "reports", "Reports to regions");
	page_head(p)->kind = "report figures";
	page_head(p)->charts = "";
	tpl_hub_report(page_body(p), &v);
	return 0;
}

static int get_texts(struct page *p)
{
	struct report_text *text = arena_alloc(&p->a, sizeof *text);
	struct hub_form f;
	const char *region;
	struct period q;
	char title[80];
	int r = address(p, &region, &q);

	if (r < 0 || !text)
		return r < 0 ? r : E_NOMEM;
	r = report_text_get(p->db, region, q, text);
	if (r == 0)
		r = hub_pick_title(p->db, region, title);
	if (r < 0)
		return r;
	page_title(p, "Notes and comment");
	page_nav(p, "reports");
	page_crumb(p, path(p, region, q, ""), "%s, %s", title,
		   hub_months(&p->a, q.month, 3));
	hub_form_begin(&f, p);
	if (page_again(p) && text->edition) {
		hub_form_intro(&f, "Saved meanwhile by somebody else:");
		hub_form_intro(&f, text->notes);
		hub_form_intro(&f, text->comment);
	}
	hub_form_hidden(&f, "edition",
			arena_str(&p->a, "%lld", (long long)text->edition));
	hub_form_area(&f, "notes", "From the TA advisor", text->notes,
		      "An empty line begins a new paragraph. Of the region's "
		      "figures and work only, nothing about a child.",
		      REPORT_TEXT - 1);
	hub_form_area(&f, "comment", "The center's own comment", text->comment,
		      "In the center's words, before the report is published.",
		      REPORT_TEXT - 1);
	hub_form_draw(&f, path(p, region, q, "/texts"), "Save",
		      path(p, region, q, ""));
	return 0;
}

static int post_texts(struct page *p)
{
	struct report_text *text = arena_alloc(&p->a, sizeof *text);
	const char *region;
	struct period q;
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int r = address(p, &region, &q);

	if (r < 0 || !text)
		return r < 0 ? r : E_NOMEM;
	page_form_text(p, "notes", text->notes, sizeof text->notes);
	page_form_text(p, "comment", text->comment, sizeof text->comment);
	page_form_int(p, "edition", 0, INT32_MAX, &text->edition);
	if (page_errors(p))
		return 0;
	r = report_text_set(&by, region, q, text);
	if (r == E_STATE) {
		page_error(p, "notes",
			   "Somebody else saved these texts meanwhile; theirs "
			   "stand above. Save again to put yours in their "
			   "place");
		return 0;
	}
	if (r < 0)
		return r;
	page_note(p, NULL, NULL, "Saved.");
	page_redirect(p, "/%s", path(p, region, q, ""));
	return 0;
}

static int post_publish(struct page *p)
{
	struct report_row row;
	const char *region;
	struct period q;
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int r = address(p, &region, &q);

	if (r == 0)
		r = report_publish(p->site, &by, region, q, &row);
	if (r < 0)
		return r;
	page_note(p, NULL, NULL,
		  "Published as No. %lld, version %d; its hash "
		  "begins with %.16s.",
		  (long long)row.number, row.version, row.hash);
	page_redirect(p, "/%s", path(p, region, q, ""));
	return 0;
}

/* --- a document --- */

static int give(struct page *p, bool json)
{
	struct report_row row;
	char *text;
	size_t len;
	int64_t number;
	int r = page_param_id(p, "number", &number);

	if (r == 0)
		r = report_get(p->db, number, json, &row, &text, &len);
	if (r < 0)
		return r;
	page_download(
		p, json ? "application/json" : "text/html; charset=utf-8",
		json ? arena_str(&p->a, "report-%lld.json", (long long)number)
		     : NULL);
	page_put(p, text, len);
	mem_free(text);
	page_exported(p, "report", number);
	return 0;
}

static int get_document(struct page *p)
{
	return give(p, false);
}

static int get_numbers(struct page *p)
{
	return give(p, true);
}

static int give_asset(struct page *p, const char *name)
{
	const struct asset *a = asset_find(asset_path(name));

	page_download(p, a->type, NULL);
	page_put(p, a->data, a->len);
	return 0;
}

static int get_style(struct page *p)
{
	return give_asset(p, "style.css");
}

static int get_icon(struct page *p)
{
	return give_asset(p, "icon.svg");
}

static int get_script(struct page *p)
{
	return give_asset(p, "charts.js");
}

const struct page_route hub_report_routes[] = {
	{PAGE_GET, "/reports", ROLES_OF_HUB, get_list, 0},
	{PAGE_GET, "/report/{region}/{quarter}", ROLES_OF_HUB, get_draft, 0},
	{PAGE_GET, "/report/{region}/{quarter}/texts", HUB_TA_MAY, get_texts,
	 0},
	{PAGE_POST, "/report/{region}/{quarter}/texts", HUB_TA_MAY, post_texts,
	 0},
	{PAGE_POST, "/report/{region}/{quarter}/publish", HUB_TA_MAY,
	 post_publish, 0},
	{PAGE_GET, "/report/no/{number}", ROLES_OF_HUB, get_document, 0},
	{PAGE_GET, "/report/no/{number}/json", ROLES_OF_HUB, get_numbers, 0},
	{PAGE_GET, "/report.css", ROLES_OF_HUB, get_style, PAGE_QUIET},
	{PAGE_GET, "/report.svg", ROLES_OF_HUB, get_icon, PAGE_QUIET},
	{PAGE_GET, "/report.js", ROLES_OF_HUB, get_script, PAGE_QUIET},
	{0},
};
