/* Tests of daemon/hub/hub: the directory of a hub and its regions. Numbers are those of the
 * hostile inputs in the design. */
#include "tests/unit/hub_world.h"

#include "daemon/hub/roster.h"

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

static int beat(struct hand *n, struct alive *a)
{
	struct heartbeat b = {.waiting = 2, .version = "0.1.0"};
	unsigned char *bytes = NULL;
	size_t len;
	int kind;

	b.node_utc_ms = clock_utc_ms(&n->w->clock.base) + 2000;
	check_ok(codec_heartbeat(&b, &bytes, &len));
	kind = hand_ask(n, KIND_HEARTBEAT, bytes, len);
	mem_free(bytes);
	if (kind == KIND_ALIVE)
		check_ok(codec_alive_parse(n->payload, n->len, a));
	return kind;
}

static void take_two(struct fix *f)
{
	struct release r;

	plain(f, &r, 1);
	assert_int_equal(deliver(f, &r, 1), KIND_RECEIPT);
	hand_release(&f->north, &r, jan() + 1, 1);
	add_block(f->w.table, &r, 0, 0, jan() + 1, 0, 40, 30);
	assert_int_equal(deliver(f, &r, 2), KIND_RECEIPT);
}

static int on_region(void *arg, const struct region_row *r)
{
	struct region_row *out = arg;

	if (strcmp(r->id, "north") == 0)
		*out = *r;
	return 0;
}

static void regions_show_how_fresh_they_are(void **state)
{
	struct fix *f = *state;
	struct region_row row;
	struct release r;
	struct alive a;

	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	take_two(f);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_true(row.joined);
	assert_int_equal(row.heard_utc_ms, f->w.clock.now_utc_ms);
	assert_int_equal(row.clock_off_ms, 2000);
	/* The slowest table counts, and one of two was never closed. */
	assert_int_equal(row.closed, -1);
	assert_int_equal(row.releases, 2);
	assert_int_equal(row.events, 2);
	assert_int_equal(row.occurrences, 31);
	assert_int_equal(strlen(row.fingerprint), 47);
	assert_string_equal(row.trouble, "");
	clock_set_advance(&f->w.clock, 10);
	plain(f, &r, 9);
	r.policy = 4;
	assert_int_equal(deliver(f, &r, 3), KIND_REFUSED);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_non_null(strstr(row.trouble, "no policy 4"));
}

static void slowest_table_says_how_fresh(void **state)
{
	struct fix *f = *state;
	int tables = catalogue_tables(f->w.cat);
	struct region_row row;
	struct release r;

	take_two(f);
	/* Of every other table three months: the slowest has two. */
	for (int m = 0; m < 3 * tables; m++) {
		const struct fact_table *t = catalogue_table(f->w.cat, m / 3);

		if (strcmp(t->id, "referrals_90d") == 0 || t->restates)
			continue;
		hand_release(&f->north, &r, jan() + m % 3, 1);
		snprintf(r.key.table, sizeof r.key.table, "%s", t->id);
		memcpy(r.table_hash, t->hash, sizeof r.table_hash);
		r.floor = t->plain ? 1 : r.floor;
		assert_int_equal(deliver(f, &r, 10 + (uint64_t)m),
				 KIND_RECEIPT);
	}
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_int_equal(row.closed, jan() + 1);
}

static void silence_is_trouble(void **state)
{
	struct fix *f = *state;
	struct region_row row;
	struct alive a;

	clock_set_advance(&f->w.clock, HUB_SILENT_MS - 1);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_string_equal(row.trouble, "");
	clock_set_advance(&f->w.clock, 1);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_string_equal(row.trouble, "not heard for 5 minutes");
	check_ok(hub_watch(f->w.hub));
	check_ok(hub_watch(f->w.hub));
	assert_int_equal(f->w.hub->metrics.alarms, 2); /* south, too */
	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_string_equal(row.trouble, "");
	/* Silent again is another alarm. */
	clock_set_advance(&f->w.clock, 3 * 3600 * 1000);
	check_ok(hub_watch(f->w.hub));
	assert_int_equal(f->w.hub->metrics.alarms, 3);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_string_equal(row.trouble, "not heard for 3 hours");
}

static void troubles_have_a_date_and_go_away(void **state)
{
	const int64_t day = 24 * 3600 * 1000;
	struct fix *f = *state;
	struct region_row row;
	struct hand other;
	struct alive a;

	hand_init(&other, &f->w, "north");
	other.code = f->north.code;
	assert_int_equal(hand_join(&other), KIND_REFUSED);
	hand_fini(&other);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_int_equal(strncmp(row.trouble,
				 "2027-06-01: a join code was "
				 "used a second time",
				 46),
			 0);
	assert_non_null(strstr(row.trouble, "ccfed hub invite"));
	clock_set_advance(&f->w.clock, 7 * day - 1);
	assert_int_equal(beat(&f->north, &a), KIND_ALIVE);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_true(row.trouble[0] != '\0');
	clock_set_advance(&f->w.clock, 1);
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_string_equal(row.trouble, "");
}

static void regions_are_found_and_renamed(void **state)
{
	struct fix *f = *state;
	char id[REGION_ID];
	struct region_row row;

	check_ok(hub_region_title(f->w.hub, "north", "Upper Region"));
	check_ok(hub_regions(f->w.hub, on_region, &row));
	assert_string_equal(row.title, "Upper Region");
	assert_int_equal(hub_region_title(f->w.hub, "mars", "x"), E_NOTFOUND);
	assert_int_equal(hub_region_title(f->w.hub, "north", ""), E_INVALID);
	check_ok(roster_find(f->w.hub->db, "NORTH", id));
	assert_string_equal(id, "north");
	check_ok(roster_find(f->w.hub->db, "upper region", id));
	assert_string_equal(id, "north");
	assert_int_equal(roster_find(f->w.hub->db, "mars", id), E_NOTFOUND);
	/* An id before a title. */
	check_ok(hub_region_title(f->w.hub, "north", "South"));
	check_ok(roster_find(f->w.hub->db, "South", id));
	assert_string_equal(id, "south");
}

static void open_survives_lack_of_memory(void **state)
{
	struct fix *f = *state;
	bool fired = true;

	world_close(&f->w);
	for (int n = 0; fired; n++) {
		struct hub *h = NULL;
		int r;

		mem_fault(n);
		r = hub_open(&h, &f->w.clock.base, &f->w.rng.base, &f->w.disk,
			     f->w.bus, f->w.cat, f->w.dir);
		fired = mem_fault_off();
		/* A statement that cannot be kept is prepared again. */
		if (r < 0 && (!fired || r != E_NOMEM))
			fail_msg("%s: %s", err_name(r), err_text(r));
		assert_true(!h == (r < 0));
		hub_close(h);
	}
	world_open(&f->w);
}

static void init_refuses_a_folder_in_use(void **state)
{
	struct fix *f = *state;
	struct hub_new how = {.bus = HUB_ADDR};

	policy_defaults(&how.policy, NETWORK_REAL, "Again");
	assert_int_equal(hub_init(&f->w.clock.base, &f->w.rng.base, &f->w.disk,
				  f->w.cat, f->w.dir, &how),
			 E_EXISTS);
	check_says("holds a hub already");
}

static void region_ids_are_checked(void **state)
{
	struct fix *f = *state;
	char code[JOIN_CODE_TEXT];

	assert_int_equal(hub_region_add(f->w.hub, "north", "x"), E_EXISTS);
	assert_int_equal(hub_region_add(f->w.hub, "North", "x"), E_INVALID);
	assert_int_equal(hub_region_add(f->w.hub, "", "x"), E_INVALID);
	assert_int_equal(hub_region_add(f->w.hub, "east", ""), E_INVALID);
	assert_int_equal(hub_region_add(f->w.hub, "east", "a\nb"), E_INVALID);
	assert_int_equal(
		hub_region_add(f->w.hub, "a-region-of-24-letters-x", "x"),
		E_INVALID);
	assert_int_equal(hub_invite(f->w.hub, "east", 24, code), E_NOTFOUND);
	assert_int_equal(hub_invite(f->w.hub, "north", 0, code), E_INVALID);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(regions_show_how_fresh_they_are),
		T(slowest_table_says_how_fresh),
		T(silence_is_trouble),
		T(troubles_have_a_date_and_go_away),
		T(regions_are_found_and_renamed),
		T(open_survives_lack_of_memory),
		T(init_refuses_a_folder_in_use),
		T(region_ids_are_checked),
	};

	return cmocka_run_group_tests_name("hub", tests, NULL, NULL);
}
