/* Forms that change a record of a child; what each is about: edit_list.h. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_select.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"
#include "regional/desk/child_head.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/edit_list.h"
#include "regional/desk/tpl_edit.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, EARLIER = 20 };

static const struct edit *const *const LISTS[] = {
	edit_of_family, edit_of_cover, edit_of_consent,
	edit_of_course, edit_of_case,  edit_of_plan,
};

/* --- what several of them ask --- */

struct records *edit_records(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

int edit_theirs(struct page *p, const char *sql, int64_t child, int64_t row)
{
	int64_t one;

	return db_int(p->db, &one, sql, "ii", child, row);
}

int edit_pick_sql(struct page *p, const char *sql, int64_t child,
		  struct arena_list *options)
{
	struct tpl_select_options *o;
	struct rows r;
	int x = db_rows(p->db, &r, sql, strstr(sql, "?1") ? "i" : "", child);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		x = 0;
		if (!(o = arena_add(options))) {
			x = E_NOMEM;
			break;
		}
		o->value = arena_str(&p->a, "%lld", (long long)rows_int(&r, 0));
		o->title = arena_dup(&p->a, rows_text(&r, 1));
	}
	rows_end(&r);
	return x < 0 ? x : 0;
}

int edit_pick_caregiver(struct page *p, const struct child_head *c,
			struct arena_list *options)
{
	return edit_pick_sql(
		p,
		"SELECT id, trim(ifnull(given, '') || ' '"
		" || ifnull(surname, '')) FROM caregiver WHERE active = 1"
		" AND family IN (SELECT family FROM family_child"
		"  WHERE child = ?1 AND until IS NULL) ORDER BY 2",
		c->child, options);
}

/* --- one request --- */

struct editing {
	const struct edit *e;
	struct child_head c;
	int64_t row; /* 0: a new one */
	void *now;   /* as stored */
};

static const struct edit *named_edit(const char *what)
{
	for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++)
		for (const struct edit *const *e = LISTS[i]; *e; e++)
			if (strcmp((*e)->what, what) == 0)
				return *e;
	return NULL;
}

/* The record of the path, after the child's check was made. */
static int the_record(struct page *p, struct editing *t)
{
	const char *row = page_param(p, "row");
	int x = 0;

	t->e = named_edit(page_param(p, "what"));
	if (!t->e)
		return err_set(E_NOTFOUND, "There is no such form");
	t->row = 0;
	if (strcmp(row, "new") != 0)
		x = page_param_id(p, "row", &t->row);
	if (x < 0)
		return x;
	if (!(t->e->may & (t->row ? EDIT_CHANGE : EDIT_ADD)))
		return err_set(E_NOTFOUND, "There is no such form");
	t->now = arena_alloc(&p->a, t->e->size);
	return t->now ? t->e->read(p, &t->c, t->row, t->now) : E_NOMEM;
}

/* --- drawing --- */

static const struct edit_field *field_of(const struct edit *e, const char *name)
{
	for (int i = 0; i < e->n; i++)
		if (strcmp(e->field[i].name, name) == 0)
			return &e->field[i];
	return NULL;
}

static int set_history(struct page *p, const struct editing *t,
		       struct tpl_edit *v)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_edit_history)};
	struct tpl_edit_history *h;
	char when[24];
	struct rows r;
	int x = db_rows(p->db, &r,
			"SELECT h.field, h.was, a.at_utc_ms, a.who"
			" FROM history h JOIN audit a ON a.seq = h.seq"
			" WHERE h.record = ? AND h.id = ?"
			" ORDER BY h.seq DESC LIMIT 60",
			"si", t->e->table, t->row);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		const struct edit_field *f = field_of(t->e, rows_text(&r, 0));
		const char *who = rows_text(&r, 3);

		x = 0;
		if (!f || l.n == EARLIER)
			continue;
		if (!(h = arena_add(&l))) {
			x = E_NOMEM;
			break;
		}
		h->field = f->label;
		h->was = edit_said(p, &t->c, f,
				   arena_dup(&p->a, rows_text(&r, 1)));
		h->when = arena_dup(&p->a, page_when(rows_int(&r, 2), when));
		h->who = arena_dup(
			&p->a, strncmp(who, "user:", 5) == 0 ? who + 5 : who);
	}
	rows_end(&r);
	v->history = l.items;
	v->history_n = l.n;
	return x < 0 ? x : 0;
}

static const char *conflict_text(struct page *p, const struct tpl_edit *v)
{
	if (!v->history_n)
		return "Somebody changed this while you were writing.";
	return arena_str(&p->a, "Changed by %s while you were writing.",
			 v->history[0].who);
}

static int draw(struct page *p, struct editing *t)
{
	const struct edit *e = t->e;
	bool adding = t->row == 0, conflict = false;
	struct arena_list parts = {.arena = &p->a,
				   .size = sizeof(struct tpl_edit_parts_parts)};
	struct arena_list began = {.arena = &p->a,
				   .size = sizeof(struct tpl_edit_began)};
	struct tpl_edit_parts all = {0};
	struct tpl_buttons buttons = {
		.title = e->save  ? e->save
			 : adding ? "Add it"
				  : "Save it",
		.cancel = arena_str(&p->a, "child/%lld%s%s",
				    (long long)t->c.child, *e->tab ? "/" : "",
				    e->tab),
	};
	struct tpl_edit v = {
		.title = e->title,
		.action = p->req->path,
		.csrf = page_csrf(p),
		.draft = true,
		.help = e->help,
		.wrong = e->wrong && !adding,
		.parts = &all,
		.buttons = &buttons,
	};
	int x = edit_draw(p, &t->c, e, adding, t->now, &parts, &conflict);

	if (x == 0 && !adding)
		x = set_history(p, t, &v);
	if (x == 0 && e->before)
		x = e->before(p, &t->c, t->row, t->now, &v.before);
	if (x < 0)
		return x;
	if (e->also && !adding) {
		v.also = arena_str(&p->a, "child/%lld/edit/%s/%lld",
				   (long long)t->c.child, e->also,
				   (long long)t->row);
		v.also_title = e->also_title;
	}
	if (!adding && !(e->may & EDIT_FRESH))
		edit_began(p, e, t->now, &began);
	v.conflict = conflict ? conflict_text(p, &v) : NULL;
	v.began = began.items;
	v.began_n = began.n;
	all.parts = parts.items;
	all.parts_n = parts.n;
	tpl_edit(page_body(p), &v);
	return 0;
}

static int get_edit(struct page *p)
{
	struct editing t = {0};
	const struct edit *e = named_edit(page_param(p, "what"));
	int x = child_head(p, e && *e->tab ? e->tab : "overview", &t.c);

	if (x == 0)
		x = the_record(p, &t);
	/* What must be there first is missing: the page says how. */
	if (x == E_STATE)
		x = E_NOTFOUND;
	return x == 0 ? draw(p, &t) : x;
}

/* --- writing --- */

static int put_back(struct page *p, struct editing *t, const char *text)
{
	int x;

	if (strcmp(t->e->what, "close") == 0) {
		struct kase k;

		x = kase_get(p->db, t->row, &k);
		if (x == 0)
			x = kase_reopen(edit_records(p), t->row, k.closed,
					"Closed by mistake");
	} else if (!(t->e->may & EDIT_UNDO)) {
		return err_set(E_INVALID, "This can't be undone");
	} else {
		x = edit_undo(p, t->e, text, t->now);
		if (x == 0)
			x = t->e->write(p, &t->c, t->row, t->now);
	}
	if (x == 0)
		page_note(p, NULL, NULL, "Taken back.");
	return x;
}

static int save(struct page *p, struct editing *t)
{
	const struct edit *e = t->e;
	void *rec = arena_alloc(&p->a, e->size);
	const char *undo = NULL;
	int x;

	if (!rec)
		return E_NOMEM;
	memcpy(rec, t->now, e->size);
	if (t->row && !(e->may & EDIT_FRESH) &&
	    edit_conflicts(p, e, t->now) > 0) {
		page_error(p, NULL,
			   "Somebody changed this while you were writing: "
			   "choose below what is right");
		return 0;
	}
	x = edit_read(p, e, t->row == 0, rec);
	if (x < 0 || page_errors(p))
		return x;
	x = e->write(p, &t->c, t->row, rec);
	if (x == E_DENIED) {
		page_error(p, NULL, "%s", err_text(x));
		return 0;
	}
	if (x < 0 || page_errors(p))
		return x;
	if (t->row && (e->may & EDIT_UNDO))
		undo = edit_undo_text(p, e, t->now, rec);
	else if (strcmp(e->what, "close") == 0)
		undo = "close";
	page_note(p, undo ? p->req->path : NULL, undo, "Saved: %s.", e->title);
	return 0;
}

static int post_edit(struct page *p)
{
	const char *undo = page_form(p, "undo"), *act = page_form(p, "do");
	struct editing t = {0};
	int x = child_head_quiet(p, &t.c);

	if (x != 0)
		return x;
	x = the_record(p, &t);
	if (x < 0)
		return x;
	page_redirect(p, "/child/%lld%s%s", (long long)t.c.child,
		      *t.e->tab ? "/" : "", t.e->tab);
	if (undo)
		return put_back(p, &t, undo);
	if (act && strcmp(act, "wrong") == 0 && t.e->wrong && t.row) {
		page_note(p, NULL, NULL, "It counts nowhere any more.");
		return t.e->wrong(p, t.row);
	}
	return save(p, &t);
}

const struct page_route desk_edit_routes[] = {
	{PAGE_GET, "/child/{id}/edit/{what}/{row}", OF_CASES, get_edit, 0},
	{PAGE_POST, "/child/{id}/edit/{what}/{row}", OF_CASES, post_edit, 0},
	{0},
};
