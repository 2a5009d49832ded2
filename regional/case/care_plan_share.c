#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/care_plan.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_OF(care_share, plan, "care plan", ID, true, .of = "care_plan"),
	SHEET_OF(care_share, party, "party", WORD, true, .list = WORDS_PARTY),
	SHEET_COL(care_share, recipient, "name of the recipient", TEXT, false),
	SHEET_OF(care_share, what, "part that is shared", ONE, true,
		 .of = "plan, summary, goals"),
	SHEET_OF(care_share, way, "way to send it", WORD, true,
		 .list = WORDS_WAY),
	SHEET_COL(care_share, shared, "day it was shared", DAY, true),
	SHEET_COL(care_share, confirmed, "day it was confirmed", DAY, false),
	SHEET_COL(care_share, confirmed_by, "name of who confirmed", TEXT,
		  false),
};
const struct sheet care_share_sheet = SHEET(care_share, "shared plan", columns);

int care_plan_share(struct records *r, const struct care_share *s, int64_t *id)
{
	struct care_plan p;
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = care_plan_get(r->db, s->plan, &p);
	if (x == 0 && p.finalized == NO_DATE)
		x = err_set(E_STATE,
			    "Version %lld of the care plan is a draft; "
			    "finalize it before it is shared",
			    (long long)p.version);
	if (x == 0 && (s->confirmed != NO_DATE || *s->confirmed_by))
		x = err_set(E_INVALID, "A plan is shared first and confirmed "
				       "then");
	if (x == 0 && (x = sheet_check(r, &care_share_sheet, s)) == 0 &&
	    (x = field_order("day it was shared", s->shared, p.finalized,
			     "the day the plan was finalized")) == 0)
		x = sheet_add(r, &care_share_sheet, s, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int confirm_checks(struct records *r, const struct care_share *s,
			  int32_t on, const char *by)
{
	int x;

	if (s->confirmed != NO_DATE)
		return err_set(E_STATE, "It is confirmed already");
	if ((x = field_text("name of who confirmed", by, NAME_TEXT)) < 0 ||
	    (x = field_day(r, "day it was confirmed", on)) < 0)
		return x;
	return field_order("day it was confirmed", on, s->shared,
			   "the day it was shared");
}

int care_plan_confirm(struct records *r, int64_t share, int32_t on,
		      const char *by)
{
	struct care_share s;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = care_plan_share_get(r->db, share, &s)) == 0 &&
	    (x = confirm_checks(r, &s, on, by)) == 0) {
		s.confirmed = on;
		field_copy(s.confirmed_by, sizeof s.confirmed_by, by);
		x = sheet_update(r, &care_share_sheet, &s);
	}
	return records_end(r, x);
}

int care_plan_share_get(struct db *db, int64_t id, struct care_share *out)
{
	return sheet_get(db, &care_share_sheet, id, out);
}

int care_plan_shares(struct db *db, int64_t plan, int64_t offset, int64_t limit,
		     sheet_fn *fn, void *arg)
{
	return sheet_list(db, &care_share_sheet, "WHERE plan = ?1 ORDER BY id",
			  plan, 0, offset, limit, fn, arg);
}
