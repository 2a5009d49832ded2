#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub_audit.h"
#include "daemon/hub/ta_parts.h"

int ta_entry_add(const struct ta_hand *by, const struct ta_entry *new,
		 int64_t *id)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	if (!*new->text)
		r = err_set(E_INVALID, "say what was said or seen");
	else if (new->on_day > by->today)
		r = err_set(E_INVALID, "the day is still to come; what is "
				       "planned is an action");
	if (r == 0)
		r = db_run(by->db,
			   "INSERT INTO ta_entry (item, kind, on_day, text, "
			   "who) VALUES (?, ?, ?, ?, ?)",
			   "isiss", new->item, new->kind, (int64_t) new->on_day,
			   new->text, by->who);
	if (r == 0)
		*id = db_last_id(by->db);
	return ta_noted(by, r, "ta_entry", r == 0 ? *id : 0, "added");
}

int ta_entry_withdraw(const struct ta_hand *by, int64_t id)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	r = db_run(by->db,
		   "UPDATE ta_entry SET withdrawn = 1 "
		   "WHERE id = ? AND NOT withdrawn",
		   "i", id);
	if (r == 0 && db_changes(by->db) == 0)
		r = err_set(E_NOTFOUND, "there is no such entry");
	return ta_noted(by, r, "ta_entry", id, "withdrawn");
}

int ta_entries(struct db *db, int64_t item,
	       int (*fn)(void *arg, const struct ta_entry *e), void *arg)
{
	struct ta_entry e;
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT id, kind, on_day, text, who FROM ta_entry "
			"WHERE item = ? AND NOT withdrawn "
			"ORDER BY on_day DESC, id DESC",
			"i", item);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		e = (struct ta_entry){.id = rows_int(&q, 0),
				      .item = item,
				      .on_day = (int32_t)rows_int(&q, 2)};
		ta_take(e.kind, sizeof e.kind, rows_text(&q, 1));
		ta_take(e.text, sizeof e.text, rows_text(&q, 3));
		ta_take(e.who, sizeof e.who, rows_text(&q, 4));
		x = fn(arg, &e);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

int ta_action_add(const struct ta_hand *by, const struct ta_action *new,
		  int64_t *id)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	if (!*new->what || !*new->owner)
		r = err_set(E_INVALID, "an action is something that somebody "
				       "does: say what, and who");
	if (r == 0)
		r = db_run(by->db,
			   "INSERT INTO ta_action (item, what, owner, due, "
			   "state_on) VALUES (?, ?, ?, ?, ?)",
			   "issii", new->item, new->what, new->owner,
			   (int64_t) new->due, (int64_t)by->today);
	if (r == 0)
		*id = db_last_id(by->db);
	return ta_noted(by, r, "ta_action", r == 0 ? *id : 0, "added");
}

static int action_set(const struct ta_hand *by, int64_t id, const char *state,
		      char *before, int64_t *item)
{
	int r = db_text(by->db, before, 8,
			"SELECT state FROM ta_action WHERE id = ?", "i", id);

	if (r == 0)
		r = db_int(by->db, item,
			   "SELECT item FROM ta_action WHERE id = ?", "i", id);
	if (r == E_NOTFOUND)
		return err_set(E_NOTFOUND, "there is no such action");
	if (r < 0)
		return r;
	return db_run(by->db,
		      "UPDATE ta_action SET state = ?, state_on = ? "
		      "WHERE id = ?",
		      "sii", state, (int64_t)by->today, id);
}

int ta_action_set(const struct ta_hand *by, int64_t id, const char *state,
		  char *before, int64_t *item)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	r = action_set(by, id, state, before, item);
	return ta_noted(by, r, "ta_action", id, state);
}

int ta_actions(struct db *db, int64_t item, const char *region,
	       int (*fn)(void *arg, const struct ta_action *a), void *arg)
{
	struct ta_action a;
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT a.id, a.item, a.what, a.owner, a.state, a.due, "
			"a.state_on, g.title FROM ta_action a "
			"JOIN ta_item i ON i.id = a.item "
			"JOIN region g ON g.id = i.region "
			"WHERE (?1 > 0 AND a.item = ?1) OR (?1 = 0 AND "
			"a.state = 'open' AND i.state = 'open' AND "
			"(?2 IS NULL OR i.region = ?2)) ORDER BY a.due, a.id",
			"is", item, region);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		a = (struct ta_action){.id = rows_int(&q, 0),
				       .item = rows_int(&q, 1),
				       .due = (int32_t)rows_int(&q, 5),
				       .state_on = (int32_t)rows_int(&q, 6)};
		ta_take(a.what, sizeof a.what, rows_text(&q, 2));
		ta_take(a.owner, sizeof a.owner, rows_text(&q, 3));
		ta_take(a.state, sizeof a.state, rows_text(&q, 4));
		ta_take(a.region_title, sizeof a.region_title,
			rows_text(&q, 7));
		x = fn(arg, &a);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

int ta_threshold_set(const struct ta_hand *by, const struct ta_threshold *t)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	if (t->tenths < 0)
		r = db_run(by->db, "DELETE FROM ta_threshold WHERE measure = ?",
			   "s", t->measure);
	else
		r = db_run(by->db,
			   "INSERT INTO ta_threshold VALUES (?, ?, ?) "
			   "ON CONFLICT DO UPDATE SET side = excluded.side, "
			   "tenths = excluded.tenths",
			   "ssi", t->measure, t->below ? "below" : "above",
			   (int64_t)t->tenths);
	return ta_noted(by, r, "ta_threshold", 0, t->measure);
}

int ta_thresholds(struct db *db,
		  int (*fn)(void *arg, const struct ta_threshold *t), void *arg)
{
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT measure, side = 'below', tenths "
			"FROM ta_threshold ORDER BY measure",
			"");

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		struct ta_threshold t = {.below = rows_int(&q, 1) != 0,
					 .tenths = (int)rows_int(&q, 2)};

		ta_take(t.measure, sizeof t.measure, rows_text(&q, 0));
		x = fn(arg, &t);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

int ta_marks(struct db *db, const char *measure, const char *region,
	     int (*fn)(void *arg, int32_t day, int64_t item), void *arg)
{
	struct rows q;
	int x = db_rows(db, &q,
			"SELECT min(e.on_day), i.id FROM ta_item i "
			"JOIN ta_entry e ON e.item = i.id AND NOT e.withdrawn "
			"AND e.kind <> 'note' WHERE i.measure = ? AND "
			"i.region = ? GROUP BY i.id ORDER BY 1",
			"ss", measure, region);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW)
		x = fn(arg, (int32_t)rows_int(&q, 0), rows_int(&q, 1));
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}
