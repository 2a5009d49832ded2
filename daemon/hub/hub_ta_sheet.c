#include <string.h>

#include "daemon/core/err.h"
#include "daemon/hub/hub.h"
#include "daemon/hub/hub_ta.h"
#include "daemon/hub/hub_table.h"
#include "daemon/hub/ta_report.h"
#include "daemon/hub/tpl_hub_ta_sheet.h"
#include "daemon/web/html.h"

enum { LESSONS = 3 };

struct filling {
	struct page *p;
	const struct ta_item *item;
	struct arena_list actions, lessons;
};

static int on_action(void *arg, const struct ta_action *x)
{
	struct filling *f = arg;
	struct arena *a = &f->p->a;
	struct tpl_hub_ta_sheet_actions *v;

	if (strcmp(x->state, "open") != 0)
		return 0;
	v = arena_add(&f->actions);
	if (!v)
		return E_NOMEM;
	v->what = arena_dup(a, x->what);
	v->owner = arena_dup(a, x->owner);
	v->due = hub_day(a, x->due);
	v->late = x->due < f->p->today;
	return 0;
}

/* Of the same measure, where it helped. */
static int on_item(void *arg, const struct ta_item *i)
{
	struct filling *f = arg;
	struct arena *a = &f->p->a;
	struct tpl_hub_ta_sheet_lessons *v;

	if (i->id == f->item->id || !*i->lesson || !*i->measure ||
	    strcmp(i->measure, f->item->measure) != 0 ||
	    (i->helped != TA_YES && i->helped != TA_PARTLY) ||
	    f->lessons.n == LESSONS)
		return 0;
	v = arena_add(&f->lessons);
	if (!v)
		return E_NOMEM;
	v->text = arena_dup(a, i->lesson);
	v->region = arena_dup(a, i->region_title);
	return 0;
}

static void figures(struct page *p, const struct report *r,
		    struct tpl_hub_ta_sheet *v)
{
	struct tpl_hub_ta_sheet_strengths *s =
		arena_alloc(&p->a, REPORT_STRENGTHS * sizeof *s);

	for (int i = 0; s && i < r->n_strengths; i++) {
		const struct report_line *l = &r->line[r->strength[i]];

		s[i].title = l->m->title;
		s[i].text = ta_report_said(&p->a, r, l);
		v->strengths_n++;
	}
	v->strengths = s;
	if (r->concern < 0)
		return;
	v->concern_title = r->line[r->concern].m->title;
	v->concern = ta_report_said(&p->a, r, &r->line[r->concern]);
}

static int gather(struct page *p, struct filling *f, struct tpl_hub_ta_sheet *v)
{
	struct period last = period_of(period_month_of_day(p->today), 3);
	struct report *r;
	int x;

	last.month -= 3;
	x = ta_report_gather(p->site, p->db, &p->a, f->item->region, last,
			     p->today, &r);
	if (x == 0)
		figures(p, r, v);
	else if (x != E_NOTFOUND)
		return x;
	x = ta_actions(p->db, f->item->id, NULL, on_action, f);
	if (x == 0)
		x = ta_list(p->db, NULL, TA_CLOSED, p->today, on_item, f);
	return x;
}

static int get_sheet(struct page *p)
{
	const struct hub *h = p->site;
	struct ta_item item;
	struct filling f = {
		.p = p,
		.item = &item,
		.actions = {.arena = &p->a,
			    .size = sizeof(struct tpl_hub_ta_sheet_actions)},
		.lessons = {.arena = &p->a,
			    .size = sizeof(struct tpl_hub_ta_sheet_lessons)}};
	struct tpl_hub_ta_sheet v = {0};
	char banner[200];
	int r = hub_ta_item(p, &item);

	if (r == 0)
		r = gather(p, &f, &v);
	if (r < 0)
		return r;
	v.back = arena_str(&p->a, "ta/%lld", (long long)item.id);
	v.region = item.region_title;
	v.day = hub_day(&p->a, p->today);
	v.topic = item.topic;
	v.why = item.why;
	v.actions = f.actions.items;
	v.actions_n = f.actions.n;
	v.lessons = f.lessons.items;
	v.lessons_n = f.lessons.n;
	v.banner = policy_banner(&h->policy, banner, sizeof banner);
	page_title(p, "%s: call sheet", item.region_title);
	page_nav(p, "ta");
	page_head(p)->kind = "paper";
	page_head(p)->heading = NULL;
	page_saw(p, "ta_item", item.id);
	tpl_hub_ta_sheet(page_body(p), &v);
	return 0;
}

const struct page_route hub_ta_sheet_routes[] = {
	{PAGE_GET, "/ta/{id}/sheet", ROLES_OF_HUB, get_sheet, 0},
	{0},
};
