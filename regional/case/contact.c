#include "regional/case/contact.h"

#include <string.h>

#include "daemon/core/db.h"
#include "daemon/core/err.h"
#include "regional/case/during.h"
#include "regional/case/field.h"

static const struct sheet_column columns[] = {
	SHEET_COL(contact, happened, "day of the contact", DAY, true),
	SHEET_OF(contact, mode, "mode", WORD, true, .list = WORDS_MODE),
	SHEET_OF(contact, party, "party", WORD, true, .list = WORDS_PARTY),
	SHEET_COL(contact, person, "name of the person", TEXT, false),
	SHEET_COL(contact, reached, "answer whether somebody was reached", YES,
		  true),
	SHEET_OF(contact, minutes, "number of minutes", INT, false, .min = 0,
		 .max = 1440),
	SHEET_OF(contact, focus, "focus", WORD, false, .list = WORDS_FOCUS),
	SHEET_OF(contact, activity, "activity", WORD, false,
		 .list = WORDS_ACTIVITY),
	SHEET_OF(contact, prevented, "prevented use of care", WORD, false,
		 .list = WORDS_PREVENTED),
	SHEET_COL(contact, made_by, "name of who made the contact", TEXT, true),
	SHEET_COL(contact, note, "note", TEXT, false),
	SHEET_COL(contact, errored, "day the error was found", DAY, false),
	SHEET_COL(contact, why, "reason of the correction", TEXT, false),
};
const struct sheet contact_sheet = SHEET(contact, "contact", columns);
const struct sheet_set contact_cases = {"contact_case", "contact", "kase"};
const struct sheet_set contact_achieved = {"contact_achieved", "contact",
					   "achieved"};

/* What is not for one field alone. */
static int contact_check(struct records *r, const struct contact *c)
{
	int x = sheet_check(r, &contact_sheet, c);

	if (x < 0)
		return x;
	if (c->reached == 0 && *c->prevented)
		return err_set(E_INVALID, "An attempt that reached nobody "
					  "prevented nothing");
	return 0;
}

static int serve(struct records *r, const struct contact *c, int64_t id,
		 int64_t kase)
{
	char text[24];
	int x = during_case(r, kase, "day of the contact", c->happened);

	if (x < 0)
		return x;
	return sheet_mark(r, &contact_cases, id, field_id_text(kase, text),
			  true);
}

int contact_add(struct records *r, const struct contact *c, const int64_t *kase,
		int n, int64_t *id)
{
	int64_t new_id = 0;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if (n < 1)
		x = err_set(E_INVALID, "A contact serves at least one case");
	else if (c->errored != NO_DATE)
		x = err_set(E_INVALID, "A new contact is no error yet");
	if (x == 0 && (x = contact_check(r, c)) == 0)
		x = sheet_add(r, &contact_sheet, c, &new_id);
	for (int i = 0; i < n && x == 0; i++)
		x = serve(r, c, new_id, kase[i]);
	x = records_end(r, x);
	if (x == 0)
		*id = new_id;
	return x;
}

static int get_valid(struct records *r, int64_t id, struct contact *c)
{
	int x = contact_get(r->db, id, c);

	if (x < 0 || c->errored == NO_DATE)
		return x;
	return err_set(E_STATE, "Contact %lld was entered in error",
		       (long long)id);
}

/* A new day must fit every case that the contact serves. */
static int check_cases(struct records *r, const struct contact *c)
{
	struct rows rows;
	int x;

	x = db_rows(r->db, &rows,
		    "SELECT kase FROM contact_case WHERE contact = ?", "i",
		    c->id);
	while (x == 0 && (x = rows_next(&rows)) == ROWS_ROW)
		x = during_case(r, rows_int(&rows, 0), "day of the contact",
				c->happened);
	rows_end(&rows);
	return x < 0 ? x : 0;
}

int contact_update(struct records *r, const struct contact *c)
{
	struct contact was;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = get_valid(r, c->id, &was);
	if (x == 0 && c->errored != NO_DATE)
		x = err_set(E_INVALID,
			    "Say of contact %lld that it was "
			    "entered in error, not when",
			    (long long)c->id);
	if (x == 0 && (x = contact_check(r, c)) == 0 &&
	    (x = check_cases(r, c)) == 0)
		x = sheet_update(r, &contact_sheet, c);
	return records_end(r, x);
}

static int serve_no_more(struct records *r, int64_t id, int64_t kase)
{
	int64_t others = 0;
	char text[24];
	int x;

	x = db_int(r->db, &others,
		   "SELECT count(*) FROM contact_case"
		   " WHERE contact = ? AND kase <> ?",
		   "ii", id, kase);
	if (x < 0)
		return x;
	if (others == 0)
		return err_set(E_STATE,
			       "Contact %lld serves no other case; say that it "
			       "was entered in error instead",
			       (long long)id);
	return sheet_mark(r, &contact_cases, id, field_id_text(kase, text),
			  false);
}

int contact_serve(struct records *r, int64_t id, int64_t kase, bool on)
{
	struct contact c;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = get_valid(r, id, &c);
	if (x == 0)
		x = on ? serve(r, &c, id, kase) : serve_no_more(r, id, kase);
	return records_end(r, x);
}

int contact_achieve(struct records *r, int64_t id, const char *word, bool on)
{
	struct contact c;
	int x = records_begin(r);

	if (x < 0)
		return x;
	if ((x = get_valid(r, id, &c)) == 0 &&
	    (x = field_word(r->words, WORDS_ACHIEVED, "result of a contact",
			    word)) == 0)
		x = sheet_mark(r, &contact_achieved, id, word, on);
	return records_end(r, x);
}

int contact_error(struct records *r, int64_t id)
{
	struct contact c;
	int x = records_begin(r);

	if (x < 0)
		return x;
	x = contact_get(r->db, id, &c);
	if (x == 0 && c.errored == NO_DATE) {
		c.errored = records_today(r);
		x = sheet_update(r, &contact_sheet, &c);
	}
	return records_end(r, x);
}

int contact_get(struct db *db, int64_t id, struct contact *out)
{
	return sheet_get(db, &contact_sheet, id, out);
}

int contact_list(struct db *db, int64_t kase, int64_t offset, int64_t limit,
		 sheet_fn *fn, void *arg)
{
	static const char all[] = "WHERE errored IS NULL"
				  " ORDER BY happened DESC, id DESC";
	static const char of_case[] =
		"WHERE errored IS NULL AND id IN"
		" (SELECT contact FROM contact_case WHERE kase = ?1)"
		" ORDER BY happened DESC, id DESC";

	return sheet_list(db, &contact_sheet, kase ? of_case : all, kase, 0,
			  offset, limit, fn, arg);
}

int contact_last(struct db *db, int64_t kase, int32_t *day)
{
	char text[DATE_TEXT];
	int x;

	x = db_text(db, text, sizeof text,
		    "SELECT max(c.happened) FROM contact_case s"
		    " JOIN contact c ON c.id = s.contact"
		    " WHERE s.kase = ? AND c.errored IS NULL",
		    "i", kase);
	if (x == 0)
		*day = field_day_of_sql(text);
	return x;
}

const struct word *contact_band(const struct vocabulary *v, int64_t minutes)
{
	const struct word *w = NULL;

	for (int i = 0; i < vocabulary_count(v, WORDS_MINUTES); i++) {
		const struct word *next = vocabulary_word(v, WORDS_MINUTES, i);

		if (minutes < next->age_from)
			break;
		w = next;
	}
	return w;
}
