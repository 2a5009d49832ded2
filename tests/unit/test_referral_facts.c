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

static void text_is(struct fix *f, const char *sql, const char *want)
{
	char text[64] = "?";

	check_ok(db_text(f->w.db, text, sizeof text, sql, ""));
	assert_string_equal(text, want);
}

static void facts_are_sent_and_no_error(void **state)
{
	struct fix *f = *state;
	int64_t id;

	draft(f, "2026-02-01");
	id = sent(f, "2026-02-02");
	sent(f, "2026-02-03");
	check_ok(referral_move(&f->w.rec, id, REFERRAL_ENTERED_IN_ERROR,
			       day("2026-02-04"), NULL));
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM fact_referral"), 1);
	text_is(f,
		"SELECT child || need || sent || status || age_band"
		" FROM fact_referral",
		"1food2026-02-03requested6-11");
	check_ok(kase_error(&f->w.rec, 1));
	assert_int_equal(
		case_world_int(&f->w, "SELECT count(*) FROM fact_referral"), 0);
}

/* The view's columns, in order: fact tables are written against them. */
static void fact_columns_are_stable(void **state)
{
	static const char *const want[] = {
		"referral",  "child",	 "need",      "sent",	  "accepted",
		"answer",    "answered", "contacted", "received", "addressed",
		"satisfied", "reason",	 "reason_on", "status",	  "age_band",
	};
	struct fix *f = *state;
	struct rows r;

	check_ok(db_rows(f->w.db, &r, "SELECT * FROM fact_referral", ""));
	assert_int_equal(rows_columns(&r), 15);
	for (int i = 0; i < 15; i++)
		assert_string_equal(rows_name(&r, i), want[i]);
	rows_end(&r);
}

/* On the day before a birthday and on it, for every age. */
static void age_band_is_the_vocabularys(void **state)
{
	struct fix *f = *state;
	int64_t id = sent(f, "2026-02-01");
	char band[VOCABULARY_ID];

	for (int age = 0; age <= 25; age++) {
		for (int before = 0; before < 2; before++) {
			int years = age - before;
			const struct word *w = NULL;
			int32_t birth =
				date_from_ymd(2026 - age, 2, 1 + before);

			if (years < 0)
				continue;
			check_ok(referral_reband(&f->w.rec, 1, birth));
			check_ok(db_text(f->w.db, band, sizeof band,
					 "SELECT age_band FROM referral"
					 " WHERE id = ?",
					 "i", id));
			w = vocabulary_word(
				f->w.words, WORDS_AGE,
				vocabulary_find(f->w.words, WORDS_AGE, band));
			assert_true(years >= w->age_from);
			/* Who is older than all is in the oldest. */
			assert_true(years <= w->age_to || w->age_to == 21);
		}
	}
}

static void corrected_birth_moves_the_band(void **state)
{
	struct fix *f = *state;
	struct child c;

	sent(f, "2026-02-01");
	check_ok(child_get(f->w.db, 1, &c));
	c.birth = day("2011-02-02");
	check_ok(child_update(&f->w.rec, &c));
	text_is(f, "SELECT age_band FROM fact_referral", "14-17");
}

#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(facts_are_sent_and_no_error),
		T(fact_columns_are_stable),
		T(age_band_is_the_vocabularys),
		T(corrected_birth_moves_the_band),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
