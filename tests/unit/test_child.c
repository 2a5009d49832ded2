#include "tests/unit/case_world.h"

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

static struct child ana(void)
{
	return (struct child){.given = "Ana",
			      .family = "Notreal",
			      .birth = day("2021-05-30"),
			      .sex = "female",
			      .zip = "06106",
			      .source_id = "A-1"};
}

static void add_gives_back_what_was_given(void **state)
{
	struct fix *f = *state;
	struct child c = ana(), got;
	int64_t id;

	check_ok(child_add(&f->w.rec, &c, &id));
	check_ok(child_get(f->w.db, id, &got));
	c.id = id;
	assert_string_equal(got.given, c.given);
	assert_string_equal(got.family, c.family);
	assert_int_equal(got.birth, c.birth);
	assert_string_equal(got.sex, c.sex);
	assert_string_equal(got.zip, c.zip);
	assert_string_equal(got.source_id, c.source_id);
}

static void refused(struct fix *f, struct child c, const char *says)
{
	int64_t id;

	assert_int_equal(child_add(&f->w.rec, &c, &id), E_INVALID);
	check_says(says);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM child"),
			 0);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 0);
}

static void add_refuses_wrong_values(void **state)
{
	struct fix *f = *state;
	struct child c;

	c = ana();
	c.birth = day("2026-07-01");
	refused(f, c, "birth date, 2026-07-01, is in the future");
	c = ana();
	c.birth = NO_DATE;
	refused(f, c, "birth date is missing");
	c = ana();
	c.given[0] = c.family[0] = '\0';
	refused(f, c, "needs a given name");
	c = ana();
	put(c.sex, "F");
	refused(f, c, "sex");
	c = ana();
	put(c.zip, "6106");
	refused(f, c, "ZIP code");
	c = ana();
	put(c.given, "A\tB");
	refused(f, c, "control character");
	c = ana();
	put(c.given, "A\xc3");
	refused(f, c, "UTF-8");
	c = ana();
	memset(c.given, 'x', sizeof c.given);
	refused(f, c, "too long: only its first 119 characters fit");
	for (size_t i = 0; i + 1 < sizeof c.given; i += 2)
		memcpy(c.given + i, "\xc3\xa9", 2);
	refused(f, c, "too long: only its first 59 characters fit");
}

static void birth_today_is_fine(void **state)
{
	struct fix *f = *state;
	struct child c = ana();
	int64_t id;

	c.birth = day("2026-06-30");
	check_ok(child_add(&f->w.rec, &c, &id));
}

static void update_keeps_old_values_in_history(void **state)
{
	struct fix *f = *state;
	struct child c = ana();
	char was[NAME_TEXT];

	check_ok(child_add(&f->w.rec, &c, &c.id));
	put(c.family, "Madeup");
	check_ok(child_update(&f->w.rec, &c));
	check_ok(db_text(f->w.db, was, sizeof was,
			 "SELECT was FROM history WHERE record = 'child'"
			 " AND field = 'family'",
			 ""));
	assert_string_equal(was, "Notreal");
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM history"),
			 1);
	/* The same again changes nothing and says so nowhere. */
	int64_t rows = case_world_int(&f->w, "SELECT count(*) FROM audit");
	check_ok(child_update(&f->w.rec, &c));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 rows);
}

static void update_refuses_birth_after_the_case(void **state)
{
	struct fix *f = *state;
	struct child c = ana();
	int64_t kase;

	check_ok(child_add(&f->w.rec, &c, &c.id));
	check_ok(kase_open(&f->w.rec, c.id, day("2022-01-01"), &kase));
	c.birth = day("2022-01-02");
	assert_int_equal(child_update(&f->w.rec, &c), E_INVALID);
	check_says("2022-01-01");
}

static void unknown_child_is_named(void **state)
{
	struct fix *f = *state;
	struct child c = ana();

	c.id = 7;
	assert_int_equal(child_get(f->w.db, 7, &c), E_NOTFOUND);
	check_says("no child 7");
	c = ana();
	c.id = 7;
	assert_int_equal(child_update(&f->w.rec, &c), E_NOTFOUND);
}

struct seen {
	int n, used;
	char names[400];
};

static int note(void *arg, const struct child *c)
{
	struct seen *s = arg;

	s->n++;
	s->used += snprintf(s->names + s->used,
			    sizeof s->names - (size_t)s->used, "%s ", c->given);
	return 0;
}

static struct seen listed(struct fix *f, const char *text, int64_t offset,
			  int64_t limit)
{
	struct seen s = {0};

	check_ok(child_list(f->w.db, text, offset, limit, note, &s));
	return s;
}

static void add_named(struct fix *f, const char *given, const char *family)
{
	struct child c = ana();
	int64_t id;

	put(c.given, given);
	put(c.family, family);
	check_ok(child_add(&f->w.rec, &c, &id));
}

static void list_finds_every_word(void **state)
{
	struct fix *f = *state;

	add_named(f, "Bo", "Zed");
	add_named(f, "Cy", "alpha");
	add_named(f, "Di", "");
	add_named(f, "E_%", "Mid");
	assert_string_equal(listed(f, "", 0, 100).names, "Cy Di E_% Bo ");
	assert_string_equal(listed(f, "zed", 0, 100).names, "Bo ");
	assert_string_equal(listed(f, " 06106  cy ", 0, 100).names, "Cy ");
	assert_string_equal(listed(f, "2021-05 di", 0, 100).names, "Di ");
	assert_int_equal(listed(f, "zed cy", 0, 100).n, 0);
	/* Not wild cards. */
	assert_string_equal(listed(f, "_%", 0, 100).names, "E_% ");
	assert_string_equal(listed(f, "", 1, 2).names, "Di E_% ");
}

static void list_refuses_too_many_words(void **state)
{
	struct fix *f = *state;
	struct seen s = {0};

	assert_int_equal(
		child_list(f->w.db, "a b c d e f g h i", 0, 1, note, &s),
		E_INVALID);
}

static void twin_has_names_and_birth_date(void **state)
{
	struct fix *f = *state;
	struct child a = {.given = "Ada",
			  .family = "Example",
			  .birth = day("2020-01-01"),
			  .sex = "unknown"};
	struct child b = a;
	int64_t twin = 0;

	check_ok(child_add(&f->w.rec, &a, &a.id));
	assert_int_equal(child_twin(f->w.db, &a, &twin), E_NOTFOUND);
	put(b.family, "EXAMPLE");
	check_ok(child_twin(f->w.db, &b, &twin));
	assert_int_equal(twin, a.id);
	b.birth++;
	assert_int_equal(child_twin(f->w.db, &b, &twin), E_NOTFOUND);
	b = a;
	b.id = 0;
	put(b.given, "");
	assert_int_equal(child_twin(f->w.db, &b, &twin), E_NOTFOUND);
	check_ok(child_add(&f->w.rec, &b, &b.id));
	a = b;
	a.id = 0;
	check_ok(child_twin(f->w.db, &a, &twin));
	assert_int_equal(twin, b.id);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(add_gives_back_what_was_given),
		T(add_refuses_wrong_values),
		T(birth_today_is_fine),
		T(update_keeps_old_values_in_history),
		T(update_refuses_birth_after_the_case),
		T(unknown_child_is_named),
		T(list_finds_every_word),
		T(list_refuses_too_many_words),
		T(twin_has_names_and_birth_date),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
