/* A family's survey: given, printed, and its answers entered; and that a parent
 * agrees to meet others. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_actions.h"
#include "regional/case/kase.h"
#include "regional/case/survey.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/sheet_form.h"
#include "regional/desk/tpl_survey_paper.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, CHOICES = 6, ASKS = 4 };

/* --- on paper --- */

struct question {
	const char *ask, *hint, *choice[CHOICES];
};
static const struct paper {
	const char *code, *title, *intro, *thanks, *number, *other;
	struct question question[ASKS];
} PAPER[LANGS] = {
	[LANG_EN] =
		{"en",
		 "How are we doing?",
		 "Please tell us how it goes with the help of our center. Your "
		 "answers change nothing about the help that you get.",
		 "Thank you.",
		 "Survey no.",
		 "En español",
		 {{"How satisfied are you with us, all in all?",
		   NULL,
		   {"5: very satisfied", "4: satisfied",
		    "3: neither satisfied nor dissatisfied", "2: dissatisfied",
		    "1: very dissatisfied"}},
		  {"Did your family get the help that it needed?",
		   NULL,
		   {"Yes", "Partly", "No"}},
		  {"Would you like to meet other parents in a similar "
		   "situation?",
		   "We pass on nothing about you before we have asked you "
		   "again.",
		   {"Yes, please call me", "No"}},
		  {"What should we keep doing, and what should we do better?",
		   NULL,
		   {NULL}}}},
	[LANG_ES] =
		{"es",
		 "¿Cómo le ayudamos?",
		 "Por favor, díganos cómo le va con la ayuda de nuestro "
		 "centro. Sus respuestas no cambian en nada la ayuda que "
		 "recibe.",
		 "Gracias.",
		 "Encuesta n.º",
		 "In English",
		 {{"En general, ¿qué tan satisfecho o satisfecha está "
		   "con nosotros?",
		   NULL,
		   {"5: muy satisfecho/a", "4: satisfecho/a",
		    "3: ni satisfecho/a ni insatisfecho/a", "2: insatisfecho/a",
		    "1: muy insatisfecho/a"}},
		  {"¿Recibió su familia la ayuda que necesitaba?",
		   NULL,
		   {"Sí", "En parte", "No"}},
		  {"¿Le gustaría conocer a otros padres y madres en una "
		   "situación parecida?",
		   "No daremos ninguna información sobre usted sin volver a "
		   "preguntarle.",
		   {"Sí, llámenme por favor", "No"}},
		  {"¿Qué debemos seguir haciendo y qué debemos hacer "
		   "mejor?",
		   NULL,
		   {NULL}}}},
};

static const struct tpl_survey_paper_questions *questions(struct page *p,
							  const struct paper *q)
{
	struct tpl_survey_paper_questions *out =
		arena_alloc(&p->a, ASKS * sizeof *out);

	for (int i = 0; out && i < ASKS; i++) {
		struct tpl_survey_paper_questions_choices *c =
			arena_alloc(&p->a, CHOICES * sizeof *c);
		size_t n = 0;

		while (c && n < CHOICES && q->question[i].choice[n]) {
			c[n].text = q->question[i].choice[n];
			n++;
		}
		out[i] = (struct tpl_survey_paper_questions){
			.ask = q->question[i].ask,
			.hint = q->question[i].hint,
			.choices = c,
			.choices_n = n};
	}
	return out;
}

/* @number 0: of nobody yet. */
static int paper(struct page *p, int64_t number, const char *back)
{
	const char *asked = page_query(p, "language");
	bool spanish = asked && strcmp(asked, "es") == 0;
	const struct paper *q = &PAPER[spanish ? LANG_ES : LANG_EN];
	const struct tpl_survey_paper_questions *rows = questions(p, q);
	const struct tpl_survey_paper t = {
		.other = arena_str(&p->a, "%s?language=%s", p->req->path,
				   spanish ? "en" : "es"),
		.other_said = q->other,
		.back = back,
		.code = q->code,
		.title = q->title,
		.intro = q->intro,
		.thanks = q->thanks,
		.number = number ? arena_str(&p->a, "%s %lld", q->number,
					     (long long)number)
				 : "",
		.questions = rows,
		.questions_n = ASKS};

	if (!rows)
		return E_NOMEM;
	page_title(p, "Survey");
	page_nav(p, "families");
	page_head(p)->heading = NULL;
	page_head(p)->kind = "paper";
	tpl_survey_paper(page_body(p), &t);
	return 0;
}

static int blank_page(struct page *p)
{
	return paper(p, 0, "families");
}

/* --- given --- */

static const char *const OCCASION[] = {"First contact", "In between",
				       "Close of the case"};
static const struct sheet_form_field GIVE_FIELDS[] = {
	{"occasion", "Occasion", NULL, 0, NULL, OCCASION},
	{"asked", "Given on", NULL, 0},
	{"way", "How", NULL, FORM_OPTIONAL, "Not said"},
};
static const struct sheet_form GIVE = {&survey_sheet, GIVE_FIELDS, 3,
				       "this survey"};
static const char *const MET[] = {"Yes", "Partly", "No"};
static const struct sheet_form_field ANSWER_FIELDS[] = {
	{"returned", "Came back on", NULL, 0},
	{"satisfaction", "Satisfied",
	 "1 (very dissatisfied) to 5 (very satisfied); empty: not answered", 0},
	{"needs_met", "Needs met", NULL, 0, "Not answered", MET},
	{"comment", "In their own words", NULL, FORM_AREA | FORM_OPTIONAL},
};
static const struct sheet_form ANSWER = {&survey_sheet, ANSWER_FIELDS, 4,
					 "this survey"};

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

static const char *path_of(struct page *p, int64_t child, const char *more)
{
	return arena_str(&p->a, "child/%lld%s", (long long)child, more);
}

static int draw(struct page *p, struct tpl_sheet_form *t, const char *said)
{
	if (!t)
		return E_NOMEM;
	t->said = said;
	tpl_sheet_form(page_body(p), t);
	return 0;
}

static int give_page(struct page *p)
{
	struct child_head c;
	struct survey s;
	int x = child_head(p, "contacts", &c);

	if (x != 0)
		return x;
	sheet_blank(&survey_sheet, &s);
	s.asked = p->today;
	snprintf(s.occasion, sizeof s.occasion, "periodic");
	return draw(
		p,
		sheet_form_new(p, &GIVE, &s, false, "Save, and print it",
			       path_of(p, c.child, "")),
		"A survey for the family: print it, or ask the questions on "
		"the telephone.");
}

static int give_post(struct page *p)
{
	struct child_head c;
	struct survey s;
	int64_t id;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	sheet_blank(&survey_sheet, &s);
	s.kase = c.kase;
	if ((x = sheet_form_read(p, &GIVE, &s)) < 0 || page_errors(p))
		return x;
	x = survey_add(records_of(p), &s, &id);
	if (x < 0)
		return page_refuse(p, x, "asked");
	page_redirect(p, "/child/%lld/survey/%lld", (long long)c.child,
		      (long long)id);
	page_note(p, NULL, NULL,
		  "Saved: a survey was given. It is printed "
		  "from here.");
	return 0;
}

/* --- answered --- */

static int the_survey(struct page *p, const struct child_head *c,
		      struct survey *s)
{
	struct kase k;
	int64_t id;
	int x = page_param_id(p, "survey", &id);

	if (x == 0)
		x = survey_get(p->db, id, s);
	if (x == 0)
		x = kase_get(p->db, s->kase, &k);
	return x == 0 && k.child != c->child ? E_NOTFOUND : x;
}

static int answer_page(struct page *p)
{
	struct tpl_actions_actions *act = arena_alloc(&p->a, 3 * sizeof *act);
	const char *at, *said;
	struct tpl_actions t;
	struct child_head c;
	struct survey s;
	int x = child_head(p, "contacts", &c);

	if (x == 0)
		x = the_survey(p, &c, &s);
	if (x != 0)
		return x;
	if (!act)
		return E_NOMEM;
	at = arena_str(&p->a, "child/%lld/survey/%lld/print",
		       (long long)c.child, (long long)s.id);
	act[0].title = "Print it";
	act[0].href = at;
	act[1].title = "Print it in Spanish";
	act[1].href = arena_str(&p->a, "%s?language=es", at);
	act[2].title = "The parent agrees to meet others";
	act[2].href = path_of(p, c.child, "/peer");
	t = (struct tpl_actions){.actions = act, .actions_n = 3};
	said = arena_str(&p->a, "Survey no. %lld, given %s.", (long long)s.id,
			 day_text(&p->a, s.asked));
	page_saw(p, "survey", s.id);
	tpl_actions(page_body(p), &t);
	return draw(p,
		    sheet_form_new(p, &ANSWER, &s, true, "Save the answers",
				   "families"),
		    said);
}

static int answer_post(struct page *p)
{
	struct child_head c;
	struct survey s;
	int x = child_head_quiet(p, &c);

	if (x == 0)
		x = the_survey(p, &c, &s);
	if (x == 0)
		x = sheet_form_change(p, &ANSWER, &s);
	if (x != 0 || page_errors(p))
		return x;
	x = survey_update(records_of(p), &s);
	if (x < 0)
		return page_refuse(p, x, "returned");
	page_redirect(p, "/families");
	page_note(p, NULL, NULL, "Saved: the answers of survey no. %lld.",
		  (long long)s.id);
	return 0;
}

static int print_page(struct page *p)
{
	struct child_head c;
	struct survey s;
	int x = child_head_quiet(p, &c);

	if (x == 0)
		x = the_survey(p, &c, &s);
	if (x != 0)
		return x;
	page_exported(p, "survey", s.id);
	return paper(p, s.id,
		     arena_str(&p->a, "child/%lld/survey/%lld",
			       (long long)c.child, (long long)s.id));
}

/* --- to meet other parents --- */

static const struct sheet_form_field PEER_FIELDS[] = {
	{"happened", "Agreed on", NULL, 0},
	{"note", "About what",
	 "Like: a child with diabetes; first year at school", FORM_OPTIONAL},
};
static const struct sheet_form PEER = {&survey_engagement_sheet, PEER_FIELDS, 2,
				       "this note"};

static int peer_page(struct page *p)
{
	struct survey_engagement e;
	struct child_head c;
	int x = child_head(p, "contacts", &c);

	if (x != 0)
		return x;
	sheet_blank(&survey_engagement_sheet, &e);
	e.happened = p->today;
	return draw(p,
		    sheet_form_new(p, &PEER, &e, false, "The parent agrees",
				   path_of(p, c.child, "")),
		    "The parent agrees to meet other parents. Colleagues see "
		    "the language, the child’s age and your name; nothing "
		    "else.");
}

static int peer_post(struct page *p)
{
	struct survey_engagement e;
	struct child_head c;
	int64_t id;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	sheet_blank(&survey_engagement_sheet, &e);
	e.kase = c.kase;
	snprintf(e.engagement, sizeof e.engagement, "peer");
	snprintf(e.noted_by, sizeof e.noted_by, "%s", p->who->title);
	if ((x = sheet_form_read(p, &PEER, &e)) < 0 || page_errors(p))
		return x;
	x = survey_engagement_add(records_of(p), &e, &id);
	if (x < 0)
		return page_refuse(p, x, "happened");
	page_redirect(p, "/families");
	page_note(p, NULL, NULL, "Saved: a parent agrees to meet others.");
	return 0;
}

#define CHILD "/child/{id}"
const struct page_route desk_survey_routes[] = {
	{PAGE_GET, "/families/blank", OF_CASES, blank_page, 0},
	{PAGE_GET, CHILD "/survey", OF_CASES, give_page, 0},
	{PAGE_POST, CHILD "/survey", OF_CASES, give_post, 0},
	{PAGE_GET, CHILD "/survey/{survey}", OF_CASES, answer_page, 0},
	{PAGE_POST, CHILD "/survey/{survey}", OF_CASES, answer_post, 0},
	{PAGE_GET, CHILD "/survey/{survey}/print", OF_CASES, print_page, 0},
	{PAGE_GET, CHILD "/peer", OF_CASES, peer_page, 0},
	{PAGE_POST, CHILD "/peer", OF_CASES, peer_post, 0},
	{0},
};
