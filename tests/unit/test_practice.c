#include "tests/unit/case_world.h"

#include "regional/case/practice.h"

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

static int64_t a_practice(struct fix *f, const char *name)
{
	struct practice p = {.phone = "860 555 0101",
			     .zip = "06106",
			     .medical_home = true,
			     .active = true};
	int64_t id;

	put(p.name, name);
	check_ok(practice_add(&f->w.rec, &p, &id));
	return id;
}

static void a_practice_has_one_name(void **state)
{
	struct fix *f = *state;
	int64_t id = a_practice(f, "Elm Street Pediatrics");
	struct practice p, other;

	check_ok(practice_get(f->w.db, id, &p));
	assert_true(p.medical_home);
	assert_string_equal(p.phone, "860 555 0101");
	assert_int_equal(practice_add(&f->w.rec, &p, &id), E_EXISTS);
	check_says("already");
	put(p.name, "");
	assert_int_equal(practice_add(&f->w.rec, &p, &id), E_INVALID);
	a_practice(f, "Oak");
	check_ok(practice_get(f->w.db, 2, &other));
	put(other.name, "elm street pediatrics");
	assert_int_equal(practice_update(&f->w.rec, &other), E_EXISTS);
	put(other.name, "Oak Pediatrics");
	other.active = false;
	check_ok(practice_update(&f->w.rec, &other));
	check_ok(practice_get(f->w.db, 2, &other));
	assert_false(other.active);
}

static int note_outreach(void *arg, const struct practice_outreach *o)
{
	struct practice_outreach *out = arg;

	if (out->id == 0)
		*out = *o;
	return 0;
}

static void outreach_is_logged(void **state)
{
	struct fix *f = *state;
	struct practice_outreach o = {.day = day("2026-02-03"),
				      .how = "visit",
				      .with_whom = "the office manager",
				      .minutes = 45,
				      .what = "referral forms"},
				 got = {0};
	int64_t id;

	o.practice = a_practice(f, "Elm");
	check_ok(practice_outreach_add(&f->w.rec, &o, &id));
	o.day = day("2026-03-03");
	o.minutes = -1;
	check_ok(practice_outreach_add(&f->w.rec, &o, &id));
	check_ok(practice_outreach_list(f->w.db, o.practice, 0, 10,
					note_outreach, &got));
	assert_int_equal(got.day, day("2026-03-03"));
	assert_int_equal(got.minutes, -1);
	assert_string_equal(got.with_whom, "the office manager");
	o.minutes = 1441;
	assert_int_equal(practice_outreach_add(&f->w.rec, &o, &id), E_INVALID);
	check_says("1441 minutes");
	o.minutes = 5;
	put(o.how, "fax");
	assert_int_equal(practice_outreach_add(&f->w.rec, &o, &id), E_INVALID);
	put(o.how, "call");
	o.day = day("2026-07-01");
	assert_int_equal(practice_outreach_add(&f->w.rec, &o, &id), E_INVALID);
	o.practice = 9;
	assert_int_equal(practice_outreach_add(&f->w.rec, &o, &id), E_NOTFOUND);
}

static int note_now(void *arg, const struct child_practice *c)
{
	int64_t *now = arg;

	if (c->until == NO_DATE)
		*now = c->practice;
	return 0;
}

static int64_t practice_now(struct fix *f, int64_t child)
{
	int64_t now = 0;

	check_ok(practice_of_child(f->w.db, child, note_now, &now));
	return now;
}

static void a_child_has_one_practice_at_a_time(void **state)
{
	struct fix *f = *state;
	int64_t elm = a_practice(f, "Elm"), oak = a_practice(f, "Oak"), id;
	struct child_practice c = {.practice = elm,
				   .clinician = "Dr. Notreal",
				   .since = day("2024-01-01")};

	c.child = case_world_child(&f->w, "2020-01-01");
	check_ok(practice_assign(&f->w.rec, &c, &id));
	assert_int_equal(practice_now(f, c.child), elm);
	c.practice = oak;
	assert_int_equal(practice_assign(&f->w.rec, &c, &id), E_INVALID);
	c.since = day("2025-01-01");
	check_ok(practice_assign(&f->w.rec, &c, &id));
	assert_int_equal(practice_now(f, c.child), oak);
	assert_int_equal(case_world_int(&f->w,
					"SELECT until = '2024-12-31'"
					" FROM child_practice WHERE id = 1"),
			 1);
	c.practice = 0;
	c.since = day("2026-01-01");
	check_ok(practice_assign(&f->w.rec, &c, &id));
	assert_int_equal(practice_now(f, c.child), 0);
	c.practice = 77;
	assert_int_equal(practice_assign(&f->w.rec, &c, &id), E_NOTFOUND);
	c.practice = elm;
	c.since = day("2019-12-31");
	assert_int_equal(practice_assign(&f->w.rec, &c, &id), E_INVALID);
	check_says("birth date");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_practice_has_one_name),
		T(outreach_is_logged),
		T(a_child_has_one_practice_at_a_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
