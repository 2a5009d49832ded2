#include "tests/unit/node_world.h"

#include "regional/release/release.h"

/* Months close from January 2026 on. referrals_sent matures in 30 days and
 * settles in 10: January is due on 13 March. */
enum { FIRST = 2026 * 12 };

static int set_up(void **state)
{
	static struct node_world w;

	node_world_init(&w, NETWORK_SYNTHETIC, FIRST);
	node_world_join(&w);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	node_world_fini(*state);
	return 0;
}

static const struct fact_table *sent_table(struct node_world *w)
{
	return node_world_table(w, "referrals_sent");
}

static int close_on(struct node_world *w, int month, int day)
{
	int closed = 0;

	check_ok(release_close(w->n, date_from_ymd(2026, month, day), &closed,
			       NULL, NULL));
	return closed;
}

static void load(struct node_world *w, int32_t month, uint32_t version,
		 struct release *out)
{
	struct release_key k = {"referrals_sent", month, 1, version};
	unsigned char *bytes;
	size_t len;

	check_ok(release_bytes(w->n, &k, &bytes, &len));
	check_ok(codec_release_parse(bytes, len, out));
	mem_free(bytes);
}

static int64_t total(const struct release *r, int view)
{
	int64_t sum = 0;

	for (int i = 0; i < r->n_groups; i++) {
		for (int o = 0; r->group[i].view == view && o < r->group[i].n;
		     o++)
			sum += r->group[i].count[o];
	}
	return sum;
}

static struct account account(struct node_world *w, int view)
{
	struct account a;

	check_ok(release_account(w->n, sent_table(w), view, &a));
	assert_int_equal(a.facts,
			 a.published + a.waiting + a.withheld + a.drift);
	return a;
}

static void months_fall_due(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = sent_table(w);

	assert_int_equal(release_due(w->n, t, date_from_ymd(2026, 3, 12)),
			 FIRST - 1);
	assert_int_equal(release_due(w->n, t, date_from_ymd(2026, 3, 13)),
			 FIRST);
	assert_int_equal(release_due(w->n, t, date_from_ymd(2025, 1, 1)),
			 FIRST - 1);
	assert_int_equal(release_due(w->n, t, date_from_ymd(2026, 11, 24)),
			 FIRST + 8);
	assert_int_equal(close_on(w, 3, 12), 0);
	assert_int_equal(close_on(w, 3, 13), 1);
	assert_int_equal(close_on(w, 3, 13), 0);
}

static void table_starts_when_it_says(void **state)
{
	struct node_world *w = *state;
	struct fact_table t = *sent_table(w);

	t.starts = FIRST + 6;
	assert_int_equal(release_due(w->n, &t, date_from_ymd(2026, 3, 13)),
			 FIRST + 5);
	assert_int_equal(release_due(w->n, &t, date_from_ymd(2026, 11, 24)),
			 FIRST + 8);
}

static void refuse_close(struct node_world *w, const char *sql,
			 const char *says)
{
	int closed;

	check_ok(db_script(w->n->db, sql));
	check_ok(node_reload(w->n));
	assert_int_equal(release_close(w->n, date_from_ymd(2026, 6, 1), &closed,
				       NULL, NULL),
			 E_STATE);
	check_says(says);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release"),
			 0);
}

static void closing_waits_for_what_it_needs(void **state)
{
	struct node_world *w = *state;

	refuse_close(w, "UPDATE node SET history_in = 0", "history");
	refuse_close(w, "UPDATE node SET history_in = 1, hub_off_ms = 86400000",
		     "clock");
	refuse_close(w, "UPDATE node SET hub_off_ms = -86400000", "clock");
	refuse_close(w, "UPDATE node SET hub_off_ms = 86399999, epoch = 2",
		     "what it holds");
	refuse_close(w, "UPDATE node SET hello_epoch = NULL", "what it holds");
	check_ok(db_script(w->n->db, "UPDATE node SET hello_epoch = 2"));
	check_ok(node_reload(w->n));
	assert_true(close_on(w, 6, 1) > 0);
}

static void node_that_has_not_joined_closes_nothing(void **state)
{
	struct node_world *w = *state;
	int closed;

	w->n->joined = false;
	assert_int_equal(release_close(w->n, date_from_ymd(2026, 6, 1), &closed,
				       NULL, NULL),
			 E_STATE);
	check_says("ccfed node join");
	w->n->joined = true;
}

static void empty_month_makes_a_release(void **state)
{
	struct node_world *w = *state;
	struct release r;

	assert_int_equal(close_on(w, 3, 13), 1);
	load(w, FIRST, 1, &r);
	assert_int_equal(r.n_groups, 0);
	assert_string_equal(r.region, "eastern");
	assert_int_equal(r.floor, 11);
	assert_memory_equal(r.table_hash, sent_table(w)->hash, 32);
	release_fini(&r);
}

static void late_facts_count_in_the_open_month(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 5, "food", "2026-01-10", NULL);
	/* Before the first month: counts nowhere. */
	node_world_refer(w, 3, "food", "2025-12-31", NULL);
	close_on(w, 3, 13);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM counted"),
			 5);
	node_world_refer(w, 2, "food", "2026-01-20", NULL);
	node_world_refer(w, 4, "food", "2026-02-03", NULL);
	close_on(w, 4, 10);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM counted "
					     "WHERE closing = 24313 "
					     "AND table_id = 'referrals_sent'"),
			 6);
	/* Each once, whatever closes later. */
	close_on(w, 5, 20);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM counted "
					     "WHERE table_id = "
					     "'referrals_sent'"),
			 11);
	assert_int_equal(account(w, 0).facts, 11);
	assert_int_equal(account(w, 0).drift, 0);
}

/* Months that close together count what each would have counted alone. */
static void months_that_close_together_count_their_own(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 2, "food", "2026-01-31", NULL);
	node_world_refer(w, 3, "food", "2026-02-01", NULL);
	node_world_refer(w, 4, "food", "2026-03-31", NULL);
	assert_true(close_on(w, 5, 20) >= 3);
	for (int m = 0; m < 3; m++) {
		int64_t n = 0;

		check_ok(db_int(w->n->db, &n,
				"SELECT count(*) FROM counted WHERE closing = ?"
				" AND table_id = 'referrals_sent'",
				"i", (int64_t)FIRST + m));
		assert_int_equal(n, 2 + m);
	}
}

/* Nothing more of a frozen half-year leaves; what is late counts there. */
static void frozen_half_year_tells_nothing(void **state)
{
	struct node_world *w = *state;
	struct release r;

	close_on(w, 3, 13);
	check_ok(db_run(w->n->db, "UPDATE closing_state SET frozen = 1", ""));
	node_world_refer(w, 60, "food", "2026-02-05", NULL);
	close_on(w, 5, 20);
	load(w, FIRST + 2, 1, &r);
	assert_int_equal(r.n_groups, 0);
	release_fini(&r);
	assert_int_equal(account(w, 0).frozen, 60);
	assert_int_equal(account(w, 0).facts, 0);
}

static void drift_is_counted_one_by_one(void **state)
{
	struct node_world *w = *state;
	struct account a;

	node_world_refer(w, 30, "food", "2026-01-10", NULL);
	close_on(w, 6, 1);
	/* Two vanish, one comes late, three get another outcome. */
	check_ok(db_script(w->n->db,
			   "UPDATE referral SET state = 'entered-in-error' "
			   "WHERE id IN (1, 2);"
			   "UPDATE referral SET accepted = '2026-01-11', "
			   "state = 'accepted' WHERE id IN (5, 6, 7)"));
	node_world_refer(w, 1, "food", "2026-01-15", NULL);
	a = account(w, 0);
	assert_int_equal(a.facts, 29);
	assert_int_equal(a.drift, -1);
	assert_int_equal(a.changed, 3);
	/* Of those not accepted alone: three less by outcome. */
	for (int v = 0; v < sent_table(w)->n_views; v++)
		a = account(w, v);
	a = account(w, 3);
	assert_int_equal(a.facts, 26);
	assert_int_equal(a.drift, -4);
}

static void review_holds_until_approved(void **state)
{
	struct node_world *w = *state;
	int approved;

	w->n->conf.review = true;
	close_on(w, 6, 1);
	assert_true(node_world_count(w, "SELECT count(*) FROM release "
					"WHERE state = 1") >= 3);
	check_ok(release_approve(w->n, "referrals_sent", FIRST, &approved));
	assert_int_equal(approved, 1);
	check_ok(release_approve(w->n, "referrals_90d", 0, &approved));
	check_ok(release_approve(w->n, NULL, 0, &approved));
	assert_true(approved >= 1);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release "
					     "WHERE state = 1"),
			 0);
	check_ok(release_approve(w->n, NULL, 0, &approved));
	assert_int_equal(approved, 0);
}

static void trend_begins_with_quarters_then_by_volume(void **state)
{
	struct node_world *w = *state;
	const struct view *v = &sent_table(w)->view[0];
	int64_t step;

	for (int m = 1; m <= 12; m++) {
		char day[DATE_TEXT];

		date_format(date_from_ymd(2026, m, 5), day);
		node_world_refer(w, 40, "food", day, NULL);
		check_ok(db_run(w->n->db,
				"UPDATE referral SET accepted = sent "
				"WHERE id % 2 = 0 AND sent IS NOT NULL",
				""));
	}
	clock_set_advance(&w->clock, 400 * 86400000LL);
	close_on(w, 13, 1);
	step = node_world_count(w, "SELECT DISTINCT trend_first FROM "
				   "closing_state WHERE half / 2 = 2026");
	assert_int_equal(v->step[step].months, 3);
	close_on(w, 17, 1);
	/* 20 children a month with each outcome: months will do. */
	step = node_world_count(w, "SELECT trend_first FROM closing_state "
				   "WHERE half / 2 = 2027 AND "
				   "table_id = 'referrals_sent'");
	assert_int_equal(v->step[step].months, 1);
}

static void trend_is_fixed_for_the_year(void **state)
{
	struct node_world *w = *state;

	close_on(w, 3, 13);
	check_ok(db_run(w->n->db, "UPDATE closing_state SET trend_first = 2",
			""));
	close_on(w, 11, 20);
	assert_int_equal(node_world_count(w, "SELECT trend_first FROM "
					     "closing_state WHERE half = 4053 "
					     "AND table_id = "
					     "'referrals_sent'"),
			 2);
}

/* Half a year, every month 30 referrals that were accepted and 30 that were
 * not. */
static void fill_half_year(struct node_world *w)
{
	for (int m = 1; m <= 6; m++) {
		char day[DATE_TEXT];

		date_format(date_from_ymd(2026, m, 5), day);
		node_world_refer(w, 60, "food", day, NULL);
	}
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent WHERE id % 2 = 0",
			""));
	close_on(w, 9, 1);
	assert_int_equal(node_world_count(w, "SELECT max(closed) FROM "
					     "closing_state WHERE "
					     "table_id = 'referrals_sent'"),
			 FIRST + 5);
	assert_true(account(w, 0).published > 300);
}

static void gross_error_is_restated(void **state)
{
	struct node_world *w = *state;
	struct release was, now;

	fill_half_year(w);
	/* All of one month were accepted after all. */
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent "
			"WHERE sent = '2026-02-05'",
			""));
	assert_int_equal(account(w, 0).changed, 30);
	close_on(w, 10, 20);
	load(w, FIRST + 2, 1, &was);
	load(w, FIRST + 2, 2, &now);
	/* The month and the quarter that it is in; the others stand. */
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release "
					     "WHERE version = 2 AND "
					     "table_id = 'referrals_sent'"),
			 2);
	assert_int_equal(was.n_groups, now.n_groups);
	assert_int_equal(total(&was, 0), total(&now, 0));
	assert_memory_not_equal(was.group[0].count, now.group[0].count,
				sizeof was.group[0].count);
	assert_int_equal(account(w, 0).changed, 0);
	/* Revision 0 can still be counted. */
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM counted "
					     "WHERE table_id = "
					     "'referrals_sent' AND to_rev = 1"),
			 30);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM counted "
					     "WHERE table_id = "
					     "'referrals_sent' "
					     "AND from_rev = 1"),
			 30);
	release_fini(&was);
	release_fini(&now);
	/* Nothing has changed since: nothing is said again. */
	close_on(w, 11, 20);
	assert_int_equal(node_world_count(w, "SELECT max(version) FROM "
					     "release"),
			 2);
}

static void small_change_is_not_restated(void **state)
{
	struct node_world *w = *state;

	fill_half_year(w);
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent "
			"WHERE sent = '2026-02-05' AND id % 30 = 1",
			""));
	close_on(w, 11, 20);
	assert_int_equal(node_world_count(w, "SELECT max(version) FROM "
					     "release"),
			 1);
	assert_true(account(w, 0).changed > 0);
}

static void frozen_half_year_is_not_restated(void **state)
{
	struct node_world *w = *state;

	fill_half_year(w);
	check_ok(db_run(w->n->db, "UPDATE closing_state SET frozen = 1", ""));
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent "
			"WHERE sent = '2026-02-05'",
			""));
	close_on(w, 11, 20);
	assert_int_equal(node_world_count(w, "SELECT max(version) FROM "
					     "release"),
			 1);
}

/* Taken back one by one, each step is small against the one before, and the
 * sum is compared with every version. */
static void second_restating_is_compared_with_all(void **state)
{
	struct node_world *w = *state;

	fill_half_year(w);
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent "
			"WHERE sent = '2026-02-05'",
			""));
	close_on(w, 10, 20);
	/* 29 of the 30 back: against version 2 much, against 1 one child. */
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = NULL "
			"WHERE sent = '2026-02-05' AND id % 2 = 1 "
			"AND id <> 61",
			""));
	close_on(w, 11, 20);
	assert_int_equal(node_world_count(w, "SELECT max(version) FROM "
					     "release"),
			 2);
}

/* A definition that changes within a half-year stops its table, not the
 * other. */
static void changed_definition_stops_its_table(void **state)
{
	struct node_world *w = *state;
	struct release r;
	unsigned char *bytes;
	int closed;
	size_t len;

	close_on(w, 3, 13);
	load(w, FIRST, 1, &r);
	r.table_hash[0] ^= 1;
	check_ok(codec_release(&r, &bytes, &len));
	check_ok(db_run(w->n->db,
			"UPDATE release SET bytes = ? WHERE table_id = "
			"'referrals_sent'",
			"b", bytes, len));
	mem_free(bytes);
	release_fini(&r);
	log_level(0);
	assert_int_equal(release_close(w->n, date_from_ymd(2026, 6, 1), &closed,
				       NULL, NULL),
			 E_STATE);
	log_level(LOG_LEVEL_ERROR);
	check_says("changed within a half-year");
	assert_true(closed > 0);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release "
					     "WHERE table_id = "
					     "'referrals_sent'"),
			 1);
}

static void put_back_takes_only_this_region(void **state)
{
	struct node_world *w = *state;
	struct release r;
	unsigned char *bytes;
	size_t len;

	close_on(w, 3, 13);
	load(w, FIRST, 1, &r);
	check_ok(codec_release(&r, &bytes, &len));
	/* It is here already, ready: so the hub has it. */
	check_ok(release_put_back(w->n, bytes, len));
	assert_int_equal(node_world_count(w, "SELECT state * 10 + recovered "
					     "FROM release WHERE table_id = "
					     "'referrals_sent'"),
			 42);
	mem_free(bytes);
	snprintf(r.region, sizeof r.region, "northwest");
	check_ok(codec_release(&r, &bytes, &len));
	assert_int_equal(release_put_back(w->n, bytes, len), E_DENIED);
	assert_int_equal(release_put_back(w->n, bytes, len / 2), E_FORMAT);
	mem_free(bytes);
	release_fini(&r);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(months_fall_due),
		TEST(table_starts_when_it_says),
		TEST(closing_waits_for_what_it_needs),
		TEST(node_that_has_not_joined_closes_nothing),
		TEST(empty_month_makes_a_release),
		TEST(late_facts_count_in_the_open_month),
		TEST(months_that_close_together_count_their_own),
		TEST(frozen_half_year_tells_nothing),
		TEST(drift_is_counted_one_by_one),
		TEST(review_holds_until_approved),
		TEST(trend_begins_with_quarters_then_by_volume),
		TEST(trend_is_fixed_for_the_year),
		TEST(gross_error_is_restated),
		TEST(small_change_is_not_restated),
		TEST(frozen_half_year_is_not_restated),
		TEST(second_restating_is_compared_with_all),
		TEST(changed_definition_stops_its_table),
		TEST(put_back_takes_only_this_region),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
