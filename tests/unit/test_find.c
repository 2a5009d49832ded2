#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/caregiver.h"
#include "regional/case/derive.h"
#include "regional/case/family.h"
#include "regional/case/find.h"
#include "regional/case/find_parts.h"
#include "regional/case/merge.h"
#include "regional/case/reach.h"
#include "regional/case/staff.h"

struct fix {
	struct case_world w;
	int64_t mateo, ana, quynh, shaun, mother, home;
};

static int64_t child(struct fix *f, const char *given, const char *family,
		     const char *birth)
{
	struct child c = {.birth = day(birth), .sex = "unknown"};
	int64_t id;

	put(c.given, given);
	put(c.family, family);
	check_ok(child_add(&f->w.rec, &c, &id));
	return id;
}

static int setup(void **state)
{
	static struct fix f;
	struct family home = {.name = "Rivera"};
	struct caregiver mother = {
		.given = "Inés", .surname = "Soto Muñoz", .active = true};
	struct reach phone = {.way = "phone",
			      .value = "(203) 555-0123",
			      .safe = true,
			      .active = true};
	int64_t id;

	case_world_init(&f.w);
	f.mateo = child(&f, "Mateo", "Rivera-Soto", "2019-04-03");
	f.ana = child(&f, "Ana", "Rivera-Soto", "2021-11-30");
	f.quynh = child(&f, "Quỳnh", "Nguyễn", "2018-12-05");
	f.shaun = child(&f, "Shaun", "O’Brien", "2019-04-13");
	check_ok(family_add(&f.w.rec, &home, &f.home));
	check_ok(family_join(&f.w.rec, f.home, f.mateo, true, NO_DATE, &id));
	check_ok(family_join(&f.w.rec, f.home, f.ana, true, NO_DATE, &id));
	mother.family = f.home;
	check_ok(caregiver_add(&f.w.rec, &mother, &f.mother));
	phone.caregiver = f.mother;
	check_ok(reach_add(&f.w.rec, &phone, &id));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

/* Who is found first; 0: nobody. */
static int64_t first(struct fix *f, const char *text)
{
	struct find_hit hit[10];
	bool more;
	int n;

	check_ok(find_children(f->w.db, text, hit, 10, &n, &more));
	return n ? hit[0].child : 0;
}

static int count(struct fix *f, const char *text)
{
	struct find_hit hit[10];
	bool more;
	int n;

	check_ok(find_children(f->w.db, text, hit, 10, &n, &more));
	assert_false(more);
	return n;
}

static void fold_knows_the_letters_of_names(void **state)
{
	static const char *const pairs[][2] = {
		{"José Ángel", "jose angel"},
		{"Nguyễn Quỳnh", "nguyen quynh"},
		{"Łukasz Żak", "lukasz zak"},
		{"O’Brien", "obrien"},
		{"D'Angelo", "dangelo"},
		{"Rivera-Soto", "rivera soto"},
		{"Jürgen Groß", "jurgen gross"},
		{"Zo\xcc\x88"
		 "e",
		 "zoe"},
		{"Ștefan", "stefan"},
		{"Ælfþryð", "aelfthryd"},
		{"ſŽž", "szz"},
		{"İbrahim", "ibrahim"},
	};
	char out[64];

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		find_fold(pairs[i][0], out, sizeof out);
		assert_string_equal(out, pairs[i][1]);
	}
	/* Cut between letters, never beyond the room. */
	find_fold("Ж ж ж ж", out, 4);
	assert_true(strlen(out) < 4);
}

static void sounds_alike(void **state)
{
	static const char *const pairs[][2] = {
		{"sean", "seun"},	  {"philip", "filip"},
		{"katherine", "catarin"}, {"sofia", "sophia"},
		{"schmidt", "shmidt"},	  {"jon", "john"},
		{"vasquez", "basques"},
	};
	char a[FIND_WORD], b[FIND_WORD];

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		find_sound(pairs[i][0], a);
		find_sound(pairs[i][1], b);
		assert_string_equal(a, b);
	}
	find_sound("io", a);
	assert_string_equal(a, "");
	assert_int_equal(find_apart("mateo", "mateo"), 0);
	assert_int_equal(find_apart("mateo", "matheo"), 1);
	assert_int_equal(find_apart("mateo", "maeto"), 1);
	assert_int_equal(find_apart("mateo", "mario"), 2);
	assert_int_equal(find_apart("anna", "ana"), 1);
}

static void found_by_any_word_in_any_order(void **state)
{
	static const char *const mateo[] = {
		"mateo",	  "RIVERA mateo",  "rivera-soto, mateo",
		"mat riv",	  "matheo rivera", "maeto",
		"Matéo",	  "2019-04-03",	   "4/3/2019",
		"04-03-2019",	  "4/3/19",	   "April 3, 2019 rivera",
		"3 Apr 2019",	  "mateo 2019",	   "4/2019 soto",
		"mateo 555-0123", "ana 4/3/2019"};
	struct fix *f = *state;

	for (size_t i = 0; i < sizeof mateo / sizeof *mateo; i++)
		if (first(f, mateo[i]) != f->mateo)
			fail_msg("\"%s\" does not find him", mateo[i]);
	assert_int_equal(first(f, "quinh nguyen"), f->quynh);
	assert_int_equal(first(f, "nguyen"), f->quynh);
	assert_int_equal(first(f, "OBrien"), f->shaun);
	assert_int_equal(first(f, "shawn o'brien"), f->shaun);
	assert_int_equal(first(f, "mateo nguyen"), 0);
	assert_int_equal(first(f, "2018-04-03"), 0);
	/* The child's own name is before the brother's. */
	assert_int_equal(first(f, "ana"), f->ana);
	assert_int_equal(count(f, "ana"), 2);
}

static void found_by_phone_and_caregiver(void **state)
{
	struct fix *f = *state;

	assert_int_equal(count(f, "203 555 0123"), 2);
	assert_int_equal(count(f, "(203) 555-0123"), 2);
	assert_int_equal(count(f, "+1 203-555-0123"), 2);
	assert_int_equal(count(f, "0123"), 2);
	assert_int_equal(count(f, "5550124"), 0);
	assert_int_equal(count(f, "ines munoz"), 2);
	assert_int_equal(count(f, "2035550123 4/3/2019"), 1);
}

static void question_must_ask_something(void **state)
{
	struct fix *f = *state;
	struct find_hit hit[2];
	bool more;
	int n;

	assert_int_equal(find_children(f->w.db, " ,; ", hit, 2, &n, &more),
			 E_INVALID);
	assert_int_equal(
		find_children(f->w.db, "a b c d e f g h i", hit, 2, &n, &more),
		E_INVALID);
	check_says("At most 8 words");
	check_ok(find_children(f->w.db, "rivera", hit, 1, &n, &more));
	assert_int_equal(n, 1);
	assert_true(more);
	assert_int_equal(
		find_children(f->w.db, "\xff\xfe ' %_", hit, 2, &n, &more),
		E_INVALID);
}

/* Whoever writes, and also what is taken away. */
static void index_keeps_in_step(void **state)
{
	struct fix *f = *state;
	struct child c;
	struct reach p;
	int64_t id, gone;

	check_ok(child_get(f->w.db, f->mateo, &c));
	put(c.given, "Thaddeus");
	check_ok(child_update(&f->w.rec, &c));
	assert_int_equal(first(f, "mateo"), 0);
	assert_int_equal(first(f, "thaddeus"), f->mateo);
	/* A brother's new name too. */
	assert_int_equal(first(f, "thaddeus 11/30/2021"), f->ana);
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM find_term WHERE"
					" term = 'mateo'"),
			 0);
	check_ok(reach_get(f->w.db, 1, &p));
	put(p.value, "203 555 9999");
	check_ok(reach_update(&f->w.rec, &p));
	assert_int_equal(count(f, "0123"), 0);
	assert_int_equal(count(f, "9999"), 2);
	gone = child(f, "Tadeusz", "Rivera", "2019-04-03");
	assert_int_equal(first(f, "tadeusz"), gone);
	check_ok(merge_children(&f->w.rec, f->mateo, gone, &id));
	assert_int_equal(first(f, "tadeusz"), 0);
	check_ok(merge_undo(&f->w.rec, id));
	assert_int_equal(first(f, "tadeusz"), gone);
	/* A failed call leaves nothing behind. */
	check_ok(records_begin(&f->w.rec));
	child(f, "Wilhelmina", "Nobody", "2019-01-01");
	assert_int_equal(records_end(&f->w.rec, E_INVALID), E_INVALID);
	assert_int_equal(first(f, "wilhelmina"), 0);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM derive_queue"), 0);
}

/* What is not found word by word is of another version of the program. */
static void catching_up_makes_all_anew(void **state)
{
	struct fix *f = *state;

	check_ok(db_script(f->w.db,
			   "DELETE FROM find_posting; DELETE FROM find_term;"
			   "DELETE FROM find_near; DELETE FROM case_now;"
			   "INSERT INTO derive_queue SELECT 1, id FROM child"));
	assert_int_equal(first(f, "mateo"), 0);
	check_ok(derive_catch_up(f->w.db));
	assert_int_equal(first(f, "mateo"), f->mateo);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM derive_queue"), 0);
}

static void case_now_follows_the_case(void **state)
{
	struct fix *f = *state;
	struct staff s = {.name = "Ann Tester",
			  .role = "coordinator",
			  .started = day("2025-01-01")};
	int64_t kase, staff, id;
	char text[80];

	check_ok(kase_open(&f->w.rec, f->mateo, day("2026-01-10"), &kase));
	check_ok(staff_add(&f->w.rec, &s, 100, &staff));
	check_ok(need_add(&f->w.rec, kase, "food", day("2026-01-10"), &id));
	check_ok(assignment_set(&f->w.rec, kase, staff, day("2026-01-11"), "",
				&id));
	check_ok(db_text(f->w.db, text, sizeof text,
			 "SELECT sort || '|' || staff || '|' || stage || '|' ||"
			 " needs FROM case_now WHERE kase = ?",
			 "i", kase));
	assert_string_equal(text, "rivera soto mateo|1|intake|,food,");
	check_ok(need_close(&f->w.rec, 1, day("2026-02-01"), true, NULL));
	check_ok(kase_close(&f->w.rec, kase, day("2026-02-01")));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM case_now"),
			 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fold_knows_the_letters_of_names),
		cmocka_unit_test(sounds_alike),
		T(found_by_any_word_in_any_order),
		T(found_by_phone_and_caregiver),
		T(question_must_ask_something),
		T(index_keeps_in_step),
		T(catching_up_makes_all_anew),
		T(case_now_follows_the_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
