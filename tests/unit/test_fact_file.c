#include "tests/lib/check.h"

#include "daemon/core/db.h"
#include "daemon/core/disk.h"
#include "proto/catalogue.h"
#include "proto/vocabulary.h"
#include "tests/lib/scratch.h"

/* The SQL of the shipped fact tables, on both sides of every day that it
 * looks at. What is wrong in a file is test_catalogue's. */
struct fix {
	struct catalogue *c;
	char *dir;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	*state = f;
	f->dir = scratch_new();
	check_ok(catalogue_load(&f->c, source_path("proto")));
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	catalogue_free(f->c);
	scratch_free(f->dir);
	mem_free(f);
	return 0;
}

static const struct fact_table *table(struct fix *f, const char *id)
{
	int i = catalogue_find_table(f->c, id);

	assert_true(i >= 0);
	return catalogue_table(f->c, i);
}

/* What was known on day 90 and day 30, on a stand-in for the node's view. */
static const char *const fact_referral =
	"CREATE TABLE fact_referral (referral INTEGER, child INTEGER,"
	" need TEXT, sent TEXT, accepted TEXT, answer TEXT, answered TEXT,"
	" contacted TEXT, received TEXT, addressed TEXT, satisfied TEXT,"
	" reason TEXT, reason_on TEXT, status TEXT, age_band TEXT)";

static void check_outcome(struct db *db, const struct fact_table *t,
			  const char *want)
{
	struct rows r;

	check_ok(db_rows(db, &r, t->sql, ""));
	assert_int_equal(rows_next(&r), ROWS_ROW);
	assert_int_equal(rows_columns(&r), 5);
	assert_int_equal(rows_int(&r, 0), 7);
	assert_int_equal(rows_int(&r, 1), 3);
	assert_string_equal(rows_text(&r, 2), "2026-01-01");
	assert_string_equal(rows_text(&r, 3), "food");
	assert_string_equal(rows_text(&r, 4), want);
	assert_true(fact_table_outcome(t, want) >= 0);
	assert_int_equal(rows_next(&r), ROWS_DONE);
	rows_end(&r);
}

static struct db *referrals(struct fix *f)
{
	struct db *db = NULL;

	check_ok(db_open(&db, disk_system(), scratch_path(f->dir, "db"),
			 DB_CREATE));
	check_ok(db_script(db, "DROP TABLE IF EXISTS fact_referral"));
	check_ok(db_script(db, fact_referral));
	check_ok(db_run(db,
			"INSERT INTO fact_referral (referral, child, need,"
			" sent) VALUES (7, 3, 'food', '2026-01-01')",
			""));
	return db;
}

static void linked_by_day_90_is_told_apart(void **state)
{
	static const struct {
		const char *received, *reason, *on, *want;
	} row[] = {
		{"2026-01-01", NULL, NULL, "linked_0_15"},
		{"2026-01-16", NULL, NULL, "linked_0_15"},
		{"2026-01-17", NULL, NULL, "linked_16_30"},
		{"2026-01-31", NULL, NULL, "linked_16_30"},
		{"2026-02-01", NULL, NULL, "linked_31_60"},
		{"2026-03-02", NULL, NULL, "linked_31_60"},
		{"2026-03-03", NULL, NULL, "linked_61_90"},
		{"2026-04-01", NULL, NULL, "linked_61_90"},
		/* Day 91: as if it had not been. */
		{"2026-04-02", NULL, NULL, "no_reason"},
		{"2026-04-02", "DECLINED", "2026-04-01", "choice"},
		{NULL, "DECLINED", "2026-04-02", "no_reason"},
		{NULL, "DECLINED", NULL, "no_reason"},
		{NULL, NULL, NULL, "no_reason"},
		/* A reason before it worked out after all. */
		{"2026-02-01", "WAITLIST", "2026-01-05", "linked_31_60"},
	};
	struct fix *f = *state;
	struct db *db = referrals(f);

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		check_ok(db_run(db,
				"UPDATE fact_referral SET received = ?,"
				" reason = ?, reason_on = ?",
				"sss", row[i].received, row[i].reason,
				row[i].on));
		check_outcome(db, table(f, "referrals_90d"), row[i].want);
	}
	db_close(db);
}

/* Each class of barriers leads to one outcome, but the class barrier to three.
 * A code added to the vocabulary must be decided upon here. */
static void every_barrier_has_its_outcome(void **state)
{
	static const char *const by_class[] = {
		"no_service", NULL, "not_reached", "choice", "other"};
	static const char *const by_code[] = {NULL,
					      "no_opening",
					      "no_opening",
					      "not_eligible",
					      "not_eligible",
					      "hard_to_reach",
					      "hard_to_reach",
					      "hard_to_reach",
					      "not_eligible",
					      "hard_to_reach",
					      "hard_to_reach"};
	struct fix *f = *state;
	const struct vocabulary *v = catalogue_vocabulary(f->c);
	struct db *db = referrals(f);

	assert_int_equal(vocabulary_count(v, WORDS_BARRIER), 20);
	for (int i = 0; i < 20; i++) {
		const struct word *w = vocabulary_word(v, WORDS_BARRIER, i);
		const char *want = by_class[w->group];

		if (!want)
			want = by_code[i];
		if (strcmp(w->id, "UNKNOWN") == 0)
			want = "no_reason";
		check_ok(db_run(db,
				"UPDATE fact_referral SET reason = ?,"
				" reason_on = '2026-02-01'",
				"s", w->id));
		check_outcome(db, table(f, "referrals_90d"), want);
	}
	db_close(db);
}

static void answers_by_day_30_are_told_apart(void **state)
{
	static const struct {
		const char *accepted, *answer, *on, *want;
	} row[] = {
		{"2026-01-03", "accepted", "2026-01-03", "accepted_0_2"},
		{"2026-01-04", "accepted", "2026-01-04", "accepted_3_7"},
		{"2026-01-08", "waitlist", "2026-01-02", "accepted_3_7"},
		{"2026-01-09", "accepted", "2026-01-09", "accepted_8_14"},
		{"2026-01-16", "accepted", "2026-01-16", "accepted_15_30"},
		{"2026-01-31", "accepted", "2026-01-31", "accepted_15_30"},
		{"2026-02-01", "accepted", "2026-02-01", "no_answer"},
		{"2026-02-01", "waitlist", "2026-01-31", "waitlist"},
		{NULL, "no-capacity", "2026-01-02", "no_capacity"},
		{NULL, "rejected", "2026-01-02", "rejected"},
		{NULL, "rejected", "2026-02-01", "no_answer"},
		{NULL, "additional-assessment-required", "2026-01-02",
		 "no_answer"},
		{NULL, NULL, NULL, "no_answer"},
	};
	struct fix *f = *state;
	struct db *db = referrals(f);

	for (size_t i = 0; i < sizeof row / sizeof row[0]; i++) {
		check_ok(db_run(db,
				"UPDATE fact_referral SET accepted = ?,"
				" answer = ?, answered = ?",
				"sss", row[i].accepted, row[i].answer,
				row[i].on));
		check_outcome(db, table(f, "referrals_sent"), row[i].want);
	}
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(linked_by_day_90_is_told_apart),
		cmocka_unit_test(every_barrier_has_its_outcome),
		cmocka_unit_test(answers_by_day_30_are_told_apart),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
