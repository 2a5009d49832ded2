/* The visit sheet: a page of paper for a home without a network. */
#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/case/family.h"
#include "regional/case/need.h"
#include "regional/desk/child_head.h"
#include "regional/desk/contact_view.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_visit_sheet.h"
#include "regional/desk/word_field.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, LAST = 5, NEEDS = 30 };

static int set_ways(struct page *p, const struct child_head *c,
		    struct tpl_visit_sheet *t)
{
	struct tpl_pairs *pairs = arena_alloc(&p->a, sizeof *pairs);
	struct tpl_pairs_pairs *pair;
	struct contact_way *l;
	size_t n;
	int x = contact_view_ways(p->db, &p->a, c->child, &l, &n);

	if (x < 0)
		return x;
	pair = arena_alloc(&p->a, n * sizeof *pair);
	if (!pairs || !pair)
		return E_NOMEM;
	for (size_t i = 0; i < n; i++) {
		pair[i].name = desk_word(p, WORDS_MODE, l[i].way);
		pair[i].text = l[i].value;
		pair[i].meta = arena_str(
			&p->a, "%s%s%s%s", l[i].person, *l[i].hours ? ", " : "",
			l[i].hours, l[i].message ? "" : ", leave no message");
	}
	*pairs = (struct tpl_pairs){.pairs = pair, .pairs_n = n};
	t->ways = n ? pairs : NULL;
	if (c->unsafe)
		t->warning = "Other ways on record are not safe.";
	else if (n == 0)
		t->warning = "No safe way to reach the family is on record.";
	return 0;
}

static int set_planned(struct page *p, const struct child_head *c,
		       struct tpl_visit_sheet *t)
{
	struct tpl_visit_sheet_planned *row;
	struct contact_planned *l;
	size_t n;
	int x = contact_view_planned(p->db, &p->a, c->kase, &l, &n);

	if (x < 0)
		return x;
	row = arena_alloc(&p->a, n * sizeof *row);
	for (size_t i = 0; row && i < n; i++) {
		row[i].text = l[i].purpose;
		row[i].day = day_text_week(&p->a, l[i].due);
	}
	t->planned = row;
	t->planned_n = row ? n : 0;
	return 0;
}

struct needs {
	struct page *p;
	struct arena_list rows;
};

static int on_need(void *arg, const struct need *n)
{
	struct needs *l = arg;
	struct tpl_visit_sheet_needs *row;

	if (n->closed != NO_DATE)
		return 0;
	row = arena_add(&l->rows);
	if (!row)
		return E_NOMEM;
	row->text = desk_word(l->p, WORDS_NEED, n->domain);
	row->state =
		arena_str(&l->p->a, "since %s", day_text(&l->p->a, n->found));
	return 0;
}

static int set_last(struct page *p, const struct child_head *c,
		    struct tpl_visit_sheet *t)
{
	struct tpl_visit_sheet_last *row;
	struct contact *l;
	size_t n;
	int x = contact_view_list(p->db, &p->a, c->child, 0, LAST, &l, &n);

	if (x < 0)
		return x;
	row = arena_alloc(&p->a, n * sizeof *row);
	for (size_t i = 0; row && i < n; i++) {
		row[i].day = day_text_week(&p->a, l[i].happened);
		row[i].how = arena_str(&p->a, "%s, %s",
				       desk_word(p, WORDS_MODE, l[i].mode),
				       l[i].reached ? "reached" : "no answer");
		row[i].what = l[i].note;
	}
	t->last = row;
	t->last_n = row ? n : 0;
	return 0;
}

static int read_sheet(struct page *p, const struct child_head *c,
		      struct tpl_visit_sheet *t)
{
	struct needs needs = {
		.p = p,
		.rows = {.arena = &p->a,
			 .size = sizeof(struct tpl_visit_sheet_needs)}};
	struct family home;
	int x;

	if ((x = set_ways(p, c, t)) < 0 || (x = set_planned(p, c, t)) < 0 ||
	    (x = set_last(p, c, t)) < 0)
		return x;
	if (c->kase != 0)
		x = need_list(p->db, c->kase, 0, NEEDS, on_need, &needs);
	t->needs = needs.rows.items;
	t->needs_n = needs.rows.n;
	if (x < 0 || c->family_id == 0)
		return x;
	x = family_get(p->db, c->family_id, &home);
	if (x == 0)
		t->address = arena_str(&p->a, "%s%s%s", home.address,
				       *home.address && *home.zip ? ", " : "",
				       home.zip);
	return x;
}

static int sheet_page(struct page *p)
{
	static const struct tpl_visit_sheet_lines lines[] = {
		{"Day and time, from and to"},
		{"Who was there"},
		{"What they said"},
		{"What we agreed"},
		{"What I will do, and by when"},
		{"The next visit"},
	};
	struct tpl_visit_sheet *t = arena_alloc(&p->a, sizeof *t);
	struct child_head c;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	if (!t)
		return E_NOMEM;
	if ((x = read_sheet(p, &c, t)) < 0)
		return x;
	t->name = child_head_name(&p->a, &c);
	t->age = arena_str(&p->a, "%s, born %s",
			   day_text_age(&p->a, c.birth, p->today),
			   day_text(&p->a, c.birth));
	t->language = *c.language ? desk_word(p, WORDS_LANGUAGE, c.language)
				  : "language not asked";
	t->interpreter = c.interpreter ? "needed" : "not needed";
	t->today = day_text(&p->a, p->today);
	t->who = p->who->title;
	t->back = arena_str(&p->a, "child/%lld/contacts", (long long)c.child);
	t->lines = lines;
	t->lines_n = sizeof lines / sizeof *lines;
	page_title(p, "Visit sheet, %s", t->name);
	page_nav(p, "cases");
	page_head(p)->heading = NULL;
	page_head(p)->kind = "paper";
	page_exported(p, "child", c.child);
	tpl_visit_sheet(page_body(p), t);
	return 0;
}

const struct page_route desk_visit_routes[] = {
	{PAGE_GET, "/child/{id}/visit-sheet", OF_CASES, sheet_page, 0},
	{0},
};
