/* Families as partners: whom to ask how they fare, what they answered, how they
 * take part, and which parents agreed to meet others. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "regional/case/kase.h"
#include "regional/case/survey.h"
#include "regional/desk/cards.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/families_view.h"
#include "regional/desk/sheet_form.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { DUE = 25, SURVEYS = 50, PARTS = 50, PEERS = 100 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static const char *child_path(struct page *p, int64_t child, const char *more)
{
	return arena_str(&p->a, "child/%lld%s", (long long)child, more);
}

static const char *occasion(const char *id)
{
	if (strcmp(id, "first-contact") == 0)
		return "First contact";
	return strcmp(id, "close") == 0 ? "Close of the case" : "In between";
}

static int add_due(struct page *p, struct cards *c,
		   const struct find_viewer *who)
{
	static const char *const title[] = {"Family of", "Case open since",
					    "Asked last", "Survey"};
	struct families_due *d;
	struct desk_table t;
	size_t n;
	int x = families_view_due(p->db, &p->a, who, DUE, &d, &n);

	desk_table_begin(&t, p);
	for (size_t i = 0; i < n && x == 0; i++) {
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, d[i].name, child_path(p, d[i].child, ""), 3);

		if (!cell)
			return E_NOMEM;
		cell[0].text = day_text(&p->a, d[i].opened);
		cell[1].text = d[i].asked == NO_DATE
				       ? "never"
				       : day_text(&p->a, d[i].asked);
		cell[2].text = "Give one";
		cell[2].href = child_path(p, d[i].child, "/survey");
	}
	cards_table(c, "due", "To ask how it goes",
		    desk_table_end(&t, "Families to ask", title, 4, false),
		    "No family of your caseload waits to be asked: each is "
		    "asked every half year.");
	return x;
}

static int add_surveys(struct page *p, struct cards *c,
		       const struct find_viewer *who, bool back)
{
	static const char *const title[] = {
		"Family of", "Occasion",	  "Asked",
		"Came back", "Satisfied, 1 to 5", "Needs met"};
	struct families_survey *s;
	struct desk_table t;
	size_t n;
	int x = families_view_surveys(p->db, &p->a, who, back, SURVEYS, &s, &n);

	desk_table_begin(&t, p);
	for (size_t i = 0; i < n && x == 0; i++) {
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, s[i].name,
			arena_str(&p->a, "child/%lld/survey/%lld",
				  (long long)s[i].child, (long long)s[i].id),
			back ? 5 : 2);

		if (!cell)
			return E_NOMEM;
		/* The number stands on the paper, where no name does. */
		cell[0].text = arena_str(&p->a, "%s, no. %lld",
					 occasion(s[i].occasion),
					 (long long)s[i].id);
		cell[1].text = day_text(&p->a, s[i].asked);
		if (!back)
			continue;
		cell[2].text = day_text(&p->a, s[i].returned);
		cell[3].text =
			s[i].satisfaction < 0
				? ""
				: arena_str(&p->a, "%lld",
					    (long long)s[i].satisfaction);
		cell[4].text = s[i].needs_met;
	}
	cards_table(c, back ? "back" : "out",
		    back ? "Answers that came back" : "Surveys that are out",
		    desk_table_end(&t, "Surveys", title, back ? 6 : 3, true),
		    back ? "None yet of the families whose record you may open."
			 : "None: every survey came back, or none was given.");
	return x;
}

static int add_parts(struct page *p, struct cards *c,
		     const struct find_viewer *who)
{
	static const char *const title[] = {"Day", "How", "Families", "Note",
					    "Noted by"};
	struct tpl_cards_cards *card;
	struct families_part *f;
	struct desk_table t;
	size_t n;
	int x = families_view_parts(p->db, &p->a, who, PARTS, &f, &n);

	desk_table_begin(&t, p);
	for (size_t i = 0; i < n && x == 0; i++) {
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, day_text(&p->a, f[i].happened),
			f[i].child ? NULL
				   : arena_str(&p->a, "families/part/%lld",
					       (long long)f[i].id),
			4);

		if (!cell)
			return E_NOMEM;
		cell[0].text = desk_word(p, WORDS_ENGAGEMENT, f[i].kind);
		cell[1].text = f[i].child ? f[i].name
			       : f[i].families < 0
				       ? "several"
				       : arena_str(&p->a, "%lld",
						   (long long)f[i].families);
		cell[1].href = f[i].child ? child_path(p, f[i].child, "")
					  : NULL;
		cell[2].text = f[i].note;
		cell[3].text = f[i].by;
	}
	card = cards_table(
		c, "parts", "How families take part",
		desk_table_end(&t, "How families take part", title, 5, true),
		"Nothing is logged yet: advisory groups, trainings, "
		"events, reviews of forms.");
	card->act = "Log what families did";
	card->href = "families/part";
	return x;
}

static int add_peers(struct page *p, struct cards *c,
		     const struct find_viewer *who)
{
	static const char *const title[] = {"Family of",   "Child’s age",
					    "Language",	   "About",
					    "Coordinator", "Agreed"};
	struct families_peer *f;
	struct desk_table t;
	size_t n;
	int x = families_view_peers(p->db, &p->a, who, PEERS, &f, &n);

	desk_table_begin(&t, p);
	for (size_t i = 0; i < n && x == 0; i++) {
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, f[i].child ? f[i].name : "of another caseload: ask",
			f[i].child ? child_path(p, f[i].child, "") : NULL, 5);

		if (!cell)
			return E_NOMEM;
		cell[0].text = f[i].years < 0
				       ? ""
				       : arena_str(&p->a, "%lld",
						   (long long)f[i].years);
		cell[1].text = desk_word(p, WORDS_LANGUAGE, f[i].language);
		cell[2].text = f[i].note;
		cell[3].text = f[i].staff;
		cell[4].text = day_text(&p->a, f[i].agreed);
	}
	cards_table(c, "peers", "Parents who agreed to meet others",
		    desk_table_end(&t, "Parents who agreed", title, 6, true),
		    "None yet. When a parent agrees, note it on their survey’s "
		    "page: it stands here for colleagues, without the name.");
	return x;
}

static int front_page(struct page *p)
{
	const struct find_viewer who = {
		.staff = p->who->staff,
		.all = (p->who->roles & ROLE_SUPERVISOR) != 0,
		.today = p->today};
	static const struct tpl_layout_head_acts acts[] = {
		{.title = "Blank survey", .href = "families/blank"},
		{.title = "En español", .href = "families/blank?language=es"},
	};
	struct cards c;
	int x;

	page_title(p, "Families");
	page_nav(p, "families");
	page_head(p)->acts = acts;
	page_head(p)->acts_n = 2;
	page_searched(p, "survey");
	cards_begin(&c, p);
	if ((x = add_due(p, &c, &who)) < 0 ||
	    (x = add_surveys(p, &c, &who, false)) < 0 ||
	    (x = add_surveys(p, &c, &who, true)) < 0 ||
	    (x = add_peers(p, &c, &who)) < 0 ||
	    (x = add_parts(p, &c, &who)) < 0)
		return x;
	cards_draw(&c);
	return 0;
}

/* --- how families take part --- */

static const struct sheet_form_field PART_FIELDS[] = {
	{"engagement", "How", NULL, 0},
	{"happened", "Day", NULL, 0},
	{"families", "How many families", NULL, FORM_OPTIONAL},
	{"note", "Note", "What came of it. Name no family",
	 FORM_AREA | FORM_OPTIONAL},
};
static const struct sheet_form PART = {&survey_engagement_sheet, PART_FIELDS,
				       sizeof PART_FIELDS / sizeof *PART_FIELDS,
				       "this note"};

static int draw_part(struct page *p, const struct survey_engagement *e,
		     bool seen)
{
	struct tpl_sheet_form *t =
		sheet_form_new(p, &PART, e, seen, "Save", "families");

	page_title(p, seen ? "What families did" : "Log what families did");
	page_nav(p, "families");
	page_crumb(p, "families", "Families");
	if (!t)
		return E_NOMEM;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

static int part_done(struct page *p, int x)
{
	if (x < 0)
		return page_refuse(p, x, "families");
	page_redirect(p, "/families");
	page_note(p, NULL, NULL, "Saved: what families did.");
	return 0;
}

static int part_new(struct page *p)
{
	struct survey_engagement e;

	sheet_blank(&survey_engagement_sheet, &e);
	e.happened = p->today;
	return draw_part(p, &e, false);
}

static int part_new_post(struct page *p)
{
	struct survey_engagement e;
	int64_t id;
	int x;

	sheet_blank(&survey_engagement_sheet, &e);
	if ((x = sheet_form_read(p, &PART, &e)) < 0 || page_errors(p))
		return x;
	snprintf(e.noted_by, sizeof e.noted_by, "%s", p->who->title);
	return part_done(p, survey_engagement_add(records_of(p), &e, &id));
}

/* Of several families: what one did is its own record. */
static int the_part(struct page *p, struct survey_engagement *e)
{
	int64_t id;
	int x = page_param_id(p, "part", &id);

	if (x == 0)
		x = survey_engagement_get(p->db, id, e);
	return x == 0 && e->kase ? E_NOTFOUND : x;
}

static int part_page(struct page *p)
{
	struct survey_engagement e;
	int x = the_part(p, &e);

	return x < 0 ? x : draw_part(p, &e, true);
}

static int part_post(struct page *p)
{
	struct survey_engagement e;
	int x = the_part(p, &e);

	if (x == 0)
		x = sheet_form_change(p, &PART, &e);
	if (x < 0 || page_errors(p))
		return x;
	return part_done(p, survey_engagement_update(records_of(p), &e));
}

const struct page_route desk_families_routes[] = {
	{PAGE_GET, "/families", OF_CASES, front_page, 0},
	{PAGE_GET, "/families/part", OF_CASES, part_new, 0},
	{PAGE_POST, "/families/part", OF_CASES, part_new_post, 0},
	{PAGE_GET, "/families/part/{part}", OF_CASES, part_page, 0},
	{PAGE_POST, "/families/part/{part}", OF_CASES, part_post, 0},
	{0},
};
