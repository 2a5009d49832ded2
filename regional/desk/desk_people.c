/* Who the child is, who is around it, how they are reached; and the way from a
 * household to a child of it. */
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_pairs.h"
#include "regional/case/child.h"
#include "regional/case/family.h"
#include "regional/case/kase.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/told_table.h"
#include "regional/desk/tpl_people.h"
#include "regional/desk/word_field.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

/* --- tables --- */

#define NAME_OF "trim(ifnull(g.given, '') || ' ' || ifnull(g.surname, ''))"

/* ?2: the household. */
static const struct told_table CARERS = {
	"Caregivers",
	"caregiver",
	"SELECT g.id, " NAME_OF ", (SELECT relation FROM custody WHERE"
	" caregiver = g.id AND child = ?1 ORDER BY until IS NOT NULL LIMIT 1),"
	" g.language, g.active FROM caregiver g WHERE g.family = ?2"
	" ORDER BY g.active DESC, g.id",
	{"Name", "Is to the child", "Language", "With the family"},
	{{TOLD_TEXT, 0},
	 {TOLD_WORD, WORDS_RELATION},
	 {TOLD_WORD, WORDS_LANGUAGE},
	 {TOLD_YES, 0}},
	4};
static const struct told_table REACH = {
	"How to reach them",
	"reach",
	"SELECT r.id, r.value, ifnull(" NAME_OF ", 'The child'), r.way,"
	" CASE WHEN r.active = 0 THEN 'Does not work' WHEN r.safe = 0 THEN"
	"  'Not safe' WHEN r.preferred THEN 'Safe, preferred' ELSE 'Safe' END"
	" || CASE WHEN r.message = 0 THEN ', no message' ELSE '' END, r.hours"
	" FROM reach r LEFT JOIN caregiver g ON g.id = r.caregiver"
	" WHERE r.child = ?1 OR g.family IN (SELECT family FROM family_child"
	"  WHERE child = ?1 AND until IS NULL) AND ?2 = ?2"
	" ORDER BY r.active DESC, r.preferred DESC, r.safe DESC, r.id",
	{"Number or address", "Whose", "Way", "Safe", "When"},
	{{TOLD_TEXT, 0},
	 {TOLD_TEXT, 0},
	 {TOLD_WORD, WORDS_REACH},
	 {TOLD_TEXT, 0},
	 {TOLD_TEXT, 0}},
	5};
static const struct told_table CUSTODY = {
	"Custody, and who may sign",
	"custody-end",
	"SELECT u.id, ifnull(" NAME_OF ", 'The youth'), u.relation, u.custody,"
	" u.authority, u.until FROM custody u LEFT JOIN caregiver g"
	" ON g.id = u.caregiver WHERE u.child = ?1 AND ?2 = ?2"
	" ORDER BY u.until IS NOT NULL, u.id",
	{"Who", "Is to the child", "Custody", "May sign as", "Until"},
	{{TOLD_TEXT, 0},
	 {TOLD_WORD, WORDS_RELATION},
	 {TOLD_WORD, WORDS_CUSTODY},
	 {TOLD_WORD, WORDS_AUTHORITY},
	 {TOLD_DAY, 0}},
	5,
	"End it"};
static const struct told_table PRACTICE = {
	"Primary care practice",
	NULL,
	"SELECT h.id, t.name, h.clinician, t.phone, h.since, h.until"
	" FROM child_practice h JOIN practice t ON t.id = h.practice"
	" WHERE h.child = ?1 AND ?2 = ?2 ORDER BY h.until IS NOT NULL,"
	" h.since DESC LIMIT 20",
	{"Practice", "Clinician", "Telephone", "Since", "Until"},
	{{TOLD_TEXT, 0},
	 {TOLD_TEXT, 0},
	 {TOLD_TEXT, 0},
	 {TOLD_DAY, 0},
	 {TOLD_DAY, 0}},
	5};

/* --- the child and its homes --- */

static void add_pair(struct arena_list *l, const char *name, const char *text)
{
	struct tpl_pairs_pairs *pair = arena_add(l);

	if (!pair)
		return;
	pair->name = name;
	pair->text = text && *text ? text : "Not known";
}

static const struct tpl_pairs *pairs_end(struct page *p, struct arena_list *l)
{
	struct tpl_pairs *pairs = arena_alloc(&p->a, sizeof *pairs);

	if (pairs)
		*pairs = (struct tpl_pairs){.pairs = l->items, .pairs_n = l->n};
	return pairs;
}

static int set_about(struct page *p, const struct child_head *c,
		     struct tpl_people *v)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_pairs_pairs)};
	struct child k;
	int x = child_get(p->db, c->child, &k);

	if (x < 0)
		return x;
	add_pair(&l, "Name", child_head_name(&p->a, c));
	add_pair(&l, "Born", day_text_long(&p->a, c->birth));
	add_pair(&l, "Sex",
		 strcmp(k.sex, "female") == 0  ? "Female"
		 : strcmp(k.sex, "male") == 0  ? "Male"
		 : strcmp(k.sex, "other") == 0 ? "Another"
					       : "Not known");
	add_pair(&l, "ZIP code", arena_dup(&p->a, k.zip));
	add_pair(&l, "Number elsewhere", arena_dup(&p->a, k.source_id));
	v->about = pairs_end(p, &l);
	return 0;
}

struct homes {
	struct page *p;
	const struct child_head *c;
	struct arena_list rows;
};

static int on_home(void *arg, const struct home *h)
{
	struct homes *all = arg;
	struct page *p = all->p;
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_pairs_pairs)};
	struct tpl_people_homes *row = arena_add(&all->rows);
	struct family f;
	int x = row ? family_get(p->db, h->family, &f) : E_NOMEM;

	if (x < 0)
		return x;
	row->id = h->family;
	row->name = arena_dup(&p->a, f.name);
	row->main = h->main;
	add_pair(&l, "Language",
		 desk_word(p, WORDS_LANGUAGE, arena_dup(&p->a, f.language)));
	add_pair(&l, "Interpreter", f.interpreter ? "Needed" : "Not needed");
	add_pair(&l, "Address",
		 arena_str(&p->a, "%s%s%s", f.address,
			   *f.address && *f.zip ? ", " : "", f.zip));
	row->about = pairs_end(p, &l);
	return told_table_read(p, all->c->child, h->family, &CARERS,
			       &row->carers);
}

static int set_others(struct page *p, const struct child_head *c,
		      struct tpl_people *v)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_people_others)};

	for (size_t i = 0; i < c->siblings_n; i++) {
		const struct child_sibling *s = &c->siblings[i];
		struct tpl_people_others *o = arena_add(&l);
		bool may = false;
		int x = desk_may_see(p->db, p->who, s->child, p->now_utc_ms,
				     &may);

		if (x < 0 || !o)
			return x < 0 ? x : E_NOMEM;
		o->name = s->given;
		o->meta = may ? day_text_age(&p->a, s->birth, p->today)
			      : "of somebody else’s caseload";
		if (may)
			o->href = arena_str(&p->a, "child/%lld",
					    (long long)s->child);
	}
	v->others = l.items;
	v->others_n = l.n;
	return 0;
}

static void add_act(struct page *p, struct arena_list *l,
		    const struct child_head *c, const char *path,
		    const char *title)
{
	struct tpl_people_acts *a = arena_add(l);

	if (!a)
		return;
	a->href = arena_str(&p->a, "child/%lld/%s/%lld", (long long)c->child,
			    path, (long long)c->kase);
	a->title = title;
}

static void add_page(struct page *p, struct arena_list *l,
		     const struct child_head *c, const char *path,
		     const char *title)
{
	struct tpl_people_acts *a = arena_add(l);

	if (!a)
		return;
	a->href = arena_str(&p->a, "child/%lld/%s", (long long)c->child, path);
	a->title = title;
}

static void set_acts(struct page *p, const struct child_head *c,
		     struct tpl_people *v)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_people_acts)};

	if (c->kase && c->closed == NO_DATE) {
		add_act(p, &l, c, "edit/close", "Close the case");
		add_act(p, &l, c, "edit/move", "Moved to another region");
	} else if (c->kase) {
		add_act(p, &l, c, "edit/reopen", "Open the case again");
	}
	if (c->kase)
		add_page(p, &l, c, "letter", "Letter to a family not reached");
	add_page(p, &l, c, "packet", "Packet for a family that moves");
	add_page(p, &l, c, "merge", "Recorded twice?");
	v->acts = l.items;
	v->acts_n = l.n;
}

/* When and why it was closed, and where the family went. */
static int set_ended(struct page *p, const struct child_head *c,
		     struct tpl_people *v)
{
	struct kase k;
	int x = c->kase ? kase_get(p->db, c->kase, &k) : 0;

	if (x < 0 || !c->kase || k.closed == NO_DATE)
		return x;
	v->ended = arena_str(&p->a, "Closed %s%s%s%s%s",
			     day_text(&p->a, k.closed),
			     *k.close_reason ? ": " : "",
			     word_within(p, WORDS_CLOSING, k.close_reason),
			     *k.moved_region ? ", " : "", k.moved_region);
	return 0;
}

static int get_people(struct page *p)
{
	struct tpl_people v = {0};
	struct child_head c;
	struct homes h = {
		p,
		&c,
		{.arena = &p->a, .size = sizeof(struct tpl_people_homes)}};
	int x = child_head(p, "people", &c);

	if (x != 0)
		return x;
	v.child = c.child;
	if ((x = set_about(p, &c, &v)) < 0 ||
	    (x = family_homes(p->db, c.child, 0, p->today, on_home, &h)) < 0 ||
	    (x = told_table_read(p, c.child, 0, &REACH, &v.reach)) < 0 ||
	    (x = told_table_read(p, c.child, 0, &CUSTODY, &v.custody)) < 0 ||
	    (x = told_table_read(p, c.child, 0, &PRACTICE, &v.practice)) < 0 ||
	    (x = set_others(p, &c, &v)) < 0 || (x = set_ended(p, &c, &v)) < 0)
		return x;
	v.homes = h.rows.items;
	v.homes_n = h.rows.n;
	set_acts(p, &c, &v);
	tpl_people(page_body(p), &v);
	return 0;
}

/* --- a household, by its number --- */

struct opening {
	struct page *p;
	int64_t child; /* the first one that they may open */
};

static int on_child(void *arg, const struct home *h)
{
	struct opening *o = arg;
	bool may = false;
	int x = desk_may_see(o->p->db, o->p->who, h->child, o->p->now_utc_ms,
			     &may);

	if (x == 0 && may && !o->child)
		o->child = h->child;
	return x;
}

static int get_family(struct page *p)
{
	struct opening o = {.p = p};
	int64_t id;
	int x = page_param_id(p, "id", &id);

	if (x == 0)
		x = family_homes(p->db, 0, id, p->today, on_child, &o);
	if (x < 0)
		return x;
	if (!o.child)
		return err_set(E_NOTFOUND, "There is no such household");
	page_redirect(p, "/child/%lld/people", (long long)o.child);
	return 0;
}

const struct page_route desk_people_routes[] = {
	{PAGE_GET, "/child/{id}/people", OF_CASES, get_people, 0},
	{PAGE_GET, "/family/{id}", OF_CASES, get_family, 0},
	{0},
};
