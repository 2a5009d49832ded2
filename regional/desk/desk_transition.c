/* The way of a youth into adult care: what is done, due and late. */
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/case/transition.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/told_table.h"
#include "regional/desk/tpl_transition.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, ELEMENTS = 12 };

#define SAID(column) \
	"CASE " column " WHEN 1 THEN 'Yes' WHEN 0 THEN 'No' ELSE '' END"

static const struct told_table READINESS = {
	"Readiness",
	NULL,
	"SELECT id, tool, assessed, CASE answered_by WHEN 'youth' THEN"
	" 'The youth' WHEN 'caregiver' THEN 'A caregiver' WHEN 'both' THEN"
	" 'Both' ELSE '' END, ifnull(score || ' of ' || most, ''), next_step"
	" FROM transition_readiness WHERE transition = ?2 AND ?1 = ?1"
	" ORDER BY assessed DESC, id DESC LIMIT 50",
	{"Questionnaire", "Day", "Answered by", "Score", "Next step"},
	{{TOLD_TEXT, 0},
	 {TOLD_DAY, 0},
	 {TOLD_TEXT, 0},
	 {TOLD_TEXT, 0},
	 {TOLD_TEXT, 0}},
	5};
static const struct told_table VISITS = {
	"What was done at preventive visits",
	NULL,
	"SELECT id, visited, " SAID("alone") ", " SAID("skills") ", " SAID(
		"discussed") " FROM transition_visit WHERE transition = ?2"
			     " AND ?1 = ?1 ORDER BY visited DESC LIMIT 50",
	{"Visit", "Time alone", "Self-care or what changes at 18",
	 "Shift to adult care"},
	{{TOLD_DAY, 0}, {TOLD_TEXT, 0}, {TOLD_TEXT, 0}, {TOLD_TEXT, 0}},
	4};

static void add_day(struct page *p, struct arena_list *l, const char *name,
		    int32_t day)
{
	struct tpl_pairs_pairs *pair = arena_add(l);

	if (!pair)
		return;
	pair->name = name;
	pair->text = day == NO_DATE ? "Not yet" : day_text(&p->a, day);
}

static const struct tpl_pairs *about(struct page *p, const struct transition *t)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_pairs_pairs)};
	struct tpl_pairs *pairs = arena_alloc(&p->a, sizeof *pairs);
	struct tpl_pairs_pairs *who;

	add_day(p, &l, "Begun", t->begun);
	if ((who = arena_add(&l))) {
		who->name = "Adult provider";
		who->text = *t->adult_provider
				    ? arena_dup(&p->a, t->adult_provider)
				    : "Not known";
	}
	add_day(p, &l, "Transfer expected", t->expected);
	add_day(p, &l, "Plan made", t->planned);
	add_day(p, &l, "Medical summary", t->summary);
	add_day(p, &l, "Package sent", t->package);
	add_day(p, &l, "First adult visit", t->first_visit);
	add_day(p, &l, "It took place", t->confirmed);
	if (pairs)
		*pairs = (struct tpl_pairs){.pairs = l.items, .pairs_n = l.n};
	return pairs;
}

/* --- the elements --- */

struct reached {
	struct transition_element e[ELEMENTS];
	int n;
};

static int on_element(void *arg, const void *row)
{
	struct reached *r = arg;

	if (r->n < ELEMENTS)
		r->e[r->n++] = *(const struct transition_element *)row;
	return 0;
}

static int set_elements(struct page *p, const struct child_head *c, int64_t id,
			struct tpl_transition *v)
{
	static const char *const TITLE[] = {"Element", "Stands", "Done on",
					    "Note"};
	const struct vocabulary *words = ((struct desk *)p->site)->n->rec.words;
	struct reached *r = arena_alloc(&p->a, sizeof *r);
	int n = vocabulary_count(words, WORDS_ELEMENT), done = 0;
	struct desk_table t;
	int x = r ? transition_elements(p->db, id, 0, ELEMENTS, on_element, r)
		  : E_NOMEM;

	desk_table_begin(&t, p);
	for (int i = 0; x == 0 && i < n; i++) {
		const struct word *w = vocabulary_word(words, WORDS_ELEMENT, i);
		const struct transition_element *e = NULL;
		struct tpl_table_rows_cells *cell = desk_table_row(
			&t, w->title,
			arena_str(&p->a,
				  "child/%lld/edit/element/new?element=%s",
				  (long long)c->child, w->id),
			3);

		for (int k = 0; k < r->n; k++)
			if (strcmp(r->e[k].element, w->id) == 0)
				e = &r->e[k];
		if (!cell)
			return E_NOMEM;
		cell[0].text = transition_standing(
			w, c->birth, e ? e->reached : NO_DATE, p->today);
		if (strcmp(cell[0].text, "late") == 0)
			cell[0].tone = "late";
		cell[1].text = e ? day_text(&p->a, e->reached) : "";
		cell[2].text = e ? e->note : "";
		done += e != NULL;
	}
	v->elements = desk_table_end(&t, "Six Core Elements", TITLE, 4, false);
	v->done = arena_str(&p->a, "%d of %d done", done, n);
	return x;
}

static int get_transition(struct page *p)
{
	struct tpl_transition v = {0};
	struct transition t;
	struct child_head c;
	int x = child_head(p, "transition", &c);

	if (x != 0)
		return x;
	v.child = c.child;
	x = transition_of_child(p->db, c.child, &t);
	if (x == E_NOTFOUND) {
		v.young = date_age_years(c.birth, p->today) <
			  TRANSITION_TELL_AGE;
		tpl_transition(page_body(p), &v);
		return 0;
	}
	if (x == 0)
		x = set_elements(p, &c, t.id, &v);
	if (x == 0)
		x = told_table_read(p, c.child, t.id, &READINESS, &v.readiness);
	if (x == 0)
		x = told_table_read(p, c.child, t.id, &VISITS, &v.visits);
	if (x < 0)
		return x;
	v.begun = about(p, &t);
	v.change = arena_str(&p->a, "child/%lld/edit/transition/%lld",
			     (long long)c.child, (long long)t.id);
	tpl_transition(page_body(p), &v);
	return 0;
}

const struct page_route desk_transition_routes[] = {
	{PAGE_GET, "/child/{id}/transition", OF_CASES, get_transition, 0},
	{0},
};
