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

struct notes {
	int n, published, held;
};

static int see_note(void *arg, const struct fact_table *t, int32_t closing,
		    const struct gate_note *note)
{
	struct notes *s = arg;
	char text[120];

	s->n++;
	s->published += note->verdict == GATE_PUBLISHED;
	s->held += note->verdict == GATE_SMALL;
	assert_true(strlen(release_verdict_text(note->verdict, 11, text,
						sizeof text)) > 3);
	return 0;
}

static void preview(struct node_world *w, int32_t today, bool all,
		    struct notes *s)
{
	for (int i = 0; i < catalogue_tables(w->cat); i++)
		check_ok(release_preview(w->n, catalogue_table(w->cat, i),
					 today, all, see_note, s));
}

static void preview_changes_nothing(void **state)
{
	struct node_world *w = *state;
	struct notes s = {0};

	node_world_refer(w, 40, "food", "2026-01-10", "2026-01-12");
	node_world_refer(w, 3, "housing", "2026-01-10", NULL);
	preview(w, date_from_ymd(2026, 6, 1), true, &s);
	assert_true(s.published > 0);
	assert_true(s.held > 0);
	for (int i = 0; i < 3; i++) {
		static const char *const COUNT[] = {
			"SELECT count(*) FROM release",
			"SELECT count(*) FROM counted",
			"SELECT count(*) FROM closing_state"};

		assert_int_equal(node_world_count(w, COUNT[i]), 0);
	}
	/* Also of a month that is not due yet. */
	s.n = 0;
	preview(w, date_from_ymd(2026, 1, 15), false, &s);
	assert_true(s.n > 0);
}

static void preview_is_of_the_next_month(void **state)
{
	struct node_world *w = *state;
	struct notes one = {0}, june = {0}, all = {0};
	struct release_next next;

	node_world_refer(w, 40, "food", "2026-01-10", "2026-01-12");
	preview(w, date_from_ymd(2026, 1, 15), false, &one);
	preview(w, date_from_ymd(2026, 6, 1), false, &june);
	preview(w, date_from_ymd(2026, 6, 1), true, &all);
	assert_int_equal(june.n, one.n);
	assert_true(all.n > one.n);
	check_ok(release_next(w->n, sent_table(w), date_from_ymd(2026, 3, 12),
			      &next));
	assert_int_equal(next.month, FIRST);
	assert_int_equal(next.due, FIRST - 1);
	assert_int_equal(next.closes_on, date_from_ymd(2026, 3, 13));
	assert_int_equal(close_on(w, 3, 13), 1);
	check_ok(release_next(w->n, sent_table(w), date_from_ymd(2026, 6, 1),
			      &next));
	assert_int_equal(next.month, FIRST + 1);
	assert_true(next.due > next.month);
}

/* What came late, and what lies before the first month. */
static void outlook_and_late_facts_are_told(void **state)
{
	struct node_world *w = *state;
	struct outlook look;
	int64_t late = 0;

	node_world_refer(w, 3, "food", "2025-12-10", NULL);
	node_world_refer(w, 5, "food", "2026-01-10", NULL);
	check_ok(release_outlook(w->n, sent_table(w),
				 date_from_ymd(2026, 3, 13), &look));
	assert_int_equal(look.before, 3);
	assert_int_equal(look.facts, 8);
	assert_int_equal(look.months, 1);
	close_on(w, 3, 13);
	check_ok(release_late(w->n, sent_table(w), &late));
	assert_int_equal(late, 0);
	node_world_refer(w, 2, "food", "2026-01-20", NULL);
	node_world_refer(w, 7, "food", "2026-02-20", NULL);
	check_ok(release_late(w->n, sent_table(w), &late));
	assert_int_equal(late, 2);
	check_ok(release_outlook(w->n, sent_table(w),
				 date_from_ymd(2026, 3, 13), &look));
	assert_int_equal(look.months, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(preview_changes_nothing),
		TEST(preview_is_of_the_next_month),
		TEST(outlook_and_late_facts_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
