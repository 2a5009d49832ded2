#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/during.h"
#include "regional/case/field.h"
#include "regional/case/transition.h"

static const struct sheet_column element_columns[] = {
	SHEET_OF(transition_element, transition, "transition", ID, true,
		 .of = "transition"),
	SHEET_OF(transition_element, element, "core element", WORD, true,
		 .list = WORDS_ELEMENT),
	SHEET_COL(transition_element, reached, "day it was reached", DAY, true),
	SHEET_COL(transition_element, note, "note", TEXT, false),
};
const struct sheet transition_element_sheet =
	SHEET(transition_element, "core element", element_columns);

static const struct sheet_column readiness_columns[] = {
	SHEET_OF(transition_readiness, transition, "transition", ID, true,
		 .of = "transition"),
	SHEET_COL(transition_readiness, assessed, "day of the assessment", DAY,
		  true),
	SHEET_COL(transition_readiness, tool, "name of the tool", TEXT, true),
	SHEET_OF(transition_readiness, answered_by, "person who answers", ONE,
		 false, .of = "youth, caregiver, both"),
	SHEET_OF(transition_readiness, score, "score", INT, false, .min = 0,
		 .max = 1000),
	SHEET_OF(transition_readiness, most, "highest possible score", INT,
		 false, .min = 1, .max = 1000),
	SHEET_COL(transition_readiness, next_step, "next step", TEXT, false),
};
const struct sheet transition_readiness_sheet =
	SHEET(transition_readiness, "readiness assessment", readiness_columns);

static const struct sheet_column visit_columns[] = {
	SHEET_OF(transition_visit, transition, "transition", ID, true,
		 .of = "transition"),
	SHEET_COL(transition_visit, visited, "day of the visit", DAY, true),
	SHEET_COL(transition_visit, alone, "answer on time alone", YES, false),
	SHEET_COL(transition_visit, skills, "answer on skills", YES, false),
	SHEET_COL(transition_visit, discussed, "answer on the shift", YES,
		  false),
};
const struct sheet transition_visit_sheet =
	SHEET(transition_visit, "answer on a visit", visit_columns);

/* @day is in the life of the child whose transition @id is. */
static int check_life(struct records *r, int64_t id, const char *what,
		      int32_t day)
{
	struct transition t;
	int x = transition_get(r->db, id, &t);

	return x < 0 ? x : during_life(r, t.child, what, day);
}

/* Written, or corrected if the element is there. */
static int put_element(struct records *r, struct transition_element *e)
{
	int64_t id = 0;
	int x;

	x = db_int(r->db, &id,
		   "SELECT id FROM transition_element"
		   " WHERE transition = ? AND element = ?",
		   "is", e->transition, e->element);
	if (x == E_NOTFOUND)
		return sheet_add(r, &transition_element_sheet, e, &id);
	e->id = id;
	return x < 0 ? x : sheet_update(r, &transition_element_sheet, e);
}

int transition_reach(struct records *r, int64_t id, const char *element,
		     int32_t on, const char *note)
{
	struct transition_element e;
	int x = records_begin(r);

	if (x < 0)
		return x;
	sheet_blank(&transition_element_sheet, &e);
	e.transition = id;
	e.reached = on;
	field_copy(e.element, sizeof e.element, element);
	field_copy(e.note, sizeof e.note, note);
	if ((x = field_text("note", note, sizeof e.note)) == 0 &&
	    (x = sheet_check(r, &transition_element_sheet, &e)) == 0 &&
	    (x = check_life(r, id, "day it was reached", on)) == 0)
		x = put_element(r, &e);
	return records_end(r, x);
}

const char *transition_standing(const struct word *element, int32_t birth,
				int32_t reached, int32_t today)
{
	int age = date_age_years(birth, today);

	if (reached != NO_DATE)
		return "done";
	if (age < element->age_from)
		return "not yet";
	return age <= element->age_to ? "due" : "late";
}

int transition_elements(struct db *db, int64_t id, int64_t offset,
			int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &transition_element_sheet,
			  "WHERE transition = ?1 ORDER BY reached, id", id, 0,
			  offset, limit, fn, arg);
}

static int readiness_checks(struct records *r,
			    const struct transition_readiness *a)
{
	int x = sheet_check(r, &transition_readiness_sheet, a);

	if (x < 0)
		return x;
	if ((a->score == SHEET_UNKNOWN) != (a->most == SHEET_UNKNOWN))
		return err_set(E_INVALID, "A score needs the highest possible "
					  "one beside it");
	if (a->score > a->most)
		return err_set(E_INVALID,
			       "The score, %lld, is over the "
			       "highest possible one, %lld",
			       (long long)a->score, (long long)a->most);
	return check_life(r, a->transition, "day of the assessment",
			  a->assessed);
}

int transition_assess(struct records *r, const struct transition_readiness *a,
		      int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = readiness_checks(r, a);
	if (x == 0)
		x = sheet_add(r, &transition_readiness_sheet, a, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int transition_assessments(struct db *db, int64_t id, int64_t offset,
			   int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &transition_readiness_sheet,
			  "WHERE transition = ?1 ORDER BY assessed DESC, id"
			  " DESC",
			  id, 0, offset, limit, fn, arg);
}

/* Written, or corrected if the visit is there. */
static int put_answer(struct records *r, const struct transition_visit *v,
		      int64_t *id)
{
	struct transition_visit now = *v;
	char day[DATE_TEXT];
	int x;

	x = db_int(r->db, id,
		   "SELECT id FROM transition_visit"
		   " WHERE transition = ? AND visited = ?",
		   "is", v->transition, date_format(v->visited, day));
	if (x == E_NOTFOUND)
		return sheet_add(r, &transition_visit_sheet, v, id);
	now.id = *id;
	return x < 0 ? x : sheet_update(r, &transition_visit_sheet, &now);
}

int transition_answer(struct records *r, const struct transition_visit *v,
		      int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = sheet_check(r, &transition_visit_sheet, v);
	if (x == 0 && v->alone == SHEET_UNKNOWN && v->skills == SHEET_UNKNOWN &&
	    v->discussed == SHEET_UNKNOWN)
		x = err_set(E_INVALID, "Give at least one of the three "
				       "answers");
	if (x == 0)
		x = check_life(r, v->transition, "day of the visit",
			       v->visited);
	if (x == 0)
		x = put_answer(r, v, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int transition_visits(struct db *db, int64_t id, int64_t offset, int64_t limit,
		      sheet_fn *fn, void *arg)
{
	return sheet_list(db, &transition_visit_sheet,
			  "WHERE transition = ?1 ORDER BY visited DESC, id"
			  " DESC",
			  id, 0, offset, limit, fn, arg);
}

int64_t transition_all_three(const struct transition_visit *v)
{
	if (v->alone == SHEET_UNKNOWN || v->skills == SHEET_UNKNOWN ||
	    v->discussed == SHEET_UNKNOWN)
		return SHEET_UNKNOWN;
	return v->alone == 1 && v->skills == 1 && v->discussed == 1;
}
