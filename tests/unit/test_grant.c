/* Tests of daemon/hub/grant: every cell of each form is there, with a figure or
 * the reason why there is none. */
#include "tests/unit/hub_world.h"

#include "daemon/hub/grant.h"

struct seen {
	int served, not_served, gaps;
	const char *last;
	int items;
};

static int on_cell(void *arg, const struct grant_cell *c)
{
	struct seen *s = arg;

	assert_non_null(c->item);
	assert_true(!c->m == !c->row);
	if (!c->m)
		assert_true(strlen(c->because) > 10);
	s->gaps += c->m && strcmp(c->m->id, "M17") == 0;
	s->served += c->m != NULL;
	s->not_served += c->m == NULL;
	if (!s->last || strcmp(s->last, c->item) != 0)
		s->items++;
	s->last = c->item;
	return 0;
}

static void every_cell_is_there(void **state)
{
	static const int items[GRANTS] = {11, 6, 3};
	struct world w;

	world_init(&w, NETWORK_SYNTHETIC);
	for (int g = 0; g < GRANTS; g++) {
		struct seen s = {0};

		check_ok(grant_cells(w.hub, w.hub->db, (enum grant)g, 2026,
				     on_cell, &s));
		assert_int_equal(s.items, items[g]);
		assert_true(s.not_served > 0);
		assert_true(s.served > 0);
		assert_int_equal(s.gaps, g == GRANT_HELP_ME_GROW);
	}
	world_fini(&w);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_cell_is_there),
	};

	return cmocka_run_group_tests_name("grant", tests, NULL, NULL);
}
