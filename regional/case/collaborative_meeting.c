#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/collaborative.h"
#include "regional/case/field.h"

static const struct sheet_column meeting_columns[] = {
	SHEET_OF(collaborative_meeting, collaborative, "collaborative", ID,
		 true, .of = "collaborative"),
	SHEET_COL(collaborative_meeting, met, "day of the meeting", DAY, true),
	SHEET_COL(collaborative_meeting, place, "place", TEXT, false),
	SHEET_COL(collaborative_meeting, topic, "topic", TEXT, false),
};
const struct sheet collaborative_meeting_sheet =
	SHEET(collaborative_meeting, "meeting", meeting_columns);
const struct sheet_set collaborative_attendance = {"collaborative_attendance",
						   "meeting", "member"};

static const struct sheet_column discussion_columns[] = {
	SHEET_OF(collaborative_discussion, meeting, "meeting", ID, true,
		 .of = "collaborative_meeting"),
	SHEET_OF(collaborative_discussion, age_band, "age band", WORD, false,
		 .list = WORDS_AGE),
	SHEET_OF(collaborative_discussion, need, "need", WORD, false,
		 .list = WORDS_NEED),
	SHEET_COL(collaborative_discussion, question, "question", TEXT, true),
	SHEET_COL(collaborative_discussion, advice, "advice", TEXT, false),
};
const struct sheet collaborative_discussion_sheet =
	SHEET(collaborative_discussion, "discussion", discussion_columns);

static int meeting_checks(struct records *r,
			  const struct collaborative_meeting *m)
{
	struct collaborative c;
	char day[DATE_TEXT];
	int x;

	if ((x = sheet_check(r, &collaborative_meeting_sheet, m)) < 0 ||
	    (x = collaborative_get(r->db, m->collaborative, &c)) < 0 ||
	    (x = field_order("day of the meeting", m->met, c.begun,
			     "the day the collaborative was begun")) < 0)
		return x;
	if (c.ended != NO_DATE && m->met > c.ended)
		return err_set(E_STATE, "The collaborative was ended on %s",
			       date_format(c.ended, day));
	return collaborative_anonymous(r, "topic", m->topic);
}

int collaborative_meet(struct records *r, const struct collaborative_meeting *m,
		       int64_t *id)
{
	int64_t new_id = 0;
	char day[DATE_TEXT];
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = meeting_checks(r, m);
	if (x == 0)
		x = sheet_add(r, &collaborative_meeting_sheet, m, &new_id);
	if (x == E_EXISTS)
		x = err_set(E_EXISTS, "There is a meeting on %s already",
			    date_format(m->met, day));
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int collaborative_meeting_get(struct db *db, int64_t id,
			      struct collaborative_meeting *out)
{
	return sheet_get(db, &collaborative_meeting_sheet, id, out);
}

int collaborative_meetings(struct db *db, int64_t id, int64_t offset,
			   int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &collaborative_meeting_sheet,
			  "WHERE collaborative = ?1 ORDER BY met DESC", id, 0,
			  offset, limit, fn, arg);
}

/* Was @m a member when @t was held? */
static int check_roster(const struct collaborative_meeting *t,
			const struct collaborative_member *m)
{
	char day[DATE_TEXT];

	if (m->collaborative == t->collaborative && t->met >= m->joined &&
	    (m->departed == NO_DATE || t->met <= m->departed))
		return 0;
	return err_set(E_INVALID,
		       "%lld was no member of the collaborative on "
		       "%s",
		       (long long)m->id, date_format(t->met, day));
}

int collaborative_attend(struct records *r, int64_t meeting, int64_t member,
			 bool on)
{
	struct collaborative_meeting t;
	struct collaborative_member m;
	char text[24];
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = collaborative_meeting_get(r->db, meeting, &t)) == 0 &&
	    (x = collaborative_member_get(r->db, member, &m)) == 0 &&
	    (x = check_roster(&t, &m)) == 0)
		x = sheet_mark(r, &collaborative_attendance, meeting,
			       field_id_text(member, text), on);
	return records_end(r, x);
}

int collaborative_attended(struct db *db, int64_t meeting, int64_t *members)
{
	return db_int(db, members,
		      "SELECT count(*) FROM collaborative_attendance"
		      " WHERE meeting = ?",
		      "i", meeting);
}

static int discussion_checks(struct records *r,
			     const struct collaborative_discussion *d)
{
	int x = sheet_check(r, &collaborative_discussion_sheet, d);

	if (x == 0)
		x = collaborative_anonymous(r, "question", d->question);
	if (x == 0)
		x = collaborative_anonymous(r, "advice", d->advice);
	return x;
}

int collaborative_discuss(struct records *r,
			  const struct collaborative_discussion *d, int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = discussion_checks(r, d);
	if (x == 0)
		x = sheet_add(r, &collaborative_discussion_sheet, d, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int collaborative_discussion_update(struct records *r,
				    const struct collaborative_discussion *d)
{
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = discussion_checks(r, d);
	if (x == 0)
		x = sheet_update(r, &collaborative_discussion_sheet, d);
	return records_end(r, x);
}

int collaborative_discussion_get(struct db *db, int64_t id,
				 struct collaborative_discussion *out)
{
	return sheet_get(db, &collaborative_discussion_sheet, id, out);
}

int collaborative_discussions(struct db *db, int64_t meeting, int64_t offset,
			      int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &collaborative_discussion_sheet,
			  "WHERE meeting = ?1 ORDER BY id", meeting, 0, offset,
			  limit, fn, arg);
}
