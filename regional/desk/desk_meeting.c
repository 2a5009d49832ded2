/* A meeting of the collaborative: who came, what was discussed, which gaps were
 * raised, and the packet that is printed for it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_checkboxes.h"
#include "regional/case/collaborative.h"
#include "regional/case/organization.h"
#include "regional/desk/cards.h"
#include "regional/desk/collaborative_view.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/sheet_form.h"
#include "regional/desk/tpl_meeting_packet.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { MEMBERS = 300, TALKS = 100, GAPS = 100, CAME = 4000 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static int the_meeting(struct page *p, struct collaborative_meeting *m,
		       struct collaborative *c)
{
	int64_t id;
	int x = page_param_id(p, "meeting", &id);

	if (x == 0)
		x = collaborative_meeting_get(p->db, id, m);
	return x < 0 ? x : collaborative_get(p->db, m->collaborative, c);
}

static const char *path_of(struct page *p, int64_t meeting, const char *more)
{
	return arena_str(&p->a, "collaborative/meeting/%lld%s",
			 (long long)meeting, more);
}

/* --- a new one --- */

static const struct sheet_form_field MEET_FIELDS[] = {
	{"met", "Day", NULL, 0},
	{"place", "Place", NULL, FORM_OPTIONAL},
	{"topic", "Topic", "Name no child", FORM_AREA | FORM_OPTIONAL},
};
static const struct sheet_form MEET = {&collaborative_meeting_sheet,
				       MEET_FIELDS, 3, "this meeting"};

static int new_page(struct page *p)
{
	struct collaborative_meeting m;
	struct tpl_sheet_form *t;
	struct collaborative c;
	int64_t id;
	int x = page_param_id(p, "collaborative", &id);

	if (x == 0)
		x = collaborative_get(p->db, id, &c);
	if (x < 0)
		return x;
	sheet_blank(&collaborative_meeting_sheet, &m);
	m.met = p->today;
	page_title(p, "Record a meeting");
	page_nav(p, "collaborative");
	page_crumb(p, arena_str(&p->a, "collaborative/%lld", (long long)id),
		   "%s", c.name);
	t = sheet_form_new(
		p, &MEET, &m, false, "Save",
		arena_str(&p->a, "collaborative/%lld", (long long)id));
	if (!t)
		return E_NOMEM;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

static int new_post(struct page *p)
{
	struct collaborative_meeting m;
	int64_t id;
	int x;

	sheet_blank(&collaborative_meeting_sheet, &m);
	if ((x = page_param_id(p, "collaborative", &m.collaborative)) < 0 ||
	    (x = sheet_form_read(p, &MEET, &m)) < 0 || page_errors(p))
		return x;
	x = collaborative_meet(records_of(p), &m, &id);
	if (x < 0)
		return page_refuse(p, x, "met");
	page_redirect(p, "/%s", path_of(p, id, ""));
	page_note(p, NULL, NULL, "Saved. Now say who came.");
	return 0;
}

/* --- who came --- */

/* Is @id one of "3, 12"? */
static bool in_list(const char *list, int64_t id)
{
	char *end;

	for (const char *s = list; *s; s = end + strspn(end, ", ")) {
		if (strtoll(s, &end, 10) == id)
			return true;
		if (end == s)
			return false;
	}
	return false;
}

struct roster {
	struct page *p;
	struct arena_list rows;
	const char *came;
};

static int on_member(void *arg, const void *row)
{
	const struct collaborative_member *m = row;
	struct roster *l = arg;
	struct page *p = l->p;
	struct tpl_checkboxes_options *o = arena_add(&l->rows);
	struct organization org;
	int x = organization_get(p->db, m->organization, &org);

	if (x < 0 || !o)
		return x < 0 ? x : E_NOMEM;
	o->value = arena_str(&p->a, "%lld", (long long)m->id);
	o->title = arena_dup(&p->a, org.name);
	o->hint = *m->person ? arena_str(&p->a, "%s, %s", m->person,
					 desk_word(p, WORDS_SECTOR, m->sector))
			     : desk_word(p, WORDS_SECTOR, m->sector);
	o->chosen = page_chosen(p, "came", o->value, in_list(l->came, m->id));
	return 0;
}

static const char *came_to(struct page *p, int64_t meeting)
{
	char text[CAME];

	return sheet_marks(p->db, &collaborative_attendance, meeting, text,
			   sizeof text) < 0
		       ? ""
		       : arena_dup(&p->a, text);
}

static int add_roster(struct page *p, struct cards *c,
		      const struct collaborative_meeting *m)
{
	struct roster l = {
		.p = p,
		.rows = {.arena = &p->a,
			 .size = sizeof(struct tpl_checkboxes_options)},
		.came = came_to(p, m->id)};
	struct tpl_checkboxes *boxes = arena_alloc(&p->a, sizeof *boxes);
	int x = collaborative_view_members(p->db, m->collaborative, m->met,
					   MEMBERS, on_member, &l);
	struct tpl_cards_cards *card;

	if (x < 0 || !boxes)
		return x < 0 ? x : E_NOMEM;
	card = cards_add(c, "attendance", "Who came");
	if (l.rows.n == 0) {
		card->empty = "No agency was a member on that day.";
		return 0;
	}
	*boxes = (struct tpl_checkboxes){.name = "came",
					 .label = "Agencies that came",
					 .options = l.rows.items,
					 .options_n = l.rows.n};
	card->boxes = boxes;
	card->was = l.came;
	card->save = "Save who came";
	return 0;
}

/* Only what this form changed: what somebody else ticked meanwhile stays. */
static int change_roster(struct page *p, int64_t meeting, int *changed)
{
	const char *was = page_form(p, "was");
	int n = 0, x = 0;
	const char *const *came = page_form_all(p, "came", &n);
	char *end;

	if (!came)
		return E_NOMEM;
	was = was ? was : "";
	for (int i = 0; i < n && x == 0; i++) {
		int64_t id = strtoll(came[i], NULL, 10);

		if (in_list(was, id))
			continue;
		x = collaborative_attend(records_of(p), meeting, id, true);
		++*changed;
	}
	for (const char *s = was; *s && x == 0; s = end + strspn(end, ", ")) {
		int64_t id = strtoll(s, &end, 10);
		bool still = false;

		if (end == s)
			break;
		for (int i = 0; i < n; i++)
			still = still || strtoll(came[i], NULL, 10) == id;
		if (still)
			continue;
		x = collaborative_attend(records_of(p), meeting, id, false);
		++*changed;
	}
	return x;
}

static int meeting_post(struct page *p)
{
	struct collaborative_meeting m;
	struct collaborative c;
	int changed = 0;
	int x = the_meeting(p, &m, &c);

	if (x == 0)
		x = change_roster(p, m.id, &changed);
	if (x < 0)
		return page_refuse(p, x, "came");
	page_redirect(p, "/%s", path_of(p, m.id, ""));
	page_note(p, NULL, NULL, "%s",
		  changed ? "Saved: who came." : "Nothing was changed.");
	return 0;
}

/* --- what was discussed --- */

static const char *about(struct page *p,
			 const struct collaborative_discussion *d)
{
	const char *age = desk_word(p, WORDS_AGE, d->age_band);
	const char *need = desk_word(p, WORDS_NEED, d->need);

	return arena_str(&p->a, "%s%s%s", age, *age && *need ? ", " : "", need);
}

static int on_talk(void *arg, const void *row)
{
	const struct collaborative_discussion *d = row;
	struct desk_table *t = arg;
	struct page *p = t->p;
	struct tpl_table_rows_cells *cell =
		desk_table_row(t, arena_dup(&p->a, d->question),
			       arena_str(&p->a, "collaborative/discussion/%lld",
					 (long long)d->id),
			       2);

	if (!cell)
		return E_NOMEM;
	cell[0].text = about(p, d);
	cell[1].text = arena_dup(&p->a, d->advice);
	return 0;
}

static int meeting_page(struct page *p)
{
	static const char *const title[] = {"Question", "About", "Advice"};
	struct tpl_layout_head_acts *act = arena_alloc(&p->a, sizeof *act);
	struct collaborative_meeting m;
	const struct tpl_table *gaps;
	struct tpl_cards_cards *card;
	struct collaborative c;
	struct desk_table t;
	struct cards cards;
	int x = the_meeting(p, &m, &c);

	if (x < 0)
		return x;
	if (!act)
		return E_NOMEM;
	page_title(p, "Meeting, %s", day_text(&p->a, m.met));
	page_nav(p, "collaborative");
	page_crumb(p, arena_str(&p->a, "collaborative/%lld", (long long)c.id),
		   "%s", c.name);
	page_head(p)->meta = arena_str(&p->a, "%s%s%s", m.place,
				       *m.place && *m.topic ? ". " : "",
				       m.topic);
	act->title = "Packet to print";
	act->href = path_of(p, m.id, "/packet");
	page_head(p)->acts = act;
	page_head(p)->acts_n = 1;
	cards_begin(&cards, p);
	if ((x = add_roster(p, &cards, &m)) < 0)
		return x;
	desk_table_begin(&t, p);
	x = collaborative_discussions(p->db, m.id, 0, TALKS, on_talk, &t);
	card = cards_table(
		&cards, "talks", "Cases discussed, without names",
		desk_table_end(&t, "Cases discussed", title, 3, false),
		"None yet.");
	card->act = "Discuss a case";
	card->href = path_of(p, m.id, "/discussion");
	if (x < 0 || (x = collaborative_view_raised(p, m.id, &gaps)) < 0)
		return x;
	card = cards_table(&cards, "gaps", "Gaps raised", gaps, "None yet.");
	card->act = "Raise a gap";
	card->href = path_of(p, m.id, "/gap");
	cards_draw(&cards);
	return 0;
}

/* --- the packet --- */

static int on_packet_gap(void *arg, const void *row)
{
	const struct collaborative_gap *g = row;
	struct roster *l = arg;
	struct tpl_meeting_packet_gaps *out = arena_add(&l->rows);
	struct page *p = l->p;

	if (!out)
		return E_NOMEM;
	out->gap = arena_dup(&p->a, g->gap);
	out->need = desk_word(p, WORDS_NEED, g->need);
	out->raised = day_text(&p->a, g->raised);
	out->status = strcmp(g->status, "open") == 0 ? "open" : "worked on";
	out->owner = arena_dup(&p->a, g->owner);
	out->started = arena_dup(&p->a, g->started);
	out->followed = arena_dup(&p->a, g->followed);
	return 0;
}

static int on_packet_talk(void *arg, const void *row)
{
	const struct collaborative_discussion *d = row;
	struct roster *l = arg;
	struct tpl_meeting_packet_talks *out = arena_add(&l->rows);

	if (!out)
		return E_NOMEM;
	out->question = arena_dup(&l->p->a, d->question);
	out->about = about(l->p, d);
	out->advice = arena_dup(&l->p->a, d->advice);
	return 0;
}

static int on_packet_member(void *arg, const void *row)
{
	const struct collaborative_member *m = row;
	struct roster *l = arg;
	struct tpl_meeting_packet_members *out = arena_add(&l->rows);
	struct page *p = l->p;
	struct organization o;
	int x = organization_get(p->db, m->organization, &o);

	if (x < 0 || !out)
		return x < 0 ? x : E_NOMEM;
	out->name = arena_dup(&p->a, o.name);
	out->sector = desk_word(p, WORDS_SECTOR, m->sector);
	out->person = arena_dup(&p->a, m->person);
	out->here = in_list(l->came, m->id);
	return 0;
}

static void begin(struct roster *l, struct page *p, size_t size,
		  const char *came)
{
	*l = (struct roster){
		.p = p, .rows = {.arena = &p->a, .size = size}, .came = came};
}

/* @m NULL: of the next meeting, whose day is not known yet. */
static int packet(struct page *p, const struct collaborative *c,
		  const struct collaborative_meeting *m)
{
	struct tpl_meeting_packet *t = arena_alloc(&p->a, sizeof *t);
	struct roster l;
	int x;

	if (!t)
		return E_NOMEM;
	begin(&l, p, sizeof(struct tpl_meeting_packet_gaps), "");
	x = collaborative_gaps(p->db, c->id, true, 0, GAPS, on_packet_gap, &l);
	t->gaps = l.rows.items;
	t->gaps_n = l.rows.n;
	begin(&l, p, sizeof(struct tpl_meeting_packet_talks), "");
	if (x == 0 && m)
		x = collaborative_discussions(p->db, m->id, 0, TALKS,
					      on_packet_talk, &l);
	t->talks = l.rows.items;
	t->talks_n = l.rows.n;
	begin(&l, p, sizeof(struct tpl_meeting_packet_members),
	      m ? came_to(p, m->id) : "");
	if (x == 0)
		x = collaborative_view_members(p->db, c->id,
					       m ? m->met : p->today, MEMBERS,
					       on_packet_member, &l);
	t->members = l.rows.items;
	t->members_n = l.rows.n;
	t->name = arena_dup(&p->a, c->name);
	t->when = m ? day_text_long(&p->a, m->met)
		    : "The next meeting, on ____________________";
	t->place = m ? arena_dup(&p->a, m->place) : "";
	t->topic = m ? arena_dup(&p->a, m->topic) : "";
	t->today = day_text(&p->a, p->today);
	t->who = p->who->title;
	t->back = m ? path_of(p, m->id, "")
		    : arena_str(&p->a, "collaborative/%lld", (long long)c->id);
	page_title(p, "Packet, %s", c->name);
	page_nav(p, "collaborative");
	page_head(p)->heading = NULL;
	page_head(p)->kind = "paper";
	if (x == 0)
		tpl_meeting_packet(page_body(p), t);
	return x;
}

static int packet_page(struct page *p)
{
	struct collaborative_meeting m;
	struct collaborative c;
	int x = the_meeting(p, &m, &c);

	return x < 0 ? x : packet(p, &c, &m);
}

static int next_packet_page(struct page *p)
{
	struct collaborative c;
	int64_t id;
	int x = page_param_id(p, "collaborative", &id);

	if (x == 0)
		x = collaborative_get(p->db, id, &c);
	return x < 0 ? x : packet(p, &c, NULL);
}

#define OF "/collaborative/"
const struct page_route desk_meeting_routes[] = {
	{PAGE_GET, OF "{collaborative}/meeting", OF_CASES, new_page, 0},
	{PAGE_POST, OF "{collaborative}/meeting", OF_CASES, new_post, 0},
	{PAGE_GET, OF "{collaborative}/packet", OF_CASES, next_packet_page, 0},
	{PAGE_GET, OF "meeting/{meeting}", OF_CASES, meeting_page, 0},
	{PAGE_POST, OF "meeting/{meeting}", OF_CASES, meeting_post, 0},
	{PAGE_GET, OF "meeting/{meeting}/packet", OF_CASES, packet_page, 0},
	{0},
};
