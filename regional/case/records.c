#include "regional/case/records.h"

#include "daemon/core/clock.h"
#include "daemon/core/date.h"
#include "daemon/core/db.h"

int records_begin(struct records *r)
{
	return db_begin(r->db);
}

int records_end(struct records *r, int result)
{
	return db_end(r->db, result);
}

int32_t records_today(const struct records *r)
{
	if (r->today != NO_DATE)
		return r->today;
	return date_of_utc(clock_utc_ms(r->clock));
}
