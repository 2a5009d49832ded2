#include "daemon/hub/hub_ta.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/figure.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/ta_effect.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/hub/tpl_hub_ta_item.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_empty.h"
#include "daemon/web/tpl_pairs.h"

struct ta_hand hub_ta_hand(struct page *p, char *name)
{
	snprintf(name, 64, "user:%s", p->who ? p->who->name : "");
	return (struct ta_hand){.db = p->db,
				.now_utc_ms = p->now_utc_ms,
				.today = p->today,
				.who = name};
}

const char *hub_ta_who(struct page *p, const char *who)
{
	if (strcmp(who, "hub") == 0)
		return "by itself";
	return arena_str(&p->a, "by %s",
			 strncmp(who, "user:", 5) == 0 ? who + 5 : who);
}

int hub_ta_item(struct page *p, struct ta_item *out)
{
	int64_t id;
	int r = page_param_id(p, "id", &id);

	return r < 0 ? r : ta_get(p->db, id, p->today, out);
}

static const struct measure *measure_of(struct page *p, const char *id)
{
	const struct hub *h = p->site;
	int k = *id ? catalogue_find_measure(h->cat, id) : -1;

	return k < 0 ? NULL : catalogue_measure(h->cat, k);
}

/* --- the list --- */

struct listing {
	struct page *p;
	struct hub_table open, closed, due;
};

static int on_item(void *arg, const struct ta_item *i)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;
	bool open = i->closed_on == TA_NO_DAY;
	struct hub_table *t = open ? &l->open : &l->closed;
	const struct measure *m = measure_of(l->p, i->measure);

	if (!hub_table_row(t, arena_dup(a, i->topic),
			   arena_str(a, "ta/%lld", (long long)i->id)))
		return E_NOMEM;
	hub_table_text(t, arena_dup(a, i->region_title));
	if (!open) {
		hub_table_text(t, m ? m->title : "");
		hub_table_text(t, ta_helped_title(i->helped));
		hub_table_text(t, arena_dup(a, i->lesson));
		hub_table_text(t, hub_day(a, i->closed_on));
		return 0;
	}
	hub_table_text(t, ta_cause_title(i->cause));
	hub_table_text(t, hub_day(a, i->opened_on));
	hub_table_text(t, i->began_on == TA_NO_DAY ? "not yet"
						   : hub_day(a, i->began_on));
	hub_table_text(t, i->actions_late
				  ? arena_str(a, "%lld open, %lld late",
					      (long long)i->actions_open,
					      (long long)i->actions_late)
				  : arena_str(a, "%lld open",
					      (long long)i->actions_open));
	return 0;
}

static int on_due(void *arg, const struct ta_action *x)
{
	struct listing *l = arg;
	struct arena *a = &l->p->a;

	if (!hub_table_row(&l->due, arena_dup(a, x->what),
			   arena_str(a, "ta/%lld", (long long)x->item)))
		return E_NOMEM;
	hub_table_text(&l->due, arena_dup(a, x->region_title));
	hub_table_text(&l->due, arena_dup(a, x->owner));
	hub_table_text(&l->due,
		       x->due < l->p->today
			       ? arena_str(a, "%s (late)", hub_day(a, x->due))
			       : hub_day(a, x->due));
	return 0;
}

static void sections_of(struct listing *l, struct tpl_hub_lists_sections s[3])
{
	static const char *const OPEN[] = {"Topic",  "Region", "Why",
					   "Opened", "Begun",  "Actions"},
				 *const DUE[] = {"Action", "Region", "Who",
						 "By"},
				 *const DONE[] = {"Topic",
						  "Region",
						  "Measure",
						  "Did it help?",
						  "What was learned",
						  "Closed"};
	static const struct tpl_empty
		NO_OPEN = {.text = "No item is open. One opens by itself when "
				   "a region falls silent, is late, or passes "
				   "a threshold."},
		NO_DUE = {.text = "No action is open."},
		NO_DONE = {.text = "No item is closed yet. When one is, what "
				   "was learned stands here for the next."};

	s[0] = (struct tpl_hub_lists_sections){
		.id = "open",
		.title = "Open items",
		.table = hub_table_end(&l->open, "Open items", OPEN),
		.empty = &NO_OPEN};
	s[1] = (struct tpl_hub_lists_sections){
		.id = "due",
		.title = "Agreed, and to be done",
		.table = hub_table_end(&l->due, "Open actions by day", DUE),
		.empty = &NO_DUE};
	s[2] = (struct tpl_hub_lists_sections){
		.id = "library",
		.title = "What helped, and what did not",
		.table = hub_table_end(&l->closed, "Closed items", DONE),
		.empty = &NO_DONE};
}

static void acts_of(struct page *p)
{
	static const struct tpl_layout_head_acts ACTS[] = {
		{.href = "ta/new", .title = "Open an item", .main = true},
		{.href = "ta/thresholds", .title = "Thresholds"}};

	if (!(p->who->roles & HUB_TA_MAY))
		return;
	page_head(p)->acts = ACTS;
	page_head(p)->acts_n = sizeof ACTS / sizeof *ACTS;
}

static int get_list(struct page *p)
{
	struct listing l = {.p = p};
	struct tpl_hub_lists_filters filter[1];
	struct tpl_hub_lists_sections s[3];
	struct tpl_hub_lists v = {.self = "ta",
				  .filter = true,
				  .filters = filter,
				  .filters_n = 1,
				  .sections = s,
				  .sections_n = 3};
	const char *region = page_query(p, "region");
	int r = region ? hub_pick_check(p->db, region) : 0;

	hub_table_begin(&l.open, &p->a, 5);
	hub_table_begin(&l.closed, &p->a, 5);
	hub_table_begin(&l.due, &p->a, 3);
	if (r == 0)
		r = ta_list(p->db, region, TA_ALL, p->today, on_item, &l);
	if (r == 0)
		r = ta_actions(p->db, 0, region, on_due, &l);
	if (r == 0)
		r = hub_pick_region(p, "region", "Any region", region,
				    &filter[0].select);
	if (r < 0)
		return r;
	sections_of(&l, s);
	page_title(p, "Technical assistance");
	page_nav(p, "ta");
	page_head(p)->kind = "figures";
	acts_of(p);
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

/* --- one item --- */

static const char *rate(struct page *p, const struct measure_row *r)
{
	char text[FIGURE_TEXT];

	if (r->said != SAID_FIGURE)
		return "not closed yet";
	return arena_dup(&p->a, figure_rate(r, text));
}

static const char *count(struct page *p, const struct measure_row *r)
{
	char num[FIGURE_TEXT], den[FIGURE_TEXT];

	if (r->said != SAID_FIGURE)
		return "";
	return arena_str(&p->a, "%s of %s", figure_grouped(r->numerator, num),
			 figure_grouped(r->denominator, den));
}

static void effect_row(struct page *p, struct hub_table *t, const char *name,
		       const struct measure_row pair[2])
{
	hub_table_row(t, name, NULL);
	for (int w = 0; w < 2; w++) {
		hub_table_number(t, rate(p, &pair[w]));
		hub_table_number(t, count(p, &pair[w]));
	}
}

/* The answer to "did it help?" that the figures give, with its limits. */
static const char *effect_said(struct page *p, const struct ta_item *i,
			       const struct ta_effect *e)
{
	const char *where = i->region_title;

	if (e->region_moved > 0 && e->others_moved <= 0)
		return arena_str(&p->a,
				 "%s became better, beyond chance, and the "
				 "regions without "
				 "assistance did not.",
				 where);
	if (e->region_moved > 0)
		return arena_str(&p->a,
				 "%s became better, and so did the regions "
				 "without assistance: it may not be due to the "
				 "assistance.",
				 where);
	if (e->region_moved < 0)
		return arena_str(&p->a,
				 "%s became worse, beyond chance, after the "
				 "assistance began.",
				 where);
	return arena_str(&p->a,
			 "Whether %s became better can't be told: what changed "
			 "is within chance.",
			 where);
}

static int effect_of(struct page *p, const struct ta_item *i,
		     struct tpl_hub_ta_item *v)
{
	static const char *const TITLE[] = {"Where", "Before", "Count", "After",
					    "Count"};
	const struct measure *m = measure_of(p, i->measure);
	struct hub_table t;
	struct ta_effect e;
	int r;

	if (!m || m->unit != MEASURE_PROPORTION)
		return 0;
	if (i->began_on == TA_NO_DAY) {
		v->waits = "Once a visit, call or advice is noted, the "
			   "figures before and after it are compared here.";
		return 0;
	}
	r = ta_effect(p->site, p->db, i, &e);
	if (r < 0)
		return r;
	if (!e.ready) {
		v->waits = arena_str(
			&p->a,
			"Assistance began on %s. Whether it helped "
			"can be asked when the region's numbers of "
			"%s are closed.",
			hub_day(&p->a, i->began_on),
			hub_months(&p->a, e.after.month, e.after.months));
		return 0;
	}
	hub_table_begin(&t, &p->a, 4);
	effect_row(p, &t, arena_dup(&p->a, i->region_title), e.region);
	effect_row(p, &t,
		   arena_str(&p->a, "%d region%s without assistance",
			     e.n_others, e.n_others == 1 ? "" : "s"),
		   e.others);
	v->effect = hub_table_end(
		&t,
		arena_str(&p->a, "%s, %s and %s", m->title,
			  hub_months(&p->a, e.before.month, e.before.months),
			  hub_months(&p->a, e.after.month, e.after.months)),
		TITLE);
	v->said = effect_said(p, i, &e);
	return 0;
}

struct filling {
	struct page *p;
	struct arena_list actions, entries;
};

static int on_action(void *arg, const struct ta_action *x)
{
	struct filling *f = arg;
	struct arena *a = &f->p->a;
	struct tpl_hub_ta_item_actions *v = arena_add(&f->actions);

	if (!v)
		return E_NOMEM;
	v->what = arena_dup(a, x->what);
	v->owner = arena_dup(a, x->owner);
	v->due = hub_day(a, x->due);
	v->open = strcmp(x->state, "open") == 0;
	v->late = v->open && x->due < f->p->today;
	v->state = v->open ? "open"
			   : arena_str(a, "%s %s", x->state,
				       hub_day(a, x->state_on));
	v->href = arena_str(a, "ta/action/%lld", (long long)x->id);
	return 0;
}

static int on_entry(void *arg, const struct ta_entry *e)
{
	struct filling *f = arg;
	struct arena *a = &f->p->a;
	struct tpl_hub_ta_item_entries *v = arena_add(&f->entries);

	if (!v)
		return E_NOMEM;
	v->day = hub_day(a, e->on_day);
	v->kind = strcmp(e->kind, "visit") == 0	   ? "Visit"
		  : strcmp(e->kind, "call") == 0   ? "Call"
		  : strcmp(e->kind, "advice") == 0 ? "Advice"
						   : "Note";
	v->text = arena_dup(a, e->text);
	v->who = hub_ta_who(f->p, arena_dup(a, e->who));
	return 0;
}

static const struct tpl_pairs *facts_of(struct page *p, const struct ta_item *i)
{
	struct tpl_pairs_pairs *v = arena_alloc(&p->a, 6 * sizeof *v);
	struct tpl_pairs *out = arena_alloc(&p->a, sizeof *out);
	const struct measure *m = measure_of(p, i->measure);
	size_t n = 0;

	if (!v || !out)
		return NULL;
	v[n++] = (struct tpl_pairs_pairs){
		.name = "Region", .text = arena_dup(&p->a, i->region_title)};
	if (m)
		v[n++] = (struct tpl_pairs_pairs){
			.name = "Measure", .text = m->title, .meta = m->id};
	v[n++] = (struct tpl_pairs_pairs){.name = "Why",
					  .text = ta_cause_title(i->cause)};
	v[n++] = (struct tpl_pairs_pairs){
		.name = "Opened",
		.text = hub_day(&p->a, i->opened_on),
		.meta = hub_ta_who(p, arena_dup(&p->a, i->opened_by))};
	v[n++] = (struct tpl_pairs_pairs){
		.name = "Assistance began",
		.text = i->began_on == TA_NO_DAY ? "not yet"
						 : hub_day(&p->a, i->began_on)};
	if (i->closed_on != TA_NO_DAY)
		v[n++] = (struct tpl_pairs_pairs){
			.name = "Closed",
			.text = hub_day(&p->a, i->closed_on),
			.meta = ta_helped_title(i->helped)};
	*out = (struct tpl_pairs){.pairs = v, .pairs_n = n};
	return out;
}

static void item_acts(struct page *p, const struct ta_item *i)
{
	struct tpl_layout_head_acts *a = arena_alloc(&p->a, 2 * sizeof *a);
	size_t n = 0;

	if (!a)
		return;
	a[n++] = (struct tpl_layout_head_acts){
		.href = arena_str(&p->a, "ta/%lld/sheet", (long long)i->id),
		.title = "Call sheet"};
	if (p->who->roles & HUB_TA_MAY)
		a[n++] = (struct tpl_layout_head_acts){
			.href = arena_str(&p->a, "ta/%lld/close",
					  (long long)i->id),
			.title = i->closed_on == TA_NO_DAY
					 ? "Did it help? Close it"
					 : "Open it again"};
	page_head(p)->acts = a;
	page_head(p)->acts_n = n;
}

static int get_item(struct page *p)
{
	struct filling f = {
		.p = p,
		.actions = {.arena = &p->a,
			    .size = sizeof(struct tpl_hub_ta_item_actions)},
		.entries = {.arena = &p->a,
			    .size = sizeof(struct tpl_hub_ta_item_entries)}};
	struct tpl_hub_ta_item v = {.csrf = page_csrf(p)};
	struct ta_item i;
	int r = hub_ta_item(p, &i);

	if (r == 0)
		r = ta_actions(p->db, i.id, NULL, on_action, &f);
	if (r == 0)
		r = ta_entries(p->db, i.id, on_entry, &f);
	if (r == 0)
		r = effect_of(p, &i, &v);
	if (r < 0)
		return r;
	v.why = i.why;
	v.pairs = facts_of(p, &i);
	v.actions = f.actions.items;
	v.actions_n = f.actions.n;
	v.entries = f.entries.items;
	v.entries_n = f.entries.n;
	v.lesson = i.lesson;
	v.may = (p->who->roles & HUB_TA_MAY) && i.closed_on == TA_NO_DAY;
	v.new_action = arena_str(&p->a, "ta/%lld/action", (long long)i.id);
	v.new_entry = arena_str(&p->a, "ta/%lld/entry", (long long)i.id);
	page_title(p, "%s", i.topic);
	page_nav(p, "ta");
	page_crumb(p, "ta", "Technical assistance");
	page_head(p)->kind = "figures";
	item_acts(p, &i);
	page_saw(p, "ta_item", i.id);
	tpl_hub_ta_item(page_body(p), &v);
	return 0;
}

const struct page_route hub_ta_routes[] = {
	{PAGE_GET, "/ta", ROLES_OF_HUB, get_list, 0},
	{PAGE_GET, "/ta/{id}", ROLES_OF_HUB, get_item, 0},
	{0},
};
