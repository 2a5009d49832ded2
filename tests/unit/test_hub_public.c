/* Tests of daemon/hub/hub_public: there is no such page unless it was asked
 * for, and then it shows rounded figures of the whole state alone. */
#include "tests/unit/hub_world.h"
#include "tests/unit/routes_fix.h"

#include "daemon/hub/hub_site.h"

struct fix {
	struct world w;
	struct hub_site site;
	struct routes t;
	struct hand north, south;
	uint64_t seq;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	hub_site_init(&f->site, f->w.hub);
	routes_open(&f->t, &f->site.hooks, hub_site_routes, f->w.hub->dir);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	routes_close(&f->t);
	hand_fini(&f->north);
	hand_fini(&f->south);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static void year(struct fix *f, struct hand *n, uint32_t linked, uint32_t not )
{
	for (int m = 0; m < 12; m++) {
		struct release r;
		int32_t at = month_no(2026, 1) + m;

		hand_release(n, &r, at, 1);
		add_block(f->w.table, &r, 0, 0, at, 0, linked, not );
		assert_int_equal(hand_deliver(n, &r, ++f->seq), KIND_RECEIPT);
		release_fini(&r);
	}
}

static void it_is_off_unless_asked_for(void **state)
{
	struct fix *f = *state;

	assert_int_equal(web_get(&f->t.c, "/public"), 404);
	f->w.hub->conf.public_view = true;
	assert_int_equal(web_get(&f->t.c, "/public"), 200);
	assert_true(web_has(&f->t.c, "Nothing can be shown yet."));
}

/* 78.3 % are 78 %; the count is nowhere. */
static void figures_are_rounded_and_of_all(void **state)
{
	struct fix *f = *state;

	f->w.hub->conf.public_view = true;
	year(f, &f->north, 400, 111);
	assert_int_equal(web_get(&f->t.c, "/public"), 200);
	assert_false(web_has(&f->t.c, "78 %")); /* south is missing */
	year(f, &f->south, 400, 111);
	assert_int_equal(web_get(&f->t.c, "/public"), 200);
	assert_true(web_has(&f->t.c, "78 %"));
	assert_false(web_has(&f->t.c, "78.3"));
	assert_false(web_has(&f->t.c, "9600"));
	assert_false(web_has(&f->t.c, "North Region"));
	f->t.c.headers = "Accept-Language: es\r\n";
	assert_int_equal(web_get(&f->t.c, "/public"), 200);
	assert_true(web_has(&f->t.c, "Referidos que llevaron a un servicio"));
}

/* 49.45 % is nearer to 49 than to 50: it is not rounded to 49.5 before. */
static void a_rate_is_rounded_once(void **state)
{
	struct fix *f = *state;

	f->w.hub->conf.public_view = true;
	year(f, &f->north, 989, 1011);
	year(f, &f->south, 989, 1011);
	assert_int_equal(web_get(&f->t.c, "/public"), 200);
	assert_true(web_has(&f->t.c, "49 %"));
	assert_false(web_has(&f->t.c, "50 %"));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	static const struct CMUnitTest tests[] = {
		T(it_is_off_unless_asked_for),
		T(figures_are_rounded_and_of_all),
		T(a_rate_is_rounded_once),
	};

	return cmocka_run_group_tests_name("hub_public", tests, NULL, NULL);
}
