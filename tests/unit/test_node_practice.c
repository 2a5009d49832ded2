#include "tests/unit/node_world.h"

#include "regional/node_practice.h"

static int64_t count(struct db *db, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(db, &n, sql, ""));
	return n;
}

static void quiet(void *arg, enum log_level level, const char *line)
{
}

static void nothing_of_it_reaches_the_real_center(void **state)
{
	const struct node_practice_new how = {"127.0.0.1:0", 12, 1};
	struct node_world *w = mem_calloc(1, sizeof *w);
	struct node *n = NULL;
	int64_t audited;

	log_to(quiet, NULL);
	node_world_init(w, NETWORK_REAL, -1);
	audited = count(w->n->db, "SELECT count(*) FROM audit");
	assert_int_equal(node_practice_open(&n, w->n), E_NOTFOUND);
	check_ok(node_practice_make(w->n, &how, NULL, NULL));
	assert_int_equal(node_practice_make(w->n, &how, NULL, NULL), E_EXISTS);
	check_says("remove that directory");
	check_ok(node_practice_open(&n, w->n));
	assert_int_equal(n->kind, NETWORK_SYNTHETIC);
	assert_int_equal(count(n->db, "SELECT count(*) > 10 FROM child"), 1);
	/* Other rows, another key, and a daemon that does not start. */
	assert_int_equal(count(w->n->db, "SELECT count(*) FROM child"), 0);
	assert_int_equal(count(w->n->db, "SELECT count(*) FROM audit"),
			 audited);
	assert_memory_not_equal(n->rec.seal_key, w->n->rec.seal_key, 32);
	assert_true(node_start(n) < 0);
	assert_int_equal(count(n->db, "SELECT count(*) FROM release"), 0);
	assert_int_equal(w->bus.asks, 0);
	node_close(n);
	node_world_fini(w);
	mem_free(w);
	log_to(NULL, NULL);
}

static void the_real_one_keeps_its_zone(void **state)
{
	const struct node_practice_new how = {"127.0.0.1:0", 1, 1};
	struct node_world *w = mem_calloc(1, sizeof *w);
	int64_t late = date_noon_utc_ms(date_from_ymd(2026, 11, 24)) +
		       INT64_C(10) * 3600 * 1000;

	log_to(quiet, NULL);
	node_world_init(w, NETWORK_REAL, -1);
	snprintf(w->n->policy.zone, sizeof w->n->policy.zone, "UTC");
	check_ok(node_practice_make(w->n, &how, NULL, NULL));
	assert_int_equal(date_of_utc(late), date_from_ymd(2026, 11, 25));
	node_world_fini(w);
	mem_free(w);
	log_to(NULL, NULL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_of_it_reaches_the_real_center),
		cmocka_unit_test(the_real_one_keeps_its_zone),
	};

	return cmocka_run_group_tests_name("node_practice", tests, NULL, NULL);
}
