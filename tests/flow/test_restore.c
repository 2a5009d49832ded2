/* Either side comes back from an older copy of its folder, a node is replaced
 * by another one, or runs twice: nothing counts twice, and the hub ends with
 * the figures of a quiet run. */
#include "tests/lib/check.h"

#include "daemon/core/date.h"
#include "daemon/core/db.h"
#include "proto/catalogue.h"
#include "regional/release/ledger.h"
#include "regional/release/release.h"
#include "tests/lib/fix_network.h"
#include "tests/lib/scratch.h"

enum { REGIONS = 2, LEAPS = 18, LEAP_DAYS = 30, ROUNDS = 4000 };

struct fix {
	struct network start; /* made, never run: each test copies it */
	char *share;
	unsigned char figures[DIGEST];
	int releases;
};

static void leaps(struct network *w, int n)
{
	for (int i = 0; i < n; i++)
		network_leap(w, LEAP_DAYS);
}

static int set_up(void **state)
{
	static struct fix f;
	struct network_opts o = {.seed = 11,
				 .regions = REGIONS,
				 .children = 350,
				 .first = 2024 * 12 + 6,
				 .until = date_from_ymd(2026, 11, 24),
				 .today = date_from_ymd(2025, 6, 1),
				 .floor = 11};
	struct network quiet;

	f.share = scratch_new();
	network_few_tables(f.share);
	network_make(&f.start, &o);
	network_copy(&quiet, &f.start, 11);
	network_start(&quiet);
	assert_true(network_settle(&quiet, ROUNDS));
	leaps(&quiet, LEAPS);
	network_figures(&quiet, f.figures, &f.releases);
	network_free(&quiet);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fix *f = *state;

	network_free(&f->start);
	network_all_tables();
	scratch_free(f->share);
	return 0;
}

static int64_t count(struct node *n, const char *sql)
{
	int64_t v = 0;

	check_ok(db_int(n->db, &v, sql, ""));
	return v;
}

static int64_t frozen(struct node *n)
{
	return count(n, "SELECT count(*) FROM closing_state WHERE frozen");
}

static void check_same(struct network *w, const struct fix *f)
{
	unsigned char figures[DIGEST];
	int releases;

	network_figures(w, figures, &releases);
	assert_int_equal(releases, f->releases);
	assert_memory_equal(figures, f->figures, DIGEST);
	network_check_accounts(w);
	for (int i = 0; i < REGIONS; i++) {
		uint64_t entries, receipts;

		assert_int_equal(frozen(w->node[i]), 0);
		check_ok(ledger_verify(w->node[i], &entries, &receipts));
	}
}

/* Run @before leaps, save one side, run @between, put the copy back, run to
 * the end. */
static void restore(struct network *w, const struct fix *f, uint64_t seed,
		    int region, int before, int between)
{
	char *copy = scratch_new();

	print_message("# seed %llu: %s, copied after %d, back after %d\n",
		      (unsigned long long)seed,
		      region < 0 ? "hub" : network_region[region], before,
		      before + between);
	network_copy(w, &f->start, seed);
	network_start(w);
	assert_true(network_settle(w, ROUNDS));
	leaps(w, before);
	if (region < 0)
		network_kill_hub(w);
	else
		network_kill(w, region);
	network_save(w, region, copy);
	if (region < 0)
		network_revive_hub(w);
	else
		network_revive(w, region);
	leaps(w, between);
	if (region < 0)
		network_kill_hub(w);
	else
		network_kill(w, region);
	network_restore(w, region, copy);
	if (region < 0)
		network_revive_hub(w);
	else
		network_revive(w, region);
	assert_true(network_settle(w, ROUNDS));
	leaps(w, LEAPS - before - between);
	scratch_free(copy);
}

static void restored_node_goes_on(void **state)
{
	static const struct {
		int before, between;
	} WHEN[] = {{1, 16}, {5, 1}, {8, 6}};
	struct fix *f = *state;
	struct network w;

	for (int i = 0; i < 3; i++) {
		restore(&w, f, 20 + (uint64_t)i, 0, WHEN[i].before,
			WHEN[i].between);
		assert_true(w.node[0]->epoch > 1);
		assert_int_equal(w.node[1]->epoch, 1);
		assert_true(count(w.node[0], "SELECT count(*) FROM release "
					     "WHERE recovered") > 0);
		check_same(&w, f);
		network_free(&w);
	}
}

static void restored_hub_is_told_again(void **state)
{
	struct fix *f = *state;
	struct network w;

	restore(&w, f, 30, -1, 4, 9);
	check_same(&w, f);
	for (int i = 0; i < REGIONS; i++) {
		uint64_t entries, receipts;

		/* Sent again, and in the ledger once. */
		check_ok(ledger_verify(w.node[i], &entries, &receipts));
		assert_int_equal(entries, receipts);
		assert_true(w.node[i]->metrics.releases_sent >
			    (int64_t)entries - 40);
	}
	network_free(&w);
}

static void replaced_node_goes_on(void **state)
{
	struct fix *f = *state;
	char *old = scratch_new();
	struct node *ghost;
	struct network w;

	network_copy(&w, &f->start, 40);
	/* The same record needs the seed that made it. */
	w.o.seed = f->start.o.seed;
	network_start(&w);
	assert_true(network_settle(&w, ROUNDS));
	leaps(&w, 9);
	network_kill(&w, 0);
	network_save(&w, 0, old);
	network_replace(&w, 0);
	assert_true(network_settle(&w, ROUNDS));
	leaps(&w, LEAPS - 9);
	check_same(&w, f);

	/* The one that was replaced hears that it is unknown, and is quiet. */
	network_open(&w, old, &ghost);
	for (int i = 0; i < 40; i++) {
		node_tick(ghost);
		network_step(&w);
	}
	assert_string_not_equal(ghost->trouble, "");
	assert_int_equal(ghost->metrics.releases_sent, 0);
	node_stop(ghost);
	node_close(ghost);
	check_same(&w, f);
	network_free(&w);
	scratch_free(old);
}

/* What a person changed in one copy and not in the other. */
static void change_record(struct node *n, const char *from, const char *to)
{
	check_ok(db_run(n->db,
			"UPDATE referral SET state = 'entered-in-error' "
			"WHERE id % 3 = 0 AND sent BETWEEN ? AND ?",
			"ss", from, to));
}

static void record_that_differs_freezes(void **state)
{
	struct fix *f = *state;
	char *copy = scratch_new();
	int64_t frozen_facts = 0;
	struct network w;

	network_copy(&w, &f->start, 50);
	network_start(&w);
	assert_true(network_settle(&w, ROUNDS));
	leaps(&w, 5);
	network_kill(&w, 0);
	network_save(&w, 0, copy);
	network_revive(&w, 0);
	leaps(&w, 5);
	network_kill(&w, 0);
	network_restore(&w, 0, copy);
	network_revive(&w, 0);
	change_record(w.node[0], "2025-09-01", "2026-01-31");
	assert_true(network_settle(&w, ROUNDS));
	leaps(&w, LEAPS - 10);
	assert_true(frozen(w.node[0]) > 0);
	network_check_accounts(&w);
	for (int t = 0; t < catalogue_tables(w.cat); t++) {
		struct account a;

		check_ok(release_account(w.node[0], catalogue_table(w.cat, t),
					 0, &a));
		frozen_facts += a.frozen;
	}
	assert_true(frozen_facts > 0);
	/* Every closing is at the hub, nothing was refused. */
	assert_int_equal(count(w.node[0], "SELECT count(*) FROM release "
					  "WHERE state < 4 OR refused"),
			 0);
	network_free(&w);
	scratch_free(copy);
}

/* A copy closes months by hand, offline, from another record; what it made
 * makes room for what had left before. */
static void closings_by_hand_make_room(void **state)
{
	unsigned char before[DIGEST], after[DIGEST];
	struct fix *f = *state;
	char *copy = scratch_new();
	struct network w;
	int closed;

	network_copy(&w, &f->start, 60);
	network_start(&w);
	assert_true(network_settle(&w, ROUNDS));
	leaps(&w, 5);
	network_kill(&w, 0);
	network_save(&w, 0, copy);
	network_revive(&w, 0);
	leaps(&w, 5);
	network_kill(&w, 0);
	network_restore(&w, 0, copy);
	network_figures(&w, before, NULL);
	network_revive(&w, 0);
	node_stop(w.node[0]);
	change_record(w.node[0], "2025-06-01", "2026-01-31");
	check_ok(release_close(w.node[0], network_today(&w), &closed, NULL,
			       NULL));
	assert_true(closed > 0);
	check_ok(node_start(w.node[0]));
	assert_true(network_settle(&w, ROUNDS));
	network_figures(&w, after, NULL);
	assert_memory_equal(before, after, DIGEST);
	network_check_accounts(&w);
	assert_int_equal(count(w.node[0], "SELECT count(*) FROM release "
					  "WHERE state < 4 OR refused"),
			 0);
	network_free(&w);
	scratch_free(copy);
}

struct looked {
	char trouble[200];
	int64_t releases;
};

static int look(void *arg, const struct region_row *r)
{
	struct looked *l = arg;

	if (strcmp(r->id, network_region[0]) == 0) {
		memcpy(l->trouble, r->trouble, sizeof l->trouble);
		l->releases = r->releases;
	}
	return 0;
}

/* Two of one node, whose records part. Each month counts once, as the first of
 * them told it; an alarm is raised; the half-years in which the other one was
 * second are frozen there. */
static void cloned_node_is_fenced(void **state)
{
	struct fix *f = *state;
	char *copy = scratch_new();
	struct looked l = {.releases = 0};
	struct node *clone;
	struct network w;

	network_copy(&w, &f->start, 70);
	network_start(&w);
	assert_true(network_settle(&w, ROUNDS));
	leaps(&w, 5);
	network_kill(&w, 0);
	network_save(&w, 0, copy);
	network_revive(&w, 0);
	network_open(&w, copy, &clone);
	change_record(clone, "2025-06-01", "2026-11-24");
	for (int i = 5; i < LEAPS; i++) {
		for (int k = 0; k < 200; k++) {
			node_tick(clone);
			network_step(&w);
		}
		network_leap(&w, LEAP_DAYS);
	}
	for (int k = 0; k < 400; k++) {
		node_tick(clone);
		network_step(&w);
	}
	check_ok(hub_regions(w.hub, look, &l));
	print_message("# epochs %u and %u; the hub says: %s\n",
		      w.node[0]->epoch, clone->epoch, l.trouble);
	assert_string_not_equal(l.trouble, "");
	assert_int_equal(l.releases, f->releases / REGIONS);
	assert_true(frozen(w.node[0]) + frozen(clone) > 0);
	node_stop(clone);
	node_close(clone);
	network_free(&w);
	scratch_free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(restored_node_goes_on),
		cmocka_unit_test(restored_hub_is_told_again),
		cmocka_unit_test(replaced_node_goes_on),
		cmocka_unit_test(record_that_differs_freezes),
		cmocka_unit_test(closings_by_hand_make_room),
		cmocka_unit_test(cloned_node_is_fenced),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
