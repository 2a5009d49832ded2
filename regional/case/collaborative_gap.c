#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/collaborative.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_OF(collaborative_gap, collaborative, "collaborative", ID, true,
		 .of = "collaborative"),
	SHEET_OF(collaborative_gap, meeting, "meeting", ID, false,
		 .of = "collaborative_meeting"),
	SHEET_COL(collaborative_gap, raised, "day the gap was raised", DAY,
		  true),
	SHEET_OF(collaborative_gap, need, "need", WORD, true,
		 .list = WORDS_NEED),
	SHEET_COL(collaborative_gap, gap, "gap", TEXT, true),
	SHEET_OF(collaborative_gap, status, "status of a gap", ONE, true,
		 .of = "open, working, closed, set-aside"),
	SHEET_COL(collaborative_gap, owner, "owner", TEXT, false),
	SHEET_COL(collaborative_gap, started, "note of what was started", TEXT,
		  false),
	SHEET_COL(collaborative_gap, started_on, "day it was started", DAY,
		  false),
	SHEET_COL(collaborative_gap, followed, "note of what followed", TEXT,
		  false),
	SHEET_COL(collaborative_gap, followed_on, "day of what followed", DAY,
		  false),
};
const struct sheet collaborative_gap_sheet =
	SHEET(collaborative_gap, "gap", columns);

/* A note and its day come together, not before the gap was raised. */
static int check_note(const struct collaborative_gap *g, const char *note,
		      const char *text, const char *what, int32_t day)
{
	if (!*text && day == NO_DATE)
		return 0;
	if (!*text)
		return err_set(E_INVALID, "The %s is missing", note);
	if (day == NO_DATE)
		return err_set(E_INVALID, "The %s is missing", what);
	return field_order(what, day, g->raised, "the day the gap was raised");
}

static int check_status(const struct collaborative_gap *g)
{
	if (strcmp(g->status, "working") == 0 && !*g->owner)
		return err_set(E_INVALID, "A gap that is worked on has an "
					  "owner: name it");
	if (strcmp(g->status, "closed") == 0 && !*g->followed)
		return err_set(E_INVALID, "Say what followed before the gap is "
					  "closed");
	return 0;
}

static int check_meeting(struct records *r, const struct collaborative_gap *g)
{
	struct collaborative_meeting m;
	int x;

	if (!g->meeting)
		return 0;
	x = collaborative_meeting_get(r->db, g->meeting, &m);
	if (x < 0 || m.collaborative == g->collaborative)
		return x;
	return err_set(E_INVALID, "Meeting %lld is of another collaborative",
		       (long long)g->meeting);
}

static int gap_checks(struct records *r, const struct collaborative_gap *g)
{
	int x;

	if ((x = sheet_check(r, &collaborative_gap_sheet, g)) < 0 ||
	    (x = check_meeting(r, g)) < 0 ||
	    (x = check_note(g, "note of what was started", g->started,
			    "day it was started", g->started_on)) < 0 ||
	    (x = check_note(g, "note of what followed", g->followed,
			    "day of what followed", g->followed_on)) < 0 ||
	    (x = check_status(g)) < 0 ||
	    (x = collaborative_anonymous(r, "gap", g->gap)) < 0 ||
	    (x = collaborative_anonymous(r, "note of what was started",
					 g->started)) < 0)
		return x;
	return collaborative_anonymous(r, "note of what followed", g->followed);
}

int collaborative_gap_add(struct records *r, const struct collaborative_gap *g,
			  int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = gap_checks(r, g);
	if (x == 0)
		x = sheet_add(r, &collaborative_gap_sheet, g, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int collaborative_gap_update(struct records *r,
			     const struct collaborative_gap *g)
{
	struct collaborative_gap was;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = collaborative_gap_get(r->db, g->id, &was);
	if (x == 0 && g->collaborative != was.collaborative)
		x = err_set(E_INVALID, "A gap stays with its collaborative");
	if (x == 0 && (x = gap_checks(r, g)) == 0)
		x = sheet_update(r, &collaborative_gap_sheet, g);
	return records_end(r, x);
}

int collaborative_gap_get(struct db *db, int64_t id,
			  struct collaborative_gap *out)
{
	return sheet_get(db, &collaborative_gap_sheet, id, out);
}

int collaborative_gaps(struct db *db, int64_t id, bool open, int64_t offset,
		       int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &collaborative_gap_sheet,
			  "WHERE collaborative = ?1"
			  " AND (?2 = 0 OR status IN ('open', 'working'))"
			  " ORDER BY raised DESC, id DESC",
			  id, open, offset, limit, fn, arg);
}
