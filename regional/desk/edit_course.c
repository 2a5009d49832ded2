/* Emergency visits with what follows them, and the way into adult care. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "regional/case/ed.h"
#include "regional/case/transition.h"
#include "regional/desk/day_text.h"
#include "regional/desk/edit_list.h"

/* --- a visit to an emergency department --- */

static const struct edit_field ED[] = {
	{"visited", "Day of the visit", NULL, EDIT_DAY,
	 EDIT_AT(ed_episode, visited), .must = true},
	{"facility", "Where", NULL, EDIT_LINE, EDIT_AT(ed_episode, facility)},
	{"behavioral", "Behavioral crisis", NULL, EDIT_TRI,
	 EDIT_AT(ed_episode, behavioral), .must = true},
	{"admitted", "Admitted to the hospital", NULL, EDIT_TRI,
	 EDIT_AT(ed_episode, admitted)},
	{"discharged", "Home on",
	 "The two, seven and thirty days run from "
	 "here.",
	 EDIT_DAY, EDIT_AT(ed_episode, discharged)},
	{"criteria", "Meets the criteria of enhanced care coordination", NULL,
	 EDIT_TRI, EDIT_AT(ed_episode, criteria), .must = true},
	{"enrolled", "Enhanced care coordination was", NULL, EDIT_ONE,
	 EDIT_AT(ed_episode, enrolled),
	 .of = "accepted=Accepted by the family|declined=Declined"},
	{"enrolled_on", "They answered on", NULL, EDIT_DAY,
	 EDIT_AT(ed_episode, enrolled_on)},
	{"crisis_plan", "Crisis plan made on", NULL, EDIT_DAY,
	 EDIT_AT(ed_episode, crisis_plan)},
	{"followed_up", "First follow-up with a provider on", NULL, EDIT_DAY,
	 EDIT_AT(ed_episode, followed_up)},
	{"note", "Note", NULL, EDIT_AREA, EDIT_AT(ed_episode, note)},
};

static int ed_read(struct page *p, const struct child_head *c, int64_t row,
		   void *rec)
{
	struct ed_episode *e = rec;
	int x;

	sheet_blank(&ed_episode_sheet, e);
	e->child = c->child;
	e->behavioral = e->criteria = 1;
	if (row == 0)
		return 0;
	x = ed_get(p->db, row, e);
	return x == 0 && (e->child != c->child || e->errored != NO_DATE)
		       ? E_NOTFOUND
		       : x;
}

static int ed_write(struct page *p, const struct child_head *c, int64_t row,
		    const void *rec)
{
	int64_t id;

	return row ? ed_update(edit_records(p), rec)
		   : ed_add(edit_records(p), rec, &id);
}

static int ed_before(struct page *p, const struct child_head *c, int64_t row,
		     const void *rec, const char **out)
{
	const struct ed_episode *e = rec;
	int32_t day0 = e->discharged != NO_DATE ? e->discharged : e->visited;

	if (row == 0 || !e->behavioral || day0 == NO_DATE)
		return 0;
	*out = arena_str(&p->a,
			 "Contact the family by %s; follow-up with a provider "
			 "by %s, at the latest by %s.",
			 day_text_week(&p->a, day0 + 2),
			 day_text_week(&p->a, day0 + 7),
			 day_text_week(&p->a, day0 + 30));
	return 0;
}

static int ed_wrong(struct page *p, int64_t row)
{
	return ed_error(edit_records(p), row);
}

static const struct edit OF_ED = {
	.what = "visit",
	.title = "Emergency visit",
	.table = "ed_episode",
	.tab = "ed",
	.may = EDIT_ADD | EDIT_CHANGE | EDIT_UNDO,
	.field = ED,
	.n = sizeof ED / sizeof *ED,
	.size = sizeof(struct ed_episode),
	.help = "Contact with the family within two days is logged under "
		"Contacts. Follow-up is a visit to a provider.",
	.read = ed_read,
	.write = ed_write,
	.before = ed_before,
	.wrong = ed_wrong,
};

/* --- the transition --- */

static const struct edit_field BEGIN[] = {
	{"begun", "Begun on", NULL, EDIT_DAY, EDIT_AT(transition, begun),
	 .must = true},
};
static const struct edit_field TRANSITION[] = {
	{"adult_provider", "Adult provider", NULL, EDIT_LINE,
	 EDIT_AT(transition, adult_provider)},
	{"expected", "Transfer is expected on", NULL, EDIT_DAY,
	 EDIT_AT(transition, expected)},
	{"planned", "Transition plan made on", NULL, EDIT_DAY,
	 EDIT_AT(transition, planned)},
	{"summary", "Medical summary made on", NULL, EDIT_DAY,
	 EDIT_AT(transition, summary)},
	{"package", "Transfer package sent on",
	 "It asks for a consent to "
	 "share the plan.",
	 EDIT_DAY, EDIT_AT(transition, package)},
	{"without_consent", "Why it does not wait for a consent", NULL,
	 EDIT_LINE, EDIT_AT(transition, without_consent)},
	{"first_visit", "First visit with the adult provider", NULL, EDIT_DAY,
	 EDIT_AT(transition, first_visit)},
	{"confirmed", "It took place, confirmed on", NULL, EDIT_DAY,
	 EDIT_AT(transition, confirmed)},
	{"confirmed_by", "Confirmed by", NULL, EDIT_LINE,
	 EDIT_AT(transition, confirmed_by)},
	{"note", "Note", NULL, EDIT_AREA, EDIT_AT(transition, note)},
};

static int transition_read(struct page *p, const struct child_head *c,
			   int64_t row, void *rec)
{
	struct transition *t = rec;
	int x;

	sheet_blank(&transition_sheet, t);
	t->begun = p->today;
	if (row == 0)
		return 0;
	x = transition_get(p->db, row, t);
	return x == 0 && t->child != c->child ? E_NOTFOUND : x;
}

static int transition_write(struct page *p, const struct child_head *c,
			    int64_t row, const void *rec)
{
	const struct transition *t = rec;
	int64_t id;
	int x = row ? transition_update(edit_records(p), t)
		    : transition_start(edit_records(p), c->child, t->begun,
				       &id);

	if (x != E_DENIED)
		return x;
	page_error(p, "without_consent",
		   "The family has not consented to share the plan. Ask them "
		   "first, or say in a few words why it can’t wait");
	return 0;
}

static const struct edit OF_BEGIN = {
	.what = "transition-begin",
	.title = "Transition to adult care",
	.save = "Begin it",
	.table = "transition",
	.tab = "transition",
	.may = EDIT_ADD,
	.field = BEGIN,
	.n = 1,
	.size = sizeof(struct transition),
	.help = "From the age of 12 on. It stays with the youth across cases.",
	.read = transition_read,
	.write = transition_write,
};
static const struct edit OF_TRANSITION = {
	.what = "transition",
	.title = "Transition to adult care",
	.table = "transition",
	.tab = "transition",
	.may = EDIT_CHANGE | EDIT_UNDO,
	.field = TRANSITION,
	.n = sizeof TRANSITION / sizeof *TRANSITION,
	.size = sizeof(struct transition),
	.help = "The Six Core Elements have their own days; they are on the "
		"page before.",
	.read = transition_read,
	.write = transition_write,
};

static int the_transition(struct page *p, const struct child_head *c,
			  int64_t *id)
{
	struct transition t;
	int x = transition_of_child(p->db, c->child, &t);

	if (x == E_NOTFOUND)
		return err_set(E_STATE, "Begin the transition first");
	*id = x == 0 ? t.id : 0;
	return x;
}

static const struct edit_field ELEMENT[] = {
	{"element", "Core element", NULL, EDIT_WORD,
	 EDIT_AT(transition_element, element), .list = WORDS_ELEMENT,
	 .must = true},
	{"reached", "Done on", NULL, EDIT_DAY,
	 EDIT_AT(transition_element, reached), .must = true},
	{"note", "Note", NULL, EDIT_AREA, EDIT_AT(transition_element, note)},
};

static int element_read(struct page *p, const struct child_head *c, int64_t row,
			void *rec)
{
	struct transition_element *e = rec;
	const char *word = page_query(p, "element");

	e->reached = p->today;
	if (word)
		snprintf(e->element, sizeof e->element, "%s", word);
	return the_transition(p, c, &e->transition);
}

static int element_write(struct page *p, const struct child_head *c,
			 int64_t row, const void *rec)
{
	const struct transition_element *e = rec;

	return transition_reach(edit_records(p), e->transition, e->element,
				e->reached, e->note);
}

static const struct edit OF_ELEMENT = {
	.what = "element",
	.title = "A core element is done",
	.table = "transition_element",
	.tab = "transition",
	.may = EDIT_ADD,
	.field = ELEMENT,
	.n = sizeof ELEMENT / sizeof *ELEMENT,
	.size = sizeof(struct transition_element),
	.help = "Saying it again corrects the day.",
	.read = element_read,
	.write = element_write,
};

static const struct edit_field READINESS[] = {
	{"assessed", "Assessed on", NULL, EDIT_DAY,
	 EDIT_AT(transition_readiness, assessed), .must = true},
	{"tool", "With which questionnaire", NULL, EDIT_LINE,
	 EDIT_AT(transition_readiness, tool), .must = true},
	{"answered_by", "Answered by", NULL, EDIT_ONE,
	 EDIT_AT(transition_readiness, answered_by),
	 .of = "youth=The youth|caregiver=A caregiver|both=Both"},
	{"score", "Score", NULL, EDIT_INT,
	 EDIT_AT(transition_readiness, score)},
	{"most", "Of at most", NULL, EDIT_INT,
	 EDIT_AT(transition_readiness, most)},
	{"next_step", "Next step", NULL, EDIT_AREA,
	 EDIT_AT(transition_readiness, next_step)},
};

static int readiness_read(struct page *p, const struct child_head *c,
			  int64_t row, void *rec)
{
	struct transition_readiness *r = rec;

	sheet_blank(&transition_readiness_sheet, r);
	r->assessed = p->today;
	return the_transition(p, c, &r->transition);
}

static int readiness_write(struct page *p, const struct child_head *c,
			   int64_t row, const void *rec)
{
	int64_t id;

	return transition_assess(edit_records(p), rec, &id);
}

static const struct edit OF_READINESS = {
	.what = "readiness",
	.title = "Readiness",
	.table = "transition_readiness",
	.tab = "transition",
	.may = EDIT_ADD,
	.field = READINESS,
	.n = sizeof READINESS / sizeof *READINESS,
	.size = sizeof(struct transition_readiness),
	.read = readiness_read,
	.write = readiness_write,
};

static const struct edit_field ASKED[] = {
	{"visited", "Preventive visit on", NULL, EDIT_DAY,
	 EDIT_AT(transition_visit, visited), .must = true},
	{"alone", "Spoke alone with the clinician", NULL, EDIT_TRI,
	 EDIT_AT(transition_visit, alone)},
	{"skills", "Worked on self-care, or on what changes at 18", NULL,
	 EDIT_TRI, EDIT_AT(transition_visit, skills)},
	{"discussed", "Talked about the shift to adult care", NULL, EDIT_TRI,
	 EDIT_AT(transition_visit, discussed)},
};

static int asked_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct transition_visit *v = rec;

	sheet_blank(&transition_visit_sheet, v);
	return the_transition(p, c, &v->transition);
}

static int asked_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	int64_t id;

	return transition_answer(edit_records(p), rec, &id);
}

static const struct edit OF_ASKED = {
	.what = "transition-visit",
	.title = "What happened at a preventive visit",
	.table = "transition_visit",
	.tab = "transition",
	.may = EDIT_ADD,
	.field = ASKED,
	.n = sizeof ASKED / sizeof *ASKED,
	.size = sizeof(struct transition_visit),
	.help = "The three questions of the national measure.",
	.read = asked_read,
	.write = asked_write,
};

const struct edit *const edit_of_course[] = {
	&OF_ED,	       &OF_BEGIN, &OF_TRANSITION, &OF_ELEMENT,
	&OF_READINESS, &OF_ASKED, NULL,
};
