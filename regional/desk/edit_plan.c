/* The care plan: its versions, goals and steps, the family's yes, and to whom
 * it was given. What ended today is so by the record's calendar. */
#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/web/tpl_select.h"
#include "regional/case/care_plan.h"
#include "regional/desk/edit_list.h"

#define OF_CHILD                                                            \
	" JOIN care_case k ON k.id = p.kase WHERE k.child = ?1 AND p.id = " \
	"?2 AND k.errored IS NULL"

/* The plan of @row, which is this child's. */
static int their_plan(struct page *p, const struct child_head *c, int64_t row,
		      struct care_plan *out)
{
	int x = edit_theirs(p, "SELECT 1 FROM care_plan p" OF_CHILD, c->child,
			    row);

	return x < 0 ? x : care_plan_get(p->db, row, out);
}

static int the_draft(struct page *p, const struct child_head *c, int64_t *id)
{
	int x = db_int(p->db, id,
		       "SELECT id FROM care_plan WHERE kase = ?"
		       " AND finalized IS NULL",
		       "i", c->kase);

	return x == E_NOTFOUND
		       ? err_set(E_STATE, "Begin a version of the plan first")
		       : x;
}

/* --- a version --- */

static const struct edit_field BEGIN[] = {
	{"started", "Begun on", NULL, EDIT_DAY, EDIT_AT(care_plan, started),
	 .must = true},
};
static const struct edit_field WISHES[] = {
	{"wishes", "What matters to the family",
	 "In its own words and its own language.", EDIT_AREA,
	 EDIT_AT(care_plan, wishes)},
};
static const struct edit_field AGREE[] = {
	{"agreed", "The family agreed on", NULL, EDIT_DAY,
	 EDIT_AT(care_plan, agreed), .must = true},
	{"agreed_by", "Who of the family agreed", NULL, EDIT_LINE,
	 EDIT_AT(care_plan, agreed_by), .must = true},
};

static int begin_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct care_plan *v = rec;

	sheet_blank(&care_plan_sheet, v);
	v->kase = c->kase;
	v->started = p->today;
	return c->kase ? 0 : err_set(E_STATE, "Open a case first");
}

static int begin_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	const struct care_plan *v = rec;
	int64_t id;

	return care_plan_start(edit_records(p), c->kase, v->started, &id);
}

static int wishes_read(struct page *p, const struct child_head *c, int64_t row,
		       void *rec)
{
	return their_plan(p, c, row, rec);
}

static int wishes_write(struct page *p, const struct child_head *c, int64_t row,
			const void *rec)
{
	const struct care_plan *v = rec;

	return care_plan_wishes(edit_records(p), row, v->wishes);
}

static int agree_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct care_plan *v = rec;
	int x = their_plan(p, c, row, v);

	if (x == 0 && v->agreed == NO_DATE) {
		v->agreed = p->today;
		if (strcmp(c->relation, "self") != 0)
			snprintf(v->agreed_by, sizeof v->agreed_by, "%s",
				 c->person);
	}
	return x;
}

static int agree_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	const struct care_plan *v = rec;

	return care_plan_finalize(edit_records(p), row,
				  records_today(edit_records(p)), v->agreed,
				  v->agreed_by);
}

static const struct edit OF_BEGIN = {
	.what = "plan-begin",
	.title = "A version of the care plan",
	.save = "Begin it",
	.table = "care_plan",
	.tab = "plan",
	.may = EDIT_ADD,
	.field = BEGIN,
	.n = 1,
	.size = sizeof(struct care_plan),
	.help = "It starts as a copy of the version before, which stays as "
		"the family agreed to it.",
	.read = begin_read,
	.write = begin_write,
};
static const struct edit OF_WISHES = {
	.what = "plan-wishes",
	.title = "What matters to the family",
	.table = "care_plan",
	.tab = "plan",
	.may = EDIT_CHANGE | EDIT_UNDO,
	.field = WISHES,
	.n = 1,
	.size = sizeof(struct care_plan),
	.read = wishes_read,
	.write = wishes_write,
};
static const struct edit OF_AGREE = {
	.what = "plan-agree",
	.title = "Agreed with the family",
	.save = "The family agreed",
	.table = "care_plan",
	.tab = "plan",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = AGREE,
	.n = 2,
	.size = sizeof(struct care_plan),
	.help = "From then on nothing in this version changes; work goes on "
		"in the next one.",
	.read = agree_read,
	.write = agree_write,
};

/* --- a goal --- */

static int pick_need(struct page *p, const struct child_head *c,
		     struct arena_list *options)
{
	struct records *r = edit_records(p);
	size_t from = options->n;
	int x = edit_pick_sql(p,
			      "SELECT n.id, n.domain FROM need n"
			      " JOIN care_case k ON k.id = n.kase"
			      " WHERE k.child = ?1 AND k.errored IS NULL"
			      " ORDER BY n.state <> 'open', n.id LIMIT 60",
			      c->child, options);
	struct tpl_select_options *o = options->items;

	for (size_t i = from; x == 0 && i < options->n; i++) {
		int w = vocabulary_find(r->words, WORDS_NEED, o[i].title);

		if (w >= 0)
			o[i].title =
				vocabulary_word(r->words, WORDS_NEED, w)->title;
	}
	return x;
}

#define GOAL_WORDS                                                       \
	{"goal",                                                         \
	 "Goal",                                                         \
	 "As the family says it: “Mateo sleeps through "               \
	 "the night”.",                                                  \
	 EDIT_AREA,                                                      \
	 EDIT_AT(care_goal, goal),                                       \
	 .must = true},                                                  \
	{                                                                \
		"need", "Need that it is about", NULL, EDIT_PICK,        \
			EDIT_AT(care_goal, need), .pick = pick_need,     \
						  .none = "None of them" \
	}
static const struct edit_field GOAL_NEW[] = {GOAL_WORDS};
static const struct edit_field GOAL[] = {
	GOAL_WORDS,
	{"state", "It is", NULL, EDIT_ONE, EDIT_AT(care_goal, state),
	 .of = "open=Open|reached=Reached|partly=Partly reached|"
	       "dropped=Dropped",
	 .must = true},
};

static int goal_read(struct page *p, const struct child_head *c, int64_t row,
		     void *rec)
{
	struct care_goal *g = rec;
	int x;

	sheet_blank(&care_goal_sheet, g);
	snprintf(g->state, sizeof g->state, "open");
	if (row == 0)
		return the_draft(p, c, &g->plan);
	x = edit_theirs(p,
			"SELECT 1 FROM care_goal g JOIN care_plan p"
			" ON p.id = g.plan JOIN care_case k ON k.id = p.kase"
			" WHERE k.child = ?1 AND g.id = ?2",
			c->child, row);
	return x < 0 ? x : care_plan_goal_get(p->db, row, g);
}

/* The day on which what was open ended. */
static int32_t ended_on(const char *state, int32_t ended, int32_t today)
{
	return strcmp(state, "open") == 0 ? NO_DATE
	       : ended == NO_DATE	  ? today
					  : ended;
}

static int goal_write(struct page *p, const struct child_head *c, int64_t row,
		      const void *rec)
{
	struct care_goal g = *(const struct care_goal *)rec;
	int64_t id;

	g.ended = ended_on(g.state, g.ended, records_today(edit_records(p)));
	return row ? care_plan_goal_update(edit_records(p), &g)
		   : care_plan_goal_add(edit_records(p), &g, &id);
}

static const struct edit OF_GOAL_NEW = {
	.what = "goal-new",
	.title = "A goal",
	.table = "care_goal",
	.tab = "plan",
	.may = EDIT_ADD,
	.field = GOAL_NEW,
	.n = sizeof GOAL_NEW / sizeof *GOAL_NEW,
	.size = sizeof(struct care_goal),
	.read = goal_read,
	.write = goal_write,
};
static const struct edit OF_GOAL = {
	.what = "goal",
	.title = "A goal",
	.table = "care_goal",
	.tab = "plan",
	.may = EDIT_CHANGE | EDIT_UNDO,
	.field = GOAL,
	.n = sizeof GOAL / sizeof *GOAL,
	.size = sizeof(struct care_goal),
	.read = goal_read,
	.write = goal_write,
};

/* --- a step --- */

static int pick_goal(struct page *p, const struct child_head *c,
		     struct arena_list *options)
{
	return edit_pick_sql(p,
			     "SELECT g.id, g.goal FROM care_goal g"
			     " JOIN care_plan p ON p.id = g.plan"
			     " JOIN care_case k ON k.id = p.kase"
			     " WHERE k.child = ?1 AND p.finalized IS NULL"
			     " ORDER BY g.id LIMIT 60",
			     c->child, options);
}

#define STEP_WORDS                                                           \
	{"action",    "Step", NULL, EDIT_AREA, EDIT_AT(care_action, action), \
	 .must = true},                                                      \
		{"owner",                                                    \
		 "Who does it",                                              \
		 "“Elena”, “Jo, care coordinator”",                          \
		 EDIT_LINE,                                                  \
		 EDIT_AT(care_action, owner),                                \
		 .must = true},                                              \
	{                                                                    \
		"due", "By", NULL, EDIT_DAY, EDIT_AT(care_action, due)       \
	}
static const struct edit_field STEP_NEW[] = {
	{"goal", "For the goal", NULL, EDIT_PICK, EDIT_AT(care_action, goal),
	 .pick = pick_goal, .must = true},
	STEP_WORDS,
};
static const struct edit_field STEP[] = {
	STEP_WORDS,
	{"state", "It is", NULL, EDIT_ONE, EDIT_AT(care_action, state),
	 .of = "open=Open|done=Done|dropped=Dropped", .must = true},
};

static int step_read(struct page *p, const struct child_head *c, int64_t row,
		     void *rec)
{
	struct care_action *a = rec;
	int64_t draft;
	int x;

	sheet_blank(&care_action_sheet, a);
	snprintf(a->state, sizeof a->state, "open");
	if (row == 0) {
		a->goal = page_query_int(p, "goal", 1, INT64_MAX / 2, 0);
		return the_draft(p, c, &draft);
	}
	x = edit_theirs(p,
			"SELECT 1 FROM care_action a JOIN care_goal g"
			" ON g.id = a.goal JOIN care_plan p ON p.id = g.plan"
			" JOIN care_case k ON k.id = p.kase"
			" WHERE k.child = ?1 AND a.id = ?2",
			c->child, row);
	return x < 0 ? x : care_plan_action_get(p->db, row, a);
}

static int step_write(struct page *p, const struct child_head *c, int64_t row,
		      const void *rec)
{
	struct care_action a = *(const struct care_action *)rec;
	int64_t id;
	int x = 0;

	a.ended = ended_on(a.state, a.ended, records_today(edit_records(p)));
	if (row == 0)
		x = edit_theirs(p,
				"SELECT 1 FROM care_goal g JOIN care_plan p"
				" ON p.id = g.plan JOIN care_case k"
				" ON k.id = p.kase WHERE k.child = ?1"
				" AND g.id = ?2",
				c->child, a.goal);
	if (x < 0)
		return x;
	return row ? care_plan_action_update(edit_records(p), &a)
		   : care_plan_action_add(edit_records(p), &a, &id);
}

static const struct edit OF_STEP_NEW = {
	.what = "step-new",
	.title = "A step",
	.table = "care_action",
	.tab = "plan",
	.may = EDIT_ADD,
	.field = STEP_NEW,
	.n = sizeof STEP_NEW / sizeof *STEP_NEW,
	.size = sizeof(struct care_action),
	.read = step_read,
	.write = step_write,
};
static const struct edit OF_STEP = {
	.what = "step",
	.title = "A step",
	.table = "care_action",
	.tab = "plan",
	.may = EDIT_CHANGE | EDIT_UNDO,
	.field = STEP,
	.n = sizeof STEP / sizeof *STEP,
	.size = sizeof(struct care_action),
	.read = step_read,
	.write = step_write,
};

/* --- given to somebody --- */

static const struct edit_field SHARE[] = {
	{"party", "To", NULL, EDIT_WORD, EDIT_AT(care_share, party),
	 .list = WORDS_PARTY, .must = true},
	{"recipient", "Name", NULL, EDIT_LINE, EDIT_AT(care_share, recipient)},
	{"what", "What", NULL, EDIT_ONE, EDIT_AT(care_share, what),
	 .of = "plan=The whole plan|summary=A summary|goals=The goals",
	 .must = true},
	{"way", "How", NULL, EDIT_WORD, EDIT_AT(care_share, way),
	 .list = WORDS_WAY, .must = true},
	{"shared", "Given on", NULL, EDIT_DAY, EDIT_AT(care_share, shared),
	 .must = true},
	{"without_consent", "Why it does not wait for a consent", NULL,
	 EDIT_LINE, EDIT_AT(care_share, without_consent)},
};
static const struct edit_field CONFIRM[] = {
	{"confirmed", "They have it since", NULL, EDIT_DAY,
	 EDIT_AT(care_share, confirmed), .must = true},
	{"confirmed_by", "Who says so", NULL, EDIT_LINE,
	 EDIT_AT(care_share, confirmed_by), .must = true},
};

static int share_read(struct page *p, const struct child_head *c, int64_t row,
		      void *rec)
{
	struct care_share *s = rec;
	struct care_plan plan;
	int x = care_plan_current(p->db, c->kase, &plan);

	sheet_blank(&care_share_sheet, s);
	if (x == E_NOTFOUND)
		return err_set(E_STATE, "Agree on the plan with the family "
					"first");
	s->plan = x == 0 ? plan.id : 0;
	s->shared = p->today;
	snprintf(s->party, sizeof s->party, "primary-care");
	snprintf(s->what, sizeof s->what, "plan");
	return x;
}

static int share_write(struct page *p, const struct child_head *c, int64_t row,
		       const void *rec)
{
	int64_t id;
	int x = care_plan_share(edit_records(p), rec, &id);

	if (x != E_DENIED)
		return x;
	page_error(p, "without_consent",
		   "The family has not consented to share the plan with them. "
		   "Ask for it (People, consents) or say in a few words why it "
		   "can’t wait");
	return 0;
}

static int confirm_read(struct page *p, const struct child_head *c, int64_t row,
			void *rec)
{
	struct care_share *s = rec;
	int x = edit_theirs(p,
			    "SELECT 1 FROM care_share s JOIN care_plan p"
			    " ON p.id = s.plan JOIN care_case k"
			    " ON k.id = p.kase WHERE k.child = ?1"
			    " AND s.id = ?2",
			    c->child, row);

	if (x == 0)
		x = care_plan_share_get(p->db, row, s);
	if (x == 0 && s->confirmed == NO_DATE)
		s->confirmed = p->today;
	return x;
}

static int confirm_write(struct page *p, const struct child_head *c,
			 int64_t row, const void *rec)
{
	const struct care_share *s = rec;

	return care_plan_confirm(edit_records(p), row, s->confirmed,
				 s->confirmed_by);
}

static const struct edit OF_SHARE = {
	.what = "plan-share",
	.title = "The plan is given to somebody",
	.save = "Note it",
	.table = "care_share",
	.tab = "plan",
	.may = EDIT_ADD,
	.field = SHARE,
	.n = sizeof SHARE / sizeof *SHARE,
	.size = sizeof(struct care_share),
	.help = "It is the newest version that the family agreed to. The "
		"family’s consent is looked for; the family itself needs "
		"none.",
	.read = share_read,
	.write = share_write,
};
static const struct edit OF_CONFIRM = {
	.what = "plan-confirm",
	.title = "The plan has arrived",
	.save = "Confirm it",
	.table = "care_share",
	.tab = "plan",
	.may = EDIT_CHANGE | EDIT_FRESH,
	.field = CONFIRM,
	.n = sizeof CONFIRM / sizeof *CONFIRM,
	.size = sizeof(struct care_share),
	.read = confirm_read,
	.write = confirm_write,
};

const struct edit *const edit_of_plan[] = {
	&OF_BEGIN,    &OF_WISHES, &OF_AGREE, &OF_GOAL_NEW, &OF_GOAL,
	&OF_STEP_NEW, &OF_STEP,	  &OF_SHARE, &OF_CONFIRM,  NULL,
};
