#include "daemon/web/throttle.h"

#include "daemon/core/clock.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"

enum { WAIT_MAX_S = 15 * 60, FORGET_MS = 24 * 3600 * 1000 };

int throttle_wait(struct accounts *a, const char *key, int free, int64_t *s)
{
	int64_t failures = 0, at = 0, now = clock_utc_ms(a->clock), wait_s;
	struct rows r;
	int x = db_rows(a->db, &r,
			"SELECT failures, at_utc_ms FROM throttle WHERE "
			"key = ?",
			"s", key);

	*s = 0;
	if (x == 0)
		x = rows_next(&r);
	if (x == ROWS_ROW) {
		failures = rows_int(&r, 0);
		at = rows_int(&r, 1);
	}
	rows_end(&r);
	if (x < 0)
		return x;
	if (failures < free || now - at > FORGET_MS)
		return 0;
	wait_s = failures - free >= 10 ? WAIT_MAX_S
				       : INT64_C(1) << (failures - free);
	if (wait_s > WAIT_MAX_S)
		wait_s = WAIT_MAX_S;
	if (now < at + wait_s * 1000)
		*s = (at + wait_s * 1000 - now + 999) / 1000;
	/* A clock that was set back must not lock anybody out for days. */
	if (*s > WAIT_MAX_S)
		*s = WAIT_MAX_S;
	return 0;
}

int throttle_failed(struct accounts *a, const char *key)
{
	int64_t now = clock_utc_ms(a->clock);

	return db_run(a->db,
		      "INSERT INTO throttle VALUES (?1, 1, ?2) ON CONFLICT "
		      "(key) DO UPDATE SET failures = iif(at_utc_ms < ?2 - ?3, "
		      "1, failures + 1), at_utc_ms = ?2",
		      "sii", key, now, (int64_t)FORGET_MS);
}

int throttle_clear(struct accounts *a, const char *key)
{
	return db_run(a->db, "DELETE FROM throttle WHERE key = ?", "s", key);
}

int throttle_tidy(struct accounts *a)
{
	return db_run(a->db, "DELETE FROM throttle WHERE at_utc_ms < ?", "i",
		      clock_utc_ms(a->clock) - (int64_t)FORGET_MS);
}
