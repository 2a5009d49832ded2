#include "tests/unit/case_world.h"

#include "regional/case/need_level.h"
#include "regional/case/screening.h"

struct fix {
	struct case_world w;
	int64_t child, kase;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.child = case_world_child(&f.w, "2020-01-15");
	check_ok(kase_open(&f.w.rec, f.child, day("2026-01-10"), &f.kase));
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static int set(struct fix *f, const char *on, const char *medical, int social,
	       const char *why)
{
	struct need_level l = {.kase = f->kase,
			       .since = day(on),
			       .method = "PMCA",
			       .method_version = "3.0",
			       .social = social};
	int64_t id;

	put(l.medical, medical);
	put(l.why, why);
	return need_level_set(&f->w.rec, &l, &id);
}

static struct need_level at(struct fix *f, const char *on)
{
	struct need_level l;

	check_ok(need_level_get(f->w.db, f->kase, day(on), &l));
	return l;
}

static int64_t need(struct fix *f, const char *domain, const char *on)
{
	int64_t id = 0;

	check_ok(need_add(&f->w.rec, f->kase, domain, day(on), &id));
	return id;
}

static int64_t screen(struct fix *f, const char *instrument, const char *on,
		      const char *item, const char *value)
{
	const struct screening_entry e = {SCREENING_ANSWER, item, value};
	struct screening s = {
		.child = f->child, .done = day(on), .respondent = "parent"};
	int64_t id = 0;

	put(s.instrument, instrument);
	check_ok(screening_add(&f->w.rec, &s, &e, 1, NULL, &id));
	return id;
}

/* Without and with special needs, each without and with complicating issues
 * (Pediatrics 2008 122 e209). */
static void levels_follow_both_tiers(void **state)
{
	struct fix *f = *state;

	check_ok(set(f, "2026-02-01", "none", SOCIAL_BY_RULE, ""));
	assert_string_equal(at(f, "2026-02-01").level, "I");
	check_ok(set(f, "2026-02-02", "non-complex", SOCIAL_BY_RULE, ""));
	assert_string_equal(at(f, "2026-02-02").level, "III");
	need(f, "housing", "2026-02-03");
	check_ok(set(f, "2026-02-03", "complex", SOCIAL_BY_RULE, ""));
	assert_string_equal(at(f, "2026-02-03").level, "IV");
	check_ok(set(f, "2026-02-04", "none", SOCIAL_BY_RULE, ""));
	assert_string_equal(at(f, "2026-02-04").level, "II");
	/* All of it is kept. */
	assert_string_equal(at(f, "2026-02-01").level, "I");
	assert_string_equal(at(f, "2026-02-03").method, "PMCA");
	assert_string_equal(at(f, "2026-02-03").method_version, "3.0");
}

/* By hand: food 1, housing 2, transportation 1, family 2; dental none. */
static void points_come_from_open_needs(void **state)
{
	struct fix *f = *state;
	int64_t id;
	int points, tier;

	need(f, "dental", "2026-02-01");
	id = need(f, "food", "2026-02-01");
	need(f, "food", "2026-02-01");
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-01"),
				   &points, &tier));
	assert_int_equal(points, 1);
	assert_int_equal(tier, 1);
	need(f, "housing", "2026-02-02");
	need(f, "transportation", "2026-02-02");
	need(f, "family", "2026-02-03");
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-02"),
				   &points, &tier));
	assert_int_equal(points, 4);
	assert_int_equal(tier, 2);
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-03"),
				   &points, &tier));
	assert_int_equal(points, 6);
	assert_int_equal(tier, 3);
	check_ok(need_close(&f->w.rec, id, day("2026-02-04"), true, ""));
	check_ok(need_close(&f->w.rec, id + 1, day("2026-02-04"), true, ""));
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-04"),
				   &points, &tier));
	assert_int_equal(points, 5);
}

/* A screening counts until a need was made of it, a newer one of its kind
 * says otherwise, or it is too old. */
static void points_come_from_screenings_too(void **state)
{
	struct fix *f = *state;
	int points, tier, made;
	int64_t id;

	id = screen(f, "HVS", "2026-02-01", "1", "often");
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-01"),
				   &points, &tier));
	assert_int_equal(points, 1);
	check_ok(screening_take(&f->w.rec, id, "", &made));
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-01"),
				   &points, &tier));
	assert_int_equal(points, 1);
	check_ok(need_close(&f->w.rec, 1, day("2026-02-05"), true, ""));
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-02-05"),
				   &points, &tier));
	assert_int_equal(points, 0);
	screen(f, "HVS", "2025-03-01", "1", "often");
	screen(f, "HVS", "2026-03-01", "1", "often");
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-03-01"),
				   &points, &tier));
	assert_int_equal(points, 1);
	screen(f, "HVS", "2026-03-02", "1", "never");
	check_ok(need_level_points(&f->w.rec, f->kase, day("2026-03-02"),
				   &points, &tier));
	assert_int_equal(points, 0);
	f->w.rec.today = day("2027-12-31");
	screen(f, "HVS", "2026-12-01", "2", "often");
	check_ok(need_level_points(&f->w.rec, f->kase, day("2027-11-30"),
				   &points, &tier));
	assert_int_equal(points, 1);
	check_ok(need_level_points(&f->w.rec, f->kase, day("2027-12-01"),
				   &points, &tier));
	assert_int_equal(points, 0);
}

static void a_positive_screener_says_special_needs(void **state)
{
	static const char *const item[] = {"1", "1a", "1b", "2", "3", "4", "5"};
	struct screening_entry e[7];
	struct fix *f = *state;
	struct screening s = {.child = f->child,
			      .done = day("2026-02-01"),
			      .instrument = "CSHCN",
			      .respondent = "parent"};
	int64_t id;

	for (int k = 0; k < 7; k++)
		e[k] = (struct screening_entry){SCREENING_ANSWER, item[k],
						k < 3 ? "yes" : "no"};
	check_ok(screening_add(&f->w.rec, &s, e, 7, NULL, &id));
	check_ok(set(f, "2026-02-01", "none", SOCIAL_BY_RULE, ""));
	assert_string_equal(at(f, "2026-02-01").level, "III");
	assert_true(at(f, "2026-02-01").cshcn);
	check_ok(screening_error(&f->w.rec, id));
	check_ok(set(f, "2026-02-02", "none", SOCIAL_BY_RULE, ""));
	assert_string_equal(at(f, "2026-02-02").level, "I");
}

static void another_tier_has_a_reason(void **state)
{
	struct fix *f = *state;

	assert_int_equal(set(f, "2026-02-01", "none", 3, ""), E_INVALID);
	check_says("the social tier is 0; say why it is 3");
	check_ok(set(f, "2026-02-01", "none", 3, "three moves this year"));
	assert_int_equal(at(f, "2026-02-01").social, 3);
	assert_int_equal(at(f, "2026-02-01").social_by_rule, 0);
	assert_string_equal(at(f, "2026-02-01").level, "II");
	check_ok(set(f, "2026-02-02", "none", 0, ""));
}

static void set_refuses_what_is_wrong(void **state)
{
	struct fix *f = *state;
	struct need_level l = {.kase = f->kase,
			       .since = day("2026-02-01"),
			       .medical = "none",
			       .method = "PMCA",
			       .social = SOCIAL_BY_RULE};
	int64_t id;

	assert_int_equal(need_level_set(&f->w.rec, &l, &id), E_INVALID);
	check_says("method and version");
	assert_int_equal(set(f, "2026-02-01", "severe", 0, ""), E_INVALID);
	check_says("complex, non-complex, none");
	assert_int_equal(set(f, "2026-02-01", "none", 4, "x"), E_INVALID);
	assert_int_equal(set(f, "2026-01-09", "none", 0, ""), E_INVALID);
	check_says("the day the case was opened");
	assert_int_equal(set(f, "2026-07-01", "none", 0, ""), E_INVALID);
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-02-01")));
	assert_int_equal(set(f, "2026-02-01", "none", 0, ""), E_STATE);
	assert_int_equal(
		need_level_get(f->w.db, f->kase, day("2026-06-30"), &l),
		E_NOTFOUND);
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"
					       " WHERE record = 'need_level'"),
			 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(levels_follow_both_tiers),
		T(points_come_from_open_needs),
		T(points_come_from_screenings_too),
		T(a_positive_screener_says_special_needs),
		T(another_tier_has_a_reason),
		T(set_refuses_what_is_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
