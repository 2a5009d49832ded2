#include "tests/unit/node_world.h"

#include "regional/release/facts.h"

static int set_up(void **state)
{
	static struct node_world w;

	node_world_init(&w, NETWORK_SYNTHETIC, -1);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	node_world_fini(*state);
	return 0;
}

struct seen {
	int n;
	struct fact fact[64];
	int stop_at;
};

static int see(void *arg, const struct fact *f)
{
	struct seen *s = arg;

	assert_true(s->n < 64);
	s->fact[s->n++] = *f;
	return s->n == s->stop_at ? 42 : 0;
}

static int run_sql(struct node_world *w, const char *sql, int deadline_ms,
		   struct seen *s)
{
	struct fact_table t = *node_world_table(w, "referrals_90d");
	struct db *ro;
	int r;

	memset(s, 0, sizeof *s);
	t.sql = (char *)sql; /* only read */
	check_ok(node_reader(w->n, &ro));
	r = facts_each(ro, &t, w->n->rec.words, date_from_ymd(2026, 6, 30),
		       deadline_ms, see, s);
	db_close(ro);
	return r;
}

static void facts_come_in_order_through_the_day(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = node_world_table(w, "referrals_90d");
	struct seen s;

	node_world_refer(w, 1, "food", "2026-06-30", "2026-07-05");
	node_world_refer(w, 1, "housing", "2026-05-01", NULL);
	node_world_refer(w, 1, "food", "2026-07-01", NULL);
	check_ok(run_sql(w, t->sql, 10000, &s));
	assert_int_equal(s.n, 2);
	assert_int_equal(s.fact[0].occurrence, 2);
	assert_int_equal(s.fact[0].child, 2);
	assert_int_equal(s.fact[0].day, date_from_ymd(2026, 5, 1));
	assert_int_equal(s.fact[0].outcome, fact_table_outcome(t, "no_reason"));
	assert_int_equal(s.fact[1].occurrence, 1);
	assert_int_equal(s.fact[1].outcome,
			 fact_table_outcome(t, "linked_0_15"));
	assert_int_not_equal(s.fact[0].stratum, s.fact[1].stratum);
}

static void callback_stops(void **state)
{
	struct node_world *w = *state;
	struct seen s = {.stop_at = 1};
	struct db *ro;

	node_world_refer(w, 3, "food", "2026-06-01", NULL);
	check_ok(node_reader(w->n, &ro));
	assert_int_equal(facts_each(ro, node_world_table(w, "referrals_90d"),
				    w->n->rec.words, date_from_ymd(2026, 6, 30),
				    10000, see, &s),
			 42);
	assert_int_equal(s.n, 1);
	db_close(ro);
}

/* Whatever a fact table's file says, a name never comes out of it. */
static void nothing_but_fact_views_is_read(void **state)
{
	static const char *const SQL[] = {
		"SELECT id AS occurrence, id AS child, birth AS date, given AS "
		"stratum, sex AS outcome FROM child",
		"SELECT referral AS occurrence, child, sent AS date, (SELECT "
		"given FROM child c WHERE c.id = f.child) AS stratum, 'x' AS "
		"outcome FROM fact_referral f",
		"WITH fact_referral AS (SELECT id, given, birth FROM child) "
		"SELECT id AS occurrence, id AS child, birth AS date, given AS "
		"stratum, 'x' AS outcome FROM fact_referral",
		"WITH fact_x AS (SELECT * FROM child) SELECT id AS occurrence, "
		"id AS child, birth AS date, family AS stratum, 'x' AS outcome "
		"FROM fact_x",
		"SELECT referral AS occurrence, child, sent AS date, need AS "
		"stratum, 'no_reason' AS outcome FROM fact_referral WHERE "
		"EXISTS (SELECT 1 FROM child WHERE zip = '06103')",
		/* What the views stand on, but not through them. */
		"SELECT id AS occurrence, id AS child, sent AS date, 'food' AS "
		"stratum, 'no_reason' AS outcome FROM referral",
		"SELECT 1 AS occurrence, 1 AS child, '2026-06-01' AS date, "
		"name "
		"AS stratum, 'x' AS outcome FROM pragma_table_info('child')",
		"SELECT 1 AS occurrence, 1 AS child, '2026-06-01' AS date, "
		"name "
		"AS stratum, 'x' AS outcome FROM sqlite_schema",
		"SELECT 1 AS occurrence, 1 AS child, '2026-06-01' AS date, "
		"load_extension('x') AS stratum, 'x' AS outcome",
		"SELECT 1 AS occurrence, 1 + random() % 2 AS child, "
		"'2026-06-01' AS date, 'food' AS stratum, 'no_reason' AS "
		"outcome",
		"WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM "
		"r) SELECT n AS occurrence, 1 AS child, '2026-06-01' AS date, "
		"'food' AS stratum, 'no_reason' AS outcome FROM r",
	};
	struct node_world *w = *state;
	struct seen s;

	node_world_refer(w, 2, "food", "2026-06-01", NULL);
	for (size_t i = 0; i < sizeof SQL / sizeof SQL[0]; i++) {
		int r = run_sql(w, SQL[i], 10000, &s);

		if (r != E_DENIED && r != E_DB)
			fail_msg("%s: %d", SQL[i], r);
		assert_int_equal(s.n, 0);
	}
}

static void statements_are_not_run(void **state)
{
	static const char *const SQL[] = {
		"SELECT 1); ATTACH 'x.db' AS x; SELECT (1",
		"PRAGMA table_info(child)",
		"ATTACH 'x.db' AS x",
		"DELETE FROM child RETURNING id",
	};
	struct node_world *w = *state;
	struct seen s;

	node_world_refer(w, 2, "food", "2026-06-01", NULL);
	for (size_t i = 0; i < sizeof SQL / sizeof SQL[0]; i++) {
		assert_true(run_sql(w, SQL[i], 10000, &s) < 0);
		assert_int_equal(s.n, 0);
	}
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM child"), 2);
}

static void deadline_ends_it(void **state)
{
	struct node_world *w = *state;
	struct seen s;
	int64_t start;

	node_world_refer(w, 300, "food", "2026-06-01", NULL);
	start = clock_mono_ms(clock_system());
	assert_int_equal(run_sql(w,
				 "SELECT count(*) AS occurrence, 1 AS child, "
				 "'2026-06-01' AS date, 'food' AS stratum, "
				 "'no_reason' AS outcome FROM fact_referral a, "
				 "fact_referral b, fact_referral c, "
				 "fact_referral d WHERE a.sent || b.sent || "
				 "c.sent || d.sent <> ''",
				 100, &s),
			 E_TIMEOUT);
	check_says("takes too long");
	assert_true(clock_mono_ms(clock_system()) - start < 5000);
}

static void wrong_rows_are_named(void **state)
{
	static const struct {
		const char *sql, *says;
	} ROW[] = {
		{"SELECT 7 AS occurrence, 1 AS child, '2026-06-01' AS date, "
		 "'astrology' AS stratum, 'no_reason' AS outcome",
		 "occurrence 7 has a stratum"},
		{"SELECT 7 AS occurrence, 1 AS child, '2026-06-01' AS date, "
		 "'food' AS stratum, 'happy' AS outcome",
		 "occurrence 7 has an outcome"},
		/* Not a leaf. */
		{"SELECT 7 AS occurrence, 1 AS child, '2026-06-01' AS date, "
		 "'food' AS stratum, 'linked' AS outcome",
		 "occurrence 7 has an outcome"},
		{"SELECT 7 AS occurrence, 1 AS child, NULL AS date, "
		 "'food' AS stratum, 'no_reason' AS outcome",
		 "occurrence 7 has no date"},
		{"SELECT 7 AS occurrence, 1 AS child, '2026-02-30' AS date, "
		 "'food' AS stratum, 'no_reason' AS outcome",
		 "occurrence 7 has no date"},
		{"SELECT 7 AS occurrence, NULL AS child, '2026-06-01' AS date, "
		 "'food' AS stratum, 'no_reason' AS outcome",
		 "occurrence 7 has no child"},
		{"SELECT NULL AS occurrence, 1 AS child, '2026-06-01' AS date, "
		 "'food' AS stratum, 'no_reason' AS outcome",
		 "has no number"},
	};
	struct node_world *w = *state;
	struct seen s;

	for (size_t i = 0; i < sizeof ROW / sizeof ROW[0]; i++) {
		assert_int_equal(run_sql(w, ROW[i].sql, 10000, &s), E_INVALID);
		check_says(ROW[i].says);
	}
}

/* The connection is as free afterwards as it was. */
static void connection_is_given_back(void **state)
{
	struct node_world *w = *state;
	struct seen s = {0};
	struct db *ro;
	int64_t n;

	node_world_refer(w, 2, "food", "2026-06-01", NULL);
	check_ok(node_reader(w->n, &ro));
	check_ok(facts_each(ro, node_world_table(w, "referrals_90d"),
			    w->n->rec.words, date_from_ymd(2026, 6, 30), 10000,
			    see, &s));
	check_ok(db_int(ro, &n, "SELECT count(*) FROM child", ""));
	assert_int_equal(n, 2);
	db_close(ro);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			facts_come_in_order_through_the_day, set_up, tear_down),
		cmocka_unit_test_setup_teardown(callback_stops, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(nothing_but_fact_views_is_read,
						set_up, tear_down),
		cmocka_unit_test_setup_teardown(statements_are_not_run, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(deadline_ends_it, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(wrong_rows_are_named, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(connection_is_given_back,
						set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
