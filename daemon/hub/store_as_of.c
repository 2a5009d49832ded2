#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/hub/store.h"

/* When the civil day ends, by the policy's time zone. */
static int64_t end_of(int32_t day)
{
	static const int64_t quarter_hour = 15 * 60 * 1000;
	int64_t t = date_noon_utc_ms(day);

	while (date_of_utc(t) <= day)
		t += quarter_hour;
	return t;
}

/* A temporary table is found before the real one of its name, so everything
 * that reads `current` reads this instead. */
int store_as_of(struct db *db, int32_t day)
{
	int64_t end = end_of(day);
	int r;

	r = store_as_now(db);
	if (r == 0)
		r = db_script(
			db,
			"CREATE TEMP TABLE current (region TEXT, fact_table "
			"TEXT, closing INTEGER, release INTEGER, PRIMARY KEY "
			"(region, fact_table, closing)) WITHOUT ROWID");
	if (r < 0)
		return r;
	return db_run(db,
		      "INSERT INTO temp.current SELECT region, fact_table, "
		      "closing, id FROM (SELECT id, region, fact_table, "
		      "closing, row_number() OVER "
		      "(PARTITION BY region, fact_table, closing ORDER BY "
		      "epoch DESC, version DESC) AS place FROM main.release "
		      "WHERE received_utc_ms < ?) WHERE place = 1",
		      "i", end);
}

int store_as_now(struct db *db)
{
	return db_script(db, "DROP TABLE IF EXISTS temp.current");
}

int store_changes(struct db *db, const char *region, const char *table,
		  struct period p, int32_t day,
		  int (*fn)(void *arg, const struct store_change *c), void *arg)
{
	int64_t end = end_of(day);
	struct rows q;
	int x = db_rows(
		db, &q,
		"SELECT r.region, g.title, r.closing, r.id, r.version, "
		"r.received_utc_ms, NOT EXISTS (SELECT 1 FROM main.release o "
		"WHERE o.region = r.region AND o.fact_table = r.fact_table "
		"AND o.closing = r.closing AND o.id < r.id) "
		"FROM main.release r JOIN region g ON g.id = r.region "
		"WHERE r.fact_table = ?1 AND r.closing BETWEEN ?2 AND ?3 "
		"AND r.received_utc_ms >= ?4 AND (?5 IS NULL OR r.region = ?5) "
		"ORDER BY r.received_utc_ms, r.id",
		"siiis", table, (int64_t)p.month,
		(int64_t)p.month + p.months - 1, end, region);

	while (x == 0 && (x = rows_next(&q)) == ROWS_ROW) {
		struct store_change c = {.region = rows_text(&q, 0),
					 .region_title = rows_text(&q, 1),
					 .closing = (int32_t)rows_int(&q, 2),
					 .number = rows_int(&q, 3),
					 .version = rows_int(&q, 4),
					 .received_utc_ms = rows_int(&q, 5),
					 .first = rows_int(&q, 6) != 0};

		x = fn(arg, &c);
	}
	rows_end(&q);
	return x == ROWS_DONE ? 0 : x;
}
