#include "regional/case/transition.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/child.h"
#include "regional/case/during.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_OF(transition, child, "child", ID, true, .of = "child"),
	SHEET_COL(transition, begun, "day the transition was begun", DAY, true),
	SHEET_COL(transition, adult_provider, "name of the adult provider",
		  TEXT, false),
	SHEET_COL(transition, expected, "expected day of the transfer", AHEAD,
		  false),
	SHEET_COL(transition, planned, "day of the plan", DAY, false),
	SHEET_COL(transition, summary, "day of the medical summary", DAY,
		  false),
	SHEET_COL(transition, package, "day the transfer package was sent", DAY,
		  false),
	SHEET_COL(transition, first_visit, "day of the first adult visit",
		  AHEAD, false),
	SHEET_COL(transition, confirmed, "day the visit was confirmed", DAY,
		  false),
	SHEET_COL(transition, confirmed_by, "name of who confirmed", TEXT,
		  false),
	SHEET_COL(transition, note, "note", TEXT, false),
	SHEET_OF(transition, consent, "consent", ID, false, .of = "consent"),
	SHEET_COL(transition, without_consent,
		  "reason to share without consent", TEXT, false),
};
const struct sheet transition_sheet = SHEET(transition, "transition", columns);

int transition_start(struct records *r, int64_t child, int32_t on, int64_t *id)
{
	struct transition t;
	struct child c;
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	sheet_blank(&transition_sheet, &t);
	t.child = child;
	t.begun = on;
	x = child_here(r->db, child, &c);
	if (x == 0)
		x = field_day(r, "day the transition was begun", on);
	if (x == 0 && date_age_years(c.birth, on) < TRANSITION_TELL_AGE)
		x = err_set(E_INVALID,
			    "The child is %d years old on that day; transition "
			    "to adult care begins at %d",
			    date_age_years(c.birth, on), TRANSITION_TELL_AGE);
	if (x == 0)
		x = sheet_add(r, &transition_sheet, &t, &new_id);
	if (x == E_EXISTS)
		x = err_set(E_EXISTS, "Child %lld has a transition already",
			    (long long)child);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int check_visit(const struct transition *t)
{
	if (t->package != NO_DATE && !*t->adult_provider)
		return err_set(E_INVALID, "A transfer package goes to an adult "
					  "provider: name it");
	if (t->confirmed == NO_DATE && *t->confirmed_by)
		return err_set(E_INVALID, "Give the day on which the visit was "
					  "confirmed");
	if (t->confirmed == NO_DATE)
		return 0;
	if (t->first_visit == NO_DATE)
		return err_set(E_INVALID, "Give the day of the first adult "
					  "visit that is confirmed");
	return field_order("day the visit was confirmed", t->confirmed,
			   t->first_visit, "the day of the first adult visit");
}

/* Not before it was begun; NO_DATE is fine. */
static int check_since(const struct transition *t, const char *what,
		       int32_t day)
{
	if (day == NO_DATE)
		return 0;
	return field_order(what, day, t->begun,
			   "the day the transition was begun");
}

/* Of a package that goes out now; else what it rested on stays. */
static int ask_consent(struct records *r, const struct transition *was,
		       struct transition *t)
{
	const struct consent_receiver to = {0};
	struct consent_ground ground;
	int x;

	if (t->package == was->package && t->package != NO_DATE) {
		t->consent = was->consent;
		field_copy(t->without_consent, sizeof t->without_consent,
			   was->without_consent);
		return 0;
	}
	t->consent = 0;
	if (t->package == NO_DATE) {
		t->without_consent[0] = '\0';
		return 0;
	}
	x = consent_ground(r, t->child, "share-plan", &to, t->package,
			   t->without_consent, &ground);
	if (x < 0)
		return x;
	t->consent = ground.consent;
	field_copy(t->without_consent, sizeof t->without_consent,
		   ground.without);
	return 0;
}

int transition_update(struct records *r, const struct transition *t)
{
	struct transition was, now = *t;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = transition_get(r->db, t->id, &was);
	if (x == 0 && t->child != was.child)
		x = err_set(E_INVALID, "A transition stays with its child");
	if (x == 0 && (x = sheet_check(r, &transition_sheet, t)) == 0 &&
	    (x = during_life(r, t->child, "day the transition was begun",
			     t->begun)) == 0 &&
	    (x = check_since(t, "day of the plan", t->planned)) == 0 &&
	    (x = check_since(t, "day of the medical summary", t->summary)) ==
		    0 &&
	    (x = check_since(t, "day the transfer package was sent",
			     t->package)) == 0 &&
	    (x = check_since(t, "day of the first adult visit",
			     t->first_visit)) == 0)
		x = check_visit(t);
	if (x == 0 && (x = ask_consent(r, &was, &now)) == 0)
		x = sheet_update(r, &transition_sheet, &now);
	return records_end(r, x);
}

int transition_get(struct db *db, int64_t id, struct transition *out)
{
	return sheet_get(db, &transition_sheet, id, out);
}

int transition_of_child(struct db *db, int64_t child, struct transition *out)
{
	int64_t id = 0;
	int x;

	x = db_int(db, &id, "SELECT id FROM transition WHERE child = ?", "i",
		   child);
	if (x == E_NOTFOUND)
		return err_set(E_NOTFOUND, "Child %lld has no transition",
			       (long long)child);
	return x < 0 ? x : transition_get(db, id, out);
}

int transition_list(struct db *db, bool all, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg)
{
	return sheet_list(db, &transition_sheet,
			  "WHERE ?1 = 1 OR confirmed IS NULL"
			  " ORDER BY begun, id",
			  all, 0, offset, limit, fn, arg);
}
