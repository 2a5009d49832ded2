#include <string.h>

#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "daemon/web/page.h"
#include "daemon/web/tpl_pairs.h"
#include "proto/catalogue.h"
#include "proto/levels.h"
#include "regional/desk/child_head.h"
#include "regional/desk/child_loop.h"
#include "regional/desk/child_overview.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/tpl_child.h"
#include "regional/node.h"

static bool is(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static const char *days(struct page *p, int32_t n)
{
	return day_text_count(&p->a, n, "day", "days");
}

/* --- needs --- */

static void set_needs(struct page *p, int64_t child, const struct overview *o,
		      struct tpl_child *v)
{
	struct tpl_child_needs *row =
		arena_alloc(&p->a, o->needs_n * sizeof *row + 1);
	int64_t open = 0, met = 0;

	for (size_t i = 0; row && i < o->needs_n; i++) {
		const struct overview_need *n = &o->needs[i];
		struct child_loop_act act;

		child_loop_act(p, child, n, &act);
		open += is(n->state, "open");
		met += is(n->state, "met");
		row[i] = (struct tpl_child_needs){
			.met = is(n->state, "met"),
			.title = desk_word(p, WORDS_NEED, n->domain),
			.with = n->service[0] && n->organization[0]
					? arena_str(&p->a, "%s, %s", n->service,
						    n->organization)
				: n->service[0] ? n->service
						: n->organization,
			.source = arena_str(
				&p->a, "Found %s: %s",
				day_text_near(&p->a, n->found, p->today),
				desk_word(p, WORDS_NEED_SOURCE, n->source)),
			.steps = child_loop(p, n),
			.act = act.title,
			.go = act.href,
			.next = n->reason[0]
					? desk_word(p, WORDS_BARRIER, n->reason)
					: NULL,
		};
	}
	v->needs = row;
	v->needs_n = row ? o->needs_n : 0;
	v->needs_meta = arena_str(&p->a, "%lld open \u00b7 %lld met",
				  (long long)open, (long long)met);
}

/* --- the plan --- */

static void set_step(struct page *p, const struct overview_step *s,
		     struct tpl_child_goals_steps *row)
{
	bool open = is(s->state, "open");
	bool late = open && s->due != NO_DATE && s->due < p->today;

	row->action = s->action;
	row->owner = s->owner;
	row->due = day_text_near(&p->a, s->due, p->today);
	row->tone = late ? "late" : is(s->state, "done") ? "good" : NULL;
	row->state =
		late   ? arena_str(&p->a, "%s late", days(p, p->today - s->due))
		: open ? "Next"
		: is(s->state, "done") ? "Done"
				       : "Dropped";
}

static void set_plan(struct page *p, const struct overview *o,
		     struct tpl_child *v)
{
	struct arena_list goals = {.arena = &p->a,
				   .size = sizeof(struct tpl_child_goals)};
	struct tpl_child_goals_steps *steps =
		arena_alloc(&p->a, o->steps_n * sizeof *steps + 1);
	struct tpl_child_goals *goal = NULL;
	int64_t last = 0;

	for (size_t i = 0; steps && i < o->steps_n; i++) {
		if (o->steps[i].goal_id != last) {
			goal = arena_add(&goals);
			if (!goal)
				break;
			last = o->steps[i].goal_id;
			goal->goal = o->steps[i].goal;
			goal->steps = &steps[i];
		}
		if (!o->steps[i].action[0])
			continue; /* a goal without a step yet */
		set_step(p, &o->steps[i], &steps[i]);
		goal->steps_n++;
	}
	v->goals = goals.items;
	v->goals_n = goals.n;
	v->plan_meta =
		o->plan_version == 0
			? NULL
			: arena_str(&p->a, "Version %lld, agreed with %s on %s",
				    (long long)o->plan_version, o->plan_by,
				    day_text(&p->a, o->plan_agreed));
	v->wishes = o->wishes;
	v->wishes_meta = o->plan_version == 0
				 ? NULL
				 : arena_str(&p->a, "%s, %s", o->plan_by,
					     day_text(&p->a, o->plan_agreed));
}

/* --- contacts and the timeline --- */

static void set_contacts(struct page *p, const struct overview *o,
			 struct tpl_child *v)
{
	struct tpl_child_contacts *row =
		arena_alloc(&p->a, o->contacts_n * sizeof *row + 1);

	for (size_t i = 0; row && i < o->contacts_n; i++) {
		const struct overview_contact *c = &o->contacts[i];
		const char *who = c->person[0]
					  ? c->person
					  : desk_word(p, WORDS_PARTY, c->party);

		row[i].day = day_text_near(&p->a, c->day, p->today);
		row[i].how = arena_str(&p->a, "%s, %s",
				       desk_word(p, WORDS_MODE, c->mode),
				       c->reached ? "reached" : "not reached");
		row[i].what = c->note[0]
				      ? arena_str(&p->a, "%s: %s", who, c->note)
				      : who;
	}
	v->contacts = row;
	v->contacts_n = row ? o->contacts_n : 0;
	v->contacts_meta =
		arena_str(&p->a, "%lld in all", (long long)o->contacts_all);
}

static const struct moment_kind {
	const char *id, *title, *tone;
	enum words list; /* what the first text is a word of; -1: itself */
} KINDS[] = {
	{"opened", "Case opened", NULL, WORDS_COUNT},
	{"closed", "Case closed", NULL, WORDS_CLOSING},
	{"level", "Level of need", NULL, WORDS_COUNT},
	{"crisis", "Emergency", "alarm", WORDS_COUNT},
	{"emergency", "Emergency", "alarm", WORDS_COUNT},
	{"screening", "Screening", NULL, WORDS_COUNT},
	{"plan", "Plan agreed", NULL, WORDS_COUNT},
	{"shared", "Plan shared", NULL, WORDS_COUNT},
	{"sent", "Referral", NULL, WORDS_NEED},
	{"connected", "Connected", "mark", WORDS_NEED},
	{"met", "Need met", "mark", WORDS_NEED},
	{"unmet", "Need not met", NULL, WORDS_NEED},
};

static const char *moment_text(struct page *p, const struct overview_moment *m,
			       const struct moment_kind *k)
{
	const char *what = k->list != WORDS_COUNT
				   ? desk_word(p, k->list, m->what)
				   : m->what;

	if (is(k->id, "screening"))
		what = desk_word_instrument(p, m->what);
	else if (is(k->id, "level"))
		what = arena_str(&p->a, "Level %s", m->what);
	else if (is(k->id, "plan") || is(k->id, "shared"))
		what = arena_str(&p->a, "Version %s", m->what);
	else if (is(k->id, "crisis"))
		what = arena_str(&p->a, "Behavioral crisis, %s", m->what);
	return m->with[0] ? arena_str(&p->a, "%s: %s", what, m->with) : what;
}

static void set_moments(struct page *p, const struct overview *o,
			struct tpl_child *v)
{
	struct tpl_child_moments *row =
		arena_alloc(&p->a, o->moments_n * sizeof *row + 1);

	for (size_t i = 0; row && i < o->moments_n; i++) {
		const struct overview_moment *m = &o->moments[i];

		row[i].day = day_text_near(&p->a, m->day, p->today);
		for (size_t k = 0; k < sizeof KINDS / sizeof *KINDS; k++) {
			if (!is(KINDS[k].id, m->kind))
				continue;
			row[i].kind = KINDS[k].title;
			row[i].tone = KINDS[k].tone;
			row[i].what = moment_text(p, m, &KINDS[k]);
		}
	}
	v->moments = row;
	v->moments_n = row ? o->moments_n : 0;
}

/* --- the side --- */

static void set_level(struct page *p, const struct overview *o,
		      struct tpl_child *v)
{
	const struct levels *all =
		catalogue_levels(((struct desk *)p->site)->n->cat);
	const struct level_rule *rule = levels_find(all, o->level);
	struct tpl_pairs_pairs *pair = arena_alloc(&p->a, 2 * sizeof *pair);
	struct tpl_pairs *pairs = arena_alloc(&p->a, sizeof *pairs);

	if (!o->level[0] || !pair || !pairs)
		return;
	v->level = arena_str(&p->a, "Level %s", o->level);
	v->level_what = rule ? rule->title : NULL;
	pair[0].name = "Medical";
	pair[0].text = desk_word(p, WORDS_MEDICAL_TIER, o->medical);
	pair[1].name = "Social";
	pair[1].text = o->social >= 0 && o->social < all->n_tiers
			       ? all->tier[o->social].title
			       : "";
	*pairs = (struct tpl_pairs){.pairs = pair, .pairs_n = 2};
	v->level_parts = pairs;
	v->level_meta = arena_str(&p->a, "Set %s.%s%s",
				  day_text(&p->a, o->level_since),
				  o->level_why[0] ? " " : "", o->level_why);
}

static void set_people(struct page *p, const struct overview *o,
		       struct tpl_child *v)
{
	struct tpl_child_people *row =
		arena_alloc(&p->a, (o->people_n + 1) * sizeof *row);
	size_t n = 0;

	for (; row && n < o->people_n; n++) {
		const struct overview_person *w = &o->people[n];

		row[n].name = arena_str(
			&p->a, "%s, %s", w->name,
			desk_word_lower(p, WORDS_RELATION, w->relation));
		row[n].meta = arena_str(
			&p->a, "%s%s%s", w->value,
			w->value[0] && w->authority[0] ? " \u00b7 " : "",
			w->authority[0] ? "may sign" : "");
	}
	if (row && o->practice[0]) {
		row[n].name = arena_str(&p->a, "%s, primary care", o->practice);
		row[n++].meta = o->practice_phone;
	}
	v->people = row;
	v->people_n = n;
	v->coverage = o->coverage[0] ? desk_word(p, WORDS_COVERAGE, o->coverage)
				     : "Not known";
	if (o->coverage_until != NO_DATE)
		v->coverage_meta = arena_str(
			&p->a, "until %s", day_text(&p->a, o->coverage_until));
}

static int get_child(struct page *p)
{
	struct tpl_child v = {0};
	struct child_head c;
	struct overview o;
	int r = child_head(p, "overview", &c);

	if (r != 0)
		return r;
	r = child_overview(p->db, &p->a, c.child, c.kase, p->today, &o);
	if (r < 0)
		return r;
	set_needs(p, c.child, &o, &v);
	set_plan(p, &o, &v);
	set_contacts(p, &o, &v);
	set_moments(p, &o, &v);
	set_level(p, &o, &v);
	set_people(p, &o, &v);
	tpl_child(page_body(p), &v);
	return 0;
}

const struct page_route desk_child_routes[] = {
	{PAGE_GET, "/child/{id}", ROLE_COORDINATOR | ROLE_SUPERVISOR, get_child,
	 0},
	{0},
};
