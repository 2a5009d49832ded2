#include "regional/desk/cases_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_field.h"
#include "daemon/web/tpl_pager.h"
#include "daemon/web/tpl_select.h"
#include "proto/catalogue.h"
#include "proto/levels.h"
#include "regional/case/staff.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/find_list.h"
#include "regional/desk/today_list.h"
#include "regional/node.h"

enum { PAGE = 50, FILTERS = 5, OPTIONS = 80, COLUMNS = 7 };

static const char *const stages[][2] = {
	{"intake", "Waits for intake"}, {"assess", "No level of need yet"},
	{"plan", "No care plan yet"},	{"work", "At work"},
	{"close", "No open need"},
};
enum { STAGES = sizeof stages / sizeof *stages };

/* --- the question --- */

static void take(struct page *p, const char *name, char *out, size_t size)
{
	const char *text = page_query(p, name);

	if (text && strlen(text) < size)
		snprintf(out, size, "%s", text);
}

/* "mine", "unassigned", "all", or a member of the staff by number. */
static void take_whose(struct page *p, struct cases_query *q)
{
	const char *text = page_query(p, "whose");
	int whose = text ? cases_whose_of(text) : -1;

	q->whose = q->me ? CASES_MINE : CASES_ALL;
	if (whose >= 0 && whose != CASES_STAFF) {
		q->whose = (enum cases_whose)whose;
	} else if (text && whose < 0) {
		q->staff = strtoll(text, NULL, 10);
		if (q->staff > 0)
			q->whose = CASES_STAFF;
	}
}

void cases_query_of(struct page *p, struct cases_query *q)
{
	const char *sort = page_query(p, "sort");
	int by = sort ? cases_sort_of(sort) : -1;

	*q = (struct cases_query){
		.me = p->who->staff, .today = p->today, .limit = PAGE};
	take_whose(p, q);
	take(p, "level", q->level, sizeof q->level);
	take(p, "need", q->need, sizeof q->need);
	take(p, "stage", q->stage, sizeof q->stage);
	take(p, "language", q->language, sizeof q->language);
	take(p, "zip", q->zip, sizeof q->zip);
	q->overdue = page_query_int(p, "overdue", 0, 1, 0) != 0;
	q->after = page_query_int(p, "after", 1, INT64_MAX / 2, 0);
	q->sort = by < 0 ? CASES_BY_NAME : (enum cases_sort)by;
}

/* Values are ids of lists; others are left out, so nothing needs encoding. */
static void add(char out[SAVED_VIEW_QUERY], const char *name, const char *value)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
		"0123456789-_";
	size_t used = strlen(out);

	if (*value && !value[strspn(value, plain)])
		snprintf(out + used, SAVED_VIEW_QUERY - used, "%s%s=%s",
			 used ? "&" : "", name, value);
}

const char *cases_query_text(const struct cases_query *q,
			     char out[SAVED_VIEW_QUERY])
{
	char staff[24];

	*out = '\0';
	snprintf(staff, sizeof staff, "%lld", (long long)q->staff);
	add(out, "whose",
	    q->whose == CASES_STAFF ? staff : cases_whose_id(q->whose));
	add(out, "level", q->level);
	add(out, "need", q->need);
	add(out, "stage", q->stage);
	add(out, "language", q->language);
	add(out, "zip", q->zip);
	if (q->overdue)
		add(out, "overdue", "1");
	add(out, "sort", cases_sort_id(q->sort));
	return out;
}

/* --- filters --- */

struct drawing {
	struct page *p;
	const struct cases_query *q;
	const struct vocabulary *words;
	const struct levels *levels;
	struct tpl_cases *t;
	struct arena_list filters, people;
	struct today_cover *cover;
	size_t covers;
};

static struct tpl_select_options *
option(struct arena_list *l, const char *value, const char *title, bool chosen)
{
	struct tpl_select_options *o = arena_add(l);

	if (o)
		*o = (struct tpl_select_options){
			.value = value, .title = title, .chosen = chosen};
	return o;
}

static void end_filter(struct drawing *g, struct arena_list *l,
		       const char *name, const char *label)
{
	struct tpl_select *s = arena_alloc(&g->p->a, sizeof *s);
	struct tpl_cases_filters *f = arena_add(&g->filters);

	if (!s || !f)
		return;
	*s = (struct tpl_select){.name = name,
				 .label = label,
				 .options = l->items,
				 .options_n = l->n};
	f->select = s;
}

static void begin_filter(struct drawing *g, struct arena_list *l,
			 const char *all)
{
	*l = (struct arena_list){.arena = &g->p->a,
				 .size = sizeof(struct tpl_select_options)};
	if (all)
		option(l, "", all, false);
}

struct peopling {
	struct drawing *g;
	struct arena_list *whose, *people;
};

static int on_staff(void *arg, const struct staff *s)
{
	struct peopling *t = arg;
	struct drawing *g = t->g;
	const char *id = arena_str(&g->p->a, "%lld", (long long)s->id);
	int role = vocabulary_find(g->words, WORDS_STAFF_ROLE, s->role);

	option(t->whose, id, arena_dup(&g->p->a, s->name),
	       g->q->whose == CASES_STAFF && g->q->staff == s->id);
	option(t->people, id,
	       arena_str(&g->p->a, "%s, %s", s->name,
			 role < 0 ? s->role
				  : vocabulary_word(g->words, WORDS_STAFF_ROLE,
						    role)
					    ->title),
	       page_chosen(g->p, "to", id, false));
	return 0;
}

static int set_whose(struct drawing *g)
{
	struct arena_list whose;
	struct peopling t = {g, &whose, &g->people};
	int x;

	begin_filter(g, &whose, NULL);
	begin_filter(g, &g->people, NULL);
	if (g->q->me)
		option(&whose, "mine", "Mine and those I cover",
		       g->q->whose == CASES_MINE);
	option(&whose, "unassigned", "Nobody’s",
	       g->q->whose == CASES_UNASSIGNED);
	option(&whose, "all", "Everybody’s", g->q->whose == CASES_ALL);
	x = staff_list(g->p->db, "", g->p->today, 0, OPTIONS, on_staff, &t);
	end_filter(g, &whose, "whose", "Whose");
	return x;
}

static void set_words(struct drawing *g, enum words list, const char *name,
		      const char *label, const char *all, const char *now)
{
	struct arena_list l;

	begin_filter(g, &l, all);
	for (int i = 0; i < vocabulary_count(g->words, list); i++) {
		const struct word *w = vocabulary_word(g->words, list, i);

		option(&l, w->id, w->title, strcmp(now, w->id) == 0);
	}
	end_filter(g, &l, name, label);
}

static void set_filters(struct drawing *g)
{
	struct arena_list l;
	struct tpl_field *zip = arena_alloc(&g->p->a, sizeof *zip);

	begin_filter(g, &l, "Any");
	for (int i = 0; i < g->levels->n_levels; i++)
		option(&l, g->levels->level[i].id, g->levels->level[i].id,
		       strcmp(g->q->level, g->levels->level[i].id) == 0);
	end_filter(g, &l, "level", "Level of need");
	set_words(g, WORDS_NEED, "need", "Open need", "Any", g->q->need);
	begin_filter(g, &l, "Any");
	for (int i = 0; i < STAGES; i++)
		option(&l, stages[i][0], stages[i][1],
		       strcmp(g->q->stage, stages[i][0]) == 0);
	end_filter(g, &l, "stage", "Stage");
	set_words(g, WORDS_LANGUAGE, "language", "Language", "Any",
		  g->q->language);
	if (zip)
		*zip = (struct tpl_field){.name = "zip",
					  .label = "ZIP code begins with",
					  .value = g->q->zip,
					  .inputmode = "numeric",
					  .maxlength = 10};
	g->t->zip = zip;
	g->t->overdue = g->q->overdue;
	g->t->sort = cases_sort_id(g->q->sort);
	g->t->filters = g->filters.items;
	g->t->filters_n = g->filters.n;
}

/* --- lines --- */

/* Of others' children only what tells that they are there. */
static bool may_open(const struct drawing *g, const struct cases_line *l)
{
	bool may = g->p->who->roles & ROLE_SUPERVISOR || !l->staff ||
		   l->staff == g->q->me;

	for (size_t i = 0; i < g->covers && !may; i++)
		may = g->cover[i].staff == l->staff;
	return may;
}

/* ",food,housing," as "Food, housing". */
static const char *needs_text(struct drawing *g, const char *needs)
{
	const char *out = "";

	for (int i = 0; i < vocabulary_count(g->words, WORDS_NEED); i++) {
		const struct word *w = vocabulary_word(g->words, WORDS_NEED, i);
		const char *at = arena_str(&g->p->a, ",%s,", w->id);

		if (at && out && strstr(needs, at))
			out = arena_str(&g->p->a, "%s%s%s", out,
					*out ? ", " : "", w->title);
	}
	return out;
}

static const char *stage_text(const char *stage)
{
	for (int i = 0; i < STAGES; i++)
		if (strcmp(stage, stages[i][0]) == 0)
			return stages[i][1];
	return stage;
}

static void set_row(struct drawing *g, const struct cases_line *l,
		    struct tpl_cases_rows *r)
{
	struct arena *a = &g->p->a;
	bool may = may_open(g, l);
	char id[24];

	snprintf(id, sizeof id, "%lld", (long long)l->kase);
	*r = (struct tpl_cases_rows){
		.may = g->t->may_assign && may,
		.out = g->t->may_assign && !may,
		.kase = l->kase,
		.chosen = page_chosen(g->p, "kase", id, false),
		.open = may,
		.href = arena_str(a, "/child/%lld", (long long)l->child),
		.staff = l->staff ? l->staff_name : "Nobody",
		.level = *l->level ? l->level : "none yet",
		.stage = stage_text(l->stage),
		.last = l->last == NO_DATE ? "never"
					   : day_text_short(a, l->last),
	};
	if (may) {
		int lang =
			vocabulary_find(g->words, WORDS_LANGUAGE, l->language);

		r->name = arena_str(a, "%s%s%s", l->family,
				    *l->family && *l->given ? ", " : "",
				    l->given);
		r->meta = arena_str(
			a, "%s%s%s", day_text_age(a, l->birth, g->p->today),
			lang < 0 ? "" : ", ",
			lang < 0 ? ""
				 : vocabulary_word(g->words, WORDS_LANGUAGE,
						   lang)
					   ->title);
		r->needs = needs_text(g, l->needs);
		r->due = day_text_short(a, l->due);
		r->late = l->due != NO_DATE && l->due < g->p->today;
	} else {
		int y, m, d;

		date_to_ymd(l->birth, &y, &m, &d);
		r->name = find_list_initials(a, l->given, l->family);
		r->meta = arena_str(a, "born %d", y);
	}
}

/* The whole list without this page, for links: "/cases?...&sort=due". */
static const char *address(struct drawing *g, enum cases_sort sort,
			   int64_t after)
{
	char text[SAVED_VIEW_QUERY];
	struct cases_query q = *g->q;

	q.sort = sort;
	cases_query_text(&q, text);
	return after ? arena_str(&g->p->a, "/cases?%s&after=%lld", text,
				 (long long)after)
		     : arena_str(&g->p->a, "/cases?%s", text);
}

static void set_columns(struct drawing *g)
{
	static const struct {
		const char *title;
		int sort; /* -1: none */
		const char *way;
	} columns[COLUMNS] = {
		{"Child", CASES_BY_NAME, "ascending"},
		{"Whose", -1, NULL},
		{"Level", CASES_BY_LEVEL, "descending"},
		{"Stage", -1, NULL},
		{"Open needs", -1, NULL},
		{"First due", CASES_BY_DUE, "ascending"},
		{"Last contact", CASES_BY_LAST, "ascending"},
	};
	struct tpl_cases_columns *c;

	c = arena_alloc(&g->p->a, COLUMNS * sizeof *c);
	for (int i = 0; c && i < COLUMNS; i++) {
		c[i].title = columns[i].title;
		if (columns[i].sort < 0)
			continue;
		if ((int)g->q->sort == columns[i].sort)
			c[i].sorted = columns[i].way;
		else
			c[i].href =
				address(g, (enum cases_sort)columns[i].sort, 0);
	}
	g->t->columns = c;
	g->t->columns_n = c ? COLUMNS : 0;
}

static int set_rows(struct drawing *g)
{
	struct tpl_pager *pager = arena_alloc(&g->p->a, sizeof *pager);
	struct tpl_cases_rows *r;
	struct cases_line *l;
	int64_t all = 0, late = 0;
	size_t n;
	bool more;
	int x;

	if ((x = cases_list(g->p->db, g->q, &g->p->a, &l, &n, &more)) < 0 ||
	    (x = cases_count(g->p->db, g->q, &all, &late)) < 0)
		return x;
	r = arena_alloc(&g->p->a, (n + 1) * sizeof *r);
	if (!r || !pager)
		return E_NOMEM;
	for (size_t i = 0; i < n; i++)
		set_row(g, &l[i], &r[i]);
	g->t->rows = r;
	g->t->rows_n = n;
	g->t->said = all < CASES_COUNTED
			     ? day_text_count(&g->p->a, all, "open case",
					      "open cases")
			     : "1,000 open cases or more";
	if (late)
		g->t->late_said = late < CASES_COUNTED
					  ? arena_str(&g->p->a, "%lld overdue",
						      (long long)late)
					  : "1,000 overdue or more";
	if (!all)
		g->t->none = "No open case fits. Take off a filter.";
	if (more || g->q->after) {
		pager->text = arena_str(&g->p->a, "%zu of %s%lld", n,
					all < CASES_COUNTED ? "" : "more than ",
					(long long)all);
		pager->previous = g->q->after ? address(g, g->q->sort, 0)
					      : NULL;
		pager->next = more ? address(g, g->q->sort, l[n - 1].kase)
				   : NULL;
		g->t->pager = pager;
	}
	return 0;
}

/* --- views and giving --- */

static int set_views(struct drawing *g)
{
	struct tpl_field *name = arena_alloc(&g->p->a, sizeof *name);
	struct tpl_cases_views *t;
	struct saved_view *v;
	char who[RECORDS_WHO];
	size_t n;
	int x;

	snprintf(who, sizeof who, "user:%s", g->p->who->name);
	x = saved_view_list(g->p->db, who, &g->p->a, &v, &n);
	if (x < 0)
		return x;
	t = arena_alloc(&g->p->a, (n + 1) * sizeof *t);
	if (!t || !name)
		return E_NOMEM;
	for (size_t i = 0; i < n; i++)
		t[i] = (struct tpl_cases_views){
			.id = v[i].id,
			.name = v[i].name,
			.href = arena_str(&g->p->a, "/cases?%s", v[i].query)};
	*name = (struct tpl_field){.name = "name",
				   .label = "Name",
				   .value = page_value(g->p, "name", NULL),
				   .error = page_error_of(g->p, "name"),
				   .maxlength = 59};
	g->t->views = t;
	g->t->views_n = n;
	g->t->view_name = name;
	g->t->open_view = name->error;
	return 0;
}

static int set_giving(struct drawing *g)
{
	struct tpl_select *to = arena_alloc(&g->p->a, sizeof *to);
	struct tpl_field *why = arena_alloc(&g->p->a, sizeof *why);

	if (!to || !why)
		return E_NOMEM;
	*to = (struct tpl_select){.name = "to",
				  .label = "Give the chosen cases to",
				  .prompt = "Choose",
				  .options = g->people.items,
				  .options_n = g->people.n,
				  .error = page_error_of(g->p, "to")};
	*why = (struct tpl_field){.name = "why",
				  .label = "Why, if another role is suggested",
				  .value = page_value(g->p, "why", NULL),
				  .error = page_error_of(g->p, "why"),
				  .maxlength = 300};
	g->t->to = to;
	g->t->why = why;
	return 0;
}

int cases_draw(struct page *p, const struct cases_query *q,
	       struct tpl_cases *out)
{
	const struct node *n = ((struct desk *)p->site)->n;
	struct drawing *g = arena_alloc(&p->a, sizeof *g);
	char text[SAVED_VIEW_QUERY];
	int x;

	if (!g)
		return E_NOMEM;
	*g = (struct drawing){.p = p, .q = q, .t = out};
	g->words = catalogue_vocabulary(n->cat);
	g->levels = catalogue_levels(n->cat);
	g->filters = (struct arena_list){
		.arena = &p->a, .size = sizeof(struct tpl_cases_filters)};
	*out = (struct tpl_cases){.csrf = page_csrf(p)};
	out->may_assign = true;
	out->self = arena_str(&p->a, "/cases?%s", cases_query_text(q, text));
	if ((x = today_covers(p->db, q->me, q->today, &p->a, &g->cover,
			      &g->covers)) < 0 ||
	    (x = set_whose(g)) < 0)
		return x;
	set_filters(g);
	set_columns(g);
	if ((x = set_rows(g)) < 0 || (x = set_views(g)) < 0)
		return x;
	return set_giving(g);
}
