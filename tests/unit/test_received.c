/* Tests of daemon/hub/received: what arrived, which version counts, what was
 * refused. */
#include "tests/unit/hub_world.h"

#include "daemon/hub/received.h"
#include "daemon/hub/roster.h"

struct fix {
	struct world w;
	struct hand north;
};

struct seen {
	int n, current;
	int32_t closing[8];
	int64_t version[8];
	bool receipted;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_SYNTHETIC);
	hand_joined(&f->north, &f->w, "north");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static void deliver(struct fix *f, int32_t month, uint32_t version,
		    uint64_t seq)
{
	struct release r;

	hand_release(&f->north, &r, month, version);
	add_block(f->w.table, &r, 0, 0, month, 0, 400, 111 + version);
	assert_int_equal(hand_deliver(&f->north, &r, seq), KIND_RECEIPT);
	release_fini(&r);
}

static int on_release(void *arg, const struct received *r)
{
	struct seen *s = arg;

	assert_string_equal(r->region_title, "North Region");
	assert_int_equal(strlen(r->digest), 64);
	s->closing[s->n] = r->closing;
	s->version[s->n++] = r->version;
	s->current += r->current;
	s->receipted = r->receipt_utc_ms > 0;
	return 0;
}

static void versions_stay_and_one_counts(void **state)
{
	struct fix *f = *state;
	struct received_filter all = {.max = 8};
	struct seen s = {0};
	int64_t n = 0;

	deliver(f, month_no(2026, 1), 1, 1);
	deliver(f, month_no(2026, 2), 1, 2);
	deliver(f, month_no(2026, 1), 2, 3);
	check_ok(received_list(f->w.hub->db, &all, &n, on_release, &s));
	assert_int_equal(n, 3);
	assert_int_equal(s.n, 3);
	assert_int_equal(s.current, 2);
	assert_int_equal(s.version[0], 2); /* the newest first */
	assert_int_equal(s.closing[1], month_no(2026, 2));
	assert_true(s.receipted);
}

static void filters_and_pages(void **state)
{
	struct fix *f = *state;
	struct received_filter some = {.region = "north", .from = 1, .max = 1};
	struct received_filter none = {.region = "south", .max = 9};
	struct seen s = {0};
	int64_t n = 0;

	deliver(f, month_no(2026, 1), 1, 1);
	deliver(f, month_no(2026, 2), 1, 2);
	check_ok(received_list(f->w.hub->db, &some, &n, on_release, &s));
	assert_int_equal(n, 2);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.closing[0], month_no(2026, 1));
	check_ok(received_list(f->w.hub->db, &none, &n, on_release, &s));
	assert_int_equal(n, 0);
	assert_int_equal(s.n, 1);
}

static int on_trouble(void *arg, const struct received_trouble *t)
{
	struct seen *s = arg;

	s->n++;
	assert_true(t->refusal);
	assert_string_equal(t->what, "a month is missing");
	assert_int_equal(t->times, 2);
	return 0;
}

static void a_refusal_is_told_once_with_its_times(void **state)
{
	struct fix *f = *state;
	struct seen s = {0};

	for (int i = 0; i < 2; i++)
		check_ok(roster_trouble(f->w.hub->db, "north", TROUBLE_REFUSAL,
					"a month is missing", world_now() + i));
	check_ok(received_troubles(f->w.hub->db, NULL, 9, on_trouble, &s));
	check_ok(received_troubles(f->w.hub->db, "south", 9, on_trouble, &s));
	assert_int_equal(s.n, 1);
}

static void a_node_never_heard_said_nothing(void **state)
{
	struct fix *f = *state;
	struct received_node n;

	check_ok(received_node(f->w.hub->db, "south", &n));
	assert_string_equal(n.version, "");
	assert_int_equal(n.waiting, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(versions_stay_and_one_counts,
						setup, teardown),
		cmocka_unit_test_setup_teardown(filters_and_pages, setup,
						teardown),
		cmocka_unit_test_setup_teardown(
			a_refusal_is_told_once_with_its_times, setup, teardown),
		cmocka_unit_test_setup_teardown(a_node_never_heard_said_nothing,
						setup, teardown),
	};

	return cmocka_run_group_tests_name("received", tests, NULL, NULL);
}
