/* survey: what families say: surveys that were asked and returned, protective
 * factors as the coordinator and the family see them, and how families take
 * part in the work. Scores of instruments are screenings, not here.
 *
 * Owns tables `survey`, `survey_factor`, `survey_engagement`. */
#ifndef CCFED_SURVEY_H
#define CCFED_SURVEY_H

#include "regional/case/sheet.h"

struct survey {
	int64_t id, kase;
	char occasion[16]; /* "first-contact", "periodic", "close" */
	int32_t asked;
	char way[VOCABULARY_ID]; /* of WORDS_WAY, or "" */
	int32_t returned;	 /* NO_DATE: not yet, or never */
	int64_t satisfaction;	 /* overall, 1 to 5; or SHEET_UNKNOWN */
	char needs_met[8];	 /* "yes", "partly", "no", "" */
	char comment[SHEET_TEXT_MAX];
};
struct survey_factor {
	int64_t id, kase;
	int32_t seen;
	char factor[VOCABULARY_ID];
	char standing[12]; /* "strength", "growing", "concern" */
	char what_helps[SHEET_TEXT_MAX];
	char noted_by[NAME_TEXT];
};
struct survey_engagement {
	int64_t id;
	int64_t kase; /* 0: several families */
	int32_t happened;
	char engagement[VOCABULARY_ID];
	int64_t families; /* how many took part; or SHEET_UNKNOWN */
	char note[SHEET_TEXT_MAX];
	char noted_by[NAME_TEXT];
};
extern const struct sheet survey_sheet, survey_factor_sheet,
	survey_engagement_sheet;

int survey_add(struct records *r, const struct survey *s, int64_t *id);
int survey_update(struct records *r, const struct survey *s);
int survey_get(struct db *db, int64_t id, struct survey *out);
/* @kase 0: all. Newest first. */
int survey_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		sheet_fn *fn, void *arg);

int survey_factor_add(struct records *r, const struct survey_factor *f,
		      int64_t *id);
int survey_factor_update(struct records *r, const struct survey_factor *f);
int survey_factor_get(struct db *db, int64_t id, struct survey_factor *out);
int survey_factors(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		   sheet_fn *fn, void *arg);

int survey_engagement_add(struct records *r, const struct survey_engagement *e,
			  int64_t *id);
int survey_engagement_update(struct records *r,
			     const struct survey_engagement *e);
int survey_engagement_get(struct db *db, int64_t id,
			  struct survey_engagement *out);
/* @kase 0: all. */
int survey_engagements(struct db *db, int64_t kase, int64_t offset,
		       int64_t limit, sheet_fn *fn, void *arg);

#endif
