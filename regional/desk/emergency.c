#include "regional/desk/emergency.h"

#include <string.h>

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/audit.h"

#define COLUMNS                                                             \
	"id, child, who, reason, since_utc_ms, until_utc_ms, reviewed_by, " \
	"reviewed_utc_ms, finding, note"

static int insert(struct records *r, const char *who, int64_t child,
		  const char *reason, int64_t *id)
{
	int64_t now = clock_utc_ms(r->clock), there = 0;
	int x = db_int(r->db, &there, "SELECT id FROM child WHERE id = ?", "i",
		       child);

	if (x == E_NOTFOUND)
		return err_set(x, "there is no child %lld", (long long)child);
	if (x == 0)
		x = db_run(r->db,
			   "INSERT INTO emergency (child, who, reason, "
			   "since_utc_ms, until_utc_ms) VALUES (?, ?, ?, ?, ?)",
			   "issii", child, who, reason, now,
			   now + EMERGENCY_MS);
	if (x < 0)
		return x;
	*id = db_last_id(r->db);
	x = audit_change(r, "emergency", *id, "reason", NULL, reason);
	if (x == 0)
		x = audit_change(r, "child", child, "emergency-access", NULL,
				 who);
	return x;
}

int emergency_begin(struct records *r, const char *who, int64_t child,
		    const char *reason, int64_t *id)
{
	size_t n = strlen(reason);
	int x;

	if (n < EMERGENCY_REASON_MIN || n > EMERGENCY_REASON)
		return err_set(E_INVALID,
			       "Say in %d to %d characters why you have to see "
			       "this record now; a supervisor will read it",
			       EMERGENCY_REASON_MIN, EMERGENCY_REASON);
	x = records_begin(r);
	if (x < 0)
		return x;
	return records_end(r, insert(r, who, child, reason, id));
}

int emergency_end(struct records *r, const char *who, int64_t id)
{
	int64_t now = clock_utc_ms(r->clock);
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = db_run(r->db,
		   "UPDATE emergency SET until_utc_ms = max(?1, since_utc_ms) "
		   "WHERE id = ?2 AND who = ?3 AND until_utc_ms > ?1",
		   "iis", now, id, who);
	if (x == 0 && db_changes(r->db) == 0)
		x = err_set(E_STATE, "This emergency access has ended already");
	if (x == 0)
		x = audit_change(r, "emergency", id, "until", NULL, "ended");
	return records_end(r, x);
}

int emergency_until(struct db *db, const char *who, int64_t child,
		    int64_t now_utc_ms, int64_t *until_utc_ms)
{
	*until_utc_ms = 0;
	return db_int(db, until_utc_ms,
		      "SELECT max(until_utc_ms) FROM emergency WHERE who = ? "
		      "AND child = ? AND until_utc_ms > ?",
		      "sii", who, child, now_utc_ms);
}

static int give(struct rows *r, int x,
		int (*fn)(void *arg, const struct emergency *e), void *arg)
{
	while (x == 0 && (x = rows_next(r)) == ROWS_ROW) {
		const struct emergency e = {
			.id = rows_int(r, 0),
			.child = rows_int(r, 1),
			.who = rows_text(r, 2),
			.reason = rows_text(r, 3),
			.since_utc_ms = rows_int(r, 4),
			.until_utc_ms = rows_int(r, 5),
			.reviewed_by = rows_text(r, 6),
			.reviewed_utc_ms = rows_int(r, 7),
			.finding = rows_text(r, 8),
			.note = rows_text(r, 9),
		};

		x = fn(arg, &e);
	}
	rows_end(r);
	return x < 0 ? x : 0;
}

int emergency_list(struct db *db, const char *who, int64_t now_utc_ms,
		   int (*fn)(void *arg, const struct emergency *e), void *arg)
{
	struct rows r;
	int x;

	if (who)
		x = db_rows(db, &r,
			    "SELECT " COLUMNS " FROM emergency WHERE who = ? "
			    "AND until_utc_ms > ? ORDER BY until_utc_ms",
			    "si", who, now_utc_ms);
	else
		x = db_rows(db, &r,
			    "SELECT " COLUMNS " FROM emergency WHERE "
			    "reviewed_by IS NULL ORDER BY since_utc_ms",
			    "");
	return give(&r, x, fn, arg);
}

int emergency_of_child(struct db *db, int64_t child,
		       int (*fn)(void *arg, const struct emergency *e),
		       void *arg)
{
	struct rows r;
	int x = db_rows(db, &r,
			"SELECT " COLUMNS " FROM emergency WHERE child = ? "
			"ORDER BY id DESC",
			"i", child);

	return give(&r, x, fn, arg);
}

static int check_review(struct records *r, const char *who, int64_t id)
{
	char whose[80], reviewed[80];
	int x = db_text(r->db, whose, sizeof whose,
			"SELECT who FROM emergency WHERE id = ?", "i", id);

	if (x == E_NOTFOUND)
		return err_set(x, "there is no emergency access %lld",
			       (long long)id);
	if (x == 0)
		x = db_text(r->db, reviewed, sizeof reviewed,
			    "SELECT reviewed_by FROM emergency WHERE id = ?",
			    "i", id);
	if (x < 0)
		return x;
	if (*reviewed)
		return err_set(E_STATE, "%s has reviewed this already",
			       reviewed);
	if (strcmp(whose, who) == 0)
		return err_set(E_STATE, "Somebody else has to review your own "
					"emergency access");
	return 0;
}

int emergency_review(struct records *r, const char *who, int64_t id,
		     bool needed, const char *note)
{
	const char *finding = needed ? "needed" : "not-needed";
	int x;

	if (!needed && !(note && *note))
		return err_set(E_INVALID,
			       "Say what follows when it was not needed");
	x = records_begin(r);
	if (x < 0)
		return x;
	x = check_review(r, who, id);
	if (x == 0)
		x = db_run(r->db,
			   "UPDATE emergency SET reviewed_by = ?, "
			   "reviewed_utc_ms = ?, finding = ?, note = ? "
			   "WHERE id = ?",
			   "sissi", who, clock_utc_ms(r->clock), finding,
			   note && *note ? note : NULL, id);
	if (x == 0)
		x = audit_change(r, "emergency", id, "finding", NULL, finding);
	return records_end(r, x);
}
