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
	case_world_fini(&((struct fix *)*state)->w);
	return 0;
}

/* Every column of the row, and its steps. */
static void all_of(struct fix *f, int64_t id, char out[800])
{
	check_ok(db_text(
		f->w.db, out, 800,
		"SELECT state || moved || ifnull(sent, '-')"
		" || ifnull(accepted, '-') || ifnull(ended, '-')"
		" || ifnull(answer, '-') || ifnull(answered, '-')"
		" || ifnull(age_band, '-') || ifnull(consent, '-')"
		" || ifnull(capacity, '-') || (SELECT group_concat(state"
		"  || since) FROM referral_status WHERE referral = r.id)"
		" FROM referral r WHERE id = ?",
		"i", id));
}

/* A way to each state but draft. */
static const enum referral_state WAY[][4] = {
	{REFERRAL_REQUESTED},
	{REFERRAL_REQUESTED, REFERRAL_ACCEPTED},
	{REFERRAL_REQUESTED, REFERRAL_REJECTED},
	{REFERRAL_REQUESTED, REFERRAL_CANCELLED},
	{REFERRAL_REQUESTED, REFERRAL_ACCEPTED, REFERRAL_IN_PROGRESS},
	{REFERRAL_REQUESTED, REFERRAL_ACCEPTED, REFERRAL_ON_HOLD},
	{REFERRAL_REQUESTED, REFERRAL_ACCEPTED, REFERRAL_FAILED},
	{REFERRAL_REQUESTED, REFERRAL_ACCEPTED, REFERRAL_COMPLETED},
};

static int64_t by_way(struct fix *f, const enum referral_state way[4])
{
	int64_t id;

	check_ok(
		referral_add(&f->w.rec, f->need, 0, 0, day("2026-02-01"), &id));
	for (int i = 0; i < 4 && way[i] != REFERRAL_DRAFT; i++)
		check_ok(referral_move(&f->w.rec, id, way[i],
				       day("2026-02-01") + i, "because"));
	return id;
}

static void every_step_but_sending_is_taken_back(void **state)
{
	struct fix *f = *state;
	char was[800], now[800];
	int steps = 0;

	for (size_t i = 0; i < sizeof WAY / sizeof *WAY; i++) {
		int64_t id = by_way(f, WAY[i]);
		struct referral r;

		check_ok(referral_get(f->w.db, id, &r));
		for (int to = 0; to < REFERRAL_STATES; to++) {
			if (!referral_may(r.state, (enum referral_state)to))
				continue;
			all_of(f, id, was);
			check_ok(referral_move(&f->w.rec, id,
					       (enum referral_state)to,
					       day("2026-03-01"), "because"));
			check_ok(referral_back(&f->w.rec, id, "Wrong button"));
			all_of(f, id, now);
			assert_string_equal(now, was);
			steps++;
		}
	}
	assert_true(steps > 20);
}

static void another_answer_becomes_the_first_again(void **state)
{
	struct fix *f = *state;
	int64_t id = by_way(f, WAY[0]);
	char was[800], now[800];

	check_ok(referral_answer(&f->w.rec, id, day("2026-03-05"), "waitlist",
				 NULL));
	all_of(f, id, was);
	check_ok(referral_move(&f->w.rec, id, REFERRAL_ACCEPTED,
			       day("2026-03-01"), NULL));
	check_ok(referral_back(&f->w.rec, id, "Another family's"));
	all_of(f, id, now);
	assert_string_equal(now, was);
}

static void what_cannot_be_taken_back_is_said(void **state)
{
	struct fix *f = *state;
	int64_t id = by_way(f, WAY[0]);

	assert_int_equal(referral_back(&f->w.rec, id, ""), E_INVALID);
	check_says("why");
	assert_int_equal(referral_back(&f->w.rec, id, "No"), E_STATE);
	check_says("its receiver knows");
	check_ok(
		referral_add(&f->w.rec, f->need, 0, 0, day("2026-02-01"), &id));
	assert_int_equal(referral_back(&f->w.rec, id, "No"), E_STATE);
	check_says("no step");
	assert_int_equal(referral_back(&f->w.rec, 999, "No"), E_NOTFOUND);
	id = by_way(f, WAY[1]);
	check_ok(referral_back(&f->w.rec, id, "Wrong button"));
	assert_int_equal(case_world_int(&f->w,
					"SELECT count(*) FROM audit WHERE"
					" field = 'taken_back'"),
			 1);
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM history WHERE"
				      " field = 'state' AND was = 'accepted'"),
		1);
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(every_step_but_sending_is_taken_back),
		T(another_answer_becomes_the_first_again),
		T(what_cannot_be_taken_back_is_said),
	};

	return cmocka_run_group_tests_name("referral_back", tests, NULL, NULL);
}
