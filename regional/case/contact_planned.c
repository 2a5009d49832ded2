#include <stdio.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/contact.h"
#include "regional/case/during.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_OF(contact_planned, kase, "case", ID, true, .of = "care_case"),
	SHEET_COL(contact_planned, due, "day it is planned for", AHEAD, true),
	SHEET_COL(contact_planned, purpose, "purpose", TEXT, true),
	SHEET_OF(contact_planned, mode, "mode", WORD, false,
		 .list = WORDS_MODE),
	SHEET_OF(contact_planned, party, "party", WORD, false,
		 .list = WORDS_PARTY),
	SHEET_COL(contact_planned, owner, "name of who will", TEXT, false),
	SHEET_OF(contact_planned, contact, "contact", ID, false,
		 .of = "contact"),
	SHEET_COL(contact_planned, dropped, "day it was dropped", DAY, false),
	SHEET_COL(contact_planned, why, "reason for dropping it", TEXT, false),
};
const struct sheet contact_planned_sheet =
	SHEET(contact_planned, "planned contact", columns);

static bool is_planned(const struct contact_planned *p)
{
	return p->contact == 0 && p->dropped == NO_DATE;
}

int contact_plan(struct records *r, const struct contact_planned *p,
		 int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if (!is_planned(p))
		x = err_set(E_INVALID, "A contact is planned before it is done "
				       "or dropped");
	if (x == 0 && (x = during_open(r, p->kase)) == 0)
		x = sheet_add(r, &contact_planned_sheet, p, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int get_planned(struct records *r, int64_t id, struct contact_planned *p)
{
	int x = contact_planned_get(r->db, id, p);

	if (x < 0 || is_planned(p))
		return x;
	if (p->contact)
		return err_set(E_STATE,
			       "Planned contact %lld is done: it was contact "
			       "%lld",
			       (long long)id, (long long)p->contact);
	return err_set(E_STATE, "Planned contact %lld was dropped",
		       (long long)id);
}

int contact_replan(struct records *r, const struct contact_planned *p)
{
	struct contact_planned was;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = get_planned(r, p->id, &was);
	if (x == 0 && (p->kase != was.kase || !is_planned(p)))
		x = err_set(E_INVALID, "A planned contact keeps its case, and "
				       "is done or dropped by its own call");
	if (x == 0)
		x = sheet_update(r, &contact_planned_sheet, p);
	return records_end(r, x);
}

int contact_done(struct records *r, int64_t id, int64_t contact)
{
	struct contact_planned p;
	struct contact c;
	int64_t serves = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = get_planned(r, id, &p)) == 0 &&
	    (x = contact_get(r->db, contact, &c)) == 0)
		x = db_int(r->db, &serves,
			   "SELECT count(*) FROM contact_case"
			   " WHERE contact = ? AND kase = ?",
			   "ii", contact, p.kase);
	if (x == 0 && c.errored != NO_DATE)
		x = err_set(E_STATE, "Contact %lld was entered in error",
			    (long long)contact);
	if (x == 0 && !serves)
		x = err_set(E_INVALID, "Contact %lld does not serve case %lld",
			    (long long)contact, (long long)p.kase);
	if (x == 0) {
		p.contact = contact;
		x = sheet_update(r, &contact_planned_sheet, &p);
	}
	return records_end(r, x);
}

int contact_undone(struct records *r, int64_t id)
{
	struct contact_planned p;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = contact_planned_get(r->db, id, &p);
	if (x == 0 && !p.contact)
		x = err_set(E_STATE, "Planned contact %lld is not done",
			    (long long)id);
	if (x == 0) {
		p.contact = 0;
		x = sheet_update(r, &contact_planned_sheet, &p);
	}
	return records_end(r, x);
}

int contact_drop(struct records *r, int64_t id, int32_t on, const char *why)
{
	struct contact_planned p;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = get_planned(r, id, &p);
	if (x == 0 && !*why)
		x = err_set(E_INVALID,
			    "Say why the planned contact is dropped");
	if (x == 0)
		x = field_text("reason for dropping it", why, sizeof p.why);
	if (x == 0)
		x = field_day(r, "day it was dropped", on);
	if (x == 0) {
		p.dropped = on;
		field_copy(p.why, sizeof p.why, why);
		x = sheet_update(r, &contact_planned_sheet, &p);
	}
	return records_end(r, x);
}

int contact_planned_get(struct db *db, int64_t id, struct contact_planned *out)
{
	return sheet_get(db, &contact_planned_sheet, id, out);
}

int contact_planned_list(struct db *db, int64_t kase, int32_t until,
			 int64_t offset, int64_t limit, sheet_fn *fn, void *arg)
{
	/* Days since 1970, as dates are counted in the program. */
	static const char tail[] =
		"WHERE contact IS NULL AND dropped IS NULL"
		" AND ?1 IN (0, kase) AND due <= date(?2 * 86400, 'unixepoch')"
		" ORDER BY due, id";
	int32_t last = until == NO_DATE ? date_from_ymd(2200, 12, 31) : until;

	return sheet_list(db, &contact_planned_sheet, tail, kase, last, offset,
			  limit, fn, arg);
}
