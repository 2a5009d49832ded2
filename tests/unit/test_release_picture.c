#include "tests/unit/node_world.h"

#include "proto/picture.h"
#include "regional/release/facts.h"
#include "regional/release/our_numbers.h"
#include "regional/release/release.h"

/* Pictures close with their month: January 2026 is the first. */
enum { FIRST = 2026 * 12, MARCH = FIRST + 2, JUNE = FIRST + 5 };

static int set_up(void **state)
{
	static struct node_world w;

	node_world_init(&w, NETWORK_SYNTHETIC, FIRST);
	node_world_whole(&w);
	node_world_join(&w);
	*state = &w;
	return 0;
}

static int tear_down(void **state)
{
	node_world_fini(*state);
	return 0;
}

static void close_on(struct node_world *w, int year, int month, int day)
{
	int closed = 0;

	check_ok(release_close(w->n, date_from_ymd(year, month, day), &closed,
			       NULL, NULL));
	assert_true(closed > 0);
}

static void load(struct node_world *w, const char *table, int32_t month,
		 struct release *out)
{
	struct release_key k = {.closing = month, .epoch = 1, .version = 1};
	unsigned char *bytes;
	size_t len;

	snprintf(k.table, sizeof k.table, "%s", table);
	check_ok(release_bytes(w->n, &k, &bytes, &len));
	check_ok(codec_release_parse(bytes, len, out));
	mem_free(bytes);
}

static int groups(struct node_world *w, const char *table, int32_t month)
{
	struct release r;
	int n;

	load(w, table, month, &r);
	n = r.n_groups;
	/* A picture states no bound, whatever it holds back. */
	assert_int_equal(r.n_bounds, 0);
	release_fini(&r);
	return n;
}

static int64_t counted(struct node_world *w, int32_t month)
{
	int64_t n;

	check_ok(db_int(w->n->db, &n,
			"SELECT count(*) FROM counted WHERE table_id = "
			"'stock_referrals' AND closing = ?",
			"i", (int64_t)month));
	return n;
}

static void a_picture_closes_with_its_quarter(void **state)
{
	struct node_world *w = *state;
	struct release r;

	node_world_refer(w, 30, "food", "2026-02-01", NULL);
	close_on(w, 2026, 4, 20);
	assert_int_equal(groups(w, "stock_referrals", FIRST), 0);
	assert_int_equal(groups(w, "stock_referrals", FIRST + 1), 0);
	load(w, "stock_referrals", MARCH, &r);
	assert_int_equal(r.n_groups, 2);
	assert_int_equal(r.group[0].view, 0);
	assert_int_equal(r.group[0].period.months, 1);
	assert_int_equal(r.group[0].count[0], 30);
	assert_int_equal(r.group[0].count[1], 0);
	release_fini(&r);
	/* The same thirty again, and nobody came or left. */
	close_on(w, 2026, 7, 20);
	assert_int_equal(counted(w, MARCH), 30);
	assert_int_equal(counted(w, JUNE), 30);
	assert_int_equal(groups(w, "stock_referrals", JUNE), 2);
}

static void few_who_left_keep_a_picture_back(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 30, "food", "2026-02-01", NULL);
	close_on(w, 2026, 4, 20);
	check_ok(db_script(w->n->db, "UPDATE referral SET received = "
				     "'2026-05-01' WHERE id <= 3"));
	node_world_refer(w, 20, "food", "2026-05-01", NULL);
	close_on(w, 2026, 7, 20);
	assert_int_equal(counted(w, JUNE), 47);
	assert_int_equal(groups(w, "stock_referrals", JUNE), 0);
}

static void what_is_recorded_late_is_in_no_picture(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = node_world_table(w, "stock_referrals");
	struct account a;
	int64_t late = 0;

	node_world_refer(w, 30, "food", "2026-02-01", NULL);
	close_on(w, 2026, 4, 20);
	node_world_refer(w, 12, "food", "2026-03-01", NULL);
	close_on(w, 2026, 5, 20);
	assert_int_equal(counted(w, MARCH), 30);
	assert_int_equal(counted(w, MARCH + 1), 0);
	check_ok(release_late(w->n, t, &late));
	assert_int_equal(late, 0);
	check_ok(release_account(w->n, t, 0, &a));
	assert_int_equal(a.facts, 42);
	assert_int_equal(a.published, 30);
	assert_int_equal(a.waiting, 0);
	assert_int_equal(a.drift, 12);
	close_on(w, 2026, 7, 20);
	assert_int_equal(counted(w, JUNE), 42);
}

static void a_year_waits_for_the_table_beside_it(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = node_world_table(w, "children_calendar");
	int32_t today = date_from_ymd(2027, 4, 20);
	struct release_next next;
	struct release r;

	node_world_refer(w, 40, "food", "2026-02-01", NULL);
	check_ok(release_next(w->n, t, today, &next));
	assert_true(next.due < next.month);
	assert_int_equal(release_due(w->n, t, today), FIRST + 11);
	close_on(w, 2027, 4, 20);
	load(w, "children_calendar", FIRST + 11, &r);
	assert_true(r.n_groups > 0);
	assert_int_equal(r.group[0].count[0], 40);
	release_fini(&r);
}

/* Forty in the year; its months have thirty-six of them, so that four could be
 * told apart. */
static void a_year_near_its_months_is_held_back(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 40, "food", "2026-02-01", NULL);
	check_ok(db_script(w->n->db, "UPDATE care_case SET opened = "
				     "'2026-01-15' WHERE id > 4"));
	close_on(w, 2027, 4, 20);
	assert_int_equal(groups(w, "children_calendar", FIRST + 11), 0);
}

/* Put back what left before, as the hub holds it, into a node that has
 * forgotten all of it. */
static void forget_and_recover(struct node_world *w, int *frozen)
{
	enum { MOST = 1000 };
	struct {
		unsigned char *bytes;
		size_t len;
	} *left = mem_calloc(MOST, sizeof *left);
	struct rows rows;
	int n = 0, replayed;

	assert_non_null(left);
	check_ok(db_rows(w->n->db, &rows,
			 "SELECT bytes FROM release WHERE table_id GLOB "
			 "'children_*'",
			 ""));
	for (; rows_next(&rows) == ROWS_ROW; n++) {
		const void *bytes = rows_blob(&rows, 0, &left[n].len);

		assert_true(n < MOST);
		left[n].bytes = mem_alloc(left[n].len);
		memcpy(left[n].bytes, bytes, left[n].len);
	}
	rows_end(&rows);
	check_ok(db_script(w->n->db, "DELETE FROM release;"
				     "DELETE FROM counted;"
				     "DELETE FROM closing_state;"));
	for (int i = 0; i < n; i++) {
		check_ok(release_put_back(w->n, left[i].bytes, left[i].len));
		mem_free(left[i].bytes);
	}
	mem_free(left);
	check_ok(release_recover(w->n, &replayed, frozen));
	assert_int_equal(replayed, n);
}

/* Held back because of its months: those come first again. */
static void a_year_is_recovered_after_its_months(void **state)
{
	struct node_world *w = *state;
	int frozen;

	node_world_refer(w, 40, "food", "2026-02-01", NULL);
	check_ok(db_script(w->n->db, "UPDATE care_case SET opened = "
				     "'2026-01-15' WHERE id > 4"));
	close_on(w, 2027, 4, 20);
	forget_and_recover(w, &frozen);
	assert_int_equal(frozen, 0);
	assert_int_equal(groups(w, "children_calendar", FIRST + 11), 0);
}

/* The table that told of the same children before, month by month. */
static void what_was_told_by_another_table_is_not_told_again(void **state)
{
	struct node_world *w = *state;
	struct release old = {.key = {"children_served", FIRST + 3, 1, 1},
			      .floor = 11};
	unsigned char *bytes;
	size_t len;

	node_world_refer(w, 40, "food", "2026-02-01", NULL);
	snprintf(old.region, sizeof old.region, "eastern");
	check_ok(codec_release(&old, &bytes, &len));
	check_ok(release_put_back(w->n, bytes, len));
	mem_free(bytes);
	check_ok(db_run(w->n->db, "UPDATE release SET recovered = 2", ""));
	close_on(w, 2027, 4, 20);
	assert_int_equal(groups(w, "children_calendar", FIRST + 11), 0);
	assert_int_equal(groups(w, "children_state", FIRST + 5), 0);
}

static void what_is_not_of_children_has_no_minimum(void **state)
{
	struct node_world *w = *state;
	struct release r;

	check_ok(db_script(
		w->n->db, "INSERT INTO organization (id, name, active) VALUES"
			  " (1, 'O', 1);"
			  "INSERT INTO collaborative (id, name, begun) VALUES"
			  " (1, 'C', '2020-01-01');"
			  "INSERT INTO collaborative_member (id, collaborative,"
			  " organization, sector, joined) VALUES"
			  " (1, 1, 1, 'food', '2026-01-31');"));
	close_on(w, 2026, 4, 20);
	load(w, "members", MARCH, &r);
	assert_int_equal(r.floor, 1);
	assert_int_equal(r.n_groups, 2);
	assert_int_equal(r.group[0].count[1], 1);
	release_fini(&r);
}

/* Of 60 referrals in August and 60 in February, 20 each connected; then so many
 * more of each are found to have been. What the year tells: connected, or -1 if
 * it is held back. */
static int year_corrected(struct node_world *w, int each)
{
	struct release r;
	int64_t linked;
	int n;

	node_world_refer(w, 40, "food", "2026-08-03", NULL);
	node_world_refer(w, 20, "food", "2026-08-03", "2026-08-20");
	node_world_refer(w, 40, "food", "2027-02-03", NULL);
	node_world_refer(w, 20, "food", "2027-02-03", "2027-02-20");
	close_on(w, 2027, 10, 20);
	check_ok(db_run(w->n->db,
			"UPDATE referral SET received = date(sent, '+9 days') "
			"WHERE id <= ?1 OR id BETWEEN 61 AND 60 + ?1",
			"i", (int64_t)each));
	close_on(w, 2028, 11, 20);
	load(w, "referrals_year", 2027 * 12 + 5, &r);
	n = r.n_groups;
	linked = n ? (int64_t)r.group[0].count[0] : -1;
	release_fini(&r);
	return (int)linked;
}

static int64_t versions(struct node_world *w)
{
	return node_world_count(w, "SELECT count(*) FROM release WHERE "
				   "table_id = 'referrals_90d' AND version > "
				   "1");
}

/* Six in each half-year are too few to tell the months again; twelve in the
 * year are not. */
static void a_year_takes_what_its_months_could_not(void **state)
{
	struct node_world *w = *state;

	assert_int_equal(year_corrected(w, 6), 40 + 12);
	assert_int_equal(versions(w), 0);
}

static void few_corrections_of_a_year_stay(void **state)
{
	assert_int_equal(year_corrected(*state, 5), -1);
}

/* Twenty more in August: that would be told again, but for the year beside. */
static void months_of_a_restated_year_stay_as_they_are(void **state)
{
	struct node_world *w = *state;

	assert_int_equal(year_corrected(w, 6), 40 + 12);
	check_ok(db_script(w->n->db,
			   "UPDATE referral SET received = date(sent, '+9 "
			   "days') WHERE id BETWEEN 7 AND 26"));
	node_world_refer(w, 1, "food", "2028-08-20", NULL);
	close_on(w, 2028, 12, 20);
	assert_int_equal(versions(w), 0);
}

/* The region began in January: of the year before it told half. */
static void a_year_begun_within_is_not_restated(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 60, "food", "2025-08-03", NULL);
	node_world_refer(w, 60, "food", "2026-02-03", NULL);
	close_on(w, 2027, 11, 20);
	assert_int_equal(groups(w, "referrals_year", JUNE), 0);
}

struct shown {
	int n;
	struct our_row row;
};

static int on_row(void *arg, const struct our_row *r)
{
	struct shown *s = arg;

	s->n++;
	s->row = *r;
	return 0;
}

static void own_numbers_show_the_last_picture(void **state)
{
	struct node_world *w = *state;
	const struct measure *m = catalogue_measure(
		w->cat, catalogue_find_measure(w->cat, "M15"));
	struct period p[] = {{FIRST, 12}, {FIRST, 1}};
	struct shown s = {.n = 0};

	node_world_refer(w, 5, "food", "2026-02-01", NULL);
	node_world_refer(w, 1, "food", "2026-09-15", NULL);
	check_ok(our_numbers_show(w->n, m, p, 1, 0, on_row, &s));
	assert_int_equal(s.n, 1);
	/* It is November: September's was the last. */
	assert_int_equal(s.row.period.month, FIRST + 8);
	assert_int_equal(s.row.period.months, 1);
	assert_int_equal(s.row.numerator, 5);
	assert_int_equal(s.row.denominator, 6);
	check_ok(our_numbers_show(w->n, m, p + 1, 1, 0, on_row, &s));
	assert_int_equal(s.n, 1);
}

static int run_sql(struct node_world *w, const char *sql)
{
	struct fact_table t = *node_world_table(w, "members");
	struct db *ro;
	int r;

	t.sql = (char *)sql; /* only read */
	check_ok(node_reader(w->n, &ro));
	r = facts_each(ro, &t, w->n->rec.words, date_from_ymd(2026, 6, 30),
		       60000, NULL, NULL);
	db_close(ro);
	return r;
}

/* Tables of agencies can't read a view of children, and a date between two
 * pictures is none. */
static void a_wrong_picture_is_refused(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 1, "food", "2026-02-01", NULL);
	assert_int_equal(run_sql(w, "SELECT child AS occurrence, child, day AS"
				    " date, 'food' AS stratum, 'came' AS"
				    " outcome FROM picture, fact_child"),
			 E_DENIED);
	assert_int_equal(run_sql(w, "SELECT 1 AS occurrence, 1 AS child,"
				    " date(max(day), '-1 day') AS date, 'food'"
				    " AS stratum, 'came' AS outcome"
				    " FROM picture"),
			 E_INVALID);
	check_says("no picture's");
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(a_picture_closes_with_its_quarter),
		T(few_who_left_keep_a_picture_back),
		T(what_is_recorded_late_is_in_no_picture),
		T(a_year_waits_for_the_table_beside_it),
		T(a_year_near_its_months_is_held_back),
		T(a_year_is_recovered_after_its_months),
		T(what_was_told_by_another_table_is_not_told_again),
		T(a_year_takes_what_its_months_could_not),
		T(few_corrections_of_a_year_stay),
		T(months_of_a_restated_year_stay_as_they_are),
		T(a_year_begun_within_is_not_restated),
		T(what_is_not_of_children_has_no_minimum),
		T(own_numbers_show_the_last_picture),
		T(a_wrong_picture_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
