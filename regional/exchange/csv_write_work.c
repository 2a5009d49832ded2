/* The work of a case, as a sheet has it: in the case of the child that was open
 * on that day.
 *
 * - A screening is entered with its scores, results or answers; one whose rows
 *   say something else now is entered in error, and anew.
 * - A goal stands in the draft of the plan, begun if there is none; an action is
 *   one of its goal. When the family has agreed, and no later row has a goal of
 *   the child, the plan is finalized on that day.
 * - A level and an assignment are as the sheet has them where they differ from
 *   what the rules suggest; that is their reason unless it gives one. */
#include "regional/exchange/csv_item.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/assignment.h"
#include "regional/case/care_plan.h"
#include "regional/case/contact.h"
#include "regional/case/ed.h"
#include "regional/case/need_level.h"
#include "regional/case/screening.h"
#include "regional/exchange/fhir_item.h"

static const char as_sheet[] = "as the sheet has it";

#define SAY(to, from)                                             \
	do {                                                      \
		if (*(from))                                      \
			snprintf((to), sizeof(to), "%s", (from)); \
	} while (0)

static int64_t yes(const char *answer)
{
	return *answer ? answer[0] == 'y' : SHEET_UNKNOWN;
}

int csv_apply_case_on(struct csv_run *u, int64_t child, int32_t on,
		      int64_t *kase)
{
	char day[DATE_TEXT];
	int x = db_int(u->r->db, kase,
		       "SELECT id FROM care_case WHERE child = ?1"
		       " AND errored IS NULL AND opened <= ?2"
		       " AND ifnull(closed, '9999') >= ?2"
		       " ORDER BY opened DESC, id DESC LIMIT 1",
		       "is", child, date_format(on, day));

	return x == E_NOTFOUND ? CSV_NO_CASE : x;
}

/* --- screenings --- */

int csv_write_screening(struct csv_run *u, const struct csv_staged *it, int g,
			int64_t child, int64_t *id)
{
	static const enum screening_part parts[] = {
		[CSV_ANSWER] = SCREENING_ANSWER,
		[CSV_SCORE] = SCREENING_SCORE,
		[CSV_RESULT] = SCREENING_RESULT,
		[CSV_CUTOFF] = SCREENING_CUTOFF,
	};
	const struct csv_screening *f = &it->item.screening[g];
	struct screening_entry e[CSV_ENTRIES];
	struct screening s = {.child = child,
			      .done = f->done,
			      .respondent = "unknown",
			      .errored = NO_DATE};
	int n = 0, x = 0;

	SAY(s.instrument, f->instrument);
	SAY(s.form, f->form);
	SAY(s.respondent, f->respondent);
	for (; n < CSV_ENTRIES && f->entry[n].part; n++)
		e[n] = (struct screening_entry){parts[f->entry[n].part],
						f->entry[n].name,
						f->entry[n].value};
	if (*id)
		x = screening_error(u->r, *id);
	return x < 0 ? x : screening_add(u->r, &s, e, n, u->site, id);
}

/* --- level of need, assignment --- */

int csv_write_level(struct csv_run *u, const struct csv_staged *it, int g,
		    int64_t child, int64_t *id)
{
	const struct csv_level *f = &it->item.level[g];
	struct need_level l;
	int x;

	memset(&l, 0, sizeof l);
	x = csv_apply_case_on(u, child, f->since, &l.kase);
	if (x != 0)
		return x;
	l.since = f->since;
	l.social = f->social == CSV_NONE ? SOCIAL_BY_RULE : f->social;
	SAY(l.medical, f->medical);
	SAY(l.method, f->method);
	SAY(l.method_version, f->version);
	if (l.social != SOCIAL_BY_RULE)
		SAY(l.why, as_sheet);
	SAY(l.why, f->why);
	return need_level_set(u->r, &l, id);
}

static int find_staff(struct csv_run *u, const char *name, int64_t *id)
{
	int x = db_int(u->r->db, id,
		       "SELECT id FROM staff WHERE name = ? COLLATE NOCASE"
		       " ORDER BY ended IS NULL DESC, id DESC LIMIT 1",
		       "s", name);

	return x == E_NOTFOUND ? CSV_NO_STAFF : x;
}

int csv_write_assignment(struct csv_run *u, const struct csv_staged *it, int g,
			 int64_t child, int64_t *id)
{
	const struct csv_assignment *f = &it->item.assignment[g];
	int64_t kase, staff, holds = 0;
	int x = csv_apply_case_on(u, child, f->since, &kase);

	if (x == 0)
		x = find_staff(u, f->staff, &staff);
	if (x != 0)
		return x;
	/* What a person entered, or what this sheet said before. */
	x = db_int(u->r->db, &holds,
		   "SELECT id FROM assignment WHERE kase = ? AND staff = ?"
		   " AND until IS NULL",
		   "ii", kase, staff);
	if (x == 0)
		*id = holds;
	else if (x == E_NOTFOUND && *id)
		return f->until != NO_DATE ? 0 : CSV_FIXED;
	else if (x == E_NOTFOUND)
		x = assignment_set(u->r, kase, staff, f->since,
				   *f->why ? f->why : as_sheet, id);
	if (x == 0 && f->until != NO_DATE)
		x = assignment_end(u->r, kase, f->until);
	return x;
}

/* --- the plan --- */

static int need_of(struct csv_run *u, const char *domain, int64_t kase,
		   int64_t *need)
{
	int x;

	*need = 0;
	if (!*domain)
		return 0;
	x = db_int(u->r->db, need,
		   "SELECT id FROM need WHERE kase = ? AND domain = ?"
		   " ORDER BY state = 'open' DESC, id LIMIT 1",
		   "is", kase, domain);
	return x == E_NOTFOUND ? 0 : x;
}

static void say_goal(struct csv_run *u, const struct csv_goal *f,
		     struct care_goal *now)
{
	SAY(now->goal, f->goal);
	SAY(now->state, f->state);
	now->ended = NO_DATE;
	if (now->state[0] != 'o')
		now->ended = f->ended != NO_DATE ? f->ended : u->as_of;
}

/* The goal in a draft: one of these words, or one that was taken before. */
static int goal_of(struct csv_run *u, const struct csv_goal *f, int64_t kase,
		   int64_t *id, struct care_goal *now)
{
	struct fhir_run run = {.r = u->r, .as_of = u->as_of};
	int x;

	if (*id) {
		x = fhir_apply_goal_copy(&run, *id, now);
		if (x != 0)
			return x == FHIR_GONE ? CSV_GONE : x;
		say_goal(u, f, now);
		return care_plan_goal_update(u->r, now);
	}
	sheet_blank(&care_goal_sheet, now);
	snprintf(now->state, sizeof now->state, "open");
	x = fhir_apply_plan_draft(&run, kase, f->begun, &now->plan);
	if (x == 0)
		x = need_of(u, f->need, kase, &now->need);
	say_goal(u, f, now);
	if (x == 0)
		x = db_int(u->r->db, id,
			   "SELECT id FROM care_goal WHERE plan = ?"
			   " AND goal = ? ORDER BY id LIMIT 1",
			   "is", now->plan, now->goal);
	if (x == E_NOTFOUND)
		x = care_plan_goal_add(u->r, now, id);
	now->id = *id;
	return x;
}

static int say_action(struct csv_run *u, const struct csv_goal *f, int64_t goal)
{
	struct care_action a;
	int64_t id = 0;
	int x;

	if (!*f->action)
		return 0;
	sheet_blank(&care_action_sheet, &a);
	snprintf(a.state, sizeof a.state, "open");
	x = db_int(u->r->db, &id,
		   "SELECT id FROM care_action WHERE goal = ? AND action = ?"
		   " ORDER BY id LIMIT 1",
		   "is", goal, f->action);
	if (x == 0)
		x = care_plan_action_get(u->r->db, id, &a);
	if (x < 0 && x != E_NOTFOUND)
		return x;
	a.goal = goal;
	SAY(a.action, f->action);
	SAY(a.owner, f->owner);
	SAY(a.state, f->action_state);
	if (f->due != NO_DATE)
		a.due = f->due;
	a.ended = NO_DATE;
	if (a.state[0] != 'o')
		a.ended = f->action_ended != NO_DATE ? f->action_ended
						     : u->as_of;
	return id ? care_plan_action_update(u->r, &a)
		  : care_plan_action_add(u->r, &a, &id);
}

static int agree(struct csv_run *u, const struct csv_staged *it, int g,
		 int64_t plan)
{
	const struct csv_goal *f = &it->item.goal[g];
	struct care_plan p;
	bool last = false;
	int x = 0;

	if (*f->wishes)
		x = care_plan_wishes(u->r, plan, f->wishes);
	if (x == 0)
		x = csv_stage_last(u->r, CSV_GOAL, it->child,
				   it->ord * CSV_GROUPS + g, &last);
	if (x < 0 || f->agreed == NO_DATE || !last)
		return x;
	x = care_plan_get(u->r->db, plan, &p);
	/* The next version is agreed to on a day of its own. */
	if (x < 0 || f->agreed < p.started)
		return x;
	return care_plan_finalize(u->r, plan, f->agreed, f->agreed,
				  f->agreed_by);
}

int csv_write_goal(struct csv_run *u, const struct csv_staged *it, int g,
		   int64_t child, int64_t *id)
{
	const struct csv_goal *f = &it->item.goal[g];
	struct care_goal now;
	int64_t kase;
	int x = csv_apply_case_on(u, child, f->begun, &kase);

	if (x == 0)
		x = goal_of(u, f, kase, id, &now);
	if (x == 0)
		x = say_action(u, f, now.id);
	return x != 0 ? x : agree(u, it, g, now.plan);
}

/* --- contacts --- */

/* What came of it: as the sheet has it, where it says something. */
static int say_achieved(struct csv_run *u, const char *list, int64_t id)
{
	char word[VOCABULARY_ID];
	int x = 0;

	for (int i = 0; *list && x == 0 &&
			i < vocabulary_count(u->r->words, WORDS_ACHIEVED);
	     i++) {
		const char *is =
			vocabulary_word(u->r->words, WORDS_ACHIEVED, i)->id;
		const char *at = list;
		bool on = false;

		while (!on && csv_map_next(&at, word, sizeof word))
			on = strcmp(word, is) == 0;
		x = contact_achieve(u->r, id, is, on);
	}
	return x;
}

int csv_write_contact(struct csv_run *u, const struct csv_staged *it, int g,
		      int64_t child, int64_t *id)
{
	const struct csv_contact *f = &it->item.contact[g];
	struct contact c;
	int64_t kase;
	int x = csv_apply_case_on(u, child, f->happened, &kase);

	sheet_blank(&contact_sheet, &c);
	if (x == 0 && *id)
		x = contact_get(u->r->db, *id, &c);
	if (x != 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	c.happened = f->happened;
	c.reached = yes(f->reached);
	if (f->minutes != CSV_NONE)
		c.minutes = f->minutes;
	SAY(c.mode, f->mode);
	SAY(c.party, f->party);
	SAY(c.person, f->person);
	SAY(c.focus, f->focus);
	SAY(c.activity, f->activity);
	SAY(c.prevented, f->prevented);
	SAY(c.made_by, f->made_by);
	SAY(c.note, f->note);
	x = *id ? contact_update(u->r, &c)
		: contact_add(u->r, &c, &kase, 1, id);
	return x < 0 ? x : say_achieved(u, f->achieved, *id);
}

/* --- emergency department visits --- */

static void say_visit(const struct csv_visit *f, struct ed_episode *e)
{
	const struct {
		int32_t *to, from;
	} day[] = {
		{&e->visited, f->visited},
		{&e->discharged, f->discharged},
		{&e->enrolled_on, f->enrolled_on},
		{&e->crisis_plan, f->crisis_plan},
		{&e->followed_up, f->followed_up},
	};

	for (size_t i = 0; i < sizeof day / sizeof *day; i++) {
		if (day[i].from != NO_DATE)
			*day[i].to = day[i].from;
	}
	if (*f->behavioral)
		e->behavioral = yes(f->behavioral);
	if (*f->admitted)
		e->admitted = yes(f->admitted);
	if (*f->criteria)
		e->criteria = yes(f->criteria);
	SAY(e->facility, f->facility);
	SAY(e->enrolled, f->enrolled);
	SAY(e->source_id, f->source_id);
	SAY(e->note, f->note);
}

int csv_write_visit(struct csv_run *u, const struct csv_staged *it, int g,
		    int64_t child, int64_t *id)
{
	const struct csv_visit *f = &it->item.visit[g];
	struct ed_episode e;
	int x;

	sheet_blank(&ed_episode_sheet, &e);
	e.child = child;
	x = *id ? ed_get(u->r->db, *id, &e) : 0;
	if (x < 0)
		return x == E_NOTFOUND ? CSV_GONE : x;
	say_visit(f, &e);
	return *id ? ed_update(u->r, &e) : ed_add(u->r, &e, id);
}
