#include "regional/case/survey.h"

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/during.h"
#include "regional/case/field.h"
#include "regional/case/kase.h"

static const struct sheet_column columns[] = {
	SHEET_OF(survey, kase, "case", ID, true, .of = "care_case"),
	SHEET_OF(survey, occasion, "occasion", ONE, true,
		 .of = "first-contact, periodic, close"),
	SHEET_COL(survey, asked, "day it was asked", DAY, true),
	SHEET_OF(survey, way, "way to ask", WORD, false, .list = WORDS_WAY),
	SHEET_COL(survey, returned, "day it was returned", DAY, false),
	SHEET_OF(survey, satisfaction, "overall satisfaction", INT, false,
		 .min = 1, .max = 5),
	SHEET_OF(survey, needs_met, "answer whether needs were met", ONE, false,
		 .of = "yes, partly, no"),
	SHEET_COL(survey, comment, "comment", TEXT, false),
};
const struct sheet survey_sheet = SHEET(survey, "survey", columns);

static const struct sheet_column factor_columns[] = {
	SHEET_OF(survey_factor, kase, "case", ID, true, .of = "care_case"),
	SHEET_COL(survey_factor, seen, "day it was seen", DAY, true),
	SHEET_OF(survey_factor, factor, "protective factor", WORD, true,
		 .list = WORDS_FACTOR),
	SHEET_OF(survey_factor, standing, "standing of a factor", ONE, true,
		 .of = "strength, growing, concern"),
	SHEET_COL(survey_factor, what_helps, "note of what helps", TEXT, false),
	SHEET_COL(survey_factor, noted_by, "name of who noted it", TEXT, false),
};
const struct sheet survey_factor_sheet =
	SHEET(survey_factor, "note of a protective factor", factor_columns);

static const struct sheet_column engagement_columns[] = {
	SHEET_OF(survey_engagement, kase, "case", ID, false, .of = "care_case"),
	SHEET_COL(survey_engagement, happened, "day it happened", DAY, true),
	SHEET_OF(survey_engagement, engagement, "kind of engagement", WORD,
		 true, .list = WORDS_ENGAGEMENT),
	SHEET_OF(survey_engagement, families, "number of families", INT, false,
		 .min = 1, .max = 10000),
	SHEET_COL(survey_engagement, note, "note", TEXT, false),
	SHEET_COL(survey_engagement, noted_by, "name of who noted it", TEXT,
		  false),
};
const struct sheet survey_engagement_sheet =
	SHEET(survey_engagement, "family engagement", engagement_columns);

/* A survey may be asked and returned after the case is closed. */
static int survey_check(struct records *r, const struct survey *s)
{
	struct kase k;
	int x;

	if ((x = sheet_check(r, &survey_sheet, s)) < 0 ||
	    (x = kase_get(r->db, s->kase, &k)) < 0 ||
	    (x = field_order("day it was asked", s->asked, k.opened,
			     "the day the case was opened")) < 0)
		return x;
	if (s->returned != NO_DATE)
		return field_order("day it was returned", s->returned, s->asked,
				   "the day it was asked");
	if (s->satisfaction != SHEET_UNKNOWN || *s->needs_met || *s->comment)
		return err_set(E_INVALID, "There are answers, so the survey "
					  "was returned: give the day");
	return 0;
}

int survey_add(struct records *r, const struct survey *s, int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = survey_check(r, s);
	if (x == 0)
		x = sheet_add(r, &survey_sheet, s, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int survey_update(struct records *r, const struct survey *s)
{
	struct survey was;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = survey_get(r->db, s->id, &was);
	if (x == 0 && s->kase != was.kase)
		x = err_set(E_INVALID, "A survey stays with its case");
	if (x == 0 && (x = survey_check(r, s)) == 0)
		x = sheet_update(r, &survey_sheet, s);
	return records_end(r, x);
}

int survey_get(struct db *db, int64_t id, struct survey *out)
{
	return sheet_get(db, &survey_sheet, id, out);
}

int survey_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		sheet_fn *fn, void *arg)
{
	return sheet_list(db, &survey_sheet,
			  "WHERE ?1 IN (0, kase) ORDER BY asked DESC, id DESC",
			  kase, 0, offset, limit, fn, arg);
}

int survey_factor_add(struct records *r, const struct survey_factor *f,
		      int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = sheet_check(r, &survey_factor_sheet, f)) == 0 &&
	    (x = during_case(r, f->kase, "day it was seen", f->seen)) == 0)
		x = sheet_add(r, &survey_factor_sheet, f, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int survey_factor_update(struct records *r, const struct survey_factor *f)
{
	struct survey_factor was;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = survey_factor_get(r->db, f->id, &was);
	if (x == 0 && f->kase != was.kase)
		x = err_set(E_INVALID, "A note stays with its case");
	if (x == 0 && (x = sheet_check(r, &survey_factor_sheet, f)) == 0 &&
	    (x = during_case(r, f->kase, "day it was seen", f->seen)) == 0)
		x = sheet_update(r, &survey_factor_sheet, f);
	return records_end(r, x);
}

int survey_factor_get(struct db *db, int64_t id, struct survey_factor *out)
{
	return sheet_get(db, &survey_factor_sheet, id, out);
}

int survey_factors(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		   sheet_fn *fn, void *arg)
{
	return sheet_list(db, &survey_factor_sheet,
			  "WHERE ?1 IN (0, kase) ORDER BY seen DESC, id DESC",
			  kase, 0, offset, limit, fn, arg);
}

/* Families go on taking part when their case is closed. */
static int engagement_check(struct records *r,
			    const struct survey_engagement *e)
{
	struct kase k;
	int x = sheet_check(r, &survey_engagement_sheet, e);

	if (x < 0 || e->kase == 0)
		return x;
	if (e->families != SHEET_UNKNOWN && e->families != 1)
		return err_set(E_INVALID, "A case is one family's: leave the "
					  "case out, or the number of "
					  "families");
	x = kase_get(r->db, e->kase, &k);
	return x < 0 ? x
		     : field_order("day it happened", e->happened, k.opened,
				   "the day the case was opened");
}

int survey_engagement_add(struct records *r, const struct survey_engagement *e,
			  int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = engagement_check(r, e);
	if (x == 0)
		x = sheet_add(r, &survey_engagement_sheet, e, &new_id);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

int survey_engagement_update(struct records *r,
			     const struct survey_engagement *e)
{
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = engagement_check(r, e);
	if (x == 0)
		x = sheet_update(r, &survey_engagement_sheet, e);
	return records_end(r, x);
}

int survey_engagement_get(struct db *db, int64_t id,
			  struct survey_engagement *out)
{
	return sheet_get(db, &survey_engagement_sheet, id, out);
}

int survey_engagements(struct db *db, int64_t kase, int64_t offset,
		       int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &survey_engagement_sheet,
			  "WHERE ?1 IN (0, kase)"
			  " ORDER BY happened DESC, id DESC",
			  kase, 0, offset, limit, fn, arg);
}
