#include "tests/unit/cli_fix.h"

#include "daemon/core/daemon.h"
#include "regional/release/ledger.h"
#include "regional/release/release.h"
#include "tests/unit/node_world.h"

static void status_tells_whether_the_daemon_runs(void **state)
{
	struct fix *f = *state;
	int lock = -1;

	runs(f, "status");
	prints(f, "not running: start it with ccfed node run -d ");
	check_ok(daemon_lock(getenv("CCFED_DIR"), "node", &lock));
	runs(f, "status", "--format", "json");
	prints(f, "\"daemon\":\"running\"");
	prints(f, "\"taken\":0,\"waiting\":0");
	prints(f, "\"late\":0");
	close(lock);
}

static void first_period_is_a_month_that_has_begun(void **state)
{
	struct fix *f = *state;
	const char *dir = scratch_path(f->dir, "past");

	assert_int_equal(
		run(f, "node", "init", "-d", dir, "--first-period", "2199-01"),
		CLI_USAGE);
	complains(f, "2199-01 is in the future");
	assert_int_equal(
		run(f, "node", "init", "-d", dir, "--first-period", "2023Q1"),
		CLI_USAGE);
	assert_string_equal(f->err,
			    "ccfed: --first-period takes a month like 2023-07, "
			    "not \"2023Q1\".\n"
			    "Try: ccfed node init --help\n");
}

static void history_tells_what_it_loses_first(void **state)
{
	struct fix *f = *state;

	setenv("CCFED_DIR", scratch_path(f->dir, "past"), 1);
	runs(f, "node", "init", "--synthetic", "--first-period", "2026-01");
	runs(f, "simulate", "--children", "60", "--years", "2", "--until",
	     "2026-06-30", "--seed", "3");
	assert_int_equal(run(f, "node", "history"), CLI_USAGE);
	assert_int_equal(run(f, "node", "history", "--done"), CLI_FAILED);
	prints(f, "Months that will close");
	complains(f, "facts lie before 2026-01");
	complains(f, "--done --yes");
	runs(f, "status");
	prints(f, "awaited");
	assert_int_equal(run(f, "node", "history", "--first-period", "2026-02"),
			 CLI_FAILED);
	complains(f, "earlier");
	runs(f, "node", "history", "--first-period", "2023-01");
	prints(f, "is now 2023-01");
	/* Nothing lies before it, so nobody has to say --yes. */
	runs(f, "node", "history", "--done", "--format", "json");
	prints(f, "\"before\":0,");
	assert_int_equal(run(f, "node", "history", "--done"), CLI_FAILED);
	assert_string_equal(f->out, "");
}

static void history_goes_on_with_yes(void **state)
{
	struct fix *f = *state;

	setenv("CCFED_DIR", scratch_path(f->dir, "past"), 1);
	runs(f, "node", "init", "--synthetic", "--first-period", "2026-01");
	runs(f, "simulate", "--children", "60", "--years", "2", "--until",
	     "2026-06-30", "--seed", "3");
	runs(f, "node", "history", "--done", "--yes");
	prints(f, "months may close now");
}

static void preview_is_not_of_the_past(void **state)
{
	struct fix *f = *state;

	assert_int_equal(run(f, "release", "preview", "--as-of", "2026-01-01"),
			 CLI_USAGE);
	complains(f, "before today");
}

/* A node that has joined, with months that are due, made by the other
 * fixture's clock. */
static void make_joined(struct fix *f, struct node_world *w)
{
	node_world_init(w, NETWORK_SYNTHETIC, 2026 * 12);
	node_world_join(w);
	node_world_refer(w, 40, "food", "2026-01-10", "2026-01-20");
	node_world_refer(w, 3, "housing", "2026-01-10", NULL);
	setenv("CCFED_DIR", scratch_path(w->dir, "node"), 1);
}

static void preview_is_of_the_next_closing(void **state)
{
	static struct node_world w;
	struct fix *f = *state;

	make_joined(f, &w);
	runs(f, "release", "preview");
	prints(f, "Occurrences");
	prints(f, "waits: one of its outcomes stands for fewer than 11 "
		  "children");
	prints(f, "wait for a longer period");
	prints(f, "is due, and ");
	prints(f, "--all shows them");
	assert_null(strstr(f->out, "2026-02 "));
	runs(f, "release", "preview", "--all");
	prints(f, "2026-02 ");
	node_world_fini(&w);
}

static void preview_tells_when_a_month_closes(void **state)
{
	static struct node_world w;
	struct fix *f = *state;

	make_joined(f, &w);
	check_ok(db_run(w.n->db, "UPDATE node SET first_month = 26400", ""));
	runs(f, "release", "preview", "--format", "csv");
	prints(f, "closes on or after 2200-03-");
	node_world_fini(&w);
}

static void silence_shows_while_the_daemon_runs(void **state)
{
	static struct node_world w;
	struct fix *f = *state;
	int lock = -1;

	make_joined(f, &w);
	check_ok(db_run(w.n->db, "UPDATE node SET silent = 1, heard_utc_ms = ?",
			"i", w.clock.now_utc_ms));
	runs(f, "status");
	assert_null(strstr(f->out, "has not answered"));
	check_ok(daemon_lock(getenv("CCFED_DIR"), "node", &lock));
	runs(f, "status");
	prints(f, "the hub has not answered since 2026-11-24 17:00 UTC (");
	close(lock);
	node_world_fini(&w);
}

static void ledger_tells_where_it_ends(void **state)
{
	static struct node_world w;
	struct release_key k = {"referrals_sent", 2026 * 12, 1, 1};
	struct parcel p = {0};
	struct fix *f = *state;
	int closed;

	make_joined(f, &w);
	runs(f, "ledger", "show", "--from", "170");
	prints(f, "Nothing has left yet.");
	/* How many is no id. */
	runs(f, "release", "approve", "--format", "json");
	assert_string_equal(f->out, "{\"approved\":0}\n");
	check_ok(release_close(w.n, date_from_ymd(2026, 11, 24), &closed, NULL,
			       NULL));
	check_ok(ledger_enter(w.n, &k, 1, &p));
	mem_free(p.release);
	runs(f, "ledger", "show", "--from", "170");
	prints(f, "1 entries; none from 170 on.");
	node_world_fini(&w);
}

/* A node that is nobody's yet has nothing to compare with. */
static void verify_prints_a_table(void **state)
{
	struct fix *f = *state;

	runs(f, "ledger", "verify", "--format", "csv");
	prints(f, "entries,receipts,hub,lacks,holds_besides,"
		  "holds_differently,waiting");
	prints(f, "\n0,0,not joined,0,0,0,0");
	runs(f, "ledger", "--help");
	prints(f, "that the hub holds the same.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(status_tells_whether_the_daemon_runs),
		T(first_period_is_a_month_that_has_begun),
		T(history_tells_what_it_loses_first),
		T(history_goes_on_with_yes),
		T(preview_is_not_of_the_past),
		T(preview_is_of_the_next_closing),
		T(preview_tells_when_a_month_closes),
		T(silence_shows_while_the_daemon_runs),
		T(ledger_tells_where_it_ends),
		T(verify_prints_a_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
