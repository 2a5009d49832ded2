#include "tests/unit/case_world.h"

#include "regional/case/coordinator.h"

/* A case opened on 2026-01-01 of a child born in 2020, with one need. */
struct fix {
	struct case_world w;
	int64_t need, kase, child;
};

static int setup(void **state)
{
	static struct fix f;
	struct need n;
	struct kase k;

	case_world_init(&f.w);
	f.need = case_world_need(&f.w);
	check_ok(need_get(f.w.db, f.need, &n));
	check_ok(kase_get(f.w.db, n.kase, &k));
	f.kase = k.id;
	f.child = k.child;
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static struct kase_intake intake(void)
{
	return (struct kase_intake){.intake = day("2025-12-20"),
				    .source = "practice",
				    .source_name = "Elm Street Pediatrics",
				    .expected = 2,
				    .first = 3,
				    .provider = {"developmental", "medical"},
				    .family = {"housing", "food", "medical"}};
}

static void intake_gives_back_what_was_given(void **state)
{
	struct fix *f = *state;
	struct kase_intake i = intake(), got;
	int64_t rows;

	check_ok(kase_set_intake(&f->w.rec, f->kase, &i));
	check_ok(kase_get_intake(f->w.db, f->kase, &got));
	assert_memory_equal(&got, &i, sizeof i);
	rows = case_world_int(&f->w, "SELECT count(*) FROM audit");
	check_ok(kase_set_intake(&f->w.rec, f->kase, &i));
	assert_int_equal(case_world_int(&f->w, "SELECT count(*) FROM audit"),
			 rows);
	/* The order is part of it. */
	put(i.family[0], "food");
	put(i.family[1], "housing");
	check_ok(kase_set_intake(&f->w.rec, f->kase, &i));
	check_ok(kase_get_intake(f->w.db, f->kase, &got));
	assert_string_equal(got.family[0], "food");
	assert_int_equal(
		case_world_int(&f->w,
			       "SELECT count(*) FROM history WHERE record ="
			       " 'case_focus' AND was = 'housing, food, "
			       "medical'"),
		1);
}

static void intake_refuses_wrong_values(void **state)
{
	struct fix *f = *state;
	struct kase_intake i = intake();

	i.intake = day("2019-12-31");
	assert_int_equal(kase_set_intake(&f->w.rec, f->kase, &i), E_INVALID);
	check_says("birth date");
	i = intake();
	put(i.source, "doctor");
	assert_int_equal(kase_set_intake(&f->w.rec, f->kase, &i), E_INVALID);
	check_says("\"doctor\" is not a referral source");
	i = intake();
	put(i.provider[1], "magic");
	assert_int_equal(kase_set_intake(&f->w.rec, f->kase, &i), E_INVALID);
	i = intake();
	put(i.family[1], "housing");
	assert_int_equal(kase_set_intake(&f->w.rec, f->kase, &i), E_INVALID);
	check_says("named twice");
	i = intake();
	assert_int_equal(kase_set_intake(&f->w.rec, 99, &i), E_NOTFOUND);
}

static void a_closed_case_says_why(void **state)
{
	struct fix *f = *state;
	struct kase k;

	assert_int_equal(kase_close_because(&f->w.rec, f->kase,
					    day("2026-02-01"), "goals-met"),
			 E_STATE);
	check_says("1 open need");
	check_ok(need_close(&f->w.rec, f->need, day("2026-02-01"), true, ""));
	assert_int_equal(kase_close_because(&f->w.rec, f->kase,
					    day("2026-02-01"), "bored"),
			 E_INVALID);
	assert_int_equal(kase_close_because(&f->w.rec, f->kase,
					    day("2026-02-01"), "merged"),
			 E_INVALID);
	assert_int_equal(kase_close_because(&f->w.rec, f->kase,
					    day("2026-02-01"), "moved-region"),
			 E_INVALID);
	check_says("which region");
	check_ok(kase_close_because(&f->w.rec, f->kase, day("2026-02-01"),
				    "goals-met"));
	check_ok(kase_get(f->w.db, f->kase, &k));
	assert_string_equal(k.close_reason, "goals-met");
}

static void moving_closes_what_is_open(void **state)
{
	struct fix *f = *state;
	struct need n;
	struct kase k;

	assert_int_equal(kase_move_region(&f->w.rec, f->kase, "North Central",
					  day("2026-03-01")),
			 E_INVALID);
	check_ok(kase_move_region(&f->w.rec, f->kase, "north-central",
				  day("2026-03-01")));
	check_ok(kase_get(f->w.db, f->kase, &k));
	assert_string_equal(k.close_reason, "moved-region");
	assert_string_equal(k.moved_region, "north-central");
	check_ok(need_get(f->w.db, f->need, &n));
	assert_string_equal(n.reason, "MOVED_AGED_OUT");
	assert_int_equal(kase_move_region(&f->w.rec, f->kase, "eastern",
					  day("2026-03-01")),
			 E_STATE);
}

static int note_reopening(void *arg, const struct kase_reopening *o)
{
	*(struct kase_reopening *)arg = *o;
	return 0;
}

static void a_closed_case_goes_on(void **state)
{
	struct fix *f = *state;
	struct kase_reopening o = {0};
	int64_t other;
	struct kase k;

	assert_int_equal(
		kase_reopen(&f->w.rec, f->kase, day("2026-04-01"), NULL),
		E_STATE);
	check_says("is open");
	check_ok(kase_move_region(&f->w.rec, f->kase, "eastern",
				  day("2026-03-01")));
	assert_int_equal(
		kase_reopen(&f->w.rec, f->kase, day("2026-02-28"), NULL),
		E_INVALID);
	check_ok(kase_reopen(&f->w.rec, f->kase, day("2026-04-01"),
			     "came back"));
	check_ok(kase_get(f->w.db, f->kase, &k));
	assert_int_equal(k.closed, NO_DATE);
	assert_string_equal(k.close_reason, "");
	assert_string_equal(k.moved_region, "");
	check_ok(kase_reopenings(f->w.db, f->kase, note_reopening, &o));
	assert_int_equal(o.closed, day("2026-03-01"));
	assert_string_equal(o.close_reason, "moved-region");
	assert_string_equal(o.why, "came back");
	/* Not beside another open one, and not if it was a mistake. */
	check_ok(kase_close(&f->w.rec, f->kase, day("2026-05-01")));
	check_ok(kase_open(&f->w.rec, f->child, day("2026-05-02"), &other));
	assert_int_equal(
		kase_reopen(&f->w.rec, f->kase, day("2026-06-01"), NULL),
		E_EXISTS);
	check_ok(kase_error(&f->w.rec, other));
	assert_int_equal(kase_reopen(&f->w.rec, other, day("2026-06-30"), NULL),
			 E_STATE);
	check_says("opened in error");
	check_ok(kase_reopen(&f->w.rec, f->kase, day("2026-06-01"), NULL));
}

static int note_first(void *arg, const struct coordinator *c)
{
	struct coordinator *first = arg;

	if (first->id == 0)
		*first = *c;
	return 0;
}

static struct coordinator leading(struct fix *f)
{
	struct coordinator c = {0};

	check_ok(coordinator_list(f->w.db, f->kase, note_first, &c));
	return c;
}

static void one_coordinator_leads(void **state)
{
	struct fix *f = *state;
	struct coordinator c = {.name = "Cy Notreal",
				.program = "Birth to Three",
				.leads = true,
				.since = NO_DATE,
				.until = NO_DATE};
	int64_t a, b;

	c.kase = f->kase;
	check_ok(coordinator_add(&f->w.rec, &c, &a));
	put(c.name, "Di Notreal");
	put(c.program, "Child welfare");
	check_ok(coordinator_add(&f->w.rec, &c, &b));
	assert_int_equal(leading(f).id, b);
	check_ok(coordinator_lead(&f->w.rec, f->kase, a));
	assert_int_equal(leading(f).id, a);
	check_ok(coordinator_lead(&f->w.rec, f->kase, 0));
	assert_false(leading(f).leads);
	check_ok(coordinator_end(&f->w.rec, a, day("2026-02-01")));
	assert_int_equal(coordinator_lead(&f->w.rec, f->kase, a), E_STATE);
	assert_int_equal(coordinator_end(&f->w.rec, a, day("2026-02-01")),
			 E_STATE);
	put(c.program, "");
	assert_int_equal(coordinator_add(&f->w.rec, &c, &a), E_INVALID);
	check_says("and the program");
	put(c.program, "X");
	c.kase = 99;
	assert_int_equal(coordinator_add(&f->w.rec, &c, &a), E_NOTFOUND);
	assert_int_equal(coordinator_lead(&f->w.rec, 99, 0), E_NOTFOUND);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(intake_gives_back_what_was_given),
		T(intake_refuses_wrong_values),
		T(a_closed_case_says_why),
		T(moving_closes_what_is_open),
		T(a_closed_case_goes_on),
		T(one_coordinator_leads),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
