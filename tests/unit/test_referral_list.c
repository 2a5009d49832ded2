#include "tests/unit/case_world.h"

struct fix {
	struct case_world w;
	int64_t need;
};

static int setup(void **state)
{
	static struct fix f;

	case_world_init(&f.w);
	f.need = case_world_need(&f.w);
	case_world_consent(&f.w, 1);
	*state = &f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	case_world_fini(&f->w);
	return 0;
}

static int64_t draft(struct fix *f, const char *on)
{
	int64_t id = 0;

	check_ok(referral_add(&f->w.rec, f->need, 0, 0, day(on), &id));
	return id;
}

static int64_t sent(struct fix *f, const char *on)
{
	int64_t id = draft(f, on);

	check_ok(referral_move(&f->w.rec, id, REFERRAL_REQUESTED, day(on),
			       NULL));
	return id;
}

/* A new referral brought to @s on 2026-02-01 by a way that the drawing has. */
static int note(void *arg, const struct referral *r)
{
	int64_t *seen = arg;

	*seen = *seen * 10 + r->id;
	return 0;
}

static int64_t listed(struct fix *f, int64_t need, int s)
{
	int64_t seen = 0;

	check_ok(referral_list(
		f->w.db,
		&(struct referral_query){.need = need, .state = s, .limit = 10},
		note, &seen));
	return seen;
}

/* All of what @q asks for. */
static int64_t asked(struct fix *f, struct referral_query q)
{
	int64_t seen = 0;

	q.state = -1;
	q.limit = 10;
	check_ok(referral_list(f->w.db, &q, note, &seen));
	return seen;
}

static void list_answers_who_and_where(void **state)
{
	struct fix *f = *state;
	struct organization o = {.name = "Pantry", .active = true};
	int64_t org, own;

	sent(f, "2026-01-10");
	check_ok(organization_add(&f->w.rec, &o, &org));
	own = f->need;
	f->need = case_world_need(&f->w);
	case_world_consent(&f->w, 2);
	check_ok(referral_add(&f->w.rec, f->need, org, 0, day("2026-01-11"),
			      &own));
	sent(f, "2026-01-12");
	check_ok(referral_move(&f->w.rec, 3, REFERRAL_CANCELLED,
			       day("2026-01-13"), "moved away"));
#define ASKED(...) asked(f, (struct referral_query){__VA_ARGS__})
	assert_int_equal(ASKED(.child = 1), 1);
	assert_int_equal(ASKED(.child = 2), 32);
	assert_int_equal(ASKED(.kase = 2), 32);
	assert_int_equal(ASKED(.kase = 2, .open_only = true), 2);
	assert_int_equal(ASKED(.organization = org), 2);
	assert_int_equal(ASKED(.organization = org, .child = 1), 0);
	assert_int_equal(ASKED(.open_only = true), 21);
	assert_int_equal(ASKED(.offset = 1), 21);
#undef ASKED
}

static void list_is_newest_first(void **state)
{
	struct fix *f = *state;
	int64_t other;

	draft(f, "2026-02-01");
	sent(f, "2026-01-15");
	check_ok(need_add(&f->w.rec, 1, "dental", day("2026-01-01"), &other));
	f->need = other;
	draft(f, "2026-03-01");
	assert_int_equal(listed(f, 0, -1), 312);
	assert_int_equal(listed(f, 1, -1), 12);
	assert_int_equal(listed(f, 0, REFERRAL_DRAFT), 31);
	assert_int_equal(listed(f, 1, REFERRAL_REQUESTED), 2);
	assert_int_equal(listed(f, other, REFERRAL_REQUESTED), 0);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(list_is_newest_first),
		T(list_answers_who_and_where),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
