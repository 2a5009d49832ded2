/* Gaps in services, and cases that a meeting discusses: forms. Neither may name
 * a child; what holds the name of a known one is refused. */
#include <stdio.h>

#include "daemon/core/err.h"
#include "regional/case/collaborative.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/sheet_form.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static const char *const STATUS[] = {"Open", "Worked on", "Closed",
				     "Set aside"};
static const struct sheet_form_field GAP_FIELDS[] = {
	{"gap", "What is missing",
	 "What families need and nobody offers. Name "
	 "no child",
	 FORM_AREA},
	{"need", "Need", NULL, 0, "Choose the need"},
	{"raised", "Raised on", NULL, 0},
	{"owner", "Owner", "Who works on it", FORM_OPTIONAL},
	{"status", "State", NULL, 0, NULL, STATUS},
	{"started", "What was started", NULL, FORM_AREA | FORM_OPTIONAL},
	{"started_on", "Started on", NULL, FORM_OPTIONAL},
	{"followed", "What followed", "A gap is closed when this is known",
	 FORM_AREA | FORM_OPTIONAL},
	{"followed_on", "Followed on", NULL, FORM_OPTIONAL},
};
static const struct sheet_form GAP = {&collaborative_gap_sheet, GAP_FIELDS,
				      sizeof GAP_FIELDS / sizeof *GAP_FIELDS,
				      "this gap"};
static const struct sheet_form_field TALK_FIELDS[] = {
	{"question", "Question", "What the agencies are asked. Name no child",
	 FORM_AREA},
	{"age_band", "Age of the child", NULL, FORM_OPTIONAL, "Not said"},
	{"need", "Need", NULL, FORM_OPTIONAL, "Not said"},
	{"advice", "Advice", "What the agencies say; may be added later",
	 FORM_AREA | FORM_OPTIONAL},
};
static const struct sheet_form TALK = {
	&collaborative_discussion_sheet, TALK_FIELDS,
	sizeof TALK_FIELDS / sizeof *TALK_FIELDS, "this discussion"};

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static int draw(struct page *p, const struct sheet_form *f, const void *rec,
		bool seen, const char *back)
{
	struct tpl_sheet_form *t =
		sheet_form_new(p, f, rec, seen, "Save", back);

	if (!t)
		return E_NOMEM;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

static const char *meeting_path(struct page *p, int64_t id)
{
	return arena_str(&p->a, "collaborative/meeting/%lld", (long long)id);
}

static int say_where(struct page *p, int64_t collaborative, int64_t meeting)
{
	struct collaborative_meeting m;
	struct collaborative c;
	int x = collaborative_get(p->db, collaborative, &c);

	if (x < 0)
		return x;
	page_nav(p, "collaborative");
	page_crumb(p, arena_str(&p->a, "collaborative/%lld", (long long)c.id),
		   "%s", c.name);
	if (!meeting)
		return 0;
	x = collaborative_meeting_get(p->db, meeting, &m);
	if (x == 0)
		page_crumb(p, meeting_path(p, meeting), "Meeting, %s",
			   day_text(&p->a, m.met));
	return x;
}

/* --- gaps --- */

static const char *after_gap(struct page *p, const struct collaborative_gap *g)
{
	return g->meeting ? meeting_path(p, g->meeting)
			  : arena_str(&p->a, "collaborative/%lld",
				      (long long)g->collaborative);
}

/* A new one of the collaborative, or of the meeting, that the path names. */
static int blank_gap(struct page *p, struct collaborative_gap *g)
{
	struct collaborative_meeting m;
	int x;

	sheet_blank(&collaborative_gap_sheet, g);
	g->raised = p->today;
	snprintf(g->status, sizeof g->status, "open");
	if (page_param(p, "meeting")) {
		x = page_param_id(p, "meeting", &g->meeting);
		if (x == 0)
			x = collaborative_meeting_get(p->db, g->meeting, &m);
		if (x == 0) {
			g->collaborative = m.collaborative;
			g->raised = m.met;
		}
		return x;
	}
	return page_param_id(p, "collaborative", &g->collaborative);
}

static int gap_new(struct page *p)
{
	struct collaborative_gap g;
	int x = blank_gap(p, &g);

	if (x < 0)
		return x;
	page_title(p, "Raise a gap");
	x = say_where(p, g.collaborative, g.meeting);
	return x < 0 ? x : draw(p, &GAP, &g, false, after_gap(p, &g));
}

static int gap_done(struct page *p, const struct collaborative_gap *g, int x)
{
	if (x < 0)
		return page_refuse(p, x, "gap");
	page_redirect(p, "/%s", after_gap(p, g));
	page_note(p, NULL, NULL, "Saved: the gap.");
	return 0;
}

static int gap_new_post(struct page *p)
{
	struct collaborative_gap g;
	int64_t id;
	int x = blank_gap(p, &g);

	if (x == 0)
		x = sheet_form_read(p, &GAP, &g);
	if (x < 0 || page_errors(p))
		return x;
	return gap_done(p, &g, collaborative_gap_add(records_of(p), &g, &id));
}

static int the_gap(struct page *p, struct collaborative_gap *g)
{
	int64_t id;
	int x = page_param_id(p, "gap", &id);

	return x < 0 ? x : collaborative_gap_get(p->db, id, g);
}

static int gap_page(struct page *p)
{
	struct collaborative_gap g;
	int x = the_gap(p, &g);

	if (x < 0)
		return x;
	page_title(p, "Gap");
	x = say_where(p, g.collaborative, g.meeting);
	return x < 0 ? x : draw(p, &GAP, &g, true, after_gap(p, &g));
}

static int gap_post(struct page *p)
{
	struct collaborative_gap g;
	int x = the_gap(p, &g);

	if (x == 0)
		x = sheet_form_change(p, &GAP, &g);
	if (x < 0 || page_errors(p))
		return x;
	return gap_done(p, &g, collaborative_gap_update(records_of(p), &g));
}

/* --- discussions --- */

static int talk_where(struct page *p, int64_t meeting)
{
	struct collaborative_meeting m;
	int x = collaborative_meeting_get(p->db, meeting, &m);

	return x < 0 ? x : say_where(p, m.collaborative, meeting);
}

static int talk_new(struct page *p)
{
	struct collaborative_discussion d;
	int x;

	sheet_blank(&collaborative_discussion_sheet, &d);
	if ((x = page_param_id(p, "meeting", &d.meeting)) < 0)
		return x;
	page_title(p, "Discuss a case");
	if ((x = talk_where(p, d.meeting)) < 0)
		return x;
	return draw(p, &TALK, &d, false, meeting_path(p, d.meeting));
}

static int talk_done(struct page *p, const struct collaborative_discussion *d,
		     int x)
{
	if (x < 0)
		return page_refuse(p, x, "question");
	page_redirect(p, "/%s", meeting_path(p, d->meeting));
	page_note(p, NULL, NULL, "Saved: the discussion.");
	return 0;
}

static int talk_new_post(struct page *p)
{
	struct collaborative_discussion d;
	int64_t id;
	int x;

	sheet_blank(&collaborative_discussion_sheet, &d);
	if ((x = page_param_id(p, "meeting", &d.meeting)) < 0 ||
	    (x = sheet_form_read(p, &TALK, &d)) < 0 || page_errors(p))
		return x;
	return talk_done(p, &d, collaborative_discuss(records_of(p), &d, &id));
}

static int the_talk(struct page *p, struct collaborative_discussion *d)
{
	int64_t id;
	int x = page_param_id(p, "discussion", &id);

	return x < 0 ? x : collaborative_discussion_get(p->db, id, d);
}

static int talk_page(struct page *p)
{
	struct collaborative_discussion d;
	int x = the_talk(p, &d);

	if (x < 0)
		return x;
	page_title(p, "Case discussion");
	if ((x = talk_where(p, d.meeting)) < 0)
		return x;
	return draw(p, &TALK, &d, true, meeting_path(p, d.meeting));
}

static int talk_post(struct page *p)
{
	struct collaborative_discussion d;
	int x = the_talk(p, &d);

	if (x == 0)
		x = sheet_form_change(p, &TALK, &d);
	if (x < 0 || page_errors(p))
		return x;
	return talk_done(p, &d,
			 collaborative_discussion_update(records_of(p), &d));
}

#define OF "/collaborative/"
const struct page_route desk_gap_routes[] = {
	{PAGE_GET, OF "{collaborative}/gap", OF_CASES, gap_new, 0},
	{PAGE_POST, OF "{collaborative}/gap", OF_CASES, gap_new_post, 0},
	{PAGE_GET, OF "meeting/{meeting}/gap", OF_CASES, gap_new, 0},
	{PAGE_POST, OF "meeting/{meeting}/gap", OF_CASES, gap_new_post, 0},
	{PAGE_GET, OF "gap/{gap}", OF_CASES, gap_page, 0},
	{PAGE_POST, OF "gap/{gap}", OF_CASES, gap_post, 0},
	{PAGE_GET, OF "meeting/{meeting}/discussion", OF_CASES, talk_new, 0},
	{PAGE_POST, OF "meeting/{meeting}/discussion", OF_CASES, talk_new_post,
	 0},
	{PAGE_GET, OF "discussion/{discussion}", OF_CASES, talk_page, 0},
	{PAGE_POST, OF "discussion/{discussion}", OF_CASES, talk_post, 0},
	{0},
};
