#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_form.h"
#include "daemon/hub/hub_pick.h"
#include "daemon/hub/hub_ta.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/tpl_hub_lists.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_select.h"
#include "proto/catalogue.h"

static void frame(struct page *p, const struct ta_item *i, const char *title)
{
	page_title(p, "%s", title);
	page_nav(p, "ta");
	page_crumb(p, "ta", "Technical assistance");
	if (i)
		page_crumb(p, arena_str(&p->a, "ta/%lld", (long long)i->id),
			   "%s", i->topic);
}

/* --- a new item --- */

static int get_new(struct page *p)
{
	const struct tpl_select *region, *measure;
	struct hub_form f;
	int r = hub_pick_region(p, "region", "Choose a region",
				page_query(p, "region"), &region);

	if (r == 0)
		r = hub_pick_measure(p, "None", page_query(p, "measure"), 0,
				     &measure);
	if (r < 0)
		return r;
	frame(p, NULL, "Open an item");
	hub_form_begin(&f, p);
	hub_form_intro(&f, "Write of the region and its figures only. Nothing "
			   "about a child belongs here.");
	hub_form_select(&f, region);
	hub_form_text(&f, "topic", "Topic", NULL,
		      "In a few words, like: fewer referrals lead to a service",
		      TA_TOPIC - 1);
	hub_form_select(&f, measure);
	hub_form_area(&f, "why", "Why now (optional)", page_query(p, "why"),
		      NULL, TA_TEXT - 1);
	hub_form_draw(&f, "ta/new", "Open the item", "ta");
	return 0;
}

static int post_new(struct page *p)
{
	struct ta_item new = {.cause = TA_BY_HAND};
	struct hub *h = p->site;
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id;
	int r;

	page_form_text(p, "region", new.region, sizeof new.region);
	page_form_text(p, "topic", new.topic, sizeof new.topic);
	page_form_text(p, "measure", new.measure, sizeof new.measure);
	page_form_text(p, "why", new.why, sizeof new.why);
	if (!*new.region)
		page_error(p, "region", "Choose the region");
	if (!*new.topic)
		page_error(p, "topic", "Say in a few words what it is about");
	if (*new.measure && catalogue_find_measure(h->cat, new.measure) < 0)
		page_error(p, "measure", "There is no such measure");
	if (page_errors(p))
		return 0;
	r = ta_open(&by, &new, &id);
	if (r < 0)
		return r;
	page_note(p, NULL, NULL, "The item is open.");
	page_redirect(p, "/ta/%lld", (long long)id);
	return 0;
}

/* --- a visit, call, advice or note --- */

static int get_entry(struct page *p)
{
	static const struct hub_choice KIND[] = {{"visit", "Visit", NULL},
						 {"call", "Call", NULL},
						 {"advice", "Advice", NULL},
						 {"note", "Note",
						  "does not count as the "
						  "beginning of assistance"}};
	struct hub_form f;
	struct ta_item i;
	int r = hub_ta_item(p, &i);

	if (r < 0)
		return r;
	frame(p, &i, "Note a visit, call or advice");
	hub_form_begin(&f, p);
	hub_form_radios(&f, "kind", "What it was", KIND, 4, "call");
	hub_form_day(&f, "on", "Day", p->today, NULL);
	hub_form_area(&f, "text", "What was said or seen", NULL,
		      "Of the region and how it works. Nothing about a child.",
		      TA_TEXT - 1);
	hub_form_draw(&f, arena_str(&p->a, "ta/%lld/entry", (long long)i.id),
		      "Save", arena_str(&p->a, "ta/%lld", (long long)i.id));
	return 0;
}

static int post_entry(struct page *p)
{
	struct ta_entry new = {.on_day = TA_NO_DAY};
	struct ta_item i;
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id;
	int r = hub_ta_item(p, &i);

	if (r < 0)
		return r;
	page_form_text(p, "kind", new.kind, sizeof new.kind);
	page_form_text(p, "text", new.text, sizeof new.text);
	page_form_date(p, "on", &new.on_day);
	new.item = i.id;
	if (!*new.kind)
		page_error(p, "kind", "Say what it was");
	if (new.on_day == TA_NO_DAY && !page_error_of(p, "on"))
		page_error(p, "on", "Say on which day");
	if (!*new.text)
		page_error(p, "text", "Say what was said or seen");
	if (page_errors(p))
		return 0;
	r = ta_entry_add(&by, &new, &id);
	if (r < 0)
		return page_refuse(p, r, "on");
	page_note(p, "/ta/undo-entry", arena_str(&p->a, "%lld", (long long)id),
		  "Noted.");
	page_redirect(p, "/ta/%lld", (long long)i.id);
	return 0;
}

static int post_undo_entry(struct page *p)
{
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id = 0;
	int r = page_form_int(p, "undo", 1, INT64_MAX, &id);

	if (r < 0)
		return r;
	r = ta_entry_withdraw(&by, id);
	if (r < 0)
		return r;
	page_note(p, NULL, NULL, "The entry is taken back.");
	page_redirect(p, "/ta");
	return 0;
}

/* --- actions --- */

static int get_action(struct page *p)
{
	struct hub_form f;
	struct ta_item i;
	int r = hub_ta_item(p, &i);

	if (r < 0)
		return r;
	frame(p, &i, "Agree an action");
	hub_form_begin(&f, p);
	hub_form_text(&f, "what", "What is to be done", NULL, NULL,
		      TA_TOPIC - 1);
	hub_form_text(&f, "owner", "Who does it", NULL,
		      "Like: center, intake lead", TA_OWNER - 1);
	hub_form_day(&f, "due", "By", TA_NO_DAY, NULL);
	hub_form_draw(&f, arena_str(&p->a, "ta/%lld/action", (long long)i.id),
		      "Save the action",
		      arena_str(&p->a, "ta/%lld", (long long)i.id));
	return 0;
}

static int post_action(struct page *p)
{
	struct ta_action new = {.due = TA_NO_DAY};
	struct ta_item i;
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id;
	int r = hub_ta_item(p, &i);

	if (r < 0)
		return r;
	page_form_text(p, "what", new.what, sizeof new.what);
	page_form_text(p, "owner", new.owner, sizeof new.owner);
	page_form_date(p, "due", &new.due);
	new.item = i.id;
	if (!*new.what)
		page_error(p, "what", "Say what is to be done");
	if (!*new.owner)
		page_error(p, "owner", "Say who does it");
	if (new.due == TA_NO_DAY && !page_error_of(p, "due"))
		page_error(p, "due", "Say by which day");
	if (page_errors(p))
		return 0;
	r = ta_action_add(&by, &new, &id);
	if (r < 0)
		return r;
	page_note(p, NULL, NULL, "The action is agreed.");
	page_redirect(p, "/ta/%lld#actions", (long long)i.id);
	return 0;
}

/* A button's "state", or an undo's, which is the same word. */
static int post_state(struct page *p)
{
	const char *state = page_form(p, "state");
	char name[64], before[8];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id, item;
	int r = page_param_id(p, "id", &id);

	if (!state)
		state = page_form(p, "undo");
	if (r < 0)
		return r;
	if (!state ||
	    (strcmp(state, "open") != 0 && strcmp(state, "done") != 0 &&
	     strcmp(state, "dropped") != 0))
		return err_set(E_NOTFOUND, "there is no such state");
	r = ta_action_set(&by, id, state, before, &item);
	if (r < 0)
		return r;
	page_note(p, arena_str(&p->a, "/ta/action/%lld", (long long)id), before,
		  "The action is %s.", state);
	page_redirect(p, "/ta/%lld#actions", (long long)item);
	return 0;
}

/* --- the end --- */

static int get_close(struct page *p)
{
	static const struct hub_choice HELPED[] = {
		{"yes", "Yes", NULL},
		{"partly", "In part", NULL},
		{"no", "No", NULL},
		{"cannot_say", "It can't be said", NULL}};
	struct hub_form f;
	struct ta_item i;
	int r = hub_ta_item(p, &i);
	const char *action, *back;

	if (r < 0)
		return r;
	action = arena_str(&p->a, "ta/%lld/close", (long long)i.id);
	back = arena_str(&p->a, "ta/%lld", (long long)i.id);
	hub_form_begin(&f, p);
	if (i.closed_on != TA_NO_DAY) {
		frame(p, &i, "Open it again");
		hub_form_intro(&f, "The item goes on where it ended; its "
				   "actions and log stay.");
		hub_form_draw(
			&f, arena_str(&p->a, "ta/%lld/reopen", (long long)i.id),
			"Open it again", back);
		return 0;
	}
	frame(p, &i, "Did it help?");
	hub_form_radios(&f, "helped", "Did the assistance help?", HELPED, 4,
			NULL);
	hub_form_area(&f, "lesson", "What others can learn from it (optional)",
		      i.lesson,
		      "It stands in the list of what helped and what did not.",
		      TA_TEXT - 1);
	hub_form_draw(&f, action, "Close the item", back);
	return 0;
}

static enum ta_helped helped_of(const char *word)
{
	static const char *const WORD[] = {"", "yes", "partly", "no",
					   "cannot_say"};

	for (int i = 1; i < 5; i++)
		if (word && strcmp(word, WORD[i]) == 0)
			return (enum ta_helped)i;
	return TA_NOT_ASKED;
}

static int post_close(struct page *p)
{
	enum ta_helped helped = helped_of(page_form(p, "helped"));
	char name[64], lesson[TA_TEXT];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r < 0)
		return r;
	page_form_text(p, "lesson", lesson, sizeof lesson);
	if (helped == TA_NOT_ASKED)
		page_error(p, "helped",
			   "Say whether it helped; \"it can't be "
			   "said\" is an answer, too");
	if (page_errors(p))
		return 0;
	r = ta_close(&by, id, helped, lesson);
	if (r < 0)
		return r;
	page_note(p, arena_str(&p->a, "/ta/%lld/reopen", (long long)id), "1",
		  "The item is closed.");
	page_redirect(p, "/ta/%lld", (long long)id);
	return 0;
}

static int post_reopen(struct page *p)
{
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int64_t id;
	int r = page_param_id(p, "id", &id);

	if (r == 0)
		r = ta_reopen(&by, id);
	if (r == E_STATE)
		page_note(p, NULL, NULL, "%s.", err_text(r));
	else if (r < 0)
		return r;
	else
		page_note(p, NULL, NULL, "The item is open again.");
	page_redirect(p, "/ta/%lld", (long long)id);
	return 0;
}

/* --- thresholds --- */

struct listing {
	struct page *p;
	struct hub_table t;
};

static int on_threshold(void *arg, const struct ta_threshold *t)
{
	struct listing *l = arg;
	const struct hub *h = l->p->site;
	int k = catalogue_find_measure(h->cat, t->measure);

	if (k < 0)
		return 0;
	if (!hub_table_row(&l->t, catalogue_measure(h->cat, k)->title, NULL))
		return E_NOMEM;
	hub_table_text(&l->t, arena_str(&l->p->a, "%s %d.%d %%",
					t->below ? "below" : "above",
					t->tenths / 10, t->tenths % 10));
	return 0;
}

static int get_thresholds(struct page *p)
{
	static const char *const TITLE[] = {"Measure", "An item opens"};
	static const struct hub_choice SIDE[] = {{"below", "Below", NULL},
						 {"above", "Above", NULL}};
	struct listing l = {.p = p};
	const struct tpl_select *measure;
	struct tpl_hub_lists_sections s = {.id = "now", .title = "In force"};
	struct tpl_hub_lists v = {.sections = &s};
	struct hub_form f;
	int r;

	hub_table_begin(&l.t, &p->a, 1);
	r = ta_thresholds(p->db, on_threshold, &l);
	if (r == 0)
		r = hub_pick_measure(p, "Choose a measure", NULL, 1, &measure);
	if (r < 0)
		return r;
	frame(p, NULL, "Thresholds");
	hub_form_begin(&f, p);
	hub_form_intro(&f, "When a region's rate of a whole quarter lies "
			   "beyond its threshold, an item opens by itself, "
			   "once. A rate that is a range must lie beyond it as "
			   "a whole.");
	hub_form_select(&f, measure);
	hub_form_radios(&f, "side", "An item opens if the rate is", SIDE, 2,
			"below");
	hub_form_text(&f, "percent", "Percent", NULL,
		      "Like 55 or 55.5; empty takes the threshold away", 6);
	s.table = hub_table_end(&l.t, "Thresholds in force", TITLE);
	v.sections_n = s.table ? 1 : 0;
	hub_form_draw(&f, "ta/thresholds", "Save", "ta");
	tpl_hub_lists(page_body(p), &v);
	return 0;
}

/* "55.5" into tenths; -1 if it is empty, -2 if it is no such number. */
static int tenths_of(const char *text)
{
	char *end;
	double v;

	if (!text)
		return -1;
	v = strtod(text, &end);
	if (end == text || *end || !(v >= 0 && v <= 100))
		return -2;
	return (int)(v * 10 + 0.5);
}

static int post_thresholds(struct page *p)
{
	struct ta_threshold t = {.tenths = tenths_of(page_form(p, "percent"))};
	const struct hub *h = p->site;
	const char *side = page_form(p, "side");
	char name[64];
	struct ta_hand by = hub_ta_hand(p, name);
	int r;

	page_form_text(p, "measure", t.measure, sizeof t.measure);
	t.below = !side || strcmp(side, "above") != 0;
	if (catalogue_find_measure(h->cat, t.measure) < 0)
		page_error(p, "measure", "Choose a measure");
	if (t.tenths < -1)
		page_error(p, "percent",
			   "Give a number from 0 to 100, with at "
			   "most one decimal");
	if (page_errors(p))
		return 0;
	r = ta_threshold_set(&by, &t);
	if (r < 0)
		return r;
	page_note(p, NULL, NULL,
		  t.tenths < 0 ? "The threshold is taken away."
			       : "The threshold is in force.");
	page_redirect(p, "/ta/thresholds");
	return 0;
}

const struct page_route hub_ta_forms_routes[] = {
	{PAGE_GET, "/ta/new", HUB_TA_MAY, get_new, 0},
	{PAGE_POST, "/ta/new", HUB_TA_MAY, post_new, 0},
	{PAGE_GET, "/ta/{id}/entry", HUB_TA_MAY, get_entry, 0},
	{PAGE_POST, "/ta/{id}/entry", HUB_TA_MAY, post_entry, 0},
	{PAGE_POST, "/ta/undo-entry", HUB_TA_MAY, post_undo_entry, 0},
	{PAGE_GET, "/ta/{id}/action", HUB_TA_MAY, get_action, 0},
	{PAGE_POST, "/ta/{id}/action", HUB_TA_MAY, post_action, 0},
	{PAGE_POST, "/ta/action/{id}", HUB_TA_MAY, post_state, 0},
	{PAGE_GET, "/ta/{id}/close", HUB_TA_MAY, get_close, 0},
	{PAGE_POST, "/ta/{id}/close", HUB_TA_MAY, post_close, 0},
	{PAGE_POST, "/ta/{id}/reopen", HUB_TA_MAY, post_reopen, 0},
	{PAGE_GET, "/ta/thresholds", HUB_TA_MAY, get_thresholds, 0},
	{PAGE_POST, "/ta/thresholds", HUB_TA_MAY, post_thresholds, 0},
	{0},
};
