/* A child that was recorded twice: found, compared, merged, taken apart again.
 * Nothing is merged by itself, and only by who may open both records. */
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/tpl_buttons.h"
#include "daemon/web/tpl_radios.h"
#include "regional/case/child.h"
#include "regional/case/duplicate.h"
#include "regional/case/merge.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/find_list.h"
#include "regional/desk/tpl_merge.h"
#include "regional/node.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR };

static struct records *records_of(struct page *p)
{
	return &((struct desk *)p->site)->n->rec;
}

/* --- who it may be --- */

static int add_likely(struct page *p, const struct child_head *c,
		      const struct duplicate *d, struct arena_list *l)
{
	struct tpl_merge_likely *row;
	bool may = false;
	struct child k;
	int x = child_get(p->db, d->child, &k);

	if (x == 0)
		x = desk_may_see(p->db, p->who, d->child, p->now_utc_ms, &may);
	if (x < 0 || k.merged_into || d->child == c->child)
		return x;
	if (!(row = arena_add(l)))
		return E_NOMEM;
	row->alike = arena_str(&p->a, "%d of 100 alike", d->score);
	row->name = may ? arena_str(&p->a, "%s %s", k.given, k.family)
			: find_list_initials(&p->a, k.given, k.family);
	if (!may) {
		char year[DATE_TEXT];

		row->born =
			arena_str(&p->a, "%.4s", date_format(k.birth, year));
		row->whose = "of somebody else’s caseload: ask the supervisor "
			     "to compare them";
		return 0;
	}
	row->born = day_text(&p->a, k.birth);
	row->href = arena_str(&p->a, "child/%lld/merge/%lld",
			      (long long)c->child, (long long)d->child);
	return 0;
}

static int set_likely(struct page *p, const struct child_head *c,
		      struct tpl_merge *v)
{
	const struct duplicate_ask ask = {
		.given = c->given,
		.family = c->family,
		.birth = c->birth,
		.phone = strcmp(c->way, "phone") == 0 ? c->value : NULL,
		.caregiver = c->person,
	};
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_merge_likely)};
	struct duplicate *d = NULL;
	size_t n = 0;
	int x = duplicate_find(p->db, &ask, &p->a, &d, &n);

	page_searched(p, "child");
	for (size_t i = 0; x == 0 && i < n; i++)
		if (d[i].score >= DUPLICATE_LOOK)
			x = add_likely(p, c, &d[i], &l);
	v->likely = l.items;
	v->likely_n = l.n;
	v->count = day_text_count(&p->a, (int64_t)l.n, "record looks like it",
				  "records look like it");
	return x;
}

struct merges {
	struct page *p;
	struct arena_list rows;
};

static int on_merge(void *arg, const struct merge *m)
{
	struct merges *l = arg;
	struct tpl_merge_done *row = arena_add(&l->rows);

	if (!row)
		return E_NOMEM;
	row->day = day_text(&l->p->a, m->merged);
	row->text = arena_str(
		&l->p->a, "Record %lld went up in record %lld%s",
		(long long)m->gone, (long long)m->kept,
		m->undone == NO_DATE ? "." : "; they were taken apart again.");
	row->id = m->undone == NO_DATE ? m->id : 0;
	row->csrf = page_csrf(l->p);
	return 0;
}

static int set_done(struct page *p, const struct child_head *c,
		    struct tpl_merge *v)
{
	struct merges l = {
		p, {.arena = &p->a, .size = sizeof(struct tpl_merge_done)}};
	int x = merge_list(p->db, c->child, on_merge, &l);

	v->done = l.rows.items;
	v->done_n = l.rows.n;
	return x;
}

/* --- both beside each other --- */

/* A value of each record, by a query that asks for ?1 the child; whether it is
 * a day, and whether it tells if they are one. */
static const struct compared {
	const char *name, *sql;
	bool day, tells;
} COMPARED[] = {
	{"Name",
	 "SELECT trim(ifnull(given, '') || ' ' || ifnull(family, ''))"
	 " FROM child WHERE id = ?1",
	 false, true},
	{"Born", "SELECT birth FROM child WHERE id = ?1", true, true},
	{"Sex",
	 "SELECT CASE sex WHEN 'female' THEN 'Female' WHEN 'male' THEN 'Male'"
	 " WHEN 'other' THEN 'Another' ELSE '' END FROM child WHERE id = ?1",
	 false, true},
	{"ZIP code", "SELECT ifnull(zip, '') FROM child WHERE id = ?1", false,
	 true},
	{"Number elsewhere",
	 "SELECT ifnull(source_id, '') FROM child WHERE id = ?1", false, true},
	{"Household",
	 "SELECT ifnull(group_concat(f.name, ', '), '')"
	 " FROM family_child h JOIN family f ON f.id = h.family"
	 " WHERE h.child = ?1 AND h.until IS NULL",
	 false, true},
	{"Caregivers",
	 "SELECT ifnull(group_concat(trim(ifnull(g.given, '') || ' '"
	 " || ifnull(g.surname, '')), ', '), '') FROM family_child h"
	 " JOIN caregiver g ON g.family = h.family WHERE h.child = ?1"
	 " AND h.until IS NULL AND g.active = 1",
	 false, true},
	{"Case open since",
	 "SELECT ifnull((SELECT opened FROM care_case WHERE child = ?1"
	 " AND closed IS NULL), '')",
	 true, false},
	{"Cases before",
	 "SELECT count(*) FROM care_case WHERE child = ?1"
	 " AND closed IS NOT NULL AND errored IS NULL",
	 false, false},
	{"Needs",
	 "SELECT count(*) FROM need n JOIN care_case k"
	 " ON k.id = n.kase WHERE k.child = ?1",
	 false, false},
	{"Referrals",
	 "SELECT count(*) FROM referral r JOIN need n"
	 " ON n.id = r.need JOIN care_case k ON k.id = n.kase"
	 " WHERE k.child = ?1",
	 false, false},
	{"Contacts",
	 "SELECT count(*) FROM contact_case x JOIN care_case k"
	 " ON k.id = x.kase WHERE k.child = ?1",
	 false, false},
	{"Files",
	 "SELECT count(*) FROM attachment WHERE child = ?1"
	 " AND erased IS NULL",
	 false, false},
};

static int value_of(struct page *p, const struct compared *q, int64_t child,
		    const char **out)
{
	char text[400];
	int32_t day;
	int x = db_text(p->db, text, sizeof text, q->sql, "i", child);

	if (x < 0)
		return x;
	*out = q->day && date_parse(text, &day) == 0 ? day_text(&p->a, day)
						     : arena_dup(&p->a, text);
	return 0;
}

static int set_compare(struct page *p, int64_t one, int64_t other,
		       struct tpl_merge *v)
{
	const char *title[] = {
		"", arena_str(&p->a, "Record %lld", (long long)one),
		arena_str(&p->a, "Record %lld", (long long)other), "Alike"};
	struct desk_table t;
	int x = 0;

	desk_table_begin(&t, p);
	for (size_t i = 0; x == 0 && i < sizeof COMPARED / sizeof *COMPARED;
	     i++) {
		struct tpl_table_rows_cells *cell =
			desk_table_row(&t, COMPARED[i].name, NULL, 3);

		if (!cell)
			return E_NOMEM;
		x = value_of(p, &COMPARED[i], one, &cell[0].text);
		if (x == 0)
			x = value_of(p, &COMPARED[i], other, &cell[1].text);
		if (x == 0 && COMPARED[i].tells &&
		    (*cell[0].text || *cell[1].text))
			cell[2].text = strcmp(cell[0].text, cell[1].text) == 0
					       ? "Yes"
					       : "Differs";
	}
	title[0] = "What";
	v->compare = desk_table_end(&t, "Both records", title, 4, false);
	return x;
}

static struct tpl_radios *keep_field(struct page *p, int64_t one, int64_t other)
{
	struct tpl_radios *r = arena_alloc(&p->a, sizeof *r);
	struct tpl_radios_options *o = arena_alloc(&p->a, 2 * sizeof *o);

	if (!r || !o)
		return NULL;
	for (int i = 0; i < 2; i++) {
		int64_t id = i ? other : one;

		o[i].value = arena_str(&p->a, "%lld", (long long)id);
		o[i].title =
			arena_str(&p->a, "Keep record %lld", (long long)id);
		o[i].chosen = page_chosen(p, "keep", o[i].value, i == 0);
	}
	*r = (struct tpl_radios){.name = "keep",
				 .label = "Which record stays",
				 .error = page_error_of(p, "keep"),
				 .options = o,
				 .options_n = 2};
	return r;
}

/* The other record of the path, 0 none; who may not see it gets no further. */
static int other_of(struct page *p, int64_t *other)
{
	int x;

	*other = 0;
	if (!page_param(p, "other"))
		return 0;
	x = page_param_id(p, "other", other);
	return x < 0 ? x : desk_open(p, *other);
}

static int get_merge(struct page *p)
{
	struct tpl_buttons buttons = {.title = "Merge them"};
	struct tpl_merge v = {.buttons = &buttons};
	struct child_head c;
	int64_t other;
	int x = other_of(p, &other);

	/* The other one first: who may not see it gets no page of this one. */
	if (x == 0)
		x = child_head(p, "people", &c);
	if (x != 0)
		return x;
	v.action = p->req->path;
	v.csrf = page_csrf(p);
	v.sides = other != 0;
	if (other) {
		buttons.cancel = arena_str(&p->a, "child/%lld/merge",
					   (long long)c.child);
		v.keep = keep_field(p, c.child, other);
		x = set_compare(p, c.child, other, &v);
	} else {
		x = set_likely(p, &c, &v);
	}
	if (x == 0)
		x = set_done(p, &c, &v);
	if (x < 0)
		return x;
	tpl_merge(page_body(p), &v);
	return 0;
}

/* --- doing it --- */

static int take_apart(struct page *p, const struct child_head *c,
		      const char *undo)
{
	struct merge m;
	char *end;
	int64_t id = strtoll(undo, &end, 10);
	int x = *end || id <= 0 ? E_NOTFOUND : merge_get(p->db, id, &m);

	if (x < 0)
		return x;
	if (m.kept != c->child && m.gone != c->child)
		return E_NOTFOUND;
	page_redirect(p, "/child/%lld/merge/%lld", (long long)m.kept,
		      (long long)m.gone);
	page_note(p, NULL, NULL, "They are two records again.");
	return merge_undo(records_of(p), id);
}

static int post_merge(struct page *p)
{
	const char *undo = page_form(p, "undo");
	int64_t other, keep = 0, id;
	struct child_head c;
	int x = child_head_quiet(p, &c);

	if (x == 0)
		x = other_of(p, &other);
	if (x != 0)
		return x;
	if (undo)
		return take_apart(p, &c, undo);
	x = page_form_int(p, "keep", 1, INT64_MAX, &keep);
	if (x == 0 && (!other || (keep != c.child && keep != other)))
		page_error(p, "keep", "Choose which record stays");
	if (x < 0 || page_errors(p))
		return 0;
	x = merge_children(records_of(p), keep,
			   keep == c.child ? other : c.child, &id);
	page_redirect(p, "/child/%lld", (long long)keep);
	if (x == 0)
		page_note(
			p,
			arena_str(&p->a, "/child/%lld/merge", (long long)keep),
			arena_str(&p->a, "%lld", (long long)id),
			"They are one record now.");
	return x;
}

const struct page_route desk_merge_routes[] = {
	{PAGE_GET, "/child/{id}/merge", OF_CASES, get_merge, 0},
	{PAGE_POST, "/child/{id}/merge", OF_CASES, post_merge, 0},
	{PAGE_GET, "/child/{id}/merge/{other}", OF_CASES, get_merge, 0},
	{PAGE_POST, "/child/{id}/merge/{other}", OF_CASES, post_merge, 0},
	{0},
};
