#include "tests/unit/case_world.h"

#include "regional/case/coverage.h"
#include "regional/case/family.h"

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

static int count_coverage(void *arg, const struct coverage *c)
{
	(void)c;
	++*(int *)arg;
	return 0;
}

static int count_benefit(void *arg, const struct benefit *b)
{
	(void)b;
	++*(int *)arg;
	return 0;
}

static int covered(struct fix *f, int64_t child, const char *on)
{
	int n = 0;

	check_ok(coverage_list(f->w.db, child, day(on), count_coverage, &n));
	return n;
}

static void coverage_is_dated(void **state)
{
	struct fix *f = *state;
	struct coverage c = {.kind = "medicaid",
			     .payer = "HUSKY A",
			     .member = "M-1",
			     .since = day("2026-01-01"),
			     .until = NO_DATE},
			got;
	int64_t id, none;

	c.child = case_world_child(&f->w, "2020-01-01");
	check_ok(coverage_add(&f->w.rec, &c, &id));
	check_ok(coverage_get(f->w.db, id, &got));
	assert_string_equal(got.payer, "HUSKY A");
	assert_string_equal(got.member, "M-1");
	assert_int_equal(covered(f, c.child, "2025-12-31"), 0);
	assert_int_equal(covered(f, c.child, "2026-01-01"), 1);
	/* Insured and uninsured at once is a mistake, two insurances not. */
	put(c.kind, "employer");
	check_ok(coverage_add(&f->w.rec, &c, &none));
	put(c.kind, "none");
	assert_int_equal(coverage_add(&f->w.rec, &c, &none), E_INVALID);
	check_says("insured and uninsured at once");
	c.since = NO_DATE;
	c.until = day("2025-12-31");
	check_ok(coverage_add(&f->w.rec, &c, &none));
	assert_int_equal(coverage_end(&f->w.rec, id, day("2025-12-31")),
			 E_INVALID);
	check_ok(coverage_end(&f->w.rec, id, day("2026-12-31")));
	assert_int_equal(coverage_end(&f->w.rec, id, day("2026-12-31")),
			 E_STATE);
	put(c.kind, "husky");
	assert_int_equal(coverage_add(&f->w.rec, &c, &none), E_INVALID);
	check_says("\"husky\" is not a coverage");
	assert_int_equal(coverage_end(&f->w.rec, 99, day("2026-01-01")),
			 E_NOTFOUND);
}

static void a_familys_benefit_is_its_childrens(void **state)
{
	struct fix *f = *state;
	int64_t child = case_world_child(&f->w, "2020-01-01"), home, id;
	struct family m = {.name = "One"};
	struct benefit b = {.kind = "snap", .since = NO_DATE, .until = NO_DATE};
	int n = 0;

	check_ok(family_add(&f->w.rec, &m, &home));
	assert_int_equal(benefit_add(&f->w.rec, &b, &id), E_INVALID);
	check_says("a child's or a family's");
	b.family = home;
	check_ok(benefit_add(&f->w.rec, &b, &id));
	check_ok(benefit_list(f->w.db, child, 0, NO_DATE, count_benefit, &n));
	assert_int_equal(n, 0);
	check_ok(family_join(&f->w.rec, home, child, true, NO_DATE, &id));
	check_ok(benefit_list(f->w.db, child, 0, day("2026-01-01"),
			      count_benefit, &n));
	assert_int_equal(n, 1);
	b = (struct benefit){.child = child,
			     .kind = "ssi",
			     .since = day("2026-01-01"),
			     .until = NO_DATE};
	check_ok(benefit_add(&f->w.rec, &b, &id));
	check_ok(benefit_end(&f->w.rec, id, day("2026-01-31")));
	n = 0;
	check_ok(benefit_list(f->w.db, child, 0, day("2026-02-01"),
			      count_benefit, &n));
	assert_int_equal(n, 1);
	put(b.kind, "gold");
	assert_int_equal(benefit_add(&f->w.rec, &b, &id), E_INVALID);
	b.child = 0;
	b.family = 99;
	put(b.kind, "wic");
	assert_int_equal(benefit_add(&f->w.rec, &b, &id), E_NOTFOUND);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(coverage_is_dated),
		T(a_familys_benefit_is_its_childrens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
