/* Two tables that count the very same occurrences. */
#include "tests/unit/node_world.h"

#include "proto/alike.h"
#include "regional/release/release.h"

enum { FIRST = 2026 * 12 };

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
}

static int64_t counted(struct node_world *w, const char *table)
{
	int64_t n;

	check_ok(db_int(w->n->db, &n,
			"SELECT count(*) FROM counted WHERE table_id = ?", "s",
			table));
	return n;
}

static int64_t releases(struct node_world *w, const char *table)
{
	int64_t n;

	check_ok(db_int(w->n->db, &n,
			"SELECT count(*) FROM release WHERE table_id = ?", "s",
			table));
	return n;
}

/* January matures on 2 March by one question and on 1 May by the other. */
static void it_closes_after_the_other(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = node_world_table(w, "referrals_sent");
	struct release_next next;

	node_world_refer(w, 40, "food", "2026-01-10", NULL);
	close_on(w, 2026, 4, 20);
	assert_int_equal(releases(w, "referrals_sent"), 0);
	check_ok(release_next(w->n, t, date_from_ymd(2026, 4, 20), &next));
	assert_true(next.due < next.month);
	assert_int_equal(next.closes_on, date_from_ymd(2026, 5, 12));
	close_on(w, 2026, 5, 20);
	assert_int_equal(releases(w, "referrals_sent"), 1);
	assert_int_equal(counted(w, "referrals_sent"), 40);
}

/* The other table counted it; it stays in the total. */
static void what_is_gone_is_counted_as_such(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = node_world_table(w, "referrals_sent");
	int64_t n;

	node_world_refer(w, 40, "food", "2026-01-10", NULL);
	close_on(w, 2026, 5, 20);
	check_ok(db_script(w->n->db,
			   "DELETE FROM counted WHERE table_id = "
			   "'referrals_sent';"
			   "DELETE FROM release WHERE table_id = "
			   "'referrals_sent';"
			   "DELETE FROM closing_state WHERE table_id = "
			   "'referrals_sent';"
			   "UPDATE referral SET state = 'entered-in-error' "
			   "WHERE id <= 3"));
	node_world_refer(w, 5, "food", "2026-01-11", NULL);
	close_on(w, 2026, 5, 20);
	assert_int_equal(counted(w, "referrals_sent"), 40);
	check_ok(db_int(w->n->db, &n,
			"SELECT count(*) FROM counted WHERE table_id = "
			"'referrals_sent' AND occurrence <= 3 AND outcome = ?",
			"i", (int64_t)t->gone));
	assert_int_equal(n, 3);
}

/* Nothing is known of what a frozen half-year counted. */
static void beside_a_frozen_half_year_nothing_leaves(void **state)
{
	struct node_world *w = *state;

	node_world_refer(w, 40, "food", "2026-01-10", NULL);
	close_on(w, 2026, 5, 20);
	check_ok(db_script(w->n->db, "UPDATE closing_state SET frozen = 1 "
				     "WHERE table_id = 'referrals_90d'"));
	node_world_refer(w, 40, "food", "2026-02-10", NULL);
	close_on(w, 2026, 8, 20);
	assert_int_equal(
		node_world_count(w, "SELECT coalesce(sum(events), 0) "
				    "FROM release WHERE table_id = "
				    "'referrals_sent' AND closing > 24312"),
		0);
}

struct seen {
	const char *table;
	int64_t published;
};

static int on_note(void *arg, const struct fact_table *t, int32_t closing,
		   const struct gate_note *g)
{
	struct seen *s = arg;

	(void)t;
	(void)closing;
	if (g->view == 0 && g->verdict == GATE_PUBLISHED)
		s->published += g->occurrences;
	return 0;
}

static void preview_counts_what_the_other_will(void **state)
{
	struct node_world *w = *state;
	const struct fact_table *t = node_world_table(w, "referrals_sent");
	struct seen s = {0};

	node_world_refer(w, 40, "food", "2026-01-10", "2026-01-20");
	close_on(w, 2026, 6, 20); /* January and February */
	node_world_refer(w, 40, "food", "2026-03-10", "2026-03-20");
	check_ok(release_preview(w->n, t, date_from_ymd(2026, 6, 20), false,
				 on_note, &s));
	assert_int_equal(releases(w, "referrals_sent"), 2);
	assert_int_equal(s.published, 80);
}

static void wrong_pairs_are_refused(void **state)
{
	struct node_world *w = *state;
	static const struct {
		const char *text, *says;
	} WRONG[] = {
		{"[like x]\nas = y\n", "unknown section"},
		{"[alike referrals_sent]\nas = referrals_90d\n",
		 "gone is missing"},
		{"[alike referrals_sent]\nas = referrals_90d\ngone = x\n",
		 "no last outcome"},
		{"[alike referrals_sent]\nas = referrals_90d\n"
		 "gone = not_accepted\n",
		 "no last outcome"},
		{"[alike referrals_90d]\nas = referrals_sent\n"
		 "gone = no_reason\n",
		 "matures later"},
		{"[alike plans]\nas = referrals_90d\ngone = not_sent\n",
		 "same strata"},
		{"[alike surveys]\nas = surveys\ngone = less\n", "by itself"},
		{"[alike surveys_needs]\nas = surveys\ngone = no_answer\n"
		 "[alike surveys]\nas = plans\ngone = less\n",
		 "another pair"},
	};
	char *path = mem_printf("%s/alike.conf", w->dir);
	struct fact_table *table[64];
	int n = catalogue_tables(w->cat);

	assert_true(n <= 64);
	for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++) {
		struct fact_table *copy = mem_calloc((size_t)n, sizeof *copy);

		for (int k = 0; k < n; k++) {
			copy[k] = *catalogue_table(w->cat, k);
			copy[k].alike = false;
			table[k] = &copy[k];
		}
		check_ok(disk_write(disk_system(), path, WRONG[i].text,
				    strlen(WRONG[i].text), 0600));
		assert_int_equal(alike_load(path, table, n), E_INVALID);
		check_says(WRONG[i].says);
		check_says("alike.conf:");
		mem_free(copy);
	}
	mem_free(path);
}

int main(void)
{
#define T(fn) cmocka_unit_test_setup_teardown(fn, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(it_closes_after_the_other),
		T(what_is_gone_is_counted_as_such),
		T(beside_a_frozen_half_year_nothing_leaves),
		T(preview_counts_what_the_other_will),
		T(wrong_pairs_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
