#include "tests/unit/case_world.h"

#include "regional/case/caregiver.h"
#include "regional/case/custody.h"
#include "regional/case/family.h"
#include "regional/case/origin.h"
#include "regional/case/reach.h"

struct fix {
	struct case_world w;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static int64_t a_family(struct fix *f, const char *name)
{
	struct family m = {.language = "spanish", .interpreter = true};
	int64_t id;

	put(m.name, name);
	check_ok(family_add(&f->w.rec, &m, &id));
	return id;
}

static int64_t a_caregiver(struct fix *f, int64_t family, const char *given)
{
	struct caregiver c = {.family = family, .active = true};
	int64_t id;

	put(c.given, given);
	check_ok(caregiver_add(&f->w.rec, &c, &id));
	return id;
}

static void family_gives_back_what_was_given(void **state)
{
	struct fix *f = *state;
	struct family m = {.name = "Notreal",
			   .language = "spanish",
			   .interpreter = true,
			   .address = "1 Nowhere Road",
			   .zip = "06106"};
	struct family got;

	check_ok(family_add(&f->w.rec, &m, &m.id));
	check_ok(family_get(f->w.db, m.id, &got));
	assert_string_equal(got.name, m.name);
	assert_string_equal(got.language, m.language);
	assert_true(got.interpreter);
	assert_string_equal(got.address, m.address);
	assert_string_equal(got.zip, m.zip);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 5);
	m.interpreter = false;
	check_ok(family_update(&f->w.rec, &m));
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM history WHERE"
					" record = 'family' AND was = '1'"),
			 1);
	check_ok(family_update(&f->w.rec, &m));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 6);
}

static void family_refuses_wrong_values(void **state)
{
	struct fix *f = *state;
	struct family m = {.zip = "06106"};
	int64_t id;

	assert_int_equal(family_add(&f->w.rec, &m, &id), E_INVALID);
	check_says("needs a name");
	put(m.name, "Notreal");
	put(m.language, "klingon");
	assert_int_equal(family_add(&f->w.rec, &m, &id), E_INVALID);
	check_says("\"klingon\" is not a language");
	put(m.language, "");
	put(m.zip, "1");
	assert_int_equal(family_add(&f->w.rec, &m, &id), E_INVALID);
	check_says("ZIP code");
	m.id = 9;
	put(m.zip, "");
	assert_int_equal(family_update(&f->w.rec, &m), E_NOTFOUND);
	check_says("no family 9");
}

struct homes {
	int n;
	int64_t main, first;
};

static int note_home(void *arg, const struct home *h)
{
	struct homes *s = arg;

	if (s->n++ == 0)
		s->first = h->family;
	if (h->main)
		s->main = h->family;
	return 0;
}

static struct homes homes_of(struct fix *f, int64_t child, const char *on)
{
	struct homes s = {0};

	check_ok(family_homes(f->w.db, child, 0, on ? day(on) : NO_DATE,
			      note_home, &s));
	return s;
}

static void a_child_may_have_two_homes(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-02-01"), id;
	int64_t one = a_family(f, "One"), two = a_family(f, "Two");

	check_ok(family_join(&f->w.rec, one, child, false, NO_DATE, &id));
	assert_int_equal(homes_of(f, child, NULL).main, one);
	check_ok(family_join(&f->w.rec, two, child, false, day("2024-01-01"),
			     &id));
	assert_int_equal(homes_of(f, child, NULL).main, one);
	assert_int_equal(homes_of(f, child, "2023-12-31").n, 1);
	assert_int_equal(homes_of(f, child, "2024-01-01").n, 2);
	assert_int_equal(family_join(&f->w.rec, two, child, true, NO_DATE, &id),
			 E_EXISTS);
	check_says("lives with family");
	/* The main home is left: the other one becomes it. */
	check_ok(family_leave(&f->w.rec, one, child, day("2025-01-31")));
	assert_int_equal(homes_of(f, child, "2025-02-01").main, two);
	assert_int_equal(family_leave(&f->w.rec, one, child, day("2025-02-01")),
			 E_NOTFOUND);
	/* It may come back, and say that this is the main one. */
	check_ok(family_join(&f->w.rec, one, child, true, day("2026-01-01"),
			     &id));
	assert_int_equal(homes_of(f, child, "2026-01-01").main, one);
	assert_int_equal(family_join(&f->w.rec, 99, child, true, NO_DATE, &id),
			 E_NOTFOUND);
	assert_int_equal(family_join(&f->w.rec, a_family(f, "Three"), child,
				     true, day("2017-01-01"), &id),
			 E_INVALID);
	check_says("birth date");
}

static int note_sibling(void *arg, int64_t sibling)
{
	int64_t *seen = arg;

	seen[0]++;
	seen[1] = sibling;
	return 0;
}

static void siblings_share_a_home_on_the_day(void **state)
{
	struct fix *f = *state;
	int64_t a = case_world_child(&f->w, "2018-02-01");
	int64_t b = case_world_child(&f->w, "2020-02-01");
	int64_t home = a_family(f, "One"), seen[2] = {0}, id;

	check_ok(family_join(&f->w.rec, home, a, true, NO_DATE, &id));
	check_ok(family_join(&f->w.rec, home, b, true, day("2024-01-01"), &id));
	check_ok(family_siblings(f->w.db, a, day("2023-12-31"), note_sibling,
				 seen));
	assert_int_equal(seen[0], 0);
	check_ok(family_siblings(f->w.db, a, day("2024-01-01"), note_sibling,
				 seen));
	assert_int_equal(seen[0], 1);
	assert_int_equal(seen[1], b);
}

static void a_caregiver_has_the_language_of_the_family(void **state)
{
	struct fix *f = *state;
	int64_t home = a_family(f, "One");
	struct caregiver c = {.family = home,
			      .surname = "Notreal",
			      .active = true},
			 got;

	check_ok(caregiver_add(&f->w.rec, &c, &c.id));
	check_ok(caregiver_get(f->w.db, c.id, &got));
	assert_string_equal(got.language, "");
	assert_int_equal(got.interpreter, CAREGIVER_AS_FAMILY);
	c.interpreter = CAREGIVER_NEEDS_NONE;
	put(c.language, "english");
	check_ok(caregiver_update(&f->w.rec, &c));
	check_ok(caregiver_get(f->w.db, c.id, &got));
	assert_int_equal(got.interpreter, CAREGIVER_NEEDS_NONE);
	put(c.surname, "");
	assert_int_equal(caregiver_update(&f->w.rec, &c), E_INVALID);
	check_says("needs a given name");
	put(c.surname, "X");
	c.family = 77;
	assert_int_equal(caregiver_update(&f->w.rec, &c), E_NOTFOUND);
	assert_int_equal(caregiver_add(&f->w.rec, &c, &c.id), E_NOTFOUND);
}

static struct custody mother(int64_t child, int64_t caregiver)
{
	return (struct custody){.child = child,
				.caregiver = caregiver,
				.relation = "mother",
				.custody = "joint",
				.authority = "parent",
				.since = NO_DATE,
				.until = NO_DATE};
}

static void who_may_sign_is_dated(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2008-06-15"), id, agency;
	int64_t ana = a_caregiver(f, a_family(f, "One"), "Ana");
	struct custody c = mother(child, ana);

	assert_int_equal(custody_may_sign(&f->w.rec, child, ana, "parent",
					  day("2025-01-01")),
			 E_DENIED);
	check_says("may not sign as parent");
	check_ok(custody_add(&f->w.rec, &c, &id));
	check_ok(custody_may_sign(&f->w.rec, child, ana, "parent",
				  day("2025-01-01")));
	assert_int_equal(custody_may_sign(&f->w.rec, child, ana, "guardian",
					  day("2025-01-01")),
			 E_DENIED);
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_EXISTS);
	/* The agency takes over for a year. */
	check_ok(custody_end(&f->w.rec, id, day("2025-01-31")));
	assert_int_equal(custody_may_sign(&f->w.rec, child, ana, "parent",
					  day("2025-02-01")),
			 E_DENIED);
	assert_int_equal(custody_end(&f->w.rec, id, day("2025-01-31")),
			 E_STATE);
	agency = a_caregiver(f, a_family(f, "Agency"), "Cy");
	c = mother(child, agency);
	put(c.relation, "case-worker");
	put(c.custody, "committed");
	put(c.authority, "child-welfare");
	c.since = day("2025-02-01");
	check_ok(custody_add(&f->w.rec, &c, &id));
	check_ok(custody_may_sign(&f->w.rec, child, agency, "child-welfare",
				  day("2025-02-01")));
}

static void the_youth_signs_when_of_age(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2008-06-15"), id;
	int64_t ana = a_caregiver(f, a_family(f, "One"), "Ana");
	struct custody c = mother(child, ana), self;

	check_ok(custody_add(&f->w.rec, &c, &id));
	check_ok(custody_may_sign(&f->w.rec, child, ana, "parent",
				  day("2026-06-14")));
	assert_int_equal(custody_may_sign(&f->w.rec, child, ana, "parent",
					  day("2026-06-15")),
			 E_DENIED);
	check_says("is of age on 2026-06-15");
	assert_int_equal(custody_may_sign(&f->w.rec, child, 0, "youth",
					  day("2026-06-14")),
			 E_DENIED);
	check_says("not of age");
	check_ok(custody_may_sign(&f->w.rec, child, 0, "youth",
				  day("2026-06-15")));
	assert_int_equal(custody_may_sign(&f->w.rec, child, ana, "conservator",
					  day("2026-06-14")),
			 E_DENIED);
	/* Emancipated before. */
	self = (struct custody){.child = child,
				.relation = "self",
				.custody = "none",
				.authority = "youth",
				.since = day("2025-06-01"),
				.until = NO_DATE};
	check_ok(custody_add(&f->w.rec, &self, &id));
	check_ok(custody_may_sign(&f->w.rec, child, 0, "youth",
				  day("2025-06-01")));
	assert_int_equal(custody_may_sign(&f->w.rec, child, 0, "youth",
					  day("2025-05-31")),
			 E_DENIED);
}

static void custody_refuses_wrong_values(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-06-15"), id;
	int64_t ana = a_caregiver(f, a_family(f, "One"), "Ana");
	struct custody c = mother(child, ana);

	put(c.relation, "mum");
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_INVALID);
	check_says("\"mum\" is not a relation");
	c = mother(child, ana);
	put(c.custody, "all");
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_INVALID);
	c = mother(child, ana);
	put(c.authority, "youth");
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_INVALID);
	check_says("child itself");
	c = mother(child, 0);
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_INVALID);
	c = mother(child, 55);
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_NOTFOUND);
	c = mother(child, ana);
	c.since = day("2026-01-02");
	c.until = day("2026-01-01");
	assert_int_equal(custody_add(&f->w.rec, &c, &id), E_INVALID);
	check_says("before its first");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM custody"),
			 0);
}

static struct reach phone(int64_t caregiver)
{
	return (struct reach){.caregiver = caregiver,
			      .way = "phone",
			      .value = "860 555 0100",
			      .safe = true,
			      .message = true,
			      .preferred = true,
			      .hours = "weekdays after 5 pm",
			      .active = true};
}

static void only_a_safe_way_is_preferred(void **state)
{
	struct fix *f = *state;
	int64_t ana = a_caregiver(f, a_family(f, "One"), "Ana"), id, other;
	struct reach p = phone(ana), got;

	p.safe = false;
	assert_int_equal(reach_add(&f->w.rec, &p, &id), E_DENIED);
	check_says("not safe");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM reach"),
			 0);
	p.safe = true;
	check_ok(reach_add(&f->w.rec, &p, &id));
	/* Found unsafe: it is the preferred one no more. */
	check_ok(reach_unsafe(&f->w.rec, id));
	check_ok(reach_get(f->w.db, id, &got));
	assert_false(got.safe || got.preferred || got.message);
	got.preferred = true;
	assert_int_equal(reach_update(&f->w.rec, &got), E_DENIED);
	/* The newest preferred one takes that over. */
	put(p.way, "text");
	check_ok(reach_add(&f->w.rec, &p, &id));
	put(p.way, "email");
	put(p.value, "a@example.org");
	check_ok(reach_add(&f->w.rec, &p, &other));
	check_ok(reach_get(f->w.db, id, &got));
	assert_false(got.preferred);
	check_ok(reach_get(f->w.db, other, &got));
	assert_true(got.preferred);
	assert_string_equal(got.hours, "weekdays after 5 pm");
}

static void reach_refuses_wrong_values(void **state)
{
	struct fix *f = *state;
	int64_t ana = a_caregiver(f, a_family(f, "One"), "Ana"), id;
	struct reach p = phone(ana);

	put(p.way, "pigeon");
	assert_int_equal(reach_add(&f->w.rec, &p, &id), E_INVALID);
	check_says("\"pigeon\"");
	p = phone(ana);
	put(p.value, "");
	assert_int_equal(reach_add(&f->w.rec, &p, &id), E_INVALID);
	p = phone(ana);
	p.child = 1;
	assert_int_equal(reach_add(&f->w.rec, &p, &id), E_INVALID);
	p = phone(88);
	assert_int_equal(reach_add(&f->w.rec, &p, &id), E_NOTFOUND);
	p = phone(ana);
	p.active = false;
	assert_int_equal(reach_add(&f->w.rec, &p, &id), E_INVALID);
}

static void several_races_may_be_named(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2018-06-15");
	struct origin o = {.races = 2,
			   .race = {"white", "asian"},
			   .ethnicity = "hispanic",
			   .heard = "practice"},
		      got;

	check_ok(origin_set(&f->w.rec, child, &o));
	check_ok(origin_get(f->w.db, f->w.words, child, &got));
	assert_int_equal(got.races, 2);
	assert_string_equal(got.race[0], "asian");
	assert_string_equal(got.race[1], "white");
	assert_string_equal(got.ethnicity, "hispanic");
	assert_string_equal(got.heard, "practice");
	put(o.race[0], "declined");
	assert_int_equal(origin_set(&f->w.rec, child, &o), E_INVALID);
	check_says("can't stand beside");
	put(o.race[0], "asian");
	assert_int_equal(origin_set(&f->w.rec, child, &o), E_INVALID);
	check_says("named twice");
	o = (struct origin){.races = 1, .race = {"declined"}};
	check_ok(origin_set(&f->w.rec, child, &o));
	check_ok(origin_get(f->w.db, f->w.words, child, &got));
	assert_int_equal(got.races, 1);
	assert_string_equal(got.ethnicity, "");
	put(o.ethnicity, "green");
	assert_int_equal(origin_set(&f->w.rec, child, &o), E_INVALID);
	assert_int_equal(origin_set(&f->w.rec, 99, &got), E_NOTFOUND);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(family_gives_back_what_was_given),
		T(family_refuses_wrong_values),
		T(a_child_may_have_two_homes),
		T(siblings_share_a_home_on_the_day),
		T(a_caregiver_has_the_language_of_the_family),
		T(who_may_sign_is_dated),
		T(the_youth_signs_when_of_age),
		T(custody_refuses_wrong_values),
		T(only_a_safe_way_is_preferred),
		T(reach_refuses_wrong_values),
		T(several_races_may_be_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
