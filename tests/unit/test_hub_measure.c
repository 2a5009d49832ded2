/* Tests of the pages and files of a measure and a region: what is not known is
 * no number there, and what is not whole says so. */
#include "tests/unit/hub_world.h"
#include "tests/unit/routes_fix.h"

#include "daemon/hub/hub_site.h"

struct fix {
	struct world w;
	struct hub_site site;
	struct routes t;
	struct hand north, south, west;
	uint64_t seq;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	check_ok(hub_region_add(f->w.hub, "west", "West Region"));
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	hand_joined(&f->west, &f->w, "west");
	hub_site_init(&f->site, f->w.hub);
	routes_open(&f->t, &f->site.hooks, hub_site_routes, f->w.hub->dir);
	routes_become(&f->t, routes_account(&f->t, "vi", ROLE_VIEWER));
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	routes_close(&f->t);
	hand_fini(&f->north);
	hand_fini(&f->south);
	hand_fini(&f->west);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static void months_of(struct fix *f, struct hand *n, int months)
{
	for (int m = 0; m < months; m++) {
		struct release r;
		int32_t at = month_no(2026, 1) + m;

		hand_release(n, &r, at, 1);
		add_block(f->w.table, &r, 0, 0, at, 0, 400, 111);
		assert_int_equal(hand_deliver(n, &r, ++f->seq), KIND_RECEIPT);
		release_fini(&r);
	}
}

static void what_is_not_closed_is_no_zero_in_the_file(void **state)
{
	struct fix *f = *state;

	months_of(f, &f->north, 12);
	months_of(f, &f->west, 12);
	assert_int_equal(web_get(&f->t.c, "/measure/M10/csv"), 200);
	assert_true(web_has(&f->t.c, "\"regions\",\"north\",\"2026\",\"\","
				     "\"78.3 %\",4800,4800,6132,6132,"));
	assert_true(web_has(&f->t.c, "\"regions\",\"south\",\"2026\",\"\","
				     "\"not closed yet\",,,,,"));
}

static void a_sentence_says_how_far_a_region_is_in(void **state)
{
	struct fix *f = *state;

	months_of(f, &f->north, 12);
	months_of(f, &f->west, 12);
	months_of(f, &f->south, 7);
	assert_int_equal(web_get(&f->t.c, "/measure/M10?region=south"), 200);
	assert_true(web_has(&f->t.c, "(2,800 of 3,577), South Region, 2026, "
				     "through July."));
	assert_int_equal(web_get(&f->t.c, "/measure/M10?region=north"), 200);
	assert_true(web_has(&f->t.c, "North Region, 2026."));
	assert_int_equal(web_get(&f->t.c, "/region/south"), 200);
	assert_true(web_has(&f->t.c, "2026, through July"));
}

static void who_sent_nothing_is_behind_with_all(void **state)
{
	struct fix *f = *state;

	months_of(f, &f->north, 12);
	months_of(f, &f->west, 10);
	assert_int_equal(web_get(&f->t.c, "/region/south"), 200);
	assert_true(web_has(&f->t.c, "nothing yet"));
	assert_true(web_has(&f->t.c, ">all<"));
	assert_false(web_has(&f->t.c, "24323"));
	assert_int_equal(web_get(&f->t.c, "/region/west"), 200);
	assert_true(web_has(&f->t.c, ">2<"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(what_is_not_closed_is_no_zero_in_the_file),
		T(a_sentence_says_how_far_a_region_is_in),
		T(who_sent_nothing_is_behind_with_all),
	};

	return cmocka_run_group_tests_name("hub_measure", tests, NULL, NULL);
}
