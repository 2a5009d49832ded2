#include "regional/desk/later.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/during.h"
#include "regional/case/field.h"
#include "regional/case/row.h"
#include "regional/desk/today_list.h"

static int check(struct records *r, const char *kind, int64_t kase,
		 int32_t until)
{
	int32_t today = records_today(r);
	int k = today_kind_of(kind);

	if (k < 0)
		return err_set(E_INVALID, "There is no work of kind \"%.31s\"",
			       kind);
	if (k == TODAY_ED || k == TODAY_INBOX)
		return err_set(E_INVALID,
			       "A family that comes from the emergency "
			       "department can't wait");
	if (until == NO_DATE || until <= today || until > today + LATER_DAYS)
		return err_set(E_INVALID,
			       "Put it off to a day within the next %d days",
			       LATER_DAYS);
	return during_open(r, kase);
}

int later_set(struct records *r, const char *kind, int64_t record, int64_t kase,
	      int32_t until, int64_t *id)
{
	char kase_text[24], record_text[24], a[DATE_TEXT], b[DATE_TEXT];
	const struct audit_field f[] = {
		{"kase", NULL, field_id_text(kase, kase_text)},
		{"kind", NULL, kind},
		{"record", NULL, field_id_text(record, record_text)},
		{"put_off", NULL, date_format(records_today(r), a)},
		{"until", NULL, field_sql_day(until, b)},
		{"who", NULL, r->who},
	};
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = check(r, kind, kase, until);
	if (x == 0)
		x = row_insert(r, "later", f, 6, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int undo(struct records *r, int64_t id)
{
	char until[DATE_TEXT];
	int64_t newer = 0;
	int x;

	x = row_there(r->db, "later", "work put off with number", id);
	if (x == 0)
		x = db_int(r->db, &newer,
			   "SELECT count(*) FROM later l JOIN later n"
			   " ON n.record = l.record AND n.kind = l.kind"
			   " AND n.id > l.id WHERE l.id = ?",
			   "i", id);
	if (x == 0 && newer)
		return err_set(E_STATE, "This work was put off again since");
	if (x == 0)
		x = db_text(r->db, until, sizeof until,
			    "SELECT until FROM later WHERE id = ?", "i", id);
	if (x == 0)
		x = db_run(r->db, "DELETE FROM later WHERE id = ?", "i", id);
	return x < 0 ? x : audit_change(r, "later", id, "until", until, NULL);
}

int later_undo(struct records *r, int64_t id)
{
	int x = records_begin(r);

	return x < 0 ? x : records_end(r, undo(r, id));
}

int later_until(struct db *db, const char *kind, int64_t record, int32_t on,
		bool *off)
{
	char until[DATE_TEXT];
	int x;

	*off = false;
	x = db_text(db, until, sizeof until,
		    "SELECT until FROM later WHERE record = ? AND kind = ?"
		    " ORDER BY id DESC LIMIT 1",
		    "is", record, kind);
	if (x == 0)
		*off = field_day_of_sql(until) > on;
	else if (x == E_NOTFOUND)
		err_clear();
	return x == E_NOTFOUND ? 0 : x;
}
