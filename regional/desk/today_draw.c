#include "regional/desk/today_draw.h"

#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_steps.h"
#include "proto/catalogue.h"
#include "regional/case/derive.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/today_act.h"
#include "regional/node.h"

enum { BAR_DAYS = 45, BAR_DAY = 10 };

enum urgency { OVERDUE, DUE_TODAY, SOON, GROUPS };

struct drawing {
	struct page *p;
	struct today_text t;
	const struct today_item *item;
	size_t n;
	struct today_cover *cover;
	size_t covers;
	bool week;
	struct tpl_today *page;
	struct arena_list rows[GROUPS], ed, waiting, visits, plans, soon;
	int inbox, ed_late;
};

static struct node *node_of(struct page *p)
{
	return ((struct desk *)p->site)->n;
}

int today_load(struct page *p, int ahead, struct today_loaded *out)
{
	const struct vocabulary *words = catalogue_vocabulary(node_of(p)->cat);
	const struct today_ask q = {.words = words,
				    .staff = p->who->staff,
				    .today = p->today,
				    .ahead = ahead};

	*out = (struct today_loaded){
		.t = {.a = &p->a, .words = words, .today = p->today}};
	return today_list(p->db, &q, &p->a, &out->item, &out->n);
}

static const char *href(struct drawing *g, const struct today_item *i)
{
	return arena_str(&g->p->a, "/child/%lld", (long long)i->child);
}

/* The page on which the work is done. */
static const char *work_href(struct drawing *g, const struct today_item *i)
{
	const char *part = today_text_part(i);

	if (i->kind == TODAY_REFERRAL || i->kind == TODAY_OPENING)
		return arena_str(&g->p->a, "/child/%lld/referral/%lld",
				 (long long)i->child, (long long)i->record);
	return *part ? arena_str(&g->p->a, "/child/%lld/%s",
				 (long long)i->child, part)
		     : href(g, i);
}

static const char *work(struct drawing *g, const struct today_item *i)
{
	char out[TODAY_WORK];

	return arena_dup(&g->p->a, today_work_text(i, out));
}

static const char *called(const struct today_item *i)
{
	return *i->given ? i->given : i->family;
}

/* "for Dana Whitcomb", whom I cover for; else the owner of the record. */
static const char *owner(struct drawing *g, const struct today_item *i)
{
	for (size_t c = 0; c < g->covers; c++)
		if (g->cover[c].staff == i->staff)
			return arena_str(&g->p->a, "for %s", g->cover[c].name);
	return (i->kind == TODAY_ACTION || i->kind == TODAY_CONTACT) && *i->with
		       ? arena_str(&g->p->a, "by %s", i->with)
		       : "";
}

/* --- after the emergency department --- */

/* One step of the clocks: @done NO_DATE: not yet; due on @due. */
static void set_step(struct drawing *g, struct tpl_steps_steps *s,
		     const char *title, int32_t done, int32_t due, bool next)
{
	struct arena *a = &g->p->a;
	int32_t today = g->p->today;

	*s = (struct tpl_steps_steps){.title = title, .state = "ahead"};
	if (done != NO_DATE && done <= due) {
		s->state = "done";
		s->text = day_text_week(a, done);
	} else if (done != NO_DATE) {
		s->state = "done";
		s->late = true;
		s->text =
			arena_str(a, "%s, %s late", day_text_week(a, done),
				  day_text_count(a, done - due, "day", "days"));
	} else if (today > due) {
		s->state = "stuck";
		s->late = true;
		s->text = arena_str(
			a, "%s late",
			day_text_count(a, today - due, "day", "days"));
	} else if (today == due) {
		s->state = "stuck";
		s->late = true;
		s->text = "Due today";
	} else {
		s->state = next ? "now" : "ahead";
		s->text = arena_str(a, "By %s", day_text_week(a, due));
	}
}

static void add_ed(struct drawing *g, const struct today_item *i)
{
	struct tpl_today_ed *e = arena_add(&g->ed);
	struct tpl_steps_steps *s = arena_alloc(&g->p->a, 3 * sizeof *s);
	struct tpl_steps *steps = arena_alloc(&g->p->a, sizeof *steps);

	if (!e || !s || !steps)
		return;
	set_step(g, &s[0], "Contact the family", i->contacted,
		 i->since + TODAY_ED_CONTACT, true);
	set_step(g, &s[1], "Follow-up in 7 days", i->followed,
		 i->since + TODAY_ED_FIRST, i->contacted != NO_DATE);
	set_step(g, &s[2], "Follow-up in 30 days", i->followed,
		 i->since + TODAY_ED_SECOND, false);
	*steps = (struct tpl_steps){.steps = s, .steps_n = 3};
	*e = (struct tpl_today_ed){
		.href = href(g, i),
		.name = today_text_name(&g->t, i),
		.age = day_text_age(&g->p->a, i->birth, g->p->today),
		.about = arena_str(
			&g->p->a, "· behavioral crisis, home on %s%s%s%s",
			day_text_week(&g->p->a, i->since),
			*i->with ? " from " : "", i->with,
			i->kind == TODAY_INBOX ? ", in nobody's caseload" : ""),
		.steps = steps,
		.late = i->late >= 0,
		.work = work(g, i),
		.act = today_text_act(i),
		.to = work_href(g, i),
		.given = called(i),
	};
	g->ed_late += i->late >= 0;
	g->inbox += i->kind == TODAY_INBOX;
}

/* --- rows of work --- */

static void add_row(struct drawing *g, const struct today_item *i)
{
	enum urgency to = i->late > 0	 ? OVERDUE
			  : i->late == 0 ? DUE_TODAY
					 : SOON;
	const char *reach[TODAY_REACH];
	struct tpl_today_groups_rows_reach *lines;
	struct tpl_today_groups_rows *r = arena_add(&g->rows[to]);
	int warn, n = today_text_reach(&g->t, i, reach, &warn);

	lines = arena_alloc(&g->p->a, TODAY_REACH * sizeof *lines);
	if (!r || !lines)
		return;
	for (int k = 0; k < n; k++)
		lines[k] = (struct tpl_today_groups_rows_reach){
			.text = reach[k], .warn = k == warn};
	*r = (struct tpl_today_groups_rows){
		.late = i->late > 0,
		.when = today_text_when(&g->t, i),
		.href = href(g, i),
		.name = today_text_name(&g->t, i),
		.age = day_text_age(&g->p->a, i->birth, g->p->today),
		.what = today_text_what(&g->t, i),
		.owner = owner(g, i),
		.reach = lines,
		.reach_n = (size_t)n,
		.act = today_text_act(i),
		.open = today_text_open(i),
		.to = work_href(g, i),
		.work = work(g, i),
		.given = called(i),
	};
}

static void add_waiting(struct drawing *g, const struct today_item *i)
{
	struct tpl_today_waiting *w = arena_add(&g->waiting);
	int age = (int)(g->p->today - i->since);
	int shown = age < BAR_DAYS ? age : BAR_DAYS;
	int fresh = shown < DERIVE_STALE_DAYS ? shown : DERIVE_STALE_DAYS;

	if (!w)
		return;
	*w = (struct tpl_today_waiting){
		.late = i->late > 0,
		.when = day_text_count(&g->p->a, age, "day", "days"),
		.href = href(g, i),
		.name = today_text_name(&g->t, i),
		.age = day_text_age(&g->p->a, i->birth, g->p->today),
		.what = today_text_what(&g->t, i),
		.owner = owner(g, i),
		.fill = fresh * BAR_DAY,
		.over = (shown - fresh) * BAR_DAY,
		.sent = arena_str(&g->p->a, "Sent %s%s",
				  day_text_short(&g->p->a, i->since),
				  i->late > 0 ? ", stale" : ""),
		.to = work_href(g, i),
		.given = called(i),
		.work = work(g, i),
	};
}

/* --- what stands beside --- */

static void add_visit(struct drawing *g, const struct today_item *i)
{
	struct tpl_today_visits *v = arena_add(&g->visits);

	if (!v)
		return;
	*v = (struct tpl_today_visits){
		.late = i->late > 0,
		.when = today_text_when(&g->t, i),
		.href = href(g, i),
		.name = today_text_name(&g->t, i),
		.how = today_text_word(&g->t, WORDS_MODE, i->mode),
		.what = i->what,
	};
}

static void add_plan(struct drawing *g, const struct today_item *i)
{
	struct tpl_today_plans *l = arena_add(&g->plans);

	if (!l)
		return;
	*l = (struct tpl_today_plans){
		.href = href(g, i),
		.name = today_text_name(&g->t, i),
		.what = i->kind == TODAY_SHARE_PLAN
				? arena_str(&g->p->a, "share with %s",
					    *i->with ? i->with : "primary care")
				: "yearly review",
		.when = arena_str(&g->p->a, "By %s",
				  day_text_week(&g->p->a, i->due)),
	};
}

static void add_soon(struct drawing *g, const struct today_item *i)
{
	struct tpl_today_soon *s = arena_add(&g->soon);

	if (!s)
		return;
	*s = (struct tpl_today_soon){
		.when = i->due > g->p->today + 300
				? arena_str(&g->p->a, "by age %d",
					    date_age_years(i->birth, i->due))
				: day_text_short(&g->p->a, i->due),
		.href = href(g, i),
		.name = today_text_name(&g->t, i),
		.what = today_text_what(&g->t, i),
	};
}

static void add_item(struct drawing *g, const struct today_item *i)
{
	switch (i->kind) {
	case TODAY_ED:
	case TODAY_INBOX:
		add_ed(g, i);
		return;
	case TODAY_REFERRAL:
		add_waiting(g, i);
		return;
	case TODAY_TRANSITION:
	case TODAY_CONSENT:
		if (i->late <= 0) {
			add_soon(g, i);
			return;
		}
		break;
	case TODAY_SHARE_PLAN:
	case TODAY_REVIEW_PLAN:
		if (i->late < 0) {
			add_plan(g, i);
			return;
		}
		break;
	case TODAY_VISIT:
		add_visit(g, i);
		break;
	default:
		break;
	}
	if (i->late >= 0 || g->week)
		add_row(g, i);
}

/* --- the page --- */

static void set_groups(struct drawing *g)
{
	static const char *const titles[GROUPS] = {"Overdue", "Today",
						   "The next 7 days"};
	static const char *const anchors[GROUPS] = {"todo-late", "todo-today",
						    "todo-soon"};
	struct arena_list l = {.arena = &g->p->a,
			       .size = sizeof *g->page->groups};
	size_t rows = 0;

	for (int k = 0; k < GROUPS; k++) {
		struct tpl_today_groups *to;

		if (!g->rows[k].n || !(to = arena_add(&l)))
			continue;
		*to = (struct tpl_today_groups){
			.late = k == OVERDUE,
			.anchor = anchors[k],
			.title = titles[k],
			.rows = g->rows[k].items,
			.rows_n = g->rows[k].n,
		};
		rows += g->rows[k].n;
	}
	g->page->groups = l.items;
	g->page->groups_n = l.n;
	g->page->todo_said =
		day_text_count(&g->p->a, (int64_t)rows, "task", "tasks");
	if (!rows)
		g->page->idle =
			g->p->who->staff
				? "Nothing is due. A good day to call a "
				  "family that nobody has called for a "
				  "while."
				: "Your account names no member of the "
				  "staff, so it has no caseload.";
}

static void glance(struct drawing *g, struct arena_list *l, bool late,
		   const char *target, size_t n, const char *text)
{
	struct tpl_today_glance *k = n ? arena_add(l) : NULL;

	if (k)
		*k = (struct tpl_today_glance){.late = late,
					       .target = target,
					       .n = (int64_t)n,
					       .text = text};
}

static void set_glance(struct drawing *g)
{
	struct arena_list l = {.arena = &g->p->a,
			       .size = sizeof *g->page->glance};
	size_t due = g->rows[DUE_TODAY].n, late = g->rows[OVERDUE].n;

	glance(g, &l, true, "ed", (size_t)g->ed_late,
	       "after an emergency visit, due");
	glance(g, &l, true, "todo-late", late, "overdue");
	glance(g, &l, false, "todo-today", due, "due today");
	glance(g, &l, false, "waiting", g->waiting.n,
	       g->waiting.n == 1 ? "referral without an answer"
				 : "referrals without an answer");
	glance(g, &l, false, "visits", g->visits.n,
	       g->visits.n == 1 ? "visit" : "visits");
	glance(g, &l, false, "plans", g->plans.n,
	       g->plans.n == 1 ? "plan to share or review"
			       : "plans to share or review");
	g->page->glance = l.items;
	g->page->glance_n = l.n;
}

static void set_covers(struct drawing *g)
{
	struct arena *a = &g->p->a;
	struct tpl_today_covers *c;

	c = g->covers ? arena_alloc(a, g->covers * sizeof *c) : NULL;
	if (!c)
		return;
	for (size_t i = 0; i < g->covers; i++) {
		int64_t n = 0;

		for (size_t k = 0; k < g->n; k++)
			n += g->item[k].staff == g->cover[i].staff;
		c[i] = (struct tpl_today_covers){
			.name = g->cover[i].name,
			.until =
				g->cover[i].until == NO_DATE
					? "Away until further notice"
					: arena_str(a, "Away through %s",
						    day_text_week(
							    a,
							    g->cover[i].until)),
			.said = arena_str(a, "%s in your lists.",
					  day_text_count(a, n,
							 "piece of work is",
							 "pieces of work are")),
		};
	}
	g->page->covers = c;
	g->page->covers_n = g->covers;
}

static int set_connected(struct drawing *g)
{
	struct arena *a = &g->p->a;
	struct today_connected *c;
	struct tpl_today_connected *t;
	size_t n;
	int x;

	x = today_connected(g->p->db, g->p->who->staff, g->p->today, a, &c, &n);
	if (x < 0 || n == 0)
		return x;
	t = arena_alloc(a, n * sizeof *t);
	if (!t)
		return E_NOMEM;
	for (size_t i = 0; i < n; i++)
		t[i] = (struct tpl_today_connected){
			.family = c[i].family,
			.what = *c[i].what ? c[i].what
					   : today_text_word(&g->t, WORDS_NEED,
							     c[i].need)};
	g->page->connected = t;
	g->page->connected_n = n;
	g->page->connected_said =
		arena_str(a, "%s connected this week",
			  day_text_count(a, (int64_t)n, "family", "families"));
	return 0;
}

static void begin_lists(struct drawing *g)
{
	struct arena *a = &g->p->a;

	for (int k = 0; k < GROUPS; k++)
		g->rows[k] = (struct arena_list){
			.arena = a,
			.size = sizeof(struct tpl_today_groups_rows)};
	g->ed = (struct arena_list){.arena = a,
				    .size = sizeof(struct tpl_today_ed)};
	g->waiting = (struct arena_list){
		.arena = a, .size = sizeof(struct tpl_today_waiting)};
	g->visits = (struct arena_list){
		.arena = a, .size = sizeof(struct tpl_today_visits)};
	g->plans = (struct arena_list){.arena = a,
				       .size = sizeof(struct tpl_today_plans)};
	g->soon = (struct arena_list){.arena = a,
				      .size = sizeof(struct tpl_today_soon)};
}

static void set_lists(struct drawing *g)
{
	struct tpl_today *t = g->page;

	t->csrf = page_csrf(g->p);
	t->week = g->week;
	t->ed = g->ed.items;
	t->ed_n = g->ed.n;
	t->ed_said =
		day_text_count(&g->p->a, (int64_t)g->ed.n, "child", "children");
	if (g->inbox == TODAY_INBOX_MOST)
		t->ed_said = arena_str(&g->p->a,
				       "%s; of nobody’s caseload the latest %d",
				       t->ed_said, TODAY_INBOX_MOST);
	t->stale = DERIVE_STALE_DAYS;
	t->waiting = g->waiting.items;
	t->waiting_n = g->waiting.n;
	t->visits = g->visits.items;
	t->visits_n = g->visits.n;
	t->plans = g->plans.items;
	t->plans_n = g->plans.n;
	t->soon = g->soon.items;
	t->soon_n = g->soon.n;
	t->put_off = page_query(g->p, "later");
	t->put_off_until = page_query(g->p, "until");
	set_groups(g);
	set_glance(g);
	set_covers(g);
}

int today_draw(struct page *p, const struct today_loaded *l,
	       struct tpl_today *out)
{
	struct drawing *g = arena_alloc(&p->a, sizeof *g);
	int x;

	if (!g)
		return E_NOMEM;
	*g = (struct drawing){.p = p, .t = l->t, .item = l->item, .n = l->n};
	g->page = out;
	g->week = page_query_int(p, "days", 0, TODAY_AHEAD, 0) > 0;
	x = today_covers(p->db, p->who->staff, p->today, &p->a, &g->cover,
			 &g->covers);
	begin_lists(g);
	for (size_t i = 0; i < g->n && x == 0; i++)
		add_item(g, &g->item[i]);
	if (x == 0)
		x = set_connected(g);
	if (x == 0)
		set_lists(g);
	return x;
}
