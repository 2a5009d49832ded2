/* Tests of the desk's routes: every route, every role and nobody. */
#include "tests/unit/node_world.h"
#include "tests/unit/routes_fix.h"

#include "regional/desk/desk.h"

struct fix {
	struct node_world w;
	struct desk desk;
	struct routes t;
};

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static void every_route_is_for_whom_it_says(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	log_to(quiet, NULL);
	node_world_init(&f->w, NETWORK_SYNTHETIC, -1);
	desk_init(&f->desk, f->w.n);
	routes_open(&f->t, &f->desk.hooks, desk_routes, f->w.dir);
	routes_matrix(&f->t, desk_routes);
	routes_close(&f->t);
	node_world_fini(&f->w);
	log_to(NULL, NULL);
	mem_free(f);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_route_is_for_whom_it_says),
	};

	return cmocka_run_group_tests_name("desk_routes", tests, NULL, NULL);
}
