#include "tests/unit/case_world.h"

#include "regional/case/assignment.h"
#include "regional/case/cover.h"
#include "regional/case/need_level.h"
#include "regional/case/screening.h"
#include "regional/case/staff.h"

struct fix {
	struct case_world w;
	int64_t child, kase, ann, ben, cat;
};

static int64_t hire(struct fix *f, const char *name, const char *role, int fte)
{
	struct staff s = {.started = day("2025-01-01")};
	int64_t id = 0;

	put(s.name, name);
	put(s.role, role);
	check_ok(staff_add(&f->w.rec, &s, fte, &id));
	return id;
}

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2020-01-15");
	check_ok(kase_open(&f.w.rec, f.child, day("2026-01-10"), &f.kase));
	f.ann = hire(&f, "Ann Tester", "nurse", 100);
	f.ben = hire(&f, "Ben Tester", "social-worker", 100);
	f.cat = hire(&f, "Cat Tester", "coordinator", 100);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static void tier(struct fix *f, const char *medical)
{
	struct need_level l = {.kase = f->kase,
			       .since = day("2026-02-01"),
			       .method = "PMCA",
			       .method_version = "3.0",
			       .social = SOCIAL_BY_RULE};
	int64_t id;

	put(l.medical, medical);
	check_ok(need_level_set(&f->w.rec, &l, &id));
}

static struct suggestion suggest(struct fix *f)
{
	struct suggestion s;

	check_ok(assignment_suggest(&f->w.rec, f->kase, day("2026-02-01"), &s));
	return s;
}

static void need(struct fix *f, const char *domain)
{
	int64_t id;

	check_ok(need_add(&f->w.rec, f->kase, domain, day("2026-02-01"), &id));
}

/* AAP profile: nurse for complex medical, social worker for behavioral,
 * community coordinator for social needs. */
static void suggestion_follows_the_profile(void **state)
{
	struct fix *f = *state;
	struct suggestion s = suggest(f);

	assert_string_equal(s.role, "coordinator");
	assert_int_equal(s.staff, f->cat);
	assert_string_equal(s.reasons,
			    "nothing that asks for a nurse or social worker, "
			    "no level of need yet");
	need(f, "food");
	s = suggest(f);
	assert_string_equal(s.role, "coordinator");
	assert_string_equal(s.reasons, "social tier 1, no level of need yet");
	need(f, "behavioral");
	s = suggest(f);
	assert_string_equal(s.role, "social-worker");
	assert_int_equal(s.staff, f->ben);
	assert_string_equal(s.reasons, "1 open behavioral need, social tier "
				       "1, no level of need yet");
	tier(f, "complex");
	s = suggest(f);
	assert_string_equal(s.role, "nurse");
	assert_int_equal(s.staff, f->ann);
	assert_string_equal(s.reasons,
			    "complex chronic disease (PMCA 3.0), 1 open "
			    "behavioral need, social tier 1");
}

static void a_positive_screening_asks_for_the_social_worker(void **state)
{
	const struct screening_entry e = {SCREENING_SCORE, "total", "20"};
	struct fix *f = *state;
	struct screening s = {.child = f->child,
			      .done = day("2026-01-20"),
			      .instrument = "PSC-17",
			      .respondent = "parent"};
	int64_t id;

	check_ok(screening_add(&f->w.rec, &s, &e, 1, NULL, &id));
	assert_string_equal(suggest(f).role, "social-worker");
	check_ok(screening_error(&f->w.rec, id));
	assert_string_equal(suggest(f).role, "coordinator");
	tier(f, "non-complex");
	assert_string_equal(suggest(f).role, "nurse");
}

static void set_keeps_who_had_it(void **state)
{
	struct fix *f = *state;
	struct assignment a;
	int64_t id;

	assert_int_equal(assignment_set(&f->w.rec, f->kase, f->ann,
					day("2026-02-01"), "", &id),
			 E_INVALID);
	check_says("A coordinator is suggested (nothing that asks");
	check_says("Ann Tester is a nurse; say why");
	check_ok(assignment_set(&f->w.rec, f->kase, f->cat, day("2026-02-01"),
				"", &id));
	assert_int_equal(assignment_set(&f->w.rec, f->kase, f->cat,
					day("2026-02-02"), "", &id),
			 E_STATE);
	check_says("assigned to staff 3 already");
	assert_int_equal(assignment_set(&f->w.rec, f->kase, f->ann,
					day("2026-01-31"), "knows them", &id),
			 E_INVALID);
	check_ok(assignment_set(&f->w.rec, f->kase, f->ann, day("2026-03-01"),
				"knows the family", &id));
	check_ok(assignment_get(f->w.db, f->kase, day("2026-02-28"), &a));
	assert_int_equal(a.staff, f->cat);
	assert_int_equal(a.until, day("2026-03-01"));
	check_ok(assignment_get(f->w.db, f->kase, day("2026-03-01"), &a));
	assert_int_equal(a.staff, f->ann);
	assert_string_equal(a.suggested, "coordinator");
	assert_string_equal(a.why, "knows the family");
	check_ok(assignment_end(&f->w.rec, f->kase, day("2026-03-05")));
	assert_int_equal(
		assignment_get(f->w.db, f->kase, day("2026-03-05"), &a),
		E_NOTFOUND);
	assert_int_equal(assignment_end(&f->w.rec, f->kase, day("2026-03-06")),
			 E_NOTFOUND);
	check_says("assigned to nobody");
}

static void set_refuses_what_is_wrong(void **state)
{
	struct fix *f = *state;
	int32_t on = day("2026-02-01");
	int64_t id;

	assert_int_equal(assignment_set(&f->w.rec, 99, f->cat, on, "", &id),
			 E_NOTFOUND);
	assert_int_equal(assignment_set(&f->w.rec, f->kase, 99, on, "", &id),
			 E_NOTFOUND);
	assert_int_equal(assignment_set(&f->w.rec, f->kase, f->cat,
					day("2026-01-09"), "", &id),
			 E_INVALID);
	check_ok(staff_end(&f->w.rec, f->cat, day("2026-01-31")));
	assert_int_equal(
		assignment_set(&f->w.rec, f->kase, f->cat, on, "", &id),
		E_STATE);
	check_says("Cat Tester does not work here on 2026-02-01");
	check_ok(kase_close(&f->w.rec, f->kase, on));
	assert_int_equal(
		assignment_set(&f->w.rec, f->kase, f->ann, on, "x", &id),
		E_STATE);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM assignment"), 0);
}

/* Fewest cases for the time they have; not who is away. */
static void load_is_shared_and_covered(void **state)
{
	struct fix *f = *state;
	int64_t half = hire(f, "Dee Tester", "coordinator", 50);
	int32_t on = day("2026-02-01");
	struct cover c = {.staff = half,
			  .cover = f->cat,
			  .since = on,
			  .until = on,
			  .leave = "illness"};
	struct caseload load;
	int64_t kase, id, who;

	for (int k = 0; k < 3; k++) {
		check_ok(kase_open(&f->w.rec,
				   case_world_child(&f->w, "2021-01-01"),
				   day("2026-01-10"), &kase));
		check_ok(assignment_set(&f->w.rec, kase, k ? f->cat : half,
					day("2026-01-15"), "", &id));
	}
	/* 2 in full time, 1 in half: alike, so the elder. */
	assert_int_equal(suggest(f).staff, f->cat);
	check_ok(assignment_set(&f->w.rec, f->kase, f->cat, on, "", &id));
	assert_int_equal(suggest(f).staff, half);
	check_ok(cover_add(&f->w.rec, &c, &id));
	assert_int_equal(suggest(f).staff, f->cat);
	check_ok(assignment_caseload(f->w.db, f->cat, on, &load));
	assert_int_equal(load.own, 3);
	assert_int_equal(load.covered, 1);
	check_ok(assignment_caseload(f->w.db, f->cat, on + 1, &load));
	assert_int_equal(load.covered, 0);
	check_ok(assignment_acting(f->w.db, 2, on, &who));
	assert_int_equal(who, f->cat);
	check_ok(assignment_acting(f->w.db, 2, on + 1, &who));
	assert_int_equal(who, half);
	/* A closed case weighs nothing. */
	check_ok(kase_close(&f->w.rec, 2, on));
	check_ok(assignment_caseload(f->w.db, half, on, &load));
	assert_int_equal(load.own, 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(suggestion_follows_the_profile),
		T(a_positive_screening_asks_for_the_social_worker),
		T(set_keeps_who_had_it),
		T(set_refuses_what_is_wrong),
		T(load_is_shared_and_covered),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
