/* The care plan: the version of a child's case that counts or is being written,
 * what changed, to whom it was given; and the plan on paper, in English and in
 * Spanish. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/html.h"
#include "regional/case/care_plan.h"
#include "regional/case/field.h"
#include "regional/desk/child_head.h"
#include "regional/desk/day_text.h"
#include "regional/desk/desk.h"
#include "regional/desk/desk_parts.h"
#include "regional/desk/desk_table.h"
#include "regional/desk/desk_word.h"
#include "regional/desk/told_table.h"
#include "regional/desk/tpl_plan.h"
#include "regional/desk/tpl_plan_paper.h"

enum { OF_CASES = ROLE_COORDINATOR | ROLE_SUPERVISOR, GOALS = 40, STEPS = 120 };

/* One version, whole. */
struct version {
	struct care_plan plan;
	struct care_goal goal[GOALS];
	struct care_action step[STEPS];
	int goals, steps;
	int64_t newest; /* version of the case; 0 none */
	bool draft;	/* the newest is one */
};

static int on_goal(void *arg, const void *row)
{
	struct version *v = arg;

	if (v->goals < GOALS)
		v->goal[v->goals++] = *(const struct care_goal *)row;
	return 0;
}

static int on_step(void *arg, const void *row)
{
	struct version *v = arg;

	if (v->steps < STEPS)
		v->step[v->steps++] = *(const struct care_action *)row;
	return 0;
}

/* The version that the address asks for, else the newest. Plan id 0: none. */
static int read_version(struct page *p, int64_t kase, struct version *v)
{
	int64_t id = 0, asked;
	int x;

	sheet_blank(&care_plan_sheet, &v->plan);
	v->plan.version = 0;
	x = db_int(p->db, &v->newest,
		   "SELECT ifnull(max(version), 0) FROM care_plan"
		   " WHERE kase = ?",
		   "i", kase);
	if (x < 0 || v->newest == 0)
		return x;
	asked = page_query_int(p, "version", 1, v->newest, v->newest);
	x = db_int(p->db, &id,
		   "SELECT id FROM care_plan WHERE kase = ? AND version = ?",
		   "ii", kase, asked);
	if (x == 0)
		x = care_plan_get(p->db, id, &v->plan);
	if (x == 0)
		x = care_plan_goals(p->db, id, 0, GOALS, on_goal, v);
	if (x == 0)
		x = care_plan_actions(p->db, id, 0, STEPS, on_step, v);
	v->draft = v->plan.version == v->newest && v->plan.finalized == NO_DATE;
	return x;
}

/* --- on the screen --- */

static const struct told_table SHARES = {
	"Given to",
	"plan-confirm",
	"SELECT s.id, s.shared, ifnull(s.recipient, s.party), s.party, s.way,"
	" s.confirmed FROM care_share s JOIN care_plan p ON p.id = s.plan"
	" JOIN care_case k ON k.id = p.kase WHERE k.child = ?1 AND ?2 = ?2"
	" AND k.errored IS NULL ORDER BY s.shared DESC, s.id DESC LIMIT 100",
	{"Day", "Name", "To", "How", "Confirmed"},
	{{TOLD_DAY, 0},
	 {TOLD_WORD, WORDS_PARTY},
	 {TOLD_WORD, WORDS_PARTY},
	 {TOLD_WORD, WORDS_WAY},
	 {TOLD_DAY, 0}},
	5,
	"Confirm"};

/* ?2 is the plan; what stands in the version before has the same origin. */
static const struct told_table CHANGED = {
	"What changed from the version before",
	NULL,
	"WITH was AS (SELECT b.id AS id FROM care_plan p JOIN care_plan b"
	"  ON b.kase = p.kase AND b.version = p.version - 1 WHERE p.id = ?2)"
	" SELECT g.id, g.goal, CASE WHEN w.id IS NULL THEN 'New goal'"
	"  WHEN g.state <> w.state THEN CASE g.state WHEN 'open' THEN"
	"  'Goal open again' WHEN 'partly' THEN 'Goal partly reached'"
	"  ELSE 'Goal ' || g.state END ELSE 'Goal said anew' END, w.goal"
	" FROM care_goal g LEFT JOIN care_goal w ON w.plan = (SELECT id FROM"
	"  was) AND ifnull(w.origin, w.id) = g.origin WHERE g.plan = ?2"
	"  AND EXISTS (SELECT 1 FROM was) AND ?1 = ?1 AND (w.id IS NULL"
	"  OR w.goal <> g.goal OR w.state <> g.state)"
	" UNION ALL SELECT a.id, a.action, CASE WHEN w.id IS NULL THEN"
	"  'New step' WHEN a.state <> w.state THEN CASE a.state WHEN 'open'"
	"  THEN 'Step open again' ELSE 'Step ' || a.state END"
	"  WHEN a.due IS NOT w.due THEN 'Another day'"
	"  ELSE 'Step said anew' END, w.action"
	" FROM care_action a JOIN care_goal g ON g.id = a.goal"
	" LEFT JOIN care_action w ON w.goal IN (SELECT id FROM care_goal"
	"  WHERE plan = (SELECT id FROM was))"
	"  AND ifnull(w.origin, w.id) = a.origin WHERE g.plan = ?2"
	"  AND EXISTS (SELECT 1 FROM was) AND (w.id IS NULL"
	"  OR w.action <> a.action OR w.state <> a.state OR w.due IS NOT a.due"
	"  OR w.owner <> a.owner) LIMIT 100",
	{"Goal or step", "Change", "It was"},
	{{TOLD_TEXT, 0}, {TOLD_TEXT, 0}, {TOLD_TEXT, 0}},
	3};

static const char *state_said(const char *state)
{
	static const char *const SAID[][2] = {{"open", "Open"},
					      {"done", "Done"},
					      {"reached", "Reached"},
					      {"partly", "Partly reached"},
					      {"dropped", "Dropped"}};

	for (size_t i = 0; i < sizeof SAID / sizeof *SAID; i++)
		if (strcmp(SAID[i][0], state) == 0)
			return SAID[i][1];
	return "";
}

static const struct tpl_table *steps_of(struct page *p, int64_t child,
					const struct version *v,
					const struct care_goal *g)
{
	static const char *const TITLE[] = {"Step", "Who", "By", "State"};
	struct tpl_table_rows_cells *cell;
	const struct care_action *a;
	struct desk_table t;

	desk_table_begin(&t, p);
	for (int i = 0; i < v->steps; i++) {
		a = &v->step[i];
		if (a->goal != g->id)
			continue;
		cell = desk_table_row(
			&t, a->action,
			v->draft ? arena_str(&p->a, "child/%lld/edit/step/%lld",
					     (long long)child, (long long)a->id)
				 : NULL,
			3);
		if (!cell)
			return NULL;
		cell[0].text = a->owner;
		cell[1].text = day_text_near(&p->a, a->due, p->today);
		cell[2].text = state_said(a->state);
		if (a->state[0] == 'o' && a->due != NO_DATE &&
		    a->due < p->today) {
			cell[2].text = "Late";
			cell[2].tone = "late";
		}
	}
	return desk_table_end(&t, arena_str(&p->a, "Steps: %s", g->goal), TITLE,
			      4, false);
}

static int set_goals(struct page *p, int64_t child, const struct version *v,
		     struct tpl_plan *t)
{
	struct tpl_plan_goals *row =
		arena_alloc(&p->a, (size_t)v->goals * sizeof *row + 1);

	for (int i = 0; row && i < v->goals; i++) {
		const struct care_goal *g = &v->goal[i];

		row[i] = (struct tpl_plan_goals){
			.id = g->id,
			.goal = g->goal,
			.state = state_said(g->state),
			.steps = steps_of(p, child, v, g)};
		if (v->draft)
			row[i].change =
				arena_str(&p->a, "child/%lld/edit/goal/%lld",
					  (long long)child, (long long)g->id);
	}
	t->goals = row;
	t->goals_n = row ? (size_t)v->goals : 0;
	return row ? 0 : E_NOMEM;
}

struct versions {
	struct desk_table t;
	int64_t child;
};

static int on_version(void *arg, const void *row)
{
	struct versions *v = arg;
	const struct care_plan *plan = row;
	struct arena *a = &v->t.p->a;
	struct tpl_table_rows_cells *cell = desk_table_row(
		&v->t, arena_str(a, "Version %lld", (long long)plan->version),
		arena_str(a, "child/%lld/plan?version=%lld",
			  (long long)v->child, (long long)plan->version),
		3);

	if (!cell)
		return E_NOMEM;
	cell[0].text = day_text(a, plan->started);
	cell[1].text = plan->agreed == NO_DATE ? "Not yet"
					       : day_text(a, plan->agreed);
	cell[2].text = arena_dup(a, plan->agreed_by);
	return 0;
}

static void set_title(struct page *p, const struct child_head *c,
		      const struct version *v, struct tpl_plan *t)
{
	const struct care_plan *plan = &v->plan;

	t->title = plan->id ? arena_str(&p->a, "Care plan, version %lld",
					(long long)plan->version)
			    : "Care plan";
	t->about = !plan->id ? ""
		   : plan->agreed == NO_DATE
			   ? arena_str(&p->a, "Being written since %s",
				       day_text(&p->a, plan->started))
			   : arena_str(&p->a, "Agreed with %s on %s",
				       plan->agreed_by,
				       day_text(&p->a, plan->agreed));
	if (v->draft || !c->kase || c->closed != NO_DATE ||
	    plan->version != v->newest)
		return;
	t->begin = arena_str(&p->a, "child/%lld/edit/plan-begin/new",
			     (long long)c->child);
	t->begin_title = plan->id ? "Write the next version" : "Begin the plan";
}

static int get_plan(struct page *p)
{
	static const char *const TITLE[] = {"Version", "Begun", "Agreed",
					    "With"};
	struct version *v = arena_alloc(&p->a, sizeof *v);
	struct tpl_plan t = {0};
	struct versions list;
	struct child_head c;
	int x = child_head(p, "plan", &c);

	if (x != 0)
		return x;
	if (!v)
		return E_NOMEM;
	x = read_version(p, c.kase, v);
	t.child = c.child;
	t.plan = v->plan.id;
	t.version = v->plan.version;
	t.wishes = v->plan.wishes;
	t.none = !v->plan.id;
	t.draft = v->draft;
	set_title(p, &c, v, &t);
	list.child = c.child;
	desk_table_begin(&list.t, p);
	if (x == 0)
		x = set_goals(p, c.child, v, &t);
	if (x == 0)
		x = care_plan_list(p->db, c.kase, 0, 100, on_version, &list);
	if (x == 0)
		x = told_table_read(p, c.child, v->plan.id, &CHANGED,
				    &t.changed);
	if (x == 0)
		x = told_table_read(p, c.child, 0, &SHARES, &t.shares);
	if (x < 0)
		return x;
	t.agreed = v->newest > 1 || (v->newest == 1 && !v->draft);
	t.versions = desk_table_end(&list.t, "Versions", TITLE, 4, false);
	tpl_plan(page_body(p), &t);
	return 0;
}

/* --- on paper --- */

static const char *day_of(struct page *p, int32_t day, bool spanish, bool year)
{
	static const char *const MONTH[LANGS][12] = {
		[LANG_EN] = {"January", "February", "March", "April", "May",
			     "June", "July", "August", "September", "October",
			     "November", "December"},
		[LANG_ES] = {"enero", "febrero", "marzo", "abril", "mayo",
			     "junio", "julio", "agosto", "septiembre",
			     "octubre", "noviembre", "diciembre"}};
	char text[DATE_TEXT];
	int y, m, d;

	if (day == NO_DATE ||
	    sscanf(date_format(day, text), "%d-%d-%d", &y, &m, &d) != 3)
		return "";
	if (spanish)
		return year ? arena_str(&p->a, "%d de %s de %d", d,
					MONTH[LANG_ES][m - 1], y)
			    : arena_str(&p->a, "%d de %s", d,
					MONTH[LANG_ES][m - 1]);
	return year ? arena_str(&p->a, "%s %d, %d", MONTH[LANG_EN][m - 1], d, y)
		    : arena_str(&p->a, "%s %d", MONTH[LANG_EN][m - 1], d);
}

/* The title of a need in Spanish, as a family calls it. */
static const char *need_said(struct page *p, const char *need, bool spanish)
{
	static const char *const SAID[][2] = {
		{"food", "Comida"},
		{"housing", "Vivienda"},
		{"utilities", "Luz, gas, agua e internet"},
		{"transportation", "Transporte"},
		{"financial", "Ingresos, trabajo y artículos"},
		{"insurance", "Seguro y gastos médicos"},
		{"medical", "Atención médica"},
		{"dental", "Atención dental"},
		{"behavioral", "Salud emocional y de la conducta"},
		{"developmental", "Desarrollo e intervención temprana"},
		{"education", "Escuela y cuidado de niños"},
		{"family", "Familia, seguridad y apoyo"}};

	for (size_t i = 0; spanish && i < sizeof SAID / sizeof *SAID; i++)
		if (strcmp(SAID[i][0], need) == 0)
			return SAID[i][1];
	return desk_word(p, WORDS_NEED, need);
}

/* The practice ("" for what), then agencies that took a referral. */
static const char HELPERS_SQL[] =
	"SELECT ifnull(h.clinician || ', ', '') || t.name, t.phone, 'practice'"
	" FROM child_practice h JOIN practice t ON t.id = h.practice"
	" WHERE h.child = ?1 AND h.until IS NULL"
	" UNION ALL SELECT * FROM (SELECT DISTINCT o.name, o.phone, n.domain"
	" FROM referral r JOIN need n ON n.id = r.need JOIN organization o"
	" ON o.id = r.organization WHERE n.kase = ?2 AND n.state = 'open'"
	" AND r.sent IS NOT NULL AND r.ended IS NULL"
	" AND r.state NOT IN ('rejected', 'failed', 'entered-in-error')"
	" ORDER BY o.name LIMIT 12)";

static int set_helpers(struct page *p, const struct child_head *c, bool spanish,
		       struct tpl_plan_paper *t)
{
	struct arena_list l = {.arena = &p->a,
			       .size = sizeof(struct tpl_plan_paper_helpers)};
	struct tpl_plan_paper_helpers *h;
	struct rows r;
	int x = db_rows(p->db, &r, HELPERS_SQL, "ii", c->child, c->kase);

	while (x == 0 && (x = rows_next(&r)) == ROWS_ROW) {
		const char *what = rows_text(&r, 2), *phone = rows_text(&r, 1);

		x = 0;
		if (!(h = arena_add(&l))) {
			x = E_NOMEM;
			break;
		}
		h->name = arena_dup(&p->a, rows_text(&r, 0));
		h->phone = phone ? arena_dup(&p->a, phone) : "";
		h->what =
			strcmp(what, "practice") != 0
				? need_said(p, arena_dup(&p->a, what), spanish)
			: spanish ? "Salud"
				  : "Health";
	}
	rows_end(&r);
	t->helpers = l.items;
	t->helpers_n = l.n;
	return x < 0 ? x : 0;
}

static int set_paper_goals(struct page *p, const struct version *v,
			   bool spanish, struct tpl_plan_paper *t)
{
	struct tpl_plan_paper_goals *goal =
		arena_alloc(&p->a, (size_t)v->goals * sizeof *goal + 1);
	struct tpl_plan_paper_goals_steps *step =
		arena_alloc(&p->a, (size_t)v->steps * sizeof *step + 1);
	size_t used = 0;

	if (!goal || !step)
		return E_NOMEM;
	for (int i = 0; i < v->goals; i++) {
		const struct care_goal *g = &v->goal[i];
		struct tpl_plan_paper_goals *row = &goal[t->goals_n];

		if (strcmp(g->state, "dropped") == 0)
			continue;
		*row = (struct tpl_plan_paper_goals){
			.no = (int64_t)++t->goals_n,
			.goal = g->goal,
			.steps = &step[used]};
		for (int k = 0; k < v->steps; k++) {
			const struct care_action *a = &v->step[k];

			if (a->goal != g->id ||
			    strcmp(a->state, "dropped") == 0)
				continue;
			row->steps_n++;
			step[used++] = (struct tpl_plan_paper_goals_steps){
				.done = strcmp(a->state, "done") == 0,
				.action = a->action,
				.owner = a->owner,
				.due = day_of(p, a->due, spanish, false)};
		}
	}
	t->goals = goal;
	return 0;
}

static void set_words(struct page *p, const struct child_head *c,
		      const struct care_plan *plan, bool es,
		      struct tpl_plan_paper *t)
{
	const char *place = ((struct desk *)p->site)->hooks.place;

	t->lang = es ? "es" : "en";
	t->center = arena_str(&p->a,
			      es ? "Centro de coordinación de atención, %s"
				 : "%s care coordination center",
			      place);
	t->title = arena_str(&p->a,
			     es ? "Plan de cuidado de %s" : "%s’s care plan",
			     c->given);
	t->agreed = plan->agreed == NO_DATE
			    ? es ? "Borrador: la familia todavía no lo ha "
				   "acordado"
				 : "Draft: the family has not agreed to it yet"
			    : arena_str(&p->a,
					es ? "Acordado con %s el %s"
					   : "Agreed with %s on %s",
					plan->agreed_by,
					day_of(p, plan->agreed, es, true));
	t->lead = c->lead && *c->lead ? c->lead : p->who->title;
	t->other = arena_str(&p->a,
			     "child/%lld/plan/print?version=%lld&lang=%s",
			     (long long)c->child, (long long)plan->version,
			     es ? "en" : "es");
}

static int print_plan(struct page *p)
{
	const char *lang = page_query(p, "lang");
	bool es = lang && strcmp(lang, "es") == 0;
	struct version *v = arena_alloc(&p->a, sizeof *v);
	struct tpl_plan_paper t = {.spanish = es};
	struct child_head c;
	int x = child_head_quiet(p, &c);

	if (x != 0)
		return x;
	x = v ? read_version(p, c.kase, v) : E_NOMEM;
	if (x == 0 && !v->plan.id)
		x = err_set(E_NOTFOUND, "There is no care plan yet");
	if (x == 0)
		x = set_paper_goals(p, v, es, &t);
	if (x == 0)
		x = set_helpers(p, &c, es, &t);
	if (x < 0)
		return x;
	t.child = c.child;
	t.version = v->plan.version;
	t.wishes = v->plan.wishes;
	set_words(p, &c, &v->plan, es, &t);
	page_title(p, "%s", t.title);
	page_nav(p, "cases");
	page_head(p)->heading = NULL;
	page_head(p)->kind = "paper";
	page_exported(p, "care_plan", v->plan.id);
	tpl_plan_paper(page_body(p), &t);
	return 0;
}

const struct page_route desk_plan_routes[] = {
	{PAGE_GET, "/child/{id}/plan", OF_CASES, get_plan, 0},
	{PAGE_GET, "/child/{id}/plan/print", OF_CASES, print_plan, 0},
	{0},
};
