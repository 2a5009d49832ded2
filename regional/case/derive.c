#include "regional/case/derive.h"

#include <stdbool.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/find.h"
#include "regional/case/find_parts.h"
#include "regional/case/records.h"

enum { WORDS = 1, CASE = 2, BATCH = 500 };

/* Of the newest version of a plan the open actions count, as care_plan_due has
 * it. The sort key is folded by the program. */
static const char line_sql[] =
	"INSERT INTO case_now (kase, child, sort, staff, opened, level, stage,"
	" needs, language, zip, last, due) SELECT k.id, k.child, ?2,"
	" ifnull((SELECT staff FROM assignment WHERE kase = k.id"
	"  AND until IS NULL), 0), k.opened,"
	" ifnull(l.level, ''),"
	" CASE WHEN k.intake IS NULL THEN 'intake'"
	"  WHEN l.id IS NULL THEN 'assess'"
	"  WHEN NOT EXISTS (SELECT 1 FROM care_plan WHERE kase = k.id"
	"   AND finalized IS NOT NULL) THEN 'plan'"
	"  WHEN EXISTS (SELECT 1 FROM need WHERE kase = k.id"
	"   AND state = 'open') THEN 'work' ELSE 'close' END,"
	" ifnull(',' || (SELECT group_concat(DISTINCT domain) FROM need"
	"  WHERE kase = k.id AND state = 'open') || ',', ''),"
	" ifnull(f.language, ''), ifnull(coalesce(f.zip, c.zip), ''),"
	" (SELECT max(t.happened) FROM contact_case x"
	"  JOIN contact t ON t.id = x.contact"
	"  WHERE x.kase = k.id AND t.errored IS NULL),"
	" (SELECT min(d) FROM (SELECT min(due) AS d FROM contact_planned"
	"   WHERE kase = k.id AND contact IS NULL AND dropped IS NULL"
	"  UNION ALL SELECT min(a.due) FROM care_plan p"
	"   JOIN care_goal g ON g.plan = p.id"
	"   JOIN care_action a ON a.goal = g.id AND a.state = 'open'"
	"   WHERE p.id = (SELECT id FROM care_plan WHERE kase = k.id"
	"    ORDER BY version DESC LIMIT 1)"
	"  UNION ALL SELECT date(min(r.sent), '+' || ?3 || ' days')"
	"   FROM need n CROSS JOIN referral r INDEXED BY referral_by_need"
	"   ON r.need = n.id WHERE n.kase = k.id AND r.state = 'requested'"
	"   AND r.answered IS NULL))"
	" FROM care_case k JOIN child c ON c.id = k.child"
	" LEFT JOIN need_level l ON l.id = (SELECT id FROM need_level"
	"  WHERE kase = k.id ORDER BY since DESC, id DESC LIMIT 1)"
	" LEFT JOIN family f ON f.id = (SELECT family FROM family_child"
	"  WHERE child = k.child AND main = 1 AND until IS NULL)"
	" WHERE k.child = ?1 AND k.closed IS NULL";

static int derive_case(struct db *db, int64_t child)
{
	char name[2 * NAME_TEXT], sort[2 * NAME_TEXT];
	int x;

	/* Merging children moves cases from one to another. */
	x = db_run(db,
		   "DELETE FROM case_now WHERE child = ?1 OR kase IN"
		   " (SELECT id FROM care_case WHERE child = ?1)",
		   "i", child);
	if (x < 0)
		return x;
	x = db_text(db, name, sizeof name,
		    "SELECT trim(ifnull(family, '') || ' ' || ifnull(given,"
		    " '')) FROM child WHERE id = ? AND merged_into IS NULL",
		    "i", child);
	if (x < 0) {
		err_clear();
		return x == E_NOTFOUND ? 0 : x;
	}
	find_fold(name, sort, sizeof sort);
	return db_run(db, line_sql, "isi", child, sort,
		      (int64_t)DERIVE_STALE_DAYS);
}

/* At most @most; *done is how many. */
static int derive_some(struct db *db, int64_t most, int64_t *done)
{
	struct rows rows;
	int64_t what, child;
	int x = 0;

	for (*done = 0; *done < most; ++*done) {
		x = db_rows(db, &rows,
			    "SELECT what, child FROM derive_queue LIMIT 1", "");
		if (x == 0)
			x = rows_next(&rows);
		if (x == ROWS_ROW) {
			what = rows_int(&rows, 0);
			child = rows_int(&rows, 1);
		}
		rows_end(&rows);
		if (x != ROWS_ROW)
			return x < 0 ? x : 0;
		x = what == WORDS ? find_index(db, child)
				  : derive_case(db, child);
		if (x == 0)
			x = db_run(db,
				   "DELETE FROM derive_queue WHERE what = ?"
				   " AND child = ?",
				   "ii", what, child);
		if (x < 0)
			return x;
	}
	return 0;
}

int derive_run(struct db *db)
{
	int64_t done;

	return derive_some(db, INT64_MAX, &done);
}

int derive_catch_up(struct db *db)
{
	int64_t done = BATCH;
	int x = 0;

	while (x == 0 && done == BATCH) {
		int64_t waiting = 0;

		/* Reading first: as a rule there is nothing to write. */
		x = db_int(db, &waiting,
			   "SELECT count(*) FROM (SELECT 1 FROM derive_queue"
			   " LIMIT 1)",
			   "");
		if (x < 0 || !waiting)
			return x;
		x = db_begin(db);
		if (x == 0)
			x = db_end(db, derive_some(db, BATCH, &done));
	}
	return x;
}
