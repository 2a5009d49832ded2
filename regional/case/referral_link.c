#include "regional/case/referral.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"
#include "regional/case/field.h"

#define COLUMNS                                                             \
	"id, need, organization, service, state, drafted, sent, accepted, " \
	"ended, capacity, enrollment, answered, contacted, received, "      \
	"addressed, satisfied, reason, reason_on, consent, without_consent"

static int refuse_errored(int64_t id)
{
	return err_set(E_STATE,
		       "Referral %lld was entered in error; nothing can be "
		       "done with it any more",
		       (long long)id);
}

/* What the receiver said, what the family got, and why not, hang on a referral
 * that was sent. */
static int check_sent(struct records *r, int64_t id, const char *what,
		      int32_t on, struct referral *f)
{
	int x;

	x = referral_get(r->db, id, f);
	if (x < 0)
		return x;
	if (f->state == REFERRAL_ENTERED_IN_ERROR)
		return refuse_errored(id);
	if (f->sent == NO_DATE)
		return err_set(E_STATE,
			       "Referral %lld is a draft; send it "
			       "first",
			       (long long)id);
	x = field_day(r, what, on);
	if (x < 0)
		return x;
	return field_order(what, on, f->sent, "the day the referral was sent");
}

static int check_one_of(const char *what, const char *text,
			const char *const *known)
{
	if (!text)
		return 0;
	for (int i = 0; known[i]; i++) {
		if (strcmp(text, known[i]) == 0)
			return 0;
	}
	return err_set(E_INVALID,
		       "\"%.40s\" is not an answer about %s; it is "
		       "one of: %s, %s, %s%s%s",
		       text, what, known[0], known[1], known[2],
		       known[3] ? ", " : "", known[3] ? known[3] : "");
}

/* Having capacity or enrolling the family comes with an acceptance, which the
 * life cycle records; alone it is not yet an answer to the referral. */
static const char *first_answer(const char *capacity, const char *enrollment)
{
	if (capacity && strcmp(capacity, "capacity") != 0)
		return capacity;
	if (enrollment && strcmp(enrollment, "not-enrolled-on-waitlist") == 0)
		return "waitlist";
	return NULL;
}

static int answer_write(struct records *r, const struct referral *f, int32_t on,
			const char *capacity, const char *enrollment)
{
	const char *answer = first_answer(capacity, enrollment);
	char day[DATE_TEXT];
	int x;

	if (f->answered != NO_DATE && f->answered <= on)
		answer = NULL;
	date_format(on, day);
	x = db_run(r->db,
		   "INSERT INTO referral_answer (referral, answered, capacity,"
		   " enrollment) VALUES (?, ?, ?, ?)",
		   "isss", f->id, day, capacity, enrollment);
	if (x < 0)
		return x;
	/* The newest answer is the one given last, not the one entered last. */
	x = db_run(r->db,
		   "UPDATE referral SET"
		   " answered = iif(?1 IS NULL, answered, ?2),"
		   " answer = coalesce(?1, answer),"
		   " capacity = (SELECT capacity FROM referral_answer"
		   " WHERE referral = ?3 AND capacity IS NOT NULL"
		   " ORDER BY answered DESC, id DESC LIMIT 1),"
		   " enrollment = (SELECT enrollment FROM referral_answer"
		   " WHERE referral = ?3 AND enrollment IS NOT NULL"
		   " ORDER BY answered DESC, id DESC LIMIT 1) WHERE id = ?3",
		   "ssi", answer, day, f->id);
	if (x == 0 && capacity)
		x = audit_change(r, "referral", f->id, "capacity",
				 field_sql_text(f->capacity), capacity);
	if (x == 0 && enrollment)
		x = audit_change(r, "referral", f->id, "enrollment",
				 field_sql_text(f->enrollment), enrollment);
	if (x == 0)
		x = audit_change(r, "referral", f->id, "answered", NULL, day);
	return x;
}

int referral_answer(struct records *r, int64_t id, int32_t on,
		    const char *capacity, const char *enrollment)
{
	static const char *const capacities[] = {
		"capacity", "no-capacity", "waitlist",
		"additional-assessment-required", NULL};
	static const char *const enrollments[] = {
		"enrolled", "not-enrolled", "not-enrolled-on-waitlist", NULL};
	struct referral f;
	int x;

	capacity = field_sql_text(capacity);
	enrollment = field_sql_text(enrollment);
	if (!capacity && !enrollment)
		return err_set(E_INVALID, "An answer says something about "
					  "capacity, enrollment, or both");
	if ((x = check_one_of("capacity", capacity, capacities)) < 0 ||
	    (x = check_one_of("enrollment", enrollment, enrollments)) < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = check_sent(r, id, "date of the answer", on, &f);
	if (x == 0)
		x = answer_write(r, &f, on, capacity, enrollment);
	return records_end(r, x);
}

/* One statement for each linkage: a column's name can't be bound. */
static const struct linkage {
	const char *outcome, *sql;
	size_t day;
} linkages[] = {
	{"contacted", "UPDATE referral SET contacted = ? WHERE id = ?",
	 offsetof(struct referral, contacted)},
	{"received", "UPDATE referral SET received = ? WHERE id = ?",
	 offsetof(struct referral, received)},
	{"addressed", "UPDATE referral SET addressed = ? WHERE id = ?",
	 offsetof(struct referral, addressed)},
	{"satisfied", "UPDATE referral SET satisfied = ? WHERE id = ?",
	 offsetof(struct referral, satisfied)},
};

static const struct linkage *linkage_of(const char *outcome)
{
	for (size_t i = 0; i < sizeof linkages / sizeof *linkages; i++) {
		if (strcmp(outcome, linkages[i].outcome) == 0)
			return &linkages[i];
	}
	return NULL;
}

static int32_t linkage_day(const struct referral *f, const struct linkage *l)
{
	return *(const int32_t *)((const char *)f + l->day);
}

int32_t referral_linked(const struct referral *f, const char *outcome)
{
	const struct linkage *l = linkage_of(outcome);

	return l ? linkage_day(f, l) : NO_DATE;
}

static int link_write(struct records *r, const struct referral *f,
		      const struct linkage *l, int32_t on)
{
	int32_t was = linkage_day(f, l);
	char was_text[DATE_TEXT], day[DATE_TEXT];
	int x;

	if (was != NO_DATE && was <= on)
		return 0;
	date_format(on, day);
	x = db_run(r->db, l->sql, "si", day, f->id);
	if (x == 0)
		x = db_run(r->db,
			   "INSERT INTO referral_linkage (referral, outcome,"
			   " reached) VALUES (?, ?, ?) ON CONFLICT (referral,"
			   " outcome) DO UPDATE SET reached = excluded.reached",
			   "iss", f->id, l->outcome, day);
	if (x < 0)
		return x;
	return audit_change(r, "referral", f->id, l->outcome,
			    field_sql_day(was, was_text), day);
}

static int find_linkage(const struct records *r, const char *outcome,
			const struct linkage **out)
{
	int x = field_word(r->words, WORDS_LINKAGE, "linkage", outcome);

	if (x < 0)
		return x;
	*out = linkage_of(outcome);
	if (!*out)
		return err_set(E_INVALID,
			       "The linkage \"%s\" is newer than "
			       "this program",
			       outcome);
	return 0;
}

int referral_link(struct records *r, int64_t id, const char *outcome,
		  int32_t on)
{
	const struct linkage *l;
	struct referral f;
	int x;

	x = find_linkage(r, outcome, &l);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = check_sent(r, id, "date of the linkage", on, &f);
	if (x == 0)
		x = link_write(r, &f, l, on);
	return records_end(r, x);
}

static int unlink_write(struct records *r, const struct referral *f,
			const struct linkage *l)
{
	char was[DATE_TEXT];
	int x;

	if (f->state == REFERRAL_ENTERED_IN_ERROR)
		return refuse_errored(f->id);
	if (linkage_day(f, l) == NO_DATE)
		return err_set(E_STATE,
			       "Referral %lld: \"%s\" is not recorded; there "
			       "is nothing to take back",
			       (long long)f->id, l->outcome);
	x = db_run(r->db, l->sql, "si", NULL, f->id);
	if (x == 0)
		x = db_run(r->db,
			   "DELETE FROM referral_linkage"
			   " WHERE referral = ? AND outcome = ?",
			   "is", f->id, l->outcome);
	if (x < 0)
		return x;
	return audit_change(r, "referral", f->id, l->outcome,
			    date_format(linkage_day(f, l), was), NULL);
}

int referral_unlink(struct records *r, int64_t id, const char *outcome)
{
	const struct linkage *l;
	struct referral f;
	int x;

	x = find_linkage(r, outcome, &l);
	if (x < 0)
		return x;
	x = records_begin(r);
	if (x < 0)
		return x;
	x = referral_get(r->db, id, &f);
	if (x == 0)
		x = unlink_write(r, &f, l);
	return records_end(r, x);
}

static int reason_write(struct records *r, const struct referral *f,
			const char *code, int32_t on)
{
	char was_day[DATE_TEXT], day[DATE_TEXT];
	const struct audit_field fields[] = {
		{"reason", field_sql_text(f->reason), field_sql_text(code)},
		{"reason_on", field_sql_day(f->reason_on, was_day),
		 *code ? date_format(on, day) : NULL},
	};
	int x;

	x = db_run(r->db,
		   "UPDATE referral SET reason = ?, reason_on = ? WHERE id = ?",
		   "ssi", fields[0].now, fields[1].now, f->id);
	if (x < 0)
		return x;
	return audit_changes(r, "referral", f->id, fields, 2);
}

int referral_reason(struct records *r, int64_t id, const char *code, int32_t on)
{
	struct referral f;
	int x;

	if (*code) {
		x = field_word(r->words, WORDS_BARRIER, "reason", code);
		if (x < 0)
			return x;
	}
	x = records_begin(r);
	if (x < 0)
		return x;
	x = check_sent(r, id, "date of the reason", on, &f);
	if (x == 0)
		x = reason_write(r, &f, code, on);
	return records_end(r, x);
}

int referral_reband(struct records *r, int64_t child, int32_t birth)
{
	struct rows rows;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT r.id, r.sent FROM care_case k"
		    " JOIN need n ON n.kase = k.id"
		    " JOIN referral r ON r.need = n.id"
		    " WHERE k.child = ? AND r.sent IS NOT NULL",
		    "i", child);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		int32_t sent = field_day_of_sql(rows_text(&rows, 1));

		x = db_run(r->db,
			   "UPDATE referral SET age_band = ? WHERE id = ?",
			   "si", field_age_band(r->words, birth, sent),
			   rows_int(&rows, 0));
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}

static void referral_row(struct rows *rows, struct referral *f)
{
	const char *state = rows_text(rows, 4);

	memset(f, 0, sizeof *f);
	f->id = rows_int(rows, 0);
	f->need = rows_int(rows, 1);
	f->organization = rows_int(rows, 2);
	f->service = rows_int(rows, 3);
	referral_state_parse(state ? state : "", &f->state);
	f->drafted = field_day_of_sql(rows_text(rows, 5));
	f->sent = field_day_of_sql(rows_text(rows, 6));
	f->accepted = field_day_of_sql(rows_text(rows, 7));
	f->ended = field_day_of_sql(rows_text(rows, 8));
	field_copy(f->capacity, sizeof f->capacity, rows_text(rows, 9));
	field_copy(f->enrollment, sizeof f->enrollment, rows_text(rows, 10));
	f->answered = field_day_of_sql(rows_text(rows, 11));
	f->contacted = field_day_of_sql(rows_text(rows, 12));
	f->received = field_day_of_sql(rows_text(rows, 13));
	f->addressed = field_day_of_sql(rows_text(rows, 14));
	f->satisfied = field_day_of_sql(rows_text(rows, 15));
	field_copy(f->reason, sizeof f->reason, rows_text(rows, 16));
	f->reason_on = field_day_of_sql(rows_text(rows, 17));
	f->consent = rows_int(rows, 18);
	field_copy(f->without_consent, sizeof f->without_consent,
		   rows_text(rows, 19));
}

int referral_get(struct db *db, int64_t id, struct referral *out)
{
	struct rows rows;
	int x;

	x = db_rows(db, &rows, "SELECT " COLUMNS " FROM referral WHERE id = ?",
		    "i", id);
	if (x == 0)
		x = rows_next(&rows);
	if (x == ROWS_ROW) {
		referral_row(&rows, out);
		x = 0;
	} else if (x == ROWS_DONE) {
		x = err_set(E_NOTFOUND, "There is no referral %lld",
			    (long long)id);
	}
	rows_end(&rows);
	return x;
}

/* Only what is asked for stands in the text, so that each question finds its
 * index; the parts are constants, the values are bound. */
static void list_sql(const struct referral_query *q, char *out, size_t size)
{
	snprintf(out, size,
		 "SELECT " COLUMNS " FROM referral WHERE 1%s%s%s%s%s%s"
		 " ORDER BY drafted DESC, id DESC LIMIT ?6 OFFSET ?7",
		 q->child ? " AND need IN (SELECT n.id FROM need n"
			    " JOIN care_case k ON k.id = n.kase"
			    " WHERE k.child = ?1)"
			  : "",
		 q->kase ? " AND need IN (SELECT id FROM need WHERE kase = ?2)"
			 : "",
		 q->need ? " AND need = ?3" : "",
		 q->organization ? " AND organization = ?4" : "",
		 q->state >= 0 ? " AND state = ?5" : "",
		 q->open_only ? " AND ended IS NULL" : "");
}

int referral_list(struct db *db, const struct referral_query *q,
		  int (*fn)(void *arg, const struct referral *f), void *arg)
{
	const char *state = NULL;
	struct referral f;
	struct rows rows;
	char sql[700];
	int x;

	if (q->state >= 0)
		state = referral_state_text((enum referral_state)q->state);
	list_sql(q, sql, sizeof sql);
	x = db_rows(db, &rows, sql, "iiiisii", q->child, q->kase, q->need,
		    q->organization, state, q->limit, q->offset);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW) {
		referral_row(&rows, &f);
		x = fn(arg, &f);
	}
	rows_end(&rows);
	return x < 0 ? x : 0;
}
