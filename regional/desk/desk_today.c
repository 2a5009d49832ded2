/* Today: what is due, of mine and of whom I cover for. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "proto/catalogue.h"
#include "regional/case/kase.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/find_list.h"
#include "regional/desk/ics.h"
#include "regional/desk/later.h"
#include "regional/desk/today_act.h"
#include "regional/desk/today_draw.h"
#include "regional/node.h"

enum { CALENDAR_AHEAD = 60 };
enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static struct node *node_of(struct page *p)
{
	return ((struct desk *)p->site)->n;
}

static int today_page(struct page *p)
{
	static const struct tpl_layout_head_acts acts[] = {
		{.href = "/case/new", .title = "New case", .key = "n"},
		{.href = "/contact/new",
		 .title = "Log a contact",
		 .key = "c",
		 .main = true},
	};
	struct tpl_today *t = arena_alloc(&p->a, sizeof *t);
	struct tpl_layout_head *head;
	struct today_loaded l;
	int x;

	if (!t)
		return E_NOMEM;
	if ((x = today_load(p, TODAY_AHEAD, &l)) < 0 ||
	    (x = today_draw(p, &l, t)) < 0)
		return x;
	page_title(p, "Today");
	page_nav(p, "today");
	head = page_head(p);
	head->meta = day_text_long(&p->a, p->today);
	head->acts = acts;
	head->acts_n = 2;
	if (p->who->staff)
		page_saw(p, "staff", p->who->staff);
	tpl_today(page_body(p), t);
	return 0;
}

/* --- acts --- */

/* Which piece it was, for the words of the note; NULL: it is on no list. */
static const struct today_item *item_of(const struct today_loaded *l,
					const struct today_work *w)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->item[i].kind == w->kind &&
		    l->item[i].record == w->record &&
		    l->item[i].child == w->child)
			return &l->item[i];
	return NULL;
}

static int do_usual(struct page *p, const struct today_loaded *l,
		    const struct today_item *i, const struct today_work *w)
{
	char undo[TODAY_UNDO];
	int x;

	x = today_do(&node_of(p)->rec, w, p->who->staff, p->who->title, undo);
	if (x < 0)
		return x;
	page_note(p, "/today/undo", undo, "Saved: %s",
		  i ? today_text_done(&l->t, i) : "done");
	return 0;
}

static int do_later(struct page *p, const struct today_loaded *l,
		    const struct today_item *i, const struct today_work *w,
		    const char *text)
{
	int32_t until = day_text_workday(p->today);
	char undo[TODAY_UNDO], iso[DATE_TEXT];
	struct kase k;
	int64_t id = 0;
	int x;

	x = page_form_date(p, "until", &until);
	if (x == 0)
		x = kase_of_child(p->db, w->child, &k);
	if (x == 0)
		x = later_set(&node_of(p)->rec, today_kind_id(w->kind),
			      w->record, k.id, until, &id);
	if (x < 0)
		return x;
	snprintf(undo, sizeof undo, "later:%lld:0", (long long)id);
	page_note(p, "/today/undo", undo, "Put off until %s: %s%s%s",
		  day_text_week(&p->a, until),
		  i ? today_text_name(&l->t, i) : "the work", i ? ", " : "",
		  i ? today_text_what(&l->t, i) : "");
	page_redirect(p, "/?later=%s&until=%s", page_url(p, text),
		      date_format(until, iso));
	return 0;
}

static int today_post(struct page *p)
{
	const char *now = page_form(p, "do"), *later = page_form(p, "later");
	const struct today_item *i;
	struct today_loaded l;
	struct today_work w;
	int x;

	if (!now && !later)
		return err_set(E_INVALID, "Choose what to do");
	if ((x = today_work_parse(now ? now : later, &w)) < 0 ||
	    (x = desk_open(p, w.child)) != 0 ||
	    (x = today_load(p, TODAY_AHEAD, &l)) < 0)
		return x;
	page_redirect(p, "/");
	i = item_of(&l, &w);
	return now ? do_usual(p, &l, i, &w) : do_later(p, &l, i, &w, later);
}

static int today_undo_post(struct page *p)
{
	const char *undo = page_form(p, "undo");
	int64_t child;
	int x;

	if (!undo)
		return err_set(E_INVALID, "There is nothing to undo");
	if ((x = today_undo_child(p->db, undo, &child)) < 0 ||
	    (x = desk_open(p, child)) != 0 ||
	    (x = today_undo(&node_of(p)->rec, undo)) < 0)
		return x;
	page_redirect(p, "/");
	page_note(p, NULL, NULL, "Taken back.");
	return 0;
}

/* --- the calendar --- */

/* Ids of the node stay in it; what leaves is the same each time. */
static const char *uid_of(struct page *p, const struct today_item *i)
{
	unsigned char hash[16];
	char hex[2 * sizeof hash + 1], text[TODAY_WORK];

	today_work_text(i, text);
	crypto_generichash(hash, sizeof hash, (const unsigned char *)text,
			   strlen(text), node_of(p)->rec.audit_key,
			   sizeof node_of(p)->rec.audit_key);
	sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
	return arena_dup(&p->a, hex);
}

static int today_calendar(struct page *p)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct ics_event)};
	struct today_loaded all;
	const char *text;
	int x;

	x = today_load(p, CALENDAR_AHEAD, &all);
	for (size_t k = 0; x == 0 && k < all.n; k++) {
		const struct today_item *i = &all.item[k];
		struct ics_event *e;

		if (i->kind != TODAY_VISIT || !(e = arena_add(&l)))
			continue;
		e->uid = uid_of(p, i);
		e->day = i->due;
		/* Calendars are kept elsewhere: initials only. */
		e->summary = arena_str(
			&p->a, "%s, %s",
			today_text_word(&all.t, WORDS_MODE, i->mode),
			find_list_initials(&p->a, i->given, i->family));
		e->description = "";
		page_exported(p, "contact_planned", i->record);
	}
	if (x < 0)
		return x;
	text = ics_text(&p->a, l.items, l.n, p->now_utc_ms);
	if (!text)
		return E_NOMEM;
	page_download(p, "text/calendar", "visits.ics");
	page_put(p, text, strlen(text));
	return 0;
}

const struct page_route desk_today_routes[] = {
	{PAGE_GET, "/", OF_CASES, today_page, 0},
	{PAGE_POST, "/", OF_CASES, today_post, 0},
	{PAGE_GET, "/today", OF_CASES, today_page, 0},
	/* Where an undo that failed says why. */
	{PAGE_GET, "/today/undo", OF_CASES, today_page, 0},
	{PAGE_POST, "/today/undo", OF_CASES, today_undo_post, 0},
	{PAGE_GET, "/today/visits.ics", OF_CASES, today_calendar, PAGE_QUIET},
	{0},
};
