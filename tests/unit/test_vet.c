/* Tests of daemon/hub/vet: what a release is refused for. Numbers are those of the
 * hostile inputs in the design. */
#include "tests/unit/hub_world.h"

struct fix {
	struct world w;
	struct hand north, south;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_REAL);
	hand_joined(&f->north, &f->w, "north");
	hand_joined(&f->south, &f->w, "south");
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fix *f = *state;

	hand_fini(&f->north);
	hand_fini(&f->south);
	world_fini(&f->w);
	mem_free(f);
	return 0;
}

static int64_t count(struct fix *f, const char *sql)
{
	int64_t n = -1;

	check_ok(db_int(f->w.hub->db, &n, sql, NULL));
	return n;
}

static int64_t releases(struct fix *f)
{
	return count(f, "SELECT count(*) FROM release");
}

static int64_t alarms(struct fix *f)
{
	return count(f, "SELECT count(*) FROM trouble WHERE kind = 'alarm'");
}

static int32_t jan(void)
{
	return month_no(2026, 1);
}

/* January with one trend block and one of detail. */
static void plain(struct fix *f, struct release *r, uint32_t version)
{
	hand_release(&f->north, r, jan(), version);
	add_block(f->w.table, r, 0, 0, jan(), 0, 40, 30);
	add_block(f->w.table, r, 1, 0, jan(), 3, 20, 11);
}

static int deliver(struct fix *f, struct release *r, uint64_t seq)
{
	int kind = hand_deliver(&f->north, r, seq);

	release_fini(r);
	return kind;
}

/* Deliver to be refused with @code, leaving nothing behind. */
static void refused(struct fix *f, struct release *r, uint32_t code)
{
	int64_t before = releases(f);

	assert_int_equal(deliver(f, r, 1), KIND_REFUSED);
	assert_int_equal(hand_refusal(&f->north), code);
	assert_int_equal(releases(f), before);
}

/* 15 */
static void release_of_another_region_alarms(void **state)
{
	struct fix *f = *state;
	struct release r;

	plain(f, &r, 1);
	snprintf(r.region, sizeof r.region, "south");
	refused(f, &r, REFUSED_REGION);
	assert_int_equal(alarms(f), 1);
}

/* 21 */
static void stale_epoch_is_sent_to_say_hello(void **state)
{
	struct fix *f = *state;
	struct release r;

	f->north.epoch = 0;
	plain(f, &r, 1);
	refused(f, &r, REFUSED_EPOCH);
	f->north.epoch = 1;
	plain(f, &r, 1);
	r.key.epoch = 2; /* never granted */
	refused(f, &r, REFUSED_EPOCH);
}

/* 27, 36 */
static void counts_under_the_floor_alarm(void **state)
{
	struct fix *f = *state;
	struct release r;

	for (uint32_t n = 1; n < POLICY_FLOOR; n++) {
		plain(f, &r, 1);
		r.group[0].count[0] = n;
		refused(f, &r, REFUSED_FLOOR);
	}
	plain(f, &r, 1);
	r.floor = 10;
	refused(f, &r, REFUSED_FLOOR);
	assert_true(alarms(f) > 0);
	plain(f, &r, 1);
	r.floor = 12; /* stricter than the policy, and 11 is under it */
	refused(f, &r, REFUSED_FLOOR);
}

static void definition_must_be_known_and_equal(void **state)
{
	struct fix *f = *state;
	struct release r;

	plain(f, &r, 1);
	snprintf(r.key.table, sizeof r.key.table, "no_such_table");
	refused(f, &r, REFUSED_DEFINITION);
	plain(f, &r, 1);
	r.table_hash[5] ^= 1;
	refused(f, &r, REFUSED_DEFINITION);
	plain(f, &r, 1);
	r.table_version++;
	refused(f, &r, REFUSED_DEFINITION);
	plain(f, &r, 1);
	r.vocabulary++;
	refused(f, &r, REFUSED_DEFINITION);
	plain(f, &r, 1);
	r.policy++;
	refused(f, &r, REFUSED_POLICY);
}

/* 31. Months of this table are open until day 90 after their end. */
static void open_month_is_refused(void **state)
{
	struct fix *f = *state;
	struct release r;

	hand_release(&f->north, &r, month_no(2027, 2), 1);
	add_block(f->w.table, &r, 0, 0, month_no(2027, 2), 0, 40, 30);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	hand_release(&f->north, &r, month_no(2027, 3), 1);
	add_block(f->w.table, &r, 0, 0, month_no(2027, 3), 0, 40, 30);
	refused(f, &r, REFUSED_CONTENT);
}

/* 30, 28, 34: no block of the wrong form gets in. */
static void blocks_must_be_where_they_say(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = f->w.table;
	struct release r;

	plain(f, &r, 1);
	add_block(t, &r, 1, 0, jan(), 5, 0, 0); /* counts nothing */
	refused(f, &r, REFUSED_CONTENT);
	plain(f, &r, 1);
	r.group[1].view = 7;
	refused(f, &r, REFUSED_CONTENT);
	plain(f, &r, 1);
	r.group[1].step = 7;
	refused(f, &r, REFUSED_CONTENT);
	plain(f, &r, 1);
	r.group[1].stratum.no = 4; /* cells are another need's */
	refused(f, &r, REFUSED_CONTENT);
	plain(f, &r, 1);
	r.group[1].n = 3;
	r.group[1].count[2] = 11;
	refused(f, &r, REFUSED_CONTENT);
	plain(f, &r, 1);
	r.group[0].cells = cells_minus(r.group[0].cells, r.group[1].cells);
	refused(f, &r, REFUSED_CONTENT);
}

static void sums_must_agree(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = f->w.table;
	struct release r;
	struct group *g;

	plain(f, &r, 1);
	r.group[1].count[0] = 41; /* more of one need than of all */
	refused(f, &r, REFUSED_CONTENT);

	hand_release(&f->north, &r, jan() + 2, 1);
	add_block(t, &r, 0, 1, jan(), 0, 60, 30);
	g = add_block(t, &r, 2, 0, jan(), 0, 20, 20);
	g->count[2] = 20;
	g->count[3] = 11;
	refused(f, &r, REFUSED_CONTENT);
	hand_release(&f->north, &r, jan() + 2, 1);
	add_block(t, &r, 0, 1, jan(), 0, 60, 30);
	g = add_block(t, &r, 2, 0, jan(), 0, 20, 20);
	g->count[2] = 20;
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
}

static void blocks_of_two_closings_must_not_overlap(void **state)
{
	struct fix *f = *state;
	const struct fact_table *t = f->w.table;
	struct release r;

	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	hand_release(&f->north, &r, jan() + 2, 1);
	add_block(t, &r, 0, 1, jan(), 0, 60, 30); /* January again */
	refused(f, &r, REFUSED_CONTENT);
	/* Its next version replaces it. */
	plain(f, &r, 2);
	assert_int_equal(deliver(f, &r, 2), KIND_RECEIPT);
}

static void bounds_must_be_of_closed_months(void **state)
{
	struct fix *f = *state;
	struct release r;

	plain(f, &r, 1);
	r.n_bounds = 1;
	r.bound[0] = (struct bound){{jan(), 1}, 1, 11};
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	plain(f, &r, 2);
	r.n_bounds = 1;
	r.bound[0] = (struct bound){{jan(), 3}, 2, 11}; /* February */
	refused(f, &r, REFUSED_CONTENT);
}

static void of_table(struct fix *f, struct release *r, const char *id,
		     int32_t closing)
{
	const struct fact_table *was = f->w.table;

	f->w.table =
		catalogue_table(f->w.cat, catalogue_find_table(f->w.cat, id));
	hand_release(&f->north, r, closing, 1);
	add_block(f->w.table, r, 0, 0, closing, 0, 20, 12);
	f->w.table = was;
}

static void a_picture_is_of_its_own_day(void **state)
{
	struct fix *f = *state;
	struct release r;

	of_table(f, &r, "stock_referrals", jan());
	refused(f, &r, REFUSED_CONTENT);
	of_table(f, &r, "stock_referrals", jan() + 5);
	add_block(f->w.table, &r, 1, 0, jan() + 2, 0, 20, 12);
	refused(f, &r, REFUSED_CONTENT);
	of_table(f, &r, "stock_referrals", jan() + 2);
	r.floor = 1;
	refused(f, &r, REFUSED_FLOOR);
	of_table(f, &r, "stock_referrals", jan() + 2);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
}

/* Agencies are no children. */
static void only_what_is_of_children_has_a_floor(void **state)
{
	struct fix *f = *state;
	struct release r;

	of_table(f, &r, "members", jan() + 2);
	refused(f, &r, REFUSED_FLOOR);
	of_table(f, &r, "members", jan() + 2);
	r.floor = 1;
	r.group[0].count[0] = 1;
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(release_of_another_region_alarms),
		T(stale_epoch_is_sent_to_say_hello),
		T(counts_under_the_floor_alarm),
		T(definition_must_be_known_and_equal),
		T(open_month_is_refused),
		T(blocks_must_be_where_they_say),
		T(sums_must_agree),
		T(blocks_of_two_closings_must_not_overlap),
		T(bounds_must_be_of_closed_months),
		T(a_picture_is_of_its_own_day),
		T(only_what_is_of_children_has_a_floor),
	};

	return cmocka_run_group_tests_name("vet", tests, NULL, NULL);
}
