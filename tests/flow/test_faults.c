/* A bus that loses, repeats, delays and damages, and sides that die at any
 * moment: in the end the hub's figures are those of a quiet run. */
#include "tests/lib/check.h"

#include "daemon/core/date.h"
#include "proto/catalogue.h"
#include "regional/release/ledger.h"
#include "tests/lib/fix_network.h"
#include "tests/lib/scratch.h"

enum { REGIONS = 2, ROUNDS = 60000, SEEDS = 6 };

struct fix {
	struct network quiet; /* settled, then stopped */
	struct network start; /* made, never run: each test copies it */
	char *share;
	unsigned char figures[DIGEST];
	int releases;
};

static int set_up(void **state)
{
	static struct fix f;
	struct network_opts o = {.seed = 7,
				 .regions = REGIONS,
				 .children = 250,
				 .first = 2025 * 12,
				 .until = date_from_ymd(2026, 11, 24),
				 .today = date_from_ymd(2026, 11, 24),
				 .floor = 11};

	f.share = scratch_new();
	network_few_tables(f.share);
	network_make(&f.start, &o);
	network_copy(&f.quiet, &f.start, 7);
	network_start(&f.quiet);
	assert_true(network_settle(&f.quiet, ROUNDS));
	network_figures(&f.quiet, f.figures, &f.releases);
	assert_true(f.releases > 50);
	network_stop(&f.quiet);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fix *f = *state;

	network_free(&f->quiet);
	network_free(&f->start);
	network_all_tables();
	scratch_free(f->share);
	return 0;
}

static void check_same(struct network *w, const struct fix *f)
{
	unsigned char figures[DIGEST];
	uint64_t entries, receipts;
	int releases;

	network_figures(w, figures, &releases);
	assert_int_equal(releases, f->releases);
	assert_memory_equal(figures, f->figures, DIGEST);
	for (int i = 0; i < REGIONS; i++) {
		check_ok(ledger_verify(w->node[i], &entries, &receipts));
		assert_int_equal(entries, receipts);
	}
	network_check_accounts(w);
}

static void bus_faults_change_nothing(void **state)
{
	struct fix *f = *state;

	for (uint64_t seed = 100; seed < 100 + SEEDS; seed++) {
		struct bus_mem_faults faults, none = {0};
		struct network w;

		network_copy(&w, &f->start, seed);
		network_start(&w);
		faults = (struct bus_mem_faults){
			.drop = 0.2 * rand_unit(&w.rng.base),
			.duplicate = 0.3 * rand_unit(&w.rng.base),
			.reorder = 0.3 * rand_unit(&w.rng.base),
			.corrupt = 0.2 * rand_unit(&w.rng.base)};
		print_message("# seed %llu: drop %.2f duplicate %.2f reorder "
			      "%.2f corrupt %.2f\n",
			      (unsigned long long)seed, faults.drop,
			      faults.duplicate, faults.reorder, faults.corrupt);
		bus_mem_faults(w.bus, &faults);
		network_settle(&w, 2000);
		bus_mem_faults(w.bus, &none);
		assert_true(network_settle(&w, ROUNDS));
		check_same(&w, f);
		network_free(&w);
	}
}

/* Somebody dies with a chance of one in @one_in each round, and is back some
 * rounds later. */
static void run_with_deaths(struct network *w, int rounds, uint32_t one_in)
{
	int back[REGIONS + 1] = {0}; /* the last is the hub */

	for (int i = 0; i < rounds; i++) {
		for (int k = 0; k <= REGIONS; k++) {
			bool dead = k < REGIONS ? !w->node[k] : !w->hub;

			if (dead && i >= back[k]) {
				if (k < REGIONS)
					network_revive(w, k);
				else
					network_revive_hub(w);
			} else if (!dead &&
				   rand_below(&w->rng.base, one_in) == 0) {
				back[k] = i + (int)rand_below(&w->rng.base, 40);
				if (k < REGIONS)
					network_kill(w, k);
				else
					network_kill_hub(w);
			}
		}
		network_step(w);
	}
	for (int k = 0; k < REGIONS; k++) {
		if (!w->node[k])
			network_revive(w, k);
	}
	if (!w->hub)
		network_revive_hub(w);
}

static void deaths_change_nothing(void **state)
{
	struct fix *f = *state;

	for (uint64_t seed = 200; seed < 200 + SEEDS; seed++) {
		struct bus_mem_faults faults = {0.05, 0.1, 0.1, 0.02};
		struct bus_mem_faults none = {0};
		struct network w;

		print_message("# seed %llu\n", (unsigned long long)seed);
		network_copy(&w, &f->start, seed);
		network_start(&w);
		bus_mem_faults(w.bus, &faults);
		run_with_deaths(&w, 1000, 25);
		bus_mem_faults(w.bus, &none);
		assert_true(network_settle(&w, ROUNDS));
		check_same(&w, f);
		network_free(&w);
	}
}

static void cut_hub_is_found_again(void **state)
{
	struct fix *f = *state;
	struct network w;

	network_copy(&w, &f->start, 300);
	network_start(&w);
	/* Hello, and no more: all releases of a node may leave at once. */
	for (int i = 0; i < 2; i++)
		network_step(&w);
	bus_mem_cut(w.bus, w.hub->conf.bus, 1);
	assert_false(network_settle(&w, 400));
	assert_true(w.node[0]->metrics.deadlines > 0);
	bus_mem_cut(w.bus, w.hub->conf.bus, 0);
	assert_true(network_settle(&w, ROUNDS));
	check_same(&w, f);
	network_free(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bus_faults_change_nothing),
		cmocka_unit_test(deaths_change_nothing),
		cmocka_unit_test(cut_hub_is_found_again),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
