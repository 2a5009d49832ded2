/* Tests of daemon/hub/hub_audit: the chain, and that a change in it shows. */
#include "tests/unit/hub_world.h"

#include "daemon/hub/hub_audit.h"

static int setup(void **state)
{
	struct world *w = mem_calloc(1, sizeof *w);

	world_init(w, NETWORK_SYNTHETIC);
	*state = w;
	return 0;
}

static int teardown(void **state)
{
	world_fini(*state);
	mem_free(*state);
	return 0;
}

static void fill(struct world *w)
{
	for (int i = 1; i <= 5; i++)
		check_ok(hub_audit(w->hub->db, 1000 * i, "user:ann", "measure",
				   i, "viewed"));
}

static void chain_holds(void **state)
{
	struct world *w = *state;
	int64_t n;

	check_ok(hub_audit_verify(w->hub->db, &n));
	assert_int_equal(n, 0);
	fill(w);
	check_ok(hub_audit_verify(w->hub->db, &n));
	assert_int_equal(n, 5);
}

/* 63: an edited row is named. */
static void edited_row_is_named(void **state)
{
	struct world *w = *state;
	int64_t n;

	fill(w);
	check_ok(db_run(w->hub->db,
			"UPDATE audit SET who = 'user:bob' WHERE seq = 3", ""));
	assert_int_equal(hub_audit_verify(w->hub->db, &n), E_AUTH);
	check_says("entry 3 is not what was written");
}

static void missing_row_is_named(void **state)
{
	struct world *w = *state;
	int64_t n;

	fill(w);
	check_ok(db_run(w->hub->db, "DELETE FROM audit WHERE seq = 2", ""));
	assert_int_equal(hub_audit_verify(w->hub->db, &n), E_AUTH);
	check_says("entry 2 is missing");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(chain_holds),
		T(edited_row_is_named),
		T(missing_row_is_named),
	};

	return cmocka_run_group_tests_name("hub_audit", tests, NULL, NULL);
}
