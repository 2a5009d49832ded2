/* Logging a contact, for one child or several, and putting one right. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_checkboxes.h"
#include "daemon/web/tpl_radios.h"
#include "regional/case/kase.h"
#include "regional/desk/child_head.h"
#include "regional/desk/contact_view.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_contact_form.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { ACHIEVED_TEXT = 1000, CASES_AT_ONCE = 16 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* --- the form --- */

static const struct tpl_radios *reached_field(struct page *p, int64_t stored)
{
	struct tpl_radios_options *o = arena_alloc(&p->a, 2 * sizeof *o);
	struct tpl_radios *f = arena_alloc(&p->a, sizeof *f);

	if (!o || !f)
		return NULL;
	o[0] = (struct tpl_radios_options){
		.value = "yes",
		.title = "Somebody was reached",
		.chosen = page_chosen(p, "reached", "yes", stored == 1)};
	o[1] = (struct tpl_radios_options){
		.value = "no",
		.title = "Nobody was reached: an attempt",
		.chosen = page_chosen(p, "reached", "no", stored == 0)};
	*f = (struct tpl_radios){
		.name = "reached",
		.label = "Result",
		.error = page_error_of(p, "reached"),
		.options = o,
		.options_n = 2,
		.required = true,
	};
	return f;
}

static const struct tpl_checkboxes *boxes(struct page *p, const char *name,
					  const char *label,
					  struct tpl_checkboxes_options *o,
					  size_t n)
{
	struct tpl_checkboxes *f = arena_alloc(&p->a, sizeof *f);

	if (!f || !o || n == 0)
		return NULL;
	*f = (struct tpl_checkboxes){
		.name = name,
		.label = label,
		.error = page_error_of(p, name),
		.optional = true,
		.options = o,
		.options_n = n,
	};
	return f;
}

/* Brothers and sisters whom the same contact may serve. */
static int also_field(struct page *p, const struct child_head *c,
		      const struct tpl_checkboxes **out)
{
	struct tpl_checkboxes_options *o;
	struct contact_child *s;
	size_t n;
	int x = contact_view_siblings(p->db, &p->a, c->child, p->today, &s, &n);

	if (x < 0 || n == 0)
		return x;
	o = arena_alloc(&p->a, n * sizeof *o);
	for (size_t i = 0; o && i < n; i++) {
		o[i].value = arena_str(&p->a, "%lld", (long long)s[i].child);
		o[i].title =
			arena_str(&p->a, "%s, %s", s[i].given,
				  day_text_age(&p->a, s[i].birth, p->today));
		o[i].chosen = page_chosen(p, "also", o[i].value, false);
	}
	*out = boxes(p, "also", "Also for", o, n);
	return 0;
}

/* What was planned and is done by this contact; ?planned=ID chose one. */
static int planned_field(struct page *p, const struct child_head *c,
			 const struct tpl_checkboxes **out,
			 struct contact_planned *one)
{
	int64_t asked = page_query_int(p, "planned", 1, INT64_MAX / 2, 0);
	struct tpl_checkboxes_options *o;
	struct contact_planned *l;
	size_t n;
	int x = contact_view_planned(p->db, &p->a, c->kase, &l, &n);

	if (x < 0 || n == 0)
		return x;
	o = arena_alloc(&p->a, n * sizeof *o);
	for (size_t i = 0; o && i < n; i++) {
		if (l[i].id == asked)
			*one = l[i];
		o[i].value = arena_str(&p->a, "%lld", (long long)l[i].id);
		o[i].title = l[i].purpose;
		o[i].hint = day_text_week(&p->a, l[i].due);
		o[i].chosen =
			page_chosen(p, "planned", o[i].value, l[i].id == asked);
	}
	*out = boxes(p, "planned", "It was planned as", o, n);
	return 0;
}

static const struct tpl_checkboxes *achieved_field(struct page *p,
						   const char *stored)
{
	const struct vocabulary *v = records_of(p)->words;
	size_t n = (size_t)vocabulary_count(v, WORDS_ACHIEVED);
	struct tpl_checkboxes_options *o = arena_alloc(&p->a, n * sizeof *o);

	for (size_t i = 0; o && i < n; i++) {
		const struct word *w =
			vocabulary_word(v, WORDS_ACHIEVED, (int)i);
		const char *at = strstr(stored, w->id);
		size_t len = strlen(w->id);

		o[i].value = w->id;
		o[i].title = w->title;
		o[i].chosen = page_chosen(
			p, "achieved", w->id,
			at && (at == stored || at[-1] == ' ') &&
				(at[len] == ',' || at[len] == '\0'));
	}
	return boxes(p, "achieved", "What came of it", o, n);
}

/* The fields of the contact itself. */
static void set_fields(struct page *p, const struct contact *c,
		       const char *achieved, struct tpl_contact_form *t)
{
	struct tpl_textarea *note =
		word_area(p, "note", "What happened", c->note);
	struct tpl_field *minutes, *person;
	struct tpl_select *s;

	minutes = word_line(
		p, "minutes", "Minutes it took",
		c->minutes == SHEET_UNKNOWN
			? ""
			: arena_str(&p->a, "%lld", (long long)c->minutes));
	if (minutes) {
		minutes->inputmode = "numeric";
		minutes->optional = true;
	}
	person = word_line(p, "person", "Whom exactly", c->person);
	if (person) {
		person->hint = "A name, where it is not the family’s own";
		person->optional = true;
		person->maxlength = NAME_TEXT - 1;
	}
	if (note)
		note->maxlength = SHEET_TEXT_MAX - 1;
	t->reached = reached_field(p, c->reached);
	t->mode = word_select(p, WORDS_MODE, "mode", "How", NULL, c->mode);
	t->party = word_select(p, WORDS_PARTY, "party", "With", NULL, c->party);
	t->note = note;
	t->happened = word_day(p, "happened", "Day", c->happened);
	t->minutes = minutes;
	t->person = person;
	s = word_select(p, WORDS_FOCUS, "focus", "About", "Not said", c->focus);
	t->focus = s;
	s = word_select(p, WORDS_ACTIVITY, "activity", "What was done",
			"Not said", c->activity);
	t->activity = s;
	s = word_select(p, WORDS_PREVENTED, "prevented", "It made unnecessary",
			"Nothing that is known", c->prevented);
	t->prevented = s;
	t->achieved = achieved_field(p, achieved);
	t->more = *c->focus || *c->activity || *c->prevented || *achieved ||
		  page_error_of(p, "prevented");
	t->csrf = page_csrf(p);
	t->action = p->req->path;
}

static void set_next(struct page *p, struct tpl_contact_form *t)
{
	struct tpl_field *purpose =
		word_line(p, "next_purpose", "What for", "");
	struct tpl_date_field *due =
		word_day(p, "next_due", "Planned for", NO_DATE);

	if (purpose)
		purpose->maxlength = 300;
	t->next_purpose = purpose;
	t->next_due = due;
	t->next_mode = word_select(p, WORDS_MODE, "next_mode", "How",
				   "Not decided", "");
}

static int new_page(struct page *p)
{
	struct tpl_contact_form *t = arena_alloc(&p->a, sizeof *t);
	struct contact_planned plan = {.due = NO_DATE};
	struct tpl_buttons *b = arena_alloc(&p->a, sizeof *b);
	struct child_head c;
	struct contact now;
	int x = child_head(p, "contacts", &c);

	if (x != 0)
		return x;
	if (!t || !b)
		return E_NOMEM;
	sheet_blank(&contact_sheet, &now);
	now.happened = p->today;
	now.reached = 1;
	if ((x = also_field(p, &c, &t->also)) < 0 ||
	    (x = planned_field(p, &c, &t->planned, &plan)) < 0)
		return x;
	snprintf(now.mode, sizeof now.mode, "%s",
		 *plan.mode ? plan.mode : "phone");
	snprintf(now.party, sizeof now.party, "%s",
		 *plan.party ? plan.party : "family");
	set_fields(p, &now, "", t);
	set_next(p, t);
	b->title = "Save the contact";
	b->cancel = arena_str(&p->a, "child/%lld/contacts", (long long)c.child);
	t->buttons = b;
	tpl_contact_form(page_body(p), t);
	return 0;
}

/* --- taking it --- */

/* The fields into @c; what is wrong is said of the field. */
static int read_form(struct page *p, struct contact *c)
{
	const char *reached = page_form(p, "reached");
	int x = 0;

	if (!reached ||
	    (strcmp(reached, "yes") != 0 && strcmp(reached, "no") != 0))
		page_error(p, "reached", "Say whether somebody was reached");
	else
		c->reached = reached[0] == 'y';
	c->minutes = SHEET_UNKNOWN;
	if ((x = page_form_date(p, "happened", &c->happened)) < 0 ||
	    (x = page_form_int(p, "minutes", 0, 1440, &c->minutes)) < 0 ||
	    (x = page_form_text(p, "mode", c->mode, sizeof c->mode)) < 0 ||
	    (x = page_form_text(p, "party", c->party, sizeof c->party)) < 0 ||
	    (x = word_text(p, "person", c->person, sizeof c->person)) < 0 ||
	    (x = page_form_text(p, "focus", c->focus, sizeof c->focus)) < 0 ||
	    (x = page_form_text(p, "activity", c->activity,
				sizeof c->activity)) < 0 ||
	    (x = page_form_text(p, "prevented", c->prevented,
				sizeof c->prevented)) < 0 ||
	    (x = word_text(p, "note", c->note, sizeof c->note)) < 0)
		return x;
	if (c->happened > p->today)
		page_error(p, "happened",
			   "The contact is in the future; plan it instead");
	if (!c->reached && *c->prevented)
		page_error(p, "prevented",
			   "An attempt that reached nobody prevented nothing");
	return 0;
}

/* The cases of the child and of those chosen with it. */
static int read_cases(struct page *p, const struct child_head *c,
		      int64_t kase[CASES_AT_ONCE], int *n)
{
	const char *const *also;
	struct kase k;
	int more = 0, x = 0;

	if (c->kase == 0)
		return err_set(E_STATE, "There is no case yet; open one "
					"before you log contacts");
	kase[0] = c->kase;
	*n = 1;
	also = page_form_all(p, "also", &more);
	if (!also)
		return E_NOMEM;
	for (int i = 0; i < more && x == 0; i++) {
		int64_t child = strtoll(also[i], NULL, 10);

		if (*n == CASES_AT_ONCE)
			return err_set(E_INVALID, "At most %d children at once",
				       CASES_AT_ONCE);
		if (child == c->child)
			continue;
		if ((x = desk_open(p, child)) == 0 &&
		    (x = kase_of_child(p->db, child, &k)) == 0)
			kase[(*n)++] = k.id;
	}
	return x;
}

static int plan_next(struct page *p, const struct child_head *c, int64_t *id)
{
	struct contact_planned next;
	int x;

	sheet_blank(&contact_planned_sheet, &next);
	next.kase = c->kase;
	if ((x = page_form_date(p, "next_due", &next.due)) < 0 ||
	    (x = word_text(p, "next_purpose", next.purpose,
			   sizeof next.purpose)) < 0 ||
	    (x = page_form_text(p, "next_mode", next.mode, sizeof next.mode)) <
		    0)
		return x;
	*id = 0;
	if (next.due == NO_DATE && !*next.purpose)
		return 0;
	if (next.due == NO_DATE)
		page_error(p, "next_due", "Say for which day it is planned");
	else if (next.due < p->today)
		page_error(p, "next_due",
			   "The next contact is planned for a "
			   "day that is past");
	if (!*next.purpose)
		page_error(p, "next_purpose", "Say what it is for");
	if (page_errors(p))
		return 0;
	snprintf(next.party, sizeof next.party, "family");
	snprintf(next.owner, sizeof next.owner, "%s", p->who->title);
	return contact_plan(records_of(p), &next, id);
}

static int set_achieved(struct page *p, int64_t id)
{
	const struct vocabulary *v = records_of(p)->words;
	int n = 0, x = 0;
	const char *const *on = page_form_all(p, "achieved", &n);

	if (!on)
		return E_NOMEM;
	for (int i = 0; i < vocabulary_count(v, WORDS_ACHIEVED) && x == 0;
	     i++) {
		const char *w = vocabulary_word(v, WORDS_ACHIEVED, i)->id;
		bool is = false;

		for (int k = 0; k < n; k++)
			is = is || strcmp(on[k], w) == 0;
		x = contact_achieve(records_of(p), id, w, is);
	}
	return x;
}

static int do_planned(struct page *p, int64_t id)
{
	int n = 0, x = 0;
	const char *const *done = page_form_all(p, "planned", &n);

	if (!done)
		return E_NOMEM;
	for (int i = 0; i < n && x == 0; i++)
		x = contact_done(records_of(p), strtoll(done[i], NULL, 10), id);
	return x;
}

static void say_saved(struct page *p, const struct child_head *c,
		      const struct contact *m, int64_t id, int64_t next, int n)
{
	char *undo =
		arena_str(&p->a, "%lld:%lld", (long long)id, (long long)next);
	char *path =
		arena_str(&p->a, "/child/%lld/contacts", (long long)c->child);

	page_note(p, path, undo, "Saved: %s, %s, %s%s%s",
		  desk_word(p, WORDS_MODE, m->mode),
		  m->reached ? "reached" : "not reached",
		  day_text_week(&p->a, m->happened),
		  n > 1 ? arena_str(&p->a, ", for %d children", n) : "",
		  next ? ". The next contact is planned." : ".");
}

static int new_post(struct page *p)
{
	int64_t kase[CASES_AT_ONCE], id = 0, next = 0;
	struct child_head c;
	struct contact m;
	int n = 0, x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	sheet_blank(&contact_sheet, &m);
	m.happened = p->today;
	if ((x = read_form(p, &m)) < 0 || (x = read_cases(p, &c, kase, &n)) < 0)
		return x;
	if (!*m.mode)
		snprintf(m.mode, sizeof m.mode, "phone");
	if (!*m.party)
		snprintf(m.party, sizeof m.party, "family");
	snprintf(m.made_by, sizeof m.made_by, "%s", p->who->title);
	if ((x = plan_next(p, &c, &next)) < 0)
		return x;
	if (page_errors(p))
		return 0;
	if ((x = contact_add(records_of(p), &m, kase, n, &id)) < 0 ||
	    (x = set_achieved(p, id)) < 0 || (x = do_planned(p, id)) < 0)
		return x;
	page_redirect(p, "/child/%lld/contacts", (long long)c.child);
	say_saved(p, &c, &m, id, next, n);
	return 0;
}

/* --- putting one right --- */

static int the_contact(struct page *p, const struct child_head *c,
		       struct contact *m)
{
	struct contact_child *l;
	size_t n;
	int64_t id;
	int x = page_param_id(p, "contact", &id);

	if (x == 0)
		x = contact_view_children(p->db, &p->a, id, c->child, &l, &n);
	if (x == 0)
		x = contact_get(p->db, id, m);
	if (x == 0 && m->errored != NO_DATE)
		x = err_set(E_NOTFOUND, "It was entered in error");
	return x;
}

static int edit_page(struct page *p)
{
	struct tpl_contact_form *t = arena_alloc(&p->a, sizeof *t);
	struct tpl_buttons *b = arena_alloc(&p->a, sizeof *b);
	char achieved[ACHIEVED_TEXT], seen[CONTACT_SEEN];
	struct tpl_field *why;
	struct child_head c;
	struct contact m;
	int x = child_head(p, "contacts", &c);

	if (x != 0)
		return x;
	if (!t || !b)
		return E_NOMEM;
	if ((x = the_contact(p, &c, &m)) < 0 ||
	    (x = sheet_marks(p->db, &contact_achieved, m.id, achieved,
			     sizeof achieved)) < 0)
		return x;
	set_fields(p, &m, achieved, t);
	contact_view_seen(&m, seen);
	t->seen = arena_dup(&p->a, seen);
	why = word_line(p, "why", "Why it is corrected", "");
	if (why) {
		why->required = true;
		why->hint = "Stands with the contact";
		why->maxlength = NAME_TEXT;
	}
	t->why = why;
	b->title = "Save the correction";
	b->cancel = arena_str(&p->a, "child/%lld/contact/%lld",
			      (long long)c.child, (long long)m.id);
	t->buttons = b;
	page_saw(p, "contact", m.id);
	tpl_contact_form(page_body(p), t);
	return 0;
}

static void say_changed(struct page *p, const struct contact *m)
{
	page_error(p, NULL,
		   "Somebody changed this contact while you wrote. It says "
		   "now: %s, %s, %s. %s Below is what you wrote; save again to "
		   "put it in its place.",
		   day_text_week(&p->a, m->happened),
		   desk_word(p, WORDS_MODE, m->mode),
		   m->reached ? "reached" : "not reached", m->note);
}

static int edit_post(struct page *p)
{
	const char *was = page_form(p, "seen");
	char seen[CONTACT_SEEN];
	struct child_head c;
	struct contact m;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if ((x = the_contact(p, &c, &m)) < 0)
		return x;
	contact_view_seen(&m, seen);
	if (!was || strcmp(was, seen) != 0)
		say_changed(p, &m);
	if ((x = read_form(p, &m)) < 0 ||
	    (x = word_text(p, "why", m.why, sizeof m.why)) < 0)
		return x;
	if (!*m.why)
		page_error(p, "why", "Say why it is corrected");
	if (page_errors(p))
		return 0;
	if ((x = contact_update(records_of(p), &m)) < 0 ||
	    (x = set_achieved(p, m.id)) < 0)
		return x;
	page_redirect(p, "/child/%lld/contact/%lld", (long long)c.child,
		      (long long)m.id);
	page_note(p, NULL, NULL, "The correction is saved.");
	return 0;
}

const struct page_route desk_contact_new_routes[] = {
	{PAGE_GET, "/child/{id}/contact/new", OF_CASES, new_page, 0},
	{PAGE_POST, "/child/{id}/contact/new", OF_CASES, new_post, 0},
	{PAGE_GET, "/child/{id}/contact/{contact}/edit", OF_CASES, edit_page,
	 0},
	{PAGE_POST, "/child/{id}/contact/{contact}/edit", OF_CASES, edit_post,
	 0},
	{0},
};
