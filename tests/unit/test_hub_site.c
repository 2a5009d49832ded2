/* Tests of daemon/hub/hub_site: every route, every role and nobody. */
#include "tests/unit/hub_world.h"
#include "tests/unit/routes_fix.h"

#include "daemon/hub/hub_site.h"

struct fix {
	struct world w;
	struct hub_site site;
	struct routes t;
};

static void every_route_is_for_whom_it_says(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hub_site_init(&f->site, f->w.hub);
	routes_open(&f->t, &f->site.hooks, hub_site_routes, f->w.hub->dir);
	routes_matrix(&f->t, hub_site_routes);
	routes_close(&f->t);
	world_fini(&f->w);
	mem_free(f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_for_whom_it_says),
	};

	return cmocka_run_group_tests_name("hub_site", tests, NULL, NULL);
}
