#include "regional/case/directory.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/field.h"
#include "regional/case/organization.h"

static const struct sheet_column org_columns[] = {
	SHEET_OF(directory_org, sector, "sector", WORD, false,
		 .list = WORDS_SECTOR),
	SHEET_COL(directory_org, phone, "telephone number", TEXT, false),
	SHEET_COL(directory_org, web, "web address", TEXT, false),
	SHEET_COL(directory_org, note, "note", TEXT, false),
};
const struct sheet directory_org_sheet = {
	"organization", "organization", org_columns,
	sizeof org_columns / sizeof *org_columns, sizeof(struct directory_org)};

static const struct sheet_column service_columns[] = {
	SHEET_COL(directory_service, eligibility, "eligibility", TEXT, false),
	SHEET_OF(directory_service, age_from, "youngest age", INT, false,
		 .min = 0, .max = 25),
	SHEET_OF(directory_service, age_to, "oldest age", INT, false, .min = 0,
		 .max = 25),
	SHEET_COL(directory_service, phone, "telephone number", TEXT, false),
	SHEET_COL(directory_service, note, "note", TEXT, false),
	SHEET_COL(directory_service, verified, "day it was verified", DAY,
		  false),
	SHEET_COL(directory_service, verified_by, "name of who verified it",
		  TEXT, false),
};
const struct sheet directory_service_sheet = {
	"service", "service", service_columns,
	sizeof service_columns / sizeof *service_columns,
	sizeof(struct directory_service)};

static const struct sheet_column opening_columns[] = {
	SHEET_OF(service_opening, service, "service", ID, true,
		 .of = "service"),
	SHEET_COL(service_opening, seen, "day of the openings", DAY, true),
	SHEET_OF(service_opening, openings, "number of openings", INT, false,
		 .min = 0, .max = 100000),
	SHEET_OF(service_opening, waiting, "number of who wait", INT, false,
		 .min = 0, .max = 100000),
	SHEET_OF(service_opening, wait_days, "number of days to wait", INT,
		 false, .min = 0, .max = 10000),
	SHEET_COL(service_opening, told_by, "name of who told it", TEXT, false),
};
const struct sheet service_opening_sheet =
	SHEET(service_opening, "note of openings", opening_columns);

static const struct sheet_column line_columns[] = {
	SHEET_COL(directory_line, organization, "organization", ID, false),
	SHEET_COL(directory_line, offered_by, "offered by", TEXT, false),
	SHEET_COL(directory_line, name, "name", TEXT, true),
	SHEET_COL(directory_line, sector, "sector", TEXT, false),
	SHEET_COL(directory_line, age_from, "youngest age", INT, false),
	SHEET_COL(directory_line, age_to, "oldest age", INT, false),
	SHEET_COL(directory_line, verified, "verified", DAY, false),
	SHEET_COL(directory_line, seen, "openings of", DAY, false),
	SHEET_COL(directory_line, openings, "openings", INT, false),
	SHEET_COL(directory_line, waiting, "waiting", INT, false),
	SHEET_COL(directory_line, wait_days, "days to wait", INT, false),
};
const struct sheet directory_line_sheet = {
	"service_listing", "service", line_columns,
	sizeof line_columns / sizeof *line_columns,
	sizeof(struct directory_line)};

const struct sheet_set directory_needs = {"service_need", "service", "need"};
const struct sheet_set directory_places = {"service_place", "service", "place"};
const struct sheet_set directory_languages = {"service_language", "service",
					      "language"};

int directory_org_get(struct db *db, int64_t id, struct directory_org *out)
{
	return sheet_get(db, &directory_org_sheet, id, out);
}

int directory_org_update(struct records *r, const struct directory_org *o)
{
	return sheet_update(r, &directory_org_sheet, o);
}

int directory_get(struct db *db, int64_t service, struct directory_service *out)
{
	return sheet_get(db, &directory_service_sheet, service, out);
}

int directory_update(struct records *r, const struct directory_service *s)
{
	struct directory_service was, now = *s;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = directory_get(r->db, s->id, &was);
	if (x == 0 && s->age_from != SHEET_UNKNOWN &&
	    s->age_to != SHEET_UNKNOWN && s->age_from > s->age_to)
		x = err_set(E_INVALID,
			    "The youngest age, %lld, is over the "
			    "oldest, %lld",
			    (long long)s->age_from, (long long)s->age_to);
	if (x == 0) {
		now.verified = was.verified;
		field_copy(now.verified_by, sizeof now.verified_by,
			   was.verified_by);
		x = sheet_update(r, &directory_service_sheet, &now);
	}
	return records_end(r, x);
}

int directory_verify(struct records *r, int64_t service, int32_t on,
		     const char *by)
{
	struct directory_service s;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = directory_get(r->db, service, &s);
	if (x == 0 && !*by)
		x = err_set(E_INVALID, "Say who verified the service");
	if (x == 0 && s.verified != NO_DATE)
		x = field_order("day it was verified", on, s.verified,
				"the day it was verified last");
	if (x == 0 &&
	    (x = field_text("name of who verified it", by,
			    sizeof s.verified_by)) == 0 &&
	    (x = field_day(r, "day it was verified", on)) == 0) {
		s.verified = on;
		field_copy(s.verified_by, sizeof s.verified_by, by);
		x = sheet_update(r, &directory_service_sheet, &s);
	}
	return records_end(r, x);
}

int directory_unverify(struct records *r, int64_t service, int32_t was,
		       const char *by)
{
	struct directory_service s;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = directory_get(r->db, service, &s);
	if (x == 0 && s.verified != records_today(r))
		x = err_set(E_STATE, "The service was not verified today: "
				     "there is nothing to take back");
	if (x == 0 && (was == NO_DATE) != (*by == '\0'))
		x = err_set(E_INVALID, "A day goes with who verified on it");
	if (x == 0 && was != NO_DATE)
		x = field_order("day it was verified", s.verified, was,
				"the day it was verified before");
	if (x == 0 && (x = field_text("name of who verified it", by,
				      sizeof s.verified_by)) == 0) {
		s.verified = was;
		field_copy(s.verified_by, sizeof s.verified_by, by);
		x = sheet_update(r, &directory_service_sheet, &s);
	}
	return records_end(r, x);
}

/* Service @id is there, then @value goes in or out. */
static int mark(struct records *r, const struct sheet_set *set, int64_t id,
		const char *value, bool on)
{
	struct service s;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = service_get(r->db, id, &s);
	if (x == 0)
		x = sheet_mark(r, set, id, value, on);
	return records_end(r, x);
}

int directory_need(struct records *r, int64_t service, const char *need,
		   bool on)
{
	int x = field_word(r->words, WORDS_NEED, "need", need);

	return x < 0 ? x : mark(r, &directory_needs, service, need, on);
}

int directory_place(struct records *r, int64_t service, const char *place,
		    bool on)
{
	int x = field_text("place", place, NAME_TEXT);

	if (x < 0)
		return x;
	if (!*place)
		return err_set(E_INVALID, "A place needs a name");
	return mark(r, &directory_places, service, place, on);
}

int directory_language(struct records *r, int64_t service, const char *language,
		       bool on)
{
	int x = field_word(r->words, WORDS_LANGUAGE, "language", language);

	return x < 0 ? x : mark(r, &directory_languages, service, language, on);
}

int directory_opening(struct records *r, const struct service_opening *o,
		      int64_t *id)
{
	if (o->openings == SHEET_UNKNOWN && o->waiting == SHEET_UNKNOWN &&
	    o->wait_days == SHEET_UNKNOWN)
		return err_set(E_INVALID, "Give the openings, how many wait or "
					  "how long");
	return sheet_add(r, &service_opening_sheet, o, id);
}

int directory_openings(struct db *db, int64_t service, int64_t offset,
		       int64_t limit, sheet_fn *fn, void *arg)
{
	return sheet_list(db, &service_opening_sheet,
			  "WHERE service = ?1 ORDER BY seen DESC, id DESC",
			  service, 0, offset, limit, fn, arg);
}
