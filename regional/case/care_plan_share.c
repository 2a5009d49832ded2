/* The part of care_plan.h that tells to whom a version was given. */
#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/care_plan.h"
#include "regional/case/child.h"
#include "regional/case/custody.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"

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
	SHEET_OF(care_share, organization, "organization", ID, false,
		 .of = "organization"),
	SHEET_OF(care_share, practice, "practice", ID, false, .of = "practice"),
	SHEET_OF(care_share, consent, "consent", ID, false, .of = "consent"),
	SHEET_COL(care_share, without_consent,
		  "reason to share without consent", TEXT, false),
};
const struct sheet care_share_sheet = SHEET(care_share, "shared plan", columns);

static int share_checks(struct records *r, const struct care_share *s,
			const struct care_plan *p)
{
	int x;

	if (p->finalized == NO_DATE)
		return err_set(E_STATE,
			       "Version %lld of the care plan is a draft; "
			       "finalize it before it is shared",
			       (long long)p->version);
	if (s->confirmed != NO_DATE || *s->confirmed_by)
		return err_set(E_INVALID, "A plan is shared first and "
					  "confirmed then");
	if (s->organization && s->practice)
		return err_set(E_INVALID,
			       "A plan is shared with an organization or with "
			       "a practice; note two shares for both");
	x = sheet_check(r, &care_share_sheet, s);
	return x < 0 ? x
		     : field_order("day it was shared", s->shared, p->finalized,
				   "the day the plan was finalized");
}

/* The practice of @child on @day; 0 if none is known. */
static int find_practice(struct db *db, int64_t child, int32_t day,
			 int64_t *out)
{
	char text[DATE_TEXT];
	int x;

	*out = 0;
	x = db_int(db, out,
		   "SELECT practice FROM child_practice WHERE child = ?1"
		   " AND ifnull(since, ?2) <= ?2 AND ifnull(until, ?2) >= ?2"
		   " ORDER BY since DESC, id DESC LIMIT 1",
		   "is", child, date_format(day, text));
	return x == E_NOTFOUND ? 0 : x;
}

/* Those whose plan it is see it. */
static bool is_own(const struct care_share *s, const struct child *c)
{
	return strcmp(s->party, "youth") == 0 ||
	       (strcmp(s->party, "family") == 0 &&
		!custody_of_age(c->birth, s->shared));
}

static int ask_consent(struct records *r, const struct care_plan *p,
		       struct care_share *s)
{
	struct consent_receiver to = {s->organization, s->practice};
	struct consent_ground ground;
	struct child c;
	struct kase k;
	int x;

	if ((x = kase_get(r->db, p->kase, &k)) < 0 ||
	    (x = child_get(r->db, k.child, &c)) < 0)
		return x;
	s->consent = 0;
	if (is_own(s, &c)) {
		s->without_consent[0] = '\0';
		return 0;
	}
	if (strcmp(s->party, "primary-care") == 0 && !to.organization &&
	    !to.practice) {
		x = find_practice(r->db, c.id, s->shared, &to.practice);
		if (x < 0)
			return x;
		s->practice = to.practice;
	}
	x = consent_ground(r, c.id, "share-plan", &to, s->shared,
			   s->without_consent, &ground);
	if (x < 0)
		return x;
	s->consent = ground.consent;
	field_copy(s->without_consent, sizeof s->without_consent,
		   ground.without);
	return 0;
}

int care_plan_share(struct records *r, const struct care_share *s, int64_t *id)
{
	struct care_share now = *s;
	struct care_plan p;
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = care_plan_get(r->db, s->plan, &p)) == 0 &&
	    (x = share_checks(r, s, &p)) == 0 &&
	    (x = ask_consent(r, &p, &now)) == 0)
		x = sheet_add(r, &care_share_sheet, &now, &new_id);
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
