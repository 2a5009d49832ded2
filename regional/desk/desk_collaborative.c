/* The collaborative: which agencies meet, how often they come, and the gaps in
 * services that they took up. Nothing here names a child. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/collaborative.h"
#include "regional/case/directory.h"
#include "regional/case/organization.h"
#include "regional/desk/cards.h"
#include "regional/desk/collaborative_view.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/org_named.h"
#include "regional/desk/sheet_form.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { MEMBERS = 300, MEETINGS = 24, GAPS = 100, ALL = 50 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static int draw(struct page *p, struct tpl_sheet_form *t)
{
	if (!t)
		return E_NOMEM;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

static const char *path_of(struct page *p, const struct collaborative *c,
			   const char *more)
{
	return arena_str(&p->a, "collaborative/%lld%s", (long long)c->id, more);
}

/* --- the list --- */

struct found {
	struct page *p;
	struct desk_table all;
	int64_t now; /* the newest that goes on */
};

static int on_collaborative(void *arg, const void *row)
{
	const struct collaborative *c = row;
	struct found *f = arg;
	struct page *p = f->p;
	struct tpl_table_rows_cells *cell = desk_table_row(
		&f->all, arena_dup(&p->a, c->name), path_of(p, c, ""), 2);

	if (!cell)
		return E_NOMEM;
	cell[0].text = day_text(&p->a, c->begun);
	cell[1].text = c->ended == NO_DATE ? "goes on"
					   : day_text(&p->a, c->ended);
	if (c->ended == NO_DATE)
		f->now = c->id;
	return 0;
}

/* --- one --- */

static int on_member(void *arg, const void *row)
{
	const struct collaborative_member *m = row;
	struct desk_table *t = arg;
	struct page *p = t->p;
	struct organization o;
	int64_t came = 0, held = 0;
	struct tpl_table_rows_cells *cell;
	int x = organization_get(p->db, m->organization, &o);

	if (x == 0)
		x = collaborative_view_came(p->db, m, &came, &held);
	if (x < 0)
		return x;
	cell = desk_table_row(
		t, arena_dup(&p->a, o.name),
		arena_str(&p->a, "collaborative/member/%lld", (long long)m->id),
		4);
	if (!cell)
		return E_NOMEM;
	cell[0].text = desk_word(p, WORDS_SECTOR, m->sector);
	cell[1].text = arena_dup(&p->a, m->person);
	cell[2].text = day_text(&p->a, m->joined);
	cell[3].text = held ? arena_str(&p->a, "%lld of %lld", (long long)came,
					(long long)held)
			    : "";
	return 0;
}

static int add_members(struct page *p, struct cards *c,
		       const struct collaborative *o)
{
	static const char *const title[] = {"Agency", "Sector", "Who comes",
					    "Since", "Came to"};
	struct tpl_cards_cards *card;
	struct desk_table t;
	int x;

	desk_table_begin(&t, p);
	x = collaborative_view_members(p->db, o->id, p->today, MEMBERS,
				       on_member, &t);
	card = cards_table(c, "agencies", "Agencies by sector",
			   desk_table_end(&t, "Agencies", title, 5, true),
			   "None yet. Add the agencies that meet; they are "
			   "organizations of the directory.");
	card->act = "Add an agency";
	card->href = path_of(p, o, "/member");
	return x;
}

static int on_meeting(void *arg, const void *row)
{
	const struct collaborative_meeting *m = row;
	struct desk_table *t = arg;
	struct page *p = t->p;
	int64_t came = 0;
	int x = collaborative_attended(p->db, m->id, &came);
	struct tpl_table_rows_cells *cell =
		desk_table_row(t, day_text(&p->a, m->met),
			       arena_str(&p->a, "collaborative/meeting/%lld",
					 (long long)m->id),
			       3);

	if (x < 0 || !cell)
		return x < 0 ? x : E_NOMEM;
	cell[0].text = arena_str(&p->a, "%lld", (long long)came);
	cell[0].number = true;
	cell[1].text = arena_dup(&p->a, m->place);
	cell[2].text = arena_dup(&p->a, m->topic);
	return 0;
}

static int add_meetings(struct page *p, struct cards *c,
			const struct collaborative *o)
{
	static const char *const title[] = {"Meeting", "Agencies that came",
					    "Place", "Topic"};
	struct tpl_cards_cards *card;
	struct desk_table t;
	int x;

	desk_table_begin(&t, p);
	x = collaborative_meetings(p->db, o->id, 0, MEETINGS, on_meeting, &t);
	card = cards_table(c, "meetings", "Meetings",
			   desk_table_end(&t, "Meetings", title, 4, false),
			   "None yet. Record the meeting on its day; print the "
			   "packet before.");
	card->act = "Packet for the next meeting";
	card->href = path_of(p, o, "/packet");
	return x;
}

static int add_gaps(struct page *p, struct cards *c,
		    const struct collaborative *o, bool open)
{
	struct tpl_cards_cards *card;
	const struct tpl_table *t;
	int x = collaborative_view_gaps(p, o->id, open, &t);

	card = cards_table(c, "gaps", open ? "Gaps that are open" : "All gaps",
			   t,
			   "None. A gap is what families need and nobody "
			   "offers; raise it at a meeting.");
	card->act = open ? "All gaps" : "Open gaps";
	card->href = path_of(p, o, open ? "?gaps=all" : "");
	return x;
}

static int draw_one(struct page *p, const struct collaborative *o)
{
	struct tpl_layout_head_acts *act = arena_alloc(&p->a, 3 * sizeof *act);
	bool open = !page_query(p, "gaps");
	struct cards c;
	int x;

	if (!act)
		return E_NOMEM;
	page_title(p, "%s", o->name);
	page_nav(p, "collaborative");
	act[0].title = "Record a meeting";
	act[0].href = path_of(p, o, "/meeting");
	act[0].main = true;
	act[1].title = "Raise a gap";
	act[1].href = path_of(p, o, "/gap");
	act[2].title = "Edit";
	act[2].href = path_of(p, o, "/edit");
	page_head(p)->acts = act;
	page_head(p)->acts_n = 3;
	page_head(p)->meta = o->ended == NO_DATE
				     ? arena_str(&p->a, "Since %s",
						 day_text(&p->a, o->begun))
				     : arena_str(&p->a, "From %s to %s",
						 day_text(&p->a, o->begun),
						 day_text(&p->a, o->ended));
	cards_begin(&c, p);
	if ((x = add_gaps(p, &c, o, open)) < 0 ||
	    (x = add_meetings(p, &c, o)) < 0 || (x = add_members(p, &c, o)) < 0)
		return x;
	cards_draw(&c);
	return 0;
}

static int front_page(struct page *p)
{
	static const char *const title[] = {"Name", "Begun", "Ended"};
	static const struct tpl_layout_head_acts act = {
		.title = "Begin a collaborative",
		.href = "collaborative/new",
		.main = true};
	struct collaborative o;
	struct found f = {.p = p};
	struct cards c;
	int x;

	desk_table_begin(&f.all, p);
	x = collaborative_list(p->db, 0, ALL, on_collaborative, &f);
	if (x < 0)
		return x;
	if (f.now && f.all.rows.n == 1)
		return (x = collaborative_get(p->db, f.now, &o)) < 0
			       ? x
			       : draw_one(p, &o);
	page_title(p, "Collaborative");
	page_nav(p, "collaborative");
	page_head(p)->acts = &act;
	page_head(p)->acts_n = 1;
	cards_begin(&c, p);
	cards_table(&c, "all", "Collaboratives",
		    desk_table_end(&f.all, "Collaboratives", title, 3, false),
		    "None yet. A collaborative is the agencies of the region "
		    "that meet each month about what families need.");
	cards_draw(&c);
	return 0;
}

static int the_one(struct page *p, struct collaborative *c)
{
	int64_t id;
	int x = page_param_id(p, "collaborative", &id);

	return x < 0 ? x : collaborative_get(p->db, id, c);
}

static int one_page(struct page *p)
{
	struct collaborative c;
	int x = the_one(p, &c);

	if (x < 0)
		return x;
	page_crumb(p, "collaborative", "Collaborative");
	return draw_one(p, &c);
}

/* --- begun, ended, renamed --- */

static const struct sheet_form_field BEGIN_FIELDS[] = {
	{"name", "Name", NULL, 0},
	{"begun", "Begun on", NULL, 0},
};
static const struct sheet_form BEGIN = {&collaborative_sheet, BEGIN_FIELDS, 2,
					"this collaborative"};
static const struct sheet_form_field EDIT_FIELDS[] = {
	{"name", "Name", NULL, 0},
	{"begun", "Begun on", NULL, 0},
	{"ended", "Ended on", "Empty while it goes on", FORM_OPTIONAL},
};
static const struct sheet_form EDIT = {&collaborative_sheet, EDIT_FIELDS, 3,
				       "this collaborative"};

static int new_page(struct page *p)
{
	struct collaborative c;

	sheet_blank(&collaborative_sheet, &c);
	page_title(p, "Begin a collaborative");
	page_nav(p, "collaborative");
	page_crumb(p, "collaborative", "Collaborative");
	return draw(p, sheet_form_new(p, &BEGIN, &c, false, "Save",
				      "collaborative"));
}

static int new_post(struct page *p)
{
	struct collaborative c;
	int64_t id;
	int x;

	sheet_blank(&collaborative_sheet, &c);
	if ((x = sheet_form_read(p, &BEGIN, &c)) < 0 || page_errors(p))
		return x;
	x = collaborative_add(records_of(p), &c, &id);
	if (x < 0)
		return page_refuse(p, x, "name");
	page_redirect(p, "/collaborative/%lld", (long long)id);
	page_note(p, NULL, NULL, "Saved: %s. Now add its agencies.", c.name);
	return 0;
}

static void say_where(struct page *p, const struct collaborative *c)
{
	page_nav(p, "collaborative");
	page_crumb(p, path_of(p, c, ""), "%s", c->name);
}

static int edit_page(struct page *p)
{
	struct collaborative c;
	int x = the_one(p, &c);

	if (x < 0)
		return x;
	page_title(p, "Edit %s", c.name);
	say_where(p, &c);
	return draw(p, sheet_form_new(p, &EDIT, &c, true, "Save",
				      path_of(p, &c, "")));
}

static int edit_post(struct page *p)
{
	struct collaborative c;
	int x = the_one(p, &c);

	if (x == 0)
		x = sheet_form_change(p, &EDIT, &c);
	if (x < 0 || page_errors(p))
		return x;
	x = collaborative_update(records_of(p), &c);
	if (x < 0)
		return page_refuse(p, x, "name");
	page_redirect(p, "/collaborative/%lld", (long long)c.id);
	page_note(p, NULL, NULL, "Saved: %s.", c.name);
	return 0;
}

/* --- members --- */

struct joining {
	int64_t id;
	char organization[NAME_TEXT], sector[VOCABULARY_ID];
	int32_t joined;
	char person[NAME_TEXT];
};
static const struct sheet_column join_columns[] = {
	SHEET_COL(joining, organization, "organization", TEXT, true),
	SHEET_OF(joining, sector, "sector", WORD, false, .list = WORDS_SECTOR),
	SHEET_COL(joining, joined, "day it joined", DAY, true),
	SHEET_COL(joining, person, "name of who comes", TEXT, false),
};
static const struct sheet join_sheet = SHEET(joining, "member", join_columns);
static const struct sheet_form_field JOIN_FIELDS[] = {
	{"organization", "Agency",
	 "An organization of the directory; a part of its name will do", 0},
	{"sector", "Sector", NULL, FORM_OPTIONAL, "As in the directory"},
	{"joined", "Since", NULL, 0},
	{"person", "Who comes", NULL, FORM_OPTIONAL},
};
static const struct sheet_form JOIN = {&join_sheet, JOIN_FIELDS, 4,
				       "this agency"};

static int join_page(struct page *p)
{
	struct collaborative c;
	struct joining j;
	int x = the_one(p, &c);

	if (x < 0)
		return x;
	sheet_blank(&join_sheet, &j);
	j.joined = p->today;
	page_title(p, "Add an agency");
	say_where(p, &c);
	return draw(p, sheet_form_new(p, &JOIN, &j, false, "Add",
				      path_of(p, &c, "")));
}

static int join_post(struct page *p)
{
	struct collaborative_member m;
	struct directory_org d;
	struct collaborative c;
	struct joining j;
	int64_t id;
	int x = the_one(p, &c);

	if (x < 0)
		return x;
	sheet_blank(&join_sheet, &j);
	sheet_blank(&collaborative_member_sheet, &m);
	if ((x = sheet_form_read(p, &JOIN, &j)) < 0 || page_errors(p) ||
	    (x = org_named(p, "organization", j.organization,
			   &m.organization)) < 0 ||
	    page_errors(p) ||
	    (x = directory_org_get(p->db, m.organization, &d)) < 0)
		return x;
	m.collaborative = c.id;
	m.joined = j.joined;
	snprintf(m.sector, sizeof m.sector, "%s",
		 *j.sector ? j.sector : d.sector);
	snprintf(m.person, sizeof m.person, "%s", j.person);
	if (!*m.sector)
		page_error(p, "sector",
			   "The directory does not say its sector: choose one");
	if (page_errors(p))
		return 0;
	x = collaborative_join(records_of(p), &m, &id);
	if (x < 0)
		return page_refuse(p, x, "organization");
	page_redirect(p, "/collaborative/%lld", (long long)c.id);
	page_note(p, NULL, NULL, "Added to %s.", c.name);
	return 0;
}

static int the_member(struct page *p, struct collaborative_member *m,
		      struct organization *o, struct collaborative *c)
{
	int64_t id;
	int x = page_param_id(p, "member", &id);

	if (x == 0)
		x = collaborative_member_get(p->db, id, m);
	if (x == 0)
		x = organization_get(p->db, m->organization, o);
	return x < 0 ? x : collaborative_get(p->db, m->collaborative, c);
}

static const struct sheet_form_field LEAVE_FIELDS[] = {
	{"departed", "Left on", "It stays in the list of past meetings", 0},
};
static const struct sheet_form LEAVE = {&collaborative_member_sheet,
					LEAVE_FIELDS, 1, "this agency"};

static int member_page(struct page *p)
{
	struct collaborative_member m;
	struct collaborative c;
	struct organization o;
	int64_t came, held;
	struct cards cards;
	int x = the_member(p, &m, &o, &c);

	if (x == 0)
		x = collaborative_view_came(p->db, &m, &came, &held);
	if (x < 0)
		return x;
	page_title(p, "%s", o.name);
	say_where(p, &c);
	cards_begin(&cards, p);
	cards_pair(&cards, "Agency", arena_dup(&p->a, o.name))->href =
		arena_str(&p->a, "directory/organization/%lld",
			  (long long)o.id);
	cards_pair(&cards, "Sector", desk_word(p, WORDS_SECTOR, m.sector));
	cards_pair(&cards, "Comes", arena_dup(&p->a, m.person));
	cards_pair(&cards, "Since", day_text(&p->a, m.joined));
	cards_pair(&cards, "Left", day_text(&p->a, m.departed));
	cards_pair(&cards, "Came to",
		   arena_str(&p->a, "%lld of %lld meetings", (long long)came,
			     (long long)held));
	cards_add(&cards, "member", "In the collaborative");
	cards_draw(&cards);
	if (m.departed != NO_DATE)
		return 0;
	m.departed = p->today;
	return draw(p, sheet_form_new(p, &LEAVE, &m, false,
				      "Leaves the collaborative", NULL));
}

static int member_post(struct page *p)
{
	struct collaborative_member m;
	struct collaborative c;
	struct organization o;
	int x = the_member(p, &m, &o, &c);

	if (x == 0)
		x = sheet_form_read(p, &LEAVE, &m);
	if (x < 0 || page_errors(p))
		return x;
	if (m.departed == NO_DATE)
		page_error(p, "departed", "Give the day");
	else
		x = page_refuse(
			p, collaborative_leave(records_of(p), m.id, m.departed),
			"departed");
	if (x < 0 || page_errors(p))
		return x;
	page_redirect(p, "/collaborative/%lld", (long long)c.id);
	page_note(p, NULL, NULL, "%s has left %s.", o.name, c.name);
	return 0;
}

#define ONE "/collaborative/{collaborative}"
const struct page_route desk_collaborative_routes[] = {
	{PAGE_GET, "/collaborative", OF_CASES, front_page, 0},
	{PAGE_GET, "/collaborative/new", OF_CASES, new_page, 0},
	{PAGE_POST, "/collaborative/new", OF_CASES, new_post, 0},
	{PAGE_GET, ONE, OF_CASES, one_page, 0},
	{PAGE_GET, ONE "/edit", OF_CASES, edit_page, 0},
	{PAGE_POST, ONE "/edit", OF_CASES, edit_post, 0},
	{PAGE_GET, ONE "/member", OF_CASES, join_page, 0},
	{PAGE_POST, ONE "/member", OF_CASES, join_post, 0},
	{PAGE_GET, "/collaborative/member/{member}", OF_CASES, member_page, 0},
	{PAGE_POST, "/collaborative/member/{member}", OF_CASES, member_post, 0},
	{0},
};
