/* directory: what is known of the organizations and services that families
 * are sent to: sector, who may use a service and where, in which languages,
 * when somebody last verified it, openings and waitlist on a day.
 *
 * Widens `organization` and `service`, whose names regional/case/organization
 * keeps. Owns tables `service_need`, `service_place`, `service_language`,
 * `service_opening`. */
#ifndef CCFED_DIRECTORY_H
#define CCFED_DIRECTORY_H

#include "regional/case/sheet.h"

enum { DIRECTORY_STALE_DAYS = 180 };

struct directory_org { /* id is the organization's */
	int64_t id;
	char sector[VOCABULARY_ID], phone[40], web[200];
	char note[SHEET_TEXT_MAX];
};
struct directory_service { /* id is the service's */
	int64_t id;
	char eligibility[SHEET_TEXT_MAX];
	int64_t age_from, age_to; /* whole years, or SHEET_UNKNOWN */
	char phone[40], note[SHEET_TEXT_MAX];
	int32_t verified; /* NO_DATE: never */
	char verified_by[NAME_TEXT];
};
struct service_opening {
	int64_t id, service;
	int32_t seen;
	int64_t openings, waiting, wait_days; /* at least one is known */
	char told_by[NAME_TEXT];
};
/* A line of a list: active services of active organizations with their newest
 * openings. */
struct directory_line {
	int64_t id, organization;
	char offered_by[NAME_TEXT], name[NAME_TEXT], sector[VOCABULARY_ID];
	int64_t age_from, age_to;
	int32_t verified, seen;
	int64_t openings, waiting, wait_days;
};
extern const struct sheet directory_org_sheet, directory_service_sheet,
	service_opening_sheet, directory_line_sheet;
/* Words of WORDS_NEED and WORDS_LANGUAGE; towns. */
extern const struct sheet_set directory_needs, directory_places,
	directory_languages;

int directory_org_get(struct db *db, int64_t id, struct directory_org *out);
int directory_org_update(struct records *r, const struct directory_org *o);
int directory_get(struct db *db, int64_t service,
		  struct directory_service *out);
/* But for verified and verified_by, which directory_verify writes. */
int directory_update(struct records *r, const struct directory_service *s);
int directory_verify(struct records *r, int64_t service, int32_t on,
		     const char *by);
/* Take back what directory_verify wrote today: @was and @by, which stood before
 * it, hold again. E_STATE if the service was not verified today. */
int directory_unverify(struct records *r, int64_t service, int32_t was,
		       const char *by);
int directory_need(struct records *r, int64_t service, const char *need,
		   bool on);
int directory_place(struct records *r, int64_t service, const char *place,
		    bool on);
int directory_language(struct records *r, int64_t service, const char *language,
		       bool on);
int directory_opening(struct records *r, const struct service_opening *o,
		      int64_t *id);
/* Newest first. */
int directory_openings(struct db *db, int64_t service, int64_t offset,
		       int64_t limit, sheet_fn *fn, void *arg);

/* What a service must fit; "" and SHEET_UNKNOWN fit all. A service that names
 * no place, age or language fits every one. Words of @text stand in its name,
 * its organization's, who may use it, or its note. */
struct directory_search {
	const char *text, *need, *place, *language;
	int64_t age;
};
int directory_find(struct db *db, const struct directory_search *s,
		   int64_t offset, int64_t limit, sheet_fn *fn, void *arg);
/* Not verified in the DIRECTORY_STALE_DAYS before @today, those never
 * verified first. */
int directory_stale(struct db *db, int32_t today, int64_t offset, int64_t limit,
		    sheet_fn *fn, void *arg);

#endif
