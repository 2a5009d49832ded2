/* The contacts of a child: the log, one of them, and taking one back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_pager.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/desk/child_head.h"
#include "regional/desk/contact_view.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_contact_one.h"
#include "regional/desk/tpl_contacts.h"
#include "regional/desk/word_field.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };
enum { A_PAGE = 25, ACHIEVED_TEXT = 1000, NOTE_LINES = 12 };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* --- the log --- */

static const char *how_of(struct page *p, const struct contact *c)
{
	return arena_str(&p->a, "%s, %s", desk_word(p, WORDS_MODE, c->mode),
			 c->reached ? "reached" : "no answer");
}

/* With whom, unless it is the family, and what. */
static const char *what_of(struct page *p, const struct contact *c)
{
	const char *who = *c->person ? c->person
			  : strcmp(c->party, "family") == 0
				  ? ""
				  : desk_word(p, WORDS_PARTY, c->party);

	return arena_str(&p->a, "%s%s%s", who, *who && *c->note ? ": " : "",
			 c->note);
}

static int set_rows(struct page *p, const struct child_head *c, int64_t at,
		    struct tpl_contacts *t)
{
	struct tpl_contacts_rows *row;
	struct contact *l;
	size_t n;
	int x = contact_view_list(p->db, &p->a, c->child, at, A_PAGE, &l, &n);

	if (x < 0)
		return x;
	row = arena_alloc(&p->a, n * sizeof *row);
	for (size_t i = 0; row && i < n; i++) {
		row[i].href = arena_str(&p->a, "child/%lld/contact/%lld",
					(long long)c->child,
					(long long)l[i].id);
		row[i].day = day_text_week(&p->a, l[i].happened);
		row[i].how = how_of(p, &l[i]);
		row[i].what = what_of(p, &l[i]);
		row[i].meta = l[i].made_by;
	}
	t->rows = row;
	t->rows_n = row ? n : 0;
	return 0;
}

static void set_pager(struct page *p, const struct child_head *c, int64_t at,
		      int64_t all, struct tpl_contacts *t)
{
	struct tpl_pager *g = arena_alloc(&p->a, sizeof *g);
	long long child = c->child;

	if (!g || all <= A_PAGE)
		return;
	if (at > 0)
		g->previous =
			arena_str(&p->a, "child/%lld/contacts?from=%lld", child,
				  (long long)(at > A_PAGE ? at - A_PAGE : 0));
	if (at + A_PAGE < all)
		g->next = arena_str(&p->a, "child/%lld/contacts?from=%lld",
				    child, (long long)(at + A_PAGE));
	g->text = arena_str(&p->a, "%lld to %lld of %lld", (long long)at + 1,
			    (long long)(at + A_PAGE < all ? at + A_PAGE : all),
			    (long long)all);
	t->pager = g;
}

static int set_planned(struct page *p, const struct child_head *c,
		       struct tpl_contacts *t)
{
	struct tpl_contacts_planned *row;
	struct contact_planned *l;
	size_t n;
	int x = contact_view_planned(p->db, &p->a, c->kase, &l, &n);

	if (x < 0)
		return x;
	row = arena_alloc(&p->a, n * sizeof *row);
	for (size_t i = 0; row && i < n; i++) {
		const char *mode =
			*l[i].mode ? desk_word(p, WORDS_MODE, l[i].mode) : "";

		row[i].id = l[i].id;
		row[i].day = day_text_week(&p->a, l[i].due);
		row[i].late = l[i].due < p->today;
		row[i].purpose = l[i].purpose;
		row[i].how = arena_str(&p->a, "%s%s%s", mode,
				       *mode && *l[i].owner ? ", " : "",
				       l[i].owner);
		row[i].log = arena_str(&p->a,
				       "child/%lld/contact/new?planned=%lld",
				       (long long)c->child, (long long)l[i].id);
	}
	t->planned = row;
	t->planned_n = row ? n : 0;
	return 0;
}

static int log_page(struct page *p)
{
	int64_t at = page_query_int(p, "from", 0, INT64_MAX / 2, 0), all = 0;
	struct tpl_contacts *t = arena_alloc(&p->a, sizeof *t);
	struct child_head c;
	int x = child_head(p, "contacts", &c);

	if (x != 0)
		return x;
	if (!t)
		return E_NOMEM;
	if ((x = contact_view_count(p->db, c.child, &all)) < 0 ||
	    (x = set_rows(p, &c, at, t)) < 0 || (x = set_planned(p, &c, t)) < 0)
		return x;
	set_pager(p, &c, at, all, t);
	t->csrf = page_csrf(p);
	t->here = arena_str(&p->a, "child/%lld/contacts", (long long)c.child);
	t->add = arena_str(&p->a, "child/%lld/contact/new", (long long)c.child);
	t->sheet =
		arena_str(&p->a, "child/%lld/visit-sheet", (long long)c.child);
	t->open = c.kase != 0 && c.closed == NO_DATE;
	t->mode = word_select(p, WORDS_MODE, "mode", "How", NULL, "phone");
	t->said = day_text_count(&p->a, all, "contact or attempt",
				 "contacts and attempts");
	t->none = t->open ? "Nobody has been in contact yet. The line above "
			    "logs one of today."
			  : "There is no open case, and no contact is on "
			    "record.";
	tpl_contacts(page_body(p), t);
	return 0;
}

/* --- taking back, giving up --- */

/* "ID:NEXT", as desk_contact_new.c says it. */
static int take_back(struct page *p, const struct child_head *c,
		     const char *undo)
{
	struct records *r = records_of(p);
	struct contact_child *l;
	int64_t id, next = 0, planned = 0;
	struct contact_planned one;
	char *end;
	size_t n;
	int x;

	id = strtoll(undo, &end, 10);
	if (*end == ':')
		next = strtoll(end + 1, NULL, 10);
	x = contact_view_children(p->db, &p->a, id, c->child, &l, &n);
	/* Of a contact that was planned, it is planned again. */
	while (x == 0 &&
	       (x = contact_view_was_planned(p->db, id, &planned)) == 0 &&
	       planned)
		x = contact_undone(r, planned);
	if (x == 0)
		x = contact_error(r, id);
	if (x == 0 && next > 0) {
		x = contact_planned_get(p->db, next, &one);
		if (x == 0 && one.kase != c->kase)
			x = E_NOTFOUND;
		if (x == 0)
			x = contact_drop(r, next, p->today, "taken back");
	}
	if (x == 0)
		page_note(p, NULL, NULL, "Taken back: the contact is gone.");
	return x;
}

static int give_up(struct page *p, const struct child_head *c)
{
	const char *why = page_form(p, "why");
	struct contact_planned one;
	int64_t id = 0;
	int x = page_form_int(p, "drop", 1, INT64_MAX / 2, &id);

	if (x == 0)
		x = contact_planned_get(p->db, id, &one);
	if (x == 0 && one.kase != c->kase)
		x = E_NOTFOUND;
	if (x == 0)
		x = contact_drop(records_of(p), id, p->today, why ? why : "");
	if (x == 0)
		page_note(p, NULL, NULL, "Given up: %s", one.purpose);
	return x;
}

static int log_post(struct page *p)
{
	const char *undo = page_form(p, "undo");
	struct child_head c;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	page_redirect(p, "/child/%lld/contacts", (long long)c.child);
	if (undo)
		return take_back(p, &c, undo);
	if (page_form(p, "drop"))
		return give_up(p, &c);
	return err_set(E_INVALID, "Choose what to do");
}

/* --- one --- */

struct one {
	struct contact c;
	struct contact_child *child;
	size_t children;
	char achieved[ACHIEVED_TEXT];
};

static int read_one(struct page *p, const struct child_head *c, struct one *o)
{
	int64_t id;
	int x = page_param_id(p, "contact", &id);

	if (x == 0)
		x = contact_view_children(p->db, &p->a, id, c->child, &o->child,
					  &o->children);
	if (x == 0)
		x = contact_get(p->db, id, &o->c);
	if (x == 0)
		x = sheet_marks(p->db, &contact_achieved, id, o->achieved,
				sizeof o->achieved);
	return x;
}

/* "Advised the family, Referred to a specialist" */
static const char *achieved_text(struct page *p, const char *marks)
{
	const char *out = "";
	char id[VOCABULARY_ID];

	while (*marks) {
		size_t len = strcspn(marks, ",");

		snprintf(id, sizeof id, "%.*s", (int)len, marks);
		out = arena_str(&p->a, "%s%s%s", out, *out ? "; " : "",
				desk_word(p, WORDS_ACHIEVED, id));
		marks += len;
		marks += strspn(marks, ", ");
	}
	return out;
}

static void add_pair(struct arena_list *l, const char *name, const char *text)
{
	struct tpl_pairs_pairs *pair = text && *text ? arena_add(l) : NULL;

	if (pair) {
		pair->name = name;
		pair->text = text;
	}
}

static const char *with_of(struct page *p, const struct contact *c)
{
	const char *party = desk_word(p, WORDS_PARTY, c->party);

	return *c->person ? arena_str(&p->a, "%s (%s)", party, c->person)
			  : party;
}

static const char *time_of(struct page *p, const struct contact *c)
{
	return c->minutes == SHEET_UNKNOWN
		       ? ""
		       : day_text_count(&p->a, c->minutes, "minute", "minutes");
}

/* The children that were served together, but for @child. */
static const char *others_of(struct page *p, const struct one *o, int64_t child)
{
	const char *out = "";

	for (size_t i = 0; i < o->children; i++)
		if (o->child[i].child != child)
			out = arena_str(&p->a, "%s%s%s", out, *out ? ", " : "",
					o->child[i].given);
	return out;
}

static const struct tpl_pairs *pairs_of(struct page *p, const struct one *o,
					int64_t child)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_pairs_pairs)};
	struct tpl_pairs *out = arena_alloc(&p->a, sizeof *out);
	const struct contact *c = &o->c;

	add_pair(&l, "Result",
		 c->reached ? "Somebody was reached" : "An attempt");
	add_pair(&l, "With", with_of(p, c));
	add_pair(&l, "Time", time_of(p, c));
	add_pair(&l, "Also for", others_of(p, o, child));
	add_pair(&l, "About", desk_word(p, WORDS_FOCUS, c->focus));
	add_pair(&l, "Done", desk_word(p, WORDS_ACTIVITY, c->activity));
	add_pair(&l, "Came of it", achieved_text(p, o->achieved));
	add_pair(&l, "Spared", desk_word(p, WORDS_PREVENTED, c->prevented));
	add_pair(&l, "Note", c->note);
	add_pair(&l, "Made by", c->made_by);
	add_pair(&l, c->errored == NO_DATE ? "Corrected" : "Error", c->why);
	if (!out)
		return NULL;
	*out = (struct tpl_pairs){.pairs = l.items, .pairs_n = l.n};
	return out;
}

static const char *line_of(struct page *p, const char *name, const char *text)
{
	return text && *text ? arena_str(&p->a, "%s: %s\n", name, text) : "";
}

/* Plain text that any medical record takes. */
static const char *chart_note(struct page *p, const struct child_head *h,
			      const struct one *o)
{
	const struct contact *c = &o->c;
	struct arena *a = &p->a;

	return arena_str(
		a,
		"CARE COORDINATION CONTACT\nPatient: %s, born %s\nDate: %s\n"
		"Mode: %s\nWith: %s\nResult: %s\n%s%s%s%s%sBy: %s\n",
		child_head_name(a, h), day_text(a, h->birth),
		day_text(a, c->happened), desk_word(p, WORDS_MODE, c->mode),
		with_of(p, c),
		c->reached ? "reached" : "not reached (an attempt)",
		line_of(p, "Time", time_of(p, c)),
		line_of(p, "About", desk_word(p, WORDS_FOCUS, c->focus)),
		line_of(p, "Done", desk_word(p, WORDS_ACTIVITY, c->activity)),
		line_of(p, "Outcome", achieved_text(p, o->achieved)),
		line_of(p, "Note", c->note), c->made_by);
}

static int one_page(struct page *p)
{
	struct tpl_contact_one *t = arena_alloc(&p->a, sizeof *t);
	struct child_head c;
	struct one o;
	int x = child_head(p, "contacts", &c);

	if (x != 0)
		return x;
	if (!t)
		return E_NOMEM;
	if ((x = read_one(p, &c, &o)) < 0)
		return x;
	t->title =
		arena_str(&p->a, "%s, %s%s", desk_word(p, WORDS_MODE, o.c.mode),
			  day_text(&p->a, o.c.happened),
			  o.c.errored == NO_DATE ? "" : ": entered in error");
	t->pairs = pairs_of(p, &o, c.child);
	if (o.c.errored == NO_DATE) {
		struct tpl_field *why =
			word_line(p, "wrong", "Why it is an error", "");

		if (why) {
			why->required = true;
			why->maxlength = NAME_TEXT;
		}
		t->wrong = why;
		t->edit = arena_str(&p->a, "child/%lld/contact/%lld/edit",
				    (long long)c.child, (long long)o.c.id);
		t->note = chart_note(p, &c, &o);
		t->lines = NOTE_LINES;
	}
	t->action = p->req->path;
	t->csrf = page_csrf(p);
	page_saw(p, "contact", o.c.id);
	tpl_contact_one(page_body(p), t);
	return 0;
}

static int one_post(struct page *p)
{
	struct records *r = records_of(p);
	int64_t planned = 0;
	struct child_head c;
	struct one o;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if ((x = read_one(p, &c, &o)) < 0 ||
	    (x = word_text(p, "wrong", o.c.why, sizeof o.c.why)) < 0)
		return x;
	if (!*o.c.why) {
		page_error(p, "wrong", "Say why it is an error");
		return 0;
	}
	if ((x = contact_update(r, &o.c)) < 0)
		return x;
	while ((x = contact_view_was_planned(p->db, o.c.id, &planned)) == 0 &&
	       planned)
		if ((x = contact_undone(r, planned)) < 0)
			return x;
	if (x == 0)
		x = contact_error(r, o.c.id);
	if (x < 0)
		return x;
	page_redirect(p, "/child/%lld/contacts", (long long)c.child);
	page_note(p, NULL, NULL, "Marked as entered in error.");
	return 0;
}

const struct page_route desk_contacts_routes[] = {
	{PAGE_GET, "/child/{id}/contacts", OF_CASES, log_page, 0},
	{PAGE_POST, "/child/{id}/contacts", OF_CASES, log_post, 0},
	{PAGE_GET, "/child/{id}/contact/{contact}", OF_CASES, one_page, 0},
	{PAGE_POST, "/child/{id}/contact/{contact}", OF_CASES, one_post, 0},
	{0},
};
