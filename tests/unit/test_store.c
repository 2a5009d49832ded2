/* Tests of daemon/hub/store. */
#include "tests/unit/hub_world.h"

struct fix {
	struct world w;
	struct hand north;
};

static int setup(void **state)
{
	struct fix *f = mem_calloc(1, sizeof *f);

	world_init(&f->w, NETWORK_REAL);
	hand_init(&f->north, &f->w, "north");
	f->north.epoch = 1;
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

/* Put a release with one trend block of @a and @b; the store's outcome. */
static int put(struct fix *f, int32_t closing, uint32_t epoch, uint32_t version,
	       uint32_t a, uint32_t b)
{
	unsigned char *bytes = NULL, digest[DIGEST];
	struct release r;
	size_t len;
	int x;

	hand_release(&f->north, &r, closing, version);
	r.key.epoch = epoch;
	add_block(f->w.table, &r, 0, 0, closing, 0, a, b);
	add_block(f->w.table, &r, 1, 0, closing, 3, a, 0);
	check_ok(codec_release(&r, &bytes, &len));
	codec_digest(bytes, len, digest);
	x = store_put(f->w.hub->db, &r, bytes, len, digest, 1000);
	mem_free(bytes);
	release_fini(&r);
	return x;
}

struct seen {
	int n;
	uint32_t version[8], count[8];
	int32_t closing[8];
};

static int on_half(void *arg, const struct release *r)
{
	struct seen *s = arg;

	assert_true(s->n < 8);
	s->version[s->n] = r->key.version;
	s->count[s->n] = r->group[0].count[0];
	s->closing[s->n++] = r->key.closing;
	return 0;
}

static void half(struct fix *f, int32_t month, struct seen *s)
{
	memset(s, 0, sizeof *s);
	check_ok(store_half(f->w.hub->db, "north", "referrals_90d",
			    lattice_half(month), on_half, s));
}

static void put_knows_what_it_has(void **state)
{
	struct fix *f = *state;
	int32_t jan = month_no(2026, 1);

	assert_int_equal(put(f, jan, 1, 1, 20, 30), STORE_NEW);
	assert_int_equal(put(f, jan, 1, 1, 20, 30), STORE_KNOWN);
	assert_int_equal(put(f, jan, 1, 1, 21, 30), STORE_CONFLICT);
}

static void newest_by_epoch_then_version_is_current(void **state)
{
	struct fix *f = *state;
	int32_t jan = month_no(2026, 1);
	struct seen s;

	assert_int_equal(put(f, jan, 1, 2, 22, 30), STORE_NEW);
	assert_int_equal(put(f, jan, 1, 1, 21, 30), STORE_NEW);
	half(f, jan, &s);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.count[0], 22);
	/* A higher epoch wins over a higher version. */
	assert_int_equal(put(f, jan, 2, 1, 23, 30), STORE_NEW);
	assert_int_equal(put(f, jan, 1, 9, 24, 30), STORE_NEW);
	half(f, jan, &s);
	assert_int_equal(s.n, 1);
	assert_int_equal(s.count[0], 23);
}

static void half_is_oldest_first_and_no_other(void **state)
{
	struct fix *f = *state;
	struct seen s;

	put(f, month_no(2026, 7), 1, 1, 20, 20);
	put(f, month_no(2026, 6), 1, 1, 21, 20);
	put(f, month_no(2026, 2), 1, 1, 22, 20);
	put(f, month_no(2025, 12), 1, 1, 23, 20);
	half(f, month_no(2026, 3), &s);
	assert_int_equal(s.n, 2);
	assert_int_equal(s.closing[0], month_no(2026, 2));
	assert_int_equal(s.closing[1], month_no(2026, 6));
}

static void closed_and_first_span_what_is_held(void **state)
{
	struct fix *f = *state;
	struct db *db = f->w.hub->db;
	int32_t c = 0;

	check_ok(store_closed(db, "north", "referrals_90d", &c));
	assert_int_equal(c, -1);
	put(f, month_no(2026, 2), 1, 1, 22, 20);
	put(f, month_no(2026, 7), 1, 1, 22, 20);
	check_ok(store_closed(db, "north", "referrals_90d", &c));
	assert_int_equal(c, month_no(2026, 7));
	check_ok(store_first(db, "north", "referrals_90d", &c));
	assert_int_equal(c, month_no(2026, 2));
	check_ok(store_closed(db, "south", "referrals_90d", &c));
	assert_int_equal(c, -1);
}

static int on_sum(void *arg, const struct hub_sum *s)
{
	struct hub_sum *out = arg;

	if (strcmp(s->view, "detail") == 0)
		*out = *s;
	return 0;
}

static void sums_are_of_current_releases(void **state)
{
	struct fix *f = *state;
	struct hub_sum s = {0};
	struct store_total t;

	put(f, month_no(2026, 1), 1, 1, 20, 40);
	put(f, month_no(2026, 1), 1, 2, 25, 40);
	put(f, month_no(2026, 2), 1, 1, 12, 40);
	check_ok(hub_sums(f->w.hub, on_sum, &s));
	assert_string_equal(s.region, "north");
	assert_string_equal(s.table, "referrals_90d");
	assert_int_equal(s.events, 2); /* the zero is none */
	assert_int_equal(s.occurrences, 37);
	assert_int_equal(s.releases, 2);
	check_ok(store_total(f->w.hub->db, "north", 1, &t));
	assert_int_equal(t.releases, 2);
	assert_int_equal(t.occurrences, 37);
}

static void get_gives_the_bytes_back(void **state)
{
	struct fix *f = *state;
	struct release_key key = {"referrals_90d", month_no(2026, 1), 1, 2};
	unsigned char *bytes = NULL;
	struct release r;
	size_t len;

	put(f, month_no(2026, 1), 1, 2, 20, 40);
	check_ok(store_get(f->w.hub->db, "north", &key, &bytes, &len));
	check_ok(codec_release_parse(bytes, len, &r));
	assert_int_equal(r.key.version, 2);
	release_fini(&r);
	mem_free(bytes);
	bytes = NULL;
	assert_int_equal(store_get(f->w.hub->db, "south", &key, &bytes, &len),
			 E_NOTFOUND);
	key.version = 3;
	assert_int_equal(store_get(f->w.hub->db, "north", &key, &bytes, &len),
			 E_NOTFOUND);
	assert_null(bytes);
}

static void inventory_is_cut_in_order(void **state)
{
	struct fix *f = *state;
	struct inventory page = {0};
	struct inventory_entry e[4];
	bool more;
	int n;

	for (uint32_t v = 1; v <= 3; v++)
		put(f, month_no(2026, 1), 1, v, 20 + v, 40);
	put(f, month_no(2026, 3), 1, 1, 20, 40);
	put(f, month_no(2025, 3), 2, 1, 20, 40);
	check_ok(
		store_inventory(f->w.hub->db, "north", &page, 4, e, &n, &more));
	assert_int_equal(n, 4);
	assert_true(more);
	assert_int_equal(e[0].key.closing, month_no(2025, 3));
	assert_int_equal(e[3].key.version, 3);

	snprintf(page.from_table, sizeof page.from_table, "referrals_90d");
	page.from_closing = month_no(2026, 1);
	snprintf(page.to_table, sizeof page.to_table, "referrals_90d");
	page.to_closing = month_no(2026, 3);
	check_ok(
		store_inventory(f->w.hub->db, "north", &page, 4, e, &n, &more));
	assert_int_equal(n, 3);
	assert_false(more);
}

static void releases_cannot_be_changed(void **state)
{
	struct fix *f = *state;

	put(f, month_no(2026, 1), 1, 1, 20, 40);
	assert_true(db_run(f->w.hub->db, "UPDATE release SET epoch = 9", NULL) <
		    0);
	assert_true(db_run(f->w.hub->db, "DELETE FROM release", NULL) < 0);
	check_says("for ever");
}

static void receipt_again_is_the_same(void **state)
{
	struct fix *f = *state;
	struct receipt rc = {.ledger_seq = 1};

	put(f, month_no(2026, 1), 1, 1, 20, 40);
	snprintf(rc.region, sizeof rc.region, "north");
	rc.key = (struct release_key){"referrals_90d", month_no(2026, 1), 1, 1};
	assert_int_equal(store_receipt(f->w.hub->db, &rc, 5000), STORE_KNOWN);
	assert_int_equal(rc.hub_utc_ms, 5000);
	assert_int_equal(store_receipt(f->w.hub->db, &rc, 6000), STORE_KNOWN);
	assert_int_equal(rc.hub_utc_ms, 5000);
	rc.ledger_seq = 2;
	assert_int_equal(store_receipt(f->w.hub->db, &rc, 7000),
			 STORE_CONFLICT);
	assert_int_equal(rc.hub_utc_ms, 7000);
	rc.key.version = 5;
	assert_int_equal(store_receipt(f->w.hub->db, &rc, 7000), E_NOTFOUND);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(put_knows_what_it_has),
		T(newest_by_epoch_then_version_is_current),
		T(half_is_oldest_first_and_no_other),
		T(closed_and_first_span_what_is_held),
		T(sums_are_of_current_releases),
		T(get_gives_the_bytes_back),
		T(inventory_is_cut_in_order),
		T(releases_cannot_be_changed),
		T(receipt_again_is_the_same),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
