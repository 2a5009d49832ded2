#include <string.h>

#include "daemon/web/html.h"
#include "daemon/web/page.h"
#include "daemon/web/tpl_tabs.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/today_list.h"
#include "regional/desk/tpl_child_head.h"

/* The pages of a record: the path after /child/N, and what people call it. */
static const struct tab {
	const char *id, *path, *title;
} TABS[] = {
	{"overview", "", "Overview"},
	{"people", "/people", "Child and family"},
	{"screening", "/screening", "Screening"},
	{"plan", "/plan", "Plan"},
	{"referrals", "/referrals", "Referrals"},
	{"contacts", "/contacts", "Contacts"},
	{"ed", "/ed", "Emergency visits"},
	{"transition", "/transition", "Transition"},
	{"coverage", "/coverage", "Coverage and consent"},
	{"files", "/files", "Notes and files"},
	{"history", "/history", "History of changes"},
};
enum { TABS_N = sizeof TABS / sizeof *TABS };

const char *child_head_name(struct arena *a, const struct child_head *c)
{
	return arena_str(a, "%s%s%s", c->given,
			 c->given[0] && c->family[0] ? " " : "", c->family);
}

/* "7 years old, born March 3, 2019 - open since June 2 - lead: Jo Alvarado" */
static const char *meta(struct page *p, const struct child_head *c)
{
	struct arena *a = &p->a;
	const char *age = day_text_age(a, c->birth, p->today);
	const char *out = arena_str(
		a, "%s%s, born %s", age ? age : "",
		age && strspn(age, "0123456789") == strlen(age) ? " years old"
								: " old",
		day_text(a, c->birth));

	if (c->kase == 0)
		out = arena_str(a, "%s · no case yet", out);
	else if (c->closed != NO_DATE)
		out = arena_str(a, "%s · closed %s", out,
				day_text(a, c->closed));
	else
		out = arena_str(a, "%s · open since %s", out,
				day_text(a, c->opened));
	if (c->kase != 0 && c->closed == NO_DATE)
		out = arena_str(a, "%s · %s%s", out,
				c->lead[0] ? "lead: " : "nobody’s yet",
				c->lead);
	for (size_t i = 0; i < c->siblings_n; i++)
		out = arena_str(
			a, "%s · sibling: %s, %s", out, c->siblings[i].given,
			day_text_age(a, c->siblings[i].birth, p->today));
	return out;
}

static const char *last_how(struct page *p, const struct child_head *c)
{
	if (c->last == NO_DATE)
		return NULL;
	return arena_str(&p->a, "%s, %s, %s. %s", day_text_week(&p->a, c->last),
			 desk_word(p, WORDS_MODE, c->last_mode),
			 c->last_reached ? "reached" : "not reached",
			 c->last_by);
}

static const char *last_ago(struct page *p, const struct child_head *c)
{
	int32_t days;

	if (c->last == NO_DATE)
		return "Never";
	days = p->today - c->last;
	if (days == 0)
		return "Today";
	return arena_str(&p->a, "%s ago",
			 day_text_count(&p->a, days, "day", "days"));
}

/* What not to do is said beside the number. */
static const char *warning(struct page *p, const struct child_head *c)
{
	if (!c->way[0])
		return c->unsafe ? "No way to reach them is safe: ask the "
				   "supervisor before calling."
				 : NULL;
	return arena_str(&p->a, "%s%s", c->message ? "" : "Leave no message. ",
			 c->unsafe ? "Use no other number." : "");
}

static void set_reach(struct page *p, const struct child_head *c,
		      struct tpl_child_head *v)
{
	bool called = strcmp(c->way, "phone") == 0 ||
		      strcmp(c->way, "text") == 0;

	v->person = !c->way[0] ? "Not known"
		    : c->person[0]
			    ? arena_str(&p->a, "%s, %s", c->person,
					desk_word_lower(p, WORDS_RELATION,
							c->relation))
			    : c->given;
	if (c->way[0])
		v->reach = called ? c->value
				  : arena_str(&p->a, "%s: %s",
					      desk_word(p, WORDS_REACH, c->way),
					      c->value);
	v->phone = called ? c->value : NULL;
	v->hours = c->hours;
	v->warning = warning(p, c);
}

/* The family is to be contacted within two days of the discharge. */
static void set_urgent(struct page *p, const struct child_head *c,
		       struct tpl_child_head *v)
{
	int32_t due = c->ed_day + TODAY_ED_CONTACT;

	if (c->ed_day == NO_DATE)
		return;
	v->urgent = arena_str(&p->a,
			      "Home from the emergency department on "
			      "%s.",
			      day_text_week(&p->a, c->ed_day));
	v->urgent_rest =
		due < p->today
			? arena_str(&p->a,
				    "Contact with the family is %s late.",
				    day_text_count(&p->a, p->today - due, "day",
						   "days"))
		: due == p->today
			? "Contact the family by the end of today."
			: arena_str(&p->a, "Contact the family by %s.",
				    day_text_week(&p->a, due));
}

static const struct tpl_tabs *tabs(struct page *p, const struct child_head *c,
				   const char *name, const char *current)
{
	struct tpl_tabs_tabs *row = arena_alloc(&p->a, TABS_N * sizeof *row);
	struct tpl_tabs *t = arena_alloc(&p->a, sizeof *t);

	if (!row || !t)
		return NULL;
	for (int i = 0; i < TABS_N; i++) {
		row[i].href = arena_str(&p->a, "child/%lld%s",
					(long long)c->child, TABS[i].path);
		row[i].title = TABS[i].title;
		row[i].current = strcmp(TABS[i].id, current) == 0;
	}
	*t = (struct tpl_tabs){
		.label = arena_str(&p->a, "Record of %s", name),
		.tabs = row,
		.tabs_n = TABS_N,
	};
	return t;
}

static const struct tpl_layout_head_acts *
acts(struct page *p, const struct child_head *c, size_t *n)
{
	static const char *const ACT[2][3] = {
		{"/referral/new", "New referral", "r"},
		{"/contact/new", "Log a contact", "l"},
	};
	struct tpl_layout_head_acts *a = arena_alloc(&p->a, 2 * sizeof *a);

	*n = 0;
	if (!a)
		return NULL;
	for (int i = 0; i < 2; i++) {
		a[i].href = arena_str(&p->a, "child/%lld%s",
				      (long long)c->child, ACT[i][0]);
		a[i].title = ACT[i][1];
		a[i].key = ACT[i][2];
		a[i].main = i == 1;
	}
	*n = 2;
	return a;
}

static void draw(struct page *p, const struct child_head *c, const char *name,
		 const char *tab)
{
	struct tpl_child_head v = {
		.child = c->child,
		.language = c->language[0]
				    ? desk_word(p, WORDS_LANGUAGE, c->language)
				    : "Not asked",
		.interpreter = c->interpreter ? "Needed" : "Not needed",
		.last = last_ago(p, c),
		.last_how = last_how(p, c),
		.needs = arena_str(&p->a, "%lld", (long long)c->open_needs),
		.merged = c->merged_into,
		.tabs = tabs(p, c, name, tab),
	};

	if (c->stuck > 0)
		v.stuck = c->stuck == 1 ? "1 is stuck"
					: arena_str(&p->a, "%lld are stuck",
						    (long long)c->stuck);
	set_reach(p, c, &v);
	set_urgent(p, c, &v);
	tpl_child_head(page_body(p), &v);
}

int child_head_quiet(struct page *p, struct child_head *out)
{
	int64_t child;
	int r = page_param_id(p, "id", &child);

	if (r == 0)
		r = desk_open(p, child);
	if (r == 0)
		r = child_head_read(p->db, &p->a, child, p->today, out);
	return r;
}

int child_head(struct page *p, const char *tab, struct child_head *out)
{
	struct tpl_layout_head *head;
	const char *name;
	int r = child_head_quiet(p, out);

	if (r != 0)
		return r;
	name = child_head_name(&p->a, out);
	page_title(p, "%s", name);
	page_nav(p, "cases");
	page_crumb(p, "cases", "Cases");
	if (out->family_id != 0)
		page_crumb(p,
			   arena_str(&p->a, "family/%lld",
				     (long long)out->family_id),
			   strstr(out->family_name, "family") ||
					   strstr(out->family_name, "household")
				   ? "%s"
				   : "%s family",
			   out->family_name);
	head = page_head(p);
	head->kind = "child";
	head->meta = meta(p, out);
	head->acts = acts(p, out, &head->acts_n);
	draw(p, out, name, tab);
	return 0;
}
