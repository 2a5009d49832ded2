#include "daemon/hub/ta.h"

#include <stdio.h>
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "daemon/hub/hub_audit.h"
#include "daemon/hub/ta_parts.h"

static const char *const CAUSE[] = {"by_hand", "signal", "threshold",
				    "data_quality", "silence"};
static const char *const HELPED[] = {"", "yes", "partly", "no", "cannot_say"};

enum {
	CAUSES = sizeof CAUSE / sizeof *CAUSE,
	HELPS = sizeof HELPED / sizeof *HELPED
};

const char *ta_cause_title(enum ta_cause c)
{
	static const char *const TITLE[] = {
		"opened by hand", "signal on the chart", "threshold passed",
		"quality of the data", "region is silent"};

	return TITLE[c];
}

const char *ta_helped_title(enum ta_helped h)
{
	static const char *const TITLE[] = {"not asked yet", "it helped",
					    "it helped in part",
					    "it did not help", "can't be said"};

	return TITLE[h];
}

static int place_of(const char *const *word, int n, const char *text)
{
	for (int i = 0; i < n; i++)
		if (text && strcmp(word[i], text) == 0)
			return i;
	return 0;
}

void ta_take(char *out, size_t size, const char *text)
{
	snprintf(out, size, "%s", text ? text : "");
}

int ta_noted(const struct ta_hand *by, int r, const char *record, int64_t id,
	     const char *field)
{
	if (r == 0)
		r = hub_audit(by->db, by->now_utc_ms, by->who, record, id,
			      field);
	return db_end(by->db, r);
}

static int check_item(const struct ta_hand *by, const struct ta_item *new)
{
	int64_t there = 0;
	int r;

	if (!*new->topic)
		return err_set(E_INVALID, "say what it is about");
	r = db_int(by->db, &there, "SELECT 1 FROM region WHERE id = ?", "s",
		   new->region);
	if (r == E_NOTFOUND)
		return err_set(E_INVALID, "there is no region \"%s\"",
			       new->region);
	if (r < 0 || new->cause == TA_BY_HAND)
		return r;
	r = db_int(by->db, &there,
		   "SELECT 1 FROM ta_item WHERE region = ? AND cause = ? AND "
		   "measure = ? AND (state = 'open' OR evidence >= ?) LIMIT 1",
		   "sssi", new->region, CAUSE[new->cause], new->measure,
		   new->evidence);
	if (r == E_NOTFOUND)
		return 0;
	return r < 0 ? r : E_EXISTS;
}

int ta_open(const struct ta_hand *by, const struct ta_item *new, int64_t *id)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	r = check_item(by, new);
	if (r == 0)
		r = db_run(by->db,
			   "INSERT INTO ta_item (region, cause, measure, "
			   "topic, why, evidence, opened_on, opened_by) "
			   "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			   "sssssiis", new->region, CAUSE[new->cause],
			   new->measure, new->topic, new->why, new->evidence,
			   (int64_t)by->today, by->who);
	if (r == 0)
		*id = db_last_id(by->db);
	return ta_noted(by, r, "ta_item", r == 0 ? *id : 0, "opened");
}

#define ITEM                                                                   \
	"SELECT i.id, i.region, g.title, i.cause, i.measure, i.topic, i.why, " \
	"i.evidence, i.opened_on, i.closed_on, i.opened_by, i.helped, "        \
	"i.lesson, (SELECT min(on_day) FROM ta_entry e WHERE e.item = i.id "   \
	"AND NOT e.withdrawn AND e.kind <> 'note'), "                          \
	"(SELECT count(*) FROM ta_action a WHERE a.item = i.id AND "           \
	"a.state = 'open'), (SELECT count(*) FROM ta_action a WHERE "          \
	"a.item = i.id AND a.state = 'open' AND a.due < ?1) "                  \
	"FROM ta_item i JOIN region g ON g.id = i.region "

static int32_t day_of(struct rows *q, int col)
{
	return rows_null(q, col) ? TA_NO_DAY : (int32_t)rows_int(q, col);
}

static void take_item(struct rows *q, struct ta_item *i)
{
	memset(i, 0, sizeof *i);
	i->id = rows_int(q, 0);
	ta_take(i->region, sizeof i->region, rows_text(q, 1));
	ta_take(i->region_title, sizeof i->region_title, rows_text(q, 2));
	i->cause = (enum ta_cause)place_of(CAUSE, CAUSES, rows_text(q, 3));
	ta_take(i->measure, sizeof i->measure, rows_text(q, 4));
	ta_take(i->topic, sizeof i->topic, rows_text(q, 5));
	ta_take(i->why, sizeof i->why, rows_text(q, 6));
	i->evidence = rows_int(q, 7);
	i->opened_on = (int32_t)rows_int(q, 8);
	i->closed_on = day_of(q, 9);
	ta_take(i->opened_by, sizeof i->opened_by, rows_text(q, 10));
	i->helped = (enum ta_helped)place_of(HELPED, HELPS, rows_text(q, 11));
	ta_take(i->lesson, sizeof i->lesson, rows_text(q, 12));
	i->began_on = day_of(q, 13);
	i->actions_open = rows_int(q, 14);
	i->actions_late = rows_int(q, 15);
}

int ta_get(struct db *db, int64_t id, int32_t today, struct ta_item *out)
{
	struct rows q;
	int x = db_rows(db, &q, ITEM "WHERE i.id = ?2", "ii", (int64_t)today,
			id);

	if (x == 0)
		x = rows_next(&q);
	if (x == ROWS_ROW)
		take_item(&q, out);
	else if (x == ROWS_DONE)
		x = err_set(E_NOTFOUND, "there is no item %lld", (long long)id);
	rows_end(&q);
	return x < 0 ? x : 0;
}

int ta_list(struct db *db, const char *region, enum ta_which which,
	    int32_t today, int (*fn)(void *arg, const struct ta_item *i),
	    void *arg)
{
	struct ta_item i;
	struct rows q;
	int x = db_rows(db, &q,
			ITEM "WHERE (?2 IS NULL OR i.region = ?2) AND "
			     "(?3 & CASE i.state WHEN 'open' THEN 1 ELSE 2 "
			     "END) ORDER BY i.state DESC, i.opened_on DESC, "
			     "i.id DESC",
			"isi", (int64_t)today, region, (int64_t)which);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		take_item(&q, &i);
		x = fn(arg, &i);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}

int ta_close(const struct ta_hand *by, int64_t id, enum ta_helped helped,
	     const char *lesson)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	if (helped == TA_NOT_ASKED)
		r = err_set(E_INVALID, "say whether it helped");
	if (r == 0)
		r = db_run(by->db,
			   "UPDATE ta_item SET state = 'closed', "
			   "closed_on = ?, helped = ?, lesson = ? "
			   "WHERE id = ? AND state = 'open'",
			   "issi", (int64_t)by->today, HELPED[helped],
			   lesson ? lesson : "", id);
	if (r == 0 && db_changes(by->db) == 0)
		r = err_set(E_STATE, "somebody closed this item meanwhile; "
				     "look at it again");
	return ta_noted(by, r, "ta_item", id, "closed");
}

int ta_reopen(const struct ta_hand *by, int64_t id)
{
	int r = db_begin(by->db);

	if (r < 0)
		return r;
	r = db_run(by->db,
		   "UPDATE ta_item SET state = 'open', closed_on = NULL, "
		   "helped = '' WHERE id = ? AND state = 'closed'",
		   "i", id);
	if (r == E_EXISTS)
		r = err_set(E_STATE, "a newer item of the same cause is open; "
				     "go on there");
	else if (r == 0 && db_changes(by->db) == 0)
		r = err_set(E_STATE, "this item is not closed");
	return ta_noted(by, r, "ta_item", id, "opened again");
}
