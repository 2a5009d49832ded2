/* A service of the directory: what is known of it, when somebody checked that,
 * and the openings it had. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/desk/cards.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/directory_text.h"
#include "regional/desk/sheet_form.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { SET = 1000, OPENINGS = 12 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* The service of the path. */
static int the_service(struct page *p, struct service *s,
		       struct directory_service *d)
{
	int64_t id;
	int x = page_param_id(p, "service", &id);

	if (x == 0)
		x = service_get(p->db, id, s);
	return x == 0 ? directory_get(p->db, id, d) : x;
}

static const char *set_of(struct page *p, const struct sheet_set *set,
			  int64_t id)
{
	char text[SET];

	return sheet_marks(p->db, set, id, text, sizeof text) < 0
		       ? ""
		       : arena_dup(&p->a, text);
}

static int add_listing(struct page *p, struct cards *c, const struct service *s,
		       const struct directory_service *d)
{
	static const struct tpl_cards_cards_posts verify[] = {
		{.value = "verify", .title = "Verified today", .main = true}};
	struct organization o = {0};
	struct tpl_pairs_pairs *pair;
	struct tpl_cards_cards *card;
	int x = s->organization ? organization_get(p->db, s->organization, &o)
				: 0;

	if (x < 0)
		return x;
	pair = cards_pair(c, "Offered by", arena_dup(&p->a, o.name));
	pair->href = arena_str(&p->a, "directory/organization/%lld",
			       (long long)o.id);
	cards_pair(c, "Phone", arena_dup(&p->a, d->phone));
	cards_pair(c, "For whom", arena_dup(&p->a, d->eligibility));
	cards_pair(c, "Ages", directory_text_ages(p, d->age_from, d->age_to));
	cards_pair(c, "Needs",
		   directory_text_words(p, WORDS_NEED,
					set_of(p, &directory_needs, s->id)));
	cards_pair(c, "Towns", set_of(p, &directory_places, s->id));
	cards_pair(
		c, "In",
		directory_text_words(p, WORDS_LANGUAGE,
				     set_of(p, &directory_languages, s->id)));
	cards_pair(c, "Our note", arena_dup(&p->a, d->note));
	pair = cards_pair(c, "Listing",
			  directory_text_verified(p, d->verified));
	pair->meta = *d->verified_by ? arena_str(&p->a, "by %s", d->verified_by)
				     : NULL;
	if (directory_text_stale(p, d->verified)) {
		pair->tone = "late";
		pair->meta = "Nobody has checked this for half a year: call "
			     "before you send a family there.";
	}
	card = cards_add(c, "listing", "What is known");
	if (!s->active)
		card->text = "It is closed: no referral goes there, and no "
			     "search finds it.";
	else if (d->verified != p->today) {
		card->posts = verify;
		card->posts_n = 1;
	}
	return 0;
}

/* --- openings --- */

static const struct sheet_form_field OPENING_FIELDS[] = {
	{"openings", "Openings", "How many families can start now", 0},
	{"waiting", "Waitlist", "How many wait", 0},
	{"wait_days", "Days to wait", NULL, 0},
	{"seen", "As of", NULL, 0},
	{"told_by", "Who said so", NULL, FORM_OPTIONAL},
};
static const struct sheet_form OPENING = {
	&service_opening_sheet, OPENING_FIELDS,
	sizeof OPENING_FIELDS / sizeof *OPENING_FIELDS, "the openings"};

static const char *number(struct page *p, int64_t v)
{
	return v == SHEET_UNKNOWN ? "" : arena_str(&p->a, "%lld", (long long)v);
}

static int on_opening(void *arg, const void *row)
{
	const struct service_opening *o = row;
	struct desk_table *t = arg;
	struct page *p = t->p;
	struct tpl_table_rows_cells *cell =
		desk_table_row(t, day_text(&p->a, o->seen), NULL, 4);

	if (!cell)
		return E_NOMEM;
	cell[0].text = number(p, o->openings);
	cell[1].text = number(p, o->waiting);
	cell[2].text = number(p, o->wait_days);
	cell[0].number = cell[1].number = cell[2].number = true;
	cell[3].text = arena_dup(&p->a, o->told_by);
	return 0;
}

static int add_openings(struct page *p, struct cards *c, int64_t service)
{
	static const char *const title[] = {"As of", "Openings", "Waitlist",
					    "Days to wait", "Who said so"};
	struct desk_table t;
	struct tpl_cards_cards *card;
	int x;

	desk_table_begin(&t, p);
	x = directory_openings(p->db, service, 0, OPENINGS, on_opening, &t);
	card = cards_table(c, "openings", "Openings",
			   desk_table_end(&t, "Openings", title, 5, false),
			   "Not known yet. Ask when you call, and note it "
			   "here: Today asks again when it gets old.");
	card->act = "Note openings";
	card->href = arena_str(&p->a, "directory/service/%lld/openings",
			       (long long)service);
	return x;
}

static int service_page(struct page *p)
{
	struct tpl_layout_head_acts *act = arena_alloc(&p->a, sizeof *act);
	struct directory_service d;
	struct service s;
	struct cards c;
	int x = the_service(p, &s, &d);

	if (x < 0)
		return x;
	if (!act)
		return E_NOMEM;
	page_title(p, "%s", s.name);
	page_nav(p, "directory");
	page_crumb(p, "directory", "Directory");
	act->title = "Edit";
	act->href = arena_str(&p->a, "directory/service/%lld/edit",
			      (long long)s.id);
	page_head(p)->acts = act;
	page_head(p)->acts_n = 1;
	cards_begin(&c, p);
	if ((x = add_listing(p, &c, &s, &d)) < 0 ||
	    (x = add_openings(p, &c, s.id)) < 0)
		return x;
	cards_draw(&c);
	return 0;
}

/* Undo has what stood before: "2026-03-01 Ann Tester", or "". */
static int take_back(struct page *p, const struct service *s, const char *undo)
{
	char day[DATE_TEXT] = "";
	int32_t was = NO_DATE;
	int x;

	if (strlen(undo) > sizeof day) {
		memcpy(day, undo, sizeof day - 1);
		was = date_parse(day, &was) < 0 ? NO_DATE : was;
	}
	x = directory_unverify(records_of(p), s->id, was,
			       was == NO_DATE ? "" : undo + sizeof day);
	if (x == 0)
		page_note(p, NULL, NULL, "Taken back.");
	return x;
}

static int service_post(struct page *p)
{
	const char *undo = page_form(p, "undo"), *act = page_form(p, "do");
	struct directory_service d;
	char day[DATE_TEXT];
	struct service s;
	int x = the_service(p, &s, &d);

	if (x < 0)
		return x;
	page_redirect(p, "/directory/service/%lld", (long long)s.id);
	if (undo)
		return take_back(p, &s, undo);
	if (!act || strcmp(act, "verify") != 0)
		return err_set(E_INVALID, "Choose what to do");
	x = directory_verify(records_of(p), s.id, p->today, p->who->title);
	if (x == 0)
		page_note(p, p->req->path,
			  d.verified == NO_DATE
				  ? "none"
				  : arena_str(&p->a, "%s %s",
					      date_format(d.verified, day),
					      d.verified_by),
			  "%s: verified today.", s.name);
	return x;
}

static int openings_page(struct page *p)
{
	struct service_opening o;
	struct directory_service d;
	struct tpl_sheet_form *t;
	struct service s;
	int x = the_service(p, &s, &d);

	if (x < 0)
		return x;
	sheet_blank(&service_opening_sheet, &o);
	o.seen = p->today;
	page_title(p, "Openings: %s", s.name);
	page_nav(p, "directory");
	page_crumb(p, "directory", "Directory");
	page_crumb(p,
		   arena_str(&p->a, "directory/service/%lld", (long long)s.id),
		   "%s", s.name);
	t = sheet_form_new(
		p, &OPENING, &o, false, "Save",
		arena_str(&p->a, "directory/service/%lld", (long long)s.id));
	if (!t)
		return E_NOMEM;
	t->said = "Leave empty what they did not say.";
	tpl_sheet_form(page_body(p), t);
	return 0;
}

static int openings_post(struct page *p)
{
	struct directory_service d;
	struct service_opening o;
	struct service s;
	int64_t id;
	int x = the_service(p, &s, &d);

	if (x < 0)
		return x;
	sheet_blank(&service_opening_sheet, &o);
	o.service = s.id;
	if ((x = sheet_form_read(p, &OPENING, &o)) < 0 || page_errors(p))
		return x;
	x = directory_opening(records_of(p), &o, &id);
	if (x < 0)
		return page_refuse(p, x, "openings");
	page_redirect(p, "/directory/service/%lld", (long long)s.id);
	page_note(p, NULL, NULL, "Saved: openings of %s.",
		  day_text(&p->a, o.seen));
	return 0;
}

const struct page_route desk_service_routes[] = {
	{PAGE_GET, "/directory/service/{service}", OF_CASES, service_page, 0},
	{PAGE_POST, "/directory/service/{service}", OF_CASES, service_post, 0},
	{PAGE_GET, "/directory/service/{service}/openings", OF_CASES,
	 openings_page, 0},
	{PAGE_POST, "/directory/service/{service}/openings", OF_CASES,
	 openings_post, 0},
	{0},
};
