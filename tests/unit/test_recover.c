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

static struct account account(struct node_world *w, int view)
{
	struct account a;

	check_ok(release_account(w->n, sent_table(w), view, &a));
	assert_int_equal(a.facts,
			 a.published + a.waiting + a.withheld + a.drift);
	return a;
}

/* Half a year, every month 30 referrals that were accepted and 30 that were
 * not. */
static void refer_half_year(struct node_world *w)
{
	for (int m = 1; m <= 6; m++) {
		char day[DATE_TEXT];

		date_format(date_from_ymd(2026, m, 5), day);
		node_world_refer(w, 60, "food", day, NULL);
	}
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent WHERE id % 2 = 0",
			""));
}

static void fill_half_year(struct node_world *w)
{
	refer_half_year(w);
	close_on(w, 9, 1);
	assert_int_equal(node_world_count(w, "SELECT max(closed) FROM "
					     "closing_state WHERE "
					     "table_id = 'referrals_sent'"),
			 FIRST + 5);
	assert_true(account(w, 0).published > 300);
}

/* Releases, as the hub would keep them. */
enum { KEPT_MAX = 64 };
struct kept {
	int n;
	unsigned char *bytes[KEPT_MAX];
	size_t len[KEPT_MAX];
};

static int keep_if_newer(void *arg, const struct release_row *row)
{
	struct kept *k = ((void **)arg)[1];
	struct node_world *w = ((void **)arg)[0];

	if (row->state == RELEASE_TAKEN)
		return 0;
	assert_true(k->n < KEPT_MAX);
	check_ok(
		release_bytes(w->n, &row->key, &k->bytes[k->n], &k->len[k->n]));
	k->n++;
	return 0;
}

/* Those that were made since taken_so_far(). */
static void keep_newer(struct node_world *w, struct kept *k)
{
	void *arg[] = {w, k};

	k->n = 0;
	check_ok(release_list(w->n, keep_if_newer, arg));
	assert_true(k->n > 3);
}

/* @policy: dress each as made under that policy, so that it is another one;
 * @more: add so much to its first count. */
static void put_all_back(struct node_world *w, struct kept *k, uint32_t policy,
			 uint32_t more)
{
	for (int i = 0; i < k->n; i++) {
		struct release r;
		unsigned char *bytes;
		size_t len;

		check_ok(codec_release_parse(k->bytes[i], k->len[i], &r));
		mem_free(k->bytes[i]);
		r.policy = policy;
		if (r.n_groups > 0)
			r.group[0].count[0] += more;
		check_ok(codec_release(&r, &bytes, &len));
		check_ok(release_put_back(w->n, bytes, len));
		mem_free(bytes);
		release_fini(&r);
	}
}

/* The hub has all that there is. */
static void taken_so_far(struct node_world *w)
{
	check_ok(db_run(w->n->db, "UPDATE release SET state = 4", ""));
}

static void correct_february(struct node_world *w)
{
	check_ok(db_run(w->n->db,
			"UPDATE referral SET accepted = sent "
			"WHERE sent = '2026-02-05'",
			""));
}

static int64_t revision(struct node_world *w)
{
	return node_world_count(w, "SELECT revision * 10 + frozen FROM "
				   "closing_state WHERE table_id = "
				   "'referrals_sent' AND half = 4052");
}

/* The node is restored from a copy made before it closed more months and
 * restated; it comes to the same. */
static void restated_half_year_is_replayed(void **state)
{
	struct node_world *w = *state;
	int replayed, frozen;
	struct kept k;

	fill_half_year(w);
	taken_so_far(w);
	correct_february(w);
	check_ok(db_begin(w->n->db));
	close_on(w, 11, 20);
	assert_int_equal(revision(w), 10);
	keep_newer(w, &k);
	db_rollback(w->n->db);
	assert_int_equal(revision(w), 0);
	put_all_back(w, &k, 1, 0);
	check_ok(release_recover(w->n, &replayed, &frozen));
	assert_int_equal(frozen, 0);
	assert_true(replayed > 3);
	assert_int_equal(revision(w), 10);
	assert_int_equal(account(w, 0).changed, 0);
	assert_int_equal(account(w, 0).frozen, 0);
	/* And goes on from there. */
	close_on(w, 11, 24);
	assert_int_equal(revision(w), 10);
}

/* It had closed and restated by hand, and nothing of it had left. */
static void own_restating_makes_room(void **state)
{
	struct node_world *w = *state;
	int replayed, frozen;
	struct kept k;

	fill_half_year(w);
	taken_so_far(w);
	correct_february(w);
	close_on(w, 11, 20);
	keep_newer(w, &k);
	put_all_back(w, &k, 2, 0);
	assert_int_equal(revision(w), 0);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release "
					     "WHERE closing >= 24318 "
					     "AND recovered <> 1"),
			 0);
	check_ok(release_recover(w->n, &replayed, &frozen));
	assert_int_equal(frozen, 0);
	assert_int_equal(revision(w), 10);
	assert_int_equal(account(w, 0).changed, 0);
}

/* What came back was counted from another record. */
static void restated_otherwise_is_frozen(void **state)
{
	struct node_world *w = *state;
	int replayed, frozen;
	struct account a;
	struct kept k;

	fill_half_year(w);
	taken_so_far(w);
	correct_february(w);
	close_on(w, 11, 20);
	keep_newer(w, &k);
	put_all_back(w, &k, 1, 1);
	log_level(0);
	check_ok(release_recover(w->n, &replayed, &frozen));
	log_level(LOG_LEVEL_ERROR);
	assert_true(frozen > 0);
	assert_int_equal(revision(w) % 10, 1);
	a = account(w, 0);
	assert_int_equal(a.frozen, 360);
	assert_int_equal(a.facts, 0);
	/* Late facts go on counting, in what is open. */
	node_world_refer(w, 3, "food", "2026-02-07", NULL);
	assert_int_equal(account(w, 0).facts, 3);
	assert_int_equal(account(w, 0).drift, 3);
}

/* A hub says that June had left once before, in an older epoch. */
static void forge(struct node_world *w, bool other_table)
{
	struct release_key k = {"referrals_sent", FIRST + 5, 1, 1};
	unsigned char *bytes;
	struct release r;
	size_t len;

	check_ok(release_bytes(w->n, &k, &bytes, &len));
	check_ok(codec_release_parse(bytes, len, &r));
	mem_free(bytes);
	r.key.epoch = 0;
	if (other_table)
		r.table_hash[0] ^= 1;
	else if (r.n_groups > 0)
		r.group[r.n_groups - 1].view = VIEWS_MAX - 1;
	check_ok(codec_release(&r, &bytes, &len));
	check_ok(release_put_back(w->n, bytes, len));
	mem_free(bytes);
	release_fini(&r);
}

/* A release that this program can't have made freezes its half-year, once and
 * for all, and nothing else: the months after it close. */
static void forged(struct node_world *w, bool other_table)
{
	int replayed, frozen;

	fill_half_year(w);
	taken_so_far(w);
	forge(w, other_table);
	log_level(0);
	check_ok(release_recover(w->n, &replayed, &frozen));
	log_level(LOG_LEVEL_ERROR);
	assert_int_equal(frozen, 1);
	assert_int_equal(revision(w) % 10, 1);
	assert_int_equal(account(w, 0).frozen, 360);
	node_world_refer(w, 60, "food", "2026-07-05", NULL);
	assert_true(close_on(w, 11, 24) > 0);
	assert_int_equal(node_world_count(w, "SELECT frozen FROM closing_state "
					     "WHERE table_id = "
					     "'referrals_sent' "
					     "AND half = 4053"),
			 0);
	assert_int_equal(account(w, 0).facts, 60);
}

static void forged_blocks_freeze_their_half_year(void **state)
{
	forged(*state, false);
}

static void forged_definition_freezes_its_half_year(void **state)
{
	forged(*state, true);
}

/* The same while the half-year itself is replayed: the copy that came back is
 * from before it closed. */
static void forged_month_freezes_its_half_year(void **state)
{
	struct node_world *w = *state;
	int replayed, frozen;
	struct kept k;

	refer_half_year(w);
	check_ok(db_begin(w->n->db));
	close_on(w, 9, 1);
	keep_newer(w, &k);
	db_rollback(w->n->db);
	for (int i = 0; i < k.n; i++) {
		struct release r;
		unsigned char *bytes;
		size_t len;

		check_ok(codec_release_parse(k.bytes[i], k.len[i], &r));
		r.table_hash[0] ^= r.key.closing == FIRST + 1;
		check_ok(codec_release(&r, &bytes, &len));
		check_ok(release_put_back(w->n, bytes, len));
		mem_free(bytes);
		mem_free(k.bytes[i]);
		release_fini(&r);
	}
	log_level(0);
	check_ok(release_recover(w->n, &replayed, &frozen));
	log_level(LOG_LEVEL_ERROR);
	assert_true(frozen > 0);
	assert_int_equal(revision(w), 1);
	assert_int_equal(node_world_count(w, "SELECT count(*) FROM release "
					     "WHERE recovered <> 2"),
			 0);
	assert_true(close_on(w, 11, 24) > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(restated_half_year_is_replayed),
		TEST(own_restating_makes_room),
		TEST(restated_otherwise_is_frozen),
		TEST(forged_blocks_freeze_their_half_year),
		TEST(forged_definition_freezes_its_half_year),
		TEST(forged_month_freezes_its_half_year),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
