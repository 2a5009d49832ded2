/* A step of a referral's life that was recorded by mistake. The life cycle has
 * no step back: this corrects the record, and the audit and history keep what
 * it said. */
#include "regional/case/referral.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"

/* The newest step, and where it came from. */
struct step {
	int64_t id;
	enum referral_state state, before;
	int32_t since, since_before;
	bool first; /* there is none before */
};

static int take_step(struct rows *rows, bool newest, struct step *s)
{
	enum referral_state state;
	int32_t since = field_day_of_sql(rows_text(rows, 2));
	int x = referral_state_parse(rows_text(rows, 1), &state);

	if (x < 0)
		return x;
	if (newest) {
		s->id = rows_int(rows, 0);
		s->state = state;
		s->since = since;
	} else {
		s->before = state;
		s->since_before = since;
		s->first = false;
	}
	return 0;
}

static int read_step(struct db *db, int64_t id, struct step *s)
{
	struct rows rows;
	int x, n = 0;

	*s = (struct step){.first = true};
	x = db_rows(db, &rows,
		    "SELECT id, state, since FROM referral_status"
		    " WHERE referral = ? ORDER BY id DESC LIMIT 2",
		    "i", id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = take_step(&rows, n++ == 0, s);
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static int check_step(const struct referral *f, const struct step *s)
{
	if (s->first || s->state == REFERRAL_DRAFT || s->state != f->state)
		return err_set(E_STATE,
			       "Referral %lld has no step that could be taken "
			       "back",
			       (long long)f->id);
	if (s->state == REFERRAL_REQUESTED)
		return err_set(E_STATE,
			       "Referral %lld was sent, and its receiver "
			       "knows; cancel it, or mark it as entered in "
			       "error",
			       (long long)f->id);
	return 0;
}

/* If the step was the receiver's first answer, what else they said is. */
static int first_answer(struct records *r, int64_t id)
{
	return db_run(
		r->db,
		"UPDATE referral SET (answered, answer) = (SELECT answered,"
		" word FROM (SELECT answered, id, CASE WHEN capacity <>"
		"  'capacity' THEN capacity WHEN enrollment ="
		"  'not-enrolled-on-waitlist' THEN 'waitlist' END AS word"
		"  FROM referral_answer WHERE referral = ?1)"
		" WHERE word IS NOT NULL ORDER BY answered, id LIMIT 1)"
		" WHERE id = ?1",
		"i", id);
}

static int step_write(struct records *r, const struct referral *f,
		      const struct step *s)
{
	const char *state = referral_state_text(s->state);
	char day[DATE_TEXT], since[DATE_TEXT];
	int64_t answered = 0;
	int x;

	date_format(s->since, since);
	x = db_int(r->db, &answered,
		   "SELECT count(*) FROM referral WHERE id = ? AND answer = ?"
		   " AND answered = ?",
		   "iss", f->id, state, since);
	if (x == 0)
		x = db_run(r->db, "DELETE FROM referral_status WHERE id = ?",
			   "i", s->id);
	if (x == 0)
		x = db_run(r->db,
			   "UPDATE referral SET state = ?1, moved = ?2,"
			   " accepted = iif(?3, NULL, accepted),"
			   " ended = iif(?4, ended, NULL) WHERE id = ?5",
			   "ssiii", referral_state_text(s->before),
			   date_format(s->since_before, day),
			   (int64_t)(s->state == REFERRAL_ACCEPTED),
			   (int64_t)(s->before == REFERRAL_REJECTED ||
				     s->before == REFERRAL_CANCELLED ||
				     s->before == REFERRAL_FAILED ||
				     s->before == REFERRAL_COMPLETED),
			   f->id);
	return x == 0 && answered ? first_answer(r, f->id) : x;
}

static int step_audit(struct records *r, const struct referral *f,
		      const struct step *s, const char *why)
{
	char was[DATE_TEXT], now[DATE_TEXT];
	const struct audit_field fields[] = {
		{"state", referral_state_text(s->state),
		 referral_state_text(s->before)},
		{"moved", date_format(s->since, was),
		 date_format(s->since_before, now)},
		{"taken_back", NULL, why},
	};

	return audit_changes(r, "referral", f->id, fields, 3);
}

int referral_back(struct records *r, int64_t id, const char *why)
{
	struct referral f;
	struct step s;
	int x;

	if (!field_sql_text(why))
		return err_set(E_INVALID,
			       "Say in a few words why the step is taken back");
	if ((x = field_text("reason in words", why, 1000)) < 0 ||
	    (x = records_begin(r)) < 0)
		return x;
	if ((x = referral_get(r->db, id, &f)) == 0 &&
	    (x = read_step(r->db, id, &s)) == 0 &&
	    (x = check_step(&f, &s)) == 0 && (x = step_write(r, &f, &s)) == 0)
		x = step_audit(r, &f, &s, why);
	return records_end(r, x);
}
