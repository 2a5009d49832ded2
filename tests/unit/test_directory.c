#include "tests/unit/case_world.h"

#include "regional/case/audit.h"
#include "regional/case/directory.h"

struct fix {
	struct case_world w;
	int64_t org, pantry, clinic;
};

static int64_t service_of(struct fix *f, const char *name)
{
	struct service s = {.organization = f->org, .active = true};
	int64_t id = 0;

	put(s.name, name);
	check_ok(service_add(&f->w.rec, &s, &id));
	return id;
}

static int setup(void **state)
{
	static struct fix f;
	struct organization o = {.active = true, .name = "Town Helpers"};

	case_world_init(&f.w);
	check_ok(organization_add(&f.w.rec, &o, &f.org));
	f.pantry = service_of(&f, "Pantry");
	f.clinic = service_of(&f, "Clinic");
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;
	int64_t rows;

	check_ok(audit_verify(f->w.db, &rows));
	case_world_fini(&f->w);
	return 0;
}

static int note(void *arg, const void *row)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + *(const int64_t *)row;
	return 0;
}

static void an_organization_has_a_sector(void **state)
{
	struct fix *f = *state;
	struct directory_org o;
	struct organization was;

	check_ok(directory_org_get(f->w.db, f->org, &o));
	assert_string_equal(o.sector, "");
	put(o.sector, "nowhere");
	assert_int_equal(directory_org_update(&f->w.rec, &o), E_INVALID);
	check_says("it is one of: primary-care");
	put(o.sector, "food");
	put(o.phone, "860-555-0100");
	check_ok(directory_org_update(&f->w.rec, &o));
	check_ok(directory_org_get(f->w.db, f->org, &o));
	assert_string_equal(o.sector, "food");
	/* Its name is another module's and stays. */
	check_ok(organization_get(f->w.db, f->org, &was));
	assert_string_equal(was.name, "Town Helpers");
	assert_true(was.active);
	assert_int_equal(directory_org_get(f->w.db, 99, &o), E_NOTFOUND);
	check_says("no organization 99");
}

static void a_service_says_whom_it_serves(void **state)
{
	struct fix *f = *state;
	struct directory_service s;
	char text[80];

	check_ok(directory_get(f->w.db, f->pantry, &s));
	put(s.eligibility, "Families of the town");
	s.age_from = 18;
	s.age_to = 3;
	assert_int_equal(directory_update(&f->w.rec, &s), E_INVALID);
	check_says("The youngest age, 18, is over the oldest, 3");
	s.age_from = 0;
	s.age_to = 26;
	assert_int_equal(directory_update(&f->w.rec, &s), E_INVALID);
	s.age_to = 21;
	check_ok(directory_update(&f->w.rec, &s));
	check_ok(directory_need(&f->w.rec, f->pantry, "food", true));
	check_ok(directory_place(&f->w.rec, f->pantry, "Durham", true));
	check_ok(directory_place(&f->w.rec, f->pantry, "durham", true));
	check_ok(directory_language(
		&f->w.rec, f->pantry,
		vocabulary_word(f->w.words, WORDS_LANGUAGE, 0)->id, true));
	check_ok(sheet_marks(f->w.db, &directory_places, f->pantry, text,
			     sizeof text));
	assert_string_equal(text, "Durham");
	check_ok(directory_place(&f->w.rec, f->pantry, "Durham", false));
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM service_place"), 0);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"
					       " WHERE record ="
					       " 'service_place'"),
			 2);
	assert_int_equal(directory_need(&f->w.rec, f->pantry, "fun", true),
			 E_INVALID);
	assert_int_equal(
		directory_language(&f->w.rec, f->pantry, "klingon", true),
		E_INVALID);
	assert_int_equal(directory_place(&f->w.rec, f->pantry, "", true),
			 E_INVALID);
	assert_int_equal(directory_need(&f->w.rec, 99, "food", true),
			 E_NOTFOUND);
}

static void find_fits_need_place_and_age(void **state)
{
	struct fix *f = *state;
	struct directory_search s = {"", "", "", "", SHEET_UNKNOWN};
	struct directory_service clinic;
	struct service pantry;
	int64_t seen = 0;

	check_ok(directory_need(&f->w.rec, f->pantry, "food", true));
	check_ok(directory_place(&f->w.rec, f->pantry, "Durham", true));
	check_ok(directory_get(f->w.db, f->clinic, &clinic));
	clinic.age_from = 3;
	clinic.age_to = 5;
	check_ok(directory_update(&f->w.rec, &clinic));
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 21); /* by name */
	seen = 0;
	s.need = "food";
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	s.need = "";
	s.place = "Hebron";
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 2); /* it names no place */
	seen = 0;
	s.place = "durham";
	s.age = 6;
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	s = (struct directory_search){"helpers pan", "", "", "", SHEET_UNKNOWN};
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	check_ok(service_get(f->w.db, f->pantry, &pantry));
	pantry.active = false;
	check_ok(service_update(&f->w.rec, &pantry));
	seen = 0;
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
}

static void a_service_goes_stale(void **state)
{
	struct fix *f = *state;
	int32_t on = day("2026-01-01");
	struct directory_service s;
	int64_t seen = 0;

	assert_int_equal(directory_verify(&f->w.rec, f->pantry, on, ""),
			 E_INVALID);
	check_says("Say who verified");
	check_ok(directory_verify(&f->w.rec, f->pantry, on, "Desk"));
	assert_int_equal(directory_verify(&f->w.rec, f->pantry, on - 1, "Desk"),
			 E_INVALID);
	check_says("before the day it was verified last");
	assert_int_equal(directory_verify(&f->w.rec, f->pantry,
					  day("2026-07-01"), "Desk"),
			 E_INVALID);
	/* Day 180 is the last good one. */
	check_ok(directory_stale(f->w.db, on + 180, 0, 10, note, &seen));
	assert_int_equal(seen, 2);
	seen = 0;
	check_ok(directory_stale(f->w.db, on + 181, 0, 10, note, &seen));
	assert_int_equal(seen, 21);
	/* Only its own call verifies. */
	check_ok(directory_get(f->w.db, f->pantry, &s));
	s.verified = day("2026-06-01");
	check_ok(directory_update(&f->w.rec, &s));
	check_ok(directory_get(f->w.db, f->pantry, &s));
	assert_int_equal(s.verified, on);
}

static void verified_today_is_taken_back(void **state)
{
	struct fix *f = *state;
	int32_t today = records_today(&f->w.rec);
	struct directory_service s;

	check_ok(directory_verify(&f->w.rec, f->pantry, today - 3, "Desk"));
	assert_int_equal(directory_unverify(&f->w.rec, f->pantry, NO_DATE, ""),
			 E_STATE);
	check_says("was not verified today");
	check_ok(directory_verify(&f->w.rec, f->pantry, today, "Jo"));
	assert_int_equal(
		directory_unverify(&f->w.rec, f->pantry, today - 3, ""),
		E_INVALID);
	check_ok(directory_unverify(&f->w.rec, f->pantry, today - 3, "Desk"));
	check_ok(directory_get(f->w.db, f->pantry, &s));
	assert_int_equal(s.verified, today - 3);
	assert_string_equal(s.verified_by, "Desk");
}

static void words_of_eligibility_and_note_find_too(void **state)
{
	struct fix *f = *state;
	struct directory_search s = {"wic helpers", "", "", "", SHEET_UNKNOWN};
	struct directory_service pantry;
	int64_t seen = 0;

	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 0);
	check_ok(directory_get(f->w.db, f->pantry, &pantry));
	put(pantry.eligibility, "Families with a WIC card");
	put(pantry.note, "Ask for Lee");
	check_ok(directory_update(&f->w.rec, &pantry));
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
	seen = 0;
	s.text = "lee";
	check_ok(directory_find(f->w.db, &s, 0, 10, note, &seen));
	assert_int_equal(seen, 1);
}

static void the_newest_openings_hold(void **state)
{
	struct fix *f = *state;
	struct service_opening o;
	struct directory_line line;
	int64_t id = 0;

	sheet_blank(&service_opening_sheet, &o);
	o.service = f->clinic;
	o.seen = day("2026-05-01");
	assert_int_equal(directory_opening(&f->w.rec, &o, &id), E_INVALID);
	check_says("Give the openings");
	o.openings = -2;
	assert_int_equal(directory_opening(&f->w.rec, &o, &id), E_INVALID);
	o.openings = 0;
	o.waiting = 12;
	check_ok(directory_opening(&f->w.rec, &o, &id));
	o.seen = day("2026-04-01");
	o.openings = 5;
	check_ok(directory_opening(&f->w.rec, &o, &id));
	check_ok(sheet_get(f->w.db, &directory_line_sheet, f->clinic, &line));
	assert_int_equal(line.openings, 0);
	assert_int_equal(line.waiting, 12);
	assert_int_equal(line.wait_days, SHEET_UNKNOWN);
	assert_int_equal(line.seen, day("2026-05-01"));
	id = 0;
	check_ok(directory_openings(f->w.db, f->clinic, 0, 10, note, &id));
	assert_int_equal(id, 12);
	o.service = 99;
	assert_int_equal(directory_opening(&f->w.rec, &o, &id), E_NOTFOUND);
	check_says("There is no service 99");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_organization_has_a_sector),
		T(a_service_says_whom_it_serves),
		T(find_fits_need_place_and_age),
		T(a_service_goes_stale),
		T(verified_today_is_taken_back),
		T(words_of_eligibility_and_note_find_too),
		T(the_newest_openings_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
