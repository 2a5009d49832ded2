/* The whole road: five regions join, three years close, and the hub's figures
 * are the sum of what the nodes' ledgers say. */
#include "tests/lib/check.h"

#include "daemon/core/date.h"
#include "proto/catalogue.h"
#include "regional/release/ledger.h"
#include "regional/release/release.h"
#include "tests/lib/fix_network.h"

enum { ROUNDS = 20000, VIEW_DETAIL_NO = 1 };

static struct network_opts road(void)
{
	return (struct network_opts){.seed = 1,
				     .regions = NETWORK_MAX,
				     .children = 300,
				     .first = 2023 * 12 + 6,
				     .until = date_from_ymd(2026, 11, 24),
				     .today = date_from_ymd(2026, 11, 24),
				     .floor = 11};
}

/* Of the ledger only what is current: a restated release replaces another. */
struct sums {
	struct network *w;
	int64_t occurrences, events, releases, facts;
};

static int add_entry(void *arg, const struct ledger_row *r)
{
	struct sums *s = arg;

	assert_int_not_equal(r->receipt_utc_ms, 0);
	s->events += r->events;
	s->occurrences += r->occurrences;
	s->releases++;
	return 0;
}

static int add_hub(void *arg, const struct region_row *r)
{
	struct sums *s = arg;

	assert_true(r->joined);
	assert_string_equal(r->trouble, "");
	s->events += r->events;
	s->occurrences += r->occurrences;
	s->releases += r->releases;
	return 0;
}

static void hub_is_the_sum_of_ledgers(void **state)
{
	struct network_opts o = road();
	struct sums ledgers = {0}, hub = {0};
	struct network w;
	uint64_t entries, receipts;

	network_make(&w, &o);
	network_start(&w);
	assert_true(network_settle(&w, ROUNDS));
	for (int i = 0; i < o.regions; i++) {
		check_ok(ledger_list(w.node[i], 1, INT64_MAX, add_entry,
				     &ledgers));
		check_ok(ledger_verify(w.node[i], &entries, &receipts));
		assert_true(entries > 0);
		assert_int_equal(entries, receipts);
	}
	check_ok(hub_regions(w.hub, add_hub, &hub));
	print_message("# %lld releases, %lld events, %lld occurrences\n",
		      (long long)hub.releases, (long long)hub.events,
		      (long long)hub.occurrences);
	assert_int_equal(hub.releases, ledgers.releases);
	assert_int_equal(hub.events, ledgers.events);
	assert_int_equal(hub.occurrences, ledgers.occurrences);
	assert_true(hub.occurrences > 1000);
	network_check_accounts(&w);
	network_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hub_is_the_sum_of_ledgers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
