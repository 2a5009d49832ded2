#include "regional/case/ed.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/during.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_OF(ed_episode, child, "child", ID, true, .of = "child"),
	SHEET_COL(ed_episode, visited, "day of the visit", DAY, true),
	SHEET_COL(ed_episode, facility, "facility", TEXT, false),
	SHEET_COL(ed_episode, behavioral, "answer whether it was behavioral",
		  YES, true),
	SHEET_COL(ed_episode, admitted, "answer whether the child was admitted",
		  YES, false),
	SHEET_COL(ed_episode, discharged, "day of the discharge", DAY, false),
	SHEET_COL(ed_episode, criteria, "answer whether criteria were met", YES,
		  false),
	SHEET_OF(ed_episode, enrolled, "answer to the enrollment", ONE, false,
		 .of = "accepted, declined"),
	SHEET_COL(ed_episode, enrolled_on, "day of the answer to enrollment",
		  DAY, false),
	SHEET_COL(ed_episode, crisis_plan, "day of the crisis plan", DAY,
		  false),
	SHEET_COL(ed_episode, followed_up, "day of the first follow-up", DAY,
		  false),
	SHEET_COL(ed_episode, source_id, "visit number elsewhere", TEXT, false),
	SHEET_COL(ed_episode, note, "note", TEXT, false),
	SHEET_COL(ed_episode, errored, "day the error was found", DAY, false),
};
const struct sheet ed_episode_sheet =
	SHEET(ed_episode, "emergency department visit", columns);

static const struct sheet_column outcome_columns[] = {
	SHEET_COL(ed_outcome, child, "child", ID, true),
	SHEET_COL(ed_outcome, visited, "day of the visit", DAY, true),
	SHEET_COL(ed_outcome, day0, "day 0", DAY, true),
	SHEET_COL(ed_outcome, follow_up_days, "days to follow-up", INT, false),
	SHEET_COL(ed_outcome, revisit_days, "days to revisit", INT, false),
};
const struct sheet ed_outcome_sheet =
	SHEET(ed_outcome, "emergency department visit", outcome_columns);

/* What follows the visit, NO_DATE or not before it. */
static int check_after(const struct ed_episode *e, const char *what,
		       int32_t day)
{
	if (day == NO_DATE)
		return 0;
	return field_order(what, day, e->visited, "the day of the visit");
}

static int check_days(struct records *r, const struct ed_episode *e)
{
	int x;

	if ((x = during_life(r, e->child, "day of the visit", e->visited)) <
		    0 ||
	    (x = check_after(e, "day of the discharge", e->discharged)) < 0 ||
	    (x = check_after(e, "day of the answer to enrollment",
			     e->enrolled_on)) < 0 ||
	    (x = check_after(e, "day of the crisis plan", e->crisis_plan)) < 0)
		return x;
	if (e->followed_up == NO_DATE)
		return 0;
	if (e->discharged != NO_DATE)
		return field_order("day of the first follow-up", e->followed_up,
				   e->discharged, "the day of the discharge");
	return check_after(e, "day of the first follow-up", e->followed_up);
}

static int check_enrolled(const struct ed_episode *e)
{
	if (!*e->enrolled && e->enrolled_on != NO_DATE)
		return err_set(E_INVALID, "Say whether enrollment was accepted "
					  "or declined on that day");
	if (!*e->enrolled)
		return 0;
	if (e->enrolled_on == NO_DATE)
		return err_set(E_INVALID,
			       "Give the day on which enrollment "
			       "was %s",
			       e->enrolled);
	if (e->criteria != 1)
		return err_set(E_INVALID, "Enhanced care coordination is for "
					  "visits that meet the criteria; say "
					  "that they are met first");
	return 0;
}

static int ed_check(struct records *r, const struct ed_episode *e)
{
	int x = sheet_check(r, &ed_episode_sheet, e);

	if (x == 0)
		x = check_days(r, e);
	if (x == 0)
		x = check_enrolled(e);
	if (x == 0 && e->criteria == 1 && e->behavioral != 1)
		x = err_set(E_INVALID, "The criteria are for behavioral visits "
				       "only");
	return x;
}

static int known_twice(int x, const struct ed_episode *e)
{
	if (x != E_EXISTS)
		return x;
	return err_set(E_EXISTS,
		       "Child %lld has a visit with the number \"%s\" already",
		       (long long)e->child, e->source_id);
}

int ed_add(struct records *r, const struct ed_episode *e, int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if (e->errored != NO_DATE)
		x = err_set(E_INVALID, "A new visit is no error yet");
	if (x == 0 && (x = ed_check(r, e)) == 0)
		x = known_twice(sheet_add(r, &ed_episode_sheet, e, &new_id), e);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int get_valid(struct records *r, int64_t id, struct ed_episode *e)
{
	int x = ed_get(r->db, id, e);

	if (x < 0 || e->errored == NO_DATE)
		return x;
	return err_set(E_STATE, "Visit %lld was entered in error",
		       (long long)id);
}

int ed_update(struct records *r, const struct ed_episode *e)
{
	struct ed_episode was;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = get_valid(r, e->id, &was);
	if (x == 0 && e->child != was.child)
		x = err_set(E_INVALID, "A visit stays with its child; say that "
				       "it was entered in error and add "
				       "another");
	if (x == 0 && e->errored != NO_DATE)
		x = err_set(E_INVALID, "An error is noted by its own call");
	if (x == 0 && (x = ed_check(r, e)) == 0)
		x = known_twice(sheet_update(r, &ed_episode_sheet, e), e);
	return records_end(r, x);
}

int ed_error(struct records *r, int64_t id)
{
	struct ed_episode e;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = ed_get(r->db, id, &e);
	if (x == 0 && e.errored == NO_DATE) {
		e.errored = records_today(r);
		x = sheet_update(r, &ed_episode_sheet, &e);
	}
	return records_end(r, x);
}

int ed_get(struct db *db, int64_t id, struct ed_episode *out)
{
	return sheet_get(db, &ed_episode_sheet, id, out);
}

int ed_outcome_get(struct db *db, int64_t id, struct ed_outcome *out)
{
	return sheet_get(db, &ed_outcome_sheet, id, out);
}

bool ed_within(int64_t days_after, int64_t days)
{
	return days_after != SHEET_UNKNOWN && days_after <= days;
}

int ed_list(struct db *db, int64_t child, int64_t offset, int64_t limit,
	    sheet_fn *fn, void *arg)
{
	return sheet_list(db, &ed_episode_sheet,
			  "WHERE errored IS NULL AND ?1 IN (0, child)"
			  " ORDER BY visited DESC, id DESC",
			  child, 0, offset, limit, fn, arg);
}

int ed_outcomes(struct db *db, int64_t child, int64_t offset, int64_t limit,
		sheet_fn *fn, void *arg)
{
	return sheet_list(db, &ed_outcome_sheet,
			  "WHERE ?1 IN (0, child)"
			  " ORDER BY visited DESC, id DESC",
			  child, 0, offset, limit, fn, arg);
}
